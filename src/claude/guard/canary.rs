//! The canary: a process that is put into a fresh room and tries to reach what it must not.
//!
//! A wall that is set up wrongly does not say so by itself.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use nix::sys::signal::kill;
use nix::unistd::Pid;

use super::trial::{LIMIT, output_within};
use super::{Containment, Network, Remote, View, told};

/// Names the process outside, in its own environment.
const MARK: &str = "CLAUDE_BRIDGE_CANARY";

/// What the canary says at its end: nothing it said before is missing.
const DONE: &str = "done";

/// How long a relay may take to lead to a host on the loopback.
const RELAY_LIMIT: Duration = Duration::from_secs(5);

/// What a canary tries to reach.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    /// Files that it must not read.
    pub files: Vec<PathBuf>,
    /// Folders of which it must not see more than the way to what is its own.
    pub folders: Vec<PathBuf>,
}

/// Puts a canary into a room and returns what it could reach: nothing, if the wall holds.
///
/// `guard` is the program that has the guard's roles; `folder` has to be one where the room writes.
///
/// # Errors
///
/// When the room cannot be made: there is no wall then.
pub fn try_wall(
    guard: &Path,
    containment: Containment,
    view: &View,
    folder: &Path,
    targets: &Targets,
) -> Result<Vec<String>, String> {
    let program = guard
        .canonicalize()
        .map_err(|error| format!("cannot find the bridge's program: {error}"))?;
    let forbidden = forbidden_port(&view.network)?;
    let outside = start_outside(&program)?;
    let mut view = view.clone();
    view.read.push(program.clone());
    let mut agent = arguments(&program, targets, &outside);
    let host = match view.network {
        Network::Alone(_) => {
            let host = Host::start().map_err(|error| format!("cannot try a relay: {error}"))?;
            view.network = Network::Alone(Some(Remote::of_api(Some(&host.address()))?));
            agent.extend(["relay".into(), host.port.to_string().into()]);
            Some(host)
        }
        Network::Open | Network::Ports(_) => None,
    };
    if let Some((_, port)) = &forbidden {
        agent.extend(["port".into(), port.to_string().into()]);
    }
    let mut command = containment.guard_command(&program, folder, Some(&view), agent);
    // What the bridge's environment has is no business of a room.
    command
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = containment
        .around(|| command.spawn())
        .and_then(|child| output_within(LIMIT, child));
    stop(outside);
    if let Some(host) = host {
        host.stop();
    }
    let output = output.map_err(|error| format!("cannot try a room: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut reached: Vec<String> = said.lines().map(str::to_owned).collect();
    if reached.pop().as_deref() == Some(DONE) {
        return Ok(reached);
    }
    Err(told(&output.stderr))
}

fn arguments(program: &Path, targets: &Targets, outside: &Child) -> Vec<OsString> {
    let mut all = vec![program.into(), "guard-canary".into()];
    all.push(outside.id().to_string().into());
    let files = targets.files.iter().map(|path| ("file", path));
    let folders = targets.folders.iter().map(|path| ("folder", path));
    for (word, path) in files.chain(folders) {
        all.extend([OsString::from(word), path.into()]);
    }
    all
}

/// A host outside that a relay is to lead to: it says one byte to whoever comes first.
struct Host {
    port: u16,
    saying: JoinHandle<()>,
}

impl Host {
    fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let saying = thread::Builder::new()
            .name("canary".to_owned())
            .spawn(move || {
                let come = listener.accept();
                come.and_then(|(mut stream, _)| stream.write_all(b"r")).ok();
            })?;
        Ok(Self { port, saying })
    }

    fn address(&self) -> String {
        format!("http://{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    fn stop(self) {
        // Where nobody came, this is who it waits for.
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).ok();
        self.saying.join().ok();
    }
}

/// Listens outside on a port that a room must not reach; `None` where every port is open.
fn forbidden_port(network: &Network) -> Result<Option<(TcpListener, u16)>, String> {
    let listen = || {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        // The control: from outside it is reached.
        TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        Ok((listener, port))
    };
    if *network == Network::Open {
        return Ok(None);
    }
    let listening: io::Result<_> = listen();
    let (listener, port) = listening.map_err(|error| format!("cannot try connections: {error}"))?;
    Ok((!network.reaches(port)).then_some((listener, port)))
}

/// Starts a process of the same user that is nobody's business.
fn start_outside(program: &Path) -> Result<Child, String> {
    let mut command = Command::new(program);
    command
        .arg("guard-outside")
        .env_clear()
        .env(MARK, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let started = command.spawn();
    started.map_err(|error| format!("cannot start a process to be kept apart from: {error}"))
}

fn stop(mut outside: Child) {
    // Its input ends, and so does it.
    drop(outside.stdin.take());
    output_within(LIMIT, outside).ok();
}

/// Runs the role `guard-outside`: lives until its input ends.
pub(super) fn outside_main() -> ExitCode {
    io::copy(&mut io::stdin(), &mut io::sink()).ok();
    ExitCode::SUCCESS
}

/// Runs the role `guard-canary`: says what it can reach, a line for each, and that it is done.
pub(super) fn canary_main(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let outside = args.next().and_then(|pid| pid.to_str()?.parse().ok());
    let mut said = Vec::new();
    while let (Some(word), Some(path)) = (args.next(), args.next()) {
        let path = PathBuf::from(path);
        said.extend(match word.to_str() {
            Some("file") => can_read(&path),
            Some("port") => can_connect(&path.to_string_lossy()),
            Some("relay") => cannot_be_led(&path.to_string_lossy()),
            Some(_) | None => can_list(&path),
        });
    }
    said.extend(outside.and_then(can_signal));
    said.extend(outside.and_then(can_see));
    said.extend(can_change_kernel());
    said.extend(lacks_its_own());
    said.push(DONE.to_owned());
    match writeln!(io::stdout(), "{}", said.join("\n")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn can_read(path: &Path) -> Option<String> {
    let read = File::open(path).and_then(|mut file| file.read(&mut [0]));
    match read {
        Ok(0) => None,
        Ok(_) => Some(format!("it can read {}", path.display())),
        // It was a file a moment ago.
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => can_list(path),
        Err(error) => cannot_tell(path, &error),
    }
}

/// The way to the room's own home is the only thing that may be seen.
fn can_list(path: &Path) -> Option<String> {
    let names = match fs::read_dir(path) {
        Ok(names) => names,
        Err(error) => return cannot_tell(path, &error),
    };
    let is_way = |name: &OsStr| {
        let below = path.join(name);
        std::env::current_dir().is_ok_and(|own| own.starts_with(&below))
            || std::env::var_os("HOME").is_some_and(|own| Path::new(&own).starts_with(&below))
    };
    // What is there and cannot be named is seen too.
    let is_other = |entry: &io::Result<fs::DirEntry>| {
        let is_way = |entry: &fs::DirEntry| is_way(&entry.file_name());
        !entry.as_ref().is_ok_and(is_way)
    };
    let is_seen = names.into_iter().any(|entry| is_other(&entry));
    is_seen.then(|| format!("it can see what is in {}", path.display()))
}

/// What a wall refuses, it refuses in one of these ways; a disk that fails has refused nothing.
fn cannot_tell(path: &Path, error: &io::Error) -> Option<String> {
    use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    let is_refusal = matches!(error.kind(), NotADirectory | NotFound | PermissionDenied);
    (!is_refusal).then(|| format!("it cannot tell what is at {} ({error})", path.display()))
}

/// Names no port: what was tried is any that is not allowed.
fn can_connect(port: &str) -> Option<String> {
    let reached = TcpStream::connect((Ipv4Addr::LOCALHOST, port.parse().ok()?));
    reached
        .ok()
        .map(|_| "it can connect to a port that it must not reach".to_owned())
}

/// The control of a room alone: the one host that it is to reach.
fn cannot_be_led(port: &str) -> Option<String> {
    let led = || {
        let port = port.parse().map_err(io::Error::other)?;
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(RELAY_LIMIT))?;
        stream.read_exact(&mut [0])
    };
    let error = led().err()?;
    Some(format!("it cannot reach what its relay leads to ({error})"))
}

fn can_signal(pid: i32) -> Option<String> {
    let reached = kill(Pid::from_raw(pid), None).is_ok();
    reached.then(|| "it can signal processes outside".to_owned())
}

fn can_see(pid: i32) -> Option<String> {
    let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
    let mark = MARK.as_bytes();
    let is_seen = environment.windows(mark.len()).any(|part| part == mark);
    is_seen.then(|| "it can read the environment of processes outside".to_owned())
}

fn can_change_kernel() -> Option<String> {
    let setting = "/proc/sys/kernel/core_pattern";
    let opened = OpenOptions::new().write(true).open(setting);
    opened.ok().map(|_| format!("it can change {setting}"))
}

/// The control: a room in which nothing works would hold everything.
fn lacks_its_own() -> Option<String> {
    let file = Path::new("canary");
    let written = fs::write(file, "1").and_then(|()| fs::remove_file(file));
    let error = written.err()?;
    Some(format!("it cannot write into its own folder ({error})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_told_does_not_count_as_out_of_reach() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        std::os::unix::fs::symlink(at("circle"), at("circle")).unwrap();
        fs::create_dir_all(at("folder/below")).unwrap();
        fs::write(at("file"), "x").unwrap();
        for tried in [can_read, can_list] {
            assert_eq!(tried(&at("missing")), None);
            assert!(tried(&at("circle")).unwrap().contains("cannot tell"));
            // Whatever it was taken for.
            assert!(tried(&at("folder")).unwrap().contains("can see"));
        }
        assert!(can_read(&at("file")).unwrap().contains("can read"));
    }

    #[test]
    fn a_relay_that_leads_nowhere_is_noticed() {
        let host = Host::start().unwrap();
        assert_eq!(cannot_be_led(&host.port.to_string()), None);
        let port = host.port.to_string();
        host.stop();
        assert!(cannot_be_led(&port).unwrap().contains("its relay"));
    }

    #[test]
    fn a_port_that_answers_is_noticed_and_only_that() {
        let (listener, port) = forbidden_port(&Network::Alone(None)).unwrap().unwrap();
        assert!(can_connect(&port.to_string()).is_some());
        drop(listener);
        assert_eq!(can_connect(&port.to_string()), None);
        assert!(forbidden_port(&Network::Open).unwrap().is_none());
    }
}
