//! Many chats at once: all run, none delays another, slots are shared fairly.

use std::collections::HashSet;
use std::time::Duration;

use super::people::{Bridge, Manner, ready};
use super::support::book;
use crate::clock::{self, Time};
use crate::ids::ChatId;
use crate::outbox::{Body, Perform};
use crate::ports::AgentInput;

const N_CHATS: i64 = 200;
const SECOND: Duration = Duration::from_secs(1);

impl Bridge {
    /// Returns the answers that were sent: when, to which chat, and the text.
    fn answers(&self) -> Vec<(Time, i64, String)> {
        let ledger = self.book.open();
        let answer = |(at, call): &(Time, Perform)| match call {
            Perform::Send {
                key,
                body: Body::Markdown(text),
                ..
            } => Some((*at, key.chat.0, text.clone())),
            Perform::Send { .. }
            | Perform::Edit { .. }
            | Perform::Sign(_)
            | Perform::Leave { .. } => None,
        };
        ledger.calls.iter().filter_map(answer).collect()
    }

    fn n_prompts_written(&self) -> usize {
        let ledger = self.book.open();
        let is_prompt = |input: &AgentInput| matches!(input, AgentInput::Prompt { .. });
        (ledger.inputs.iter())
            .filter(|(_, input)| is_prompt(input))
            .count()
    }

    /// Has the agent of a chat answer the prompt that runs.
    fn answer_in(&self, chat: i64) {
        let ledger = self.book.open();
        let agent = ledger.alive(ChatId(chat))[0];
        ledger.answer(agent, &format!("answer for {chat}"));
    }
}

#[actix::test]
async fn two_hundred_turns_run_at_the_same_time_and_each_answer_reaches_its_own_chat() {
    tokio::time::pause();
    let bridge = Bridge::start(200, book(""), Manner::Puppet);
    for chat in 1..=N_CHATS {
        bridge
            .prompt(chat, chat, &format!("prompt of {chat}"))
            .await;
    }
    bridge.pass(SECOND).await;
    assert_eq!(bridge.n_prompts_written(), 200);
    let started_at = clock::now();
    let hanging = 77;
    for chat in (1..=N_CHATS).rev().filter(|chat| *chat != hanging) {
        let agent = bridge.book.open().alive(ChatId(chat))[0];
        bridge.book.open().say(agent, ready());
        bridge.answer_in(chat);
    }
    bridge.pass(SECOND).await;
    let mut answered = HashSet::new();
    for (at, chat, text) in bridge.answers() {
        assert_eq!(text, format!("answer for {chat}"));
        assert!(at.since(started_at) < SECOND, "chat {chat} had to wait");
        assert!(answered.insert(chat), "chat {chat} was answered twice");
    }
    assert_eq!(answered.len(), 199);
    assert!(!answered.contains(&hanging));
    // The one that hung comes to an end as well.
    bridge.answer_in(hanging);
    bridge.pass(SECOND).await;
    assert_eq!(bridge.answers().last().unwrap().1, hanging);
}

#[actix::test]
async fn with_eight_slots_two_hundred_chats_all_get_their_turn_in_the_order_they_asked() {
    tokio::time::pause();
    let bridge = Bridge::start(8, book(""), Manner::Answer(SECOND));
    let started_at = clock::now();
    for chat in 1..=N_CHATS {
        bridge
            .prompt(chat, chat, &format!("prompt of {chat}"))
            .await;
    }
    bridge.pass(60 * SECOND).await;
    let answers = bridge.answers();
    assert_eq!(answers.len(), 200);
    let mut answered = HashSet::new();
    for (at, chat, text) in answers {
        assert_eq!(text, format!("answer to prompt of {chat}"));
        assert!(answered.insert(chat), "chat {chat} was answered twice");
        let turns_before = u32::try_from((chat - 1) / 8).unwrap();
        let waited = at.since(started_at);
        assert!(
            waited < (turns_before + 1) * SECOND + SECOND / 2,
            "{chat}: {waited:?}"
        );
    }
}

#[actix::test]
async fn a_chat_with_many_prompts_gets_its_second_turn_after_everybodys_first() {
    tokio::time::pause();
    let bridge = Bridge::start(8, book(""), Manner::Answer(SECOND));
    for n in 0..10 {
        bridge.prompt(1, 1, &format!("prompt {n} of 1")).await;
    }
    for chat in 2..=N_CHATS {
        bridge
            .prompt(chat, chat, &format!("prompt of {chat}"))
            .await;
    }
    bridge.pass(60 * SECOND).await;
    let answers = bridge.answers();
    assert_eq!(answers.len(), 209);
    let first: HashSet<i64> = answers.iter().take(200).map(|(_, chat, _)| *chat).collect();
    assert_eq!(first.len(), 200, "somebody came twice before all came once");
    let of_one = answers.iter().filter(|(_, chat, _)| *chat == 1);
    let in_order = (0..10).map(|n| format!("answer to prompt {n} of 1"));
    assert!(of_one.map(|(_, _, text)| text.clone()).eq(in_order));
}

#[actix::test]
async fn a_hanging_agent_keeps_one_slot_and_the_others_share_the_rest() {
    tokio::time::pause();
    let bridge = Bridge::start(8, book(""), Manner::Puppet);
    bridge.prompt(1, 1, "hang").await;
    bridge.pass(SECOND).await;
    bridge.book.open().manner = Manner::Answer(SECOND);
    let started_at = clock::now();
    for chat in 2..=N_CHATS {
        bridge.prompt(chat, chat, "hello").await;
    }
    bridge.pass(40 * SECOND).await;
    let answers = bridge.answers();
    assert_eq!(answers.len(), 199);
    let last = answers.last().unwrap().0.since(started_at);
    // 199 turns of a second in seven slots.
    assert!(last < 30 * SECOND, "{last:?}");
}
