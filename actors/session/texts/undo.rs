//! What a turn changed, and what undoing it comes to.

use bridge_texts::Say;

use crate::enquiry::Back;
use crate::ids::PromptId;
use crate::outbox::{Body, Button};
use crate::ports::{PutBack, SaidPrompt, SpareFault, Unspared};
use crate::session::buttons::{Meaning, UndoButton};
use crate::session::enquiries::Goes;
use crate::visible::visible_line;

/// How many files are named; the rest is counted.
const NAMED: usize = 8;

/// How much of a prompt is shown, in characters.
const BEGINNING: usize = 80;

/// How many numbers stand in a row of buttons.
const ROW: usize = 5;

/// Returns the line below the answer of a turn that changed files.
pub(in crate::session) fn turn_changed(say: Say, prompt: &PromptId, back: &Back) -> Body {
    // What comes back is what the turn took away, and the other way round.
    let (added, removed) = (back.removed.to_string(), back.added.to_string());
    let head = say.turn_changed(back.files.len(), added, removed);
    let names = back.files.iter().map(|path| visible_line(name_of(path)));
    let changes = button(say.button_changes(), UndoButton::Changes, prompt);
    let undo = button(say.button_undo(), UndoButton::Ask, prompt);
    Body::Choice {
        text: format!("{head}\n{}", listed(say, names, ", ")),
        rows: vec![vec![changes, undo]],
    }
}

/// Returns the question what is to be undone.
pub(in crate::session) fn undo_question(
    say: Say,
    (prompt, goes): (&PromptId, Option<&Goes>),
    back: &Back,
    unspared: &[Unspared],
) -> Body {
    let goes = goes.map(|goes| format!("{}\n\n", what_goes(say, goes)));
    let goes = goes.unwrap_or_default();
    let conversation = button(
        say.button_undo_conversation(),
        UndoButton::Conversation,
        prompt,
    );
    let keep = button(say.button_undo_keep(), UndoButton::Keep, prompt);
    if back.files.is_empty() {
        return Body::Choice {
            text: format!("{goes}{}", say.undo_question_no_files()),
            rows: vec![vec![conversation, keep]],
        };
    }
    let (files, both, tail) = match unspared {
        [] => (
            UndoButton::Files,
            UndoButton::Both,
            say.undo_can_be_put_back(),
        ),
        some => {
            let lines = some.iter().map(|it| unspared_line(say, it));
            let head = say.undo_cannot_be_put_back(some.len());
            let tail = format!("{head}\n{}", listed(say, lines, "\n"));
            (UndoButton::FilesAnyway, UndoButton::BothAnyway, tail)
        }
    };
    let files = button(say.button_undo_files(), files, prompt);
    let both = button(say.button_undo_both(), both, prompt);
    let head = say.undo_question(back.files.len());
    let names = listed(say, shown(&back.files), "\n");
    Body::Choice {
        text: format!("{goes}{head}\n{names}\n\n{tail}"),
        rows: vec![vec![files, conversation], vec![both, keep]],
    }
}

/// Returns the question whether to go back where nobody can say which files that would change.
pub(in crate::session) fn rewind_question(
    say: Say,
    prompt: &PromptId,
    goes: &Goes,
    reason: &str,
) -> Body {
    let conversation = button(
        say.button_undo_conversation(),
        UndoButton::Conversation,
        prompt,
    );
    let keep = button(say.button_undo_keep(), UndoButton::Keep, prompt);
    let goes = what_goes(say, goes);
    let text = say.rewind_question_files_unknown(reason);
    Body::Choice {
        text: format!("{goes}\n\n{text}"),
        rows: vec![vec![conversation, keep]],
    }
}

/// Returns the list of the prompts that one can go back to.
pub(in crate::session) fn rewind_list(say: Say, prompts: &[SaidPrompt]) -> Body {
    if prompts.is_empty() {
        return Body::Plain(say.rewind_nothing());
    }
    let lines = (prompts.iter().enumerate())
        .map(|(place, it)| format!("{}. {}", place + 1, beginning(say, &it.text)));
    let buttons = prompts.iter().enumerate().map(|(place, it)| {
        let label = (place + 1).to_string();
        button(label, UndoButton::Rewind, &it.id)
    });
    let buttons: Vec<_> = buttons.collect();
    Body::Choice {
        text: format!(
            "{}\n{}",
            say.rewind_list(),
            lines.collect::<Vec<_>>().join("\n")
        ),
        rows: buttons.chunks(ROW).map(<[Button]>::to_vec).collect(),
    }
}

fn what_goes(say: Say, goes: &Goes) -> String {
    say.rewind_goes(goes.n_later, beginning(say, &goes.text))
}

/// Returns how a prompt begins, on one line.
fn beginning(say: Say, text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let line = visible_line(&words.join(" "));
    match line.char_indices().nth(BEGINNING) {
        _ if line.is_empty() => say.rewind_without_words(),
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn unspared_line(say: Say, unspared: &Unspared) -> String {
    let path = visible_line(&unspared.path);
    match &unspared.why {
        SpareFault::TooBig => say.unspared_too_big(path),
        SpareFault::TooMuch => say.unspared_too_much(path),
        SpareFault::Elsewhere => say.unspared_elsewhere(path),
        SpareFault::NoPlainFile => say.unspared_no_plain_file(path),
        SpareFault::Unreadable(reason) => say.unspared_unreadable(path, reason),
    }
}

/// Returns the line that can undo an undo.
pub(in crate::session) fn put_back_offer(say: Say, kept_in: &PromptId, n_files: usize) -> Body {
    let put_back = button(say.button_put_back(), UndoButton::PutBack, kept_in);
    Body::Choice {
        text: say.put_back_offer(n_files),
        rows: vec![vec![put_back]],
    }
}

/// Returns what is said of files that were put back.
pub(in crate::session) fn put_back(say: Say, done: &PutBack) -> String {
    let mut parts = Vec::new();
    match done.back.as_slice() {
        [] => parts.push(say.put_back_none()),
        back => parts.push(format!(
            "{}\n{}",
            say.put_back_done(back.len()),
            listed(say, shown(back), "\n")
        )),
    }
    if !done.changed.is_empty() {
        let head = say.put_back_changed(done.changed.len());
        parts.push(format!(
            "{head}\n{}",
            listed(say, shown(&done.changed), "\n")
        ));
    }
    if !done.failed.is_empty() {
        let lines = done
            .failed
            .iter()
            .map(|(path, reason)| match path.is_empty() {
                true => visible_line(reason),
                false => say.unspared_unreadable(visible_line(path), visible_line(reason)),
            });
        let head = say.put_back_failed();
        parts.push(format!("{head}\n{}", listed(say, lines, "\n")));
    }
    parts.join("\n\n")
}

fn shown(paths: &[String]) -> impl Iterator<Item = String> {
    paths.iter().map(|path| visible_line(path))
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
