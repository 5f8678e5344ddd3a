//! Pure: what a chat has chosen for its turns, and the buttons to choose by.

use crate::ids::PostId;
use crate::outbox::Button;
use crate::ports::AgentSettings;
use crate::session::buttons::Meaning;

/// The modes that anybody may choose, as the CLI names them.
const MODES: [&str; 4] = ["default", "acceptEdits", "plan", "dontAsk"];

/// The mode in which everything runs unasked.
pub const BYPASS: &str = "bypassPermissions";

/// The value that leaves a choice to the configuration.
pub const DEFAULT: &str = "default";

/// What can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The model.
    Model,
    /// How hard it thinks.
    Effort,
    /// What runs unasked.
    Mode,
}

/// What a chat has chosen; `None` is what the configuration says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// The model.
    pub model: Option<String>,
    /// How hard it thinks.
    pub effort: Option<String>,
    /// What runs unasked.
    pub mode: Option<String>,
}

/// A model that Claude offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// How it is chosen.
    pub value: String,
    /// How it is shown.
    pub name: String,
    /// How hard it can think.
    pub efforts: Vec<String>,
}

/// A message with values to choose from. A chat has one at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    /// What its buttons carry.
    pub nonce: String,
    /// The post.
    pub post: PostId,
    /// What is chosen.
    pub setting: Setting,
    /// The values.
    pub values: Vec<String>,
}

impl Choices {
    /// Returns what a setting has been set to.
    pub fn of(&self, setting: Setting) -> Option<&str> {
        match setting {
            Setting::Model => self.model.as_deref(),
            Setting::Effort => self.effort.as_deref(),
            Setting::Mode => self.mode.as_deref(),
        }
    }

    /// Sets a setting; the default is to have none.
    pub fn set(&mut self, setting: Setting, value: &str) {
        let is_default = value == DEFAULT && setting != Setting::Mode;
        let value = (!is_default).then(|| value.to_owned());
        match setting {
            Setting::Model => self.model = value,
            Setting::Effort => self.effort = value,
            Setting::Mode => self.mode = value,
        }
    }

    /// Puts the choices over what the configuration says, which may have changed since: to run
    /// everything unasked counts only while it says so too.
    pub fn over(&self, settings: &AgentSettings) -> AgentSettings {
        let text = |own: &Option<String>, all: &String| own.clone().unwrap_or_else(|| all.clone());
        // Where the configuration has it, it is what holds without a choice.
        let mode = self.mode.clone().filter(|mode| mode != BYPASS);
        AgentSettings {
            model: text(&self.model, &settings.model),
            effort: text(&self.effort, &settings.effort),
            permission_mode: text(&mode, &settings.permission_mode),
            ..settings.clone()
        }
    }
}

/// Returns the values of a setting.
///
/// Models are those that Claude lists, and efforts those of the chosen one. To run everything
/// unasked is only offered where the configuration says so.
pub fn values(
    setting: Setting,
    models: &[Model],
    choices: &Choices,
    configured: &AgentSettings,
) -> Vec<String> {
    match setting {
        Setting::Model => models.iter().map(|model| model.value.clone()).collect(),
        Setting::Effort => {
            let chosen = choices.over(configured).model;
            let is_chosen = |model: &&Model| model.value == chosen;
            let model = models.iter().find(is_chosen).or(models.first());
            let efforts = model.map(|model| model.efforts.clone()).unwrap_or_default();
            match efforts.is_empty() {
                true => efforts,
                false => [vec![DEFAULT.to_owned()], efforts].concat(),
            }
        }
        Setting::Mode => {
            let bypass = (configured.permission_mode == BYPASS).then_some(BYPASS);
            MODES.into_iter().chain(bypass).map(str::to_owned).collect()
        }
    }
}

impl Picker {
    /// Returns the buttons, a value each, with the current one marked.
    pub fn rows(&self, current: &str, name_of: impl Fn(&str) -> String) -> Vec<Vec<Button>> {
        let values = self.values.iter().enumerate();
        values
            .map(|(place, value)| {
                let mark = if value == current { "● " } else { "" };
                vec![Button {
                    label: format!("{mark}{}", name_of(value)),
                    data: Meaning::Value(place, &self.nonce).data(),
                }]
            })
            .collect()
    }
}
