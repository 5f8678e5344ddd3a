//! What the pace promises.

use std::time::Duration;

use super::*;

/// Takes as often as allowed for `span` and returns the moments in milliseconds.
fn departures(pace: Pace, span: Duration) -> Vec<u128> {
    let mut bucket = Bucket::full(pace);
    let start = Time::ZERO + Duration::from_secs(1000);
    let mut now = start;
    let mut moments = Vec::new();
    loop {
        now = now.max(bucket.ready_at());
        if now.since(start) > span {
            return moments;
        }
        bucket.take(now);
        moments.push(now.since(start).as_millis());
    }
}

#[test]
fn a_private_chat_gets_five_at_once_and_then_one_a_second() {
    assert_eq!(
        departures(PRIVATE_PACE, Duration::from_secs(3)),
        [0, 0, 0, 0, 0, 1000, 2000, 3000]
    );
}

#[test]
fn no_minute_of_a_group_has_more_than_twenty_messages() {
    let moments = departures(GROUP_PACE, Duration::from_secs(600));
    for (index, start) in moments.iter().enumerate() {
        let in_minute = moments[index..]
            .iter()
            .take_while(|moment| **moment < start + 60_000);
        assert!(in_minute.count() <= 20);
    }
}

#[test]
fn an_unused_bucket_holds_no_more_than_its_burst() {
    let mut bucket = Bucket::full(PRIVATE_PACE);
    let late = Time::ZERO + Duration::from_secs(10_000);
    for _ in 0..5 {
        assert!(bucket.ready_at() <= late);
        bucket.take(late);
    }
    assert_eq!(bucket.ready_at(), late + Duration::from_secs(1));
}

#[test]
fn another_pace_gives_no_call_that_was_not_earned() {
    let slower = Pace {
        interval: Duration::from_secs(3),
        ..PRIVATE_PACE
    };
    let mut bucket = Bucket::full(PRIVATE_PACE);
    let now = Time::ZERO + Duration::from_secs(1000);
    for _ in 0..5 {
        bucket.take(now);
    }
    bucket.set_pace(slower, now);
    assert_eq!(bucket.ready_at(), now + Duration::from_secs(3));
    bucket.set_pace(PRIVATE_PACE, now);
    assert_eq!(bucket.ready_at(), now + Duration::from_secs(1));
    let late = now + Duration::from_secs(100);
    bucket.set_pace(slower, late);
    assert!(bucket.is_full(late) && bucket.ready_at() <= late);
}
