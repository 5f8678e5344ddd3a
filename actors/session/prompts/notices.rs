//! The messages that say that a prompt waits, and what their buttons do.

use std::collections::VecDeque;

use bridge_texts::Say;

use super::{Fate, Prompts, Written};
use crate::ids::{MessageId, PostId, PromptId};
use crate::outbox::{Body, Button, Rank, Sound};
use crate::session::buttons::Meaning;
use crate::session::step::Step;
use crate::session::{Press, Prompt};

/// How many closed notices are told apart from those of an earlier run.
const MAX_CLOSED: usize = 64;

/// The messages with buttons that say that a prompt waits behind a turn, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Notices {
    open: Vec<Notice>,
    /// What the buttons carried of those that are closed, the oldest first.
    closed: VecDeque<MessageId>,
}

/// The message that says that a prompt waits.
#[derive(Debug)]
struct Notice {
    prompt: PromptId,
    post: PostId,
    /// The message that the prompt came in; its buttons carry it.
    message: MessageId,
    offers: Offers,
}

/// What can be done with a prompt beside removing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Offers {
    /// It can be sent on.
    SendNow,
    /// Nothing: it waits for the next run of the bridge.
    Keep,
    /// What Claude asks can be denied with its words.
    DenyWith,
    /// That was done.
    Denied,
}

/// What can be done with a prompt that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Wish {
    /// Claude gets it while it works.
    SendNow,
    /// It does not run.
    Remove,
    /// Its words deny what Claude asks.
    DenyWith,
}

/// What a prompt waits behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Behind {
    /// A running turn, which can take it in.
    Turn,
    /// A running turn in which Claude waits for the person.
    Request,
    /// A running turn in which Claude waits for its author, who could deny with it.
    Denial,
    /// Something else.
    Other,
}

/// What a person may do with a prompt that waits.
#[derive(Debug)]
pub(in crate::session) enum Granted {
    /// It was removed.
    Removed,
    /// Claude is to get it while it works.
    SendNow(Prompt),
}

impl Notices {
    /// Lets the notice of a prompt be about the one that took its place.
    pub(super) fn follow(&mut self, before: &PromptId, after: &PromptId) {
        let notices = self.open.iter_mut();
        for notice in notices.filter(|notice| notice.prompt == *before) {
            notice.prompt = after.clone();
        }
    }

    /// Remembers what the buttons carry of a closed one: they may be pressed twice.
    fn note_closed(&mut self, message: MessageId) {
        if self.closed.len() >= MAX_CLOSED {
            self.closed.pop_front();
        }
        self.closed.push_back(message);
    }
}

impl Prompts {
    /// Tells that a prompt waits; behind a turn with what can be done about it.
    pub(in crate::session) fn say_that_it_waits(
        &mut self,
        prompt: PromptId,
        message: MessageId,
        behind: Behind,
        step: &mut Step<'_>,
    ) {
        let ahead = self.queue.len().saturating_sub(1);
        let text = match behind {
            Behind::Request | Behind::Denial => step.say().queued_behind_request(),
            Behind::Turn | Behind::Other => step.say().queued(ahead),
        };
        let tone = (Rank::Notice, Sound::Silent);
        if behind == Behind::Other {
            step.send(Body::Plain(text), Some(message), tone);
            return;
        }
        let offers = match behind {
            Behind::Denial => Offers::DenyWith,
            Behind::Turn | Behind::Request | Behind::Other => Offers::SendNow,
        };
        let body = Body::Live {
            text,
            code: None,
            rows: rows(step.say(), message, offers),
        };
        let post = step.send(body, Some(message), tone);
        self.notices.open.push(Notice {
            prompt,
            post,
            message,
            offers,
        });
    }

    /// Says anew what a prompt waits for: found by looking. Nothing may be left to be denied by its
    /// author, and when the bridge stops it waits for the next run, which `kept` says.
    pub(in crate::session) fn renew_notices(
        &mut self,
        can_deny: impl Fn(&Prompt) -> bool,
        kept: Option<String>,
        step: &mut Step<'_>,
    ) {
        for notice in &mut self.notices.open {
            let place = self.queue.iter().position(|it| it.id == notice.prompt);
            let Some(ahead) = place else { continue };
            let renewed = match (notice.offers, &kept) {
                (Offers::SendNow | Offers::DenyWith, Some(kept)) => {
                    Some((Offers::Keep, kept.clone()))
                }
                (Offers::DenyWith, None) if !can_deny(&self.queue[ahead]) => {
                    Some((Offers::SendNow, step.say().queued(ahead)))
                }
                (Offers::SendNow | Offers::DenyWith, None) => None,
                (Offers::Keep | Offers::Denied, _) => None,
            };
            let Some((offers, text)) = renewed else {
                continue;
            };
            notice.offers = offers;
            let body = Body::Live {
                text,
                code: None,
                rows: rows(step.say(), notice.message, offers),
            };
            step.edit_body(notice.post, body, Rank::Notice);
        }
    }

