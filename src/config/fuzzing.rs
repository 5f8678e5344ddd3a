//! What must hold for whatever stands in a configuration: it is loaded or refused, the same each
//! time, and never shows the token.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use super::file::ConfigFile;
use super::{Config, LoadOptions, TokenNeed};

const TOKEN: &str = "123456789:CanaryCanaryCanaryCanaryCanary_abc";

/// The part of it that nobody may see, at any length that could be of use.
const SECRET_PART: &str = "CanaryCanary";

/// What stands for the token in what is fed.
const PLACE: &str = "TOKEN";

/// A file, and behind the first zero the variables, each a name, `=` and a value, with a zero
/// between two.
pub(crate) fn configuration(bytes: &[u8]) {
    let mut parts = bytes.split(|byte| *byte == 0);
    let file = String::from_utf8_lossy(parts.next().unwrap_or_default());
    if file.contains(SECRET_PART) {
        return;
    }
    let file = file.replace(PLACE, TOKEN);
    let environment = parts.filter_map(variable).collect();
    let options = LoadOptions {
        file: None,
        log_level: None,
        environment,
        working_dir: PathBuf::from("/usr"),
        effective_uid: 1000,
        token: TokenNeed::Optional,
    };
    let load = || {
        let mut problems = Vec::new();
        let file = ConfigFile::parse(Path::new("/usr/bridge.toml"), &file, &mut problems);
        Config::load_with(&options, Vec::new(), Some(file), problems)
    };
    let loaded = load();
    let told = match &loaded {
        // What is no secret may be shown, whatever somebody wrote there.
        Ok(loaded) => format!("{:?} {:?}", loaded.config.telegram.token, loaded.warnings),
        Err(errors) => {
            let n_lines = file.lines().count() + 1;
            let lines = errors.problems().iter().filter_map(|problem| {
                let line = problem.origin().strip_prefix("/usr/bridge.toml:")?;
                line.parse::<usize>().ok()
            });
            lines.for_each(|line| assert!((1..=n_lines).contains(&line), "line {line}"));
            format!("{errors} {errors:?}")
        }
    };
    assert!(!told.contains(SECRET_PART), "{told}");
    assert!(loaded == load(), "it is loaded differently each time");
}

/// Splits a variable as the kernel gives it. `HOME` stays out: what is below it is looked at.
fn variable(text: &[u8]) -> Option<(OsString, OsString)> {
    let at = text.iter().position(|byte| *byte == b'=')?;
    // A name is no secret, and is shown.
    if String::from_utf8_lossy(&text[..at]).contains(SECRET_PART) {
        return None;
    }
    let name = OsString::from_vec(text[..at].to_owned());
    let value = match std::str::from_utf8(&text[at + 1..]) {
        Ok(value) if value.contains(SECRET_PART) => return None,
        Ok(value) => value.replace(PLACE, TOKEN).into(),
        Err(_) => OsString::from_vec(text[at + 1..].to_owned()),
    };
    Some((name, value))
}
