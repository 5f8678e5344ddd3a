//! Pure: what an MCP server asks a person to fill in, and what an answer has to be.

use crate::permission_request::Picks;

/// What an MCP server asks. Every text that is shown is [`visible`](crate::visible::visible)
/// already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// The server, by the name under which it is configured.
    pub server: String,
    /// What it says.
    pub message: String,
    /// What it wants.
    pub wants: Wants,
}

/// What a server wants of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wants {
    /// Values, in this order; without any it wants a yes.
    Fields(Vec<Field>),
    /// That they do something on a web page.
    Page(Page),
    /// Something that cannot be asked here.
    Unreadable,
}

/// A web page that is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its address as it is shown.
    pub shown: String,
    /// Where the address leads; empty if nobody can tell.
    pub host: String,
    /// The address for a button, if it is one that can be opened without a second look.
    pub link: Option<String>,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name towards the server.
    pub key: String,
    /// Its name as it is shown, in one line.
    pub title: String,
    /// What it is about; may be empty.
    pub about: String,
    /// What it can be.
    pub kind: FieldKind,
    /// Whether the server needs it.
    pub is_required: bool,
    /// What the server proposes.
    pub default: Option<FieldValue>,
}

/// What a value can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Words.
    Text {
        /// How many characters at least.
        at_least: Option<u64>,
        /// How many characters at most.
        at_most: Option<u64>,
        /// The form that they have.
        format: TextFormat,
        /// The pattern that the server holds them against, as it is shown.
        pattern: Option<String>,
    },
    /// A number; its bounds as they are shown.
    Number {
        /// Whether it is whole.
        is_whole: bool,
        /// The smallest.
        at_least: Option<String>,
        /// The largest.
        at_most: Option<String>,
    },
    /// Yes or no.
    Truth,
    /// Of these, one or several.
    Choice {
        /// What can be chosen, at least one.
        options: Vec<FormOption>,
        /// Whether one or several.
        picks: Picks,
        /// Of several, how many at least.
        at_least: usize,
        /// Of several, how many at most.
        at_most: usize,
    },
}

/// The form of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    /// Any.
    Any,
    /// The address of a mailbox.
    Email,
    /// An address that begins with its scheme.
    Uri,
    /// A day.
    Date,
    /// A moment, with its offset.
    DateTime,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormOption {
    /// The value.
    pub key: String,
    /// As it is shown, in one line.
    pub label: String,
}

/// A value that fits its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Words, or the one that was chosen.
    Text(String),
    /// A number as JSON writes it.
    Number(String),
    /// Yes or no.
    Truth(bool),
    /// Those that were chosen.
    Several(Vec<String>),
}

/// What a server is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormAnswer {
    /// The values.
    Filled(Vec<(String, FieldValue)>),
    /// What was to be done on a page is done.
    Visited,
    /// A person says no.
    Declined,
    /// Nobody has decided.
    Cancelled,
}

/// The words by which somebody says yes or no to a server; towards it they are values.
const YES: [&str; 3] = ["yes", "y", "true"];
const NO: [&str; 3] = ["no", "n", "false"];

impl Field {
    /// Returns the value that somebody typed, if it is one of this field.
    pub fn read(&self, typed: &str) -> Option<FieldValue> {
        match &self.kind {
            FieldKind::Text {
                at_least,
                at_most,
                format,
                pattern: _,
            } => {
                let text = match format {
                    TextFormat::Any => typed,
                    TextFormat::Email
                    | TextFormat::Uri
                    | TextFormat::Date
                    | TextFormat::DateTime => typed.trim(),
                };
                let length = text.chars().count() as u64;
                let fits = at_least.is_none_or(|least| length >= least)
                    && at_most.is_none_or(|most| length <= most);
                (fits && format.is_of(text)).then(|| FieldValue::Text(text.to_owned()))
            }
            FieldKind::Number {
                is_whole,
                at_least,
                at_most,
            } => number(typed.trim(), *is_whole, (at_least, at_most)),
            FieldKind::Truth => {
                let said = typed.trim().to_lowercase();
                let yes = YES.contains(&said.as_str());
                (yes || NO.contains(&said.as_str())).then_some(FieldValue::Truth(yes))
            }
            FieldKind::Choice { options, picks, .. } => {
                let place = place_of(options, typed.trim())?;
                match picks {
                    Picks::One => self.picked(place),
                    Picks::Many => self.ticked(&[place]),
                }
            }
        }
    }

    /// Returns the value of a choice.
    pub fn picked(&self, place: usize) -> Option<FieldValue> {
        match &self.kind {
            FieldKind::Truth => (place < 2).then_some(FieldValue::Truth(place == 0)),
            FieldKind::Choice { options, .. } => {
                let option = options.get(place)?;
                Some(FieldValue::Text(option.key.clone()))
            }
            FieldKind::Text { .. } | FieldKind::Number { .. } => None,
        }
    }

