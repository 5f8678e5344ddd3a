//! The agent of a session: its slot, its life from the handshake to its end, what it says without
//! a turn of ours, and what is not told to it yet.

pub(in crate::session) mod held_input;
mod life;
mod way;
mod words;

pub(in crate::session) use life::{
    Experience, Handshake, Leaving, LeavingStage, Life, Live, Refusal, Room,
};

use crate::agent_event::{Activity, Cost};
use crate::chat_settings::{AgentSettings, Trust};
use crate::clock::Time;
use crate::home_use::FullHome;
use crate::ids::{Generation, SessionKey, UserId};
use crate::ports::{AgentInput, Conversation, LaunchOrder};
use crate::session::deadline::{Deadline, Why, first};
use crate::session::effect::Effect;
use crate::session::policy::{CLOSE_GRACE, KILL_GRACE, Policy};
use crate::session::said::Said;
use crate::session::step::Step;
use crate::session_supervisor::SlotChange;

use std::path::PathBuf;

/// The agent of a session, or the wait for one. A chat never has two, and none without a slot.
#[derive(Debug)]
pub(in crate::session) struct Agent {
    life: Life,
}

/// What an agent is started with.
#[derive(Debug)]
pub(in crate::session) struct Launch {
    pub(in crate::session) room: SessionKey,
    pub(in crate::session) conversation: Conversation,
    pub(in crate::session) folder: PathBuf,
    pub(in crate::session) trust: Trust,
    pub(in crate::session) settings: AgentSettings,
    pub(in crate::session) full_home: FullHome,
    /// Whether somebody waits for it in order to log in.
    pub(in crate::session) logs_in: bool,
}

/// Whose words these are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Voice {
    /// The living agent's.
    Live,
    /// An agent's that was told to go: only its end matters.
    Leaving,
    /// An agent's that is gone.
    Late,
}

/// What keeps an agent busy, as its session knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum BusyWith {
    /// A turn, which has deadlines of its own.
    Turn,
    /// A request that a person has to answer.
    Request,
    /// What it does in the background, for which it has to live.
    Background,
    /// Nothing, or what it does by itself.
    Itself,
}

/// What has become of the wait for an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Overdue {
    /// Nothing.
    No,
    /// It does not answer the handshake.
    Start,
    /// It has had nothing to do for long.
    Idle,
    /// It works by itself and shows no sign of life.
    Silent,
    /// It does not go by itself.
    Leave,
    /// It was killed, and its end is taken for granted.
    End,
}

impl Agent {
    /// Returns that there is none.
    pub(in crate::session) fn none() -> Self {
        Self { life: Life::Asleep }
    }

    /// Returns whether there is one.
    pub(in crate::session) fn life(&self) -> &Life {
        &self.life
    }

    /// Returns the living one.
    pub(in crate::session) fn live(&self) -> Option<&Live> {
        match &self.life {
            Life::Live(live) => Some(live),
            Life::Asleep | Life::Waiting { .. } | Life::Leaving(_) => None,
        }
    }

    fn live_mut(&mut self) -> Option<&mut Live> {
        match &mut self.life {
            Life::Live(live) => Some(live),
            Life::Asleep | Life::Waiting { .. } | Life::Leaving(_) => None,
        }
    }

    /// Returns the number of the living one.
    pub(in crate::session) fn generation(&self) -> Option<Generation> {
        self.live().map(|live| live.generation)
    }

    /// Tells whether there is none, and none is waited for.
    pub(in crate::session) fn is_asleep(&self) -> bool {
        matches!(self.life, Life::Asleep)
    }

    /// Returns whose words come under this number.
    pub(in crate::session) fn voice(&self, generation: Generation) -> Voice {
        match &self.life {
            Life::Live(live) if live.generation == generation => Voice::Live,
            Life::Leaving(leaving) if leaving.generation == generation => Voice::Leaving,
            Life::Asleep | Life::Waiting { .. } | Life::Live(_) | Life::Leaving(_) => Voice::Late,
        }
    }

    /// Wants a slot.
    pub(in crate::session) fn want_slot(&mut self, step: &mut Step<'_>) {
        self.life = Life::Waiting { notice: None };
        step.slot(SlotChange::Wanted);
    }

    /// Wants no slot any more.
    pub(in crate::session) fn withdraw(&mut self, step: &mut Step<'_>) {
        self.life = Life::Asleep;
        step.slot(SlotChange::Withdrawn);
    }

