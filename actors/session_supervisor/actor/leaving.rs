//! Ends the sessions of a chat for good: the bot has left it, or all that it has is to be deleted.

use std::time::Duration;

use actix::prelude::*;
use tokio::sync::oneshot;
use tracing::{error, info};

use super::SessionSupervisor;
use crate::ids::{ChatId, UserId};
use crate::session::{EndSession, Memory, Revoke};
use crate::session_supervisor::{EmptyChat, EndChat, ReopenChat};

impl Handler<EndChat> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, EndChat(chat): EndChat, ctx: &mut Self::Context) {
        if let Err(error) = self.ports.session.journal.close_chat(chat) {
            error!(%chat, %error, "cannot close the prompts of a chat the bot has left");
        }
        self.end_sessions_of(chat, ctx);
    }
}

impl Handler<EmptyChat> for SessionSupervisor {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, EmptyChat(chat): EmptyChat, ctx: &mut Self::Context) -> Self::Result {
        info!(%chat, "all sessions of a chat end, since what it has is to be deleted");
        let (tx, rx) = oneshot::channel();
        self.emptied.entry(chat).or_default().push(tx);
        self.drop_all_of(chat, ctx);
        self.answer_if_emptied(chat);
        Box::pin(async move {
            // It is gone only when the bridge ends.
            rx.await.ok();
        })
    }
}

impl Handler<ReopenChat> for SessionSupervisor {
    type Result = ();

    fn handle(&mut self, ReopenChat(chat): ReopenChat, _: &mut Self::Context) {
        self.emptied.remove(&chat);
    }
}

impl SessionSupervisor {
    /// Tells whether no session of a chat may be started.
    pub(super) fn is_being_emptied(&self, chat: ChatId) -> bool {
        self.emptied.contains_key(&chat)
    }

    /// Ends a session that was rebuilt and has forgotten that it is to end, if it is.
    pub(super) fn empty_again(&self, chat: ChatId, ctx: &mut Context<Self>) {
        if self.is_being_emptied(chat) {
            self.drop_all_of(chat, ctx);
        }
    }

    /// Answers whoever waits for the last session of a chat to be gone, if it is.
    pub(super) fn answer_if_emptied(&mut self, chat: ChatId) {
        if self.children.running().any(|(key, _)| key.chat == chat) {
            return;
        }
        for waiting in self
            .emptied
            .get_mut(&chat)
            .into_iter()
            .flat_map(std::mem::take)
        {
            // Whoever asked may have stopped waiting.
            waiting.send(()).ok();
        }
    }

    fn drop_all_of(&self, chat: ChatId, ctx: &mut Context<Self>) {
        // In a private chat all is its person's.
        let revoke = Revoke {
            user: UserId(chat.0),
            memory: Memory::Erased,
        };
        for (key, _) in self.children.running().filter(|(key, _)| key.chat == chat) {
            self.insist(key, revoke, ctx);
        }
        self.end_sessions_of(chat, ctx);
    }

    fn end_sessions_of(&self, chat: ChatId, ctx: &mut Context<Self>) {
        let grace = Duration::ZERO;
        for (key, _) in self.children.running().filter(|(key, _)| key.chat == chat) {
            self.insist(key, EndSession { grace }, ctx);
        }
    }
}
