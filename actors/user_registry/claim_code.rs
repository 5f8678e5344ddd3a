//! The code that claims an unclaimed bridge.

use std::fmt;

/// 32 signs that nobody confuses: no I, O, 0, 1.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// Makes a claim code of eight signs, 40 bits, from eight random bytes.
pub fn claim_code_from(random: [u8; 8]) -> String {
    random
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect()
}

/// The code; never printed by accident.
pub(super) struct ClaimCode(String);

impl ClaimCode {
    pub(super) fn new(code: &str) -> Self {
        Self(code.trim().to_ascii_uppercase())
    }

    /// Returns whether a person typed the code, in a time that tells nothing about the place of
    /// a wrong sign. An empty code is never right.
    pub(super) fn is(&self, typed: &str) -> bool {
        let typed = typed.trim().to_ascii_uppercase();
        let difference = (self.0.bytes().zip(typed.bytes()))
            .fold(0, |difference, (ours, theirs)| difference | (ours ^ theirs));
        !self.0.is_empty() && typed.len() == self.0.len() && difference == 0
    }
}

impl fmt::Debug for ClaimCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_eight_signs_that_nobody_confuses() {
        assert_eq!(claim_code_from([0, 1, 31, 32, 63, 64, 255, 7]), "AB9A9A9H");
        for byte in 0..=u8::MAX {
            let code = claim_code_from([byte; 8]);
            assert_eq!(code.len(), 8);
            assert!(!code.contains(['I', 'O', '0', '1']));
        }
    }

    #[test]
    fn case_and_space_around_a_code_do_not_matter() {
        let code = ClaimCode::new("AB9A9A9H");
        assert!(code.is(" ab9a9a9h\n"));
        for wrong in ["", "AB9A9A9", "AB9A9A9HH", "BB9A9A9H", "AB9A9A9G"] {
            assert!(!code.is(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_empty_code_claims_nothing() {
        assert!(!ClaimCode::new("").is(""));
    }

    #[test]
    fn a_code_is_not_printed_by_debug() {
        assert!(!format!("{:?}", ClaimCode::new("SECRET22")).contains("SECRET22"));
    }
}
