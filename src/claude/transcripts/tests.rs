//! Transcripts of every version, and of agents that mean no good.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bridge_actors::ports::{ExportForm, Holder};
use bridge_texts::Language;
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use super::*;

const ID: &str = "4be3a5a5-6a3c-4a88-8d3f-0d7d6f4f7c01";
const OTHER: &str = "5be3a5a5-6a3c-4a88-8d3f-0d7d6f4f7c02";
const BUDGET: Duration = Duration::from_secs(60);

/// A folder of Claude's with one project.
struct Claude(tempfile::TempDir);

impl Claude {
    fn new() -> Self {
        let claude = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(claude.project()).unwrap();
        claude
    }

    fn project(&self) -> PathBuf {
        self.0.path().join("config/projects/-w")
    }

    fn file(&self, id: &str) -> PathBuf {
        self.project().join(format!("{id}.jsonl"))
    }

    fn write(&self, id: &str, lines: &[&str]) {
        fs::write(self.file(id), lines.join("\n") + "\n").unwrap();
    }

    fn transcripts(&self) -> Transcripts {
        Transcripts::open(self.0.path(), &["config"], "-w").unwrap()
    }

    fn entries(&self) -> Vec<(String, Entry)> {
        let (transcripts, room) = (self.transcripts(), self.0.path().join("room"));
        fs::create_dir_all(&room).unwrap();
        let mut index = Index::load(Some(&room), "-w");
        let refresh = index.refresh(&transcripts, BUDGET).unwrap();
        assert_eq!(refresh.n_unread, 0);
        let lying = refresh.lying.into_iter();
        lying
            .map(|it| (it.id.clone(), index.get(&it.id).unwrap().clone()))
            .collect()
    }

    fn entry(&self) -> Entry {
        self.entries().remove(0).1
    }

    fn exported(&self, form: ExportForm) -> String {
        let file = self.transcripts().open_one(ID).unwrap();
        let about = (ID, "ti\u{202e}tle", Path::new("/w"));
        match export(&file, about, form, Language::default().say()).unwrap() {
            Exported::File(content) => String::from_utf8(content).unwrap(),
            Exported::TooLong => panic!("too long"),
        }
    }
}

fn user(uuid: &str, parent: &str, words: &str) -> String {
    let line = serde_json::json!({
        "type": "user", "uuid": uuid, "parentUuid": parent, "isSidechain": false,
        "entrypoint": "sdk-cli", "cwd": "/w", "timestamp": "2026-12-01T03:33:43.479Z",
        "message": {"role": "user", "content": words},
    });
    line.to_string()
}

fn claude(uuid: &str, parent: &str, words: &str) -> String {
    let line = serde_json::json!({
        "type": "assistant", "uuid": uuid, "parentUuid": parent, "isSidechain": false,
        "message": {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "hidden"},
            {"type": "text", "text": words},
            {"type": "tool_use", "name": "Bash", "input": {"command": "cat secret"}},
        ]},
    });
    line.to_string()
}

#[test]
fn a_title_that_was_given_counts_before_one_that_was_found_and_the_first_prompt() {
    let claude = Claude::new();
    let prompt = user("1", "", "fix\n the  bug");
    let said = |lines: &[&str]| {
        claude.write(ID, &[&[prompt.as_str()], lines].concat());
        claude.entry().title
    };
    let summary = r#"{"type":"summary","summary":"old","leafUuid":"x"}"#;
    let found = r#"{"type":"ai-title","aiTitle":"found"}"#;
    let given = r#"{"type":"custom-title","customTitle":"given"}"#;
    let again = r#"{"type":"custom-title","customTitle":"given again"}"#;
    assert_eq!(said(&[]), "fix the bug");
    assert_eq!(said(&[summary]), "old");
    assert_eq!(said(&[found, summary]), "found");
    assert_eq!(said(&[given, found, again]), "given again");
    assert!(claude.entry().has("bug") && claude.entry().has("again"));
    assert!(!claude.entry().has("unheard"));
}

