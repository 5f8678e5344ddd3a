//! What was said in a conversation, as a file: who said what, and the names of the tools. Nothing
//! else of a transcript is in it.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;

use bridge_actors::ports::ExportForm;
use bridge_actors::visible::visible_line;
use bridge_texts::Say;
use serde::Deserialize;
use serde_json::{Value, json};

use super::digest::{Line, Said, prompt_of, text};
use super::lines::{Extent, each_line};

/// How much of a transcript is read, in bytes.
const MAX_READ: u64 = 512 * 1024 * 1024;

/// How long the words together may be, in bytes: Telegram takes 50 MB.
const MAX_WORDS: usize = 45_000_000;

/// How much is held while a transcript is read, in bytes: lines that say nothing take place, too.
const MAX_HELD: usize = 150_000_000;

/// What one piece takes beside its words, in bytes.
const PIECE: usize = 200;

/// What was said, as a file.
#[derive(Debug)]
pub(in crate::claude) enum Exported {
    /// Its content.
    File(Vec<u8>),
    /// It is larger than Telegram takes.
    TooLong,
}

/// What was said at one go.
#[derive(Debug, Default)]
struct Piece {
    parent: Option<usize>,
    who: Option<Who>,
    at: String,
    words: String,
    tools: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    User,
    Claude,
    /// Claude Code, of what was said before.
    Compacted,
}

/// What joins a line with the one before it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Place {
    #[serde(deserialize_with = "text")]
    uuid: String,
    #[serde(rename = "parentUuid", deserialize_with = "text")]
    parent: String,
    #[serde(rename = "logicalParentUuid", deserialize_with = "text")]
    logical_parent: String,
    #[serde(deserialize_with = "text")]
    timestamp: String,
}

/// Writes down what was said in a transcript.
///
/// # Errors
///
/// When it cannot be read.
pub(in crate::claude) fn export(
    file: &File,
    (id, title, folder): (&str, &str, &Path),
    form: ExportForm,
    say: Say,
) -> io::Result<Exported> {
    let mut said = Conversation::default();
    let extent = each_line(file, MAX_READ, |line| said.take(line))?;
    if said.n_held > MAX_HELD {
        return Ok(Exported::TooLong);
    }
    let pieces = said.way();
    let folder = visible_line(&folder.to_string_lossy());
    let content = match form {
        ExportForm::Markdown => {
            let title = visible_line(title);
            let about = say.export_about(id, folder);
            let mut text = markdown(&pieces, (&title, &about), say);
            if extent == Extent::Ends {
                text.push_str(&format!("\n---\n\n{}\n", say.export_cut()));
            }
            text.into_bytes()
        }
        ExportForm::Json => {
            let messages: Vec<_> = pieces.iter().map(as_json).collect();
            let all = json!({
                "conversation": id,
                "title": title,
                "folder": folder,
                "is_cut": extent == Extent::Ends,
                "messages": messages,
            });
            serde_json::to_vec_pretty(&all)?
        }
    };
    Ok(match content.len() > MAX_WORDS {
        true => Exported::TooLong,
        false => Exported::File(content),
    })
}

#[derive(Default)]
struct Conversation {
    pieces: Vec<Piece>,
    places: HashMap<String, usize>,
    n_held: usize,
}

impl Conversation {
    fn take(&mut self, line: &[u8]) {
        let (Ok(read), Ok(place)) = (
            serde_json::from_slice::<Line>(line),
            serde_json::from_slice::<Place>(line),
        ) else {
            return;
        };
        if place.uuid.is_empty() || read.is_sidechain || self.n_held > MAX_HELD {
            return;
        }
        let parent = match place.parent.is_empty() {
            true => &place.logical_parent,
            false => &place.parent,
        };
        let mut piece = Piece {
            parent: self.places.get(parent).copied(),
            at: place.timestamp,
            ..Piece::default()
        };
        match read.kind.as_str() {
            "user" if read.is_compact_summary => piece.who = Some(Who::Compacted),
            "user" if !read.is_meta => {
                let said = serde_json::from_slice::<Said>(line).unwrap_or_default();
                if let Some(words) = prompt_of(&said.message.content) {
                    piece.who = Some(Who::User);
                    piece.words = words;
                }
            }
            "assistant" => {
                let said = serde_json::from_slice::<Said>(line).unwrap_or_default();
                piece.take_blocks(&said.message.content);
            }
            _ => {}
        }
        let tools: usize = piece.tools.iter().map(|tool| tool.len() + PIECE).sum();
        let texts = piece.words.len() + piece.at.len() + place.uuid.len();
        self.n_held += PIECE + texts + tools;
        self.places.insert(place.uuid, self.pieces.len());
        self.pieces.push(piece);
    }

