//! Streaming drafts: shown, dismissed by a message, and never shown again once it has said them.

use std::time::Instant;

use serde_json::Value;

use super::{Refusal, open_chat};
use crate::params::Params;
use crate::post::Draft;
use crate::world::{Chat, World};

/// The drafts of a chat that are remembered after they were dismissed.
const MAX_DISMISSED: usize = 16;

/// A draft that a message of the bot has taken away, and what the bot has said since.
#[derive(Debug)]
pub(crate) struct Dismissed {
    draft_id: i64,
    text: String,
    messages: Vec<String>,
}

impl Dismissed {
    /// Tells whether a message since has said what this draft showed, or what it would show anew.
    fn is_said(&self, text: &str) -> bool {
        let mut texts = [self.text.as_str(), text].into_iter();
        texts.any(|text| {
            let mut messages = self.messages.iter();
            !text.is_empty() && messages.any(|message| message.starts_with(text))
        })
    }
}

pub(crate) fn draft(world: &mut World, params: &Params) -> Result<Value, Refusal> {
    let chat_id = open_chat(world, params)?;
    let draft_id = params.int("draft_id").unwrap_or(0);
    let text = params.text("text").unwrap_or("");
    if chat_id < 0 {
        return Err(violate(world, "drafts can be sent to private chats only"));
    }
    let chat = world
        .chats
        .get_mut(&chat_id)
        .expect("open_chat found this chat");
    let mut dismissed = chat.dismissed.iter();
    if dismissed.any(|it| it.draft_id == draft_id && it.is_said(text)) {
        let problem = format!("draft {draft_id} shows what its message has said already");
        return Err(violate(world, &problem));
    }
    let same = chat
        .draft
        .as_ref()
        .filter(|draft| draft.draft_id == draft_id);
    chat.draft = Some(Draft {
        draft_id,
        text: text.to_owned(),
        entities: params.list("entities").to_vec(),
        thread_id: params.int("message_thread_id"),
        can_stop: params.is_set("can_stop"),
        keep_on_stop: params.is_set("keep_on_stop"),
        revised_at: Instant::now(),
        revisions: same.map_or(1, |draft| draft.revisions + 1),
    });
    Ok(Value::Bool(true))
}

/// A correct bot never does it: noted as such, and refused.
fn violate(world: &mut World, problem: &str) -> Refusal {
    let refusal = Refusal::bad_request(problem);
    world
        .recorder
        .violate("sendMessageDraft", &refusal.description);
    refusal
}

/// Takes the draft of a chat away, because a message of the bot comes.
pub(super) fn dismiss(chat: &mut Chat, message: &str) {
    if let Some(draft) = chat.draft.take() {
        chat.dismissed.retain(|it| it.draft_id != draft.draft_id);
        if chat.dismissed.len() >= MAX_DISMISSED {
            chat.dismissed.remove(0);
        }
        chat.dismissed.push(Dismissed {
            draft_id: draft.draft_id,
            text: draft.text,
            messages: Vec::new(),
        });
    }
    if let Some(last) = chat.dismissed.last_mut() {
        last.messages.push(message.to_owned());
    }
}
