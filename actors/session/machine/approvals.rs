//! What Claude asks and waits for: permissions, questions, plans.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::audit::{AuditAction, AuditActor, AuditOutcome};
use crate::ids::{MessageId, PostId};
use crate::outbox::{Rank, Sound};
use crate::ports::{AgentInput, PermissionDecision, Unasked};
use crate::session::approval::{Answer, Asked, MAX_ASKED, parse_answer};
use crate::session::effect::Effect;
use crate::session::policy::TYPING_INTERVAL;
use crate::session::request::{Ask, PermissionRequest, Picks};
use crate::session::step::Step;
use crate::session::texts::{self, Decider};
use crate::session::{Press, Prompt};

use super::{Live, Machine, Phase};

/// What a person said to a request.
struct Said<'a> {
    answer: Answer,
    /// Their own words.
    words: Option<&'a str>,
    by: AuditActor,
    /// Their name, if they pressed a button.
    name: Option<&'a str>,
}

impl Machine {
    pub(super) fn on_permission_asked(
        &mut self,
        mut request: PermissionRequest,
        step: &mut Step<'_>,
    ) {
        let deadline = step.now() + self.chat.policy().permission_timeout;
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        if live.asked.len() >= MAX_ASKED {
            let message = texts::denial_for_crowd();
            answer_agent(&request.id, PermissionDecision::Deny { message }, step);
            return;
        }
        if let Ask::Run(run) = &mut request.ask
            && !texts::are_rules_readable(run)
        {
            run.rules.clear();
        }
        let turn = live.turn.as_ref();
        let asker = turn.map(|turn| turn.prompt.author).or(live.asker);
        let reply_to = turn.map(|turn| turn.prompt.message);
        let asked = Asked {
            request: Arc::new(request),
            nonce: step.nonce(),
            asker,
            post: PostId(0),
            message: None,
            deadline,
            answers: Vec::new(),
            marked: BTreeSet::new(),
        };
        let asked = self.ask(asked, reply_to, step);
        if let Phase::Live(live) = &mut self.phase {
            live.asked.push(asked);
        }
    }

    /// Puts a request, or its next question, to the person.
    fn ask(&self, mut asked: Asked, reply_to: Option<MessageId>, step: &mut Step<'_>) -> Asked {
        if let Some(whole) = texts::whole_request(&asked) {
            let tone = (Rank::Answer, Sound::Silent);
            step.send(whole, reply_to, tone);
        }
        let body = texts::asks(&asked, self.chat.policy().permission_timeout);
        let tone = (Rank::Answer, Sound::Ring);
        asked.post = step.send(body, reply_to, tone);
        asked.message = None;
        asked
    }

    pub(super) fn on_answer_pressed(&mut self, press: Press, step: &mut Step<'_>) {
        let found = parse_answer(&press).and_then(|(answer, nonce)| {
            let place = self.place_of(|asked| asked.nonce == nonce && asked.offers(answer))?;
            Some((answer, place))
        });
        let Some((answer, place)) = found else {
            self.on_dead_button(press, step);
            return;
        };
        let asked = self.asked(place);
        let asked = asked.filter(|asked| asked.may_answer(press.by, press.role));
        let text = match asked {
            Some(asked) => texts::answer_taken(&asked.request.ask, answer),
            None => texts::only_asker_answers(),
        };
        let may_answer = asked.is_some();
        step.toast(press.callback, text);
        if may_answer {
            let said = Said {
                answer,
                words: None,
                by: AuditActor::User(press.by),
                name: Some(&press.name),
            };
            self.on_said_to(place, &said, step);
        }
    }

    /// Takes a text for the answer to a request: a reply to its message, or whatever whoever is
    /// asked writes while a question is open. Returns what it is if it is none.
    pub(super) fn take_as_answer(
        &mut self,
        prompt: Prompt,
        reply_to: Option<MessageId>,
        step: &mut Step<'_>,
    ) -> Option<Prompt> {
        let may_answer = |asked: &Asked| asked.asker == Some(prompt.author);
        let replied = reply_to
            .and_then(|to| self.place_of(|asked| asked.message == Some(to) && may_answer(asked)));
        let is_command = prompt.text.starts_with(['/', '!']);
        let place = replied.or_else(|| {
            let typed = self.place_of(|asked| asked.question().is_some() && may_answer(asked));
            typed.filter(|_| !is_command)
        });
        let Some(place) = place else {
            return Some(prompt);
        };
        step.react(prompt.message, "👌");
        let has_question = (self.asked(place)).is_some_and(|asked| asked.question().is_some());
        let answer = if has_question {
            Answer::Done
        } else {
            Answer::Deny
        };
        let said = Said {
            answer,
            words: Some(&prompt.text),
            by: AuditActor::User(prompt.author),
            name: None,
        };
        self.on_said_to(place, &said, step);
        None
    }

    /// Takes what a person who may answer said to a request.
    fn on_said_to(&mut self, place: usize, said: &Said<'_>, step: &mut Step<'_>) {
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        let asked = &mut live.asked[place];
        let Some(question) = asked.question().cloned() else {
            self.decide(place, said, step);
            return;
        };
        let answer = match (said.words, said.answer) {
            (Some(words), _) => words.to_owned(),
            (None, Answer::Deny) => {
                self.decide(place, said, step);
                return;
            }
            (None, Answer::Pick(choice)) if question.picks == Picks::Many => {
                if !asked.marked.remove(&choice) {
                    asked.marked.insert(choice);
                }
                let asked = asked.clone();
                let body = texts::asks(&asked, self.chat.policy().permission_timeout);
                Self::edit_request(&asked, body, step);
                return;
            }
            (None, Answer::Pick(choice)) => question.options[choice].key.clone(),
            (None, _) => {
                let marked = asked.marked.iter();
                let labels = marked.map(|choice| question.options[*choice].key.as_str());
                labels.collect::<Vec<_>>().join(", ")
            }
        };
        asked.answers.push((question.key, answer));
        asked.marked.clear();
        if asked.question().is_none() {
            self.decide(place, said, step);
            return;
        }
        // The next question is a message of its own, with buttons of its own.
        let used = asked.nonce.clone();
        let mut next = asked.clone();
        next.nonce = step.nonce();
        next.deadline = step.now() + self.chat.policy().permission_timeout;
        let body = texts::decided_request(&next, said.answer, said.words, decider(said, step));
        Self::edit_request(&next, body, step);
        self.note_used(used);
        let next = self.ask(next, None, step);
        if let Phase::Live(live) = &mut self.phase {
            live.asked[place] = next;
        }
    }

