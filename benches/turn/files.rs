//! What files cost: how long the turns of one person take while another sends the largest files that
//! Telegram lets a bot download, and which calls a file needs.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use playground::{Fault, Matcher, Trouble, Upload};

use crate::figures::{Percentiles, ratio_row, row};
use crate::place::{OWNER, Place};

/// Who writes while the other sends files.
const COLLEAGUE: i64 = 1002;

/// The largest file that Telegram lets a bot download.
const LARGEST: usize = 20_000_000;

/// Three times as many stay below what `limits.messages_per_minute` can be.
const TURNS: usize = 300;

/// How long the colleague thinks, so that the turns last for several files.
const PAUSE: Duration = Duration::from_millis(5);

/// The speed of a fast line, 400 Mbit/s, in bytes a second. Without it Telegram is this very machine,
/// and its part of a file takes the processors as much as the bridge's.
const LINE: u32 = 50_000_000;

/// Prints the colleague's turns alone and beside the files, and what the files took.
pub(crate) fn files() {
    let place = Place::with_settings(
        "multi_user.enabled = true\nmulti_user.strangers = \"open\"\n\
         limits.files_per_chat = \"100GB\"\n",
    );
    let bridge = place.start();
    let warm_up = |person| place.turn_of(person, "rehearse: say warm up");
    warm_up(OWNER);
    warm_up(COLLEAGUE);
    let turns = || {
        let times = (0..TURNS).map(|_| {
            thread::sleep(PAUSE);
            place.turn_of(COLLEAGUE, "rehearse: say ok")
        });
        Percentiles::of(times.collect())
    };
    let alone = turns();
    let mut sent = 0;
    let line = Fault {
        when: Matcher::method("download").always(),
        what: Trouble::Slow(LINE),
    };
    place.playground.push_fault(line);
    for way in ["over a fast line", "from this machine"] {
        let (beside, files) = beside_files(&place, &turns);
        for percent in [50, 99] {
            let figure = format!("turn p{percent} beside 20 MB files {way}");
            ratio_row(&figure, beside.duration(percent), alone.duration(percent));
        }
        row(&format!("files {way}"), &files.to_string(), "");
        sent += files;
        place.playground.clear_faults();
    }
    row("memory after them", &bridge.memory(), "");
    let calls = |method: &str| {
        let calls = place.playground.look(|view| view.calls_of(method).count());
        calls as f64 / sent as f64
    };
    row(
        "getFile calls a file",
        &format!("{:.1}", calls("getFile")),
        "",
    );
}

/// Returns the colleague's turns while the other sends one file after the other, and how many.
fn beside_files(place: &Place, turns: &(impl Fn() -> Percentiles + Sync)) -> (Percentiles, u64) {
    let upload = Upload {
        caption: "rehearse: say got it".to_owned(),
        ..Upload::document("large.bin", "application/octet-stream", vec![7; LARGEST])
    };
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let sender = scope.spawn(|| {
            let mut sent: u64 = 0;
            while !done.load(Ordering::Relaxed) {
                let said = place.playground.send_file(OWNER, upload.clone());
                place.wait_for_answer(OWNER, said);
                sent += 1;
            }
            sent
        });
        let beside = turns();
        done.store(true, Ordering::Relaxed);
        (beside, sender.join().unwrap())
    })
}
