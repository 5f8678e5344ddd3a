//! What is said and written down when no session takes an instruction, or one is given up.

use tracing::{debug, error};

use super::SessionSupervisor;
use crate::clock;
use crate::ids::{MessageId, NewNames, SessionKey, UserId};
use crate::outbox::{Body, Post, PostAction, Rank, Sign, Sound};
use crate::ports::JournalEntry;
use crate::session::{Instruct, Prompt};
use crate::session_supervisor::children::Lookup;
use crate::session_supervisor::parking::{give_up, left_by};
use crate::session_supervisor::texts::{self, NotDone};

impl SessionSupervisor {
    /// Tells the person that an instruction is not carried out; that is its outcome.
    pub(super) fn turn_away(&mut self, key: SessionKey, instruction: &Instruct, not_done: NotDone) {
        let closed = vec![instruction.id().clone()];
        let entry = JournalEntry {
            closed,
            ..JournalEntry::default()
        };
        self.tell_author((key, entry), instruction, not_done);
    }

    /// Turns an instruction away because too much came at once, and says so once a minute.
    pub(super) fn turn_away_of_many(&mut self, key: SessionKey, instruction: &Instruct) {
        let is_press = matches!(instruction, Instruct::Press(_));
        if is_press || self.too_many_told.is_due(key.chat, clock::now()) {
            self.turn_away(key, instruction, texts::too_many_messages(self.say()));
            return;
        }
        let entry = JournalEntry {
            closed: vec![instruction.id().clone()],
            ..JournalEntry::default()
        };
        self.write_and_post(key, entry);
    }

    /// Tells the person that an instruction waits in the journal for the end of the lockdown.
    pub(super) fn let_wait(&mut self, key: SessionKey, instruction: &Instruct) {
        let waits = texts::locked_down(self.say());
        self.tell_author((key, JournalEntry::default()), instruction, waits);
    }

    fn tell_author(
        &mut self,
        (key, mut entry): (SessionKey, JournalEntry),
        instruction: &Instruct,
        NotDone { text, press }: NotDone,
    ) {
        match instruction {
            Instruct::Press(it) => {
                self.write_and_post(key, entry);
                let sign = Sign::AnswerCallback {
                    callback: it.callback.clone(),
                    text: Some(press),
                };
                if self.ports.session.signs.try_send(sign).is_err() {
                    debug!(%key, "the outbox does not take a sign");
                }
            }
            Instruct::Prompt(prompt) | Instruct::Reply { prompt, .. }
                if prompt.is_overheard() || self.is_told_of_album(prompt) =>
            {
                self.write_and_post(key, entry);
            }
            Instruct::Rate(_) => self.write_and_post(key, entry),
            Instruct::Prompt(_)
            | Instruct::Reply { .. }
            | Instruct::Replace(_)
            | Instruct::Command(_)
            | Instruct::StopDraft(_) => {
                entry
                    .posts
                    .push(self.post(key, instruction.message(), text));
                self.write_and_post(key, entry);
            }
        }
    }

    /// Tells whether the person was told of another file of the same album that it is not taken.
    fn is_told_of_album(&mut self, prompt: &Prompt) -> bool {
        if prompt.album().is_none() {
            return false;
        }
        let former = self.untaken_album.replace(prompt.clone());
        former.is_some_and(|former| former.is_of_album(prompt))
    }

    /// Writes down what becomes of what a session that is given up had open, and tells it.
    pub(super) fn give_up_what_is_open(&self, key: SessionKey) {
        match self.ports.session.journal.left_open(key) {
            Ok(open) => {
                let ports = &self.ports.session;
                let names = NewNames {
                    post: &|| ports.post_ids.next(),
                    nonce: &|| (ports.nonces)(),
                };
                self.write_and_post(key, give_up(key, open, &names, self.say()));
            }
            Err(error) => error!(%key, %error, "cannot read the open work of a parked session"),
        }
    }

    /// Closes what somebody who may no longer come in has open where no session runs.
    pub(super) fn close_without_a_session(&self, user: UserId) {
        let journal = &self.ports.session.journal;
        for key in journal.open_sessions() {
            match self.children.lookup(key, clock::now()) {
                Lookup::Running(address) if address.connected() => continue,
                // One that has just ended hears nothing any more.
                Lookup::Running(_) | Lookup::Absent | Lookup::Parked { .. } => {}
            }
            match journal.left_open(key) {
                Ok(open) => self.write_and_post(key, left_by(user, &open)),
                Err(error) => error!(%key, %error, "cannot read open work"),
            }
        }
    }

    pub(super) fn tell(&self, key: SessionKey, text: String) {
        self.send_post(self.post(key, None, text));
    }

    fn write_and_post(&self, key: SessionKey, entry: JournalEntry) {
        if !entry.is_empty()
            && let Err(error) = self.ports.session.journal.write(key, &entry)
        {
            error!(%key, %error, "cannot write the supervisor's decision to the journal");
        }
        for post in entry.posts {
            self.send_post(post);
        }
    }

    fn post(&self, key: SessionKey, reply_to: Option<MessageId>, text: String) -> Post {
        let id = self.ports.session.post_ids.next();
        let body = Body::Plain(text);
        let action = PostAction::Send {
            id,
            body,
            reply_to,
            sound: Sound::Ring,
        };
        Post {
            key,
            action,
            rank: Rank::Answer,
        }
    }

    fn send_post(&self, post: Post) {
        let key = post.key;
        if self.ports.session.outbox.try_send(post).is_err() {
            error!(%key, "the outbox does not accept a message");
        }
    }
}
