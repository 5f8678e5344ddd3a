//! What the one-number file promises.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use bridge_actors::ids::ChatId;

use super::*;

fn read_text(text: &[u8]) -> Result<Option<ChatId>, String> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chat_id");
    fs::write(&path, text).unwrap();
    read(&path).map_err(|error| {
        error
            .to_string()
            .replace(&path.display().to_string(), "FILE")
    })
}

#[test]
fn one_number_is_read_whatever_space_is_around_it() {
    for text in [
        "123456789",
        "123456789\n",
        " \t123456789\r\n\n",
        "\u{feff}123456789",
    ] {
        assert_eq!(
            read_text(text.as_bytes()),
            Ok(Some(ChatId(123_456_789))),
            "{text:?}"
        );
    }
}

#[test]
fn missing_or_empty_file_means_unclaimed() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(read(&dir.path().join("none")).unwrap(), None);
    assert_eq!(read_text(b""), Ok(None));
    assert_eq!(read_text(b" \n"), Ok(None));
}

#[test]
fn anything_else_is_refused_with_the_way_out() {
    let wrong: [&[u8]; 6] = [
        b"-100123",
        b"0",
        b"12 34",
        b"twelve",
        b"99999999999999999999",
        b"\xff",
    ];
    for text in wrong {
        let error = read_text(text).unwrap_err();
        assert!(
            error.starts_with("the chat id file FILE must hold one positive number"),
            "{error}"
        );
        assert!(
            error.contains("remove it and claim the bridge again"),
            "{error}"
        );
    }
}

#[test]
fn written_file_is_read_back_private_and_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("chat_id");
    fs::write(&path, "1").unwrap();
    fs::write(dir.path().join("chat_id.new"), "left by a crash").unwrap();
    write(&path, ChatId(42)).unwrap();
    assert_eq!(read(&path).unwrap(), Some(ChatId(42)));
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn folder_that_is_missing_is_an_error_with_the_path() {
    let error = write(Path::new("/nonexistent/chat_id"), ChatId(42)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot use the chat id file /nonexistent/chat_id"
    );
}
