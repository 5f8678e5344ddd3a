//! What the CLI says of its settings, its models, its disk and its age.

use std::path::Path;

use bridge_actors::agent_event::{AgentEvent, News};
use bridge_texts::Say;
use expect_test::expect;

use super::{check, render};
use crate::claude::translate::Translator;

#[test]
fn the_answer_to_a_change_of_a_setting_says_what_it_is_about() {
    check(
        &[
            r#"{"type":"control_response","response":{"subtype":"success","request_id":"bridge-set-model=sonnet[1m]","response":{"model":"claude-sonnet-5-5"}}}"#,
            r#"{"type":"control_response","response":{"subtype":"success","request_id":"bridge-set-model="}}"#,
            r#"{"type":"control_response","response":{"subtype":"error","request_id":"bridge-set-mode=auto","error":"Cannot set permission mode to auto"}}"#,
            r#"{"type":"control_response","response":{"subtype":"success","request_id":"bridge-set-mode=plan","response":{"mode":"default"}}}"#,
            r#"{"type":"control_response","response":{"subtype":"success","request_id":"bridge-set-effort=low"}}"#,
            r#"{"type":"control_response","response":{"subtype":"success","request_id":"bridge-set-other=x"}}"#,
        ],
        &expect![[r#"
            Set { setting: Model, asked: "sonnet[1m]", answer: Taken(Some("claude-sonnet-5-5")) }
            Set { setting: Model, asked: "", answer: Taken(None) }
            Set { setting: Mode, asked: "auto", answer: Refused("Cannot set permission mode to auto") }
            Set { setting: Mode, asked: "plan", answer: Taken(Some("default")) }
            Set { setting: Effort, asked: "low", answer: Taken(None) }
            Heartbeat
        "#]],
    );
}

#[test]
fn what_changes_by_itself_is_news() {
    check(
        &[
            r#"{"type":"system","subtype":"status","status":null,"permissionMode":"plan"}"#,
            r#"{"type":"system","subtype":"status","status":"requesting"}"#,
            r#"{"type":"system","subtype":"model_fallback","original_model":"claude-opus-5-5","fallback_model":"claude-sonnet-5-5"}"#,
            r#"{"type":"system","subtype":"session_writes_lost","error_code":"ENOSPC","lost":3}"#,
        ],
        &expect![[r#"
            ModeIs("plan")
            Heartbeat
            FellBack { usual: "claude-opus-5-5", model: "claude-sonnet-5-5" }
            WritesLost { error: "ENOSPC" }
        "#]],
    );
}

#[test]
fn a_version_that_is_too_old_is_told_once() {
    const INIT: &str =
        r#"{"type":"system","subtype":"init","session_id":"s","claude_code_version":"2.1.300"}"#;
    check(
        &[INIT, INIT],
        &expect![[r#"
        TurnStarted commands=
        TooOld { minimum: "2.1.327" }
        TurnStarted commands=
    "#]],
    );
}

#[test]
fn another_working_folder_than_the_sessions_is_news_and_so_is_the_way_back() {
    let init = |folder: &str| {
        format!(r#"{{"type":"system","subtype":"init","session_id":"s","cwd":"{folder}"}}"#)
    };
    let lines = ["/link", "/p/w\\u202e", "/p/w\\u202e", "/p"].map(init);
    let mut translator = Translator::in_folder(Path::new("/p"), Path::to_owned, Say::default());
    let text: String = (lines.iter())
        .map(|line| render(&translator.on_line(line.as_bytes())))
        .collect();
    expect![[r#"
        TurnStarted commands=
        TurnStarted commands=
        WorksIn(Some("/p/w⟦U+202E⟧"))
        TurnStarted commands=
        TurnStarted commands=
        WorksIn(None)
    "#]]
    .assert_eq(&text);
}

#[test]
fn timers_are_told_by_what_their_tools_came_to() {
    let lines = lines_about_timers();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    check(
        &lines,
        &expect![[r#"
        ToolStarted CronCreate "{\"cron\":\"0 9 * * 1\",\"prompt\":\"look\\nround\",\"recurring\":true}"
        Timers(Set(SetTimer { id: "e15", what: "look⏎round", rhythm: "Every Monday at 9:00 AM", at: UnixSeconds(1796635800), repeats: Some("0 9 * * 1"), lasts: Conversation }))
        ToolStarted CronCreate "{\"cron\":\"no\",\"prompt\":\"x\"}"
        Heartbeat
        ToolStarted CronList ""
        Timers(Are([SetTimer { id: "e16", what: "x", rhythm: "", at: UnixSeconds(1796081340), repeats: None, lasts: Conversation }]))
        ToolStarted CronDelete "{\"id\":\"e15\"}"
        Timers(Removed("e15"))
        ToolStarted CronDelete "{\"id\":\"nope\"}"
        Heartbeat
        ToolStarted ScheduleWakeup "{\"delaySeconds\":60,\"prompt\":\"x\",\"reason\":\"check\"}"
        Timers(Set(SetTimer { id: "wakeup", what: "check", rhythm: "", at: UnixSeconds(1796069820), repeats: None, lasts: Process }))
        ToolStarted ScheduleWakeup "{\"stop\":true}"
        Timers(Removed("wakeup"))
        Heartbeat
        Timers(Came(Conversation))
        Heartbeat
        Timers(Came(Process))
        Heartbeat
    "#]],
    );
}

/// Returns calls of tools for timers, what they came to, and timers that come.
fn lines_about_timers() -> Vec<String> {
    let call = |id: &str, name: &str, input: &str| {
        format!(
            r#"{{"type":"assistant","uuid":"{id}","message":{{"content":[{{"type":"tool_use","id":"{id}","name":"{name}","input":{input}}}]}}}}"#
        )
    };
    let result = |id: &str, result: &str| {
        format!(
            r#"{{"type":"user","message":{{"content":[{{"type":"tool_result","tool_use_id":"{id}"}}]}},"tool_use_result":{result}}}"#
        )
    };
    vec![
        call(
            "1",
            "CronCreate",
            r#"{"cron":"0 9 * * 1","prompt":"look\nround","recurring":true}"#,
        ),
        result(
            "1",
            r#"{"id":"e15","humanSchedule":"Every Monday at 9:00 AM","recurring":true,"nextFireAt":1796635800000}"#,
        ),
        call("2", "CronCreate", r#"{"cron":"no","prompt":"x"}"#),
        result("2", r#""Error: Invalid cron expression""#),
        call("3", "CronList", "{}"),
        result(
            "3",
            r#"{"jobs":[{"id":"e16","cron":"30 23 * * *","humanSchedule":"Every day","prompt":"x","recurring":false,"nextFireAt":1796081340123.5}]}"#,
        ),
        call("4", "CronDelete", r#"{"id":"e15"}"#),
        result("4", r#"{"id":"e15"}"#),
        call("5", "CronDelete", r#"{"id":"nope"}"#),
        result("5", r#""Error: No scheduled job with id 'nope'""#),
        call(
            "6",
            "ScheduleWakeup",
            r#"{"delaySeconds":60,"reason":"check","prompt":"x"}"#,
        ),
        result(
            "6",
            r#"{"scheduledFor":1796069820000,"clampedDelaySeconds":60}"#,
        ),
        call("7", "ScheduleWakeup", r#"{"stop":true}"#),
        result(
            "7",
            r#"{"scheduledFor":0,"stopped":true,"cancelledWakeups":1}"#,
        ),
        result("8", r#"{"id":"e17","nextFireAt":1796635800000}"#),
        r#"{"type":"command_lifecycle","state":"started","wakeup_source":"schedule_wakeup"}"#
            .into(),
        r#"{"type":"command_lifecycle","state":"completed"}"#.into(),
        r#"{"type":"command_lifecycle","state":"started","wakeup_source":"loop_wakeup"}"#.into(),
        r#"{"type":"command_lifecycle","state":"started"}"#.into(),
    ]
}

#[test]
fn settings_files_that_are_passed_over_are_named_by_where_they_belong() {
    let errors = r#"[{"file":"/home/x/.claude/settings.json","path":"permissions.deny","message":"Expected array, but received string"},{"file":"/p/.claude/settings.local.json","path":"","message":"Invalid or\nmalformed JSON"},{"file":"/etc/claude-code/managed-settings.json","message":"x"},{}]"#;
    let answer = |response: &str| {
        format!(
            r#"{{"type":"control_response","response":{{"subtype":"success","request_id":"bridge-settings","response":{response}}}}}"#
        )
    };
    let lines = [
        answer(&format!(r#"{{"effective":{{}},"errors":{errors}}}"#)),
        answer(r#"{"effective":{}}"#),
        r#"{"type":"control_response","response":{"subtype":"error","request_id":"bridge-settings","error":"Unsupported"}}"#.to_owned(),
    ];
    let mut translator = Translator::in_folder(Path::new("/p"), Path::to_owned, Say::default());
    let shown: String = (lines.iter())
        .map(|line| render(&translator.on_line(line.as_bytes())))
        .collect();
    expect![[r#"
        PassesOver([PassedOver { file: "~/.claude/settings.json", why: "permissions.deny: Expected array, but received string" }, PassedOver { file: ".claude/settings.local.json", why: "Invalid or⏎malformed JSON" }, PassedOver { file: "managed-settings.json", why: "x" }, PassedOver { file: "", why: "" }])
        PassesOver([])
        Heartbeat
    "#]].assert_eq(&shown);
}

#[test]
fn a_context_that_is_nearly_full_is_told_when_a_turn_ends_so_and_once() {
    let said = |tokens: u64| {
        format!(
            r#"{{"type":"assistant","uuid":"{tokens}","message":{{"model":"m","content":[],"usage":{{"input_tokens":1,"cache_read_input_tokens":{tokens},"output_tokens":9}}}}}}"#
        )
    };
    let end = r#"{"type":"result","subtype":"success","result":"","model_usage_since_last_result":{"m":{"contextWindow":1000},"small":{"contextWindow":10}}}"#;
    let mut translator = Translator::default();
    let mut told = |tokens: u64| {
        translator.on_line(said(tokens).as_bytes());
        let ended = render(&translator.on_line(end.as_bytes()));
        ended.contains("NearlyFull")
    };
    let all = [700, 780, 790, 795, 830, 100, 900].map(&mut told);
    assert_eq!(all, [false, false, true, false, false, false, true]);
}

#[test]
fn when_the_login_ends_is_read_where_the_end_of_a_turn_says_so() {
    let ends = |at: &str| {
        let line = format!(
            r#"{{"type":"result","subtype":"success","result":"","credential_expires_at":{at}}}"#
        );
        let mut translator = Translator::default();
        let events = translator.on_line(line.as_bytes()).events;
        events.into_iter().find_map(|event| {
            let AgentEvent::News(News::LoginEnds(at)) = event else {
                return None;
            };
            Some(at.0)
        })
    };
    assert_eq!(ends(r#""2026-12-01T00:00:00.500Z""#), Some(1_796_083_200));
    for odd in [r#""soon""#, r#""1960-01-01T00:00:00Z""#, "17", "null"] {
        assert_eq!(ends(odd), None, "{odd}");
    }
}
