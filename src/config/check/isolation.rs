//! Checks what walls are asked for, what they are opened for, and the login behind them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::{Checker, OTHERS};
use crate::claude::guard::Level;
use crate::claude::room_view::NetworkLimit;
use crate::config::{Config, Egress, Secret};
use crate::isolation::Holding;

/// Below this lie the accounts of the system and of its people.
const MIN_FIRST_UID: u32 = 10_000;

/// Above this a system may count backwards.
const MAX_FIRST_UID: u32 = 2_000_000_000;

/// Claude alone takes about half of it.
const MIN_MEMORY: u64 = 512 * 1024 * 1024;

/// More than this nobody means.
const MAX_PORTS: usize = 64;

impl Checker<'_> {
    pub(super) fn isolation(&mut self, config: &mut Config) {
        let claude = &config.claude;
        if claude.isolation == Some(Level::Strict) && claude.containment == Holding::Tree {
            let what = "claude.isolation \"strict\" needs a namespace";
            let way_out = "set claude.containment = \"namespace\", or another isolation";
            self.refuse("claude", "containment", what, way_out);
        }
        let first = config.isolation.first_uid;
        if !(MIN_FIRST_UID..=MAX_FIRST_UID).contains(&first) {
            self.refuse_value(
                "isolation",
                "first_uid",
                format!("found the number {first}"),
            );
        }
        if let Some(memory) = config.isolation.memory
            && memory < MIN_MEMORY
        {
            let what = format!("found {memory} bytes, in which Claude does not run");
            self.refuse_value("isolation", "memory", what);
        }
        self.network(config);
        let storage = config.storage.dir.clone();
        self.opened("isolation", "read", &config.isolation.read, &storage);
        for (chat, own) in &config.users {
            let section = format!("users.{chat}");
            self.opened(&section, "read", &own.read, &storage);
            self.opened(&section, "write", &own.write, &storage);
        }
        config.claude.credentials.login = self.login(&config.claude.credentials.written);
    }

    fn network(&mut self, config: &Config) {
        let (isolation, claude) = (&config.isolation, &config.claude);
        let ports = &isolation.connect;
        if ports.is_empty() || ports.len() > MAX_PORTS || ports.contains(&0) {
            self.refuse_value("isolation", "connect", format!("found {ports:?}"));
        }
        let is_landlock = claude.isolation == Some(Level::Landlock);
        let is_weak = is_landlock || claude.containment == Holding::Tree;
        if isolation.network == Egress::None && is_weak {
            let what = "\"none\" needs claude.isolation \"strict\" and a namespace";
            self.refuse("isolation", "network", what, "set those, or \"ports\"");
        }
        if isolation.network == Egress::None
            && let Err(why) = NetworkLimit::Api.for_agent(self.host.environment)
        {
            let way_out = "mend that, or set \"ports\" or \"open\"";
            self.refuse("isolation", "network", why, way_out);
        }
        if isolation.network != Egress::Open && claude.isolation == Some(Level::Off) {
            let told =
                "isolation.network counts only behind a wall, and claude.isolation is \"off\"";
            self.warnings.push(told.to_owned());
        }
    }

    /// Looks at paths that rooms are opened for.
    fn opened(&mut self, section: &str, name: &str, paths: &[PathBuf], storage: &Path) {
        for path in paths {
            let shown = path.display();
            if !path.is_absolute() {
                let what = format!("{shown} does not start with /");
                self.refuse_value(section, name, what);
            } else if path.starts_with(storage) {
                let what = format!("{shown} is in storage.dir, which no room sees");
                self.refuse(section, name, what, "name another path");
            } else if !path.exists() {
                self.warnings
                    .push(format!("{section}.{name}: there is no {shown}"));
            }
        }
    }

    fn login(&mut self, credentials: &str) -> Option<Secret> {
        if credentials.is_empty() {
            return None;
        }
        let text = match credentials.split_once(':') {
            Some(("env", name)) => self.login_variable(name),
            Some(("file", path)) => self.login_file(Path::new(path)),
            Some(_) | None => {
                // Not shown: somebody may have written the token itself.
                let what = "this names neither a variable nor a file";
                self.refuse_value("claude", "credentials", what);
                return None;
            }
        }?;
        let text = text.trim();
        if text.is_empty() || text.contains(char::is_whitespace) {
            let what = format!("what {credentials} holds is no token");
            let way_out = "put in what `claude setup-token` prints, or an API key";
            self.refuse("claude", "credentials", what, way_out);
            return None;
        }
        Some(Secret::new(text))
    }

    fn login_variable(&mut self, name: &str) -> Option<String> {
        let mut variables = self.host.environment.iter();
        let found = variables.find(|(other, _)| other == name);
        let value = found
            .and_then(|(_, value)| value.to_str())
            .map(str::to_owned);
        if value.is_none() {
            let what = format!("the variable {name} is not set");
            let way_out = "set it for the bridge, or name another";
            self.refuse("claude", "credentials", what, way_out);
        }
        value
    }

    fn login_file(&mut self, path: &Path) -> Option<String> {
        let shown = path.display();
        if !path.is_absolute() {
            let what = format!("{shown} does not start with /");
            self.refuse_value("claude", "credentials", what);
            return None;
        }
        let read = fs::metadata(path).and_then(|meta| Ok((meta, fs::read_to_string(path)?)));
        let (meta, text) = match read {
            Ok(read) => read,
            Err(error) => {
                let what = format!("cannot read {shown}: {error}");
                let way_out = "name a file that holds only the token or key";
                self.refuse("claude", "credentials", what, way_out);
                return None;
            }
        };
        if meta.permissions().mode() & OTHERS != 0 {
            let what = format!("other users of this machine can open {shown}");
            let way_out = format!("run chmod 600 {shown}");
            self.refuse("claude", "credentials", what, way_out);
        }
        Some(text)
    }
}
