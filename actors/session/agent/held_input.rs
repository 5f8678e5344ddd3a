//! Pure: lines for an agent that wait for the disk.

use std::collections::VecDeque;

use crate::ports::AgentInput;

/// What an agent is not told yet. A prompt waits until it is on disk that it was started; what
/// comes after it waits too.
#[derive(Debug, Default)]
pub(in crate::session) struct HeldInput {
    held: VecDeque<AgentInput>,
    /// How many prompts among them wait for the disk.
    n_unsynced: usize,
}

/// What becomes of a line.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::session) enum Input {
    /// It goes to the agent at once.
    Goes(AgentInput),
    /// It waits.
    Waits,
    /// It waits until what is written by now is on disk.
    WaitsForDisk,
}

impl HeldInput {
    /// Takes a line.
    pub(in crate::session) fn take(&mut self, input: AgentInput) -> Input {
        let is_prompt = matches!(input, AgentInput::Prompt { .. });
        if !is_prompt && self.n_unsynced == 0 {
            return Input::Goes(input);
        }
        self.held.push_back(input);
        if is_prompt {
            self.n_unsynced += 1;
            Input::WaitsForDisk
        } else {
            Input::Waits
        }
    }

    /// Takes in that what a prompt waited for is on disk; returns what goes to the agent.
    pub(in crate::session) fn on_synced(&mut self) -> VecDeque<AgentInput> {
        self.n_unsynced = self.n_unsynced.saturating_sub(1);
        match self.n_unsynced {
            0 => std::mem::take(&mut self.held),
            _ => VecDeque::new(),
        }
    }

    /// Drops what waits: its agent is killed.
    pub(in crate::session) fn drop_all(&mut self) {
        self.held.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PromptId;
    use crate::ports::PromptForm;

    fn prompt(id: &str) -> AgentInput {
        AgentInput::Prompt {
            id: PromptId(id.to_owned()),
            text: String::new(),
            form: PromptForm::Text,
            pictures: Vec::new(),
        }
    }

    #[test]
    fn what_comes_behind_a_prompt_never_overtakes_it() {
        let mut held = HeldInput::default();
        let interrupt = || AgentInput::Interrupt;
        assert_eq!(held.take(interrupt()), Input::Goes(interrupt()));
        assert_eq!(held.take(prompt("p1")), Input::WaitsForDisk);
        assert_eq!(held.take(interrupt()), Input::Waits);
        assert_eq!(held.take(prompt("p2")), Input::WaitsForDisk);
        assert!(held.on_synced().is_empty(), "p2 is not on disk");
        assert_eq!(held.on_synced(), [prompt("p1"), interrupt(), prompt("p2")]);
        assert_eq!(held.take(interrupt()), Input::Goes(interrupt()));
    }

    #[test]
    fn what_waits_for_the_disk_is_not_told_to_an_agent_that_is_killed() {
        let mut held = HeldInput::default();
        held.take(prompt("p1"));
        held.drop_all();
        assert!(held.on_synced().is_empty());
    }
}
