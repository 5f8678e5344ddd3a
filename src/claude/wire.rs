//! The lines of stream-json, both ways. Unknown kinds are kept, not errors.

use bridge_actors::ports::{AgentInput, PromptForm};

/// Returns the line that opens the handshake, without newline.
pub fn initialize_line() -> String {
    String::new()
}

/// Returns the line for an input, without newline; `None` for [`AgentInput::Close`], which is the
/// end of the stream. The text of a prompt must have been made safe already.
pub fn input_line(input: &AgentInput) -> Option<String> {
    match input {
        AgentInput::Close => None,
        AgentInput::Prompt {
            form: PromptForm::Text | PromptForm::Command,
            ..
        }
        | AgentInput::Interrupt
        | AgentInput::Permission { .. } => Some(String::new()),
    }
}
