//! Pure: a permission request of the wire to what a person decides about.
//!
//! All that will run is in the request's detail, and nothing in it is hidden: a tool whose input
//! has a part that is not known here is shown as the JSON that it came as.

use bridge_actors::permission_request::{
    Ask, Choice, Json, Origin, PermissionRequest, Picks, Question, Run, SessionRule,
};
use bridge_actors::visible::{visible, visible_line};
use bridge_texts::Say;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use similar::{ChangeTag, TextDiff};

use super::plan;
use super::session_rules::Ground;
use crate::claude::wire::ControlRequestBody;

/// More choices than this do not fit below a message; Claude offers up to four. A question with
/// more is shown as the JSON that it came as.
const MAX_OPTIONS: usize = 20;

/// Texts with more lines are shown one after the other: to compare them could take long.
const MAX_DIFF_LINES: usize = 2_000;

/// How long the title may be, in characters; a longer one is shown with everything else. Longer
/// ones would be cut in the message.
const MAX_TITLE: usize = 250;

/// What is shown of a tool's input.
struct Shown {
    /// What it is used on, for the title.
    target: String,
    detail: String,
    language: &'static str,
    /// What Claude says it is for.
    purpose: Option<String>,
}

/// Returns what is asked. What is known beside it: the plan that was shown last, for a question that
/// does not repeat it, and where rules for the session have to stay.
pub(super) fn of(
    id: String,
    tool: String,
    body: ControlRequestBody,
    (plan, ground, say): (&str, &Ground, Say),
) -> PermissionRequest {
    let ask = match tool.as_str() {
        "AskUserQuestion" => questions(&body.input).map(Ask::Questions),
        "ExitPlanMode" => {
            let plan = plan_in(&body.input).unwrap_or(plan);
            Some(Ask::Plan(plan::whole(plan)))
        }
        _ => None,
    };
    let ask = ask.unwrap_or_else(|| Ask::Run(run(&tool, &body, ground, say)));
    PermissionRequest {
        id,
        from: match body.agent_id {
            Some(_) => Origin::Subagent,
            None => Origin::Claude,
        },
        ask,
        input: Json(body.input.to_string()),
        for_call: None,
        tool,
    }
}

fn run(tool: &str, body: &ControlRequestBody, ground: &Ground, say: Say) -> Run {
    let known = body
        .input
        .as_object()
        .and_then(|input| shown(tool, input, say));
    let known = known.and_then(|shown| Some((title(tool, &shown.target)?, shown)));
    let (title, shown) = known.unwrap_or_else(|| match title(tool, "") {
        Some(title) => (title, Shown::json(&body.input)),
        None => {
            let all = json!({ "tool": tool, "input": body.input });
            (say.request_nameless_tool(), Shown::json(&all))
        }
    });
    let detail = visible(&shown.detail);
    let digest = Sha256::digest(format!("{title}\n{detail}").as_bytes());
    Run {
        title,
        digest: hex(&digest),
        detail,
        language: shown.language,
        purpose: shown.purpose.map(|purpose| visible_line(&purpose)),
        reason: (body.decision_reason.as_ref()).map(|reason| visible_line(reason)),
        rules: rules(body, ground, say),
    }
}

/// Returns the title; `None` when it is longer than can be shown.
///
/// A name that is none of Claude's, which could hold a path as well, stands between quotation
/// marks, so that no other tool looks like a known one.
fn title(tool: &str, target: &str) -> Option<String> {
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-' | '.');
    let name = match tool.chars().all(is_plain) {
        true => tool.to_owned(),
        false => format!("“{tool}”"),
    };
    let title = match target {
        "" => name,
        target => format!("{name} {target}"),
    };
    let title = visible_line(&title);
    (title.chars().count() <= MAX_TITLE).then_some(title)
}

