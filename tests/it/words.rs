//! Promise: what is said in a chat stands in the catalogue, and the catalogue holds nothing else.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bridge_texts::MESSAGES;

/// The folders of the code that speaks in chats.
const SPEAKERS: [&str; 2] = ["actors", "src"];

#[test]
fn no_message_of_the_catalogue_is_left_unsaid() {
    let places = places();
    let unsaid: Vec<_> = MESSAGES
        .iter()
        .map(|message| message.key)
        .filter(|key| !places.contains_key(key))
        .collect();
    assert!(unsaid.is_empty(), "{unsaid:#?}");
}

/// Returns the files in which each message is said, by its key.
fn places() -> BTreeMap<&'static str, Vec<String>> {
    let mut places = BTreeMap::<_, Vec<_>>::new();
    for (path, code) in speakers() {
        for message in MESSAGES {
            if says(&code, message.function) {
                places.entry(message.key).or_default().push(path.clone());
            }
        }
    }
    places
}

/// Tells whether the code calls a function of the catalogue, or hands it on.
fn says(code: &str, function: &str) -> bool {
    [".", "Say::"].iter().any(|before| {
        let name = format!("{before}{function}");
        code.match_indices(&name).any(|(at, _)| {
            let after = code[at + name.len()..].chars().next();
            !after.is_some_and(|sign| sign.is_alphanumeric() || sign == '_')
        })
    })
}

/// Returns the path and the code of all files that may speak, without their tests.
fn speakers() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in SPEAKERS {
        collect(&root().join(folder), &mut files);
    }
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let code = fs::read_to_string(&file).expect("a file of ours");
            let code = code
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .map(str::to_owned);
            let path = file
                .strip_prefix(root())
                .expect("below")
                .display()
                .to_string();
            (path, code.unwrap_or_default())
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of ours").flatten() {
        let path = entry.path();
        let name = entry.file_name();
        let is_test = name == "tests" || name == "tests.rs";
        if path.is_dir() && !is_test {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "rs") && !is_test {
            files.push(path);
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
