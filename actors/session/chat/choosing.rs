//! What a chat chooses for its turns: model, effort, mode, and whether its folder is trusted.

use bridge_texts::Say;

use super::Chat;
use super::choices::{Picker, values, written};
use crate::audit::{AuditAction, AuditActor, AuditOutcome};
use crate::chat_settings::Trust;
use crate::chat_settings::{BYPASS, DEFAULT, Setting};
use crate::ids::{CallbackId, MessageId, PostId, UserId};
use crate::instruction::Role;
use crate::outbox::{Body, Rank, Sound};
use crate::ports::AgentInput;
use crate::session::Press;
use crate::session::step::Step;
use crate::session::texts;

/// A value that was chosen.
#[derive(Debug)]
pub(in crate::session) struct Chosen {
    /// How it reaches an agent that runs.
    pub(in crate::session) reach: Reach,
    text: String,
    by: ChosenBy,
}

/// How a choice reaches an agent that runs.
#[derive(Debug, Clone)]
pub(in crate::session) enum Reach {
    /// It is told.
    Told(AgentInput),
    /// It is not: the choice is for the next one.
    Next,
}

/// How a value was chosen.
#[derive(Debug)]
enum ChosenBy {
    Command(MessageId),
    Picker(PostId, CallbackId),
}

/// What became of the wish to trust a folder, or not to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Trusting {
    /// It is not for them to decide, and they know.
    Refused,
    /// It was so before.
    Unchanged,
    /// What the agent was started with does not hold any more.
    Changed,
}

impl Chosen {
    /// Says what was chosen, where it was.
    pub(in crate::session) fn say(self, step: &mut Step<'_>) {
        match self.by {
            ChosenBy::Command(message) => {
                step.reply(message, self.text);
            }
            ChosenBy::Picker(post, callback) => {
                let body = Body::Live {
                    text: self.text.clone(),
                    code: None,
                    rows: Vec::new(),
                };
                step.edit_body(post, body, Rank::Answer);
                step.toast(callback, self.text);
            }
        }
    }
}

impl Chat {
    /// Shows the values of a setting, or sets it to one of them.
    pub(in crate::session) fn on_choose(
        &mut self,
        (message, role): (MessageId, Role),
        setting: Setting,
        value: Option<&str>,
        step: &mut Step<'_>,
    ) -> Option<Chosen> {
        let values = self.values_for(setting, role);
        if values.is_empty() {
            let text = match self.listed.models.is_empty() {
                true => step.say().choices_unknown(),
                false => step.say().choices_none(),
            };
            step.reply(message, text);
            return None;
        }
        match value {
            Some(value) if let Some(value) = written(setting, value, &values) => {
                Some(self.choose(setting, &value, ChosenBy::Command(message), step))
            }
            Some(_) | None => {
                self.show_picker(message, setting, values, step);
                None
            }
        }
    }

    /// Sets a setting to the value whose button was pressed.
    pub(in crate::session) fn on_picked(
        &mut self,
        press: Press,
        (place, nonce): (usize, &str),
        step: &mut Step<'_>,
    ) -> Option<Chosen> {
        let picker = self.picker.as_ref().filter(|it| it.nonce == nonce);
        let picked = picker.and_then(|picker| {
            let value = picker.values.get(place)?.clone();
            Some((picker.post, picker.setting, value))
        });
        // Whoever presses may not be whoever asked.
        let picked = picked.filter(|(_, setting, value)| {
            let values = self.values_for(*setting, press.role);
            values.iter().any(|known| known == value)
        });
        let Some((post, setting, value)) = picked else {
            step.toast(press.callback, step.say().toast_over());
            return None;
        };
        self.picker = None;
        let by = ChosenBy::Picker(post, press.callback);
        Some(self.choose(setting, &value, by, step))
    }

