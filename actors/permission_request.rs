//! What an agent asks and waits for, in our words; the wire format stays in the Claude edge.

use crate::file_offer::ToolCall;
use crate::form::Form;

/// A request that a person has to decide about. Every text that is shown is
/// [`visible`](crate::visible::visible) already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionRequest {
    /// Its name towards the agent.
    pub id: String,
    /// The tool; of a form, the server.
    pub tool: String,
    /// Who asks.
    pub from: Origin,
    /// What is asked.
    pub ask: Ask,
    /// The tool's input as it came: what runs if it is allowed.
    pub input: Json,
    /// The call of a tool of the bridge that waits for the answer; without one the agent does.
    pub for_call: Option<ToolCall>,
}

/// Who in an agent asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Claude itself.
    Claude,
    /// One that Claude started.
    Subagent,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Whether a tool may run.
    Run(Run),
    /// Questions with choices.
    Questions(Vec<Question>),
    /// Whether a plan, in Markdown that shows every word of it, may be carried out.
    Plan(String),
    /// What an MCP server wants to know.
    Form(Form),
}

/// A tool that wants to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The tool and what it is used on, in one line.
    pub title: String,
    /// All that will run, or all that will change.
    pub detail: String,
    /// The language of the detail, for its colours.
    pub language: &'static str,
    /// The SHA-256 of the title, a line feed and the detail, in hexadecimal.
    pub digest: String,
    /// What Claude says it is for.
    pub purpose: Option<String>,
    /// Why it does not run unasked.
    pub reason: Option<String>,
    /// The rules by which the like runs unasked until the agent ends, if Claude offers any.
    pub rules: Vec<SessionRule>,
}

/// A rule by which a tool runs unasked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRule {
    /// As it is shown.
    pub shown: String,
    /// As it came.
    pub rule: Json,
}

/// A question with choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The question as it came; the answer is filed under it.
    pub key: String,
    /// The question as it is shown.
    pub text: String,
    /// The choices, at least one.
    pub options: Vec<Choice>,
    /// How many of them may be chosen.
    pub picks: Picks,
}

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its label as it came: the answer.
    pub key: String,
    /// Its label as it is shown.
    pub label: String,
    /// What it means, if Claude says so.
    pub description: String,
    /// What it would look like, if Claude shows that: several lines.
    pub preview: String,
}

/// How many choices may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picks {
    /// One.
    One,
    /// Any number.
    Many,
}

/// JSON that is handed on as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Json(pub String);
