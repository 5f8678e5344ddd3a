//! Pure: what our buttons bring back when they are pressed. Anybody can forge it.

use crate::clock::UnixSeconds;
use crate::ids::UserId;
use crate::ports::PageStart;

/// The length of the random part of a join request's buttons, in signs.
const NONCE_LENGTH: usize = 22;

/// A button of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RegistryButton {
    /// Decide about a wish to be let in.
    Join {
        /// Which way.
        answer: JoinAnswer,
        /// Who wants to come in.
        user: UserId,
        /// What proves that it belongs to the request.
        nonce: String,
    },
    /// Show another page of the users.
    Page(PageStart),
    /// Delete all that whoever presses has in their private chat.
    EraseMine {
        /// Until when the question can be answered.
        until: UnixSeconds,
    },
    /// Delete all that somebody left who was removed.
    EraseOf(UserId),
    /// Delete nothing.
    KeepAll,
}

/// The two answers to a wish to be let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinAnswer {
    /// Let them in.
    Approve,
    /// Keep them out.
    Deny,
}

/// Returns the data of a button that decides about a wish to be let in: at most 64 bytes.
pub fn join_button(answer: JoinAnswer, user: UserId, nonce: &str) -> String {
    let letter = match answer {
        JoinAnswer::Approve => 'a',
        JoinAnswer::Deny => 'd',
    };
    format!("j1.{letter}.{user}.{nonce}")
}

/// Makes the random part of a join request's buttons, 128 bits in 22 signs.
pub fn nonce_from(random: [u8; 16]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let number = u128::from_be_bytes(random);
    (0..NONCE_LENGTH)
        .map(|place| char::from(SIGNS[usize::try_from((number >> (6 * place)) & 63).unwrap_or(0)]))
        .collect()
}

/// Returns the data of a button that shows another page.
pub(super) fn page_button(start: PageStart) -> String {
    match start {
        PageStart::First => "u1.f".to_owned(),
        PageStart::After(user) => format!("u1.a.{user}"),
        PageStart::Before(user) => format!("u1.b.{user}"),
    }
}

/// Returns the data of a button that deletes all that whoever presses has.
pub fn erase_mine_button(until: UnixSeconds) -> String {
    format!("e1.m.{}", until.0)
}

/// Returns the data of a button that deletes all that somebody left.
pub fn erase_button(user: UserId) -> String {
    format!("e1.u.{user}")
}

/// Returns the data of a button that deletes nothing.
pub fn keep_button() -> String {
    "e1.k".to_owned()
}

/// Returns the button of the registry that this is the data of.
pub(super) fn parse_button(data: &str) -> Option<RegistryButton> {
    let mut parts = data.split('.');
    let kind = parts.next()?;
    let letter = parts.next()?;
    let parsed = match (kind, letter) {
        ("j1", "a" | "d") => RegistryButton::Join {
            answer: match letter {
                "a" => JoinAnswer::Approve,
                _ => JoinAnswer::Deny,
            },
            user: parse_id(parts.next()?)?,
            nonce: parts.next().filter(|it| it.len() == NONCE_LENGTH)?.into(),
        },
        ("u1", "f") => RegistryButton::Page(PageStart::First),
        ("u1", "a") => RegistryButton::Page(PageStart::After(parse_id(parts.next()?)?)),
        ("u1", "b") => RegistryButton::Page(PageStart::Before(parse_id(parts.next()?)?)),
        ("e1", "k") => RegistryButton::KeepAll,
        ("e1", "u") => RegistryButton::EraseOf(parse_id(parts.next()?)?),
        ("e1", "m") => RegistryButton::EraseMine {
            until: parse_moment(parts.next()?)?,
        },
        _ => return None,
    };
    parts.next().is_none().then_some(parsed)
}

fn parse_moment(text: &str) -> Option<UnixSeconds> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    is_plain
        .then(|| text.parse().ok().map(UnixSeconds))
        .flatten()
}

fn parse_id(text: &str) -> Option<UserId> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    is_plain.then(|| text.parse().ok().map(UserId)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_is_read_as_it_was_made_and_fits_telegram() {
        let nonce = nonce_from([0xff; 16]);
        let user = UserId((1 << 52) - 1);
        for (answer, letter) in [(JoinAnswer::Approve, "a"), (JoinAnswer::Deny, "d")] {
            let data = join_button(answer, user, &nonce);
            assert!(data.starts_with(&format!("j1.{letter}.")), "{data}");
            assert!(data.len() <= 64, "{data}");
            let nonce = nonce.clone();
            let button = RegistryButton::Join {
                answer,
                user,
                nonce,
            };
            assert_eq!(parse_button(&data), Some(button));
        }
        for start in [
            PageStart::First,
            PageStart::After(user),
            PageStart::Before(user),
        ] {
            let data = page_button(start);
            assert_eq!(parse_button(&data), Some(RegistryButton::Page(start)));
        }
    }

    #[test]
    fn a_button_about_a_deletion_is_read_as_it_was_made() {
        let (until, user) = (UnixSeconds(1_800_000_000), UserId(7));
        for (data, button) in [
            (
                erase_mine_button(until),
                RegistryButton::EraseMine { until },
            ),
            (erase_button(user), RegistryButton::EraseOf(user)),
            (keep_button(), RegistryButton::KeepAll),
        ] {
            assert_eq!(parse_button(&data), Some(button), "{data}");
        }
        for forged in [
            "e1", "e1.m", "e1.m.", "e1.m.-1", "e1.m.01", "e1.u.0", "e1.k.1", "e1.x",
        ] {
            assert_eq!(parse_button(forged), None, "{forged}");
        }
    }

    #[test]
    fn every_bit_of_a_nonce_counts() {
        let all: std::collections::HashSet<String> = (0..128)
            .map(|bit| nonce_from((1u128 << bit).to_be_bytes()))
            .collect();
        assert_eq!(all.len(), 128);
        assert!(all.iter().all(|nonce| nonce.len() == NONCE_LENGTH));
    }

    #[test]
    fn what_is_not_exactly_a_button_is_none() {
        let nonce = nonce_from([1; 16]);
        for forged in [
            String::new(),
            "j1".into(),
            "j1.a".into(),
            "j1.a.5".into(),
            format!("j1.a.+5.{nonce}"),
            format!("j1.a.05.{nonce}"),
            format!("j1.a.-5.{nonce}"),
            format!("j1.a. 5.{nonce}"),
            format!("j1.a.9223372036854775808.{nonce}"),
            format!("j1.x.5.{nonce}"),
            format!("j1.a.5.{nonce}.x"),
            format!("j1.a.5.{nonce}x"),
            format!("J1.a.5.{nonce}"),
            "u1.a.".into(),
            "u1.a.5.6".into(),
            "u1.f.5".into(),
        ] {
            assert_eq!(parse_button(&forged), None, "{forged}");
        }
    }
}
