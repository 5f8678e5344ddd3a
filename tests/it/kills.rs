//! Promise: `kill -9` of the bridge at any moment, or a power cut, under the traffic of several
//! chats, loses no prompt and no command, runs none twice and leaves nobody without a word.
//!
//! After a cut the store is what was synced last, Claude's own files are gone, and the host has
//! another boot id. The agents count executions in a file of their own. 25 kills by default; `BRIDGE_KILLS=300`
//! runs as many, and `BRIDGE_SEED` repeats a run.

use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::Duration;

use playground::Post;
use serde_json::Value;

use crate::support::bridge::{OWNER, World};

const CHATS: [i64; 4] = [OWNER, 2002, 3003, 4004];

/// How many kills one world sees; the playground forgets its oldest posts at some time.
const KILLS_A_WORLD: usize = 25;

/// How many prompts each chat sends between two kills.
const PROMPTS_A_KILL: usize = 2;

/// What a prompt does: an answer at once, a stream, a tool, a permission that nobody
/// gives.
const WORK: [&str; 4] = [
    "",
    "slow 5 10 ;; ",
    "bash sleep 0.05 ;; ",
    "ask Write notes.md ;; ",
];

/// Draws numbers that look random; the same seed draws the same ones.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// One prompt that was sent.
struct Sent {
    chat: i64,
    message: i64,
    word: String,
}

/// What came of some deaths.
#[derive(Debug, Default)]
struct Tally {
    deaths: usize,
    answered: usize,
    offered: usize,
    repeated: usize,
}

/// How a bridge dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Death {
    Kill,
    PowerCut,
}

#[test]
fn no_kill_loses_a_prompt_runs_one_twice_or_leaves_anybody_without_a_word() {
    let kills = from_environment("BRIDGE_KILLS", KILLS_A_WORLD);
    die_so_often(Death::Kill, kills);
}

#[test]
fn no_power_cut_loses_a_prompt_runs_one_twice_or_leaves_anybody_without_a_word() {
    let cuts = from_environment("BRIDGE_POWER_CUTS", 10);
    die_so_often(Death::PowerCut, cuts);
}

#[expect(clippy::print_stdout, reason = "a run is repeated by its seed")]
fn die_so_often(death: Death, times: usize) {
    let seed = from_environment("BRIDGE_SEED", 20_261_124);
    println!("{times} times {death:?}, seed {seed}");
    let mut dice = Dice(seed);
    let mut all = Tally::default();
    while all.deaths < times {
        let deaths = KILLS_A_WORLD.min(times - all.deaths);
        let tally = die_again_and_again(death, deaths, seed, &mut dice);
        all.deaths += tally.deaths;
        all.answered += tally.answered;
        all.offered += tally.offered;
        all.repeated += tally.repeated;
    }
    println!("{all:?}, and nothing lost, run twice or left without a word");
}

/// Lets a bridge die under traffic, then lets it finish and looks at every prompt's outcome.
fn die_again_and_again(death: Death, deaths: usize, seed: u64, dice: &mut Dice) -> Tally {
    let mut world = crowded_world();
    let mut sent = Vec::new();
    let mut chosen = BTreeMap::new();
    for round in 0..deaths {
        if death == Death::PowerCut {
            let copies = world.path("copies").display().to_string();
            world.env("BRIDGE_SYNCED_COPY", &copies);
            world.unset_env("BRIDGE_BOOT_ID");
            world.env("BRIDGE_BOOT_ID", &format!("boot {round}"));
        }
        let bridge = world.start();
        for number in 0..PROMPTS_A_KILL {
            for chat in CHATS {
                if dice.throw(3) == 0 {
                    let level = dice.throw(3);
                    world.playground.say(chat, &format!("/verbose {level}"));
                    chosen.insert(chat, level);
                }
                let word = format!("w{round}x{number}c{chat}");
                let work = WORK[usize::try_from(dice.throw(4)).expect("small")];
                let text = format!("rehearse: {work}say {word}.");
                let message = world.playground.say(chat, &text).message_id;
                sent.push(Sent {
                    chat,
                    message,
                    word,
                });
            }
        }
        thread::sleep(Duration::from_millis(dice.throw(400)));
        bridge.kill();
        world.assert_nothing_left_within_two_seconds();
        if death == Death::PowerCut {
            cut_power(&world);
        }
    }
    world.unset_env("BRIDGE_SYNCED_COPY");
    if death == Death::PowerCut {
        world.unset_env("BRIDGE_BOOT_ID");
        world.env("BRIDGE_BOOT_ID", "the last boot");
    }
    let _bridge = world.start();
    for one in &sent {
        let what = format!("an outcome of {} (seed {seed})", one.word);
        world.wait(&what, |view| {
            let mut posts = view.bot_posts(one.chat);
            posts.find(|post| is_outcome(post, one)).cloned()
        });
    }
    // What comes behind every post has come after it.
    for chat in CHATS {
        let last = world.playground.say(chat, "rehearse: say the end");
        world.see_after(chat, last.message_id, "the end");
    }
    for (chat, level) in chosen {
        let asked = world.playground.say(chat, "/verbose");
        let told = world.see_after(chat, asked.message_id, "/verbose 0");
        let holds = told.text.contains(&format!("● /verbose {level}"));
        assert!(holds, "{chat} chose {level} (seed {seed}): {}", told.text);
    }
    check(&world, &sent, deaths)
}

