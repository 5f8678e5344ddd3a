//! What the agent says.

use crate::ids::{ConversationId, Generation, PromptId};
use crate::session::agent_event::{Activity, AgentEvent, TurnEnd, TurnOutcome};
use crate::session::request::PermissionRequest;
use crate::session::requests::Asking;
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{Progress, RetryTold, Stopping, Turn};
use crate::session_supervisor::SlotChange;

use super::outcome::answered_text;
use super::steer::tell_dropped;
use super::{Experience, Handshake, LeavingStage, Live, Machine, Opening, Phase, Refusal, Room};

/// From this attempt on the person is told that the API is tried again.
const RETRY_WORTH_TELLING: u32 = 2;

impl Machine {
    pub(super) fn on_agent_event(
        &mut self,
        generation: Generation,
        event: AgentEvent,
        step: &mut Step<'_>,
    ) {
        match &mut self.phase {
            Phase::Live(live) if live.generation == generation => {
                if let Some(turn) = &mut live.turn {
                    turn.last_sign_at = step.now();
                }
                self.on_live_event(event, step);
            }
            Phase::Leaving(leaving) if leaving.generation == generation => {
                // Only its end matters: whatever it still says belongs to nothing.
                if let AgentEvent::Exited(exit) = event {
                    self.on_exit(&exit, step);
                }
            }
            // Late words of an agent that is gone.
            Phase::Asleep | Phase::Waiting { .. } | Phase::Live(_) | Phase::Leaving(_) => {}
        }
    }

