//! What somebody who may come in gets for a request, and what administrators can do.

use super::super::buttons::{JoinAnswer, RegistryButton, page_button, parse_button};
use super::super::manage::stranger;
use super::super::rules::{AccessRules, Admission};
use super::super::{
    Access, Arrival, Change, Face, JoinVerdict, News, Notice, Obstacle, Order, Refusal, Request,
    Role, Ruling, Target, Toast, UserInfo, UserPage, UserState,
};
use super::erasing::PressOfErasure;
use super::requests::close_old_card;
use super::{Decision, Known, Moment, PAGE_LENGTH, Users, Write};
use crate::audit::AuditAction;
use crate::ids::{ChatId, MessageId, UserId};
use crate::ports::{Admitter, PageStart, Standing, UserRecord};
use crate::session::{Memory, Revoke};
use crate::user_registry::ChatKind;

/// A change of a person's record, and around it.
struct Made<'a> {
    by: UserId,
    change: &'a Change,
    before: Option<&'a UserRecord>,
    after: UserRecord,
}

impl Users {
    /// Returns what `me`, who may come in, gets.
    pub(super) fn grant(
        &mut self,
        me: &UserRecord,
        arrival: &Arrival,
        known: &Known,
        moment: Moment,
    ) -> Decision {
        let is_private = arrival.chat_kind == ChatKind::Private;
        match &arrival.request {
            Request::Work
            | Request::Command
            | Request::Stop
            | Request::StopDraft
            | Request::Start { .. } => self.admit(me.user, known.haste),
            Request::UnknownKind => {
                let refusal = Refusal::UnknownKind;
                Decision::of(self.refusals.refuse(me.user, refusal, moment.now))
            }
            Request::UserInfo(None) => answer(self.info_of(me.clone(), moment)),
            Request::UserInfo(Some(target)) => {
                match self.check_admin(me.user, moment, AuditAction::Look) {
                    Err(decision) => decision,
                    Ok(()) if !is_private => answer(Notice::PrivateOnly),
                    Ok(()) => self.tell_about(target, me, known, moment),
                }
            }
            Request::Users => match self.check_admin(me.user, moment, AuditAction::Look) {
                Err(decision) => decision,
                Ok(()) if !is_private => answer(Notice::PrivateOnly),
                Ok(()) => {
                    let page = self.page(PageStart::First, known, moment);
                    answer(Notice::Users(Box::new(page)))
                }
            },
            Request::Manage { change, target } => self.manage(me, change, target, known, moment),
            Request::AllowGroup => match is_private {
                true => answer(Notice::GroupOnly),
                false => self.allow_group(me.user, arrival.chat, moment),
            },
            Request::DeleteMyData => self.ask_to_erase(is_private, moment),
            Request::LockDown | Request::Unlock => {
                self.not_theirs_to_lock(me.user, arrival, moment)
            }
            Request::Press { data, message } => {
                let pressed = message.map(|message| (arrival.chat, message));
                self.press(me, data, (is_private, pressed), known, moment)
            }
            Request::Overheard
            | Request::OverheardAlbum
            | Request::Reaction
            | Request::Joined
            | Request::Left
            | Request::Moved { .. } => Decision::of(Access::Refused(None)),
        }
    }

    fn press(
        &mut self,
        me: &UserRecord,
        data: &str,
        (is_private, pressed): (bool, Option<(ChatId, MessageId)>),
        known: &Known,
        moment: Moment,
    ) -> Decision {
        let Some(button) = parse_button(data) else {
            return self.admit(me.user, known.haste);
        };
        let by = me.user;
        let of_erasure = PressOfErasure { by, pressed };
        match (button, pressed) {
            _ if !is_private => toast(Toast::OutOfUse),
            (
                button @ (RegistryButton::EraseMine { .. }
                | RegistryButton::EraseOf(_)
                | RegistryButton::KeepAll),
                _,
            ) => self.on_erasure_pressed(&button, of_erasure, known, moment),
            _ if self.role(me.user) != Role::Admin => toast(Toast::AdminsOnly),
            (RegistryButton::Page(_), None) => toast(Toast::OutOfUse),
            (RegistryButton::Page(start), Some((chat, message))) => {
                let page = Box::new(self.page(start, known, moment));
                let turn = Order::TurnPage {
                    chat,
                    message,
                    page,
                };
                Decision::orders(vec![Order::AnswerPress(Toast::Silent), turn])
            }
            (
                RegistryButton::Join {
                    answer,
                    user,
                    nonce,
                },
                _,
            ) => match known.record(user) {
                None => toast(Toast::OutOfUse),
                Some(record) => match &record.standing {
                    Standing::Waiting(request) if request.nonce == nonce => {
                        self.decide_join(me.user, answer, record, moment)
                    }
                    Standing::Waiting(_)
                    | Standing::Active
                    | Standing::Declined
                    | Standing::Deactivated
                    | Standing::Removed => close_old_card((me.user, answer), record, pressed),
                },
            },
        }
    }

