//! Promise: every dependency comes from the registry under a licence that deny.toml allows.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[test]
fn every_dependency_has_an_allowed_licence_and_source() {
    let allowed = allowed_licences();
    assert!(
        allowed.iter().any(|licence| licence == "MIT"),
        "{allowed:?}"
    );
    let mut refused = Vec::new();
    for package in packages() {
        let name = package["id"].as_str().unwrap_or_default().to_owned();
        match package["source"].as_str() {
            // A member of this workspace.
            None => continue,
            Some(source) if source.starts_with("registry+") => {}
            Some(source) => refused.push(format!("{name} comes from {source}")),
        }
        let licence = package["license"].as_str().unwrap_or("no licence");
        if !is_allowed(licence, &allowed) {
            refused.push(format!("{name} is under {licence}"));
        }
    }
    assert_eq!(refused, [""; 0]);
}

#[test]
fn a_release_has_no_fault_points() {
    let release = release_with(&[]);
    assert!(
        has(&release, "sled") && has(&release, "playground"),
        "{release}"
    );
    assert!(!has(&release, "fail"), "{release}");
}

#[test]
fn a_service_can_be_built_without_the_playground() {
    let service = release_with(&["--no-default-features"]);
    assert!(has(&service, "sled"), "{service}");
    for absent in ["playground", "axum"] {
        assert!(!has(&service, absent), "{service}");
    }
}

/// Lists what a release is built from.
fn release_with(features: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "-p", "bridge", "-e", "normal", "--prefix", "none"])
        .args(["--locked", "--offline"])
        .args(features)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn has(tree: &str, package: &str) -> bool {
    let start = format!("{package} v");
    tree.lines().any(|line| line.starts_with(&start))
}

/// Understands `A OR B`, `A AND B`, `A/B` and brackets around the parts of an `AND`.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ");
    let is_known = |licence: &str| allowed.iter().any(|known| known == licence.trim());
    let one_of = |choice: &str| {
        choice
            .trim_matches(['(', ')', ' '])
            .split(" OR ")
            .any(is_known)
    };
    if expression.contains('(') {
        expression.split(" AND ").all(one_of)
    } else {
        expression
            .split(" OR ")
            .any(|choice| choice.split(" AND ").all(is_known))
    }
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = ["MIT".to_owned(), "ISC".to_owned()];
    for good in [
        "MIT",
        "MIT OR GPL-3.0",
        "MIT/GPL-3.0",
        "MIT AND ISC",
        "(GPL-3.0 OR MIT) AND ISC",
    ] {
        assert!(is_allowed(good, &allowed), "{good}");
    }
    for bad in [
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(GPL-3.0 OR AGPL-3.0) AND MIT",
        "",
    ] {
        assert!(!is_allowed(bad, &allowed), "{bad}");
    }
}

fn allowed_licences() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    let text = fs::read_to_string(path).expect("deny.toml is there");
    let list = text.split("allow = [").nth(1).expect("it has a list");
    let list = list.split("\n]").next().expect("the list ends");
    // A comment may follow the name.
    let names = list
        .lines()
        .filter_map(|line| line.split('"').nth(1).map(str::to_owned));
    names.collect()
}

fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    metadata["packages"]
        .as_array()
        .expect("it lists packages")
        .clone()
}
