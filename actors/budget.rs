//! Pure: what people may spend in a day, and whether one more turn may begin.

use std::collections::HashMap;

use crate::ids::UserId;
use crate::money::{MicroDollars, Spent};

/// What a running turn counts as at least, until it is known what it cost: 10 cents.
pub const LEAST_RESERVED: MicroDollars = 100_000;

/// From this share of a limit on the person is told, in percent.
const NEARLY: u64 = 80;

/// How many turns an administrator allows at a time beyond a limit.
pub const MORE_TURNS: u64 = 5;

/// What may be spent in a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Budgets {
    /// By all people together.
    pub all: Option<MicroDollars>,
    /// By one person.
    pub own: HashMap<UserId, OwnBudget>,
}

/// What one person may spend in a day; `None` is no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnBudget {
    /// At list prices.
    pub cost: Option<MicroDollars>,
    /// In turns.
    pub turns: Option<u64>,
}

/// What was used of a day so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Used {
    /// What is over.
    pub spent: Spent,
    /// How many turns run.
    pub running: u64,
    /// What is reserved for them.
    pub reserved: MicroDollars,
}

/// A limit and how much of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// What the person may spend.
    Own(Part),
    /// How many turns the person may have.
    Turns(Part),
    /// What all may spend.
    All(Part),
}

/// A part of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// How much is used, with what is reserved.
    pub used: u64,
    /// Of how much.
    pub limit: u64,
}

impl Part {
    fn is_used_up(self) -> bool {
        self.used >= self.limit
    }

    fn is_nearly(self) -> bool {
        self.used.saturating_mul(100) >= self.limit.saturating_mul(NEARLY)
    }
}

impl Used {
    fn cost(&self) -> MicroDollars {
        self.spent.cost.saturating_add(self.reserved)
    }

    fn turns(&self) -> u64 {
        self.spent.turns + self.running
    }

    /// Takes a running turn in, and what is reserved for it.
    pub fn add_running(&mut self, reserved: MicroDollars) {
        self.running += 1;
        self.reserved = self.reserved.saturating_add(reserved);
    }

    /// Returns up to which turn of the day a person may go when they are allowed more.
    pub fn more_turns(&self) -> u64 {
        self.turns() + MORE_TURNS
    }
}

impl Budgets {
    /// Tells whether nothing is limited.
    pub fn are_none(&self) -> bool {
        let is_none = |own: &OwnBudget| *own == OwnBudget::default();
        self.all.is_none() && self.own.values().all(is_none)
    }

    /// Returns the limits that hold for a person, and how much of each is used.
    fn bounds(&self, by: UserId, own: &Used, all: &Used) -> impl Iterator<Item = Bound> + use<> {
        let OwnBudget { cost, turns } = self.own.get(&by).copied().unwrap_or_default();
        let part = |used, limit: Option<u64>| limit.map(|limit| Part { used, limit });
        let bounds = [
            part(own.cost(), cost).map(Bound::Own),
            part(own.turns(), turns).map(Bound::Turns),
            part(all.cost(), self.all).map(Bound::All),
        ];
        bounds.into_iter().flatten()
    }

    /// Decides whether a further turn of a person may begin; a limit that is used up says no, unless
    /// an administrator allows further turns.
    ///
    /// # Errors
    ///
    /// With the limit that is used up.
    pub fn admit(&self, by: UserId, own: &Used, all: &Used) -> Result<(), Bound> {
        if own.turns() < own.spent.allowed_to {
            return Ok(());
        }
        match self
            .bounds(by, own, all)
            .find(|bound| bound.part().is_used_up())
        {
            Some(bound) => Err(bound),
            None => Ok(()),
        }
    }

    /// Returns a limit of which four fifths are used only with what was spent last; before and
    /// after are those of the person, and of all.
    pub fn nearly(&self, by: UserId, before: &(Used, Used), after: &(Used, Used)) -> Option<Bound> {
        let before: Vec<_> = self.bounds(by, &before.0, &before.1).collect();
        let bounds = self.bounds(by, &after.0, &after.1).zip(before);
        let mut passed =
            bounds.filter(|(after, before)| after.part().is_nearly() && !before.part().is_nearly());
        passed.next().map(|(after, _)| after)
    }
}

