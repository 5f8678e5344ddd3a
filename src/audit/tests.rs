//! What the audit log promises.

use std::os::unix::fs::symlink;

use bridge_actors::audit::AuditAction;
use bridge_actors::ids::UserId;
use expect_test::expect;

use super::*;

fn entry(number: i64) -> AuditEntry {
    AuditEntry {
        at: UnixSeconds(1_795_500_000),
        by: AuditActor::User(UserId(5)),
        action: AuditAction::Promote,
        target: Some(number),
        subject: None,
        outcome: AuditOutcome::Done,
    }
}

fn targets(folder: &Path) -> Vec<i64> {
    let lines = read(folder).unwrap().lines.into_iter();
    lines.filter_map(|line| line.target).collect()
}

#[test]
fn each_entry_is_one_line_that_only_the_bridges_user_can_read() {
    let folder = tempfile::tempdir().unwrap();
    for entry in [
        entry(7),
        AuditEntry {
            by: AuditActor::Host,
            subject: None,
            outcome: AuditOutcome::Refused("the last administrator"),
            ..entry(8)
        },
        AuditEntry {
            by: AuditActor::Bridge,
            action: AuditAction::LeaveGroup,
            target: Some(-100),
            ..entry(9)
        },
        AuditEntry {
            action: AuditAction::Claim,
            target: None,
            ..entry(0)
        },
    ] {
        append(folder.path(), &entry).unwrap();
    }
    let path = folder.path().join("audit.jsonl");
    expect![[r#"
        {"at":"2026-11-24T06:00:00Z","actor":"user:5","action":"promote","target":7,"outcome":"done"}
        {"at":"2026-11-24T06:00:00Z","actor":"host","action":"promote","target":8,"outcome":"refused","reason":"the last administrator"}
        {"at":"2026-11-24T06:00:00Z","actor":"bridge","action":"leave_group","target":-100,"outcome":"done"}
        {"at":"2026-11-24T06:00:00Z","actor":"user:5","action":"claim","outcome":"done"}
    "#]].assert_eq(&fs::read_to_string(&path).unwrap());
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_full_file_is_put_aside_and_the_oldest_goes() {
    let folder = tempfile::tempdir().unwrap();
    // Room for two lines a file.
    for number in 0..20 {
        append_below(folder.path(), &entry(number), 200).unwrap();
    }
    assert_eq!(targets(folder.path()), (10..20).collect::<Vec<_>>());
    let mut files: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let expected = [1, 2, 3, 4].map(|age| format!("audit.{age}.jsonl"));
    assert_eq!(files[..4], expected);
    assert_eq!(files[4..], ["audit.jsonl"]);
    assert!(
        fs::metadata(folder.path().join("audit.jsonl"))
            .unwrap()
            .len()
            <= 200
    );
}

#[test]
fn a_torn_line_is_closed_counted_and_costs_no_other_line() {
    let folder = tempfile::tempdir().unwrap();
    append(folder.path(), &entry(1)).unwrap();
    let path = folder.path().join("audit.jsonl");
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"{\"at\":\"2026-\xff").unwrap();
    append(folder.path(), &entry(2)).unwrap();
    assert_eq!(targets(folder.path()), [1, 2]);
    assert_eq!(read(folder.path()).unwrap().broken, 1);
}

#[test]
fn a_log_that_others_could_read_is_closed_to_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("audit.jsonl");
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    append(folder.path(), &entry(1)).unwrap();
    assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_link_in_place_of_the_log_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = folder.path().join("elsewhere");
    fs::write(&elsewhere, "mine").unwrap();
    symlink(&elsewhere, folder.path().join("audit.jsonl")).unwrap();
    assert!(append(folder.path(), &entry(1)).is_err());
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "mine");
}

#[test]
fn a_folder_without_a_log_has_no_lines() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(read(folder.path()).unwrap(), AuditLines::default());
}
