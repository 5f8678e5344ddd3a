//! Promise: a day's work goes as `docs/a-day.md` tells it, with the real program in both versions.
//!
//! One person, one chat: a question, a plan, three approvals, a stop, a steer, a kill of the bridge,
//! something in the background. The page quotes what is written down here, chapter by chapter.

mod diary;
mod files;
mod lessons;
mod pictures;
mod plain;

use std::fs;
use std::path::Path;

use expect_test::expect_file;

use self::diary::Diary;
use self::lessons::MEASURED;
use self::pictures::Pictures;
use crate::support::bridge::{Bridge, LONG, World};
use crate::support::eventually::eventually;
use crate::support::programs::running;
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(the_day_in_the_documents_is_what_happens);

/// What begins and what ends a chapter on the page.
const OPEN: &str = "```text\n";
const CLOSE: &str = "```\n";

fn the_day_in_the_documents_is_what_happens(claude: &RealClaude) {
    let pictures = Pictures::wanted();
    let project = &pictures.project(claude.project());
    lessons::lay_out(project);
    lessons::teach(&claude.api, project);
    let mut world = World::with_real_claude(claude);
    let folder = project.display().to_string();
    world.set("workspace.dir", format!("{folder:?}"));
    world.set(
        "claude.allowed_tools",
        r#"["Bash(./bench:*)", "Bash(./preview)"]"#,
    );
    let mut book = Diary::new(&world, project);
    let diary = &mut book;
    let bridge = world.start();
    a_question(diary, &world, &pictures);
    a_plan(diary, &world, &pictures);
    what_is_not_allowed(diary);
    a_stop(diary, &world, &pictures);
    a_steer(diary, &world, &pictures, project);
    let bridge = a_kill(diary, &world, &pictures, bridge);
    the_background(diary, &world);
    drop(bridge);
    world.assert_no_violations();
    check_page("a-day.md", book.close());
}

fn a_question(diary: &mut Diary<'_>, world: &World, pictures: &Pictures) {
    diary.begin_chapter();
    diary.says(
        "Good morning! A comma in a customer's name breaks the CSV export. Quote the fields \
         ourselves, or take the csv crate? Ask me what you need to know.",
    );
    let first = diary.sees("(1 of 2)");
    pictures.take(world, "day-question", 760);
    diary.presses(&first, "Quote ourselves");
    diary.sees_change(&first, "✓ Answered");
    let second = diary.sees("(2 of 2)");
    diary.says("Comma for now. Nobody has asked for anything else.");
    diary.sees_change(&second, "✓ Answered");
    diary.sees("Then we quote the fields ourselves");
}

fn a_plan(diary: &mut Diary<'_>, world: &World, pictures: &Pictures) {
    diary.begin_chapter();
    diary.says("/mode plan");
    diary.sees("Mode:");
    diary.says("Yes, plan it.");
    diary.sees("Quoting in the CSV export");
    let plan = diary.sees("wants to carry out this plan");
    diary.replies(
        &plan,
        "Run the tests first, so that we see the new one fail.",
    );
    diary.sees_change(&plan, "Sent back for more planning");
    diary.sees("Quoting in the CSV export");
    let plan = diary.sees("wants to carry out this plan");
    diary.presses(&plan, "✅ Approve");
    diary.sees_change(&plan, "✅ Approved");

    let tests = diary.sees("wants to run a command: Bash");
    diary.presses(&tests, "Allow for this session");
    diary.sees_change(&tests, "✅ Allowed for this session");
    let edit = diary.sees("wants to change a file: Edit");
    pictures.take(world, "day-edit", 859);
    diary.presses(&edit, "✅ Allow");
    diary.sees_change(&edit, "✅ Allowed");
    diary.sees("12 tests pass");
    let changed = diary.sees("✎ 1 file changed");
    diary.presses(&changed, "↩ Undo");
    diary.sees_change(&changed, "Undo?");
    diary.presses(&changed, "Keep all");
    diary.sees_change(&changed, "Nothing was undone");
}

