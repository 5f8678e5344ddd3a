//! Which messages the bot has sent: it costs no record of its own.

use super::*;
use crate::store::journal::change::Mark;
use crate::store::journal::state::State;
use bridge_actors::ids::Trace;

const CHAT: ChatId = ChatId(1);

fn is_known(store: &Store, message: i64) -> bool {
    store.has_trace(&Trace::of_sent(CHAT, MessageId(message)))
}

fn send(store: &Store, messages: std::ops::Range<i64>) {
    for message in messages {
        store.note_sent(CHAT, MessageId(message)).unwrap();
    }
}

#[test]
fn it_is_known_at_once_and_written_with_the_next_post_that_is_over() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(&dir);
    store
        .keep(PostId(9), &post(9, Body::Plain("x".to_owned())))
        .unwrap();
    let before = store.door().seq();
    send(&store, 0..3);
    assert!(is_known(&store, 2));
    assert_eq!(store.door().seq(), before);
    store.settle(PostId(9)).unwrap();
    assert_eq!(store.door().seq(), before + 1);
    store.settle(PostId(9)).unwrap();
    assert_eq!(store.door().seq(), before + 1, "nothing is written twice");
    drop(store);
    let store = open(&dir);
    assert!((0..3).all(|message| is_known(&store, message)));
    assert!(!is_known(&store, 3));
}

#[test]
fn a_crash_forgets_the_latest_and_an_orderly_end_none() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(&dir);
    send(&store, 0..100);
    drop(store);
    let store = open(&dir);
    assert!((0..64).all(|message| is_known(&store, message)));
    assert!(!is_known(&store, 64));
    send(&store, 64..100);
    store.flush().unwrap();
    drop(store);
    let store = open(&dir);
    assert!((0..100).all(|message| is_known(&store, message)));
}

#[test]
fn many_messages_push_out_only_older_ones() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = open(&dir);
    let window = i64::try_from(WINDOW).unwrap();
    store.accept(key(1), &said("a", "x")).unwrap();
    send(&store, 0..window + 1);
    assert!(!is_known(&store, 0));
    assert!(is_known(&store, 1));
    let again = store.accept(key(1), &said("a", "x")).unwrap();
    assert_eq!(
        again,
        Acceptance::Known,
        "what came is in a window of its own"
    );
}

#[test]
fn what_cannot_be_written_takes_up_no_more_room_than_what_is_remembered() {
    let mut state = State::default();
    for message in 0..20_000 {
        let trace = Trace::of_sent(CHAT, MessageId(message));
        state.note_sent(Mark::of_trace(&trace));
        assert!(state.unwritten().len() <= WINDOW);
    }
}
