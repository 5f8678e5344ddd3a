//! What `/sessions` shows of the conversations on disk and does with them: pages, going on with
//! one, sending what was said in it, deleting it.
//!
//! Its buttons carry nothing that is known to one run of the bridge alone, and anybody may have made
//! them up: the edge says which conversations are the session's. A command or press stays open until
//! the edge has answered, so that it is carried out again after a crash.

mod pages;
mod standing;

use std::collections::VecDeque;
use std::time::Duration;

use crate::clock::Time;
use crate::ids::{ConversationId, MessageId, PostId, PromptId, UserId};
use crate::instruction::{ArchiveWish, Role};
use crate::outbox::{Body, FileCopy, Rank, Sound, Together};
use crate::ports::{ArchiveDeed, ArchiveDone, ArchiveOrder, ArchiveOutcome};
use crate::session::Press;
use crate::session::deadline::{Deadline, Why};
use crate::session::effect::Effect;
use crate::session::step::Step;
use crate::session::texts;

pub(in crate::session) use standing::{ArchiveButton, GoOn, Standing};

/// How long the disk may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

/// How many orders may wait at once; whoever wants more is told to wait.
const MAX_ASKED: usize = 16;

/// How many lists are known by their messages.
const MAX_LISTS: usize = 16;

/// What is asked of the edge, and the lists that are shown.
#[derive(Debug, Default)]
pub(in crate::session) struct Archive {
    asked: Vec<Asked>,
    /// The oldest first, with their messages where those are known.
    lists: VecDeque<(PostId, Option<MessageId>)>,
}

/// An instruction that waits for the edge.
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

#[derive(Debug, Clone, PartialEq, Eq)]
enum Wish {
    /// A list of its own.
    List(String),
    /// A page in the place of another, or of one conversation.
    Turn(String),
    /// One conversation, and the page to go back to.
    Open(usize),
    /// The question whether to delete it.
    AskToDelete(usize),
    /// What was said in it.
    Export,
    /// To go on with it.
    Resume,
    /// That it is gone.
    Delete,
}

impl Archive {
    /// Takes in a command.
    pub(in crate::session) fn on_command(
        &mut self,
        (id, message): (PromptId, MessageId),
        (by, role): (UserId, Role),
        (wish, standing): (ArchiveWish, Standing),
        step: &mut Step<'_>,
    ) {
        if self.asked.len() >= MAX_ASKED {
            step.reply(message, step.say().archive_busy());
            return;
        }
        let (wish, deed) = match wish {
            ArchiveWish::List { words } => {
                let words = pages::clipped(&words);
                let deed = pages::list(0, words.clone());
                (Wish::List(words), deed)
            }
            ArchiveWish::Export(form) => match &standing.current {
                Some(id) => (
                    Wish::Export,
                    ArchiveDeed::Export {
                        id: id.clone(),
                        form,
                    },
                ),
                None => {
                    step.reply(message, step.say().archive_no_current());
                    return;
                }
            },
        };
        let asked = Asked {
            id,
            by,
            role,
            message: Some(message),
            wish,
            deadline: step.now() + ANSWER_LIMIT,
        };
        self.ask(asked, standing, deed, step);
    }

