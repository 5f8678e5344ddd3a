//! Promise: files go both ways as `docs/files.md` tells it, with the real program in both versions.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use playground::{AttachmentKind, Upload};
use serde_json::json;

use super::check_page;
use super::diary::Diary;
use super::pictures::Pictures;
use crate::support::bridge::{OWNER, World};
use crate::support::messages_api::{MessagesApi, Reply};
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(the_files_in_the_documents_arrive_like_that);

const GROUP: i64 = -500;
const BEN: (i64, &str) = (3003, "Ben");

/// What Olga photographs: other pages of these documents.
const SCREEN: &[u8] = include_bytes!("../../../docs/day-stop.png");
const BEFORE: &[u8] = include_bytes!("../../../docs/day-edit.png");
const AFTER: &[u8] = include_bytes!("../../../docs/day-question.png");

const BILL: &[u8] =
    b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n";

fn the_files_in_the_documents_arrive_like_that(claude: &RealClaude) {
    let pictures = Pictures::wanted();
    let project = &pictures.project(claude.project());
    fs::create_dir_all(project).unwrap();
    fs::write(project.join("totals.csv"), "month,total\nOctober,48210\n").unwrap();
    fs::write(project.join("totals.png"), AFTER).unwrap();
    teach(&claude.api, project);
    let mut world = World::with_real_claude(claude);
    let folder = project.display().to_string();
    world.set("workspace.dir", format!("{folder:?}"));
    world.set("workspace.per_user", false);
    world.set("multi_user.enabled", true);
    let hearer = hearer(&world).display().to_string();
    world.set("voice.transcribe", format!("[{hearer:?}, \"{{file}}\"]"));
    world.playground.user(BEN.0, BEN.1);
    let mut book = Diary::new(&world, project);
    let bridge = world.start();
    what_is_sent(&mut book, &world, &pictures);
    what_comes_back(&mut book, &world, &pictures);
    in_a_group(&mut book, &world);
    let prompts = claude.api.prompts().join("\n");
    assert!(
        prompts.contains("In reply to a message of Ben"),
        "{prompts}"
    );
    drop(bridge);
    world.assert_no_violations();
    check_page("files.md", book.close());
}

/// Writes a stand-in for a transcriber, which takes a recording at its word.
fn hearer(world: &World) -> PathBuf {
    let program = world.path("hearer");
    fs::write(&program, "#!/bin/sh\nexec cat \"$1\"\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

fn photo(content: &[u8], caption: &str) -> Upload {
    Upload {
        kind: AttachmentKind::Photo,
        caption: caption.to_owned(),
        ..Upload::document("photo.png", "image/png", content)
    }
}

fn what_is_sent(diary: &mut Diary<'_>, world: &World, pictures: &Pictures) {
    diary.begin_chapter();
    diary.sends(photo(SCREEN, "Where did it get stuck?"));
    diary.sees("At bill 2313");
    pictures.take(world, "files-photo", 900);

    diary.begin_chapter();
    let caption = "Which of these two is easier to read?";
    diary.sends_album(vec![photo(BEFORE, caption), photo(AFTER, "")]);
    diary.sees("The second one");
    pictures.take(world, "files-album", 900);

    diary.begin_chapter();
    diary.sends(Upload::document("bill-2313.pdf", "application/pdf", BILL));
    diary.sees("What should I do with this file?");
    diary.says("Is it paid?");
    diary.sees("open until 12 December");

    diary.begin_chapter();
    diary.sends(Upload {
        kind: AttachmentKind::Voice,
        ..Upload::document(
            "voice.ogg",
            "audio/ogg",
            "Which customers have I not reminded yet?",
        )
    });
    diary.sees("I heard");
    diary.sees("Bakery at the Bridge");
    pictures.take(world, "files-voice", 700);
}

fn what_comes_back(diary: &mut Diary<'_>, world: &World, pictures: &Pictures) {
    diary.begin_chapter();
    diary.says("Send me the totals, as a file and as a picture.");
    diary.sees_file("totals.png");
    diary.sees_file("totals.csv");
    diary.sees("Both are in the chat");
    pictures.take(world, "files-sent", 900);

    diary.begin_chapter();
    diary.says("And the customers who owe us most, with everything you know.");
    diary.sees("Three customers");
    diary.sees_file("table");
    pictures.take(world, "files-table", 900);
}

fn in_a_group(diary: &mut Diary<'_>, world: &World) {
    world
        .playground
        .create_group(GROUP, "Invoices", &[OWNER, BEN.0]);
    world.playground.add_bot(GROUP, OWNER);
    diary.goes_to(GROUP);
    diary.sees("/allow_group");
    diary.says("/allow_group");
    diary.sees("I work in this group now");
    let theirs = diary.hears(
        BEN,
        "The export of October has 412 lines, the folder 411 bills.",
    );
    let bot = world.playground.bot_username();
    diary.replies_to(theirs.message_id, &format!("@{bot} Can that be?"));
    diary.sees("one line twice");
}

fn teach(api: &MessagesApi, project: &Path) {
    let says = |phrase: &str, words: &str| api.teach(phrase, [Reply::says(words)]);
    says(
        "get stuck",
        "At bill 2313. The two before it, `2311` and `2312`, are fine.",
    );
    says(
        "easier to read",
        "The second one: the choices stand below the question, one a line.",
    );
    says(
        "Is it paid",
        "No. Bill 2313 is open until 12 December; nothing came in for it yet.",
    );
    says(
        "not reminded yet",
        "Only one: Bakery at the Bridge, whose bill is not due before 12 December.",
    );
    let paths = ["totals.png", "totals.csv"].map(|name| project.join(name));
    api.teach(
        "as a file and as a picture",
        [
            Reply::says("").and_calls(
                "mcp__bridge__send_file",
                json!({"paths": paths, "caption": "October"}),
            ),
            Reply::says("Both are in the chat: the picture, and the numbers behind it."),
        ],
    );
    says("owe us most", TABLE);
    says(
        "Can that be",
        "Yes: bill 2313 stands in the export as one line twice. Ben is right about the folder.",
    );
}

const TABLE: &str = "\
Three customers owe us more than 1,000 euros:

| Customer | Open | Oldest bill | Due | Reminded | Telephone |
|---|---|---|---|---|---|
| Miller, Sons & Co. | 4,120.00 | 2207 | 3 October | twice | 555-0142 |
| Northern Lights | 2,310.50 | 2291 | 28 October | once | 555-0178 |
| Bakery at the Bridge | 1,004.00 | 2313 | 12 December | not yet | 555-0113 |
";
