//! Opens the chat page in the person's browser.

use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use crate::program::find_program;

/// The programs that open an address, the first that is there wins.
const OPENERS: [&str; 2] = ["xdg-open", "open"];

/// Opens an address, or says in one sentence why that is left to the person.
pub(super) fn open(url: &str) -> Result<(), String> {
    open_with(url, env::var_os("PATH").as_deref())
}

fn open_with(url: &str, search_path: Option<&OsStr>) -> Result<(), String> {
    let mut openers = OPENERS.iter();
    let Some(opener) = openers.find_map(|name| find_program(Path::new(name), search_path)) else {
        return Err(format!(
            "Cannot open a browser: there is no {}.",
            OPENERS.join(" or ")
        ));
    };
    let child = Command::new(&opener)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child =
        child.map_err(|error| format!("Cannot open a browser: {}: {error}.", opener.display()))?;
    // Some of them run as long as the browser does.
    thread::spawn(move || child.wait());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_program_that_opens_it_the_person_is_told() {
        let empty = tempfile::tempdir().unwrap();
        let said = open_with("http://127.0.0.1:1/", Some(empty.path().as_os_str()));
        assert_eq!(
            said,
            Err("Cannot open a browser: there is no xdg-open or open.".to_owned())
        );
        let opener = empty.path().join("open");
        std::fs::write(&opener, "#!/nonexistent\n").unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&opener, mode).unwrap();
        let said = open_with("http://127.0.0.1:1/", Some(empty.path().as_os_str()));
        assert!(said.unwrap_err().contains("/open: No such file"));
    }
}
