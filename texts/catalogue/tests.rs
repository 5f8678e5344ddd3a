//! What holds for every message, in every language, whatever is put into it.

use super::{Kind, Language, Limit, Message, cut, limit_of};
use crate::MESSAGES;

/// What an argument may come to in the worst case: marks that turn the direction, what looks like
/// the catalogue's own syntax, markup, signs of two units, nothing, and 300 characters.
const HOSTILE: [&str; 6] = [
    "",
    "\u{202e}evil\u{2066}\u{200b}",
    "{ $waiting } -> [one] *[other]",
    "<b>a</b> `b` *c* _d_ [e](http://f)",
    "👩‍👩‍👧‍👦",
    "two\nlines",
];

const COUNTS: [&str; 6] = ["0", "1", "2", "5", "21", "18446744073709551615"];

/// Returns each message with arguments of all kinds, and what it then says.
fn said() -> impl Iterator<Item = (&'static Message, Vec<String>, String)> {
    let long = "ö".repeat(300);
    let texts = HOSTILE.map(str::to_owned).into_iter().chain([long]);
    let rounds: Vec<String> = texts.collect();
    MESSAGES.iter().flat_map(move |message| {
        let rounds = rounds.clone();
        (0..rounds.len()).map(move |round| {
            let of = |kind| match kind {
                Kind::Count => COUNTS[round % COUNTS.len()].to_owned(),
                Kind::Text => rounds[round].clone(),
            };
            let arguments: Vec<_> = message.arguments.iter().map(|it| of(it.kind)).collect();
            let borrowed: Vec<_> = arguments.iter().map(String::as_str).collect();
            let text = message.say(Language::English.say(), &borrowed);
            (message, arguments, text)
        })
    })
}

#[test]
fn nothing_that_is_said_is_longer_than_telegram_takes() {
    for (message, arguments, text) in said() {
        let length = text.encode_utf16().count();
        let limit = limit_of(message.key).units();
        assert!(
            length <= limit,
            "{}: {length} units of {limit} with {arguments:?}",
            message.key
        );
    }
}

#[test]
fn what_is_put_into_a_message_stays_as_it_is() {
    for (message, arguments, text) in said() {
        if limit_of(message.key) != Limit::Message {
            continue;
        }
        for (argument, given) in message.arguments.iter().zip(&arguments) {
            let is_shown = text.contains(given.as_str());
            let may_be_left_out = argument.kind == Kind::Count;
            assert!(is_shown || may_be_left_out, "{}: {text:?}", message.key);
        }
    }
}

#[test]
fn no_mark_and_no_syntax_of_the_catalogue_reaches_a_person() {
    for (message, arguments, text) in said() {
        let of_arguments: String = arguments.concat();
        for mark in ["\u{2068}", "\u{2069}", "{", "->"] {
            let is_ours = text.contains(mark) && !of_arguments.contains(mark);
            assert!(!is_ours, "{}: {text:?}", message.key);
        }
    }
}

#[test]
fn nothing_begins_or_ends_with_a_gap_by_accident() {
    for message in MESSAGES {
        let filled = vec!["x"; message.arguments.len()];
        let text = message.say(Language::English.say(), &filled);
        assert_eq!(text, text.trim(), "{}", message.key);
        assert!(!text.is_empty(), "{}", message.key);
        assert!(!text.contains("  "), "{}: {text:?}", message.key);
    }
}

#[test]
fn a_cut_is_shown_and_never_splits_a_sign() {
    assert_eq!(cut("short", 5), "short");
    assert_eq!(cut("longer", 5), "long…");
    assert_eq!(cut("ab👍👍", 5), "ab👍…");
    assert_eq!(cut("abc👍👍", 5), "abc…");
}

#[test]
fn limits_go_by_the_beginning_of_the_key() {
    assert_eq!(limit_of("toast-gone"), Limit::Toast);
    assert_eq!(limit_of("button-stop"), Limit::Label);
    assert_eq!(limit_of("command-new"), Limit::Description);
    assert_eq!(limit_of("queue-is-full"), Limit::Message);
}

#[test]
fn every_language_is_read_without_an_error() {
    for language in Language::ALL {
        let resource = fluent_bundle::FluentResource::try_new(language.source().to_owned());
        assert!(resource.is_ok(), "{language:?}");
        let bundle = language.bundle();
        for message in MESSAGES {
            assert!(bundle.has_message(message.key), "{}", message.key);
        }
    }
}
