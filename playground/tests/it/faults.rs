//! Trouble on request.

use std::time::Duration;

use playground::{Fault, Matcher, Trouble};
use serde_json::json;

use crate::bot::{Bot, start};

fn send(bot: &Bot, chat_id: i64) -> reqwest::Result<(u16, Vec<u8>)> {
    bot.try_call(
        "sendMessage",
        json!({ "chat_id": chat_id, "text": "hello" }),
    )
}

#[test]
fn a_429_names_the_seconds_and_hits_only_its_chat() {
    let (playground, bot) = start();
    let when = Matcher::method("SendMessage").in_chat(7).skip(1).times(1);
    playground.push_fault(Fault {
        when,
        what: Trouble::TooManyRequests { retry_after: 3 },
    });
    assert_eq!(send(&bot, 8).unwrap().0, 200);
    assert_eq!(send(&bot, 7).unwrap().0, 200, "the first one is skipped");
    let (status, answer) = crate::bot::parse(send(&bot, 7).unwrap());
    assert_eq!(
        (status, &answer["parameters"]["retry_after"]),
        (429, &json!(3))
    );
    assert_eq!(send(&bot, 7).unwrap().0, 200);
    assert_eq!(playground.chat(7).len(), 2);
}

#[test]
fn a_dropped_connection_gives_no_answer_and_the_work_is_done_or_not() {
    for (what, n_posts) in [(Trouble::DropBefore, 0), (Trouble::DropAfterWork, 1)] {
        let (playground, bot) = start();
        playground.push_fault(Fault {
            when: Matcher::method("sendMessage"),
            what,
        });
        let error = send(&bot, 7).unwrap_err();
        assert!(!error.is_timeout() && error.status().is_none(), "{error:?}");
        assert_eq!(playground.chat(7).len(), n_posts);
        let calls = playground.calls();
        assert_eq!(calls[0].answer.as_ref().unwrap().status, 0);
        assert_eq!(send(&bot, 7).unwrap().0, 200, "the next connection works");
    }
}

#[test]
fn broken_answers_look_broken() {
    let (playground, bot) = start();
    let troubles = [
        (Trouble::Html502, 502),
        (Trouble::InvalidJson, 200),
        (Trouble::ServerError(500), 500),
        (
            Trouble::Forbidden("Forbidden: bot was blocked by the user".to_owned()),
            403,
        ),
        (
            Trouble::BadRequest("Bad Request: MESSAGE_TOO_LONG".to_owned()),
            400,
        ),
        (Trouble::Conflict, 409),
    ];
    for (what, expected) in troubles {
        playground.push_fault(Fault {
            when: Matcher::any(),
            what: what.clone(),
        });
        let (status, body) = send(&bot, 7).unwrap();
        let is_json = serde_json::from_slice::<serde_json::Value>(&body).is_ok();
        assert_eq!(status, expected);
        assert_eq!(
            is_json,
            !matches!(what, Trouble::Html502 | Trouble::InvalidJson),
            "{what:?}"
        );
    }
    assert_eq!(
        playground.chat(7).len(),
        1,
        "only the one with broken JSON did its work"
    );
}

#[test]
fn a_hanging_call_is_served_late_and_clearing_forgets_faults() {
    let (playground, bot) = start();
    let wait = Duration::from_millis(30);
    playground.push_fault(Fault {
        when: Matcher::any(),
        what: Trouble::Hang(wait),
    });
    assert_eq!(send(&bot, 7).unwrap().0, 200);
    let call = playground.calls().remove(0);
    assert!(call.answer.unwrap().at - call.arrived_at >= wait);
    playground.push_fault(Fault {
        when: Matcher::any().always(),
        what: Trouble::Html502,
    });
    assert_eq!(send(&bot, 7).unwrap().0, 502);
    assert_eq!(send(&bot, 7).unwrap().0, 502);
    playground.clear_faults();
    assert_eq!(send(&bot, 7).unwrap().0, 200);
}