#[test]
fn only_what_a_person_said_is_a_turn() {
    let claude = Claude::new();
    let line = |more: serde_json::Value, content: serde_json::Value| {
        let mut line = serde_json::json!({
            "type": "user", "cwd": "/w", "entrypoint": "cli", "message": {"content": content},
        });
        let fields = line.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        line.to_string()
    };
    let nothing = || serde_json::json!({});
    let text = |text: &str| serde_json::json!([{"type": "text", "text": text}]);
    let lines = [
        line(serde_json::json!({"isMeta": true}), "meta".into()),
        line(serde_json::json!({"isSidechain": true}), "side".into()),
        line(
            serde_json::json!({"isCompactSummary": true}),
            "short".into(),
        ),
        line(nothing(), "<command-name>/model</command-name>".into()),
        line(nothing(), "[Request interrupted by user]".into()),
        line(
            nothing(),
            serde_json::json!([{"type": "tool_result", "content": "x"}]),
        ),
        line(nothing(), text("<system-reminder>x</system-reminder>")),
        line(nothing(), text("one")),
        line(nothing(), serde_json::json!([{"type": "image"}])),
        line(nothing(), "two".into()),
        line(nothing(), serde_json::json!(7)),
    ];
    claude.write(ID, &lines.iter().map(String::as_str).collect::<Vec<_>>());
    let entry = claude.entry();
    assert_eq!((entry.turns, &*entry.title), (3, "one"));
    assert!(entry.is_of_terminal && !entry.has_more);
    assert_eq!(entry.folder.as_deref(), Some("/w"));
}

#[test]
fn whatever_a_file_holds_is_read_to_its_end() {
    let claude = Claude::new();
    let good = user("1", "", "good");
    let mut file = File::create(claude.file(ID)).unwrap();
    file.write_all(b"\xff\xfe\n{\n[]\nnull\n{\"type\":{}}\n")
        .unwrap();
    file.write_all(&b"[".repeat(3000)).unwrap();
    file.write_all(b"\n{\"type\":\"user\",\"cwd\":[1],\"message\":\"x\"}\n")
        .unwrap();
    // A line that is too long is passed over, and not kept.
    file.write_all(&b"x".repeat(17 * 1024 * 1024)).unwrap();
    file.write_all(format!("\n{good}\n").as_bytes()).unwrap();
    drop(file);
    let entry = claude.entry();
    assert_eq!((entry.turns, &*entry.title), (1, "good"));
    let huge = File::options().write(true).open(claude.file(ID)).unwrap();
    huge.set_len(1 << 40).unwrap();
    drop(huge);
    let entry = claude.entry();
    assert!(entry.has_more && entry.turns == 1);
}

#[test]
fn links_pipes_folders_and_other_names_are_no_conversations() {
    let claude = Claude::new();
    claude.write(ID, &[&user("1", "", "mine")]);
    let secret = claude.0.path().join("secret");
    fs::write(&secret, user("1", "", "secret")).unwrap();
    let at = |name: &str| claude.project().join(name);
    symlink(&secret, claude.file(OTHER)).unwrap();
    mkfifo(
        &claude.file("6be3a5a5-6a3c-4a88-8d3f-0d7d6f4f7c03"),
        Mode::S_IRWXU,
    )
    .unwrap();
    fs::create_dir(claude.file("7be3a5a5-6a3c-4a88-8d3f-0d7d6f4f7c04")).unwrap();
    for name in ["agent-1.jsonl", "x.jsonl", ".jsonl", "notes.txt"] {
        fs::write(at(name), user("1", "", "other")).unwrap();
    }
    let ids: Vec<_> = claude.entries().into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [ID]);
    let transcripts = claude.transcripts();
    for id in [
        OTHER,
        "../-w/x",
        "..",
        "",
        "6be3a5a5-6a3c-4a88-8d3f-0d7d6f4f7c03",
    ] {
        assert!(transcripts.open_one(id).is_err(), "{id}");
    }
    for id in ["../../../secret", "", "x", "..", "x/../../../../secret"] {
        assert!(transcripts.remove(id).is_err(), "{id}");
    }
    assert!(secret.exists());
}

