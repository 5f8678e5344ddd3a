//! The HTTP side of the mock: one handler for whatever the program calls.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::answer::{self, Piece};
use super::script::{Step, steps_for};
use super::{Record, Request, RequestKind};

struct Mock {
    record: Arc<Record>,
    /// How often a step with a number of times was performed, by prompt and place in it.
    performed: Mutex<HashMap<(String, usize), u32>>,
    /// When a limit ends, in seconds since 1970, by prompt and place in it.
    limits: Mutex<HashMap<(String, usize), u64>>,
}

/// Serves until the other end of `stopped` is dropped; open answers end with it.
pub(super) fn serve_until(
    stopped: oneshot::Receiver<()>,
    listener: TcpListener,
    record: Arc<Record>,
) {
    let mock = Arc::new(Mock {
        record,
        performed: Mutex::default(),
        limits: Mutex::default(),
    });
    let app = Router::new()
        .fallback(handle)
        .layer(DefaultBodyLimit::disable())
        .with_state(mock);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, app).await });
        // The sender is only ever dropped.
        stopped.await.ok();
        server.abort();
    });
}

async fn handle(
    State(mock): State<Arc<Mock>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Infallible> {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mut request = Request::read(uri.path(), &body);
    request.login = login(&headers);
    let id = mock.record.lock().len() + 1;
    mock.record.add(request.clone());
    Ok(match request.kind {
        RequestKind::Main => mock.model_call(&request, &body, id),
        RequestKind::Summary => {
            let text = "<analysis>short</analysis>\n<summary>\nThey talked.\n</summary>";
            answered(&Step::Say(text.to_owned()), &body, id)
        }
        RequestKind::Side => answered(&Step::Say("A title".to_owned()), &body, id),
        RequestKind::TokenCount => Json(json!({"input_tokens": 1000})).into_response(),
        RequestKind::Other if method == Method::HEAD => StatusCode::OK.into_response(),
        RequestKind::Other => refused(404),
    })
}

/// Returns an API key, or a token of a subscription.
fn login(headers: &HeaderMap) -> Option<String> {
    let value = |name: &str| headers.get(name)?.to_str().ok();
    let token = || value("authorization")?.strip_prefix("Bearer ");
    value("x-api-key").or_else(token).map(str::to_owned)
}

impl Mock {
    fn model_call(&self, request: &Request, body: &Value, id: usize) -> Response {
        let steps = steps_for(&request.prompt, &self.record.lessons.lock().unwrap());
        let step = match steps.into_iter().nth(request.step) {
            Some(Step::Error { status, times }) if self.is_due(request, times) => {
                return refused(status);
            }
            Some(Step::Limit { seconds }) => match self.used_up_until(request, seconds) {
                Some(end) => return used_up(end),
                None => Step::Say("recovered".to_owned()),
            },
            Some(Step::Cut { times }) if self.is_due(request, times) => Step::Cut { times },
            Some(Step::Error { .. } | Step::Cut { .. }) => Step::Say("recovered".to_owned()),
            Some(step) => step,
            None => Step::Say(last_words(request)),
        };
        answered(&step, body, id)
    }

    /// Returns when a limit ends that was met first so long before; `None` when it has ended.
    fn used_up_until(&self, request: &Request, seconds: u64) -> Option<u64> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.unwrap_or_default().as_secs();
        let place = (request.prompt.clone(), request.step);
        let mut limits = self.limits.lock().unwrap();
        let end = *limits.entry(place).or_insert(now + seconds);
        (now < end).then_some(end)
    }

    fn is_due(&self, request: &Request, times: u32) -> bool {
        let place = (request.prompt.clone(), request.step);
        let mut performed = self.performed.lock().unwrap();
        let count = performed.entry(place).or_default();
        *count = count.saturating_add(1);
        *count <= times
    }
}

fn last_words(request: &Request) -> String {
    let result = request.tool_result.as_deref().unwrap_or("no tool result");
    let mut words = format!("done: {}", result.chars().take(300).collect::<String>());
    for folded in &request.folded {
        words.push_str("\nalso read: ");
        words.push_str(folded);
    }
    words
}

fn answered(step: &Step, body: &Value, id: usize) -> Response {
    let model = body["model"].as_str().unwrap_or("mock");
    if body["stream"] != true {
        return Json(answer::whole(step, model, id)).into_response();
    }
    let pieces = answer::streamed(step, model, id).into_iter();
    let body = Body::from_stream(stream::unfold(pieces, next_bytes));
    ([(header::CONTENT_TYPE, "text/event-stream")], body).into_response()
}

async fn next_bytes(
    mut pieces: std::vec::IntoIter<Piece>,
) -> Option<(io::Result<Bytes>, std::vec::IntoIter<Piece>)> {
    loop {
        match pieces.next()? {
            Piece::Event(event) => {
                let name = event["type"].as_str().unwrap_or_default();
                let bytes = Bytes::from(format!("event: {name}\ndata: {event}\n\n"));
                return Some((Ok(bytes), pieces));
            }
            Piece::Wait(silence) => tokio::time::sleep(silence).await,
            Piece::HangUp => {
                let cause = io::Error::new(io::ErrorKind::ConnectionReset, "cut by the script");
                return Some((Err(cause), Vec::new().into_iter()));
            }
        }
    }
}

fn refused(status: u16) -> Response {
    let kind = match status {
        400 => "invalid_request_error",
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        _ => "api_error",
    };
    let body =
        json!({"type": "error", "error": {"type": kind, "message": "refused by the script"}});
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(body)).into_response()
}

/// Refuses a call as Claude's API does when a subscription is used up.
fn used_up(end: u64) -> Response {
    let reset = end.to_string();
    let mut response = refused(429);
    for (name, value) in [
        ("status", "rejected"),
        ("representative-claim", "five_hour"),
        ("reset", reset.as_str()),
        ("5h-utilization", "1.0"),
        ("5h-reset", reset.as_str()),
    ] {
        let name = format!("anthropic-ratelimit-unified-{name}");
        let name: HeaderName = name.parse().expect("a name");
        response
            .headers_mut()
            .insert(name, value.parse().expect("a value"));
    }
    response
}
