//! Tests of the moves.

use super::*;

fn key(chat: i64) -> SessionKey {
    SessionKey::of_chat(ChatId(chat))
}

#[test]
fn a_group_that_moves_twice_is_found_by_each_of_its_ids() {
    let mut moves = Moves::default();
    moves.note(key(-1), key(-100));
    moves.note(key(-100), key(-200));
    for old in [-1, -100, -200] {
        assert_eq!(moves.current(key(old)), key(-200));
    }
}

#[test]
fn the_session_under_the_new_id_goes_on_and_only_where_there_is_none_the_old_one() {
    let presences = [(false, false), (false, true), (true, false), (true, true)];
    for (is_running, has_record) in presences {
        let there = Presence {
            is_running,
            has_record,
        };
        let runs = Presence {
            is_running: true,
            has_record: true,
        };
        let sleeps = Presence {
            is_running: false,
            has_record: true,
        };
        let is_there = is_running || has_record;
        let (running, sleeping) = match is_there {
            true => (Outcome::Ends, Outcome::IsReplaced),
            false => (Outcome::Follows, Outcome::IsMoved),
        };
        assert_eq!(outcome(runs, there), running);
        assert_eq!(outcome(sleeps, there), sleeping);
    }
}

#[test]
fn a_successor_that_has_moved_itself_is_found_where_it_is() {
    let mut moves = Moves::default();
    moves.note_successor(key(-1), key(-100));
    assert!(moves.is_known(key(-1), key(-100)));
    moves.note(key(-100), key(-200));
    assert_eq!(moves.take_successor(key(-1)), Some(key(-200)));
    assert_eq!(moves.current(key(-1)), key(-200));
    assert_eq!(moves.take_successor(key(-1)), None);
}
