//! What a question promises, however long it is.

use super::*;
use crate::permission_request::{Ask, Choice};
use crate::session::texts::requests::tests::asked;
use crate::session::texts::{asks, whole_request};

fn choice(label: &str, description: &str) -> Choice {
    Choice {
        key: label.to_owned(),
        label: label.to_owned(),
        description: description.to_owned(),
        preview: String::new(),
    }
}

fn question(text: &str, options: Vec<Choice>) -> Question {
    Question {
        key: text.to_owned(),
        text: text.to_owned(),
        options,
        picks: Picks::Many,
    }
}

/// Returns the message of a question, the labels of its choices, and the file before it.
fn shown(question: Question) -> (String, Vec<String>, Option<String>) {
    let n_choices = question.options.len();
    let asked = asked(Ask::Questions(vec![question]));
    let Body::Live { text, rows, .. } = asks(Say::default(), &asked, Duration::from_secs(1_800))
    else {
        panic!("not a message with buttons");
    };
    let labels = rows.into_iter().take(n_choices).flatten();
    let file = whole_request(Say::default(), &asked).map(|body| match body {
        Body::Document { content, .. } => content,
        Body::Live { .. }
        | Body::Card { .. }
        | Body::Markdown(_)
        | Body::Rich(_)
        | Body::Folded(_)
        | Body::Quoted(_)
        | Body::Plain(_)
        | Body::Choice { .. }
        | Body::Files { .. } => {
            panic!("not a file")
        }
    });
    (text, labels.map(|button| button.label).collect(), file)
}

#[test]
fn a_question_of_usual_length_is_whole_in_its_message() {
    let (text, labels, file) = shown(question("Which?", vec![choice("A", "a"), choice("B", "")]));
    assert!(
        text.starts_with("❓ Which?\nYou can choose several.\n• A: a\n• B\n\n"),
        "{text}"
    );
    assert_eq!(labels, ["☐ A", "☐ B"]);
    assert_eq!(file, None);
}

#[test]
fn a_long_label_is_cut_with_a_mark_and_named_by_its_number() {
    let long = "same beginning ".repeat(9);
    let options = vec![
        choice(&format!("{long}one"), ""),
        choice(&format!("{long}two"), ""),
    ];
    let (text, labels, file) = shown(question("Which?", options));
    assert!(
        text.contains("\n2. same beginning same") && text.contains("✂ Cut"),
        "{text}"
    );
    assert!(labels[1].starts_with("☐ 2. same beginning") && labels[1].ends_with('…'));
    assert!(
        labels.iter().all(|label| label.chars().count() <= 60),
        "{labels:?}"
    );
    let file = file.unwrap();
    assert!(
        file.contains(&format!("\n1. {long}one\n2. {long}two")),
        "{file}"
    );
}

#[test]
fn whatever_is_cut_has_a_mark_and_every_choice_of_a_button() {
    let crab = |n: usize| "🦀".repeat(n);
    for (n_text, n_label, n_description) in [
        (9_999, 1, 0),
        (1, 9_999, 9_999),
        (1, 50, 200),
        (700, 1, 200),
        (1_400, 50, 0),
    ] {
        let options = (0..20).map(|_| choice(&crab(n_label), &crab(n_description)));
        let (text, labels, file) = shown(question(&crab(n_text), options.collect()));
        assert!(text.encode_utf16().count() <= 4_096);
        assert!(text.contains("✂ Cut") && file.is_some());
        for (place, label) in labels.iter().enumerate() {
            assert!(label.starts_with(&format!("☐ {}. ", place + 1)));
            assert!(text.contains(label.trim_start_matches("☐ ")), "{label}");
        }
    }
}
