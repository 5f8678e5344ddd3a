//! What each state of the table is, and that no kind of state is missing.
//!
//! `UPDATE_EXPECT=1 cargo test every_state_is` rewrites `states.txt`; read its diff.

use std::collections::BTreeSet;

use expect_test::expect_file;

use super::chat::Chat;
use super::states::STATES;
use crate::agent_event::Activity;
use crate::permission_request::Ask;
use crate::ports::Conversation;
use crate::session::agent::{Experience, Handshake, LeavingStage, Life, Live, Refusal, Room};
use crate::session::machine::tests::support::CHAT;
use crate::session::machine::{Ending, Machine};
use crate::session::turn::{Progress, RetryTold, StopReason, Stopping, Turn, Work};

/// Writes a list of kinds and the `match` that finds the kind of a value, so that a kind that is
/// not in the list does not compile.
macro_rules! kinds {
    ($($list:ident = $kind_of:ident($of:ty) [$($kind:pat),+ $(,)?],)+) => {
        $(
            const $list: &[&str] = &[$(stringify!($kind)),+];

            fn $kind_of(value: &$of) -> &'static str {
                match value {
                    $($kind => stringify!($kind),)+
                }
            }
        )+

        const KINDS: &[&[&str]] = &[$($list),+];
    };
}

kinds! {
    LIVES = life(Life) [Life::Asleep,
        Life::Waiting { notice: None },
        Life::Waiting { notice: Some(_) },
        Life::Live(_),
        Life::Leaving(_)],
    STAGES = stage(LeavingStage) [LeavingStage::Closed, LeavingStage::Killed],
    ENDINGS = ending(Ending) [Ending::No, Ending::Asked { .. }, Ending::LockedDown],
    OPENINGS = opening(Conversation) [Conversation::New(_), Conversation::Resume(_)],
    HANDSHAKES = handshake(Handshake) [Handshake::Pending { .. },
        Handshake::Done,
        Handshake::Refused(Refusal::Unknown),
        Handshake::Refused(Refusal::Taken)],
    EXPERIENCES = experience(Experience) [Experience::None, Experience::Some],
    ROOMS = room(Room) [Room::Enough, Room::Wanted, Room::Stale],
    ACTIVITIES = activity(Activity) [Activity::Idle, Activity::Running, Activity::WaitsForUs],
    STOPS = stopping(Stopping) [Stopping::No,
        Stopping::Asked { .. },
        Stopping::Signalled { .. },
        Stopping::Killed { .. }],
    REASONS = reason(StopReason) [StopReason::Person, StopReason::Silence, StopReason::Revoked],
    PROGRESSES = progress(Progress) [Progress::Written, Progress::Taken, Progress::Begun],
    WORKS = work(Work) [Work::Unseen, Work::Seen, Work::Tool(_)],
    RETRIES = retry(RetryTold) [RetryTold::No, RetryTold::Yes],
    ASKS = ask(Ask) [Ask::Run(_), Ask::Questions(_), Ask::Plan(_), Ask::Form(_)],
}

fn kinds_in(machine: &Machine) -> Vec<&'static str> {
    let mut kinds = vec![life(machine.agent.life()), ending(&machine.ending)];
    match machine.agent.life() {
        Life::Asleep | Life::Waiting { .. } => {}
        Life::Leaving(leaving) => kinds.push(stage(&leaving.stage())),
        Life::Live(live) => {
            kinds.extend(kinds_in_agent(live));
            if let Some(turn) = &machine.turn {
                let (has_come, seen, told) = turn.how_far();
                kinds.extend([
                    stopping(&turn.stopping()),
                    progress(has_come),
                    work(seen),
                    retry(told),
                ]);
                kinds.extend(turn.stop_reason().as_ref().map(reason));
            }
            let open = machine.requests.open().iter();
            kinds.extend(open.map(|asked| ask(&asked.request.ask)));
        }
    }
    kinds
}

