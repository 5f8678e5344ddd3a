//! Runs the hidden roles of the program.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let role = args.next().unwrap_or_default();
    if role == "rehearse" {
        return bridge::rehearsal::rehearse_main(args);
    }
    bridge::claude::guard::run_role(&role, args).unwrap_or(ExitCode::FAILURE)
}
