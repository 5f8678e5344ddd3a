//! What the user registry decides: access, and what the router is to do beside it.

use crate::clock::UnixSeconds;
use crate::ids::{ChatId, MessageId, PostId, UserId};
use crate::instruction::Role;
use crate::ports::{Admitter, Lockdown, UserRecord};
use crate::session::Revoke;
use crate::user_registry::{BadTarget, Change, Obstacle};

/// The registry's answer about one arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// Whether it comes in.
    pub access: Access,
    /// What is to be done besides, in this order.
    pub orders: Vec<Order>,
}

/// Whether an arrival comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Come in.
    Granted(Role),
    /// Come in, and leave no record: it stops something, and there were too many of its kind.
    Unrecorded(Role),
    /// Come in: this arrival has just claimed the bridge.
    Claimed,
    /// The registry has dealt with it; the orders say what is answered.
    Settled,
    /// Stay out; say why, or keep silent when it was said lately.
    Refused(Option<Refusal>),
}

/// Why somebody is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The bridge is not for them.
    Stranger,
    /// An administrator keeps them out.
    Barred,
    /// The bridge belongs to nobody yet; the printed code is needed.
    Unclaimed,
    /// The code is wrong.
    WrongCode,
    /// Too many wrong codes; a restart of the bridge prints a new one.
    Locked,
    /// So many wait to be let in that nobody can be added to them.
    CrowdedOut,
    /// More messages than a minute has room for; this one was not taken up.
    TooFast {
        /// How many there is room for.
        per_minute: u32,
    },
    /// More commands than a minute has room for; this one was not carried out.
    TooManyCommands {
        /// How many there is room for.
        per_minute: u32,
    },
    /// The bridge is locked down; nothing is kept.
    LockedDown(Role),
    /// They write in the name of the group, so that nobody knows who they are.
    Anonymous,
    /// They may come in, and sent something of a kind that is not known.
    UnknownKind,
    /// The store failed; nobody is let in on an error.
    StoreFailed,
}

/// Something that the router is to do for the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Answer the arrival.
    Answer(Notice),
    /// Answer the press of a button with a short text.
    AnswerPress(Toast),
    /// Write to a person in private.
    Tell(UserId, News),
    /// Put a wish to be let in to an administrator, with the buttons of this nonce.
    Ask {
        /// The administrator.
        admin: UserId,
        /// The name of the post, under which the registry knows it again.
        post: PostId,
        /// Who wants to come in.
        who: Face,
        /// What proves that a button belongs to this request.
        nonce: String,
    },
    /// Turn a request that was put to an administrator into what came of it.
    Close {
        /// Where it stands.
        card: RequestPlace,
        /// Who wanted to come in.
        who: Face,
        /// What came of it.
        verdict: JoinVerdict,
    },
    /// Put another page of the users in the place of one.
    TurnPage {
        /// Where it stands.
        chat: ChatId,
        /// The message.
        message: MessageId,
        /// What it shows from now on.
        page: Box<UserPage>,
    },
    /// End what a person has running or waiting.
    Revoke(Revoke),
    /// Offer a person the commands of their role.
    SetMenu(UserId, Role),
    /// Say something to a group.
    TellGroup(ChatId, GroupNews),
    /// Leave a group and end what runs in it.
    LeaveGroup(ChatId),
    /// End what runs in a group that the bot is no longer in.
    EndGroup(ChatId),
    /// End every agent, and let none start. Waits for no disk.
    LockDown,
    /// Let agents start again, and what was open go on.
    Unlock,
    /// Delete all that a private chat has, and tell whoever asked for it.
    Erase(Erasure),
    /// Turn the question about a deletion into what came of it.
    ShowErasure((ChatId, MessageId), ErasureState),
    /// Let the sessions of a group go on under its new id.
    MoveGroup {
        /// The id until now.
        from: ChatId,
        /// The id from now on.
        to: ChatId,
    },
}

/// A deletion of all that a private chat has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erasure {
    /// The chat.
    pub chat: ChatId,
    /// Who asked for it: its person, or an administrator after they were removed.
    pub by: UserId,
    /// The message that asked whether it is to be.
    pub shown: (ChatId, MessageId),
}

/// What came of the question about a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureState {
    /// It has begun.
    Begun,
    /// Nothing is deleted.
    Kept,
}

/// Where a request stands that was put to an administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestPlace {
    /// In a post of this run.
    Post(ChatId, PostId),
    /// In a message.
    Message(ChatId, MessageId),
}

/// What became of a wish to be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinVerdict {
    /// This administrator granted it.
    Approved(UserId),
    /// This administrator did not.
    Denied(UserId),
    /// It was settled in another way.
    Overtaken,
}

