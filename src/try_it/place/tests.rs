//! What the folders of a try promise.

use super::*;

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn with_data(data: &Path) -> TryArgs {
    let data = Some(data.to_owned());
    TryArgs {
        data,
        ..TryArgs::default()
    }
}

#[test]
fn nothing_is_left_after_an_end_in_order_or_a_panic() {
    let temp = tempfile::tempdir().unwrap();
    let place = Place::make_in(temp.path(), &TryArgs::default()).unwrap();
    fs::write(place.workspace.join("made by an agent"), "").unwrap();
    assert_eq!(names_in(temp.path()).len(), 1);
    drop(place);
    assert_eq!(names_in(temp.path()), [""; 0]);
    let panicked = std::panic::catch_unwind(|| {
        let _place = Place::make_in(temp.path(), &TryArgs::default()).unwrap();
        panic!("in the middle of it");
    });
    assert!(panicked.is_err());
    assert_eq!(names_in(temp.path()), [""; 0]);
}

#[test]
fn what_a_killed_try_left_is_gone_with_the_next_start_and_what_lives_stays() {
    let temp = tempfile::tempdir().unwrap();
    let killed = temp.path().join(format!("{PREFIX}1-killed"));
    fs::create_dir(&killed).unwrap();
    drop(take_lock(&killed).unwrap());
    let no_process = u32::MAX;
    fs::create_dir(temp.path().join(format!("{PREFIX}{no_process}"))).unwrap();
    fs::create_dir(temp.path().join(format!("{PREFIX}{}", std::process::id()))).unwrap();
    fs::create_dir(temp.path().join(format!("{PREFIX}of-somebody-else"))).unwrap();
    std::os::unix::fs::symlink("/", temp.path().join(format!("{PREFIX}{no_process}-link")))
        .unwrap();
    let living = Place::make_in(temp.path(), &TryArgs::default()).unwrap();
    let next = Place::make_in(temp.path(), &TryArgs::default()).unwrap();
    let left = names_in(temp.path());
    assert_eq!(left.len(), 5, "{left:?}");
    assert!(living.workspace.is_dir() && next.workspace.is_dir());
    assert!(!killed.exists());
}

#[test]
fn a_folder_that_was_asked_for_stays_and_belongs_to_one_try_at_a_time() {
    let temp = tempfile::tempdir().unwrap();
    let data = temp.path().join("mine");
    let place = Place::make_in(temp.path(), &with_data(&data)).unwrap();
    let second = Place::make_in(temp.path(), &with_data(&data)).unwrap_err();
    assert!(
        second
            .to_string()
            .starts_with("another `bridge try` is using")
    );
    assert!(!place.temporary.starts_with(&data));
    drop(place);
    assert!(data.join("workspace").is_dir());
    assert_eq!(names_in(temp.path()), ["mine"]);
    Place::make_in(temp.path(), &with_data(&data)).unwrap();
}

#[test]
fn a_place_that_cannot_be_made_leaves_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("file");
    fs::write(&file, "").unwrap();
    let args = TryArgs {
        workspace: Some(file.join("below")),
        ..TryArgs::default()
    };
    assert!(Place::make_in(temp.path(), &args).is_err());
    assert_eq!(names_in(temp.path()), ["file"]);
}
