//! What holds of a machine after every step, and when it has come to rest.

use super::world::{Checked, Slot, World};
use crate::agent_event::Activity;
use crate::clock::Time;
use crate::ports::Stage;
use crate::session::agent::{Handshake, Life, Live, Room};
use crate::session::machine::Machine;

/// What begins the data of the buttons that live no longer than what they are about: those of
/// requests, cards, waiting prompts, background work.
const PASSING: [&str; 4] = ["a1", "s1", "q1", "k1"];

/// Checks what holds after every step.
pub(super) fn check(machine: &Machine, world: &World, now: Time) -> Checked {
    check_agent_and_slot(machine, world)?;
    check_that_nothing_is_stuck(machine, now)?;
    check_prompts(machine, world)?;
    check_tools(machine, world)?;
    check_buttons(machine, world)
}

/// Checks what holds when nothing happens any more.
pub(super) fn check_rest(machine: &Machine, world: &World) -> Checked {
    if world.has_agent || world.waits || world.slot != Slot::None {
        return Err("keeps an agent or a slot for nothing".to_owned());
    }
    let passing = |data: &&String| PASSING.iter().any(|kind| data.starts_with(kind));
    if let Some(data) = world.buttons.values().flatten().find(passing) {
        return Err(format!("leaves a button behind: {data}"));
    }
    if let Some(said) = world.unposted.first() {
        return Err(format!("never posts what Claude said: {said:?}"));
    }
    let gathers = machine.gathering.len() > machine.gathering.n_asked();
    let waits = machine.prompts.has_waiting() || gathers;
    if !world.has_finished && waits {
        return Err("comes to rest while a prompt waits".to_owned());
    }
    Ok(())
}

fn check_agent_and_slot(machine: &Machine, world: &World) -> Checked {
    let (has_agent, waits, holds) = match machine.agent.life() {
        Life::Asleep => (false, false, false),
        Life::Waiting { .. } => (false, true, false),
        Life::Live(_) | Life::Leaving(_) => (true, false, true),
    };
    // The withdrawal of a wish for a slot is the last thing that a session says.
    let knows = if world.has_finished {
        (false, false, false)
    } else {
        (has_agent, waits, holds)
    };
    let is = (world.has_agent, world.waits, world.slot != Slot::None);
    if is != knows {
        return Err(format!("agent, wait, slot are {is:?}, it thinks {knows:?}"));
    }
    if let Life::Live(live) = machine.agent.life() {
        let is_at_work = machine.turn.is_some();
        let is_idle = machine.turn.is_none()
            && live.activity() == Activity::Idle
            && !machine.enquiries.are_under_way();
        match world.slot {
            Slot::Busy if is_idle && is_ready(live) => {
                return Err("the supervisor thinks that it works".to_owned());
            }
            Slot::Idle | Slot::Starting if is_at_work => {
                return Err("the supervisor does not know that it works".to_owned());
            }
            Slot::None | Slot::Starting | Slot::Busy | Slot::Idle => {}
        }
    }
    Ok(())
}

fn is_ready(live: &Live) -> bool {
    live.handshake() == Handshake::Done && live.room() == Room::Enough
}

