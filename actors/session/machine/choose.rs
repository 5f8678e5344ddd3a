//! What a chat chooses for its turns: model, effort, mode.

use crate::audit::{AuditAction, AuditActor, AuditEntry, AuditOutcome};
use crate::clock::Time;
use crate::ids::{MessageId, PostId, UserId};
use crate::outbox::{Body, Post, PostAction, Rank, Sign, Sound};
use crate::ports::{AgentInput, Trust};
use crate::session::Press;
use crate::session::choices::{BYPASS, Picker, Setting, parse_pick, values};
use crate::session::effect::Effect;
use crate::session::texts;
use crate::user_registry::Role;

use super::{Fresh, Machine, Phase, Room};

impl Machine {
    /// Shows the values of a setting, or sets it to one of them.
    pub(super) fn on_choose(
        &mut self,
        (message, role): (MessageId, Role),
        setting: Setting,
        value: Option<&str>,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let values = self.values_for(setting, role);
        if values.is_empty() {
            let text = match self.models.is_empty() {
                true => texts::values_unknown(),
                false => texts::no_values(),
            };
            self.reply(message, text, fresh, out);
            return;
        }
        match value {
            Some(value) if values.iter().any(|known| known == value) => {
                self.choose(setting, value, now, out);
                let text = texts::chosen(setting, &self.name_of(setting, value));
                self.reply(message, text, fresh, out);
            }
            Some(_) | None => self.show_picker(message, setting, values, fresh, out),
        }
    }

    /// Lets what the folder brings along run, or no longer; the agent is started anew for it.
    pub(super) fn on_trust(
        &mut self,
        (message, trust): (MessageId, Trust),
        (by, role): (UserId, Role),
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let outcome = match role.is_in_charge() {
            true => AuditOutcome::Done,
            false => AuditOutcome::Refused("not an administrator"),
        };
        out.push(Effect::Audit(AuditEntry {
            at: fresh.calendar,
            by: AuditActor::User(by),
            action: match trust {
                Trust::Trusted => AuditAction::TrustFolder,
                Trust::Untrusted => AuditAction::DistrustFolder,
            },
            target: Some(self.key.chat.0),
            subject: Some(self.record.folder.display().to_string()),
            outcome,
        }));
        if !role.is_in_charge() {
            self.reply(message, texts::trust_is_for_admins(), fresh, out);
            return;
        }
        if self.record.trust != trust {
            self.record.trust = trust;
            out.push(Effect::Remember(self.record.clone()));
            if let Phase::Live(live) = &mut self.phase {
                live.room = Room::Stale;
                self.make_room(now, out);
            }
        }
        let text = texts::trusted(trust, &self.record.folder);
        self.reply(message, text, fresh, out);
    }

    fn show_picker(
        &mut self,
        message: MessageId,
        setting: Setting,
        values: Vec<String>,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let mut picker = Picker {
            nonce: (fresh.nonce)(),
            post: PostId(0),
            setting,
            values,
        };
        let current = self.current(setting);
        let body = Body::Live {
            text: texts::choose(setting),
            code: None,
            rows: picker.rows(&current, |value| self.name_of(setting, value)),
        };
        let tone = (Rank::Answer, Sound::Silent);
        picker.post = self.send(body, Some(message), tone, fresh, out);
        self.picker = Some(picker);
    }

    pub(super) fn on_picked(&mut self, press: Press, now: Time, out: &mut Vec<Effect>) {
        let picked = parse_pick(&press.data).and_then(|(place, nonce)| {
            let picker = self
                .picker
                .as_ref()
                .filter(|picker| picker.nonce == nonce)?;
            Some((
                picker.post,
                picker.setting,
                picker.values.get(place)?.clone(),
            ))
        });
        // Whoever presses may not be whoever asked.
        let picked = picked.filter(|(_, setting, value)| {
            self.values_for(*setting, press.role)
                .iter()
                .any(|known| known == value)
        });
        let text = match picked {
            None => texts::offer_is_over(),
            Some((id, setting, value)) => {
                self.picker = None;
                self.choose(setting, &value, now, out);
                let text = texts::chosen(setting, &self.name_of(setting, &value));
                out.push(Effect::Post(Post {
                    key: self.key,
                    action: PostAction::Edit {
                        id,
                        body: Body::Live {
                            text: text.clone(),
                            code: None,
                            rows: Vec::new(),
                        },
                    },
                    rank: Rank::Answer,
                }));
                text
            }
        };
        out.push(Effect::Sign(Sign::AnswerCallback {
            callback: press.callback,
            text: Some(text),
        }));
    }

    /// Sets a setting for the chat: the running agent is told, and the next one begins with it.
    fn choose(&mut self, setting: Setting, value: &str, now: Time, out: &mut Vec<Effect>) {
        self.record.choices.set(setting, value);
        out.push(Effect::Remember(self.record.clone()));
        let told = self.record.choices.over(&self.settings.agent);
        let Phase::Live(live) = &mut self.phase else {
            return;
        };
        let (value, is_for_the_next) = match setting {
            Setting::Model => (told.model, false),
            // An agent without a choice of its own has none to go back to.
            Setting::Effort => (told.effort.clone(), told.effort.is_empty()),
            // Only an agent that was started for it runs everything unasked.
            Setting::Mode => (told.permission_mode, value == BYPASS),
        };
        if is_for_the_next {
            live.room = Room::Stale;
            self.make_room(now, out);
        } else {
            out.push(Effect::Write(AgentInput::Set { setting, value }));
        }
    }

    /// Only administrators let everything run unasked.
    fn values_for(&self, setting: Setting, role: Role) -> Vec<String> {
        let mut values = values(
            setting,
            &self.models,
            &self.record.choices,
            &self.settings.agent,
        );
        if !role.is_in_charge() {
            values.retain(|value| value != BYPASS);
        }
        values
    }

    fn current(&self, setting: Setting) -> String {
        let all = self.record.choices.over(&self.settings.agent);
        let value = match setting {
            Setting::Model => all.model,
            Setting::Effort => all.effort,
            Setting::Mode => all.permission_mode,
        };
        match value.is_empty() {
            true => crate::session::choices::DEFAULT.to_owned(),
            false => value,
        }
    }

    fn name_of(&self, setting: Setting, value: &str) -> String {
        let model = self.models.iter().find(|model| model.value == value);
        match (setting, model) {
            (Setting::Model, Some(model)) => model.name.clone(),
            (Setting::Mode, _) => texts::mode(value),
            (Setting::Model | Setting::Effort, _) => value.to_owned(),
        }
    }
}
