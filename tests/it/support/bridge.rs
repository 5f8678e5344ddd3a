//! The real binary on a playground: start, talk, kill, start again.

use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use playground::{Options, Page, Playground, Post, View};
use tempfile::TempDir;

use super::eventually::eventually;
use super::processes::processes_with;
use super::real_claude::RealClaude;

/// How long a test waits for something before it fails.
pub(crate) const LONG: Duration = Duration::from_secs(30);

/// The person to whom the bridge belongs unless a test says otherwise.
pub(crate) const OWNER: i64 = 1001;

/// A folder of its own with configuration, data, home and project, and a playground.
pub(crate) struct World {
    pub(crate) playground: Playground,
    folder: TempDir,
    settings: Vec<(String, String)>,
    environment: Vec<(String, String)>,
}

/// A running bridge; dropping it kills it with -9.
pub(crate) struct Bridge {
    child: Child,
    lines: Lines,
}

/// What the bridge printed so far, on both streams.
#[derive(Clone, Default)]
struct Lines(Arc<(Mutex<Vec<String>>, Condvar)>);

impl World {
    /// Returns a world whose owner is [`OWNER`] and whose agent is the rehearsal agent.
    pub(crate) fn new() -> Self {
        let mut world = Self::unclaimed();
        world.set("single_user.chat_id", OWNER);
        world
    }

