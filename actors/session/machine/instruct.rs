//! What the person wants: prompts, `/new`, `/stop`, `/status`.

use crate::clock::Time;
use crate::ids::{MessageId, UserId};
use crate::ports::{AgentInput, PromptForm, Trust};
use crate::session::agent_event::Activity;
use crate::session::buttons::Meaning;
use crate::session::chat::{Chosen, Reach, Trusting};
use crate::session::effect::Effect;
use crate::session::policy::TYPING_INTERVAL;
use crate::session::prompts::{Behind, instead};
use crate::session::requests::{Decided, Heard};
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::Turn;
use crate::session::{Command, CommandKind, Instruct, Press, Prompt};
use crate::session_supervisor::SlotChange;
use crate::user_registry::Role;

use super::progress::stop_harder;
use super::steer::tell_dropped;
use super::{Handshake, LeavingStage, Machine, Opening, Phase, Room};

impl Machine {
    pub(super) fn on_instruction(&mut self, instruction: Instruct, step: &mut Step<'_>) {
        // It can come twice: from the journal, and from a mailbox that outlived a fault.
        let id = instruction.id();
        if self.prompts.was_taken_over(id) || self.holds(id) {
            return;
        }
        match instruction {
            Instruct::Prompt(prompt) => self.on_text(prompt, None, step),
            Instruct::Reply { to, prompt } => self.on_text(prompt, Some(to), step),
            Instruct::Replace(prompt) => {
                let running = self.turn_on_show().map(|turn| turn.prompt.clone());
                self.prompts.replace(prompt, running.as_ref(), step);
            }
            Instruct::Command(command) => self.on_command(command, step),
            Instruct::Press(press) => self.on_press(press, step),
            Instruct::StopDraft(stop) => self.on_draft_stopped(&stop, step),
        }
    }

    fn on_command(&mut self, command: Command, step: &mut Step<'_>) {
        let Command {
            id,
            by,
            role,
            message,
            kind,
        } = command;
        match kind {
            CommandKind::NewConversation { prompt } => {
                self.on_new(message, step);
                if let Some(text) = prompt {
                    let prompt = Prompt {
                        id,
                        author: by,
                        message,
                        text,
                    };
                    self.prompts.note_accepted(prompt.clone());
                    self.on_text(prompt, None, step);
                }
            }
            CommandKind::Stop => self.on_stop(message, step),
            CommandKind::Tasks => self.chat.on_tasks_asked(message, step),
            CommandKind::Trust(trust) => {
                self.on_trust((message, trust), (by, role), step);
            }
            CommandKind::Choose { setting, value } => {
                let value = value.as_deref();
                let chosen = (self.chat).on_choose((message, role), setting, value, step);
                self.on_chosen(chosen, step);
            }
            CommandKind::Show(detail) => self.chat.on_show(message, detail, step),
            CommandKind::Drafts(wish) => self.chat.on_drafts_wish(message, wish, step),
            CommandKind::Status => {
                let text = self.status(step.now());
                step.inform(message, text);
            }
        }
    }

    /// Hands a press to whatever its button belongs to.
    fn on_press(&mut self, press: Press, step: &mut Step<'_>) {
        let data = press.data.clone();
        match Meaning::parse(&data) {
            Some(Meaning::Request(answer, nonce)) => {
                let pressed = Some((answer, nonce));
                let decided = self.requests.on_pressed(press, pressed, step);
                self.on_decided(decided, step);
            }
            Some(Meaning::NoRequest) => drop(self.requests.on_pressed(press, None, step)),
            Some(Meaning::Offer(answer, nonce)) => {
                let pressed = Some((answer, nonce));
                if let Some(prompt) = self.prompts.on_offer_pressed(press, pressed, step) {
                    self.queue_up(prompt, step);
                }
            }
            Some(Meaning::NoOffer) | None => {
                drop(self.prompts.on_offer_pressed(press, None, step));
            }
            Some(Meaning::Stop(nonce)) => self.on_stop_pressed(press, nonce, step),
            Some(Meaning::Waiting(wish, message)) => {
                self.on_wish_pressed(press, (wish, message), step);
            }
            Some(Meaning::Value(place, nonce)) => {
                let chosen = self.chat.on_picked(press, (place, nonce), step);
                self.on_chosen(chosen, step);
            }
            Some(Meaning::Task(place, nonce)) => {
                self.chat.on_task_pressed(press, (place, nonce), step);
            }
        }
    }

