//! Which rules open a door where Claude changes files unasked.
//!
//! "Allow `npm run *` for this session" means what `package.json` says now. In a mode in which
//! Claude may rewrite that file unasked, the rule means any command. Which programs run what lies
//! in files cannot be listed: build tools, test runners, interpreters, hooks of git, and whatever
//! a project brings. So it is listed which do not.

/// Programs that run no file and no other program, whatever follows them.
const VIEWERS: &[&str] = &[
    "basename",
    "cat",
    "cmp",
    "cut",
    "date",
    "df",
    "diff",
    "dirname",
    "du",
    "echo",
    "egrep",
    "false",
    "fgrep",
    "file",
    "free",
    "grep",
    "head",
    "hostname",
    "id",
    "ls",
    "md5sum",
    "nl",
    "printf",
    "ps",
    "pwd",
    "readlink",
    "realpath",
    "seq",
    "sha256sum",
    "sleep",
    "stat",
    "tail",
    "test",
    "tr",
    "true",
    "uname",
    "uniq",
    "uptime",
    "wc",
    "which",
    "whoami",
];

/// What of git shows and runs nothing, not even a hook that lies in the folder.
const GIT_VIEWERS: &[&str] = &[
    "blame",
    "describe",
    "diff",
    "log",
    "ls-files",
    "rev-parse",
    "show",
    "status",
];

/// Signs by which a shell runs more than one program.
const SHELL_SIGNS: &[char] = &[
    ';', '&', '|', '<', '>', '`', '$', '(', ')', '{', '}', '\n', '\r', '\\', '"', '\'',
];

/// Tells whether a mode lets Claude change files unasked.
pub(super) fn edits_unasked(mode: &str) -> bool {
    match mode {
        "" | "default" | "manual" | "plan" | "dontAsk" => false,
        // Of a mode that is not known here nobody knows.
        _ => true,
    }
}

/// Tells whether a rule of the configuration lets Claude change files unasked.
pub(super) fn is_about_edits(rule: &str) -> bool {
    let tool = rule.split('(').next().unwrap_or(rule).trim();
    ["Edit", "MultiEdit", "Write", "NotebookEdit", "*"].contains(&tool)
}

/// Tells whether a rule about commands may run what lies in files.
pub(super) fn may_run_files(command: &str) -> bool {
    let command = command.trim();
    let command = command.strip_suffix(":*").unwrap_or(command);
    if command.contains(SHELL_SIGNS) {
        return true;
    }
    let mut words = command.split_whitespace();
    match (words.next(), words.next()) {
        (Some("git"), Some(verb)) => !GIT_VIEWERS.contains(&verb),
        (Some(program), _) => !VIEWERS.contains(&program),
        (None, _) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Commands that run what lies in a file, or may.
    const RUNNERS: &[&str] = &[
        "npm run *|npm run test:*|npm test|npm install|yarn build|pnpm dev|bun run x",
        "bunx vite|npx tsc|deno task x|make|make test|make:*|just check|task build|cargo test",
        "cargo build:*|cargo run|go run .|go test ./...|go generate|python script.py",
        "python3 -m pytest|python:*|pytest|pytest -q:*|tox|uv run x|poetry run x|sh run.sh",
        "bash -c x|./run.sh|/srv/site/run.sh|node file.js|ruby x.rb|rake|bundle exec x",
        "perl x.pl|php artisan x|gradle build|./gradlew test|mvn test|cmake .|docker build .",
        "docker compose up|terraform apply|ansible-playbook x.yml|git commit:*|git push",
        "git pull|git checkout:*|git:*|git -C . status|git|pre-commit run|vim x|find:*",
        "xargs:*|env ls|sudo ls|time ls|rg:*|sort:*|sed:*|awk:*|cp:*|mv:*|tee:*|ln:*|ls; make",
        "ls && npm test|echo $(make)|cat `x`|FOO=1 ls|l*|*|cat >x",
    ];

    #[test]
    fn what_runs_a_file_of_the_folder_opens_a_door() {
        let runners = RUNNERS.iter().flat_map(|line| line.split('|'));
        for command in runners.chain(["cat x | sh", "ls\nmake", ""]) {
            assert!(may_run_files(command), "{command}");
        }
    }

    #[test]
    fn what_only_shows_opens_none() {
        for command in [
            "ls",
            "ls:*",
            "ls *",
            "ls -la src",
            "cat:*",
            "grep -rn x src",
            "head -n 3 x",
            "wc:*",
            "git status",
            "git status:*",
            "git diff *",
            "git log --oneline",
            "pwd",
        ] {
            assert!(!may_run_files(command), "{command}");
        }
    }

    #[test]
    fn a_mode_that_nobody_knows_counts_as_one_that_edits_unasked() {
        for mode in ["acceptEdits", "bypassPermissions", "auto", "tomorrow's"] {
            assert!(edits_unasked(mode), "{mode}");
        }
        for mode in ["", "default", "plan", "dontAsk"] {
            assert!(!edits_unasked(mode), "{mode}");
        }
    }
}
