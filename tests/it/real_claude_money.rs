//! Promise: a card names what its own turn cost, and that is counted, also after the bridge and
//! Claude began anew. Both versions.

use std::fs;

use playground::Post;
use serde_json::Value;

use crate::spending::total;
use crate::support::bridge::{OWNER, World};
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(
    a_card_names_the_cost_of_its_turn_after_a_restart_too,
    the_bound_of_claude_code_is_one_of_its_process,
);

fn a_card_names_the_cost_of_its_turn_after_a_restart_too(claude: &RealClaude) {
    let mut world = World::with_real_claude(claude);
    world.set("claude.allowed_tools", r#"["Bash"]"#);
    let bridge = world.start();
    let before = cost(&card(claude, &world));
    bridge.stop();
    let first = total(&world);
    assert_eq!(
        (&first["turns"], &first["without_cost"]),
        (&1.into(), &0.into())
    );

    let bridge = world.start();
    assert_eq!(cost(&card(claude, &world)), before);
    bridge.kill();

    let bridge = world.start();
    assert_eq!(cost(&card(claude, &world)), before);
    bridge.stop();
    let all = total(&world);
    assert_eq!(
        (&all["turns"], &all["without_cost"]),
        (&3.into(), &0.into())
    );
    let dollars = |total: &Value| total["cost_usd"].as_f64().expect("a number");
    let off = dollars(&all) - 3.0 * dollars(&first);
    assert!(off.abs() < 0.01, "{all}, first {first}");
    let tokens = |total: &Value| total["tokens"].as_u64().expect("a number");
    assert!(tokens(&first) > 0, "{first}");
    assert_eq!(tokens(&all), 3 * tokens(&first), "{all}, first {first}");
}

/// Lets the same turn run once more, for as long as it takes to have a card, and returns that card.
fn card(claude: &RealClaude, world: &World) -> Post {
    let go = claude.project().join("go");
    fs::remove_file(&go).ok();
    let calls = "bash true ;; ".repeat(8);
    let wait = "bash while [ ! -e go ]; do sleep 0.05; done";
    let said = (world.playground).say(OWNER, &format!("{calls}{wait} ;; say it is done"));
    let card = world.see_after(OWNER, said.message_id, "⏳");
    fs::write(go, "").expect("written");
    world.see_edited(&card, "✓")
}

fn cost(card: &Post) -> String {
    let dollars = card.text.split('$').nth(1);
    let digits = |text: &str| text.chars().take(4).collect();
    dollars
        .map(digits)
        .unwrap_or_else(|| panic!("{}", card.text))
}

/// That is why limits of a day do not go by `--max-budget-usd`.
fn the_bound_of_claude_code_is_one_of_its_process(claude: &RealClaude) {
    const REACHED: &str = "Reached maximum budget";
    let mut world = World::with_real_claude(claude);
    world.set("claude.extra_args", r#"["--max-budget-usd", "0.003"]"#);
    let bridge = world.start();
    // What reaches it is answered, and fails.
    let first = world.say_and_see("say one", REACHED);
    let spent = world.bot_texts(OWNER);
    assert!(spent.iter().any(|text| text.contains("one")), "{spent:?}");
    // So does whatever comes after it, and costs nothing.
    world.say_and_see("say two", REACHED);
    assert!(
        !world
            .bot_texts(OWNER)
            .iter()
            .any(|text| text.contains("two"))
    );
    bridge.stop();
    // The same conversation in another process begins at nothing, although its sum goes on.
    let _bridge = world.start();
    let said = world.playground.say(OWNER, "say three");
    world.see_after(OWNER, said.message_id, "three");
    assert!(first.message_id < said.message_id);
}
