//! Where the login of agents behind a wall is written, and what is there.

use std::fmt;

use serde::{Deserialize, Deserializer};

use super::secret::Secret;

/// The key `claude.credentials`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Credentials {
    /// What is written: `env:NAME`, `file:PATH` or nothing.
    pub written: String,
    /// What is there; filled in when the configuration is loaded.
    pub login: Option<Secret>,
}

impl<'de> Deserialize<'de> for Credentials {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        Ok(Self {
            written: String::deserialize(source)?.trim().to_owned(),
            login: None,
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Somebody may have written the token itself.
        let kind = self.written.split_once(':').map_or("", |(kind, _)| kind);
        write!(f, "{kind:?}")
    }
}
