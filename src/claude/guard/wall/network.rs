//! Pure: how far the connections of a room reach, and how the guard is told.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use reqwest::Url;

/// The host of Claude's API where the environment names no other.
const USUAL_API: &str = "https://api.anthropic.com";

/// How far the connections of a room reach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Network {
    /// As far as those of the host.
    #[default]
    Open,
    /// By TCP to these ports, on whatever host; UDP is not held.
    Ports(Vec<u16>),
    /// Nowhere: the room has a network of its own, out of which a relay leads to one host at most.
    Alone(Option<Remote>),
}

/// A host that a relay leads to. Encryption goes on to the host itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    host: String,
    port: u16,
}

impl Remote {
    /// Returns the host of Claude's API; `base` is the value of `ANTHROPIC_BASE_URL`, if it is set.
    ///
    /// # Errors
    ///
    /// When `base` is no such address, or one that cannot stand for another host inside.
    pub fn of_api(base: Option<&str>) -> Result<Self, String> {
        let base = base.filter(|base| !base.is_empty()).unwrap_or(USUAL_API);
        let url = Url::parse(base).map_err(|error| format!("ANTHROPIC_BASE_URL: {error}"))?;
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = url.port_or_known_default();
        let (false, Some(port)) = (host.is_empty(), port) else {
            return Err("ANTHROPIC_BASE_URL names no host and port".to_owned());
        };
        let address = host.parse::<IpAddr>();
        if address.is_ok_and(|address| !address.is_loopback()) {
            return Err(
                "ANTHROPIC_BASE_URL names a host by its number, which has no place in a room \
                 without a network: write its name"
                    .to_owned(),
            );
        }
        Ok(Self {
            host: host.to_owned(),
            port,
        })
    }

    /// Returns its name and port, as they are looked up outside.
    pub(in crate::claude::guard) fn outside(&self) -> (&str, u16) {
        (&self.host, self.port)
    }

    /// Returns where the relay listens in the room.
    pub(in crate::claude::guard) fn inside(&self) -> SocketAddr {
        let address = self.host.parse();
        SocketAddr::new(
            address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            self.port,
        )
    }

    fn to_word(&self) -> String {
        format!("{}={}", self.host, self.port)
    }

    fn of_word(word: &str) -> Option<Self> {
        let (host, port) = word.rsplit_once('=')?;
        let port = port.parse().ok()?;
        let host = host.to_owned();
        (!host.is_empty()).then_some(Self { host, port })
    }
}

impl Network {
    /// Returns it as arguments of the guard; what is open needs none.
    pub(super) fn to_arguments(&self) -> Vec<OsString> {
        match self {
            Self::Open => Vec::new(),
            Self::Ports(ports) => {
                let ports = ports.iter().map(u16::to_string);
                ports
                    .flat_map(|port| ["--connect".into(), port.into()])
                    .collect()
            }
            Self::Alone(remote) => {
                let word = remote.as_ref().map(Remote::to_word).unwrap_or_default();
                vec!["--relay".into(), word.into()]
            }
        }
    }

    /// Takes one of these arguments.
    pub(super) fn take(&mut self, flag: &str, value: &str) -> Result<(), String> {
        match (flag, &mut *self) {
            ("--connect", network) => {
                let port = value.parse();
                let port = port.map_err(|_| format!("`--connect {value}` is not a port"))?;
                match network {
                    Self::Ports(ports) => ports.push(port),
                    Self::Open => *network = Self::Ports(vec![port]),
                    Self::Alone(_) => return Err("`--connect` comes with `--relay`".to_owned()),
                }
            }
            (_, network) => {
                let remote = Remote::of_word(value);
                if remote.is_none() && !value.is_empty() {
                    return Err(format!("`--relay {value}` names no host and port"));
                }
                *network = Self::Alone(remote);
            }
        }
        Ok(())
    }

    /// Says whether a connection to this port of any host may be made.
    pub(in crate::claude::guard) fn reaches(&self, port: u16) -> bool {
        match self {
            Self::Open => true,
            Self::Ports(ports) => ports.contains(&port),
            Self::Alone(_) => false,
        }
    }

    /// Returns the list of hosts of the room, where it has one of its own.
    pub(super) fn hosts(&self) -> Option<String> {
        let Self::Alone(remote) = self else {
            return None;
        };
        let mut list = "127.0.0.1 localhost\n::1 localhost\n".to_owned();
        let name = remote.as_ref().map(|remote| remote.host.as_str());
        let name = name.filter(|name| name.parse::<IpAddr>().is_err() && *name != "localhost");
        if let Some(name) = name {
            list.push_str(&format!("127.0.0.1 {name}\n"));
        }
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote(base: &str) -> Remote {
        Remote::of_api(Some(base)).expect("an address")
    }

    #[test]
    fn the_api_is_the_usual_one_unless_the_environment_names_another() {
        for usual in [None, Some("")] {
            let api = Remote::of_api(usual).expect("an address");
            assert_eq!(api.outside(), ("api.anthropic.com", 443));
            assert_eq!(api.inside().to_string(), "127.0.0.1:443");
        }
        let gateway = remote("http://Gateway.example:8080/v1");
        assert_eq!(gateway.outside(), ("gateway.example", 8080));
        let own = remote("http://127.0.0.2:4000");
        assert_eq!(own.inside().to_string(), "127.0.0.2:4000");
        assert_eq!(
            remote("http://[::1]:4000").inside().to_string(),
            "[::1]:4000"
        );
    }

    #[test]
    fn what_cannot_stand_for_a_host_is_refused() {
        for base in [
            "http://10.0.0.7:80",
            "http://[2001:db8::1]/",
            "gateway",
            "unix:/x",
        ] {
            let refused = Remote::of_api(Some(base)).expect_err(base);
            assert!(refused.starts_with("ANTHROPIC_BASE_URL"), "{refused}");
        }
    }

    #[test]
    fn a_room_alone_knows_the_one_host_by_its_name() {
        let alone = |remote| Network::Alone(remote).hosts().expect("a list");
        let plain = "127.0.0.1 localhost\n::1 localhost\n";
        assert_eq!(alone(None), plain);
        assert_eq!(alone(Some(remote("http://127.0.0.1:4000"))), plain);
        assert_eq!(
            alone(Some(remote("https://gateway.example"))),
            format!("{plain}127.0.0.1 gateway.example\n")
        );
        assert_eq!(Network::Open.hosts(), None);
    }
}
