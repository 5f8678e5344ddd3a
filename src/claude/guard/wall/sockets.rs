//! Refuses the ways to connect by TCP that Landlock does not see.
//!
//! Multipath TCP has sockets of its own kind, and TCP Fast Open connects while it sends or writes.
//! What is done through an `io_uring` passes no filter of system calls, so there is none.

use std::collections::BTreeMap;

use nix::libc;
use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, apply_filter,
};

/// From linux/socket.h and, since Linux 6.11, linux/in.h; libc has neither.
const AF_SMC: i32 = 43;
const IPPROTO_SMC: i32 = 256;

/// What is refused of a system call; everything where there is nothing.
type Refused = Vec<(i64, Vec<SeccompRule>)>;

/// Lets this process and all below it connect by TCP only in the way that Landlock judges, for
/// good. A program of another architecture, such as one of 32 bits, is ended.
pub(super) fn refuse_unseen() -> Result<(), String> {
    let steps = || -> Result<(), Error> {
        // Whoever tries it goes on with plain TCP after this.
        apply(other_kinds()?, libc::EPROTONOSUPPORT)?;
        apply(fast_open()?, libc::EOPNOTSUPP)?;
        apply(vec![(libc::SYS_io_uring_setup, Vec::new())], libc::ENOSYS)
    };
    steps().map_err(|error| format!("cannot filter system calls: {error}"))
}

/// Sockets that carry TCP under another name: Multipath TCP, SMC, which falls back to it, and RDS,
/// which runs over it.
fn other_kinds() -> Result<Refused, Error> {
    let kinds = [
        (2, libc::IPPROTO_MPTCP),
        (2, IPPROTO_SMC),
        (0, AF_SMC),
        (0, libc::AF_RDS),
    ];
    let rule = |(argument, number)| Ok(SeccompRule::new(vec![is(argument, number)?])?);
    let rules: Result<Vec<_>, Error> = kinds.into_iter().map(rule).collect();
    Ok(vec![(libc::SYS_socket, rules?)])
}

fn fast_open() -> Result<Refused, Error> {
    let flagged = |argument| -> Result<_, Error> {
        let flag = u64::from(libc::MSG_FASTOPEN.cast_unsigned());
        let has_flag = SeccompCmpOp::MaskedEq(flag);
        let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, has_flag, flag)?;
        Ok(vec![SeccompRule::new(vec![condition])?])
    };
    let option = SeccompRule::new(vec![
        is(1, libc::IPPROTO_TCP)?,
        is(2, libc::TCP_FASTOPEN_CONNECT)?,
    ])?;
    Ok(vec![
        (libc::SYS_sendto, flagged(3)?),
        (libc::SYS_sendmsg, flagged(2)?),
        (libc::SYS_sendmmsg, flagged(3)?),
        (libc::SYS_setsockopt, vec![option]),
    ])
}

/// Says whether an argument is a number.
fn is(argument: u8, number: i32) -> Result<SeccompCondition, Error> {
    let number = u64::from(number.cast_unsigned());
    let condition =
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, number)?;
    Ok(condition)
}

fn apply(refused: Refused, errno: i32) -> Result<(), Error> {
    let refused: BTreeMap<i64, Vec<SeccompRule>> = refused.into_iter().collect();
    let filter = SeccompFilter::new(
        refused,
        SeccompAction::Allow,
        SeccompAction::Errno(errno.cast_unsigned()),
        std::env::consts::ARCH.try_into()?,
    )?;
    let program: BpfProgram = filter.try_into()?;
    apply_filter(&program)
}
