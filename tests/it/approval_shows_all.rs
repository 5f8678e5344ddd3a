//! Promise: whoever approves a request has seen all of what will run.

use bridge::claude::translate::Translator;
use bridge::telegram::render::{Chunk, EntityKind, render, render_live};
use bridge_actors::agent_event::AgentEvent;
use bridge_actors::outbox::Code;
use bridge_actors::permission_request::{Ask, PermissionRequest, Run};
use bridge_actors::visible::{hidden_again, visible};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Text full of what an attacker would use.
fn hostile() -> impl Strategy<Value = String> {
    let sign = prop_oneof![
        any::<char>(),
        prop::sample::select(vec![
            ' ', '\n', '\t', '\r', '⟦', '⟧', '\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}',
            '\u{1b}', '\u{0}', '+', '-', '\\', '`', '"', 'a',
        ]),
    ];
    prop::collection::vec(sign, 0..80).prop_map(String::from_iter)
}

fn request(tool: &str, input: &Value) -> PermissionRequest {
    let line = json!({
        "type": "control_request",
        "request_id": "r",
        "request": {"subtype": "can_use_tool", "tool_name": tool, "input": input},
    });
    let mut events = Translator::default()
        .on_line(line.to_string().as_bytes())
        .events;
    match events.pop() {
        Some(AgentEvent::PermissionAsked(request)) => *request,
        other => panic!("not a request: {other:?}"),
    }
}

fn run(request: PermissionRequest) -> Run {
    match request.ask {
        Ask::Run(run) => run,
        other @ (Ask::Questions(_) | Ask::Plan(_) | Ask::Form(_)) => {
            panic!("not a tool: {other:?}")
        }
    }
}

/// Returns what a person sees as code, read back.
fn seen(run: &Run) -> String {
    let code = Code {
        language: run.language,
        text: run.detail.clone(),
    };
    let [chunk] = &render_live("A head", Some(&code))[..] else {
        panic!("one message");
    };
    let units: Vec<u16> = chunk.text.encode_utf16().collect();
    let shown = match &chunk.entities[..] {
        [] => String::new(),
        [pre] => String::from_utf16(&units[pre.offset..pre.offset + pre.length]).unwrap(),
        _ => panic!("one block"),
    };
    hidden_again(&shown)
}

/// Reads both texts of a diff back.
fn sides(diff: &str) -> (String, String) {
    let (mut old, mut new) = (Vec::new(), Vec::new());
    for line in diff.split('\n') {
        let words = line.get(2..).unwrap_or_default();
        if !line.starts_with('+') {
            old.push(words);
        }
        if !line.starts_with('-') {
            new.push(words);
        }
    }
    (old.join("\n"), new.join("\n"))
}

/// Returns what a person sees of a plan: the texts of the messages, the languages of their code,
/// and where their links lead.
fn seen_of_plan(plan: &str) -> (String, String) {
    let request = request("ExitPlanMode", &json!({ "plan": plan }));
    let Ask::Plan(plan) = request.ask else {
        panic!("not a plan");
    };
    let chunks: Vec<Chunk> = render(&plan);
    let entities = chunks.iter().flat_map(|chunk| &chunk.entities);
    let beside = entities.filter_map(|entity| match &entity.kind {
        EntityKind::TextLink { url } => Some(url.clone()),
        EntityKind::Pre { language } => language.clone(),
        EntityKind::Bold
        | EntityKind::Italic
        | EntityKind::Strikethrough
        | EntityKind::Underline
        | EntityKind::Code
        | EntityKind::Blockquote
        | EntityKind::ExpandableBlockquote => None,
    });
    let beside: Vec<_> = beside.collect();
    let texts: Vec<_> = chunks.iter().map(|chunk| chunk.text.as_str()).collect();
    (texts.join("\n"), beside.join("\n"))
}

/// Every place of Markdown that a rendering could leave out; `W` stands for a word.
const PLACES: &[&str] = &[
    "W",
    "W\n",
    "\n\n",
    "\n",
    " ",
    "# W\n",
    "**W**",
    "`W`",
    "- W\n",
    "1. W\n",
    "7) W\n",
    "> W\n",
    "- [x] W\n",
    "[W](http://a.b/W)",
    "[W](http://a.b \"W\")",
    "[](W)",
    "![W](W)",
    "![W](http://a.b/W 'W')",
    "[![W](W)](http://a.b/W)",
    "\n\n[W]: http://a.b/W (W)\n\n",
    "\n\n[//]: # (W)\n\n",
    "[W][W]",
    "[W]",
    "<!-- W -->",
    "\n\n<!-- W -->\n\n",
    "<b title=W>",
    "<b>W</b>",
    "<a href=\"http://a.b/W\">W</a>",
    "\n\n<details>\n<summary>W</summary>\n\nW\n\n</details>\n\n",
    "__W__.py",
    "\n> [!NOTE]\n> W\n",
    "<http://a.b/W>",
    "\n```W\nW\n```\n",
    "\n```W W\nW\n```\n",
    "\n~~~W,W\nW\n~~~\n",
    "\n    W\n",
    "\n\n| W | W |\n|---|---|\n| W | W | W |\n| [W](http://a.b/W) |\n\n",
    "&#8203;",
    "&#x202e;W",
    "&amp;W",
    "\\",
    "*",
    "_",
    "~~W~~",
    "\u{200b}W",
    "\u{202e}",
    "[^W]",
    "\n[^W]: W\n",
    "$W$",
    "W\n===\n",
    "---\n",
    "`",
    "```",
    "\t",
    "\r\n",
];

