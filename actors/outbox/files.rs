//! What becomes of files on their way: Telegram may refuse some, or take them in another way.

use actix::prelude::*;

use super::Rejection;
use super::log_facts::DropReason;
use super::queued_post::{Deed, Doubt, QueuedPost, Verdict};
use crate::ids::{PostId, SessionKey};
use crate::post::{Body, FileForm, Together};

/// A post of files is over; sent by the outbox to those who keep track of them.
#[derive(Debug, Clone, PartialEq, Eq, Message)]
#[rtype(result = "()")]
pub struct FilesSettled {
    /// The post.
    pub id: PostId,
    /// The chat, with its topic.
    pub key: SessionKey,
    /// The copies, which nobody needs any more.
    pub copies: Vec<String>,
    /// How it ended.
    pub outcome: FilesOutcome,
}

/// How a post of files ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilesOutcome {
    /// Telegram took all of them but these.
    Taken {
        /// Those that it refused; not all of them.
        but: Vec<RefusedFile>,
    },
    /// Telegram refused all of them.
    Refused(Vec<RefusedFile>),
    /// The chat cannot be written to.
    Undelivered(String),
}

/// A file that Telegram refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedFile {
    /// Its name as it is shown.
    pub name: String,
    /// Why.
    pub why: Rejection,
}

impl QueuedPost {
    /// Judges that Telegram refuses what is due of a post of files: an album is sent one by one, a
    /// photo as a document, and the rest goes on without what is refused even so.
    pub(super) fn on_file_refused(&mut self, why: Rejection) -> Verdict {
        let Body::Files { files, together } = &mut self.body else {
            return Verdict::Drop(DropReason::Rejected(why));
        };
        let Deed::Send {
            part,
            doubt,
            repeats,
            ..
        } = &mut self.deed
        else {
            return Verdict::Drop(DropReason::Rejected(why));
        };
        let n_files = files.len();
        if *together == Together::Album && n_files > 1 {
            *together = Together::Apart;
            return Verdict::GoOnOtherwise(why.to_string());
        }
        let Some(file) = files.get_mut(*part) else {
            return Verdict::Drop(DropReason::Rejected(why));
        };
        if file.form == FileForm::Photo {
            file.form = FileForm::Document;
            return Verdict::GoOnOtherwise(why.to_string());
        }
        let caption = std::mem::take(&mut file.caption);
        self.refused.push(RefusedFile {
            name: file.name.clone(),
            why: why.clone(),
        });
        (*part, *doubt, *repeats) = (*part + 1, Doubt::None, 0);
        match files.get_mut(*part) {
            Some(next) => {
                next.caption = [caption, std::mem::take(&mut next.caption)]
                    .into_iter()
                    .find(|caption| !caption.is_empty())
                    .unwrap_or_default();
                Verdict::GoOnOtherwise(why.to_string())
            }
            None if self.refused.len() < n_files => Verdict::Done,
            None => Verdict::Drop(DropReason::Rejected(why)),
        }
    }

    /// Returns what is told of a post that is over, if it is one of files; `lost` says why it was
    /// given up, if it was.
    pub(super) fn files_settled(&self, lost: Option<&str>) -> Option<FilesSettled> {
        let Body::Files { files, .. } = &self.body else {
            return None;
        };
        let refused = self.refused.clone();
        let outcome = match lost {
            _ if refused.len() >= files.len() => FilesOutcome::Refused(refused),
            Some(why) => FilesOutcome::Undelivered(why.to_owned()),
            None => FilesOutcome::Taken { but: refused },
        };
        Some(FilesSettled {
            id: self.id,
            key: self.key,
            copies: files.iter().map(|file| file.copy.clone()).collect(),
            outcome,
        })
    }
}
