//! The agent's life: slot, launch, turns, making room, ending.

use crate::agent_event::{AgentExit, ExitStatus, StartFault};
use crate::clock::Time;
use crate::ids::{Generation, MessageId};
use crate::ports::Conversation;
use crate::session::Prompt;
use crate::session::agent::{
    Experience, Handshake, Launch, LeavingStage, Life, Live, Refusal, Room,
};
use crate::session::effect::Effect;
use crate::session::prompts::Behind;
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{Closing, Turn, tell_dropped};
use crate::session_supervisor::SlotChange;

use super::budget::Admission;
use super::{Ending, Machine};

impl Machine {
    /// Puts a prompt in the queue, and lets it start if nothing is in its way.
    pub(super) fn queue_up(&mut self, prompt: Prompt, step: &mut Step<'_>) {
        let (message, id) = (prompt.message, prompt.id.clone());
        let can_deny = self.requests.place_denied_with(&prompt).is_some();
        self.prompts.push(prompt);
        if self.is_ending() {
            self.say_that_it_runs_later(message, step);
            return;
        }
        match self.agent.life() {
            Life::Asleep => self.want_slot_if_ready(step),
            // It works by itself, and takes no further turn before it goes.
            Life::Live(live) if live.room() == Room::Stale && self.turn.is_none() => {
                (self.prompts).say_that_it_waits(id, message, Behind::Other, step);
            }
            Life::Live(_) if self.turn.is_none() => self.start_next_turn(step),
            Life::Live(_) => {
                let behind = match (can_deny, self.requests.are_open()) {
                    (true, _) => Behind::Denial,
                    (false, true) => Behind::Request,
                    (false, false) => Behind::Turn,
                };
                self.prompts.say_that_it_waits(id, message, behind, step);
            }
            Life::Waiting { .. } => {
                (self.prompts).say_that_it_waits(id, message, Behind::Other, step);
            }
            // The agent is going: the prompt starts with the next one in a moment.
            Life::Leaving(_) => {}
        }
    }

    /// Wants a slot if what is next can run; else its files come first.
    pub(super) fn want_slot_if_ready(&mut self, step: &mut Step<'_>) {
        while self.prompts.has_ready() && self.keep_over_budget(Admission::Look, step) {}
        if self.prompts.has_ready() {
            self.agent.want_slot(step);
        }
    }

    /// Goes on when what is next can run since its files are here or what stood before it is gone,
    /// and lets others have the slot when its files are still to come.
    pub(super) fn go_on_if_ready(&mut self, step: &mut Step<'_>) {
        if self.is_ending() || !self.prompts.has_waiting() {
            return;
        }
        match (self.agent.life(), self.prompts.has_ready()) {
            (Life::Asleep, _) => self.want_slot_if_ready(step),
            (Life::Waiting { .. }, false) if !self.is_wanted_without_prompt() => {
                self.agent.withdraw(step);
            }
            (Life::Live(_), true) => self.start_next_turn(step),
            (Life::Live(_), false) | (Life::Waiting { .. } | Life::Leaving(_), _) => {}
        }
    }

    pub(super) fn on_slot_granted(&mut self, step: &mut Step<'_>) {
        if self.agent.on_slot_granted(step) {
            self.chat.go_to_the_folder(step);
            let conversation = self.chat.conversation_to_open(step);
            self.launch(conversation, Room::Enough, step);
        }
    }

    /// Starts an agent for the prompts that wait.
    fn launch(&mut self, conversation: Conversation, room: Room, step: &mut Step<'_>) {
        let launch = Launch {
            room: self.chat.room(step.key()),
            conversation,
            folder: self.chat.record().folder.clone(),
            trust: self.chat.record().trust,
            settings: self.chat.agent_settings(),
            full_home: self.chat.start_in_home(self.prompts.next()),
            logs_in: self.enquiries.want_login(),
        };
        self.chat.on_launched();
        self.agent.launch(launch, room, step);
        if self.chat.note_woken()
            && let Some(user) = self.chat.works_for()
        {
            self.agent.on_turn_begun(user);
        }
        self.start_turn(step);
    }

