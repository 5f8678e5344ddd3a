//! The events of the table: for each kind the lines that stand for it.
//!
//! A table is a `match` and a list at once, so a kind without a line does not compile.

use crate::agent_event::AgentEvent;
use crate::session::event::Event;
use crate::session::{Command, CommandKind, Instruct, TakeOver};

/// Writes a table of kinds: `fn kind_of(&T)` names the kind of a value, and the list has the
/// lines of each.
macro_rules! table {
    ($list:ident, $kind_of:ident, $of:ty: $($kind:pat => [$first:literal $(, $line:literal)* $(,)?],)+) => {
        pub(super) const $list: &[(&str, &[&str])] =
            &[$((stringify!($kind), &[$first $(, $line)*])),+];

        pub(super) fn $kind_of(value: &$of) -> &'static str {
            match value {
                $($kind => stringify!($kind),)+
            }
        }
    };
}

table! { EVENTS, kind_of_event, Event:
    // Their lines are in the tables below.
    Event::Instructed(_) => ["prompt z"],
    Event::Agent(..) => ["heartbeat"],
    Event::Fetched { .. } => ["fetched QUEUED", "fetched QUEUED unreachable", "fetched p999"],
    Event::Heard { .. } => ["heard QUEUED other words", "heard QUEUED !timed out", "heard p999 x"],
    Event::Shown { .. } => ["shown POST 502", "shown TRANSCRIPT 504", "shown 9999 503"],
    Event::FilesTaken(_) => ["copied 3 a.png b.pdf", "outside 3 /etc/passwd", "no_file 3 a.png"],
    Event::InboxDone(_) => ["listed p999 2", "sent_again p999 a.txt", "cleared p999 2"],
    Event::SparesDone(_) => ["spared ASKED taken", "spared ASKED weighed a.rs", "spared ASKED sealed 1", "spared ASKED failed", "spared p999 put_back a.rs"],
    Event::PromptsRead(_) => ["last_prompts ASKED p1:hi", "last_prompts ASKED", "no_prompts ASKED"],
    Event::ArchiveDone(_) => ["past p999 2", "past_one p999 c2", "past_free p999 c9", "past_free LOOKED c9", "past LOOKED 2", "past_sent p999 a.md"],
    Event::FilesSettled { .. } => ["landed POST", "unlanded POST a.png", "lost 9999 blocked"],
    Event::DraftRefused(_) => ["refuse_draft n1", "refuse_draft n9"],
    Event::SlotGranted => ["granted"],
    Event::SlotDelayed { .. } => ["delayed 0", "delayed 3"],
    Event::YieldAsked => ["yield"],
    Event::Revoked(_) => ["revoke 7", "revoke 8", "remove 7", "erase 7"],
    Event::Configured(_) => [
        "configure nothing",
        "configure queue 1",
        "configure model other",
        "configure folder /third",
        "configure program",
        "configure voice confirm",
        "configure voice off",
    ],
    Event::Moved(_) => ["moved -9"],
    Event::EndAsked { .. } => ["shutdown", "shutdown 30"],
    Event::LockedDown => ["lockdown"],
    Event::DeadlineReached => ["deadline", "next"],
    Event::TakenOver(TakeOver::EarlierRun, _) => ["resumed"],
    Event::TakenOver(TakeOver::OtherSession, _) => ["adopted", "adopted accepted z", "adopted then /stop"],
    Event::TakenOver(TakeOver::Lockdown, _) => ["unlocked"],
    Event::TakenOver(TakeOver::BrokenValue { .. }, _) => ["rebuilt"],
}

