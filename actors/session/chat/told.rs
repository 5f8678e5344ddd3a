//! What the agent that runs says of the settings of its chat: what it has taken, and what it has
//! changed.

use super::choices::LARGE_WINDOW;
use super::{AgentFacts, Chat};
use crate::agent_event::SetAnswer;
use crate::chat_settings::{DEFAULT, Setting};
use crate::session::step::Step;
use crate::session::texts;

/// The mode in which Claude only plans. It begins it by itself.
const PLAN: &str = "plan";

/// Models that stand for others.
const STANDING_FOR_OTHERS: [&str; 4] = ["", DEFAULT, "best", "opusplan"];

impl Chat {
    /// Forgets what was known of the agent before.
    pub(in crate::session) fn on_launched(&mut self) {
        self.agent = AgentFacts::default();
        self.listed.minimum = None;
    }

    /// Takes in the answer to a change of a setting; tells the person where it is another one than
    /// they were told.
    pub(in crate::session) fn on_set(
        &mut self,
        (setting, asked): (Setting, &str),
        answer: SetAnswer,
        step: &mut Step<'_>,
    ) {
        // What was chosen since has an answer of its own.
        let is_last = self.told(setting) == asked;
        if let (SetAnswer::Taken(_), Some(took)) = (&answer, self.agent.took.get_mut(&setting)) {
            *took = match is_last {
                true => self.record.choices.of(setting).map(str::to_owned),
                false => Some(asked.to_owned()),
            };
        }
        if setting == Setting::Mode {
            self.agent.n_modes_asked = self.agent.n_modes_asked.saturating_sub(1);
        }
        if let (SetAnswer::Taken(taken), Setting::Mode) = (&answer, setting) {
            let holds = taken.clone().unwrap_or_else(|| asked.to_owned());
            self.agent.mode_before = Some(holds).filter(|_| !is_last);
        }
        match (answer, setting) {
            (SetAnswer::Refused(why), _) => {
                if is_last && let Some(took) = self.agent.took.get(&setting) {
                    self.record.choices.put(setting, took.clone());
                    self.store(step);
                }
                if is_last && setting == Setting::Mode {
                    self.agent.mode = self.agent.mode_before.take();
                }
                let name = self.name_of(step.say(), setting, asked);
                step.tell(step.say().setting_refused(name, why));
            }
            (SetAnswer::Taken(Some(taken)), Setting::Model) if !is_model(asked, &taken) => {
                step.tell(step.say().setting_other_model(asked, taken));
            }
            (SetAnswer::Taken(Some(taken)), Setting::Mode) if asked != taken && is_last => {
                let name = texts::mode(step.say(), &taken);
                self.agent.mode = Some(taken);
                step.tell(step.say().setting_other_mode(name));
            }
            (SetAnswer::Taken(_), Setting::Model | Setting::Effort | Setting::Mode) => {}
        }
    }

    /// Takes in the mode that holds; tells the person where Claude plans and nobody wanted it to.
    pub(in crate::session) fn on_mode(&mut self, mode: String, step: &mut Step<'_>) {
        // It may be one that was chosen, and another one since.
        let is_new = self.agent.n_modes_asked == 0 && self.current(Setting::Mode) != mode;
        if is_new && mode == PLAN {
            step.notice(step.say().mode_by_itself(texts::mode(step.say(), &mode)));
        }
        self.agent.mode = Some(mode);
        self.agent.mode_before = None;
    }

    /// Takes in where it works.
    pub(in crate::session) fn on_moved_to(&mut self, folder: Option<String>) {
        self.agent.elsewhere = folder;
    }

    /// Returns where it works, if that is not the session's folder.
    pub(in crate::session) fn works_elsewhere(&self) -> Option<&str> {
        self.agent.elsewhere.as_deref()
    }

    /// Tells the person once that what is said is not written down.
    pub(in crate::session) fn on_writes_lost(&mut self, error: &str, step: &mut Step<'_>) {
        if !std::mem::replace(&mut self.agent.is_loss_told, true) {
            step.tell(step.say().writes_lost(error));
        }
    }
}

/// Tells whether a model that works is the one that was asked for, which may be a short name.
fn is_model(asked: &str, taken: &str) -> bool {
    let asked = asked.to_ascii_lowercase();
    let stem = asked.strip_suffix(LARGE_WINDOW).unwrap_or(&asked);
    STANDING_FOR_OTHERS.contains(&stem) || taken.to_ascii_lowercase().contains(stem)
}