    /// Takes a slot in; tells whether an agent is to be started with it.
    pub(in crate::session) fn on_slot_granted(&self, step: &mut Step<'_>) -> bool {
        match self.life {
            Life::Waiting { notice } => {
                if let Some(id) = notice {
                    step.edit(id, step.say().slot_is_free());
                }
                true
            }
            // The grant crossed a withdrawal on its way.
            Life::Asleep => {
                step.slot(SlotChange::Released);
                false
            }
            // The slot of the running agent is held already.
            Life::Live(_) | Life::Leaving(_) => false,
        }
    }

    /// Says how many chats come first.
    pub(in crate::session) fn on_slot_delayed(&mut self, ahead: usize, step: &mut Step<'_>) {
        let Life::Waiting { notice } = &mut self.life else {
            return;
        };
        let text = step.say().waits_for_slot(ahead);
        match *notice {
            Some(id) => step.edit(id, text),
            None => *notice = Some(step.notice(text)),
        }
    }

    /// Starts one.
    pub(in crate::session) fn launch(&mut self, launch: Launch, room: Room, step: &mut Step<'_>) {
        let generation = step.generation();
        step.push(Effect::Launch(LaunchOrder {
            key: step.key(),
            room: launch.room,
            generation,
            conversation: launch.conversation.clone(),
            folder: launch.folder,
            trust: launch.trust,
            settings: launch.settings,
            full_home: launch.full_home,
            language: step.policy().language,
            logs_in: launch.logs_in,
        }));
        let cost = match launch.conversation {
            Conversation::New(_) => Some(0.0),
            Conversation::Resume(_) => None,
        };
        self.life = Life::Live(Live {
            generation,
            conversation: launch.conversation,
            handshake: Handshake::Pending {
                deadline: step.now() + step.policy().start_timeout,
            },
            experience: Experience::None,
            room,
            said: Said::default(),
            activity: Activity::Idle,
            asker: None,
            cost,
            gives_way_by: None,
            idle_since: step.now(),
            last_sign_at: step.now(),
        });
    }

    /// Notes a sign of life, or that it waits for nobody any more.
    pub(in crate::session) fn on_sign(&mut self, now: Time) {
        if let Some(live) = self.live_mut() {
            live.last_sign_at = now;
        }
    }

    /// Takes in that it has answered the handshake.
    pub(in crate::session) fn on_ready(&mut self) {
        if let Some(live) = self.live_mut() {
            live.handshake = Handshake::Done;
        }
    }

    /// Takes in that it refuses to open the conversation.
    pub(in crate::session) fn on_refusal(&mut self, refusal: Refusal) {
        if let Some(live) = self.live_mut() {
            live.handshake = Handshake::Refused(refusal);
        }
    }

    /// Takes in what it does; returns what it did before.
    pub(in crate::session) fn on_activity(&mut self, activity: Activity, now: Time) -> Activity {
        let Some(live) = self.live_mut() else {
            return activity;
        };
        if activity == Activity::Idle {
            live.idle_since = now;
        }
        std::mem::replace(&mut live.activity, activity)
    }

    /// Notes whose prompt it works on.
    pub(in crate::session) fn on_turn_begun(&mut self, author: UserId) {
        if let Some(live) = self.live_mut() {
            live.asker = Some(author);
        }
    }

    /// Notes that a turn of ours is over, or its work in the background.
    pub(in crate::session) fn on_turn_over(&mut self, now: Time) {
        if let Some(live) = self.live_mut() {
            live.idle_since = now;
        }
    }

    /// Notes that it has done a turn.
    pub(in crate::session) fn note_experience(&mut self) {
        if let Some(live) = self.live_mut() {
            live.experience = Experience::Some;
        }
    }

    /// Returns what a turn cost, if that is known: of a sum that goes on from an earlier process
    /// the first turn is an unknown part. Another conversation begins a sum anew.
    pub(in crate::session) fn cost_of_turn(&mut self, cost: Cost) -> Option<f64> {
        let live = self.live_mut()?;
        let (total, before) = match cost {
            Cost::OfTurn(cost) => return Some(cost),
            Cost::OfProcess(total) => (total, Some(live.cost.unwrap_or(0.0))),
            Cost::OfConversation(total) => (total, live.cost),
        };
        live.cost = Some(total);
        match before? {
            before if total >= before => Some(total - before),
            _ => Some(total),
        }
    }

