//! What the CLI says of itself beside the work: which commands it has, what became of them, what
//! happened to the conversation.

use std::collections::HashSet;

use bridge_actors::agent_event::{AgentEvent, CompactedBy, Compaction, News, SetAnswer};
use bridge_actors::chat_settings::Setting;
use bridge_actors::clock::UnixSeconds;
use bridge_actors::visible::visible_line;
use chrono::DateTime;
use serde_json::Value;

use crate::claude::version::{MINIMUM, Support, Version};
use crate::claude::wire::{
    AssistantLine, CompactMetadata, ControlResponseBody, ResetLine, ResultLine, SystemLine,
    setting_of,
};

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
    pub(super) fn added_to(&self, names: Vec<String>) -> Vec<String> {
        let mut known: HashSet<&str> = names.iter().map(String::as_str).collect();
        let mut added = Vec::new();
        for (name, aliases) in &self.0 {
            if known.contains(name.as_str()) {
                let new = aliases.iter().filter(|alias| known.insert(alias));
                added.extend(new.cloned());
            }
        }
        [names, added].concat()
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

/// Translates the answer to a change of a setting; any other one is a sign of life.
pub(super) fn on_set(response: ControlResponseBody) -> AgentEvent {
    let Some((setting, asked)) = setting_of(&response.request_id) else {
        return AgentEvent::Heartbeat;
    };
    let asked = asked.to_owned();
    let answer = match (response.subtype.as_str(), setting) {
        ("error", _) => {
            SetAnswer::Refused(visible_line(response.error.as_deref().unwrap_or_default()))
        }
        (_, Setting::Model) => SetAnswer::Taken(response.fields().model),
        (_, Setting::Mode) => SetAnswer::Taken(response.fields().mode),
        (_, Setting::Effort) => SetAnswer::Taken(None),
    };
    AgentEvent::News(News::Set {
        setting,
        asked,
        answer,
    })
}

/// Translates a line about what the CLI does, of which only another mode is news.
pub(super) fn on_status(line: SystemLine) -> AgentEvent {
    match line.permission_mode {
        Some(mode) => AgentEvent::News(News::ModeIs(mode)),
        None => AgentEvent::Heartbeat,
    }
}

pub(super) fn on_fallback(line: &SystemLine) -> AgentEvent {
    AgentEvent::News(News::FellBack {
        usual: visible_line(&line.original_model),
        model: visible_line(&line.fallback_model),
    })
}

pub(super) fn on_writes_lost(line: SystemLine) -> AgentEvent {
    let error = line.error_code.or(line.error).unwrap_or_default();
    tracing::warn!(%error, "the agent cannot write its conversation to disk");
    AgentEvent::News(News::WritesLost {
        error: visible_line(&error),
    })
}

/// Returns when the login ends, where the end of a turn says so.
pub(super) fn login_ends(line: &ResultLine) -> Option<AgentEvent> {
    let at = DateTime::parse_from_rfc3339(line.credential_expires_at.as_deref()?).ok()?;
    let at = u64::try_from(at.timestamp()).ok()?;
    Some(AgentEvent::News(News::LoginEnds(UnixSeconds(at))))
}

/// Returns the news that a version does not keep every promise.
pub(super) fn of_age(version: Version) -> Option<AgentEvent> {
    let minimum = MINIMUM.to_string();
    let is_old = version.support() == Support::TooOld;
    is_old.then_some(AgentEvent::News(News::TooOld { minimum }))
}
