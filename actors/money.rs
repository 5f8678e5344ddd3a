//! Pure: what turns cost, by day, person and session.

use crate::clock::UnixSeconds;
use crate::ids::{SessionKey, UserId};

const SECONDS: u64 = 24 * 60 * 60;

/// How many days are kept, today among them.
pub const KEPT_DAYS: u32 = 400;

/// An amount of money in millionths of a US dollar.
pub type MicroDollars = u64;

/// A day of the calendar in UTC, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub u32);

/// What one turn, or work between turns, comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// Whoever wanted it.
    pub by: UserId,
    /// When it ended.
    pub day: Day,
    /// What it was.
    pub of: Charged,
    /// What it comes to.
    pub bill: Bill,
}

/// What something comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bill {
    /// What it cost; `None` if nobody knows.
    pub cost: Option<MicroDollars>,
    /// How many tokens went in and out, cached ones among them, as far as the CLI says so.
    pub tokens: u64,
}

/// What costs something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charged {
    /// A turn.
    Turn,
    /// What Claude did by itself, between turns or before the end of one.
    Itself,
    /// Nothing: an administrator allows the person to go on up to this turn of the day, whatever
    /// their limits.
    Allowed {
        /// The turn.
        to: u64,
    },
}

/// What was spent in a while.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// How many turns there were.
    pub turns: u64,
    /// Of how much of it nobody knows what it cost.
    pub unknown: u64,
    /// What all else cost.
    pub cost: MicroDollars,
    /// What the dearest of it cost.
    pub dearest: MicroDollars,
    /// How many tokens went in and out.
    pub tokens: u64,
    /// Up to which turn of the day the person may go, whatever their limits.
    pub allowed_to: u64,
}

/// What somebody spent on a day in one session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpentThere {
    /// The day.
    pub day: Day,
    /// Who.
    pub by: UserId,
    /// In which session.
    pub key: SessionKey,
    /// What.
    pub spent: Spent,
}

impl Bill {
    /// Nothing at all.
    pub const NOTHING: Self = Self {
        cost: Some(0),
        tokens: 0,
    };
    /// Nobody knows.
    pub const UNKNOWN: Self = Self {
        cost: None,
        tokens: 0,
    };
}

impl Day {
    /// Returns the day of a moment.
    pub fn of(moment: UnixSeconds) -> Self {
        Self(u32::try_from(moment.0 / SECONDS).unwrap_or(u32::MAX))
    }

    /// Returns the day so many days before.
    pub fn before(self, days: u32) -> Self {
        Self(self.0.saturating_sub(days))
    }

    /// Returns when it begins.
    pub fn begin(self) -> UnixSeconds {
        UnixSeconds(u64::from(self.0) * SECONDS)
    }

    /// Returns when it is over.
    pub fn end(self) -> UnixSeconds {
        UnixSeconds((u64::from(self.0) + 1) * SECONDS)
    }

    /// Returns the first day of its month.
    pub fn first_of_month(self) -> Self {
        // Years of this count begin in March and have eras of 400 years, so that a leap day is the
        // last of its year: H. Hinnant, `civil_from_days`.
        let of_era = (self.0 + 719_468) % 146_097;
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let first = (153 * month + 2) / 5;
        self.before(of_year - first)
    }

    /// Returns the first day that is kept on this one.
    pub fn first_kept(self) -> Self {
        self.before(KEPT_DAYS - 1)
    }
}

impl Spent {
    /// Returns what it is with one more charge.
    #[must_use]
    pub fn with(self, charge: &Charge) -> Self {
        let Bill { cost, tokens } = charge.bill;
        let is_unknown = cost.is_none();
        let cost = cost.unwrap_or(0);
        Self {
            turns: self.turns + u64::from(charge.of == Charged::Turn),
            unknown: self.unknown + u64::from(is_unknown),
            cost: self.cost.saturating_add(cost),
            dearest: self.dearest.max(cost),
            tokens: self.tokens.saturating_add(tokens),
            allowed_to: match charge.of {
                Charged::Allowed { to } => self.allowed_to.max(to),
                Charged::Turn | Charged::Itself => self.allowed_to,
            },
        }
    }

    /// Returns both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            turns: self.turns + other.turns,
            unknown: self.unknown + other.unknown,
            cost: self.cost.saturating_add(other.cost),
            dearest: self.dearest.max(other.dearest),
            tokens: self.tokens.saturating_add(other.tokens),
            allowed_to: self.allowed_to.max(other.allowed_to),
        }
    }
}

/// Returns an amount that the CLI names in US dollars; what is no amount is unknown.
pub fn micro_dollars(dollars: f64) -> Option<MicroDollars> {
    let micro = (dollars * 1e6).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it lies in the range"
    )]
    (0.0..1e15).contains(&micro).then_some(micro as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_where_the_one_before_it_ends() {
        let noon = UnixSeconds(1_796_126_400);
        let day = Day::of(noon);
        assert_eq!(Day::of(day.begin()), day);
        assert_eq!(Day::of(UnixSeconds(day.end().0 - 1)), day);
        assert_eq!(Day::of(day.end()).before(1), day);
    }

    #[test]
    fn a_month_begins_on_its_first_day() {
        let day = |date: u32| Day(date).first_of_month();
        // 2024-02-29 and 2024-03-01, 2026-12-01 and -31, 1970-01-31, 2000-12-31.
        assert_eq!(day(19_782), Day(19_754));
        assert_eq!(day(19_783), Day(19_783));
        assert_eq!((day(20_788), day(20_818)), (Day(20_788), Day(20_788)));
        assert_eq!((day(30), day(11_322)), (Day(0), Day(11_292)));
    }

    #[test]
    fn what_is_no_amount_is_unknown() {
        assert_eq!(micro_dollars(0.1), Some(100_000));
        assert_eq!(micro_dollars(0.0), Some(0));
        for odd in [-0.1, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(micro_dollars(odd), None);
        }
    }

    #[test]
    fn work_between_turns_is_no_turn_and_an_unknown_cost_adds_nothing() {
        let charge = |of, cost| Charge {
            by: UserId(7),
            day: Day(1),
            of,
            bill: Bill { cost, tokens: 10 },
        };
        let spent = Spent::default()
            .with(&charge(Charged::Turn, Some(5)))
            .with(&charge(Charged::Itself, Some(9)))
            .with(&charge(Charged::Turn, None));
        let expected = Spent {
            turns: 2,
            unknown: 1,
            cost: 14,
            dearest: 9,
            tokens: 30,
            allowed_to: 0,
        };
        assert_eq!(spent, expected);
    }
}
