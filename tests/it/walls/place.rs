//! A place with the files of a bridge, other people's rooms and a process outside, for any user.

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use bridge::claude::guard::{AGENT_MARKER, Containment, HOME_MARKER, Level, View};
use bridge::claude::neighbours::Neighbours;
use bridge::claude::room_view::{self, RoomOptions, RoomPaths};
use bridge_actors::ids::ChatId;
use nix::unistd::geteuid;
use tempfile::TempDir;

use crate::support::agent_tree::BRIDGE;

/// A user without rights.
const USER: u32 = 65_534;
/// The user of a room of a bridge that is root.
const ROOM: u32 = 254_321;

/// As whom the bridge runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Root,
    User,
}

impl Who {
    /// Returns all that can be had here: only root can be both.
    pub(super) fn all() -> Vec<Self> {
        if geteuid().is_root() {
            return vec![Self::Root, Self::User];
        }
        skipped("root", "the tests do not run as root");
        vec![Self::User]
    }

    /// Says whether the tests run as this.
    pub(super) fn is_this_one(self) -> bool {
        geteuid().is_root() == (self == Self::Root)
    }
}

/// Where the data of the bridge lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// Beside the room's folder.
    DataBeside,
    /// In it, and the rooms of others too: the owner of a bridge that many share works like that.
    DataInside,
}

/// The files, and a process outside.
pub(super) struct Place {
    root: TempDir,
    who: Who,
    layout: Layout,
    outside: Child,
    _sockets: Vec<UnixListener>,
    others: Vec<PathBuf>,
}

/// A script that runs in a room.
pub(super) struct Guarded {
    process: Child,
    stdout: BufReader<ChildStdout>,
}

impl Layout {
    /// Returns where a file lies by its name below the place.
    fn place(self, root: &Path, name: &str) -> PathBuf {
        let is_bridges = name == "bridge.toml" || name == "data" || name.starts_with("data/");
        match (self, is_bridges) {
            (Self::DataInside, true) => root.join("w").join(name),
            (Self::DataInside | Self::DataBeside, _) => root.join(name),
        }
    }
}

