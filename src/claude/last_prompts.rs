//! Reads the last prompts of a conversation from the file that Claude Code writes.
//!
//! Of each line only a few fields are read: the file holds system prompts too. It only grows; where a
//! conversation goes on stands in it, so what was forgotten is told from what counts.

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::Path;

use bridge_actors::ids::PromptId;
use bridge_actors::ports::{MOST_PROMPTS, SaidPrompt};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::conversations;
use crate::plain_file::open_plain;

/// How much of a conversation is read, in bytes.
const MAX_READ: u64 = 512 * 1024 * 1024;

/// The longest line that is read, in bytes: pictures lie there as text.
const MAX_LINE: usize = 16 * 1024 * 1024;

/// How much of a prompt is kept, in characters.
const MAX_TEXT: usize = 200;

/// What begins a text that Claude Code wrote in the place of a person.
const MADE_UP: [&str; 7] = [
    "<system-reminder>",
    "<command-",
    "<local-command-",
    "<bash-",
    "<task-notification",
    "Caveat: The messages below",
    "[Request interrupted by user",
];

/// Returns the last prompts of a conversation, the newest first; none where there is no such file.
///
/// # Errors
///
/// When the file cannot be read.
pub(super) fn last_prompts(conversation: &str, claude: &Path) -> io::Result<Vec<SaidPrompt>> {
    let Some(path) = conversations::find(conversation, claude)? else {
        return Ok(Vec::new());
    };
    let file = open_plain(&path).map_err(io::Error::other)?;
    let mut said = Said::default();
    each_line(file.take(MAX_READ), |line| said.take(line))?;
    Ok(said.last())
}

/// What a conversation holds, as far as it is needed.
#[derive(Debug, Default)]
struct Said {
    /// Each message with the one before it, and its words where it is a prompt.
    messages: HashMap<String, (Option<String>, Option<String>)>,
    /// Where the conversation goes on.
    leaf: Option<String>,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: String,
    uuid: Option<String>,
    #[serde(rename = "parentUuid")]
    parent: Option<String>,
    #[serde(rename = "leafUuid")]
    leaf: Option<String>,
    /// Whether the conversation was made to forget.
    #[serde(default)]
    rewound: bool,
    #[serde(rename = "isSidechain", default)]
    is_sidechain: bool,
    #[serde(rename = "isMeta", default)]
    is_meta: bool,
    #[serde(rename = "isCompactSummary", default)]
    is_summary: bool,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
}

impl Said {
    /// Takes in a line; what has another form is passed over.
    fn take(&mut self, line: &[u8]) {
        let Ok(line) = serde_json::from_slice::<Line<'_>>(line) else {
            return;
        };
        if line.rewound {
            self.leaf = line.leaf.or_else(|| self.leaf.take());
            return;
        }
        let Some(uuid) = line.uuid.filter(|_| !line.is_sidechain) else {
            return;
        };
        let is_said = line.kind == "user" && !line.is_meta && !line.is_summary;
        let words = line.message.filter(|_| is_said && is_id(&uuid));
        let words = words.and_then(|message| words_of(message.get()));
        self.messages.insert(uuid.clone(), (line.parent, words));
        self.leaf = Some(uuid);
    }

    /// Goes back from where the conversation goes on. Whatever an agent has written, that ends.
    fn last(mut self) -> Vec<SaidPrompt> {
        let mut prompts = Vec::new();
        let mut at = self.leaf.take();
        while let Some(id) = at
            && prompts.len() < MOST_PROMPTS
            && let Some((parent, words)) = self.messages.remove(&id)
        {
            if let Some(text) = words {
                let id = PromptId(id);
                prompts.push(SaidPrompt { id, text });
            }
            at = parent;
        }
        prompts
    }
}

/// Tells whether an id fits below a button, and means nothing else there.
fn is_id(id: &str) -> bool {
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
    id.len() <= 40 && id.chars().all(is_sign)
}

