//! What a suggested rule has to be to hold for a session.

use super::*;

/// `/srv/site/link` leads to `/etc`, `/srv/site/inner` to `/srv/site/src`, and `/home/me/site` is
/// another name of `/srv/site`.
fn follow(path: &Path) -> PathBuf {
    let links = [
        ("/srv/site/link", "/etc"),
        ("/srv/site/inner", "/srv/site/src"),
        ("/home/me/site", "/srv/site"),
    ];
    let led = links.iter().find_map(|(link, target)| {
        let rest = path.strip_prefix(link).ok()?;
        Some(Path::new(target).join(rest))
    });
    led.unwrap_or_else(|| path.to_owned())
}

fn ground(folder: &str) -> Ground {
    Ground::of(Path::new(folder), follow)
}

fn rule(text: &str) -> (&str, Option<&str>) {
    match text.split_once('(') {
        Some((tool, content)) => (tool, Some(content.strip_suffix(')').unwrap())),
        None => (text, None),
    }
}

fn assert_all_stay(ground: &Ground, rules: &[&str]) {
    for text in rules {
        let (tool, content) = rule(text);
        assert!(!ground.is_left_by(tool, content), "{text} stays");
    }
}

fn assert_all_leave(ground: &Ground, rules: &[&str]) {
    for text in rules {
        let (tool, content) = rule(text);
        assert!(ground.is_left_by(tool, content), "{text} leaves");
    }
}

#[test]
fn paths_below_the_folder_stay_there() {
    assert_all_stay(
        &ground("/srv/site"),
        &[
            "Read(//srv/site/**)",
            "Read(//srv/site)",
            "Read(//srv/site/src/*.rs)",
            "Read(//srv/site/src/a b/**)",
            "Edit(//srv/site/src/main.rs)",
            "Write(//srv/site/new/deep/file)",
            "Read(//srv//site/./src/**)",
            "Read(src/**)",
            "Read(./src/**)",
            "Edit(*.rs)",
            "Glob(**)",
            "Grep(**/*.md)",
            "NotebookEdit(//srv/site/a.ipynb)",
            "Read(//srv/site/inner/**)",
        ],
    );
}

#[test]
fn paths_beside_and_above_the_folder_leave_it() {
    let each = [
        "(//etc/**)",
        "(//etc/hostname)",
        "(//**)",
        "(//)",
        "(//srv/**)",
        "(//srv/site2/**)",
        "(//srv/site*/**)",
        "(//srv/sit?/x)",
        "(//srv/[s]ite/**)",
        "(//srv/{site,other}/**)",
        "(//srv/*/src/**)",
        "(//*/site/**)",
        "(//srv/site/../other/**)",
        "(//srv/site/src/../../other)",
        "(../other/**)",
        "(src/../../other)",
        "(..)",
        "(//srv/site/*/../../other)",
        "(//srv/site/..)",
        "(~/**)",
        "(~/.ssh/**)",
        "(~other/x)",
        "(~)",
        "(/etc/**)",
        "(/srv/site/**)",
        "(/)",
        "(!//srv/site/**)",
        "($HOME/x/**)",
        "(//srv/site/link/**)",
        "(//srv/site/link)",
        "(link/passwd)",
        "( //etc/**)",
        "(//srv/site/a\nb)",
        "()",
        "(///etc/**)",
    ];
    for tool in PATH_TOOLS {
        let rules: Vec<String> = each
            .iter()
            .map(|content| format!("{tool}{content}"))
            .collect();
        let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
        assert_all_leave(&ground("/srv/site"), &rules);
    }
}

#[test]
fn a_tool_without_a_pattern_is_judged_by_its_kind() {
    let ground = ground("/srv/site");
    assert_all_leave(&ground, PATH_TOOLS);
    assert_all_leave(&ground, COMMAND_TOOLS);
    assert_all_leave(
        &ground,
        &["Bash(*)", "Bash(:*)", "Bash( )", "Bash()", "Bash(**)"],
    );
    assert_all_stay(
        &ground,
        &[
            "WebSearch",
            "WebFetch",
            "mcp__chat__send_file",
            "Skill",
            "Agent",
        ],
    );
}

#[test]
fn commands_and_addresses_are_as_they_were() {
    assert_all_stay(
        &ground("/srv/site"),
        &[
            "Bash(git push *)",
            "Bash(touch a.txt)",
            "Bash(npm run test:*)",
            "Bash(tail -f /dev/null)",
            "WebFetch(domain:example.com)",
            "Skill(review)",
            "Agent(Explore)",
        ],
    );
}

#[test]
fn what_is_not_known_here_and_leads_away_is_not_passed_on() {
    assert_all_leave(
        &ground("/srv/site"),
        &[
            "ReadImage(//etc/**)",
            "ReadImage(~/x)",
            "ReadImage(../x)",
            "Re ad(//srv/site/**)",
            "(//srv/site/**)",
        ],
    );
    assert!(ground("/srv/site").is_left_by("Read(//etc/**)", None));
    assert_all_stay(&ground("/srv/site"), &["ReadImage(//srv/site/**)"]);
}

#[test]
fn a_folder_that_is_a_link_counts_by_both_names() {
    let ground = ground("/home/me/site");
    assert_all_stay(
        &ground,
        &["Read(//home/me/site/**)", "Read(//srv/site/src/**)"],
    );
    assert_all_leave(
        &ground,
        &["Read(//home/me/**)", "Read(//home/me/site/../x)"],
    );
}

#[test]
fn nothing_stays_below_a_folder_that_is_not_known() {
    assert_all_leave(&ground(""), &["Read(//srv/site/**)", "Read(src/**)"]);
    assert_all_leave(&ground("site"), &["Read(//srv/site/**)", "Read(src/**)"]);
}

#[test]
fn links_on_the_disk_are_followed() {
    let base = tempfile::tempdir().unwrap();
    let real = base.path().canonicalize().unwrap();
    let folder = real.join("site");
    std::fs::create_dir_all(folder.join("src")).unwrap();
    std::fs::create_dir(real.join("other")).unwrap();
    std::os::unix::fs::symlink(real.join("other"), folder.join("out")).unwrap();
    let ground = Ground::of(&folder, follow_links);
    let leaves = |below: &str| {
        let pattern = format!("/{}/{below}", folder.display());
        ground.is_left_by("Read", Some(&pattern))
    };
    assert!(!leaves("src/**"));
    assert!(!leaves("src/not/yet/there/**"));
    assert!(leaves("out/**"));
    assert!(leaves("out/not/yet/there"));
}
