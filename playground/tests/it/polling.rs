//! `getUpdates`: waking, confirming, the filter and the 409.

use std::time::Instant;

use serde_json::{Value, json};

use crate::bot::{LIMIT, start};

fn ids(updates: &Value) -> Vec<i64> {
    updates
        .as_array()
        .unwrap()
        .iter()
        .map(|u| u["update_id"].as_i64().unwrap())
        .collect()
}

#[test]
fn a_waiting_poll_wakes_with_the_new_update() {
    let (playground, bot) = start();
    let began = Instant::now();
    let poll = bot.call_aside("getUpdates", json!({ "timeout": 50 }));
    playground
        .wait_until(LIMIT, |view| view.calls_of("getUpdates").next().map(|_| ()))
        .unwrap();
    let said = playground.say(7, "/start now");
    let (_, answer) = poll.join().unwrap();
    assert!(began.elapsed() < LIMIT);
    assert_eq!(ids(&answer["result"]), [said.update_id.unwrap()]);
    let message = &answer["result"][0]["message"];
    assert_eq!(
        message["entities"][0],
        json!({"type": "bot_command", "offset": 0, "length": 6})
    );
    assert!(playground.handed_out_at(said.update_id.unwrap()).unwrap() >= said.at);
}

#[test]
fn updates_come_again_until_an_offset_confirms_them() {
    let (playground, bot) = start();
    let first = playground.say(7, "one").update_id.unwrap();
    let second = playground.say(7, "two").update_id.unwrap();
    assert_eq!(ids(&bot.ok("getUpdates", json!({}))), [first, second]);
    assert_eq!(ids(&bot.ok("GetUpdates", json!({ "limit": 1 }))), [first]);
    assert_eq!(
        ids(&bot.ok("getUpdates", json!({ "offset": second }))),
        [second]
    );
    assert_eq!(
        ids(&bot.ok("getUpdates", json!({ "offset": second + 500 }))),
        [second]
    );
    assert_eq!(
        ids(&bot.ok("getUpdates", json!({ "offset": second + 1 }))),
        [0; 0]
    );
    assert_eq!(playground.look(|view| view.unconfirmed_updates()), 0);
}

#[test]
fn a_second_poll_ends_the_first_with_409() {
    let (playground, bot) = start();
    let first = bot.call_aside("getUpdates", json!({ "timeout": 50 }));
    playground
        .wait_until(LIMIT, |view| view.calls_of("getUpdates").next().map(|_| ()))
        .unwrap();
    bot.ok("getUpdates", json!({}));
    let (status, answer) = first.join().unwrap();
    assert_eq!(status, 409);
    assert_eq!(
        answer["description"],
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance \
         is running"
    );
}

#[test]
fn allowed_updates_are_remembered() {
    let (playground, bot) = start();
    bot.ok(
        "getUpdates",
        json!({ "allowed_updates": ["callback_query"] }),
    );
    bot.ok("getUpdates", json!({}));
    assert_eq!(playground.say(7, "unheard").update_id, None);
    bot.ok("getUpdates", json!({ "allowed_updates": [] }));
    assert!(playground.say(7, "heard").update_id.is_some());
}

#[test]
fn a_wrong_token_is_refused() {
    let (playground, bot) = start();
    let status = |token: &str| {
        let url = format!("{}/bot{token}/getMe", playground.api_url());
        bot.send(bot.client().get(url)).unwrap().0
    };
    assert_eq!(status("1:wrong"), 401);
    assert_eq!(status("nonsense"), 404);
    assert_eq!(status(playground.token()), 200);
}
