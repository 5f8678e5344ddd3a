//! Who the bot is: asked before the first poll, because only who knows its own name can tell
//! whether a group speaks to it.

use std::pin::pin;
use std::time::Duration;

use bridge_actors::clock;
use futures_util::future::{Either, select};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::sleep;
use tracing::info;

use super::api::GetMe;
use super::connection::Telegram;
use super::errors::{CallError, is_token_refused};
use super::poll_policy::{PollOutcome, PollPolicy};
use super::poller::{PollEnd, log};

/// Who the bot is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotIdentity {
    /// Its numeric id, as the token says.
    pub id: i64,
    /// Its `@name` without the `@`; every bot of Telegram's own servers has one.
    pub username: Option<String>,
    /// Whether groups show it all that is said, and not only what is said to it.
    pub can_read_all_group_messages: bool,
}

#[derive(Default, Deserialize)]
struct Profile {
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    can_read_all_group_messages: bool,
}

/// Asks Telegram once who the bot is; a wrong token shows here.
///
/// An answer that cannot be read costs the name and not the start: a server other than Telegram's
/// may know no profile.
pub async fn who_am_i(telegram: &Telegram) -> Result<BotIdentity, CallError> {
    let profile = telegram.call(&GetMe {}).await?;
    Ok(us_from(telegram.bot_id(), profile))
}

/// Asks until Telegram answers, with the waits of the poller in between; `stop` ends it.
///
/// # Errors
///
/// When it was stopped, or when Telegram does not know the token.
pub async fn identify(
    telegram: &Telegram,
    stop: impl Future<Output = ()>,
) -> Result<BotIdentity, PollEnd> {
    let asking = pin!(ask(telegram));
    match select(asking, pin!(stop)).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => Err(PollEnd::Stopped),
    }
}

async fn ask(telegram: &Telegram) -> Result<BotIdentity, PollEnd> {
    let mut policy = PollPolicy::default();
    loop {
        let (outcome, reason) = match who_am_i(telegram).await {
            Ok(us) => {
                let username = us.username.as_deref().unwrap_or_default();
                let advice = policy.on_outcome(PollOutcome::Answered, clock::now());
                if let Some(notice) = advice.notice {
                    log(notice, "");
                }
                info!(username, "telegram accepts the bot token");
                return Ok(us);
            }
            Err(error) if is_token_refused(&error) => return Err(PollEnd::TokenRefused),
            Err(error) => (outcome_of(&error), error.to_string()),
        };
        let advice = policy.on_outcome(outcome, clock::now());
        if let Some(notice) = advice.notice {
            log(notice, &reason);
        }
        sleep(advice.wait).await;
    }
}

fn outcome_of(error: &CallError) -> PollOutcome {
    let retry_after: Option<Duration> = match error {
        CallError::Refused { retry_after, .. } | CallError::Unreadable { retry_after, .. } => {
            *retry_after
        }
        CallError::NotSent(_) | CallError::NoAnswer(_) => None,
    };
    retry_after.map_or(PollOutcome::Failed, PollOutcome::Throttled)
}

fn us_from(id: i64, profile: Value) -> BotIdentity {
    let profile: Profile = serde_json::from_value(profile).unwrap_or_default();
    BotIdentity {
        id,
        username: profile.username.filter(|name| !name.is_empty()),
        can_read_all_group_messages: profile.can_read_all_group_messages,
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::time::Instant;

    use serde_json::json;

    use super::super::scripted_api::{Reply, ScriptedApi};
    use super::*;

    #[actix::test]
    async fn telegram_says_who_we_are() {
        let api = ScriptedApi::start().await;
        let profile = json!({
            "id": 42, "is_bot": true, "first_name": "Bridge", "username": "bridge_bot",
            "can_join_groups": true, "can_read_all_group_messages": true,
        });
        api.reply("getMe", [Reply::Result(profile)]);
        let us = identify(&api.telegram(), pending()).await.unwrap();
        let expected = BotIdentity {
            id: 42,
            username: Some("bridge_bot".to_owned()),
            can_read_all_group_messages: true,
        };
        assert_eq!(us, expected);
    }

    #[actix::test]
    async fn an_outage_at_the_start_is_waited_out() {
        let api = ScriptedApi::start().await;
        let profile = Reply::Result(json!({ "id": 42, "username": "bridge_bot" }));
        api.reply("getMe", [Reply::Raw(502, "<html>"), profile]);
        let started = Instant::now();
        let us = identify(&api.telegram(), pending()).await.unwrap();
        assert_eq!(us.username.as_deref(), Some("bridge_bot"));
        assert!(started.elapsed() >= Duration::from_secs(1), "no wait");
        assert_eq!(api.calls("getMe").len(), 2);
    }

    #[actix::test]
    async fn a_refused_token_and_a_stop_end_the_asking() {
        let api = ScriptedApi::start().await;
        api.reply("getMe", [Reply::Refusal(401, "Unauthorized"), Reply::Hang]);
        let refused = identify(&api.telegram(), pending()).await;
        assert_eq!(refused, Err(PollEnd::TokenRefused));
        let stopped = identify(&api.telegram(), ready(())).await;
        assert_eq!(stopped, Err(PollEnd::Stopped));
    }

    #[test]
    fn an_unreadable_profile_costs_only_the_name() {
        for profile in [
            Value::Bool(true),
            Value::Null,
            json!({ "username": 7 }),
            json!({ "username": "" }),
            json!({ "id": "x" }),
        ] {
            let us = us_from(42, profile);
            assert_eq!((us.id, us.username), (42, None));
        }
    }

    #[test]
    fn telegrams_wish_to_wait_is_kept() {
        let after = Duration::from_secs(9);
        let error = CallError::Unreadable {
            status: 429,
            retry_after: Some(after),
        };
        assert_eq!(outcome_of(&error), PollOutcome::Throttled(after));
    }
}
