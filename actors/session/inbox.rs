//! What `/files` shows of the inbox and does with it: pages, sending again, clearing.
//!
//! Its buttons carry nothing that is known to one run of the bridge alone. A command or press stays
//! open until the room has answered, so that it is carried out again after a crash.

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::{Time, UnixSeconds};
use crate::ids::{MessageId, PostId, PromptId, SessionKey, UserId};
use crate::instruction::Role;
use crate::outbox::{Body, Button, Code, FileCopy, Rank, Sound, Together};
use crate::ports::{InboxDeed, InboxDone, InboxFile, InboxOrder, InboxOutcome};
use crate::sent_file::SentFile;
use crate::session::Press;
use crate::session::buttons::Meaning;
use crate::session::deadline::{Deadline, Why};
use crate::session::effect::Effect;
use crate::session::step::Step;
use crate::session::texts;

/// How many files a page shows.
const PAGE: usize = 8;

/// How many numbers stand in a row of buttons.
const ROW: usize = 4;

/// How long the disk may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// How many orders may wait at once; whoever wants more is told to wait.
const MAX_ASKED: usize = 16;

/// How many lists are known by their messages.
const MAX_LISTS: usize = 16;

/// What a button below a list of files wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum InboxButton<'a> {
    /// Show this page, the first one being 0.
    Page(usize),
    /// Send the file with this id.
    Send(&'a str),
    /// Ask whether all is to be cleared.
    AskToClear,
    /// Clear what came until then.
    Clear(UnixSeconds),
}

/// Where the files lie, and which of them are needed.
#[derive(Debug)]
pub(in crate::session) struct Shelf {
    /// Whose room they lie in.
    pub(in crate::session) room: SessionKey,
    /// The files of prompts that wait or run.
    pub(in crate::session) needed: Vec<SentFile>,
}

/// What is asked of the room, and the lists that are shown.
#[derive(Debug, Default)]
pub(in crate::session) struct Inbox {
    asked: Vec<Asked>,
    /// The oldest first, with their messages where those are known.
    lists: VecDeque<(PostId, Option<MessageId>)>,
}

/// An instruction that waits for the room.
#[derive(Debug)]
struct Asked {
    id: PromptId,
    by: UserId,
    role: Role,
    /// The message of the command, or of the buttons.
    message: Option<MessageId>,
    wish: Wish,
    deadline: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// A list of its own.
    List,
    /// Another page in the place of a list.
    Turn(usize),
    /// One file.
    Send,
    /// The question whether to clear.
    AskToClear,
    /// The files gone.
    Clear,
}

impl Inbox {
    /// Takes in that a person wants to see what the inbox holds.
    pub(in crate::session) fn on_command(
        &mut self,
        (id, message): (PromptId, MessageId),
        (by, role): (UserId, Role),
        shelf: Shelf,
        step: &mut Step<'_>,
    ) {
        if self.asked.len() >= MAX_ASKED {
            step.reply(message, step.say().inbox_busy());
            return;
        }
        let asked = Asked {
            id,
            by,
            role,
            message: Some(message),
            wish: Wish::List,
            deadline: step.now() + ANSWER_LIMIT,
        };
        let needed = shelf.needed;
        self.ask(asked, shelf.room, InboxDeed::List { needed }, step);
    }

