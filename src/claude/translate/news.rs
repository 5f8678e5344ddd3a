//! What the CLI says of itself beside the work: which commands it has, what became of them, what
//! happened to the conversation.

use std::collections::HashSet;

use bridge_actors::agent_event::{AgentEvent, CompactedBy, Compaction, News};
use serde_json::Value;

use crate::claude::wire::{AssistantLine, CompactMetadata, ResetLine};

/// Begins what a command of the CLI prints when it fails.
const FAILED_COMMAND: &str = "<local-command-stderr>";

/// Ends it.
const END_OF_FAILED_COMMAND: &str = "</local-command-stderr>";

/// The further names of commands, which the handshake lists and no turn does.
#[derive(Debug, Default)]
pub(super) struct Aliases(Vec<(String, Vec<String>)>);

impl Aliases {
    /// Takes in what the handshake lists.
    pub(super) fn note(&mut self, commands: &[Value]) {
        let named = commands.iter().filter_map(|command| {
            let name = command.get("name")?.as_str()?;
            Some((bare(name), aliases_of(command).map(bare).collect()))
        });
        self.0 = named.collect();
    }

    /// Adds the further names of the commands that a turn has.
    pub(super) fn added_to(&self, mut names: Vec<String>) -> Vec<String> {
        for (name, aliases) in &self.0 {
            if names.contains(name) {
                let new = aliases.iter().filter(|alias| !names.contains(alias));
                let new: Vec<_> = new.cloned().collect();
                names.extend(new);
            }
        }
        names
    }
}

/// Commands come as names, or as objects with a name and further names.
pub(super) fn command_names(commands: &[Value]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(commands.len());
    let mut seen = HashSet::with_capacity(commands.len());
    for command in commands {
        let all = [
            command.as_str(),
            command.get("name").and_then(Value::as_str),
        ]
        .into_iter()
        .flatten()
        .chain(aliases_of(command))
        .map(bare);
        for name in all {
            if !name.is_empty() && seen.insert(name.clone()) {
                names.push(name);
            }
        }
    }
    names
}

fn aliases_of(command: &Value) -> impl Iterator<Item = &str> {
    let aliases = command.get("aliases").and_then(Value::as_array);
    aliases.into_iter().flatten().filter_map(Value::as_str)
}

fn bare(name: &str) -> String {
    name.trim_start_matches('/').to_owned()
}

/// Returns what a command of the CLI says of its failure; `None` if none has failed.
pub(super) fn failed_command(line: &AssistantLine) -> Option<String> {
    let printed = line.local_command_source.as_deref()?;
    let words = printed.strip_prefix(FAILED_COMMAND)?;
    let words = words.strip_suffix(END_OF_FAILED_COMMAND).unwrap_or(words);
    Some(words.trim().to_owned())
}

pub(super) fn on_compacted(compacted: &CompactMetadata) -> AgentEvent {
    AgentEvent::News(News::Compacted(Compaction {
        by: match compacted.trigger.as_str() {
            "manual" => CompactedBy::Command,
            _ => CompactedBy::Itself,
        },
        before: compacted.pre_tokens,
        after: compacted.post_tokens,
    }))
}

pub(super) fn on_reset(line: &ResetLine) -> AgentEvent {
    match line.trigger.as_str() {
        "clear" => AgentEvent::News(News::Cleared),
        _ => AgentEvent::Heartbeat,
    }
}
