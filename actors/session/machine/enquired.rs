//! What people want to know of the agent: where it meets the agent's life.

use crate::agent_event::{Activity, AgentExit};
use crate::audit::{AuditAction, AuditActor, AuditOutcome};
use crate::chat_settings::Wall;
use crate::enquiry::{Enquiry, Findings};
use crate::ids::{MessageId, PromptId};
use crate::login_code::LoginCode;
use crate::outbox::{Body, Rank, Sound};
use crate::ports::{PromptsRead, SparesDone};
use crate::session::agent::{Handshake, Life, Live, Room};
use crate::session::buttons::{ServerButton, UndoButton};
use crate::session::enquiries::{Asker, FilesWish, Ground, NewLogin, Past, Recollection, Wants};
use crate::session::step::Step;
use crate::session::turn::why_not_begun;
use crate::session::{Press, Prompt};

use super::{Ending, Machine};

impl Machine {
    pub(super) fn on_enquiry(
        &mut self,
        asked: (PromptId, MessageId),
        asker: Asker,
        enquiry: Enquiry,
        step: &mut Step<'_>,
    ) {
        if enquiry == Enquiry::Aside(String::new()) {
            step.inform(asked.1, step.say().aside_usage());
            return;
        }
        let refusal = match &enquiry {
            Enquiry::LogIn => self.refusal_of_login(asker, step),
            Enquiry::LoginCode(code) => {
                // Whoever reads the chat later must not find it, whatever becomes of it here.
                step.delete(asked.1);
                self.refusal_of_code(code, asker, step)
            }
            Enquiry::Context
            | Enquiry::Rules
            | Enquiry::Changes
            | Enquiry::Servers
            | Enquiry::Reconnect { .. }
            | Enquiry::Switch { .. }
            | Enquiry::Usage
            | Enquiry::Recall { .. }
            | Enquiry::LookBack { .. }
            | Enquiry::RestoreFiles { .. }
            | Enquiry::Forget { .. }
            | Enquiry::TaskOutput { .. }
            | Enquiry::Aside(_) => None,
        };
        if let Some(text) = refusal {
            step.inform(asked.1, text);
            return;
        }
        self.enquiries.on_command(asked, asker, enquiry, step);
    }

    /// Says why somebody may not log in here: a login is the room's, or without a wall the host's.
    fn refusal_of_login(&self, asker: Asker, step: &Step<'_>) -> Option<String> {
        let is_of_host = self.chat.agent_settings().wall == Wall::Off;
        match (self.key.chat.is_private(), is_of_host) {
            (false, _) => Some(step.say().login_is_private()),
            (true, true) if !asker.role.is_in_charge() => Some(step.say().login_is_for_admins()),
            (true, _) => None,
        }
    }

    /// Says why a code is not handed on. Only the agent that began a login can end it.
    fn refusal_of_code(
        &mut self,
        code: &LoginCode,
        asker: Asker,
        step: &mut Step<'_>,
    ) -> Option<String> {
        // An earlier run may have handed it on.
        if code.is_lost() {
            return Some(step.say().login_unknown());
        }
        if !self.enquiries.expect_code_of(asker.by) {
            return Some(step.say().login_none());
        }
        // Since the page was shown they may have become somebody who may not.
        let refusal = self.refusal_of_login(asker, step).or_else(|| {
            let can_end = self.agent.live().is_some_and(can_be_asked) && !self.is_ending();
            (!can_end).then(|| step.say().login_none())
        });
        if refusal.is_some() {
            self.enquiries.end_login(step.say().login_over(), step);
        }
        refusal
    }

    /// Tells whether somebody whose login waits for its code sends what may be a part of it.
    pub(super) fn is_part_of_code(&self, prompt: &Prompt) -> bool {
        self.enquiries.expect_code_of(prompt.author)
            && prompt.files.is_empty()
            && LoginCode::may_be_part_of_one(&prompt.text)
    }

    /// Writes down what came of a code; an agent that has another login than it began with takes no
    /// further turn.
    pub(super) fn begin_anew_after_login(&mut self, step: &mut Step<'_>) {
        let Some(login) = self.enquiries.take_login() else {
            return;
        };
        let outcome = match login {
            NewLogin::Of(user) => Some((user, AuditOutcome::Done)),
            NewLogin::Refused(user) => Some((user, AuditOutcome::Refused("its code was refused"))),
            NewLogin::Unknown => None,
        };
        if let Some((user, outcome)) = outcome {
            let whose = match self.chat.agent_settings().wall {
                Wall::Off => "host",
                Wall::Landlock | Wall::Strict | Wall::Refused => "room",
            };
            let (by, of) = (AuditActor::User(user), whose.to_owned());
            step.audit(by, AuditAction::LogIn, of, outcome);
        }
        if !matches!(login, NewLogin::Refused(_)) {
            self.agent.make_stale();
        }
    }

