//! Tests of the children.

use super::*;
use crate::ids::ChatId;

const KEY: SessionKey = SessionKey {
    chat: ChatId(7),
    topic: None,
};

fn at(second: u64) -> Time {
    Time(Duration::from_secs(second))
}

#[test]
fn a_parked_chat_is_served_again_after_the_parking_time() {
    let mut children = Children::default();
    children.insert(KEY, "address");
    assert_eq!(children.lookup(KEY, at(0)), Lookup::Running(&"address"));
    children.park(KEY, at(0));
    assert_eq!(children.running().count(), 0);
    assert_eq!(
        children.lookup(KEY, at(1)),
        Lookup::Parked {
            left: PARKING_TIME - Duration::from_secs(1)
        }
    );
    assert_eq!(children.lookup(KEY, Time(PARKING_TIME)), Lookup::Absent);
}

#[test]
fn a_session_that_ended_leaves_no_trace() {
    let mut children = Children::default();
    children.insert(KEY, "address");
    children.remove(KEY);
    assert_eq!(children.lookup(KEY, at(0)), Lookup::Absent);
}
