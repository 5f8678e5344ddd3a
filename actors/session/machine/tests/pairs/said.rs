//! What is said, and the state in which it is: docs/said-when.md, to be read text by text.
//!
//! `UPDATE_EXPECT=1 cargo test every_text_is` rewrites it; read its diff: is what is said true there?

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::expect_file;

use super::chat::Chat;
use super::shapes::shape;
use super::states::STATES;
use super::{GROUP, events};
use crate::ids::ChatId;
use crate::session::machine::tests::claims::claims_of;
use crate::session::machine::tests::support::CHAT;

/// Where a message was said first.
struct Place {
    state: &'static str,
    line: String,
    then: String,
    text: String,
}

const HEAD: &str = "# What is said when

Every text of a session that says something in one of the states of `pairs/states.rs`, or when something happens \
there: where it is said first, what has happened, and the state that it is said in. What a text claims of that \
state is held against it there and in all other places, after every event, on every way to rest, and in every \
transcript of the tests (`claims.rs`); what is not said in one of these states is said in a transcript. Made by `UPDATE_EXPECT=1 cargo test -p bridge-actors --lib every_text_is`; read its diff: \
is what is said true there?

| key | text | state | what happens | the state then | claims |
| --- | --- | --- | --- | --- | --- |
";

#[test]
fn every_text_is_said_in_the_state_that_the_table_shows() {
    let mut places = BTreeMap::new();
    let of_groups = events::of_groups();
    for (id, lines) in [(CHAT, events::all()), (GROUP, of_groups)] {
        for (name, script) in STATES {
            look_at(id, (name, script), &lines, &mut places);
        }
    }
    let mut table = String::from(HEAD);
    for (key, place) in places {
        let Place {
            state,
            line,
            then,
            text,
        } = place;
        let text = text.replace('\n', "<br>").replace('|', "\\|");
        let claims = claims_of(key);
        let row = format!("| {key} | {text} | {state} | {line} | {then} | {claims} |");
        writeln!(table, "{row}").expect("a string");
    }
    expect_file!["../../../../../docs/said-when.md"].assert_eq(&table);
}

/// Notes what is said when each of the lines happens in a state.
fn look_at(
    id: ChatId,
    (name, script): (&'static str, &str),
    lines: &[String],
    places: &mut BTreeMap<&'static str, Place>,
) {
    let mut chat = None;
    for line in lines {
        let mut here = match chat.take() {
            Some(chat) => chat,
            None => {
                let mut chat = Chat::in_state(id, script).expect(name);
                chat.said = Some(Vec::new());
                chat
            }
        };
        // Whether the rules hold is another test's.
        let changes = here.changes_by(line);
        for said in here.said.take().unwrap_or_default() {
            places.entry(said.key).or_insert_with(|| Place {
                state: name,
                line: line.replace('|', "\\|"),
                then: shape(here.machine()),
                text: said.text,
            });
        }
        here.said = Some(Vec::new());
        chat = matches!(changes, Ok(false)).then_some(here);
    }
}
