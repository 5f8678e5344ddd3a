//! Promise: what is said of a failure helps in that failure. Both versions.

use crate::support::bridge::World;
use crate::support::real_claude::{RealClaude, for_each_version};

for_each_version!(each_failure_comes_with_a_way_out_that_can_work);

fn each_failure_comes_with_a_way_out_that_can_work(claude: &RealClaude) {
    let world = World::with_real_claude(claude);
    let _bridge = world.start();
    for (prompt, advice) in [
        ("error 401", "Claude's login has expired or was withdrawn."),
        ("error 404", "Choose another model with /model"),
        ("error 529", "Claude can try to go on at"),
        (
            "error 400",
            "Sent again as it is, this would be refused again.",
        ),
        ("refuse", "Put it in other words"),
    ] {
        world.say_and_see(prompt, advice);
    }
}