/// Puts what was synced last in the place of the store, and takes Claude's own files away.
fn cut_power(world: &World) {
    // It may have died before it wrote anything.
    let Ok(copies) = fs::read_dir(world.path("copies")) else {
        return;
    };
    let copies = copies.map(|entry| entry.expect("a copy").path());
    let latest = copies.filter(|copy| copy.join("whole").exists()).max();
    let Some(latest) = latest else {
        return;
    };
    let data = world.path("data");
    fs::remove_dir_all(data.join("store")).expect("a store");
    fs::rename(latest.join("store"), data.join("store")).expect("a copy");
    fs::remove_file(data.join("store.mark")).expect("a mark");
    fs::rename(latest.join("store.mark"), data.join("store.mark")).expect("a mark");
    fs::remove_dir_all(world.path("copies")).expect("copies");
    // There may be no conversation yet.
    fs::remove_dir_all(world.path("home").join(".claude-rehearsal")).ok();
}

/// Four people and a bridge that lets them all in.
fn crowded_world() -> World {
    let mut world = World::new();
    world.set("claude.permission_timeout", "\"50ms\"");
    world.set("multi_user.enabled", true);
    world.set("multi_user.admin_users", format!("[{OWNER}]"));
    world.set("multi_user.strangers", "\"open\"");
    world.set("workspace.per_user", false);
    world.set("claude.max_live", 3);
    world.set("limits.queued_prompts", 1000);
    world.set("limits.messages_per_minute", 1000);
    // The log begins new segments again and again.
    world.env("BRIDGE_SEGMENT_BYTES", "20000");
    for (chat, name) in [(3003, "Tove"), (4004, "Uma")] {
        world.playground.user(chat, name);
    }
    world
}

fn from_environment<T: std::str::FromStr>(name: &str, default: T) -> T {
    let value = std::env::var(name).ok();
    value
        .and_then(|value| value.parse().ok())
        .unwrap_or(default)
}

fn posts(world: &World) -> Vec<Post> {
    world.playground.look(|view| {
        let of_chat = |chat: &i64| view.bot_posts(*chat).cloned().collect::<Vec<_>>();
        CHATS.iter().flat_map(of_chat).collect()
    })
}

/// The card of a turn may show the same words; it replies to nothing.
fn is_answer(post: &Post, sent: &Sent) -> bool {
    post.reply_to == Some(sent.message) && post.text.contains(&format!("{}.", sent.word))
}

fn is_offer(post: &Post, sent: &Sent) -> bool {
    post.reply_to == Some(sent.message) && post.text.contains("Nothing repeats unless you say so.")
}

fn is_outcome(post: &Post, sent: &Sent) -> bool {
    is_answer(post, sent) || is_offer(post, sent)
}

/// Looks at every prompt's outcome.
fn check(world: &World, sent: &[Sent], deaths: usize) -> Tally {
    let executions = executions(world);
    let all = posts(world);
    let (mut answered, mut offered, mut repeated) = (0, 0, 0);
    for one in sent {
        let of_chat = || all.iter().filter(|post| post.chat_id == one.chat);
        let answers: Vec<_> = of_chat().filter(|post| is_answer(post, one)).collect();
        let offers = of_chat().filter(|post| is_offer(post, one));
        let (marked, plain): (Vec<&Post>, Vec<&Post>) =
            answers.iter().partition(|post| post.text.starts_with('↻'));
        let (offers, repeats) = offers.partition::<Vec<_>, _>(|post| !post.text.starts_with('↻'));
        let ran = executions.get(&one.word).copied().unwrap_or(0);
        let word = &one.word;
        assert!(ran <= 1, "{word} ran {ran} times");
        assert!(plain.len() <= 1, "{word} was answered twice without a mark");
        assert!(offers.len() <= 1, "{word} was offered twice without a mark");
        let is_answered = !answers.is_empty();
        let is_offered = !offers.is_empty() || !repeats.is_empty();
        let about = || of_chat().filter(|post| post.reply_to == Some(one.message));
        let texts: Vec<_> = about().map(|post| post.text.as_str()).collect();
        assert!(
            is_answered != is_offered,
            "{word} has both outcomes or none: {texts:?}"
        );
        assert!(
            !is_answered || ran == 1,
            "{word} was answered and never ran"
        );
        answered += usize::from(is_answered);
        offered += usize::from(is_offered);
        repeated += marked.len() + repeats.len();
    }
    for chat in CHATS {
        check_order(&all, sent, chat);
    }
    assert!(
        repeated <= deaths * CHATS.len(),
        "{repeated} repeats in {deaths} deaths"
    );
    Tally {
        deaths,
        answered,
        offered,
        repeated,
    }
}

/// The first answers of a chat come in the order of its prompts.
fn check_order(all: &[Post], sent: &[Sent], chat: i64) {
    let first = |one: &Sent| {
        let of_chat = all.iter().filter(|post| post.chat_id == chat);
        of_chat
            .filter(|post| is_answer(post, one))
            .map(|post| post.message_id)
            .min()
    };
    let of_chat = sent.iter().filter(|one| one.chat == chat);
    let order: Vec<_> = of_chat.filter_map(first).collect();
    assert!(
        order.is_sorted(),
        "the answers of {chat} are out of order: {order:?}"
    );
}

/// Returns how often each prompt was executed, by the agents' own count.
fn executions(world: &World) -> BTreeMap<String, usize> {
    let mut executions = BTreeMap::new();
    for line in world.ledger() {
        let entry: Value = serde_json::from_str(&line).expect("a whole line");
        let text = entry["text"].as_str().expect("a text");
        let word = text
            .rsplit("say ")
            .next()
            .expect("a word")
            .trim_end_matches('.');
        *executions.entry(word.to_owned()).or_default() += 1;
    }
    executions
}
