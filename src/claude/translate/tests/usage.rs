//! How much of the limits is used, as recorded from 2.1.332 and as its own description has it.

use expect_test::expect;

use super::check;

#[test]
fn limits_are_those_of_the_answer_or_of_the_last_request() {
    let answer = |response: &str| {
        format!(
            r#"{{"type":"control_response","response":{{"subtype":"success","request_id":"bridge-ask-usage=p1","response":{response}}}}}"#
        )
    };
    let session = r#""session":{"total_cost_usd":0.160208}"#;
    let lines = [
        answer(&format!(r#"{{{session},"rate_limits_available":false,"rate_limits":null}}"#)),
        answer(&format!(
            r#"{{{session},"rate_limits":{{"five_hour":{{"utilization":52.4,"resets_at":"2026-12-01T05:00:00+00:00"}},"seven_day":{{"utilization":7,"resets_at":null}},"seven_day_opus":null,"seven_day_sonnet":{{"utilization":1e30,"resets_at":"soon"}},"model_scoped":[{{"display_name":"Sonnet","utilization":3,"resets_at":null}},{{"display_name":"A\u202eB","utilization":-5,"resets_at":null}},{{"display_name":"C","utilization":null}}]}}}}"#
        )),
        r#"{"type":"rate_limit_event","rate_limit_info":{"status":"allowed","resetsAt":1796086634,"rateLimitType":"five_hour","unifiedWindows":{"five_hour":{"utilization":0.31,"resetsAt":1796086634},"seven_day":{"utilization":"odd"}}}}"#.to_owned(),
        r#"{"type":"rate_limit_event","rate_limit_info":{"status":"allowed"}}"#.to_owned(),
        answer(&format!(r#"{{{session}}}"#)),
        answer(r#"{"session":{}}"#),
    ];
    let lines: Vec<_> = lines.iter().map(String::as_str).collect();
    check(
        &lines,
        &expect![[r#"
        Found { asked_in: PromptId("p1"), findings: Ok(Usage(Usage { cost: 160208, windows: [] })) }
        Found { asked_in: PromptId("p1"), findings: Ok(Usage(Usage { cost: 160208, windows: [UsageWindow { span: FiveHours, percent: 52, resets: Some(UnixSeconds(1796101200)) }, UsageWindow { span: Week, percent: 7, resets: None }, UsageWindow { span: WeekOf("Sonnet"), percent: 999, resets: None }, UsageWindow { span: WeekOf("A⟦U+202E⟧B"), percent: 0, resets: None }] })) }
        Heartbeat
        Heartbeat
        Found { asked_in: PromptId("p1"), findings: Ok(Usage(Usage { cost: 160208, windows: [UsageWindow { span: FiveHours, percent: 31, resets: Some(UnixSeconds(1796086634)) }, UsageWindow { span: Week, percent: 0, resets: None }] })) }
        Found { asked_in: PromptId("p1"), findings: Err("") }
    "#]],
    );
}
