//! What the log is told of what happened in the outbox.

use tracing::{debug, error, info, warn};

use crate::outbox::Rank;
use crate::outbox::log_facts::{DropReason, Fact};

pub(super) fn log(fact: &Fact) {
    match fact {
        Fact::Dropped { key, rank, why } => log_dropped(&key.to_string(), *rank, why),
        Fact::ChatGone {
            key,
            answers,
            notices,
            why,
        } => warn!(
            %key,
            answers,
            notices,
            why,
            "cannot write to the chat; its answers wait until somebody writes there"
        ),
        Fact::TopicLeft { key, why } => {
            info!(%key, why, "the topic is gone, so its answers go to the chat itself");
        }
        Fact::Retrying {
            key,
            attempt,
            after,
            why,
        } => warn!(%key, attempt, ?after, why, "a call failed and will be repeated"),
        Fact::Rests { key, after, why } => warn!(
            %key,
            ?after,
            why,
            "an answer may not have arrived; trying again"
        ),
        Fact::SentPlain { key, why } => warn!(%key, why, "markup refused; sending plain text"),
        Fact::SentOtherwise { key, why } => {
            info!(%key, why, "files refused as they were; sending them in another way");
        }
        Fact::ChatHeld { chat, after } => warn!(%chat, ?after, "telegram limits the rate of this \
                                                                chat; waiting"),
        Fact::BotHeld { after } => warn!(
            ?after,
            "telegram limits the rate of several chats; all \
                                                  chats wait"
        ),
        Fact::Migrated { from, to } => info!(%from, %to, "group became a supergroup"),
        Fact::TokenRefused { retry_after } => {
            error!(
                ?retry_after,
                "telegram refuses the bot token; messages are kept"
            );
        }
        Fact::DraftRefused { key, why } => info!(%key, why, "draft refused"),
        Fact::SignFailed { why } => debug!(why, "sign dropped"),
    }
}

fn log_dropped(key: &str, rank: Rank, why: &DropReason) {
    if *why == DropReason::NothingToEdit {
        return info!(key, "an edit is dropped because its message is gone");
    }
    let why = why.to_string();
    match rank {
        Rank::Answer => error!(key, why, "answer dropped"),
        Rank::Notice => warn!(key, why, "notice dropped"),
    }
}
