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

#[test]
fn one_line_stays_one_line() {
    for (text, shown) in [
        (
            "list\nAsked because: it is safe",
            "list⏎Asked because: it is safe",
        ),
        ("a \n\n b \n", "a⟦U+0020⟧⏎⏎ b⟦U+0020⟧⏎"),
        ("a⏎b", "a⟦U+23CE⟧b"),
        (
            "a\u{2028}b\r\u{85}\u{b}",
            "a⟦U+2028⟧b⟦U+000D⟧⟦U+0085⟧⟦U+000B⟧",
        ),
    ] {
        assert_eq!(visible_line(text), shown);
    }
}

#[test]
fn what_shows_nothing_is_named() {
    let blank = [
        '\u{ad}',
        '\u{34f}',
        '\u{61c}',
        '\u{115f}',
        '\u{1160}',
        '\u{17b4}',
        '\u{180b}',
        '\u{180c}',
        '\u{180d}',
        '\u{180e}',
        '\u{180f}',
        '\u{2065}',
        '\u{206f}',
        '\u{2800}',
        '\u{2d7f}',
        '\u{3000}',
        '\u{3164}',
        '\u{fe00}',
        '\u{ffa0}',
        '\u{fff8}',
        '\u{fffc}',
        '\u{1107f}',
        '\u{13440}',
        '\u{13441}',
        '\u{1345f}',
        '\u{16fe4}',
        '\u{1bca0}',
        '\u{1d159}',
        '\u{1d17a}',
        '\u{e0100}',
        '\u{e0fff}',
    ];
    for sign in blank {
        let named = format!("x⟦U+{:04X}⟧y", u32::from(sign));
        assert_eq!(visible(&format!("x{sign}y")), named);
    }
}

/// Whoever looked from each space to the end of its run would take 10^13 steps here.
#[test]
fn a_run_of_spaces_takes_as_many_steps_as_it_is_long() {
    let run = " ".repeat(4_000_000);
    assert_eq!(visible(&format!("a{run}b")), "a⟦U+0020×4000000⟧b");
    let seen = format!("{}b", " ".repeat(64)).repeat(60_000);
    assert_eq!(visible(&seen), seen);
    assert_eq!(visible(&"\n\t ".repeat(1_000_000)).len(), 25_000_000);
    assert_eq!(visible(&run), "⟦U+0020×4000000⟧");
}

/// Text full of what an attacker would use.
pub(crate) fn hostile_text() -> impl Strategy<Value = String> {
    let sign = prop_oneof![
        any::<char>(),
        prop::sample::select(vec![
            ' ', '\n', '\t', '\r', '⟦', '⟧', '⏎', '\u{202e}', '\u{2066}', '\u{200b}', '\u{200d}',
            '\u{feff}', '\u{1b}', '\u{0}', 'U', '+', '2', '`', '\\',
        ]),
    ];
    prop::collection::vec(sign, 0..60).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn two_texts_never_look_the_same(text in hostile_text()) {
        let shown = visible(&text);
        prop_assert_eq!(&hidden_again(&shown), &text);
        prop_assert!(shown.lines().all(|line| line.trim_end() == line));
        prop_assert!(!shown.ends_with('\n'));
        let line = visible_line(&text);
        prop_assert_eq!(line.lines().count(), usize::from(!text.is_empty()));
        prop_assert_eq!(hidden_again(&line.replace('⏎', "\n")), text);
        prop_assert!(shown.chars().all(|sign| sign == '\n' || sign == '\t' || !sign.is_control()));
    }
}

#[test]
fn what_long_runs_of_blanks_would_push_out_of_sight_is_seen() {
    for (blanks, folded) in [
        ("\n".repeat(120), "⟦U+000A×120⟧"),
        (" ".repeat(500), "⟦U+0020×500⟧"),
        ("\t".repeat(50), "⟦U+0009×50⟧"),
        (
            format!("{}\t{}", " ".repeat(60), " ".repeat(3)),
            "⟦U+0020×60⟧⟦U+0009⟧⟦U+0020×3⟧",
        ),
    ] {
        let text = format!("ls{blanks}; rm -rf /");
        let shown = visible(&text);
        assert_eq!(shown, format!("ls{folded}; rm -rf /"));
        assert_eq!(hidden_again(&shown), text);
        assert_eq!(visible_line(&text), shown);
    }
    for few in ["\n".repeat(8), " ".repeat(64), "\t".repeat(8)] {
        let text = format!("a{few}b");
        assert_eq!(visible(&text), text, "code is indented and has empty lines");
    }
    assert_eq!(
        visible("x⟦U+000A×9⟧"),
        "x⟦U+27E6⟧U+000A×9⟧",
        "nobody writes the sign himself"
    );
}

#[test]
fn a_number_in_a_name_costs_no_memory() {
    let claimed = format!("⟦U+000A×{}⟧", usize::MAX);
    assert_eq!(hidden_again(&claimed), claimed);
}
