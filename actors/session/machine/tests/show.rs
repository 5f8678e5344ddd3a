//! Writes effects as lines of a transcript.

use std::path::Path;

use super::support::{CHAT, FOLDER};
use crate::chat_settings::Drafts;
use crate::chat_settings::Trust;
use crate::home_use::FullHome;
use crate::ids::ChatId;
use crate::money::{Charge, Charged};
use crate::outbox::{Body, Button, FileCopy, Folded, Post, PostAction, Quoted, Rank, Sign, Sound};
use crate::ports::{
    AgentInput, Conversation, JournalEntry, Lack, LaunchOrder, PermissionDecision, PromptForm,
    Stage,
};
use crate::ports::{ArchiveDeed, ArchiveOrder, InboxDeed, ReadPrompts, SessionRecord, SpareOrder};
use crate::sent_file::SentFile;
use crate::session::effect::Effect;

pub(super) fn show(effect: &Effect) -> String {
    match effect {
        Effect::Journal(entry) => show_entry(entry),
        Effect::Launch(order) => show_launch(order),
        Effect::Write(input) => format!("write {}", show_input(input)),
        Effect::SignalInterrupt => "SIGINT".to_owned(),
        Effect::KillAgent => "kill".to_owned(),
        Effect::ForgetAgent => "forget agent".to_owned(),
        Effect::Fetch { prompt, files } => {
            let files: Vec<_> = files.iter().map(|file| file.file.0.as_str()).collect();
            format!("fetch {} {}", prompt.0, files.join(" "))
        }
        Effect::Listen { prompt, file } => format!("listen {} {}", prompt.0, file.display()),
        Effect::StopListening { prompt } => format!("stop listening {}", prompt.0),
        Effect::Remember(record) => show_record(record),
        Effect::Post(post) => show_post(post),
        Effect::Sign(Sign::Typing { key: _ }) => "typing".to_owned(),
        Effect::Sign(Sign::React {
            chat: _,
            message,
            emoji,
        }) => {
            format!("react {} #{}", emoji.unwrap_or("-"), message.0)
        }
        Effect::Sign(Sign::Delete { message, .. }) => format!("delete #{}", message.0),
        Effect::Sign(Sign::AnswerCallback { text, .. }) => {
            format!("toast {:?}", text.as_deref().unwrap_or_default())
        }
        Effect::Sign(Sign::Draft(draft)) => {
            let below = match draft.status.as_str() {
                "" => String::new(),
                status => format!(" + {status:?}"),
            };
            format!("draft {}: {:?}{below}", draft.id.0, draft.markdown)
        }
        Effect::Audit(entry) => {
            let subject = entry.subject.as_deref().unwrap_or_default();
            format!("audit {:?} {} {subject}", entry.by, entry.action.as_str())
        }
        Effect::TakeFiles(order) => {
            let (call, room) = (&order.call.id.0, order.key);
            let (paths, allowed) = (order.paths.join(" "), order.allowed.join(" "));
            format!("take {call} in {room}: {paths} [{allowed}]")
        }
        Effect::Inbox(order) => format!(
            "inbox {} {}: {}",
            order.key,
            order.asked_in.0,
            deed(&order.deed)
        ),
        Effect::ReadPrompts(order) => show_reading(order),
        Effect::Spare(order) => show_spare(order),
        Effect::LookUp(order) => lookup(order),
        Effect::ReleaseFiles(copies) => format!("release {}", copies.join(" ")),
        Effect::SayUsedUp { by, day } => format!("say that {by} has used up day {}", day.0),
        Effect::Slot(change) => format!("slot {change:?}").to_lowercase(),
        Effect::Finish => "finish".to_owned(),
    }
}

fn show_reading(order: &ReadPrompts) -> String {
    let (conversation, asked_in) = (&order.conversation.0, &order.asked_in.0);
    format!("read prompts of {conversation} for {asked_in}")
}

fn show_spare(order: &SpareOrder) -> String {
    let (key, asked_in) = (order.key, &order.asked_in.0);
    format!("spare {key} {asked_in}: {:?}", order.deed)
}

fn deed(deed: &InboxDeed) -> String {
    let needed = |files: &[SentFile]| {
        let files: Vec<_> = files.iter().map(|file| file.file.0.as_str()).collect();
        format!("needed [{}]", files.join(" "))
    };
    match deed {
        InboxDeed::List { needed: files } => format!("list, {}", needed(files)),
        InboxDeed::Copy { file } => format!("copy {file}"),
        InboxDeed::Clear {
            needed: files,
            until,
        } => {
            format!("clear until {}, {}", until.0, needed(files))
        }
    }
}

