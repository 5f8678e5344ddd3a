//! What logging promises.

use std::sync::{Arc, Mutex};

use tracing::dispatcher::with_default;
use tracing::{debug, info, warn};
use tracing_subscriber::fmt::MakeWriter;

use super::*;

const TOKEN: &str = "123456789:AAExampleExampleExampleExample_abc";

/// Keeps what is written.
#[derive(Debug, Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Kept {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(part)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Kept {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// Returns the lines that `log` leaves behind.
fn logged(options: &LogOptions, log: impl FnOnce()) -> String {
    let kept = Kept::default();
    let writer = RedactingWriter::new(&options.secrets, kept.clone());
    with_default(&subscriber(options, writer).unwrap(), log);
    kept.text()
}

fn options(filter: &str, format: LogFormat) -> LogOptions {
    LogOptions {
        filter: filter.to_owned(),
        format,
        secrets: vec![Secret::new("hunter2-is-short")],
    }
}

#[test]
fn secrets_are_cut_out_of_every_line_in_both_formats() {
    for format in [LogFormat::Text, LogFormat::Json] {
        let text = logged(&options("info", format), || {
            info!(url = %format!("https://x/bot{TOKEN}/getMe"), "the password is hunter2-is-short");
        });
        assert!(text.contains("the password is [redacted]"), "{text}");
        assert!(text.contains("https://x/bot[redacted]/getMe"), "{text}");
        assert!(!text.contains("AAExample"), "{text}");
    }
}

#[test]
fn secret_written_in_two_parts_is_found() {
    let kept = Kept::default();
    let writer = RedactingWriter::new(&[Secret::new("hunter2-is-short")], kept.clone());
    let mut line = writer.make_writer();
    line.write_all(b"hunter2-is").unwrap();
    line.write_all(b"-short\n").unwrap();
    drop(line);
    assert_eq!(kept.text(), "[redacted]\n");
}

#[test]
fn nothing_is_left_of_secrets_that_share_letters() {
    let secrets = ["key-1234", "prod-key-1234-x", "1234-xyz"].map(Secret::new);
    let kept = Kept::default();
    let mut line = RedactingWriter::new(&secrets, kept.clone()).make_writer();
    line.write_all(b"prod-key-1234-x, key-1234, prod-key-1234-xyz!")
        .unwrap();
    drop(line);
    assert_eq!(kept.text(), "[redacted], [redacted], [redacted]!");
}

#[test]
fn json_lines_are_json_with_the_fields_on_top() {
    let text = logged(&options("info", LogFormat::Json), || {
        info!(chat_id = 7, "started");
    });
    let line: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
    assert_eq!(line["message"], "started");
    assert_eq!(line["chat_id"], 7);
}

#[test]
fn libraries_are_quiet_unless_they_are_named() {
    let log = || {
        debug!(target: "hyper", "connection");
        debug!(target: "bridge", "branch");
        warn!(target: "reqwest", "retry");
    };
    let text = logged(&options("debug", LogFormat::Text), log);
    assert!(!text.contains("connection") && text.contains("branch") && text.contains("retry"));
    let text = logged(&options("debug,hyper=debug", LogFormat::Text), log);
    assert!(text.contains("connection"), "{text}");
}

#[test]
fn filter_with_a_mistake_is_refused_and_named() {
    for filter in [
        "inof",
        "",
        "bridge=loud",
        "bridge:debug",
        "info,,bridge=debug",
        "warn, verbose",
    ] {
        let error = parse_filter(filter).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("invalid log filter {filter:?}: ")),
            "{error}"
        );
    }
}

#[test]
fn filters_of_all_usual_shapes_are_taken() {
    for filter in [
        "info",
        "WARN",
        "off",
        "bridge=trace",
        "warn,bridge::store=debug",
        "info,[chat]=trace",
    ] {
        parse_filter(filter).unwrap();
    }
}

#[test]
fn panic_is_logged_with_its_place_and_without_secrets() {
    let kept = Kept::default();
    let options = options("error", LogFormat::Text);
    let writer = RedactingWriter::new(&options.secrets, kept.clone());
    let before = panic::take_hook();
    log_panics();
    with_default(&subscriber(&options, writer).unwrap(), || {
        panic::catch_unwind(|| panic!("no luck with {TOKEN}\nand what a user wrote")).unwrap_err();
    });
    panic::set_hook(before);
    let text = kept.text();
    assert!(text.contains("panic: no luck with [redacted]"), "{text}");
    assert!(text.contains("src/telemetry/tests.rs:"), "{text}");
    assert!(!text.contains("what a user wrote"), "{text}");
}
