//! A playground, a folder and the release binary between them.

use std::fs;
use std::ops::Range;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use nix::time::ClockId;
use nix::unistd::Pid;
use playground::{Options, Playground, Said, View};
use serde_json::json;
use tempfile::TempDir;

pub(crate) const OWNER: i64 = 1001;

/// How long anything may take before the benchmark gives up.
const LIMIT: Duration = Duration::from_secs(90);

/// Where a bridge runs.
pub(crate) struct Place {
    pub(crate) playground: Playground,
    folder: TempDir,
    environment: Vec<(String, String)>,
    next_message: AtomicI64,
}

/// A running bridge; dropping it kills it.
pub(crate) struct Bridge {
    child: Child,
    marker: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::with("", Vec::new())
    }

    /// Returns a place with further lines of bridge.toml.
    pub(crate) fn with_settings(settings: &str) -> Self {
        Self::with(settings, Vec::new())
    }

    pub(crate) fn with_claude(program: &str, api: &str) -> Self {
        let variables = [
            ("ANTHROPIC_BASE_URL", api),
            ("ANTHROPIC_API_KEY", "not-a-key"),
            ("DISABLE_TELEMETRY", "1"),
            ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"),
        ];
        let variables = variables
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        let passed_on = r#"["DISABLE_TELEMETRY", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"]"#;
        let settings =
            format!("claude.binary = {program:?}\nclaude.env_passthrough = {passed_on}\n");
        Self::with(&settings, variables)
    }

    fn with(settings: &str, environment: Vec<(String, String)>) -> Self {
        let people = vec![(OWNER, "Olga".to_owned())];
        let options = Options {
            people,
            recorded_calls: 100_000,
            ..Options::default()
        };
        let playground = Playground::start(options).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("project")).unwrap();
        let script = folder.path().join("rehearsal");
        // A copy: pages that agents share with the bridge would make it look smaller than it is.
        let copy = folder.path().join("agent");
        fs::copy(bridge_program(), &copy).unwrap();
        let text = format!("#!/bin/sh\nexec '{}' rehearse \"$@\"\n", copy.display());
        fs::write(&script, text).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        let binary = if settings.contains("claude.binary") {
            String::new()
        } else {
            format!("claude.binary = {:?}\n", script.display().to_string())
        };
        let text = format!(
            "telegram.token = {:?}\ntelegram.api_url = {:?}\nworkspace.dir = \"project\"\n\
             single_user.chat_id = {OWNER}\nlimits.messages_per_minute = 1000\n{binary}{settings}",
            playground.token(),
            playground.api_url(),
        );
        let config = folder.path().join("bridge.toml");
        fs::write(&config, text).unwrap();
        fs::set_permissions(&config, fs::Permissions::from_mode(0o600)).unwrap();
        Self {
            playground,
            folder,
            environment,
            next_message: AtomicI64::new(1_000_000),
        }
    }

    #[allow(dead_code, reason = "not every benchmark sets one")]
    pub(crate) fn set_env(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    #[allow(dead_code, reason = "not every benchmark looks into it")]
    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Sends one message and waits for a post that contains `expected`.
    #[allow(dead_code, reason = "not every benchmark needs it")]
    pub(crate) fn say_and_see(&self, text: &str, expected: &str) {
        let said = self.playground.say(OWNER, text);
        self.wait(|view| {
            let mut posts = view.bot_posts(OWNER);
            posts
                .find(|post| post.message_id > said.message_id && post.text.contains(expected))
                .map(drop)
        });
    }

    /// Returns the last message of the bot in a chat.
    #[allow(dead_code, reason = "not every benchmark looks for it")]
    pub(crate) fn last_post(&self, chat: i64) -> i64 {
        self.wait(|view| Some(view.bot_posts(chat).last()?.message_id))
    }

    pub(crate) fn start(&self) -> Bridge {
        self.spawn(Command::new(bridge_program()))
    }

    /// Returns the address of the bot's methods, without a trailing slash.
    #[allow(dead_code, reason = "not every benchmark needs it")]
    pub(crate) fn bot_url(&self) -> String {
        let playground = &self.playground;
        format!("{}/bot{}", playground.api_url(), playground.token())
    }

    /// Returns the program of the agents.
    #[allow(dead_code, reason = "not every benchmark needs it")]
    pub(crate) fn agent(&self) -> String {
        self.folder.path().join("rehearsal").display().to_string()
    }

    /// Starts a program as the bridge of this place.
    pub(crate) fn spawn(&self, mut command: Command) -> Bridge {
        let data = self.folder.path().join("data");
        let marker = ("CLAUDE_BRIDGE_HOME", data.display().to_string());
        let child = command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder.path())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Bridge {
            child,
            marker: format!("{}={}", marker.0, marker.1),
        }
    }

    pub(crate) fn first_poll_since(&self, since: Instant) -> Instant {
        self.wait(|view| {
            let mut polls = view.calls_of("getUpdates").map(|call| call.arrived_at);
            polls.find(|&at| at >= since)
        })
    }

    pub(crate) fn wait_for_first_poll(&self) {
        self.wait(|view| view.calls_of("getUpdates").next().map(drop));
    }

    /// Sends one message and returns how long the bridge took to answer it.
    pub(crate) fn turn(&self, text: &str) -> Duration {
        self.turn_of(OWNER, text)
    }

    /// Sends one message of a person and returns how long the bridge took to answer it.
    pub(crate) fn turn_of(&self, person: i64, text: &str) -> Duration {
        self.wait_for_answer(person, self.playground.say(person, text))
    }

    /// Waits for the answer to what a person said and returns how long the bridge took.
    pub(crate) fn wait_for_answer(&self, person: i64, said: Said) -> Duration {
        self.wait(|view| {
            let answer = view
                .bot_posts(person)
                .rev()
                .find(|p| p.reply_to == Some(said.message_id))?;
            let handed_out_at = view.handed_out_at(said.update_id?)?;
            Some(answer.sent_at - handed_out_at)
        })
    }

    /// Sends one message in each topic of the owner's chat and waits for all answers.
    pub(crate) fn turns_in_topics(&self, topics: Range<i64>, text: &str) {
        let before = self.bot_posts(OWNER);
        let count = usize::try_from(topics.end - topics.start).unwrap();
        for topic in topics {
            let message = self.next_message.fetch_add(1, Ordering::Relaxed);
            self.playground.inject(json!({"message": {
                "message_id": message, "date": 1, "text": text, "is_topic_message": true,
                "message_thread_id": topic + 2, "chat": {"id": OWNER, "type": "private"},
                "from": {"id": OWNER, "is_bot": false, "first_name": "Olga"},
            }}));
        }
        self.wait(|view| (answers(view, OWNER) >= before + count).then_some(()));
    }

    pub(crate) fn calls(&self) -> usize {
        self.playground.look(|view| view.calls().count())
    }

    pub(crate) fn bot_posts(&self, chat: i64) -> usize {
        self.playground.look(|view| answers(view, chat))
    }

    #[allow(dead_code, reason = "not every benchmark needs it")]
    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn wait<T>(&self, check: impl FnMut(&View<'_>) -> Option<T>) -> T {
        self.playground.wait_until(LIMIT, check).unwrap()
    }
}

