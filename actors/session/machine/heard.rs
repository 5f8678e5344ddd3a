//! What the agent says.

use crate::agent_event::{Activity, AgentEvent, TurnEnd, TurnOrigin, TurnOutcome};
use crate::ids::{ConversationId, Generation, PromptId};
use crate::money::{Bill, Charged};
use crate::permission_request::PermissionRequest;
use crate::ports::AgentInput;
use crate::session::agent::{Experience, LeavingStage, Live, Refusal, Room, Voice};
use crate::session::requests::Asking;
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{Closing, Halted, Stopping, Turn, answered_text, tell_dropped};
use crate::session_supervisor::SlotChange;

use super::Machine;
use super::charged::bill_of;

impl Machine {
    pub(super) fn on_agent_event(
        &mut self,
        generation: Generation,
        event: AgentEvent,
        step: &mut Step<'_>,
    ) {
        match (self.agent.voice(generation), event) {
            (Voice::Live, event) => {
                self.note_work(&event, step);
                self.on_live_event(event, step);
            }
            (Voice::Leaving, AgentEvent::Exited(exit)) => self.on_exit(&exit, step),
            // Whatever it still says belongs to nothing.
            (Voice::Leaving | Voice::Late, _) => {}
        }
    }

    /// Notes a sign of life of the running turn, and what it says of its work.
    fn note_work(&mut self, event: &AgentEvent, step: &Step<'_>) {
        self.agent.on_sign(step.now());
        let Some(turn) = &mut self.turn else { return };
        turn.on_sign(step.now());
        if let Some(stage) = turn.note_work(event, step) {
            (self.prompts).note_stage(turn.prompt().id.clone(), stage);
        }
    }

    fn on_live_event(&mut self, event: AgentEvent, step: &mut Step<'_>) {
        match event {
            AgentEvent::Ready {
                commands,
                version,
                models,
            } => {
                self.chat.on_ready(commands, version, models);
                self.on_ready(step);
            }
            AgentEvent::TurnStarted {
                conversation,
                commands,
            } => self.on_turn_started(&conversation, commands, step),
            AgentEvent::PromptTaken(prompt) => self.on_prompt_taken(prompt),
            AgentEvent::Activity(activity) => self.on_activity(activity, step),
            AgentEvent::Said { message: _, text } => match &mut self.turn {
                Some(turn) => turn.on_said(&text),
                None => self.agent.on_said(&text),
            },
            AgentEvent::PermissionAsked(request) => self.on_asked(*request, step),
            AgentEvent::PermissionWithdrawn { request } => {
                self.on_withdrawn(&request, step);
            }
            // Its first effect is the journal's, and a journal that cannot write ends the bridge: a
            // prompt whose tool may have run is not given to an agent again.
            AgentEvent::ToolWaits { request } => step.write(AgentInput::LetRun { request }),
            AgentEvent::FilesOffered(offer) => self.on_files_offered(*offer, step),
            AgentEvent::FilesWithdrawn { id } => self.on_files_withdrawn(&id, step),
            AgentEvent::TaskStarted(task) => {
                if let Some(agent) = self.agent.generation() {
                    self.chat.on_task_started(agent, task, step);
                }
            }
            AgentEvent::TaskEnded { task } => {
                self.agent.on_turn_over(step.now());
                self.chat.on_task_ended(&task, step);
            }
            AgentEvent::Retrying {
                attempt,
                max_attempts,
                delay: _,
                reason,
            } => {
                if let Some(turn) = &mut self.turn {
                    turn.on_retrying((attempt, max_attempts), &reason, step);
                }
            }
            AgentEvent::TurnEnded(end) => self.on_turn_ended(end, step),
            AgentEvent::News(news) => self.on_news(news, step),
            AgentEvent::Found { asked_in, findings } => self.on_found(&asked_in, findings, step),
            AgentEvent::ConversationUnknown => self.on_refusal(Refusal::Unknown, step),
            AgentEvent::ConversationTaken => self.on_refusal(Refusal::Taken, step),
            AgentEvent::Exited(exit) => self.on_exit(&exit, step),
            AgentEvent::ToolStarted { .. } => {
                if self.turn.is_none() {
                    self.agent.on_tool();
                }
            }
            // Signs of life; what they show belongs to the view of a running turn.
            AgentEvent::AttemptStarted | AgentEvent::TextDelta(_) | AgentEvent::Heartbeat => {}
        }
    }