    /// Takes in the press of a button; it is answered at once, since a disk can take long.
    pub(in crate::session) fn on_pressed(
        &mut self,
        press: Press,
        button: InboxButton<'_>,
        shelf: Shelf,
        step: &mut Step<'_>,
    ) {
        let Shelf { room, needed } = shelf;
        let may_clear = step.key().chat.is_private() || press.role.is_in_charge();
        let one_moment = step.say().toast_one_moment();
        let (wish, deed, text) = match button {
            InboxButton::AskToClear | InboxButton::Clear(_) if !may_clear => {
                step.toast(press.callback, step.say().toast_clear_is_for_admins());
                return;
            }
            _ if self.asked.len() >= MAX_ASKED => {
                step.toast(press.callback, step.say().inbox_busy());
                return;
            }
            InboxButton::Page(page) => (Wish::Turn(page), InboxDeed::List { needed }, None),
            InboxButton::Send(file) => {
                let file = file.to_owned();
                (Wish::Send, InboxDeed::Copy { file }, Some(one_moment))
            }
            InboxButton::AskToClear => (Wish::AskToClear, InboxDeed::List { needed }, None),
            InboxButton::Clear(until) => {
                let deed = InboxDeed::Clear { needed, until };
                (Wish::Clear, deed, Some(one_moment))
            }
        };
        step.answer_press(press.callback, text);
        let asked = Asked {
            id: press.id,
            by: press.by,
            role: press.role,
            message: press.message,
            wish,
            deadline: step.now() + ANSWER_LIMIT,
        };
        self.ask(asked, room, deed, step);
    }

    fn ask(&mut self, asked: Asked, key: SessionKey, deed: InboxDeed, step: &mut Step<'_>) {
        let asked_in = asked.id.clone();
        step.push(Effect::Inbox(InboxOrder {
            key,
            asked_in,
            deed,
        }));
        self.asked.push(asked);
    }

    /// Takes in what the room says.
    pub(in crate::session) fn on_done(&mut self, done: InboxDone, step: &mut Step<'_>) {
        let InboxDone { asked_in, outcome } = done;
        let place = self.asked.iter().position(|asked| asked.id == asked_in);
        let Some(place) = place else {
            if let InboxOutcome::Copied(copy) = outcome {
                step.push(Effect::ReleaseFiles(vec![copy.copy]));
            }
            return;
        };
        let asked = self.asked.remove(place);
        match outcome {
            InboxOutcome::Listed { files, limit } => match asked.wish {
                Wish::List => self.show(&asked, page(0, &files, limit, &asked, step), step),
                Wish::Turn(at) => self.show(&asked, page(at, &files, limit, &asked, step), step),
                Wish::AskToClear => self.show(&asked, question(&files, step), step),
                Wish::Send | Wish::Clear => {}
            },
            InboxOutcome::Copied(copy) => send(copy, step),
            InboxOutcome::NotCopied(fault) => {
                say(&asked, texts::not_sent_again(step.say(), &fault), step);
            }
            InboxOutcome::Cleared {
                removed,
                bytes,
                needed,
            } => {
                let text = texts::cleared(step.say(), (removed, bytes), needed);
                match asked
                    .message
                    .filter(|it| self.may_change(*it, &asked, step))
                {
                    Some(message) => step.close_message(message, text),
                    None => say(&asked, text, step),
                }
            }
            InboxOutcome::Failed(reason) => {
                say(&asked, step.say().inbox_unreadable(reason), step);
            }
        }
    }

    /// Shows something in the place of the list whose button was pressed, or as a new message.
    fn show(&mut self, asked: &Asked, body: Body, step: &mut Step<'_>) {
        let is_list = asked.wish == Wish::List;
        let changed = asked.message.filter(|_| !is_list);
        match changed.filter(|it| self.may_change(*it, asked, step)) {
            Some(message) => step.close_message_with(message, body),
            None => {
                let reply_to = asked.message.filter(|_| is_list);
                let post = step.send(body, reply_to, (Rank::Answer, Sound::Silent));
                if self.lists.len() >= MAX_LISTS {
                    self.lists.pop_front();
                }
                self.lists.push_back((post, None));
            }
        }
    }

    /// Tells whether a press may change its message. Its data can be forged: in a group it could
    /// hang on somebody else's.
    fn may_change(&self, message: MessageId, asked: &Asked, step: &Step<'_>) -> bool {
        let is_list = self.lists.iter().any(|(_, it)| *it == Some(message));
        is_list || step.key().chat.is_private() || asked.role.is_in_charge()
    }

    /// Notes which message a list became.
    pub(in crate::session) fn on_shown(&mut self, post: PostId, message: MessageId) {
        let mut lists = self.lists.iter_mut();
        if let Some((_, known)) = lists.find(|(list, _)| *list == post) {
            *known = Some(message);
        }
    }

