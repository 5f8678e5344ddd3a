//! Pure: what the data of a session's buttons means; the one place that writes and reads it.
//!
//! Data can be forged: whoever presses is checked, and what is decided carries a nonce that nobody
//! can guess.

use crate::clock::UnixSeconds;
use crate::ids::{MessageId, UserId};
use crate::money::Day;
use crate::ports::ExportForm;
use crate::session::archive::ArchiveButton;
use crate::session::inbox::InboxButton;
use crate::session::offer::OfferAnswer;
use crate::session::prompts::Wish;
use crate::session::requests::Answer;

/// What begins the data of the buttons of each kind; the number is the version of their form.
const REQUEST: &str = "a1";
const OFFER: &str = "t1";
const STOP: &str = "s1";
const WAITING: &str = "q1";
const VALUE: &str = "c1";
const TASK: &str = "k1";
const TASK_OUTPUT: &str = "o1";
const INBOX: &str = "f1";
const ARCHIVE: &str = "v1";
const SERVER: &str = "m1";
const UNDO: &str = "z1";
const TAKE_BACK: &str = "p1";
const LOGIN: &str = "l1";
const BUDGET: &str = "b1";

/// The most that a button may carry, in bytes; from the Bot API.
pub(in crate::session) const MAX_DATA_BYTES: usize = 64;

/// What a button below a list of MCP servers does to one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum ServerButton {
    /// Connect it again.
    Reconnect,
    /// Use it.
    On,
    /// Use it no longer.
    Off,
}

/// What a button below what a turn changed does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum UndoButton {
    /// Show what has changed since the last commit.
    Changes,
    /// Ask what is to be undone.
    Ask,
    /// Ask the same of a prompt in the list of the last ones.
    Rewind,
    /// Make the files as they were.
    Files,
    /// Let Claude forget the prompt and what came after it.
    Conversation,
    /// Both.
    Both,
    /// Make the files as they were, also where they could not be put back.
    FilesAnyway,
    /// Both, also where the files could not be put back.
    BothAnyway,
    /// Undo an undo of files.
    PutBack,
    /// Leave all as it is.
    Keep,
}

impl UndoButton {
    const ALL: [Self; 10] = [
        Self::Changes,
        Self::Ask,
        Self::Rewind,
        Self::Files,
        Self::Conversation,
        Self::Both,
        Self::FilesAnyway,
        Self::BothAnyway,
        Self::PutBack,
        Self::Keep,
    ];

    fn letter(self) -> &'static str {
        match self {
            Self::Changes => "c",
            Self::Ask => "u",
            Self::Rewind => "w",
            Self::Files => "f",
            Self::Conversation => "t",
            Self::Both => "b",
            Self::FilesAnyway => "g",
            Self::BothAnyway => "h",
            Self::PutBack => "r",
            Self::Keep => "k",
        }
    }
}