/// Returns how the words of a person begin; `None` for what a tool or a command came to.
fn words_of(message: &str) -> Option<String> {
    let message: Value = serde_json::from_str(message).ok()?;
    let text = match message.get("content")? {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => {
            let is = |block: &Value, kind: &str| block["type"] == kind;
            if blocks.iter().any(|block| is(block, "tool_result")) {
                return None;
            }
            let texts = blocks.iter().filter(|block| is(block, "text"));
            let texts = texts.filter_map(|block| block["text"].as_str());
            texts.collect::<Vec<_>>().join("\n")
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => return None,
    };
    let text = text.trim();
    let is_made_up = MADE_UP.iter().any(|it| text.starts_with(it));
    (!is_made_up).then(|| text.chars().take(MAX_TEXT).collect())
}

/// Shows each line but those that are too long.
fn each_line(source: impl io::Read, mut see: impl FnMut(&[u8])) -> io::Result<()> {
    let mut source = BufReader::new(source);
    let (mut line, mut is_too_long) = (Vec::new(), false);
    loop {
        let piece = source.fill_buf()?;
        if piece.is_empty() {
            break;
        }
        let end = piece.iter().position(|byte| *byte == b'\n');
        let words = &piece[..end.unwrap_or(piece.len())];
        is_too_long |= line.len() + words.len() > MAX_LINE;
        if !is_too_long {
            line.extend_from_slice(words);
        }
        let used = end.map_or(piece.len(), |end| end + 1);
        source.consume(used);
        if end.is_some() {
            if !is_too_long {
                see(&line);
            }
            (line, is_too_long) = (Vec::new(), false);
        }
    }
    if !is_too_long {
        see(&line);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use expect_test::expect;

    use super::*;

    /// Shows the prompts of a conversation of these lines.
    fn shown(lines: &[&str]) -> String {
        let home = tempfile::tempdir().unwrap();
        let project = home.path().join("projects/-w");
        fs::create_dir_all(&project).unwrap();
        fs::write(project.join("c1.jsonl"), lines.join("\n")).unwrap();
        let prompts = last_prompts("c1", home.path()).unwrap();
        let lines = prompts
            .iter()
            .map(|it| format!("{} {}\n", it.id.0, it.text));
        lines.collect()
    }

    fn user(id: &str, parent: &str, words: &str) -> String {
        let parent = match parent {
            "-" => "null".to_owned(),
            parent => format!("{parent:?}"),
        };
        format!(
            r#"{{"type":"user","uuid":"{id}","parentUuid":{parent},"message":{{"role":"user","content":{words}}}}}"#
        )
    }

    #[test]
    fn what_a_person_said_last_is_read_and_what_was_forgotten_is_not() {
        let (a, b, c) = (
            user("a", "-", r#""first""#),
            user(
                "b",
                "a2",
                r#"[{"type":"image"},{"type":"text","text":"look"}]"#,
            ),
            user("c", "b2", r#""forgotten""#),
        );
        let (tool, command) = (
            user("t", "b", r#"[{"type":"tool_result","content":"out"}]"#),
            user("d", "t", r#""<command-name>/compact</command-name>""#),
        );
        let side = r#"{"type":"user","uuid":"s","parentUuid":"b","isSidechain":true,"message":{"content":"agent"}}"#;
        let meta = r#"{"type":"user","uuid":"m","parentUuid":"a","isMeta":true,"message":{"content":"meta"}}"#;
        let answer = |id: &str, parent: &str| {
            format!(r#"{{"type":"assistant","uuid":"{id}","parentUuid":"{parent}"}}"#)
        };
        let (meant, a2, b2) = (meta.to_owned(), answer("a2", "m"), answer("b2", "d"));
        let rewound = r#"{"type":"last-prompt","leafUuid":"b2","rewound":true}"#;
        let odd = [
            r#"{"type":"user","uuid":7}"#,
            "{",
            "[]",
            r#"{"type":"new","leafUuid":"a"}"#,
        ];
        let mut lines = vec![
            &*a, &*meant, &*a2, &*b, side, &*tool, &*command, &*b2, &*c, rewound,
        ];
        lines.extend(odd);
        expect![[r#"
            b look
            a first
        "#]]
        .assert_eq(&shown(&lines));
        // What is said next counts.
        let next = user("e", "b2", r#""on""#);
        lines.push(&next);
        expect![[r#"
            e on
            b look
            a first
        "#]]
        .assert_eq(&shown(&lines));
    }

    #[test]
    fn ten_are_read_and_each_is_short_and_fits_a_button() {
        let mut lines = Vec::new();
        for n in 0..13 {
            let before = format!("{}", n - 1);
            let words = format!("\"{n}{}\"", "x".repeat(300));
            lines.push(user(&n.to_string(), &before, &words));
        }
        lines.push(user(&"i".repeat(41), "12", "\"an id that fits nowhere\""));
        lines.push(user(
            "a.b",
            &"i".repeat(41),
            "\"one that means something else\"",
        ));
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        let shown = shown(&lines);
        assert_eq!(shown.lines().count(), 10);
        assert!(
            shown.starts_with("12 12xx") && shown.lines().all(|it| it.len() < 210),
            "{shown}"
        );
    }

    #[test]
    fn a_circle_and_a_line_without_end_are_no_trouble() {
        let (a, b) = (user("a", "b", "\"one\""), user("b", "a", "\"two\""));
        let long = format!("{{\"x\":\"{}\"}}", "y".repeat(MAX_LINE));
        assert_eq!(shown(&[&a, &long, &b]), "b two\na one\n");
    }

    #[test]
    fn a_conversation_that_is_not_there_has_no_prompts() {
        let home = tempfile::tempdir().unwrap();
        for name in ["c1", "../c1", ""] {
            assert_eq!(last_prompts(name, home.path()).unwrap(), []);
        }
    }
}
