//! What the session says to Claude; English, whatever the people speak.

pub mod files;

use std::time::Duration;

use bridge_texts::Say;

use super::texts::in_words;
use crate::ids::PromptId;
use crate::instruction::Joint;
use crate::permission_request::Ask;

use crate::ports::{Picture, PromptForm};
use crate::sent_file::{FetchFault, Fetched, FileKind, FileOf, ReceivedFile, SentFile, Speech};
use crate::session::Prompt;
pub(in crate::session) use files::{
    files_denied, files_not_read, files_refused, files_sent, too_many_files,
};

/// The largest picture that is shown as it is, in bytes; Claude is told where a larger one lies. Of
/// what was measured the largest that the CLI took and made smaller itself had 6.7 MB.
const MAX_PICTURE_BYTES: u64 = 6_700_000;

/// Returns a prompt as Claude is told it: the words of all of its messages, each with what it
/// answers above it, and below them where its files lie.
///
/// A command of Claude's stands as it was typed: its arguments may be run, and what is answered
/// are the words of others.
pub(super) fn words_of(prompt: &Prompt, form: PromptForm, files: &[Fetched]) -> String {
    let mut words = below(&prompt.context, &prompt.text, form);
    for piece in &prompt.further {
        add(
            &mut words,
            piece.joint,
            &below(&piece.context, &piece.text, form),
        );
    }
    for (sent, fetched) in prompt.files.iter().zip(files) {
        if let (Speech::Words(said), Ok(file)) = (&sent.speech, fetched) {
            add(&mut words, Joint::Line, said);
            add(&mut words, Joint::Line, &speech_line(file));
        } else {
            add(&mut words, Joint::Line, &file_line(sent, fetched));
        }
    }
    words
}

/// A file may come without words, so that there is nothing to be joined.
fn add(words: &mut String, joint: Joint, more: &str) {
    if !words.is_empty() && !more.is_empty() {
        words.push_str(joint.between());
    }
    words.push_str(more);
}

fn below(context: &str, words: &str, form: PromptForm) -> String {
    match form {
        PromptForm::Text if !context.is_empty() => format!("{context}\n\n{words}"),
        PromptForm::Text | PromptForm::Command => words.to_owned(),
    }
}

fn file_line(sent: &SentFile, fetched: &Fetched) -> String {
    let what = what(sent.kind);
    let who = match sent.of {
        FileOf::Message => format!("The user sent {what}"),
        FileOf::Answered => format!("The message that is replied to has {what}"),
    };
    match fetched {
        Ok(file) => format!("[{who}: {} ({} bytes)]", file.path.display(), file.bytes),
        Err(fault) => format!("[{who}, which could not be fetched: {}]", why_not(fault)),
    }
}

/// Words that a program heard may be other words than those that were said.
fn speech_line(file: &ReceivedFile) -> String {
    let (path, bytes) = (file.path.display(), file.bytes);
    let what = what(file.kind);
    format!("[Transcribed by a program from {what}: {path} ({bytes} bytes)]")
}

fn what(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Photo | FileKind::LivePhoto => "a photo",
        FileKind::Video => "a video",
        FileKind::Animation => "an animation",
        FileKind::Document => "a file",
        FileKind::Audio => "an audio file",
        FileKind::Voice => "a voice message",
        FileKind::VideoNote => "a video message",
    }
}

fn why_not(fault: &FetchFault) -> &'static str {
    match fault {
        FetchFault::TooLarge { .. } | FetchFault::TooLargeForTelegram => "it is too large",
        FetchFault::InboxFull { .. } => "the chat's files already take up all the space they may",
        FetchFault::Gone | FetchFault::Unreachable => "Telegram did not hand it out",
        FetchFault::Unwritten { .. } => "it could not be saved",
    }
}

/// Returns a file as Claude sees it, if it is a picture that Claude takes.
pub(super) fn picture(file: &ReceivedFile) -> Option<Picture> {
    let format = file.picture.filter(|_| file.bytes <= MAX_PICTURE_BYTES)?;
    let path = file.path.clone();
    Some(Picture { path, format })
}

/// What Claude is told when a person lets it go on.
pub(super) fn go_on(doing: Option<&str>) -> String {
    let what = match doing {
        Some(doing) => format!(" The last thing you did was: {doing}\nIt may have partly run."),
        None => " What you had begun may have partly run.".to_owned(),
    };
    format!(
        "Your work on my last message was interrupted from outside.{what} Check what was done, \
         then go on with it."
    )
}

/// What Claude is told when the API lets it go on, below the messages that it is about.
const GO_ON_AFTER_HALT: &str = "The API stopped your work on what I quote above; now it can go on. \
    What you had begun may have partly run. Check what was done, then go on with it.";

/// How much of a message is quoted that Claude goes on with, in characters.
const QUOTED: usize = 1_000;

/// Tells whether a prompt of the bridge's own making lets Claude go on after the API had stopped it.
pub(super) fn goes_on_after_halt(prompt: &Prompt) -> bool {
    prompt.text == GO_ON_AFTER_HALT
}

/// Returns the prompt by which Claude goes on with these, which the API had stopped: it takes the
/// place of the first, and names them all, for others may have come after them.
pub(super) fn go_on_after_halt(id: PromptId, stopped: &[Prompt]) -> Option<Prompt> {
    let first = stopped.first()?;
    let quoted: Vec<_> = stopped.iter().map(quoted).collect();
    let text = GO_ON_AFTER_HALT.to_owned();
    let prompt = Prompt::new(id, first.author, first.message, text);
    Some(prompt.in_context(quoted.join("\n\n")))
}

/// Quotes a message; what was quoted once stays as it is.
fn quoted(stopped: &Prompt) -> String {
    if goes_on_after_halt(stopped) {
        return stopped.context.clone();
    }
    let further = stopped.further.iter().map(|piece| piece.text.as_str());
    let texts = std::iter::once(stopped.text.as_str()).chain(further);
    let texts: Vec<_> = texts.filter(|text| !text.is_empty()).collect();
    let whole = match texts.is_empty() {
        true => "(files without words)".to_owned(),
        false => texts.join("\n"),
    };
    let shown: String = whole.chars().take(QUOTED).collect();
    let dots = if shown.len() < whole.len() { "…" } else { "" };
    let lines = shown.lines().map(|line| format!("> {line}"));
    lines.collect::<Vec<_>>().join("\n") + dots
}

/// What Claude is told when a person says no.
pub(super) fn denial(ask: &Ask, reason: Option<&str>) -> String {
    match (ask, reason) {
        (Ask::Run(_), None) => "The user denied this.".to_owned(),
        (Ask::Run(_), Some(reason)) => format!("The user denied this and says: {reason}"),
        (Ask::Plan(_), None) => {
            "The user wants to keep planning. Ask what should be different.".to_owned()
        }
        (Ask::Plan(_), Some(reason)) => {
            format!("The user wants to keep planning and says: {reason}")
        }
        // A server is told by itself.
        (Ask::Form(_), _) => String::new(),
        (Ask::Questions(_), None) => "The user does not want to answer.".to_owned(),
        (Ask::Questions(_), Some(reason)) => format!("The user says: {reason}"),
    }
}

/// What Claude is told when nobody decided in time.
pub(super) fn denial_for_silence(limit: Duration) -> String {
    format!(
        "Nobody answered within {}. Do not ask again at once: go on without it, or end your turn \
         and say what you need.",
        in_words(Say::default(), limit)
    )
}

/// What Claude is told when too much is asked at once.
pub(super) fn denial_for_crowd() -> String {
    "Too many requests wait for the user already. Wait for their answers first.".to_owned()
}
