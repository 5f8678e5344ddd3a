//! What must hold for whatever is logged or shown: no secret is in it, whatever stands around it.

use std::cell::RefCell;
use std::io::{self, Write as _};

use tracing_subscriber::fmt::MakeWriter;

use super::RedactingWriter;
use crate::config::{Secret, scrub};
use crate::masked;

/// The secrets that are hidden here, one a part of another and one that begins as another ends, and
/// what nobody may see of each.
const SECRETS: [(&str, &str); 4] = [
    (
        "7001:CanaryCanaryCanaryCanaryCanary_a-1",
        "CanaryCanaryCanaryCanaryCanary_a-1",
    ),
    ("oauth_canary+key/with=signs", "oauth_canary+key/with=signs"),
    ("canary+key", "canary+key"),
    ("signs&quot;\u{e9}\u{1f426}", "\u{e9}\u{1f426}"),
];

/// Text in which each byte below 4 stands for a secret. It is written in pieces, and shown as an
/// address.
pub(crate) fn redaction(bytes: &[u8]) {
    let surroundings = String::from_utf8_lossy(bytes);
    let is_there = |(_, part): &(&str, &str)| surroundings.contains(part);
    if SECRETS.iter().any(is_there) {
        return;
    }
    assert_hidden(&logged(&with_secrets(bytes)));
    let [token, ..] = SECRETS;
    let around: Vec<String> = surroundings.split('\0').map(str::to_owned).collect();
    let scrubbed = scrub(&around.join(token.0));
    assert!(!scrubbed.contains(token.1), "{scrubbed:?}");
    let [before, after, ..] = &around[..] else {
        return;
    };
    for address in [
        format!("{before}://ann:{}@{after}", token.1),
        format!("{before}/bot{}{after}", token.0),
    ] {
        let shown = masked::address(&address);
        assert!(
            !shown.contains(token.1),
            "{address:?} is shown as {shown:?}"
        );
    }
}

fn with_secrets(bytes: &[u8]) -> Vec<u8> {
    let secret = |byte: u8| SECRETS.get(usize::from(byte));
    bytes
        .iter()
        .flat_map(|byte| match secret(*byte) {
            Some((secret, _)) => secret.as_bytes().to_vec(),
            None => vec![*byte],
        })
        .collect()
}

fn assert_hidden(line: &str) {
    for (secret, part) in SECRETS {
        assert!(!line.contains(part), "{secret} is in {line:?}");
    }
}

/// Returns what leaves the process of a line that is written in pieces.
fn logged(line: &[u8]) -> String {
    let secrets = SECRETS.map(|(secret, _)| Secret::new(secret));
    let written = Written::default();
    let writer = RedactingWriter::new(&secrets, || &written);
    let mut event = writer.make_writer();
    for piece in line.chunks(7) {
        event.write_all(piece).expect("memory takes it");
    }
    drop(event);
    String::from_utf8(written.0.into_inner()).expect("what is logged is text")
}

#[derive(Debug, Default)]
struct Written(RefCell<Vec<u8>>);

impl io::Write for &Written {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
