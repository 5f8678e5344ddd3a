//! Pure: which message of the catalogue a session says, and what is put into it.
//!
//! True to what is known: what may have run is never called undone.

mod archive;
mod card;
mod choose;
mod conversation;
mod draft;
mod failures;
mod files;
mod findings;
mod forms;
mod home;
mod inbox;
mod interrupted;
mod login;
mod long_answer;
mod questions;
mod requests;
mod spending;
mod tasks;
mod undo;
mod voice;
mod wide_tables;

use std::path::Path;
use std::time::Duration;

use bridge_texts::Say;

use crate::chat_settings::{Rich, Wall};
use crate::clock::UnixSeconds;
use crate::home_use::HomeUse;
use crate::ids::ConversationId;
use crate::rating::Ratings;
use crate::session::turn::StopReason;

pub(super) use archive::{
    archive, archive_is_slow, archive_line, delete_question, goes_on_with, held, past_conversation,
};
pub(super) use card::{
    Summary, TurnMark, card, card_closed, card_of_earlier_run, cut_short, detail,
};
pub(super) use choose::{choose, chosen, mode, trusted};
pub(super) use conversation::{compacted, done_without_words, instead_of_terminal};
pub(super) use draft::{draft, drafts, end_of_all};
pub(super) use failures::{
    api_error, background_died, background_is_silent, died_at_start, died_in_turn, not_started,
    passed_over, start_timed_out, timers_missed, turn_failed, turn_fault,
};
pub(super) use files::{not_fetched, runs_without};
pub(super) use findings::{found, not_found_out, servers_down, usage_lines};
pub(super) use forms::{form_choice, form_default, form_step_over, too_many_forms};
pub(super) use home::{home_full, home_nearly_full, not_started_in_full_home};
use home::{home_full_to_ask, home_status};
pub(super) use inbox::{clear_question, cleared, inbox, inbox_file, inbox_is_slow, not_sent_again};
pub(super) use interrupted::{
    End, decided, decided_offer, goes_on, halted, interrupted, runs_again, with_offer,
};
pub(super) use login::login_ends;
use login::login_status;
pub(super) use long_answer::{Fold, answer, fold};
pub(super) use requests::{
    Decider, answer_taken, are_rules_readable, asked_to_run, asks, decided_request,
    expired_request, waits_for_person, whole_request, withdrawn_request,
};

pub(super) use questions::choice_label;
pub use spending::used_up_of;
pub(super) use spending::{ToldOf, budget_nearly, budget_used_up, spending};
pub(super) use tasks::{lines, task, task_output, tasks, tasks_left, timer, timers};
pub(super) use undo::{
    put_back, put_back_offer, rewind_list, rewind_question, turn_changed, undo_question,
};
pub(super) use voice::{
    corrected, decided_transcript, heard, is_of_a_recording, is_this_right, not_heard,
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

/// What a new conversation begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BeginsWith {
    /// What came with the command.
    Command,
    /// The next message.
    NextMessage,
}

pub(super) fn new_conversation(
    say: Say,
    begins_with: BeginsWith,
    was_running: WasRunning,
    n_dropped: usize,
) -> String {
    let text = match was_running {
        WasRunning::No => say.new_conversation(),
        WasRunning::Turn => say.new_conversation_stopped(),
        WasRunning::Background => say.new_conversation_background(),
    };
    let text = match begins_with {
        BeginsWith::Command => text,
        BeginsWith::NextMessage => format!("{text} {}", say.new_conversation_next()),
    };
    with_dropped(say, text, n_dropped)
}

pub(super) fn stopped_nothing(say: Say, was_running: WasRunning, n_dropped: usize) -> String {
    let text = match (was_running, n_dropped) {
        (WasRunning::Background | WasRunning::Turn, _) => say.stop_background(),
        (WasRunning::No, 0) => say.stop_nothing(),
        (WasRunning::No, _) => say.stop_nothing_started(),
    };
    with_dropped(say, text, n_dropped)
}

/// Returns a text and the sentence about the waiting prompts that were dropped, if any were.
fn with_dropped(say: Say, text: String, n_dropped: usize) -> String {
    match n_dropped {
        0 => text,
        n => format!("{text} {}", say.dropped_waiting(n)),
    }
}

