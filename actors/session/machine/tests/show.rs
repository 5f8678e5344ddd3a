//! Writes effects as lines of a transcript.

use std::path::Path;

use super::support::{CHAT, FOLDER};
use crate::ids::ChatId;
use crate::outbox::{Body, Post, PostAction, Rank, Sign, Sound};
use crate::ports::SessionRecord;
use crate::ports::{AgentInput, Conversation, LaunchOrder, PermissionDecision, PromptForm};
use crate::session::effect::Effect;

pub(super) fn show(effect: &Effect) -> String {
    match effect {
        Effect::Launch(order) => show_launch(order),
        Effect::Write(input) => format!("write {}", show_input(input)),
        Effect::SignalInterrupt => "SIGINT".to_owned(),
        Effect::KillAgent => "kill".to_owned(),
        Effect::ForgetAgent => "forget agent".to_owned(),
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
        Effect::Sign(Sign::AnswerCallback { .. }) => "answer callback".to_owned(),
        Effect::Slot(change) => format!("slot {change:?}").to_lowercase(),
        Effect::Finish => "finish".to_owned(),
    }
}

fn show_input(input: &AgentInput) -> String {
    match input {
        AgentInput::Prompt { id, text, form } => {
            let form = match form {
                PromptForm::Text => "text",
                PromptForm::Command => "command",
            };
            format!("{form} {}: {text}", id.0)
        }
        AgentInput::Interrupt => "interrupt".to_owned(),
        AgentInput::Permission {
            request,
            decision: PermissionDecision::Deny { message: _ },
        } => {
            format!("deny {request}")
        }
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
        PostAction::EditMessage { .. } | PostAction::Leave => "not of a session".to_owned(),
    }
}

fn show_body(body: &Body) -> String {
    match body {
        Body::Markdown(text) => format!("md {text:?}"),
        Body::Plain(text) => format!("{text:?}"),
        Body::Choice { text, .. } => format!("choice {text:?}"),
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
    }
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
    format!(
        "launch g{} {conversation}{folder}{model}",
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
    format!(
        "remember {conversation}{}{home}",
        show_folder(&record.folder)
    )
}

fn show_folder(folder: &Path) -> String {
    if folder == Path::new(FOLDER) {
        return String::new();
    }
    format!(" in {}", folder.display())
}
