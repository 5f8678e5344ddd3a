//! The agent's life: slot, launch, making room, ending.

use crate::clock::Time;
use crate::ids::MessageId;
use crate::ports::{AgentInput, Conversation, LaunchOrder};
use crate::session::agent_event::{Activity, AgentExit, ExitStatus};
use crate::session::effect::Effect;
use crate::session::policy::{CLOSE_GRACE, KILL_GRACE};
use crate::session::texts;
use crate::session::turn::{Said, Turn};
use crate::session_supervisor::SlotChange;

use super::{
    Ending, Experience, Fresh, Handshake, Leaving, LeavingStage, Live, Machine, Opening, Phase,
    Refusal, Room,
};

impl Machine {
    pub(super) fn on_slot_granted(
        &mut self,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        match &self.phase {
            Phase::Waiting { notice } => {
                if let Some(id) = *notice {
                    self.edit(id, texts::wait_is_over(), out);
                }
                self.launch(now, fresh, out);
                self.start_turn(now, out);
            }
            // The grant crossed a withdrawal on its way.
            Phase::Asleep => out.push(Effect::Slot(SlotChange::Released)),
            // The slot of the running agent is held already.
            Phase::Live(_) | Phase::Leaving(_) => {}
        }
    }

    pub(super) fn on_slot_delayed(
        &mut self,
        ahead: usize,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let Phase::Waiting { notice } = &self.phase else {
            return;
        };
        let text = texts::waits_for_slot(ahead);
        match *notice {
            Some(id) => self.edit(id, text, out),
            None => {
                let id = self.notice(text, fresh, out);
                self.phase = Phase::Waiting { notice: Some(id) };
            }
        }
    }

    pub(super) fn on_yield_asked(&mut self, now: Time, out: &mut Vec<Effect>) {
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        if live.room == Room::Enough {
            live.room = Room::Wanted;
        }
        self.make_room(now, out);
    }

    /// Lets the agent go if its slot is wanted and it is between turns.
    pub(super) fn make_room(&mut self, now: Time, out: &mut Vec<Effect>) {
        let Phase::Live(live) = &self.phase else {
            return;
        };
        let is_between_turns = live.turn.is_none() && live.activity == Activity::Idle;
        if live.room != Room::Enough && is_between_turns && live.handshake == Handshake::Done {
            self.leave(LeavingStage::Closed, now, out);
        }
    }

    /// Ends the session as soon as its turn is over, at the latest at the deadline. What has not
    /// begun stays open in the journal, and runs when the bridge is back.
    pub(super) fn on_end_asked(
        &mut self,
        deadline: Time,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        self.ending = Ending::Asked { deadline };
        if !self.queue.is_empty() {
            let text = texts::runs_when_back(self.queue.len());
            self.tell(text, fresh, out);
        }
        match &self.phase {
            Phase::Asleep => out.push(Effect::Finish),
            Phase::Waiting { .. } => {
                out.push(Effect::Slot(SlotChange::Withdrawn));
                out.push(Effect::Finish);
            }
            Phase::Live(live) if live.turn.is_some() && now < deadline => {}
            Phase::Live(_) | Phase::Leaving(_) => self.end_now(now, fresh, out),
        }
    }

    /// Lets the agent of a session that is to end go once its turn is over.
    pub(super) fn end_after_the_turn(&mut self, now: Time, out: &mut Vec<Effect>) {
        if let Phase::Live(Live { turn: None, .. }) = &self.phase
            && self.is_ending()
        {
            self.leave(LeavingStage::Closed, now, out);
        }
    }

    pub(super) fn is_ending(&self) -> bool {
        match self.ending {
            Ending::No => false,
            Ending::Asked { .. } => true,
        }
    }

    /// Ends the agent of a session that is to end, in the middle of its turn if need be.
    pub(super) fn end_now(&mut self, now: Time, fresh: &mut Fresh<'_>, out: &mut Vec<Effect>) {
        let (turn, is_at_rest) = match &mut self.phase {
            Phase::Live(live) => {
                let turn = live.turn.take();
                let is_at_rest = turn.is_none() && !live.works_in_background(now);
                (turn, is_at_rest && live.handshake == Handshake::Done)
            }
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => (None, false),
        };
        if let Some(turn) = turn {
            self.cut_short(*turn, texts::interrupted_by_shutdown(), fresh, out);
        }
        // One that is killed may not have written down yet what it said last.
        let stage = match is_at_rest {
            true => LeavingStage::Closed,
            false => LeavingStage::Killed,
        };
        self.leave(stage, now, out);
    }

    /// Starts an agent for the prompts that wait.
    fn launch(&mut self, now: Time, fresh: &mut Fresh<'_>, out: &mut Vec<Effect>) {
        self.go_to_the_folder(out);
        let opening = match &self.record.conversation {
            Some(known) => Opening::Resumed(known.clone()),
            // One that a prompt was sent to before the agent could say that it exists: if it does,
            // the agent says that the id is taken, and it is resumed.
            None => match self.begun_conversation.take() {
                Some(begun) => Opening::Fresh(begun),
                None => Opening::Fresh((fresh.conversation)()),
            },
        };
        self.open(opening, now, fresh, out);
    }

    fn open(&mut self, opening: Opening, now: Time, fresh: &mut Fresh<'_>, out: &mut Vec<Effect>) {
        let generation = (fresh.generation)();
        let conversation = match &opening {
            Opening::Fresh(id) => Conversation::New(id.clone()),
            Opening::Resumed(id) => Conversation::Resume(id.clone()),
        };
        out.push(Effect::Launch(LaunchOrder {
            key: self.key,
            generation,
            conversation,
            folder: self.record.folder.clone(),
            trust: self.record.trust,
            settings: self.record.choices.over(&self.settings.agent),
        }));
        self.phase = Phase::Live(Live {
            generation,
            opening,
            handshake: Handshake::Pending {
                deadline: now + self.policy.start_timeout,
            },
            turn: None,
            experience: Experience::None,
            room: Room::Enough,
            background: Said::default(),
            activity: Activity::Idle,
            asked: Vec::new(),
            asker: None,
            tasks: Vec::new(),
            cost: 0.0,
            idle_since: now,
        });
    }