/// Returns what is shown of a tool that is known; `None` when its input has any other part, or a
/// part of another type, than is shown.
fn shown(tool: &str, input: &Map<String, Value>, say: Say) -> Option<Shown> {
    let input = Input(input);
    match tool {
        "Bash" => {
            input.has_only(&["command", "description", "timeout", "run_in_background"])?;
            let limit = match input.0.get("timeout") {
                Some(limit) => Some(time_limit(say, limit.as_u64()?)),
                None => None,
            };
            Some(Shown {
                target: match (input.is_set("run_in_background"), limit) {
                    (true, Some(limit)) => say.request_in_background_within(limit),
                    (true, None) => say.request_in_background(),
                    (false, Some(limit)) => say.request_within(limit),
                    (false, None) => String::new(),
                },
                detail: input.text("command")?.to_owned(),
                language: "bash",
                purpose: input.optional_text("description"),
            })
        }
        "Write" => {
            input.has_only(&["file_path", "content"])?;
            Some(Shown {
                target: input.text("file_path")?.to_owned(),
                detail: input.text("content")?.to_owned(),
                language: "",
                purpose: None,
            })
        }
        "Edit" => {
            input.has_only(&["file_path", "old_string", "new_string", "replace_all"])?;
            let path = input.text("file_path")?;
            Some(Shown {
                target: match input.is_set("replace_all") {
                    true => say.request_every_match(path),
                    false if looks_like_every_match(path, say) => return None,
                    false => path.to_owned(),
                },
                detail: diff(input.text("old_string")?, input.text("new_string")?),
                language: "diff",
                purpose: None,
            })
        }
        "Read" => {
            input.has_only(&["file_path"])?;
            input.one_line("file_path")
        }
        "WebSearch" => {
            input.has_only(&["query"])?;
            input.one_line("query")
        }
        _ => None,
    }
}

/// Says a number of milliseconds exactly, in the largest unit that does.
fn time_limit(say: Say, milliseconds: u64) -> String {
    match (milliseconds % 60_000, milliseconds % 1_000) {
        (0, _) if milliseconds > 0 => say.duration_minutes(milliseconds / 60_000),
        (_, 0) => say.duration_seconds(milliseconds / 1_000),
        (_, _) => say.duration_milliseconds(milliseconds),
    }
}

/// Tells whether a path reads like an edit of every match in another one.
fn looks_like_every_match(path: &str, say: Say) -> bool {
    const PLACE: char = '\0';
    let words = say.request_every_match(PLACE);
    let around = words.split_once(PLACE);
    around.is_none_or(|(before, after)| path.starts_with(before) && path.ends_with(after))
}

impl Shown {
    fn json(input: &Value) -> Self {
        Self {
            target: String::new(),
            detail: whole(input),
            language: "json",
            purpose: None,
        }
    }
}

/// A tool's input.
struct Input<'a>(&'a Map<String, Value>);

impl Input<'_> {
    fn has_only(&self, keys: &[&str]) -> Option<()> {
        let is_known = |key: &String| keys.contains(&key.as_str());
        self.0.keys().all(is_known).then_some(())
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str()
    }

    fn optional_text(&self, key: &str) -> Option<String> {
        let text = self.text(key)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn is_set(&self, key: &str) -> bool {
        !matches!(
            self.0.get(key),
            None | Some(Value::Null | Value::Bool(false))
        )
    }

    fn one_line(&self, key: &str) -> Option<Shown> {
        Some(Shown {
            target: String::new(),
            detail: self.text(key)?.to_owned(),
            language: "",
            purpose: None,
        })
    }
}

/// Returns both texts whole, as one: what goes, what comes, what stays. A text is its lines with a
/// line feed between each two, so one at its end shows as a last line that is empty.
fn diff(old: &str, new: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (old.split('\n').collect(), new.split('\n').collect());
    let lines: Vec<String> = if old.len().max(new.len()) > MAX_DIFF_LINES {
        let gone = old.iter().map(|line| marked('-', line));
        gone.chain(new.iter().map(|line| marked('+', line)))
            .collect()
    } else {
        let diff = TextDiff::from_slices(&old, &new);
        let changes = diff.iter_all_changes();
        changes
            .map(|change| {
                let mark = match change.tag() {
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                    ChangeTag::Equal => ' ',
                };
                marked(mark, change.value())
            })
            .collect()
    };
    lines.join("\n")
}

