//! What Claude asks and waits for: permissions, questions, plans.

mod answering;
pub(in crate::session) mod asked;
mod filling;
pub(in crate::session) mod sheet;

pub(in crate::session) use answering::{Decided, Heard};
pub(in crate::session) use asked::Answer;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use crate::audit::{AuditAction, AuditActor, AuditOutcome};
use crate::clock::Time;
use crate::form::FormAnswer;
use crate::ids::{Generation, MessageId, PostId, UserId};
use crate::outbox::{Body, Rank, Sound};
use crate::permission_request::{Ask, PermissionRequest};
use crate::ports::{AgentInput, PermissionDecision};
use crate::session::Press;
use crate::session::deadline::{Deadline, Why};
use crate::session::step::Step;
use crate::session::texts;
use crate::session::to_claude;

use asked::{Asked, MAX_ASKED};
use sheet::Sheet;

/// How many decided requests are told apart from those of an earlier run.
const MAX_USED: usize = 64;

/// How often MCP servers may ask in one turn.
const MAX_FORMS: usize = 12;

/// The requests that wait for an answer of a person.
#[derive(Debug, Default)]
pub(in crate::session) struct Requests {
    /// The agent that waits for them.
    agent: Option<Generation>,
    /// The oldest first.
    open: Vec<Asked>,
    /// What the buttons carried of those that are decided, the oldest first.
    used: VecDeque<String>,
    /// The messages that showed what a server asked, the oldest first.
    over: VecDeque<OverForm>,
    /// How often servers have asked, and in which turn of which agent.
    forms: (usize, Option<(Generation, Option<MessageId>)>),
}

/// A message that showed what a server asked.
#[derive(Debug)]
struct OverForm {
    post: PostId,
    message: Option<MessageId>,
}

/// Who is asked: whoever wrote the prompt, in answer to its message while its turn runs.
#[derive(Debug, Clone, Copy)]
pub(in crate::session) struct Asking {
    pub(in crate::session) agent: Generation,
    pub(in crate::session) asker: Option<UserId>,
    pub(in crate::session) reply_to: Option<MessageId>,
}

impl Requests {
    /// Puts a request of an agent to a person; tells whether it waits for them, and was not refused
    /// at once.
    pub(in crate::session) fn on_asked(
        &mut self,
        mut request: PermissionRequest,
        asking: Asking,
        step: &mut Step<'_>,
    ) -> bool {
        if self.open.len() >= MAX_ASKED {
            refuse(&request, to_claude::denial_for_crowd(), step);
            return false;
        }
        if !self.may_ask_form(&request, asking, step) {
            refuse(&request, String::new(), step);
            return false;
        }
        if let Ask::Run(run) = &mut request.ask
            && !texts::are_rules_readable(run)
        {
            run.rules.clear();
        }
        let mut asked = Asked {
            request: Arc::new(request),
            nonce: step.nonce(),
            asker: asking.asker,
            post: PostId::NONE,
            message: None,
            asked_at: step.now(),
            deadline: step.now() + step.policy().permission_timeout,
            answers: Vec::new(),
            marked: BTreeSet::new(),
            sheet: Sheet::default(),
        };
        asked.mark_what_is_proposed();
        let asked = ask(asked, asking.reply_to, step);
        self.agent = Some(asking.agent);
        self.open.push(asked);
        true
    }

    /// Tells whether a request is no form of a server, or one that may still be asked in this turn. A
    /// server that asks in a loop is named once.
    fn may_ask_form(
        &mut self,
        request: &PermissionRequest,
        asking: Asking,
        step: &mut Step<'_>,
    ) -> bool {
        let Ask::Form(form) = &request.ask else {
            return true;
        };
        let turn = Some((asking.agent, asking.reply_to));
        if self.forms.1 != turn {
            self.forms = (0, turn);
        }
        self.forms.0 = self.forms.0.saturating_add(1);
        if self.forms.0 == MAX_FORMS + 1 {
            let text = texts::too_many_forms(step.say(), form, MAX_FORMS);
            let tone = (Rank::Notice, Sound::Silent);
            step.send(Body::Plain(text), asking.reply_to, tone);
        }
        self.forms.0 <= MAX_FORMS
    }