/// Markdown with a word in every place that a rendering could leave out.
fn markdown() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PLACES), 0..12).prop_map(|places| {
        let pieces = places.concat();
        let mut words = pieces.split('W');
        let first = words.next().unwrap_or_default().to_owned();
        (words.enumerate()).fold(first, |text, (n, piece)| format!("{text}w{n}q{piece}"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_command_is_shown_as_it_runs(command in hostile()) {
        let request = request("Bash", &json!({"command": command, "description": "harmless"}));
        let runs: Value = serde_json::from_str(&request.input.0).unwrap();
        prop_assert_eq!(&runs["command"], &json!(command));
        prop_assert_eq!(seen(&run(request)), command);
    }

    #[test]
    fn an_unknown_tool_is_shown_with_all_it_gets(key in hostile(), value in hostile(), tool in hostile()) {
        prop_assume!(!["Bash", "Write", "Edit", "Read", "WebSearch"].contains(&tool.as_str()));
        let input = json!({ key: value, "deep": [{"command": "x"}] });
        let run = run(request(&tool, &input));
        let named = run.title != "A tool";
        let all = if named { input } else { json!({"tool": tool, "input": input}) };
        prop_assert_eq!(serde_json::from_str::<Value>(&seen(&run)).unwrap(), all);
    }

    #[test]
    fn a_known_tool_with_an_unknown_part_hides_nothing(key in hostile(), value in hostile()) {
        prop_assume!(!["command", "description", "timeout", "run_in_background"].contains(&key.as_str()));
        let input = json!({ key: value, "command": "ls" });
        let shown = seen(&run(request("Bash", &input)));
        prop_assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), input);
    }

    #[test]
    fn a_long_path_is_shown_to_its_end(length in 225..270usize, tool in "(Write|Edit)", every: bool) {
        let of = |end: &str| {
            let path = format!("/{}/{end}", "d".repeat(length - end.len()));
            let mut input = json!({"file_path": path, "old_string": "x", "new_string": "y", "replace_all": every});
            if tool == "Write" {
                input = json!({"file_path": path, "content": "x"});
            }
            run(request(&tool, &input))
        };
        let (sh, md) = (of("x.sh"), of("x.md"));
        prop_assert!(sh.title.chars().count() <= 250 && md.title.chars().count() <= 250);
        prop_assert_ne!((&sh.title, &sh.detail), (&md.title, &md.detail));
        prop_assert_ne!(sh.digest, md.digest);
    }

    #[test]
    fn another_tool_never_looks_like_a_known_one(path in "/[a-z]{1,9}", words in "[a-z]{1,9}") {
        let known = run(request("Write", &json!({"file_path": path, "content": words})));
        let odd = run(request(&format!("Write {path}"), &json!(words)));
        prop_assert_ne!((known.title, known.detail), (odd.title, odd.detail));
        let edit = |path: &str, every: bool| {
            let input = json!({"file_path": path, "old_string": "x", "new_string": "y", "replace_all": every});
            run(request("Edit", &input))
        };
        let (every, one) = (edit(&path, true), edit(&format!("every match in {path}"), false));
        prop_assert_ne!((every.title, every.detail), (one.title, one.detail));
    }

    #[test]
    fn a_plan_is_shown_with_every_word(plan in markdown()) {
        let (text, beside) = seen_of_plan(&plan);
        for at in plan.match_indices('w').map(|(at, _)| at) {
            let word = &plan[at..=at + plan[at..].find('q').unwrap()];
            prop_assert!(text.contains(word) || beside.contains(word), "{word} is not in {text:?}");
        }
        // The rendering itself indents with wide spaces.
        for sign in text.chars().filter(|sign| *sign != '⟦' && !sign.is_whitespace()) {
            let behind = format!("x{sign}x");
            prop_assert_eq!(visible(&behind), behind);
        }
    }

    #[test]
    fn an_edit_is_shown_with_both_texts(old in hostile(), new in hostile(), path in "[a-z/]{1,40}") {
        let input = json!({"file_path": path, "old_string": old, "new_string": new});
        let run = run(request("Edit", &input));
        prop_assert!(run.title.ends_with(&path));
        let (shown_old, shown_new) = sides(&hidden_again(&run.detail));
        prop_assert_eq!(shown_old, old);
        prop_assert_eq!(shown_new, new);
    }
}