fn lookup(order: &ArchiveOrder) -> String {
    let deed = match &order.deed {
        ArchiveDeed::List { words, page, size } => format!("list {words:?} {page} of {size}"),
        ArchiveDeed::Look { id } => format!("look {}", id.0),
        ArchiveDeed::Export { id, form } => format!("export {} {form:?}", id.0),
        ArchiveDeed::Delete { id } => format!("delete {}", id.0),
        ArchiveDeed::Claim { id } => format!("claim {}", id.0),
    };
    format!("look up {} {}: {deed}", order.room, order.asked_in.0)
}

fn show_input(input: &AgentInput) -> String {
    match input {
        AgentInput::Prompt {
            id,
            text,
            form,
            pictures,
        } => {
            let form = match form {
                PromptForm::Text => "text",
                PromptForm::Command => "command",
            };
            let pictures = pictures
                .iter()
                .map(|it| format!(" sees {}", it.path.display()));
            let pictures: String = pictures.collect();
            format!("{form} {}: {text}{pictures}", id.0)
        }
        AgentInput::Interrupt => "interrupt".to_owned(),
        AgentInput::Permission { request, decision } => match decision {
            PermissionDecision::Deny { message } => format!("deny {request}: {message}"),
            PermissionDecision::Allow {
                input,
                rules,
                unasked,
            } => {
                let rules: Vec<_> = rules.iter().map(|rule| rule.0.as_str()).collect();
                format!("allow {request} {} {rules:?} {unasked:?}", input.0)
            }
            PermissionDecision::Answer { input, answers } => {
                format!("answer {request} {} {answers:?}", input.0)
            }
        },
        AgentInput::Form { request, answer } => format!("form {request} {answer:?}"),
        AgentInput::ToolResult { call, result } => {
            format!("result {} {:?}: {}", call.id.0, result.fate, result.text)
        }
        AgentInput::Enquire { asked_in, enquiry } => format!("ask {} {enquiry:?}", asked_in.0),
        AgentInput::LetRun { request } => format!("let run {request}"),
        AgentInput::StopTask(task) => format!("stop task {task}"),
        AgentInput::Set { setting, value } => format!("set {setting:?} {value:?}"),
        AgentInput::Close => "close".to_owned(),
    }
}

fn show_post(Post { key, action, rank }: &Post) -> String {
    let chat = if ChatId(key.chat.0.abs()) == CHAT {
        String::new()
    } else {
        format!("in {key} ")
    };
    let rank = match rank {
        Rank::Answer => "answer",
        Rank::Notice => "notice",
    };
    match action {
        PostAction::Send {
            id,
            body,
            reply_to,
            sound,
        } => {
            let to = reply_to.map_or(String::new(), |message| format!(" to #{}", message.0));
            let sound = match sound {
                Sound::Ring => "",
                Sound::Silent => " silent",
            };
            format!("{chat}{rank} @{}{to}{sound}: {}", id.0, show_body(body))
        }
        PostAction::Edit { id, body } => format!("{chat}edit @{}: {}", id.0, show_body(body)),
        PostAction::EditMessage { message, body, .. } => {
            format!("{chat}edit #{}: {}", message.0, show_body(body))
        }
        PostAction::Leave => "not of a session".to_owned(),
    }
}

fn show_body(body: &Body) -> String {
    match body {
        Body::Markdown(text) => format!("md {text:?}"),
        Body::Rich(text) => format!("rich {text:?}"),
        Body::Plain(text) => format!("{text:?}"),
        Body::Choice { text, .. } => format!("choice {text:?}"),
        Body::Live { text, code, rows } => {
            let code = code.as_ref().map_or(String::new(), |code| {
                format!(" {} {:?}", code.language, code.text)
            });
            format!("live {text:?}{code} {:?}", show_buttons(rows))
        }
        Body::Quoted(Quoted { head, words, rows }) => {
            format!("{head:?} quoted {words:?} {:?}", show_buttons(rows))
        }
        Body::Folded(words) => show_words(words).trim_start().to_owned(),
        Body::Card { words, rows, .. } => {
            format!("card{} {:?}", show_words(words), show_buttons(rows))
        }
        Body::Document {
            name,
            content,
            caption,
        } => {
            format!(
                "file {name} of {} chars, {caption:?}",
                content.chars().count()
            )
        }
        Body::Files { files, together } => {
            let shown = files.iter().map(|file| {
                let FileCopy {
                    copy,
                    name,
                    form,
                    caption,
                    size: _,
                } = file;
                format!("{name} ({form:?} {copy} {caption:?})")
            });
            format!("{together:?} {}", shown.collect::<Vec<_>>().join(", "))
        }
    }
}

