//! The relay: the only way out of a room that has a network of its own.
//!
//! It is started before the room leaves the host's network, and is handed what listens inside. What
//! connects there it leads to one host outside, byte for byte: it reads nothing and holds no key.

use std::ffi::OsString;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, sockopt,
};

use super::wall::{Network, Remote};
use super::{own_program, refuse, wall};

/// How many connections are led out at once; one more is closed.
const MAX_CONNECTIONS: usize = 64;

/// How long one of the host's addresses may take to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// After what silence a host is asked whether it is still there, and how often in which distance
/// before its connection is given up.
const SILENCE: Duration = Duration::from_secs(60);
const ASKED_AGAIN: Duration = Duration::from_secs(15);
const QUESTIONS: u32 = 4;

/// How long the relay waits when a connection cannot be taken.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What is said when the relay listens.
const READY: u8 = b'r';

/// Takes this process out of the host's network, if that is wanted; a relay stays behind.
///
/// Must be called while it has every right in its namespace and still sees the host's files: the
/// relay looks names up by them.
pub(super) fn leave_network(network: &Network) -> Result<(), String> {
    let Network::Alone(remote) = network else {
        return Ok(());
    };
    let steps = || -> io::Result<()> {
        let relay = remote.as_ref().map(start).transpose()?;
        unshare(CloneFlags::CLONE_NEWNET)?;
        super::loopback::raise()?;
        if let (Some(remote), Some(relay)) = (remote, relay) {
            hand_over(&TcpListener::bind(remote.inside())?, relay)?;
        }
        Ok(())
    };
    steps().map_err(|error| format!("cannot make a network of its own: {error}"))
}

/// Starts the relay; returns the way to it.
fn start(remote: &Remote) -> io::Result<UnixStream> {
    let (ours, its) = UnixStream::pair()?;
    let (host, port) = remote.outside();
    Command::new(own_program())
        .arg0("bridge")
        .args(["guard-relay", host, &port.to_string()])
        .env_clear()
        .stdin(Stdio::from(OwnedFd::from(its)))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(ours)
}

/// Gives the relay what listens, and waits until it has taken it: from then on nobody inside can
/// look into it.
fn hand_over(listener: &TcpListener, mut relay: UnixStream) -> io::Result<()> {
    let handed = [listener.as_fd()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut message = SendAncillaryBuffer::new(&mut space);
    message.push(SendAncillaryMessage::ScmRights(&handed));
    let bytes = [IoSlice::new(&[READY])];
    rustix::net::sendmsg(&relay, &bytes, &mut message, SendFlags::NOSIGNAL)?;
    let mut answer = [0];
    relay.read_exact(&mut answer)
}

/// Runs the role `guard-relay`: leads what connects to a host, until its room ends.
pub(super) fn relay_main(mut args: impl Iterator<Item = OsString>) -> ExitCode {
    let host = args.next().and_then(|host| host.into_string().ok());
    let port = args.next().and_then(|port| port.to_str()?.parse().ok());
    let (Some(host), Some(port)) = (host, port) else {
        return refuse("the relay lacks its host and port");
    };
    prctl::set_name(c"bridge-relay").ok();
    let listener = match take_over() {
        Ok(listener) => listener,
        Err(error) => return refuse(&format!("the relay got nothing to listen on: {error}")),
    };
    serve(&listener, (&host, port))
}

/// Gives up every right, takes what listens, and says so.
fn take_over() -> io::Result<TcpListener> {
    // Whoever is the same user inside has no business in its memory, nor with what it has open.
    prctl::set_dumpable(false)?;
    wall::give_up_rights(None).map_err(io::Error::other)?;
    let mut guard = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut message = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    rustix::net::recvmsg(
        &guard,
        &mut [IoSliceMut::new(&mut byte)],
        &mut message,
        RecvFlags::CMSG_CLOEXEC,
    )?;
    let handed = message.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut handed) => handed.next(),
        RecvAncillaryMessage::ScmCredentials(_) | _ => None,
    });
    let handed = handed.ok_or_else(|| io::Error::other("the guard sent no listener"))?;
    guard.write_all(&[READY])?;
    Ok(TcpListener::from(handed))
}

