//! What the rooms of agents are opened for.

use std::path::PathBuf;

use serde::Deserialize;

use super::values;

/// `[isolation]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Isolation {
    /// Further paths that every room reads; absolute.
    pub read: Vec<PathBuf>,
    /// The first user id of rooms, where the bridge runs as root.
    pub first_uid: u32,
    /// How much memory a room may have, in bytes, where the bridge can bound it.
    #[serde(deserialize_with = "values::size_or_none")]
    pub memory: Option<u64>,
    /// How far the connections of agents in rooms reach.
    pub network: Egress,
    /// The ports of hosts that they reach where `network` is "ports": 1 to 64 of them.
    pub connect: Vec<u16>,
}

/// How far the connections of agents in rooms reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Egress {
    /// As far as those of the host.
    #[default]
    Open,
    /// By TCP to some ports.
    Ports,
    /// To Claude's API alone.
    None,
}

impl Default for Isolation {
    fn default() -> Self {
        Self {
            read: Vec::new(),
            first_uid: 200_000,
            memory: Some(4096 * values::MEGABYTE),
            network: Egress::Open,
            connect: vec![443],
        }
    }
}
