//! Pure: how much of its own home an agent has filled, and what that means.

/// How much of its home an agent has filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HomeUse {
    /// How many bytes lie there; there may be more where not all could be looked at.
    pub used: u64,
    /// How many may.
    pub limit: u64,
}

/// What the fill of a home means; each is more than the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum HomeLevel {
    /// Nothing.
    #[default]
    Roomy,
    /// Whoever asks is told.
    Filling,
    /// The person is told once.
    NearlyFull,
    /// No agent starts there unasked.
    Full,
}

impl HomeUse {
    /// Returns what it means.
    pub fn level(self) -> HomeLevel {
        match self.percent() {
            0..50 => HomeLevel::Roomy,
            50..80 => HomeLevel::Filling,
            80..100 => HomeLevel::NearlyFull,
            100.. => HomeLevel::Full,
        }
    }

    /// Returns the used part in whole percent.
    pub fn percent(self) -> u64 {
        self.used.saturating_mul(100) / self.limit.max(1)
    }
}

/// Whether an agent may start in a home that is full.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FullHome {
    /// It may not.
    #[default]
    Refused,
    /// It may: a person wants it to, so that it can tidy up.
    Allowed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_nearly_full_from_four_fifths_on_and_full_at_its_limit() {
        let level = |used| HomeUse { used, limit: 1000 }.level();
        assert_eq!(level(0), HomeLevel::Roomy);
        assert_eq!(level(499), HomeLevel::Roomy);
        assert_eq!(level(500), HomeLevel::Filling);
        assert_eq!(level(799), HomeLevel::Filling);
        assert_eq!(level(800), HomeLevel::NearlyFull);
        assert_eq!(level(999), HomeLevel::NearlyFull);
        assert_eq!(level(1000), HomeLevel::Full);
        assert_eq!(level(u64::MAX), HomeLevel::Full);
    }
}
