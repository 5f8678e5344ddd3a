//! Promise: of an answer that Telegram takes only in pieces nothing comes twice without a mark.

use playground::{Fault, Matcher, Trouble};

use crate::support::bridge::{OWNER, World};

/// Lets Telegram refuse the next answer as too long, and the second of the messages that it goes out
/// in for another reason; returns what the chat shows of it in the end.
fn answer_with_trouble_in_its_second_half(trouble: Trouble) -> Vec<String> {
    let world = World::new();
    let _bridge = world.start();
    world.say_and_see("rehearse: say warm", "warm");
    let sends = || Matcher::method("sendMessage").in_chat(OWNER);
    for (when, what) in [
        (
            sends(),
            Trouble::BadRequest("Bad Request: message is too long".to_owned()),
        ),
        (sends().skip(1), trouble),
    ] {
        world.playground.push_fault(Fault { when, what });
    }
    let n_before = world.bot_texts(OWNER).len();
    let long = "word ".repeat(100);
    let prompt = format!("rehearse: say begin {long} the end");
    world.say_and_see(&prompt, "the end");
    world.bot_texts(OWNER).split_off(n_before)
}

#[test]
fn an_answer_that_went_out_in_part_goes_on_where_it_stopped() {
    for trouble in [
        Trouble::TooManyRequests { retry_after: 1 },
        Trouble::ServerError(500),
    ] {
        let found = answer_with_trouble_in_its_second_half(trouble.clone());
        let begun: Vec<_> = found.iter().filter(|it| it.contains("begin")).collect();
        assert_eq!(begun.len(), 1, "{trouble:?}: {found:?}");
        assert!(
            found.iter().all(|text| !text.contains('↻')),
            "{trouble:?}: {found:?}"
        );
    }
}

#[test]
fn an_answer_that_went_out_in_part_and_begins_anew_is_marked() {
    let refused = Trouble::BadRequest("Bad Request: no".to_owned());
    let found = answer_with_trouble_in_its_second_half(refused);
    let begun: Vec<_> = found.iter().filter(|it| it.contains("begin")).collect();
    assert_eq!(begun.len(), 2, "{found:?}");
    assert!(begun[1].starts_with('↻'), "{found:?}");
}
