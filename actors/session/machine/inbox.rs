//! What lies in the inbox: where it meets the prompts that need some of it.

use crate::ids::{MessageId, PromptId, UserId};
use crate::instruction::Role;
use crate::ports::InboxDone;
use crate::sent_file::SentFile;
use crate::session::Press;
use crate::session::inbox::{InboxButton, Shelf};
use crate::session::step::Step;
use crate::session::turn::Turn;

use super::Machine;

impl Machine {
    pub(super) fn on_files_wanted(
        &mut self,
        asked: (PromptId, MessageId),
        who: (UserId, Role),
        step: &mut Step<'_>,
    ) {
        let shelf = self.shelf(step);
        self.inbox.on_command(asked, who, shelf, step);
    }

    pub(super) fn on_inbox_pressed(
        &mut self,
        press: Press,
        button: InboxButton<'_>,
        step: &mut Step<'_>,
    ) {
        let shelf = self.shelf(step);
        self.inbox.on_pressed(press, button, shelf, step);
    }

    pub(super) fn on_inbox_done(&mut self, done: InboxDone, step: &mut Step<'_>) {
        self.inbox.on_done(done, step);
    }

    fn shelf(&self, step: &Step<'_>) -> Shelf {
        let given = self.turn.as_deref().into_iter().flat_map(Turn::prompts);
        let held = self.prompts.waiting().chain(self.prompts.offered());
        let held = held.chain(self.gathering.pieces()).chain(given);
        let needed: Vec<SentFile> = held.flat_map(|prompt| prompt.files.clone()).collect();
        let room = self.chat.room(step.key());
        Shelf { room, needed }
    }
}
