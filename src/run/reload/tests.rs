//! What a reload changes, and when.

use std::path::{Path, PathBuf};

use bridge_actors::chat_settings::Wall;
use bridge_actors::ids::{ChatId, SessionKey};
use bridge_actors::memory_journal::MemoryJournal;
use bridge_actors::user_registry::RulesRefused;
use tempfile::TempDir;

use super::*;
use crate::claude::guard::Containment;
use crate::config::TokenNeed;
use crate::isolation::{Isolation, Levels};
use crate::room::Refusal;

/// Says what the router says, after it has looked at what agents are started with meanwhile.
struct FakeRouter {
    launcher: Arc<ClaudeLauncher>,
    accepts: bool,
    seen: Vec<Vec<String>>,
}

#[derive(Message)]
#[rtype(result = "Vec<Vec<String>>")]
struct Seen;

impl Actor for FakeRouter {
    type Context = Context<Self>;
}

impl Handler<Reload> for FakeRouter {
    type Result = Result<(), RulesRefused>;

    fn handle(&mut self, reload: Reload, _: &mut Self::Context) -> Self::Result {
        self.seen.push(self.launcher.options().extra_args);
        if !self.accepts {
            return Err(RulesRefused::NoAdmin);
        }
        (reload.on_accepted)();
        self.seen.push(self.launcher.options().extra_args);
        Ok(())
    }
}

impl Handler<Seen> for FakeRouter {
    type Result = MessageResult<Seen>;

    fn handle(&mut self, Seen: Seen, _: &mut Self::Context) -> Self::Result {
        MessageResult(self.seen.clone())
    }
}

/// Takes lines of the audit log and forgets them.
struct AuditSink;

impl Actor for AuditSink {
    type Context = Context<Self>;
}

impl Handler<AuditEntry> for AuditSink {
    type Result = ();

    fn handle(&mut self, _: AuditEntry, _: &mut Self::Context) {}
}

/// A folder with a configuration, and whoever reloads it.
struct Bench {
    dir: TempDir,
    reloader: Reloader,
    router: Addr<FakeRouter>,
}

impl Bench {
    fn new(accepts: bool) -> Self {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "data", "--before");
        let load = LoadOptions {
            file: None,
            log_level: None,
            environment: Vec::new(),
            working_dir: dir.path().to_owned(),
            effective_uid: 1000,
            token: TokenNeed::Required,
        };
        let loaded = Config::load(&load).unwrap();
        let options = BridgeOptions::from_config(&loaded).unwrap();
        let launcher = ClaudeLauncher::new(options.agents, Containment::Tree, PathBuf::new());
        let launcher = Arc::new(launcher.unwrap());
        let router = FakeRouter {
            launcher: Arc::clone(&launcher),
            accepts,
            seen: Vec::new(),
        }
        .start();
        let reloader = Reloader {
            source: Some(ConfigSource {
                options: load,
                loaded,
            }),
            owner: Owner::default(),
            router: router.clone().recipient(),
            launcher,
            rooms: Rooms::new(Path::new("/nowhere"), &[]),
            isolation: Isolation {
                memory: Err(String::new()),
                containment: Containment::Tree,
                levels: Levels {
                    owner: Wall::Off,
                    others: Wall::Off,
                    warning: None,
                },
            },
            audit: AuditSink.start().recipient(),
            epoch: 0,
            purse: Arc::new(Purse::new(Arc::new(MemoryJournal::default()))),
        };
        Self {
            dir,
            reloader,
            router,
        }
    }

    fn argument(&self) -> Vec<String> {
        self.reloader.launcher.options().extra_args
    }
}

/// Writes a configuration with this data folder and this argument for agents.
fn write(dir: &Path, storage: &str, argument: &str) {
    let text = format!(
        "[telegram]\ntoken = \"123456789:AAExampleExampleExampleExample_abc\"\n\
         [claude]\nbinary = \"/bin/true\"\nextra_args = [\"{argument}\"]\n\
         [storage]\ndir = \"{storage}\"\n"
    );
    std::fs::write(dir.join("bridge.toml"), text).unwrap();
}

#[actix::test]
async fn no_agent_is_started_with_options_before_they_are_accepted() {
    let mut bench = Bench::new(true);
    write(bench.dir.path(), "data", "--after");
    bench.reloader.reload().await;
    let seen = bench.router.send(Seen).await.unwrap();
    assert_eq!(seen, [["--before"], ["--after"]]);
    assert_eq!(bench.reloader.epoch, 1);
}

