//! Paths that lead in, out, nowhere, and to the bridge itself.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use bridge_actors::ids::{ChatId, SessionKey};
use nix::fcntl::OFlag;
use nix::sys::stat::{Mode, mkdirat};
use nix::unistd::mkfifo;
use tempfile::TempDir;

use super::*;
use crate::room::Rooms;

/// A data folder below the folder of a session, as a bridge without settings has it, with another
/// chat's room, and files beside.
struct House {
    home: TempDir,
    room: Room,
}

impl House {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let at = |path: &str| home.path().canonicalize().unwrap().join(path);
        let files = [
            ("work/report.pdf", "a report"),
            ("work/deep/er/notes.txt", "notes"),
            ("work/data/store.log", "the store"),
            ("work/data/store/db", "users"),
            ("work/data/audit.log", "the audit"),
            ("work/data/backups/1.txt", "a backup"),
            ("work/data/chats/7/inbox/photo.jpg", "a photo"),
            ("work/data/chats/7/outgoing/copy", "a copy"),
            ("work/data/chats/8/inbox/secret.jpg", "of somebody else"),
            ("work/bridge.toml", "the token"),
            ("beside/passwd", "beside"),
        ];
        for (path, content) in files {
            fs::create_dir_all(at(path).parent().unwrap()).unwrap();
            fs::write(at(path), content).unwrap();
        }
        let rooms = Rooms::new(&at("work/data"), &[at("nowhere")]);
        rooms.add_private_paths(&[at("work/bridge.toml"), at("nowhere")]);
        let room = rooms.room(SessionKey::of_chat(ChatId(7)), &at("work"));
        Self { home, room }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.home.path().canonicalize().unwrap().join(path)
    }

    /// Returns what a path comes to, in one word.
    fn word(&self, path: &str) -> String {
        let home = self.at("").display().to_string();
        let path = path.replace("HOME/", &home);
        match self.room.open(Path::new(&path)) {
            Ok(opened) if opened.place == Place::Outside => {
                format!("outside: {}", opened.path.display()).replace(&home, "HOME/")
            }
            Ok(opened) => io::read_to_string(opened.file).unwrap(),
            Err(Refusal::NotFound) => "not found".to_owned(),
            Err(Refusal::NoPlainFile) => "no plain file".to_owned(),
            Err(Refusal::Own) => "own".to_owned(),
            Err(Refusal::Unreadable(why)) => format!("unreadable: {why}"),
        }
    }

    #[track_caller]
    fn check(&self, cases: &[(&str, &str)]) {
        let wrong: Vec<_> = (cases.iter())
            .map(|(path, word)| (*path, *word, self.word(path)))
            .filter(|(_, expected, found)| expected != found)
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn what_lies_inside_is_opened_by_whatever_path() {
    let house = House::new();
    symlink("deep/er", house.at("work/short")).unwrap();
    symlink(house.at("work/report.pdf"), house.at("work/absolute")).unwrap();
    symlink(house.at("work"), house.at("alias")).unwrap();
    fs::hard_link(house.at("work/report.pdf"), house.at("work/second")).unwrap();
    let cases = [
        ("report.pdf", "a report"),
        ("./deep/../report.pdf", "a report"),
        ("HOME/work/report.pdf", "a report"),
        ("deep//er/notes.txt", "notes"),
        ("short/notes.txt", "notes"),
        ("absolute", "a report"),
        ("HOME/alias/report.pdf", "a report"),
        ("second", "a report"),
        ("data/chats/7/inbox/photo.jpg", "a photo"),
        ("HOME/work/data/chats/7/inbox/photo.jpg", "a photo"),
    ];
    house.check(&cases);
}

#[test]
fn no_path_leads_out_unasked() {
    let house = House::new();
    symlink("/", house.at("work/root")).unwrap();
    symlink("../beside", house.at("work/sideways")).unwrap();
    symlink(house.at("beside/passwd"), house.at("work/innocent.png")).unwrap();
    symlink("innocent.png", house.at("work/chain.png")).unwrap();
    symlink("loop", house.at("work/loop")).unwrap();
    let beside = "outside: HOME/beside/passwd";
    let through_root = format!("root{}", house.at("beside/passwd").display());
    let long = "x".repeat(5000);
    let cases = [
        ("../beside/passwd", beside),
        ("deep/../../beside/passwd", beside),
        ("HOME/work/../beside/passwd", beside),
        ("HOME/beside/passwd", beside),
        ("sideways/passwd", beside),
        ("innocent.png", beside),
        ("chain.png", beside),
        (&through_root, beside),
        ("//etc/hostname/../passwd", "not found"),
        ("/etc/passwd", "outside: /etc/passwd"),
        ("//etc//passwd", "outside: /etc/passwd"),
        (
            "loop",
            "unreadable: Too many levels of symbolic links (os error 40)",
        ),
        ("report.pdf/../report.pdf", "not found"),
        ("report.pdf/", "not found"),
        ("missing", "not found"),
        ("~/.ssh/id_rsa", "not found"),
        ("file:///etc/passwd", "not found"),
        (&long, "unreadable: File name too long (os error 36)"),
    ];
    house.check(&cases);
}

#[test]
fn what_is_no_plain_file_is_never_opened() {
    let house = House::new();
    mkfifo(&house.at("work/pipe"), Mode::S_IRWXU).unwrap();
    symlink("/dev/zero", house.at("work/zero")).unwrap();
    let _socket = UnixListener::bind(house.at("work/socket")).unwrap();
    let cases = [
        ("pipe", "no plain file"),
        ("socket", "no plain file"),
        ("zero", "no plain file"),
        ("deep", "no plain file"),
        ("", "no plain file"),
        ("/", "no plain file"),
        ("/dev/null", "no plain file"),
        ("/dev/stdin/x", "not found"),
        ("/proc/self/environ", "no plain file"),
        ("/proc/self/cmdline", "no plain file"),
        ("/proc/self/maps", "no plain file"),
        ("/proc/1/../self/status", "no plain file"),
        (
            "/sys/kernel/mm/transparent_hugepage/enabled",
            "no plain file",
        ),
    ];
    house.check(&cases);
}

#[test]
fn the_bridges_own_files_are_never_opened() {
    use std::os::fd::AsRawFd as _;

    let house = House::new();
    let data = house.at("work/data");
    symlink(&data, house.at("work/link")).unwrap();
    symlink(&data, house.at("beside/link")).unwrap();
    symlink("bridge.toml", house.at("work/config.txt")).unwrap();
    fs::hard_link(data.join("store/db"), house.at("work/hard.bin")).unwrap();
    fs::hard_link(data.join("store.log"), data.join("chats/7/inbox/hard.jpg")).unwrap();
    fs::hard_link(house.at("work/bridge.toml"), house.at("beside/hard.txt")).unwrap();
    let other = data.join("chats/8/inbox/secret.jpg");
    fs::hard_link(&other, house.at("work/hard.jpg")).unwrap();
    symlink(&other, data.join("chats/7/inbox/secret.jpg")).unwrap();
    let open_store = File::open(data.join("store.log")).unwrap();
    let by_descriptor = format!("/proc/self/fd/{}", open_store.as_raw_fd());
    let by_root = format!("/proc/self/root{}", data.join("store/db").display());
    let cases = [
        "data/store.log",
        "data/store/db",
        "data/audit.log",
        "data/backups/1.txt",
        "data/chats/8/inbox/secret.jpg",
        "data/chats/7/outgoing/copy",
        "data/chats/7/inbox/../../8/inbox/secret.jpg",
        "data/chats/7/inbox/secret.jpg",
        "data/chats/7/inbox/hard.jpg",
        "bridge.toml",
        "./deep/../bridge.toml",
        "config.txt",
        "link/store.log",
        "HOME/beside/link/store/db",
        "HOME/beside/hard.txt",
        "hard.bin",
        "hard.jpg",
        &by_descriptor,
        &by_root,
    ];
    house.check(&cases.map(|path| (path, "own")));
}

#[test]
fn a_link_in_the_place_of_claudes_temporary_files_opens_nothing() {
    let house = House::new();
    let folder = house.at("work").display().to_string();
    let slug = folder.replace(|sign: char| !sign.is_ascii_alphanumeric(), "-");
    let base = Path::new("/tmp").join(format!("claude-{}", getuid()));
    fs::create_dir_all(&base).unwrap();
    let place = base.join(slug);
    symlink(house.at("beside"), &place).unwrap();
    let linked = house.word("HOME/beside/passwd");
    fs::remove_file(&place).unwrap();
    assert_eq!(linked, "outside: HOME/beside/passwd");
    fs::create_dir(&place).unwrap();
    fs::write(place.join("plot.png"), "a plot").unwrap();
    let path = place.join("plot.png").display().to_string();
    let own = house.word(&path);
    fs::remove_dir_all(&place).unwrap();
    assert_eq!(own, "a plot");
}

/// The names change between the look and the opening; what is opened is never another file.
#[test]
fn what_is_exchanged_meanwhile_is_not_followed() {
    let house = House::new();
    let path = house.at("work/deep/er/notes.txt");
    fs::rename(house.at("work/deep"), house.at("work/gone")).unwrap();
    symlink(house.at("work/gone"), house.at("work/deep")).unwrap();
    assert_eq!(open_real(&path).map(drop), Err(Refusal::NotFound));
    let path = house.at("work/report.pdf");
    fs::remove_file(&path).unwrap();
    symlink(house.at("beside/passwd"), &path).unwrap();
    assert_eq!(open_real(&path).map(drop), Err(Refusal::NoPlainFile));
}

/// Agents write into their homes and inboxes: what one of them makes there holds up nobody.
#[test]
fn what_agents_keep_makes_nobody_wait_and_fails_nobody() {
    let house = House::new();
    let (home, inbox) = ("work/data/chats/8/home", "work/data/chats/8/inbox");
    for folder in [home, inbox] {
        fs::create_dir_all(house.at(folder)).unwrap();
        // Deeper than any path can name, so that who looks through it fails.
        let mut at = File::open(house.at(folder)).unwrap();
        let name = "d".repeat(250);
        for _ in 0..20 {
            mkdirat(&at, name.as_str(), Mode::S_IRWXU).unwrap();
            let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY;
            at = openat(&at, name.as_str(), flags, Mode::empty())
                .unwrap()
                .into();
        }
    }
    fs::hard_link(house.at("work/report.pdf"), house.at("work/second")).unwrap();
    house.check(&[("report.pdf", "a report"), ("second", "a report")]);
}