/// What a button means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Meaning<'a> {
    /// An answer to the request with this nonce.
    Request(Answer, &'a str),
    /// What is to become of the interrupted prompt with this nonce.
    Offer(OfferAnswer, &'a str),
    /// The turn whose card has this nonce is to stop.
    Stop(&'a str),
    /// What is to become of the waiting prompt that came in this message. It carries nothing
    /// secret, so that a press means the same after a restart.
    Waiting(Wish, MessageId),
    /// The value in this place of the picker with this nonce.
    Value(usize, &'a str),
    /// The task in this place of the list with this nonce is to stop.
    Task(usize, &'a str),
    /// What the task of this name has printed is shown; it means the same after a restart.
    TaskOutput(&'a str),
    /// Something about the files of the chat. Like a prompt that waits, it means the same after a
    /// restart.
    Inbox(InboxButton<'a>),
    /// Something about the conversations on disk; it means the same after a restart.
    Archive(ArchiveButton<'a>),
    /// Something about the MCP server of this name; it means the same after a restart.
    Server(ServerButton, &'a str),
    /// Something about what the prompt of this name changed, or what was undone in the instruction of
    /// this name; it means the same after a restart.
    Undo(UndoButton, &'a str),
    /// What was allowed for the session is taken back.
    TakeBack,
    /// This person may have further turns on this day; it means the same after a restart.
    MoreTurns(UserId, Day),
    /// The login that waits for its code is given up.
    LoginOff,
    /// Nothing, and it begins like one of a request.
    NoRequest,
    /// Nothing, and it begins like one of an offer.
    NoOffer,
}

impl<'a> Meaning<'a> {
    /// Returns the meaning of a button, if it is one of a session.
    pub(in crate::session) fn parse(data: &'a str) -> Option<Self> {
        let (kind, rest) = data.split_once('.').unwrap_or((data, ""));
        match kind {
            REQUEST => Some(parse_request(rest).unwrap_or(Self::NoRequest)),
            OFFER => Some(parse_offer(rest).unwrap_or(Self::NoOffer)),
            STOP => rest.strip_prefix("x.").map(Self::Stop),
            WAITING => {
                let (letter, message) = rest.split_once('.')?;
                let wish = match letter {
                    "n" => Wish::SendNow,
                    "r" => Wish::Remove,
                    "d" => Wish::DenyWith,
                    _ => return None,
                };
                Some(Self::Waiting(wish, MessageId(message.parse().ok()?)))
            }
            VALUE => parse_place(rest).map(|(place, nonce)| Self::Value(place, nonce)),
            INBOX => parse_inbox(rest).map(Self::Inbox),
            ARCHIVE => parse_archive(rest).map(Self::Archive),
            SERVER => {
                let (letter, name) = rest.split_once('.')?;
                let does = match letter {
                    "r" => ServerButton::Reconnect,
                    "y" => ServerButton::On,
                    "n" => ServerButton::Off,
                    _ => return None,
                };
                Some(Self::Server(does, name))
            }
            UNDO => {
                let (letter, prompt) = rest.split_once('.')?;
                let does = UndoButton::ALL
                    .into_iter()
                    .find(|it| it.letter() == letter)?;
                Some(Self::Undo(does, prompt))
            }
            TAKE_BACK => (rest == "b").then_some(Self::TakeBack),
            BUDGET => {
                let (user, day) = rest.split_once('.')?;
                let (user, day) = (user.parse().ok()?, day.parse().ok()?);
                Some(Self::MoreTurns(UserId(user), Day(day)))
            }
            LOGIN => (rest == "x").then_some(Self::LoginOff),
            TASK_OUTPUT => (!rest.is_empty()).then_some(Self::TaskOutput(rest)),
            TASK => parse_place(rest).map(|(place, nonce)| Self::Task(place, nonce)),
            _ => None,
        }
    }

    /// Returns the data of a button that means this.
    pub(in crate::session) fn data(&self) -> String {
        match *self {
            Self::Request(answer, nonce) => format!("{REQUEST}.{}.{nonce}", word_of(answer)),
            Self::Offer(answer, nonce) => {
                let letter = match answer {
                    OfferAnswer::Continue => 'c',
                    OfferAnswer::Retry => 'r',
                    OfferAnswer::More => 'm',
                    OfferAnswer::AsFile => 'f',
                    OfferAnswer::Wait => 'w',
                    OfferAnswer::Discard => 'd',
                };
                format!("{OFFER}.{letter}.{nonce}")
            }
            Self::Stop(nonce) => format!("{STOP}.x.{nonce}"),
            Self::Waiting(wish, message) => {
                let letter = match wish {
                    Wish::SendNow => 'n',
                    Wish::Remove => 'r',
                    Wish::DenyWith => 'd',
                };
                format!("{WAITING}.{letter}.{}", message.0)
            }
            Self::Value(place, nonce) => format!("{VALUE}.{place}.{nonce}"),
            Self::Server(does, name) => {
                let letter = match does {
                    ServerButton::Reconnect => 'r',
                    ServerButton::On => 'y',
                    ServerButton::Off => 'n',
                };
                format!("{SERVER}.{letter}.{name}")
            }
            Self::Undo(does, prompt) => format!("{UNDO}.{}.{prompt}", does.letter()),
            Self::TakeBack => format!("{TAKE_BACK}.b"),
            Self::MoreTurns(user, day) => format!("{BUDGET}.{}.{}", user.0, day.0),
            Self::LoginOff => format!("{LOGIN}.x"),
            Self::TaskOutput(task) => format!("{TASK_OUTPUT}.{task}"),
            Self::Task(place, nonce) => format!("{TASK}.{place}.{nonce}"),
            Self::Inbox(button) => match button {
                InboxButton::Page(page) => format!("{INBOX}.p.{page}"),
                InboxButton::Send(file) => format!("{INBOX}.s.{file}"),
                InboxButton::AskToClear => format!("{INBOX}.c."),
                InboxButton::Clear(until) => format!("{INBOX}.y.{}", until.0),
            },
            Self::Archive(button) => format!("{ARCHIVE}.{}", archive_data(button)),
            Self::NoRequest => REQUEST.to_owned(),
            Self::NoOffer => OFFER.to_owned(),
        }
    }
}

fn parse_request(rest: &str) -> Option<Meaning<'_>> {
    let (word, nonce) = rest.split_once('.')?;
    let answer = match word {
        "y" => Answer::Allow,
        "s" => Answer::AllowForSession,
        "e" => Answer::AllowEdits,
        "n" => Answer::Deny,
        "d" => Answer::Done,
        "v" => Answer::Default,
        "k" => Answer::Skip,
        "b" => Answer::Again,
        _ => Answer::Pick(word.strip_prefix('o')?.parse().ok()?),
    };
    Some(Meaning::Request(answer, nonce))
}

fn word_of(answer: Answer) -> String {
    match answer {
        Answer::Allow => "y".to_owned(),
        Answer::AllowForSession => "s".to_owned(),
        Answer::AllowEdits => "e".to_owned(),
        Answer::Deny => "n".to_owned(),
        Answer::Done => "d".to_owned(),
        Answer::Default => "v".to_owned(),
        Answer::Skip => "k".to_owned(),
        Answer::Again => "b".to_owned(),
        Answer::Pick(choice) => format!("o{choice}"),
    }
}

fn parse_offer(rest: &str) -> Option<Meaning<'_>> {
    let (letter, nonce) = rest.split_once('.')?;
    let answer = match letter {
        "c" => OfferAnswer::Continue,
        "r" => OfferAnswer::Retry,
        "m" => OfferAnswer::More,
        "f" => OfferAnswer::AsFile,
        "w" => OfferAnswer::Wait,
        "d" => OfferAnswer::Discard,
        _ => return None,
    };
    Some(Meaning::Offer(answer, nonce))
}

fn parse_inbox(rest: &str) -> Option<InboxButton<'_>> {
    let (letter, rest) = rest.split_once('.')?;
    match letter {
        "p" => Some(InboxButton::Page(rest.parse().ok()?)),
        "s" => Some(InboxButton::Send(rest)),
        "c" => Some(InboxButton::AskToClear),
        "y" => Some(InboxButton::Clear(UnixSeconds(rest.parse().ok()?))),
        _ => None,
    }
}

fn parse_archive(rest: &str) -> Option<ArchiveButton<'_>> {
    let (letter, rest) = rest.split_once('.')?;
    Some(match letter {
        "p" => parse_place(rest).map(|(page, words)| ArchiveButton::Page(page, words))?,
        "o" => parse_place(rest).map(|(page, id)| ArchiveButton::Open(page, id))?,
        "d" => parse_place(rest).map(|(page, id)| ArchiveButton::AskToDelete(page, id))?,
        "r" => ArchiveButton::Resume(rest),
        "e" => ArchiveButton::Export(ExportForm::Markdown, rest),
        "j" => ArchiveButton::Export(ExportForm::Json, rest),
        "x" => ArchiveButton::Delete(rest),
        _ => return None,
    })
}

fn archive_data(button: ArchiveButton<'_>) -> String {
    match button {
        ArchiveButton::Page(page, words) => format!("p.{page}.{words}"),
        ArchiveButton::Open(page, id) => format!("o.{page}.{id}"),
        ArchiveButton::AskToDelete(page, id) => format!("d.{page}.{id}"),
        ArchiveButton::Resume(id) => format!("r.{id}"),
        ArchiveButton::Export(ExportForm::Markdown, id) => format!("e.{id}"),
        ArchiveButton::Export(ExportForm::Json, id) => format!("j.{id}"),
        ArchiveButton::Delete(id) => format!("x.{id}"),
    }
}

fn parse_place(rest: &str) -> Option<(usize, &str)> {
    let (place, nonce) = rest.split_once('.')?;
    Some((place.parse().ok()?, nonce))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let answers = [
            Answer::Allow,
            Answer::AllowForSession,
            Answer::AllowEdits,
            Answer::Deny,
            Answer::Done,
            Answer::Default,
            Answer::Skip,
            Answer::Again,
            Answer::Pick(12),
        ];
        let offers = [
            OfferAnswer::Continue,
            OfferAnswer::Retry,
            OfferAnswer::More,
            OfferAnswer::AsFile,
            OfferAnswer::Wait,
            OfferAnswer::Discard,
        ];
        let wishes = [Wish::SendNow, Wish::Remove];
        let requests = answers.map(|answer| Meaning::Request(answer, "n.1"));
        let offers = offers.map(|answer| Meaning::Offer(answer, "n1"));
        let waiting = wishes.map(|wish| Meaning::Waiting(wish, MessageId(-7)));
        let places = [
            Meaning::Value(3, "n1"),
            Meaning::Task(0, "n1"),
            Meaning::TaskOutput("b1.x"),
            Meaning::Stop("n1"),
            Meaning::Inbox(InboxButton::Page(2)),
            Meaning::Inbox(InboxButton::Send("0123456789abcdef")),
            Meaning::Inbox(InboxButton::AskToClear),
            Meaning::Inbox(InboxButton::Clear(UnixSeconds(1_800_000_000))),
            Meaning::Archive(ArchiveButton::Page(625, "a.b c")),
            Meaning::Archive(ArchiveButton::Open(3, "0-1")),
            Meaning::Archive(ArchiveButton::AskToDelete(0, "0-1")),
            Meaning::Archive(ArchiveButton::Resume("0-1")),
            Meaning::Archive(ArchiveButton::Export(ExportForm::Markdown, "0-1")),
            Meaning::Archive(ArchiveButton::Export(ExportForm::Json, "0-1")),
            Meaning::Archive(ArchiveButton::Delete("0-1")),
            Meaning::TakeBack,
            Meaning::LoginOff,
            Meaning::MoreTurns(UserId(7), Day(20_788)),
            Meaning::NoRequest,
            Meaning::NoOffer,
        ];
        let all = requests.iter().chain(&offers).chain(&waiting);
        for meaning in all.chain(&places) {
            assert_eq!(Meaning::parse(&meaning.data()), Some(*meaning));
        }
    }

    #[test]
    fn what_is_of_nobody_means_nothing() {
        for data in [
            "", "s1.n1", "q1.n.x", "c1.n1", "k1.x.n1", "u1.f", "a2.y.n1", "f1.y.x", "f1",
        ] {
            assert_eq!(Meaning::parse(data), None, "{data}");
        }
        assert_eq!(Meaning::parse("a1.z.n1"), Some(Meaning::NoRequest));
        assert_eq!(Meaning::parse("t1"), Some(Meaning::NoOffer));
    }
}
