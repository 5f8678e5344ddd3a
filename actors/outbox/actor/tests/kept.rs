//! Answers outlive the outbox.

use super::*;
use crate::outbox::Rejection;

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
async fn an_answer_that_is_refused_is_kept_no_longer_and_one_for_a_chat_that_is_gone_is() {
    let refused = PostError::Rejected(Rejection::Telegram("never".to_owned()));
    let gone = PostError::ChatGone("blocked".to_owned());
    let bench = Bench::new([Fate::Err(refused), Fate::Err(gone)]);
    bench.post(1, "refused");
    bench.post(2, "blocked");
    bench.post(3, "behind it");
    bench.flush(60).await;
    let kept = bench.journal.kept_posts().into_iter().map(|(id, _)| id);
    let kept: Vec<_> = kept.take(2).collect();
    assert_eq!(kept, [2, 3]);
    let key = answer(1, "").key;
    bench.outbox.send(Heard(key)).await.unwrap();
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

fn closing(id: u64, message: i64, text: &str) -> Post {
    let action = PostAction::EditMessage {
        id: PostId(id),
        message: MessageId(message),
        body: Body::Plain(text.to_owned()),
    };
    Post {
        action,
        ..answer(id, "")
    }
}

fn edited(message: i64, text: &str) -> String {
    format!("edit {message} {:?}", Body::Plain(text.to_owned()))
}

/// Returns the calls without their times.
fn lines(bench: &Bench) -> Vec<String> {
    bench.calls().into_iter().map(|(_, line)| line).collect()
}

#[actix::test]
async fn an_edit_that_takes_buttons_off_is_kept_until_telegram_took_it() {
    let bench = Bench::new([Fate::Silence]);
    bench.outbox.try_send(closing(1, 50, "decided")).unwrap();
    tokio::time::sleep(SHORT).await;
    assert_eq!(lines(&bench), [edited(50, "decided")]);
    assert_eq!(bench.journal.kept_posts(), [(1, None)]);
    let bench = Bench::after(bench, []);
    bench.flush(60).await;
    assert_eq!(lines(&bench), [edited(50, "decided")], "without a mark");
    assert_eq!(bench.journal.kept_posts(), []);
}

#[actix::test]
async fn a_newer_edit_of_a_message_replaces_the_older_one_in_the_journal_too() {
    let bench = Bench::new([Fate::Silence]);
    bench.post(9, "in its way");
    for (id, text) in [(1, "one"), (2, "two")] {
        bench.outbox.try_send(closing(id, 50, text)).unwrap();
    }
    bench.outbox.send(closing(2, 50, "three")).await.unwrap();
    assert_eq!(bench.journal.kept_posts(), [(2, None), (9, Some(0))]);
    bench.journal.settle(PostId(9)).unwrap();
    // As if the bridge had died before it noted that an older one is replaced.
    let older = closing(1, 50, "one");
    bench.journal.keep(PostId(1), &older).unwrap();
    let bench = Bench::after(bench, []);
    bench.flush(60).await;
    assert_eq!(lines(&bench), [edited(50, "three")]);
    assert_eq!(bench.journal.kept_posts(), []);
}

#[actix::test]
async fn an_edit_that_overtakes_one_under_way_is_kept_when_that_one_is_done() {
    let bench = Bench::new([Fate::Ok, Fate::Silence]);
    bench.journal.hold_disk();
    bench.outbox.send(closing(1, 50, "one")).await.unwrap();
    tokio::time::sleep(SHORT).await;
    bench.outbox.send(closing(1, 50, "two")).await.unwrap();
    tokio::time::sleep(SHORT).await;
    assert_eq!(lines(&bench), [edited(50, "one"), edited(50, "two")]);
    assert_eq!(bench.journal.kept_posts(), [(1, None)]);
}

#[actix::test]
async fn an_edit_of_a_message_that_is_gone_is_kept_no_longer() {
    let gone = PostError::MessageGone("deleted".to_owned());
    let bench = Bench::new([Fate::Err(gone)]);
    bench.outbox.send(closing(1, 50, "decided")).await.unwrap();
    bench.flush(60).await;
    assert_eq!(lines(&bench), [edited(50, "decided")]);
    assert_eq!(bench.journal.kept_posts(), []);
}

#[actix::test]
async fn the_turn_of_a_page_is_not_kept() {
    let bench = Bench::new([Fate::Silence]);
    let page = Post {
        rank: Rank::Notice,
        ..closing(1, 50, "page 2")
    };
    bench.outbox.send(page).await.unwrap();
    assert_eq!(bench.journal.kept_posts(), []);
}

#[actix::test]
async fn a_post_that_is_edited_before_it_leaves_is_kept_as_it_is_then() {
    let bench = Bench::new([Fate::Silence]);
    bench.post(1, "in its way");
    bench.post(2, "asks");
    let action = PostAction::Edit {
        id: PostId(2),
        body: Body::Plain("decided".to_owned()),
    };
    let edit = Post {
        action,
        rank: Rank::Notice,
        ..answer(2, "")
    };
    bench.outbox.send(edit).await.unwrap();
    bench.journal.settle(PostId(1)).unwrap();
    let bench = Bench::after(bench, []);
    bench.flush(60).await;
    assert_eq!(bench.calls(), [sent(0, "decided", Repeat::No)]);
}

/// Returns a message that asks and means nothing after a restart.
fn asks(id: u64) -> Post {
    let button = Button {
        label: "Allow".to_owned(),
        data: "a".to_owned(),
    };
    let body = Body::Live {
        text: "may it run?".to_owned(),
        code: None,
        rows: vec![vec![button]],
    };
    answer_of(id, body)
}

fn edit(id: u64, text: &str, rank: Rank) -> Post {
    let body = Body::Plain(text.to_owned());
    let id = PostId(id);
    Post {
        action: PostAction::Edit { id, body },
        rank,
        ..answer(0, "")
    }
}

#[actix::test]
async fn what_takes_the_buttons_off_a_post_of_this_run_is_kept_as_an_edit_of_its_message() {
    let bench = Bench::new([Fate::Ok, Fate::Silence]);
    bench.outbox.send(asks(1)).await.unwrap();
    tokio::time::sleep(SHORT).await;
    assert_eq!(bench.journal.kept_posts(), []);
    let decided = edit(1, "allowed", Rank::Answer);
    bench.outbox.send(decided).await.unwrap();
    assert_eq!(bench.journal.kept_posts(), [(1, None)]);
    let bench = Bench::after(bench, []);
    bench.flush(60).await;
    assert_eq!(lines(&bench), [edited(7, "allowed")]);
    assert_eq!(bench.journal.kept_posts(), []);
}

async fn check_decided_under_way(asks: Post) {
    let bench = Bench::new([Fate::Ok, Fate::Silence]);
    bench.outbox.try_send(asks).unwrap();
    // It is on its way when the decision comes.
    tokio::task::yield_now().await;
    let decided = edit(1, "decided", Rank::Answer);
    bench.outbox.send(decided).await.unwrap();
    tokio::time::sleep(SHORT).await;
    assert_eq!(lines(&bench).last(), Some(&edited(7, "decided")));
    assert_eq!(bench.journal.kept_posts(), [(1, None)]);
    let bench = Bench::after(bench, []);
    bench.flush(60).await;
    assert_eq!(lines(&bench), [edited(7, "decided")]);
    assert_eq!(bench.journal.kept_posts(), []);
}

#[actix::test]
async fn what_takes_the_buttons_off_a_request_under_way_is_kept_when_its_message_is_known() {
    check_decided_under_way(asks(1)).await;
}

#[actix::test]
async fn what_takes_the_buttons_off_a_kept_post_under_way_is_kept_in_its_place() {
    let rows = vec![vec![Button {
        label: "Let in".to_owned(),
        data: "in".to_owned(),
    }]];
    let text = "asks".to_owned();
    check_decided_under_way(answer_of(1, Body::Choice { text, rows })).await;
}

#[actix::test]
async fn what_only_shows_how_far_a_turn_has_come_is_not_kept() {
    let bench = Bench::new([Fate::Ok, Fate::Silence]);
    bench.outbox.send(asks(1)).await.unwrap();
    tokio::time::sleep(SHORT).await;
    let news = edit(1, "half done", Rank::Notice);
    bench.outbox.send(news).await.unwrap();
    assert_eq!(bench.journal.kept_posts(), []);
    // A choice that was marked is still open.
    let mut marked = asks(1);
    if let PostAction::Send { id, body, .. } = marked.action {
        marked.action = PostAction::Edit { id, body };
    }
    bench.outbox.send(marked).await.unwrap();
    assert_eq!(bench.journal.kept_posts(), []);
}

/// Thrice what a queue holds.
const FLOOD: u64 = 768;

#[actix::test]
async fn what_must_arrive_is_not_lost_in_a_flood_and_keeps_its_order() {
    let bench = Bench::new([]);
    for id in 0..FLOOD {
        bench
            .outbox
            .send(answer(id, &id.to_string()))
            .await
            .unwrap();
    }
    bench.post(FLOOD, "what the prompt came to");
    bench.flush(10 * FLOOD).await;
    let expected = (0..FLOOD).map(|id| id.to_string());
    let expected = expected.chain(["what the prompt came to".to_owned()]);
    let expected: Vec<_> = expected.map(|text| sent(0, &text, Repeat::No).1).collect();
    assert_eq!(lines(&bench), expected);
    assert_eq!(bench.journal.kept_posts(), []);
}

#[actix::test]
async fn thousands_of_kept_posts_of_one_chat_are_all_sent_after_a_restart() {
    let journal = MemoryJournal::default();
    for id in 0..3000 {
        let post = answer(id, &id.to_string());
        journal.keep(PostId(id), &post).unwrap();
    }
    let bench = Bench::over(&journal, []);
    bench.flush(10_000).await;
    assert_eq!(bench.calls().len(), 3000);
    assert!(lines(&bench)[2999].contains("2999"));
    assert_eq!(journal.kept_posts(), []);
}

#[actix::test]
async fn what_waits_in_the_journal_leaves_though_all_before_it_went_in_one_go() {
    let gone = PostError::ChatGone("TOPIC_CLOSED".to_owned());
    let bench = Bench::new([Fate::Err(gone)]);
    bench.journal.hold_disk();
    let chat = SessionKey::of_chat(ChatId(1));
    let closed = SessionKey {
        topic: Some(TopicId(5)),
        ..chat
    };
    for id in 0..FLOOD {
        let key = if id < 300 { closed } else { chat };
        let post = Post {
            key,
            ..answer(id, &id.to_string())
        };
        bench.outbox.send(post).await.unwrap();
    }
    bench.journal.release_disk();
    bench.flush(10 * FLOOD).await;
    // The first took along what was in memory.
    let n_closed = 1 + (300 - 256);
    assert_eq!(lines(&bench).len() as u64, n_closed + FLOOD - 300);
    assert!(lines(&bench).last().unwrap().contains("767"));
}
