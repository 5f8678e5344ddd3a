//! What is stored of a chat, and what it goes by.

use std::path::Path;

use super::Chat;
use crate::chat_settings::Choices;
use crate::chat_settings::Detail;
use crate::chat_settings::Drafts;
use crate::chat_settings::Rich;
use crate::chat_settings::{AgentSettings, Trust};
use crate::ids::{ConversationId, MessageId, SessionKey};
use crate::login_end::LoginEnd;
use crate::outbox::{Body, Rank, Sound};
use crate::ports::{Conversation, Memory, SessionRecord, TurnCard};
use crate::rating::{Rating, Ratings};
use crate::session::effect::Effect;
use crate::session::policy::WhoConfigures;
use crate::session::settings::SessionSettings;
use crate::session::step::Step;
use crate::session::texts;

/// What a change of the configuration means for a running agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum Outdated {
    /// Nothing.
    No,
    /// It was started with settings that hold no more.
    Yes,
    /// What may run is not asked of it: it was started with other rules, or elsewhere.
    Rules,
}

impl Chat {
    /// Returns the record to begin with.
    ///
    /// A conversation lives in the folder it was begun in: when the configuration names another
    /// folder since, a new conversation is begun there.
    pub(in crate::session) fn record_for(
        stored: Option<SessionRecord>,
        folder: &Path,
    ) -> SessionRecord {
        match stored {
            Some(record) if record.folder == folder => record,
            Some(record) => SessionRecord {
                conversation: None,
                folder: folder.to_owned(),
                // Another folder has to be trusted anew.
                trust: Trust::Untrusted,
                ..record
            },
            None => SessionRecord {
                conversation: None,
                folder: folder.to_owned(),
                home: None,
                messages_with_buttons: Vec::new(),
                turn_card: None,
                detail: Detail::default(),
                drafts: Drafts::default(),
                rich: Rich::default(),
                choices: Choices::default(),
                trust: Trust::Untrusted,
                ratings: Ratings::default(),
                told_of_voice: None,
                is_told_of_home: false,
                login_page: None,
                told_of_login: LoginEnd::default(),
                in_background: Vec::new(),
                timers: Vec::new(),
                works_for: None,
                memory: Memory::default(),
            },
        }
    }

    /// Returns what is stored.
    pub(in crate::session) fn record(&self) -> &SessionRecord {
        &self.record
    }

    /// Returns what the next agent is started with.
    pub(in crate::session) fn agent_settings(&self) -> AgentSettings {
        self.record.choices.over(&self.settings.agent)
    }

    /// Tells whether the next agent works in another folder than the last one.
    pub(in crate::session) fn is_elsewhere(&self) -> bool {
        self.record.folder != self.settings.folder
    }

    /// Notes a conversation that a prompt was sent to before the agent could say that it exists.
    pub(in crate::session) fn note_begun(&mut self, conversation: ConversationId) {
        self.begun_conversation = Some(conversation);
    }

    /// Returns the conversation that the next agent opens.
    pub(in crate::session) fn conversation_to_open(&mut self, step: &mut Step<'_>) -> Conversation {
        match &self.record.conversation {
            Some(known) => Conversation::Resume(known.clone()),
            // If it exists, the agent says that the id is taken, and it is resumed.
            None => match self.begun_conversation.take() {
                Some(begun) => Conversation::New(begun),
                None => Conversation::New(step.conversation()),
            },
        }
    }

    /// Stores the conversation if it is another one than before. After none begins one that
    /// nobody had.
    pub(in crate::session) fn remember(
        &mut self,
        conversation: Option<&ConversationId>,
        step: &mut Step<'_>,
    ) {
        if conversation.is_none() {
            self.begun_conversation = None;
        }
        if self.record.conversation.as_ref() != conversation {
            self.record.conversation = conversation.cloned();
            self.forget_answered();
            self.store(step);
        }
    }

    /// A conversation lives in the folder it was begun in: in another one begins a new one.
    pub(in crate::session) fn go_to_the_folder(&mut self, step: &mut Step<'_>) {
        if self.is_elsewhere() {
            self.record = Self::record_for(Some(self.record.clone()), &self.settings.folder);
            self.store(step);
        }
    }

    /// Takes over the configuration: limits hold at once, the rest with the next agent.
    pub(in crate::session) fn on_configured(&mut self, settings: SessionSettings) -> Outdated {
        let before = std::mem::replace(&mut self.settings, settings);
        let SessionSettings {
            policy: _,
            folder,
            agent,
            epoch,
        } = &self.settings;
        let limits = |it: &AgentSettings| {
            let lists = (it.allowed_tools.clone(), it.disallowed_tools.clone());
            (it.permission_mode.clone(), it.host_settings, it.wall, lists)
        };
        if (folder, agent, epoch) == (&before.folder, &before.agent, &before.epoch) {
            Outdated::No
        } else if limits(agent) != limits(&before.agent) || *folder != before.folder {
            Outdated::Rules
        } else {
            Outdated::Yes
        }
    }

