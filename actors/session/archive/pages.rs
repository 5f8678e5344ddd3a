//! How conversations are shown: a page of them, one with what can be done, the question whether to
//! delete it.

use super::ArchiveButton;
use crate::ids::ConversationId;
use crate::outbox::{Body, Button, Code};
use crate::ports::{ArchiveDeed, ArchivePage, ExportForm, PastConversation};
use crate::session::buttons::Meaning;
use crate::session::step::Step;
use crate::session::texts;

/// How many conversations a page shows.
const PAGE: usize = 8;

/// How many numbers stand in a row of buttons.
const ROW: usize = 4;

/// How many bytes of the words that are looked for a button can carry.
const MAX_WORDS: usize = 40;

/// Returns words as a button can carry them: the next page looks for the same as the first.
pub(super) fn clipped(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut end = words.len().min(MAX_WORDS);
    while !words.is_char_boundary(end) {
        end -= 1;
    }
    words[..end].trim_end().to_owned()
}

/// Returns the order for a page.
pub(super) fn list(page: usize, words: String) -> ArchiveDeed {
    let size = PAGE;
    ArchiveDeed::List { words, page, size }
}

/// Returns a page of the list.
pub(super) fn page(
    page: &ArchivePage,
    words: &str,
    current: Option<&ConversationId>,
    step: &Step<'_>,
) -> Body {
    let say = step.say();
    let n_pages = page.count.div_ceil(PAGE).max(1);
    let text = texts::archive(say, page, words, n_pages);
    let first = page.page * PAGE;
    let shown = || page.shown.iter().enumerate();
    let numbers: Vec<_> = shown()
        .map(|(place, past)| {
            let open = ArchiveButton::Open(page.page, &past.id.0);
            button((first + place + 1).to_string(), open)
        })
        .collect();
    let mut rows: Vec<_> = numbers.chunks(ROW).map(<[Button]>::to_vec).collect();
    let mut turns = Vec::new();
    if page.page > 0 {
        let newer = ArchiveButton::Page(page.page - 1, words);
        turns.push(button(say.button_newer(), newer));
    }
    if page.page + 1 < n_pages {
        let older = ArchiveButton::Page(page.page + 1, words);
        turns.push(button(say.button_older(), older));
    }
    if !turns.is_empty() {
        rows.push(turns);
    }
    let lines: Vec<_> = shown()
        .map(|(place, past)| {
            let is_current = current == Some(&past.id);
            let number = first + place + 1;
            texts::archive_line(say, number, past, (is_current, step.calendar()))
        })
        .collect();
    let lines = (!lines.is_empty()).then(|| lines.join("\n"));
    live(text, lines, rows)
}

/// Returns one conversation with what can be done with it.
pub(super) fn one(
    past: &PastConversation,
    (page, may_delete): (usize, bool),
    current: Option<&ConversationId>,
    step: &Step<'_>,
) -> Body {
    let say = step.say();
    let id = past.id.0.as_str();
    let is_current = current == Some(&past.id);
    let text = texts::past_conversation(say, past, (is_current, step.calendar()));
    let mut rows = Vec::new();
    if !is_current {
        let resume = ArchiveButton::Resume(id);
        rows.push(vec![button(say.button_resume_conversation(), resume)]);
    }
    let as_markdown = ArchiveButton::Export(ExportForm::Markdown, id);
    let as_json = ArchiveButton::Export(ExportForm::Json, id);
    rows.push(vec![
        button(say.button_export(), as_markdown),
        button(say.button_export_json(), as_json),
    ]);
    let mut last = Vec::new();
    if !is_current && may_delete {
        let delete = ArchiveButton::AskToDelete(page, id);
        last.push(button(say.button_ask_to_delete(), delete));
    }
    last.push(button(
        say.button_page_back(),
        ArchiveButton::Page(page, ""),
    ));
    rows.push(last);
    live(text, None, rows)
}

/// Returns the question whether to delete a conversation.
pub(super) fn question(past: &PastConversation, page: usize, step: &Step<'_>) -> Body {
    let say = step.say();
    let id = past.id.0.as_str();
    let text = texts::delete_question(say, past);
    let delete = button(say.button_delete_conversation(), ArchiveButton::Delete(id));
    let keep = button(
        say.button_keep_conversation(),
        ArchiveButton::Open(page, id),
    );
    live(text, None, vec![vec![delete, keep]])
}

fn live(text: String, lines: Option<String>, rows: Vec<Vec<Button>>) -> Body {
    let code = lines.map(|text| Code { language: "", text });
    Body::Live { text, code, rows }
}

fn button(label: String, means: ArchiveButton<'_>) -> Button {
    let data = Meaning::Archive(means).data();
    Button { label, data }
}

#[cfg(test)]
mod tests {
    use super::clipped;

    #[test]
    fn words_that_are_looked_for_fit_a_button_and_mean_the_same_on_each_page() {
        assert_eq!(clipped("  fix \n the  bug "), "fix the bug");
        let long = clipped(&"é".repeat(99));
        assert!(long.len() <= 40 && long.chars().all(|sign| sign == 'é'));
        assert_eq!(clipped(&long), long);
    }
}