    /// Ends a request with what a person said.
    fn decide(&mut self, place: usize, said: &Said<'_>, step: &mut Step<'_>) {
        let Some(asked) = self.take_asked(place, step) else {
            return;
        };
        let action = match said.answer {
            Answer::Deny => AuditAction::DenyTool,
            Answer::Allow
            | Answer::AllowForSession
            | Answer::AllowEdits
            | Answer::Pick(_)
            | Answer::Done => AuditAction::AllowTool,
        };
        self.audit(action, said.by, &asked, step);
        let body = texts::decided_request(&asked, said.answer, said.words, decider(said, step));
        Self::edit_request(&asked, body, step);
        let is_plan = matches!(asked.request.ask, Ask::Plan(_));
        if is_plan && said.answer != Answer::Deny {
            self.chat.leave_the_mode(step);
        }
        let request = Arc::clone(&asked.request);
        let runs = matches!(request.ask, Ask::Run(_)) && said.answer != Answer::Deny;
        if let Some(turn) = self.running_turn().filter(|_| !runs) {
            turn.card.on_decided();
        }
        answer_agent(&request.id, decision(asked, said), step);
    }

    /// Denies what nobody answered in time.
    pub(super) fn expire_requests(&mut self, step: &mut Step<'_>) {
        let limit = self.chat.policy().permission_timeout;
        while let Some(place) = self.place_of(|asked| asked.deadline <= step.now()) {
            let Some(asked) = self.take_asked(place, step) else {
                return;
            };
            let by = AuditActor::Bridge;
            self.audit(AuditAction::DenyTool, by, &asked, step);
            Self::edit_request(&asked, texts::expired_request(&asked, limit), step);
            let message = texts::denial_for_silence(limit);
            answer_agent(
                &asked.request.id,
                PermissionDecision::Deny { message },
                step,
            );
        }
    }

    pub(super) fn on_permission_withdrawn(&mut self, request: &str, step: &mut Step<'_>) {
        if let Some(place) = self.place_of(|asked| asked.request.id == request)
            && let Some(asked) = self.take_asked(place, step)
        {
            Self::edit_request(&asked, texts::withdrawn_request(&asked), step);
        }
    }

    pub(super) fn place_of(&self, is_it: impl Fn(&Asked) -> bool) -> Option<usize> {
        match &self.phase {
            Phase::Live(live) => live.asked.iter().position(is_it),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => None,
        }
    }

    fn asked(&self, place: usize) -> Option<&Asked> {
        match &self.phase {
            Phase::Live(live) => live.asked.get(place),
            Phase::Asleep | Phase::Waiting { .. } | Phase::Leaving(_) => None,
        }
    }

    /// Takes a request that has its answer; a turn that waited for it goes on.
    fn take_asked(&mut self, place: usize, step: &mut Step<'_>) -> Option<Asked> {
        let Phase::Live(Live { asked, turn, .. }) = &mut self.phase else {
            return None;
        };
        if let Some(turn) = turn {
            turn.last_sign_at = step.now();
            turn.typing_at = step.now() + TYPING_INTERVAL;
        }
        let asked = asked.remove(place);
        self.note_used(asked.nonce.clone());
        Some(asked)
    }

    fn audit(&self, action: AuditAction, by: AuditActor, asked: &Asked, step: &mut Step<'_>) {
        let subject = match &asked.request.ask {
            Ask::Run(run) => format!("{} sha256:{}", asked.request.tool, run.digest),
            Ask::Questions(_) | Ask::Plan(_) => asked.request.tool.clone(),
        };
        step.audit(by, action, subject, AuditOutcome::Done);
    }
}

fn decider<'a>(said: &Said<'a>, step: &mut Step<'_>) -> Decider<'a> {
    Decider {
        name: said.name,
        at: step.calendar(),
    }
}

fn decision(asked: Asked, said: &Said<'_>) -> PermissionDecision {
    let Asked {
        request, answers, ..
    } = asked;
    let input = request.input.clone();
    let (rules, unasked) = match (&request.ask, said.answer) {
        (ask, Answer::Deny) => {
            let message = texts::denial(ask, said.words);
            return PermissionDecision::Deny { message };
        }
        (Ask::Questions(_), _) => return PermissionDecision::Answer { input, answers },
        (Ask::Run(run), Answer::AllowForSession) => {
            let rules = run.rules.iter().map(|rule| rule.rule.clone());
            (rules.collect(), Unasked::Nothing)
        }
        (Ask::Plan(_), Answer::AllowEdits) => (Vec::new(), Unasked::Edits),
        (Ask::Run(_) | Ask::Plan(_), _) => (Vec::new(), Unasked::Nothing),
    };
    PermissionDecision::Allow {
        input,
        rules,
        unasked,
    }
}

fn answer_agent(request: &str, decision: PermissionDecision, step: &mut Step<'_>) {
    step.push(Effect::Write(AgentInput::Permission {
        request: request.to_owned(),
        decision,
    }));
}
