//! The parameters of one call, from a query string, a form, JSON or multipart.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

/// The largest request body: Telegram's 50 MB for uploads and some room for the frame.
pub(crate) const MAX_BODY: usize = 52 << 20;

/// One uploaded file.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) file_name: String,
    pub(crate) mime_type: String,
    pub(crate) bytes: Arc<[u8]>,
}

/// The parameters of one call.
#[derive(Debug, Default)]
pub(crate) struct Params {
    /// Values with their own JSON type.
    pub(crate) values: Map<String, Value>,
    /// Values that arrived as text; their type follows from the schema.
    pub(crate) texts: BTreeMap<String, String>,
    pub(crate) files: BTreeMap<String, Part>,
}

impl Params {
    /// Reads query and body; fails with a description of what is malformed.
    pub(crate) async fn read(request: Request) -> Result<Self, String> {
        let mut params = Self::default();
        params.add_form(request.uri().query().unwrap_or(""));
        let content_type = request.headers().get(CONTENT_TYPE);
        let content_type = content_type
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        let content_type = content_type.to_ascii_lowercase();
        if content_type.starts_with("multipart/form-data") {
            params.add_multipart(request).await?;
            return Ok(params);
        }
        let body = to_bytes(request.into_body(), MAX_BODY).await;
        let body = body.map_err(|_| "the request body is too large or was cut".to_owned())?;
        if content_type.starts_with("application/json") {
            params.add_json(&body)?;
        } else if !body.is_empty() {
            let form =
                std::str::from_utf8(&body).map_err(|_| "the form is not UTF-8".to_owned())?;
            params.add_form(form);
        }
        Ok(params)
    }

    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        let value = self.values.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_str()
    }

    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.values
            .get(name)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.values
            .get(name)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    /// Returns the uploaded file behind a parameter, by name or through `attach://`.
    pub(crate) fn file(&self, name: &str) -> Option<&Part> {
        if let Some(part) = self.files.get(name) {
            return Some(part);
        }
        self.files.get(self.text(name)?.strip_prefix("attach://")?)
    }

    fn add_json(&mut self, body: &[u8]) -> Result<(), String> {
        if body.is_empty() {
            return Ok(());
        }
        let value: Value = serde_json::from_slice(body)
            .map_err(|_| "can't parse parameters JSON object".to_owned())?;
        let Value::Object(fields) = value else {
            return Err("the JSON body is not an object".to_owned());
        };
        self.values.extend(fields);
        Ok(())
    }

    fn add_form(&mut self, form: &str) {
        for pair in form.split('&').filter(|pair| !pair.is_empty()) {
            let (name, text) = pair.split_once('=').unwrap_or((pair, ""));
            self.texts.insert(decode_form(name), decode_form(text));
        }
    }

    async fn add_multipart(&mut self, request: Request) -> Result<(), String> {
        let malformed = |_| "the multipart body is malformed".to_owned();
        let mut multipart = Multipart::from_request(request, &())
            .await
            .map_err(|_| "the multipart body is malformed".to_owned())?;
        while let Some(field) = multipart.next_field().await.map_err(malformed)? {
            let name = field.name().unwrap_or("").to_owned();
            let Some(file_name) = field.file_name().map(str::to_owned) else {
                self.texts
                    .insert(name, field.text().await.map_err(malformed)?);
                continue;
            };
            let mime_type = field
                .content_type()
                .unwrap_or("application/octet-stream")
                .to_owned();
            let bytes = field.bytes().await.map_err(malformed)?;
            let part = Part {
                file_name,
                mime_type,
                bytes: Arc::from(bytes.as_ref()),
            };
            self.files.insert(name, part);
        }
        Ok(())
    }
}

fn decode_form(text: &str) -> String {
    percent_decode(&text.replace('+', " "))
}

/// Decodes `%41`; a malformed escape stays as it is.
pub(crate) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut position = 0;
    while position < bytes.len() {
        let escape = bytes
            .get(position + 1..position + 3)
            .filter(|_| bytes[position] == b'%');
        let hex = escape.and_then(|escape| std::str::from_utf8(escape).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                position += 3;
            }
            None => {
                out.push(bytes[position]);
                position += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