    /// Returns what leads to what was said last: what was undone on the way lies beside it.
    fn way(mut self) -> Vec<Piece> {
        let mut next = self.pieces.iter().rposition(|piece| piece.who.is_some());
        let mut way = Vec::new();
        while let Some(place) = next {
            let piece = std::mem::take(&mut self.pieces[place]);
            // A parent stands above: this comes to an end whatever a file says.
            next = piece.parent.filter(|parent| *parent < place);
            if piece.who.is_some() {
                way.push(piece);
            }
        }
        way.reverse();
        way
    }
}

impl Piece {
    fn take_blocks(&mut self, content: &Value) {
        let blocks = content.as_array().map_or(&[][..], Vec::as_slice);
        for block in blocks {
            match block["type"].as_str() {
                Some("text") => {
                    let words = block["text"].as_str().unwrap_or_default();
                    if !self.words.is_empty() {
                        self.words.push_str("\n\n");
                    }
                    self.words.push_str(words);
                }
                Some("tool_use") => {
                    let name = block["name"].as_str().unwrap_or_default();
                    self.tools.push(visible_line(name));
                }
                Some(_) | None => {}
            }
        }
        if !self.words.trim().is_empty() || !self.tools.is_empty() {
            self.who = Some(Who::Claude);
        }
    }
}

fn markdown(pieces: &[Piece], (title, about): (&str, &str), say: Say) -> String {
    let mut text = format!("# {title}\n\n{about}\n");
    let mut last = None;
    for piece in pieces {
        let who = match piece.who {
            Some(Who::User) => say.export_user(),
            Some(Who::Claude) => say.export_claude(),
            Some(Who::Compacted) => {
                text.push_str(&format!("\n*{}*\n", say.export_compacted()));
                last = None;
                continue;
            }
            None => continue,
        };
        // What Claude says comes block by block.
        if last != piece.who || piece.who == Some(Who::User) {
            let at = minute(&piece.at);
            text.push_str(&format!("\n## {who}{at}\n"));
        }
        last = piece.who;
        if !piece.words.trim().is_empty() {
            text.push_str(&format!("\n{}\n", piece.words.trim()));
        }
        for tool in &piece.tools {
            text.push_str(&format!("\n*{}*\n", say.export_tool(tool)));
        }
    }
    text
}

/// Returns a time as it stands behind a heading; nothing for what is none.
fn minute(at: &str) -> String {
    const SHOWN: usize = "2026-12-01T03:33".len();
    let shown = at.get(..SHOWN).filter(|shown| {
        let is_of_time = |sign: char| sign.is_ascii_digit() || "-:T".contains(sign);
        shown.chars().all(is_of_time)
    });
    shown.map_or(String::new(), |at| {
        format!(" · {} UTC", at.replace('T', " "))
    })
}

fn as_json(piece: &Piece) -> Value {
    let who = match piece.who {
        Some(Who::User) => "user",
        Some(Who::Claude) => "claude",
        Some(Who::Compacted) | None => "summary",
    };
    json!({ "who": who, "at": piece.at, "text": piece.words, "tools": piece.tools })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use bridge_texts::Language;

    use super::*;

    /// An agent can fill its own transcript with lines that say nothing.
    #[test]
    fn an_export_holds_no_more_than_its_bound() {
        let place = tempfile::tempdir().unwrap();
        let transcript = place.path().join("t.jsonl");
        let line = "{\"uuid\":\"a\"}\n";
        fs::write(&transcript, line.repeat(1_000_000)).unwrap();
        let file = File::open(&transcript).unwrap();
        let about = ("id", "t", Path::new("/w"));
        let say = Language::English.say();
        let exported = export(&file, about, ExportForm::Json, say).unwrap();
        assert!(matches!(exported, Exported::TooLong));
    }
}
