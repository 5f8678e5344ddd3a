//! Pure: content that is neither text nor a file, in words for Claude.
//!
//! Values are chosen by whoever sends them: each stands in one line, and a long list is cut with a
//! word that says so.

use serde_json::Value;

use super::origin::{account, titled};
use super::rich::rich_text;

/// How much of one value is shown, in characters: Telegram's longest is a game's text of 4,096.
const MAX_VALUE: usize = 4_096;

/// How many entries of a list are shown: Telegram's longest is a checklist of 30.
const MAX_ENTRIES: usize = 100;

/// How many lines of a contact's card are shown.
const MAX_CARD: usize = 50;

/// Whatever anybody may take for the end of a line.
pub(super) const LINE_ENDS: [char; 7] = [
    '\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}',
];

/// Returns one kind of content in words.
type Words = fn(&Value) -> Option<String>;

/// Returns the content of a message in words; `None` for a text, for files, and for what Telegram
/// keeps from bots.
pub(super) fn described(message: &Value) -> Option<String> {
    // A venue has a `location` too.
    let kinds: [(&str, Words); 12] = [
        ("venue", venue),
        ("location", |it| Some(format!("Location: {}", place(it)?))),
        ("contact", contact),
        ("poll", poll),
        ("dice", dice),
        ("checklist", checklist),
        ("game", game),
        ("giveaway", giveaway),
        ("giveaway_winners", giveaway_winners),
        ("giveaway_completed", giveaway_completed),
        ("invoice", invoice),
        ("rich_message", rich_text),
    ];
    let mut found = kinds.iter().filter_map(|(name, words)| {
        let content = message.get(name).filter(|it| it.is_object())?;
        Some(words(content))
    });
    found.next()?
}

fn place(location: &Value) -> Option<String> {
    let (latitude, longitude) = (
        number(location, "latitude")?,
        number(location, "longitude")?,
    );
    let mut words = format!("{latitude}, {longitude} (latitude, longitude)");
    if let Some(meters) = number(location, "horizontal_accuracy") {
        words.push_str(&format!(", accurate to {meters} m"));
    }
    if let Some(degrees) = number(location, "heading") {
        words.push_str(&format!(", moving towards {degrees}°"));
    }
    if location.get("live_period").is_some() {
        words.push_str(", as it was when it was sent: it is shared live");
    }
    Some(words)
}

fn venue(venue: &Value) -> Option<String> {
    let mut lines = vec![format!(
        "Place: {}",
        line(venue, "title").unwrap_or_default()
    )];
    lines.extend(line(venue, "address").map(|it| format!("Address: {it}")));
    let place = venue.get("location").and_then(place);
    lines.extend(place.map(|it| format!("Location: {it}")));
    Some(lines.join("\n"))
}

fn contact(contact: &Value) -> Option<String> {
    let names = [line(contact, "first_name"), line(contact, "last_name")];
    let names: Vec<_> = names.into_iter().flatten().collect();
    let mut lines = vec![format!("Contact: {}", names.join(" "))];
    lines.extend(line(contact, "phone_number").map(|it| format!("Phone: {it}")));
    lines.extend(number(contact, "user_id").map(|it| format!("Telegram id: {it}")));
    if let Some(card) = contact.get("vcard").and_then(Value::as_str) {
        lines.push("Card:".to_owned());
        let rows = card.split(LINE_ENDS).filter(|row| !row.trim().is_empty());
        lines.extend(cut_list(
            rows.map(|row| format!("> {}", one_line(row))),
            MAX_CARD,
        ));
    }
    Some(lines.join("\n"))
}

fn poll(poll: &Value) -> Option<String> {
    let is_quiz = line(poll, "type").as_deref() == Some("quiz");
    let what = if is_quiz { "Quiz" } else { "Poll" };
    let question = line(poll, "question").unwrap_or_default();
    let mut lines = vec![format!("{what}: {question}")];
    lines.extend(line(poll, "description"));
    let options = list(poll, "options").iter().enumerate();
    let right = list(poll, "correct_option_ids");
    let options = options.map(|(at, option)| {
        let text = line(option, "text").unwrap_or_default();
        let votes = number(option, "voter_count");
        let votes = votes
            .filter(|it| it != "0")
            .map(|it| format!(" (votes: {it})"));
        let is_right = right.iter().any(|it| it.as_u64() == Some(at as u64));
        let mark = if is_right { " (the right answer)" } else { "" };
        format!("{}. {text}{}{mark}", at + 1, votes.unwrap_or_default())
    });
    lines.extend(cut_list(options, MAX_ENTRIES));
    let several = flag(poll, "allows_multiple_answers").then_some("Several answers are allowed.");
    let closed = flag(poll, "is_closed").then_some("It is closed.");
    lines.extend([several, closed].into_iter().flatten().map(str::to_owned));
    lines.extend(line(poll, "explanation").map(|it| format!("Explanation: {it}")));
    Some(lines.join("\n"))
}

