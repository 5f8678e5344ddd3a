//! Decides which command menu is set next, and when one that failed is tried again.

use std::collections::VecDeque;
use std::time::Duration;

use bridge_actors::ids::UserId;
use bridge_actors::instruction::Role;

/// The first wait after a failure; doubles.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait after a failure, unless Telegram asks for more.
const MAX_WAIT: Duration = Duration::from_secs(300);

/// Menus that may wait; beyond it the oldest of a person is dropped, and never everybody's. Far more
/// administrators than a bridge has.
const MAX_WAITING: usize = 1000;

/// A menu that is to be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Menu {
    /// Everybody's.
    Everyone,
    /// That of a person, by their role.
    Of(UserId, Role),
}

/// How an attempt to set a menu went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    /// It is set.
    Set,
    /// Telegram will never set it.
    Refused,
    /// Telegram could not be reached, or did not do it.
    Failed,
    /// Telegram asks to wait.
    Throttled(Duration),
}

/// The menus that are not set yet, in the order in which they are tried.
#[derive(Debug, Default)]
pub(super) struct Plan {
    waiting: VecDeque<Menu>,
    failures: u32,
}

impl Plan {
    /// Wants a menu to be set; of one person or all only the newest counts.
    pub(super) fn want(&mut self, menu: Menu) {
        self.waiting.retain(|other| !other.is_of_the_same(menu));
        if self.waiting.len() >= MAX_WAITING {
            let is_of_a_person = |other: &Menu| matches!(other, Menu::Of(..));
            let oldest = self.waiting.iter().position(is_of_a_person);
            oldest.and_then(|at| self.waiting.remove(at));
        }
        self.waiting.push_back(menu);
    }

    /// Takes the menu to be tried.
    pub(super) fn next(&mut self) -> Option<Menu> {
        self.waiting.pop_front()
    }

    /// Takes in how an attempt went; returns how long to wait before the next one.
    ///
    /// What failed is tried again behind the others, unless a newer one of the same waits.
    pub(super) fn on_attempt(&mut self, tried: Menu, attempt: Attempt) -> Duration {
        match attempt {
            Attempt::Set | Attempt::Refused => {
                self.failures = 0;
                Duration::ZERO
            }
            Attempt::Failed => self.try_again(tried),
            Attempt::Throttled(after) => self.try_again(tried).max(after),
        }
    }

    fn try_again(&mut self, tried: Menu) -> Duration {
        let is_outdated = self.waiting.iter().any(|menu| menu.is_of_the_same(tried));
        if !is_outdated {
            self.want(tried);
        }
        self.back_off()
    }

    fn back_off(&mut self) -> Duration {
        let doublings = self.failures.min(16);
        self.failures = self.failures.saturating_add(1);
        (FIRST_WAIT * (1 << doublings)).min(MAX_WAIT)
    }
}