    /// Gives an agent that has answered the handshake what waits for it.
    fn on_ready(&mut self, step: &mut Step<'_>) {
        self.agent.on_ready();
        let is_resumed = (self.agent.live()).is_some_and(Live::is_new_to_an_old_conversation);
        self.enquiries
            .on_ready(self.chat.answered().filter(|_| is_resumed));
        self.start_turn(step);
        self.see_to_enquiries(step);
        if self.turn.is_none() && !self.enquiries.are_under_way() {
            step.slot(SlotChange::Idle);
        }
        self.make_room(step);
    }

    fn on_turn_started(
        &mut self,
        conversation: &ConversationId,
        commands: Vec<String>,
        step: &mut Step<'_>,
    ) {
        self.chat.on_commands(commands);
        if let Some(turn) = &mut self.turn {
            turn.on_begun();
        }
        self.chat.remember(Some(conversation), step);
    }

    fn on_prompt_taken(&mut self, prompt: PromptId) {
        let turn = self.turn.as_deref_mut();
        if let Some(stage) = turn.and_then(|turn| turn.on_taken(&prompt)) {
            self.prompts.note_stage(prompt, stage);
        }
    }

    pub(super) fn on_asked(&mut self, request: PermissionRequest, step: &mut Step<'_>) {
        let Some(live) = self.agent.live() else {
            return;
        };
        let prompt = self.turn.as_deref().map(Turn::prompt);
        let asking = Asking {
            agent: live.generation(),
            asker: prompt.map(|prompt| prompt.author).or(live.asker()),
            reply_to: prompt.map(|prompt| prompt.message),
        };
        let doing = texts::asked_to_run(step.say(), &request);
        let name = request.id.clone();
        let is_open = self.requests.on_asked(request, asking, step);
        if let (true, Some(turn), Some(doing)) = (is_open, &mut self.turn, doing)
            && let Some(stage) = turn.on_asked_to_run(name, doing, step.say())
        {
            (self.prompts).note_stage(turn.prompt().id.clone(), stage);
        }
    }

    fn on_withdrawn(&mut self, request: &str, step: &mut Step<'_>) {
        if let Some(turn) = &mut self.turn {
            turn.on_withdrawn(request);
        }
        if self.requests.on_withdrawn(request, step) {
            self.go_on_after_request(step);
        }
    }

    /// Notes whether something runs that a person was asked about.
    pub(super) fn note_decided(&mut self, request: &str, runs: bool, step: &Step<'_>) {
        if let Some(turn) = &mut self.turn
            && let Some(stage) = turn.on_decided(request, runs, step.say())
        {
            (self.prompts).note_stage(turn.prompt().id.clone(), stage);
        }
    }

    /// Lets a turn, or work in the background, go on that waited for an answer.
    pub(super) fn go_on_after_request(&mut self, step: &Step<'_>) {
        self.agent.on_sign(step.now());
        if let Some(turn) = &mut self.turn {
            turn.on_answered(step.now());
        }
    }

    fn on_activity(&mut self, activity: Activity, step: &mut Step<'_>) {
        let before = self.agent.on_activity(activity, step.now());
        let has_turn = self.turn.is_some();
        match activity {
            Activity::Idle => self.on_idle(before != Activity::Idle || has_turn, step),
            Activity::Running | Activity::WaitsForUs => {
                if before == Activity::Idle && !has_turn {
                    step.slot(SlotChange::Busy);
                }
            }
        }
    }

    fn on_idle(&mut self, worked: bool, step: &mut Step<'_>) {
        self.finish_known_prompt(step);
        let Some(live) = self.agent.live() else {
            return;
        };
        let room = live.room();
        let folded_end = self.turn.as_deref_mut().and_then(Turn::take_folded_end);
        if let Some((end, cost)) = folded_end {
            // It was charged when that ended.
            self.finish_turn(end, (cost, Bill::NOTHING), step);
        } else if room != Room::Enough {
            self.make_room(step);
        } else if self.turn.is_none() && worked {
            step.slot(SlotChange::Idle);
        }
    }

    /// Ends a turn whose prompt the agent had taken before, and so does not work on.
    fn finish_known_prompt(&mut self, step: &mut Step<'_>) {
        let Some(turn) = self.turn.take_if(|turn| turn.is_only_taken()) else {
            return;
        };
        self.agent.on_turn_over(step.now());
        let is_killed = turn.is_killed();
        self.cut_short(*turn, &step.say().interrupted_taken_before(), step);
        if is_killed {
            self.leave(LeavingStage::Killed, step);
        }
        self.start_next_turn(step);
    }