#[test]
fn a_folder_that_is_a_link_leads_nowhere() {
    let (claude, other) = (Claude::new(), Claude::new());
    other.write(ID, &[&user("1", "", "secret")]);
    for part in ["config/projects/-w", "config/projects", "config"] {
        let place = claude.0.path().join(part);
        fs::remove_dir_all(&place).unwrap();
        symlink(other.0.path().join(part), &place).unwrap();
        let transcripts = claude.transcripts();
        assert!(transcripts.list().unwrap().is_empty(), "{part}");
        assert!(transcripts.open_one(ID).is_err(), "{part}");
        transcripts.remove(ID).unwrap();
        assert!(other.file(ID).exists(), "{part}");
        fs::remove_file(&place).unwrap();
        fs::create_dir_all(claude.project()).unwrap();
    }
}

#[test]
fn a_conversation_is_removed_with_what_lies_beside_it_and_nothing_else() {
    let claude = Claude::new();
    let outside = claude.0.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("kept"), "").unwrap();
    for id in [ID, OTHER] {
        claude.write(id, &[&user("1", "", "x")]);
        fs::create_dir_all(claude.project().join(id).join("subagents/deep")).unwrap();
        fs::write(claude.project().join(id).join("subagents/a.jsonl"), "").unwrap();
        symlink(&outside, claude.project().join(id).join("link")).unwrap();
    }
    claude.transcripts().remove(ID).unwrap();
    let left = fs::read_dir(claude.project()).unwrap().count();
    assert_eq!(left, 2, "the other one and what lies beside it");
    assert!(outside.join("kept").exists() && claude.file(OTHER).exists());
    // What an agent made too deep stays, and is found by nobody.
    let mut deep = claude.project().join(OTHER);
    for _ in 0..60 {
        deep.push("d");
    }
    fs::create_dir_all(&deep).unwrap();
    claude.transcripts().remove(OTHER).unwrap();
    assert!(claude.entries().is_empty());
}

#[test]
fn what_is_known_is_read_once_and_again_when_it_has_changed() {
    let claude = Claude::new();
    claude.write(ID, &[&user("1", "", "one")]);
    let (transcripts, room) = (claude.transcripts(), claude.0.path());
    let look = |budget: Duration| {
        let mut index = Index::load(Some(room), "-w");
        let refresh = index.refresh(&transcripts, budget).unwrap();
        let title = index.get(ID).map(|entry| entry.title.clone());
        (refresh.n_unread, title)
    };
    assert_eq!(look(Duration::ZERO), (1, None), "there was no time");
    assert_eq!(look(BUDGET), (0, Some("one".to_owned())));
    assert_eq!(
        look(Duration::ZERO),
        (0, Some("one".to_owned())),
        "it is known"
    );
    claude.write(ID, &[&user("1", "", "another")]);
    assert_eq!(look(BUDGET), (0, Some("another".to_owned())));
    fs::write(room.join("conversations.index"), "{").unwrap();
    assert_eq!(
        look(BUDGET),
        (0, Some("another".to_owned())),
        "it is broken"
    );
    fs::remove_file(claude.file(ID)).unwrap();
    assert_eq!(look(BUDGET), (0, None));
}

