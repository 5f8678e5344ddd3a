//! Raises the loopback device of a network that was just made, in which it is the only one.

use std::io;

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socket_with,
};

/// The number of the loopback device in every network.
const LOOPBACK: i32 = 1;

/// `RTM_NEWLINK`, which also changes a device.
const CHANGE_LINK: u16 = 16;

/// `NLM_F_REQUEST | NLM_F_ACK`.
const REQUEST_WITH_ANSWER: u16 = 1 | 4;

/// `NLMSG_ERROR`, which also says that there was none.
const OUTCOME: u16 = 2;

/// `IFF_UP`.
const UP: u32 = 1;

/// How long a request is: the header of every message, then that of a device.
const REQUEST_LENGTH: usize = 16 + 16;

/// Raises the loopback device; needs the right to change this network.
pub(super) fn raise() -> io::Result<()> {
    // Without a protocol it is that of devices and routes.
    let socket = socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        None,
    )?;
    send(&socket, &request(), SendFlags::empty())?;
    let mut answer = [0; 256];
    let (_, length) = recv(&socket, &mut answer[..], RecvFlags::empty())?;
    outcome(answer.get(..length).unwrap_or_default())
}

fn request() -> Vec<u8> {
    let mut all = Vec::with_capacity(REQUEST_LENGTH);
    all.extend((REQUEST_LENGTH as u32).to_ne_bytes());
    all.extend(CHANGE_LINK.to_ne_bytes());
    all.extend(REQUEST_WITH_ANSWER.to_ne_bytes());
    // The number of the request, and whose it is: the kernel knows.
    all.extend([0; 8]);
    // Of any family and type.
    all.extend([0; 4]);
    all.extend(LOOPBACK.to_ne_bytes());
    all.extend(UP.to_ne_bytes());
    // Which flags change.
    all.extend(UP.to_ne_bytes());
    all
}

/// Reads the kernel's answer: a header, then 0 or the negative number of an error.
fn outcome(answer: &[u8]) -> io::Result<()> {
    let kind = answer.get(4..6).and_then(|bytes| bytes.try_into().ok());
    let code = answer.get(16..20).and_then(|bytes| bytes.try_into().ok());
    match (kind.map(u16::from_ne_bytes), code.map(i32::from_ne_bytes)) {
        (Some(OUTCOME), Some(0)) => Ok(()),
        (Some(OUTCOME), Some(code)) => Err(io::Error::from_raw_os_error(code.saturating_neg())),
        (_, _) => Err(io::Error::other(
            "the kernel gave no answer about its loopback device",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_says_what_went_wrong() {
        let answer = |kind: u16, code: i32| {
            let mut all = vec![0; 16];
            all[4..6].copy_from_slice(&kind.to_ne_bytes());
            all.extend(code.to_ne_bytes());
            outcome(&all).map_err(|error| error.kind())
        };
        assert_eq!(answer(OUTCOME, 0), Ok(()));
        assert_eq!(answer(OUTCOME, -1), Err(io::ErrorKind::PermissionDenied));
        assert_eq!(answer(3, 0), Err(io::ErrorKind::Other));
        assert!(outcome(&[]).is_err());
    }
}
