//! `bridge usage`: what people have spent, on the host of a bridge that does not run.

use std::io::Write;

use anyhow::{Result, anyhow};
use bridge_actors::clock::unix_now;
use bridge_actors::money::{Day, MicroDollars, Spent, SpentThere};
use bridge_actors::ports::MoneyLedger as _;
use serde_json::{Value, json};

use crate::audit::date_of;
use crate::cli::{Outcome, UsageArgs};
use crate::columns::columns;
use crate::config::{Config, LoadOptions};
use crate::store::{OpenError, Store};

/// How many days are shown, today among them.
const DAYS: u32 = 30;

/// Writes to `out` what people have spent in the last days.
///
/// # Errors
///
/// When the bridge runs, or the store cannot be used.
pub fn show(
    load: &LoadOptions,
    args: UsageArgs,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Outcome> {
    let config = match Config::load(load) {
        Ok(loaded) => loaded.config,
        Err(errors) => {
            writeln!(err, "{errors}")?;
            return Ok(Outcome::Misconfigured);
        }
    };
    let dir = &config.storage.dir;
    let store = Store::open(dir, Box::new(drop)).map_err(|error| match error {
        OpenError::Busy { dir } => anyhow!(
            "a bridge is running with the data folder {}: send /usage to the bot, or stop the \
             bridge first",
            dir.display()
        ),
        error
        @ (OpenError::Folder { .. } | OpenError::Damaged { .. } | OpenError::Newer { .. }) => {
            error.into()
        }
    })?;
    let today = Day::of(unix_now());
    let from = today.before(DAYS - 1);
    let mut lines = store.spent(from, today)?;
    // What was only allowed has cost nothing.
    lines.retain(|SpentThere { spent, .. }| (spent.turns, spent.unknown, spent.cost) != (0, 0, 0));
    match args.json {
        true => writeln!(out, "{:#}", as_json((from, today), &lines))?,
        false => out.write_all(in_words(&lines).as_bytes())?,
    }
    Ok(Outcome::Fine)
}

fn as_json((from, to): (Day, Day), lines: &[SpentThere]) -> Value {
    let line = |line: &SpentThere| {
        let mut value = amounts(&line.spent);
        value["day"] = json!(date(line.day));
        value["user"] = json!(line.by.0);
        value["chat"] = json!(line.key.chat.0);
        value["topic"] = json!(line.key.topic.map(|topic| topic.0));
        value
    };
    json!({
        "from": date(from),
        "to": date(to),
        "total": amounts(&total(lines)),
        "lines": lines.iter().map(line).collect::<Vec<_>>(),
    })
}

fn amounts(spent: &Spent) -> Value {
    json!({
        "turns": spent.turns,
        "without_cost": spent.unknown,
        "tokens": spent.tokens,
        "cost_usd": spent.cost as f64 / 1e6,
    })
}

fn in_words(lines: &[SpentThere]) -> String {
    if lines.is_empty() {
        return format!("nothing in the last {DAYS} days\n");
    }
    let heads = ["day (UTC)", "user", "chat", "turns", "cost"];
    let mut rows = vec![heads.map(str::to_owned)];
    rows.extend(lines.iter().map(|line| {
        [
            date(line.day),
            line.by.to_string(),
            line.key.to_string(),
            line.spent.turns.to_string(),
            cost(&line.spent),
        ]
    }));
    let all = total(lines);
    let none = String::new();
    rows.push([
        "all".to_owned(),
        none.clone(),
        none,
        all.turns.to_string(),
        cost(&all),
    ]);
    columns(&rows)
}

/// Says what something cost, at list prices, and of how much that is unknown.
fn cost(spent: &Spent) -> String {
    let known = dollars(spent.cost);
    match spent.unknown {
        0 => known,
        unknown => format!("{known}, and {unknown} times unknown"),
    }
}

fn dollars(amount: MicroDollars) -> String {
    format!("${:.2}", amount as f64 / 1e6)
}

fn total(lines: &[SpentThere]) -> Spent {
    let spent = lines.iter().map(|line| line.spent);
    spent.fold(Spent::default(), Spent::and)
}

fn date(day: Day) -> String {
    date_of(day.begin()).chars().take(10).collect()
}

#[cfg(test)]
mod tests {
    use bridge_actors::ids::{ChatId, SessionKey, UserId};
    use expect_test::expect;

    use super::*;

    fn line(day: u32, by: i64, chat: i64, spent: Spent) -> SpentThere {
        SpentThere {
            day: Day(day),
            by: UserId(by),
            key: SessionKey::of_chat(ChatId(chat)),
            spent,
        }
    }

    #[test]
    fn each_line_is_a_day_of_a_person_in_a_chat_and_the_last_one_all_of_them() {
        let spent = |turns, unknown, cost| Spent {
            turns,
            unknown,
            cost,
            dearest: cost,
            tokens: turns * 1000,
            allowed_to: 0,
        };
        let lines = [
            line(20_788, 7, 7, spent(12, 0, 3_456_789)),
            line(20_788, 7, -100, spent(1, 1, 0)),
        ];
        expect![[r#"
            day (UTC)   user  chat  turns  cost
            2026-12-01  7     7     12     $3.46
            2026-12-01  7     -100  1      $0.00, and 1 times unknown
            all                     13     $3.46, and 1 times unknown
        "#]]
        .assert_eq(&in_words(&lines));
        let json = as_json((Day(20_759), Day(20_788)), &lines);
        assert_eq!(json["from"], "2026-11-02");
        assert_eq!(json["lines"][0]["cost_usd"], 3.456_789);
        assert_eq!(json["lines"][1]["chat"], -100);
        assert_eq!(json["total"]["without_cost"], 1);
        assert_eq!(json["total"]["tokens"], 13_000);
        assert_eq!(in_words(&[]), "nothing in the last 30 days\n");
    }
}