fn what_is_not_allowed(diary: &mut Diary<'_>) {
    diary.begin_chapter();
    diary.says("Commit that and push it.");
    let push = diary.sees("wants to run a command: Bash");
    diary.replies(&push, "Not yet, Ben wants to look at it first.");
    diary.sees_change(&push, "✕ Denied");
    diary.sees("Ben finds the change");
}

fn a_stop(diary: &mut Diary<'_>, world: &World, pictures: &Pictures) {
    diary.begin_chapter();
    diary.says("/verbose 2");
    diary.sees("● /verbose 2");
    diary.says("Look through the invoices of October for totals that are wrong.");
    let card = diary.sees_card("2313");
    pictures.take(world, "day-stop", 725);
    diary.presses(&card, "⏹ Stop");
    diary.sees("2313");
    diary.sees("⏹ Stopped");
    diary.sees_end_of(&card);
}

fn a_steer(diary: &mut Diary<'_>, world: &World, pictures: &Pictures, project: &Path) {
    diary.begin_chapter();
    diary.says("Rather find out why the export takes a whole minute.");
    let card = diary.sees_card("Bash: ./bench");
    diary.says("Leave the PDFs out, they are for another day.");
    let waiting = diary.sees("Queued");
    diary.says("/status");
    diary.sees("State: ");
    pictures.take(world, "day-steer", 957);
    diary.presses(&waiting, "▶ Send now");
    diary.sees_change(&waiting, "▶ Claude has it");
    fs::write(project.join(MEASURED), "").unwrap();
    diary.sees("52 of 58 seconds");
    diary.sees_end_of(&card);
}

fn a_kill(diary: &mut Diary<'_>, world: &World, pictures: &Pictures, bridge: Bridge) -> Bridge {
    diary.begin_chapter();
    diary.says("How much would that save?");
    let card = diary.sees_card("What is left of it is");
    // What a card shows is noted when it is renewed, every second.
    world.wait("two renewals of the card", |view| {
        let now = view.post(card.chat_id, card.message_id)?;
        (now.edits >= card.edits + 2).then_some(())
    });
    bridge.kill();
    diary.notes("Somebody kills the bridge with -9; it is started again.");
    let bridge = world.start();
    diary.sees_end_of(&card);
    let offer = diary.sees("Nothing repeats unless you say so.");
    pictures.take(world, "day-offer", 619);
    diary.presses(&offer, "▶ Continue");
    diary.sees_change(&offer, "▶ Claude continues");
    diary.sees("6 seconds instead of 58");
    bridge
}

fn the_background(diary: &mut Diary<'_>, world: &World) {
    diary.begin_chapter();
    diary.says("Show Ben the preview.");
    diary.sees("runs until you stop it");
    diary.says("/tasks");
    let tasks = diary.sees("Running in the background:");
    diary.presses(&tasks, "⏹ Serve the preview");
    eventually("the end of the preview", LONG, || {
        running(world, "tail").is_empty().then_some(())
    });
    diary.sees_change(&tasks, "has ended");
    diary.says("Thanks! That was it for today.");
    diary.sees("See you tomorrow");
    diary.says("/tasks");
    diary.sees("Nothing");
    diary.says("/new");
    diary.sees("New conversation");
}

/// Returns a page that quotes what happened.
fn renewed(page: &str, chapters: Vec<String>) -> String {
    let mut parts = page.split(OPEN);
    let mut renewed = parts.next().unwrap_or_default().to_owned();
    let mut chapters = chapters.into_iter();
    for part in parts {
        let (_, rest) = part.split_once(CLOSE).expect("what is opened is closed");
        let chapter = chapters
            .next()
            .expect("a chapter for each place on the page");
        renewed.push_str(&format!("{OPEN}{chapter}{CLOSE}{rest}"));
    }
    assert_eq!(chapters.next(), None, "a chapter has no place on the page");
    renewed
}

/// Compares a page with what happened; `UPDATE_EXPECT=1` renews what it quotes.
fn check_page(name: &str, chapters: Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(name);
    let page = fs::read_to_string(&path).expect("the page is there");
    expect_file![path].assert_eq(&renewed(&page, chapters));
}
