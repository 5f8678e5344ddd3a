//! Pure: the command lines of the guard's roles.

use std::ffi::OsString;

use super::Containment;

/// What a role was told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arguments {
    /// How the tree is held together; only the guard itself is told.
    pub(super) containment: Option<Containment>,
    /// The process that must be the parent, as the role's PID namespace or the host counts.
    pub(super) parent: i32,
    /// The descriptor of the parent to which a namespace's first process reports the agent's end.
    pub(super) report_fd: Option<i32>,
    /// The agent's program and arguments; never empty.
    pub(super) agent: Vec<OsString>,
}

/// Parses what follows the role's name.
pub(super) fn parse(mut args: impl Iterator<Item = OsString>) -> Result<Arguments, String> {
    let (mut containment, mut parent, mut report_fd) = (None, None, None);
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
                report_fd,
                agent,
            });
        }
        let value = args
            .next()
            .ok_or_else(|| format!("`{flag}` lacks its value"))?;
        let value = value.to_string_lossy().into_owned();
        match flag.as_str() {
            "--containment" => containment = Some(parse_containment(&value)?),
            "--parent" => parent = Some(parse_number(&flag, &value)?),
            "--report-fd" => report_fd = Some(parse_number(&flag, &value)?),
            _ => return Err(format!("`{flag}` is not an argument of the guard")),
        }
    }
    Err("no program: `--` is missing".to_owned())
}

fn parse_containment(value: &str) -> Result<Containment, String> {
    [Containment::Namespace, Containment::Tree]
        .into_iter()
        .find(|containment| containment.name() == value)
        .ok_or_else(|| format!("`--containment {value}`: allowed are namespace and tree"))
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
            expect!["`--containment jail`: allowed are namespace and tree"],
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