    /// Lets what the folder brings along run, or no longer.
    pub(in crate::session) fn on_trust(
        &mut self,
        (message, trust): (MessageId, Trust),
        (by, role): (UserId, Role),
        step: &mut Step<'_>,
    ) -> Trusting {
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
            step.reply(message, step.say().trust_is_for_admins());
            return Trusting::Refused;
        }
        if self.record.trust == trust {
            return Trusting::Unchanged;
        }
        self.record.trust = trust;
        self.store(step);
        Trusting::Changed
    }

    /// Says whether the folder is trusted.
    pub(in crate::session) fn say_trust(&self, message: MessageId, step: &mut Step<'_>) {
        let text = texts::trusted(step.say(), self.record.trust, &self.record.folder);
        step.reply(message, text);
    }

    /// Gives up the mode that was chosen: a plan was approved, and Claude has left the mode.
    pub(in crate::session) fn leave_the_mode(&mut self, step: &mut Step<'_>) {
        if self.record.choices.mode.take().is_some() {
            self.store(step);
        }
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
            post: PostId::NONE,
            setting,
            values,
        };
        let current = self.current(setting);
        let body = Body::Live {
            text: texts::choose(step.say(), setting),
            code: None,
            rows: picker.rows(&current, |value| self.name_of(step.say(), setting, value)),
        };
        let tone = (Rank::Answer, Sound::Silent);
        picker.post = step.send(body, Some(message), tone);
        self.picker = Some(picker);
    }

    /// Sets a setting for the chat.
    fn choose(
        &mut self,
        setting: Setting,
        value: &str,
        by: ChosenBy,
        step: &mut Step<'_>,
    ) -> Chosen {
        let before = self.record.choices.of(setting).map(str::to_owned);
        self.agent.took.entry(setting).or_insert(before);
        self.record.choices.set(setting, value);
        if setting == Setting::Mode {
            self.agent.n_modes_asked += 1;
            let before = self.agent.mode.take();
            self.agent.mode_before = before.or(self.agent.mode_before.take());
        }
        self.store(step);
        let told = self.agent_settings();
        let (told, is_for_the_next) = match setting {
            Setting::Model => (told.model, false),
            // An agent without a choice of its own has none to go back to.
            Setting::Effort => (told.effort.clone(), told.effort.is_empty()),
            // Only an agent that was started for it runs everything unasked.
            Setting::Mode => (told.permission_mode, value == BYPASS),
        };
        let reach = match is_for_the_next {
            true => Reach::Next,
            false => Reach::Told(AgentInput::Set {
                setting,
                value: told,
            }),
        };
        let name = self.name_of(step.say(), setting, value);
        let text = texts::chosen(step.say(), setting, &name);
        Chosen { reach, text, by }
    }

    /// Only administrators let everything run unasked.
    fn values_for(&self, setting: Setting, role: Role) -> Vec<String> {
        let (chosen, configured) = (&self.record.choices, &self.settings.agent);
        let mut values = values(setting, &self.listed.models, chosen, configured);
        if !role.is_in_charge() {
            values.retain(|value| value != BYPASS);
        }
        values
    }

    /// Returns what an agent is told of a setting.
    pub(super) fn told(&self, setting: Setting) -> String {
        let all = self.agent_settings();
        match setting {
            Setting::Model => all.model,
            Setting::Effort => all.effort,
            Setting::Mode => all.permission_mode,
        }
    }

    pub(super) fn current(&self, setting: Setting) -> String {
        let value = match (setting, &self.agent.mode) {
            (Setting::Mode, Some(mode)) => mode.clone(),
            (Setting::Model | Setting::Effort | Setting::Mode, _) => self.told(setting),
        };
        match value.is_empty() {
            true => DEFAULT.to_owned(),
            false => value,
        }
    }

    pub(super) fn name_of(&self, say: Say, setting: Setting, value: &str) -> String {
        let mut models = self.listed.models.iter();
        let model = models.find(|model| model.value == value);
        match (setting, model) {
            (Setting::Model, Some(model)) => model.name.clone(),
            (Setting::Mode, _) => texts::mode(say, value),
            (Setting::Model | Setting::Effort, _) => value.to_owned(),
        }
    }
}
