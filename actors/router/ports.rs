//! What the router needs from others.

use std::sync::Arc;

use actix::prelude::*;
use bridge_texts::Language;

use super::{Erase, SetMenu};
use crate::outbox::{Heard, Post, PostIds, Sign};
use crate::ports::PromptJournal;
use crate::session::Revoke;
use crate::session_supervisor::{
    Deliver, EndChat, LockDown, MoveChat, Reconfigure, ResumeSession, Unlock,
};
use crate::user_registry::{Authorise, Due, MayGoOn, SetRules};

/// Where the router's words go.
pub struct RouterPorts {
    /// Says who may come in.
    pub registry: RegistryHandle,
    /// Takes what is for sessions.
    pub sessions: SupervisorHandle,
    /// Takes what is to be posted.
    pub outbox: Recipient<Post>,
    /// Is told who was heard where.
    pub heard: Recipient<Heard>,
    /// Takes passing signs.
    pub signs: Recipient<Sign>,
    /// Takes the command menus of people.
    pub menus: Recipient<SetMenu>,
    /// Deletes what chats have.
    pub eraser: Recipient<Erase>,
    /// Keeps prompts until they have their outcome.
    pub journal: Arc<dyn PromptJournal>,
    /// Names the router's posts.
    pub post_ids: PostIds,
    /// The language in which the router speaks.
    pub language: Language,
}

/// What the router asks of the user registry.
pub struct RegistryHandle {
    /// May these come in?
    pub authorise: Recipient<Authorise>,
    /// May these go on?
    pub may_go_on: Recipient<MayGoOn>,
    /// What has become due?
    pub due: Recipient<Due>,
    /// Other rules hold.
    pub rules: Recipient<SetRules>,
}

/// What the router asks of the session supervisor.
pub struct SupervisorHandle {
    /// Hand something to a session.
    pub deliver: Recipient<Deliver>,
    /// Begin with what an earlier run left open.
    pub resume: Recipient<ResumeSession>,
    /// End what somebody has running.
    pub revoke: Recipient<Revoke>,
    /// A chat has another id.
    pub move_chat: Recipient<MoveChat>,
    /// The bot has left a chat.
    pub end_chat: Recipient<EndChat>,
    /// Other settings hold.
    pub reconfigure: Recipient<Reconfigure>,
    /// No agent may live.
    pub lock_down: Recipient<LockDown>,
    /// Agents may live again.
    pub unlock: Recipient<Unlock>,
}

impl RegistryHandle {
    /// Returns the handle of whoever takes all of these.
    pub fn of<A>(registry: &Addr<A>) -> Self
    where
        A: Actor<Context = Context<A>>
            + Handler<Authorise>
            + Handler<MayGoOn>
            + Handler<Due>
            + Handler<SetRules>,
    {
        Self {
            authorise: registry.clone().recipient(),
            may_go_on: registry.clone().recipient(),
            due: registry.clone().recipient(),
            rules: registry.clone().recipient(),
        }
    }
}

impl SupervisorHandle {
    /// Returns the handle of whoever takes all of these.
    pub fn of<A>(supervisor: &Addr<A>) -> Self
    where
        A: Actor<Context = Context<A>>
            + Handler<Deliver>
            + Handler<ResumeSession>
            + Handler<Revoke>
            + Handler<MoveChat>
            + Handler<EndChat>
            + Handler<Reconfigure>
            + Handler<LockDown>
            + Handler<Unlock>,
    {
        Self {
            deliver: supervisor.clone().recipient(),
            resume: supervisor.clone().recipient(),
            revoke: supervisor.clone().recipient(),
            move_chat: supervisor.clone().recipient(),
            end_chat: supervisor.clone().recipient(),
            reconfigure: supervisor.clone().recipient(),
            lock_down: supervisor.clone().recipient(),
            unlock: supervisor.clone().recipient(),
        }
    }
}
