//! What a chat chooses for its turns: model, effort, mode.

use crate::audit::{AuditAction, AuditActor, AuditOutcome};
use crate::ids::{MessageId, PostId, UserId};
use crate::outbox::{Body, Rank, Sound};
use crate::ports::{AgentInput, Trust};
use crate::session::Press;
use crate::session::choices::{BYPASS, Picker, Setting, parse_pick, values};
use crate::session::effect::Effect;
use crate::session::step::Step;
use crate::session::texts;
use crate::user_registry::Role;

use super::{Machine, Phase, Room};

impl Machine {
    /// Shows the values of a setting, or sets it to one of them.
    pub(super) fn on_choose(
        &mut self,
        (message, role): (MessageId, Role),
        setting: Setting,
        value: Option<&str>,
        step: &mut Step<'_>,
    ) {
        let values = self.values_for(setting, role);
        if values.is_empty() {
            let text = match self.models.is_empty() {
                true => texts::values_unknown(),
                false => texts::no_values(),
            };
            step.reply(message, text);
            return;
        }
        match value {
            Some(value) if values.iter().any(|known| known == value) => {
                self.choose(setting, value, step);
                let text = texts::chosen(setting, &self.name_of(setting, value));
                step.reply(message, text);
            }
            Some(_) | None => self.show_picker(message, setting, values, step),
        }
    }

    /// Lets what the folder brings along run, or no longer; the agent is started anew for it.
    pub(super) fn on_trust(
        &mut self,
        (message, trust): (MessageId, Trust),
        (by, role): (UserId, Role),
        step: &mut Step<'_>,
    ) {
        let outcome = match role.is_in_charge() {
            true => AuditOutcome::Done,
            false => AuditOutcome::Refused("not an administrator"),
        };
        let action = match trust {
            Trust::Trusted => AuditAction::TrustFolder,
            Trust::Untrusted => AuditAction::DistrustFolder,
        };
        let folder = self.record.folder.display().to_string();
        step.audit(AuditActor::User(by), action, folder, outcome);
        if !role.is_in_charge() {
            step.reply(message, texts::trust_is_for_admins());
            return;
        }
        if self.record.trust != trust {
            self.record.trust = trust;
            step.push(Effect::Remember(self.record.clone()));
            if let Phase::Live(live) = &mut self.phase {
                live.room = Room::Stale;
                self.make_room(step);
            }
        }
        let text = texts::trusted(trust, &self.record.folder);
        step.reply(message, text);
    }

    fn show_picker(
        &mut self,
        message: MessageId,
        setting: Setting,
        values: Vec<String>,
        step: &mut Step<'_>,
    ) {
        let mut picker = Picker {
            nonce: step.nonce(),
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
        picker.post = step.send(body, Some(message), tone);
        self.picker = Some(picker);
    }

    pub(super) fn on_picked(&mut self, press: Press, step: &mut Step<'_>) {
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
                self.choose(setting, &value, step);
                let text = texts::chosen(setting, &self.name_of(setting, &value));
                let body = Body::Live {
                    text: text.clone(),
                    code: None,
                    rows: Vec::new(),
                };
                step.edit_body(id, body, Rank::Answer);
                text
            }
        };
        step.toast(press.callback, text);
    }

    /// Sets a setting for the chat: the running agent is told, and the next one begins with it.
    fn choose(&mut self, setting: Setting, value: &str, step: &mut Step<'_>) {
        self.record.choices.set(setting, value);
        step.push(Effect::Remember(self.record.clone()));
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
            self.make_room(step);
        } else {
            step.push(Effect::Write(AgentInput::Set { setting, value }));
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