fn show_words(words: &Folded) -> String {
    let mut line = String::new();
    if !words.head.is_empty() {
        line.push_str(&format!(" {:?}", words.head));
    }
    if !words.folded.is_empty() {
        line.push_str(&format!(" folded {:?}", words.folded));
    }
    if !words.text.is_empty() {
        line.push_str(&format!(" md {:?}", words.text));
    }
    line
}

fn show_buttons(rows: &[Vec<Button>]) -> Vec<String> {
    let buttons = rows.iter().flatten();
    buttons
        .map(|button| format!("{}={}", button.label, button.data))
        .collect()
}

fn show_entry(entry: &JournalEntry) -> String {
    let mut line = "journal".to_owned();
    for prompt in &entry.accepted {
        line.push_str(&format!(" {} accepted", prompt.id.0));
    }
    for id in &entry.replayed {
        line.push_str(&format!(" {} anew", id.0));
    }
    for (id, stage) in &entry.stages {
        let stage = match stage {
            Stage::Accepted => "accepted".to_owned(),
            Stage::Started { conversation } => format!("started in {conversation}"),
            Stage::Begun { doing: None } => "begun".to_owned(),
            Stage::Begun { doing: Some(doing) } => format!("does {doing:?}"),
            Stage::NotBegun {
                nonce,
                lacks: Lack::File,
            } => format!("not begun {nonce}"),
            Stage::NotBegun { nonce, lacks } => format!("not begun {nonce} for want of {lacks:?}"),
            Stage::Halted {
                nonce, until, then, ..
            } => {
                format!("halted {nonce} until {} {then:?}", until.0)
            }
            Stage::Interrupted { nonce, .. } => format!("interrupted {nonce}"),
        };
        line.push_str(&format!(" {} {stage}", id.0));
    }
    for id in &entry.closed {
        line.push_str(&format!(" {} closed", id.0));
    }
    // Most turns of the scripts cost nothing.
    for Charge { by, of, bill, .. } in &entry.charges {
        if let Charged::Allowed { to } = of {
            line.push_str(&format!(" {by} may go to turn {to}"));
        }
        let cost = match bill.cost {
            Some(0) => continue,
            Some(cost) => cost.to_string(),
            None => "?".to_owned(),
        };
        let of = match of {
            Charged::Turn => "",
            Charged::Itself => " for what it does",
            Charged::Allowed { .. } => "",
        };
        line.push_str(&format!(" {by} pays {cost}{of}"));
    }
    let posts: Vec<_> = entry.posts.iter().filter_map(Post::id).collect();
    if !posts.is_empty() {
        let names: Vec<_> = posts.iter().map(|id| format!("@{}", id.0)).collect();
        line.push_str(&format!(" with {}", names.join(" ")));
    }
    line
}

fn show_launch(order: &LaunchOrder) -> String {
    let conversation = match &order.conversation {
        Conversation::New(id) => format!("new {id}"),
        Conversation::Resume(id) => format!("resume {id}"),
    };
    let model = match order.settings.model.as_str() {
        "" => String::new(),
        model => format!(" with {model}"),
    };
    let folder = show_folder(&order.folder);
    let full = match order.full_home {
        FullHome::Refused => "",
        FullHome::Allowed => " in a full home",
    };
    format!(
        "launch g{} {conversation}{folder}{model}{full}",
        order.generation.0
    )
}

fn show_record(record: &SessionRecord) -> String {
    let conversation = match &record.conversation {
        Some(id) => id.0.as_str(),
        None => "no conversation",
    };
    let home = match record.home {
        Some(home) => format!(" from home {home}"),
        None => String::new(),
    };
    let cards: String = (record.messages_with_buttons.iter())
        .map(|message| format!(" card #{}", message.0))
        .chain((record.login_page).map(|message| format!(" login page #{}", message.0)))
        .collect();
    let choices = &record.choices;
    let choices = [&choices.model, &choices.effort, &choices.mode];
    let choices: String = (choices.into_iter().flatten())
        .map(|value| format!(" with {value}"))
        .collect();
    let trust = match record.trust {
        Trust::Untrusted => "",
        Trust::Trusted => " trusted",
    };
    let drafts = match record.drafts {
        Drafts::Off => "",
        Drafts::On => " in drafts",
    };
    format!(
        "remember {conversation}{}{home}{cards}{choices}{trust}{drafts}",
        show_folder(&record.folder)
    )
}

fn show_folder(folder: &Path) -> String {
    if folder == Path::new(FOLDER) {
        return String::new();
    }
    format!(" in {}", folder.display())
}
