//! What new rules mean for the people who are known.

use std::sync::Arc;

use super::super::manage::Staff;
use super::super::rules::{AccessRules, Admission, Strangers};
use super::super::{Order, Role};
use super::{Users, older_owner};
use crate::clock::UnixSeconds;
use crate::ids::UserId;
use crate::ports::UserRecord;
use crate::session::{Memory, Revoke};

/// New rules on their way in: every stored user is looked at before they hold.
#[derive(Debug)]
pub(in super::super) struct RulesChange {
    rules: Arc<AccessRules>,
    staff: Staff,
    stored_owner: Option<(UnixSeconds, UserId)>,
    thrown_out: Vec<UserId>,
}

impl Users {
    /// Begins to change the rules.
    pub(in super::super) fn begin_rules(&self, rules: Arc<AccessRules>) -> RulesChange {
        RulesChange {
            rules,
            staff: Staff::default(),
            stored_owner: None,
            thrown_out: Vec::new(),
        }
    }

    /// Looks at one stored user.
    pub(in super::super) fn review(&self, change: &mut RulesChange, record: &UserRecord) {
        change.staff.note(record, &change.rules);
        change.stored_owner = older_owner(change.stored_owner, record);
        let AccessRules::MultiUser(lists) = &*change.rules else {
            return;
        };
        let was_in = self.verdict(record.user, Some(record)) == Admission::In;
        if was_in && lists.decide(record.user, Some(record)) != Admission::In {
            change.thrown_out.push(record.user);
        }
    }

    /// Lets the new rules hold and returns what follows, or nothing at all if they would leave
    /// strangers waiting for administrators that do not exist.
    pub(in super::super) fn finish_rules(
        &mut self,
        change: RulesChange,
        per_minute: u32,
    ) -> Option<Vec<Order>> {
        if asks_nobody(&change.rules, &change.staff) {
            return None;
        }
        let admins_before = self.admins();
        self.rules = change.rules;
        self.staff = change.staff;
        self.stored_owner = change.stored_owner;
        self.hurried.set(per_minute);
        self.pace.set(per_minute);
        self.hurried.set(per_minute);
        let admins = self.admins();
        let revoke = |user| {
            Order::Revoke(Revoke {
                user,
                memory: Memory::Kept,
            })
        };
        let mut orders: Vec<_> = change.thrown_out.into_iter().map(revoke).collect();
        let gone = admins_before.iter().filter(|user| !admins.contains(user));
        orders.extend(gone.map(|user| Order::SetMenu(*user, Role::User)));
        let come = admins.iter().filter(|user| !admins_before.contains(user));
        orders.extend(come.map(|user| Order::SetMenu(*user, Role::Admin)));
        Some(orders)
    }
}

fn asks_nobody(rules: &AccessRules, staff: &Staff) -> bool {
    match rules {
        AccessRules::SingleUser { .. } => false,
        AccessRules::MultiUser(lists) => {
            lists.strangers == Strangers::Ask && staff.admins(rules).is_empty()
        }
    }
}