/// Nothing waits for ever: there is a deadline, or a slot, agent or person that has to act.
fn check_that_nothing_is_stuck(machine: &Machine, now: Time) -> Checked {
    let deadline = machine.next_deadline().map(|deadline| deadline.at);
    let has_deadline = deadline.is_some();
    let wants_agent = machine.prompts.has_ready() || machine.enquiries.wait();
    match machine.agent.life() {
        Life::Asleep if !wants_agent || machine.is_ending() => Ok(()),
        Life::Asleep => Err("sleeps while something waits for an agent".to_owned()),
        Life::Waiting { .. } if !wants_agent && !machine.chat.is_waking() => {
            Err("waits for a slot that it has no use for".to_owned())
        }
        Life::Waiting { .. } => Ok(()),
        Life::Leaving(_) if deadline.is_some_and(|deadline| deadline < now) => {
            Err("has let a deadline pass".to_owned())
        }
        Life::Leaving(_) if has_deadline => Ok(()),
        Life::Leaving(_) => Err("waits for the end of an agent for ever".to_owned()),
        Life::Live(live) => {
            // What it does in the background keeps it; another chat that needs its slot gets it.
            let is_kept = live.activity() == Activity::Idle && machine.chat.has_background();
            if !has_deadline && !is_kept {
                return Err("waits for its agent for ever".to_owned());
            }
            let takes = machine.turn.is_none() && is_ready(live);
            let is_free = !machine.is_ending() && !machine.enquiries.undo();
            if takes && machine.prompts.has_ready() && is_free {
                return Err("lets a prompt wait for nothing".to_owned());
            }
            Ok(())
        }
    }
}

/// A tool runs only where it is written down that its prompt has begun.
fn check_tools(machine: &Machine, world: &World) -> Checked {
    let Some(turn) = machine.turn.as_ref().filter(|_| world.lets_run) else {
        return Ok(());
    };
    let id = &turn.prompt().id;
    let mut open = world.open.iter();
    match open.find(|(prompt, _)| prompt.id == *id) {
        Some((_, Stage::Begun { .. })) => Ok(()),
        Some((_, stage)) => Err(format!("lets a tool of {} run that is {stage:?}", id.0)),
        None => Err(format!("lets a tool of {} run that is not open", id.0)),
    }
}

/// What is open in the journal is held, and the other way round.
fn check_prompts(machine: &Machine, world: &World) -> Checked {
    let mut open = world.open.iter().map(|(prompt, _)| &prompt.id);
    if let Some(lost) = open.find(|id| !machine.holds(id)) {
        return Err(format!("has lost {}", lost.0));
    }
    let n_steered = (machine.turn.as_ref()).map_or(0, |turn| turn.prompts().count());
    let n_held = machine.prompts.n_waiting() + machine.prompts.offered().count() + n_steered;
    let n_held = n_held + machine.gathering.pieces().count();
    if n_held != world.open.len() {
        return Err(format!(
            "holds {n_held} prompts, and {} are open",
            world.open.len()
        ));
    }
    Ok(())
}

/// The buttons of what is open, and none else, are below a message.
fn check_buttons(machine: &Machine, world: &World) -> Checked {
    let mut open: Vec<(&str, String)> = Vec::new();
    let requests = machine.requests.open().iter();
    open.extend(requests.map(|asked| ("a1", asked.nonce.clone())));
    let card = machine.turn.as_ref();
    let card = card.and_then(|turn| turn.view().shown.as_ref());
    open.extend(card.map(|(_, nonce)| ("s1", nonce.clone())));
    let notices = machine.prompts.notices();
    open.extend(notices.map(|message| ("q1", message.0.to_string())));
    let list = machine.chat.task_list();
    open.extend(list.map(|nonce| ("k1", nonce.to_owned())));
    for data in world.buttons.values().flatten() {
        let (kind, nonce) = kind_and_nonce(data);
        if PASSING.contains(&kind) && !open.contains(&(kind, nonce.to_owned())) {
            return Err(format!("leaves a dead button: {data}"));
        }
    }
    for (kind, nonce) in open {
        let is_shown = |data: &String| kind_and_nonce(data) == (kind, nonce.as_str());
        if !world.buttons.values().flatten().any(is_shown) {
            return Err(format!("shows no button of {kind} {nonce}"));
        }
    }
    Ok(())
}

/// Returns what a button is about: its kind, and what it carries.
pub(super) fn kind_and_nonce(data: &str) -> (&str, &str) {
    let (kind, rest) = data.split_once('.').expect("a kind");
    let (_, nonce) = rest.rsplit_once('.').unwrap_or(("", rest));
    (kind, nonce)
}
