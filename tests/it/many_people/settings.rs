//! What each person has of their own, and how a change of the configuration reaches them.

use nix::fcntl;
use nix::sys::signal::Signal;

use super::{ANNA, BEN, world_of};
use crate::support::bridge::{Bridge, OWNER, World, works};

/// Shows the arguments that the agent was started with.
const ARGUMENTS: &str = "rehearse: bash tr '\\0' ' ' < /proc/$PPID/cmdline";

/// Writes the configuration anew and asks the bridge to read it.
fn reload(world: &World, bridge: &Bridge, expected: &str) {
    // Making the command writes the file.
    drop(world.command());
    let before = bridge.output().matches(expected).count();
    bridge.signal(Signal::SIGHUP);
    crate::support::eventually::eventually(expected, crate::support::bridge::LONG, || {
        (bridge.output().matches(expected).count() > before).then_some(())
    });
}

#[test]
fn settings_of_ones_own_reach_the_command_line_and_nobody_elses() {
    let mut world = world_of(&[ANNA, BEN]);
    world.set("claude.model", "\"sonnet\"");
    world.set("users.2002.model", "\"opus\"");
    world.set("users.2002.effort", "\"high\"");
    world.set("users.2002.permission_mode", "\"plan\"");
    world.set("users.2002.append_system_prompt", "\"Answer in German.\"");
    world.set("users.2002.allowed_tools", "[\"Read\"]");
    world.set("users.2002.disallowed_tools", "[\"Bash\"]");
    let own = world.path("own");
    std::fs::create_dir(&own).unwrap();
    world.set("users.3003.dir", format!("{:?}", own.display().to_string()));
    let _bridge = world.start();
    let annas = world.ask(ANNA, ARGUMENTS, "--model=opus").text;
    for argument in [
        "--effort=high",
        "--permission-mode=plan",
        "Answer in German.",
        "--allowedTools=Read",
        "--disallowedTools=Bash",
    ] {
        assert!(annas.contains(argument), "{argument} in {annas}");
    }
    let bens = world.ask(BEN, ARGUMENTS, "--model=sonnet").text;
    assert!(
        !bens.contains("--effort") && !bens.contains("German"),
        "{bens}"
    );
    world.ask(BEN, "rehearse: bash pwd", &own.display().to_string());
}

#[test]
fn a_changed_configuration_reaches_the_next_turn_after_a_hangup_signal() {
    let mut world = world_of(&[ANNA, BEN]);
    let bridge = world.start();
    let before = world.ask(ANNA, ARGUMENTS, "stream-json").text;
    assert!(!before.contains("--model"), "{before}");

    // Ben is in the middle of a turn, which goes on.
    world
        .playground
        .say(BEN, "rehearse: slow 40 50 ;; say done");
    world.wait("Ben's turn", |view| works(view, BEN).then_some(()));
    world.set("users.2002.model", "\"opus\"");
    world.set("claude.extra_args", "[\"--debug-file=x\"]");
    reload(&world, &bridge, "is reloaded");
    let after = world.ask(ANNA, ARGUMENTS, "--model=opus").text;
    assert!(after.contains("--debug-file=x"), "{after}");
    // The card shows the same words before the turn has ended.
    world.wait("Ben's answer", |view| {
        let mut posts = view.bot_posts(BEN);
        posts.find(|post| post.text.contains("done") && !post.silent)?;
        Some(())
    });
    world.ask(BEN, ARGUMENTS, "--debug-file=x");

    // Whoever is no longer listed is out, and what they had running ends.
    world.playground.say(ANNA, "rehearse: silence");
    world.wait("Anna's turn", |view| works(view, ANNA).then_some(()));
    world.set("multi_user.denied_users", format!("[{ANNA}]"));
    reload(&world, &bridge, "is reloaded");
    world.see(ANNA, "topped");
    world.ask(ANNA, "hello?", "You cannot use this bot");
    world.ask(BEN, "rehearse: say still here", "still here");
    bridge.stop();
}

#[test]
fn an_invalid_configuration_is_refused_and_the_old_one_holds() {
    let mut world = world_of(&[ANNA]);
    world.set("users.2002.model", "\"opus\"");
    let bridge = world.start();
    world.ask(ANNA, ARGUMENTS, "--model=opus");
    let good = world.path("bridge.toml");
    world.set("users.2002.model", "5");
    reload(&world, &bridge, "the running one stays");
    assert!(
        bridge.output().contains("users.2002.model"),
        "{}",
        bridge.output()
    );
    world.ask(ANNA, "/new", "ew conversation");
    world.ask(ANNA, ARGUMENTS, "--model=opus");
    // Rules under which strangers would wait for nobody are refused as a whole.
    world.set("users.2002.model", "\"haiku\"");
    world.set("multi_user.denied_users", format!("[{OWNER}]"));
    reload(&world, &bridge, "the running one stays");
    world.ask(OWNER, "rehearse: say not denied", "not denied");
    world.ask(ANNA, "/new", "ew conversation");
    world.ask(ANNA, ARGUMENTS, "--model=opus");
    std::fs::remove_file(good).unwrap();
    bridge.stop();
}

#[test]
fn closing_the_terminal_still_ends_the_bridge() {
    let world = World::new();
    let terminal = nix::pty::openpty(None, None).unwrap();
    // A bridge that inherited the other end would keep its own terminal alive.
    let close_on_exec = fcntl::FcntlArg::F_SETFD(fcntl::FdFlag::FD_CLOEXEC);
    fcntl::fcntl(&terminal.master, close_on_exec).unwrap();
    let command = world.command();
    let mut in_terminal = std::process::Command::new("setsid");
    in_terminal.arg("--ctty").arg("--wait");
    in_terminal
        .arg(command.get_program())
        .args(command.get_args());
    in_terminal.arg("run").env_clear();
    let variables = command.get_envs();
    in_terminal.envs(variables.filter_map(|(name, value)| Some((name, value?))));
    in_terminal.current_dir(world.path(""));
    let mut bridge = Bridge::spawn_at(in_terminal, terminal.slave);
    bridge.wait_for_line("the bridge is ready");
    world.ask(OWNER, "rehearse: say here", "here");
    drop(terminal.master);
    bridge.wait();
    assert!(
        bridge.output().contains("reason=SIGHUP"),
        "{}",
        bridge.output()
    );
    world.assert_nothing_left_within_two_seconds();
}
