//! Pure: the command lines of the guard's roles.

use std::ffi::OsString;
use std::path::PathBuf;

use super::Containment;
use super::wall::{Flags, View};

/// What a role was told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arguments {
    /// How the tree is held together.
    pub(super) containment: Containment,
    /// The process that must be the parent, as the bridge counts.
    pub(super) parent: i32,
    /// Where the agent works; the current folder where none is named.
    pub(super) folder: Option<PathBuf>,
    /// What it sees; everything where there is no wall.
    pub(super) view: Option<View>,
    /// The agent's program and arguments; never empty.
    pub(super) agent: Vec<OsString>,
}

/// Parses what follows the role's name.
pub(super) fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Arguments, String> {
    let (mut containment, mut parent, mut folder) = (Containment::Tree, None, None);
    let mut view = Flags::default();
    while let Some(flag) = args.next() {
        let flag = flag.to_string_lossy().into_owned();
        if flag == "--" {
            let agent: Vec<OsString> = args.collect();
            if agent.is_empty() {
                return Err("no program after `--`".to_owned());
            }
            let parent = parent.ok_or("`--parent` is missing")?;
            return Ok(Arguments {
                containment,
                parent,
                folder,
                view: view.view(),
                agent,
            });
        }
        let value = args
            .next()
            .ok_or_else(|| format!("`{flag}` lacks its value"))?;
        if let Some(taken) = view.take(&flag, &value) {
            taken?;
            continue;
        }
        match flag.as_str() {
            "--containment" => containment = parse_containment(&value.to_string_lossy())?,
            "--parent" => parent = Some(parse_number(&flag, &value.to_string_lossy())?),
            "--folder" => folder = Some(PathBuf::from(value)),
            _ => return Err(format!("`{flag}` is not an argument of the guard")),
        }
    }
    Err("no program: `--` is missing".to_owned())
}

fn parse_containment(value: &str) -> Result<Containment, String> {
    Containment::named(value).ok_or_else(|| {
        format!("`--containment {value}`: allowed are namespace, user-namespace and tree")
    })
}

fn parse_number(flag: &str, value: &str) -> Result<i32, String> {
    value
        .parse()
        .map_err(|_| format!("`{flag} {value}` is not a number"))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[test]
    fn arguments_after_the_dashes_are_left_alone() {
        let line = "--containment tree --parent 7 -- claude -p --parent 8";
        let parsed = parse(line.split(' ').map(OsString::from)).expect("valid");
        assert_eq!(parsed.parent, 7);
        assert_eq!(
            parsed.agent,
            ["claude", "-p", "--parent", "8"].map(OsString::from)
        );
    }

    #[test]
    fn a_refused_command_line_says_what_is_wrong() {
        check("--parent 7", expect!["no program: `--` is missing"]);
        check("--parent 7 --", expect!["no program after `--`"]);
        check("-- claude", expect!["`--parent` is missing"]);
        check(
            "--parent x -- claude",
            expect!["`--parent x` is not a number"],
        );
        check(
            "--containment jail --parent 1 -- claude",
            expect!["`--containment jail`: allowed are namespace, user-namespace and tree"],
        );
        check(
            "--frob 1 -- claude",
            expect!["`--frob` is not an argument of the guard"],
        );
    }

    fn check(line: &str, expected: Expect) {
        let refused = parse(line.split(' ').map(OsString::from)).expect_err("invalid");
        expected.assert_eq(&refused);
    }
}