impl Menu {
    fn is_of_the_same(self, other: Menu) -> bool {
        match (self, other) {
            (Self::Everyone, Self::Everyone) => true,
            (Self::Of(one, _), Self::Of(other, _)) => one == other,
            (Self::Everyone, Self::Of(..)) | (Self::Of(..), Self::Everyone) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADMIN: Menu = Menu::Of(UserId(7), Role::Admin);

    fn plan(menus: &[Menu]) -> Plan {
        let mut plan = Plan::default();
        menus.iter().for_each(|menu| plan.want(*menu));
        plan
    }

    #[test]
    fn menus_are_set_one_after_the_other() {
        let mut plan = plan(&[Menu::Everyone, ADMIN]);
        for menu in [Menu::Everyone, ADMIN] {
            assert_eq!(plan.next(), Some(menu));
            assert_eq!(plan.on_attempt(menu, Attempt::Set), Duration::ZERO);
        }
        assert_eq!(plan.next(), None);
    }

    /// Tries the next menu, which is expected to be this one; returns the wait behind it.
    fn attempt(plan: &mut Plan, menu: Menu, attempt: Attempt) -> Duration {
        assert_eq!(plan.next(), Some(menu));
        plan.on_attempt(menu, attempt)
    }

    #[test]
    fn what_fails_is_tried_for_ever_and_ever_more_slowly() {
        let mut plan = plan(&[Menu::Everyone]);
        let waits: Vec<u64> = (0..40)
            .map(|_| attempt(&mut plan, Menu::Everyone, Attempt::Failed).as_secs())
            .collect();
        assert_eq!(waits[..10], [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        assert!(waits[10..].iter().all(|wait| *wait == 300));
        attempt(&mut plan, Menu::Everyone, Attempt::Set);
        plan.want(ADMIN);
        assert_eq!(attempt(&mut plan, ADMIN, Attempt::Failed), FIRST_WAIT);
    }

    #[test]
    fn telegrams_wish_to_wait_is_kept_and_the_menu_is_set_after_it() {
        let mut plan = plan(&[Menu::Everyone]);
        let after = Duration::from_secs(3600);
        let wait = attempt(&mut plan, Menu::Everyone, Attempt::Throttled(after));
        assert_eq!(wait, after);
        let soon = Attempt::Throttled(Duration::ZERO);
        let wait = attempt(&mut plan, Menu::Everyone, soon);
        assert!(!wait.is_zero(), "never hot");
        assert_eq!(plan.next(), Some(Menu::Everyone));
    }

    #[test]
    fn a_menu_that_telegram_refuses_keeps_no_other_waiting() {
        let mut plan = plan(&[ADMIN, Menu::Everyone]);
        assert!(attempt(&mut plan, ADMIN, Attempt::Refused).is_zero());
        assert_eq!(plan.next(), Some(Menu::Everyone));
    }

    #[test]
    fn of_a_person_the_newest_role_counts_also_while_an_older_one_is_under_way() {
        let demoted = Menu::Of(UserId(7), Role::User);
        for outcome in [
            Attempt::Set,
            Attempt::Failed,
            Attempt::Throttled(FIRST_WAIT),
        ] {
            let mut plan = plan(&[ADMIN, Menu::Everyone]);
            assert_eq!(plan.next(), Some(ADMIN));
            plan.want(demoted);
            plan.on_attempt(ADMIN, outcome);
            assert_eq!(drain(plan), [Menu::Everyone, demoted], "{outcome:?}");
        }
    }

    #[test]
    fn a_menu_that_always_fails_keeps_no_other_waiting() {
        let mut plan = plan(&[ADMIN, Menu::Everyone]);
        attempt(&mut plan, ADMIN, Attempt::Failed);
        attempt(&mut plan, Menu::Everyone, Attempt::Set);
        assert_eq!(drain(plan), [ADMIN], "it is tried again");
    }

    /// Takes the menus that wait, in their order.
    fn drain(mut plan: Plan) -> Vec<Menu> {
        let mut menus = Vec::new();
        while let Some(menu) = plan.next() {
            plan.on_attempt(menu, Attempt::Set);
            menus.push(menu);
        }
        menus
    }

    #[test]
    fn no_more_menus_wait_than_there_is_room_for_and_everybodys_is_none_that_goes() {
        let mut plan = plan(&[Menu::Everyone]);
        for user in 0..10_000 {
            plan.want(Menu::Of(UserId(user), Role::Admin));
        }
        let menus = drain(plan);
        assert_eq!(menus.len(), MAX_WAITING);
        assert_eq!(menus.first(), Some(&Menu::Everyone));
        assert_eq!(menus.last(), Some(&Menu::Of(UserId(9999), Role::Admin)));
    }

    #[test]
    fn a_menu_that_is_being_set_is_tried_again_however_many_are_wanted_meanwhile() {
        for tried in [Menu::Everyone, ADMIN] {
            let mut plan = plan(&[tried]);
            assert_eq!(plan.next(), Some(tried));
            for user in 100..10_000 {
                plan.want(Menu::Of(UserId(user), Role::Admin));
            }
            plan.on_attempt(tried, Attempt::Failed);
            assert!(drain(plan).contains(&tried));
        }
    }
}
