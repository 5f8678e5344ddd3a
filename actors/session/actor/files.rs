//! What a session hears of files: fetched, copied, looked after, sent.

use actix::prelude::*;

use super::Session;
use crate::outbox::FilesSettled;
use crate::ports::{FilesTaken, InboxDone};
use crate::session::FilesFetched;
use crate::session::event::Event;

impl Handler<FilesFetched> for Session {
    type Result = ();

    fn handle(&mut self, FilesFetched { prompt, outcome }: FilesFetched, ctx: &mut Self::Context) {
        self.on_event(Event::Fetched { prompt, outcome }, ctx);
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

impl Handler<FilesSettled> for Session {
    type Result = ();

    fn handle(&mut self, settled: FilesSettled, ctx: &mut Self::Context) {
        let FilesSettled { id, outcome, .. } = settled;
        self.on_event(Event::FilesSettled { post: id, outcome }, ctx);
    }
}
