//! Keeps the paces that Telegram grants over a restart, in a small file of the data folder.

use std::fs;
use std::path::{Path, PathBuf};

use actix::prelude::*;
use bridge_actors::ids::ChatId;
use bridge_actors::outbox::{LearnedPace, PacesLearned};
use serde::{Deserialize, Serialize};
use tracing::warn;

/// The name of the file.
const FILE: &str = "paces.json";

/// Writes a file in a way that leaves the old content or the new one.
pub type WriteFile = fn(&Path, &str) -> std::io::Result<()>;

/// Writes down what the outbox has learnt.
#[derive(Debug)]
pub struct PaceKeeper {
    path: PathBuf,
    write: WriteFile,
}

#[derive(Serialize, Deserialize)]
struct StoredPace {
    /// `None` is the bot as a whole.
    chat: Option<i64>,
    steps: u8,
}

impl PaceKeeper {
    /// Returns the keeper of a data folder.
    pub fn new(folder: &Path, write: WriteFile) -> Self {
        Self {
            path: folder.join(FILE),
            write,
        }
    }

    /// Returns what an earlier run has written down; nothing if that cannot be read.
    pub fn known(&self) -> Vec<LearnedPace> {
        let text = fs::read_to_string(&self.path).unwrap_or_default();
        let stored: Vec<StoredPace> = serde_json::from_str(&text).unwrap_or_default();
        let paces = stored.into_iter().map(|pace| LearnedPace {
            chat: pace.chat.map(ChatId),
            steps: pace.steps,
        });
        paces.collect()
    }
}

impl Actor for PaceKeeper {
    type Context = Context<Self>;
}

impl Handler<PacesLearned> for PaceKeeper {
    type Result = ();

    fn handle(&mut self, PacesLearned(paces): PacesLearned, ctx: &mut Context<Self>) {
        let stored = paces.into_iter().map(|pace| StoredPace {
            chat: pace.chat.map(|chat| chat.0),
            steps: pace.steps,
        });
        let stored: Vec<_> = stored.collect();
        let (path, write) = (self.path.clone(), self.write);
        let written = async move {
            let work = move || {
                let text = serde_json::to_string(&stored)?;
                write(&path, &text)
            };
            match tokio::task::spawn_blocking(work).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => warn!(%error, "cannot write down the pace that telegram grants"),
                Err(error) => warn!(%error, "cannot write down the pace that telegram grants"),
            }
        };
        // One after the other: the newest stays.
        ctx.wait(written.into_actor(self));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix::test]
    async fn what_was_learnt_comes_back_and_damage_is_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let write: WriteFile = |path, text| {
            let new = path.with_extension("new");
            fs::write(&new, text)?;
            fs::rename(new, path)
        };
        let keeper = PaceKeeper::new(dir.path(), write);
        assert_eq!(keeper.known(), []);
        let paces = vec![
            LearnedPace {
                chat: None,
                steps: 1,
            },
            LearnedPace {
                chat: Some(ChatId(-5)),
                steps: 3,
            },
        ];
        let address = PaceKeeper::new(dir.path(), write).start();
        address.send(PacesLearned(Vec::new())).await.expect("sent");
        address
            .send(PacesLearned(paces.clone()))
            .await
            .expect("sent");
        // The next message is taken once the file is written.
        address
            .send(PacesLearned(paces.clone()))
            .await
            .expect("sent");
        assert_eq!(keeper.known(), paces);
        let damaged = tempfile::tempdir().expect("a folder");
        fs::write(damaged.path().join(FILE), "no json").expect("written");
        assert_eq!(PaceKeeper::new(damaged.path(), write).known(), []);
    }
}
