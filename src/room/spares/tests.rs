//! What an undo has changed: kept, noted, put back, and let go.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use bridge_actors::ids::{ChatId, SessionKey};

use super::*;

mod hostile;

const PRESS: &str = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const NOW: u64 = 1_800_000_000;

/// A chat's room, and the folder that it works in.
struct House {
    home: tempfile::TempDir,
    rooms: Rooms,
    room: Room,
}

impl House {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("work")).unwrap();
        let rooms = Rooms::new(&home.path().join("data"), &[]);
        let key = SessionKey::of_chat(ChatId(7));
        let room = rooms.room(key, &home.path().join("work"));
        Self { home, rooms, room }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.home.path().join("work").join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.at(name), text).unwrap();
    }

    /// Returns what a file says; `-` where there is none.
    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap_or_else(|_| "-".to_owned())
    }

    fn order_at(&self, at: u64, asked_in: &str, deed: SpareDeed) -> Option<SparesOutcome> {
        self.room.spare(&SpareOrder {
            key: SessionKey::of_chat(ChatId(7)),
            folder: self.at(""),
            asked_in: PromptId(asked_in.to_owned()),
            at: UnixSeconds(at),
            deed,
        })
    }

    fn order(&self, deed: SpareDeed) -> SparesOutcome {
        self.order_at(NOW, PRESS, deed).unwrap()
    }

    fn said(&self, names: &[&str]) -> Vec<String> {
        let paths = names.iter().map(|name| self.at(name));
        paths.map(|path| path.display().to_string()).collect()
    }

    fn take(&self, names: &[&str]) -> SparesOutcome {
        let paths = self.said(names);
        self.order(SpareDeed::Take { paths, all: true })
    }

    fn take_what_can_be(&self, names: &[&str]) -> SparesOutcome {
        let paths = self.said(names);
        self.order(SpareDeed::Take { paths, all: false })
    }

    fn put_back(&self) -> SparesOutcome {
        let kept_in = PromptId(PRESS.to_owned());
        self.order_at(NOW + 60, "other", SpareDeed::PutBack { kept_in })
            .unwrap()
    }

    /// Shows an outcome without the folder and what the system says.
    fn shown(&self, outcome: &SparesOutcome) -> String {
        let root = self.at("").canonicalize().unwrap();
        let short = |path: &String| {
            let path = Path::new(path);
            let path = path.strip_prefix(&root).unwrap_or(path);
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        match outcome {
            SparesOutcome::Weighed(unspared) => {
                let mut all = String::from("weighed");
                for Unspared { path, why } in unspared {
                    let why = match why {
                        SpareFault::Unreadable(_) => "Unreadable".to_owned(),
                        why @ (SpareFault::TooBig
                        | SpareFault::TooMuch
                        | SpareFault::Elsewhere
                        | SpareFault::NoPlainFile) => format!("{why:?}"),
                    };
                    all.push_str(&format!(" {}:{why}", short(path)));
                }
                all
            }
            SparesOutcome::PutBack(done) => {
                let list = |paths: &[String]| paths.iter().map(short).collect::<Vec<_>>().join(" ");
                let failed: Vec<_> = done.failed.iter().map(|(path, _)| path.clone()).collect();
                let failed = list(&failed);
                format!(
                    "back [{}] changed [{}] failed [{failed}]",
                    list(&done.back),
                    list(&done.changed)
                )
            }
            other @ (SparesOutcome::Taken
            | SparesOutcome::Sealed { .. }
            | SparesOutcome::Gone
            | SparesOutcome::Failed(_)) => format!("{other:?}"),
        }
    }

    fn sets(&self) -> usize {
        sets_in(&self.room.spares()).len()
    }
}

