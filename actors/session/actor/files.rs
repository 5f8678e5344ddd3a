//! What a session has done with files, and hears of it: fetched, listened to, copied, looked after,
//! sent.

use std::path::PathBuf;

use actix::prelude::*;
use tokio::sync::oneshot;
use tracing::error;

use super::Session;
use crate::ids::{PromptId, SessionKey};
use crate::outbox::FilesSettled;
use crate::ports::{
    ArchiveDone, ArchiveOrder, FilesTaken, InboxDone, PromptsRead, ReadPrompts, SparesDone,
};
use crate::sent_file::{HearingFault, SentFile};
use crate::session::event::Event;
use crate::session::{FetchFiles, FilesFetched, Transcribe, Transcribed};

impl Session {
    /// When nobody fetches them the bridge ends; the next one does.
    pub(super) fn fetch(&self, (prompt, files): (PromptId, Vec<SentFile>), ctx: &Context<Self>) {
        let order = FetchFiles {
            key: self.key_of_room(),
            prompt,
            files,
            answer_to: ctx.address().recipient(),
        };
        if self.ports.files.try_send(order).is_err() {
            error!(key = %self.key, "nobody fetches the files of a message");
        }
    }

    /// Has what is said in a file written down, until it is told or stopped.
    pub(super) fn listen(&mut self, (prompt, file): (PromptId, PathBuf), ctx: &mut Context<Self>) {
        let (ends_it, stop) = oneshot::channel();
        self.listening.insert(prompt.clone(), ends_it);
        let order = Transcribe {
            key: self.key_of_room(),
            prompt,
            file,
            stop,
            answer_to: ctx.address().recipient(),
        };
        let Err(error) = self.ports.listener.try_send(order) else {
            return;
        };
        // The person is told, and can have it tried again.
        let reason = error.to_string();
        let (SendError::Full(order) | SendError::Closed(order)) = error;
        let outcome = Err(HearingFault::NotStarted { reason });
        let prompt = order.prompt;
        ctx.notify(Transcribed { prompt, outcome });
    }

    pub(super) fn read_prompts(&self, order: ReadPrompts, ctx: &Context<Self>) {
        let answers = ctx.address().recipient();
        self.ports.launcher.read_prompts(order, answers);
    }

    /// Has somebody look after the conversations on disk.
    pub(super) fn look_up(&self, order: ArchiveOrder, ctx: &Context<Self>) {
        self.ports
            .launcher
            .look_up(order, ctx.address().recipient());
    }

    /// The room keeps the first id of the chat.
    fn key_of_room(&self) -> SessionKey {
        SessionKey {
            chat: self.home,
            ..self.key
        }
    }
}

impl Handler<FilesFetched> for Session {
    type Result = ();

    fn handle(&mut self, FilesFetched { prompt, outcome }: FilesFetched, ctx: &mut Self::Context) {
        self.on_event(Event::Fetched { prompt, outcome }, ctx);
    }
}

impl Handler<Transcribed> for Session {
    type Result = ();

    fn handle(&mut self, Transcribed { prompt, outcome }: Transcribed, ctx: &mut Self::Context) {
        self.listening.remove(&prompt);
        self.on_event(Event::Heard { prompt, outcome }, ctx);
    }
}

impl Handler<FilesTaken> for Session {
    type Result = ();

    fn handle(&mut self, taken: FilesTaken, ctx: &mut Self::Context) {
        self.on_event(Event::FilesTaken(taken), ctx);
    }
}

impl Handler<InboxDone> for Session {
    type Result = ();

    fn handle(&mut self, done: InboxDone, ctx: &mut Self::Context) {
        self.on_event(Event::InboxDone(done), ctx);
    }
}

impl Handler<SparesDone> for Session {
    type Result = ();

    fn handle(&mut self, done: SparesDone, ctx: &mut Self::Context) {
        self.on_event(Event::SparesDone(done), ctx);
    }
}

impl Handler<PromptsRead> for Session {
    type Result = ();

    fn handle(&mut self, read: PromptsRead, ctx: &mut Self::Context) {
        self.on_event(Event::PromptsRead(read), ctx);
    }
}

impl Handler<ArchiveDone> for Session {
    type Result = ();

    fn handle(&mut self, done: ArchiveDone, ctx: &mut Self::Context) {
        self.on_event(Event::ArchiveDone(Box::new(done)), ctx);
    }
}

impl Handler<FilesSettled> for Session {
    type Result = ();

    fn handle(&mut self, settled: FilesSettled, ctx: &mut Self::Context) {
        let FilesSettled { id, outcome, .. } = settled;
        self.on_event(Event::FilesSettled { post: id, outcome }, ctx);
    }
}
