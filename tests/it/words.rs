//! Promise: what is said in a chat stands in the catalogue, and the catalogue holds nothing else.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use bridge_texts::{Kind, MESSAGES, Message};
use expect_test::expect_file;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The folders of the code that speaks in chats.
const SPEAKERS: [&str; 2] = ["actors", "src"];

#[test]
fn no_message_of_the_catalogue_is_left_unsaid() {
    let places = places();
    let unsaid: Vec<_> = MESSAGES
        .iter()
        .map(|message| message.key)
        .filter(|key| !places.contains_key(key))
        .collect();
    assert!(unsaid.is_empty(), "{unsaid:#?}");
}

#[test]
fn the_table_of_words_is_the_catalogue() {
    let places = places();
    let mut table = String::from(
        "# Words\n\nEverything that the bridge says in a chat. Made by `just words` from \
         `texts/en.ftl`; what stands in braces is put in.\n\n| key | English | where it is said \
         |\n| --- | --- | --- |\n",
    );
    for message in MESSAGES {
        let said_in = places
            .get(message.key)
            .map_or(String::new(), |files| files.join(", "));
        writeln!(table, "| {} | {} | {said_in} |", message.key, cell(message)).expect("a string");
    }
    expect_file![root().join("docs/words.md")].assert_eq(&table);
}

/// Returns the English text as one cell of a table, each form of a plural on a line of its own.
fn cell(message: &Message) -> String {
    let lines = message.english.lines().map(str::trim);
    let text = lines.collect::<Vec<_>>().join("<br>");
    let counts = message.arguments.iter().filter(|it| it.kind == Kind::Count);
    let marked = counts.fold(text, |text, count| {
        text.replace(
            &format!("{{ ${} ->", count.name),
            &format!("by ${}:", count.name),
        )
    });
    marked
        .replace("<br>}", "")
        .replace('|', "\\|")
        .replace("{ $", "{")
        .replace(" }", "}")
}

/// The rooms that say nothing to a person but by the catalogue.
const ROOMS: [&str; 5] = [
    "actors/outbox",
    "actors/router",
    "actors/session",
    "actors/session_supervisor",
    "actors/user_registry",
];

/// Macros whose words are for the log, for whoever reads code, or for nobody.
const SILENT_MACROS: [&str; 11] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug",
    "debug_assert",
    "error",
    "info",
    "panic",
    "trace",
    "unreachable",
    "warn",
];

/// What is called with words for the log and for the audit log.
const SILENT_CALLS: [&str; 5] = ["Refused", "StoreError", "expect", "on_chat_left", "refused"];

/// Functions that make words for the log and for the audit log.
const SILENT_FUNCTIONS: [&str; 5] = [
    "for_audit",
    "log_dropped",
    "call_unanswered",
    "name",
    "on_chat_left",
];

/// What is said to Claude, which is English whatever the people speak.
const TO_CLAUDE: [&str; 2] = [
    "actors/session/to_claude.rs",
    "actors/session/to_claude/files.rs",
];

#[test]
fn what_a_person_reads_stands_in_the_catalogue_alone() {
    let outside = words_outside_the_catalogue(&ROOMS);
    assert!(outside.is_empty(), "{outside:#?}");
}

/// Returns the literal texts of two words or more that a person could be shown, with their places.
fn words_outside_the_catalogue(rooms: &[&str]) -> Vec<String> {
    let is_of_a_room = |path: &str| rooms.iter().any(|room| Path::new(path).starts_with(room));
    let mut outside = Vec::new();
    for (path, code) in speakers() {
        if is_of_a_room(&path) && !TO_CLAUDE.contains(&path.as_str()) {
            let tokens: TokenStream = code.parse().expect("it compiles");
            collect_words(tokens, &path, &mut outside);
        }
    }
    outside
}

fn collect_words(tokens: TokenStream, path: &str, outside: &mut Vec<String>) {
    // What stands before a token, the nearest last.
    let mut before: Vec<String> = Vec::new();
    let mut function = None;
    for token in tokens {
        match &token {
            TokenTree::Group(group) if is_silent(group, &before, function.as_deref()) => {}
            TokenTree::Group(group) => collect_words(group.stream(), path, outside),
            TokenTree::Literal(literal) if is_of_two_words(&literal.to_string()) => {
                let line = literal.span().start().line;
                outside.push(format!("{path}:{line}: {literal}"));
            }
            TokenTree::Ident(name) if before.last().is_some_and(|it| it == "fn") => {
                function = Some(name.to_string());
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        before.push(token.to_string());
    }
}

/// Tells whether what stands in brackets is said to nobody.
fn is_silent(group: &Group, before: &[String], function: Option<&str>) -> bool {
    let before: Vec<&str> = before.iter().rev().map(String::as_str).collect();
    match (group.delimiter(), &before[..]) {
        // An attribute, a doc comment among them.
        (Delimiter::Bracket, ["#", ..] | ["!", "#", ..]) => true,
        (_, ["!", name, ..]) => SILENT_MACROS.contains(name),
        (Delimiter::Parenthesis, [name, ..]) => SILENT_CALLS.contains(name),
        (Delimiter::Brace, _) => function.is_some_and(|it| SILENT_FUNCTIONS.contains(&it)),
        (Delimiter::Parenthesis | Delimiter::Bracket | Delimiter::None, _) => false,
    }
}

/// Tells whether a literal is a text in which two words follow one another.
fn is_of_two_words(literal: &str) -> bool {
    let is_word = |text: &&str| {
        let is_put_in = text.contains(['{', '}']);
        let text = text.trim_matches(|sign: char| sign.is_ascii_punctuation());
        !is_put_in && !text.is_empty() && text.chars().all(char::is_alphabetic)
    };
    let Some((_, text)) = literal.split_once('"') else {
        return false;
    };
    let text = text.replace("\\n", " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).any(|pair| pair.iter().all(is_word))
}

/// Returns the files in which each message is said, by its key.
fn places() -> BTreeMap<&'static str, Vec<String>> {
    let mut places = BTreeMap::<_, Vec<_>>::new();
    for (path, code) in speakers() {
        for message in MESSAGES {
            if says(&code, message.function) {
                places.entry(message.key).or_default().push(path.clone());
            }
        }
    }
    places
}

/// Tells whether the code calls a function of the catalogue, or hands it on.
fn says(code: &str, function: &str) -> bool {
    [".", "Say::"].iter().any(|before| {
        let name = format!("{before}{function}");
        code.match_indices(&name).any(|(at, _)| {
            let after = code[at + name.len()..].chars().next();
            !after.is_some_and(|sign| sign.is_alphanumeric() || sign == '_')
        })
    })
}

/// Returns the path and the code of all files that may speak, without their tests.
fn speakers() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in SPEAKERS {
        collect(&root().join(folder), &mut files);
    }
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let code = fs::read_to_string(&file).expect("a file of ours");
            let code = code
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .map(str::to_owned);
            let path = file
                .strip_prefix(root())
                .expect("below")
                .display()
                .to_string();
            (path, code.unwrap_or_default())
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of ours").flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let is_test = name == "tests" || name == "tests.rs";
        if path.is_dir() && !is_test {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") && !is_test {
            files.push(path);
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
