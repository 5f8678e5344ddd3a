//! Promise: what the fuzzer was given, and whatever it found, breaks nothing.

use std::collections::BTreeSet;
use std::fs;
use std::panic;
use std::path::{Path, PathBuf};

use bridge::fuzzing::TARGETS;

#[test]
fn every_corpus_keeps_the_promise_of_its_target() {
    let mut broken = Vec::new();
    for target in TARGETS {
        let inputs = files_in(&fuzz().join("corpus").join(target.name));
        assert!(!inputs.is_empty(), "{} has no corpus", target.name);
        for input in inputs {
            let bytes = fs::read(&input).unwrap();
            if panic::catch_unwind(|| (target.check)(&bytes)).is_err() {
                broken.push(input);
            }
        }
    }
    // What each of them breaks stands above.
    assert_eq!(broken, [""; 0].map(PathBuf::from));
}

#[test]
fn every_corpus_and_every_program_of_the_fuzzer_has_its_target() {
    let names: BTreeSet<_> = (TARGETS.iter())
        .map(|target| target.name.to_owned())
        .collect();
    let corpora = fs::read_dir(fuzz().join("corpus")).unwrap();
    let corpora = corpora.map(|entry| entry.unwrap().path());
    assert_eq!(stems(corpora), names);
    assert_eq!(stems(files_in(&fuzz().join("fuzz_targets"))), names);
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    for name in &names {
        let program = fuzz().join(format!("fuzz_targets/{name}.rs"));
        let program = fs::read_to_string(program).unwrap();
        assert!(program.contains(&format!("check(\"{name}\", bytes)")));
        assert!(manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")));
    }
}

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn stems(paths: impl IntoIterator<Item = PathBuf>) -> BTreeSet<String> {
    let stem = |path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned();
    paths.into_iter().map(stem).collect()
}