impl Bound {
    /// Returns how much of it is used.
    pub fn part(self) -> Part {
        let (Self::Own(part) | Self::Turns(part) | Self::All(part)) = self;
        part
    }
}

/// Returns what is reserved for a turn of somebody whose dearest turn cost this.
pub fn reservation(dearest: MicroDollars) -> MicroDollars {
    dearest.max(LEAST_RESERVED)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WHO: UserId = UserId(7);

    fn budgets(all: Option<u64>, cost: Option<u64>, turns: Option<u64>) -> Budgets {
        let own = OwnBudget { cost, turns };
        Budgets {
            all,
            own: HashMap::from([(WHO, own)]),
        }
    }

    fn used() -> impl Strategy<Value = Used> {
        (0..1_000_000u64, 0..20u64, 0..4u64, 0..25u64).prop_map(
            |(cost, turns, running, allowed)| Used {
                spent: Spent {
                    turns,
                    cost,
                    allowed_to: allowed,
                    ..Spent::default()
                },
                running,
                reserved: running * LEAST_RESERVED,
            },
        )
    }

    fn limit() -> impl Strategy<Value = Option<u64>> {
        proptest::option::of(1..1_000_000u64)
    }

    proptest! {
        #[test]
        fn a_turn_begins_only_where_spent_and_reserved_stay_below_each_limit(
            own in used(),
            others in used(),
            (of_all, cost) in (limit(), limit()),
            turns in proptest::option::of(1..20u64),
        ) {
            let all = Used {
                spent: own.spent.and(others.spent),
                running: own.running + others.running,
                reserved: own.reserved + others.reserved,
            };
            let held = budgets(of_all, cost, turns);
            let is_below = cost.is_none_or(|it| own.spent.cost + own.reserved < it)
                && of_all.is_none_or(|it| all.spent.cost + all.reserved < it)
                && turns.is_none_or(|it| own.spent.turns + own.running < it);
            let is_allowed = own.spent.turns + own.running < own.spent.allowed_to;
            prop_assert_eq!(held.admit(WHO, &own, &all).is_ok(), is_below || is_allowed);
            // Whoever has no limit is held by that of all alone.
            let other = held.admit(UserId(8), &Used::default(), &all);
            prop_assert_eq!(other.is_ok(), of_all.is_none_or(|it| all.spent.cost + all.reserved < it));
        }

        #[test]
        fn whoever_begins_one_turn_at_a_time_exceeds_a_limit_by_less_than_their_last_turn(
            costs in proptest::collection::vec(1..400_000u64, 1..30),
            limit in 1..1_000_000u64,
        ) {
            let held = budgets(None, Some(limit), None);
            let mut own = Used::default();
            let mut told = 0;
            for cost in costs {
                if held.admit(WHO, &own, &own).is_err() {
                    prop_assert!(own.spent.cost >= limit);
                    break;
                }
                let before = own;
                prop_assert!(before.spent.cost < limit);
                own.spent.cost += cost;
                own.spent.turns += 1;
                told += usize::from(held.nearly(WHO, &(before, before), &(own, own)).is_some());
            }
            let is_nearly = own.spent.cost * 100 >= limit * 80;
            prop_assert_eq!(told, usize::from(is_nearly), "once when it is nearly used up");
        }
    }

    #[test]
    fn five_more_turns_are_five_however_often_the_button_is_pressed() {
        let held = budgets(None, None, Some(2));
        let mut own = Used::default();
        own.spent.turns = 2;
        assert!(held.admit(WHO, &own, &own).is_err());
        for _ in 0..2 {
            own.spent.allowed_to = own.spent.allowed_to.max(own.more_turns());
        }
        let mut further = 0;
        while held.admit(WHO, &own, &own).is_ok() {
            own.spent.turns += 1;
            further += 1;
        }
        assert_eq!(further, MORE_TURNS);
    }
}
