//! In a group the bot works only where an administrator allowed it, and for whom it knows.

use serde_json::json;

use super::{ANNA, BEN, world_of};
use crate::support::bridge::{Bridge, OWNER, World};

const GROUP: i64 = -500;

/// Returns a bridge that Anna has added to a group; nobody has allowed that yet.
fn added() -> (World, Bridge) {
    let world = world_of(&[ANNA]);
    world
        .playground
        .create_group(GROUP, "Team", &[OWNER, ANNA, BEN]);
    let bridge = world.start();
    world.ask(OWNER, "rehearse: say ready", "ready");
    world.playground.add_bot(GROUP, ANNA);
    world.see(GROUP, "/allow_group");
    (world, bridge)
}

fn mention(world: &World, text: &str) -> String {
    format!("@{} {text}", world.playground.bot_username())
}

#[test]
fn nothing_runs_before_an_administrator_allows_the_group() {
    let (world, _bridge) = added();
    let said = world
        .playground
        .say_in(GROUP, ANNA, &mention(&world, "rehearse: say early"));
    world.playground.say_in(GROUP, BEN, "/allow_group");
    let refused = world.playground.say_in(GROUP, ANNA, "/allow_group");
    world.see_after(GROUP, refused.message_id, "Only administrators");
    let allowed = world.playground.say_in(GROUP, OWNER, "/allow_group");
    world.see_after(GROUP, allowed.message_id, "I work in this group now");
    assert_eq!(world.ledger().len(), 1);
    let said_now = world
        .playground
        .say_in(GROUP, ANNA, &mention(&world, "rehearse: say in time"));
    world.see_after(GROUP, said_now.message_id, "in time");
    let texts = world.bot_texts(GROUP);
    assert!(
        !texts.iter().any(|text| text.contains("early")),
        "{texts:?}"
    );
    assert!(said.message_id < said_now.message_id);
    world.assert_no_violations();
}

#[test]
fn mentions_replies_and_commands_are_heard_and_everything_else_is_not() {
    let (world, _bridge) = added();
    let allowed = world.playground.say_in(GROUP, OWNER, "/allow_group");
    world.see_after(GROUP, allowed.message_id, "I work in this group now");
    world
        .playground
        .say_in(GROUP, ANNA, "rehearse: say overheard");
    world.playground.say_in(GROUP, ANNA, "/weather");
    world
        .playground
        .say_in(GROUP, ANNA, "@other_bot rehearse: say not ours");
    let said = world
        .playground
        .say_in(GROUP, ANNA, &mention(&world, "rehearse: say mentioned"));
    let post = world.see_after(GROUP, said.message_id, "mentioned");
    world
        .playground
        .reply(GROUP, ANNA, post.message_id, "rehearse: say replied");
    world.see_after(GROUP, post.message_id, "replied");
    let ledger = world.ledger().join("\n");
    assert!(
        ledger.contains("In reply to your message:\\n> mentioned"),
        "{ledger}"
    );
    // What somebody else wrote comes with their name.
    let theirs = world.playground.say_in(GROUP, OWNER, "look at a.rs");
    let words = mention(&world, "rehearse: say about that");
    (world.playground).reply(GROUP, ANNA, theirs.message_id, &words);
    world.see_after(GROUP, theirs.message_id, "about that");
    let ledger = world.ledger().join("\n");
    let expected = "In reply to a message of Olga:\\n> look at a.rs\\n\\n";
    assert!(ledger.contains(expected), "{ledger}");
    let status = world.playground.say_in(GROUP, ANNA, "/status");
    world.see_after(GROUP, status.message_id, "State:");
    // The group has a session and a folder of its own.
    let folder = world.path("project").join(GROUP.to_string());
    let said = world
        .playground
        .say_in(GROUP, ANNA, &mention(&world, "rehearse: bash pwd"));
    world.see_after(GROUP, said.message_id, &folder.display().to_string());
    // Each sender is checked: Ben is a member of the group and not a user of the bot.
    let strange = world
        .playground
        .say_in(GROUP, BEN, &mention(&world, "rehearse: say strange"));
    world.see_after(GROUP, strange.message_id, "private");
    let texts = world.bot_texts(GROUP);
    for unheard in ["overheard", "not ours", "strange"] {
        assert!(
            !texts.iter().any(|text| text.contains(unheard)),
            "{texts:?}"
        );
    }
    world.assert_no_violations();
}