impl Place {
    pub(super) fn new(who: Who, layout: Layout) -> Self {
        let root = tempfile::tempdir().expect("a folder");
        let at = |name: &str| layout.place(root.path(), name);
        for (name, text) in [
            ("bridge.toml", "token"),
            ("data/store/log", "secret"),
            ("data/chats/7/inbox/file", "sent"),
            ("data/chats/7/home/conversation", "mine"),
            ("data/chats/8/home/conversation", "secret"),
            ("w/7/file", "mine"),
            ("w/8/file", "secret"),
            ("w/8/empty", "full"),
            ("home/.ssh/id_rsa", "key"),
            ("home/.bashrc", ""),
        ] {
            let path = at(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        // Whoever the tests run as, their program can be started by the user.
        fs::copy(BRIDGE, at("bridge")).expect("a program");
        let sockets = [
            UnixListener::bind(at("socket")).expect("a socket"),
            abstract_socket(root.path()),
        ];
        let others = ["/tmp", "/dev/shm"].map(|folder| {
            let name = format!("bridge-probe-of-others-{}", uuid());
            let path = Path::new(folder).join(name);
            fs::write(&path, "x").expect("a file");
            path
        });
        let outside = Self::start_outside(who, root.path());
        let place = Self {
            root,
            who,
            layout,
            outside,
            _sockets: sockets.into(),
            others: others.into(),
        };
        place.give();
        place
    }

    /// All belongs to the bridge's user, the room at strict to its own.
    fn give(&self) {
        let (bridge, room) = match self.who {
            Who::Root => (0, ROOM),
            Who::User if geteuid().is_root() => (USER, USER),
            Who::User => return,
        };
        give(self.root.path(), bridge);
        give(&self.path("data/chats/7"), room);
        give(&self.folder(), room);
        if self.layout == Layout::DataInside && room != bridge {
            for private in ["data", "bridge.toml", "w/8"] {
                give(&self.path(private), bridge);
            }
            give(&self.path("data/chats/7"), room);
        }
        for other in &self.others {
            chown(other, Some(bridge), Some(bridge)).expect("given");
        }
        let mode = |name: &str, mode| {
            fs::set_permissions(self.path(name), Permissions::from_mode(mode)).expect("a mode");
        };
        mode("", 0o755);
        mode("data", 0o700);
        mode("bridge.toml", 0o600);
        mode("w/8", 0o700);
    }

    /// At landlock a room has no user of its own.
    pub(super) fn without_user(self) -> Self {
        if self.who == Who::Root {
            give(self.root.path(), 0);
        }
        self
    }

    pub(super) fn root(&self) -> &Path {
        self.root.path()
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.layout.place(self.root.path(), name)
    }

    /// Where the room's agent works.
    pub(super) fn folder(&self) -> PathBuf {
        match self.layout {
            Layout::DataBeside => self.path("w/7"),
            Layout::DataInside => self.path("w"),
        }
    }

    /// The number of a process outside.
    pub(super) fn outside(&self) -> u32 {
        self.outside.id()
    }

    /// Returns what the room's agent sees, as a bridge decides it.
    pub(super) fn view(&self, level: Level) -> View {
        let paths = RoomPaths {
            home: self.path("data/chats/7/home"),
            inbox: self.path("data/chats/7/inbox"),
        };
        let private = ["data", "bridge.toml"].map(|name| self.path(name));
        let options = RoomOptions::default();
        let mut view = room_view::view(level, &options, ChatId(7), &paths, &private);
        let neighbours = Neighbours {
            root: Some(self.path("w")),
            chosen: Vec::new(),
        };
        let others = neighbours.below(&self.folder()).expect("a list");
        view.covers.extend(others);
        view.uid = (self.who == Who::Root && level == Level::Strict).then_some(ROOM);
        view
    }

    /// Returns the namespace that this user may make; tells when there is none.
    pub(super) fn namespace(&self) -> Option<Containment> {
        let wanted = match self.who {
            Who::Root => Containment::Namespace,
            Who::User => Containment::UserNamespace,
        };
        let works = self.run(Level::Off, wanted, "echo works");
        if works.contains("works") {
            return Some(wanted);
        }
        skipped(wanted.name(), &works);
        None
    }

    pub(super) fn has_landlock(&self) -> bool {
        let works = self.run(Level::Landlock, Containment::Tree, "echo works");
        let has = works.contains("works");
        if !has {
            skipped("landlock", &works);
        }
        has
    }

    /// Says whether this user may make a namespace in a namespace.
    pub(super) fn nests(&self) -> bool {
        let mut command = Command::new("unshare");
        command.args(["-Ur", "true"]).stderr(Stdio::null());
        self.become_user(&mut command);
        command.status().is_ok_and(|status| status.success())
    }

    /// Runs a script to its end and returns what it said, a refusal of the guard included.
    pub(super) fn run(&self, level: Level, containment: Containment, script: &str) -> String {
        let view = (level != Level::Off).then(|| self.view(level));
        self.run_in(view.as_ref(), containment, script)
    }

    /// The same with a view of its own; without one there is no wall.
    pub(super) fn run_in(
        &self,
        view: Option<&View>,
        containment: Containment,
        script: &str,
    ) -> String {
        let mut command = self.command(view, containment, script);
        command.stderr(Stdio::piped());
        let child = containment.around(|| command.spawn());
        let output = child.and_then(Child::wait_with_output);
        match output {
            Ok(output) if output.stdout.is_empty() => {
                String::from_utf8_lossy(&output.stderr).into_owned()
            }
            Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
            Err(error) => format!("refused: {error}"),
        }
    }

    pub(super) fn start(&self, level: Level, containment: Containment, script: &str) -> Guarded {
        let view = (level != Level::Off).then(|| self.view(level));
        self.start_in(view.as_ref(), containment, script)
    }

    /// The same with a view of its own; without one there is no wall.
    pub(super) fn start_in(
        &self,
        view: Option<&View>,
        containment: Containment,
        script: &str,
    ) -> Guarded {
        let mut command = self.command(view, containment, script);
        let mut process = containment.around(|| command.spawn()).expect("starts");
        let stdout = BufReader::new(process.stdout.take().expect("piped"));
        Guarded { process, stdout }
    }

    fn command(&self, view: Option<&View>, containment: Containment, script: &str) -> Command {
        let agent = ["bash", "-c", script];
        let guard = self.path("bridge");
        let mut command = containment.guard_command(&guard, &self.folder(), view, agent);
        let temporary = match view.map_or(Level::Off, |view| view.level) {
            Level::Off | Level::Strict => PathBuf::from("/tmp"),
            Level::Landlock => self.path("data/chats/7/home"),
        };
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", self.path("data/chats/7/home"))
            .env("TMPDIR", temporary)
            .env(HOME_MARKER, self.root())
            .env(AGENT_MARKER, "7")
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        self.become_user(&mut command);
        command
    }

    fn become_user(&self, command: &mut Command) {
        if self.who == Who::User && geteuid().is_root() {
            command.uid(USER).gid(USER);
        }
    }

    fn start_outside(who: Who, root: &Path) -> Child {
        let mut command = Command::new("sh");
        command
            .args(["-c", "while read line; do :; done", "OUTSIDE_ARGUMENT"])
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("OUTSIDE_MARK", "1")
            .current_dir(root.parent().unwrap_or(root))
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        if who == Who::User && geteuid().is_root() {
            command.uid(USER).gid(USER);
        }
        command.spawn().expect("starts")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.outside.kill().ok();
        self.outside.wait().ok();
        for other in &self.others {
            fs::remove_file(other).ok();
        }
    }
}

impl Guarded {
    pub(super) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("readable");
        line.trim().to_owned()
    }

    /// Kills the guard, as whoever wants to be rid of it would.
    pub(super) fn kill(&mut self) {
        self.process.kill().expect("it lives");
        self.process.wait().expect("it ends");
    }
}

pub(super) fn skipped(what: &str, why: &str) {
    writeln!(std::io::stderr(), "skipped for {what}: {}", why.trim()).ok();
}

fn give(path: &Path, uid: u32) {
    let status = Command::new("chown")
        .arg("-R")
        .arg(format!("{uid}:{uid}"))
        .arg(path)
        .status();
    assert!(
        status.is_ok_and(|status| status.success()),
        "{}",
        path.display()
    );
}

fn abstract_socket(root: &Path) -> UnixListener {
    use std::os::linux::net::SocketAddrExt as _;
    let address =
        std::os::unix::net::SocketAddr::from_abstract_name(root.as_os_str().as_encoded_bytes());
    UnixListener::bind_addr(&address.expect("a name")).expect("a socket")
}

fn uuid() -> String {
    let name = tempfile::Builder::new()
        .prefix("")
        .tempfile()
        .expect("a file");
    let name = name.path().file_name().expect("a name");
    name.to_string_lossy().into_owned()
}