    /// Returns the value of several choices, if they are as many as they have to be.
    pub fn ticked(&self, places: &[usize]) -> Option<FieldValue> {
        let FieldKind::Choice {
            options,
            picks: Picks::Many,
            at_least,
            at_most,
        } = &self.kind
        else {
            return None;
        };
        let keys: Option<Vec<_>> = (places.iter())
            .map(|place| options.get(*place).map(|option| option.key.clone()))
            .collect();
        let keys = keys.filter(|keys| (*at_least..=*at_most).contains(&keys.len()))?;
        Some(FieldValue::Several(keys))
    }

    /// Returns how many buttons choose.
    pub fn n_choices(&self) -> usize {
        match &self.kind {
            FieldKind::Truth => 2,
            FieldKind::Choice { options, .. } => options.len(),
            FieldKind::Text { .. } | FieldKind::Number { .. } => 0,
        }
    }

    /// Tells whether several can be chosen.
    pub fn takes_several(&self) -> bool {
        match &self.kind {
            FieldKind::Choice { picks, .. } => *picks == Picks::Many,
            FieldKind::Truth | FieldKind::Text { .. } | FieldKind::Number { .. } => false,
        }
    }

    /// Returns the places that the server proposes.
    pub fn proposed(&self) -> Vec<usize> {
        match (&self.kind, &self.default) {
            (FieldKind::Choice { options, .. }, Some(FieldValue::Several(keys))) => {
                let chosen = options.iter().enumerate();
                let chosen = chosen.filter(|(_, option)| keys.contains(&option.key));
                chosen.map(|(place, _)| place).collect()
            }
            (FieldKind::Choice { options, .. }, Some(FieldValue::Text(key))) => {
                let place = options.iter().position(|option| option.key == *key);
                place.into_iter().collect()
            }
            (FieldKind::Truth, Some(FieldValue::Truth(yes))) => vec![usize::from(!yes)],
            _ => Vec::new(),
        }
    }
}

/// A choice is typed as it is shown, or by its number.
fn place_of(options: &[FormOption], typed: &str) -> Option<usize> {
    let is_it = |option: &FormOption| {
        let same = |text: &str| text.to_lowercase() == typed.to_lowercase();
        same(&option.label) || same(&option.key)
    };
    let by_number = || {
        let number: usize = typed.parse().ok()?;
        (1..=options.len())
            .contains(&number)
            .then(|| number.saturating_sub(1))
    };
    options.iter().position(is_it).or_else(by_number)
}

fn number(
    typed: &str,
    is_whole: bool,
    (at_least, at_most): (&Option<String>, &Option<String>),
) -> Option<FieldValue> {
    let value: f64 = typed.parse().ok()?;
    let bound = |bound: &Option<String>| bound.as_ref().and_then(|it| it.parse::<f64>().ok());
    let fits = value.is_finite()
        && bound(at_least).is_none_or(|least| value >= least)
        && bound(at_most).is_none_or(|most| value <= most);
    let written = match is_whole {
        true => typed.parse::<i64>().ok()?.to_string(),
        false => value.to_string(),
    };
    fits.then_some(FieldValue::Number(written))
}

impl TextFormat {
    /// Tells whether a text has the form.
    fn is_of(self, text: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Email => is_email(text),
            Self::Uri => is_uri(text),
            Self::Date => is_date(text),
            Self::DateTime => is_date_time(text),
        }
    }
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.rsplit_once('@') else {
        return false;
    };
    let is_plain = !text.contains(|sign: char| sign.is_whitespace() || sign.is_control());
    let is_host = host.split('.').count() > 1 && host.split('.').all(|part| !part.is_empty());
    is_plain && is_host && !name.is_empty() && !name.contains('@')
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let is_scheme = scheme.starts_with(|sign: char| sign.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '+' | '-' | '.'));
    let is_plain = !text.contains(|sign: char| sign.is_whitespace() || sign.is_control());
    is_scheme && is_plain && !rest.trim_matches('/').is_empty()
}

fn is_date(text: &str) -> bool {
    let Some([year, month, day]) = digits(text, '-', &[4, 2, 2]) else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else {
        return false;
    };
    let (time, offset) = match time.strip_suffix(['Z', 'z']) {
        Some(time) => (time, None),
        None => match time.rsplit_once(['+', '-']) {
            Some((time, offset)) => (time, Some(offset)),
            None => return false,
        },
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|digit| digit.is_ascii_digit());
    let is_time = digits(time, ':', &[2, 2, 2])
        .is_some_and(|[hour, minute, second]| hour < 24 && minute < 60 && second < 61);
    let is_offset = offset.is_none_or(|offset| {
        digits(offset, ':', &[2, 2]).is_some_and(|[hour, minute]| hour < 24 && minute < 60)
    });
    is_date(date) && is_time && is_fraction && is_offset
}

/// Reads numbers of so many digits each.
fn digits<const N: usize>(text: &str, between: char, lengths: &[usize; N]) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(between);
    for (number, length) in numbers.iter_mut().zip(lengths) {
        let part = parts.next()?;
        let is_number = part.len() == *length && part.bytes().all(|it| it.is_ascii_digit());
        *number = part.parse().ok().filter(|_| is_number)?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests;
