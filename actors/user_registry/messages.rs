//! What the user registry can be asked.

use std::sync::Arc;

use actix::prelude::*;
use tokio::sync::oneshot;

use super::Role;
use super::manage::Change;
use super::orders::{Order, Ruling};
use super::rules::AccessRules;
use crate::ids::{ChatId, MessageId, UserId};
use crate::ports::{Lockdown, PageStart, StoreError};

/// May these come in? Asked by the router, one ruling per arrival in the same order.
///
/// An arrival is judged after everything that the ones before it changed.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "OnceSynced<Vec<Ruling>>")]
pub struct Authorise(pub Vec<Arrival>);

/// An answer that rests on something written: it is not to be had before that is on disk.
#[must_use]
pub struct OnceSynced<T> {
    answer: T,
    synced: Option<oneshot::Receiver<Result<(), StoreError>>>,
}

impl<T> OnceSynced<T> {
    /// Returns an answer that rests on nothing new.
    pub fn at_once(answer: T) -> Self {
        Self {
            answer,
            synced: None,
        }
    }

    /// Returns an answer that holds when `synced` says so.
    pub fn after(synced: oneshot::Receiver<Result<(), StoreError>>, answer: T) -> Self {
        Self {
            answer,
            synced: Some(synced),
        }
    }

    /// Returns the orders that wait for no disk: to end work at once is never wrong.
    ///
    /// They stay in their place too: what stands before them may let work begin again.
    pub fn urgent(&self) -> Vec<Order>
    where
        T: AsRef<[Ruling]>,
    {
        let orders = (self.answer.as_ref().iter()).flat_map(|ruling| &ruling.orders);
        let urgent = orders.filter(|order| matches!(order, Order::LockDown));
        urgent.cloned().collect()
    }

    /// Waits for the disk, however long it takes, and returns the answer.
    ///
    /// # Errors
    ///
    /// When the store has failed for good or the registry is gone: then nobody knows whether the
    /// answer holds, and the bridge ends.
    pub async fn wait(self) -> Result<T, StoreError> {
        if let Some(synced) = self.synced {
            let gone = |_| Err(StoreError("the user registry is gone".to_owned()));
            synced.await.unwrap_or_else(gone)?;
        }
        Ok(self.answer)
    }
}

/// Someone at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Where they came from.
    pub chat: ChatId,
    /// What kind of chat that is.
    pub chat_kind: ChatKind,
    /// Who they are.
    pub sender: Sender,
    /// What they want.
    pub request: Request,
    /// The album that it is a part of: all of one counts as one message.
    pub album: Option<String>,
}

/// What kind of chat an update came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatKind {
    /// A person alone with the bot.
    Private,
    /// A group or supergroup.
    Group,
    /// A channel.
    Channel,
}

/// Who caused an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// A person.
    Person(Person),
    /// An administrator who writes in the name of the group: nobody knows who it is, so they have no
    /// rights.
    Anonymous,
    /// Nobody with rights: a bot, a channel, or missing.
    Nobody,
}

/// A person as Telegram describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The identity.
    pub user: UserId,
    /// The `@name` without the `@`; never an identity.
    pub username: Option<String>,
    /// The first name; untrusted text.
    pub first_name: String,
    /// The language of their Telegram, such as `de` or `pt-br`; untrusted text.
    pub language: Option<String>,
}

