//! Pure: what people have spent, in words.

use std::collections::BTreeMap;

use bridge_texts::Say;

use super::interrupted::time_on;
use crate::budget::Bound;
use crate::clock::UnixSeconds;
use crate::ids::{SessionKey, UserId};
use crate::money::{Day, MicroDollars, Spent, SpentThere};
use crate::outbox::{Body, Button};
use crate::ports::MoneyLedger;
use crate::session::buttons::Meaning;
use crate::visible::visible_line;

/// How many people are listed.
const LISTED: usize = 20;

/// How much of a name is shown, in characters.
const NAME: usize = 24;

/// Who is told of whose money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum ToldOf {
    /// A person of their own.
    Own(UserId),
    /// An administrator of everybody's.
    Everybody(UserId),
}

/// What somebody spent today and this month.
#[derive(Debug, Clone, Copy, Default)]
struct OfPerson {
    today: Spent,
    month: Spent,
}

/// Returns what was spent today and this month, a line each.
pub(in crate::session) fn spending(
    say: Say,
    (told_of, today): (ToldOf, Day),
    money: &dyn MoneyLedger,
) -> Vec<String> {
    let (ToldOf::Own(asker) | ToldOf::Everybody(asker)) = told_of;
    let Ok(lines) = money.spent(today.first_of_month(), today) else {
        return vec![say.usage_unread()];
    };
    let people = by_person(&lines, today);
    let own = people.get(&asker).copied().unwrap_or_default();
    let mut told = vec![say.usage_yours(amount(say, own.today), amount(say, own.month))];
    match told_of {
        ToldOf::Everybody(_) if people.keys().any(|user| *user != asker) => {
            told.extend(of_everybody(say, people, money));
        }
        ToldOf::Everybody(_) | ToldOf::Own(_) => {}
    }
    told.push(say.usage_list_prices());
    told
}

fn by_person(lines: &[SpentThere], today: Day) -> BTreeMap<UserId, OfPerson> {
    let mut people: BTreeMap<UserId, OfPerson> = BTreeMap::new();
    for line in lines {
        let person = people.entry(line.by).or_default();
        person.month = person.month.and(line.spent);
        if line.day == today {
            person.today = person.today.and(line.spent);
        }
    }
    people
}

/// Lists people, whoever spent most this month first.
fn of_everybody(
    say: Say,
    people: BTreeMap<UserId, OfPerson>,
    money: &dyn MoneyLedger,
) -> Vec<String> {
    let mut people: Vec<_> = people.into_iter().collect();
    people.sort_by_key(|(_, spent)| std::cmp::Reverse(spent.month.cost));
    let more = people.len().saturating_sub(LISTED);
    let line = |(user, spent): &(UserId, OfPerson)| {
        let name = money.name_of(*user).unwrap_or_default();
        let name: String = visible_line(&name).chars().take(NAME).collect();
        let who = format!("{name} {user}");
        let (today, month) = (amount(say, spent.today), amount(say, spent.month));
        say.usage_person(who.trim(), today, month)
    };
    let listed = people.iter().take(LISTED).map(line);
    let mut lines = vec![String::new(), say.usage_people()];
    lines.extend(listed);
    if more > 0 {
        lines.push(say.usage_people_more(more));
    }
    lines.push(String::new());
    lines
}

/// Says that a limit is nearly used up.
pub(in crate::session) fn budget_nearly(say: Say, bound: Bound, now: UnixSeconds) -> String {
    let when = time_on(say, Day::of(now).end(), now);
    match bound {
        Bound::Own(part) => say.budget_nearly_own(dollars(part.used), dollars(part.limit), when),
        Bound::Turns(part) => {
            say.budget_nearly_turns(part.used.to_string(), part.limit.to_string(), when)
        }
        Bound::All(_) => say.budget_nearly_all(when),
    }
}

/// Says that a limit is used up, and when it begins anew.
pub(in crate::session) fn budget_used_up(
    say: Say,
    bound: Bound,
    (end, now): (UnixSeconds, UnixSeconds),
) -> String {
    let when = time_on(say, end, now);
    match bound {
        Bound::Own(part) => say.budget_used_own(dollars(part.used), dollars(part.limit), when),
        Bound::Turns(part) => {
            say.budget_used_turns(part.used.to_string(), part.limit.to_string(), when)
        }
        Bound::All(_) => say.budget_used_all(when),
    }
}

/// Tells an administrator who has used up a limit, with a button that allows more.
pub fn used_up_of(say: Say, who: &str, (key, by, day): (SessionKey, UserId, Day)) -> Body {
    let when = time_on(say, day.end(), day.begin());
    let more = Button {
        label: say.button_allow_more(),
        data: Meaning::MoreTurns(by, day).data(),
    };
    Body::Choice {
        text: say.budget_used_of(who, key, when),
        rows: vec![vec![more]],
    }
}

fn dollars(amount: MicroDollars) -> String {
    format!("{:.2}", amount as f64 / 1e6)
}

/// Says an amount, and of how much of it nobody knows what it cost.
fn amount(say: Say, spent: Spent) -> String {
    if (spent.turns, spent.unknown, spent.cost) == (0, 0, 0) {
        return say.usage_amount_none();
    }
    let turns = usize::try_from(spent.turns).unwrap_or(usize::MAX);
    let known = say.usage_amount(dollars(spent.cost), turns);
    match usize::try_from(spent.unknown).unwrap_or(usize::MAX) {
        0 => known,
        unknown => say.usage_amount_unknown(known, unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ChatId, SessionKey};

    #[test]
    fn a_day_of_the_month_counts_for_the_month_alone() {
        let line = |day, cost| SpentThere {
            day: Day(day),
            by: UserId(7),
            key: SessionKey::of_chat(ChatId(7)),
            spent: Spent {
                turns: 1,
                cost,
                ..Spent::default()
            },
        };
        let people = by_person(&[line(20_788, 5), line(20_789, 2)], Day(20_789));
        let of = people[&UserId(7)];
        assert_eq!((of.today.cost, of.month.cost), (2, 7));
    }
}
