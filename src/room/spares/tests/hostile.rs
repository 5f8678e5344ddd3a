//! What somebody could lay in the way of keeping files and putting them back.

use super::*;

#[test]
fn what_cannot_be_kept_is_said_and_then_nothing_is() {
    let house = House::new();
    house.write("a", "after");
    let big = File::create(house.at("big")).unwrap();
    big.set_len(MAX_FILE + 1).unwrap();
    fs::create_dir(house.at("folder")).unwrap();
    fs::write(house.home.path().join("else"), "not here").unwrap();
    symlink(house.home.path().join("else"), house.at("out")).unwrap();
    symlink("nowhere", house.at("dangling")).unwrap();
    nix::unistd::mkfifo(&house.at("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let names = [
        "a",
        "big",
        "folder",
        "out",
        "dangling",
        "pipe",
        "../else",
        "../none",
        "b\u{fffd}d",
    ];
    let expected = "weighed big:TooBig folder:NoPlainFile out:Elsewhere dangling:Elsewhere \
                    pipe:NoPlainFile else:Elsewhere none:Elsewhere b\u{fffd}d:NoPlainFile";
    let paths = house.said(&names);
    let weighed = house.order(SpareDeed::Weigh { paths });
    assert_eq!(house.shown(&weighed), expected);
    assert_eq!(house.shown(&house.take(&names)), expected);
    assert_eq!(house.sets(), 0);
    assert_eq!(house.take_what_can_be(&names), SparesOutcome::Taken);
    house.write("a", "before");
    assert_eq!(
        house.order(SpareDeed::Seal),
        SparesOutcome::Sealed { changed: 1 }
    );
    assert_eq!(
        house.shown(&house.put_back()),
        "back [a] changed [] failed []"
    );
}

/// An agent can name any path in what it says it has changed, and make any link.
#[test]
fn nothing_outside_is_told_apart_from_what_is_not_there() {
    let house = House::new();
    let outside = house.home.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("there"), "x").unwrap();
    for (link, to) in [("a", "there"), ("b", "none"), ("c", "")] {
        symlink(outside.join(to), house.at(link)).unwrap();
    }
    let names = [
        "a",
        "b",
        "c",
        "c/there",
        "c/none",
        "../outside/there",
        "../outside/none",
    ];
    let shown = house.shown(&house.take(&names));
    let told = shown.split_whitespace().skip(1);
    let told: Vec<_> = told.filter_map(|it| it.split(':').next_back()).collect();
    assert_eq!(told, ["Elsewhere"; 7], "{shown}");
}

#[test]
fn a_file_of_the_bridge_is_not_kept_by_whatever_name() {
    let house = House::new();
    fs::create_dir(house.home.path().join("data")).unwrap();
    fs::write(house.home.path().join("data/store"), "secret").unwrap();
    fs::hard_link(house.home.path().join("data/store"), house.at("store")).unwrap();
    assert_eq!(
        house.shown(&house.take(&["store"])),
        "weighed store:Elsewhere"
    );
}

#[test]
fn a_link_in_the_place_of_a_file_or_folder_leads_nowhere() {
    let house = House::new();
    fs::create_dir_all(house.home.path().join("else/inner")).unwrap();
    for folder in ["inner", "gone"] {
        fs::create_dir(house.at(folder)).unwrap();
        house.write(&format!("{folder}/a"), "after");
    }
    house.write("file", "after");
    house.take(&["inner/a", "gone/a", "file"]);
    for name in ["inner/a", "gone/a", "file"] {
        house.write(name, "before");
    }
    house.order(SpareDeed::Seal);
    let other = house.home.path().join("else/inner");
    fs::write(other.join("a"), "before").unwrap();
    fs::remove_dir_all(house.at("inner")).unwrap();
    symlink(&other, house.at("inner")).unwrap();
    fs::remove_dir_all(house.at("gone")).unwrap();
    fs::remove_file(house.at("file")).unwrap();
    symlink(other.join("a"), house.at("file")).unwrap();
    assert_eq!(
        house.shown(&house.put_back()),
        "back [] changed [] failed [a a file]"
    );
    assert_eq!(fs::read_to_string(other.join("a")).unwrap(), "before");
}

#[test]
fn a_file_that_grows_while_it_is_copied_is_not_kept() {
    let house = House::new();
    house.write("a", "after");
    let set = house.room.make_spares(PRESS).unwrap();
    let (file, path) = (File::open(house.at("a")).unwrap(), house.at("a"));
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(MAX_FILE + 1)
        .unwrap();
    let copied = copy(&set, 0, Wanted::There { file, path });
    assert_eq!(copied.unwrap_err(), SpareFault::TooBig);
    assert_eq!(fs::read_dir(set).unwrap().count(), 0);
}

#[test]
fn a_room_keeps_no_more_than_so_much() {
    let house = House::new();
    let fill = |name: &str| {
        File::create(house.at(name))
            .unwrap()
            .set_len(MAX_FILE)
            .unwrap();
    };
    let names = ["1", "2", "3", "4", "5", "6"];
    names.iter().for_each(|name| fill(name));
    assert_eq!(house.shown(&house.take(&names)), "weighed 6:TooMuch");
    house.take(&names[..4]);
    let paths = house.said(&names[4..]);
    let later = house
        .order_at(NOW, "later", SpareDeed::Weigh { paths })
        .unwrap();
    assert_eq!(house.shown(&later), "weighed 5:TooMuch 6:TooMuch");
}

#[test]
fn a_name_that_somebody_made_up_leads_nowhere() {
    let house = House::new();
    fs::create_dir_all(house.room.spares()).unwrap();
    house.write("list.json", r#"{"until":99999999999,"files":[]}"#);
    for name in ["", "..", "../../../../work", "/", "a/b", ".", "a\0"] {
        let kept_in = || PromptId(name.to_owned());
        let gone = house.order_at(NOW, "other", SpareDeed::PutBack { kept_in: kept_in() });
        assert_eq!(gone, Some(SparesOutcome::Gone), "{name}");
        house.order_at(NOW, "other", SpareDeed::Remove { kept_in: kept_in() });
    }
    assert!(house.at("list.json").exists() && house.room.spares().exists());
}