    /// Gives a login up that waits for its code. The agent that knows it goes. A code that is with
    /// Claude cannot be taken back.
    pub(super) fn on_login_off(&mut self, press: Press, step: &mut Step<'_>) {
        if self.enquiries.has_code() {
            step.toast(press.callback, step.say().login_has_code());
            return;
        }
        if self.enquiries.give_login_up(step) {
            self.on_stale(step);
        } else {
            step.close_unknown(&press, step.say().login_over());
        }
        step.answer_press(press.callback, None);
        self.go_on_after_enquiries(step);
    }

    /// Has an MCP server connected again, used, or used no longer. In a group all are concerned.
    pub(super) fn on_server_pressed(
        &mut self,
        press: Press,
        (does, server): (ServerButton, &str),
        step: &mut Step<'_>,
    ) {
        if !self.key.chat.is_private() && !press.role.is_in_charge() {
            step.toast(press.callback, step.say().toast_servers_are_for_admins());
            return;
        }
        let server = server.to_owned();
        let enquiry = match does {
            ServerButton::Reconnect => Enquiry::Reconnect { server },
            ServerButton::On => Enquiry::Switch { server, on: true },
            ServerButton::Off => Enquiry::Switch { server, on: false },
        };
        self.enquiries.on_pressed(press, enquiry, step);
    }

    /// Shows what a prompt changed, asks what is to be undone of it, or undoes it. In a group that
    /// concerns all.
    pub(super) fn on_undo_pressed(
        &mut self,
        press: Press,
        (does, prompt): (UndoButton, &str),
        step: &mut Step<'_>,
    ) {
        match does {
            UndoButton::Changes => {
                self.enquiries.on_pressed(press, Enquiry::Changes, step);
                return;
            }
            UndoButton::Keep => {
                step.close_unknown(&press, step.say().undone_nothing());
                step.answer_press(press.callback, None);
                return;
            }
            UndoButton::Ask
            | UndoButton::Rewind
            | UndoButton::Files
            | UndoButton::Conversation
            | UndoButton::Both
            | UndoButton::FilesAnyway
            | UndoButton::BothAnyway
            | UndoButton::PutBack => {}
        }
        let live = self.agent.live();
        let works = live.is_some_and(|live| live.works_by_itself(step.now()));
        if !self.key.chat.is_private() && !press.role.is_in_charge() {
            step.toast(press.callback, step.say().toast_undo_is_for_admins());
        } else if self.turn.is_some() || works {
            step.toast(press.callback, step.say().toast_undo_later());
        } else {
            self.undo(press, does, PromptId(prompt.to_owned()), step);
        }
    }

    fn undo(&mut self, press: Press, does: UndoButton, prompt: PromptId, step: &mut Step<'_>) {
        let wants = match does {
            UndoButton::Changes | UndoButton::Keep => return,
            UndoButton::Ask => return self.undo_files(press, (prompt, FilesWish::Question), step),
            UndoButton::Files => return self.undo_files(press, (prompt, FilesWish::Undo), step),
            UndoButton::FilesAnyway => {
                return self.undo_files(press, (prompt, FilesWish::UndoAnyway), step);
            }
            UndoButton::PutBack => {
                let ground = self.ground(step);
                (self.enquiries).on_put_back_pressed(press, prompt, ground, step);
                return;
            }
            UndoButton::Rewind => Wants::Question(prompt),
            UndoButton::Conversation => Wants::Forget(prompt),
            UndoButton::Both => Wants::Both(prompt, FilesWish::Undo),
            UndoButton::BothAnyway => Wants::Both(prompt, FilesWish::UndoAnyway),
        };
        match self.past(step) {
            Some(past) => self.enquiries.on_rewind_pressed(press, wants, past, step),
            None => step.toast(press.callback, step.say().rewind_nothing()),
        }
    }

    fn undo_files(&mut self, press: Press, wanted: (PromptId, FilesWish), step: &mut Step<'_>) {
        let ground = self.ground(step);
        self.enquiries.on_undo_pressed(press, wanted, ground, step);
    }

    /// Shows the last prompts. What is behind a press on one concerns all in a group.
    pub(super) fn on_rewind(
        &mut self,
        asked: (PromptId, MessageId),
        asker: Asker,
        step: &mut Step<'_>,
    ) {
        if !self.key.chat.is_private() && !asker.role.is_in_charge() {
            step.inform(asked.1, step.say().toast_undo_is_for_admins());
            return;
        }
        match self.past(step) {
            Some(past) => self.enquiries.on_rewind_wanted(asked, asker, past, step),
            None => step.inform(asked.1, step.say().rewind_nothing()),
        }
    }

    pub(super) fn on_prompts_read(&mut self, read: PromptsRead, step: &mut Step<'_>) {
        self.enquiries.on_prompts_read(read, step);
        self.see_to_enquiries(step);
        self.go_on_after_enquiries(step);
    }

    fn ground(&self, step: &Step<'_>) -> Ground {
        Ground {
            room: self.chat.room(step.key()),
            folder: self.chat.record().folder.clone(),
        }
    }

