//! The Bot API endpoint: token, checks, faults, the work itself, and the record of it all.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, stream};
use serde_json::{Value, json};
use tokio::time::{sleep, sleep_until};

use crate::connection::Cut;
use crate::faults::Trouble;
use crate::methods::{self, Refusal};
use crate::params::Params;
use crate::recorder::Answer;
use crate::rules::check_rules;
use crate::schema::SCHEMA;
use crate::server::Site;
use crate::validate::check_call;

/// How much of a slow download comes at once, in bytes.
const PIECE: usize = 64 * 1024;

/// What the caller gets back.
enum Reply {
    Answered(Result<Value, Refusal>),
    Raw {
        status: u16,
        content_type: &'static str,
        body: &'static str,
    },
    /// The connection closes without an answer.
    Dropped,
}

/// Serves `/bot<token>/<method>`.
pub(crate) async fn call(
    State(site): State<Arc<Site>>,
    Path((bot, method)): Path<(String, String)>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
) -> Response {
    let arrived_at = Instant::now();
    if let Err(refusal) = check_token(&site, &bot) {
        return respond(Reply::Answered(Err(refusal)), &cut);
    }
    let (mut params, unreadable) = match Params::read(request).await {
        Ok(params) => (params, None),
        Err(problem) => (Params::default(), Some(problem)),
    };
    let spec = SCHEMA.method(&method);
    let name = spec
        .map_or(method.as_str(), |spec| spec.name.as_str())
        .to_owned();
    let checked = match (spec, unreadable) {
        (_, Some(problem)) => Err(Refusal::bad_request(&problem)),
        (None, None) => Err(Refusal::new(404, "Not Found: method not found")),
        (Some(spec), None) => check_call(spec, &mut params)
            .and_then(|()| check_rules(&name, &params))
            .map_err(|problem| Refusal::bad_request(&problem)),
    };
    let number = site.shared.change(|world| {
        if let Err(refusal) = &checked {
            world.recorder.violate(&name, &refusal.description);
        }
        world.recorder.begin(&name, &params.values, arrived_at)
    });
    let reply = match checked {
        Ok(()) => serve(&site, &name, &params).await,
        Err(refusal) => Reply::Answered(Err(refusal)),
    };
    let message_id = match &reply {
        Reply::Answered(Ok(result)) => result["message_id"].as_i64(),
        Reply::Answered(Err(_)) | Reply::Raw { .. } | Reply::Dropped => None,
    };
    let answer = to_answer(&reply);
    site.shared
        .change(|world| world.recorder.finish(number, message_id, answer));
    respond(reply, &cut)
}

