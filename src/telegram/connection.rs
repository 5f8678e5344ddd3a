//! The connection to the Bot API: who we are, where it is, and one call at a time.

use std::error::Error as _;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::multipart::Form;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;
use serde_json::Value;
use teloxide_core::Bot;
use teloxide_core::requests::Payload;

use super::download::file_url;
use super::errors::{CallError, read_answer};
use super::token::Token;
use crate::masked;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a call without a file may take; longer would hold up the chat's queue.
const CALL_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a call with an empty file may take.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(60);
/// How many bytes of a file have to pass in a second. The largest file that Telegram takes has ten
/// minutes by that.
const SLOWEST_UPLOAD: u64 = 100_000;
/// How much longer than the poll itself the poll's client waits.
const POLL_GRACE: Duration = Duration::from_secs(15);

/// How to reach Telegram.
#[derive(Clone)]
pub struct TelegramOptions {
    /// The bot.
    pub token: Token,
    /// The address of the Bot API, `https://api.telegram.org` or a server of one's own.
    pub api_url: String,
    /// How long a poll waits for news; Telegram cuts it to 50 s.
    pub poll_timeout: Duration,
}

/// The address of the Bot API cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidApiUrl {
    /// It is not an `http` or `https` address; what is secret in it is masked.
    #[error("the api url {0:?} is not an address like https://api.telegram.org")]
    Malformed(String),
    /// The HTTP client could not be made.
    #[error("cannot prepare the connection to telegram: {0}")]
    Client(String),
}

/// A bot's connection to the Bot API; cheap to clone.
///
/// Calls and polls use HTTP clients of their own, so that a poll that hangs never delays a call.
#[derive(Clone)]
pub struct Telegram {
    options: TelegramOptions,
    url: Url,
    calls: Bot,
}

/// The client that waits for updates; rebuilt when it has gone stale.
#[derive(Clone)]
pub(super) struct PollConnection(Bot);

impl Telegram {
    /// Prepares a connection; contacts nobody.
    pub fn new(options: TelegramOptions) -> Result<Self, InvalidApiUrl> {
        let malformed = || InvalidApiUrl::Malformed(masked::address(&options.api_url));
        let url = Url::parse(&options.api_url).map_err(|_| malformed())?;
        let is_http = matches!(url.scheme(), "http" | "https") && url.has_host();
        if !is_http {
            return Err(malformed());
        }
        let client = build_client(&url, UPLOAD_TIMEOUT)?;
        let calls = Bot::with_client(options.token.expose(), client).set_api_url(url.clone());
        Ok(Self {
            options,
            url,
            calls,
        })
    }

    /// Returns the numeric id of the bot.
    pub fn bot_id(&self) -> i64 {
        self.options.token.bot_id()
    }

    /// Returns how long a poll waits for news.
    pub(super) fn poll_timeout(&self) -> Duration {
        self.options.poll_timeout
    }

    /// Makes a fresh client for polls.
    pub(super) fn connect_poll(&self) -> Result<PollConnection, InvalidApiUrl> {
        let client = build_client(&self.url, self.options.poll_timeout + POLL_GRACE)?;
        let bot = Bot::with_client(self.options.token.expose(), client);
        Ok(PollConnection(bot.set_api_url(self.url.clone())))
    }

    /// Makes a call and returns the `result` of its answer.
    pub(super) async fn call<P>(&self, payload: &P) -> Result<Value, CallError>
    where
        P: Payload + Serialize,
    {
        self.call_within(CALL_TIMEOUT, payload).await
    }

    /// Makes a call that takes so long at most; then its connection is closed.
    pub(super) async fn call_within<P>(
        &self,
        timeout: Duration,
        payload: &P,
    ) -> Result<Value, CallError>
    where
        P: Payload + Serialize,
    {
        let request = request::<P>(&self.calls).timeout(timeout);
        exchange(&self.calls, request.json(payload)).await
    }

