//! A Bot API on loopback for the tests of this edge: answers as scripted, records every call.

use std::collections::{HashMap, VecDeque};
use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::{Router, routing::post};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::timeout;

use super::{Telegram, TelegramOptions, Token};

/// How long a test waits for a call before it fails.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) const TOKEN: &str = "42:secret-of-the-bot";

/// What the server does with a call.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// `{"ok":true,"result":..}`.
    Result(Value),
    /// `{"ok":false,..}` with this code and description.
    Refusal(u16, &'static str),
    /// A body of its own making.
    Raw(u16, &'static str),
    /// The connection breaks in the middle of the answer.
    Break,
    /// No answer, ever.
    Hang,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    pub(crate) method: String,
    /// The JSON parameters; a form comes as a string.
    pub(crate) parameters: Value,
}

#[derive(Default)]
struct Script {
    replies: HashMap<String, VecDeque<Reply>>,
    calls: Vec<Call>,
}

#[derive(Clone, Default)]
pub(crate) struct ScriptedApi {
    script: Arc<Mutex<Script>>,
    called: Arc<Notify>,
    pub(crate) url: String,
}

impl ScriptedApi {
    /// Starts a server that ends with the test's runtime.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            ..Self::default()
        };
        let routes = Router::new()
            .route("/{bot}/{method}", post(answer))
            .with_state(api.clone());
        actix::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        api
    }

    /// Returns a connection to the server.
    pub(crate) fn telegram(&self) -> Telegram {
        connect(&self.url)
    }

    /// Adds replies to the calls of a method, in order. Without any left, polls hang and other
    /// calls succeed with message 100.
    pub(crate) fn reply(&self, method: &str, replies: impl IntoIterator<Item = Reply>) {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = script.replies.entry(method.to_owned()).or_default();
        waiting.extend(replies);
    }

    /// Returns the parameters of the calls of a method so far.
    pub(crate) fn calls(&self, method: &str) -> Vec<Value> {
        let script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = script.calls.iter().filter(|call| call.method == method);
        calls.map(|call| call.parameters.clone()).collect()
    }

    /// Waits until a method was called so many times, and returns the parameters.
    pub(crate) async fn wait_for(&self, method: &str, n_calls: usize) -> Vec<Value> {
        let enough = async {
            loop {
                let called = self.called.notified();
                let calls = self.calls(method);
                if calls.len() >= n_calls {
                    return calls;
                }
                called.await;
            }
        };
        timeout(PATIENCE, enough).await.unwrap_or_else(|_| {
            panic!("{method} was called {} times", self.calls(method).len());
        })
    }

    fn take_reply(&self, call: Call) -> Reply {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = script.replies.get_mut(&call.method);
        let reply = waiting
            .and_then(VecDeque::pop_front)
            .unwrap_or_else(|| default_reply(&call.method));
        script.calls.push(call);
        drop(script);
        self.called.notify_waiters();
        reply
    }
}

/// Returns a connection of the test's bot to any address.
pub(crate) fn connect(url: &str) -> Telegram {
    Telegram::new(TelegramOptions {
        token: Token::parse(TOKEN).unwrap(),
        api_url: url.to_owned(),
        poll_timeout: Duration::from_secs(0),
    })
    .unwrap()
}

async fn answer(
    State(api): State<ScriptedApi>,
    Path((_, method)): Path<(String, String)>,
    uri: Uri,
    body: Bytes,
) -> Response {
    assert!(uri.path().starts_with(&format!("/bot{TOKEN}/")));
    let parameters = serde_json::from_slice(&body)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into_owned()));
    match api.take_reply(Call { method, parameters }) {
        Reply::Result(result) => respond(200, json!({ "ok": true, "result": result }).to_string()),
        Reply::Refusal(code, description) => refuse(code, description),
        Reply::Raw(status, body) => respond(status, body.to_owned()),
        Reply::Break => {
            let parts = [Ok("{"), Err("broken")];
            Body::from_stream(stream::iter(parts)).into_response()
        }
        Reply::Hang => pending().await,
    }
}

fn refuse(code: u16, description: &str) -> Response {
    let body = json!({ "ok": false, "error_code": code, "description": description });
    respond(code, body.to_string())
}

fn respond(status: u16, body: String) -> Response {
    (StatusCode::from_u16(status).unwrap(), body).into_response()
}

fn default_reply(method: &str) -> Reply {
    match method {
        "getUpdates" => Reply::Hang,
        "sendMessage" | "sendDocument" => Reply::Result(json!({ "message_id": 100 })),
        "sendPhoto" => Reply::Result(json!({ "message_id": 101 })),
        "sendMediaGroup" => Reply::Result(json!([{ "message_id": 102 }, { "message_id": 103 }])),
        _ => Reply::Result(Value::Bool(true)),
    }
}