#[test]
fn what_an_undo_has_changed_comes_back_with_its_mode() {
    let house = House::new();
    house.write("changed", "after");
    house.write("made", "made by Claude");
    fs::set_permissions(house.at("made"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir(house.at("inner")).unwrap();
    let names = ["changed", "made", "inner/deleted"];
    assert_eq!(house.take(&names), SparesOutcome::Taken);
    house.write("changed", "before");
    fs::remove_file(house.at("made")).unwrap();
    house.write("inner/deleted", "was there before");
    assert_eq!(
        house.order(SpareDeed::Seal),
        SparesOutcome::Sealed { changed: 3 }
    );
    let done = house.put_back();
    assert_eq!(
        house.shown(&done),
        "back [changed made deleted] changed [] failed []"
    );
    assert_eq!(
        [
            house.text("changed"),
            house.text("made"),
            house.text("inner/deleted")
        ],
        ["after", "made by Claude", "-"]
    );
    let mode = fs::metadata(house.at("made")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
    assert_eq!(
        fs::read_dir(house.at("")).unwrap().count(),
        3,
        "nothing else is left there"
    );
}

#[test]
fn what_was_changed_since_is_named_and_left_alone() {
    let house = House::new();
    for name in ["same", "changed", "gone", "new"] {
        house.write(name, "after");
    }
    house.take(&["same", "changed", "gone", "new", "come"]);
    for name in ["same", "changed", "gone", "come"] {
        house.write(name, "before");
    }
    fs::remove_file(house.at("new")).unwrap();
    house.order(SpareDeed::Seal);
    house.write("changed", "by a person");
    fs::remove_file(house.at("gone")).unwrap();
    house.write("new", "another");
    house.write("come", "by a person");
    let done = house.put_back();
    assert_eq!(
        house.shown(&done),
        "back [same] changed [changed gone new come] failed []"
    );
    assert_eq!(
        ["same", "changed", "gone", "new", "come"].map(|name| house.text(name)),
        ["after", "by a person", "-", "another", "by a person"]
    );
}

#[test]
fn each_step_can_be_done_again_after_a_crash() {
    let house = House::new();
    house.write("a", "after");
    house.take(&["a"]);
    house.write("a", "before");
    // The press is carried out again: what lies there now is not what is kept.
    assert_eq!(house.take(&["a"]), SparesOutcome::Taken);
    assert_eq!(house.take(&[]), SparesOutcome::Taken);
    for _ in 0..2 {
        assert_eq!(
            house.order(SpareDeed::Seal),
            SparesOutcome::Sealed { changed: 1 }
        );
    }
    // What a kill in the middle of putting back has left.
    let kept = digest_of(File::open(house.room.spares().join(PRESS).join("0")).unwrap()).unwrap();
    house.write(&format!(".put-back-{}-0", &kept[..16]), "aft");
    for _ in 0..2 {
        assert_eq!(
            house.shown(&house.put_back()),
            "back [a] changed [] failed []"
        );
    }
    assert_eq!(house.text("a"), "after");
    assert_eq!(fs::read_dir(house.at("")).unwrap().count(), 1);
}

#[test]
fn nothing_is_undone_where_the_disk_keeps_nothing() {
    let house = House::new();
    house.write("a", "after");
    fs::create_dir_all(house.room.spares().parent().unwrap()).unwrap();
    fs::write(house.room.spares(), "no folder can be made here").unwrap();
    assert_eq!(house.shown(&house.take(&["a"])), "weighed a:Unreadable");
    assert_eq!(house.take_what_can_be(&["a"]), SparesOutcome::Taken);
    assert_eq!(house.order(SpareDeed::Seal), SparesOutcome::Gone);
}

#[test]
fn what_the_disk_does_not_let_back_stays_kept() {
    let house = House::new();
    house.write("a", "after");
    house.take(&["a"]);
    house.write("a", "before");
    house.order(SpareDeed::Seal);
    // A folder in the place of the copy stands for a disk that cannot read it.
    let copy = house.room.spares().join(PRESS).join("0");
    let text = fs::read(&copy).unwrap();
    fs::remove_file(&copy).unwrap();
    fs::create_dir(&copy).unwrap();
    assert_eq!(
        house.shown(&house.put_back()),
        "back [] changed [] failed [a]"
    );
    assert_eq!(house.text("a"), "before");
    assert_eq!(fs::read_dir(house.at("")).unwrap().count(), 1);
    fs::remove_dir(&copy).unwrap();
    fs::write(&copy, text).unwrap();
    assert_eq!(
        house.shown(&house.put_back()),
        "back [a] changed [] failed []"
    );
}

#[test]
fn the_hour_ends_for_presses_and_for_what_is_kept() {
    let house = House::new();
    house.write("a", "after");
    house.take(&["a"]);
    house.write("a", "before");
    house.order(SpareDeed::Seal);
    // What a crash has left while files were kept.
    house.room.make_spares("half").unwrap();
    let kept_in = || PromptId(PRESS.to_owned());
    let hour = NOW + KEPT_FOR.as_secs();
    let late = house.order_at(hour, "other", SpareDeed::PutBack { kept_in: kept_in() });
    assert_eq!(late, Some(SparesOutcome::Gone));
    assert_eq!(
        house.rooms.remove_old_spares(UnixSeconds(hour - 1)),
        [UnixSeconds(hour)]
    );
    assert_eq!(house.sets(), 1);
    assert_eq!(
        house.shown(&house.put_back()),
        "back [a] changed [] failed []"
    );
    assert_eq!(
        house.order_at(NOW, "other", SpareDeed::Remove { kept_in: kept_in() }),
        None
    );
    assert_eq!(house.put_back(), SparesOutcome::Gone);
    house.take(&["a"]);
    assert_eq!(house.rooms.remove_old_spares(UnixSeconds(hour)), []);
    assert_eq!(house.sets(), 0);
}

#[test]
fn spares_are_for_the_bridge_alone() {
    let house = House::new();
    house.write("a", "after");
    house.take(&["a"]);
    let set = house.room.spares().join(PRESS);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (
            mode(&set),
            mode(&set.join("0")),
            mode(&set.join("list.json"))
        ),
        (0o700, 0o600, 0o600)
    );
    assert_eq!(house.room.open(&set.join("0")).unwrap_err(), Refusal::Own);
}