#[test]
fn an_export_has_who_said_what_and_the_names_of_the_tools() {
    let subject = Claude::new();
    let lines = [
        r#"{"type":"queue-operation","content":"queued"}"#.to_owned(),
        user("1", "", "please **do** it"),
        serde_json::json!({"type": "attachment", "uuid": "2", "parentUuid": "1",
            "attachment": {"type": "prompt_snapshot", "systemPrompt": ["SYSTEM"]}})
        .to_string(),
        claude("3", "2", "undone"),
        claude("4", "2", "done"),
        serde_json::json!({"type": "user", "uuid": "5", "parentUuid": "4",
            "message": {"content": [{"type": "tool_result", "content": "SECRET"}]}})
        .to_string(),
        claude("6", "5", "all done"),
        user("7", "6", "thanks"),
        serde_json::json!({"type": "api-request", "params": {"system": "SYSTEM"}}).to_string(),
    ];
    subject.write(ID, &lines.iter().map(String::as_str).collect::<Vec<_>>());
    expect_test::expect![[r#"
        # ti⟦U+202E⟧tle

        Conversation 4be3a5a5-6a3c-4a88-8d3f-0d7d6f4f7c01 in /w

        ## You · 2026-12-01 03:33 UTC

        please **do** it

        ## Claude

        done

        *Tool: Bash*

        all done

        *Tool: Bash*

        ## You · 2026-12-01 03:33 UTC

        thanks
    "#]]
    .assert_eq(&subject.exported(ExportForm::Markdown));
    let json: serde_json::Value =
        serde_json::from_str(&subject.exported(ExportForm::Json)).unwrap();
    let who = json["messages"].as_array().unwrap().iter();
    let who: Vec<_> = who
        .map(|message| message["who"].as_str().unwrap())
        .collect();
    assert_eq!(who, ["user", "claude", "claude", "user"]);
    assert_eq!(json["messages"][1]["tools"][0], "Bash");
    for secret in ["SYSTEM", "SECRET", "hidden", "cat secret", "undone"] {
        assert!(!json.to_string().contains(secret), "{secret}");
    }
}

#[test]
fn a_terminal_that_says_it_has_a_conversation_is_found_and_one_that_is_gone_is_not() {
    let config = tempfile::tempdir().unwrap();
    let sessions = config.path().join("sessions");
    fs::create_dir(&sessions).unwrap();
    let mut sleeper = std::process::Command::new("sleep")
        .arg("60")
        .spawn()
        .unwrap();
    let stat = fs::read_to_string(format!("/proc/{}/stat", sleeper.id())).unwrap();
    let started = stat
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .nth(19)
        .unwrap();
    let says = |started: &str, id: &str| {
        let words = serde_json::json!({
            "pid": sleeper.id(), "sessionId": id, "procStart": started,
        });
        fs::write(sessions.join("1.json"), words.to_string()).unwrap();
        process_with(ID, config.path(), "/nowhere")
    };
    mkfifo(&sessions.join("2.json"), Mode::S_IRWXU).unwrap();
    fs::write(sessions.join("3.json"), "{").unwrap();
    let found = says(started, ID);
    let pid = i32::try_from(sleeper.id()).unwrap();
    assert!(
        matches!(found, Some(Holder::Process { pid: it, .. }) if it == pid),
        "{found:?}"
    );
    assert_eq!(says("7", ID), None, "another process has the number");
    assert_eq!(says(started, OTHER), None);
    says(started, ID);
    sleeper.kill().unwrap();
    sleeper.wait().unwrap();
    assert_eq!(process_with(ID, config.path(), "/nowhere"), None);
}

#[test]
fn whose_a_conversation_is_stands_in_the_room_of_its_chat() {
    let rooms = tempfile::tempdir().unwrap();
    let (mine, other) = (rooms.path().join("1"), rooms.path().join("2"));
    for id in [ID, ID] {
        note_begun(&mine, id).unwrap();
    }
    note_begun(&other, OTHER).unwrap();
    assert_eq!(begun_in(&mine).len(), 1);
    assert!(begun_in_others(&mine).contains(OTHER) && !begun_in_others(&mine).contains(ID));
}

#[test]
fn a_folder_is_called_as_claude_calls_it() {
    assert_eq!(slug_of(Path::new("/a_b/c.d é")), "-a-b-c-d--");
    assert_eq!(slug_of(Path::new("/\u{1f600}")), "---");
}