    /// Tells whether a person is asked.
    pub(in crate::session) fn are_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Returns since when a person is asked.
    pub(in crate::session) fn open_since(&self) -> Option<Time> {
        self.open.iter().map(|asked| asked.asked_at).min()
    }

    /// Says what a person is asked, and since when: the oldest of all that waits.
    pub(in crate::session) fn state(&self, step: &Step<'_>) -> Option<String> {
        let oldest = self.open.first()?;
        Some(texts::waits_for_person(step.say(), oldest, step.now()))
    }

    /// Returns the messages that show requests.
    pub(in crate::session) fn messages(&self) -> Vec<MessageId> {
        self.open.iter().filter_map(|asked| asked.message).collect()
    }

    /// Notes which message shows a request, so that a reply to it is known.
    pub(in crate::session) fn on_shown(&mut self, post: PostId, message: MessageId) {
        if let Some(asked) = self.open.iter_mut().find(|asked| asked.post == post) {
            asked.message = Some(message);
        }
        if let Some(over) = self.over.iter_mut().find(|over| over.post == post) {
            over.message = Some(message);
        }
    }

    /// Forgets which messages show requests: they have other ids where the chat is now.
    pub(in crate::session) fn forget_messages(&mut self) {
        for asked in &mut self.open {
            asked.message = None;
        }
        self.over.clear();
    }

    /// Returns when the next request is denied for want of an answer.
    pub(in crate::session) fn next_deadline(&self) -> Option<Deadline> {
        let next = self.open.iter().map(|asked| asked.deadline).min();
        next.map(|deadline| Why::PersonAnswers.at(deadline))
    }

    /// Denies what nobody answered in time; tells whether something was.
    pub(in crate::session) fn on_deadline(&mut self, step: &mut Step<'_>) -> Vec<String> {
        let limit = step.policy().permission_timeout;
        let now = step.now();
        let mut denied = Vec::new();
        while let Some(place) = self.place_of(|asked| asked.deadline <= now) {
            let asked = self.take(place);
            audit(AuditAction::DenyTool, AuditActor::Bridge, &asked, step);
            edit(
                &asked,
                texts::expired_request(step.say(), &asked, limit),
                step,
            );
            refuse(&asked.request, to_claude::denial_for_silence(limit), step);
            denied.push(asked.request.id.clone());
        }
        denied
    }

    /// Takes in that the agent takes a request back; tells whether it was open.
    pub(in crate::session) fn on_withdrawn(&mut self, request: &str, step: &mut Step<'_>) -> bool {
        let Some(place) = self.place_of(|asked| asked.request.id == request) else {
            return false;
        };
        let asked = self.take(place);
        edit(&asked, texts::withdrawn_request(step.say(), &asked), step);
        true
    }

    /// Closes the messages of requests whose agent went in the step.
    ///
    /// They are found by looking, so that no way through the machine leaves live buttons behind.
    pub(in crate::session) fn close_dead(
        &mut self,
        agent: Option<Generation>,
        step: &mut Step<'_>,
    ) {
        if self.agent == agent {
            return;
        }
        self.agent = None;
        for asked in std::mem::take(&mut self.open) {
            self.note_over(&asked);
            self.note_used(asked.nonce.clone());
            edit(&asked, texts::withdrawn_request(step.say(), &asked), step);
        }
    }

    /// A button of a request that is decided, of an earlier run, or of none. The message of a
    /// decided one says so already; that of an earlier run is made to.
    fn on_dead_button(&self, press: Press, step: &mut Step<'_>) {
        let nonce = press.data.rsplit('.').next();
        let is_used = (self.used.iter()).any(|used| Some(used.as_str()) == nonce);
        // Data that is forged may come from below an open request, which may not yet be known to
        // be a message.
        let may_be_open = |message| {
            let is_it = |asked: &Asked| {
                let shows = asked.message.is_none_or(|shown| shown == message);
                shows || Some(asked.nonce.as_str()) == nonce
            };
            self.place_of(is_it).is_some()
        };
        if let Some(message) = press.message
            && !is_used
            && !may_be_open(message)
        {
            step.close_unknown(&press, step.say().request_of_earlier_run());
        }
        step.toast(press.callback, step.say().toast_over());
    }

