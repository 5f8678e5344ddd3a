//! What a field takes of what somebody types or chooses, and what it does not.

use super::*;

fn field(kind: FieldKind) -> Field {
    Field {
        key: "k".to_owned(),
        title: "T".to_owned(),
        about: String::new(),
        kind,
        is_required: true,
        default: None,
    }
}

fn text(format: TextFormat) -> Field {
    field(FieldKind::Text {
        at_least: None,
        at_most: None,
        format,
        pattern: None,
    })
}

fn choice(picks: Picks, (at_least, at_most): (usize, usize)) -> Field {
    let option = |key: &str, label: &str| FormOption {
        key: key.to_owned(),
        label: label.to_owned(),
    };
    field(FieldKind::Choice {
        options: vec![
            option("r", "Red"),
            option("g", "Green"),
            option("7", "Seven"),
        ],
        picks,
        at_least,
        at_most,
    })
}

/// Checks which texts a field takes; whatever it takes of a text is that text.
fn check(field: &Field, taken: &[&str], refused: &[&str]) {
    for text in taken {
        assert!(field.read(text).is_some(), "refuses {text:?}");
    }
    for text in refused {
        assert_eq!(field.read(text), None, "takes {text:?}");
    }
}

#[test]
fn a_text_has_as_many_characters_as_it_may() {
    let field = field(FieldKind::Text {
        at_least: Some(2),
        at_most: Some(3),
        format: TextFormat::Any,
        pattern: None,
    });
    check(&field, &["ab", "äöü", "👍👍"], &["", "a", "abcd"]);
}

#[test]
fn a_text_has_its_form() {
    check(
        &text(TextFormat::Email),
        &["a@b.example", " a.b+c@d.example "],
        &[
            "",
            "a",
            "a@",
            "@b.example",
            "a@b",
            "a b@c.example",
            "a@b@c.example",
            "a@.example",
        ],
    );
    check(
        &text(TextFormat::Uri),
        &["https://a.example/x?y", "mailto:a@b.example"],
        &["", "a.example", "https://", "https://a b", "1a:x", ":x"],
    );
    check(
        &text(TextFormat::Date),
        &["2026-11-30", "2024-02-29", "2000-02-29"],
        &[
            "",
            "30.11.2026",
            "2026-11-31",
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "26-1-1",
            "2026-11-00",
            "2026-11-30-1",
        ],
    );
    check(
        &text(TextFormat::DateTime),
        &[
            "2026-11-30T14:05:00Z",
            "2026-11-30t14:05:00.25+02:00",
            "2026-11-30 14:05:00z",
        ],
        &[
            "",
            "2026-11-30",
            "2026-11-30T14:05Z",
            "2026-11-30T24:00:00Z",
            "2026-11-30T14:05:00",
            "2026-11-30T14:05:00.Z",
            "2026-11-31T14:05:00Z",
        ],
    );
}

#[test]
fn a_number_is_within_its_bounds_and_written_as_json() {
    let number = |is_whole, at_least: Option<&str>, at_most: Option<&str>| {
        field(FieldKind::Number {
            is_whole,
            at_least: at_least.map(str::to_owned),
            at_most: at_most.map(str::to_owned),
        })
    };
    let whole = number(true, Some("1"), Some("10"));
    check(
        &whole,
        &["1", "10", "+5", " 7 "],
        &["0", "11", "2.5", "x", "", "0x1", "1e1"],
    );
    assert_eq!(whole.read("+5"), Some(FieldValue::Number("5".to_owned())));
    let any = number(false, Some("-0.5"), None);
    check(
        &any,
        &["-0.5", "1e3", "2", ".5"],
        &["-0.6", "inf", "NaN", "1e999", "1,5"],
    );
    assert_eq!(any.read(".5"), Some(FieldValue::Number("0.5".to_owned())));
    assert_eq!(any.read("1e3"), Some(FieldValue::Number("1000".to_owned())));
}

#[test]
fn yes_and_no_are_typed_or_chosen() {
    let field = field(FieldKind::Truth);
    check(&field, &["yes", "No", "true", "n"], &["", "maybe", "1"]);
    assert_eq!(field.picked(0), Some(FieldValue::Truth(true)));
    assert_eq!(field.picked(1), Some(FieldValue::Truth(false)));
    assert_eq!(field.picked(2), None);
}

#[test]
fn a_choice_is_typed_as_it_is_shown_or_by_its_number() {
    let field = choice(Picks::One, (0, 0));
    let key = |typed| match field.read(typed) {
        Some(FieldValue::Text(key)) => Some(key),
        Some(FieldValue::Number(_) | FieldValue::Truth(_) | FieldValue::Several(_)) | None => None,
    };
    assert_eq!(key("green").as_deref(), Some("g"));
    assert_eq!(key("1").as_deref(), Some("r"));
    assert_eq!(
        key("7").as_deref(),
        Some("7"),
        "what is chosen goes before its place"
    );
    check(&field, &["3"], &["", "0", "4", "blue"]);
    assert_eq!(field.picked(3), None);
}

#[test]
fn of_several_choices_as_many_are_taken_as_may_be() {
    let field = choice(Picks::Many, (1, 2));
    assert_eq!(field.ticked(&[]), None);
    assert_eq!(field.ticked(&[0, 1, 2]), None);
    assert_eq!(field.ticked(&[9]), None);
    let both = FieldValue::Several(vec!["r".to_owned(), "g".to_owned()]);
    assert_eq!(field.ticked(&[0, 1]), Some(both));
    check(&field, &["red", "2"], &["blue"]);
    assert_eq!(choice(Picks::One, (0, 9)).ticked(&[0]), None);
}

#[test]
fn what_is_proposed_is_marked() {
    let mut several = choice(Picks::Many, (0, 3));
    several.default = Some(FieldValue::Several(vec!["g".to_owned(), "x".to_owned()]));
    assert_eq!(several.proposed(), [1]);
    let mut truth = field(FieldKind::Truth);
    truth.default = Some(FieldValue::Truth(false));
    assert_eq!(truth.proposed(), [1]);
    assert_eq!(text(TextFormat::Any).proposed(), [0_usize; 0]);
}