    /// Lets the agent go if its slot is wanted and it is between turns.
    pub(super) fn make_room(&mut self, step: &mut Step<'_>) {
        let live = self.agent.live();
        let is_busy = self.turn.is_some() || self.enquiries.are_under_way();
        if !is_busy && live.is_some_and(Live::is_to_make_room) {
            self.leave(LeavingStage::Closed, step);
        }
    }

    /// Ends the session as soon as its turn is over, at the latest at the deadline. What has not
    /// begun stays open in the journal, and runs when the bridge is back.
    pub(super) fn on_end_asked(&mut self, deadline: Time, step: &mut Step<'_>) {
        self.ending = Ending::Asked { deadline };
        let n_waiting = self.prompts.n_waiting() + self.gathering.len();
        if n_waiting > 0 {
            step.tell(step.say().runs_when_back(n_waiting));
        }
        match self.agent.life() {
            Life::Asleep => {
                self.chat.keep_answered(step);
                step.push(Effect::Finish);
            }
            Life::Waiting { .. } => {
                step.slot(SlotChange::Withdrawn);
                step.push(Effect::Finish);
            }
            Life::Live(_) if self.turn.is_some() && step.now() < deadline => {}
            Life::Live(_) | Life::Leaving(_) => self.end_now(step),
        }
    }

    /// Says to a prompt that came too late for this session that it is kept. What meets a lockdown
    /// is told of when that is over.
    pub(super) fn say_that_it_runs_later(&self, message: MessageId, step: &mut Step<'_>) {
        match self.ending {
            Ending::No | Ending::LockedDown => {}
            Ending::Asked { .. } => drop(step.reply(message, step.say().runs_when_back(1))),
        }
    }

    /// Lets the agent of a session that is to end go once its turn is over.
    pub(super) fn end_after_the_turn(&mut self, step: &mut Step<'_>) {
        if self.agent.live().is_some() && self.turn.is_none() && self.is_ending() {
            self.leave(LeavingStage::Closed, step);
        }
    }

    /// Ends the agent of a session that is to end, in the middle of its turn if need be.
    pub(super) fn end_now(&mut self, step: &mut Step<'_>) {
        let is_at_rest = self.agent.live().is_some_and(|live| {
            let works = self.turn.is_some() || live.works_by_itself(step.now());
            !works && live.handshake() == Handshake::Done
        });
        if let Some(turn) = self.turn.take() {
            self.cut_short(*turn, &step.say().interrupted_by_shutdown(), step);
        }
        // One that is killed may not have written down yet what it said last.
        let stage = match is_at_rest {
            true => LeavingStage::Closed,
            false => LeavingStage::Killed,
        };
        self.leave(stage, step);
    }

    /// Tells the agent to go; harder than before, never softer. Its turn is over, and what it said
    /// stays.
    pub(super) fn leave(&mut self, stage: LeavingStage, step: &mut Step<'_>) {
        let detail = self.chat.record().detail;
        if let Some(turn) = self.turn.take() {
            let (_, remains) = turn.cut(detail, step);
            self.closing = Some(Closing::cut(remains));
        }
        self.agent.post_said("", detail, step);
        self.agent.leave(stage, step);
    }

    /// Ends a turn that nobody wanted to end: what was said stays, and the person decides.
    pub(super) fn cut_short(&mut self, turn: Turn, text: &str, step: &mut Step<'_>) {
        let doing = turn.doing();
        let (prompts, remains) = turn.cut(self.chat.record().detail, step);
        self.closing = Some(Closing::cut(remains));
        for prompt in prompts {
            self.prompts.offer(prompt, text, doing.clone(), step);
        }
    }

    /// Runs a prompt once more in a new conversation: the agent that was to go on with the earlier
    /// one has done nothing at all.
    pub(super) fn set_conversation_aside(&mut self, turn: Turn, step: &mut Step<'_>) {
        let prompts = turn.into_prompts();
        if self.is_ending() {
            step.tell(step.say().runs_when_back(prompts.len()));
        } else {
            step.notice(step.say().conversation_empty());
        }
        self.chat.remember(None, step);
        self.prompts.push_first(prompts);
        self.leave(LeavingStage::Killed, step);
    }

    /// Notes that the agent of a value that broke is still dying.
    pub fn outlived_by(&mut self, generation: Generation, now: Time) {
        self.agent.outlived_by(generation, now);
    }

