//! Going back to before one of the last prompts: the list, and what a press on it asks first.

use super::asked::{Asked, Asker, Place, State};
use super::spares::{FilesWish, Ground, Undoing};
use super::{ANSWER_LIMIT, Enquiries, MAX_ASKED};
use crate::chat_settings::Wall;
use crate::clock::Time;
use crate::enquiry::Enquiry;
use crate::ids::{ConversationId, MessageId, PromptId};
use crate::outbox::{Body, Rank, Sound};
use crate::ports::{PromptsRead, ReadPrompts, SaidPrompt};
use crate::session::Press;
use crate::session::effect::Effect;
use crate::session::step::Step;
use crate::session::texts;

/// Where the prompts of a session are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) struct Past {
    pub(in crate::session) ground: Ground,
    pub(in crate::session) wall: Wall,
    pub(in crate::session) conversation: ConversationId,
}

/// Which prompt it is that a conversation goes back to, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) struct Goes {
    pub(in crate::session) text: String,
    /// How many came after it.
    pub(in crate::session) n_later: usize,
}

/// What is wanted of the last prompts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) enum Wants {
    /// To see them.
    List,
    /// To be asked what goes if the conversation goes back to before this one.
    Question(PromptId),
    /// That the conversation goes back to before this one.
    Forget(PromptId),
    /// That the files go back with it, in this way.
    Both(PromptId, FilesWish),
}

/// An instruction that waits for the prompts.
#[derive(Debug)]
pub(super) struct Rewinding {
    pub(super) id: PromptId,
    pub(super) asker: Asker,
    place: Place,
    wants: Wants,
    ground: Ground,
    pub(super) until: Time,
}

impl Enquiries {
    /// Takes in that a person wants to see what they can go back to.
    pub(in crate::session) fn on_rewind_wanted(
        &mut self,
        (id, message): (PromptId, MessageId),
        asker: Asker,
        past: Past,
        step: &mut Step<'_>,
    ) {
        if self.rewinds.len() >= MAX_ASKED {
            step.reply(message, step.say().enquiries_full());
            return;
        }
        let place = Place::Below(message);
        self.read_prompts((id, asker), place, Wants::List, past, step);
    }

    /// Takes in what a person wants of a prompt.
    pub(in crate::session) fn on_rewind_pressed(
        &mut self,
        press: Press,
        wants: Wants,
        past: Past,
        step: &mut Step<'_>,
    ) {
        if self.rewinds.len() >= MAX_ASKED {
            step.toast(press.callback, step.say().enquiries_full());
            return;
        }
        step.toast(press.callback, step.say().toast_one_moment());
        let (by, role) = (press.by, press.role);
        let place = press.message.map_or(Place::Apart, Place::Of);
        let asked = (press.id, Asker { by, role });
        self.read_prompts(asked, place, wants, past, step);
    }

    fn read_prompts(
        &mut self,
        (id, asker): (PromptId, Asker),
        place: Place,
        wants: Wants,
        past: Past,
        step: &mut Step<'_>,
    ) {
        step.push(Effect::ReadPrompts(ReadPrompts {
            room: past.ground.room,
            wall: past.wall,
            conversation: past.conversation,
            asked_in: id.clone(),
        }));
        self.rewinds.push(Rewinding {
            id,
            asker,
            place,
            wants,
            ground: past.ground,
            until: step.now() + ANSWER_LIMIT,
        });
    }

    /// Takes in the prompts: shows them, or asks the agent what going back to one comes to.
    pub(in crate::session) fn on_prompts_read(&mut self, read: PromptsRead, step: &mut Step<'_>) {
        let PromptsRead { asked_in, outcome } = read;
        let is_it = |it: &Rewinding| it.id == asked_in;
        let Some(place) = self.rewinds.iter().position(is_it) else {
            return;
        };
        let rewinding = self.rewinds.remove(place);
        // What is about to be forgotten waits for no list.
        let prompts = match (outcome, &rewinding.wants) {
            (Ok(prompts), _) => prompts,
            (Err(_), Wants::Forget(_) | Wants::Both(..)) => Vec::new(),
            (Err(reason), Wants::List | Wants::Question(_)) => {
                let text = step.say().rewind_unreadable(reason);
                rewinding.put(Body::Plain(text), step);
                return;
            }
        };
        self.asked.extend(rewinding.asks(&prompts, step));
    }

    /// Tells those whose prompts nobody could read in time; whether there were any.
    pub(super) fn on_prompts_deadline(&mut self, step: &mut Step<'_>) -> bool {
        let now = step.now();
        let is_due = |it: &mut Rewinding| it.until <= now;
        let late: Vec<_> = self.rewinds.extract_if(.., is_due).collect();
        for rewinding in &late {
            let text = step.say().rewind_slow();
            rewinding.put(Body::Plain(text), step);
        }
        !late.is_empty()
    }
}

impl Rewinding {
    /// Tells whether something is about to be undone.
    pub(super) fn undoes(&self) -> bool {
        match &self.wants {
            Wants::List | Wants::Question(_) => false,
            Wants::Forget(_) | Wants::Both(..) => true,
        }
    }

    /// Shows the prompts, or returns what the agent is asked with them.
    fn asks(self, prompts: &[SaidPrompt], step: &mut Step<'_>) -> Option<Asked> {
        let forget = |prompt: &PromptId| {
            let last = prompts.first().map(|last| last.id.clone());
            Enquiry::Forget {
                prompt: prompt.clone(),
                last: last.filter(|last| last != prompt),
            }
        };
        let (enquiry, then, undoing) = match self.wants {
            Wants::List => {
                put(texts::rewind_list(step.say(), prompts), self.place, step);
                return None;
            }
            Wants::Question(prompt) => {
                let Some(n_later) = prompts.iter().position(|it| it.id == prompt) else {
                    put(Body::Plain(step.say().rewind_gone()), self.place, step);
                    return None;
                };
                let text = prompts[n_later].text.clone();
                let goes = Some(Goes { text, n_later });
                let undoing = Undoing::begin(self.ground, FilesWish::Question, goes);
                (Enquiry::LookBack { prompt }, None, Some(undoing))
            }
            Wants::Forget(prompt) => (forget(&prompt), None, None),
            Wants::Both(prompt, wish) => {
                let undoing = Undoing::begin(self.ground, wish, None);
                let then = Some(forget(&prompt));
                (Enquiry::LookBack { prompt }, then, Some(undoing))
            }
        };
        Some(Asked {
            id: self.id,
            asker: self.asker,
            enquiry,
            then,
            is_second: false,
            undoing: undoing.map(Box::new),
            place: self.place,
            state: State::Waits,
        })
    }

    fn put(&self, body: Body, step: &mut Step<'_>) {
        put(body, self.place, step);
    }
}

fn put(body: Body, place: Place, step: &mut Step<'_>) {
    match place {
        Place::Of(message) => step.close_message_with(message, body),
        Place::Below(_) | Place::Apart => {
            let tone = (Rank::Answer, Sound::Silent);
            step.send(body, place.message(), tone);
        }
    }
}
