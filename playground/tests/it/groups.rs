//! The bot comes into groups, is removed, leaves, and groups become supergroups.

use expect_test::expect;
use serde_json::{Value, json};

use crate::bot::{Bot, start};

const TEAM: i64 = -50;
const SUPER: i64 = -1_001_000_000_050;

fn updates(bot: &Bot) -> Vec<Value> {
    let updates = bot.ok("getUpdates", json!({}));
    let last = updates.as_array().unwrap().last();
    if let Some(last) = last.and_then(|last| last["update_id"].as_i64()) {
        bot.ok("getUpdates", json!({ "offset": last + 1, "timeout": 0 }));
    }
    updates.as_array().unwrap().clone()
}

/// One line per update: what happened, who did it, and the statuses.
fn summary(bot: &Bot) -> String {
    let line = |update: &Value| {
        if let Some(change) = update.get("my_chat_member") {
            let status = |field: &str| change[field]["status"].as_str().unwrap().to_owned();
            let (old, new) = (status("old_chat_member"), status("new_chat_member"));
            assert_eq!(change["new_chat_member"]["user"]["is_bot"], true);
            assert!(change["date"].is_i64());
            let (chat, from) = (&change["chat"], &change["from"]);
            let from = from["first_name"].as_str().unwrap();
            return format!(
                "{}: {old} -> {new} by {from}",
                chat["type"].as_str().unwrap()
            );
        }
        let message = &update["message"];
        let mut fields = message.as_object().unwrap().clone();
        for common in ["message_id", "date", "chat", "from"] {
            fields.remove(common);
        }
        let names: Vec<&str> = fields.keys().map(String::as_str).collect();
        format!(
            "message by {}: {}",
            message["from"]["first_name"].as_str().unwrap(),
            names.join(" ")
        )
    };
    updates(bot).iter().map(line).collect::<Vec<_>>().join("\n")
}

fn try_to_write(bot: &Bot, chat_id: i64) -> String {
    bot.refused("sendMessage", json!({ "chat_id": chat_id, "text": "hi" }))
}