/// What somebody at the door wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Something for the session of the chat; counts towards the messages of a minute.
    Work,
    /// A command of the session or of the router, without a prompt.
    Command,
    /// Nothing that can be understood: a message of a kind that is not known.
    UnknownKind,
    /// To stop what runs: never too often.
    Stop,
    /// To stop what runs, by the Stop of a draft: a press that nobody answers, never too often.
    StopDraft,
    /// To begin, with the claim code if there is one.
    Start {
        /// The code.
        code: Option<String>,
    },
    /// To know about oneself or somebody else.
    UserInfo(Option<Target>),
    /// To see who uses the bridge.
    Users,
    /// To change who may come in.
    Manage {
        /// What is to be changed.
        change: Change,
        /// For whom.
        target: Target,
    },
    /// To delete all that they have here.
    DeleteMyData,
    /// To let the bot work in this group.
    AllowGroup,
    /// To end all agents and let nothing run: never too often.
    LockDown,
    /// To let agents run again.
    Unlock,
    /// A button.
    Press {
        /// The message that it hangs on, if that is still known.
        message: Option<MessageId>,
        /// Its data; can be forged.
        data: String,
    },
    /// Nothing: it was said to the group at large.
    Overheard,
    /// Nothing yet: a file of an album was said to the group at large, and another one may be said
    /// to the bot. Whoever may come in is heard; nobody is told anything.
    OverheardAlbum,
    /// To say by a sign what they think of a message; nobody is told anything.
    Reaction,
    /// The bot was added to this group.
    Joined,
    /// The bot was removed from this group.
    Left,
    /// The group has another id from now on.
    Moved {
        /// Its id until now.
        from: ChatId,
        /// Its id from now on.
        to: ChatId,
    },
}

/// Whom a command is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// This person.
    User(UserId),
    /// Nobody: what was written or pointed at is not a person.
    Bad(BadTarget),
}

/// Why no person can be told from a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadTarget {
    /// Nothing was given.
    Missing,
    /// It is a name, and names change hands.
    Name,
    /// It is the id of a group or channel.
    Group,
    /// It is a number that nobody can have.
    OutOfRange,
    /// It is something else.
    NotANumber,
    /// The message that was pointed at hides its author.
    Hidden,
    /// An id was written and somebody else was pointed at.
    TwoPeople,
}

/// The configuration says something else about who may come in; sent by the router. Answered with
/// what follows for the people concerned.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "Result<Vec<Order>, RulesRefused>")]
pub struct SetRules {
    /// Who may come in.
    pub rules: Arc<AccessRules>,
    /// How many messages a person may send in a minute.
    pub messages_per_minute: u32,
}

/// New rules do not hold; the old ones do.
#[derive(Debug, thiserror::Error)]
pub enum RulesRefused {
    /// Strangers would wait for administrators that do not exist.
    #[error(
        "strangers = \"ask\" needs an administrator, and there is none: add one to \
         multi_user.admin_users or set multi_user.strangers to \"refuse\" or \"open\""
    )]
    NoAdmin,
    /// The people who are known could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The registry does not answer.
    #[error("the user registry does not answer: {0}")]
    NoAnswer(String),
}

/// As what may these people go on with what they began, if at all? Asked by the router when the
/// bridge starts, one answer per initiator in the same order. Nobody is counted, told or written down
/// by it.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "Result<Vec<Option<Role>>, StoreError>")]
pub struct MayGoOn(pub Vec<Initiator>);

/// Something that a person began in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Initiator {
    /// The chat.
    pub chat: ChatId,
    /// The person.
    pub author: UserId,
}

/// What has become due? Asked by the router every minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "OnceSynced<Vec<Order>>")]
pub struct Due;

/// Who can manage the bridge? Asked at the start, for their menus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "Result<Vec<UserId>, StoreError>")]
pub struct Admins;

/// The bridge has an owner from now on, and the store has the record; sent to the edge that
/// keeps the number for older bridges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct OwnerClaimed {
    /// The owner.
    pub user: UserId,
    /// Their private chat.
    pub chat: ChatId,
}

/// Is the bridge locked down? Asked at the start, before anything goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Message)]
#[rtype(result = "Result<Option<Lockdown>, StoreError>")]
pub struct IsLockedDown;

/// What a page of users is asked for with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageQuery {
    pub(super) start: PageStart,
    /// The page's own length and one more, which tells whether there is more.
    pub(super) limit: usize,
}
