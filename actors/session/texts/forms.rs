//! What is said when an MCP server asks something of a person.

use std::collections::BTreeSet;
use std::time::Duration;

use bridge_texts::Say;

use super::requests::Decider;
use super::{in_words, shortened};
use crate::form::{Field, FieldKind, FieldValue, Form, Page, TextFormat, Wants};
use crate::outbox::{Body, Code};
use crate::permission_request::Picks;
use crate::scripts::mixed_words;
use crate::session::requests::asked::Asked;
use crate::url_hosts::hosts_behind_names;
use crate::visible::{visible, visible_line};

/// How much is shown of each part in a message, in characters: with everything around them they
/// stay below Telegram's 4,096. What is longer comes whole as a file.
const SERVER_SHOWN: usize = 60;
const MESSAGE_SHOWN: usize = 700;
const TITLE_SHOWN: usize = 80;
const ABOUT_SHOWN: usize = 250;
const ADDRESS_SHOWN: usize = 1_000;

/// How much of a label, and of a value in a list of all.
const LABEL_SHOWN: usize = 50;
const VALUE_SHOWN: usize = 60;
const LISTED_TITLE: usize = 40;

/// How many words that mix scripts, and hosts behind names, are named.
const NAMED: usize = 3;

/// The name of the file that holds what is too long for a message.
const FORM_FILE: &str = "question.txt";

