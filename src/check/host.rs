//! Looks for what would fail on this machine although the configuration can be used: the program,
//! the folders, and what the data folder holds.

use std::ffi::OsString;
use std::path::Path;

use bridge_actors::ports::{Lockdown, UserRecord};
use nix::unistd::{AccessFlags, eaccess};

use super::program::Program;
use crate::audit::date_of;
use crate::config::{Config, LoadOptions, Loaded, rooms};
use crate::program::find_program;
use crate::run::start_refusal;
use crate::store::OpenError;
use crate::store::backup::{BackupError, Found, look_into};

/// What would fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) key: &'static str,
    pub(super) what: String,
    pub(super) way_out: String,
}

/// Who is known to the data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Known {
    /// There is no store yet, or one that knows these.
    Users(Vec<UserRecord>),
    /// A bridge runs on it, and only that one can tell.
    Running,
    /// It cannot be read.
    Unreadable,
}

/// What was found on this machine.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) program: Program,
    pub(super) known: Known,
    pub(super) findings: Vec<Finding>,
    pub(super) warnings: Vec<String>,
    /// The variables of the process.
    pub(super) environment: Vec<(OsString, OsString)>,
}

impl Host {
    /// Looks at everything that a start and the first prompt need, and changes nothing.
    pub(super) fn look(loaded: &Loaded, options: &LoadOptions) -> Self {
        let config = &loaded.config;
        let program = Program::find(&config.claude.binary, &options.environment);
        let mut host = Self {
            warnings: program.warning().into_iter().collect(),
            program,
            known: Known::Unreadable,
            findings: Vec::new(),
            environment: options.environment.clone(),
        };
        host.program(&config.claude.binary);
        host.transcriber(config, options);
        host.agents_folders(config);
        if host.storage(&config.storage.dir) {
            host.store(&config.storage.dir);
            host.homes(config);
        }
        host.people(config);
        host.login();
        host
    }

    pub(super) fn find(
        &mut self,
        key: &'static str,
        what: impl Into<String>,
        way_out: impl Into<String>,
    ) {
        self.findings.push(Finding {
            key,
            what: what.into(),
            way_out: way_out.into(),
        });
    }

    fn program(&mut self, binary: &Path) {
        let way_out = "install Claude Code (npm install -g @anthropic-ai/claude-code), or set \
                       claude.binary to its path";
        match &self.program {
            Program::Missing => {
                let what = match binary.components().count() {
                    1 => format!("{} is not on PATH", binary.display()),
                    _ => format!("{} is missing or not executable", binary.display()),
                };
                self.find("claude.binary", what, way_out);
            }
            Program::Broken { path, why } => {
                let what = format!("cannot start {}: {why}", path.display());
                self.find("claude.binary", what, way_out);
            }
            Program::Silent { .. } | Program::Found { .. } => {}
        }
    }

    fn transcriber(&mut self, config: &Config, options: &LoadOptions) {
        let Some(program) = config.voice.transcribe.first() else {
            return;
        };
        let search_path = options.environment.iter().find(|(name, _)| name == "PATH");
        let search_path = search_path.map(|(_, value)| value.as_os_str());
        if find_program(Path::new(program), search_path).is_none() {
            let what = match Path::new(program).components().count() {
                1 => format!("{program} is not on PATH"),
                _ => format!("{program} is missing or not executable"),
            };
            let way_out = "install it, or set the first word of voice.transcribe to its path";
            self.find("voice.transcribe", what, way_out);
        }
    }

    fn agents_folders(&mut self, config: &Config) {
        let workspace = &config.workspace.dir;
        if config.multi_user.enabled && config.workspace.per_user {
            if let Some(why) = why_not_writable(workspace) {
                let what = format!("cannot make a folder for each person: {why}");
                self.find("workspace.dir", what, let_us_write(workspace));
            }
            for room in rooms(workspace) {
                self.agents_folder("workspace.dir", &room);
            }
        } else {
            self.agents_folder("workspace.dir", workspace);
        }
        for (chat, own) in &config.users {
            if let Some(dir) = &own.dir {
                self.agents_folder(&format!("users.{chat}.dir"), dir);
            }
        }
    }

    /// An agent that only reads works all the same.
    fn agents_folder(&mut self, key: &str, folder: &Path) {
        if let Some(why) = why_not_writable(folder) {
            self.warnings.push(format!(
                "{key}: Claude cannot change files there ({why}): {}",
                let_us_write(folder)
            ));
        }
    }

    /// Returns whether the data folder can be used.
    fn storage(&mut self, storage: &Path) -> bool {
        let ours = ["store", "backups", "lock", "store.mark", "audit.jsonl"];
        let paths = ours.map(|name| storage.join(name));
        let there = paths.iter().filter(|path| path.exists());
        let why = match storage.exists() {
            true => why_not_writable(storage)
                .or_else(|| there.into_iter().find_map(|path| why_not_writable(path))),
            false => why_not_creatable(storage),
        };
        let Some(why) = why else { return true };
        let what = format!(
            "the bridge cannot keep its data in {}: {why}",
            storage.display()
        );
        self.find("storage.dir", what, let_us_write(storage));
        false
    }

    fn store(&mut self, storage: &Path) {
        if !storage.join("store").exists() {
            self.known = Known::Users(Vec::new());
            return;
        }
        match look_into(storage) {
            Ok(Found { users, lockdown }) => {
                self.known = Known::Users(users);
                self.warnings.extend(lockdown.map(|it| locked_down(&it)));
            }
            Err(BackupError::Open(OpenError::Busy { .. })) => self.known = Known::Running,
            Err(error) => {
                let error = format!("{:#}", anyhow::Error::from(error));
                // It was read in a copy.
                let copy = storage.join("store.check").display().to_string();
                let what = error.replace(&copy, &storage.display().to_string());
                self.find("storage.dir", what, "run `bridge store check` for details");
            }
        }
    }

    /// A bridge that runs has somebody, or it would not run.
    fn people(&mut self, config: &Config) {
        let Known::Users(users) = &self.known else {
            return;
        };
        if let Err(error) = start_refusal(config, users) {
            let what = format!("{error:#}");
            self.find(
                "multi_user",
                what,
                "the bridge does not start until this is fixed",
            );
        }
    }
}

/// Says that the bridge is locked down, and what lifts that.
fn locked_down(lockdown: &Lockdown) -> String {
    format!(
        "the bridge is locked down by {} since {}: no agent starts until an administrator sends \
         /unlock to it, or `bridge unlock` is run here while it is stopped",
        lockdown.by,
        date_of(lockdown.since)
    )
}

/// Says why nothing can be written to a file or folder; `None` when it can.
fn why_not_writable(path: &Path) -> Option<String> {
    let mut wanted = AccessFlags::R_OK | AccessFlags::W_OK;
    if path.is_dir() {
        wanted |= AccessFlags::X_OK;
    }
    let refused = eaccess(path, wanted).err()?;
    Some(format!("{}: {}", path.display(), refused.desc()))
}

/// Says why a folder cannot be made, with all above it that is missing.
fn why_not_creatable(path: &Path) -> Option<String> {
    let above = path.ancestors().skip(1).find(|path| path.exists())?;
    if !above.is_dir() {
        return Some(format!("{} is a file", above.display()));
    }
    why_not_writable(above)
}

fn let_us_write(path: &Path) -> String {
    format!(
        "give the user that runs the bridge write access to {}, or name another folder",
        path.display()
    )
}
