//! Files that a person sends through the page: each request brings one of them.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::people::{self, Upload};
use crate::post::{AttachmentKind, Post};
use crate::server::Site;

/// The longest caption that Telegram takes, in UTF-16 units.
const MAX_CAPTION: usize = 1024;

/// What the page says of a file; the bytes are the body of the request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct About {
    person: i64,
    name: String,
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    caption: String,
    /// What the files of one album have in common.
    album: Option<String>,
    reply_to: Option<i64>,
}

/// How a person can send a file.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    Document,
    Photo,
    Video,
    Audio,
    Voice,
}

impl From<Kind> for AttachmentKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Document => Self::Document,
            Kind::Photo => Self::Photo,
            Kind::Video => Self::Video,
            Kind::Audio => Self::Audio,
            Kind::Voice => Self::Voice,
        }
    }
}

pub(super) async fn upload(
    State(site): State<Arc<Site>>,
    Query(about): Query<About>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !super::is_own_page(&site, &headers) {
        return (StatusCode::FORBIDDEN, "only the chat page may do this").into_response();
    }
    if let Some(problem) = problem(&about, &body) {
        return (StatusCode::UNPROCESSABLE_ENTITY, problem).into_response();
    }
    let mime_type = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let mime_type = mime_type.unwrap_or("application/octet-stream");
    let upload = Upload {
        kind: about.kind.into(),
        caption: about.caption.clone(),
        ..Upload::document(&about.name, mime_type, body)
    };
    let fields = match &about.album {
        Some(album) => Map::from_iter([("media_group_id".to_owned(), Value::from(&**album))]),
        None => Map::new(),
    };
    let said = site.shared.change(|world| {
        let post = people::post_with_file(world, (about.person, about.person), upload);
        let post = Post {
            reply_to: about.reply_to,
            fields,
            ..post
        };
        people::speak(world, about.person, post)
    });
    Json(json!({ "message_id": said.message_id })).into_response()
}

fn problem(about: &About, body: &Bytes) -> Option<&'static str> {
    if body.is_empty() {
        return Some("the file is empty");
    }
    (about.caption.encode_utf16().count() > MAX_CAPTION)
        .then_some("words that come with a file have up to 1024 characters")
}
