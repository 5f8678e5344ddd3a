//! Files that Claude sends: where they meet the turn and the person.

use crate::file_offer::FileOffer;
use crate::ids::PostId;
use crate::outbox::FilesOutcome;
use crate::permission_request::Json;
use crate::ports::FilesTaken;
use crate::session::files::Ground;
use crate::session::step::Step;
use crate::session::turn::Turn;

use super::Machine;

impl Machine {
    pub(super) fn on_files_offered(&mut self, offer: FileOffer, step: &mut Step<'_>) {
        let Some(agent) = self.agent.generation() else {
            return;
        };
        let record = self.chat.record();
        let ground = Ground {
            agent,
            room: self.chat.room(step.key()),
            folder: record.folder.clone(),
        };
        self.files.on_offered(offer, ground, step);
    }

    pub(super) fn on_files_taken(&mut self, taken: FilesTaken, step: &mut Step<'_>) {
        let prompt = self.turn.as_deref().map(Turn::prompt);
        let reply_to = prompt.map(|prompt| prompt.message);
        if let Some(request) = self.files.on_taken(taken, reply_to, step) {
            self.on_asked(request, step);
        }
        self.go_on_after_files(step);
    }

    pub(super) fn on_files_settled(
        &mut self,
        post: PostId,
        outcome: FilesOutcome,
        step: &mut Step<'_>,
    ) {
        if self.files.on_settled(post, outcome, step) {
            self.go_on_after_files(step);
        }
    }

    pub(super) fn on_files_withdrawn(&mut self, id: &Json, step: &mut Step<'_>) {
        if let Some(request) = self.files.on_withdrawn(id)
            && self.requests.on_withdrawn(&request, step)
        {
            self.go_on_after_request(step);
        }
    }

    /// Hands on what a person decided, so that no way to decide can forget a call.
    pub(super) fn pass_on_consents(&mut self, step: &mut Step<'_>) {
        for (call, decision) in step.take_consents() {
            self.files.on_decided(&call, decision, step);
        }
    }

    /// Lets an agent be silent that waits for the bridge, and not for itself.
    pub(super) fn go_on_after_files(&mut self, step: &Step<'_>) {
        self.agent.on_sign(step.now());
        if let Some(turn) = &mut self.turn {
            turn.on_sign(step.now());
        }
    }
}
