//! Warns of a login of the host that ends soon: Claude Code keeps its end beside it.

use std::ffi::OsString;
use std::io::Read as _;
use std::path::PathBuf;

use bridge_actors::clock::{UnixSeconds, unix_now};
use bridge_actors::login_end::LoginEnd;
use serde::Deserialize;

use super::host::Host;
use crate::audit::date_of;
use crate::claude::room_view::{CONFIG, logs_in};
use crate::plain_file::open_plain;

/// Where Claude Code keeps a login, in its own folder.
const FILE: &str = ".credentials.json";

/// A file of logins is smaller.
const MAX_BYTES: u64 = 1 << 20;

/// What is read of it.
#[derive(Deserialize)]
struct Credentials {
    #[serde(rename = "claudeAiOauth")]
    claude: Login,
}

#[derive(Deserialize)]
struct Login {
    /// In milliseconds since 1970: when it cannot be renewed any more.
    #[serde(rename = "refreshTokenExpiresAt")]
    ends_at: u64,
}

impl Host {
    /// Warns of the login in the host's own folder, where agents use it: a variable that logs in
    /// goes before it.
    pub(super) fn login(&mut self) {
        if logs_in(&self.environment) {
            return;
        }
        let now = unix_now();
        let warning = self.login_ends().and_then(|at| warning(at, now));
        self.warnings.extend(warning);
    }

    fn login_ends(&self) -> Option<UnixSeconds> {
        let named = |name: &str| {
            let found = self.environment.iter().find(|(other, _)| other == name);
            found.map(|(_, value): &(OsString, OsString)| PathBuf::from(value))
        };
        let folder = named("CLAUDE_CONFIG_DIR").or_else(|| Some(named("HOME")?.join(CONFIG)))?;
        let file = open_plain(&folder.join(FILE)).ok()?;
        let credentials: Credentials = serde_json::from_reader(file.take(MAX_BYTES)).ok()?;
        Some(UnixSeconds(credentials.claude.ends_at / 1000))
    }
}

fn warning(at: UnixSeconds, now: UnixSeconds) -> Option<String> {
    let date = date_of(at);
    let ends = match LoginEnd::of(at, now) {
        LoginEnd::Far => return None,
        LoginEnd::Soon => format!("ends on {date}, or up to 3 days earlier"),
        LoginEnd::AnyTime => format!("may have ended: its last day is {date}"),
    };
    Some(format!(
        "Claude's login on this computer {ends}: send /login to the bot in your private chat, or run \
         `claude` as the bridge's user and enter /login"
    ))
}
