//! What it costs to show the conversations of a folder with 5,000 transcripts.
//!
//! `cargo bench --bench conversations` writes them into a temporary folder, has the Claude edge list
//! them as `/sessions` does, and takes under a minute.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for people to run by hand"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;
use bridge::claude::command_line::AgentOptions;
use bridge::claude::guard::Containment;
use bridge::claude::process::ClaudeLauncher;
use bridge_actors::chat_settings::{HostSettings, Wall};
use bridge_actors::ids::{ChatId, PromptId, SessionKey};
use bridge_actors::ports::{
    AgentLauncher, ArchiveDeed, ArchiveDone, ArchiveOrder, ArchiveOutcome, ArchivePage,
};
use tokio::sync::mpsc;

const CONVERSATIONS: usize = 5_000;
/// How often a person and Claude speak in each, and how long Claude's words are, in bytes.
const TURNS: usize = 10;
const WORDS: usize = 2_000;
const LOOKS: usize = 50;

fn main() {
    // `cargo test --benches` asks for nothing to be measured.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let bytes = fill(home.path());
    println!("\n{CONVERSATIONS} transcripts, {} MB", bytes / 1_000_000);
    System::new().block_on(async {
        let shelf = Shelf::new(home.path());
        let began = Instant::now();
        let first = shelf.look("").await;
        println!(
            "first look: {:?}, {} unread",
            began.elapsed(),
            first.n_unread
        );
        while shelf.look("").await.n_unread > 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        println!("all are read: {:?}", began.elapsed());
        for (what, words) in [("a page", ""), ("a page of found ones", "prompt 4999")] {
            let mut times = Vec::new();
            for _ in 0..LOOKS {
                let began = Instant::now();
                let page = shelf.look(words).await;
                times.push(began.elapsed());
                assert!(!page.shown.is_empty() && page.n_unread == 0);
            }
            times.sort_unstable();
            let (half, last) = (times[LOOKS / 2], times[LOOKS - 1]);
            println!("{what}, warm: p50 {half:?}, max {last:?}");
        }
    });
}

/// Writes the transcripts; returns how many bytes they have.
fn fill(home: &Path) -> u64 {
    let folder = home.join("work").canonicalize();
    let folder = folder.unwrap_or_else(|_| {
        fs::create_dir(home.join("work")).unwrap();
        home.join("work").canonicalize().unwrap()
    });
    let sign = |sign: char| {
        if sign.is_ascii_alphanumeric() {
            sign
        } else {
            '-'
        }
    };
    let slug: String = folder.to_str().unwrap().chars().map(sign).collect();
    let project = home.join(".claude/projects").join(slug);
    fs::create_dir_all(&project).unwrap();
    let words = "word ".repeat(WORDS / 5);
    let mut bytes = 0;
    for n in 0..CONVERSATIONS {
        let mut text = String::new();
        for turn in 0..TURNS {
            text.push_str(&format!(
                "{{\"type\":\"user\",\"cwd\":{folder:?},\"entrypoint\":\"sdk-cli\",\
                 \"message\":{{\"role\":\"user\",\"content\":\"prompt {n} {turn}\"}}}}\n\
                 {{\"type\":\"assistant\",\"message\":{{\"role\":\"assistant\",\"content\":\
                 [{{\"type\":\"text\",\"text\":\"{words}\"}}]}}}}\n"
            ));
        }
        bytes += text.len() as u64;
        let file = project.join(format!("{}.jsonl", uuid::Uuid::new_v4()));
        fs::write(file, text).unwrap();
    }
    bytes
}

/// The edge, and what it answers.
struct Shelf {
    launcher: ClaudeLauncher,
    folder: PathBuf,
}

impl Shelf {
    fn new(home: &Path) -> Self {
        let room = home.join("data/chats/7");
        fs::create_dir_all(&room).unwrap();
        let environment = vec![("HOME".into(), home.as_os_str().to_owned())];
        let guard = PathBuf::from("/bin/false");
        let launcher = ClaudeLauncher::new(AgentOptions::default(), Containment::Tree, guard);
        let launcher = launcher.unwrap().with_environment(environment);
        let of_room = Arc::new(move |_| room.join("home"));
        Self {
            launcher: launcher.with_homes(of_room, Arc::new(|_, first| Ok(first))),
            folder: home.join("work"),
        }
    }

    async fn look(&self, words: &str) -> ArchivePage {
        let (answers, mut answered) = mpsc::unbounded_channel();
        let listener = Listener(answers).start();
        let key = SessionKey::of_chat(ChatId(7));
        let order = ArchiveOrder {
            key,
            room: key,
            folder: self.folder.clone(),
            wall: Wall::Off,
            host_settings: HostSettings::Kept,
            current: None,
            language: bridge_texts::Language::default(),
            asked_in: PromptId("p1".to_owned()),
            deed: ArchiveDeed::List {
                words: words.to_owned(),
                page: 0,
                size: 8,
            },
        };
        self.launcher.look_up(order, listener.recipient());
        let outcome = answered.recv().await.unwrap();
        let ArchiveOutcome::Listed(page) = outcome else {
            panic!("{outcome:?}");
        };
        page
    }
}

struct Listener(mpsc::UnboundedSender<ArchiveOutcome>);

impl Actor for Listener {
    type Context = Context<Self>;
}

impl Handler<ArchiveDone> for Listener {
    type Result = ();

    fn handle(&mut self, done: ArchiveDone, _: &mut Self::Context) {
        self.0.send(done.outcome).ok();
    }
}
