//! Presses and commands have buckets of their own, which are asked before anything is looked up.
//!
//! What stops something is never refused to whoever may do it: without room it leaves no record.

use std::time::Duration;

use super::super::pace::{Allowance, Pace};
use super::super::{Access, Arrival, Refusal, Request, Ruling, Toast};
use super::{Decision, Users};
use crate::clock::Time;
use crate::ids::UserId;
use crate::instruction::Press;
use crate::told_chats::ToldChats;
use crate::user_registry::Sender;

/// How many presses, and how many commands, a person may send in a minute at the least; where more
/// messages are allowed, as many as those.
const PER_MINUTE: u32 = 60;

/// How often a chat is told in words.
const TOLD_EVERY: Duration = Duration::from_secs(60);

/// How often the press of a person is answered for which there is no room: each costs a call, and
/// one that is not answered shows for a while that it did nothing.
const PRESS_TOLD_EVERY: Duration = Duration::from_secs(2);

/// Whether there is room for an arrival.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in super::super) enum Haste {
    /// There is, or it is not counted here.
    #[default]
    None,
    /// There is none, and it stops something.
    Brakes,
    /// There is none, and it is time to say so.
    Told,
    /// There is none, which was said lately: nothing is looked up for it.
    Dropped,
}

/// The buckets, and what was said of them.
#[derive(Debug)]
pub(super) struct Hurried {
    presses: Pace,
    commands: Pace,
    presses_told: ToldChats,
    commands_told: ToldChats,
    /// What was said of too many messages.
    pub(super) messages_told: ToldChats,
}

/// Which bucket an arrival takes from, and whether it stops something.
struct Counted {
    kind: Kind,
    brakes: bool,
}

enum Kind {
    Press,
    Command,
}

impl Hurried {
    pub(super) fn new(messages_per_minute: u32) -> Self {
        Self {
            presses: Pace::new(messages_per_minute.max(PER_MINUTE)),
            commands: Pace::new(messages_per_minute.max(PER_MINUTE)),
            presses_told: ToldChats::once_in(PRESS_TOLD_EVERY),
            commands_told: ToldChats::once_in(TOLD_EVERY),
            messages_told: ToldChats::once_in(TOLD_EVERY),
        }
    }

    /// Follows the number of messages; what was used up stays used up.
    pub(super) fn set(&mut self, messages_per_minute: u32) {
        self.presses.set(messages_per_minute.max(PER_MINUTE));
        self.commands.set(messages_per_minute.max(PER_MINUTE));
    }
}

impl Users {
    /// Takes an arrival out of its sender's bucket, and tells whether there was room.
    pub(in super::super) fn haste(&mut self, arrival: &Arrival, now: Time) -> Haste {
        let Sender::Person(person) = &arrival.sender else {
            return Haste::None;
        };
        let Some(Counted { kind, brakes }) = counted(&arrival.request) else {
            return Haste::None;
        };
        let hurried = &mut self.hurried;
        let (pace, told) = match kind {
            Kind::Press => (&mut hurried.presses, &mut hurried.presses_told),
            Kind::Command => (&mut hurried.commands, &mut hurried.commands_told),
        };
        match pace.take(person.user, now) {
            Allowance::Fits => Haste::None,
            Allowance::TooFast if brakes => Haste::Brakes,
            Allowance::TooFast if told.is_due(arrival.chat, now) => Haste::Told,
            Allowance::TooFast => Haste::Dropped,
        }
    }

    /// Returns what becomes of somebody who may come in and is too fast; `None` lets them in.
    pub(super) fn meet_haste(&self, arrival: &Arrival, haste: Haste) -> Option<Decision> {
        let is_press = matches!(
            counted(&arrival.request),
            Some(Counted {
                kind: Kind::Press,
                ..
            })
        );
        match haste {
            Haste::None => None,
            Haste::Told if is_press => Some(Decision::ruled(Ruling::toast(Toast::TooMany))),
            Haste::Told => {
                let per_minute = self.hurried.commands.per_minute();
                let refusal = Refusal::TooManyCommands { per_minute };
                Some(Decision::of(Access::Refused(Some(refusal))))
            }
            Haste::Dropped => Some(Decision::ruled(dropped(arrival))),
            // Whoever may lock the bridge was dealt with before.
            Haste::Brakes => matches!(arrival.request, Request::LockDown | Request::Unlock)
                .then(|| Decision::of(Access::Refused(None))),
        }
    }

    /// Returns how somebody comes in to a session.
    pub(super) fn admit(&self, user: UserId, haste: Haste) -> Decision {
        let role = self.role(user);
        Decision::of(match haste {
            Haste::Brakes => Access::Unrecorded(role),
            Haste::None | Haste::Told | Haste::Dropped => Access::Granted(role),
        })
    }
}

/// Returns the ruling that nothing is done and nothing is said, the answer to a press included.
pub(in super::super) fn dropped(arrival: &Arrival) -> Ruling {
    match arrival.request {
        Request::Press { .. } => Ruling::settled(Vec::new()),
        Request::Work
        | Request::Command
        | Request::UnknownKind
        | Request::Stop
        | Request::StopDraft
        | Request::Start { .. }
        | Request::UserInfo(_)
        | Request::Users
        | Request::Manage { .. }
        | Request::AllowGroup
        | Request::DeleteMyData
        | Request::LockDown
        | Request::Unlock
        | Request::Overheard
        | Request::OverheardAlbum
        | Request::Reaction
        | Request::Joined
        | Request::Left
        | Request::Moved { .. } => Ruling::of(Access::Refused(None)),
    }
}

fn counted(request: &Request) -> Option<Counted> {
    let (kind, brakes) = match request {
        Request::Press { data, .. } => (Kind::Press, Press::is_brake(data)),
        Request::StopDraft => (Kind::Press, true),
        Request::Stop | Request::LockDown | Request::Unlock => (Kind::Command, true),
        Request::Command
        | Request::Start { .. }
        | Request::UserInfo(_)
        | Request::Users
        | Request::Manage { .. }
        | Request::AllowGroup
        | Request::DeleteMyData => (Kind::Command, false),
        // Messages and reactions have buckets of their own; the rest is nobody's wish.
        Request::Work
        | Request::UnknownKind
        | Request::Overheard
        | Request::OverheardAlbum
        | Request::Reaction
        | Request::Joined
        | Request::Left
        | Request::Moved { .. } => return None,
    };
    Some(Counted { kind, brakes })
}