pub(super) fn stopped(say: Say, reason: Option<StopReason>, silence_limit: Duration) -> String {
    match reason {
        Some(StopReason::Person) => say.stopped(),
        Some(StopReason::Silence) => say.stopped_silence(in_words(say, silence_limit)),
        Some(StopReason::Revoked) => say.stopped_revoked(),
        None => say.stopped_by_claude(),
    }
}

pub(super) fn stopped_by_force(say: Say, reason: StopReason, silence_limit: Duration) -> String {
    match reason {
        StopReason::Person => say.stopped_by_force(),
        StopReason::Revoked => say.stopped_by_force_revoked(),
        StopReason::Silence => say.stopped_by_force_silence(in_words(say, silence_limit)),
    }
}

/// What `/status` shows.
pub(super) struct Status<'a> {
    pub(super) state: String,
    pub(super) queued: usize,
    /// When Claude goes on by itself with what the API had stopped.
    pub(super) goes_on: Option<String>,
    pub(super) conversation: Option<&'a ConversationId>,
    pub(super) folder: &'a Path,
    /// Where Claude works, if that is another one.
    pub(super) elsewhere: Option<&'a str>,
    pub(super) version: Option<&'a str>,
    /// The oldest version with which every promise holds, where this one is older.
    pub(super) minimum: Option<&'a str>,
    /// For whoever is in charge.
    pub(super) ratings: Option<Ratings>,
    pub(super) wall: Wall,
    /// How full Claude's home is, where that is worth a word.
    pub(super) home: Option<HomeUse>,
    /// When Claude's login ends, where it has said so, and what time it is.
    pub(super) login_ends: Option<(UnixSeconds, UnixSeconds)>,
}

pub(super) fn status(say: Say, status: Status<'_>) -> String {
    let conversation = match status.conversation {
        Some(id) => say.status_conversation(id),
        None => say.status_no_conversation(),
    };
    let mut lines = vec![
        say.status_state(status.state),
        say.status_waiting(status.queued),
        conversation,
        say.status_folder(status.folder.display()),
    ];
    lines.extend(status.goes_on);
    lines.extend(status.elsewhere.map(|folder| say.status_elsewhere(folder)));
    lines.extend(match status.wall {
        Wall::Off => None,
        Wall::Landlock => Some(say.status_room_landlock()),
        Wall::Strict => Some(say.status_room_strict()),
        Wall::Refused => Some(say.status_room_refused()),
    });
    lines.extend(status.home.map(|home| home_status(say, home)));
    lines.extend((status.login_ends).map(|(at, now)| login_status(say, at, now)));
    lines.extend(status.version.map(|version| match status.minimum {
        Some(minimum) => say.status_version_too_old(version, minimum),
        None => say.status_version(version),
    }));
    let ratings = status.ratings.filter(|it| *it != Ratings::default());
    lines.extend(ratings.map(|it| say.status_reactions(it.up as usize, it.down as usize)));
    lines.join("\n")
}

/// Says whether answers are rich messages, and what that means.
pub(super) fn rich(say: Say, rich: Rich) -> String {
    let mark = |one| if one == rich { "●" } else { "○" };
    say.rich_choices(mark(Rich::On), mark(Rich::Off))
}

pub(super) fn revoked(say: Say, was_running: WasRunning, n_dropped: usize) -> Option<String> {
    let text = match (was_running, n_dropped) {
        (WasRunning::No, 0) => return None,
        (WasRunning::No, _) => say.revoked(),
        (WasRunning::Turn | WasRunning::Background, _) => say.revoked_stopped(),
    };
    Some(with_dropped(say, text, n_dropped))
}

/// Says what a tool does, in one line.
pub(super) fn doing(say: Say, tool: &str, target: &str) -> String {
    match target.trim() {
        "" => tool.to_owned(),
        target => format!("{tool}: {}", shortened(say, target, DOING_SHOWN)),
    }
}

fn shortened(say: Say, text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => say.text_goes_on(&text[..end], text.chars().count() - limit),
    }
}

/// Says a duration as people do: "45 s", "10 min", "1 h 5 min".
pub(super) fn in_words(say: Say, time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => say.duration_seconds(s),
        (0, m, 0) => say.duration_minutes(m),
        (0, m, s) => say.duration_minutes_seconds(m, s),
        (h, 0, _) => say.duration_hours(h),
        (h, m, _) => say.duration_hours_minutes(h, m),
    }
}