#[actix::test]
async fn a_reload_that_is_refused_changes_nothing() {
    let mut bench = Bench::new(false);
    let before = bench.reloader.source.as_ref().unwrap().loaded.clone();
    write(bench.dir.path(), "data", "--after");
    bench.reloader.reload().await;
    assert_eq!(bench.router.send(Seen).await.unwrap(), [["--before"]]);
    assert_eq!(bench.argument(), ["--before"]);
    assert_eq!(bench.reloader.epoch, 0);
    assert_eq!(bench.reloader.source.unwrap().loaded, before);
}

#[actix::test]
async fn the_store_in_use_stays_private_when_another_one_is_named() {
    let mut bench = Bench::new(true);
    let before = bench.reloader.launcher.options();
    write(bench.dir.path(), "elsewhere", "--after");
    bench.reloader.reload().await;
    let after = bench.reloader.launcher.options();
    assert_eq!(after.extra_args, ["--after"]);
    let kept = |path| after.private_paths.contains(path);
    assert!(before.private_paths.iter().all(kept), "{after:?}");
    assert!(kept(&bench.dir.path().join("elsewhere")), "{after:?}");
    // What an earlier run left behind is found by it at the next start.
    assert_eq!(after.marker, before.marker);
}

#[actix::test]
async fn what_a_new_configuration_keeps_private_is_not_sent_to_a_chat() {
    let mut bench = Bench::new(true);
    let folder = bench.dir.path().canonicalize().unwrap();
    std::fs::create_dir(folder.join("elsewhere")).unwrap();
    std::fs::write(folder.join("elsewhere/store"), "secret").unwrap();
    let key = SessionKey::of_chat(ChatId(7));
    let rooms = bench.reloader.rooms.clone();
    let open = || rooms.room(key, &folder).open(Path::new("elsewhere/store"));
    assert!(open().is_ok());
    write(&folder, "elsewhere", "--after");
    bench.reloader.reload().await;
    assert_eq!(open().map(drop), Err(Refusal::Own));
}

#[actix::test]
async fn a_file_that_cannot_be_used_leaves_the_old_one_to_hold() {
    let mut bench = Bench::new(true);
    std::fs::write(bench.dir.path().join("bridge.toml"), "[claude").unwrap();
    bench.reloader.reload().await;
    assert_eq!(bench.argument(), ["--before"]);
    write(bench.dir.path(), "data", "--after");
    bench.reloader.reload().await;
    assert_eq!(bench.argument(), ["--after"]);
}

#[actix::test]
async fn what_would_open_the_bridge_to_agents_behind_landlock_is_not_reloaded() {
    let mut bench = Bench::new(true);
    bench.reloader.isolation.levels.others = Wall::Landlock;
    let folder = bench.dir.path().canonicalize().unwrap();
    std::fs::create_dir(folder.join("work")).unwrap();
    let configure = |argument: &str, further: &str| {
        write(&folder, "data", argument);
        let path = folder.join("bridge.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        let elsewhere = "[workspace]\ndir = \"work\"\n";
        std::fs::write(path, format!("{text}{elsewhere}{further}")).unwrap();
    };
    configure("--after", "");
    bench.reloader.reload().await;
    assert_eq!(bench.argument(), ["--after"]);
    let opened = format!("[isolation]\nread = [{:?}]\n", folder.display().to_string());
    configure("--opened", &opened);
    bench.reloader.reload().await;
    assert_eq!(bench.argument(), ["--after"]);
}

/// A folder that never answers must not be the end of all reloads.
#[tokio::test(start_paused = true)]
async fn a_configuration_that_cannot_be_read_is_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bridge.toml");
    // Whoever opens it waits for somebody to write.
    nix::unistd::mkfifo(&file, nix::sys::stat::Mode::S_IRWXU).unwrap();
    let error = read(LoadOptions {
        file: Some(file),
        log_level: None,
        environment: Vec::new(),
        working_dir: dir.path().to_owned(),
        effective_uid: 1000,
        token: TokenNeed::Required,
    });
    let error = error.await.err().map(|error| error.to_string());
    assert_eq!(error.as_deref(), Some("it could not be read within 30s"));
}