    /// Lets a turn go on that waited for a decision.
    fn on_decided(&mut self, decided: Option<Decided>, step: &mut Step<'_>) {
        let Some(decided) = decided else { return };
        if decided.leaves_the_mode {
            self.chat.leave_the_mode(step);
        }
        self.go_on_after_request(step);
        if let Some(turn) = self.running_turn().filter(|_| !decided.runs) {
            turn.card.on_decided();
        }
    }

    /// Lets a turn go on that waited for an answer.
    pub(super) fn go_on_after_request(&mut self, step: &Step<'_>) {
        if let Some(turn) = self.running_turn() {
            turn.last_sign_at = step.now();
            turn.typing_at = step.now() + TYPING_INTERVAL;
        }
    }

    /// Lets a choice reach the agent that runs, and says it.
    fn on_chosen(&mut self, chosen: Option<Chosen>, step: &mut Step<'_>) {
        let Some(chosen) = chosen else { return };
        match chosen.reach.clone() {
            Reach::Told(input) if self.live_agent().is_some() => step.write(input),
            Reach::Told(_) => {}
            Reach::Next => self.on_stale(step),
        }
        chosen.say(step);
    }

    /// Lets what the folder brings along run, or no longer; the agent is started anew for it.
    fn on_trust(
        &mut self,
        (message, trust): (MessageId, Trust),
        who: (UserId, Role),
        step: &mut Step<'_>,
    ) {
        match self.chat.on_trust((message, trust), who, step) {
            Trusting::Refused => return,
            Trusting::Unchanged => {}
            Trusting::Changed => self.on_stale(step),
        }
        self.chat.say_trust(message, step);
    }

    fn on_text(&mut self, prompt: Prompt, reply_to: Option<MessageId>, step: &mut Step<'_>) {
        let prompt = match self.requests.on_text(prompt, reply_to, step) {
            Heard::Prompt(prompt) => prompt,
            Heard::Answer(decided) => {
                self.on_decided(decided, step);
                return;
            }
        };
        match instead(&prompt.text).map(str::to_owned) {
            Some(text) => self.on_instead(Prompt { text, ..prompt }, step),
            None => self.on_prompt(prompt, step),
        }
    }

    pub(super) fn on_prompt(&mut self, prompt: Prompt, step: &mut Step<'_>) {
        if self.prompts.is_full(step) {
            self.prompts.refuse(&prompt, step);
            return;
        }
        step.react(prompt.message, "👀");
        self.queue_up(prompt, step);
    }

    /// Tells what a prompt waits behind that does not start at once.
    fn behind(&self) -> Behind {
        match self.turn_on_show() {
            Some(_) => Behind::Turn,
            None => Behind::Other,
        }
    }

    /// Puts a prompt in the queue, and lets it start if nothing is in its way.
    pub(super) fn queue_up(&mut self, prompt: Prompt, step: &mut Step<'_>) {
        let (message, id) = (prompt.message, prompt.id.clone());
        self.prompts.push(prompt);
        if self.is_ending() {
            step.reply(message, texts::runs_when_back(1));
            return;
        }
        match &self.phase {
            Phase::Asleep => self.want_slot(step),
            // It works by itself, and takes no further turn before it goes.
            Phase::Live(live) if live.room == Room::Stale && live.turn.is_none() => {
                (self.prompts).say_that_it_waits(id, message, self.behind(), step);
            }
            Phase::Live(live) if live.turn.is_none() => self.start_next_turn(step),
            Phase::Live(_) | Phase::Waiting { .. } => {
                (self.prompts).say_that_it_waits(id, message, self.behind(), step);
            }
            // The agent is going: the prompt starts with the next one in a moment.
            Phase::Leaving(_) => {}
        }
    }

    pub(super) fn want_slot(&mut self, step: &mut Step<'_>) {
        self.phase = Phase::Waiting { notice: None };
        step.slot(SlotChange::Wanted);
    }

    /// Writes the next prompt, if there is one, the agent can take it and need not make room.
    pub(super) fn start_next_turn(&mut self, step: &mut Step<'_>) {
        let Phase::Live(live) = &self.phase else {
            return;
        };
        let gives_way = live.room == Room::Wanted && live.activity == Activity::Idle;
        if !gives_way {
            self.start_turn(step);
        }
    }