    /// Returns where the prompts stand that the agent has been given; `None` where it has none.
    fn past(&self, step: &Step<'_>) -> Option<Past> {
        let live = self.agent.live().map(Live::conversation_id);
        let conversation = live.or(self.chat.record().conversation.as_ref());
        Some(Past {
            ground: self.ground(step),
            wall: self.chat.agent_settings().wall,
            conversation: conversation?.clone(),
        })
    }

    /// Goes on with what waited for the room to keep files, or to put them back.
    pub(super) fn on_spares_done(&mut self, done: SparesDone, step: &mut Step<'_>) {
        self.enquiries.on_spares_done(done, step);
        self.see_to_enquiries(step);
        self.go_on_after_enquiries(step);
    }

    /// Takes back what was allowed for the session: it ends with the agent, and the next one asks. In
    /// a group that concerns all.
    pub(super) fn on_take_back_pressed(&mut self, press: &Press, step: &mut Step<'_>) {
        let callback = press.callback.clone();
        if !self.key.chat.is_private() && !press.role.is_in_charge() {
            step.toast(callback, step.say().toast_servers_are_for_admins());
            return;
        }
        self.on_stale(step);
        let text = match self.agent.live() {
            // It works, in the background perhaps.
            Some(_) => step.say().taken_back_after_turn(),
            None => step.say().taken_back(),
        };
        step.close_unknown(press, text);
        step.answer_press(callback, None);
    }

    /// Shows what a task has printed. It ended with its agent, and its output with it.
    pub(super) fn on_task_output_pressed(&mut self, press: Press, task: &str, step: &mut Step<'_>) {
        if self.agent.live().is_none() {
            let tone = (Rank::Notice, Sound::Silent);
            let text = Body::Plain(step.say().task_output_gone());
            step.send(text, press.message, tone);
            step.answer_press(press.callback, None);
            return;
        }
        let enquiry = Enquiry::TaskOutput {
            task: task.to_owned(),
            what: self.chat.task_named(task).unwrap_or_default().to_owned(),
        };
        self.enquiries.on_pressed(press, enquiry, step);
    }

    pub(super) fn on_found(
        &mut self,
        asked_in: &PromptId,
        findings: Result<Box<Findings>, String>,
        step: &mut Step<'_>,
    ) {
        let findings = findings.map(|findings| *findings);
        if self.enquiries.on_found(asked_in, findings, step) == Recollection::Gone {
            self.chat.on_not_recalled(step);
        }
        if self.enquiries.want_its_end() {
            // What it forgets is no loss.
            self.chat.on_replaced(false, step);
            self.agent.make_stale();
        }
        self.begin_anew_after_login(step);
        self.see_to_enquiries(step);
        self.go_on_after_enquiries(step);
    }

    /// Lets the agent rest that was only asked, or go if others want its place.
    pub(super) fn go_on_after_enquiries(&mut self, step: &mut Step<'_>) {
        if self.turn.is_none() && !self.enquiries.are_under_way() {
            self.agent.on_turn_over(step.now());
            self.go_on_between_turns(step);
        }
    }

    /// Asks the agent what waits for one; wants one if there is none.
    pub(super) fn see_to_enquiries(&mut self, step: &mut Step<'_>) {
        if !self.enquiries.can_be_sent() || self.is_ending() {
            return;
        }
        match self.agent.life() {
            Life::Asleep if self.enquiries.wait() => self.agent.want_slot(step),
            Life::Live(live) if can_be_asked(live) => {
                let to = live.generation();
                let is_idle = self.turn.is_none() && live.activity() == Activity::Idle;
                self.enquiries.send(to, is_idle, step);
            }
            Life::Asleep | Life::Live(_) | Life::Waiting { .. } | Life::Leaving(_) => {}
        }
    }

    /// Tells whoever waits for an answer that the agent is gone. Of a session that ends they stay
    /// open; an agent that did not open its conversation has read nothing, and the next one is asked.
    pub(super) fn enquiries_lost_their_agent(
        &mut self,
        live: Option<&Live>,
        exit: &AgentExit,
        step: &mut Step<'_>,
    ) {
        self.enquiries.on_agent_ended(&exit.status, step);
        match self.ending {
            Ending::No => {}
            Ending::Asked { .. } | Ending::LockedDown => {
                self.enquiries.end_login(step.say().login_over(), step);
                return;
            }
        }
        match live.map(Live::handshake) {
            Some(Handshake::Pending { .. }) if self.enquiries.wait() => {
                self.enquiries
                    .give_up(&why_not_begun(step.say(), exit), step);
            }
            Some(Handshake::Refused(_)) => self.enquiries.wait_again(),
            Some(Handshake::Pending { .. } | Handshake::Done) | None => {
                self.enquiries.on_agent_gone(step);
            }
        }
    }
}

/// One that takes no further turn is about to go, unless a turn still runs.
fn can_be_asked(live: &Live) -> bool {
    live.handshake() == Handshake::Done && live.room() != Room::Stale
}
