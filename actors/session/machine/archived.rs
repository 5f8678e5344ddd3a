//! The conversations on disk: where they meet the one that the session has.

use crate::ids::{ConversationId, MessageId, PromptId, UserId};
use crate::instruction::{ArchiveWish, Role};
use crate::ports::ArchiveDone;
use crate::session::Press;
use crate::session::agent::{LeavingStage, Life};
use crate::session::archive::{ArchiveButton, GoOn, Standing};
use crate::session::step::Step;
use crate::session::texts;

use super::Machine;

impl Machine {
    pub(super) fn on_archive_wanted(
        &mut self,
        asked: (PromptId, MessageId),
        who: (UserId, Role),
        wish: ArchiveWish,
        step: &mut Step<'_>,
    ) {
        let standing = self.standing(step);
        self.archive.on_command(asked, who, (wish, standing), step);
    }

    pub(super) fn on_archive_pressed(
        &mut self,
        press: Press,
        button: ArchiveButton<'_>,
        step: &mut Step<'_>,
    ) {
        let standing = self.standing(step);
        self.archive.on_pressed(press, button, standing, step);
    }

    pub(super) fn on_archive_done(&mut self, done: ArchiveDone, step: &mut Step<'_>) {
        let current = self.chat.record().conversation.clone();
        if let Some(go_on) = self.archive.on_done(done, current.as_ref(), step) {
            self.go_on_with(go_on, step);
        }
    }

    /// Goes on with another conversation: the next prompt is said in it.
    ///
    /// What was asked of the edge took a moment: something may have begun since.
    fn go_on_with(&mut self, GoOn { past, message }: GoOn, step: &mut Step<'_>) {
        let is_current = self.chat.record().conversation.as_ref() == Some(&past.id);
        if !is_current {
            if self.is_busy(step) || self.is_ending() {
                step.tell(step.say().toast_resume_later());
                return;
            }
            self.leave_for(&past.id, step);
        }
        let text = texts::goes_on_with(step.say(), &past);
        match message {
            Some(message) => step.close_message(message, text),
            None => step.tell(text),
        }
    }

    fn leave_for(&mut self, id: &ConversationId, step: &mut Step<'_>) {
        // To go on with what was cut off belongs to the conversation that is left.
        self.drop_all();
        match self.agent.life() {
            Life::Waiting { .. } => self.agent.withdraw(step),
            // It may not have written down its last words yet.
            Life::Live(_) => self.leave(LeavingStage::Closed, step),
            Life::Asleep | Life::Leaving(_) => {}
        }
        self.chat.remember(Some(id), step);
    }

    /// Tells whether Claude works, or something waits for it.
    fn is_busy(&self, step: &Step<'_>) -> bool {
        let works = |live| self.works_by_itself(live, step.now());
        let works = self.agent.live().is_some_and(works);
        let waits = self.prompts.has_waiting() || !self.gathering.is_empty();
        let asks = self.enquiries.are_under_way() || self.enquiries.wait();
        self.turn.is_some() || works || waits || asks
    }

    fn standing(&self, step: &Step<'_>) -> Standing {
        let settings = self.chat.agent_settings();
        Standing {
            room: self.chat.room(step.key()),
            folder: self.chat.record().folder.clone(),
            wall: settings.wall,
            host_settings: settings.host_settings,
            current: self.chat.record().conversation.clone(),
            is_busy: self.is_busy(step),
        }
    }
}
