//! What the agent answers when a person wants to know something of it.

use bridge_texts::Say;

use super::conversation::tokens;
use super::interrupted::time_on;
use crate::clock::UnixSeconds;
use crate::enquiry::{
    Changes, ContextUse, FileFate, Findings, PartKind, PieceKind, Rule, RuleBook, RuleEffect,
    RuleSource, Server, ServerState, Usage, UsageSpan, UsageWindow,
};
use crate::outbox::{Body, Button, Folded};
use crate::session::buttons::{MAX_DATA_BYTES, Meaning, ServerButton};
use crate::visible::visible_line;

/// The signs of the bar that shows how full something is.
const BAR: usize = 10;

/// From this share of a context on there is advice, in percent: the CLI compacts by itself soon after.
const NEARLY_FULL: u64 = 80;

/// How much of a line is shown, in characters.
const LINE: usize = 160;

/// How many files, rules or servers are listed in a message; more are in a file, or counted.
const LISTED: usize = 20;

/// What is told of an enquiry that came to nothing.
pub(in crate::session) fn not_found_out(say: Say, reason: &str) -> String {
    match reason {
        "" => say.enquiry_unreadable(),
        reason => say.enquiry_refused(reason),
    }
}

/// Returns what an agent answers, as posts. Whoever may not give orders gets no buttons for them.
pub(in crate::session) fn found(say: Say, findings: Findings, may_order: bool) -> Vec<Body> {
    match findings {
        Findings::Context(context) => of_context(say, &context),
        Findings::Rules(book) => of_rules(say, &book, may_order),
        Findings::Changes(None) => vec![Body::Plain(say.changes_no_repository())],
        Findings::Changes(Some(changes)) => of_changes(say, changes),
        Findings::Servers(servers) => vec![of_servers(say, &servers, may_order)],
        Findings::Aside(answer) => vec![Body::Folded(Folded {
            head: say.aside_head(),
            folded: String::new(),
            text: answer,
        })],
        // They belong to what is asked about one prompt or task, or need more than this.
        Findings::Done
        | Findings::Usage(_)
        | Findings::Back(_)
        | Findings::TaskOutput(_)
        | Findings::Recalled(_)
        | Findings::LoginPage(_) => Vec::new(),
    }
}

fn of_context(say: Say, context: &ContextUse) -> Vec<Body> {
    let percent = share(context.used, context.limit);
    let (used, limit) = (tokens(context.used), tokens(context.limit));
    let line = say.context_line(bar(percent), percent.to_string(), used, limit);
    let line = match percent {
        NEARLY_FULL.. => format!("{line}\n{}", say.context_advice()),
        _ => line,
    };
    let document = Body::Document {
        name: "context.md".to_owned(),
        content: context_table(say, context),
        caption: say.context_file(),
    };
    vec![Body::Plain(line), document]
}

/// Returns how much is used of each limit, and what the conversation cost.
pub(in crate::session) fn usage_lines((say, now): (Say, UnixSeconds), usage: &Usage) -> String {
    let window = |window: &UsageWindow| {
        let span = match &window.span {
            UsageSpan::FiveHours => say.usage_five_hours(),
            UsageSpan::Week => say.usage_week(),
            UsageSpan::WeekOf(model) => say.usage_week_of(model),
        };
        let (bar, percent) = (bar(window.percent.min(100)), window.percent.to_string());
        match window.resets.filter(|resets| *resets > now) {
            Some(resets) => say.usage_line_resets(span, bar, percent, time_on(say, resets, now)),
            None => say.usage_line(span, bar, percent),
        }
    };
    let mut lines: Vec<_> = usage.windows.iter().map(window).collect();
    if lines.is_empty() {
        lines.push(say.usage_no_limits());
    }
    let dollars = usage.cost as f64 / 1e6;
    lines.push(say.usage_cost(format_args!("{dollars:.2}")));
    lines.join("\n")
}

fn share(part: u64, of: u64) -> u64 {
    part.saturating_mul(100)
        .checked_div(of)
        .unwrap_or(0)
        .min(100)
}

/// Anything at all fills one sign, and only what is full fills the last.
fn bar(percent: u64) -> String {
    let filled = usize::try_from(percent).unwrap_or(100).div_ceil(100 / BAR);
    let filled = match percent {
        100 => BAR,
        _ => filled.min(BAR - 1),
    };
    "▓".repeat(filled) + &"░".repeat(BAR - filled)
}

