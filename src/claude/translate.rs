//! Pure: wire lines to agent events.

use bridge_actors::session::agent_event::AgentEvent;

/// Translates the lines of one agent.
#[derive(Debug, Default)]
pub struct Translator {
    unknown: u64,
}

/// What a line means.
#[derive(Debug, Default, PartialEq)]
pub struct Translated {
    /// For the session.
    pub events: Vec<AgentEvent>,
    /// Lines to write back at once, for requests that the bridge does not serve.
    pub replies: Vec<String>,
}

impl Translator {
    /// Translates one line of the agent's output.
    pub fn on_line(&mut self, line: &[u8]) -> Translated {
        let _ = line;
        Translated::default()
    }

    /// Returns how many lines were not understood.
    pub fn unknown_lines(&self) -> u64 {
        self.unknown
    }
}
