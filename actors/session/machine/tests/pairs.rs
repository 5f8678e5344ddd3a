//! Every pair of state and event: whatever can happen happens in every state, and each step keeps
//! the rules, as does every way to come to rest after it.

mod chat;
mod events;
mod fill;
mod rest;
mod rules;
mod said;
mod shapes;
mod states;
mod words;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

use chat::Chat;
use rest::Rest;
use states::STATES;

use super::support::{CHAT, Player};
use crate::ids::{ChatId, Generation};
use crate::session::agent::Life;
use crate::session::event::Event;

/// A chat that more than one person is in.
const GROUP: ChatId = ChatId(-CHAT.0);

const RESTS: [Rest; 4] = [Rest::Dies, Rest::Silent, Rest::Works, Rest::Ends];

/// How many troubles a test that fails shows.
const TROUBLES_SHOWN: usize = 40;

#[test]
fn every_event_in_every_state_keeps_the_rules() {
    let mut troubles = Vec::new();
    // In a group others take part, which makes a difference to few events.
    for (id, lines) in [(CHAT, events::all()), (GROUP, events::of_groups())] {
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        for state in STATES {
            let before = Vec::new();
            let state = *state;
            let situation = Situation { id, state, before };
            situation.explore(&lines, &RESTS, &mut troubles);
        }
    }
    assert_no_trouble(&troubles);
}

#[test]
fn what_mostly_happens_keeps_the_rules_one_after_the_other() {
    let mut troubles = Vec::new();
    let place = |state, before| Situation {
        id: GROUP,
        state,
        before,
    };
    let mut rests = RESTS.chunks(1).cycle();
    for state in STATES {
        let firsts = place(*state, Vec::new()).explore(events::COMMON, &[], &mut troubles);
        for first in firsts {
            let rest = rests.next().expect("there is no end to them");
            place(*state, vec![first]).explore(events::COMMON, rest, &mut troubles);
        }
    }
    assert_no_trouble(&troubles);
}

#[test]
fn late_words_of_an_agent_change_nothing_in_any_state() {
    let mut troubles = Vec::new();
    for (name, script) in STATES {
        for line in events::AGENT_EVENTS.iter().flat_map(|(_, lines)| *lines) {
            let mut chat = Chat::in_state(CHAT, script).expect(name);
            let latest = chat.player.generation();
            let mut gone = vec![
                Generation(latest.0.saturating_sub(1)),
                Generation(latest.0 + 1),
            ];
            match chat.machine().agent.life() {
                Life::Live(_) => {}
                Life::Asleep | Life::Waiting { .. } => gone.push(latest),
                // Only its end matters.
                Life::Leaving(_) if line.starts_with("exit") => {}
                Life::Leaving(_) => gone.push(latest),
            }
            let heard = gone.into_iter().map(|it| chat.hear_late(line, it));
            let heard: Vec<_> = heard.filter_map(Result::err).collect();
            troubles.extend(heard.iter().map(|why| format!("{why} [{name}]")));
        }
    }
    assert_no_trouble(&troubles);
}

#[test]
fn every_line_of_the_table_is_of_its_kind() {
    let mut player = Player::new(None);
    let tables = [events::EVENTS, events::INSTRUCTIONS, events::AGENT_EVENTS];
    for (kind, lines) in tables.into_iter().flatten() {
        for line in *lines {
            let line = with_numbers(line);
            let event = match line.as_str() {
                "next" | "deadline" => Event::DeadlineReached,
                line => player.parse(line),
            };
            let mut kinds = vec![events::kind_of_event(&event)];
            if let Event::Instructed(instruction) = &event {
                kinds.push(events::kind_of_instruction(instruction));
            }
            if let Event::Agent(_, event) = &event {
                kinds.push(events::kind_of_agent_event(event));
            }
            assert!(kinds.contains(kind), "{line} is of {kinds:?}, not {kind}");
        }
    }
}

/// Fills something in that is a number everywhere.
fn with_numbers(line: &str) -> String {
    const WORDS: [&str; 6] = ["NONCE", "TRANSCRIPT", "POST", "QUEUED", "RUNNING", "LAST"];
    let filled_in = |line: String, word: &&str| line.replace(word, "1");
    WORDS.iter().fold(line.to_owned(), filled_in)
}

/// Where an exploration begins: a state, and what happened in it.
struct Situation<'a> {
    id: ChatId,
    state: (&'a str, &'a str),
    before: Vec<&'a str>,
}

impl Situation<'_> {
    /// Plays each of the lines, lets whatever it changes come to rest in these ways, and lives on.
    /// Returns the lines that change something: the others lead nowhere else.
    fn explore<'a>(
        &self,
        lines: &[&'a str],
        rests: &[Rest],
        troubles: &mut Vec<String>,
    ) -> Vec<&'a str> {
        let mut changing = Vec::new();
        let mut chat = None;
        for line in lines {
            let mut here = match chat.take() {
                Some(chat) => chat,
                None => match self.chat() {
                    Ok(chat) => chat,
                    Err(why) => {
                        troubles.push(self.trouble(&why, line));
                        return changing;
                    }
                },
            };
            match unpanicked(|| here.changes_by(line)) {
                Ok(false) => chat = Some(here),
                Ok(true) => {
                    changing.push(*line);
                    let rested = rests.iter().map(|rest| self.comes_to_rest(line, *rest));
                    troubles.extend(rested.filter_map(Result::err));
                }
                Err(why) => troubles.push(self.trouble(&why, line)),
            }
        }
        changing
    }

    fn chat(&self) -> Result<Chat, String> {
        let mut chat = Chat::in_state(self.id, self.state.1)?;
        for line in &self.before {
            chat.play(line)?;
        }
        Ok(chat)
    }

    fn comes_to_rest(&self, line: &str, rest: Rest) -> Result<(), String> {
        let mut chat = self.chat()?;
        let rested = unpanicked(|| {
            chat.play(line)?;
            chat.come_to_rest(rest)?;
            chat.live_on()
        });
        rested.map_err(|why| self.trouble(&why, &format!("{rest:?} after {}", chat.lines())))
    }

    fn trouble(&self, why: &str, line: &str) -> String {
        let Self { id, state, before } = self;
        format!("{why}: {line} [{} {before:?} in {id}]", state.0)
    }
}

fn unpanicked<T>(play: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let played = catch_unwind(AssertUnwindSafe(play));
    played.unwrap_or_else(|_| Err("panics".to_owned()))
}

fn assert_no_trouble(troubles: &[String]) {
    let shown = &troubles[..troubles.len().min(TROUBLES_SHOWN)];
    assert!(
        troubles.is_empty(),
        "{} troubles:\n{}",
        troubles.len(),
        shown.join("\n")
    );
}
