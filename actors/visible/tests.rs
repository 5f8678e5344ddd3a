//! What is shown says all that is there.

use proptest::prelude::*;

use super::*;

#[test]
fn what_hides_is_named_and_what_is_seen_stays() {
    for (text, shown) in [
        ("rm -rf \"build\" # größer", "rm -rf \"build\" # größer"),
        ("a\tb\n  c", "a\tb\n  c"),
        ("echo \u{202e}dlrow", "echo ⟦U+202E⟧dlrow"),
        ("l\u{200b}s", "l⟦U+200B⟧s"),
        ("\u{1b}[2Jls\rpwd", "⟦U+001B⟧[2Jls⟦U+000D⟧pwd"),
        ("rm a\\ ", "rm a\\⟦U+0020⟧"),
        ("a \nb", "a⟦U+0020⟧\nb"),
        ("a\n\n", "a⟦U+000A⟧⟦U+000A⟧"),
        ("a\u{a0}b", "a⟦U+00A0⟧b"),
        ("x\u{fe0f}\u{3164}\u{e0041}", "x⟦U+FE0F⟧⟦U+3164⟧⟦U+E0041⟧"),
        ("⟦U+202E⟧", "⟦U+27E6⟧U+202E⟧"),
        ("न\u{93f}", "न\u{93f}"),
    ] {
        assert_eq!(visible(text), shown);
    }
}

/// Whoever looked from each space to the end of its run would take 10^13 steps here.
#[test]
fn a_run_of_spaces_takes_as_many_steps_as_it_is_long() {
    let run = " ".repeat(4_000_000);
    let seen = format!("a{run}b");
    assert_eq!(visible(&seen), seen);
    assert_eq!(visible(&"\n\t ".repeat(1_000_000)).len(), 25_000_000);
    assert_eq!(visible(&run).len(), "⟦U+0020⟧".len() * 4_000_000);
}

/// Text full of what an attacker would use.
pub(crate) fn hostile_text() -> impl Strategy<Value = String> {
    let sign = prop_oneof![
        any::<char>(),
        prop::sample::select(vec![
            ' ', '\n', '\t', '\r', '⟦', '⟧', '\u{202e}', '\u{2066}', '\u{200b}', '\u{200d}',
            '\u{feff}', '\u{1b}', '\u{0}', 'U', '+', '2', '`', '\\',
        ]),
    ];
    prop::collection::vec(sign, 0..60).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn two_texts_never_look_the_same(text in hostile_text()) {
        let shown = visible(&text);
        prop_assert_eq!(hidden_again(&shown), text);
        prop_assert!(shown.lines().all(|line| line.trim_end() == line));
        prop_assert!(!shown.ends_with('\n'));
        prop_assert!(shown.chars().all(|sign| sign == '\n' || sign == '\t' || !sign.is_control()));
    }
}
