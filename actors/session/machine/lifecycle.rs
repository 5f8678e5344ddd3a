//! The agent's life: slot, launch, making room, ending.

use crate::clock::Time;
use crate::ids::MessageId;
use crate::ports::{AgentInput, Conversation, LaunchOrder};
use crate::session::agent_event::{Activity, AgentExit, ExitStatus};
use crate::session::effect::Effect;
use crate::session::policy::{CLOSE_GRACE, KILL_GRACE};
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{Said, Turn};
use crate::session_supervisor::SlotChange;

use super::steer::tell_dropped;
use super::{
    Ending, Experience, Handshake, Leaving, LeavingStage, Live, Machine, Opening, Phase, Refusal,
    Room,
};

impl Machine {
    pub(super) fn on_slot_granted(&mut self, step: &mut Step<'_>) {
        match &self.phase {
            Phase::Waiting { notice } => {
                if let Some(id) = *notice {
                    step.edit(id, texts::wait_is_over());
                }
                self.launch(step);
                self.start_turn(step);
            }
            // The grant crossed a withdrawal on its way.
            Phase::Asleep => step.slot(SlotChange::Released),
            // The slot of the running agent is held already.
            Phase::Live(_) | Phase::Leaving(_) => {}
        }
    }

    pub(super) fn on_slot_delayed(&mut self, ahead: usize, step: &mut Step<'_>) {
        let Phase::Waiting { notice } = &self.phase else {
            return;
        };
        let text = texts::waits_for_slot(ahead);
        match *notice {
            Some(id) => step.edit(id, text),
            None => {
                let id = step.notice(text);
                self.phase = Phase::Waiting { notice: Some(id) };
            }
        }
    }

    pub(super) fn on_yield_asked(&mut self, step: &mut Step<'_>) {
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        if live.room == Room::Enough {
            live.room = Room::Wanted;
        }
        self.make_room(step);
    }

    /// Lets the agent go if its slot is wanted and it is between turns.
    pub(super) fn make_room(&mut self, step: &mut Step<'_>) {
        let Phase::Live(live) = &self.phase else {
            return;
        };
        let is_between_turns = live.turn.is_none() && live.activity == Activity::Idle;
        if live.room != Room::Enough && is_between_turns && live.handshake == Handshake::Done {
            self.leave(LeavingStage::Closed, step);
        }
    }

    /// Ends the session as soon as its turn is over, at the latest at the deadline. What has not
    /// begun stays open in the journal, and runs when the bridge is back.
    pub(super) fn on_end_asked(&mut self, deadline: Time, step: &mut Step<'_>) {
        self.ending = Ending::Asked { deadline };
        if self.prompts.has_waiting() {
            let text = texts::runs_when_back(self.prompts.n_waiting());
            step.tell(text);
        }
        match &self.phase {
            Phase::Asleep => step.push(Effect::Finish),
            Phase::Waiting { .. } => {
                step.slot(SlotChange::Withdrawn);
                step.push(Effect::Finish);
            }
            Phase::Live(live) if live.turn.is_some() && step.now() < deadline => {}
            Phase::Live(_) | Phase::Leaving(_) => self.end_now(step),
        }
    }

    /// Lets the agent of a session that is to end go once its turn is over.
    pub(super) fn end_after_the_turn(&mut self, step: &mut Step<'_>) {
        if let Phase::Live(Live { turn: None, .. }) = &self.phase
            && self.is_ending()
        {
            self.leave(LeavingStage::Closed, step);
        }
    }

    pub(super) fn is_ending(&self) -> bool {
        match self.ending {
            Ending::No => false,
            Ending::Asked { .. } => true,
        }
    }

    /// Ends the agent of a session that is to end, in the middle of its turn if need be.
    pub(super) fn end_now(&mut self, step: &mut Step<'_>) {
        let (turn, is_at_rest) = match &mut self.phase {
            Phase::Live(live) => {
                let turn = live.turn.take();
                let is_at_rest = turn.is_none() && !live.works_in_background(step.now());
                (turn, is_at_rest && live.handshake == Handshake::Done)
            }
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => (None, false),
        };
        if let Some(turn) = turn {
            self.cut_short(*turn, texts::interrupted_by_shutdown(), step);
        }
        // One that is killed may not have written down yet what it said last.
        let stage = match is_at_rest {
            true => LeavingStage::Closed,
            false => LeavingStage::Killed,
        };
        self.leave(stage, step);
    }

    /// Starts an agent for the prompts that wait.
    fn launch(&mut self, step: &mut Step<'_>) {
        self.chat.go_to_the_folder(step);
        let opening = match self.chat.conversation_to_open(step) {
            Conversation::New(id) => Opening::Fresh(id),
            Conversation::Resume(id) => Opening::Resumed(id),
        };
        self.open(opening, step);
    }

    fn open(&mut self, opening: Opening, step: &mut Step<'_>) {
        let generation = step.generation();
        let conversation = match &opening {
            Opening::Fresh(id) => Conversation::New(id.clone()),
            Opening::Resumed(id) => Conversation::Resume(id.clone()),
        };
        step.push(Effect::Launch(LaunchOrder {
            key: self.key,
            generation,
            conversation,
            folder: self.chat.record().folder.clone(),
            trust: self.chat.record().trust,
            settings: self.chat.agent_settings(),
        }));
        self.phase = Phase::Live(Live {
            generation,
            opening,
            handshake: Handshake::Pending {
                deadline: step.now() + self.chat.policy().start_timeout,
            },
            turn: None,
            experience: Experience::None,
            room: Room::Enough,
            background: Said::default(),
            activity: Activity::Idle,
            asker: None,
            cost: 0.0,
            idle_since: step.now(),
        });
    }

