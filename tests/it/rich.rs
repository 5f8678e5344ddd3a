//! Promise: with /rich on an answer is a rich message, and an ordinary one where Telegram refuses it.

use playground::{Fault, Matcher, Trouble};

use crate::support::bridge::{OWNER, World};

fn is_rich(world: &World, text: &str) -> bool {
    world.playground.look(|view| {
        let mut posts = view.bot_posts(OWNER);
        let post = posts.find(|post| post.text.contains(text));
        post.is_some_and(|post| post.fields.contains_key("rich_message"))
    })
}

#[test]
fn answers_are_rich_where_the_chat_wants_them_and_ordinary_where_telegram_refuses() {
    let world = World::new();
    let bridge = world.start();
    world.say_and_see("rehearse: say **plain**", "plain");
    assert!(!is_rich(&world, "plain"));
    world.say_and_see("/rich on", "● /rich on");
    world.say_and_see("rehearse: say **first**", "first");
    assert!(is_rich(&world, "first"));
    for (n, trouble) in [
        Trouble::BadRequest("Bad Request: RICH_MESSAGE_INVALID".to_owned()),
        Trouble::BadRequest("Not Found: method not found".to_owned()),
    ]
    .into_iter()
    .enumerate()
    {
        let when = Matcher::method("sendRichMessage").times(1);
        world.playground.push_fault(Fault {
            when,
            what: trouble,
        });
        world.say_and_see(
            &format!("rehearse: say **refused{n}**"),
            &format!("refused{n}"),
        );
        assert!(!is_rich(&world, &format!("refused{n}")));
    }
    // The wish outlives the bridge, and an answer whose fate is unknown is marked.
    bridge.kill();
    let _bridge = world.start();
    let when = Matcher::method("sendRichMessage").times(1);
    let what = Trouble::DropAfterWork;
    world.playground.push_fault(Fault { when, what });
    world.say_and_see("rehearse: say # Again", "↻");
    assert!(is_rich(&world, "↻"));
    world.assert_no_violations();
}

#[test]
fn a_kill_between_the_refusal_and_the_ordinary_message_leaves_one_answer() {
    // Refused before the kill alone, or afterwards too.
    for refusals in [1, 2] {
        let mut world = World::new();
        let bridge = world.start();
        world.say_and_see("/rich on", "● /rich on");
        bridge.stop();
        let when = Matcher::method("sendRichMessage").times(refusals);
        let what = Trouble::BadRequest("Bad Request: RICH_MESSAGE_INVALID".to_owned());
        world.playground.push_fault(Fault { when, what });
        world.env("FAILPOINTS", "outbox.landed=1*return");
        let mut bridge = world.start();
        let said = world.playground.say(OWNER, "rehearse: say **kept**");
        bridge.wait();
        world.unset_env("FAILPOINTS");
        let bridge = world.start();
        let answer = world.see_after(OWNER, said.message_id, "kept");
        assert!(answer.text.contains('↻'), "{}", answer.text);
        bridge.stop();
        let texts = world.bot_texts(OWNER);
        let answers = texts.iter().filter(|text| text.contains("kept"));
        assert_eq!(answers.count(), 1, "{texts:?}");
        assert_eq!(is_rich(&world, "kept"), refusals == 1);
        assert_eq!(world.ledger().len(), 1);
        world.assert_no_violations();
    }
}
