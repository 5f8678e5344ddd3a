//! Pure: whom a command is about, from what was written and what was pointed at.

use super::Pointing;
use crate::ids::UserId;
use crate::user_registry::{BadTarget, Target};

/// The largest id that Telegram gives: at most 52 significant bits, says the Bot API of `User.id`.
pub const MAX_USER_ID: i64 = (1 << 52) - 1;

/// Returns whom a command is about: the id after it, or else whoever the message points at.
pub(super) fn target_of(written: Option<&str>, pointing: &Pointing) -> Target {
    match (written.map(parse_user_id), pointing) {
        (None, Pointing::None) => Target::Bad(BadTarget::Missing),
        (None, Pointing::Hidden) => Target::Bad(BadTarget::Hidden),
        (None, Pointing::At { user, .. }) => Target::User(*user),
        (Some(Ok(written)), Pointing::At { user, .. }) if written != *user => {
            Target::Bad(BadTarget::TwoPeople)
        }
        (Some(Ok(written)), Pointing::None | Pointing::Hidden | Pointing::At { .. }) => {
            Target::User(written)
        }
        (Some(Err(bad)), Pointing::None | Pointing::Hidden | Pointing::At { .. }) => {
            Target::Bad(bad)
        }
    }
}

/// Returns whom a command is about that takes a name as well: `<id> [name]`, or only the name
/// when the message points at somebody.
pub(super) fn target_or_name(
    written: Option<&str>,
    pointing: &Pointing,
) -> (Target, Option<String>) {
    let pointed_name = match pointing {
        Pointing::At { first_name, .. } => Some(first_name.clone()),
        Pointing::None | Pointing::Hidden => None,
    };
    let Some(written) = written else {
        return (target_of(None, pointing), pointed_name);
    };
    let (first, rest) = match written.split_once(char::is_whitespace) {
        Some((first, rest)) => (first, Some(rest.trim().to_owned())),
        None => (written, None),
    };
    match (parse_user_id(first), pointing) {
        (Err(BadTarget::Name), Pointing::At { user, .. }) => {
            (Target::User(*user), Some(written.to_owned()))
        }
        _ => (target_of(Some(first), pointing), rest.or(pointed_name)),
    }
}

/// Reads the id of a person: plain ASCII digits, as Telegram gives them.
///
/// # Errors
///
/// Says what else was written.
pub fn parse_user_id(written: &str) -> Result<UserId, BadTarget> {
    let is_number = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text == "0" || !text.starts_with('0'))
    };
    if written.strip_prefix('-').is_some_and(is_number) {
        return Err(BadTarget::Group);
    }
    if written.starts_with('@') || written.starts_with(char::is_alphabetic) {
        return Err(BadTarget::Name);
    }
    if !is_number(written) {
        return Err(BadTarget::NotANumber);
    }
    match written.parse() {
        Ok(id) if (1..=MAX_USER_ID).contains(&id) => Ok(UserId(id)),
        Ok(_) | Err(_) => Err(BadTarget::OutOfRange),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(id: i64) -> Pointing {
        Pointing::At {
            user: UserId(id),
            first_name: "Ada".into(),
        }
    }

    #[test]
    fn only_plain_digits_of_a_possible_id_are_a_person() {
        let user = |id| Target::User(UserId(id));
        for (written, target) in [
            ("5", user(5)),
            ("4503599627370495", user(MAX_USER_ID)),
            ("4503599627370496", Target::Bad(BadTarget::OutOfRange)),
            ("9223372036854775807", Target::Bad(BadTarget::OutOfRange)),
            ("9223372036854775808", Target::Bad(BadTarget::OutOfRange)),
            (
                "99999999999999999999999",
                Target::Bad(BadTarget::OutOfRange),
            ),
            ("0", Target::Bad(BadTarget::OutOfRange)),
            ("-0", Target::Bad(BadTarget::Group)),
            ("-5", Target::Bad(BadTarget::Group)),
            ("-1001234567890", Target::Bad(BadTarget::Group)),
            ("-9223372036854775808", Target::Bad(BadTarget::Group)),
            ("+5", Target::Bad(BadTarget::NotANumber)),
            ("--5", Target::Bad(BadTarget::NotANumber)),
            ("005", Target::Bad(BadTarget::NotANumber)),
            ("5 6", Target::Bad(BadTarget::NotANumber)),
            ("1 000", Target::Bad(BadTarget::NotANumber)),
            ("5.0", Target::Bad(BadTarget::NotANumber)),
            ("5e3", Target::Bad(BadTarget::NotANumber)),
            ("0x5", Target::Bad(BadTarget::NotANumber)),
            ("٥", Target::Bad(BadTarget::NotANumber)),
            ("５", Target::Bad(BadTarget::NotANumber)),
            ("\u{202e}5", Target::Bad(BadTarget::NotANumber)),
            ("@anna", Target::Bad(BadTarget::Name)),
            ("anna", Target::Bad(BadTarget::Name)),
        ] {
            assert_eq!(
                target_of(Some(written), &Pointing::None),
                target,
                "{written}"
            );
        }
    }

    #[test]
    fn a_reply_stands_for_the_id_and_never_against_it() {
        assert_eq!(target_of(None, &at(5)), Target::User(UserId(5)));
        assert_eq!(target_of(Some("5"), &at(5)), Target::User(UserId(5)));
        let two = Target::Bad(BadTarget::TwoPeople);
        assert_eq!(target_of(Some("6"), &at(5)), two);
        let name = Target::Bad(BadTarget::Name);
        assert_eq!(target_of(Some("anna"), &at(5)), name);
        let hidden = Target::Bad(BadTarget::Hidden);
        assert_eq!(target_of(None, &Pointing::Hidden), hidden);
        let missing = Target::Bad(BadTarget::Missing);
        assert_eq!(target_of(None, &Pointing::None), missing);
    }

    #[test]
    fn a_name_can_follow_the_id_or_the_reply() {
        let five = Target::User(UserId(5));
        let named = |name: &str| (five.clone(), Some(name.to_owned()));
        let nowhere = Pointing::None;
        assert_eq!(
            target_or_name(Some("5 Ada Love"), &nowhere),
            named("Ada Love")
        );
        assert_eq!(target_or_name(Some("5"), &nowhere), (five.clone(), None));
        assert_eq!(target_or_name(Some("5"), &at(5)), named("Ada"));
        assert_eq!(target_or_name(None, &at(5)), named("Ada"));
        assert_eq!(target_or_name(Some("Eve Doe"), &at(5)), named("Eve Doe"));
        let (target, _) = target_or_name(Some("Eve Doe"), &nowhere);
        assert_eq!(target, Target::Bad(BadTarget::Name));
    }
}