    /// Tells the agent to go; harder than before, never softer.
    pub(super) fn leave(&mut self, stage: LeavingStage, step: &mut Step<'_>) {
        let generation = match &self.phase {
            Phase::Live(live) => live.generation,
            Phase::Leaving(leaving) if leaving.stage == stage => return,
            Phase::Leaving(leaving) => leaving.generation,
            Phase::Asleep | Phase::Waiting { .. } => return,
        };
        let (effect, grace) = match stage {
            LeavingStage::Closed => (Effect::Write(AgentInput::Close), CLOSE_GRACE),
            LeavingStage::Killed => (Effect::KillAgent, KILL_GRACE),
        };
        step.push(effect);
        self.phase = Phase::Leaving(Leaving {
            generation,
            stage,
            deadline: step.now() + grace,
        });
    }

    pub(super) fn on_exit(&mut self, exit: &AgentExit, step: &mut Step<'_>) {
        step.push(Effect::ForgetAgent);
        let phase = std::mem::replace(&mut self.phase, Phase::Asleep);
        if let Phase::Live(live) = phase {
            if let Handshake::Refused(refusal) = live.handshake
                && !live.has_worked()
            {
                self.open_differently(refusal, live, step);
                return;
            }
            match live.turn {
                Some(turn) => self.turn_lost_its_agent(*turn, exit, live.handshake, step),
                None if live.works_in_background(step.now()) => {
                    step.notice(texts::background_died(exit));
                }
                None => self.first_prompt_never_left(exit, live.handshake, step),
            }
        }
        step.slot(SlotChange::Released);
        match (self.ending, self.prompts.has_waiting()) {
            (Ending::Asked { .. }, _) => step.push(Effect::Finish),
            (Ending::No, false) => {}
            (Ending::No, true) => self.want_slot(step),
        }
    }

    /// Opens the conversation in the other way, with the same prompt unless it was stopped: the
    /// agent refused before it read anything, so nothing has run.
    fn open_differently(&mut self, refusal: Refusal, live: Live, step: &mut Step<'_>) {
        if let Some(turn) = live.turn {
            match turn.stop_reason() {
                Some(_) => {
                    step.reply(turn.prompt.message, texts::stopped_unread());
                    tell_dropped(turn.steered.len(), step);
                }
                None => self.take_back(*turn),
            }
        }
        if !self.prompts.has_waiting() || self.is_ending() {
            step.slot(SlotChange::Released);
            if self.is_ending() {
                if self.prompts.has_waiting() {
                    step.tell(texts::runs_when_back(self.prompts.n_waiting()));
                }
                step.push(Effect::Finish);
            }
            return;
        }
        let is_elsewhere = self.chat.is_elsewhere();
        self.chat.go_to_the_folder(step);
        let opening = match (refusal, live.opening) {
            _ if is_elsewhere => Opening::Fresh(step.conversation()),
            (Refusal::Unknown, _) => {
                step.notice(texts::conversation_lost());
                Opening::Fresh(step.conversation())
            }
            (Refusal::Taken, Opening::Fresh(id)) => Opening::Resumed(id),
            (Refusal::Taken, Opening::Resumed(_)) => Opening::Fresh(step.conversation()),
        };
        self.open(opening, step);
        if let Phase::Live(next) = &mut self.phase {
            next.room = match live.room {
                Room::Enough => Room::Enough,
                // This one is started with what holds.
                Room::Wanted | Room::Stale => Room::Wanted,
            };
        }
        self.start_turn(step);
    }

    fn turn_lost_its_agent(
        &mut self,
        mut turn: Turn,
        exit: &AgentExit,
        handshake: Handshake,
        step: &mut Step<'_>,
    ) {
        let is_opened = !matches!(handshake, Handshake::Pending { .. });
        if let (None, ExitStatus::Code(_) | ExitStatus::Signal(_), true) =
            (turn.stop_reason(), &exit.status, is_opened)
        {
            self.cut_short(turn, texts::died_in_turn(exit), step);
            return;
        }
        let partial = turn.said.take("");
        if !partial.is_empty() {
            self.post_answer(Some(turn.prompt.message), partial, step);
        }
        let dropped = turn.steered.iter().filter(|it| !it.is_taken).count();
        tell_dropped(dropped, step);
        let text = match (turn.stop_reason(), &exit.status) {
            (Some(reason), _) => texts::stopped_by_force(reason, self.chat.policy().silence_limit),
            (None, ExitStatus::NotStarted(why)) => texts::not_started(why),
            (None, ExitStatus::Code(_) | ExitStatus::Signal(_)) => texts::died_at_start(exit),
        };
        step.reply(turn.prompt.message, text);
    }

    /// An agent that dies in its handshake may leave the first prompt unwritten; it is not tried
    /// for ever.
    fn first_prompt_never_left(
        &mut self,
        exit: &AgentExit,
        handshake: Handshake,
        step: &mut Step<'_>,
    ) {
        let Handshake::Pending { .. } = handshake else {
            return;
        };
        let Some(prompt) = self.prompts.take_next() else {
            return;
        };
        let text = match &exit.status {
            ExitStatus::NotStarted(why) => texts::not_started(why),
            ExitStatus::Code(_) | ExitStatus::Signal(_) => texts::died_at_start(exit),
        };
        step.reply(prompt.message, text);
    }

    pub(super) fn post_answer(
        &self,
        reply_to: Option<MessageId>,
        text: String,
        step: &mut Step<'_>,
    ) {
        for body in texts::answer(text) {
            let tone = (crate::outbox::Rank::Answer, crate::outbox::Sound::Ring);
            step.send(body, reply_to, tone);
        }
    }
}
