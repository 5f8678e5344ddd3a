//! A model of Claude, its process and its files.

use std::collections::{HashMap, VecDeque};

use crate::ids::{ConversationId, PromptId};
use crate::ports::{AgentInput, Conversation};

/// Claude: what its files know, and what the running process will say.
#[derive(Default)]
pub(super) struct Claude {
    pub(super) conversations: HashMap<ConversationId, Vec<PromptId>>,
    pub(super) open: Option<ConversationId>,
    pub(super) lines: VecDeque<String>,
    pub(super) is_alive: bool,
    /// How often each prompt ran a tool.
    pub(super) executed: HashMap<PromptId, u32>,
    pub(super) running: Option<PromptId>,
}

impl Claude {
    pub(super) fn launch(&mut self, conversation: &Conversation) {
        self.is_alive = true;
        self.lines.clear();
        let refusal = match conversation {
            Conversation::New(id) if self.conversations.contains_key(id) => Some("taken"),
            Conversation::Resume(id) if !self.conversations.contains_key(id) => Some("unknown"),
            Conversation::New(id) | Conversation::Resume(id) => {
                self.open = Some(id.clone());
                None
            }
        };
        match refusal {
            Some(refusal) => self
                .lines
                .extend([refusal.to_owned(), "exit code 1".to_owned()]),
            None => self.lines.push_back("ready".to_owned()),
        }
    }

    pub(super) fn read(&mut self, input: &AgentInput) {
        let refuses = self.lines.iter().any(|line| line.starts_with("exit"));
        match input {
            AgentInput::Prompt { id, .. } if !refuses => self.take(id),
            AgentInput::Interrupt if self.running.is_some() => {
                self.lines.clear();
                self.lines
                    .extend(["interrupted".to_owned(), "idle".to_owned()]);
            }
            AgentInput::Close => self.lines.push_back("exit code 0".to_owned()),
            AgentInput::Enquire { asked_in, .. } if !refuses => {
                self.lines
                    .push_back(format!("found {} context 7", asked_in.0));
            }
            AgentInput::Prompt { .. }
            | AgentInput::Enquire { .. }
            | AgentInput::Interrupt
            | AgentInput::Set { .. }
            | AgentInput::StopTask(_)
            | AgentInput::LetRun { .. }
            | AgentInput::ToolResult { .. }
            | AgentInput::Permission { .. }
            | AgentInput::Form { .. } => {}
        }
    }

    pub(super) fn take(&mut self, id: &PromptId) {
        let open = self.open.clone().expect("a conversation");
        let taken = self.conversations.entry(open.clone()).or_default();
        self.lines.push_back(format!("took {}", id.0));
        self.lines.push_back("running".to_owned());
        if !taken.contains(id) {
            taken.push(id.clone());
            let work = [
                format!("init {}", open.0),
                "attempt".to_owned(),
                "tool Bash make".to_owned(),
            ];
            self.lines.extend(work);
            self.lines.push_back(format!("answered {}", id.0));
        }
        self.lines.push_back("idle".to_owned());
    }

    pub(super) fn die(&mut self) {
        self.is_alive = false;
        self.lines.clear();
        self.running = None;
    }
}