    /// Lets it go when its turn is over.
    pub(in crate::session) fn want_room(&mut self) {
        if let Some(live) = self.live_mut()
            && live.room == Room::Enough
        {
            live.room = Room::Wanted;
        }
    }

    /// Lets it take no further turn.
    pub(in crate::session) fn make_stale(&mut self) {
        if let Some(live) = self.live_mut() {
            live.room = Room::Stale;
        }
    }

    /// Tells it to go; harder than before, never softer.
    pub(in crate::session) fn leave(&mut self, stage: LeavingStage, step: &mut Step<'_>) {
        let generation = match &self.life {
            Life::Live(live) => live.generation,
            Life::Leaving(leaving) if leaving.stage == stage => return,
            Life::Leaving(leaving) => leaving.generation,
            Life::Asleep | Life::Waiting { .. } => return,
        };
        let (effect, grace) = match stage {
            LeavingStage::Closed => (Effect::Write(AgentInput::Close), CLOSE_GRACE),
            LeavingStage::Killed => (Effect::KillAgent, KILL_GRACE),
        };
        step.push(effect);
        self.life = Life::Leaving(Leaving {
            generation,
            stage,
            deadline: step.now() + grace,
        });
    }

    /// Notes that the one of a value that broke is still dying: it keeps its slot and its
    /// conversation until it is gone.
    pub(in crate::session) fn outlived_by(&mut self, generation: Generation, now: Time) {
        self.life = Life::Leaving(Leaving {
            generation,
            stage: LeavingStage::Killed,
            deadline: now + KILL_GRACE,
        });
    }

    /// Takes in that it is gone; returns what was known of it if it was not told to go.
    pub(in crate::session) fn on_exit(&mut self, step: &mut Step<'_>) -> Option<Live> {
        step.push(Effect::ForgetAgent);
        match std::mem::replace(&mut self.life, Life::Asleep) {
            Life::Live(live) => Some(live),
            Life::Asleep | Life::Waiting { .. } | Life::Leaving(_) => None,
        }
    }

    /// Returns what is waited for.
    pub(in crate::session) fn next_deadline(
        &self,
        busy: BusyWith,
        policy: &Policy,
    ) -> Option<Deadline> {
        match &self.life {
            Life::Asleep | Life::Waiting { .. } => None,
            Life::Leaving(leaving) => Some(Why::AgentLeaves.at(leaving.deadline)),
            Life::Live(live) => {
                let start = match live.handshake {
                    Handshake::Pending { deadline } => Some(Why::AgentStarts.at(deadline)),
                    Handshake::Done | Handshake::Refused(_) => None,
                };
                let rest = match (live.activity, busy) {
                    (_, BusyWith::Turn) => None,
                    (Activity::Idle, BusyWith::Request | BusyWith::Itself) => {
                        Some(Why::AgentIdles.at(live.idle_since + policy.idle_timeout))
                    }
                    // It would take its work along.
                    (Activity::Idle, BusyWith::Background) => None,
                    (Activity::Running | Activity::WaitsForUs, BusyWith::Request) => None,
                    (
                        Activity::Running | Activity::WaitsForUs,
                        BusyWith::Background | BusyWith::Itself,
                    ) => {
                        Some(Why::AgentIsSilent.at(live.last_sign_at + policy.background_silence()))
                    }
                };
                first([start, rest])
            }
        }
    }

    /// Returns what has not come in time.
    pub(in crate::session) fn on_deadline(&self, busy: BusyWith, step: &Step<'_>) -> Overdue {
        let due = self.next_deadline(busy, step.policy());
        let is_due = due.is_some_and(|due| due.at <= step.now());
        match &self.life {
            Life::Asleep | Life::Waiting { .. } => Overdue::No,
            Life::Live(_) | Life::Leaving(_) if !is_due => Overdue::No,
            Life::Leaving(leaving) => match leaving.stage {
                LeavingStage::Closed => Overdue::Leave,
                LeavingStage::Killed => Overdue::End,
            },
            Life::Live(live) => match live.handshake {
                Handshake::Pending { deadline } if deadline <= step.now() => Overdue::Start,
                Handshake::Pending { .. } | Handshake::Done | Handshake::Refused(_) => {
                    match live.activity {
                        Activity::Idle => Overdue::Idle,
                        Activity::Running | Activity::WaitsForUs => Overdue::Silent,
                    }
                }
            },
        }
    }
}
