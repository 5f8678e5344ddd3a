//! What the messages about a request promise whatever Claude puts into it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::clock::Time;
use crate::ids::PostId;
use crate::permission_request::{Json, PermissionRequest, SessionRule};
use crate::session::requests::sheet::Sheet;

pub(in crate::session::texts) fn asked(ask: Ask) -> Asked {
    Asked {
        request: Arc::new(PermissionRequest {
            id: "r".to_owned(),
            tool: "Bash".to_owned(),
            from: Origin::Subagent,
            ask,
            input: Json("{}".to_owned()),
            for_call: None,
        }),
        nonce: "n".repeat(22),
        asker: None,
        post: PostId(0),
        message: None,
        asked_at: Time(Duration::ZERO),
        deadline: Time(Duration::ZERO),
        answers: Vec::new(),
        marked: BTreeSet::new(),
        sheet: Sheet::default(),
    }
}

fn run(title: &str, detail: &str) -> Run {
    Run {
        title: title.to_owned(),
        detail: detail.to_owned(),
        language: "",
        digest: "0".repeat(64),
        purpose: None,
        reason: None,
        rules: Vec::new(),
    }
}

/// Returns the text of a message and its code.
fn message(body: Body) -> (String, String) {
    match body {
        Body::Live { text, code, .. } => (text, code.map(|code| code.text).unwrap_or_default()),
        Body::Markdown(_)
        | Body::Rich(_)
        | Body::Folded(_)
        | Body::Quoted(_)
        | Body::Card { .. }
        | Body::Plain(_)
        | Body::Choice { .. }
        | Body::Document { .. }
        | Body::Files { .. } => {
            panic!("not a message that asks")
        }
    }
}

fn text_of(ask: Ask) -> String {
    message(asks(
        Say::default(),
        &asked(ask),
        Duration::from_secs(1_800),
    ))
    .0
}

#[test]
fn words_of_mixed_scripts_are_pointed_out() {
    let text = text_of(Ask::Run(run(
        "Bash",
        "curl p\u{430}ypal.com; curl p\u{430}ypal.com",
    )));
    let line = "⚠ Look closely, some words mix letters of several scripts: “p\u{430}ypal”";
    assert!(text.lines().any(|it| it == line), "{text}");
    let text = text_of(Ask::Run(run(
        "Write /\u{43f}\u{443}\u{442}\u{44c}/file",
        "привет",
    )));
    assert!(!text.contains('⚠'), "{text}");
    let many: String = ('a'..='k').map(|sign| format!("{sign}\u{430} ")).collect();
    assert!(text_of(Ask::Run(run("Bash", &many))).contains("and 8 more"));
}

#[test]
fn the_longest_request_fits_into_one_message() {
    let crab = |n: usize| "🦀".repeat(n);
    let mixed = |n: usize| format!("\u{430}{}", "a".repeat(n));
    let rule = SessionRule {
        shown: crab(250),
        rule: Json("{}".to_owned()),
    };
    let words: String = (0..12).map(|n| format!("{}, ", mixed(30 + n))).collect();
    let just_whole = format!("{words:x<CODE_SHOWN$}");
    for detail in [just_whole, format!("{words}{}", crab(100_000))] {
        let run = Run {
            purpose: Some(crab(9_999)),
            reason: Some(crab(9_999)),
            rules: vec![rule.clone()],
            ..run(&crab(250), &detail)
        };
        let (text, code) = message(asks(
            Say::default(),
            &asked(Ask::Run(run)),
            Duration::from_secs(3_661),
        ));
        let units = text.encode_utf16().count() + 1 + code.encode_utf16().count();
        assert!(units <= 4_096, "{units} units");
    }
}
