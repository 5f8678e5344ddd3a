//! What the worst of Markdown costs to render.
//!
//! `cargo bench --bench rendering` feeds texts of which each was, or could be, slow to read: tags
//! without partners, tags in tags, signs that begin markup and never end it. Each is rendered at one
//! size and at four times that size: where the time grows by much more than four, somebody can hold
//! up the thread that serves all chats. At 40,000 letters an answer is cut, so the first is what can
//! happen.

#![allow(clippy::print_stdout, reason = "a program for people to run by hand")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use bridge::telegram::render::{render, render_blocks};

const LONGEST: usize = 40_000;

/// Texts that are repeated.
const REPEATED: [(&str, &str); 24] = [
    ("escapes", r"\*"),
    ("entities", "&amp;"),
    ("brackets", "["),
    ("links", "[a]("),
    ("links to nowhere", "[a](b) "),
    ("images", "![["),
    ("footnotes", "[^a]: "),
    ("stars", "a**b"),
    ("stars and underscores", "*a_ "),
    ("strikes", "~~a ~b "),
    ("formulas", r"\("),
    ("other formulas", "$$"),
    ("paths", r"C:\a_b*"),
    ("addresses", "<http://a"),
    ("tags that begin", "<a "),
    ("comments that begin", "<!--"),
    ("names of files", "main.rs "),
    ("emphasis beside Chinese", "**中。**中"),
    ("quotations", "> a\n\n"),
    ("fences", "```\na\n```\n"),
    ("items", "- \n"),
    ("tables", "|a|b|\n|-|-|\n|c|d|\n\n"),
    ("lines", "a\n"),
    ("folds", "<details>\n\n"),
];

fn main() {
    // `cargo test --benches` asks for nothing to be measured.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    println!(
        "\n{:<26} {:>9} {:>9} {:>7}  {:>9}",
        "text", "40 kB", "160 kB", "growth", "rich"
    );
    for (name, part) in REPEATED {
        measure(name, |length| part.repeat(length / part.len()));
    }
    measure("tags that close nothing", |length| {
        "<b>".repeat(length / 7) + &"</i>".repeat(length / 7)
    });
    measure("tags in tags", |length| {
        "<b>".repeat(length / 7) + &"</b>".repeat(length / 7)
    });
    measure("code in code", |length| {
        "a<code>".repeat(length / 14) + &"</code>".repeat(length / 14)
    });
    measure("summaries", |length| {
        "<details>".to_owned() + &"<summary>a".repeat(length / 10)
    });
    measure("links in links", |length| {
        "[".repeat(length / 5) + &"](b)".repeat(length / 5)
    });
    measure("a table of empty cells", |length| {
        let columns = length / 8;
        let head = "|a".repeat(columns) + "|\n" + &"|-".repeat(columns) + "|\n";
        head + &"|a|\n".repeat(length / 8)
    });
}

fn measure(name: &str, text: impl Fn(usize) -> String) {
    let [short, long] = [LONGEST, 4 * LONGEST].map(|length| {
        let text = text(length);
        time(|| drop(black_box(render(&text))))
    });
    // What is longer is no rich message.
    let text = text(32_000);
    let rich = time(|| drop(black_box(render_blocks(&text))));
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    println!(
        "{name:<26} {:>6.1} ms {:>6.1} ms {:>6.1}×  {:>6.1} ms",
        ms(short),
        ms(long),
        ms(long) / ms(short),
        ms(rich)
    );
}

/// Returns the shortest of three tries.
fn time(work: impl Fn()) -> Duration {
    let tries = (0..3).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    tries.min().unwrap_or_default()
}