#[test]
fn the_bot_hears_of_a_group_from_the_moment_it_is_added() {
    let (playground, bot) = start();
    playground.create_group(TEAM, "Team", &[7, 8]);
    assert_eq!(playground.say_in(TEAM, 8, "before").update_id, None);
    assert_eq!(try_to_write(&bot, TEAM), "400 Bad Request: chat not found");
    assert!(playground.add_bot(TEAM, 8).is_some());
    assert_eq!(playground.add_bot(TEAM, 8), None, "it is in already");
    bot.ok("sendMessage", json!({ "chat_id": TEAM, "text": "hi" }));
    playground.say_in(TEAM, 8, "after");
    expect![[r#"
        group: left -> member by Guest
        message by Guest: new_chat_members
        message by Guest: text"#]]
    .assert_eq(&summary(&bot));
}

#[test]
fn a_removed_bot_is_told_and_then_kept_out() {
    let (playground, bot) = start();
    for (chat_id, kind) in [(TEAM, "group"), (SUPER, "supergroup")] {
        playground.add_bot(chat_id, 7);
        updates(&bot);
        playground.remove_bot(chat_id, 8);
        assert_eq!(playground.say_in(chat_id, 8, "secret").update_id, None);
        let told = format!("{kind}: member -> left by Guest\nmessage by Guest: left_chat_member");
        assert_eq!(summary(&bot), told);
        let refused = format!("403 Forbidden: bot was kicked from the {kind} chat");
        assert_eq!(try_to_write(&bot, chat_id), refused);
        playground.add_bot(chat_id, 7);
        bot.ok("sendMessage", json!({ "chat_id": chat_id, "text": "back" }));
    }
}

#[test]
fn a_bot_that_leaves_is_told_that_it_left() {
    let (playground, bot) = start();
    playground.group(SUPER, "Team", &[7]);
    bot.ok("leaveChat", json!({ "chat_id": SUPER }));
    assert_eq!(summary(&bot), "supergroup: member -> left by Playground");
    let refused = "403 Forbidden: bot is not a member of the supergroup chat";
    assert_eq!(try_to_write(&bot, SUPER), refused);
    assert_eq!(
        bot.refused("leaveChat", json!({ "chat_id": SUPER })),
        refused
    );
}

#[test]
fn a_filter_without_my_chat_member_keeps_the_change_out() {
    let (playground, bot) = start();
    bot.ok("getUpdates", json!({ "allowed_updates": ["message"] }));
    assert_eq!(playground.add_bot(TEAM, 7), None);
    assert_eq!(summary(&bot), "message by Owner: new_chat_members");
}

#[test]
fn a_group_that_became_a_supergroup_names_it_in_every_refusal() {
    let (playground, bot) = start();
    playground.group(TEAM, "Team", &[8]);
    let (in_old, in_new) = playground.migrate(TEAM, SUPER);
    let told = updates(&bot);
    assert_eq!(told[0]["update_id"], json!(in_old.update_id));
    assert_eq!(told[0]["message"]["migrate_to_chat_id"], SUPER);
    assert_eq!(told[0]["message"]["from"]["id"], 8);
    assert_eq!(told[1]["message"]["message_id"], in_new.message_id);
    assert_eq!(told[1]["message"]["migrate_from_chat_id"], TEAM);
    assert_eq!(told[1]["message"]["sender_chat"]["id"], SUPER);
    assert_eq!(told[1]["message"]["chat"]["title"], "Team");
    let (status, answer) = bot.call("sendMessage", json!({ "chat_id": TEAM, "text": "hi" }));
    let description = "Bad Request: group chat was upgraded to a supergroup chat";
    let expected = json!({
        "ok": false,
        "error_code": 400,
        "description": description,
        "parameters": { "migrate_to_chat_id": SUPER },
    });
    assert_eq!((status, answer), (400, expected));
    bot.ok("sendMessage", json!({ "chat_id": SUPER, "text": "hi" }));
}

#[test]
fn commands_are_kept_by_scope() {
    let (playground, bot) = start();
    playground.group(TEAM, "Team", &[7]);
    let scopes = [
        json!({ "type": "default" }),
        json!({ "type": "all_private_chats" }),
        json!({ "type": "all_group_chats" }),
        json!({ "type": "chat", "chat_id": TEAM }),
    ];
    let see = |chat_id| {
        let commands = playground.commands_for(chat_id);
        commands
            .first()
            .map_or(String::new(), |(name, _)| name.clone())
    };
    let seen = || [see(None), see(Some(7)), see(Some(SUPER)), see(Some(TEAM))].join(" ");
    let mut log = Vec::new();
    for (scope, name) in scopes
        .iter()
        .zip(["everywhere", "private", "groups", "here"])
    {
        let commands = json!([{ "command": name, "description": "d" }]);
        bot.ok(
            "setMyCommands",
            json!({ "commands": commands, "scope": scope }),
        );
        log.push(seen());
    }
    for scope in scopes.iter().rev() {
        bot.ok("deleteMyCommands", json!({ "scope": scope }));
        assert_eq!(
            bot.ok("getMyCommands", json!({ "scope": scope })),
            json!([])
        );
        log.push(seen());
    }
    expect![[r#"
        everywhere everywhere everywhere everywhere
        everywhere private everywhere everywhere
        everywhere private groups groups
        everywhere private groups here
        everywhere private groups groups
        everywhere private everywhere everywhere
        everywhere everywhere everywhere everywhere
           "#]]
    .assert_eq(&log.join("\n"));
    let scope = json!({ "type": "chat", "chat_id": -777 });
    let refused = bot.refused("setMyCommands", json!({ "commands": [], "scope": scope }));
    assert_eq!(refused, "400 Bad Request: chat not found");
}
