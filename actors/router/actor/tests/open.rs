//! Prompts on their way through the journal.

use super::*;
use crate::ports::{HostUptime, Open, OpenPrompt, Stage};

pub(super) fn open(chat: i64, id: &str, stage: Stage) -> (SessionKey, Open) {
    let prompt = Prompt::new(PromptId(id.into()), UserId(chat), MessageId(1), id.into());
    let open = Open::Prompt(OpenPrompt {
        prompt,
        stage,
        host: HostUptime::Unbroken,
        replays: 0,
    });
    (SessionKey::of_chat(ChatId(chat)), open)
}

#[actix::test]
async fn a_prompt_is_written_down_before_it_is_delivered_and_delivered_once() {
    let journal = MemoryJournal::default();
    let (router, log) = start_with([], Supervisor::Works, &journal);
    router.send(RouteBatch(vec![text(1, "a")])).await.unwrap();
    assert_eq!(journal.open(), ["1: a accepted"]);
    router.send(RouteBatch(vec![text(1, "a")])).await.unwrap();
    assert_eq!(
        *log.lock().unwrap(),
        ["ask about 1", "prompt a", "ask about 1"]
    );
}

#[actix::test]
async fn what_leaves_no_record_is_delivered_without_one() {
    let journal = MemoryJournal::default();
    let (router, log) = start_with([], Supervisor::Works, &journal);
    router.send(RouteBatch(vec![text(4, "a")])).await.unwrap();
    assert_eq!(*log.lock().unwrap(), ["ask about 1", "prompt a"]);
    assert_eq!(journal.open(), [""; 0]);
}

#[actix::test]
async fn open_prompts_go_on_only_for_those_who_may_still_come_in() {
    let interrupted = Stage::Interrupted {
        nonce: "n".into(),
        doing: None,
    };
    let journal = MemoryJournal::default();
    for (key, open) in [
        open(1, "a", Stage::Accepted),
        open(2, "waits for a press", interrupted.clone()),
        open(3, "barred", Stage::Accepted),
        open(3, "barred and interrupted", interrupted),
    ] {
        journal.leave_open(key, open);
    }
    let (router, log) = start_with([], Supervisor::Works, &journal);
    router.send(ResumeOpen).await.unwrap().unwrap();
    tokio::task::yield_now().await;
    let session = SessionKey::of_chat(ChatId(1));
    assert_eq!(
        *log.lock().unwrap(),
        [
            format!(
                "{:?}",
                ResumeSession {
                    key: session,
                    from: TakeOver::EarlierRun,
                }
            ),
            "post 0 to 3: ⏹ The bridge restart".to_owned()
        ]
    );
    let left = ["1: a accepted", "2: waits for a press interrupted"];
    assert_eq!(journal.open(), left);
    assert_eq!(journal.kept_posts(), [(0, None)]);
}

#[actix::test]
async fn nothing_goes_on_while_nobody_says_who_may() {
    let journal = MemoryJournal::default();
    let (key, open) = open(13, "a", Stage::Accepted);
    journal.leave_open(key, open);
    let (router, log) = start_with([], Supervisor::Works, &journal);
    let refused = router.send(ResumeOpen).await.unwrap().unwrap_err();
    assert_eq!(refused.to_string(), "cannot use the store: disk on fire");
    assert_eq!(*log.lock().unwrap(), [""; 0]);
    assert_eq!(journal.open(), ["13: a accepted"]);
}
