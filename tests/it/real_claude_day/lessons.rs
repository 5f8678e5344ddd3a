//! What the model says and does on that day, and the project in which it does it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::messages_api::{MessagesApi, Reply};

/// A file that lets a measurement come to its end.
pub(super) const MEASURED: &str = "measured";

/// The export before that day.
const EXPORT: &str = r#"/// What makes quotes necessary.
const SPECIAL: [char; 3] = [',', '"', '\n'];

/// Returns a line of the file.
pub fn line(it: &Invoice) -> String {
    let name = it.name.clone();
    format!("{},{name}", it.id)
}
"#;

const OLD_LINES: &str = r#"    let name = it.name.clone();
    format!("{},{name}", it.id)
}"#;

const NEW_LINES: &str = r#"    let name = field(&it.name);
    format!("{},{name}", it.id)
}

/// Quotes what needs it.
fn field(s: &str) -> String {
    if !s.contains(SPECIAL) {
        return s.to_owned();
    }
    let s = s.replace('"', "\"\"");
    format!("\"{s}\"")
}"#;

const TEST: &str = "\
grep -q 'fn field' src/export.rs && exec echo '12 passed'
echo '11 passed, 1 failed: a_name_with_a_comma'
exit 1";

const FIRST_PLAN: &str = "\
# Quoting in the CSV export

1. Add `field`, which quotes what contains a comma, a quote or a line break
2. Use it for the customer's name
";

const SECOND_PLAN: &str = "\
# Quoting in the CSV export

1. Run the tests, with the one of “Miller, Sons & Co.” that Ben wrote
2. Add `field`, which quotes what contains a comma, a quote or a line break
3. Use it for the customer's name
4. Run the tests again
";

/// Fills the folder of the project; its programs are stand-ins that need nothing but a shell.
pub(super) fn lay_out(project: &Path) {
    fs::create_dir_all(project.join("src")).unwrap();
    fs::write(project.join("src/export.rs"), EXPORT).unwrap();
    let wait = format!("while [ ! -e {MEASURED} ]; do sleep 0.05; done; echo '58 seconds'");
    let programs = [
        ("test", TEST.to_owned()),
        ("bench", wait),
        ("preview", "exec tail -f /dev/null".to_owned()),
    ];
    for (name, text) in programs {
        let file = project.join(name);
        fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

/// Teaches the whole day.
pub(super) fn teach(api: &MessagesApi, project: &Path) {
    teach_the_export(api, &project.join("src/export.rs").display().to_string());
    teach_the_search(api);
    api.teach(
        "Commit that",
        [
            Reply::says("I commit it and push it to main.").and_calls(
                "Bash",
                command(
                    "git commit --all --message 'Quote fields' && git push origin main",
                    "Commit and push",
                ),
            ),
            Reply::says(
                "Then I leave it as it is: Ben finds the change in the working tree, not committed.",
            ),
        ],
    );
    api.teach(
        "Show Ben",
        [
            Reply::says("I start the preview.").and_calls(
                "Bash",
                json!({
                    "command": "./preview", "description": "Serve the preview",
                    "run_in_background": true,
                }),
            ),
            Reply::says("The preview runs until you stop it."),
        ],
    );
    api.teach(
        "it for today",
        [Reply::says(
            "See you tomorrow. The preview is down, and nothing is committed yet.",
        )],
    );
}

fn teach_the_export(api: &MessagesApi, file: &str) {
    api.teach(
        "comma in a customer's name",
        [
            // Without words: whether there is a card for them yet depends on the machine.
            Reply::says("").and_calls("AskUserQuestion", questions()),
            Reply::says(
                "Then we quote the fields ourselves, and keep the comma. It is one small function; \
                 shall I plan it?",
            ),
        ],
    );
    let edit = json!({"file_path": file, "old_string": OLD_LINES, "new_string": NEW_LINES});
    api.teach(
        "Yes, plan it",
        [
            Reply::says("I look at the export.").and_calls("Read", json!({"file_path": file})),
            Reply::says("This is how I would do it.")
                .and_calls("ExitPlanMode", json!({"plan": FIRST_PLAN})),
            Reply::says("With the tests first, then.")
                .and_calls("ExitPlanMode", json!({"plan": SECOND_PLAN})),
            Reply::says("The tests, before I change anything.")
                .and_calls("Bash", command("./test", "Run the tests")),
            Reply::says("One fails, as it should. Now the function.").and_calls("Edit", edit),
            Reply::says("And the tests once more.")
                .and_calls("Bash", command("./test", "Run the tests")),
            Reply::says(
                "Done. Names with a comma, a quote or a line break are quoted now, and all \
                 12 tests pass.",
            ),
        ],
    );
}

fn teach_the_search(api: &MessagesApi) {
    api.teach(
        "invoices of October",
        [
            Reply::says("First the tests, so that I can trust the sums.")
                .and_calls("Bash", command("./test", "Run the tests")),
            Reply::gets_stuck_after(
                "The sums are right in the tests, so I go through the 412 invoices one by one. \
                 2311 is fine. 2312 is fine. 2313",
            ),
        ],
    );
    api.teach(
        "takes a whole minute",
        [
            Reply::says("I measure it.").and_calls("Bash", command("./bench", "Time the export")),
            Reply::says(
                "Without the PDFs, as you say: **52 of 58 seconds** go into one query for each \
                 invoice. One query for all of them would do.",
            ),
        ],
    );
    api.teach(
        "How much would that save",
        [
            Reply::says("I time it with one query.").and_calls(
                "Bash",
                command("./bench --one-query", "Time the export with one query"),
            ),
            Reply::gets_stuck_after("6 seconds instead of 58. What is left of it is"),
        ],
    );
    api.teach(
        "was interrupted from outside",
        [Reply::says(
            "The measurement was done before I was cut off, so I did not repeat it: \
             **6 seconds instead of 58**. What is left is the writing of the file.",
        )],
    );
}

fn command(command: &str, description: &str) -> Value {
    json!({"command": command, "description": description})
}

fn questions() -> Value {
    json!({"questions": [
        {
            "question": "Which way should the export go?",
            "header": "Way",
            "multiSelect": false,
            "options": [
                {"label": "Quote ourselves", "description": "ten lines, no dependency"},
                {"label": "The csv crate", "description": "knows every case, one dependency more"},
            ],
        },
        {
            "question": "Which separator do your customers need?",
            "header": "Separator",
            "multiSelect": false,
            "options": [
                {"label": "Comma", "description": "as it is"},
                {"label": "Semicolon", "description": "what German spreadsheets expect"},
            ],
        },
    ]})
}
