//! What the lines we write look like.

use bridge_actors::ids::PromptId;
use bridge_actors::permission_request::Json;
use bridge_actors::ports::{AgentInput, PermissionDecision, PromptForm, Unasked};
use expect_test::expect;
use proptest::prelude::*;
use serde_json::Value;

use super::{initialize_line, input_line};
use bridge_actors::enquiry::Enquiry;
use bridge_actors::login_code::LoginCode;

fn prompt(text: &str, form: PromptForm) -> String {
    let id = PromptId("u-1".to_owned());
    let text = text.to_owned();
    input_line(&AgentInput::Prompt {
        id,
        text,
        form,
        pictures: Vec::new(),
    })
    .unwrap()
}

fn content(line: &str) -> String {
    let line: Value = serde_json::from_str(line).unwrap();
    line["message"]["content"].as_str().unwrap().to_owned()
}

#[test]
fn each_input_is_one_line_that_the_cli_knows() {
    let deny = AgentInput::Permission {
        request: "r-1".to_owned(),
        decision: PermissionDecision::Deny {
            message: "not \"now\"\nplease".to_owned(),
        },
    };
    let input = Json(r#"{"command":"make","n":1}"#.to_owned());
    let decided = |decision| {
        let request = "r-2".to_owned();
        input_line(&AgentInput::Permission { request, decision }).unwrap()
    };
    let allow = |rules: &[&str], unasked| {
        decided(PermissionDecision::Allow {
            input: input.clone(),
            rules: rules.iter().map(|rule| Json((*rule).to_owned())).collect(),
            unasked,
        })
    };
    let answer = decided(PermissionDecision::Answer {
        input: input.clone(),
        answers: vec![("Which?".to_owned(), "A, B".to_owned())],
    });
    let lines = [
        initialize_line(),
        prompt("hello\nworld", PromptForm::Text),
        input_line(&AgentInput::Interrupt).unwrap(),
        input_line(&deny).unwrap(),
        allow(&[], Unasked::Nothing),
        allow(
            &[r#"{"toolName":"Bash","ruleContent":"make *"}"#],
            Unasked::Nothing,
        ),
        allow(&[], Unasked::Edits),
        answer,
    ];
    expect![[r#"
        {"request":{"hooks":{"PreToolUse":[{"hookCallbackIds":["bridge-before-a-tool"],"timeout":600}]},"sdkMcpServers":["bridge"],"subtype":"initialize"},"request_id":"bridge-initialize","type":"control_request"}
        {"message":{"content":"hello\nworld","role":"user"},"parent_tool_use_id":null,"session_id":"","type":"user","uuid":"u-1"}
        {"request":{"subtype":"interrupt"},"request_id":"bridge-interrupt","type":"control_request"}
        {"response":{"request_id":"r-1","response":{"behavior":"deny","message":"not \"now\"\nplease"},"subtype":"success"},"type":"control_response"}
        {"response":{"request_id":"r-2","response":{"behavior":"allow","updatedInput":{"command":"make","n":1}},"subtype":"success"},"type":"control_response"}
        {"response":{"request_id":"r-2","response":{"behavior":"allow","updatedInput":{"command":"make","n":1},"updatedPermissions":[{"behavior":"allow","destination":"session","rules":[{"ruleContent":"make *","toolName":"Bash"}],"type":"addRules"}]},"subtype":"success"},"type":"control_response"}
        {"response":{"request_id":"r-2","response":{"behavior":"allow","updatedInput":{"command":"make","n":1},"updatedPermissions":[{"destination":"session","mode":"acceptEdits","type":"setMode"}]},"subtype":"success"},"type":"control_response"}
        {"response":{"request_id":"r-2","response":{"behavior":"allow","updatedInput":{"answers":{"Which?":"A, B"},"command":"make","n":1}},"subtype":"success"},"type":"control_response"}
    "#]]
    .assert_eq(&lines.map(|line| line + "\n").concat());
    assert_eq!(input_line(&AgentInput::Close), None);
}

#[test]
fn text_is_never_a_command_and_a_command_always_is() {
    for (text, sent) in [
        ("/foo bar", " /foo bar"),
        ("/", " /"),
        (" /foo", " /foo"),
        ("\n/foo", "\n/foo"),
        ("# note", "# note"),
        ("!ls", "!ls"),
        ("", ""),
    ] {
        assert_eq!(content(&prompt(text, PromptForm::Text)), sent);
        assert_eq!(content(&prompt(text, PromptForm::Command)), text);
    }
}

proptest! {
    #[test]
    fn any_text_is_one_whole_line(text in any::<String>()) {
        let line = prompt(&text, PromptForm::Text);
        prop_assert!(!line.contains(['\n', '\r']));
        prop_assert!(!content(&line).starts_with('/'));
        prop_assert!(content(&line).ends_with(&text));
    }
}

#[test]
fn each_enquiry_is_a_request_whose_name_says_what_it_asks_and_for_whom() {
    let server = || "files".to_owned();
    let half = "c".repeat(20);
    let all = [
        Enquiry::Context,
        Enquiry::Usage,
        Enquiry::Rules,
        Enquiry::Changes,
        Enquiry::Servers,
        Enquiry::Reconnect { server: server() },
        Enquiry::Switch {
            server: server(),
            on: false,
        },
        Enquiry::TaskOutput {
            task: "b1".to_owned(),
            what: String::new(),
        },
        Enquiry::Recall {
            prompt: PromptId("p0".to_owned()),
        },
        Enquiry::Aside("why \"this\"?".to_owned()),
        Enquiry::LogIn,
        Enquiry::LoginCode(LoginCode::of(&format!("{half}#{half}")).unwrap()),
    ];
    let lines = all.map(|enquiry| {
        let asked_in = PromptId("p1".to_owned());
        input_line(&AgentInput::Enquire { asked_in, enquiry }).unwrap()
    });
    expect![[r#"
        {"request":{"subtype":"get_context_usage"},"request_id":"bridge-ask-context=p1","type":"control_request"}
        {"request":{"skip_behaviors":true,"subtype":"get_usage"},"request_id":"bridge-ask-usage=p1","type":"control_request"}
        {"request":{"subtype":"list_permission_rules"},"request_id":"bridge-ask-rules=p1","type":"control_request"}
        {"request":{"subtype":"get_workspace_diff"},"request_id":"bridge-ask-changes=p1","type":"control_request"}
        {"request":{"subtype":"mcp_status"},"request_id":"bridge-ask-servers=p1","type":"control_request"}
        {"request":{"serverName":"files","subtype":"mcp_reconnect"},"request_id":"bridge-ask-order=p1","type":"control_request"}
        {"request":{"enabled":false,"serverName":"files","subtype":"mcp_toggle"},"request_id":"bridge-ask-order=p1","type":"control_request"}
        {"request":{"subtype":"get_task_output","task_id":"b1"},"request_id":"bridge-ask-output=p1","type":"control_request"}
        {"request":{"dry_run":true,"subtype":"rewind_files","user_message_id":"p0"},"request_id":"bridge-ask-recall=p1","type":"control_request"}
        {"request":{"question":"why \"this\"?","subtype":"side_question"},"request_id":"bridge-ask-aside=p1","type":"control_request"}
        {"request":{"loginWithClaudeAi":true,"subtype":"claude_authenticate"},"request_id":"bridge-ask-login=p1","type":"control_request"}
        {"request":{"authorizationCode":"cccccccccccccccccccc","state":"cccccccccccccccccccc","subtype":"claude_oauth_callback"},"request_id":"bridge-ask-code=p1","type":"control_request"}"#]].assert_eq(&lines.join("\n"));
}