    /// Returns what stands against a command that is for the administrators of many people.
    fn check_admin(
        &self,
        user: UserId,
        moment: Moment,
        action: AuditAction,
    ) -> Result<(), Decision> {
        if matches!(*self.rules, AccessRules::SingleUser { .. }) {
            return Err(answer(Notice::SingleUser));
        }
        if self.is_admin(user) {
            return Ok(());
        }
        let mut decision = answer(Notice::AdminsOnly);
        decision.audit = vec![moment.refused(user, (action, None), "not an administrator")];
        Err(decision)
    }

    fn manage(
        &mut self,
        me: &UserRecord,
        change: &Change,
        target: &Target,
        known: &Known,
        moment: Moment,
    ) -> Decision {
        if let Err(decision) = self.check_admin(me.user, moment, change.action()) {
            return decision;
        }
        let user = match target {
            Target::Bad(bad) => return answer(Notice::BadTarget(*bad)),
            Target::User(user) => *user,
        };
        let before = match user == me.user {
            true => Some(me),
            false => known.record(user),
        };
        let by = Admitter::Admin(me.user);
        match change.apply(user, before, (&self.rules, &self.staff), by, moment.unix) {
            Err(obstacle) => {
                let stopped = Notice::Stopped(change.clone(), user, obstacle);
                let what = (change.action(), Some(user.0));
                let mut decision = answer(stopped);
                decision.audit = vec![moment.refused(me.user, what, obstacle.for_audit())];
                // The bridge may have died when the change was stored and before it was carried
                // out: then the command comes again, and what follows from it is made up for.
                if let (Obstacle::AlreadySo, Change::Remove | Change::Deactivate) =
                    (obstacle, change)
                {
                    let orders = &mut decision.ruling.orders;
                    orders.push(Order::Revoke(revoke(user, change)));
                }
                decision
            }
            Ok(after) => self.make(
                Made {
                    by: me.user,
                    change,
                    before,
                    after,
                },
                moment,
            ),
        }
    }

    fn make(&mut self, made: Made<'_>, moment: Moment) -> Decision {
        let Made {
            by,
            change,
            before,
            after,
        } = made;
        let user = after.user;
        // Who was removed is without a name afterwards.
        let face = Face::of(before.unwrap_or(&after));
        let mut orders = vec![Order::Answer(Notice::Changed(change.clone(), face))];
        let mut close = |users: &Self, verdict| {
            if let Some(Standing::Waiting(request)) = before.map(|before| &before.standing) {
                orders.extend(users.close_cards(before.unwrap_or(&after), request, verdict));
            }
        };
        match change {
            Change::Add { .. } | Change::Activate => {
                close(self, JoinVerdict::Approved(by));
                if before.is_some_and(|before| before.last_seen.is_some()) {
                    orders.push(Order::Tell(user, News::LetIn));
                }
            }
            Change::Remove | Change::Deactivate => {
                close(self, JoinVerdict::Denied(by));
                orders.push(Order::Revoke(revoke(user, change)));
                orders.push(Order::SetMenu(user, Role::User));
            }
            Change::Promote => {
                orders.push(Order::SetMenu(user, Role::Admin));
                let waiting = self.census.waiting;
                orders.push(Order::Tell(user, News::MadeAdmin { waiting }));
            }
            Change::Demote => {
                orders.push(Order::SetMenu(user, Role::User));
                orders.push(Order::Tell(user, News::NoLongerAdmin));
            }
        }
        let mut decision = Decision::orders(orders);
        decision.writes = vec![Write::User(after)];
        decision.if_failed = Ruling::answer(Notice::NotStored);
        decision.audit = vec![moment.done(by, (change.action(), Some(user.0)))];
        decision
    }

    fn tell_about(
        &self,
        target: &Target,
        me: &UserRecord,
        known: &Known,
        moment: Moment,
    ) -> Decision {
        let user = match target {
            Target::Bad(bad) => return answer(Notice::BadTarget(*bad)),
            Target::User(user) => *user,
        };
        if user == me.user {
            return answer(self.info_of(me.clone(), moment));
        }
        let is_named = self.rules.lists(user) || self.rules.names_admin(user);
        let known = known.record(user);
        let record = known.filter(|record| record.standing != Standing::Removed);
        match record {
            Some(record) => answer(self.info_of(record.clone(), moment)),
            // The configuration lets them in, and they have not written yet.
            None if is_named && known.is_none() => {
                let unseen = UserRecord {
                    standing: Standing::Active,
                    ..stranger(user, moment.unix)
                };
                answer(self.info_of(unseen, moment))
            }
            None => answer(Notice::UnknownUser(user)),
        }
    }

