//! The wall of Landlock: the kernel refuses what no rule allows. It needs no namespace.

use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
    path_beneath_rules,
};

use super::look::DEVICES;
use super::network::Network;
use super::sockets;
use super::view::View;

/// The newest rules that were tried.
const NEWEST: ABI = ABI::V7;

/// The oldest that keep files of others whole: before them any could be emptied.
const OLDEST: ABI = ABI::V3;

/// What every agent reads. Not `/dev`: root owns the disks there.
const SYSTEM: &[&str] = &[
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/opt",
    "/etc",
    "/sys",
    "/proc",
    "/nix/store",
    "/run/systemd/resolve",
];

/// Folders of the system where every agent writes.
const WRITTEN: &[&str] = &["/dev/shm", "/dev/pts", "/dev/ptmx"];

/// Lets this process and all below it reach what the view says and nothing else, for good.
///
/// There is no rule that denies: what lies below a path of the view is in view.
pub(in crate::claude::guard) fn confine_files(view: &View, folder: &Path) -> Result<(), String> {
    if let Network::Alone(_) = view.network {
        return Err("a network of its own needs a room of its own (strict)".to_owned());
    }
    let read = SYSTEM.iter().map(PathBuf::from);
    let read = read.chain(view.read.iter().cloned());
    let devices = DEVICES.iter().map(|name| Path::new("/dev").join(name));
    let own = [
        Some(folder.to_owned()),
        view.home.clone(),
        view.inbox.clone(),
    ];
    let written = WRITTEN.iter().map(PathBuf::from).chain(devices);
    let written = written
        .chain(view.write.iter().cloned())
        .chain(own.into_iter().flatten());
    let needed = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(OLDEST));
    let needed = needed.map_err(|_| {
        "this kernel's Landlock is missing or lets every file be emptied (Linux 6.2 is needed)"
            .to_owned()
    })?;
    let enforced = needed
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))
        .and_then(|ruleset| ruleset.scope(scopes()))
        .and_then(|ruleset| made(ruleset, &view.network))
        .and_then(|ruleset| {
            ruleset.add_rules(path_beneath_rules(read, AccessFs::from_read(NEWEST)))
        })
        .and_then(|ruleset| {
            ruleset.add_rules(path_beneath_rules(written, AccessFs::from_all(NEWEST)))
        })
        .and_then(|ruleset| ruleset.restrict_self());
    match enforced {
        Ok(status) if status.ruleset == RulesetStatus::NotEnforced => {
            Err("this kernel has no Landlock".to_owned())
        }
        Ok(_) => hold_rest(&view.network),
        Err(error) => Err(format!("cannot set up Landlock: {error}")),
    }
}

/// Where connections are kept to ports, closes what Landlock does not see.
fn hold_rest(network: &Network) -> Result<(), String> {
    match network {
        Network::Ports(_) => sockets::refuse_unseen(),
        Network::Open | Network::Alone(_) => Ok(()),
    }
}

/// Keeps signals and connections to sockets without a path inside, where the kernel can (Linux
/// 6.12). It says nothing about files, so that what is mounted in nested namespaces still works.
pub(super) fn confine_scopes(view: &View) -> Result<(), String> {
    let confined = Ruleset::default()
        .scope(scopes())
        .and_then(|ruleset| made(ruleset, &view.network))
        .and_then(|ruleset| ruleset.restrict_self());
    confined.map_err(|error| format!("cannot set up Landlock: {error}"))?;
    hold_rest(&view.network)
}

/// Makes a set of rules in which connections go to the ports of a room; that is not left out where
/// the kernel cannot do it (before Linux 6.7).
fn made(ruleset: Ruleset, network: &Network) -> Result<RulesetCreated, RulesetError> {
    let Network::Ports(ports) = network else {
        return ruleset.create();
    };
    let ports = ports.iter().map(|port| {
        let rule = NetPort::new(*port, AccessNet::ConnectTcp);
        Ok::<_, RulesetError>(rule)
    });
    let ruleset = ruleset
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessNet::ConnectTcp)?;
    ruleset
        .create()?
        .add_rules(ports)
        .map(|ruleset| ruleset.set_compatibility(CompatLevel::BestEffort))
}

/// Tells whether this kernel can keep connections to certain ports.
pub fn holds_ports() -> bool {
    let ruleset = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    let made = ruleset.handle_access(AccessNet::ConnectTcp);
    made.and_then(Ruleset::create).is_ok()
}

fn scopes() -> BitFlags<Scope> {
    Scope::AbstractUnixSocket | Scope::Signal
}