/// What an arrival is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A change was made.
    Changed(Change, Face),
    /// A change was not made.
    Stopped(Change, UserId, Obstacle),
    /// No person can be told from what was written.
    BadTarget(BadTarget),
    /// All that somebody has in their private chat can be deleted by a press until then.
    AskToErase {
        /// Until when.
        until: UnixSeconds,
    },
    /// The command is for administrators.
    AdminsOnly,
    /// The command is for private chats.
    PrivateOnly,
    /// The bridge serves one person.
    SingleUser,
    /// The store failed: nothing was changed.
    NotStored,
    /// About a person.
    UserInfo(Box<UserInfo>),
    /// Nobody of that id is known.
    UnknownUser(UserId),
    /// The id of somebody who may not come in.
    YourId(UserId),
    /// A page of users.
    Users(Box<UserPage>),
    /// The wish to be let in was put to the administrators.
    Asked(UserId),
    /// The bot works in this group from now on.
    GroupAllowed,
    /// The bot works in this group already.
    GroupAllowedAlready,
    /// The command is for groups.
    GroupOnly,
    /// The bridge is locked down from now on.
    LockedDown,
    /// The bridge was locked down already.
    LockedDownAlready(Lockdown, UnixSeconds),
    /// The bridge is locked down, and the store failed: the next start does not know of it.
    LockedDownUnsaved,
    /// The bridge is not locked down any more.
    Unlocked,
    /// The bridge was not locked down.
    NotLockedDown,
}

/// What the press of a button is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toast {
    /// The person was let in.
    Approved,
    /// The person was not let in.
    Denied,
    /// The button decides nothing any more.
    OutOfUse,
    /// The button is for administrators.
    AdminsOnly,
    /// The store failed: nothing was changed.
    NotStored,
    /// The bridge is locked down.
    LockedDown,
    /// More presses than a minute has room for; this one did nothing.
    TooMany,
    /// Nothing needs to be said.
    Silent,
}

/// What a person is told unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// They may come in from now on.
    LetIn,
    /// Their wish to be let in was not granted.
    NotLetIn,
    /// They can manage the bridge from now on.
    MadeAdmin {
        /// How many people wait to be let in; their requests were put to the others only.
        waiting: usize,
    },
    /// They can no longer manage it.
    NoLongerAdmin,
    /// This administrator has locked the bridge down.
    LockedDown(UserId),
    /// This administrator has locked the bridge down, and the next start does not know of it.
    LockedDownUnsaved(UserId),
    /// This administrator has lifted the lockdown.
    Unlocked(UserId),
}

/// What a group is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupNews {
    /// An administrator has to allow the group within an hour.
    NotAllowedYet,
    /// Nobody did, so the bot leaves.
    Leaving,
}

/// How a person is shown: the number, and names that prove nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// The identity.
    pub user: UserId,
    /// The first name; untrusted text.
    pub first_name: String,
    /// The `@name` without the `@`; untrusted text.
    pub username: Option<String>,
}

/// What is told about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserInfo {
    /// The record.
    pub record: UserRecord,
    /// Whether they may come in, and manage the bridge.
    pub state: UserState,
    /// The time of the answer.
    pub now: UnixSeconds,
}

/// Whether a person may come in, all things considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserState {
    /// They may.
    In(Role),
    /// They wait for an administrator.
    Waiting,
    /// An administrator did not let them in.
    Declined,
    /// An administrator switched them off.
    Off,
    /// The configuration denies them.
    Denied,
    /// They are known, but the lists of the configuration leave them out.
    NotListed,
}

/// A page of the users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPage {
    /// How many are known, and in which state.
    pub census: Census,
    /// The users of this page.
    pub users: Vec<UserInfo>,
    /// The data of the button to the page before, if there is one.
    pub before: Option<String>,
    /// The data of the button to the next page, if there is one.
    pub after: Option<String>,
}

/// How many people are known, by their records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    /// Whoever may come in.
    pub active: usize,
    /// Whoever waits for an administrator.
    pub waiting: usize,
    /// Whoever was not let in or switched off.
    pub off: usize,
    /// Whoever was removed; not shown.
    pub removed: usize,
}

impl Ruling {
    /// Returns the ruling of an access and nothing else.
    pub fn of(access: Access) -> Self {
        Self {
            access,
            orders: Vec::new(),
        }
    }

    /// Returns the ruling that all is said by these orders.
    pub(super) fn settled(orders: Vec<Order>) -> Self {
        Self {
            access: Access::Settled,
            orders,
        }
    }

    /// Returns the ruling that answers and does nothing else.
    pub(super) fn answer(notice: Notice) -> Self {
        Self::settled(vec![Order::Answer(notice)])
    }

    /// Returns the ruling that answers a press and does nothing else.
    pub(super) fn toast(toast: Toast) -> Self {
        Self::settled(vec![Order::AnswerPress(toast)])
    }
}

impl Face {
    /// Returns how the person of a record is shown.
    pub fn of(record: &UserRecord) -> Self {
        Self {
            user: record.user,
            first_name: record.first_name.clone(),
            username: record.username.clone(),
        }
    }
}

impl UserInfo {
    /// Returns who let the person in in person.
    pub fn admitted_by(&self) -> Option<Admitter> {
        self.record.admitted_by
    }
}