#[test]
fn a_group_that_becomes_a_supergroup_keeps_its_session_and_rights() {
    let (world, _bridge) = added();
    let allowed = world.playground.say_in(GROUP, OWNER, "/allow_group");
    world.see_after(GROUP, allowed.message_id, "I work in this group now");
    let said = world
        .playground
        .say_in(GROUP, ANNA, &mention(&world, "rehearse: say small"));
    world.see_after(GROUP, said.message_id, "small");
    let new_id = -1_001_000_000_500;
    world.playground.migrate(GROUP, new_id);
    let text = mention(&world, "rehearse: bash echo large; pwd");
    let said = world.playground.say_in(new_id, ANNA, &text);
    let folder = world.path("project").join(GROUP.to_string());
    let post = world.see_after(new_id, said.message_id, "large");
    assert!(
        post.text.contains(&folder.display().to_string()),
        "{}",
        post.text
    );
    let conversations = world.conversations();
    assert_eq!(conversations[1], conversations[2], "{conversations:?}");
}

#[test]
fn a_group_without_the_bot_is_forgotten_and_has_to_be_allowed_again() {
    let (world, _bridge) = added();
    let allowed = world.playground.say_in(GROUP, OWNER, "/allow_group");
    world.see_after(GROUP, allowed.message_id, "I work in this group now");
    world.playground.remove_bot(GROUP, OWNER);
    world.ask(OWNER, "rehearse: say gone", "gone");
    world.playground.add_bot(GROUP, ANNA);
    world.wait("the question comes again", |view| {
        let posts = view.bot_posts(GROUP);
        (posts
            .filter(|post| post.text.contains("/allow_group"))
            .count()
            == 2)
            .then_some(())
    });
}

#[test]
fn management_is_not_shown_to_a_group_and_a_reply_stands_for_the_number() {
    let (world, _bridge) = added();
    let allowed = world.playground.say_in(GROUP, OWNER, "/allow_group");
    world.see_after(GROUP, allowed.message_id, "I work in this group now");
    let users = world.playground.say_in(GROUP, OWNER, "/users");
    world.see_after(GROUP, users.message_id, "only in our private chat");
    let bens = world.playground.say_in(GROUP, BEN, "let me play, too");
    let added = world
        .playground
        .reply(GROUP, OWNER, bens.message_id, "/add_user");
    world.see_after(GROUP, added.message_id, "Ben (3003) can use this bot");
    let said = world
        .playground
        .say_in(GROUP, BEN, &mention(&world, "rehearse: say welcome"));
    world.see_after(GROUP, said.message_id, "welcome");
}

#[test]
fn a_message_that_is_edited_so_that_it_mentions_the_bot_is_a_prompt_once() {
    let (world, bridge) = added();
    let allowed = world.playground.say_in(GROUP, OWNER, "/allow_group");
    world.see_after(GROUP, allowed.message_id, "I work in this group now");
    let said = world
        .playground
        .say_in(GROUP, ANNA, "rehearse: say overheard");
    let words = mention(&world, "rehearse: say edited");
    world.playground.edit(said, &words);
    let answer = world.see_after(GROUP, said.message_id, "edited");
    assert_eq!(answer.reply_to, Some(said.message_id));
    bridge.stop();
    let _bridge = world.start();
    (world.playground).edit(said, &mention(&world, "rehearse: say twice"));
    world.see_after(
        GROUP,
        answer.message_id,
        "what became of the earlier version",
    );
    assert_eq!(world.ledger().len(), 2);
    world.assert_no_violations();
}

#[test]
fn an_administrator_who_writes_in_the_name_of_the_group_is_told_once_why_nothing_happens() {
    let (world, _bridge) = added();
    let allowed = world.playground.say_in(GROUP, OWNER, "/allow_group");
    world.see_after(GROUP, allowed.message_id, "I work in this group now");
    let group = json!({ "id": GROUP, "type": "supergroup", "title": "Team" });
    for _ in 0..2 {
        let message = (world.playground).say_in(GROUP, BEN, "as the group");
        world.playground.inject(json!({ "message": {
            "message_id": message.message_id, "date": 1_790_000_000,
            "chat": group, "sender_chat": group, "text": "/status",
            "entities": [{ "type": "bot_command", "offset": 0, "length": 7 }],
            "from": { "id": 1_087_968_824, "is_bot": true, "first_name": "Group" },
        } }));
    }
    world.see_after(GROUP, allowed.message_id, "in the name of the group");
    let last = world.playground.say_in(GROUP, ANNA, "/status");
    world.see_after(GROUP, last.message_id, "State:");
    let texts = world.bot_texts(GROUP);
    let is_told = |text: &&String| text.contains("in the name of the group");
    assert_eq!(texts.iter().filter(is_told).count(), 1, "{texts:?}");
    world.assert_no_violations();
}
