//! What commands want of an agent and of the conversations on disk, as it is written.

use bridge_actors::enquiry::Enquiry;
use bridge_actors::ids::PromptId;
use bridge_actors::instruction::ArchiveWish;
use bridge_actors::login_code::LoginCode;
use bridge_actors::ports::ExportForm;
use serde::{Deserialize, Serialize};

use super::super::plain;

#[derive(Serialize, Deserialize)]
#[serde(remote = "ArchiveWish", rename_all = "snake_case")]
pub(super) enum ArchiveForm {
    List { words: String },
    Export(#[serde(with = "plain")] ExportForm),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Enquiry", rename_all = "snake_case")]
pub(super) enum EnquiryForm {
    Context,
    Usage,
    Rules,
    Changes,
    Servers,
    Reconnect {
        server: String,
    },
    Switch {
        server: String,
        on: bool,
    },
    LookBack {
        #[serde(with = "plain")]
        prompt: PromptId,
    },
    Recall {
        #[serde(with = "plain")]
        prompt: PromptId,
    },
    RestoreFiles {
        #[serde(with = "plain")]
        prompt: PromptId,
    },
    Forget {
        #[serde(with = "plain")]
        prompt: PromptId,
        #[serde(skip)]
        last: Option<PromptId>,
    },
    TaskOutput {
        task: String,
        what: String,
    },
    Aside(String),
    LogIn,
    /// The code is a secret, and written nowhere.
    LoginCode(#[serde(skip)] LoginCode),
}
