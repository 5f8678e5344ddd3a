//! The real Claude Code program with a home, a project and a mock of its API of its own.

mod cli;
mod install;

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::eventually::eventually;
use super::messages_api::MessagesApi;
use super::processes::end_processes_with;

pub(crate) use cli::{Cli, DEADLINE};
pub(crate) use install::CLAUDE_VERSIONS;

use install::{Installation, install};

/// Makes a test for each supported version out of each function that takes a `RealClaude`.
macro_rules! for_each_version {
    ($($promise:ident),+ $(,)?) => {
        for_each_version!(@version newest, 0, $($promise),+);
        for_each_version!(@version oldest, 1, $($promise),+);
    };
    (@version $name:ident, $index:literal, $($promise:ident),+) => {
        mod $name {
            $(
                #[test]
                fn $promise() {
                    let version = crate::support::real_claude::CLAUDE_VERSIONS[$index];
                    if let Some(claude) = crate::support::real_claude::RealClaude::prepare(version) {
                        super::$promise(&claude);
                    }
                }
            )+
        }
    };
}
pub(crate) use for_each_version;

/// A place where the real program runs and touches nothing else.
///
/// When it is dropped, every process that was started with its home is killed.
pub(crate) struct RealClaude {
    /// The program.
    pub(crate) binary: PathBuf,
    /// The mock that answers it.
    pub(crate) api: MessagesApi,
    home: TempDir,
    project: TempDir,
}

impl RealClaude {
    /// Prepares a place for `version`; `None` if the machine cannot install it, which is then
    /// reported with the name of the test.
    ///
    /// Panics if the installation fails although npm is there, and on CI without npm.
    pub(crate) fn prepare(version: &str) -> Option<Self> {
        let binary = match install(version) {
            Installation::Ready(binary) => binary,
            Installation::NoNpm => {
                report_skipped("npm is not installed");
                return None;
            }
        };
        Some(Self::with(binary))
    }

    /// Returns another place for the same program, which shares nothing with this one.
    pub(crate) fn another(&self) -> Self {
        Self::with(self.binary.clone())
    }

    fn with(binary: PathBuf) -> Self {
        let home = TempDir::new().unwrap();
        fs::create_dir(home.path().join("tmp")).unwrap();
        Self {
            binary,
            api: MessagesApi::start(),
            home,
            project: TempDir::new().unwrap(),
        }
    }

    /// Returns the home folder: empty at first, and nobody else's.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Returns the folder in which the program works.
    pub(crate) fn project(&self) -> &Path {
        self.project.path()
    }

    /// Returns what the program has written down about a conversation.
    pub(crate) fn transcript_of(&self, conversation: &str) -> Option<String> {
        fs::read_to_string(self.file_of(conversation)?).ok()
    }

    /// Changes what the program has written down about a conversation.
    pub(crate) fn write_transcript(&self, conversation: &str, transcript: &str) {
        let file = self.file_of(conversation).expect("a transcript");
        fs::write(file, transcript).expect("a transcript is written");
    }

    fn file_of(&self, conversation: &str) -> Option<PathBuf> {
        let projects = fs::read_dir(self.home().join(".claude/projects")).ok()?;
        let mut files = projects
            .flatten()
            .map(|project| project.path().join(format!("{conversation}.jsonl")));
        files.find(|file| file.is_file())
    }

    /// Waits until words are in what the program has written down about a conversation, so many
    /// times: a version may write some time after its answer.
    #[track_caller]
    pub(crate) fn until_written_down(&self, conversation: &str, words: &str, times: usize) {
        eventually("the transcript", DEADLINE, || {
            let transcript = self.transcript_of(conversation)?;
            (transcript.matches(words).count() >= times).then_some(())
        });
    }

    /// Returns the whole environment of the program.
    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let tmp = self.home().join("tmp").display().to_string();
        let mut environment = vec![
            ("HOME", self.home().display().to_string()),
            ("PATH", env::var("PATH").unwrap_or_default()),
            ("TMPDIR", tmp.clone()),
            ("CLAUDE_CODE_TMPDIR", tmp),
            ("ANTHROPIC_BASE_URL", self.api.base_url()),
        ];
        environment.extend(
            [
                ("ANTHROPIC_API_KEY", "not-a-key"),
                ("LANG", "C.UTF-8"),
                ("TERM", "dumb"),
                ("SHELL", "/bin/bash"),
                ("USER", "tester"),
                ("DISABLE_TELEMETRY", "1"),
                ("DISABLE_ERROR_REPORTING", "1"),
                ("DISABLE_AUTOUPDATER", "1"),
                ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
                ("CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS", "1"),
                ("CLAUDE_CODE_MAX_RETRIES", "1"),
            ]
            .map(|(name, value)| (name, value.to_owned())),
        );
        environment
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// Returns the entry that is in the environment of each process started from here.
    pub(crate) fn mark(&self) -> String {
        format!("HOME={}", self.home().display())
    }
}

impl Drop for RealClaude {
    fn drop(&mut self) {
        let alive = end_processes_with(&self.mark());
        if !alive.is_empty() {
            report(&format!("left behind by a test: {alive:?}"));
        }
    }
}

/// Names the running test as skipped, past the capture of the test runner.
pub(crate) fn report_skipped(reason: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    report(&format!("skipped: {test}: {reason}"));
}

fn report(line: &str) {
    // A closed stderr is nobody who could be told.
    writeln!(io::stderr(), "{line}").ok();
}
