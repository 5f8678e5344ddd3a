//! Groups: the bot works only where an administrator allowed it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::rules::Admission;
use super::super::{
    Access, Arrival, GroupNews, Initiator, Notice, Order, Refusal, Request, Role, Ruling,
};
use super::{Decision, Known, Moment, Users, Write};
use crate::audit::AuditAction;
use crate::clock::UnixSeconds;
use crate::ids::{ChatId, UserId};
use crate::ports::{GroupRecord, GroupStanding, UserRecord};
use crate::user_registry::{ChatKind, Person};

/// How long the bot waits in a group for an administrator to allow it.
const PATIENCE: Duration = Duration::from_secs(3600);

/// In how many groups at once the bot waits: from any further one it goes at once.
const MAX_PENDING: usize = 50;

/// The groups that the bot is in; bounded by [`MAX_PENDING`] and by what administrators allow.
#[derive(Debug, Default)]
pub(super) struct Groups(BTreeMap<ChatId, GroupStanding>);

impl Groups {
    pub(super) fn new(records: Vec<GroupRecord>) -> Self {
        let entries = records
            .into_iter()
            .map(|group| (group.chat, group.standing));
        Self(entries.collect())
    }

    pub(super) fn insert(&mut self, group: GroupRecord) {
        self.0.insert(group.chat, group.standing);
    }

    pub(super) fn remove(&mut self, chat: ChatId) {
        self.0.remove(&chat);
    }

    fn pending(&self) -> usize {
        let is_pending =
            |standing: &&GroupStanding| matches!(standing, GroupStanding::Pending { .. });
        self.0.values().filter(is_pending).count()
    }
}

impl Users {
    /// Returns what an event of the group itself leads to; `None` for what a person wants.
    ///
    /// These come from Telegram and not from a person, so it does not matter who caused them.
    pub(super) fn on_group_event(&mut self, arrival: &Arrival, moment: Moment) -> Option<Decision> {
        let chat = arrival.chat;
        match (&arrival.request, arrival.chat_kind) {
            (Request::Joined, ChatKind::Channel) => {
                Some(Decision::orders(vec![Order::LeaveGroup(chat)]))
            }
            (Request::Joined, ChatKind::Group) => Some(match self.groups.0.contains_key(&chat) {
                true => Decision::of(Access::Settled),
                false => self.wait_in(chat, moment),
            }),
            (Request::Left, ChatKind::Group | ChatKind::Channel) => {
                let mut decision = Decision::orders(vec![Order::EndGroup(chat)]);
                decision.writes = vec![Write::DropGroup(chat)];
                decision.if_failed = decision.ruling.clone();
                Some(decision)
            }
            (Request::Moved { from, to }, ChatKind::Group) => Some(self.move_group(*from, *to)),
            (Request::Joined | Request::Left | Request::Moved { .. }, _) => {
                Some(Decision::of(Access::Refused(None)))
            }
            (
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
                | Request::Press { .. }
                | Request::Overheard
                | Request::OverheardAlbum
                | Request::Reaction,
                _,
            ) => None,
        }
    }

    pub(super) fn in_group(
        &mut self,
        person: &Person,
        arrival: &Arrival,
        known: &Known,
        moment: Moment,
    ) -> Decision {
        let verdict = self.verdict(person.user, known.record(person.user));
        let is_in = verdict == Admission::In;
        let is_request = arrival.request == Request::AllowGroup;
        match self.groups.0.get(&arrival.chat) {
            _ if is_request && is_in => self.come_in(person, arrival, known, moment),
            None => self.wait_in(arrival.chat, moment),
            Some(GroupStanding::Pending { .. }) => Decision::of(Access::Refused(None)),
            Some(GroupStanding::Allowed { .. }) => match (&arrival.request, verdict) {
                (Request::Reaction, Admission::In) => self.take_reaction(person.user, moment),
                (Request::OverheardAlbum, Admission::In) => {
                    Decision::of(Access::Granted(self.role(person.user)))
                }
                (Request::Overheard | Request::OverheardAlbum | Request::Reaction, _) => {
                    Decision::of(Access::Refused(None))
                }
                (_, Admission::In) => self.come_in(person, arrival, known, moment),
                (Request::Press { .. } | Request::StopDraft, _) => {
                    Decision::of(Access::Refused(None))
                }
                (_, Admission::Denied | Admission::Barred) => {
                    self.refuse(person.user, Refusal::Barred, moment)
                }
                (_, Admission::Waiting | Admission::Ask | Admission::Refused) => {
                    self.refuse(person.user, Refusal::Stranger, moment)
                }
            },
        }
    }