    /// Takes a prompt whose words deny what Claude asks.
    pub(in crate::session) fn take_as_denial(&mut self, prompt: &Prompt) {
        drop(self.take(&prompt.id));
        let mut notices = self.notices.open.iter_mut();
        if let Some(notice) = notices.find(|notice| notice.prompt == prompt.id) {
            notice.offers = Offers::Denied;
        }
        self.note_fate(&Written::of(prompt), Fate::Given);
    }

    /// Takes the buttons off prompts that wait no longer, or for another run of the bridge: found
    /// by looking. `kept` is what is said to one that waits for another run.
    pub(in crate::session) fn close_notices(
        &mut self,
        held: &[PromptId],
        kept: impl Fn(Say) -> String,
        step: &mut Step<'_>,
    ) {
        let ends = step.is_last();
        let waits = |id: &PromptId| self.queue.iter().any(|prompt| prompt.id == *id);
        let (open, over): (Vec<_>, Vec<_>) = std::mem::take(&mut self.notices.open)
            .into_iter()
            .partition(|notice| waits(&notice.prompt) && !ends);
        for notice in &over {
            let id = &notice.prompt;
            let is_given = held.contains(id) && !self.is_unbegun(id);
            let text = match (is_given || waits(id), waits(id)) {
                (true, true) => kept(step.say()),
                (true, false) => step.say().queued_begun(),
                (false, _) if notice.offers == Offers::Denied => step.say().queued_denied_with(),
                (false, _) => step.say().queued_runs_not(),
            };
            let body = Body::Live {
                text,
                code: None,
                rows: Vec::new(),
            };
            step.edit_body(notice.post, body, Rank::Notice);
        }
        self.notices.open = open;
        for notice in over {
            self.notices.note_closed(notice.message);
        }
    }

    /// Returns the answer to the press of a button of a prompt that waits, and what it does.
    pub(in crate::session) fn on_wish(
        &mut self,
        press: &Press,
        (wish, message): (Wish, MessageId),
        may_steer: impl Fn(&str) -> bool,
        say: Say,
    ) -> (String, Option<Granted>) {
        let mut waiting = self.queue.iter();
        let Some(place) = waiting.position(|prompt| prompt.message == message) else {
            return (say.toast_over(), None);
        };
        let is_theirs = self.queue[place].author == press.by;
        if !is_theirs && !press.role.is_in_charge() {
            return (say.toast_not_yours(), None);
        }
        match wish {
            Wish::DenyWith => (say.toast_nothing_to_deny(), None),
            Wish::Remove => {
                self.queue.remove(place);
                (say.queued_removed(), Some(Granted::Removed))
            }
            Wish::SendNow if !self.has_its_files(&self.queue[place]) => {
                (say.queued_still_fetched(), None)
            }
            Wish::SendNow if !self.is_ready(&self.queue[place]) => {
                (say.queued_still_transcribed(), None)
            }
            Wish::SendNow if !may_steer(&self.queue[place].text) => (say.queued_not_now(), None),
            Wish::SendNow => {
                let prompt = self.queue.remove(place);
                (say.queued_sent_now(), prompt.map(Granted::SendNow))
            }
        }
    }

    /// Takes the buttons off a message that an earlier run left, once its prompt waits no longer;
    /// those of this run are closed with their prompts.
    pub(in crate::session) fn close_notice_of_earlier_run(
        &self,
        press: &Press,
        message: MessageId,
        step: &mut Step<'_>,
    ) {
        let is_open = (self.notices.open.iter()).any(|notice| notice.message == message);
        let is_closed = self.notices.closed.contains(&message);
        if !is_open && !is_closed && !self.is_waiting(message) {
            step.close_unknown(press, step.say().queued_waits_no_longer());
        }
    }

    /// Returns what the buttons carry of the notices that are open.
    #[cfg(test)]
    pub(in crate::session) fn notices(&self) -> impl Iterator<Item = MessageId> {
        self.notices.open.iter().map(|notice| notice.message)
    }
}

fn rows(say: Say, message: MessageId, offers: Offers) -> Vec<Vec<Button>> {
    let button = |label, wish| Button {
        label,
        data: Meaning::Waiting(wish, message).data(),
    };
    let remove = button(say.button_remove(), Wish::Remove);
    match offers {
        Offers::SendNow => vec![vec![button(say.button_send_now(), Wish::SendNow), remove]],
        Offers::Keep => vec![vec![remove]],
        // The words of the button are long.
        Offers::DenyWith | Offers::Denied => vec![
            vec![button(say.button_deny_with(), Wish::DenyWith)],
            vec![remove],
        ],
    }
}
