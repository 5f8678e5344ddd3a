//! The pictures of a prompt, read for the agent.

use std::io::Read as _;
use std::path::Path;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use bridge_actors::ports::{AgentInput, Picture};
use tokio::task::{self, JoinError};

use crate::claude::wire::PictureData;
use crate::plain_file::open_plain;

/// The largest picture that is handed to an agent, in bytes: what a session names is smaller.
const MAX_PICTURE: u64 = 8_000_000;

/// Reads the pictures of a prompt beside this thread. One that has gone is left out: the text says
/// where it lay.
pub(super) async fn with_pictures(
    input: AgentInput,
) -> Result<(AgentInput, Vec<PictureData>), JoinError> {
    let AgentInput::Prompt { pictures, .. } = &input else {
        return Ok((input, Vec::new()));
    };
    if pictures.is_empty() {
        return Ok((input, Vec::new()));
    }
    let pictures = pictures.clone();
    let read = task::spawn_blocking(move || {
        let read = |picture: &Picture| {
            let bytes = read_picture(&picture.path)?;
            let base64 = BASE64_STANDARD.encode(bytes);
            let format = picture.format;
            Some(PictureData { format, base64 })
        };
        pictures.iter().filter_map(read).collect()
    });
    Ok((input, read.await?))
}

/// Reads a picture of an inbox. Agents write there: a link of theirs would lead to somebody else's,
/// and what has grown since it came would fill the memory.
fn read_picture(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = open_plain(path).ok()?;
    file.take(MAX_PICTURE + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= MAX_PICTURE).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use bridge_actors::ids::PromptId;
    use bridge_actors::ports::PromptForm;
    use bridge_actors::sent_file::PictureFormat;

    use super::*;

    /// Agents write into the inbox.
    #[actix::test]
    async fn what_is_no_picture_any_more_is_left_out_and_fills_no_memory() {
        let inbox = tempfile::tempdir().unwrap();
        let at = |name: &str| inbox.path().join(name);
        std::fs::write(at("picture"), "tea").unwrap();
        std::os::unix::fs::symlink(at("picture"), at("link")).unwrap();
        nix::unistd::mkfifo(&at("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let grown = std::fs::File::create(at("grown")).unwrap();
        grown.set_len(MAX_PICTURE + 1).unwrap();
        let pictures = ["picture", "link", "pipe", "grown", "gone"].map(|name| Picture {
            path: at(name),
            format: PictureFormat::Png,
        });
        let prompt = AgentInput::Prompt {
            id: PromptId("p1".to_owned()),
            text: "see".to_owned(),
            form: PromptForm::Text,
            pictures: pictures.into(),
        };
        let (_, read) = with_pictures(prompt).await.unwrap();
        let read: Vec<_> = read.into_iter().map(|it| it.base64).collect();
        assert_eq!(read, [BASE64_STANDARD.encode("tea")]);
    }
}
