//! What the command line promises.

use std::path::Path;

use clap::{CommandFactory, Parser};
use expect_test::expect;

use super::{CheckArgs, Cli, Command, Outcome, TryArgs};

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("bridge").chain(line.split_whitespace()))
}

fn command(line: &str) -> Command {
    parse(line).unwrap().requested()
}

#[test]
fn definition_of_the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn bridge_alone_runs_the_bridge() {
    assert_eq!(command(""), Command::Run);
    assert_eq!(command("run"), Command::Run);
}

#[test]
fn global_options_stand_before_or_after_the_command() {
    for line in [
        "--config a.toml --log-level debug check",
        "check --config a.toml --log-level debug",
    ] {
        let cli = parse(line).unwrap();
        assert_eq!(cli.requested(), Command::Check(CheckArgs::default()));
        assert_eq!(cli.global.config.as_deref(), Some(Path::new("a.toml")));
        assert_eq!(cli.global.log_level.as_deref(), Some("debug"));
    }
}

#[test]
fn try_takes_a_free_port_unless_told_otherwise() {
    assert_eq!(command("try"), Command::Try(TryArgs::default()));
    assert_eq!(
        command("try --port 8080 --no-claude --data here --open"),
        Command::Try(TryArgs {
            port: 8080,
            no_claude: true,
            workspace: None,
            data: Some("here".into()),
            open: true,
        })
    );
}

#[test]
fn wrong_usage_has_exit_code_two_and_help_has_zero() {
    for line in ["--nonsense", "nonsense", "try --port 99999", "--config"] {
        assert_eq!(parse(line).unwrap_err().exit_code(), 2, "{line}");
    }
    assert_eq!(parse("--help").unwrap_err().exit_code(), 0);
    assert_eq!(parse("--version").unwrap_err().exit_code(), 0);
}

#[test]
fn outcomes_have_the_promised_exit_codes() {
    let outcomes = [Outcome::Fine, Outcome::Misconfigured, Outcome::Failed];
    assert_eq!(outcomes.map(Outcome::code), [0, 2, 1]);
}

#[test]
fn help_fits_on_one_screen_and_hides_what_is_not_for_people() {
    expect![[r#"
        A Telegram bot in front of a real Claude Code process on your machine

        Usage: bridge [OPTIONS] [COMMAND]

        Commands:
          run     Run the bridge until it is stopped (`bridge` alone does the same)
          try     Try the bridge in a browser, without Telegram
          check   Check the configuration and this machine; lists every problem, uses no network
          users   List and change who may use the bridge, while it is stopped
          store   Check, back up or restore the bridge's store, while it is stopped
          rooms   Show how much chats have in their rooms, or delete it, while the bridge is stopped
          usage   Show what people have spent in the last 30 days, while the bridge is stopped
          unlock  Lift a lockdown (/lockdown in the chat), while the bridge is stopped

        Options:
              --config <FILE>       Use this configuration file [default: ./bridge.toml, else ~/.config/bridge/bridge.toml]
              --log-level <FILTER>  Log at this level or by this filter, such as debug or info,bridge=trace
          -h, --help                Print help
          -V, --version             Print version

        Examples:
          bridge                                run with ./bridge.toml
          TELEGRAM_BOT_TOKEN=… bridge           run with defaults and a token
          bridge try                            talk to Claude in a browser, without Telegram
          bridge check --config /etc/bridge.toml
          bridge users promote 123456789

        Exit codes: 0 success, 2 wrong usage or configuration, 1 any other failure.
    "#]].assert_eq(&Cli::command().render_help().to_string());
}
