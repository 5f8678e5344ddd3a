//! Pure: which mounts of a room let more through than they should, from the kernel's own table.
//!
//! A path of the host comes with everything that is mounted below it; each of these mounts is one
//! of its own, and has to be told by itself.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use nix::mount::MsFlags;

use super::plan::Lock;

/// Returns the mounts below `root` that have to be told what they may be, and what.
///
/// `table` is the content of `/proc/self/mountinfo`, `locks` names paths as seen from `root`.
pub(super) fn to_be_told(
    table: &[u8],
    root: &Path,
    locks: &BTreeMap<PathBuf, Lock>,
) -> Vec<(PathBuf, MsFlags)> {
    let lines = table.split(|byte| *byte == b'\n');
    let mounts = lines.filter_map(parse);
    let told = mounts.filter_map(|(path, flags)| {
        let inside = Path::new("/").join(path.strip_prefix(root).ok()?);
        let lock = inside.ancestors().find_map(|above| locks.get(above))?;
        let safe = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
        let wanted = match lock {
            Lock::Sealed => safe | MsFlags::MS_RDONLY,
            Lock::Open => safe,
            Lock::Free => return None,
        };
        let is_device = inside.starts_with("/dev");
        (!is_device && !flags.contains(wanted)).then_some((path, flags | wanted))
    });
    told.collect()
}

/// Reads a line: where it is mounted, and what holds for it. What a line does not say again when
/// it is mounted anew would be lost.
fn parse(line: &[u8]) -> Option<(PathBuf, MsFlags)> {
    let fields: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    let path = unescaped(fields.get(4)?);
    let options = fields.get(5)?.split(|byte| *byte == b',');
    let flags = options.filter_map(|option| match option {
        b"ro" => Some(MsFlags::MS_RDONLY),
        b"nosuid" => Some(MsFlags::MS_NOSUID),
        b"nodev" => Some(MsFlags::MS_NODEV),
        b"noexec" => Some(MsFlags::MS_NOEXEC),
        _ => None,
    });
    Some((path, flags.collect()))
}

/// A blank, a tab, a line's end and a backslash stand as `\040` and the like.
fn unescaped(field: &[u8]) -> PathBuf {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let [first, after @ ..] = rest {
        let code = match (first, after) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..]) => {
                Some((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'))
            }
            _ => None,
        };
        bytes.push(code.unwrap_or(*first));
        rest = match code {
            Some(_) => &after[3..],
            None => after,
        };
    }
    PathBuf::from(OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn each_mount_goes_by_the_nearest_path_and_keeps_what_it_had() {
        let table = br"
30 1 0:1 / / rw,relatime - tmpfs t rw
31 30 0:2 / /.new rw,nosuid - tmpfs t rw
32 31 8:1 /usr /.new/usr rw,relatime shared:1 - ext4 /dev/a rw
33 32 8:2 / /.new/usr/local\040x rw,noexec - ext4 /dev/b rw
34 31 8:1 /w /.new/w/7 rw,nosuid,nodev - ext4 /dev/a rw
35 34 0:9 / /.new/w/7/data rw - tmpfs t rw
36 31 0:8 / /.new/sys ro,nosuid,nodev,noexec - sysfs s rw
37 36 0:7 / /.new/sys/fs/cgroup rw - cgroup2 c rw
38 31 0:6 /null /.new/dev/null rw - devtmpfs d rw
39 34 8:3 / /.new/w/7/disk rw,nosuid - ext4 /dev/c rw";
        let locks = [
            ("/usr", Lock::Sealed),
            ("/sys", Lock::Sealed),
            ("/dev", Lock::Free),
            ("/w/7", Lock::Open),
            ("/w/7/data", Lock::Free),
        ];
        let locks = locks.map(|(path, lock)| (PathBuf::from(path), lock));
        let told = to_be_told(table, Path::new("/.new"), &BTreeMap::from(locks));
        let lines = told
            .iter()
            .map(|(path, flags)| format!("{} {flags:?}", path.display()));
        expect![[r#"
            /.new/usr MsFlags(MS_RDONLY | MS_NOSUID | MS_NODEV)
            /.new/usr/local x MsFlags(MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
            /.new/sys/fs/cgroup MsFlags(MS_RDONLY | MS_NOSUID | MS_NODEV)
            /.new/w/7/disk MsFlags(MS_NOSUID | MS_NODEV)"#]]
        .assert_eq(&lines.collect::<Vec<_>>().join("\n"));
    }
}