/// A mark alone stands for an empty line: a space behind it would be one that nobody sees.
fn marked(mark: char, line: &str) -> String {
    match (mark, line.is_empty()) {
        (' ', true) => String::new(),
        (_, true) => mark.to_string(),
        (_, false) => format!("{mark} {line}"),
    }
}

fn whole(input: &Value) -> String {
    let is_empty = input.is_null() || input.as_object().is_some_and(Map::is_empty);
    if is_empty {
        return String::new();
    }
    format!("{input:#}")
}

fn plan_in(input: &Value) -> Option<&str> {
    let plan = input.get("plan")?.as_str()?;
    (!plan.trim().is_empty()).then_some(plan)
}

fn questions(input: &Value) -> Option<Vec<Question>> {
    let questions = input.get("questions")?.as_array()?;
    let questions: Option<Vec<_>> = questions.iter().map(question).collect();
    questions.filter(|questions| !questions.is_empty())
}

fn question(question: &Value) -> Option<Question> {
    let text = question.get("question")?.as_str()?;
    let options = question.get("options")?.as_array()?;
    let is_askable = (1..=MAX_OPTIONS).contains(&options.len());
    let options: Option<Vec<_>> = options.iter().map(choice).collect();
    Some(Question {
        key: text.to_owned(),
        text: visible(text),
        options: options.filter(|_| is_askable)?,
        picks: match question.get("multiSelect") {
            Some(Value::Bool(true)) => Picks::Many,
            _ => Picks::One,
        },
    })
}

fn choice(option: &Value) -> Option<Choice> {
    let label = option
        .get("label")?
        .as_str()
        .filter(|label| !label.trim().is_empty())?;
    let field = |name| option.get(name).and_then(Value::as_str).unwrap_or_default();
    Some(Choice {
        key: label.to_owned(),
        label: visible_line(label),
        description: visible_line(field("description")),
        preview: visible(field("preview").trim_end()),
    })
}

/// Returns the rules that Claude offers for the session: those that allow a tool, and nothing that
/// changes the mode or the folders. When one of them would open what lies beside the session's
/// folder, or a way around the questions, there are none: a part of a suggestion is not what Claude
/// needs. Nor are there any where Claude says that none are to be offered.
fn rules(body: &ControlRequestBody, ground: &Ground, say: Say) -> Vec<SessionRule> {
    if is_on(&body.requires_user_interaction) || is_on(&body.suppress_always_allow_rule) {
        return Vec::new();
    }
    let is_rule = |update: &&Value| {
        let field = |key: &str| update.get(key).and_then(Value::as_str);
        field("type") == Some("addRules") && field("behavior") == Some("allow")
    };
    let updates = body.permission_suggestions.iter().filter(is_rule);
    let rules = updates.filter_map(|update| update.get("rules")?.as_array());
    let rules: Vec<&Value> = rules.flatten().collect();
    if rules.iter().any(|rule| opens_a_door(rule, ground)) {
        return Vec::new();
    }
    let rules = rules.into_iter();
    rules.filter_map(|it| rule(it, say)).collect()
}

/// Tells whether a flag of Claude is set, be it as it will.
fn is_on(flag: &Value) -> bool {
    !matches!(flag, Value::Null | Value::Bool(false))
}

fn opens_a_door(rule: &Value, ground: &Ground) -> bool {
    let content = rule.get("ruleContent").and_then(Value::as_str);
    match rule.get("toolName").and_then(Value::as_str) {
        Some(tool) => ground.is_left_by(tool, content),
        None => true,
    }
}

fn rule(rule: &Value, say: Say) -> Option<SessionRule> {
    let tool = rule.get("toolName")?.as_str()?;
    let shown = match rule.get("ruleContent").and_then(Value::as_str) {
        Some(content) => format!("{tool}({content})"),
        None => say.request_rule_anything(tool),
    };
    Some(SessionRule {
        shown: visible_line(&shown),
        rule: Json(rule.to_string()),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
