//! Tests of the slots.

use std::collections::HashSet;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::ids::ChatId;

fn key(chat: i64) -> SessionKey {
    SessionKey::of_chat(ChatId(chat))
}

/// The first value of a chat's session.
fn asker(chat: i64) -> Asker {
    Asker {
        key: key(chat),
        incarnation: Incarnation(0),
    }
}

fn at(second: u64) -> Time {
    Time(Duration::from_secs(second))
}

#[test]
fn a_chat_beyond_the_limit_waits_and_the_longest_idle_agent_makes_room() {
    let mut slots = Slots::new(2);
    assert_eq!(
        slots.on_change(asker(1), SlotChange::Wanted, at(0)),
        [SlotOrder::Grant(asker(1))]
    );
    assert_eq!(
        slots.on_change(asker(2), SlotChange::Wanted, at(1)),
        [SlotOrder::Grant(asker(2))]
    );
    slots.on_change(asker(2), SlotChange::Idle, at(2));
    slots.on_change(asker(1), SlotChange::Idle, at(3));
    assert_eq!(
        slots.on_change(asker(3), SlotChange::Wanted, at(4)),
        [
            SlotOrder::Delay(asker(3), 0),
            SlotOrder::AskToYield(asker(2))
        ]
    );
    assert_eq!(
        slots.on_change(asker(2), SlotChange::Released, at(5)),
        [SlotOrder::Grant(asker(3))]
    );
}

#[test]
fn without_an_idle_agent_the_one_that_worked_longest_is_asked() {
    let mut slots = Slots::new(1);
    slots.on_change(asker(1), SlotChange::Wanted, at(0));
    assert_eq!(
        slots.on_change(asker(2), SlotChange::Wanted, at(1)),
        [
            SlotOrder::Delay(asker(2), 0),
            SlotOrder::AskToYield(asker(1))
        ]
    );
    assert_eq!(
        slots.on_change(asker(3), SlotChange::Wanted, at(2)),
        [SlotOrder::Delay(asker(3), 1)]
    );
    assert_eq!(
        slots.on_change(asker(1), SlotChange::Released, at(3)),
        [
            SlotOrder::Grant(asker(2)),
            SlotOrder::Delay(asker(3), 0),
            SlotOrder::AskToYield(asker(2)),
        ]
    );
}

#[test]
fn who_withdraws_leaves_the_line() {
    let mut slots = Slots::new(1);
    slots.on_change(asker(1), SlotChange::Wanted, at(0));
    slots.on_change(asker(2), SlotChange::Wanted, at(1));
    slots.on_change(asker(3), SlotChange::Wanted, at(2));
    assert_eq!(
        slots.on_change(asker(2), SlotChange::Withdrawn, at(3)),
        [SlotOrder::Delay(asker(3), 0)]
    );
    assert_eq!(
        slots.on_change(asker(1), SlotChange::Released, at(4)),
        [SlotOrder::Grant(asker(3))]
    );
}

/// Two holders; the one that was asked to make room goes on working.
fn slots_with_a_long_turn() -> Slots {
    let mut slots = Slots::new(2);
    for chat in [1, 2] {
        slots.on_change(asker(chat), SlotChange::Wanted, at(0));
        slots.on_change(asker(chat), SlotChange::Busy, at(0));
    }
    assert_eq!(
        slots.on_change(asker(3), SlotChange::Wanted, at(1)),
        [
            SlotOrder::Delay(asker(3), 0),
            SlotOrder::AskToYield(asker(1))
        ]
    );
    slots
}

#[test]
fn nobody_waits_for_a_long_turn_while_another_holder_goes_idle() {
    let mut slots = slots_with_a_long_turn();
    assert_eq!(
        slots.on_change(asker(2), SlotChange::Idle, at(2)),
        [SlotOrder::AskToYield(asker(2))]
    );
    assert_eq!(slots.on_change(asker(2), SlotChange::Idle, at(3)), []);
    assert_eq!(
        slots.on_change(asker(2), SlotChange::Released, at(4)),
        [SlotOrder::Grant(asker(3))]
    );
}

#[test]
fn nobody_waits_for_a_long_turn_while_another_holder_goes_from_turn_to_turn() {
    let mut slots = slots_with_a_long_turn();
    assert_eq!(
        slots.on_change(asker(2), SlotChange::Busy, at(2)),
        [SlotOrder::AskToYield(asker(2))]
    );
    assert_eq!(slots.on_change(asker(2), SlotChange::Busy, at(3)), []);
}

