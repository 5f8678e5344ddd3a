//! What it means that the home of the agent is full.

use crate::agent_event::{AgentExit, ExitStatus, StartFault};
use crate::home_use::HomeUse;
use crate::ports::Lack;
use crate::session::Prompt;
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{Closing, Turn, why_not_begun};

use super::Machine;

impl Machine {
    /// Takes in how full it is; an agent that nobody let into a full one takes no further turn.
    pub(super) fn on_home_use(&mut self, home: HomeUse, step: &mut Step<'_>) {
        if !self.chat.on_home_use(home, step) {
            self.on_stale(step);
        }
    }

    /// Ends a turn for which no agent was started since its home is full.
    pub(super) fn end_for_full_home(&mut self, turn: Turn, home: HomeUse, step: &mut Step<'_>) {
        let (prompts, remains) = turn.cut(self.chat.record().detail, step);
        self.closing = Some(Closing::cut(remains));
        for prompt in prompts {
            self.ask_about_full_home(prompt, home, step);
        }
    }

    /// Says why a prompt did not begin that no agent has read; where the home was full, asks.
    pub(super) fn tell_that_it_did_not_begin(
        &mut self,
        prompt: Prompt,
        exit: &AgentExit,
        step: &mut Step<'_>,
    ) {
        if let ExitStatus::NotStarted(StartFault::HomeFull(home)) = exit.status {
            self.ask_about_full_home(prompt, home, step);
        } else {
            step.reply(prompt.message, why_not_begun(step.say(), exit));
        }
    }

    /// Asks whether an agent is to start for a prompt although its home is full: it could tidy up.
    fn ask_about_full_home(&mut self, prompt: Prompt, home: HomeUse, step: &mut Step<'_>) {
        self.chat.on_home_refused(home);
        let text = texts::not_started_in_full_home(step.say(), home);
        self.prompts.offer_again(prompt, (Lack::Space, text), step);
    }
}