/// Returns all of it, as a file in Markdown.
fn context_table(say: Say, context: &ContextUse) -> String {
    let (used, limit) = (context.used.to_string(), context.limit.to_string());
    let mut lines = vec![say.context_table(used, limit)];
    for part in &context.parts {
        let note = match part.kind {
            PartKind::Used => String::new(),
            PartKind::Deferred => say.context_part_deferred(),
            PartKind::Kept => say.context_part_kept(),
            PartKind::Free => say.context_part_free(),
        };
        let (name, tokens) = (cell(&part.name), part.tokens);
        lines.push(format!("| {name} | {tokens} | {note} |"));
    }
    if !context.pieces.is_empty() {
        lines.push(String::new());
        lines.push(say.context_pieces());
    }
    for piece in &context.pieces {
        let kind = match piece.kind {
            PieceKind::MemoryFile => say.context_memory_file(),
            PieceKind::Tool => say.context_tool(),
            PieceKind::Agent => say.context_agent(),
        };
        let (name, tokens) = (cell(&piece.name), piece.tokens);
        lines.push(format!("| {kind} | {name} | {tokens} |"));
    }
    lines.join("\n") + "\n"
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn of_rules(say: Say, book: &RuleBook, may_order: bool) -> Vec<Body> {
    let (guards, rules): (Vec<_>, Vec<_>) = book.rules.iter().partition(|rule| is_guard(rule));
    let rules = rules.into_iter().map(|rule| {
        let effect = match rule.effect {
            RuleEffect::Allow => "✓",
            RuleEffect::Ask => "?",
            RuleEffect::Deny => "✕",
        };
        (effect, &rule.text, &rule.source)
    });
    let folders = book.folders.iter();
    let folders = folders.map(|(folder, source)| ("📁", folder, source));
    let mut all: Vec<_> = rules.chain(folders).collect();
    all.sort_by_key(|(_, _, source)| !is_ours(source));
    if all.is_empty() && guards.is_empty() {
        return vec![Body::Plain(say.rules_none())];
    }
    let line = |(sign, text, source): &(&str, &String, &RuleSource)| {
        format!("{sign} {text} · {}", source_words(say, source))
    };
    let guard = (!guards.is_empty()).then(|| say.rules_guard());
    let lines: Vec<_> = all.iter().map(line).chain(guard).collect();
    let mut text = format!("{}\n{}", say.rules_head(), head(say, &lines, 0));
    let mut rows = Vec::new();
    if may_order && all.iter().any(|(_, _, source)| is_ours(source)) {
        text = format!("{text}\n\n{}", say.rules_can_be_taken_back());
        rows.push(vec![Button {
            label: say.button_take_back(),
            data: Meaning::TakeBack.data(),
        }]);
    }
    let short = match rows.is_empty() {
        true => Body::Plain(text),
        false => Body::Choice { text, rows },
    };
    let whole = (lines.len() > LISTED).then(|| Body::Document {
        name: "permissions.txt".to_owned(),
        content: lines.join("\n") + "\n",
        caption: say.rules_file(lines.len()),
    });
    [short].into_iter().chain(whole).collect()
}

/// Tells whether a rule keeps the agent from what is the bridge's: there are dozens, and they say one
/// thing.
fn is_guard(rule: &Rule) -> bool {
    rule.effect == RuleEffect::Deny && rule.source == RuleSource::Bridge
}

fn is_ours(source: &RuleSource) -> bool {
    *source == RuleSource::Session
}

fn source_words(say: Say, source: &RuleSource) -> String {
    match source {
        RuleSource::Session => say.rules_of_session(),
        RuleSource::User => say.rules_of_user(),
        RuleSource::Project => say.rules_of_project(),
        RuleSource::Local => say.rules_of_local(),
        RuleSource::Bridge => say.rules_of_bridge(),
        RuleSource::Managed => say.rules_of_managed(),
        RuleSource::Other(word) => word.clone(),
    }
}

/// Returns the first lines, and how many more there are, with those that nobody has listed.
fn head(say: Say, lines: &[String], n_beyond: usize) -> String {
    let mut shown: Vec<_> = lines.iter().take(LISTED).map(|line| cut(line)).collect();
    let n_more = lines.len().saturating_sub(LISTED).saturating_add(n_beyond);
    if n_more > 0 {
        shown.push(say.and_more(n_more));
    }
    shown.join("\n")
}

/// Cuts a line that would fill a phone's screen by itself.
fn cut(line: &str) -> String {
    let mut signs = line.chars();
    let shown: String = signs.by_ref().take(LINE).collect();
    match signs.next() {
        Some(_) => shown + "…",
        None => shown,
    }
}

fn of_changes(say: Say, changes: Changes) -> Vec<Body> {
    if changes.files.is_empty() {
        return vec![Body::Plain(say.changes_none())];
    }
    let n_left_out = usize::try_from(changes.n_left_out).unwrap_or(usize::MAX);
    let n_files = changes.files.len().saturating_add(n_left_out);
    let (added, removed) = (changes.added.to_string(), changes.removed.to_string());
    let lines: Vec<_> = (changes.files.iter())
        .map(|file| {
            let sign = match file.fate {
                FileFate::Added => "＋",
                FileFate::Deleted => "✕",
                FileFate::Modified => "✎",
            };
            let (path, added, removed) = (&file.path, file.added, file.removed);
            match (added, removed) {
                (0, 0) => format!("{sign} {path}"),
                _ => format!("{sign} {path} +{added} −{removed}"),
            }
        })
        .collect();
    let head_line = say.changes_head(n_files, added, removed);
    let text = format!("{head_line}\n{}", head(say, &lines, n_left_out));
    let patch = (!changes.patch.is_empty()).then_some(Body::Document {
        name: "changes.diff".to_owned(),
        content: changes.patch,
        caption: say.changes_file(),
    });
    [Body::Plain(text)].into_iter().chain(patch).collect()
}

fn of_servers(say: Say, servers: &[Server], may_order: bool) -> Body {
    if servers.is_empty() {
        return Body::Plain(say.servers_none());
    }
    let lines: Vec<_> = servers.iter().map(|it| server_line(say, it)).collect();
    let text = format!("{}\n{}", say.servers_head(), head(say, &lines, 0));
    let shown = servers.iter().take(LISTED).filter(|_| may_order);
    let rows: Vec<_> = shown.map(|it| server_buttons(say, it)).collect();
    let rows: Vec<_> = rows.into_iter().filter(|row| !row.is_empty()).collect();
    match rows.is_empty() {
        true => Body::Plain(text),
        false => Body::Choice { text, rows },
    }
}

/// Names the servers that an agent works without.
pub(in crate::session) fn servers_down(say: Say, names: &[String]) -> String {
    say.servers_down(names.len(), head(say, names, 0).replace('\n', ", "))
}

fn server_line(say: Say, server: &Server) -> String {
    let name = visible_line(&server.name);
    match &server.state {
        ServerState::Connected => say.server_connected(server.n_tools, name),
        ServerState::Pending => say.server_pending(name),
        ServerState::NeedsLogin => say.server_needs_login(name),
        ServerState::Failed(reason) if reason.is_empty() => say.server_failed(name),
        ServerState::Failed(reason) => say.server_failed_so(name, reason),
        ServerState::Off => say.server_off(name),
        ServerState::Other(word) => format!("{name}: {word}"),
    }
}

/// A name that is too long for a button has none.
fn server_buttons(say: Say, server: &Server) -> Vec<Button> {
    let name = visible_line(&server.name);
    let button = |label: String, means| Button {
        label,
        data: Meaning::Server(means, &server.name).data(),
    };
    let off = button(say.button_server_off(&name), ServerButton::Off);
    let buttons = match server.state {
        ServerState::Connected => vec![off],
        ServerState::Off => vec![button(say.button_server_on(&name), ServerButton::On)],
        ServerState::Pending
        | ServerState::NeedsLogin
        | ServerState::Failed(_)
        | ServerState::Other(_) => {
            let again = button(say.button_reconnect(&name), ServerButton::Reconnect);
            vec![again, off]
        }
    };
    let fits = |button: &Button| button.data.len() <= MAX_DATA_BYTES;
    buttons.into_iter().filter(fits).collect()
}