    /// Tells an administrator who writes in the name of the group, once an hour, that nobody knows
    /// who they are; in silence it would look as if the bot were broken.
    pub(super) fn of_anonymous(&mut self, arrival: &Arrival, moment: Moment) -> Decision {
        let is_said_to_us = !matches!(
            arrival.request,
            Request::Overheard
                | Request::OverheardAlbum
                | Request::Reaction
                | Request::Press { .. }
                | Request::StopDraft
        );
        match is_said_to_us && self.groups.0.contains_key(&arrival.chat) {
            // The group stands for whoever it is.
            true => self.refuse(UserId(arrival.chat.0), Refusal::Anonymous, moment),
            false => Decision::of(Access::Refused(None)),
        }
    }

    /// Returns as what somebody may go on with something that was begun, if at all.
    pub(in super::super) fn may_go_on(
        &self,
        initiator: Initiator,
        record: Option<&UserRecord>,
    ) -> Option<Role> {
        let is_place_open = initiator.chat.0 == initiator.author.0
            || matches!(
                self.groups.0.get(&initiator.chat),
                Some(GroupStanding::Allowed { .. })
            );
        let is_in = is_place_open && self.verdict(initiator.author, record) == Admission::In;
        is_in.then(|| self.role(initiator.author))
    }

    /// Lets the bot work in a group, on the word of somebody who may come in.
    pub(super) fn allow_group(&mut self, user: UserId, chat: ChatId, moment: Moment) -> Decision {
        let what = (AuditAction::AllowGroup, Some(chat.0));
        if !self.is_admin(user) {
            let mut decision = Decision::ruled(Ruling::answer(Notice::AdminsOnly));
            decision.audit = vec![moment.refused(user, what, "not an administrator")];
            return decision;
        }
        if let Some(GroupStanding::Allowed { .. }) = self.groups.0.get(&chat) {
            return Decision::ruled(Ruling::answer(Notice::GroupAllowedAlready));
        }
        let standing = GroupStanding::Allowed { by: user };
        let mut decision = Decision::ruled(Ruling::answer(Notice::GroupAllowed));
        decision.writes = vec![Write::Group(GroupRecord { chat, standing })];
        decision.if_failed = Ruling::answer(Notice::NotStored);
        decision.audit = vec![moment.done(user, what)];
        decision
    }

    /// Begins to wait for an administrator to allow a group.
    fn wait_in(&mut self, chat: ChatId, moment: Moment) -> Decision {
        if self.groups.pending() >= MAX_PENDING {
            let mut decision = Decision::orders(vec![
                Order::TellGroup(chat, GroupNews::Leaving),
                Order::LeaveGroup(chat),
            ]);
            decision.audit = vec![moment.by_bridge(AuditAction::LeaveGroup, chat)];
            return decision;
        }
        let leave_at = UnixSeconds(moment.unix.0.saturating_add(PATIENCE.as_secs()));
        let standing = GroupStanding::Pending { leave_at };
        let mut decision = Decision::orders(vec![Order::TellGroup(chat, GroupNews::NotAllowedYet)]);
        decision.writes = vec![Write::Group(GroupRecord { chat, standing })];
        decision.if_failed = Ruling::of(Access::Refused(None));
        decision
    }

    fn move_group(&mut self, from: ChatId, to: ChatId) -> Decision {
        let mut decision = Decision::orders(vec![Order::MoveGroup { from, to }]);
        decision.if_failed = decision.ruling.clone();
        if let Some(standing) = self.groups.0.get(&from).copied() {
            // What an administrator allowed counts, whichever side of the move is told first.
            let there = self.groups.0.get(&to).copied();
            let standing = there
                .filter(|there| matches!(there, GroupStanding::Allowed { .. }))
                .unwrap_or(standing);
            let moved = GroupRecord { chat: to, standing };
            decision.writes = vec![Write::Group(moved), Write::DropGroup(from)];
        }
        decision
    }

    /// Returns the groups that nobody has allowed in time.
    pub(in super::super) fn overdue(&self, moment: Moment) -> Decision {
        let is_overdue = |standing: &GroupStanding| match standing {
            GroupStanding::Pending { leave_at } => *leave_at <= moment.unix,
            GroupStanding::Allowed { .. } => false,
        };
        let mut found = Decision::orders(Vec::new());
        // Whoever could not be forgotten is due again at the next sweep.
        found.if_failed = found.ruling.clone();
        for (&chat, _) in self.groups.0.iter().filter(|(_, it)| is_overdue(it)) {
            found.writes.push(Write::DropGroup(chat));
            let farewell = Order::TellGroup(chat, GroupNews::Leaving);
            found.ruling.orders.push(farewell);
            found.ruling.orders.push(Order::LeaveGroup(chat));
            let entry = moment.by_bridge(AuditAction::LeaveGroup, chat);
            found.audit.push(entry);
        }
        found
    }
}
