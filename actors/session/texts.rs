//! Pure: every sentence a session says.
//!
//! One plain text for the person, true to what is known: what may have run is never called
//! undone.

mod card;
mod choose;
mod draft;
mod failures;
mod interrupted;
mod long_answer;
mod questions;
mod requests;
mod tasks;
mod waiting;

use std::path::Path;
use std::time::Duration;

use crate::ids::ConversationId;
use crate::session::turn::StopReason;

pub(super) use card::{
    TurnMark, card, card_closed, card_of_earlier_run, closing, detail, stopped_waiting, stopping,
};
pub(super) use choose::{
    choose, chosen, mode, no_values, trust_is_for_admins, trusted, values_unknown,
};
pub(super) use draft::{draft, drafts, drafts_are_private};
pub(super) use failures::{
    api_error, api_is_retried, background_died, background_is_silent, died_at_start, died_in_turn,
    not_started, start_timed_out, turn_failed,
};
pub(super) use interrupted::{
    broken_instruction, decided, decided_offer, empty_resume, failed_too_often, go_on, interrupted,
    not_yours, offer_is_over, offer_lapsed, runs_again, with_offer,
};
pub(super) use long_answer::answer;
pub(super) use requests::{
    Decider, answer_taken, are_rules_readable, asks, decided_request, denial, denial_for_crowd,
    denial_for_silence, expired_request, only_asker_answers, request_of_earlier_run, whole_request,
    withdrawn_request,
};

pub(super) use questions::choice_label;
pub(super) use tasks::{newer_tasks, no_tasks, task_is_over, task_stopping, tasks, tasks_left};
pub(super) use waiting::{
    begun, edit_of_the_past, not_now, queued, removed, replaced, replaced_too_late, runs_not,
    sent_now, waits_no_longer,
};

/// How much of a tool's call is named when it was interrupted.
const DOING_SHOWN: usize = 300;

/// What was running when the person wanted it to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WasRunning {
    /// Nothing.
    No,
    /// Work that goes on without a prompt.
    Background,
    /// A prompt.
    Turn,
}

pub(super) fn dropped(count: usize) -> String {
    match count {
        1 => "The waiting message was dropped; it will not run.".to_owned(),
        n => format!("The {n} waiting messages were dropped; they will not run."),
    }
}

pub(super) fn waits_for_slot(ahead: usize) -> String {
    match ahead {
        0 => "⏳ All agents are busy. You are next.".to_owned(),
        1 => "⏳ All agents are busy. One chat comes first.".to_owned(),
        n => format!("⏳ All agents are busy. {n} chats come first."),
    }
}

pub(super) fn wait_is_over() -> String {
    "▶ An agent is free; working on it.".to_owned()
}

pub(super) fn new_conversation(was_running: WasRunning, dropped_prompts: usize) -> String {
    let mut text = match was_running {
        WasRunning::No => "New conversation: your next message starts it.".to_owned(),
        WasRunning::Turn => {
            "Stopped what was running; it may have partly run. Your next message starts a new \
             conversation."
                .to_owned()
        }
        WasRunning::Background => {
            "Ended the background work. Your next message starts a new conversation.".to_owned()
        }
    };
    append_dropped(&mut text, dropped_prompts);
    text
}

pub(super) fn stopped_nothing(was_running: WasRunning, dropped_prompts: usize) -> String {
    let mut text = match (was_running, dropped_prompts) {
        (WasRunning::Background | WasRunning::Turn, _) => "⏹ Ended the background work.".to_owned(),
        (WasRunning::No, 0) => "Nothing is running.".to_owned(),
        (WasRunning::No, _) => "⏹ Nothing had started yet.".to_owned(),
    };
    append_dropped(&mut text, dropped_prompts);
    text
}

fn append_dropped(text: &mut String, count: usize) {
    if count > 0 {
        text.push(' ');
        text.push_str(&dropped(count));
    }
}

pub(super) fn stopped(reason: Option<StopReason>, silence_limit: Duration) -> String {
    match reason {
        Some(StopReason::Person) => {
            "⏹ Stopped. What it had started may have partly run.".to_owned()
        }
        Some(StopReason::Silence) => format!(
            "⏹ Stopped: there was no sign of life for {}. What it had started may have partly run.",
            in_words(silence_limit)
        ),
        Some(StopReason::Revoked) => {
            "⏹ Stopped: whoever asked for this may no longer use this bot. What it had started may \
             have partly run."
                .to_owned()
        }
        None => "⏹ Claude was interrupted. What it had started may have partly run.".to_owned(),
    }
}

