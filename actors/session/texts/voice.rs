//! What is said about what people say in voice messages.

use bridge_texts::Say;

use super::in_words;
use crate::outbox::Quoted;
use crate::sent_file::{FileKind, HearingFault, Speech};
use crate::session::Prompt;
use crate::session::offer::OfferAnswer;
use crate::visible::visible_line;

/// How much of what the program said is shown, in characters.
const SAID_SHOWN: usize = 200;

/// Returns why a message does not run of which nobody knows what is said in it.
pub(in crate::session) fn not_heard(say: Say, fault: &HearingFault) -> String {
    match fault {
        HearingFault::TooLong { limit } => say.voice_too_long(in_words(say, *limit)),
        HearingFault::NotFound { program } => say.voice_not_found(shown(program)),
        HearingFault::NotStarted { reason } => say.voice_not_started(shown(reason)),
        HearingFault::Failed { code, said } if said.is_empty() => say.voice_failed(code),
        HearingFault::Failed { code, said } => say.voice_failed_saying(code, shown(said)),
        HearingFault::TimedOut { limit } => say.voice_timed_out(in_words(say, *limit)),
        HearingFault::TooMuch => say.voice_too_much(),
        HearingFault::NoText => say.voice_no_text(),
        HearingFault::Silence => say.voice_silence(),
    }
}

fn shown(said: &str) -> String {
    let said: String = said.chars().take(SAID_SHOWN).collect();
    visible_line(&said)
}

/// Returns what was heard and runs.
pub(in crate::session) fn heard(say: Say, prompt: &Prompt) -> Quoted {
    quoted(say.voice_heard(), prompt)
}

/// Returns what was heard and waits for a decision.
pub(in crate::session) fn is_this_right(say: Say, prompt: &Prompt) -> Quoted {
    let head = match is_of_a_recording(prompt) {
        true => say.voice_what_to_do(),
        false => say.voice_is_this_right(),
    };
    quoted(head, prompt)
}

/// Returns what was heard and is decided about.
pub(in crate::session) fn decided_transcript(
    say: Say,
    answer: OfferAnswer,
    prompt: &Prompt,
) -> Quoted {
    let head = match answer {
        OfferAnswer::Continue | OfferAnswer::Retry | OfferAnswer::More | OfferAnswer::AsFile => {
            say.voice_runs()
        }
        OfferAnswer::Wait | OfferAnswer::Discard => say.voice_discarded(),
    };
    quoted(head, prompt)
}

/// Returns what was heard and was corrected.
pub(in crate::session) fn corrected(say: Say, prompt: &Prompt) -> Quoted {
    quoted(say.voice_corrected(), prompt)
}

/// Tells whether it was heard in a recording that may be no message to Claude at all.
pub(in crate::session) fn is_of_a_recording(prompt: &Prompt) -> bool {
    let mut files = prompt.files.iter();
    files.any(|file| file.kind == FileKind::Audio && matches!(file.speech, Speech::Words(_)))
}

fn quoted(head: String, prompt: &Prompt) -> Quoted {
    let words = prompt.files.iter().filter_map(|file| match &file.speech {
        Speech::Words(words) => Some(words.as_str()),
        Speech::Unheard | Speech::LeftAsFile => None,
    });
    Quoted {
        head,
        words: words.collect::<Vec<_>>().join("\n\n"),
        rows: Vec::new(),
    }
}