    /// Returns a world in which nobody has claimed the bridge.
    pub(crate) fn unclaimed() -> Self {
        let people = vec![(OWNER, "Olga".to_owned()), (2002, "Stan".to_owned())];
        // Whoever wants to look at what a test does opens the page.
        let playground = Playground::start(Options {
            page: Page::On,
            people,
            ..Options::default()
        })
        .expect("the playground starts");
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["home", "project"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        let mut world = Self {
            playground,
            folder,
            settings: Vec::new(),
            environment: Vec::new(),
        };
        let rehearsal = world.rehearsal_script();
        world.set("telegram.token", format!("{:?}", world.playground.token()));
        world.set(
            "telegram.api_url",
            format!("{:?}", world.playground.api_url()),
        );
        world.set(
            "claude.binary",
            format!("{:?}", rehearsal.display().to_string()),
        );
        world.set(
            "claude.env_passthrough",
            r#"["REHEARSAL_LEDGER", "REHEARSAL_START"]"#,
        );
        world.set(
            "workspace.dir",
            format!("{:?}", world.path("project").display().to_string()),
        );
        world.set(
            "storage.dir",
            format!("{:?}", world.path("data").display().to_string()),
        );
        world.set("log.level", r#""debug""#);
        world.set("claude.shutdown_grace", "\"1ms\"");
        // What walls do is tested where a test asks for them.
        world.set("claude.isolation", r#""off""#);
        let ledger = world.path("ledger").display().to_string();
        world.env("REHEARSAL_LEDGER", &ledger);
        world
    }

    /// Returns a world whose agent is the real program in its own place.
    pub(crate) fn with_real_claude(claude: &RealClaude) -> Self {
        let mut world = Self::new();
        world.set(
            "claude.binary",
            format!("{:?}", claude.binary.display().to_string()),
        );
        world.set(
            "workspace.dir",
            format!("{:?}", claude.project().display().to_string()),
        );
        let mut passed_on = Vec::new();
        for (name, value) in claude.environment() {
            world.env(&name, &value);
            if name.contains("DISABLE") || name.starts_with("CLAUDE_CODE") {
                passed_on.push(name);
            }
        }
        world.set("claude.env_passthrough", format!("{passed_on:?}"));
        world
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Sets a key of bridge.toml to a TOML value; a later value replaces an earlier one.
    pub(crate) fn set(&mut self, key: &str, value: impl ToString) {
        self.settings.retain(|(known, _)| known != key);
        self.settings.push((key.to_owned(), value.to_string()));
    }

    /// Sets a variable of the bridge's environment.
    pub(crate) fn env(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Takes a variable back.
    pub(crate) fn unset_env(&mut self, name: &str) {
        self.environment.retain(|(known, _)| known != name);
    }

    pub(crate) fn start(&self) -> Bridge {
        let mut command = self.command();
        command.arg("run");
        Bridge::spawn(command)
    }

    /// Returns the binary with a cleared environment and this world's configuration.
    pub(crate) fn command(&self) -> Command {
        self.command_with(&self.path("bridge.toml"))
    }

    /// Returns the binary with the configuration in this file.
    pub(crate) fn command_with(&self, config: &Path) -> Command {
        let text: String = self
            .settings
            .iter()
            .map(|(key, value)| format!("{key} = {value}\n"))
            .collect();
        fs::write(config, text).expect("the configuration is written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_bridge"));
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.path("home"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.folder.path());
        command.arg("--config").arg(config);
        command
    }

    fn rehearsal_script(&self) -> PathBuf {
        let path = self.path("rehearsal");
        let bridge = env!("CARGO_BIN_EXE_bridge");
        fs::write(
            &path,
            format!("#!/bin/sh\nexec '{bridge}' rehearse \"$@\"\n"),
        )
        .expect("a script");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is executable");
        path
    }

    /// Lets the owner write and waits for a post of the bot that contains `expected`.
    pub(crate) fn say_and_see(&self, text: &str, expected: &str) -> Post {
        let said = self.playground.say(OWNER, text);
        self.see_after(OWNER, said.message_id, expected)
    }

    /// Asks for the id of the owner's conversation.
    pub(crate) fn conversation(&self) -> String {
        let status = self.say_and_see("/status", "Conversation: ").text;
        let mut lines = status.lines();
        let id = lines.find_map(|line| line.strip_prefix("Conversation: "));
        id.expect("the status names it").to_owned()
    }

    /// Lets the owner press a button of a post.
    pub(crate) fn press(&self, post: &Post, button: &str) {
        let pressed = self
            .playground
            .press(post.chat_id, OWNER, post.message_id, button);
        if let Err(error) = pressed {
            panic!("{button:?} of {:?}: {error:?}", post.text);
        }
    }

    /// Waits until the text of a post contains `expected`.
    pub(crate) fn see_edited(&self, post: &Post, expected: &str) -> Post {
        self.wait(&format!("a change to {expected:?}"), |view| {
            let mut posts = view.bot_posts(post.chat_id);
            posts
                .find(|it| it.message_id == post.message_id && it.text.contains(expected))
                .cloned()
        })
    }

    /// Waits for a post of the bot after a message that contains `expected`.
    pub(crate) fn see_after(&self, chat: i64, after: i64, expected: &str) -> Post {
        self.wait(&format!("a post with {expected:?}"), |view| {
            let mut posts = view.bot_posts(chat);
            posts
                .find(|post| post.message_id > after && post.text.contains(expected))
                .cloned()
        })
    }

    pub(crate) fn wait<T>(&self, what: &str, check: impl FnMut(&View<'_>) -> Option<T>) -> T {
        match self.playground.wait_until(LONG, check) {
            Ok(found) => found,
            Err(timeout) => panic!("{what}: {timeout}"),
        }
    }

    /// Returns the texts of the bot's posts in a chat.
    pub(crate) fn bot_texts(&self, chat: i64) -> Vec<String> {
        self.playground
            .look(|view| view.bot_posts(chat).map(|post| post.text.clone()).collect())
    }

    /// Returns the lines of the rehearsal agents' ledger: one for each prompt they executed.
    pub(crate) fn ledger(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("ledger")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Fails if the bot sent anything that a correct bot never sends.
    pub(crate) fn assert_no_violations(&self) {
        assert_eq!(self.playground.violations(), []);
    }

    /// Returns the pids of all living processes that carry this world's data folder in their
    /// environment: agents and what they started.
    pub(crate) fn processes_of_agents(&self) -> Vec<Pid> {
        let marker = format!("CLAUDE_BRIDGE_HOME={}", self.path("data").display());
        processes_with(&marker)
    }

    /// Waits until no process of any agent is left; fails after two seconds, which is promised.
    pub(crate) fn assert_nothing_left_within_two_seconds(&self) {
        self.assert_nothing_left_within(Duration::from_secs(2));
    }

    /// Waits until no process of any agent is left; fails when that takes longer.
    pub(crate) fn assert_nothing_left_within(&self, time: Duration) {
        eventually("the end of all agents' processes", time, || {
            self.processes_of_agents().is_empty().then_some(())
        });
    }
}

/// Tells whether a turn is seen to run in a chat: somebody types, or there is a card.
pub(crate) fn works(view: &View<'_>, chat: i64) -> bool {
    let has_card = view.bot_posts(chat).any(|post| post.text.starts_with('⏳'));
    has_card || view.action(chat) == Some("typing")
}

impl Bridge {
    pub(crate) fn spawn(command: Command) -> Self {
        Self::spawn_at(command, Stdio::null())
    }

    /// Starts a bridge with something else than nothing on its stdin.
    pub(crate) fn spawn_at(mut command: Command, stdin: impl Into<Stdio>) -> Self {
        command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the bridge starts");
        let lines = Lines::default();
        lines.collect(child.stdout.take().expect("stdout is piped"));
        lines.collect(child.stderr.take().expect("stderr is piped"));
        Self { child, lines }
    }

    /// Waits for a printed line that contains `expected`.
    pub(crate) fn wait_for_line(&self, expected: &str) -> String {
        self.lines.wait_for(expected)
    }

    /// Returns everything printed so far.
    pub(crate) fn output(&self) -> String {
        self.lines.all().join("\n")
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).expect("a pid fits"))
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).expect("the bridge is alive");
    }

    /// Kills the bridge with -9 and waits for its end.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("the bridge is alive");
        self.child.wait().expect("the bridge ends");
    }

    /// Waits for the bridge to end by itself.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        eventually("the end of the bridge", LONG, || self.try_wait())
    }

    /// Returns how the bridge ended, if it did.
    pub(crate) fn try_wait(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("the bridge can be waited for")
    }

    /// Sends SIGTERM and waits for a clean end.
    pub(crate) fn stop(self) -> String {
        self.signal(Signal::SIGTERM);
        self.stop_after_signal()
    }

    /// Waits for a clean end.
    pub(crate) fn stop_after_signal(mut self) -> String {
        let status = self.wait();
        assert_eq!(status.code(), Some(0), "{}", self.output());
        self.output()
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
        if std::thread::panicking() {
            let output = self.output();
            writeln!(std::io::stderr(), "the bridge printed:\n{output}").ok();
        }
    }
}

impl Lines {
    fn collect(&self, stream: impl std::io::Read + Send + 'static) {
        let lines = self.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let (all, changed) = &*lines.0;
                all.lock().expect("no reader panics").push(line);
                changed.notify_all();
            }
        });
    }

    fn wait_for(&self, expected: &str) -> String {
        let (all, changed) = &*self.0;
        let guard = all.lock().expect("no reader panics");
        let (guard, _) = changed
            .wait_timeout_while(guard, LONG, |lines| {
                !lines.iter().any(|line| line.contains(expected))
            })
            .expect("no reader panics");
        match guard.iter().find(|line| line.contains(expected)) {
            Some(line) => line.clone(),
            None => {
                let all = guard.join("\n");
                // What is printed while the test unwinds takes it once more.
                drop(guard);
                panic!("no line with {expected:?} in:\n{all}")
            }
        }
    }

    fn all(&self) -> Vec<String> {
        self.0.0.lock().expect("no reader panics").clone()
    }
}

/// Tells whether a path is readable and holds `needle`.
pub(crate) fn file_contains(path: &Path, needle: &[u8]) -> bool {
    let content = fs::read(path).unwrap_or_default();
    content.windows(needle.len()).any(|window| window == needle)
}
