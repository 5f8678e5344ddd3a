//! What takes the posts, signs and audit lines of sessions in tests.

use actix::prelude::*;

use super::Journal;
use crate::audit::AuditEntry;
use crate::outbox::{Body, Post, PostAction, Sign};
use crate::session::{FetchFiles, Transcribe};

/// Notes what is posted.
pub(super) struct PostRecorder(pub(super) Journal);

impl Actor for PostRecorder {
    type Context = Context<Self>;
}

impl Handler<Post> for PostRecorder {
    type Result = ();

    fn handle(&mut self, post: Post, _ctx: &mut Self::Context) {
        let (PostAction::Send { body, .. } | PostAction::Edit { body, .. }) = post.action else {
            panic!("a session neither edits what it did not send nor leaves");
        };
        let text = match body {
            Body::Markdown(text)
            | Body::Rich(text)
            | Body::Plain(text)
            | Body::Choice { text, .. }
            | Body::Document { content: text, .. } => text,
            Body::Folded(words) => words.as_written(),
            Body::Quoted(quoted) => quoted.as_written(),
            // What shows a running turn comes and goes with the time.
            Body::Live { .. } | Body::Card { .. } | Body::Files { .. } => return,
        };
        self.0.note(format!("{}: {text}", post.key));
    }
}

impl Handler<Sign> for PostRecorder {
    type Result = ();

    fn handle(&mut self, sign: Sign, _ctx: &mut Self::Context) {
        if let Sign::AnswerCallback {
            text: Some(text), ..
        } = sign
        {
            self.0.note(format!("toast: {text}"));
        }
    }
}

/// Takes lines of the audit log and forgets them.
pub(in super::super) struct AuditSink;

impl Actor for AuditSink {
    type Context = Context<Self>;
}

impl Handler<AuditEntry> for AuditSink {
    type Result = ();

    fn handle(&mut self, _entry: AuditEntry, _ctx: &mut Self::Context) {}
}

/// Stands where files are fetched; nobody sends any.
pub(in super::super) struct NoFiles;

impl Actor for NoFiles {
    type Context = Context<Self>;
}

impl Handler<Transcribe> for NoFiles {
    type Result = ();

    fn handle(&mut self, order: Transcribe, _ctx: &mut Self::Context) {
        panic!("nobody speaks, but {} wants to listen", order.key);
    }
}

impl Handler<FetchFiles> for NoFiles {
    type Result = ();

    fn handle(&mut self, order: FetchFiles, _ctx: &mut Self::Context) {
        panic!("nobody sent files, but {} wants some", order.key);
    }
}