#[test]
fn a_first_turn_is_no_reason_to_make_room_when_somebody_was_asked() {
    let mut slots = slots_with_a_long_turn();
    slots.on_change(asker(2), SlotChange::Released, at(2));
    slots.on_change(asker(4), SlotChange::Wanted, at(3));
    assert_eq!(slots.on_change(asker(3), SlotChange::Busy, at(4)), []);
}

proptest! {
    /// Sessions that obey the rules of `SlotChange`, in any interleaving: never more agents than
    /// allowed, grants in the order of asking, and nobody waits while a slot is free.
    #[test]
    fn slots_are_bounded_fair_and_never_wasted(
        max_live in 1usize..4,
        moves in proptest::collection::vec((0i64..6, 0u8..3), 1..200),
    ) {
        let mut slots = Slots::new(max_live);
        let mut live: HashSet<SessionKey> = HashSet::new();
        let mut line: VecDeque<SessionKey> = VecDeque::new();
        let mut going: HashSet<SessionKey> = HashSet::new();
        let mut idle: HashSet<SessionKey> = HashSet::new();
        for (second, (chat, choice)) in moves.into_iter().enumerate() {
            let key = key(chat);
            let change = match (live.contains(&key), line.contains(&key), choice) {
                (true, _, 0) => SlotChange::Released,
                (true, _, 1) => SlotChange::Idle,
                (true, _, _) => SlotChange::Busy,
                (false, true, _) => SlotChange::Withdrawn,
                (false, false, _) => SlotChange::Wanted,
            };
            match change {
                SlotChange::Released => {
                    live.remove(&key);
                    idle.remove(&key);
                }
                SlotChange::Withdrawn => line.retain(|&waiting| waiting != key),
                SlotChange::Wanted => line.push_back(key),
                SlotChange::Idle => { idle.insert(key); }
                SlotChange::Busy => { idle.remove(&key); }
            }
            for order in slots.on_change(asker(chat), change, at(second as u64)) {
                match order {
                    SlotOrder::Grant(Asker { key: granted, .. }) => {
                        prop_assert_eq!(line.pop_front(), Some(granted));
                        live.insert(granted);
                        going.remove(&granted);
                        idle.remove(&granted);
                    }
                    SlotOrder::Delay(Asker { key: delayed, .. }, ahead) => {
                        prop_assert_eq!(line.get(ahead), Some(&delayed));
                    }
                    SlotOrder::AskToYield(Asker { key: asked, .. }) => {
                        prop_assert!(live.contains(&asked));
                        going.insert(asked);
                    }
                }
            }
            let n_going = idle.intersection(&going).count();
            prop_assert!(n_going >= line.len().min(idle.len()), "an idle agent is in the way");
            prop_assert!(live.len() <= max_live);
            prop_assert!(line.is_empty() || live.len() == max_live);
        }
    }
}

#[test]
fn a_grant_names_the_value_of_the_session_that_asked() {
    let mut slots = Slots::new(1);
    let second = Asker {
        incarnation: Incarnation(1),
        ..asker(1)
    };
    slots.on_change(asker(1), SlotChange::Wanted, at(0));
    slots.on_change(second, SlotChange::Released, at(1));
    assert_eq!(
        slots.on_change(second, SlotChange::Wanted, at(2)),
        [SlotOrder::Grant(second)]
    );
}

#[test]
fn a_session_that_is_given_up_keeps_its_slot_until_its_agent_is_gone() {
    let mut slots = Slots::new(1);
    slots.on_change(asker(1), SlotChange::Wanted, at(0));
    slots.on_change(asker(2), SlotChange::Wanted, at(1));
    assert_eq!(slots.give_up(key(1)), [SlotOrder::Delay(asker(2), 0)]);
    assert_eq!(slots.release(key(1), at(2)), [SlotOrder::Grant(asker(2))]);
}

#[test]
fn of_thousands_who_wait_only_the_first_ten_hear_of_each_move() {
    let mut slots = Slots::new(1);
    slots.on_change(asker(0), SlotChange::Wanted, Time::ZERO);
    for chat in 1..=1000 {
        slots.on_change(asker(chat), SlotChange::Wanted, Time::ZERO);
    }
    let orders = slots.on_change(asker(0), SlotChange::Released, Time::ZERO);
    let told = orders
        .iter()
        .filter(|order| matches!(order, SlotOrder::Delay(..)));
    assert_eq!(told.count(), 10);
}