    /// Returns whose room is that of the session which has this key now.
    pub(in crate::session) fn room(&self, key: SessionKey) -> SessionKey {
        let chat = self.record.home.unwrap_or(key.chat);
        SessionKey { chat, ..key }
    }

    /// Follows the chat to its new id; folder and settings stay.
    ///
    /// The supervisor moved what was stored, and may have done so before a conversation began
    /// here: what holds is stored under the new id in any case.
    pub(in crate::session) fn on_moved(&mut self, former: SessionKey, step: &mut Step<'_>) {
        self.record.home.get_or_insert(former.chat);
        self.store(step);
    }

    /// Keeps true what the record says of messages with live buttons.
    pub(in crate::session) fn remember_buttons(
        &mut self,
        (messages, login_page, turn_card): (Vec<MessageId>, Option<MessageId>, Option<TurnCard>),
        step: &mut Step<'_>,
    ) {
        let record = &self.record;
        let is_known = record.messages_with_buttons == messages
            && record.login_page == login_page
            && record.turn_card == turn_card;
        if !is_known {
            self.record.messages_with_buttons = messages;
            self.record.login_page = login_page;
            self.record.turn_card = turn_card;
            self.store(step);
        }
    }

    /// Closes the messages that an earlier run left with buttons.
    pub(in crate::session) fn close_buttons_of_earlier_run(&self, step: &mut Step<'_>) {
        for message in &self.record.messages_with_buttons {
            step.close_message(*message, step.say().request_of_earlier_run());
        }
        if let Some(page) = self.record.login_page {
            step.close_message(page, step.say().login_over());
        }
        if let Some(card) = &self.record.turn_card {
            let body = texts::card_of_earlier_run(step.say(), &card.text);
            step.close_message_with(card.message, body);
        }
    }

    /// Shows this much of the work from now on; `None` asks how much is shown.
    pub(in crate::session) fn on_show(
        &mut self,
        message: MessageId,
        detail: Option<Detail>,
        step: &mut Step<'_>,
    ) {
        if let Some(detail) = detail
            && detail != self.record.detail
        {
            self.record.detail = detail;
            self.store(step);
        }
        step.reply(message, texts::detail(step.say(), self.record.detail));
    }

    /// Says how voice messages are transcribed, at most once a day.
    pub(in crate::session) fn tell_of_voice(
        &mut self,
        message: MessageId,
        who: WhoConfigures,
        step: &mut Step<'_>,
    ) {
        const DAY: u64 = 24 * 60 * 60;
        let now = step.calendar();
        let told = self.record.told_of_voice;
        if told.is_some_and(|told| now.0 < told.0.saturating_add(DAY)) {
            return;
        }
        self.record.told_of_voice = Some(now);
        self.store(step);
        let text = match who {
            WhoConfigures::Owner => step.say().voice_is_off(),
            WhoConfigures::Administrators => step.say().voice_is_off_here(),
        };
        let tone = (Rank::Notice, Sound::Silent);
        step.send(Body::Plain(text), Some(message), tone);
    }

    /// Lets the chat's turns stream as drafts from now on, or no longer; `None` asks.
    pub(in crate::session) fn on_drafts_wish(
        &mut self,
        message: MessageId,
        wish: Option<Drafts>,
        step: &mut Step<'_>,
    ) {
        if !step.key().chat.is_private() {
            step.reply(message, step.say().drafts_are_private());
            return;
        }
        if let Some(drafts) = wish
            && drafts != self.record.drafts
        {
            self.record.drafts = drafts;
            self.store(step);
        }
        step.reply(
            message,
            texts::drafts(step.say(), self.record.drafts, self.record.detail),
        );
    }

    /// Lets the chat's answers be rich messages from now on, or no longer; `None` asks.
    pub(in crate::session) fn on_rich_wish(
        &mut self,
        message: MessageId,
        wish: Option<Rich>,
        step: &mut Step<'_>,
    ) {
        if let Some(rich) = wish
            && rich != self.record.rich
        {
            self.record.rich = rich;
            self.store(step);
        }
        step.reply(message, texts::rich(step.say(), self.record.rich));
    }

    /// Counts what somebody thinks of a message of the bot.
    pub(in crate::session) fn on_rated(&mut self, rating: &Rating, step: &mut Step<'_>) {
        self.record.ratings = self.record.ratings.with(rating);
        self.store(step);
    }

    pub(super) fn store(&self, step: &mut Step<'_>) {
        step.push(Effect::Remember(self.record.clone()));
    }
}