table! { INSTRUCTIONS, kind_of_instruction, Instruct:
    Instruct::Prompt(_) => [
        "prompt z",
        "piece z",
        "cut of 8 z",
        "forward z",
        "forward_photo z",
        "photo z",
        "album",
        "album z",
        "album_of a z",
        "overheard a",
        "voice",
        "long_voice",
        "audio",
        "prompt /compact",
        "prompt /stpo",
        "prompt /unheard of",
        "prompt !do this",
        "prompt_of 8 z",
        "prompt_of 8 !do that",
        "again QUEUED z",
        "again RUNNING z",
    ],
    Instruct::Reply { .. } => ["reply 500 no", "reply 501 !no", "reply 504 I said this", "reply 999 hm"],
    Instruct::Replace(_) => ["edit QUEUED other", "edit RUNNING other", "edit 999 other"],
    Instruct::Command(Command { kind: CommandKind::NewConversation { .. }, .. }) => ["/new", "/new afresh"],
    Instruct::Command(Command { kind: CommandKind::Stop, .. }) => ["/stop"],
    Instruct::Command(Command { kind: CommandKind::Status, .. }) => ["/status"],
    Instruct::Command(Command { kind: CommandKind::Choose { .. }, .. }) => [
        "/model",
        "/model opus",
        "/model unheard-of",
        "/effort",
        "/effort low",
        "/mode plan",
        "/mode bypassPermissions",
        "/mode admin bypassPermissions",
    ],
    Instruct::Command(Command { kind: CommandKind::Rewind, .. }) => ["/rewind"],
    Instruct::Command(Command { kind: CommandKind::Tasks, .. }) => ["/tasks"],
    Instruct::Command(Command { kind: CommandKind::Files, .. }) => ["/files", "/files admin"],
    Instruct::Command(Command { kind: CommandKind::Archive(_), .. }) => ["/sessions", "/sessions tea", "/export", "/export json"],
    Instruct::Command(Command { kind: CommandKind::Enquire(_), .. }) => ["/context", "/usage", "/mcp", "/btw why", "/btw", "/login", "/code"],
    Instruct::Command(Command { kind: CommandKind::Trust(_), .. }) => ["/trust", "/trust admin", "/trust admin off"],
    Instruct::Command(Command { kind: CommandKind::Show(_), .. }) => ["/verbose", "/verbose 0", "/verbose 2"],
    Instruct::Command(Command { kind: CommandKind::Drafts(_), .. }) => ["/draft", "/draft on", "/draft off"],
    Instruct::Rate(_) => ["rate +👍", "rate -👍 +👎"],
    Instruct::Command(Command { kind: CommandKind::Rich(_), .. }) => ["/rich", "/rich on", "/rich off"],
    Instruct::StopDraft(_) => ["stop_draft n1", "stop_draft n9"],
    Instruct::Press(_) => ["press x NONCE 7", "press c n 7", "press w NONCE 7", "press c NONCE 7", "inbox p.1 7", "inbox s.x 8", "inbox c. 7", "inbox y.9 8", "button m1.r.files 7", "button m1.n.files 8 700", "button p1.b 7", "button l1.x 7", "press m NONCE 7", "press m NONCE admin9", "button b1.7.0 admin9", "button b1.7.9 admin9 700", "button z1.u.p1 7", "button z1.b.p1 7", "button z1.g.p1 7", "button z1.r.p1 7", "button z1.w.p1 7", "button z1.k.p1 8", "button z1.c.p1 7", "button o1.b1 7", "button v1.p.1.tea 7", "button v1.o.0.c9 8", "button v1.r.c9 7", "button v1.r.c1 7 700", "button v1.e.c9 7", "button v1.d.0.c9 8", "button v1.x.c9 7"],
}