    pub(super) fn on_exit(&mut self, exit: &AgentExit, step: &mut Step<'_>) {
        let turn = self.turn.take();
        self.agent.post_said("", self.chat.record().detail, step);
        let live = self.agent.on_exit(step);
        self.enquiries_lost_their_agent(live.as_ref(), exit, step);
        if let Some(live) = live {
            let has_worked = turn.as_ref().is_some_and(|turn| turn.has_work())
                || live.experience() == Experience::Some;
            if let Handshake::Refused(refusal) = live.handshake()
                && !has_worked
            {
                self.open_differently(refusal, &live, turn, step);
                return;
            }
            match turn {
                Some(turn) => self.turn_lost_its_agent(*turn, exit, live.handshake(), step),
                None if self.works_by_itself(&live, step.now()) => {
                    step.say_end(texts::background_died(step.say(), exit), None);
                }
                None => self.first_prompt_never_left(exit, live.handshake(), step),
            }
        }
        step.slot(SlotChange::Released);
        match self.ending {
            Ending::Asked { .. } | Ending::LockedDown => {
                self.chat.keep_answered(step);
                step.push(Effect::Finish);
            }
            Ending::No => self.want_slot_if_ready(step),
        }
    }

    /// Opens the conversation in the other way, with the same prompt unless it was stopped: the
    /// agent refused before it read anything, so nothing has run.
    fn open_differently(
        &mut self,
        refusal: Refusal,
        live: &Live,
        turn: Option<Box<Turn>>,
        step: &mut Step<'_>,
    ) {
        match turn {
            Some(turn) if turn.stop_reason().is_some() => {
                step.reply(turn.prompt().message, step.say().stopped_unread());
                tell_dropped(turn.n_steered(), step);
            }
            Some(turn) => self.prompts.push_first(turn.into_prompts()),
            None => {}
        }
        let is_wanted = self.prompts.has_ready() || self.enquiries.wait();
        if !is_wanted || self.is_ending() {
            self.end_unopened(step);
            return;
        }
        let is_elsewhere = self.chat.is_elsewhere();
        self.chat.go_to_the_folder(step);
        let conversation = match (refusal, live.conversation()) {
            _ if is_elsewhere => Conversation::New(step.conversation()),
            (Refusal::Unknown, _) => {
                step.notice(step.say().conversation_lost());
                Conversation::New(step.conversation())
            }
            (Refusal::Taken, Conversation::New(id)) => Conversation::Resume(id.clone()),
            (Refusal::Taken, Conversation::Resume(_)) => Conversation::New(step.conversation()),
        };
        let room = match live.room() {
            Room::Enough => Room::Enough,
            // This one is started with what holds.
            Room::Wanted | Room::Stale => Room::Wanted,
        };
        self.launch(conversation, room, step);
    }

    /// Lets the slot go of an agent that refused, for which there is nothing left to do.
    fn end_unopened(&mut self, step: &mut Step<'_>) {
        step.slot(SlotChange::Released);
        if !self.is_ending() {
            return;
        }
        if self.prompts.has_waiting() {
            step.tell(step.say().runs_when_back(self.prompts.n_waiting()));
        }
        step.push(Effect::Finish);
    }

    fn turn_lost_its_agent(
        &mut self,
        turn: Turn,
        exit: &AgentExit,
        handshake: Handshake,
        step: &mut Step<'_>,
    ) {
        let is_opened = !matches!(handshake, Handshake::Pending { .. });
        match (turn.stop_reason(), &exit.status) {
            (None, ExitStatus::Code(_) | ExitStatus::Signal(_)) if is_opened => {
                self.cut_short(turn, &texts::died_in_turn(step.say(), exit), step);
            }
            (None, ExitStatus::NotStarted(StartFault::HomeFull(home))) => {
                self.end_for_full_home(turn, *home, step);
            }
            (None | Some(_), _) => {
                let remains = turn.end_with_agent(exit, self.chat.record().detail, step);
                self.closing = Some(Closing::cut(remains));
            }
        }
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
        match self.prompts.take_next() {
            Some(prompt) => self.tell_that_it_did_not_begin(prompt, exit, step),
            None => self.timers_are_missed(Some(exit), step),
        }
    }
}
