//! The home of the chat's agents: how full it is, who knows, and whether one may start there.

use super::Chat;
use crate::home_use::{FullHome, HomeLevel, HomeUse};
use crate::ids::PromptId;
use crate::session::Prompt;
use crate::session::step::Step;
use crate::session::texts;

/// What is known of the home.
#[derive(Debug, Default)]
pub(super) struct Home {
    /// How full it was when it was looked at last.
    last: Option<HomeUse>,
    /// The prompt for which an agent may start although it is full.
    wanted: Option<PromptId>,
    /// Whether the one that was started last was.
    started: FullHome,
}

impl Chat {
    /// Takes in how full the home is; tells the person once when it is nearly full, and when it is
    /// full. Tells whether the running agent may take a further turn.
    pub(in crate::session) fn on_home_use(&mut self, home: HomeUse, step: &mut Step<'_>) -> bool {
        let before = self.home.last.replace(home).map(HomeUse::level);
        let level = home.level();
        let is_nearly_full = level >= HomeLevel::NearlyFull;
        let was_told = std::mem::replace(&mut self.record.is_told_of_home, is_nearly_full);
        if was_told != is_nearly_full {
            self.store(step);
        }
        if level < HomeLevel::Full {
            self.home.wanted = None;
        }
        let stays = level < HomeLevel::Full || self.home.started == FullHome::Allowed;
        if !stays && before != Some(HomeLevel::Full) {
            step.tell(texts::home_full(step.say(), home));
        } else if level == HomeLevel::NearlyFull && !was_told {
            step.tell(texts::home_nearly_full(step.say(), home));
        }
        stays
    }

    /// Takes in that no agent was started since the home is full.
    pub(in crate::session) fn on_home_refused(&mut self, home: HomeUse) {
        self.home.last = Some(home);
    }

    /// Notes whether an agent may start for a prompt although the home is full: a person has decided.
    pub(in crate::session) fn allow_home(&mut self, full: FullHome, prompt: &PromptId) {
        if full == FullHome::Allowed {
            self.home.wanted = Some(prompt.clone());
        }
    }

    /// Notes the start of an agent for the prompt that is next, and returns whether it may in a full
    /// home: it may as often as that prompt needs, and for no other.
    pub(in crate::session) fn start_in_home(&mut self, next: Option<&Prompt>) -> FullHome {
        let next = next.map(|prompt| &prompt.id);
        self.home.started = if next.is_some() && next == self.home.wanted.as_ref() {
            FullHome::Allowed
        } else {
            FullHome::Refused
        };
        self.home.started
    }

    /// Returns how full the home is, where that is worth a word.
    pub(in crate::session) fn home_filling(&self) -> Option<HomeUse> {
        let home = self.home.last;
        home.filter(|home| home.level() >= HomeLevel::Filling)
    }
}
