//! The context of one step of a session: when and where it happens, ids that nobody had before, and
//! what is to be done.

mod charges;

use bridge_texts::Say;

use crate::audit::{AuditAction, AuditActor, AuditEntry, AuditOutcome};
use crate::chat_settings::Rich;
use crate::clock::{Time, UnixSeconds};
use crate::file_offer::ToolCall;
use crate::ids::{CallbackId, ConversationId, Generation, MessageId, PostId, PromptId, SessionKey};
use crate::money::Charge;
use crate::outbox::{Body, Post, PostAction, Rank, Sign, Sound};
use crate::ports::{AgentInput, PermissionDecision};
use crate::purse::Purse;
use crate::session::Press;
use crate::session::effect::Effect;
use crate::session::policy::Policy;
use crate::session_supervisor::SlotChange;

/// When a step happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// For what is waited for.
    pub time: Time,
    /// For what is shown and written down.
    pub calendar: UnixSeconds,
}

/// What comes from outside: ids that nobody had before, and what a calendar says; drawn by the
/// actor, used by the machine.
#[expect(
    missing_debug_implementations,
    reason = "closures have nothing to show"
)]
pub struct NewIds<'a> {
    /// Draws a random conversation id.
    pub conversation: &'a mut dyn FnMut() -> ConversationId,
    /// Draws the id of a post.
    pub post: &'a mut dyn FnMut() -> PostId,
    /// Draws the number of an agent.
    pub generation: &'a mut dyn FnMut() -> Generation,
    /// Draws what proves that a button belongs to its message; nobody can guess it.
    pub nonce: &'a mut dyn FnMut() -> String,
    /// Returns when a pattern of cron holds next after a time.
    pub next_time: fn(&str, UnixSeconds) -> Option<UnixSeconds>,
    /// Tells what was spent, and sets aside what a turn may cost.
    pub purse: &'a Purse,
}

/// One step: its parts read the time and draw ids from it, and put in what is to be done, in order.
pub(in crate::session) struct Step<'a> {
    key: SessionKey,
    policy: Policy,
    rich: Rich,
    at: Moment,
    ids: NewIds<'a>,
    effects: Vec<Effect>,
    /// What was decided about calls of the bridge's own tools.
    consents: Vec<(ToolCall, PermissionDecision)>,
    /// Why the agent ends, and the message to which that is said.
    end_said: Option<(String, Option<MessageId>)>,
    /// What ended in it, with what that cost.
    charges: Vec<Charge>,
}

impl<'a> Step<'a> {
    /// Returns a step of the session of a chat in which nothing is to be done yet.
    pub(in crate::session) fn begin(
        key: SessionKey,
        (policy, rich): (Policy, Rich),
        at: Moment,
        ids: NewIds<'a>,
    ) -> Self {
        Self {
            key,
            policy,
            rich,
            at,
            ids,
            effects: Vec::new(),
            consents: Vec::new(),
            end_said: None,
            charges: Vec::new(),
        }
    }

    /// Returns whether the chat's answers are rich messages.
    pub(in crate::session) fn rich(&self) -> Rich {
        self.rich
    }

    /// Returns what is to be done, with the end of the session last.
    pub(in crate::session) fn into_effects(mut self) -> Vec<Effect> {
        let finish = |effect: &Effect| *effect == Effect::Finish;
        if let Some(place) = self.effects.iter().position(finish) {
            let finish = self.effects.remove(place);
            self.effects.push(finish);
        }
        self.effects
    }

    /// Returns the time.
    pub(in crate::session) fn now(&self) -> Time {
        self.at.time
    }

    /// Returns the calendar time, for what is shown and written down.
    pub(in crate::session) fn calendar(&self) -> UnixSeconds {
        self.at.calendar
    }

    /// Returns which session it is.
    pub(in crate::session) fn key(&self) -> SessionKey {
        self.key
    }

    /// Returns the limits that hold.
    pub(in crate::session) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns what says things in the language of the session.
    pub(in crate::session) fn say(&self) -> Say {
        self.policy.language.say()
    }

