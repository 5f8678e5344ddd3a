//! Pure: what a chat has chosen for its turns, and the buttons to choose by.

use crate::agent_event::Model;
use crate::chat_settings::{AgentSettings, BYPASS, Choices, DEFAULT, Setting};
use crate::ids::PostId;
use crate::outbox::Button;
use crate::session::buttons::Meaning;

/// The modes that anybody may choose, as the CLI names them.
const MODES: [&str; 4] = ["default", "acceptEdits", "plan", "dontAsk"];

/// The mode in which Claude decides itself what runs unasked, where a model can.
const AUTO: &str = "auto";

/// Models by the names that every version of Claude takes; offered while it has listed none.
const SHORT_NAMES: [&str; 5] = ["default", "opus", "sonnet", "haiku", "opusplan"];

/// Names that it takes too.
const OTHER_SHORT_NAMES: [&str; 2] = ["best", "fable"];

/// Ends the name of a model with a larger window.
pub(super) const LARGE_WINDOW: &str = "[1m]";

/// The longest name of a model, in bytes.
const LONGEST_MODEL: usize = 200;

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
        Setting::Model if models.is_empty() => SHORT_NAMES.map(str::to_owned).to_vec(),
        Setting::Model => models.iter().map(|model| model.value.clone()).collect(),
        Setting::Effort => {
            let model = chosen_model(models, choices, configured);
            let efforts = model.map(|model| model.efforts.clone()).unwrap_or_default();
            match efforts.is_empty() {
                true => efforts,
                false => [vec![DEFAULT.to_owned()], efforts].concat(),
            }
        }
        Setting::Mode => {
            let model = chosen_model(models, choices, configured);
            let auto = model.filter(|model| model.decides_itself).map(|_| AUTO);
            let bypass = (configured.permission_mode == BYPASS).then_some(BYPASS);
            let modes = MODES.into_iter().chain(auto).chain(bypass);
            modes.map(str::to_owned).collect()
        }
    }
}

fn chosen_model<'a>(
    models: &'a [Model],
    choices: &Choices,
    configured: &AgentSettings,
) -> Option<&'a Model> {
    let chosen = choices.over(configured).model;
    let is_chosen = |model: &&Model| model.value == chosen;
    models.iter().find(is_chosen).or(models.first())
}

/// Returns the value that a person has written, in any case; `None` if it is none of a setting. Of
/// models Claude takes more than it lists.
pub fn written(setting: Setting, text: &str, values: &[String]) -> Option<String> {
    let listed = values.iter().find(|value| value.eq_ignore_ascii_case(text));
    let model = || (setting == Setting::Model).then(|| model(text)).flatten();
    listed.cloned().or_else(model)
}

/// Returns a short name of a model as Claude spells it, or what may be a full name, such as
/// claude-opus-5-5 or one of another provider: a short name that is misspelt is none.
fn model(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let stem = lower.strip_suffix(LARGE_WINDOW).unwrap_or(&lower);
    if SHORT_NAMES.contains(&stem) || OTHER_SHORT_NAMES.contains(&stem) {
        return Some(lower);
    }
    let is_sign = |sign: char| sign.is_ascii_alphanumeric() || "-._:/@".contains(sign);
    let is_full = stem.contains('-')
        && stem.chars().any(|sign| sign.is_ascii_digit())
        && stem.starts_with(|sign: char| sign.is_ascii_alphanumeric())
        && stem.chars().all(is_sign)
        && stem.len() <= LONGEST_MODEL;
    // Another provider may tell large letters from small ones.
    is_full.then(|| text.to_owned())
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
