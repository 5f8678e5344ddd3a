//! Pure: the lines of a transcript to what a list says of it. Every version writes other lines; what
//! is not known is passed over.

use serde::Deserialize;
use serde_json::Value;

/// How much of a title or first prompt is kept, in characters.
const MAX_TITLE: usize = 160;

/// How much of a path is kept, in bytes; longer ones the system does not take.
const MAX_PATH: usize = 4096;

/// What a transcript says of its conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Digest {
    /// What a person has called it.
    given: String,
    /// What Claude calls it.
    found: String,
    /// What an older version called it.
    summary: String,
    /// How its first prompt begins.
    first: String,
    /// How many prompts of a person it has.
    pub(super) turns: usize,
    /// The folder that it was begun in.
    pub(super) folder: Option<String>,
    /// What its first prompt came in by.
    entrypoint: Option<String>,
}

/// A line, as far as it says something of its conversation.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Line {
    #[serde(rename = "type", deserialize_with = "text")]
    pub(super) kind: String,
    #[serde(rename = "isSidechain", deserialize_with = "flag")]
    pub(super) is_sidechain: bool,
    #[serde(rename = "isMeta", deserialize_with = "flag")]
    pub(super) is_meta: bool,
    #[serde(rename = "isCompactSummary", deserialize_with = "flag")]
    pub(super) is_compact_summary: bool,
    #[serde(deserialize_with = "text")]
    pub(super) entrypoint: String,
    #[serde(deserialize_with = "text")]
    pub(super) cwd: String,
    #[serde(rename = "customTitle", deserialize_with = "text")]
    custom_title: String,
    #[serde(rename = "aiTitle", deserialize_with = "text")]
    ai_title: String,
    #[serde(deserialize_with = "text")]
    summary: String,
}

/// What somebody said.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    pub(super) message: Message,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Message {
    pub(super) content: Value,
}

impl Digest {
    /// Takes in a line.
    pub(super) fn take(&mut self, line: &[u8]) {
        let Ok(read) = serde_json::from_slice::<Line>(line) else {
            return;
        };
        // The last title counts, the first prompt too.
        let titles = [
            (&mut self.given, "custom-title", &read.custom_title),
            (&mut self.found, "ai-title", &read.ai_title),
            (&mut self.summary, "summary", &read.summary),
        ];
        for (title, kind, said) in titles {
            if read.kind == kind && !said.trim().is_empty() {
                *title = shortened(said);
            }
        }
        if read.kind != "user" || read.is_sidechain {
            return;
        }
        if self.folder.is_none() && !read.cwd.is_empty() && read.cwd.len() <= MAX_PATH {
            self.folder = Some(read.cwd);
        }
        if self.entrypoint.is_none() && !read.entrypoint.is_empty() {
            self.entrypoint = Some(shortened(&read.entrypoint));
        }
        if read.is_meta || read.is_compact_summary {
            return;
        }
        let said = serde_json::from_slice::<Said>(line).unwrap_or_default();
        let Some(words) = prompt_of(&said.message.content) else {
            return;
        };
        self.turns += 1;
        if self.first.is_empty() {
            self.first = shortened(&words);
        }
    }

    /// Returns its title, or how its first prompt begins.
    pub(super) fn title(&self) -> &str {
        let titles = [&self.given, &self.found, &self.summary, &self.first];
        let title = titles.into_iter().find(|title| !title.is_empty());
        title.map_or("", String::as_str)
    }

    /// Returns how its first prompt begins.
    pub(super) fn first(&self) -> &str {
        &self.first
    }

    /// Tells whether it was begun in Claude's terminal.
    pub(super) fn is_of_terminal(&self) -> bool {
        // Versions that did not say it wrote `-p` in the same way.
        self.entrypoint.as_deref().is_none_or(|it| it == "cli")
    }
}

/// Returns the words of a prompt of a person; `None` for what a tool or a command came to.
pub(super) fn prompt_of(content: &Value) -> Option<String> {
    let words = match content {
        Value::String(words) => words.clone(),
        Value::Array(blocks) => {
            let kind = |block: &Value, kind: &str| block["type"] == kind;
            if blocks.iter().any(|block| kind(block, "tool_result")) {
                return None;
            }
            let texts = blocks.iter().filter(|block| kind(block, "text"));
            let texts = texts.filter_map(|block| block["text"].as_str());
            let texts: Vec<_> = texts.filter(|text| !is_made_up(text)).collect();
            let has_picture = blocks.iter().any(|block| kind(block, "image"));
            if texts.is_empty() && !has_picture {
                return None;
            }
            return Some(texts.join("\n"));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return None,
    };
    (!is_made_up(&words)).then_some(words)
}

/// Tells whether Claude Code wrote a text, not a person.
fn is_made_up(text: &str) -> bool {
    const BEGINNINGS: [&str; 7] = [
        "<system-reminder>",
        "<command-",
        "<local-command-",
        "<bash-",
        "<task-notification",
        "Caveat: The messages below",
        "[Request interrupted by user",
    ];
    let text = text.trim_start();
    text.is_empty() || BEGINNINGS.iter().any(|it| text.starts_with(it))
}

fn shortened(text: &str) -> String {
    let words = text.split_whitespace().take(MAX_TITLE);
    let line = words.collect::<Vec<_>>().join(" ");
    line.chars().take(MAX_TITLE).collect()
}

/// Reads a text; anything else counts as none.
pub(super) fn text<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => text,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            String::new()
        }
    })
}

/// Reads a truth; anything else counts as none.
fn flag<'de, D: serde::Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    Ok(Value::deserialize(from)? == Value::Bool(true))
}
