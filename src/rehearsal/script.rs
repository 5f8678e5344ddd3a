//! Pure: the text of a prompt to the steps of its turn.

use std::time::Duration;

/// Begins a prompt that holds directives.
const PREFIX: &str = "rehearse:";

/// Stands between two directives.
const SEPARATOR: &str = " ;; ";

/// One thing to do in a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Answer like somebody polite; for every text without directives.
    Reply,
    /// Say this.
    Say(String),
    /// Say so many pieces, so long apart.
    Slow { pieces: usize, pause: Duration },
    /// Say Markdown of so many characters.
    Long(usize),
    /// Run this with bash.
    Bash(String),
    /// Ask for permission to use a tool.
    Ask { tool: String, target: String },
    /// Send these files, with a caption.
    Send { paths: Vec<String>, caption: String },
    /// Exit with this code.
    Crash(i32),
    /// Die of SIGKILL.
    Kill,
    /// Say nothing more.
    Silence,
    /// Write lines that are no messages.
    Garbage,
    /// Write one line with so many bytes of content.
    BigLine(usize),
    /// Begin a turn unasked, so long after this one.
    Background(Duration),
    /// Fail as after an error of the API.
    ApiError { status: u16, text: String },
    /// Disobey interrupts for the rest of the turn.
    Stubborn,
    /// Exit when the turn has ended.
    Exit,
    /// Say that the turn cost so many cents more.
    Spend(u32),
    /// One of Claude's own commands.
    Command(Command),
}

/// The commands that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    /// `/compact`.
    Compact,
    /// `/context`.
    Context,
    /// `/cost`.
    Cost,
}

impl Command {
    /// All of them.
    pub(super) const ALL: [Self; 3] = [Self::Compact, Self::Context, Self::Cost];

    /// Returns its name without slash.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Compact => "compact",
            Self::Context => "context",
            Self::Cost => "cost",
        }
    }
}

/// Returns the steps that a text asks for; a directive that makes no sense is answered by saying so.
pub(super) fn parse(text: &str) -> Vec<Step> {
    if let Some(name) = text.strip_prefix('/') {
        let name = name.split_whitespace().next().unwrap_or_default();
        let known = Command::ALL
            .into_iter()
            .find(|command| command.name() == name);
        return vec![known.map_or(Step::Reply, Step::Command)];
    }
    match without_context(text).trim_start().strip_prefix(PREFIX) {
        Some(script) => script
            .split(SEPARATOR)
            .map(str::trim)
            .map(parse_or_complain)
            .collect(),
        None => vec![Step::Reply],
    }
}

/// Returns the words below what they reply to, in which every line is marked.
fn without_context(text: &str) -> &str {
    let below = text
        .starts_with("In reply to ")
        .then(|| text.split_once("\n\n"));
    below.flatten().map_or(text, |(_, words)| words)
}

fn parse_or_complain(directive: &str) -> Step {
    parse_directive(directive)
        .unwrap_or_else(|| Step::Say(format!("`{directive}` is not a directive of the rehearsal")))
}

fn parse_directive(directive: &str) -> Option<Step> {
    let (word, rest) = directive.split_once(' ').unwrap_or((directive, ""));
    let rest = rest.trim();
    let pair = || rest.split_once(' ');
    Some(match word {
        "say" => Step::Say(rest.to_owned()),
        "slow" => {
            let (pieces, pause) = pair()?;
            Step::Slow {
                pieces: pieces.parse().ok()?,
                pause: millis(pause)?,
            }
        }
        "long" => Step::Long(rest.parse().ok()?),
        "bash" => Step::Bash(rest.to_owned()),
        "ask" => {
            let (tool, target) = pair()?;
            Step::Ask {
                tool: tool.to_owned(),
                target: target.to_owned(),
            }
        }
        "send" => {
            let (paths, caption) = rest.split_once(" + ").unwrap_or((rest, ""));
            Step::Send {
                paths: paths.split(", ").map(str::to_owned).collect(),
                caption: caption.to_owned(),
            }
        }
        "crash" => Step::Crash(rest.parse().ok()?),
        "kill" => Step::Kill,
        "silence" => Step::Silence,
        "garbage" => Step::Garbage,
        "bigline" => Step::BigLine(rest.parse().ok()?),
        "background" => Step::Background(millis(rest)?),
        "apierror" => {
            let (status, text) = pair()?;
            Step::ApiError {
                status: status.parse().ok()?,
                text: text.to_owned(),
            }
        }
        "stubborn" => Step::Stubborn,
        "exit" => Step::Exit,
        "spend" => Step::Spend(rest.parse().ok()?),
        _ => return None,
    })
}

fn millis(text: &str) -> Option<Duration> {
    text.trim().parse().ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_answered_and_runs_nothing() {
        for text in [
            "hello",
            "please rehearse: bash true",
            "/unknown",
            "/",
            "",
            " ;; kill",
        ] {
            assert_eq!(parse(text), [Step::Reply], "{text}");
        }
    }

    #[test]
    fn directives_run_in_order() {
        let steps = parse("rehearse: stubborn ;; slow 3 20 ;; bash echo a; echo b ;; crash 7");
        let pause = Duration::from_millis(20);
        let expected = [
            Step::Stubborn,
            Step::Slow { pieces: 3, pause },
            Step::Bash("echo a; echo b".to_owned()),
            Step::Crash(7),
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn files_are_separated_by_commas_and_a_caption_follows_a_plus() {
        let send = |paths: &[&str], caption: &str| Step::Send {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            caption: caption.to_owned(),
        };
        assert_eq!(parse("rehearse: send a b.png"), [send(&["a b.png"], "")]);
        let two = parse("rehearse: send a.png, /x/b.pdf + look here");
        assert_eq!(two, [send(&["a.png", "/x/b.pdf"], "look here")]);
    }

    #[test]
    fn a_senseless_directive_is_named() {
        for directive in [
            "slow", "slow 1", "slow x 1", "long", "dance", "ask Bash", "",
        ] {
            let steps = parse(&format!("rehearse: {directive}"));
            let said = format!("`{directive}` is not a directive of the rehearsal");
            assert_eq!(steps, [Step::Say(said)]);
        }
    }

    #[test]
    fn commands_are_known_by_name() {
        assert_eq!(parse("/cost"), [Step::Command(Command::Cost)]);
        assert_eq!(
            parse("/compact keep names"),
            [Step::Command(Command::Compact)]
        );
    }
}
