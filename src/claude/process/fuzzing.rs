//! What must hold for whatever an agent writes: how its bytes are chopped does not matter, and each
//! line is understood, counted or passed over.

use std::path::{Path, PathBuf};

use bridge_actors::ids::PromptId;
use bridge_actors::ports::{AgentInput, PromptForm};
use bridge_texts::Say;
use serde_json::Value;

use super::lines::{Line, LineCutter, Tail};
use crate::claude::mentions::promises::check_inert;
use crate::claude::translate::{Translator, on_stderr_line};
use crate::claude::wire::input_line;

/// An agent's output. The first byte says how large its pieces are, the second how long a line may
/// be.
pub(crate) fn agent_output(bytes: &[u8]) {
    let [size, limit, stream @ ..] = bytes else {
        return;
    };
    let limit = 64 * (1 + usize::from(*limit));
    let lines = cut(stream.chunks(1 + usize::from(*size)), limit);
    assert_eq!(lines, expected(stream, limit), "chopped into {size}");
    let mut translator = translator();
    let mut same = self::translator();
    let mut tail = Tail::default();
    for line in &lines {
        let Line::Whole(line) = line else { continue };
        assert_translated(line, &mut translator, &mut same);
        tail.push(line);
        let text = String::from_utf8_lossy(line);
        assert!(
            on_stderr_line(&text)
                .is_none_or(|_| text.contains("onversation") || text.contains("ession"))
        );
    }
    let tail = tail.to_text();
    let is_plain = |sign: char| !sign.is_control() || matches!(sign, '\n' | '\t');
    assert!(tail.len() <= 2048 && tail.chars().all(is_plain));
}

/// Returns the translator of an agent in a folder without links.
fn translator() -> Translator {
    let follow: fn(&Path) -> PathBuf = Path::to_owned;
    Translator::in_folder(Path::new("/srv/proj"), follow, Say::default())
}

fn assert_translated(line: &[u8], translator: &mut Translator, same: &mut Translator) {
    let n_unknown = translator.unknown_lines();
    let translated = translator.on_line(line);
    let is_unknown = translator.unknown_lines() > n_unknown;
    assert!(translator.unknown_lines() <= n_unknown + 1);
    // Costs can be no number, which equals nothing, so the prints are compared.
    assert_eq!(
        format!("{translated:?}"),
        format!("{:?}", same.on_line(line))
    );
    let is_blank = line.trim_ascii().is_empty();
    let is_silent = translated.events.is_empty() && translated.replies.is_empty();
    assert!(!is_silent || is_unknown || is_blank, "a line is lost");
    for reply in &translated.replies {
        assert!(!reply.contains('\n'), "a reply is one line");
        let read: Result<Value, _> = serde_json::from_str(reply);
        assert!(read.is_ok_and(|reply| reply["type"].is_string()), "{reply}");
    }
}

/// What a person writes: nothing in it makes Claude read what is outside, and it is one line for
/// the CLI that says the same.
pub(crate) fn prompt(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    check_inert(&text);
    let prompt = |form| AgentInput::Prompt {
        id: PromptId("p".to_owned()),
        text: text.to_string(),
        form,
        pictures: Vec::new(),
    };
    for form in [PromptForm::Text, PromptForm::Command] {
        let line = input_line(&prompt(form)).expect("a prompt is a line");
        assert!(!line.contains('\n'));
        let line: Value = serde_json::from_str(&line).expect("it is JSON");
        let said = line["message"]["content"].as_str().unwrap_or_default();
        assert!(said.ends_with(&*text), "{said:?} for {text:?}");
        assert!(form == PromptForm::Command || !said.starts_with('/'));
    }
}

fn cut<'a>(chunks: impl Iterator<Item = &'a [u8]>, limit: usize) -> Vec<Line> {
    let mut cutter = LineCutter::new(limit);
    let mut lines = Vec::new();
    for mut chunk in chunks {
        while !chunk.is_empty() {
            lines.extend(cutter.next_line(&mut chunk));
        }
    }
    lines.extend(cutter.rest());
    lines
}

fn expected(stream: &[u8], limit: usize) -> Vec<Line> {
    let mut lines: Vec<&[u8]> = stream.split(|byte| *byte == b'\n').collect();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    let line = |line: &[u8]| match line.len() > limit {
        true => Line::TooLong,
        false => Line::Whole(line.to_owned()),
    };
    lines.into_iter().map(line).collect()
}
