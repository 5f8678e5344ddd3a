//! What `neutralise` promises.

use proptest::prelude::*;

use super::neutralise_with;
use super::promises::{FOLDER, check_inert, is_js_space, made_inert, resolve};

fn assert_kept(text: &str) {
    assert_eq!(made_inert(text), text);
}

/// Every way to write a mention that either version was seen to read; `P` stands for the path.
const READ_BY_THE_CLI: &[&str] = &[
    "@P",
    "see @P please",
    "@\"P\"",
    "@\" P\"",
    "@\"P \"",
    "@\"\nP\"",
    "@\"\u{feff}P\"",
    "@\"\u{2028}P\"",
    "@\"\u{3000}\u{feff}\u{a0}P\u{feff}\"",
    "@P#L1-2",
    "@P#L1",
    "@P#foo",
    "@P#foo/bar",
    "@P##",
    "@\"P\"#L1",
    "@\"P#L1\"",
    "@P.",
    "@P,",
    "@P!",
    "@P?",
    "@P;",
    "@P:",
    "@P)",
    "@P\"",
    "@P`",
    "@P'",
    "@P]",
    "@P}",
    "@P>",
    "@P&",
    "@P*",
    "@P，",
    "@P。",
    "@P、",
    "@P中",
    "@Pé",
    "@P\\",
    "@P/",
    "@P/.",
    "@P//",
    "@P@",
    "@P\0",
    "\n@P",
    "\t@P",
    "\r@P",
    "\u{b}@P",
    "\u{c}@P",
    "a\u{a0}@P",
    "\u{3000}@P",
    "\u{2028}@P",
    "\u{1680}@P",
    "\u{feff}@P",
    "。@P",
    "、@P",
    "？@P",
    "！@P",
    "@P\u{a0}",
    "@P\u{200b}",
    "@P\u{3000}x",
    "```\n@P\n```",
    "/word @P",
    "@agent-x @P",
    "@\"a @P\"",
    "t @\"a\" @P",
    "@\"P\"x",
];

#[test]
fn path_outside_is_inert_in_every_spelling_that_the_cli_reads() {
    let outside = [
        "/etc/passwd",
        "../out/x",
        "./../out/x",
        "sub/../../out/x",
        "link/x",
        "./link/x",
        "link",
        "sub/../link",
        "no/../link/x",
        "/srv/projx",
        "/srv/./proj/x",
        "/proc/self/root/etc/passwd",
        "~/x",
        "..",
        "/",
        "/srv/proj/../out",
        "/srv/proj/link/x",
        "loop/../x",
    ];
    for path in outside {
        for form in READ_BY_THE_CLI {
            let text = form.replace('P', path);
            let inert = made_inert(&text);
            assert_ne!(inert, text, "{text:?} stays a mention");
            assert_eq!(
                inert.replace("@ ", "@"),
                text,
                "the reader sees another text"
            );
        }
    }
}

#[test]
fn path_inside_stays_a_mention() {
    for path in [
        "a.txt",
        "./a.txt",
        "sub/b.rs",
        "sub/../a.txt",
        "sub/",
        "übung/ä.txt",
        ".hidden",
        "/srv/proj/a.txt",
        "a..b",
        "loop/a.txt",
        "at-home",
    ] {
        for form in ["@P", "see @P please", "@\"P\"", "@P#L1-2", "(@P)"] {
            assert_kept(&form.replace('P', path));
        }
    }
    assert_kept("the folder @/srv/proj itself");
}

#[test]
fn addresses_and_names_are_left_alone() {
    assert_kept("write to ann@example.com, cc @ben and git@github.com:x/y.git");
    assert_kept("@ alone, @, @@ and a trailing @");
    assert_kept("pip install x@1.2 'y@>=3' @types/node");
}

#[test]
fn other_ways_to_say_a_file_are_inert_too() {
    for text in [
        "@file:///etc/passwd",
        "@\"FILE:///etc/passwd\"",
        "@~",
        "@~root/x",
        "x@/etc/passwd",
    ] {
        assert_ne!(made_inert(text), text);
    }
}

#[test]
fn what_another_version_could_trim_is_trimmed_too() {
    for sign in ['\u{85}', '\0', '\u{180e}', '\u{200b}', '\u{2060}'] {
        let text = format!("@\"{sign}/etc/passwd\"");
        assert_ne!(made_inert(&text), text);
        assert_kept(&format!("@\"{sign}sub/a.txt\""));
    }
}

#[test]
fn the_white_space_of_the_cli_is_trimmed_exactly() {
    let all = '\0'..=char::MAX;
    let mut differing = all.filter(|char| super::is_trimmed(*char) != is_js_space(*char));
    assert_eq!(differing.next(), None);
}

#[test]
fn doubled_sign_does_not_become_a_mention_by_our_space() {
    assert_eq!(made_inert("@@/etc/passwd"), "@@ /etc/passwd");
    assert_eq!(made_inert("@/etc/@/etc/x"), "@ /etc/@ /etc/x");
}

#[test]
fn way_out_is_inert_even_when_nothing_is_there_yet() {
    for text in [
        "@../x",
        "@sub/../../x",
        "@/etc/x",
        "@\"../x\"",
        "@../proj/x",
    ] {
        let inert = neutralise_with(text, FOLDER.as_ref(), FOLDER.as_ref(), |_| None);
        assert_ne!(inert, text);
    }
}

#[test]
fn flood_of_signs_is_cut_short_and_inert() {
    let mut n_asked = 0_usize;
    let flood = "@aaaa/bbbb".repeat(2000) + " @link/x";
    let inert = neutralise_with(&flood, FOLDER.as_ref(), FOLDER.as_ref(), |path| {
        n_asked += 1;
        resolve(path)
    });
    assert!(n_asked <= super::MAX_LOOKUPS);
    assert!(inert.ends_with("@ link/x"));
}

#[test]
fn links_on_disk_are_followed() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("proj");
    std::fs::create_dir_all(folder.join("sub")).unwrap();
    std::fs::create_dir(root.path().join("out")).unwrap();
    std::fs::write(folder.join("a.txt"), "").unwrap();
    std::fs::write(root.path().join("out/x"), "").unwrap();
    std::os::unix::fs::symlink(root.path().join("out"), folder.join("away")).unwrap();
    std::os::unix::fs::symlink(root.path().join("out/x"), folder.join("sub/x")).unwrap();
    std::os::unix::fs::symlink("../a.txt", folder.join("sub/a")).unwrap();
    std::os::unix::fs::symlink(&folder, root.path().join("alias")).unwrap();

    for through in [folder, root.path().join("alias")] {
        let check = |text: &str| super::neutralise(text, &through) == text;
        assert!(check("@a.txt @sub/a @sub/new.txt @\"sub/a\"."));
        assert!(check(&format!("@{}", through.join("a.txt").display())));
        for outside in [
            "@away",
            "@away/x",
            "@away/x,",
            "@sub/x.",
            "@sub/x#L1",
            "@\"away/x\"",
            "@..",
        ] {
            assert!(!check(outside), "{outside} stays a mention");
        }
    }
}

fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-c./#\"@ \u{feff}\u{2028}]{1,3}",
        "(@|@\"|/|\\.\\./|\\.\\.|link|loop|sub|/srv/proj|/srv|\"|#L1|~/|\n|\u{a0}|\u{85}|\u{feff}|@\"\u{feff}|。|é|,)",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn nothing_that_the_cli_reads_afterwards_is_outside(
        parts in proptest::collection::vec(part(), 0..12)
    ) {
        check_inert(&parts.concat());
    }
}
