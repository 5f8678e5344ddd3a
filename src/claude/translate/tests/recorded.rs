//! Every recorded session, played through the translator and compared with its transcript.
//!
//! `UPDATE_EXPECT=1 cargo test recorded` rewrites the transcripts; their diff shows what a change
//! of ours, or a new version of the CLI, means for a session.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use bridge_actors::agent_event::{AgentEvent, TurnEnd};
use bridge_actors::ids::ConversationId;
use bridge_texts::Say;
use expect_test::expect_file;
use serde_json::Value;

use super::{render, render_event};
use crate::claude::translate::{Translator, follow_links, on_stderr_line};
use crate::claude::wire::INITIALIZE_REQUEST;

fn fixtures(version: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/claude")
        .join(version);
    let mut files: Vec<PathBuf> = (std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "jsonl")
        })
        .collect();
    files.sort();
    files
}

/// Plays a recording: `>` lines as they were written, then what each line of the agent meant.
fn transcript(recording: &str) -> String {
    let mut player = Player::default();
    for line in recording.lines() {
        player.play(&serde_json::from_str(line).unwrap());
    }
    player.finish()
}

#[derive(Default)]
struct Player {
    translator: Translator,
    /// Ids under which the recording opened its handshakes.
    handshakes: BTreeSet<String>,
    text: String,
    heartbeats: usize,
    conversations: Vec<ConversationId>,
    current: Option<ConversationId>,
}

impl Player {
    fn play(&mut self, entry: &Value) {
        let line = &entry["line"];
        match entry["dir"].as_str().unwrap() {
            "#" => self.on_note(line),
            ">" => self.on_written(line),
            "<" => self.on_read(line.clone()),
            "!" => {
                let event = line.as_str().and_then(on_stderr_line);
                let meaning = event.map(|event| format!("stderr {}\n", render_event(&event)));
                self.tell(&meaning.unwrap_or_default());
            }
            _ => {}
        }
    }

    /// A recording begins with how the agent was started.
    fn on_note(&mut self, line: &Value) {
        if let Some(folder) = line["cwd"].as_str()
            && self.text.is_empty()
        {
            self.translator =
                Translator::in_folder(Path::new(folder), follow_links, Say::default());
        }
    }

    fn on_written(&mut self, line: &Value) {
        let request = &line["request"]["subtype"];
        if request == "initialize" {
            self.handshakes
                .insert(line["request_id"].as_str().unwrap().to_owned());
        }
        let what = match line["type"].as_str() {
            Some("user") => format!("user {}", line["message"]["content"]),
            Some("control_request") => request.to_string(),
            other => other.unwrap_or("odd line").to_owned(),
        };
        let short: String = what.chars().take(100).collect();
        self.tell(&format!("> {short}\n"));
    }

    fn on_read(&mut self, mut line: Value) {
        if let Some(id) = line["response"]["request_id"].as_str()
            && self.handshakes.contains(id)
        {
            line["response"]["request_id"] = INITIALIZE_REQUEST.into();
        }
        let noise = line.as_str().map(str::to_owned);
        let bytes = noise.unwrap_or_else(|| line.to_string()).into_bytes();
        let translated = self.translator.on_line(&bytes);
        translated
            .events
            .iter()
            .filter_map(conversation_of)
            .for_each(|id| self.on_conversation(id));
        let meaning = render(&translated);
        if meaning == "Heartbeat\n" {
            self.heartbeats += 1;
        } else {
            self.tell(&meaning);
        }
    }

    /// Ids differ from recording to recording: told is the how-many-th one, where it changes.
    fn on_conversation(&mut self, id: &ConversationId) {
        if self.current.as_ref() == Some(id) {
            return;
        }
        self.current = Some(id.clone());
        if !self.conversations.contains(id) {
            self.conversations.push(id.clone());
        }
        let n = self
            .conversations
            .iter()
            .position(|known| known == id)
            .unwrap()
            + 1;
        self.tell(&format!("(conversation {n})\n"));
    }

    fn tell(&mut self, meaning: &str) {
        if meaning.is_empty() {
            return;
        }
        if self.heartbeats > 0 {
            self.text.push_str("Heartbeat\n");
            self.heartbeats = 0;
        }
        // Ids of requests differ from recording to recording.
        for line in meaning.lines() {
            let shown = match line.split_once("\"request_id\":\"") {
                Some((before, after)) => {
                    let after = after.split_once('"').map_or("", |(_, rest)| rest);
                    format!("{before}\"request_id\":\"…\"{after}")
                }
                None => line.to_owned(),
            };
            writeln!(self.text, "{shown}").unwrap();
        }
    }

    fn finish(mut self) -> String {
        if self.heartbeats > 0 {
            self.text.push_str("Heartbeat\n");
        }
        writeln!(
            self.text,
            "unknown lines: {}",
            self.translator.unknown_lines()
        )
        .unwrap();
        self.text
    }
}

fn conversation_of(event: &AgentEvent) -> Option<&ConversationId> {
    if let AgentEvent::TurnStarted { conversation, .. }
    | AgentEvent::TurnEnded(TurnEnd {
        conversation: Some(conversation),
        ..
    }) = event
    {
        Some(conversation)
    } else {
        None
    }
}

fn check_version(version: &str) {
    let files = fixtures(version);
    assert!(files.len() > 40, "recordings of {version} are missing");
    for file in files {
        let recording = std::fs::read_to_string(&file).unwrap();
        expect_file![file.with_extension("events.txt")].assert_eq(&transcript(&recording));
    }
}

#[test]
fn recorded_sessions_of_2_1_197_mean_what_their_transcripts_say() {
    check_version("2.1.197");
}

#[test]
fn recorded_sessions_of_2_1_327_mean_what_their_transcripts_say() {
    check_version("2.1.327");
}

#[test]
fn recorded_sessions_of_2_1_332_mean_what_their_transcripts_say() {
    check_version("2.1.332");
}

#[test]
fn every_transcript_has_its_recording() {
    for version in ["2.1.197", "2.1.327", "2.1.332"] {
        let folder = fixtures(version)[0].parent().unwrap().to_owned();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if let Some(name) = path.to_str().unwrap().strip_suffix(".events.txt") {
                assert!(
                    Path::new(&format!("{name}.jsonl")).exists(),
                    "{name} is orphaned"
                );
            }
        }
    }
}