    fn on_turn_ended(&mut self, end: TurnEnd, step: &mut Step<'_>) {
        if let Some(conversation) = &end.conversation {
            self.chat.remember(Some(conversation), step);
        }
        let detail = self.chat.record().detail;
        let cost = self.agent.cost_of_turn(end.cost);
        let bill = bill_of(&end, cost);
        match &mut self.turn {
            Some(turn) if turn.is_ended_by(&end) => {
                self.finish_turn(end, (cost, bill), step);
            }
            Some(turn) => {
                step.charge(turn.prompt().author, Charged::Itself, bill);
                turn.fold((end, cost), detail, step);
            }
            None => {
                self.charge_for_own_work(bill, step);
                self.agent.note_experience();
                let text = answered_text(step.say(), &end);
                self.agent.post_said(&text, detail, step);
            }
        }
    }

    /// Ends the turn, which shows one cost and is charged with another.
    fn finish_turn(
        &mut self,
        end: TurnEnd,
        (cost, bill): (Option<f64>, Bill),
        step: &mut Step<'_>,
    ) {
        self.closing = Some(Closing::of(&end, cost));
        let Some(mut turn) = self.turn.take() else {
            return;
        };
        self.agent.on_turn_over(step.now());
        let live = self.agent.live();
        let is_new = live.is_some_and(|live| live.is_new_to_an_old_conversation());
        if is_new && turn.did_nothing(&end) {
            self.set_conversation_aside(*turn, step);
            return;
        }
        self.agent.note_experience();
        step.charge(turn.prompt().author, Charged::Turn, bill);
        let goes = match turn.stopping() {
            Stopping::Killed { .. } => Some(LeavingStage::Killed),
            // After SIGINT it says how the turn ended, and exits.
            Stopping::Signalled { .. } => Some(LeavingStage::Closed),
            Stopping::No | Stopping::Asked { .. } => None,
        };
        if turn.has_edited() && goes.is_none() {
            self.enquiries.on_turn_changed(turn.prompt().id.clone());
        }
        let follow_up = turn.follow_up(&end, step.now());
        let answered = is_answered(&end, &turn).then(|| turn.take_id());
        self.chat.on_turn_over(answered);
        let (remains, halted) = turn.post_outcome(end, self.chat.record().detail, step);
        if let Some(Halted {
            prompt,
            error,
            fault,
        }) = halted
        {
            self.prompts.on_halted(prompt, (&fault, &error), step);
        }
        self.closing = self.closing.take().map(|closing| closing.with(remains));
        match goes {
            Some(stage) => {
                // What it was given is lost.
                let dropped = follow_up.map_or(0, |turn| turn.prompts().count());
                tell_dropped(dropped, step);
                self.leave(stage, step);
            }
            None => {
                self.turn = follow_up.map(Box::new);
                self.see_to_enquiries(step);
                self.go_on_between_turns(step);
            }
        }
    }

    /// Lets the next turn begin, the agent go, or others know that it is idle.
    pub(super) fn go_on_between_turns(&mut self, step: &mut Step<'_>) {
        let room = self.agent.live().map(|live| live.room());
        if room == Some(Room::Enough) {
            self.start_next_turn(step);
        }
        self.make_room(step);
        if let Some(live) = self.agent.live()
            && self.turn.is_none()
            && live.activity() == Activity::Idle
        {
            step.slot(SlotChange::Idle);
        }
    }

    fn on_refusal(&mut self, refusal: Refusal, step: &mut Step<'_>) {
        if self.has_worked() {
            return;
        }
        self.agent.on_refusal(refusal);
        if refusal == Refusal::Unknown {
            self.chat.remember(None, step);
        }
    }

    /// Tells whether the agent has worked, and so has opened its conversation, whatever it says.
    fn has_worked(&self) -> bool {
        let works = self.turn.as_ref().is_some_and(|turn| turn.has_work());
        let live = self.agent.live();
        works || live.is_some_and(|live| live.experience() == Experience::Some)
    }
}

/// Tells whether a conversation has to hold the prompt of a turn from now on. What is a command of
/// Claude Code may not be in it.
fn is_answered(end: &TurnEnd, turn: &Turn) -> bool {
    let is_answered = matches!(end.outcome, TurnOutcome::Answered { .. });
    is_answered && end.origin == TurnOrigin::Prompt && !turn.prompt().text.starts_with('/')
}