fn dice(dice: &Value) -> Option<String> {
    let emoji = line(dice, "emoji").unwrap_or_default();
    Some(format!("{emoji} came up {}.", number(dice, "value")?))
}

fn checklist(checklist: &Value) -> Option<String> {
    let title = line(checklist, "title").unwrap_or_default();
    let mut lines = vec![format!("Checklist: {title}")];
    let tasks = list(checklist, "tasks").iter().map(|task| {
        let is_done = number(task, "completion_date").is_some_and(|at| at != "0");
        let mark = if is_done { "x" } else { " " };
        let by = task.get("completed_by_user").and_then(account);
        let by = by.or_else(|| task.get("completed_by_chat").and_then(titled));
        let by = by.map_or(String::new(), |name| format!(" (done by {name})"));
        format!("- [{mark}] {}{by}", line(task, "text").unwrap_or_default())
    });
    lines.extend(cut_list(tasks, MAX_ENTRIES));
    Some(lines.join("\n"))
}

fn game(game: &Value) -> Option<String> {
    let mut lines = vec![format!("Game: {}", line(game, "title").unwrap_or_default())];
    lines.extend(line(game, "description"));
    lines.extend(line(game, "text"));
    Some(lines.join("\n"))
}

fn giveaway(giveaway: &Value) -> Option<String> {
    let mut lines = vec!["Giveaway".to_owned()];
    lines.extend(number(giveaway, "winner_count").map(|it| format!("Winners: {it}")));
    lines.extend(prize(giveaway));
    let chats = list(giveaway, "chats").iter().filter_map(titled);
    lines.extend(cut_list(
        chats.map(|chat| format!("In: {chat}")),
        MAX_ENTRIES,
    ));
    Some(lines.join("\n"))
}

fn giveaway_winners(giveaway: &Value) -> Option<String> {
    let mut lines = vec!["Giveaway that has its winners".to_owned()];
    lines.extend(number(giveaway, "winner_count").map(|it| format!("Winners: {it}")));
    lines.extend(prize(giveaway));
    let winners = list(giveaway, "winners").iter().filter_map(account);
    lines.extend(cut_list(
        winners.map(|name| format!("Winner: {name}")),
        MAX_ENTRIES,
    ));
    Some(lines.join("\n"))
}

fn giveaway_completed(giveaway: &Value) -> Option<String> {
    let mut lines = vec!["Giveaway that is over".to_owned()];
    lines.extend(number(giveaway, "winner_count").map(|it| format!("Winners: {it}")));
    Some(lines.join("\n"))
}

fn prize(giveaway: &Value) -> Vec<String> {
    let stars =
        number(giveaway, "prize_star_count").map(|it| format!("Prize: {it} Telegram Stars"));
    let months = number(giveaway, "premium_subscription_month_count");
    let months = months.map(|it| format!("Prize: Telegram Premium for {it} months"));
    let more = line(giveaway, "prize_description").map(|it| format!("Prize: {it}"));
    [stars, months, more].into_iter().flatten().collect()
}

fn invoice(invoice: &Value) -> Option<String> {
    let mut lines = vec![format!(
        "Invoice: {}",
        line(invoice, "title").unwrap_or_default()
    )];
    lines.extend(line(invoice, "description"));
    let amount = number(invoice, "total_amount").unwrap_or_default();
    lines.push(match line(invoice, "currency").as_deref() {
        Some("XTR") => format!("Price: {amount} Telegram Stars"),
        currency => format!(
            "Price: {amount} in the smallest unit of {}",
            currency.unwrap_or("its currency")
        ),
    });
    Some(lines.join("\n"))
}

/// Returns a list that ends with a word about what is left out, if something is.
fn cut_list(entries: impl Iterator<Item = String>, most: usize) -> Vec<String> {
    let mut entries: Vec<_> = entries.collect();
    if entries.len() > most {
        let n_more = entries.len() - most;
        entries.truncate(most);
        entries.push(format!("[… {n_more} more are left out]"));
    }
    entries
}

fn line(of: &Value, name: &str) -> Option<String> {
    let text = of.get(name)?.as_str()?;
    Some(one_line(text)).filter(|line| !line.is_empty())
}

/// Returns a text in one line, cut where it is too long.
pub(super) fn one_line(text: &str) -> String {
    let text = text.trim();
    let shown = text.chars().take(MAX_VALUE).map(|sign| match sign {
        sign if LINE_ENDS.contains(&sign) => ' ',
        sign if sign.is_control() => '\u{fffd}',
        sign => sign,
    });
    let mut shown: String = shown.collect();
    if text.chars().nth(MAX_VALUE).is_some() {
        shown.push_str(" […]");
    }
    shown
}

fn number(of: &Value, name: &str) -> Option<String> {
    let value = of.get(name)?;
    value.is_number().then(|| value.to_string())
}

fn flag(of: &Value, name: &str) -> bool {
    of.get(name).and_then(Value::as_bool) == Some(true)
}

fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    let list = of.get(name).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}
