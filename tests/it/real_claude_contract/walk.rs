//! A walk through the program: each control request of the bridge once, and a turn of each kind.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::real_claude::{Cli, RealClaude};

/// What was seen in a walk.
#[derive(Default)]
pub(super) struct Walk {
    answers: BTreeMap<String, Vec<Value>>,
    /// The kinds of line that were seen.
    pub(super) kinds: BTreeSet<String>,
}

impl Walk {
    /// Walks.
    pub(super) fn through(claude: &RealClaude) -> Self {
        let file = prepare(claude);
        let servers =
            json!({"mcpServers": {"gone": {"command": "/nonexistent/server"}}}).to_string();
        let checkpoints = [("CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING", "true")];
        let mut cli = claude.start_marked(
            &["--replay-user-messages", "--mcp-config", &servers],
            &checkpoints,
        );
        let mut walk = Self::default();
        walk.ask(&mut cli, json!({"subtype": "initialize", "hooks": {"PreToolUse": [{"hookCallbackIds": ["h"], "timeout": 600}]}}));
        for request in beside_a_turn() {
            walk.ask(&mut cli, request);
        }
        let written = Uuid::new_v4().to_string();
        walk.play(
            &mut cli,
            &format!("read {file} ;; write {file} changed ;; say written"),
            &written,
        );
        walk.ask(&mut cli, json!({"subtype": "get_workspace_diff"}));
        walk.ask(
            &mut cli,
            json!({"subtype": "rewind_files", "user_message_id": written, "dry_run": true}),
        );
        walk.ask(
            &mut cli,
            json!({"subtype": "rewind_files", "user_message_id": written}),
        );
        walk.ask(
            &mut cli,
            json!({"subtype": "side_question", "question": "say aside"}),
        );
        let last = Uuid::new_v4().to_string();
        walk.play(&mut cli, "say last", &last);
        walk.ask(
            &mut cli,
            json!({"subtype": "rewind_conversation", "target_message_uuid": last}),
        );
        cli.prompt("stall 600000");
        walk.note(cli.until_said("before the stall"));
        walk.ask(&mut cli, json!({"subtype": "interrupt"}));
        walk.on_until(&mut cli, |line| line["type"] == "result");
        cli.prompt("bashbg echo out; exec tail -f /dev/null ;; say begun");
        let started = walk.on_until(&mut cli, |line| line["subtype"] == "task_started");
        walk.on_until(&mut cli, |line| line["type"] == "result");
        let task = &started["task_id"];
        walk.ask(
            &mut cli,
            json!({"subtype": "get_task_output", "task_id": task}),
        );
        walk.ask(&mut cli, json!({"subtype": "stop_task", "task_id": task}));
        if !walk.kinds.contains("system/task_notification") {
            walk.on_until(&mut cli, |line| line["subtype"] == "task_notification");
        }
        walk
    }

    /// Sends a request and keeps what it is answered.
    fn ask(&mut self, cli: &mut Cli, request: Value) {
        let subtype = request["subtype"].as_str().expect("a subtype").to_owned();
        let id = Uuid::new_v4().to_string();
        cli.send(&json!({"type": "control_request", "request_id": id, "request": request}));
        let answer = self.on_until(cli, |line| line["response"]["request_id"] == *id);
        self.answers
            .entry(subtype)
            .or_default()
            .push(answer["response"].clone());
    }

    fn play(&mut self, cli: &mut Cli, prompt: &str, uuid: &str) {
        cli.prompt_with_id(prompt, Some(uuid));
        self.on_until(cli, |line| line["type"] == "result");
        self.on_until(cli, |line| line["state"] == "idle");
    }

    /// Reads on, and lets all run that is asked about.
    fn on_until(&mut self, cli: &mut Cli, is_it: impl Fn(&Value) -> bool) -> Value {
        loop {
            let lines = cli.until("line", |_| true);
            let line = lines.last().expect("a line").clone();
            self.note(lines);
            if line["type"] == "control_request" {
                let input = &line["request"]["input"];
                let response = match line["request"]["subtype"].as_str() {
                    Some("can_use_tool") => json!({"behavior": "allow", "updatedInput": input}),
                    _ => json!({}),
                };
                cli.send(&json!({"type": "control_response", "response": {
                    "subtype": "success", "request_id": line["request_id"], "response": response,
                }}));
            }
            if is_it(&line) {
                return line;
            }
        }
    }

    fn note(&mut self, lines: Vec<Value>) {
        self.kinds.extend(lines.iter().filter_map(|line| {
            let kind = line["type"].as_str()?;
            match kind {
                "system" => Some(format!("system/{}", line["subtype"].as_str()?)),
                kind => Some(kind.to_owned()),
            }
        }));
    }

    /// Says what an answer has of what is read of it.
    pub(super) fn shown(&self, request: &str, reads: &[&str]) -> String {
        let answers = self
            .answers
            .get(request)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let error = answers.iter().find_map(|answer| answer["error"].as_str());
        if let Some(error) = error.filter(|_| reads != ["error"]) {
            return format!("✕ refused: {error}");
        }
        let has = |read: &str| {
            let is_there = |answer: &Value| match read {
                "error" => answer["error"].is_string(),
                read => answer["response"].pointer(read).is_some(),
            };
            answers.iter().any(is_there)
        };
        match reads {
            [] if answers.is_empty() => "✕ no answer".to_owned(),
            [] => "that it is done".to_owned(),
            reads => {
                let marked = reads.iter().map(|read| match has(read) {
                    true => format!("`{read}`"),
                    false => format!("✕ `{read}`"),
                });
                marked.collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// Returns the requests that need no turn.
fn beside_a_turn() -> [Value; 11] {
    [
        json!({"subtype": "get_settings"}),
        json!({"subtype": "get_context_usage"}),
        json!({"subtype": "get_usage", "skip_behaviors": true}),
        json!({"subtype": "list_permission_rules"}),
        json!({"subtype": "mcp_status"}),
        json!({"subtype": "mcp_toggle", "serverName": "gone", "enabled": false}),
        json!({"subtype": "mcp_reconnect", "serverName": "gone"}),
        json!({"subtype": "set_model", "model": "sonnet"}),
        json!({"subtype": "apply_flag_settings", "settings": {"effortLevel": "low"}}),
        json!({"subtype": "set_permission_mode", "mode": "plan"}),
        json!({"subtype": "set_permission_mode", "mode": "default"}),
    ]
}

/// Makes a settings file that is passed over, and a repository; returns a file of it.
fn prepare(claude: &RealClaude) -> String {
    let settings = claude.home().join(".claude");
    fs::create_dir_all(&settings).expect("a folder");
    fs::write(
        settings.join("settings.json"),
        r#"{"permissions":{"deny":"x"}}"#,
    )
    .expect("a file");
    let file = claude.project().join("kept.txt");
    fs::write(&file, "one\n").expect("a file");
    for arguments in [
        &["init", "-q", "."][..],
        &["add", "."],
        &["commit", "-qm", "first"],
    ] {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=n", "-c", "user.email=e"])
            .args(arguments);
        let status = git.current_dir(claude.project()).status();
        assert!(status.is_ok_and(|status| status.success()), "{arguments:?}");
    }
    file.display().to_string()
}