    /// Returns the instructions that wait for the room.
    pub(in crate::session) fn waiting(&self) -> impl Iterator<Item = &PromptId> {
        self.asked.iter().map(|asked| &asked.id)
    }

    /// Forgets what a person wants to see.
    pub(in crate::session) fn drop_of(&mut self, user: UserId) {
        self.asked.retain(|asked| asked.by != user);
    }

    /// Returns until when the room may take for its next answer.
    pub(in crate::session) fn next_deadline(&self) -> Option<Deadline> {
        let next = self.asked.iter().map(|asked| asked.deadline).min();
        next.map(|deadline| Why::InboxAnswers.at(deadline))
    }

    /// Tells those who have waited long enough.
    pub(in crate::session) fn on_deadline(&mut self, step: &mut Step<'_>) {
        let now = step.now();
        let due: Vec<_> = (self.asked.extract_if(.., |asked| asked.deadline <= now)).collect();
        for asked in due {
            say(&asked, texts::inbox_is_slow(step.say(), ANSWER_LIMIT), step);
        }
    }
}

fn say(asked: &Asked, text: String, step: &mut Step<'_>) {
    step.send(
        Body::Plain(text),
        asked.message,
        (Rank::Answer, Sound::Silent),
    );
}

fn send(copy: FileCopy, step: &mut Step<'_>) {
    let body = Body::Files {
        files: vec![copy],
        together: Together::Apart,
    };
    step.send(body, None, (Rank::Answer, Sound::Silent));
}

/// Returns a page of the list, the last one if there are not so many.
fn page(at: usize, files: &[InboxFile], limit: u64, asked: &Asked, step: &Step<'_>) -> Body {
    let say = step.say();
    let n_pages = files.len().div_ceil(PAGE).max(1);
    let at = at.min(n_pages - 1);
    let shown: Vec<_> = (files.iter().enumerate().skip(at * PAGE).take(PAGE)).collect();
    let text = texts::inbox(say, files, limit, (at, n_pages));
    if files.is_empty() {
        return live(text, None, Vec::new());
    }
    let numbers: Vec<_> = (shown.iter())
        .map(|(place, file)| button((place + 1).to_string(), InboxButton::Send(&file.id)))
        .collect();
    let mut rows: Vec<_> = numbers.chunks(ROW).map(<[Button]>::to_vec).collect();
    let mut turns = Vec::new();
    if at > 0 {
        turns.push(button(say.button_newer(), InboxButton::Page(at - 1)));
    }
    if at + 1 < n_pages {
        turns.push(button(say.button_older(), InboxButton::Page(at + 1)));
    }
    if !turns.is_empty() {
        rows.push(turns);
    }
    if step.key().chat.is_private() || asked.role.is_in_charge() {
        let clear = button(say.button_ask_to_clear(), InboxButton::AskToClear);
        rows.push(vec![clear]);
    }
    let lines: Vec<_> = (shown.iter())
        .map(|(place, file)| texts::inbox_file(say, place + 1, file, step.calendar()))
        .collect();
    live(text, Some(lines.join("\n")), rows)
}

/// Returns the question whether to clear what is there now.
fn question(files: &[InboxFile], step: &Step<'_>) -> Body {
    let say = step.say();
    let (needed, going): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.is_needed);
    let text = texts::clear_question(say, &going, &needed);
    let back = button(say.button_keep_files(), InboxButton::Page(0));
    let mut rows = Vec::new();
    if !going.is_empty() {
        let label = say.button_clear_files(going.len());
        let clear = button(label, InboxButton::Clear(step.calendar()));
        rows.push(vec![clear]);
    }
    if !files.is_empty() {
        rows.push(vec![back]);
    }
    live(text, None, rows)
}

fn live(text: String, lines: Option<String>, rows: Vec<Vec<Button>>) -> Body {
    let code = lines.map(|text| Code { language: "", text });
    Body::Live { text, code, rows }
}

fn button(label: String, means: InboxButton<'_>) -> Button {
    let data = Meaning::Inbox(means).data();
    Button { label, data }
}
