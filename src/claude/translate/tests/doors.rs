//! Which rules for the session are offered.

use bridge_actors::agent_event::AgentEvent;
use bridge_actors::permission_request::Ask;
use expect_test::expect;

use super::check;
use crate::claude::translate::Translator;

/// Returns a request to run a command that suggests this rule, with these further fields.
fn asks_with_rule(command: &str, further: &str) -> String {
    let line = r#"{"type":"control_request","request_id":"r","request":{"subtype":"can_use_tool","tool_name":"Bash","input":{"command":"x"}FURTHER,"permission_suggestions":[{"type":"addRules","behavior":"allow","rules":[{"toolName":"Bash","ruleContent":"RULE"}]}]}}"#;
    line.replace("RULE", command).replace("FURTHER", further)
}

#[test]
fn where_files_are_changed_unasked_no_rule_is_offered_that_runs_them() {
    let mode = |mode: &str| {
        format!(r#"{{"type":"system","subtype":"status","status":null,"permissionMode":"{mode}"}}"#)
    };
    let lines = [
        asks_with_rule("npm run *", ""),
        mode("acceptEdits"),
        asks_with_rule("npm run *", ""),
        asks_with_rule("ls *", ""),
        r#"{"type":"system","subtype":"status","status":"compacting"}"#.to_owned(),
        asks_with_rule("npm run *", ""),
        mode("default"),
        asks_with_rule("npm run *", ""),
    ];
    check(
        &lines.each_ref().map(String::as_str),
        &expect![[r#"
            PermissionAsked Bash "Bash" bash "x" (None, None) ["Bash(npm run *)"]
            ModeIs("acceptEdits")
            PermissionAsked Bash "Bash" bash "x" (None, None) []
            PermissionAsked Bash "Bash" bash "x" (None, None) ["Bash(ls *)"]
            Heartbeat
            PermissionAsked Bash "Bash" bash "x" (None, None) []
            ModeIs("default")
            PermissionAsked Bash "Bash" bash "x" (None, None) ["Bash(npm run *)"]
        "#]],
    );
}

#[test]
fn no_rule_is_offered_where_claude_says_so() {
    let lines = [
        asks_with_rule(
            "ls *",
            r#","requiresUserInteraction":false,"suppressAlwaysAllowRule":false"#,
        ),
        asks_with_rule("ls *", r#","requiresUserInteraction":true"#),
        asks_with_rule("ls *", r#","suppressAlwaysAllowRule":true"#),
    ];
    check(
        &lines.each_ref().map(String::as_str),
        &expect![[r#"
            PermissionAsked Bash "Bash" bash "x" (None, None) ["Bash(ls *)"]
            PermissionAsked Bash "Bash" bash "x" (None, None) []
            PermissionAsked Bash "Bash" bash "x" (None, None) []
        "#]],
    );
}

#[test]
fn an_agent_that_begins_with_edits_unasked_is_offered_no_door_from_the_start() {
    let line = asks_with_rule("make", "");
    for (allowed, mode, is_offered) in [
        (vec![], "", true),
        (vec!["Read", "Bash(ls *)"], "plan", true),
        (vec![], "acceptEdits", false),
        (vec!["Edit(src/**)"], "default", false),
        (vec!["Write"], "", false),
    ] {
        let allowed: Vec<_> = allowed.into_iter().map(str::to_owned).collect();
        let mut translator = Translator::default().started_with(&allowed, mode);
        let events = translator.on_line(line.as_bytes()).events;
        let [AgentEvent::PermissionAsked(request)] = &events[..] else {
            panic!("{events:?}");
        };
        let Ask::Run(run) = &request.ask else {
            panic!("{request:?}");
        };
        assert_eq!(!run.rules.is_empty(), is_offered, "{allowed:?} {mode}");
    }
}