    /// Tells the agent to go; harder than before, never softer.
    pub(super) fn leave(&mut self, stage: LeavingStage, now: Time, out: &mut Vec<Effect>) {
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
        out.push(effect);
        self.phase = Phase::Leaving(Leaving {
            generation,
            stage,
            deadline: now + grace,
        });
    }

    pub(super) fn on_exit(
        &mut self,
        exit: &AgentExit,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        out.push(Effect::ForgetAgent);
        let phase = std::mem::replace(&mut self.phase, Phase::Asleep);
        if let Phase::Live(live) = phase {
            if let Handshake::Refused(refusal) = live.handshake
                && !live.has_worked()
            {
                self.open_differently(refusal, live, now, fresh, out);
                return;
            }
            match live.turn {
                Some(turn) => self.turn_lost_its_agent(*turn, exit, live.handshake, fresh, out),
                None if live.works_in_background(now) => {
                    self.notice(texts::background_died(exit), fresh, out);
                }
                None => self.first_prompt_never_left(exit, live.handshake, fresh, out),
            }
        }
        out.push(Effect::Slot(SlotChange::Released));
        match (self.ending, self.queue.is_empty()) {
            (Ending::Asked { .. }, _) => out.push(Effect::Finish),
            (Ending::No, true) => {}
            (Ending::No, false) => self.want_slot(out),
        }
    }

    /// Opens the conversation in the other way, with the same prompt unless it was stopped: the
    /// agent refused before it read anything, so nothing has run.
    fn open_differently(
        &mut self,
        refusal: Refusal,
        live: Live,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        if let Some(turn) = live.turn {
            match turn.stop_reason() {
                Some(_) => {
                    self.reply(turn.prompt.message, texts::stopped_unread(), fresh, out);
                    self.tell_dropped(turn.steered.len(), fresh, out);
                }
                None => self.take_back(*turn),
            }
        }
        if self.queue.is_empty() || self.is_ending() {
            out.push(Effect::Slot(SlotChange::Released));
            if self.is_ending() {
                if !self.queue.is_empty() {
                    self.tell(texts::runs_when_back(self.queue.len()), fresh, out);
                }
                out.push(Effect::Finish);
            }
            return;
        }
        let is_elsewhere = self.record.folder != self.settings.folder;
        self.go_to_the_folder(out);
        let opening = match (refusal, live.opening) {
            _ if is_elsewhere => Opening::Fresh((fresh.conversation)()),
            (Refusal::Unknown, _) => {
                self.notice(texts::conversation_lost(), fresh, out);
                Opening::Fresh((fresh.conversation)())
            }
            (Refusal::Taken, Opening::Fresh(id)) => Opening::Resumed(id),
            (Refusal::Taken, Opening::Resumed(_)) => Opening::Fresh((fresh.conversation)()),
        };
        self.open(opening, now, fresh, out);
        if let Phase::Live(next) = &mut self.phase {
            next.room = match live.room {
                Room::Enough => Room::Enough,
                // This one is started with what holds.
                Room::Wanted | Room::Stale => Room::Wanted,
            };
        }
        self.start_turn(now, out);
    }

    fn turn_lost_its_agent(
        &mut self,
        mut turn: Turn,
        exit: &AgentExit,
        handshake: Handshake,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let is_opened = !matches!(handshake, Handshake::Pending { .. });
        if let (None, ExitStatus::Code(_) | ExitStatus::Signal(_), true) =
            (turn.stop_reason(), &exit.status, is_opened)
        {
            self.cut_short(turn, texts::died_in_turn(exit), fresh, out);
            return;
        }
        let partial = turn.said.take("");
        if !partial.is_empty() {
            self.post_answer(Some(turn.prompt.message), partial, fresh, out);
        }
        let dropped = turn.steered.iter().filter(|it| !it.is_taken).count();
        self.tell_dropped(dropped, fresh, out);
        let text = match (turn.stop_reason(), &exit.status) {
            (Some(reason), _) => texts::stopped_by_force(reason, self.policy.silence_limit),
            (None, ExitStatus::NotStarted(why)) => texts::not_started(why),
            (None, ExitStatus::Code(_) | ExitStatus::Signal(_)) => texts::died_at_start(exit),
        };
        self.reply(turn.prompt.message, text, fresh, out);
    }

    /// An agent that dies in its handshake may leave the first prompt unwritten; it is not tried
    /// for ever.
    fn first_prompt_never_left(
        &mut self,
        exit: &AgentExit,
        handshake: Handshake,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let Handshake::Pending { .. } = handshake else {
            return;
        };
        let Some(prompt) = self.queue.pop_front() else {
            return;
        };
        let text = match &exit.status {
            ExitStatus::NotStarted(why) => texts::not_started(why),
            ExitStatus::Code(_) | ExitStatus::Signal(_) => texts::died_at_start(exit),
        };
        self.reply(prompt.message, text, fresh, out);
    }

    pub(super) fn post_answer(
        &self,
        reply_to: Option<MessageId>,
        text: String,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        for body in texts::answer(text) {
            let tone = (crate::outbox::Rank::Answer, crate::outbox::Sound::Ring);
            self.send(body, reply_to, tone, fresh, out);
        }
    }
}
