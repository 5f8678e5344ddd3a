//! What a text claims about the state in which it is said, and that it is so.
//!
//! A text that only says what has happened claims nothing here. One that says what holds now, or what
//! comes next, stands below its claim; a new one is added beside its like.

use bridge_texts::recorded::Said;

use crate::agent_event::Activity;
use crate::ids::UserId;
use crate::session::agent::{Handshake, Life, Live};
use crate::session::effect::Effect;
use crate::session::machine::Machine;

type Claim = (&'static str, fn(&Machine) -> bool, &'static [&'static str]);

/// Claims, whether they hold when the step is over, and the texts that make them.
const CLAIMS: &[Claim] = &[
    (
        "an agent lives here",
        lives,
        &[
            "slot-is-free",
            "card-doing",
            "card-writing",
            "card-thinking",
            "queued-sent-now",
            "api-retried",
            "state-working",
            "state-background",
            "state-timer",
            "state-starting",
            "state-ready",
            "tasks",
            "toast-task-stopping",
            "toast-stopping",
            "toast-stopping-by-force",
            "login-page",
            "login-address",
        ],
    ),
    (
        "no agent lives here",
        |machine| matches!(machine.agent.life(), Life::Asleep),
        &["state-asleep"],
    ),
    (
        "the agent is gone, and at most another is called for",
        |machine| matches!(machine.agent.life(), Life::Asleep | Life::Waiting { .. }),
        &[
            "agent-died-at-start",
            "agent-not-started",
            "stopped-by-force",
            "stopped-by-force-silence",
        ],
    ),
    (
        "an agent is called for",
        |machine| matches!(machine.agent.life(), Life::Waiting { .. }),
        &["waits-for-slot", "state-waiting"],
    ),
    (
        "an agent is being ended",
        |machine| matches!(machine.agent.life(), Life::Leaving(_)),
        &["state-leaving"],
    ),
    (
        "the agent takes messages and does nothing",
        |machine| is_open(machine) && machine.turn.is_none() && !machine.requests.are_open(),
        &["state-ready"],
    ),
    (
        "the agent does not take messages yet",
        |machine| !is_open(machine),
        &["state-starting"],
    ),
    (
        "a turn runs",
        |machine| machine.turn.is_some(),
        &[
            "edit-too-late",
            "edit-of-sent-on",
            "edit-of-stopping",
            "queued-sent-now",
            "state-working",
            "toast-stopping",
            "toast-stopping-by-force",
        ],
    ),
    (
        "a turn is being stopped",
        |machine| (machine.turn.as_ref()).is_some_and(|turn| turn.stop_reason().is_some()),
        &[
            "edit-of-stopping",
            "toast-stopping",
            "toast-stopping-by-force",
        ],
    ),
    (
        "Claude is at work",
        |machine| lives(machine) && !is_quiet(machine),
        &["toast-undo-later", "taken-back-after-turn"],
    ),
    (
        "no turn runs",
        |machine| machine.turn.is_none(),
        &[
            "stop-nothing",
            "stop-nothing-started",
            "state-asleep",
            "state-ready",
            "state-background",
            "state-timer",
            "state-starting",
        ],
    ),
    (
        "nothing waits",
        |machine| !waits(machine),
        &["stop-nothing", "new-conversation-next"],
    ),
    (
        "something waits",
        waits,
        &[
            "queued",
            "queued-behind-request",
            "queued-not-now",
            "queued-still-fetched",
            "queued-still-transcribed",
            "queue-is-full",
            "runs-when-back",
            "runs-when-unlocked",
            "state-fetching",
            "state-transcribing",
            "toast-nothing-to-deny",
            "voice-is-off",
        ],
    ),
    (
        "a message waits to be said what to do with",
        |machine| machine.gathering.n_asked() > 0,
        &["files-without-words"],
    ),
    (
        "Claude waits for an answer",
        |machine| machine.requests.are_open(),
        &[
            "button-allow",
            "button-approve",
            "button-deny",
            "button-deny-with",
            "card-waiting-for-you",
            "doing-not-allowed-yet",
            "form-check",
            "form-limit",
            "queued-behind-request",
            "state-asks-to-run",
            "state-asks-about-plan",
            "state-asks-question",
            "state-asks-form",
        ],
    ),
    (
        "something waits for a choice",
        |machine| machine.prompts.offered().next().is_some(),
        &[
            "button-continue",
            "button-discard",
            "button-go-on-now",
            "button-go-on-then",
            "edit-of-offer",
            "halted-asks",
            "halted-asks-again",
            "home-full-not-run",
            "offer-question",
        ],
    ),
    (
        "the bridge or this chat's session is coming to its end",
        Machine::is_ending,
        &[
            "runs-when-back",
            "runs-when-unlocked",
            "lockdown-background",
        ],
    ),
    (
        "it goes on here",
        |machine| !machine.is_ending(),
        &[
            "queued",
            "runs-again",
            "runs-again-restarted",
            "runs-again-unlocked",
            "waits-for-slot",
            "slot-is-free",
        ],
    ),
    (
        "no conversation is known",
        |machine| machine.chat.record().conversation.is_none(),
        &["new-conversation-next", "status-no-conversation"],
    ),
    (
        "a conversation is known",
        |machine| machine.chat.record().conversation.is_some(),
        &["status-conversation"],
    ),
    (
        "a login waits for its code",
        awaits_code,
        &["login-page", "login-address"],
    ),
    (
        "no login waits for a code",
        |machine| !awaits_code(machine),
        &["login-none", "login-cancelled", "login-timed-out"],
    ),
];

/// Returns what of the texts that were made is in an effect: what somebody reads.
pub(super) fn shown(made: Vec<Said>, effects: &[Effect]) -> Vec<Said> {
    if made.is_empty() {
        return made;
    }
    let effects = format!("{effects:?}");
    let is_shown = |it: &Said| {
        let text = format!("{:?}", it.text);
        effects.contains(text.trim_matches('"'))
    };
    made.into_iter().filter(is_shown).collect()
}

/// Checks that what was made and is shown is true when the step is over.
pub(super) fn check(machine: &Machine, made: &[Said], effects: &[Effect]) -> Result<(), String> {
    for said in made {
        let mut claims = CLAIMS.iter();
        let broken = claims.find(|(_, holds, keys)| keys.contains(&said.key) && !holds(machine));
        if let Some((claim, ..)) = broken
            && !shown(vec![said.clone()], effects).is_empty()
        {
            return Err(format!("says {}, but not: {claim}", said.key));
        }
    }
    Ok(())
}

/// Returns the claims of a text.
pub(super) fn claims_of(key: &str) -> String {
    let claims = CLAIMS.iter().filter(|(_, _, keys)| keys.contains(&key));
    let claims: Vec<_> = claims.map(|(claim, ..)| *claim).collect();
    claims.join("; ")
}

fn lives(machine: &Machine) -> bool {
    matches!(machine.agent.life(), Life::Live(_))
}

fn is_open(machine: &Machine) -> bool {
    let live = machine.agent.live();
    live.is_some_and(|live| live.handshake() == Handshake::Done)
}

fn is_quiet(machine: &Machine) -> bool {
    let is_idle = |live: &Live| live.activity() == Activity::Idle;
    machine.turn.is_none() && machine.agent.live().is_some_and(is_idle)
}

fn waits(machine: &Machine) -> bool {
    machine.prompts.has_waiting() || !machine.gathering.is_empty()
}

fn awaits_code(machine: &Machine) -> bool {
    let mut people = [7, 8].map(UserId).into_iter();
    people.any(|user| machine.enquiries.expect_code_of(user))
}

/// A claim about a text that is not in the catalogue would never be held against anything.
#[test]
fn every_text_with_a_claim_is_in_the_catalogue() {
    let all = CLAIMS.iter().flat_map(|(_, _, keys)| *keys);
    let is_there = |key: &&&str| bridge_texts::MESSAGES.iter().any(|it| it.key == **key);
    let unknown: Vec<_> = all.filter(|key| !is_there(key)).collect();
    assert_eq!(unknown, [&""; 0]);
}