    /// Writes the next prompt, if there is one and the agent can take it.
    ///
    /// An agent that has done nothing yet does one turn before it makes room: else chats that
    /// wait for each other would only pass the slot around.
    pub(super) fn start_turn(&mut self, step: &mut Step<'_>) {
        // What has not begun waits until the bridge is back.
        if self.is_ending() {
            return;
        }
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        let is_stale = live.room == Room::Stale;
        if live.turn.is_some() || is_stale || matches!(live.handshake, Handshake::Refused(_)) {
            return;
        }
        let Some(prompt) = self.prompts.next() else {
            return;
        };
        let command = command_word(&prompt.text);
        // Which commands Claude knows is unknown before the handshake is done.
        if command.is_some() && live.handshake != Handshake::Done {
            return;
        }
        let is_known = command.is_some_and(|word| self.chat.knows_command(word));
        let form = if is_known {
            PromptForm::Command
        } else {
            PromptForm::Text
        };
        let Some(prompt) = self.prompts.take_next() else {
            return;
        };
        let (id, text) = (prompt.id.clone(), prompt.text.clone());
        let (Opening::Fresh(conversation) | Opening::Resumed(conversation)) = &live.opening;
        (self.prompts).note_started(id.clone(), conversation.clone());
        live.asker = Some(prompt.author);
        live.turn = Some(Box::new(Turn::begin(prompt, step.now())));
        step.slot(SlotChange::Busy);
        step.push(Effect::Write(AgentInput::Prompt { id, text, form }));
    }

    fn on_new(&mut self, message: MessageId, step: &mut Step<'_>) {
        // To go on belongs to the conversation that is set aside.
        let dropped = self.prompts.drop_all();
        let was_running = self.leave_at_once(step);
        self.chat.remember(None, step);
        step.reply(message, texts::new_conversation(was_running, dropped));
    }

    /// Ends the agent if there is one; tells whether a turn was running.
    pub(super) fn leave_at_once(&mut self, step: &mut Step<'_>) -> WasRunning {
        match &mut self.phase {
            Phase::Asleep => WasRunning::No,
            Phase::Waiting { .. } => {
                self.phase = Phase::Asleep;
                step.slot(SlotChange::Withdrawn);
                WasRunning::No
            }
            Phase::Live(live) => {
                let was_running = match &live.turn {
                    Some(_) => WasRunning::Turn,
                    None if live.works_in_background(step.now()) => WasRunning::Background,
                    None => WasRunning::No,
                };
                self.leave(LeavingStage::Killed, step);
                was_running
            }
            Phase::Leaving(_) => {
                self.leave(LeavingStage::Killed, step);
                WasRunning::No
            }
        }
    }

    fn on_stop(&mut self, message: MessageId, step: &mut Step<'_>) {
        let dropped = self.prompts.drop_waiting();
        let turn = match &mut self.phase {
            Phase::Live(live) => live.turn.as_deref_mut(),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => None,
        };
        let Some(turn) = turn else {
            let was_running = self.leave_if_working(step);
            let text = texts::stopped_nothing(was_running, dropped);
            match (was_running, dropped) {
                (WasRunning::No, 0) => step.inform(message, text),
                (WasRunning::No | WasRunning::Background | WasRunning::Turn, _) => {
                    step.reply(message, text);
                }
            }
            return;
        };
        stop_harder(turn, step);
        tell_dropped(dropped, step);
    }

    /// Ends an agent that works without a turn of ours, or gives up waiting.
    fn leave_if_working(&mut self, step: &mut Step<'_>) -> WasRunning {
        match &self.phase {
            Phase::Live(live) if !live.works_in_background(step.now()) => WasRunning::No,
            Phase::Live(_) | Phase::Waiting { .. } => self.leave_at_once(step),
            Phase::Asleep | Phase::Leaving(_) => WasRunning::No,
        }
    }

    fn status(&self, now: Time) -> String {
        let doing = match &self.phase {
            Phase::Asleep => "idle; no agent is running".to_owned(),
            Phase::Waiting { .. } => "waiting for a free agent".to_owned(),
            Phase::Leaving(_) => "ending the agent".to_owned(),
            Phase::Live(live) => match &live.turn {
                Some(turn) => texts::working_for(now.since(turn.started_at)),
                None if live.works_in_background(now) => "working in the background".to_owned(),
                None => "ready".to_owned(),
            },
        };
        texts::status(&texts::Status {
            doing: &doing,
            queued: self.prompts.n_waiting(),
            conversation: self.chat.record().conversation.as_ref(),
            folder: &self.chat.record().folder,
            version: self.chat.version(),
        })
    }
}

/// What was running when the person wanted it to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum WasRunning {
    /// Nothing.
    No,
    /// Work that goes on without a prompt.
    Background,
    /// A prompt.
    Turn,
}

/// Returns the word of a text that looks like a command, without its slash.
fn command_word(text: &str) -> Option<&str> {
    let word = text.strip_prefix('/')?.split_whitespace().next()?;
    (!word.contains('/')).then_some(word)
}
