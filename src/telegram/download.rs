//! Downloads what people send.
//!
//! A file comes in two calls: one says where it lies, the other brings it. A Bot API server of
//! one's own that runs with `--local` names a path on this machine instead.

use std::path::PathBuf;
use std::time::Duration;

use bridge_actors::ids::FileId;
use reqwest::{Response, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use teloxide_core::requests::Payload;
use tokio::time::timeout;

use super::connection::Telegram;
use super::errors::CallError;

/// How long any download may take: 2 GB, the most that a server of one's own hands out, at 3.4 MB a
/// second.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_mins(10);

/// How long nothing may come of a download that runs.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);

/// How long to wait when Telegram asks for patience without saying how much.
const UNSPECIFIED_WAIT: Duration = Duration::from_secs(5);

#[derive(Debug, Serialize)]
struct GetFile<'a> {
    file_id: &'a str,
}

impl Payload for GetFile<'_> {
    type Output = Value;
    const NAME: &'static str = "getFile";
}

/// Where Telegram has a file.
#[derive(Debug, Deserialize)]
struct Place {
    file_path: Option<String>,
}

/// A file that is being had.
#[derive(Debug)]
pub enum Download {
    /// It comes in pieces.
    Stream(Stream),
    /// It lies on this machine.
    Local(PathBuf),
}

/// A file that comes in pieces.
#[derive(Debug)]
pub struct Stream {
    response: Response,
}

/// Why a file, or the rest of it, cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DownloadError {
    /// Not now; after so long it may be asked for again.
    #[error("{reason}")]
    NotNow {
        /// What happened.
        reason: String,
        /// How long Telegram wants to be left alone.
        after: Option<Duration>,
    },
    /// The server hands out no files of this size.
    #[error("the file is larger than this server hands out")]
    TooLarge,
    /// Telegram does not know the file, or not any more.
    #[error("telegram does not hand the file out: {0}")]
    Gone(String),
}

impl Telegram {
    /// Begins to download a file.
    ///
    /// # Errors
    ///
    /// When Telegram does not hand it out, or cannot be reached.
    pub async fn download(&self, file: &FileId) -> Result<Download, DownloadError> {
        let asked = GetFile { file_id: &file.0 };
        let place = self.call(&asked).await.map_err(|error| judged(&error))?;
        let place = Place::deserialize(&place).ok().and_then(|it| it.file_path);
        let Some(path) = place else {
            return Err(DownloadError::Gone("it names no place".to_owned()));
        };
        if path.starts_with('/') {
            return Ok(Download::Local(PathBuf::from(path)));
        }
        let asked = self.get_file(&path, DOWNLOAD_TIMEOUT);
        let response = timeout(SILENCE_LIMIT, asked)
            .await
            .map_err(|_| stands_still())?;
        let response = response.map_err(|error| judged(&error))?;
        Ok(Download::Stream(Stream { response }))
    }
}

impl Stream {
    /// Returns the next piece; `None` behind the last one.
    ///
    /// # Errors
    ///
    /// When it breaks off, or nothing comes for too long.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, DownloadError> {
        match timeout(SILENCE_LIMIT, self.response.chunk()).await {
            Ok(Ok(chunk)) => Ok(chunk.map(|bytes| bytes.to_vec())),
            // Without the error's words: they could have the address, and with it the token.
            Ok(Err(_)) => Err(broken("the download broke off")),
            Err(_) => Err(stands_still()),
        }
    }
}

fn stands_still() -> DownloadError {
    broken("the download stands still")
}

fn broken(reason: &str) -> DownloadError {
    DownloadError::NotNow {
        reason: reason.to_owned(),
        after: None,
    }
}

/// Returns the address of a file by the path that Telegram names.
pub(super) fn file_url(mut api: Url, token: &str, path: &str) -> Url {
    if let Ok(mut segments) = api.path_segments_mut() {
        segments.pop_if_empty().push("file");
        segments.push(&format!("bot{token}"));
        segments.extend(path.split('/'));
    }
    api
}

/// Tells whether a file may come later. Whoever asks for a file again does no harm.
fn judged(error: &CallError) -> DownloadError {
    let reason = error.to_string();
    match error {
        CallError::NotSent(_) | CallError::NoAnswer(_) => DownloadError::NotNow {
            reason,
            after: None,
        },
        CallError::Unreadable {
            status,
            retry_after,
        } => match status {
            401 | 403 | 404 | 410 => DownloadError::Gone(reason),
            _ => DownloadError::NotNow {
                reason,
                after: *retry_after,
            },
        },
        CallError::Refused {
            code,
            description,
            retry_after,
            ..
        } => match code {
            429 => DownloadError::NotNow {
                reason,
                after: Some(retry_after.unwrap_or(UNSPECIFIED_WAIT)),
            },
            500.. => DownloadError::NotNow {
                reason,
                after: *retry_after,
            },
            _ if description.to_lowercase().contains("file is too big") => DownloadError::TooLarge,
            _ if description.contains("temporarily unavailable") => DownloadError::NotNow {
                reason,
                after: None,
            },
            _ => DownloadError::Gone(reason),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u16, description: &str) -> CallError {
        CallError::Refused {
            code,
            description: description.to_owned(),
            retry_after: None,
            migrate_to: None,
        }
    }

    #[test]
    fn what_may_pass_is_asked_for_again_and_what_will_not_is_not() {
        let too_big = judged(&refused(400, "Bad Request: file is too big"));
        assert_eq!(too_big, DownloadError::TooLarge);
        for (code, description, may_pass) in [
            (429, "Too Many Requests", true),
            (500, "Internal Server Error", true),
            (
                400,
                "Bad Request: wrong file_id or the file is temporarily unavailable",
                true,
            ),
            (400, "Bad Request: invalid file_id", false),
            (404, "Not Found", false),
        ] {
            let error = judged(&refused(code, description));
            let is_passing = matches!(error, DownloadError::NotNow { .. });
            assert_eq!(is_passing, may_pass, "{code} {description}");
        }
        let lost = judged(&CallError::NoAnswer("timed out".to_owned()));
        assert!(matches!(lost, DownloadError::NotNow { .. }));
    }

    #[test]
    fn a_path_stays_below_the_bots_files_and_its_signs_stay_signs() {
        let api = || Url::parse("http://127.0.0.1:1/").expect("an address");
        let url = file_url(api(), "42:x", "photos/file 1?#.jpg");
        assert_eq!(
            url.as_str(),
            "http://127.0.0.1:1/file/bot42:x/photos/file%201%3F%23.jpg"
        );
        let url = file_url(api(), "42:x", "../../botX/getMe");
        assert!(url.path().starts_with("/file/bot42:x/"), "{url}");
    }
}
