//! What the person wants: prompts, `/new`, `/stop`, `/status`.

use crate::clock::Time;
use crate::ids::MessageId;
use crate::ports::PromptForm;
use crate::session::agent::{Handshake, LeavingStage, Life, Live, Room};
use crate::session::buttons::Meaning;
use crate::session::enquiries::Asker;
use crate::session::prompts::instead;
use crate::session::requests::{Decided, Heard};
use crate::session::step::Step;
use crate::session::texts::{self, BeginsWith, WasRunning};
use crate::session::turn::{Stopping, Turn, tell_dropped};
use crate::session::{Command, CommandKind, Instruct, Press, Prompt};

use super::Machine;

impl Machine {
    pub(super) fn on_instruction(&mut self, instruction: Instruct, step: &mut Step<'_>) {
        // It can come twice: from the journal, and from a mailbox that outlived a fault.
        let id = instruction.id();
        if self.prompts.was_taken_over(id) || self.holds(id) {
            return;
        }
        match instruction {
            Instruct::Prompt(prompt)
            | Instruct::Reply { prompt, .. }
            | Instruct::Replace(prompt)
                if self.is_part_of_code(&prompt) =>
            {
                step.delete(prompt.message);
                step.inform(prompt.message, step.say().login_code_part());
            }
            Instruct::Prompt(prompt) => self.on_said(prompt, None, step),
            Instruct::Reply { to, prompt } => self.on_said(prompt, Some(to), step),
            Instruct::Replace(prompt) => self.on_edit(prompt, step),
            Instruct::Command(command) => self.on_command(command, step),
            Instruct::Press(press) => self.on_press(press, step),
            Instruct::Rate(rating) => self.chat.on_rated(&rating, step),
            Instruct::StopDraft(stop) => {
                if let Some(turn) = &mut self.turn {
                    turn.on_draft_stopped(stop.draft, step);
                }
            }
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
        // It may be an edit of words that wait.
        self.prompts.drop_message(by, message);
        self.gathering.drop_message(by, message);
        match kind {
            CommandKind::NewConversation {
                prompt,
                context,
                goes_on,
                files,
            } => {
                let begins_with = match &prompt {
                    Some(_) => BeginsWith::Command,
                    None => BeginsWith::NextMessage,
                };
                self.on_new(message, begins_with, step);
                if let Some(text) = prompt {
                    let prompt = Prompt::new(id, by, message, text).in_context(context);
                    let prompt = prompt.going_on(goes_on).with_files(files);
                    self.prompts.note_accepted(prompt.clone());
                    self.on_said(prompt, None, step);
                }
            }
            CommandKind::Stop => self.on_stop(message, step),
            CommandKind::Files => self.on_files_wanted((id, message), (by, role), step),
            CommandKind::Archive(wish) => {
                self.on_archive_wanted((id, message), (by, role), wish, step);
            }
            CommandKind::Tasks => self.chat.on_tasks_asked(message, step),
            CommandKind::Rewind => self.on_rewind((id, message), Asker { by, role }, step),
            CommandKind::Enquire(enquiry) => {
                self.on_enquiry((id, message), Asker { by, role }, enquiry, step);
            }
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
            CommandKind::Rich(wish) => self.chat.on_rich_wish(message, wish, step),
            CommandKind::Status => {
                let text = self.status(role, step);
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
                self.on_offer_pressed(press, (answer, nonce), step);
            }
            Some(Meaning::NoOffer) | None => {
                drop(self.prompts.on_offer_pressed(press, None, step));
            }
            Some(Meaning::Stop(nonce)) => self.on_stop_pressed(press, nonce, step),
            Some(Meaning::Waiting(wish, message)) => {
                self.on_waiting_pressed(press, (wish, message), step);
            }
            Some(Meaning::Value(place, nonce)) => {
                let chosen = self.chat.on_picked(press, (place, nonce), step);
                self.on_chosen(chosen, step);
            }
            Some(Meaning::Inbox(button)) => self.on_inbox_pressed(press, button, step),
            Some(Meaning::Archive(button)) => self.on_archive_pressed(press, button, step),
            Some(Meaning::Server(does, server)) => {
                self.on_server_pressed(press, (does, server), step);
            }
            Some(Meaning::Undo(does, prompt)) => {
                self.on_undo_pressed(press, (does, prompt), step);
            }
            Some(Meaning::MoreTurns(user, day)) => {
                self.on_more_pressed(press, (user, day), step);
            }
            Some(Meaning::LoginOff) => self.on_login_off(press, step),
            Some(Meaning::TakeBack) => self.on_take_back_pressed(&press, step),
            Some(Meaning::TaskOutput(task)) => self.on_task_output_pressed(press, task, step),
            Some(Meaning::Task(place, nonce)) => {
                self.chat.on_task_pressed(press, (place, nonce), step);
            }
        }
    }

    /// Lets a turn go on that waited for a decision.
    pub(super) fn on_decided(&mut self, decided: Option<Decided>, step: &mut Step<'_>) {
        let Some(decided) = decided else { return };
        if decided.leaves_the_mode {
            self.chat.leave_the_mode(step);
        }
        self.go_on_after_request(step);
        self.note_decided(&decided.request, decided.runs, step);
    }

    pub(super) fn on_text(
        &mut self,
        prompt: Prompt,
        reply_to: Option<MessageId>,
        step: &mut Step<'_>,
    ) {
        // What an agent asks that is leaving is closed when the step is over.
        if reply_to.is_none() && matches!(self.agent.life(), Life::Leaving(_)) {
            self.on_no_answer(prompt, step);
            return;
        }
        let prompt = match self.requests.on_text(prompt, reply_to, step) {
            Heard::Prompt(prompt) => prompt,
            Heard::Answer(decided) => {
                self.on_decided(decided, step);
                return;
            }
        };
        self.on_no_answer(prompt, step);
    }

    /// Takes in a text that answers nothing that Claude asks.
    pub(super) fn on_no_answer(&mut self, prompt: Prompt, step: &mut Step<'_>) {
        if let Some(text) = self.said_instead(&prompt.text, step.say()) {
            self.say_instead(&prompt, text, step);
            return;
        }
        match instead(&prompt.text).map(str::to_owned) {
            Some(text) => self.on_instead(Prompt { text, ..prompt }, step),
            None => self.on_prompt(prompt, step),
        }
    }

    fn on_prompt(&mut self, prompt: Prompt, step: &mut Step<'_>) {
        if self.prompts.is_full(step) {
            self.prompts.refuse(&prompt, step);
            return;
        }
        step.react(prompt.message, "👀");
        self.queue_up(prompt, step);
    }

    fn on_new(&mut self, message: MessageId, begins_with: BeginsWith, step: &mut Step<'_>) {
        // To go on belongs to the conversation that is set aside.
        let dropped = self.drop_all();
        let was_running = self.leave_at_once(step);
        self.chat.remember(None, step);
        let text = texts::new_conversation(step.say(), begins_with, was_running, dropped);
        match was_running {
            WasRunning::No if self.chat.has_timers() => step.say_end(text, Some(message)),
            WasRunning::Background => step.say_end(text, Some(message)),
            WasRunning::No | WasRunning::Turn => drop(step.reply(message, text)),
        }
    }

    /// Drops what waits and what is offered; returns how much has not begun, what the agent was
    /// given and has not taken in among it.
    pub(super) fn drop_all(&mut self) -> usize {
        let n_untaken = self.turn.as_deref().map_or(0, Turn::n_untaken);
        let n_asked = self.enquiries.drop_waiting();
        self.prompts.drop_all() + self.gathering.drop_all() + n_untaken + n_asked
    }

    /// Ends the agent if there is one; tells whether a turn was running.
    pub(super) fn leave_at_once(&mut self, step: &mut Step<'_>) -> WasRunning {
        let was_running = match self.agent.life() {
            Life::Waiting { .. } => {
                self.agent.withdraw(step);
                return WasRunning::No;
            }
            Life::Live(_) if self.turn.is_some() => WasRunning::Turn,
            Life::Live(live) if self.works_by_itself(live, step.now()) => WasRunning::Background,
            Life::Live(_) | Life::Asleep | Life::Leaving(_) => WasRunning::No,
        };
        self.leave(LeavingStage::Killed, step);
        was_running
    }

    fn on_stop(&mut self, message: MessageId, step: &mut Step<'_>) {
        let dropped = self.prompts.drop_waiting() + self.gathering.drop_all();
        let dropped = dropped + self.enquiries.drop_waiting();
        if self.prompts.drop_going_on() > 0 {
            step.tell(step.say().goes_on_no_more());
        }
        if let Some(turn) = &mut self.turn {
            turn.stop_harder(step);
            tell_dropped(dropped, step);
            return;
        }
        let was_running = self.leave_if_working(step);
        let text = texts::stopped_nothing(step.say(), was_running, dropped);
        match (was_running, dropped) {
            (WasRunning::No, 0) => step.inform(message, text),
            (WasRunning::Background, _) => step.say_end(text, Some(message)),
            (WasRunning::No | WasRunning::Turn, _) => drop(step.reply(message, text)),
        }
    }

    /// Tells whether an agent works without a turn of ours: it says so, or something that it began
    /// goes on.
    pub(super) fn works_by_itself(&self, live: &Live, now: Time) -> bool {
        live.works_by_itself(now) || self.chat.has_background()
    }

    /// Ends an agent that works without a turn of ours, or gives up waiting.
    fn leave_if_working(&mut self, step: &mut Step<'_>) -> WasRunning {
        match self.agent.life() {
            Life::Live(live) if !self.works_by_itself(live, step.now()) => WasRunning::No,
            Life::Live(_) | Life::Waiting { .. } => self.leave_at_once(step),
            Life::Asleep | Life::Leaving(_) => WasRunning::No,
        }
    }

    /// Stops the turn whose button was pressed; a second press ends it by force.
    fn on_stop_pressed(&mut self, press: Press, nonce: &str, step: &mut Step<'_>) {
        let turn = self
            .turn
            .as_mut()
            .filter(|turn| turn.has_button(nonce, press.message));
        let text = match turn {
            Some(turn) => {
                turn.stop_harder(step);
                match turn.is_killed() {
                    true => step.say().toast_stopping_by_force(),
                    false => step.say().toast_stopping(),
                }
            }
            None => match self.take_unbegun_of_card(&press) {
                Some(prompt) => {
                    step.reply(prompt.message, step.say().stopped_unread());
                    step.say().toast_stopped_waiting()
                }
                None => step.say().toast_over(),
            },
        };
        step.toast(press.callback, text);
    }

    /// Takes the prompt out of the queue whose card an earlier run left, if it waits once more.
    fn take_unbegun_of_card(&mut self, press: &Press) -> Option<Prompt> {
        let card = self.chat.record().turn_card.as_ref();
        let card = card.filter(|card| Some(card.message) == press.message)?;
        self.prompts.take(&card.prompt)
    }

    /// Tells whether a running turn can take a text in: what comes too late for it would be a turn
    /// of its own.
    pub(super) fn takes_texts_in(&self) -> bool {
        let is_open = self
            .agent
            .live()
            .is_some_and(|live| live.handshake() == Handshake::Done && live.room() != Room::Stale);
        let turn = self.turn.as_ref();
        is_open && turn.is_some_and(|turn| turn.stopping() == Stopping::No)
    }

    /// Gives a prompt to the agent while it works.
    pub(super) fn steer(&mut self, prompt: Prompt, step: &mut Step<'_>) {
        if let (Some(live), Some(turn)) = (self.agent.live(), &mut self.turn) {
            let conversation = live.conversation_id().clone();
            let input = self.prompts.input_of(&prompt, PromptForm::Text);
            let (id, stage) = turn.steer(prompt, input, conversation, step);
            self.prompts.note_stage(id, stage);
        }
    }

    /// Stops what runs and lets a text run next.
    fn on_instead(&mut self, prompt: Prompt, step: &mut Step<'_>) {
        let Some(turn) = &mut self.turn else {
            self.on_prompt(prompt, step);
            return;
        };
        if self.prompts.is_full(step) {
            self.prompts.refuse(&prompt, step);
            return;
        }
        if turn.stopping() == Stopping::No {
            turn.stop_harder(step);
        }
        let message = prompt.message;
        step.react(message, "👀");
        self.prompts.push_first([prompt]);
        if self.is_ending() {
            self.say_that_it_runs_later(message, step);
        }
    }
}