table! { AGENT_EVENTS, kind_of_agent_event, AgentEvent:
    AgentEvent::Ready { .. } => ["ready", "ready compact"],
    AgentEvent::TurnStarted { .. } => ["init c1", "init c50"],
    AgentEvent::PromptTaken(_) => ["took RUNNING", "took LAST", "took p999"],
    AgentEvent::Activity(_) => ["running", "waits", "idle"],
    AgentEvent::AttemptStarted => ["attempt"],
    AgentEvent::TextDelta(_) => ["delta more words"],
    AgentEvent::Said { .. } => ["said a block"],
    AgentEvent::ToolStarted { .. } => ["tool Bash make all"],
    AgentEvent::PermissionAsked(_) => [
        "asks r9 Bash rm + Bash(rm *)",
        "questions Which? a / b; What? * c / d",
        "plan do it",
        "form Who?: ~name text = Ada; sure truth",
        "form Sign in: page https://a.example",
    ],
    AgentEvent::PermissionWithdrawn { .. } => ["withdraws r1", "withdraws r9"],
    AgentEvent::ToolWaits { .. } => ["tool_waits w1"],
    AgentEvent::FilesOffered(_) => ["offers 3 a.png b.pdf + look"],
    AgentEvent::FilesWithdrawn { .. } => ["cancels 3", "cancels 4"],
    AgentEvent::Found { .. } => ["found ASKED context 85", "found ASKED usage 42 5h:52 week:7", "found ASKED done", "found ASKED page https://a.example", "found ASKED back a.rs", "found RUNNING back a.rs", "found ASKED no why", "found ASKED output x", "found p1 recalled", "found p1 recalled not", "found p999 servers a:off"],
    AgentEvent::TaskStarted(_) => ["task b1", "task b2"],
    AgentEvent::TaskEnded { .. } => ["task_ended b1"],
    AgentEvent::Retrying { .. } => ["retrying 1", "retrying 3"],
    AgentEvent::TurnEnded(_) => [
        "answered text",
        "answered",
        "consumed RUNNING text",
        "consumed RUNNING,LAST text",
        "cost 0.5 text",
        "interrupted",
        "apierror text",
        "failed text",
        "background text",
    ],
    AgentEvent::News(_) => ["compacted 13569 2549", "autocompacted 990011", "reset", "set mode plan no why", "mode_is plan", "writes_lost ENOSPC", "servers_down db web", "passes_over a.json", "nearly_full 83", "login_ends 720", "login_ends 120", "login_ends 20", "passes_over", "home 90 100", "home 100 100", "in_background b1 b2", "in_background", "timer t1 60", "wakes 5", "timer_came", "timer_came wakeup"],
    AgentEvent::ConversationUnknown => ["unknown"],
    AgentEvent::ConversationTaken => ["taken"],
    AgentEvent::Heartbeat => ["heartbeat"],
    AgentEvent::Exited(_) => ["exit code 0", "exit code 1 boom", "exit signal 9", "exit missing", "exit full 100 100"],
}

/// The buttons of all kinds: what opens the line, and what each button says.
pub(super) const BUTTONS: &[(&str, &[&str])] = &[
    (
        "answer",
        &[
            "y", "s", "e", "n", "d", "v", "k", "b", "o0", "o1", "o9", "x",
        ],
    ),
    ("press", &["c", "r", "f", "d"]),
    ("stop", &["x"]),
    ("wish", &["n", "r", "d"]),
    ("pick", &["0", "1", "99"]),
    ("stop_task", &["0", "99"]),
];

/// What a button carries: of its open message, of one that is closed, of none.
const NONCES: &[&str] = &["NONCE", "DEAD", "forged"];

/// The person of the chat, somebody else in it, and an administrator.
const PEOPLE: &[&str] = &["7", "8", "admin9"];

/// Returns every line of the table.
pub(super) fn all() -> Vec<String> {
    let tables = [EVENTS, INSTRUCTIONS, AGENT_EVENTS];
    let lines = tables.iter().flat_map(|table| table.iter());
    let mut all: Vec<_> = lines
        .flat_map(|(_, lines)| lines.iter().map(|line| (*line).to_owned()))
        .collect();
    all.extend(presses());
    all
}

/// What mostly happens, for what happens one after the other.
pub(super) const COMMON: &[&str] = &[
    "prompt z",
    "prompt !do this",
    "/new",
    "/stop",
    "granted",
    "yield",
    "revoke 8",
    "shutdown 30",
    "lockdown",
    "next",
    "rebuilt",
    "idle",
    "took LAST",
    "answered text",
    "unknown",
    "exit code 1 boom",
    "answer y NONCE 7",
    "wish n NONCE 7",
];

/// Returns the lines that mean something else in a group.
pub(super) fn of_groups() -> Vec<String> {
    let is_of_groups = |line: &String| {
        ["revoke", "remove", "erase"]
            .iter()
            .any(|it| line.starts_with(it))
    };
    all().into_iter().filter(is_of_groups).collect()
}

/// Returns every press of every button by everybody.
fn presses() -> impl Iterator<Item = String> {
    BUTTONS.iter().flat_map(|(word, letters)| {
        letters.iter().flat_map(move |letter| {
            NONCES.iter().flat_map(move |nonce| {
                let press = move |person| format!("{word} {letter} {nonce} {person}");
                PEOPLE.iter().map(press)
            })
        })
    })
}
