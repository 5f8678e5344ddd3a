//! What must hold for the data of a session's buttons, whoever made it up, and for answers of any
//! length.

use bridge_texts::Say;

use super::buttons::Meaning;
use super::policy::{DOCUMENT_THRESHOLD, FOLDED_SHOWN, HEAD_THRESHOLD};
use super::said::Told;
use super::texts::answer;
use crate::outbox::Body;

/// Tells whether data belongs to a session; it then means what the session would write for it, in
/// no more bytes.
pub(crate) fn reads_what_it_writes(data: &str) -> bool {
    let Some(meaning) = Meaning::parse(data) else {
        return false;
    };
    let written = meaning.data();
    assert_eq!(Meaning::parse(&written), Some(meaning));
    assert!(written.len() <= data.len(), "{written:?} for {data:?}");
    true
}

/// An answer, and what was said on the way, of any length: what does not fit comes whole as a file,
/// and what is shown is its beginning. The first two bytes say how often the rest is repeated.
pub fn long_answer(bytes: &[u8]) {
    let [often, often_on_the_way, rest @ ..] = bytes else {
        return;
    };
    let text = String::from_utf8_lossy(rest);
    let (way, text) = text.split_once('\0').unwrap_or(("", &text));
    let way = repeated(way, *often_on_the_way);
    let text = repeated(text, *often);
    let told = Told {
        way: way.clone(),
        answer: text.clone(),
    };
    let bodies = answer(Say::default(), told);
    let (shown_way, shown) = match &bodies[0] {
        Body::Markdown(shown) => ("", shown.as_str()),
        Body::Folded(words) => (words.folded.as_str(), words.text.as_str()),
        other @ (Body::Plain(_)
        | Body::Rich(_)
        | Body::Choice { .. }
        | Body::Live { .. }
        | Body::Quoted(_)
        | Body::Card { .. }
        | Body::Document { .. }
        | Body::Files { .. }) => panic!("an answer is no {other:?}"),
    };
    assert!(text.starts_with(shown) && way.starts_with(shown_way));
    assert!(shown_way.encode_utf16().count() <= FOLDED_SHOWN);
    let files: Vec<_> = bodies[1..].iter().map(file).collect();
    let has = |content: &str| files.iter().any(|(_, it)| *it == content);
    assert!(
        way.is_empty() || shown_way == way || has(&way),
        "words are lost"
    );
    assert!(shown == text || has(&text), "an answer is lost");
    let length = text.chars().count();
    assert_eq!(has_named(&files, "answer.md"), length >= DOCUMENT_THRESHOLD);
    assert!(shown == text || length >= HEAD_THRESHOLD);
    let tables = files.iter().filter(|(name, _)| *name == "table.md");
    for (_, tables) in tables {
        let lines = tables.lines().filter(|line| !line.is_empty());
        lines.for_each(|line| assert!(text.contains(line), "{line:?} is not in the answer"));
    }
}

/// No longer than what a model can say in one go.
fn repeated(text: &str, often: u8) -> String {
    const MOST: usize = 100_000;
    text.repeat(usize::from(often).min(MOST / text.len().max(1)).max(1))
}

fn has_named(files: &[(&str, &str)], wanted: &str) -> bool {
    files.iter().any(|(name, _)| *name == wanted)
}

fn file(body: &Body) -> (&str, &str) {
    match body {
        Body::Document { name, content, .. } => (name, content),
        other @ (Body::Markdown(_)
        | Body::Rich(_)
        | Body::Plain(_)
        | Body::Choice { .. }
        | Body::Live { .. }
        | Body::Folded(_)
        | Body::Quoted(_)
        | Body::Card { .. }
        | Body::Files { .. }) => panic!("behind an answer stand files, no {other:?}"),
    }
}
