//! How long others wait while one person forges presses: each is a press of a button that was never
//! shown, and they come as fast as Telegram hands them out.

use std::thread;
use std::time::{Duration, Instant};

use crate::figures::{Percentiles, row};
use crate::place::{OWNER, Place};

/// Whoever forges.
const FORGER: i64 = 7001;

const PRESSES: usize = 10_000;

/// As many as Telegram hands out at once, ten times a second.
const BURST: usize = 100;
const PAUSE: Duration = Duration::from_millis(100);

const BETWEEN_TURNS: Duration = Duration::from_millis(20);

/// What is forged: the answer to a request, a picker's value, a join request, and ⏹, which is
/// always let through.
const DATA: [&str; 4] = [
    "a1.y.AAAAAAAAAAAAAAAAAAAAAA",
    "c1.0.AAAAAAAAAAAAAAAAAAAAAA",
    "j1.a.7001.AAAAAAAAAAAAAAAAAAAAAA",
    "s1.x.AAAAAAAAAAAAAAAAAAAAAA",
];

/// Prints the p99 of another chat's turns meanwhile, from when they are sent to their answer.
pub(crate) fn forged() {
    for (data, what) in [(&DATA[..3], "forged presses"), (&DATA[3..], "forged ⏹")] {
        let place =
            Place::with_settings("multi_user.enabled = true\nmulti_user.strangers = \"open\"\n");
        let _bridge = place.start();
        for person in [OWNER, FORGER] {
            place.turn_of(person, "rehearse: say warm up");
        }
        let message = place.last_post(FORGER);
        let mut times = Vec::new();
        thread::scope(|scope| {
            let flood = scope.spawn(|| {
                for number in 0..PRESSES {
                    let data = data[number % data.len()];
                    (place.playground).press_as(FORGER, FORGER, message, data);
                    if number % BURST == BURST - 1 {
                        thread::sleep(PAUSE);
                    }
                }
            });
            while !flood.is_finished() {
                let since = Instant::now();
                place.turn_of(OWNER, "rehearse: say ok");
                times.push(since.elapsed());
                // Whoever writes more than `limits.messages_per_minute` waits for nothing.
                thread::sleep(BETWEEN_TURNS);
            }
        });
        let n_turns = times.len();
        let times = Percentiles::of(times);
        row(
            &format!("p99 of another chat during {PRESSES} {what}"),
            &times.p99(),
            &format!("goal 100 ms; p50 {}, {n_turns} turns", times.p50()),
        );
    }
}
