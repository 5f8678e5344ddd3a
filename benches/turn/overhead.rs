//! What the bridge adds to a turn, beside the floor: both live at once and take turns in turn, so
//! that whatever else the machine does meets both.

use std::thread;
use std::time::{Duration, Instant};

use crate::figures::{Percentiles, ratio_row, row};
use crate::floor;
use crate::place::{Bridge, Place};

/// How many turns each of the two has, and how many of them are in a row.
struct Pace {
    name: &'static str,
    turns: u32,
    in_a_row: u32,
    pause: Duration,
}

const HOT: Pace = Pace {
    name: "hot",
    turns: 400,
    in_a_row: 20,
    pause: Duration::ZERO,
};

/// One turn a second, the floor's half a second behind ours.
const HUMAN: Pace = Pace {
    name: "one a second",
    turns: 40,
    in_a_row: 1,
    pause: Duration::from_millis(500),
};

/// Turns before anything is counted: caches, connections, the agent's start.
const WARM_UP: u32 = 30;

/// One of the two, and what it has shown.
struct Runner {
    place: Place,
    process: Bridge,
    times: Vec<Duration>,
}

impl Runner {
    fn new(start: impl FnOnce(&Place) -> Bridge) -> Self {
        let place = Place::new();
        let process = start(&place);
        let times = Vec::new();
        let mut runner = Self {
            place,
            process,
            times,
        };
        runner.run(WARM_UP);
        runner
    }

    fn run(&mut self, turns: u32) {
        for _ in 0..turns {
            self.times.push(self.place.turn("rehearse: say ok"));
        }
    }
}

/// Prints time and processor time of a turn at both paces, and the rate of one chat.
pub(crate) fn overhead() {
    let mut bridge = Runner::new(Place::start);
    let mut floor =
        Runner::new(|place| place.spawn(floor::command(&place.bot_url(), &place.agent())));
    for pace in [HOT, HUMAN] {
        compare(&pace, &mut bridge, &mut floor);
    }
    let calls = bridge.place.calls();
    let since = Instant::now();
    bridge.run(HOT.turns);
    let rate = f64::from(HOT.turns) / since.elapsed().as_secs_f64();
    let calls = (bridge.place.calls() - calls) as f64 / f64::from(HOT.turns);
    row(
        "Bot API calls a turn, polls included",
        &format!("{calls:.1}"),
        "4",
    );
    row(
        "turns a second, one chat, one after the other",
        &format!("{rate:.0}"),
        "101",
    );
}

fn compare(pace: &Pace, bridge: &mut Runner, floor: &mut Runner) {
    let before = [bridge.process.cpu(), floor.process.cpu()];
    for runner in [&mut *bridge, &mut *floor] {
        runner.times.clear();
    }
    for _ in 0..pace.turns / pace.in_a_row {
        bridge.run(pace.in_a_row);
        thread::sleep(pace.pause);
        floor.run(pace.in_a_row);
        thread::sleep(pace.pause);
    }
    let cpu = [
        bridge.process.cpu() - before[0],
        floor.process.cpu() - before[1],
    ];
    let times = [bridge, floor].map(|runner| Percentiles::of(std::mem::take(&mut runner.times)));
    for percent in [50, 95, 99] {
        let figure = format!("turn p{percent}, {}, {} turns", pace.name, pace.turns);
        let [ours, floor] = [0, 1].map(|which: usize| times[which].duration(percent));
        ratio_row(&figure, ours, floor);
    }
    let figure = format!("CPU a turn, {}", pace.name);
    ratio_row(&figure, cpu[0] / pace.turns, cpu[1] / pace.turns);
}