fn kinds_in_agent(live: &Live) -> Vec<&'static str> {
    let kinds = vec![
        opening(live.conversation()),
        handshake(&live.handshake()),
        experience(&live.experience()),
        room(&live.room()),
        activity(&live.activity()),
    ];
    kinds
}

#[test]
fn every_kind_of_state_is_in_the_table() {
    let mut seen = BTreeSet::new();
    for (name, script) in STATES {
        let chat = Chat::in_state(CHAT, script).expect(name);
        seen.extend(kinds_in(chat.machine()));
    }
    let kinds = KINDS.iter().copied().flatten();
    let missing: Vec<_> = kinds.filter(|kind| !seen.contains(*kind)).collect();
    assert_eq!(missing, [&""; 0]);
}

/// Says in a line what a machine is at.
pub(super) fn shape(machine: &Machine) -> String {
    let mut words = match machine.agent.life() {
        Life::Asleep => vec!["asleep".to_owned()],
        Life::Waiting { notice: None } => vec!["waiting".to_owned()],
        Life::Waiting { notice: Some(_) } => vec!["waiting, told".to_owned()],
        Life::Leaving(leaving) => vec![format!("leaving {:?}", leaving.stage())],
        Life::Live(live) => shape_of_agent(live),
    };
    words.extend(machine.turn.as_deref().map(shape_of_turn));
    let n_asked = machine.requests.open().len();
    if n_asked > 0 {
        words.push(format!("{n_asked} asked"));
    }
    let counts = [
        ("held", machine.gathering.pieces().count()),
        ("queued", machine.prompts.n_waiting()),
        ("with buttons", machine.prompts.notices().count()),
        ("offered", machine.prompts.offered().count()),
    ];
    let counts = counts.iter().filter(|(_, count)| *count > 0);
    words.extend(counts.map(|(what, count)| format!("{count} {what}")));
    if machine.is_ending() {
        words.push("ending".to_owned());
    }
    words.join(", ").to_lowercase()
}

fn shape_of_agent(live: &Live) -> Vec<String> {
    let opening = match live.conversation() {
        Conversation::New(_) => "fresh",
        Conversation::Resume(_) => "resumed",
    };
    let handshake = match live.handshake() {
        Handshake::Pending { .. } => "opening".to_owned(),
        Handshake::Done => "open".to_owned(),
        Handshake::Refused(refusal) => format!("refused {refusal:?}"),
    };
    let mut words = vec![format!("{handshake} {opening}")];
    if live.room() != Room::Enough {
        words.push(format!("room {:?}", live.room()));
    }
    if live.activity() != Activity::Idle {
        words.push(format!("{:?}", live.activity()));
    }
    words
}

fn shape_of_turn(turn: &Turn) -> String {
    let stopping = match turn.stopping() {
        Stopping::No => String::new(),
        Stopping::Asked { reason, .. } => format!(" interrupted for {reason:?}"),
        Stopping::Signalled { reason, .. } => format!(" signalled for {reason:?}"),
        Stopping::Killed { reason, .. } => format!(" killed for {reason:?}"),
    };
    let (has_come, seen, _) = turn.how_far();
    let mut text = format!("turn {has_come:?} {seen:?}{stopping}");
    let n_taken = turn.steered().filter(|(_, is_taken)| *is_taken).count();
    if turn.n_steered() > 0 {
        text.push_str(&format!(" + {} ({n_taken} taken)", turn.n_steered()));
    }
    let marks = [
        (turn.view().shown.is_some(), " with card"),
        (turn.view().draft.is_some(), " with draft"),
        (turn.view().is_draft_stopped(), " stopped"),
        (turn.view().is_writing(), " writing"),
        (turn.has_folded_end(), " folded"),
    ];
    text.extend(marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark));
    text
}

#[test]
fn every_state_is_what_its_name_says() {
    let mut shapes = String::new();
    for (name, script) in STATES {
        let chat = Chat::in_state(CHAT, script).expect(name);
        shapes.push_str(&format!("{name}: {}\n", shape(chat.machine())));
    }
    expect_file!["states.txt"].assert_eq(&shapes);
}
