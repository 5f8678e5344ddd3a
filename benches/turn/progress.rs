//! What a person sees of a turn that takes longer: how soon, and with how many calls.

use std::fs;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::figures::{Percentiles, row};
use crate::place::{OWNER, Place};

/// How many turns of people of their own are looked at.
const TURNS: i64 = 50;

/// How many turns of one chat are looked at.
const IN_A_ROW: i64 = 25;

/// The first of as many people.
const FIRST: i64 = 5001;

/// The pause before each word of the agent, the first one too.
const PAUSE: Duration = Duration::from_millis(10);

/// From the first words of the agent to the card that shows them at the API.
///
/// The agent notes when it takes the prompt, and pauses before its first words, so that they come
/// no sooner than is counted here and the figure is rather too large than too small.
pub(crate) fn first_words() {
    let mut place = Place::with_settings(
        "multi_user.enabled = true\nmulti_user.strangers = \"open\"\nclaude.max_live = 100\n\
         claude.env_passthrough = [\"REHEARSAL_LEDGER\"]\n",
    );
    let ledger = place.path("ledger").display().to_string();
    place.set_env("REHEARSAL_LEDGER", &ledger);
    let _bridge = place.start();
    let apart = (FIRST..FIRST + TURNS).map(|person| first_words_for(&place, person, 60));
    let apart = Percentiles::of(apart.collect());
    let limit = "limit 350 ms";
    row("first words seen p50, 50 turns apart", &apart.p50(), limit);
    row("first words seen p95", &apart.p95(), limit);
    // Here a card may have to wait until Telegram's pace lets another message into the chat.
    let in_a_row = (0..IN_A_ROW).map(|_| first_words_for(&place, OWNER, 200));
    let in_a_row = Percentiles::of(in_a_row.collect());
    row(
        "the same p50, 25 turns in a row, one chat",
        &in_a_row.p50(),
        "",
    );
    row("the same p95", &in_a_row.p95(), "");
}

fn first_words_for(place: &Place, person: i64, words: u32) -> Duration {
    let prompt = format!("rehearse: slow {words} {}", PAUSE.as_millis());
    let said = place.playground.say(person, &prompt);
    let after = |message: i64| message > said.message_id;
    let seen_at = place.wait(|view| {
        let mut posts = view.bot_posts(person);
        posts.find_map(|post| {
            let is_card = after(post.message_id) && post.text.contains("piece0");
            is_card.then_some(post.sent_at)
        })
    });
    let spoken_at = last_in_ledger(place) + PAUSE;
    place.wait(|view| {
        let mut posts = view.bot_posts(person);
        posts.find_map(|post| (post.reply_to == Some(said.message_id)).then_some(()))
    });
    seen_at.saturating_duration_since(spoken_at)
}

/// Returns when the agent took its last prompt.
fn last_in_ledger(place: &Place) -> Instant {
    let ledger = fs::read_to_string(place.path("ledger")).unwrap();
    let line: serde_json::Value = serde_json::from_str(ledger.lines().last().unwrap()).unwrap();
    let taken_at = UNIX_EPOCH + Duration::from_micros(line["at_us"].as_u64().unwrap());
    let (now, calendar) = (Instant::now(), SystemTime::now());
    now - calendar.duration_since(taken_at).unwrap_or_default()
}

/// The calls of turns that speak for ten seconds and for a minute, from message to answer.
pub(crate) fn calls() {
    let lengths = [(10, "13 in virtual time"), (60, "34 in virtual time")];
    let counts = lengths.map(|(seconds, expected)| {
        let counting = thread::spawn(move || calls_of_a_turn(seconds));
        (seconds, expected, counting)
    });
    for (seconds, expected, counting) in counts {
        let figure = format!("Bot API calls of a turn of {seconds} s, polls left out");
        row(&figure, &counting.join().unwrap().to_string(), expected);
    }
}

fn calls_of_a_turn(seconds: u64) -> usize {
    let place = Place::new();
    let _bridge = place.start();
    place.turn("rehearse: say warm up");
    // Until then what is left of it may count as calls of the next turn.
    thread::sleep(Duration::from_secs(1));
    let before = calls_but_polls(&place);
    let said = place
        .playground
        .say(OWNER, &format!("rehearse: slow {} 100", seconds * 10));
    place.wait(|view| {
        let mut posts = view.bot_posts(OWNER).rev();
        posts
            .find(|post| post.reply_to == Some(said.message_id))
            .map(drop)
    });
    place.wait(|view| {
        let mut posts = view
            .bot_posts(OWNER)
            .filter(|post| post.message_id > said.message_id);
        posts.any(|post| post.text.starts_with('✓')).then_some(())
    });
    calls_but_polls(&place) - before
}

fn calls_but_polls(place: &Place) -> usize {
    let is_poll = |method: &str| method == "getUpdates";
    (place.playground).look(|view| view.calls().filter(|call| !is_poll(&call.method)).count())
}