    /// Asks for a file by the path that Telegram names; what is answered is a file, or an error.
    pub(super) async fn get_file(
        &self,
        path: &str,
        timeout: Duration,
    ) -> Result<Response, CallError> {
        let url = file_url(self.calls.api_url(), self.calls.token(), path);
        let request = self.calls.client().get(url).timeout(timeout);
        let response = send(&self.calls, request).await?;
        match response.status() {
            StatusCode::OK => Ok(response),
            status => Err(CallError::Unreadable {
                status: status.as_u16(),
                retry_after: retry_after(&response).map(Duration::from_secs),
            }),
        }
    }

    /// Makes a call that carries files of so many bytes.
    pub(super) async fn upload<P: Payload>(
        &self,
        size: u64,
        form: Form,
    ) -> Result<Value, CallError> {
        let timeout = UPLOAD_TIMEOUT + Duration::from_secs(size / SLOWEST_UPLOAD);
        let request = request::<P>(&self.calls).timeout(timeout);
        exchange(&self.calls, request.multipart(form)).await
    }
}

impl fmt::Debug for TelegramOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelegramOptions")
            .field("token", &self.token)
            .field("api_url", &masked::address(&self.api_url))
            .field("poll_timeout", &self.poll_timeout)
            .finish()
    }
}

impl fmt::Debug for Telegram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telegram")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl PollConnection {
    /// Makes a call that may take as long as a poll.
    pub(super) async fn call<P>(&self, payload: &P) -> Result<Value, CallError>
    where
        P: Payload + Serialize,
    {
        exchange(&self.0, request::<P>(&self.0).json(payload)).await
    }
}

fn build_client(url: &Url, timeout: Duration) -> Result<Client, InvalidApiUrl> {
    let mut builder = Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(timeout)
        .tcp_nodelay(true)
        // The address holds the token: it is told to nobody but the server that was configured.
        .redirect(Policy::none());
    if is_loopback(url) {
        builder = builder.no_proxy();
    }
    builder
        .build()
        .map_err(|error| InvalidApiUrl::Client(error.without_url().to_string()))
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn request<P: Payload>(bot: &Bot) -> RequestBuilder {
    let mut url = bot.api_url();
    url.path_segments_mut()
        .expect("an http address with a host has path segments")
        .pop_if_empty()
        .push(&format!("bot{}", bot.token()))
        .push(P::NAME);
    bot.client().post(url)
}

async fn exchange(bot: &Bot, request: RequestBuilder) -> Result<Value, CallError> {
    let response = send(bot, request).await?;
    let status = response.status().as_u16();
    let retry_after = retry_after(&response);
    let body = response
        .bytes()
        .await
        .map_err(|error| CallError::NoAnswer(describe(error, bot.token())))?;
    read_answer(status, retry_after, &body)
}

async fn send(bot: &Bot, request: RequestBuilder) -> Result<Response, CallError> {
    let describe = |error| describe(error, bot.token());
    request.send().await.map_err(|error| {
        // Without a connection nothing was written; any later failure may hide a call that
        // was carried out.
        if error.is_connect() || error.is_builder() {
            CallError::NotSent(describe(error))
        } else {
            CallError::NoAnswer(describe(error))
        }
    })
}

fn retry_after(response: &Response) -> Option<u64> {
    let header = response.headers().get(RETRY_AFTER);
    header.and_then(|value| value.to_str().ok()?.parse().ok())
}

/// Puts an error and its causes into one line, without the address and the token in it.
fn describe(error: reqwest::Error, token: &str) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text.replace(token, "[redacted]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(api_url: &str) -> TelegramOptions {
        TelegramOptions {
            token: Token::parse("42:secret-of-the-bot").expect("it has the shape of a token"),
            api_url: api_url.to_owned(),
            poll_timeout: Duration::from_secs(50),
        }
    }

    #[test]
    fn no_secret_of_an_address_is_printed() {
        for url in [
            "ftp://user:pa55@host",
            "user:pa55@host",
            "http://user:pa55@",
        ] {
            let error = Telegram::new(options(url)).expect_err("it is no address");
            assert!(!format!("{error} {error:?}").contains("pa55"), "{error}");
        }
        let good = options("http://user:pa55@127.0.0.1:1");
        let telegram = Telegram::new(good.clone()).expect("it is an address");
        let printed = format!("{good:?} {telegram:?}");
        assert!(!printed.contains("pa55"), "{printed}");
        assert!(!printed.contains("secret"), "{printed}");
    }
}