pub(super) fn stopped_by_force(reason: StopReason, silence_limit: Duration) -> String {
    let why = match reason {
        StopReason::Person => String::new(),
        StopReason::Revoked => " Whoever asked for this may no longer use this bot.".to_owned(),
        StopReason::Silence => {
            format!(
                " There had been no sign of life for {}.",
                in_words(silence_limit)
            )
        }
    };
    format!(
        "⏹ Stopped: Claude was ended with everything it ran.{why} What it had started may have \
         partly run. The conversation goes on with your next message."
    )
}

pub(super) fn stopped_unread() -> String {
    "⏹ Stopped; it had not begun.".to_owned()
}

pub(super) fn working_for(time: Duration) -> String {
    format!("working for {}", in_words(time))
}

/// What `/status` shows.
pub(super) struct Status<'a> {
    pub(super) doing: &'a str,
    pub(super) queued: usize,
    pub(super) conversation: Option<&'a ConversationId>,
    pub(super) folder: &'a Path,
    pub(super) version: Option<&'a str>,
}

pub(super) fn status(status: &Status<'_>) -> String {
    let conversation = match status.conversation {
        Some(id) => id.to_string(),
        None => "none yet; your next message starts one".to_owned(),
    };
    let mut text = format!(
        "State: {}\nWaiting messages: {}\nConversation: {conversation}\nFolder: {}",
        status.doing,
        status.queued,
        status.folder.display()
    );
    if let Some(version) = status.version {
        text.push_str(&format!("\nClaude Code: {version}"));
    }
    text
}

pub(super) fn runs_when_back(count: usize) -> String {
    match count {
        1 => "⏸ The bridge is stopping. This message has not run; it runs when the bridge is back."
            .to_owned(),
        n => format!(
            "⏸ The bridge is stopping. {n} messages have not run; they run when the bridge is back."
        ),
    }
}

pub(super) fn interrupted_by_shutdown() -> String {
    "⏹ The bridge was stopped while this was running.".to_owned()
}

pub(super) fn revoked(was_running: WasRunning, dropped_prompts: usize) -> Option<String> {
    let mut text = match (was_running, dropped_prompts) {
        (WasRunning::No, 0) => return None,
        (WasRunning::No, _) => "⏹ You may no longer use this bot.".to_owned(),
        (WasRunning::Turn | WasRunning::Background, _) => {
            "⏹ You may no longer use this bot, so what was running was stopped. It may have partly \
             run."
                .to_owned()
        }
    };
    append_dropped(&mut text, dropped_prompts);
    Some(text)
}

pub(super) fn dropped_of_revoked(count: usize) -> String {
    match count {
        1 => {
            "A waiting message was dropped: whoever wrote it may no longer use this bot.".to_owned()
        }
        n => format!(
            "{n} waiting messages were dropped: whoever wrote them may no longer use this bot."
        ),
    }
}

pub(super) fn ended_with_its_person() -> String {
    "⏹ What went on in the background was ended: whoever wanted it may no longer use this bot. It \
     may have partly run."
        .to_owned()
}

pub(super) fn ended_for_another() -> String {
    "⏹ Claude was ended while this was running: somebody who may no longer use this bot had given \
     it something to do next."
        .to_owned()
}

pub(super) fn rebuilt() -> String {
    "⚠ A fault inside the bridge restarted this chat's session. The conversation goes on."
        .to_owned()
}

pub(super) fn conversation_lost() -> String {
    "Claude does not have this chat's earlier conversation any more, so this runs in a new one."
        .to_owned()
}

/// Says what a tool does, in one line.
pub(super) fn doing(tool: &str, target: &str) -> String {
    match target.trim() {
        "" => tool.to_owned(),
        target => format!("{tool}: {}", shortened(target, DOING_SHOWN)),
    }
}

fn shortened(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => {
            let left = text.chars().count() - limit;
            format!("{}… ({left} more characters)", &text[..end])
        }
    }
}

pub(super) fn empty_answer() -> String {
    "Done; Claude gave no answer in words.".to_owned()
}

pub(super) fn taken_before() -> String {
    "Claude had this message before an interruption, so it was not run again.".to_owned()
}

pub(super) fn answered_above() -> String {
    "↑ Answered together with the background work above.".to_owned()
}

/// Says a duration as people do: "45 s", "10 min", "1 h 5 min".
fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, 0) => format!("{m} min"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, 0, _) => format!("{h} h"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}
