//! What the CLI says of its settings, its models, its disk and its age.

use std::path::Path;

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