fn serve(listener: &TcpListener, remote: (&str, u16)) -> ! {
    let (host, port) = (remote.0.to_owned(), remote.1);
    // One for the relay itself, and one for each connection.
    let live = Arc::new((host, port));
    loop {
        // A connection that ended before it was taken, or no descriptor left for now, is no end.
        let Ok((inside, _)) = listener.accept() else {
            thread::sleep(ACCEPT_PAUSE);
            continue;
        };
        if Arc::strong_count(&live) > MAX_CONNECTIONS {
            continue;
        }
        let remote = live.clone();
        let led = thread::Builder::new().spawn(move || {
            if let Ok(outside) = connect(&remote.0, remote.1) {
                lead(&inside, &outside);
            }
        });
        // Without a thread the connection is closed, which its other end is told.
        drop(led);
    }
}

/// Connects to the first address of a host that answers.
fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut addresses = (host, port).to_socket_addrs()?;
    let reached = addresses
        .find_map(|address: SocketAddr| TcpStream::connect_timeout(&address, CONNECT_TIMEOUT).ok());
    reached.ok_or_else(|| io::ErrorKind::HostUnreachable.into())
}

/// Carries bytes both ways until both ends have said all, or one of them has gone without a word.
fn lead(inside: &TcpStream, outside: &TcpStream) {
    inside.set_nodelay(true).ok();
    outside.set_nodelay(true).ok();
    // An answer may take its time, so a silent host is asked whether it is still there.
    ask_when_silent(outside).ok();
    thread::scope(|scope| {
        scope.spawn(|| carry(outside, inside));
        carry(inside, outside);
    });
}

fn ask_when_silent(stream: &TcpStream) -> io::Result<()> {
    sockopt::set_socket_keepalive(stream, true)?;
    sockopt::set_tcp_keepidle(stream, SILENCE)?;
    sockopt::set_tcp_keepintvl(stream, ASKED_AGAIN)?;
    Ok(sockopt::set_tcp_keepcnt(stream, QUESTIONS)?)
}

fn carry(mut from: &TcpStream, mut to: &TcpStream) {
    let carried = io::copy(&mut from, &mut to);
    to.shutdown(Shutdown::Write).ok();
    if carried.is_err() {
        // The other way has nobody to speak to any more.
        from.shutdown(Shutdown::Both).ok();
        to.shutdown(Shutdown::Both).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_connects_is_led_to_the_host_byte_for_byte() {
        let host = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = host.local_addr().unwrap().port();
        let answering = thread::spawn(move || {
            let (mut stream, _) = host.accept().unwrap();
            let mut heard = Vec::new();
            stream.read_to_end(&mut heard).unwrap();
            heard.reverse();
            stream.write_all(&heard).unwrap();
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let inside = listener.local_addr().unwrap();
        thread::spawn(move || serve(&listener, ("127.0.0.1", port)));
        let mut stream = TcpStream::connect(inside).unwrap();
        let said: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
        stream.write_all(&said).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).unwrap();
        heard.reverse();
        assert!(heard == said, "{} bytes came back", heard.len());
        answering.join().unwrap();
    }

    #[test]
    fn a_silent_host_is_asked_whether_it_is_still_there() {
        let host = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(host.local_addr().unwrap()).unwrap();
        ask_when_silent(&stream).unwrap();
        assert!(sockopt::socket_keepalive(&stream).unwrap());
        assert_eq!(sockopt::tcp_keepidle(&stream).unwrap(), SILENCE);
        assert_eq!(sockopt::tcp_keepcnt(&stream).unwrap(), QUESTIONS);
    }

    #[test]
    fn a_host_that_does_not_answer_ends_the_connection() {
        let gone = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = gone.local_addr().unwrap().port();
        drop(gone);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let inside = listener.local_addr().unwrap();
        thread::spawn(move || serve(&listener, ("127.0.0.1", port)));
        let mut stream = TcpStream::connect(inside).unwrap();
        let mut heard = Vec::new();
        assert!(matches!(stream.read_to_end(&mut heard), Ok(0) | Err(_)));
    }
}
