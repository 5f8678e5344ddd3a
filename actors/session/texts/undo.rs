//! What a turn changed, and what undoing it comes to.

use bridge_texts::Say;

use crate::enquiry::Back;
use crate::ids::PromptId;
use crate::outbox::{Body, Button};
use crate::session::buttons::{Meaning, UndoButton};

/// How many files are named; the rest is counted.
const NAMED: usize = 8;

/// Returns the line below the answer of a turn that changed files.
pub(in crate::session) fn turn_changed(say: Say, prompt: &PromptId, back: &Back) -> Body {
    // What comes back is what the turn took away, and the other way round.
    let (added, removed) = (back.removed.to_string(), back.added.to_string());
    let head = say.turn_changed(back.files.len(), added, removed);
    let names = back.files.iter().map(|path| name_of(path).to_owned());
    let changes = button(say.button_changes(), UndoButton::Changes, prompt);
    let undo = button(say.button_undo(), UndoButton::Ask, prompt);
    Body::Choice {
        text: format!("{head}\n{}", listed(say, names, ", ")),
        rows: vec![vec![changes, undo]],
    }
}

/// Returns the question what is to be undone.
pub(in crate::session) fn undo_question(say: Say, prompt: &PromptId, back: &Back) -> Body {
    let conversation = button(
        say.button_undo_conversation(),
        UndoButton::Conversation,
        prompt,
    );
    let keep = button(say.button_undo_keep(), UndoButton::Keep, prompt);
    if back.files.is_empty() {
        return Body::Choice {
            text: say.undo_question_no_files(),
            rows: vec![vec![conversation, keep]],
        };
    }
    let files = button(say.button_undo_files(), UndoButton::Files, prompt);
    let both = button(say.button_undo_both(), UndoButton::Both, prompt);
    let head = say.undo_question(back.files.len());
    Body::Choice {
        text: format!("{head}\n{}", listed(say, back.files.iter().cloned(), "\n")),
        rows: vec![vec![files, conversation], vec![both, keep]],
    }
}

fn listed(say: Say, names: impl Iterator<Item = String>, between: &str) -> String {
    let mut names: Vec<_> = names.collect();
    let n_more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if n_more > 0 {
        names.push(say.and_more(n_more));
    }
    names.join(between)
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn button(label: String, does: UndoButton, prompt: &PromptId) -> Button {
    let data = Meaning::Undo(does, &prompt.0).data();
    Button { label, data }
}
