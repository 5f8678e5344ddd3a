//! Answers outlive the outbox.

use super::*;

/// Long enough for everything that needs no time.
const SHORT: Duration = Duration::from_millis(50);

#[actix::test]
async fn an_answer_is_on_disk_before_it_leaves_and_forgotten_when_it_has_arrived() {
    let bench = Bench::new([]);
    bench.journal.hold_disk();
    bench.post(1, "hello");
    tokio::time::sleep(SHORT).await;
    assert_eq!(bench.calls(), []);
    assert_eq!(bench.journal.kept_posts(), [(1, Some(0))]);
    bench.journal.release_disk();
    tokio::time::sleep(SHORT).await;
    assert_eq!(bench.calls(), [sent(0, "hello", Repeat::No)]);
    assert_eq!(bench.journal.kept_posts(), []);
}

#[actix::test]
async fn an_answer_that_had_not_left_is_sent_by_the_next_outbox_without_a_mark() {
    let journal = MemoryJournal::default();
    for (id, text) in [(1, "in flight"), (2, "waits behind it")] {
        journal.keep(PostId(id), &answer(id, text)).unwrap();
    }
    journal.departs(PostId(1), 0).unwrap();
    let bench = Bench::over(&journal, []);
    bench.flush(60).await;
    let texts: Vec<_> = bench.calls().into_iter().map(|(_, line)| line).collect();
    let plain = |text: &str, repeat| sent(0, text, repeat).1;
    assert_eq!(
        texts,
        [
            "sign".to_owned(),
            plain("in flight", Repeat::Possible),
            plain("waits behind it", Repeat::No)
        ]
    );
    assert_eq!(journal.kept_posts(), []);
}

#[actix::test]
async fn an_answer_that_is_given_up_is_kept_no_longer() {
    let refused = PostError::Rejected("never".to_owned());
    let gone = PostError::ChatGone("blocked".to_owned());
    let bench = Bench::new([Fate::Err(refused), Fate::Err(gone)]);
    bench.post(1, "refused");
    bench.post(2, "blocked");
    bench.post(3, "behind it");
    bench.flush(60).await;
    assert_eq!(bench.journal.kept_posts(), []);
}

#[actix::test]
async fn a_notice_is_not_kept() {
    let bench = Bench::new([Fate::Silence]);
    bench.journal.hold_disk();
    let action = PostAction::Send {
        id: PostId(1),
        body: Body::Plain("by the way".to_owned()),
        reply_to: None,
        sound: Sound::Silent,
    };
    let post = Post {
        key: SessionKey::of_chat(ChatId(1)),
        action,
        rank: Rank::Notice,
    };
    bench.outbox.send(post).await.unwrap();
    tokio::time::sleep(SHORT).await;
    assert_eq!(bench.calls().len(), 1, "it does not wait for the disk");
    assert_eq!(bench.journal.kept_posts(), []);
}