/// Serves `/file/bot<token>/<path>`; the path arrives percent-decoded.
pub(crate) async fn download(
    State(site): State<Arc<Site>>,
    Path((bot, path)): Path<(String, String)>,
) -> Response {
    if check_token(&site, &bot).is_err() {
        return StatusCode::NOT_FOUND.into_response();
    }
    // Whoever waits for it hears of it.
    let trouble = site
        .shared
        .change(|world| world.faults.take("download", None));
    let bytes = site
        .shared
        .read()
        .file_by_path(&path)
        .map(|file| Bytes::from_owner(file.bytes.clone()));
    let Some(bytes) = bytes else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let content_type = [(CONTENT_TYPE, "application/octet-stream")];
    match trouble {
        None => (content_type, bytes).into_response(),
        Some(Trouble::Hang(pause)) => {
            sleep(pause).await;
            (content_type, bytes).into_response()
        }
        Some(Trouble::Slow(rate)) => {
            (content_type, Body::from_stream(at_rate(bytes, rate))).into_response()
        }
        // Half of it, and then the connection closes.
        Some(Trouble::DropAfterWork) => {
            let half = bytes.slice(..bytes.len() / 2);
            let cut = || io::Error::from(io::ErrorKind::ConnectionReset);
            let pieces = [Ok(half), Err(cut())];
            (content_type, Body::from_stream(stream::iter(pieces))).into_response()
        }
        Some(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}

/// Cuts bytes into pieces that come at no more than so many bytes a second.
fn at_rate(bytes: Bytes, rate: u32) -> impl Stream<Item = io::Result<Bytes>> {
    let began = Instant::now();
    stream::unfold((bytes, 0_usize), move |(mut rest, sent)| async move {
        if rest.is_empty() {
            return None;
        }
        let due = Duration::from_secs_f64(sent as f64 / f64::from(rate.max(1)));
        sleep_until((began + due).into()).await;
        let piece = rest.split_to(PIECE.min(rest.len()));
        let sent = sent + piece.len();
        Some((Ok(piece), (rest, sent)))
    })
}

/// Telegram answers 404 to what cannot be a token and 401 to a wrong one.
fn check_token(site: &Site, bot: &str) -> Result<(), Refusal> {
    let token = bot.strip_prefix("bot").unwrap_or("");
    if token == site.token {
        return Ok(());
    }
    let looks_right = token
        .split_once(':')
        .is_some_and(|(id, secret)| id.parse::<u64>().is_ok() && !secret.is_empty());
    if looks_right {
        Err(Refusal::new(401, "Unauthorized"))
    } else {
        Err(Refusal::new(404, "Not Found"))
    }
}

async fn serve(site: &Site, method: &str, params: &Params) -> Reply {
    let trouble = site
        .shared
        .read()
        .faults
        .take(method, params.int("chat_id"));
    let Some(trouble) = trouble else {
        return Reply::Answered(work(site, method, params).await);
    };
    let refusal = match trouble {
        Trouble::TooManyRequests { retry_after } => Refusal {
            retry_after: Some(retry_after),
            ..Refusal::new(429, format!("Too Many Requests: retry after {retry_after}"))
        },
        Trouble::Forbidden(description) => Refusal::new(403, description),
        Trouble::BadRequest(description) => Refusal::new(400, description),
        Trouble::ServerError(status) => Refusal::new(status, "Internal Server Error"),
        Trouble::Conflict => methods::conflict(),
        Trouble::Hang(wait) => {
            sleep(wait).await;
            return Reply::Answered(work(site, method, params).await);
        }
        Trouble::Slow(_) => return Reply::Answered(work(site, method, params).await),
        Trouble::DropBefore => return Reply::Dropped,
        Trouble::DropAfterWork => {
            drop(work(site, method, params).await);
            return Reply::Dropped;
        }
        Trouble::Html502 => {
            let body = "<html><body><h1>502 Bad Gateway</h1></body></html>";
            return Reply::Raw {
                status: 502,
                content_type: "text/html",
                body,
            };
        }
        Trouble::InvalidJson => {
            drop(work(site, method, params).await);
            let body = "{\"ok\":true,\"result\":";
            return Reply::Raw {
                status: 200,
                content_type: "application/json",
                body,
            };
        }
    };
    Reply::Answered(Err(refusal))
}

async fn work(site: &Site, method: &str, params: &Params) -> Result<Value, Refusal> {
    if method == "getUpdates" {
        return methods::get_updates(&site.shared, params).await;
    }
    site.shared
        .change(|world| methods::perform(world, method, params))
}

fn to_answer(reply: &Reply) -> Answer {
    let (status, description) = match reply {
        Reply::Answered(Ok(_)) => (200, None),
        Reply::Answered(Err(refusal)) => (refusal.status, Some(refusal.description.clone())),
        Reply::Raw { status, .. } => (*status, None),
        Reply::Dropped => (0, None),
    };
    Answer {
        at: Instant::now(),
        status,
        description,
    }
}

fn respond(reply: Reply, cut: &Cut) -> Response {
    match reply {
        Reply::Answered(Ok(result)) => json_response(200, &json!({ "ok": true, "result": result })),
        Reply::Answered(Err(refusal)) => refuse(&refusal),
        Reply::Raw {
            status,
            content_type,
            body,
        } => (to_status(status), [(CONTENT_TYPE, content_type)], body).into_response(),
        Reply::Dropped => {
            cut.cut();
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

fn refuse(refusal: &Refusal) -> Response {
    let mut body = json!({
        "ok": false,
        "error_code": refusal.status,
        "description": refusal.description,
    });
    if let Some(chat_id) = refusal.migrate_to {
        body["parameters"] = json!({ "migrate_to_chat_id": chat_id });
    }
    let Some(seconds) = refusal.retry_after else {
        return json_response(refusal.status, &body);
    };
    body["parameters"] = json!({ "retry_after": seconds });
    (
        [(RETRY_AFTER, seconds.to_string())],
        json_response(refusal.status, &body),
    )
        .into_response()
}

fn json_response(status: u16, body: &Value) -> Response {
    let headers = [(CONTENT_TYPE, "application/json")];
    (to_status(status), headers, body.to_string()).into_response()
}

fn to_status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