    /// Takes in the press of a button; it is answered at once, since a disk can take long.
    pub(in crate::session) fn on_pressed(
        &mut self,
        press: Press,
        button: ArchiveButton<'_>,
        standing: Standing,
        step: &mut Step<'_>,
    ) {
        if let Some(text) = self.refused(&press, button, &standing, step) {
            step.toast(press.callback, text);
            return;
        }
        let named = |id: &str| ConversationId(id.to_owned());
        let one_moment = step.say().toast_one_moment();
        let (wish, deed, text) = match button {
            ArchiveButton::Page(page, words) => {
                let words = pages::clipped(words);
                (Wish::Turn(words.clone()), pages::list(page, words), None)
            }
            ArchiveButton::Open(page, id) => {
                (Wish::Open(page), ArchiveDeed::Look { id: named(id) }, None)
            }
            ArchiveButton::AskToDelete(page, id) => {
                let deed = ArchiveDeed::Look { id: named(id) };
                (Wish::AskToDelete(page), deed, None)
            }
            ArchiveButton::Export(form, id) => {
                let deed = ArchiveDeed::Export {
                    id: named(id),
                    form,
                };
                (Wish::Export, deed, Some(one_moment))
            }
            ArchiveButton::Resume(id) => {
                let deed = ArchiveDeed::Claim { id: named(id) };
                (Wish::Resume, deed, Some(one_moment))
            }
            ArchiveButton::Delete(id) => {
                let deed = ArchiveDeed::Delete { id: named(id) };
                (Wish::Delete, deed, Some(one_moment))
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
        self.ask(asked, standing, deed, step);
    }

    /// Returns what is said where a press is not carried out.
    fn refused(
        &self,
        press: &Press,
        button: ArchiveButton<'_>,
        standing: &Standing,
        step: &Step<'_>,
    ) -> Option<String> {
        let say = step.say();
        let is_current = |id: &str| standing.current.as_ref().is_some_and(|it| it.0 == id);
        let may_delete = step.key().chat.is_private() || press.role.is_in_charge();
        match button {
            ArchiveButton::AskToDelete(_, id) | ArchiveButton::Delete(id) if is_current(id) => {
                Some(say.toast_is_current())
            }
            ArchiveButton::AskToDelete(..) | ArchiveButton::Delete(_) if !may_delete => {
                Some(say.toast_delete_is_for_admins())
            }
            // The bridge may have died between the switch and the word that it was done.
            ArchiveButton::Resume(id) if standing.is_busy && !is_current(id) => {
                Some(say.toast_resume_later())
            }
            _ if self.asked.len() >= MAX_ASKED => Some(say.archive_busy()),
            ArchiveButton::Page(..)
            | ArchiveButton::Open(..)
            | ArchiveButton::Resume(_)
            | ArchiveButton::Export(..)
            | ArchiveButton::AskToDelete(..)
            | ArchiveButton::Delete(_) => None,
        }
    }

    fn ask(&mut self, asked: Asked, standing: Standing, deed: ArchiveDeed, step: &mut Step<'_>) {
        step.push(Effect::LookUp(Box::new(ArchiveOrder {
            key: step.key(),
            room: standing.room,
            folder: standing.folder,
            wall: standing.wall,
            host_settings: standing.host_settings,
            current: standing.current,
            language: step.policy().language,
            asked_in: asked.id.clone(),
            deed,
        })));
        self.asked.push(asked);
    }

    /// Takes in what the edge says; returns what the session is to go on with.
    pub(in crate::session) fn on_done(
        &mut self,
        done: ArchiveDone,
        current: Option<&ConversationId>,
        step: &mut Step<'_>,
    ) -> Option<GoOn> {
        let ArchiveDone { asked_in, outcome } = done;
        let place = self.asked.iter().position(|asked| asked.id == asked_in);
        let Some(place) = place else {
            if let ArchiveOutcome::Exported(copy) = outcome {
                step.push(Effect::ReleaseFiles(vec![copy.copy]));
            }
            return None;
        };
        let asked = self.asked.remove(place);
        let say = step.say();
        match outcome {
            ArchiveOutcome::Listed(page) => match &asked.wish {
                Wish::List(words) | Wish::Turn(words) => {
                    let body = pages::page(&page, words, current, step);
                    self.show(&asked, body, step);
                }
                Wish::Open(_) | Wish::AskToDelete(_) => {}
                Wish::Export | Wish::Resume | Wish::Delete => {}
            },
            ArchiveOutcome::Found(past) => match &asked.wish {
                Wish::Open(page) => {
                    let may_delete = step.key().chat.is_private() || asked.role.is_in_charge();
                    let body = pages::one(&past, (*page, may_delete), current, step);
                    self.show(&asked, body, step);
                }
                Wish::AskToDelete(page) => {
                    let body = pages::question(&past, *page, step);
                    self.show(&asked, body, step);
                }
                Wish::List(_) | Wish::Turn(_) => {}
                Wish::Export | Wish::Resume | Wish::Delete => {}
            },
            ArchiveOutcome::Free(past) if asked.wish == Wish::Resume => {
                let message = asked.message;
                let message = message.filter(|it| self.may_change(*it, &asked, step));
                return Some(GoOn { past, message });
            }
            ArchiveOutcome::Free(_) => {}
            ArchiveOutcome::Exported(copy) => send(copy, step),
            ArchiveOutcome::Deleted => self.say_instead(&asked, say.archive_deleted(), step),
            ArchiveOutcome::Missing => self.say_instead(&asked, say.archive_missing(), step),
            ArchiveOutcome::TooLong => say_to(&asked, say.archive_too_long(), step),
            ArchiveOutcome::Held(holder) => say_to(&asked, texts::held(say, &holder), step),
            ArchiveOutcome::Failed(reason) => {
                say_to(&asked, say.archive_unreadable(reason), step);
            }
        }
        None
    }

    /// Shows something in the place of the list whose button was pressed, or as a new message.
    fn show(&mut self, asked: &Asked, body: Body, step: &mut Step<'_>) {
        let is_list = matches!(asked.wish, Wish::List(_));
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

    /// Says what became of a conversation in the place of its buttons.
    fn say_instead(&self, asked: &Asked, text: String, step: &mut Step<'_>) {
        let is_command = asked.wish == Wish::Export;
        let message = asked.message.filter(|_| !is_command);
        match message.filter(|it| self.may_change(*it, asked, step)) {
            Some(message) => step.close_message(message, text),
            None => say_to(asked, text, step),
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

    /// Returns the instructions that wait for the edge.
    pub(in crate::session) fn waiting(&self) -> impl Iterator<Item = &PromptId> {
        self.asked.iter().map(|asked| &asked.id)
    }

    /// Forgets what a person wants.
    pub(in crate::session) fn drop_of(&mut self, user: UserId) {
        self.asked.retain(|asked| asked.by != user);
    }

    /// Returns until when the edge may take for its next answer.
    pub(in crate::session) fn next_deadline(&self) -> Option<Deadline> {
        let next = self.asked.iter().map(|asked| asked.deadline).min();
        next.map(|deadline| Why::ArchiveAnswers.at(deadline))
    }

    /// Tells those who have waited long enough.
    pub(in crate::session) fn on_deadline(&mut self, step: &mut Step<'_>) {
        let now = step.now();
        let due: Vec<_> = (self.asked.extract_if(.., |asked| asked.deadline <= now)).collect();
        for asked in due {
            say_to(
                &asked,
                texts::archive_is_slow(step.say(), ANSWER_LIMIT),
                step,
            );
        }
    }
}

fn say_to(asked: &Asked, text: String, step: &mut Step<'_>) {
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
