//! Asks a Claude Code program whether it would answer: its version, and whether it is logged in.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use bridge_actors::chat_settings::{AgentSettings, Trust};
use bridge_actors::home_use::FullHome;
use bridge_actors::ids::{ChatId, ConversationId, Generation, SessionKey};
use bridge_actors::ports::{Conversation, LaunchOrder};
use bridge_texts::Language;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::claude::command_line::{AgentOptions, command_line};
use crate::claude::guard::{Containment, own_program};
use crate::claude::wire::initialize_line;

/// How long the program may take to answer; it takes about a second.
const LIMIT: Duration = Duration::from_secs(5);

/// What the program says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Readiness {
    /// It would answer.
    Ready { version: String },
    /// It has no credentials in the environment that agents get.
    NotLoggedIn,
    /// It says nothing of use.
    Silent,
}

/// Starts the program as agents are started, reads its opening words and ends it.
pub(super) fn probe(options: &AgentOptions, folder: &Path) -> Readiness {
    let order = LaunchOrder {
        key: SessionKey::of_chat(ChatId(0)),
        room: SessionKey::of_chat(ChatId(0)),
        generation: Generation(0),
        conversation: Conversation::New(ConversationId(uuid::Uuid::new_v4().to_string())),
        folder: folder.to_owned(),
        trust: Trust::Untrusted,
        settings: AgentSettings {
            permission_mode: "default".to_owned(),
            ..AgentSettings::default()
        },
        full_home: FullHome::Refused,
        language: Language::English,
        logs_in: false,
    };
    let command = command_line(options, &order, None, std::env::vars_os());
    // Below a guard, for a program that hangs may have started others.
    let child = Containment::Tree
        .guard_command(&own_program(), folder, None, &command.argv)
        .env_clear()
        .envs(command.env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    match child {
        Ok(child) => ask(child),
        Err(_) => Readiness::Silent,
    }
}

/// Writes the handshake, waits for its answer and ends the program with all that it has started.
fn ask(mut child: Child) -> Readiness {
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Readiness::Silent;
    };
    let (answers, answer) = mpsc::channel();
    // It is left alone: whoever may not be ended can hold the pipe for ever.
    thread::spawn(move || {
        let lines = BufReader::new(stdout).lines().map_while(Result::ok);
        if let Some(readiness) = lines.filter_map(|line| read_answer(&line)).next() {
            // Whoever asked may have stopped waiting.
            answers.send(readiness).ok();
        }
    });
    let written = writeln!(stdin, "{}", initialize_line());
    let readiness = match written {
        Ok(()) => answer.recv_timeout(LIMIT).unwrap_or(Readiness::Silent),
        Err(_) => Readiness::Silent,
    };
    // It is not waited for yet, so that its number is nobody else's.
    let guard = Pid::from_raw(child.id() as i32);
    kill(guard, Signal::SIGTERM).ok();
    child.wait().ok();
    readiness
}

/// Reads one line; `None` while it is not the answer to the handshake.
fn read_answer(line: &str) -> Option<Readiness> {
    let line: Value = serde_json::from_str(line).ok()?;
    if line["type"] != "control_response" {
        return None;
    }
    let answer = &line["response"]["response"];
    let account = &answer["account"];
    let has = |source: &str| account[source].as_str().is_some_and(|name| name != "none");
    let is_first_party = account["apiProvider"]
        .as_str()
        .is_none_or(|name| name == "firstParty");
    if is_first_party && !has("tokenSource") && !has("apiKeySource") {
        return Some(Readiness::NotLoggedIn);
    }
    let version = answer["claude_code_version"]
        .as_str()
        .unwrap_or("an older version");
    Some(Readiness::Ready {
        version: version.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(account: &str, expected: &Readiness) {
        let line = format!(
            r#"{{"type":"control_response","response":{{"subtype":"success","request_id":"1",
               "response":{{"claude_code_version":"2.1.330","account":{account}}}}}}}"#
        );
        assert_eq!(read_answer(&line).as_ref(), Some(expected), "{account}");
    }

    #[test]
    fn the_account_tells_whether_it_is_logged_in() {
        let ready = Readiness::Ready {
            version: "2.1.330".to_owned(),
        };
        check(
            r#"{"tokenSource":"none","apiProvider":"firstParty"}"#,
            &Readiness::NotLoggedIn,
        );
        check(
            r#"{"tokenSource":"none","apiKeySource":"ANTHROPIC_API_KEY","apiProvider":"firstParty"}"#,
            &ready,
        );
        check(r#"{"tokenSource":"CLAUDE_CODE_OAUTH_TOKEN"}"#, &ready);
        check(r#"{"tokenSource":"none","apiProvider":"bedrock"}"#, &ready);
    }

    #[test]
    fn other_lines_are_passed_over() {
        for line in ["", "no json", r#"{"type":"system"}"#] {
            assert_eq!(read_answer(line), None, "{line}");
        }
    }
}
