//! Pure: what a chat has chosen for its turns, and the buttons to choose by.

use crate::agent_event::Model;
use crate::chat_settings::{AgentSettings, BYPASS, Choices, DEFAULT, Setting};
use crate::ids::PostId;
use crate::outbox::Button;
use crate::session::buttons::Meaning;

/// The modes that anybody may choose, as the CLI names them.
const MODES: [&str; 4] = ["default", "acceptEdits", "plan", "dontAsk"];

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
