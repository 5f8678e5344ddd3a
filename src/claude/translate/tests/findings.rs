//! What the agent answers when it is asked about itself, as recorded from 2.1.332.

use expect_test::expect;

use super::check;

fn answer(word: &str, response: &str) -> String {
    format!(
        r#"{{"type":"control_response","response":{{"subtype":"success","request_id":"bridge-ask-{word}=p1","response":{response}}}}}"#
    )
}

#[test]
fn each_answer_says_what_it_is_about_and_for_whom() {
    let lines = [
        answer(
            "context",
            r#"{"categories":[{"id":"system_prompt","name":"System prompt","tokens":1967,"kind":"used"},{"name":"Tools","tokens":4,"kind":"deferred"},{"name":"Autocompact buffer","tokens":33000,"kind":"buffer"},{"name":"Free space","tokens":952890,"kind":"free"},{"tokens":1}],"totalTokens":14110,"maxTokens":1000000,"percentage":1,"model":"claude-opus-5-5","memoryFiles":[{"path":"/w/CLAUDE.md","type":"Project","tokens":22}],"mcpTools":[{"name":"mcp__el__form","tokens":0}],"agents":[]}"#,
        ),
        answer(
            "rules",
            r#"{"state":{"rules":[{"behavior":"allow","source":"session","rule":"Bash(touch x *)"},{"behavior":"deny","source":"policySettings","rule":"Web\nFetch"},{"behavior":"ask","source":"novel","rule":"Read"},{"behavior":"allow","source":"cliArg","rule":"mcp__bridge__send_file"},{}],"workspaceDirectories":[{"path":"/w","source":"session"}]}}"#,
        ),
        answer(
            "changes",
            r#"{"diff":{"stats":{"filesCount":2,"linesAdded":1,"linesRemoved":1},"perFileStats":[{"path":"a.txt","added":1,"removed":1,"status":"modified"},{"path":"b.txt","added":0,"removed":0,"status":"added"},{"path":"c","status":"deleted"}],"omitted":{"files":3,"exact":true},"hunks":[{"path":"a.txt","hunks":[{"oldStart":1,"oldLines":1,"newStart":1,"newLines":1,"lines":["-one","+changed"]}]}]}}"#,
        ),
        answer("changes", r#"{"diff":null,"noDiffReason":"no-repository"}"#),
        answer(
            "servers",
            r#"{"mcpServers":[{"name":"el","status":"connected","tools":[{"name":"form"},{"name":"url"}]},{"name":"bad","status":"failed","error":"ENOENT:\nno such file"},{"name":"db","status":"needs-auth"},{"name":"old","status":"disabled"},{"name":"slow","status":"pending"},{"name":"x","status":"odd"},{"name":"bridge","status":"connected"}]}"#,
        ),
        answer(
            "aside",
            r#"{"response":"since *it* fits","synthetic":false}"#,
        ),
        answer("order", "null"),
        answer("recall", r#"{"canRewind":true,"filesChanged":[],"insertions":0,"deletions":0}"#),
        answer(
            "recall",
            r#"{"canRewind":false,"error":"No file checkpoint found for this message."}"#,
        ),
        answer("recall", r#"{"canRewind":false,"error":"File rewinding is not enabled."}"#),
        answer("output", r#"{"output":"a\nb\n","total_bytes":4,"truncated":false}"#),
        answer("output", r#"{"output":"b\n","total_bytes":108894,"truncated":true}"#),
        r#"{"type":"control_response","response":{"subtype":"error","request_id":"bridge-ask-output=p1","error":"get_task_output: no shell or Monitor task with that task_id in this session"}}"#.to_owned(),
    ];
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    check(
        &lines,
        &expect![[r#"
            Found { asked_in: PromptId("p1"), findings: Ok(Context(ContextUse { used: 14110, limit: 1000000, parts: [ContextPart { name: "System prompt", tokens: 1967, kind: Used }, ContextPart { name: "Tools", tokens: 4, kind: Deferred }, ContextPart { name: "Autocompact buffer", tokens: 33000, kind: Kept }, ContextPart { name: "Free space", tokens: 952890, kind: Free }], pieces: [ContextPiece { kind: MemoryFile, name: "/w/CLAUDE.md", tokens: 22 }] })) }
            Found { asked_in: PromptId("p1"), findings: Ok(Rules(RuleBook { rules: [Rule { effect: Allow, source: Session, text: "Bash(touch x *)" }, Rule { effect: Deny, source: Managed, text: "Web⏎Fetch" }, Rule { effect: Ask, source: Other("novel"), text: "Read" }], folders: [("/w", Session)] })) }
            Found { asked_in: PromptId("p1"), findings: Ok(Changes(Some(Changes { files: [ChangedFile { path: "a.txt", fate: Modified, added: 1, removed: 1 }, ChangedFile { path: "b.txt", fate: Added, added: 0, removed: 0 }, ChangedFile { path: "c", fate: Deleted, added: 0, removed: 0 }], n_left_out: 3, added: 1, removed: 1, patch: "--- a/a.txt\n+++ b/a.txt\n@@ -1,1 +1,1 @@\n-one\n+changed\n" }))) }
            Found { asked_in: PromptId("p1"), findings: Ok(Changes(None)) }
            Found { asked_in: PromptId("p1"), findings: Ok(Servers([Server { name: "el", state: Connected, n_tools: 2 }, Server { name: "bad", state: Failed("ENOENT:⏎no such file"), n_tools: 0 }, Server { name: "db", state: NeedsLogin, n_tools: 0 }, Server { name: "old", state: Off, n_tools: 0 }, Server { name: "slow", state: Pending, n_tools: 0 }, Server { name: "x", state: Other("odd"), n_tools: 0 }])) }
            Found { asked_in: PromptId("p1"), findings: Ok(Aside("since *it* fits")) }
            Found { asked_in: PromptId("p1"), findings: Ok(Done) }
            Found { asked_in: PromptId("p1"), findings: Ok(Recalled(true)) }
            Found { asked_in: PromptId("p1"), findings: Ok(Recalled(false)) }
            Found { asked_in: PromptId("p1"), findings: Err("File rewinding is not enabled") }
            Found { asked_in: PromptId("p1"), findings: Ok(TaskOutput(Some(TaskOutput { text: "a\nb\n", cut_from: None }))) }
            Found { asked_in: PromptId("p1"), findings: Ok(TaskOutput(Some(TaskOutput { text: "b\n", cut_from: Some(108894) }))) }
            Found { asked_in: PromptId("p1"), findings: Ok(TaskOutput(None)) }
        "#]],
    );
}

#[test]
fn an_answer_of_another_form_is_told_and_one_to_nothing_is_passed_over() {
    let odd = [
        answer("context", "7"),
        answer("rules", "{}"),
        answer("changes", r#"{"diff":[]}"#),
        answer("servers", r#"{"mcpServers":{}}"#),
        answer("aside", r#"{"response":7}"#),
        answer("novel", "{}"),
        r#"{"type":"control_response","response":{"subtype":"error","request_id":"bridge-ask-order=p2","error":"ENOENT:\nno file"}}"#.to_owned(),
        r#"{"type":"control_response","response":{"subtype":"error","request_id":"bridge-ask-order=p2"}}"#.to_owned(),
        r#"{"type":"control_response","response":{"subtype":"success","request_id":"bridge-ask-aside"}}"#.to_owned(),
    ];
    let lines: Vec<_> = odd.iter().map(String::as_str).collect();
    check(
        &lines,
        &expect![[r#"
        Found { asked_in: PromptId("p1"), findings: Err("") }
        Found { asked_in: PromptId("p1"), findings: Err("") }
        Found { asked_in: PromptId("p1"), findings: Err("") }
        Found { asked_in: PromptId("p1"), findings: Err("") }
        Found { asked_in: PromptId("p1"), findings: Err("") }
        Heartbeat
        Found { asked_in: PromptId("p2"), findings: Err("ENOENT:⏎no file") }
        Found { asked_in: PromptId("p2"), findings: Err("") }
        Heartbeat
    "#]],
    );
}

#[test]
fn only_a_host_of_claudes_login_gets_a_button() {
    let page = |address: &str| {
        format!(
            r#"{{"type":"control_response","response":{{"subtype":"success","request_id":"bridge-ask-login=p1","response":{{"manualUrl":"{address}"}}}}}}"#
        )
    };
    let lines = [
        page("https://claude.com/cai/oauth/authorize?code=true"),
        page("https://platform.claude.com/oauth/authorize"),
        page("https://claude.com.a.example/oauth/authorize"),
        page("http://claude.com/oauth/authorize"),
    ];
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    check(
        &lines,
        &expect![[r#"
        Found { asked_in: PromptId("p1"), findings: Ok(LoginPage(Page { shown: "https://claude.com/cai/oauth/authorize?code=true", host: "claude.com", link: Some("https://claude.com/cai/oauth/authorize?code=true") })) }
        Found { asked_in: PromptId("p1"), findings: Ok(LoginPage(Page { shown: "https://platform.claude.com/oauth/authorize", host: "platform.claude.com", link: Some("https://platform.claude.com/oauth/authorize") })) }
        Found { asked_in: PromptId("p1"), findings: Ok(LoginPage(Page { shown: "https://claude.com.a.example/oauth/authorize", host: "claude.com.a.example", link: None })) }
        Found { asked_in: PromptId("p1"), findings: Ok(LoginPage(Page { shown: "http://claude.com/oauth/authorize", host: "claude.com", link: None })) }
    "#]],
    );
}

#[test]
fn a_server_that_is_down_is_named_once() {
    let init = |servers: &str| {
        format!(r#"{{"type":"system","subtype":"init","session_id":"s","mcp_servers":{servers}}}"#)
    };
    let lines = [
        init(
            r#"[{"name":"db","status":"pending"},{"name":"bridge","status":"connected"},{"name":"we\nb","status":"failed"}]"#,
        ),
        init(r#"[{"name":"db","status":"needs-auth"},{"name":"we\nb","status":"failed"},{}]"#),
        init(r#"[{"name":"db","status":"failed"}]"#),
        init("7"),
    ];
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    check(
        &lines,
        &expect![[r#"
        TurnStarted commands=
        ServersDown(["we⏎b"])
        TurnStarted commands=
        ServersDown(["db"])
        TurnStarted commands=
        TurnStarted commands=
    "#]],
    );
}
