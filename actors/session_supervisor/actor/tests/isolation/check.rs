//! Searches what went to the outside for what belongs to somebody else.

use std::collections::{HashMap, HashSet};
use std::fmt::Debug;
use std::path::Path;

use super::{name, settings};
use crate::ids::{ChatId, ConversationId, MessageId, UserId};
use crate::outbox::{Draft, Perform, Sign};
use crate::ports::{AgentInput, Conversation, LaunchOrder};
use crate::session_supervisor::actor::tests::people::Ledger;

/// What the history did that the outside must show.
#[derive(Default)]
pub(super) struct Expected {
    /// Conversations that agents chose themselves.
    switched: HashMap<ConversationId, ChatId>,
    /// Conversations that were forgotten when so many agents had been started.
    forgotten: Vec<(usize, HashSet<ConversationId>)>,
    /// What people asked for.
    prompted: HashMap<UserId, HashSet<String>>,
    /// What people had asked for when they were revoked after so many inputs.
    revoked: Vec<(usize, HashSet<String>)>,
}

impl Expected {
    pub(super) fn switched_to(&mut self, chat: ChatId, conversation: &str) {
        let conversation = ConversationId(conversation.to_owned());
        self.switched.insert(conversation, chat);
    }

    pub(super) fn prompted(&mut self, author: UserId, text: String) {
        self.prompted.entry(author).or_default().insert(text);
    }

    /// Notes that nothing of what a person asked for may run from now on.
    pub(super) fn revoked(&mut self, user: UserId, ledger: &Ledger) {
        let texts = self.prompted.get(&user).cloned().unwrap_or_default();
        self.revoked.push((ledger.inputs.len(), texts));
    }

    /// Notes that all that a chat ever talked about is forgotten from now on.
    pub(super) fn forgot(&mut self, chat: ChatId, ledger: &Ledger) {
        let of_chat = ledger.orders.iter().filter(|order| order.key.chat == chat);
        let mut conversations: HashSet<_> = of_chat.map(|order| opened(order).clone()).collect();
        let switched = self.switched.iter().filter(|(_, of)| **of == chat);
        conversations.extend(switched.map(|(conversation, _)| conversation.clone()));
        self.forgotten.push((ledger.orders.len(), conversations));
    }
}

/// Returns the conversation that an agent was started in.
pub(super) fn opened(order: &LaunchOrder) -> &ConversationId {
    let (Conversation::New(id) | Conversation::Resume(id)) = &order.conversation;
    id
}

/// Tells whether a chat was sent this answer.
pub(super) fn answer_reached(ledger: &Ledger, chat: ChatId, answer: &str) -> bool {
    ledger.calls.iter().any(|(_, call)| match call {
        Perform::Send { key, body, .. } => key.chat == chat && format!("{body:?}").contains(answer),
        Perform::Edit { .. } | Perform::Sign(_) | Perform::Leave { .. } => false,
    })
}

pub(super) fn check(ledger: &Ledger, expected: &Expected) {
    let mut owners = expected.switched.clone();
    for order in &ledger.orders {
        check_order(order);
        let owner = *owners
            .entry(opened(order).clone())
            .or_insert(order.key.chat);
        assert_eq!(owner, order.key.chat, "another's conversation: {order:?}");
    }
    for (agent, input) in &ledger.inputs {
        assert_only_of(ledger.order(*agent).key.chat, input);
    }
    for (_, call) in &ledger.calls {
        check_call(ledger, call);
    }
    for (key, record) in &ledger.saves {
        assert_is_folder_of(key.chat, &record.folder);
        assert_eq!((key.topic, record.home), (None, None));
        if let Some(conversation) = &record.conversation {
            assert_eq!(owners.get(conversation), Some(&key.chat), "{record:?}");
        }
    }
    for (n_inputs, revoked) in &expected.revoked {
        for (_, input) in &ledger.inputs[*n_inputs..] {
            let runs = matches!(input, AgentInput::Prompt { text, .. } if revoked.contains(text));
            assert!(!runs, "revoked and run: {input:?}");
        }
    }
    for (n_orders, forgotten) in &expected.forgotten {
        for order in &ledger.orders[*n_orders..] {
            assert!(
                !forgotten.contains(opened(order)),
                "not forgotten: {order:?}"
            );
        }
    }
}

fn check_order(order: &LaunchOrder) {
    let chat = order.key.chat;
    assert_only_of(chat, order);
    assert_is_folder_of(chat, &order.folder);
    let is_own = (0..6).any(|epoch| settings(epoch).of(chat).agent == order.settings);
    assert!(is_own, "not the chat's settings: {order:?}");
}

fn check_call(ledger: &Ledger, call: &Perform) {
    let (chat, message) = match call {
        Perform::Send { key, reply_to, .. } => (key.chat, *reply_to),
        Perform::Edit { key, message, .. } => (key.chat, Some(*message)),
        Perform::Sign(Sign::Typing { key } | Sign::Draft(Draft { key, .. })) => (key.chat, None),
        Perform::Sign(Sign::React { chat, message, .. } | Sign::Delete { chat, message }) => {
            (*chat, Some(*message))
        }
        Perform::Sign(Sign::AnswerCallback { .. }) | Perform::Leave { .. } => {
            panic!("nobody asked for this: {call:?}")
        }
    };
    assert_only_of(chat, call);
    let is_here = |message: MessageId| ledger.is_in(message, chat);
    assert!(
        message.is_none_or(is_here),
        "a message of another chat: {call:?}"
    );
}

fn assert_is_folder_of(chat: ChatId, folder: &Path) {
    let folders = (0..6).map(|epoch| settings(epoch).of(chat).folder);
    assert!(
        folders.into_iter().any(|own| own == folder),
        "{chat}: {folder:?}"
    );
}

/// Whose secret is in it may see it.
fn assert_only_of(chat: ChatId, what: &impl Debug) {
    let text = format!("{what:?}");
    for secret in text.split("secret-of-").skip(1) {
        let owner = secret.split('-').next().unwrap_or_default();
        assert_eq!(owner, name(chat), "chat {chat} got {text}");
    }
}