/// Returns the bridge to measure: this tree's, or another build that `BRIDGE_BENCH_BRIDGE` names.
pub(crate) fn bridge_program() -> String {
    let named = std::env::var("BRIDGE_BENCH_BRIDGE");
    named.unwrap_or_else(|_| env!("CARGO_BIN_EXE_bridge").to_owned())
}

/// Counts the agents' answers, which are not all that the bridge posts.
fn answers(view: &View<'_>, chat: i64) -> usize {
    let posts = view.bot_posts(chat);
    posts
        .filter(|post| post.text.starts_with("ok") || post.text.starts_with("warm up"))
        .count()
}

impl Bridge {
    pub(crate) fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).unwrap()
    }

    /// Returns the processor time of all threads of the bridge, agents not counted, exact to a
    /// nanosecond.
    pub(crate) fn cpu(&self) -> Duration {
        let clock = ClockId::pid_cpu_clock_id(Pid::from_raw(self.pid())).unwrap();
        clock.now().unwrap().into()
    }

    /// Returns the resident memory, and the part that is its own.
    pub(crate) fn memory(&self) -> String {
        let path = format!("/proc/{}/smaps_rollup", self.child.id());
        let text = fs::read_to_string(path).unwrap();
        let (resident, own) = (mebibytes(&text, "Rss:"), mebibytes(&text, "Private_Dirty:"));
        format!("{resident:.1} MiB ({own:.1} own)")
    }

    /// Returns the memory that is the bridge's own, in MiB.
    #[allow(dead_code, reason = "not every benchmark needs it")]
    pub(crate) fn own_memory(&self) -> f64 {
        let path = format!("/proc/{}/smaps_rollup", self.child.id());
        mebibytes(&fs::read_to_string(path).unwrap(), "Private_Dirty:")
    }

    /// Returns the memory of the bridge and of all its guards, pages that they share counted once,
    /// and how many processes that are.
    #[allow(dead_code, reason = "not every benchmark needs it")]
    pub(crate) fn memory_with_guards(&self) -> (f64, usize) {
        let program = fs::read_link(format!("/proc/{}/exe", self.child.id())).unwrap();
        let ours = processes().filter(|pid| {
            fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == program)
        });
        let sizes = ours.filter_map(|pid| {
            let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
            Some(mebibytes(&text, "Pss:"))
        });
        sizes.fold((0.0, 0), |(sum, count), size| (sum + size, count + 1))
    }

    /// Waits until no process of an agent is left.
    pub(crate) fn wait_for_agents_to_end(&self) {
        let deadline = Instant::now() + LIMIT;
        while has_process_with(&self.marker) {
            assert!(Instant::now() < deadline, "agents do not end");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
        self.wait_for_agents_to_end();
    }
}

/// Returns a field of smaps_rollup, which counts in KiB.
fn mebibytes(text: &str, name: &str) -> f64 {
    let line = text.lines().find(|line| line.starts_with(name)).unwrap();
    let kibibytes: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kibibytes / 1024.0
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn has_process_with(marker: &str) -> bool {
    processes().any(|pid| {
        let environ = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environ
            .split(|&byte| byte == 0)
            .any(|entry| entry == marker.as_bytes())
    })
}
