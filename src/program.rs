//! Where a program is, found as the system finds it.

use std::env;
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Where a program is looked for by whoever has no `PATH`.
const DEFAULT_SEARCH_PATH: &str = "/usr/bin:/bin";

/// Finds an executable file the way the system does: a path as it is, a name on the search path.
pub(crate) fn find_program(program: &Path, search_path: Option<&OsStr>) -> Option<PathBuf> {
    if program.components().count() > 1 {
        return is_executable(program).then(|| program.to_owned());
    }
    env::split_paths(search_path.unwrap_or(OsStr::new(DEFAULT_SEARCH_PATH)))
        .map(|folder| folder.join(program))
        .find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}