    /// Lets the rest of the step happen under another id of the chat.
    pub(in crate::session) fn move_to(&mut self, key: SessionKey) {
        self.key = key;
    }

    /// Draws a random conversation id.
    pub(in crate::session) fn conversation(&mut self) -> ConversationId {
        (self.ids.conversation)()
    }

    /// Draws the id of a prompt that comes of no message.
    pub(in crate::session) fn prompt_id(&mut self) -> PromptId {
        PromptId((self.ids.conversation)().0)
    }

    /// Draws the number of an agent.
    pub(in crate::session) fn generation(&mut self) -> Generation {
        (self.ids.generation)()
    }

    /// Draws what proves that a button belongs to its message.
    pub(in crate::session) fn nonce(&mut self) -> String {
        (self.ids.nonce)()
    }

    /// Returns when a pattern of cron holds next after a time.
    pub(in crate::session) fn next_time(
        &self,
        pattern: &str,
        after: UnixSeconds,
    ) -> Option<UnixSeconds> {
        (self.ids.next_time)(pattern, after)
    }

    /// Returns what is to be done so far.
    pub(in crate::session) fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// Returns what is to be done so far, to be put in another order.
    pub(in crate::session) fn effects_mut(&mut self) -> &mut Vec<Effect> {
        &mut self.effects
    }

    /// Tells whether the session ends with this step.
    pub(in crate::session) fn is_last(&self) -> bool {
        self.effects.contains(&Effect::Finish)
    }

    /// Has something done.
    pub(in crate::session) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Puts a line on the agent's input.
    pub(in crate::session) fn write(&mut self, input: AgentInput) {
        self.push(Effect::Write(input));
    }

    /// Hands on what was decided about a call of one of the bridge's own tools.
    pub(in crate::session) fn decide(&mut self, call: ToolCall, decision: PermissionDecision) {
        self.consents.push((call, decision));
    }

    /// Returns what was decided about calls since the last time.
    pub(in crate::session) fn take_consents(&mut self) -> Vec<(ToolCall, PermissionDecision)> {
        std::mem::take(&mut self.consents)
    }

    /// Tells the supervisor about the slot.
    pub(in crate::session) fn slot(&mut self, change: SlotChange) {
        self.push(Effect::Slot(change));
    }

    /// Posts a line that answers nothing in particular.
    pub(in crate::session) fn notice(&mut self, text: String) -> PostId {
        self.send(Body::Plain(text), None, (Rank::Notice, Sound::Silent))
    }

    /// Says why the agent ends, in answer to a message if there is one: posted at the end of the
    /// step, together with what ends with it.
    pub(in crate::session) fn say_end(&mut self, text: String, to: Option<MessageId>) {
        self.end_said = Some((text, to));
    }

    /// Posts why the agent ends, if that was said, and what ended with it, a line each, if anything
    /// did.
    pub(in crate::session) fn tell_end(&mut self, ended: Option<&str>) {
        let say = self.say();
        match (self.end_said.take(), ended) {
            (Some((text, to)), ended) => {
                let text = match ended {
                    Some(ended) => say.tasks_ended_beside(text, ended),
                    None => text,
                };
                match to {
                    Some(to) => drop(self.reply(to, text)),
                    None => self.tell(text),
                }
            }
            (None, Some(ended)) => self.tell(say.tasks_ended_with_claude(ended)),
            (None, None) => {}
        }
    }

    /// Posts a line that answers nothing in particular and must arrive.
    pub(in crate::session) fn tell(&mut self, text: String) {
        self.send(Body::Plain(text), None, (Rank::Answer, Sound::Silent));
    }

    /// Posts a line that answers a message and has nothing to say of a prompt: whoever misses it
    /// asks again, and a crowd that asks keeps no answer waiting.
    pub(in crate::session) fn inform(&mut self, to: MessageId, text: String) {
        self.send(Body::Plain(text), Some(to), (Rank::Notice, Sound::Ring));
    }

