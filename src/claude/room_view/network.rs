//! Pure: how far the connections of rooms are to reach, and what that is for a single agent.

use std::ffi::{OsStr, OsString};

use super::SERVICES;
use crate::claude::guard::{Network, Remote};

/// Names the address of the API.
const BASE: &str = "ANTHROPIC_BASE_URL";

/// Keeps Claude from connections that its work does not need.
const LITTLE_TRAFFIC: &str = "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC";

/// How far the connections of rooms are to reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum NetworkLimit {
    /// As far as those of the host.
    #[default]
    Open,
    /// By TCP to these ports alone.
    Ports(Vec<u16>),
    /// To Claude's API alone.
    Api,
}

impl NetworkLimit {
    /// Returns what holds for a program that needs no host.
    pub fn without_hosts(&self) -> Network {
        match self {
            Self::Open => Network::Open,
            Self::Ports(ports) => Network::Ports(ports.clone()),
            Self::Api => Network::Alone(None),
        }
    }

    /// Returns what holds for an agent with this environment.
    ///
    /// # Errors
    ///
    /// When it is to reach the API alone, and its environment leads to another place.
    pub fn for_agent(&self, environment: &[(OsString, OsString)]) -> Result<Network, String> {
        let value = |wanted: &str| {
            let mut variables = environment.iter();
            let found = variables.find(|(name, value)| name == wanted && !value.is_empty());
            found.map(|(_, value)| value.to_string_lossy())
        };
        match self {
            Self::Open | Self::Ports(_) => Ok(self.without_hosts()),
            Self::Api => match SERVICES.iter().find(|name| value(name).is_some()) {
                Some(service) => Err(format!(
                    "isolation.network \"none\" leads to Anthropic's API alone, and {service} is set"
                )),
                None => {
                    let api = Remote::of_api(value(BASE).as_deref())?;
                    Ok(Network::Alone(Some(api)))
                }
            },
        }
    }

    /// Says whether a variable leads to a host that cannot be reached.
    pub(super) fn cuts(&self, name: &str) -> bool {
        let is_proxy = name.to_ascii_uppercase().ends_with("_PROXY");
        *self == Self::Api && is_proxy
    }

    /// Returns what an agent is to know of it: its reports and updates would wait in vain.
    pub(super) fn variable(&self) -> Option<(&'static str, &'static OsStr)> {
        (*self == Self::Api).then(|| (LITTLE_TRAFFIC, OsStr::new("1")))
    }
}