    fn place_of(&self, is_it: impl Fn(&Asked) -> bool) -> Option<usize> {
        self.open.iter().position(is_it)
    }

    /// Takes a request that has its answer.
    fn take(&mut self, place: usize) -> Asked {
        let asked = self.open.remove(place);
        self.note_over(&asked);
        self.note_used(asked.nonce.clone());
        asked
    }

    /// Remembers what the buttons carry of what is decided: one may be pressed twice.
    fn note_used(&mut self, nonce: String) {
        if self.used.len() >= MAX_USED {
            self.used.pop_front();
        }
        self.used.push_back(nonce);
    }

    /// Remembers the message of what a server no longer asks: a value may still be said to it.
    fn note_over(&mut self, asked: &Asked) {
        if asked.form().is_none() {
            return;
        }
        if self.over.len() >= MAX_USED {
            self.over.pop_front();
        }
        self.over.push_back(OverForm {
            post: asked.post,
            message: asked.message,
        });
    }

    /// Tells whether a message showed what a server no longer asks.
    fn is_over(&self, message: Option<MessageId>) -> bool {
        message.is_some() && self.over.iter().any(|over| over.message == message)
    }

    /// Returns the open requests.
    #[cfg(test)]
    pub(in crate::session) fn open(&self) -> &[Asked] {
        &self.open
    }
}

/// Puts a request, or its next question, to the person.
fn ask(mut asked: Asked, reply_to: Option<MessageId>, step: &mut Step<'_>) -> Asked {
    if let Some(whole) = texts::whole_request(step.say(), &asked) {
        step.send(whole, reply_to, (Rank::Answer, Sound::Silent));
    }
    let body = texts::asks(step.say(), &asked, step.policy().permission_timeout);
    asked.post = step.send(body, reply_to, (Rank::Answer, Sound::Ring));
    asked.message = None;
    asked
}

/// Changes the message of a request. What takes the buttons off a known message outlives the
/// bridge.
fn edit(asked: &Asked, body: Body, step: &mut Step<'_>) {
    step.close((asked.post, asked.message), body, Rank::Answer);
}

fn audit(action: AuditAction, by: AuditActor, asked: &Asked, step: &mut Step<'_>) {
    let subject = match &asked.request.ask {
        Ask::Run(run) => format!("{} sha256:{}", asked.request.tool, run.digest),
        Ask::Questions(_) | Ask::Plan(_) => asked.request.tool.clone(),
        Ask::Form(form) => format!("elicitation {}", form.server),
    };
    step.audit(by, action, subject, AuditOutcome::Done);
}

/// Tells whoever waits that nobody has decided: no person has said no.
fn refuse(request: &PermissionRequest, message: String, step: &mut Step<'_>) {
    match request.ask {
        Ask::Form(_) => answer_server(request, FormAnswer::Cancelled, step),
        Ask::Run(_) | Ask::Questions(_) | Ask::Plan(_) => {
            answer_agent(request, PermissionDecision::Deny { message }, step);
        }
    }
}

/// Tells the server that asks.
fn answer_server(request: &PermissionRequest, answer: FormAnswer, step: &mut Step<'_>) {
    let request = request.id.clone();
    step.write(AgentInput::Form { request, answer });
}

/// Tells whoever waits for the answer: the agent, or what the bridge does for it.
fn answer_agent(request: &PermissionRequest, decision: PermissionDecision, step: &mut Step<'_>) {
    match &request.for_call {
        Some(call) => step.decide(call.clone(), decision),
        None => step.write(AgentInput::Permission {
            request: request.id.clone(),
            decision,
        }),
    }
}