    fn info_of(&self, record: UserRecord, moment: Moment) -> Notice {
        Notice::UserInfo(Box::new(self.info(record, moment)))
    }

    fn info(&self, record: UserRecord, moment: Moment) -> UserInfo {
        UserInfo {
            state: self.state_of(&record),
            record,
            now: moment.unix,
        }
    }

    fn state_of(&self, record: &UserRecord) -> UserState {
        match (self.verdict(record.user, Some(record)), &record.standing) {
            (Admission::Denied, _) => UserState::Denied,
            (Admission::In, _) => UserState::In(match self.is_admin(record.user) {
                true => Role::Admin,
                false => Role::User,
            }),
            (_, Standing::Waiting(_)) => UserState::Waiting,
            (_, Standing::Declined) => UserState::Declined,
            (_, Standing::Deactivated | Standing::Removed) => UserState::Off,
            (_, Standing::Active) => UserState::NotListed,
        }
    }

    fn page(&self, start: PageStart, known: &Known, moment: Moment) -> UserPage {
        let is_full = known.page.len() > PAGE_LENGTH;
        let (is_first, is_last) = match start {
            PageStart::First => (true, !is_full),
            PageStart::After(_) => (false, !is_full),
            PageStart::Before(_) => (!is_full, false),
        };
        let records = match start {
            PageStart::Before(_) if is_full => known.page.get(1..).unwrap_or_default(),
            PageStart::First | PageStart::After(_) | PageStart::Before(_) => {
                known.page.get(..PAGE_LENGTH).unwrap_or(&known.page)
            }
        };
        let (first, last) = (records.first(), records.last());
        let before = first.filter(|_| !is_first);
        let after = last.filter(|_| !is_last);
        UserPage {
            census: self.census,
            users: (records.iter())
                .map(|record| self.info(record.clone(), moment))
                .collect(),
            before: before.map(|record| page_button(PageStart::Before(record.user))),
            after: after.map(|record| page_button(PageStart::After(record.user))),
        }
    }

    fn decide_join(
        &mut self,
        by: UserId,
        answer: JoinAnswer,
        before: &UserRecord,
        moment: Moment,
    ) -> Decision {
        let user = before.user;
        let declined = UserRecord {
            standing: Standing::Declined,
            ..before.clone()
        };
        let admitter = Admitter::Admin(by);
        let rules = (&*self.rules, &self.staff);
        let admitted = Change::Activate.apply(user, Some(before), rules, admitter, moment.unix);
        let (after, verdict, what, news, said) = match (answer, admitted) {
            (JoinAnswer::Approve, Err(_)) => return toast(Toast::OutOfUse),
            (JoinAnswer::Approve, Ok(admitted)) => (
                admitted,
                JoinVerdict::Approved(by),
                AuditAction::Approve,
                News::LetIn,
                Toast::Approved,
            ),
            (JoinAnswer::Deny, _) => (
                declined,
                JoinVerdict::Denied(by),
                AuditAction::Deny,
                News::NotLetIn,
                Toast::Denied,
            ),
        };
        let mut orders = vec![Order::AnswerPress(said)];
        if let Standing::Waiting(request) = &before.standing {
            orders.extend(self.close_cards(before, request, verdict));
        }
        orders.push(Order::Tell(user, news));
        let mut decision = Decision::orders(orders);
        decision.writes = vec![Write::User(after)];
        decision.if_failed = Ruling::toast(Toast::NotStored);
        decision.audit = vec![moment.done(by, (what, Some(user.0)))];
        decision
    }
}

/// A card that is left over, say after a crash, loses its buttons at the next press.
fn revoke(user: UserId, change: &Change) -> Revoke {
    let memory = match change {
        Change::Remove => Memory::Forgotten,
        Change::Add { .. }
        | Change::Activate
        | Change::Deactivate
        | Change::Promote
        | Change::Demote => Memory::Kept,
    };
    Revoke { user, memory }
}

fn answer(notice: Notice) -> Decision {
    Decision::ruled(Ruling::answer(notice))
}

fn toast(toast: Toast) -> Decision {
    Decision::ruled(Ruling::toast(toast))
}
