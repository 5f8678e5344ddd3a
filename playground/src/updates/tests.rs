//! The queue confirms, filters and hands out as Telegram's does.

use serde_json::json;

use super::UpdateQueue;

fn queue(n_updates: i64) -> UpdateQueue {
    let mut queue = UpdateQueue::new(500);
    for number in 0..n_updates {
        assert_eq!(
            queue.push("message", json!({ "n": number })),
            Some(500 + number)
        );
    }
    queue
}

fn ids(queue: &UpdateQueue) -> Vec<i64> {
    queue
        .batch(100)
        .into_iter()
        .map(|(update_id, _)| update_id)
        .collect()
}

#[test]
fn an_offset_forgets_what_is_below_it() {
    let mut queue = queue(4);
    queue.confirm(502);
    assert_eq!(ids(&queue), [502, 503]);
    queue.confirm(0);
    assert_eq!(ids(&queue), [502, 503]);
    queue.confirm(504);
    assert_eq!(queue.len(), 0);
}

#[test]
fn a_negative_offset_keeps_that_many_from_the_end() {
    let mut queue = queue(4);
    queue.confirm(-1);
    assert_eq!(ids(&queue), [503]);
    queue.confirm(i64::MIN);
    assert_eq!(ids(&queue), [503]);
}

#[test]
fn an_offset_far_in_the_future_confirms_nothing() {
    let mut queue = queue(2);
    queue.confirm(502 + 11);
    assert_eq!(ids(&queue), [500, 501]);
    queue.confirm(502 + 10);
    assert_eq!(queue.len(), 0);
}

#[test]
fn ids_that_go_backwards_are_served_and_confirmed_by_value() {
    let mut queue = queue(1);
    queue.confirm(501);
    queue.jump_to(20);
    assert_eq!(queue.push("message", json!({})), Some(20));
    queue.confirm(501);
    assert_eq!(
        ids(&queue),
        [20],
        "a client that keeps its maximum never confirms"
    );
    queue.confirm(21);
    assert_eq!(queue.len(), 0);
}

#[test]
fn the_filter_is_remembered_and_injection_passes_it() {
    let mut queue = queue(0);
    assert_eq!(
        queue.push("message_reaction", json!({})),
        None,
        "not sent by default"
    );
    queue.remember_filter(vec!["callback_query".to_owned()]);
    assert_eq!(queue.push("message", json!({})), None);
    assert_eq!(queue.push("callback_query", json!({})), Some(500));
    assert_eq!(queue.inject(json!({ "strange": 1 })), 501);
    assert_eq!(queue.inject(json!({ "update_id": 500, "message": 1 })), 500);
    assert_eq!(ids(&queue), [500, 501, 500]);
}
