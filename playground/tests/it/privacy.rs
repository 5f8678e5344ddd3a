//! With privacy a bot gets of a group only what is meant for it.

use playground::Privacy;
use serde_json::json;

use crate::bot::start;

const TEAM: i64 = -50;

#[test]
fn privacy_lets_commands_mentions_and_replies_pass() {
    let (playground, bot) = start();
    playground.group(TEAM, "Team", &[7, 8]);
    playground.set_privacy(Privacy::On);
    let sent = bot.ok("sendMessage", json!({ "chat_id": TEAM, "text": "hi" }));
    let own = sent["message_id"].as_i64().unwrap();
    let reaches = |text: &str| playground.say_in(TEAM, 8, text).update_id.is_some();
    assert!(!reaches("plain talk"));
    assert!(reaches("/new"));
    assert!(reaches("/new@Playground_Bot"));
    assert!(!reaches("/new@another_bot"));
    assert!(reaches("look, @playground_bot"));
    assert!(!reaches("look, @another_bot"));
    assert!(playground.reply(TEAM, 8, own, "yes").update_id.is_some());
    let plain = playground.say_in(TEAM, 7, "plain");
    let reply = playground.reply(TEAM, 8, plain.message_id, "yes");
    assert_eq!(reply.update_id, None, "a reply to a person");
    assert!(playground.say(8, "in private").update_id.is_some());
    playground.set_privacy(Privacy::Off);
    assert!(reaches("plain talk"));
}

#[test]
fn a_bare_command_is_for_the_bot_that_spoke_last() {
    let (playground, bot) = start();
    playground.group(TEAM, "Team", &[7]);
    playground.set_privacy(Privacy::On);
    playground.say_as_bot(TEAM, 900, "beep");
    assert_eq!(playground.say_in(TEAM, 7, "/new").update_id, None);
    bot.ok("sendMessage", json!({ "chat_id": TEAM, "text": "hi" }));
    assert!(playground.say_in(TEAM, 7, "/new").update_id.is_some());
}

#[test]
fn privacy_lets_service_messages_pass() {
    let (playground, bot) = start();
    playground.set_privacy(Privacy::On);
    playground.add_bot(TEAM, 7);
    let updates = bot.ok("getUpdates", json!({}));
    assert!(updates[1]["message"]["new_chat_members"].is_array());
    let me = bot.ok("getMe", json!({}));
    assert_eq!(me["username"], "playground_bot");
    assert_eq!(me["can_join_groups"], true);
    assert_eq!(me["can_read_all_group_messages"], false);
}