    fn on_live_event(&mut self, event: AgentEvent, step: &mut Step<'_>) {
        self.note_work(&event);
        self.note_progress(&event, step);
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
            } => {
                self.on_turn_started(&conversation, commands, step);
            }
            AgentEvent::PromptTaken(prompt) => {
                self.on_prompt_taken(&prompt);
                self.on_steered_taken(&prompt);
            }
            AgentEvent::Activity(activity) => self.on_activity(activity, step),
            AgentEvent::Said { message: _, text } => self.on_said(&text),
            AgentEvent::PermissionAsked(request) => {
                self.on_asked(*request, step);
            }
            AgentEvent::PermissionWithdrawn { request } => {
                if self.requests.on_withdrawn(&request, step) {
                    self.go_on_after_request(step);
                }
            }
            AgentEvent::TaskStarted(task) => {
                if let Some(agent) = self.live_agent() {
                    self.chat.on_task_started(agent, task);
                }
            }
            AgentEvent::TaskEnded { task } => self.chat.on_task_ended(&task),
            AgentEvent::Retrying {
                attempt,
                max_attempts,
                delay: _,
                reason,
            } => {
                self.on_retrying(attempt, max_attempts, &reason, step);
            }
            AgentEvent::TurnEnded(end) => self.on_turn_ended(end, step),
            AgentEvent::ConversationUnknown => self.on_refusal(Refusal::Unknown, step),
            AgentEvent::ConversationTaken => self.on_refusal(Refusal::Taken, step),
            AgentEvent::Exited(exit) => self.on_exit(&exit, step),
            // Signs of life; what they show belongs to the view of a running turn.
            AgentEvent::AttemptStarted
            | AgentEvent::TextDelta(_)
            | AgentEvent::ToolStarted { .. }
            | AgentEvent::Heartbeat => {}
        }
    }

    fn on_ready(&mut self, step: &mut Step<'_>) {
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        live.handshake = Handshake::Done;
        self.start_turn(step);
        self.make_room(step);
    }

    fn on_turn_started(
        &mut self,
        conversation: &ConversationId,
        commands: Vec<String>,
        step: &mut Step<'_>,
    ) {
        self.chat.on_commands(commands);
        if let Phase::Live(Live {
            turn: Some(turn), ..
        }) = &mut self.phase
        {
            turn.progress = Progress::Begun;
        }
        self.chat.remember(Some(conversation), step);
    }

    fn on_prompt_taken(&mut self, prompt: &PromptId) {
        if let Phase::Live(Live {
            turn: Some(turn), ..
        }) = &mut self.phase
            && turn.prompt.id == *prompt
            && turn.progress == Progress::Written
        {
            turn.progress = Progress::Taken;
        }
    }

    /// Ends a turn whose prompt the agent had taken before, and so does not work on.
    fn finish_known_prompt(&mut self, step: &mut Step<'_>) {
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        let is_known = |turn: &mut Box<Turn>| turn.progress == Progress::Taken;
        let Some(turn) = live.turn.take_if(is_known) else {
            return;
        };
        live.idle_since = step.now();
        let is_killed = turn.is_killed();
        self.cut_short(*turn, texts::taken_before(), step);
        if is_killed {
            self.leave(LeavingStage::Killed, step);
        }
        self.start_next_turn(step);
    }

    fn on_activity(&mut self, activity: Activity, step: &mut Step<'_>) {
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        let before = live.activity;
        live.activity = activity;
        match activity {
            Activity::Idle => {
                live.idle_since = step.now();
                let worked = before != Activity::Idle || live.turn.is_some();
                self.finish_known_prompt(step);
                let Phase::Live(live) = &mut self.phase else {
                    return;
                };
                let folded_end = live.turn.as_mut().and_then(|turn| turn.folded_end.take());
                if let Some(end) = folded_end {
                    self.finish_turn(end, step);
                } else if live.room != Room::Enough {
                    self.make_room(step);
                } else if live.turn.is_none() && worked {
                    step.slot(SlotChange::Idle);
                }
            }
            Activity::Running | Activity::WaitsForUs => {
                if before == Activity::Idle && live.turn.is_none() {
                    step.slot(SlotChange::Busy);
                }
            }
        }
    }

    fn on_said(&mut self, text: &str) {
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        match &mut live.turn {
            Some(turn) => turn.said.push(text),
            None => live.background.push(text),
        }
    }

    fn on_asked(&mut self, request: PermissionRequest, step: &mut Step<'_>) {
        let Phase::Live(live) = &self.phase else {
            return;
        };
        let turn = live.turn.as_ref();
        let asking = Asking {
            agent: live.generation,
            asker: turn.map(|turn| turn.prompt.author).or(live.asker),
            reply_to: turn.map(|turn| turn.prompt.message),
        };
        self.requests.on_asked(request, asking, step);
    }

    fn on_retrying(&mut self, attempt: u32, max_attempts: u32, reason: &str, step: &mut Step<'_>) {
        let Phase::Live(Live {
            turn: Some(turn), ..
        }) = &mut self.phase
        else {
            return;
        };
        if attempt < RETRY_WORTH_TELLING || turn.retry_told == RetryTold::Yes {
            return;
        }
        turn.retry_told = RetryTold::Yes;
        step.notice(texts::api_is_retried(reason, attempt, max_attempts));
    }

    fn on_turn_ended(&mut self, end: TurnEnd, step: &mut Step<'_>) {
        if let Some(conversation) = &end.conversation {
            self.chat.remember(Some(conversation), step);
        }
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        match &mut live.turn {
            Some(turn) if turn.is_ended_by(&end) => self.finish_turn(end, step),
            Some(turn) => {
                let said = turn.said.take(answered_text(&end));
                turn.folded_end = Some(end);
                self.post_background(said, step);
            }
            None => {
                live.idle_since = step.now();
                let said = live.background.take(answered_text(&end));
                self.post_background(said, step);
            }
        }
    }

    fn finish_turn(&mut self, end: TurnEnd, step: &mut Step<'_>) {
        self.note_end(&end);
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        let Some(mut turn) = live.turn.take() else {
            return;
        };
        live.idle_since = step.now();
        if is_lost_resume(live, &turn, &end) {
            self.set_conversation_aside(*turn, step);
            return;
        }
        live.experience = Experience::Some;
        let goes = match turn.stopping {
            Stopping::Killed { .. } => Some(LeavingStage::Killed),
            // After SIGINT it says how the turn ended, and exits.
            Stopping::Signalled { .. } => Some(LeavingStage::Closed),
            Stopping::No | Stopping::Asked { .. } => None,
        };
        let follow_up = turn.follow_up(&end, step.now());
        self.post_outcome(*turn, end, step);
        if let Some(stage) = goes {
            // What it was given is lost.
            let dropped = follow_up.map_or(0, |turn| 1 + turn.steered.len());
            tell_dropped(dropped, step);
            self.leave(stage, step);
        } else if let Phase::Live(live) = &mut self.phase {
            live.turn = follow_up.map(Box::new);
        }
        let Phase::Live(live) = &self.phase else {
            return;
        };
        if live.room == Room::Enough {
            self.start_next_turn(step);
        }
        self.make_room(step);
        let Phase::Live(live) = &self.phase else {
            return;
        };
        if live.turn.is_none() && live.activity == Activity::Idle {
            step.slot(SlotChange::Idle);
        }
    }

    fn on_refusal(&mut self, refusal: Refusal, step: &mut Step<'_>) {
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        if live.has_worked() {
            return;
        }
        live.handshake = Handshake::Refused(refusal);
        if refusal == Refusal::Unknown {
            self.chat.remember(None, step);
        }
    }
}

/// Tells whether an agent that resumed a conversation ended its first turn without having done
/// anything: some have been seen to, when what they keep of the conversation was damaged.
fn is_lost_resume(live: &Live, turn: &Turn, end: &TurnEnd) -> bool {
    let is_first = live.experience == Experience::None;
    let is_resumed = matches!(live.opening, Opening::Resumed(_));
    let is_command = turn.prompt.text.starts_with('/');
    let is_empty = match &end.outcome {
        TurnOutcome::Answered { text } => text.trim().is_empty(),
        TurnOutcome::Interrupted | TurnOutcome::ApiError { .. } | TurnOutcome::Failed { .. } => {
            false
        }
    };
    let did_nothing = !turn.has_work() && turn.stop_reason().is_none();
    is_first && is_resumed && is_empty && did_nothing && !is_command
}
