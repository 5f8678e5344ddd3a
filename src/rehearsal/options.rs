//! Pure: what the rehearsal agent understands of Claude's command line.

use std::ffi::OsString;

/// How the agent was called. Flags that change nothing here are skipped.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Options {
    /// The conversation to begin or resume; `None` begins one under an id of its own.
    pub(super) conversation: Option<Opening>,
    /// Whether text comes in pieces before it comes whole.
    pub(super) partial_messages: Partial,
    /// Whether user messages are echoed when their turn begins.
    pub(super) replay: Replay,
    /// The model to report.
    pub(super) model: Option<String>,
    /// The permission mode to report.
    pub(super) permission_mode: Option<String>,
}

/// How the conversation is opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// `--session-id`.
    New(String),
    /// `--resume`.
    Resume(String),
}

/// Whether `--include-partial-messages` was given.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Partial {
    /// It was.
    Included,
    /// It was not.
    #[default]
    Left,
}

/// Whether `--replay-user-messages` was given.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Replay {
    /// It was.
    Echoed,
    /// It was not.
    #[default]
    Quiet,
}

/// Parses the arguments, `--flag value` as well as `--flag=value`.
pub(super) fn parse(args: impl IntoIterator<Item = OsString>) -> Options {
    let mut options = Options::default();
    let mut args = args
        .into_iter()
        .map(|arg| arg.to_string_lossy().into_owned());
    while let Some(arg) = args.next() {
        let (flag, joined) = match arg.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (arg.as_str(), None),
        };
        let mut value = || joined.clone().or_else(|| args.next());
        match flag {
            "--session-id" => options.conversation = value().map(Opening::New),
            "--resume" => options.conversation = value().map(Opening::Resume),
            "--model" => options.model = value(),
            "--permission-mode" => options.permission_mode = value(),
            "--include-partial-messages" => options.partial_messages = Partial::Included,
            "--replay-user-messages" => options.replay = Replay::Echoed,
            _ => {}
        }
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_write_a_flag_mean_the_same() {
        let apart = "-p --verbose --session-id u --model m --include-partial-messages";
        let joined = "-p --verbose --session-id=u --model=m --include-partial-messages";
        assert_eq!(check(apart), check(joined));
        assert_eq!(
            check(apart).conversation,
            Some(Opening::New("u".to_owned()))
        );
    }

    #[test]
    fn a_resumed_conversation_is_told_from_a_new_one() {
        let options = check("--resume=u --replay-user-messages --settings={}");
        assert_eq!(options.conversation, Some(Opening::Resume("u".to_owned())));
        assert_eq!(options.replay, Replay::Echoed);
    }

    fn check(line: &str) -> Options {
        parse(line.split(' ').map(OsString::from))
    }
}
