//! What a session begins with.

use std::path::PathBuf;

use super::FOLDER;
use crate::chat_settings::{AgentSettings, Choices, Detail, Drafts, Trust};
use crate::ids::ConversationId;
use crate::login_end::LoginEnd;
use crate::ports::SessionRecord;
use crate::session::policy::Policy;
use crate::session::settings::SessionSettings;

/// Returns the record of a session.
pub(in super::super) fn record(conversation: Option<ConversationId>) -> SessionRecord {
    SessionRecord {
        conversation,
        folder: PathBuf::from(FOLDER),
        home: None,
        messages_with_buttons: Vec::new(),
        turn_card: None,
        detail: Detail::Answer,
        drafts: Drafts::Off,
        rich: crate::chat_settings::Rich::Off,
        ratings: crate::rating::Ratings::default(),
        choices: Choices::default(),
        trust: Trust::Untrusted,
        told_of_voice: None,
        is_told_of_home: false,
        login_page: None,
        told_of_login: LoginEnd::default(),
        in_background: Vec::new(),
        timers: Vec::new(),
        works_for: None,
        memory: crate::ports::Memory::default(),
    }
}

/// Returns what a session goes by.
pub(super) fn settings() -> SessionSettings {
    SessionSettings {
        policy: Policy {
            queued_prompts: 3,
            ..Policy::default()
        },
        folder: PathBuf::from(FOLDER),
        agent: AgentSettings::default(),
        epoch: 0,
    }
}
