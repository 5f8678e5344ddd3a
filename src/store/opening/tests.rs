//! Tests of opening: what a crash leaves is healed, what is damaged is refused and left alone.

use super::*;

/// Makes a store with something in it and returns its data folder.
fn used_store() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for round in 0..3_u32 {
        let opened = open(folder.path()).unwrap();
        let tree = opened.db.open_tree("users").unwrap();
        for key in 0..200_u32 {
            tree.insert(key.to_be_bytes(), vec![round as u8; 300])
                .unwrap();
        }
        opened.db.flush().unwrap();
    }
    folder
}

#[test]
fn a_snapshot_that_was_half_written_is_removed_and_nothing_is_lost() {
    let folder = used_store();
    let store = folder.path().join("store");
    fs::write(store.join("snap.0000000000FFFFFF.generating"), b"torn").unwrap();
    let opened = open(folder.path()).unwrap();
    assert_eq!(opened.db.open_tree("users").unwrap().len(), 200);
}

#[test]
fn a_store_that_is_cut_off_is_refused() {
    let folder = used_store();
    let store = folder.path().join("store");
    let db = store.join("db");
    let length = fs::metadata(&db).unwrap().len();
    let file = fs::OpenOptions::new().write(true).open(&db).unwrap();
    file.set_len(length / 4).unwrap();
    let refused = open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Damaged { .. }), "{refused}");
    assert!(refused.to_string().contains("store"), "{refused}");
}

#[test]
fn a_damaged_snapshot_is_refused() {
    let folder = used_store();
    let store = folder.path().join("store");
    let entries = fs::read_dir(&store)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let snapshots = entries.filter(|path| {
        path.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .starts_with("snap.")
    });
    for snapshot in snapshots {
        fs::write(snapshot, b"not a snapshot").unwrap();
    }
    let refused = open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Damaged { .. }), "{refused}");
}

#[test]
fn a_store_of_a_newer_bridge_is_refused() {
    let folder = used_store();
    {
        let opened = open(folder.path()).unwrap();
        let meta = opened.db.open_tree(META_TREE).unwrap();
        meta.insert(SCHEMA_KEY, &(SCHEMA + 1).to_be_bytes())
            .unwrap();
        opened.db.flush().unwrap();
    }
    let refused = open(folder.path()).unwrap_err();
    assert!(
        matches!(refused, OpenError::Newer { found: 2, .. }),
        "{refused}"
    );
}

#[test]
fn a_data_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let refused = open(&file.join("data")).unwrap_err();
    assert!(refused.to_string().contains("file/data"), "{refused}");
}

#[test]
fn a_store_that_was_just_closed_opens_again_at_once() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..20 {
        let opened = open(folder.path()).unwrap();
        opened
            .db
            .open_tree("users")
            .unwrap()
            .insert(b"key", b"value")
            .unwrap();
    }
}
