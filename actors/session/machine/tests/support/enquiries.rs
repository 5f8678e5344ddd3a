//! Reads what an agent answers about itself.

use super::LIMIT_ENDS;
use crate::agent_event::AgentEvent;
use crate::clock::UnixSeconds;
use crate::enquiry::{
    Back, ChangedFile, Changes, ContextPart, ContextPiece, ContextUse, Enquiry, FileFate, Findings,
    PartKind, PieceKind, Rule, RuleBook, RuleEffect, RuleSource, Server, ServerState, TaskOutput,
    Usage, UsageSpan, UsageWindow,
};
use crate::form::Page;
use crate::ids::PromptId;
use crate::login_code::LoginCode;

/// Reads the enquiry of a command.
pub(super) fn enquiry(word: &str, rest: &str) -> Option<Enquiry> {
    Some(match word {
        "/context" => Enquiry::Context,
        "/usage" => Enquiry::Usage,
        "/permissions" => Enquiry::Rules,
        "/diff" => Enquiry::Changes,
        "/mcp" => Enquiry::Servers,
        "/btw" => Enquiry::Aside(rest.to_owned()),
        "/login" => Enquiry::LogIn,
        "/code" => {
            let half = "c".repeat(20);
            let code = LoginCode::of(&format!("{half}#{half}")).expect("a code");
            Enquiry::LoginCode(code)
        }
        "/lostcode" => Enquiry::LoginCode(LoginCode::default()),
        _ => return None,
    })
}

/// Reads an answer: the instruction that asked, and what it says.
pub(super) fn found(text: &str) -> AgentEvent {
    let (asked_in, text) = text.split_once(' ').expect("an instruction and an answer");
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let findings = match word {
        "context" => Ok(Findings::Context(context(rest))),
        "usage" => Ok(Findings::Usage(usage(rest))),
        "rules" => Ok(Findings::Rules(rules(rest))),
        "changes" => Ok(Findings::Changes(Some(changes(rest)))),
        "no_repository" => Ok(Findings::Changes(None)),
        "servers" => Ok(Findings::Servers(servers(rest))),
        "done" => Ok(Findings::Done),
        "back" => Ok(Findings::Back(back(rest))),
        "aside" => Ok(Findings::Aside(rest.to_owned())),
        "output" => Ok(Findings::TaskOutput(Some(output(rest)))),
        "recalled" => Ok(Findings::Recalled(rest.is_empty())),
        "no_output" => Ok(Findings::TaskOutput(None)),
        "page" => Ok(Findings::LoginPage(Page {
            shown: rest.to_owned(),
            host: "a.example".to_owned(),
            link: rest.starts_with("https").then(|| rest.to_owned()),
        })),
        "no" => Err(rest.to_owned()),
        _ => panic!("not an answer: {text}"),
    };
    AgentEvent::Found {
        asked_in: PromptId(asked_in.to_owned()),
        findings: findings.map(Box::new),
    }
}

/// Reads how full a context is, in percent.
fn context(percent: &str) -> ContextUse {
    let used = percent.parse::<u64>().expect("a number") * 2_000;
    let part = |name: &str, tokens, kind| ContextPart {
        name: name.to_owned(),
        tokens,
        kind,
    };
    ContextUse {
        used,
        limit: 200_000,
        parts: vec![
            part("Messages|all", used, PartKind::Used),
            part("Tools (deferred)", 30, PartKind::Deferred),
            part("Autocompact buffer", 33_000, PartKind::Kept),
            part("Free space", 200_000 - used, PartKind::Free),
        ],
        pieces: vec![ContextPiece {
            kind: PieceKind::MemoryFile,
            name: "/w/CLAUDE.md".to_owned(),
            tokens: 22,
        }],
    }
}

/// Reads where rules come from, each one rule.
fn rules(sources: &str) -> RuleBook {
    let source = |word: &str| match word {
        "session" => RuleSource::Session,
        "user" => RuleSource::User,
        "project" => RuleSource::Project,
        "local" => RuleSource::Local,
        "bridge" => RuleSource::Bridge,
        "managed" => RuleSource::Managed,
        other => RuleSource::Other(other.to_owned()),
    };
    let effects = [RuleEffect::Allow, RuleEffect::Ask, RuleEffect::Deny];
    let effects = effects.into_iter().cycle();
    let sources = sources.split_whitespace();
    let rules = sources.zip(effects).map(|(word, effect)| Rule {
        effect,
        source: source(word),
        text: format!("Bash({word} *)"),
    });
    let rules: Vec<_> = rules.collect();
    let is_allowed_here = |rule: &Rule| rule.source == RuleSource::Session;
    let folder = || ("/else".to_owned(), RuleSource::Session);
    let folders = rules.iter().any(is_allowed_here).then(folder);
    RuleBook {
        folders: folders.into_iter().collect(),
        rules,
    }
}

/// Reads how many files changed; every third is new and every third gone.
fn changes(count: &str) -> Changes {
    let count: u64 = count.parse().expect("a number");
    let fates = [FileFate::Modified, FileFate::Added, FileFate::Deleted];
    let files = (0..count).zip(fates.into_iter().cycle());
    let files: Vec<_> = files
        .map(|(n, fate)| ChangedFile {
            path: format!("src/{n}.rs"),
            fate,
            added: n,
            removed: n / 2,
        })
        .collect();
    Changes {
        n_left_out: count / 25,
        added: count,
        removed: 1,
        patch: match count {
            0 => String::new(),
            _ => "--- a/src/0.rs\n".to_owned(),
        },
        files,
    }
}

/// Reads which files would be other ones.
fn back(files: &str) -> Back {
    let files: Vec<_> = files.split_whitespace().map(str::to_owned).collect();
    Back {
        added: 2,
        removed: files.len() as u64,
        files,
    }
}

/// Reads what a task has printed; what is cut is marked by `…`.
fn output(text: &str) -> TaskOutput {
    let text = text
        .replace("\\n", "\n")
        .replace("\\r", "\r")
        .replace("\\e", "\u{1b}");
    let cut = text.strip_prefix('…');
    TaskOutput {
        cut_from: cut.map(|_| 20_000),
        text: cut.unwrap_or(&text).to_owned(),
    }
}

/// Reads servers as `name:state`.
fn servers(text: &str) -> Vec<Server> {
    let server = |text: &str| {
        let (name, state) = text.split_once(':').expect("a name and a state");
        Server {
            name: name.to_owned(),
            state: match state {
                "connected" => ServerState::Connected,
                "pending" => ServerState::Pending,
                "login" => ServerState::NeedsLogin,
                "failed" => ServerState::Failed(String::new()),
                "off" => ServerState::Off,
                why => ServerState::Failed(why.to_owned()),
            },
            n_tools: name.len(),
        }
    };
    text.split_whitespace().map(server).collect()
}

/// Reads what a conversation cost, in cents, and how much of each limit is used: `42 5h:52 week:7`.
fn usage(text: &str) -> Usage {
    let mut words = text.split(' ');
    let cents: u64 = words.next().and_then(|it| it.parse().ok()).expect("cents");
    let window = |word: &str| {
        let (span, percent) = word.split_once(':').expect("a limit and a number");
        UsageWindow {
            span: match span {
                "5h" => UsageSpan::FiveHours,
                "week" => UsageSpan::Week,
                model => UsageSpan::WeekOf(model.to_owned()),
            },
            percent: percent.parse().expect("a number"),
            resets: (span != "week").then_some(UnixSeconds(LIMIT_ENDS)),
        }
    };
    Usage {
        cost: cents * 10_000,
        windows: words.map(window).collect(),
    }
}
