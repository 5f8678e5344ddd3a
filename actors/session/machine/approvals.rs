//! What Claude asks and waits for: permissions, questions, plans.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::audit::{AuditAction, AuditActor, AuditEntry, AuditOutcome};
use crate::clock::Time;
use crate::ids::{MessageId, PostId};
use crate::outbox::{Rank, Sign, Sound};
use crate::ports::{AgentInput, PermissionDecision, Unasked};
use crate::session::approval::{Answer, Asked, MAX_ASKED, parse_answer};
use crate::session::effect::Effect;
use crate::session::policy::TYPING_INTERVAL;
use crate::session::request::{Ask, PermissionRequest, Picks};
use crate::session::texts::{self, Decider};
use crate::session::{Press, Prompt};

use super::{Fresh, Live, Machine, Phase};

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
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let deadline = now + self.policy.permission_timeout;
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        if live.asked.len() >= MAX_ASKED {
            let message = texts::denial_for_crowd();
            answer_agent(&request.id, PermissionDecision::Deny { message }, out);
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
            nonce: (fresh.nonce)(),
            asker,
            post: PostId(0),
            message: None,
            deadline,
            answers: Vec::new(),
            marked: BTreeSet::new(),
        };
        let asked = self.ask(asked, reply_to, fresh, out);
        if let Phase::Live(live) = &mut self.phase {
            live.asked.push(asked);
        }
    }

    /// Puts a request, or its next question, to the person.
    fn ask(
        &self,
        mut asked: Asked,
        reply_to: Option<MessageId>,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) -> Asked {
        if let Some(whole) = texts::whole_request(&asked) {
            let tone = (Rank::Answer, Sound::Silent);
            self.send(whole, reply_to, tone, fresh, out);
        }
        let body = texts::asks(&asked, self.policy.permission_timeout);
        let tone = (Rank::Answer, Sound::Ring);
        asked.post = self.send(body, reply_to, tone, fresh, out);
        asked.message = None;
        asked
    }

    pub(super) fn on_answer_pressed(
        &mut self,
        press: Press,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let found = parse_answer(&press).and_then(|(answer, nonce)| {
            let place = self.place_of(|asked| asked.nonce == nonce && asked.offers(answer))?;
            Some((answer, place))
        });
        let Some((answer, place)) = found else {
            self.on_dead_button(press, fresh, out);
            return;
        };
        let asked = self.asked(place);
        let asked = asked.filter(|asked| asked.may_answer(press.by, press.role));
        let text = match asked {
            Some(asked) => texts::answer_taken(&asked.request.ask, answer),
            None => texts::only_asker_answers(),
        };
        let may_answer = asked.is_some();
        out.push(Effect::Sign(Sign::AnswerCallback {
            callback: press.callback,
            text: Some(text),
        }));
        if may_answer {
            let said = Said {
                answer,
                words: None,
                by: AuditActor::User(press.by),
                name: Some(&press.name),
            };
            self.on_said_to(place, &said, now, fresh, out);
        }
    }

    /// Takes a text for the answer to a request: a reply to its message, or whatever whoever is
    /// asked writes while a question is open. Returns what it is if it is none.
    pub(super) fn take_as_answer(
        &mut self,
        prompt: Prompt,
        reply_to: Option<MessageId>,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
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
        out.push(Effect::Sign(Sign::React {
            chat: self.key.chat,
            message: prompt.message,
            emoji: Some("👌"),
        }));
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
        self.on_said_to(place, &said, now, fresh, out);
        None
    }

    /// Takes what a person who may answer said to a request.
    fn on_said_to(
        &mut self,
        place: usize,
        said: &Said<'_>,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        let asked = &mut live.asked[place];
        let Some(question) = asked.question().cloned() else {
            self.decide(place, said, now, fresh, out);
            return;
        };
        let answer = match (said.words, said.answer) {
            (Some(words), _) => words.to_owned(),
            (None, Answer::Deny) => {
                self.decide(place, said, now, fresh, out);
                return;
            }
            (None, Answer::Pick(choice)) if question.picks == Picks::Many => {
                if !asked.marked.remove(&choice) {
                    asked.marked.insert(choice);
                }
                let asked = asked.clone();
                let body = texts::asks(&asked, self.policy.permission_timeout);
                self.edit_body(&asked, body, out);
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
            self.decide(place, said, now, fresh, out);
            return;
        }
        // The next question is a message of its own, with buttons of its own.
        let used = asked.nonce.clone();
        let mut next = asked.clone();
        next.nonce = (fresh.nonce)();
        next.deadline = now + self.policy.permission_timeout;
        let body = texts::decided_request(&next, said.answer, said.words, decider(said, fresh));
        self.edit_body(&next, body, out);
        self.note_used(used);
        let next = self.ask(next, None, fresh, out);
        if let Phase::Live(live) = &mut self.phase {
            live.asked[place] = next;
        }
    }

    /// Ends a request with what a person said.
    fn decide(
        &mut self,
        place: usize,
        said: &Said<'_>,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let Some(asked) = self.take_asked(place, now) else {
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
        self.audit(action, said.by, &asked, fresh, out);
        let body = texts::decided_request(&asked, said.answer, said.words, decider(said, fresh));
        self.edit_body(&asked, body, out);
        let is_plan = matches!(asked.request.ask, Ask::Plan(_));
        if is_plan && said.answer != Answer::Deny && self.record.choices.mode.is_some() {
            // What was chosen has done its work: Claude has left the mode.
            self.record.choices.mode = None;
            out.push(Effect::Remember(self.record.clone()));
        }
        let request = Arc::clone(&asked.request);
        let runs = matches!(request.ask, Ask::Run(_)) && said.answer != Answer::Deny;
        if let Some(turn) = self.running_turn().filter(|_| !runs) {
            turn.card.on_decided();
        }
        answer_agent(&request.id, decision(asked, said), out);
    }

    /// Denies what nobody answered in time.
    pub(super) fn expire_requests(
        &mut self,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let limit = self.policy.permission_timeout;
        while let Some(place) = self.place_of(|asked| asked.deadline <= now) {
            let Some(asked) = self.take_asked(place, now) else {
                return;
            };
            let by = AuditActor::Bridge;
            self.audit(AuditAction::DenyTool, by, &asked, fresh, out);
            self.edit_body(&asked, texts::expired_request(&asked, limit), out);
            let message = texts::denial_for_silence(limit);
            answer_agent(&asked.request.id, PermissionDecision::Deny { message }, out);
        }
    }

    pub(super) fn on_permission_withdrawn(
        &mut self,
        request: &str,
        now: Time,
        out: &mut Vec<Effect>,
    ) {
        if let Some(place) = self.place_of(|asked| asked.request.id == request)
            && let Some(asked) = self.take_asked(place, now)
        {
            self.edit_body(&asked, texts::withdrawn_request(&asked), out);
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
    fn take_asked(&mut self, place: usize, now: Time) -> Option<Asked> {
        let Phase::Live(Live { asked, turn, .. }) = &mut self.phase else {
            return None;
        };
        if let Some(turn) = turn {
            turn.last_sign_at = now;
            turn.typing_at = now + TYPING_INTERVAL;
        }
        let asked = asked.remove(place);
        self.note_used(asked.nonce.clone());
        Some(asked)
    }

    fn audit(
        &self,
        action: AuditAction,
        by: AuditActor,
        asked: &Asked,
        fresh: &Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let subject = match &asked.request.ask {
            Ask::Run(run) => format!("{} sha256:{}", asked.request.tool, run.digest),
            Ask::Questions(_) | Ask::Plan(_) => asked.request.tool.clone(),
        };
        out.push(Effect::Audit(AuditEntry {
            at: fresh.calendar,
            by,
            action,
            target: Some(self.key.chat.0),
            subject: Some(subject),
            outcome: AuditOutcome::Done,
        }));
    }
}

fn decider<'a>(said: &Said<'a>, fresh: &Fresh<'_>) -> Decider<'a> {
    Decider {
        name: said.name,
        at: fresh.calendar,
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

fn answer_agent(request: &str, decision: PermissionDecision, out: &mut Vec<Effect>) {
    out.push(Effect::Write(AgentInput::Permission {
        request: request.to_owned(),
        decision,
    }));
}
