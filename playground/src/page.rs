//! The chat page: its files, its live events and what people do through it.

mod frame;
mod upload;

use std::convert::Infallible;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, LOCATION,
    ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};

use self::frame::Frame;
use crate::people::{self, new_post};
use crate::post::Author;
use crate::server::{Site, own_hosts};

/// The header that only the page's own script sends; a foreign page cannot without permission.
const PAGE_HEADER: &str = "x-playground";

/// How long a page waits before it connects again.
const RETRY: Duration = Duration::from_secs(1);

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// Returns the routes of the page below its secret path.
pub(crate) fn routes(key: &str) -> Router<Arc<Site>> {
    let at = |path: &str| format!("/page/{key}/{path}");
    Router::new()
        .route(
            &at(""),
            get(async || asset("text/html", include_str!("page/index.html"))),
        )
        .route(
            &at("chat.css"),
            get(async || asset("text/css", include_str!("page/chat.css"))),
        )
        .route(
            &at("chat.js"),
            get(async || script(include_str!("page/chat.js"))),
        )
        .route(
            &at("entities.js"),
            get(async || script(include_str!("page/entities.js"))),
        )
        .route(
            &at("files.js"),
            get(async || script(include_str!("page/files.js"))),
        )
        .route(at("").trim_end_matches('/'), get(with_a_slash))
        .route("/open/{ticket}", get(open))
        .route(&at("events"), get(events))
        .route(&at("act"), post(act))
        .route(&at("upload"), post(upload::upload))
        .route(&at("file/{file_id}"), get(file))
}

/// Leads to the page whoever left out the slash, on which its own addresses depend. A relative
/// address holds behind a proxy, too.
async fn with_a_slash(State(site): State<Arc<Site>>) -> Response {
    lead_to(format!("{}/", site.page_key.as_deref().unwrap_or_default()))
}

/// Leads to the page whoever comes first with the ticket.
async fn open(State(site): State<Arc<Site>>, Path(written): Path<String>) -> Response {
    let mut ticket = site.ticket.lock().unwrap_or_else(PoisonError::into_inner);
    if ticket.as_deref() != Some(written.as_str()) {
        return (StatusCode::NOT_FOUND, "this address was good for one time").into_response();
    }
    *ticket = None;
    lead_to(format!(
        "../page/{}/",
        site.page_key.as_deref().unwrap_or_default()
    ))
}

fn lead_to(address: String) -> Response {
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response();
    protect(response.headers_mut());
    response
}

fn script(body: &'static str) -> Response {
    asset("text/javascript", body)
}

fn asset(kind: &str, body: &'static str) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    let content_type = HeaderValue::from_str(&format!("{kind}; charset=utf-8"));
    headers.insert(
        CONTENT_TYPE,
        content_type.expect("a media type is a header value"),
    );
    protect(headers);
    response
}

fn protect(headers: &mut HeaderMap) {
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

#[derive(Deserialize)]
struct Viewer {
    person: i64,
}

/// Streams frames: everything first, then what changed.
async fn events(State(site): State<Arc<Site>>, Query(viewer): Query<Viewer>) -> impl IntoResponse {
    let pulse = site.shared.subscribe();
    let start = (site, pulse, Frame::default());
    let frames = stream::unfold(start, move |(site, mut pulse, mut last)| async move {
        loop {
            pulse.borrow_and_update();
            let news = last.advance(&site.shared.read(), viewer.person);
            if let Some(news) = news {
                let event = Event::default().data(news.to_string()).retry(RETRY);
                return Some((Ok::<_, Infallible>(event), (site, pulse, last)));
            }
            pulse.changed().await.ok()?;
        }
    });
    // A proxy that gathers what passes through would hold the news back.
    let at_once = [(HeaderName::from_static("x-accel-buffering"), "no")];
    let alive = KeepAlive::new().event(Event::default().event("alive").data("yes"));
    (at_once, Sse::new(frames).keep_alive(alive))
}

/// What the page asks for.
#[derive(Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
enum Act {
    Say {
        person: i64,
        text: String,
        reply_to: Option<i64>,
    },
    Press {
        person: i64,
        message_id: i64,
        data: String,
    },
    Stop {
        person: i64,
    },
    AddPerson {
        name: String,
    },
}

async fn act(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_own_page(&site, &headers) {
        return (StatusCode::FORBIDDEN, "only the chat page may do this").into_response();
    }
    let Ok(act) = serde_json::from_slice::<Act>(&body) else {
        return (StatusCode::BAD_REQUEST, "not an act of this page").into_response();
    };
    match perform(&site, act) {
        Ok(answer) => Json(answer).into_response(),
        Err(problem) => (StatusCode::UNPROCESSABLE_ENTITY, problem).into_response(),
    }
}

fn perform(site: &Site, act: Act) -> Result<Value, &'static str> {
    site.shared.change(|world| match act {
        Act::Say {
            person,
            text,
            reply_to,
        } => {
            let text = text.trim();
            if text.is_empty() || text.encode_utf16().count() > 4096 {
                return Err("a message has 1 to 4096 characters");
            }
            let post = new_post(person, Author::Person(person), text);
            let said = people::speak(world, person, crate::post::Post { reply_to, ..post });
            Ok(json!({ "message_id": said.message_id }))
        }
        Act::Press {
            person,
            message_id,
            data,
        } => match people::press(world, person, person, message_id, &data) {
            Ok(press) => Ok(json!({ "query_id": press.query_id })),
            Err(_) => Err("this button is gone"),
        },
        Act::Stop { person } => {
            Ok(json!({ "stopped": people::stop_draft(world, person).is_some() }))
        }
        Act::AddPerson { name } => {
            let name = name.trim();
            if name.is_empty() || name.chars().count() > 64 {
                return Err("a name has 1 to 64 characters");
            }
            let person = world.people.keys().next_back().map_or(1, |last| last + 1);
            world.introduce(person, name);
            Ok(json!({ "person": person }))
        }
    })
}

/// Serves a file of the chat; only pictures are shown, all else is a download.
async fn file(State(site): State<Arc<Site>>, Path(file_id): Path<String>) -> Response {
    let Some(file) = site.shared.read().file_by_id(&file_id).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let picture = frame::picture_type(&file.bytes);
    let mut response = Bytes::from_owner(file.bytes).into_response();
    let headers = response.headers_mut();
    protect(headers);
    let content_type = picture.unwrap_or("application/octet-stream");
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    let disposition = if picture.is_some() {
        "inline"
    } else {
        "attachment"
    };
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static(disposition));
    response
}

/// Returns whether a request comes from this page's own script, also through a proxy.
fn is_own_page(site: &Site, headers: &HeaderMap) -> bool {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_from_here = match value("sec-fetch-site") {
        // A browser says so of pages from this machine and of those that came encrypted.
        Some(from) => from == "same-origin",
        None => {
            let origin = value(ORIGIN.as_str()).and_then(|origin| origin.split_once("://"));
            let names = [HOST.as_str(), "x-forwarded-host"].map(value);
            origin.is_some_and(|(_, origin)| {
                names.contains(&Some(origin))
                    || own_hosts(site.address.port())
                        .iter()
                        .any(|own| own == origin)
            })
        }
    };
    is_from_here && value(PAGE_HEADER) == Some("page")
}