    /// Posts a line that answers a message and must arrive.
    pub(in crate::session) fn reply(&mut self, to: MessageId, text: String) -> PostId {
        self.send(Body::Plain(text), Some(to), (Rank::Answer, Sound::Ring))
    }

    /// Posts something.
    pub(in crate::session) fn send(
        &mut self,
        body: Body,
        reply_to: Option<MessageId>,
        (rank, sound): (Rank, Sound),
    ) -> PostId {
        let id = (self.ids.post)();
        let action = PostAction::Send {
            id,
            body,
            reply_to,
            sound,
        };
        self.post(action, rank);
        id
    }

    /// Puts a line in the place of what a post says.
    pub(in crate::session) fn edit(&mut self, id: PostId, text: String) {
        self.edit_body(id, Body::Plain(text), Rank::Notice);
    }

    /// Puts something in the place of what a post says.
    pub(in crate::session) fn edit_body(&mut self, id: PostId, body: Body, rank: Rank) {
        self.post(PostAction::Edit { id, body }, rank);
    }

    /// Takes the buttons off what a post says. Where its message is known, the edit outlives the
    /// bridge.
    pub(in crate::session) fn close(
        &mut self,
        (id, message): (PostId, Option<MessageId>),
        body: Body,
        rank: Rank,
    ) {
        match message.filter(|_| !body.has_buttons()) {
            Some(message) => {
                self.post(PostAction::EditMessage { id, message, body }, Rank::Answer);
            }
            None => self.edit_body(id, body, rank),
        }
    }

    /// Takes the buttons off a message of which nobody knows whose it is, because of a press.
    ///
    /// The data of the press can be forged, and the message be that of somebody else's offer: in a
    /// group only whoever may decide about everything changes it.
    pub(in crate::session) fn close_unknown(&mut self, press: &Press, text: String) {
        let may_close = self.key.chat.is_private() || press.role.is_in_charge();
        if let Some(message) = press.message.filter(|_| may_close) {
            self.close_message(message, text);
        }
    }

    /// Takes the buttons off a message that an earlier run, or a decided offer, left.
    pub(in crate::session) fn close_message(&mut self, message: MessageId, text: String) {
        self.close_message_with(message, Body::Plain(text));
    }

    /// Has a known message say this, whoever posted it.
    pub(in crate::session) fn close_message_with(&mut self, message: MessageId, body: Body) {
        let id = (self.ids.post)();
        self.post(PostAction::EditMessage { id, message, body }, Rank::Answer);
    }

    /// Has a known message say this, and keeps its buttons open.
    pub(in crate::session) fn edit_message(&mut self, message: MessageId, body: Body) {
        self.close_message_with(message, body);
    }

    fn post(&mut self, action: PostAction, rank: Rank) {
        let key = self.key;
        self.push(Effect::Post(Post { key, action, rank }));
    }

    /// Gives a message a sign.
    pub(in crate::session) fn react(&mut self, message: MessageId, emoji: &'static str) {
        self.push(Effect::Sign(Sign::React {
            chat: self.key.chat,
            message,
            emoji: Some(emoji),
        }));
    }

    /// Deletes a message, if Telegram lets the bot.
    pub(in crate::session) fn delete(&mut self, message: MessageId) {
        let chat = self.key.chat;
        self.push(Effect::Sign(Sign::Delete { chat, message }));
    }

    /// Answers the press of a button.
    pub(in crate::session) fn toast(&mut self, callback: CallbackId, text: String) {
        self.answer_press(callback, Some(text));
    }

    /// Answers the press of a button, maybe without a word.
    pub(in crate::session) fn answer_press(&mut self, callback: CallbackId, text: Option<String>) {
        self.push(Effect::Sign(Sign::AnswerCallback { callback, text }));
    }

    /// Writes down who decided what.
    pub(in crate::session) fn audit(
        &mut self,
        by: AuditActor,
        action: AuditAction,
        subject: String,
        outcome: AuditOutcome,
    ) {
        self.push(Effect::Audit(AuditEntry {
            at: self.at.calendar,
            by,
            action,
            target: Some(self.key.chat.0),
            subject: Some(subject),
            outcome,
        }));
    }
}
