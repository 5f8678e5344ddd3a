//! Tests of the chat id file.

use std::os::unix::fs::PermissionsExt;

use super::*;

#[test]
fn what_is_written_is_read_back_and_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat_id");
    assert_eq!(read(&path).unwrap(), None);
    write(&path, 4711).unwrap();
    assert_eq!(read(&path).unwrap(), Some(4711));
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
}

#[test]
fn white_space_is_fine_and_anything_else_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chat_id");
    for (text, owner) in [(" 5 \n", Some(5)), ("", None), ("\n", None)] {
        fs::write(&path, text).unwrap();
        assert_eq!(read(&path).unwrap(), owner);
    }
    for text in ["-5", "0", "five", "5 6", "99999999999999999999", "\u{0}"] {
        fs::write(&path, text).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("chat_id"), "{error}");
    }
}