/// Returns the message that asks.
pub(super) fn asks_form(say: Say, asked: &Asked, form: &Form, limit: Duration) -> Body {
    let limit = in_words(say, limit);
    let (what, code) = match (&form.wants, asked.field()) {
        (_, Some(field)) => (asks_field(say, asked, field), None),
        (Wants::Fields(fields), None) if fields.is_empty() => (say.form_confirm(), None),
        (Wants::Fields(_), None) => (say.form_check(listed(say, asked)), None),
        (Wants::Page(page), None) => asks_page(say, page),
        (Wants::Unreadable, None) => (say.form_unreadable(), None),
    };
    // The address of a page stands below all words.
    let (what, below) = match code {
        None => (Some(what), None),
        Some(_) => (None, Some(what)),
    };
    let parts = [
        Some(head(say, form)),
        what,
        looks(say, form),
        Some(say.form_limit(limit)),
        below,
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    Body::Live {
        text: parts.join("\n\n"),
        code,
        rows: asked.rows(say),
    }
}

/// Says who asks, and what for.
fn head(say: Say, form: &Form) -> String {
    let server = shortened(say, &form.server, SERVER_SHOWN);
    say.form_asked(server, shortened(say, &form.message, MESSAGE_SHOWN))
}

fn asks_field(say: Say, asked: &Asked, field: &Field) -> String {
    let title = shortened(say, &field.title, TITLE_SHOWN);
    let n_fields = asked.fields().len();
    let mut lines = vec![match n_fields {
        1 => title,
        all => say.form_field_of(asked.sheet.filled.len() + 1, all, title),
    }];
    if !field.about.is_empty() {
        lines.push(shortened(say, &field.about, ABOUT_SHOWN));
    }
    let wanted = wanted(say, field);
    lines.push(match asked.sheet.is_wrong {
        true => say.form_wrong(wanted),
        false => say.form_wanted(wanted),
    });
    if is_cut(say, field) {
        lines.push(say.question_is_cut());
    }
    lines.join("\n")
}

fn asks_page(say: Say, page: &Page) -> (String, Option<Code>) {
    let host = match page.host.as_str() {
        "" => say.form_page_nowhere(),
        host => say.form_page(shortened(say, host, ABOUT_SHOWN)),
    };
    let text = shortened(say, &page.shown, ADDRESS_SHOWN);
    (host, Some(Code { language: "", text }))
}

/// Names what may not be what it looks like.
fn looks(say: Say, form: &Form) -> Option<String> {
    let mut texts = vec![form.server.as_str(), form.message.as_str()];
    match &form.wants {
        Wants::Fields(fields) => {
            texts.extend(fields.iter().flat_map(words_of));
        }
        Wants::Page(page) => texts.push(&page.shown),
        Wants::Unreadable => {}
    }
    let named = |words: BTreeSet<String>| {
        let words = words.into_iter().take(NAMED);
        let words: Vec<_> = words.map(|it| shortened(say, &it, SERVER_SHOWN)).collect();
        words.join(", ")
    };
    let words = texts.iter().flat_map(|text| mixed_words(text));
    let words = named(words.map(str::to_owned).collect());
    let hosts = texts.iter().flat_map(|text| hosts_behind_names(text));
    let hosts = named(hosts.collect());
    let lines = [
        (!words.is_empty()).then(|| say.request_mixed_scripts(words)),
        (!hosts.is_empty()).then(|| say.request_hosts(hosts)),
    ];
    let lines: Vec<_> = lines.into_iter().flatten().collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Returns the words of the server's in a field.
fn words_of(field: &Field) -> impl Iterator<Item = &str> {
    let options = match &field.kind {
        FieldKind::Choice { options, .. } => options.as_slice(),
        FieldKind::Text { .. } | FieldKind::Number { .. } | FieldKind::Truth => &[],
    };
    let labels = options.iter().map(|option| option.label.as_str());
    [field.title.as_str(), field.about.as_str()]
        .into_iter()
        .chain(labels)
}

/// Returns what is posted before the message that asks, if that cannot hold all of it.
pub(super) fn whole_form(say: Say, asked: &Asked, form: &Form) -> Option<Body> {
    let is_first = asked.sheet.filled.is_empty();
    let cut_message = is_first && is_longer(&form.message, MESSAGE_SHOWN);
    let below = match (&form.wants, asked.field()) {
        (_, Some(field)) => is_cut(say, field).then(|| whole_field(say, field)),
        (Wants::Fields(_), None) => is_list_cut(say, asked).then(|| {
            let lines = values(say, asked).map(|(title, value)| say.form_value(title, value));
            lines.collect::<Vec<_>>().join("\n")
        }),
        (Wants::Page(page), None) => {
            is_longer(&page.shown, ADDRESS_SHOWN).then(|| page.shown.clone())
        }
        (Wants::Unreadable, None) => None,
    };
    if !cut_message && below.is_none() {
        return None;
    }
    let mut parts = vec![form.message.clone()];
    parts.extend(below);
    parts.retain(|part| !part.is_empty());
    Some(Body::Document {
        name: FORM_FILE.to_owned(),
        content: parts.join("\n\n"),
        caption: say.form_file(shortened(say, &form.server, SERVER_SHOWN)),
    })
}

/// Returns all that is shown of a field.
fn whole_field(say: Say, field: &Field) -> String {
    let choices = (0..field.n_choices()).map(|place| label_of(say, field, place));
    let numbered = choices.enumerate();
    let numbered = numbered.map(|(place, label)| format!("{}. {label}", place + 1));
    let proposed = field.default.as_ref();
    let mut parts = vec![field.title.clone(), field.about.clone()];
    parts.push(numbered.collect::<Vec<_>>().join("\n"));
    parts.extend(proposed.map(|value| say.button_default(shown_value(say, field, value))));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

fn is_list_cut(say: Say, asked: &Asked) -> bool {
    values(say, asked)
        .any(|(title, value)| is_longer(&title, LISTED_TITLE) || is_longer(&value, VALUE_SHOWN))
}

fn is_cut(say: Say, field: &Field) -> bool {
    let labels = match &field.kind {
        FieldKind::Choice { options, .. } => options.as_slice(),
        FieldKind::Text { .. } | FieldKind::Number { .. } | FieldKind::Truth => &[],
    };
    is_longer(&field.title, TITLE_SHOWN)
        || is_longer(&field.about, ABOUT_SHOWN)
        || labels.iter().any(|it| is_longer(&it.label, LABEL_SHOWN))
        || (field.default.as_ref())
            .is_some_and(|value| is_longer(&shown_value(say, field, value), LABEL_SHOWN))
}

fn is_longer(text: &str, limit: usize) -> bool {
    text.chars().nth(limit).is_some()
}

/// Returns the label of the button of a choice; by its number, where any is cut.
pub(in crate::session) fn form_choice(say: Say, field: &Field, place: usize) -> String {
    let label = label_of(say, field, place);
    match is_cut(say, field) {
        true => format!("{}. {}", place + 1, ellipsized(&label)),
        false => label,
    }
}

fn label_of(say: Say, field: &Field, place: usize) -> String {
    match (&field.kind, place) {
        (FieldKind::Truth, 0) => say.form_yes(),
        (FieldKind::Truth, _) => say.form_no(),
        (FieldKind::Choice { options, .. }, place) => options
            .get(place)
            .map_or_else(String::new, |it| it.label.clone()),
        (FieldKind::Text { .. } | FieldKind::Number { .. }, _) => String::new(),
    }
}

fn ellipsized(label: &str) -> String {
    match label.char_indices().nth(LABEL_SHOWN) {
        None => label.to_owned(),
        Some((end, _)) => format!("{}…", &label[..end]),
    }
}

/// Returns the label of the button that takes what the server proposes.
pub(in crate::session) fn form_default(say: Say, field: &Field, value: &FieldValue) -> String {
    say.button_default(ellipsized(&shown_value(say, field, value)))
}

/// Says what a field takes.
fn wanted(say: Say, field: &Field) -> String {
    match &field.kind {
        FieldKind::Text {
            at_least,
            at_most,
            format,
            pattern,
        } => {
            let what = match format {
                TextFormat::Any => say.wanted_text(),
                TextFormat::Email => say.wanted_email(),
                TextFormat::Uri => say.wanted_uri(),
                TextFormat::Date => say.wanted_date(),
                TextFormat::DateTime => say.wanted_date_time(),
            };
            let what = match pattern {
                Some(pattern) => say.wanted_pattern(what, shortened(say, pattern, LABEL_SHOWN)),
                None => what,
            };
            match (at_least.filter(|it| *it > 0), at_most) {
                (None, None) => what,
                (Some(least), None) => say.wanted_longer(what, least),
                (None, Some(most)) => say.wanted_shorter(what, *most),
                (Some(least), Some(most)) => say.wanted_length(what, least, *most),
            }
        }
        FieldKind::Number {
            is_whole,
            at_least,
            at_most,
        } => {
            let what = match is_whole {
                true => say.wanted_whole_number(),
                false => say.wanted_number(),
            };
            match (at_least, at_most) {
                (None, None) => what,
                (Some(least), None) => say.wanted_from(what, least),
                (None, Some(most)) => say.wanted_up_to(what, most),
                (Some(least), Some(most)) => say.wanted_within(what, least, most),
            }
        }
        FieldKind::Truth => say.wanted_truth(),
        FieldKind::Choice {
            picks: Picks::One, ..
        } => say.wanted_choice(),
        FieldKind::Choice {
            picks: Picks::Many,
            at_least,
            at_most,
            options,
        } => say.wanted_choices(*at_least, *at_most.min(&options.len())),
    }
}

/// Returns what was filled in, one field a line.
fn listed(say: Say, asked: &Asked) -> String {
    let lines = values(say, asked).map(|(title, value)| {
        let title = shortened(say, &title, LISTED_TITLE);
        say.form_value(title, shortened(say, &value, VALUE_SHOWN))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns what was filled in: the title of each field, and its value.
fn values(say: Say, asked: &Asked) -> impl Iterator<Item = (String, String)> {
    let fields = asked.fields().iter().zip(&asked.sheet.filled);
    fields.map(move |(field, value)| {
        let value = match value {
            Some(value) => shown_value(say, field, value),
            None => say.form_left_out(),
        };
        (field.title.clone(), value)
    })
}

fn shown_value(say: Say, field: &Field, value: &FieldValue) -> String {
    let label = |key: &String| match &field.kind {
        FieldKind::Choice { options, .. } => {
            let option = options.iter().find(|option| option.key == *key);
            option.map_or_else(|| visible_line(key), |option| option.label.clone())
        }
        FieldKind::Text { .. } | FieldKind::Number { .. } | FieldKind::Truth => visible_line(key),
    };
    match value {
        FieldValue::Text(text) => label(text),
        FieldValue::Number(number) => number.clone(),
        FieldValue::Truth(true) => say.form_yes(),
        FieldValue::Truth(false) => say.form_no(),
        FieldValue::Several(keys) if keys.is_empty() => say.none_of_these(),
        FieldValue::Several(keys) => keys.iter().map(label).collect::<Vec<_>>().join(", "),
    }
}

/// Returns what the message of a field becomes when something was said to it.
pub(in crate::session) fn form_step_over(say: Say, asked: &Asked, by: Decider<'_>) -> Body {
    let head = match (asked.sheet.is_wrong, asked.sheet.filled.is_empty()) {
        (true, _) => say.form_not_taken(),
        (false, true) => say.form_started_over(),
        (false, false) => say.question_answered(),
    };
    let last = asked.sheet.filled.len().saturating_sub(1);
    let fields = asked.fields().iter().zip(&asked.sheet.filled).nth(last);
    let about = match (asked.sheet.is_wrong, asked.field(), fields) {
        (true, Some(field), _) => shortened(say, &field.title, TITLE_SHOWN),
        (false, _, Some((field, value))) => {
            let value = value.as_ref().map(|value| shown_value(say, field, value));
            let value = value.unwrap_or_else(|| say.form_left_out());
            let value = shortened(say, &visible(&value), MESSAGE_SHOWN);
            say.form_value(shortened(say, &field.title, TITLE_SHOWN), value)
        }
        _ => form_about(say, asked),
    };
    Body::Live {
        text: format!("{}: {about}", super::requests::said_by(say, &head, by)),
        code: None,
        rows: Vec::new(),
    }
}

/// Says which server asked what, and what it was sent.
pub(super) fn form_about(say: Say, asked: &Asked) -> String {
    let Some(form) = asked.form() else {
        return String::new();
    };
    let about = head(say, form);
    match listed(say, asked) {
        values if values.is_empty() => about,
        values => format!("{about}\n{values}"),
    }
}

/// Says that servers have asked often enough.
pub(in crate::session) fn too_many_forms(say: Say, form: &Form, limit: usize) -> String {
    say.form_too_many(server_of(say, form), limit)
}

/// Returns the name of a server, as it is shown in a line.
pub(super) fn server_of(say: Say, form: &Form) -> String {
    shortened(say, &form.server, SERVER_SHOWN)
}

#[cfg(test)]
mod tests;
