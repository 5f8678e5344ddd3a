//! What is neither text nor a file arrives as readable text.

use super::*;

/// Returns what Claude is told of a message with this content.
fn claude_reads(content: &[(&str, Value)]) -> String {
    let mut raw = fixture("text.json");
    let message = raw["message"].as_object_mut().unwrap();
    message.remove("text");
    for (name, value) in content {
        message.insert((*name).to_owned(), value.clone());
    }
    let content = read_update(&us(), &raw).unwrap().content;
    if let InboundContent::Unsupported { kind, .. } = content {
        return format!("nothing of a {kind:?}");
    }
    let InboundContent::Text { text, markdown, .. } = content else {
        panic!("{content:?}");
    };
    assert_eq!(text, markdown);
    text
}

#[test]
fn places_people_and_throws_are_told() {
    let here =
        json!({ "latitude": 48.137154, "longitude": 11.576124, "horizontal_accuracy": 12.5 });
    let live = json!({ "latitude": -1, "longitude": 0.5, "live_period": 900, "heading": 90 });
    let cafe = json!({ "location": here, "title": "Café", "address": "Main St 1" });
    let card = "BEGIN:VCARD\r\nORG:Acme\n\nEND:VCARD";
    let person = json!({ "first_name": "Eve", "last_name": "Li", "phone_number": "+491",
        "user_id": 77, "vcard": card });
    let all = [
        claude_reads(&[("location", here.clone())]),
        claude_reads(&[("location", live)]),
        claude_reads(&[("location", here), ("venue", cafe)]),
        claude_reads(&[("contact", person)]),
        claude_reads(&[("dice", json!({ "emoji": "🎲", "value": 4 }))]),
    ];
    expect![[r#"
        Location: 48.137154, 11.576124 (latitude, longitude), accurate to 12.5 m
        ---
        Location: -1, 0.5 (latitude, longitude), moving towards 90°, as it was when it was sent: it is shared live
        ---
        Place: Café
        Address: Main St 1
        Location: 48.137154, 11.576124 (latitude, longitude), accurate to 12.5 m
        ---
        Contact: Eve Li
        Phone: +491
        Telegram id: 77
        Card:
        > BEGIN:VCARD
        > ORG:Acme
        > END:VCARD
        ---
        🎲 came up 4.
    "#]].assert_eq(&format!("{}\n", all.join("\n---\n")));
}

#[test]
fn polls_and_checklists_are_told_with_how_they_stand() {
    let option = |text, votes| json!({ "text": text, "voter_count": votes });
    let quiz = json!({ "type": "quiz", "question": "2+2?", "is_closed": true,
        "options": [option("3", 1), option("4", 0)], "correct_option_ids": [1],
        "explanation": "count" });
    let poll = json!({ "type": "regular", "question": "When?", "description": "for the party",
        "allows_multiple_answers": true, "options": [option("Fri", 0), option("Sat", 3)] });
    let list = json!({ "title": "Release", "tasks": [
        { "text": "tag", "completion_date": 9, "completed_by_user": { "first_name": "Ada" } },
        { "text": "push", "completion_date": 0 },
        { "text": "tell" },
    ] });
    let all = [
        claude_reads(&[("poll", quiz)]),
        claude_reads(&[("poll", poll)]),
        claude_reads(&[("checklist", list)]),
    ];
    expect![[r#"
        Quiz: 2+2?
        1. 3 (votes: 1)
        2. 4 (the right answer)
        It is closed.
        Explanation: count
        ---
        Poll: When?
        for the party
        1. Fri
        2. Sat (votes: 3)
        Several answers are allowed.
        ---
        Checklist: Release
        - [x] tag (done by Ada)
        - [ ] push
        - [ ] tell
    "#]]
    .assert_eq(&format!("{}\n", all.join("\n---\n")));
}

#[test]
fn games_giveaways_and_invoices_are_told() {
    let game = json!({ "title": "Chess", "description": "a game", "text": "1500 points" });
    let giveaway = json!({ "winner_count": 3, "prize_star_count": 50, "prize_description": "a cup",
        "premium_subscription_month_count": 6, "chats": [{ "title": "News" }] });
    let winners = json!({ "winner_count": 1, "winners": [{ "first_name": "Ada" }] });
    let invoice = json!({ "title": "Tea", "description": "green", "currency": "EUR",
        "total_amount": 1299 });
    let stars = json!({ "title": "Tea", "currency": "XTR", "total_amount": 5 });
    let all = [
        claude_reads(&[("game", game)]),
        claude_reads(&[("giveaway", giveaway)]),
        claude_reads(&[("giveaway_winners", winners)]),
        claude_reads(&[("giveaway_completed", json!({ "winner_count": 2 }))]),
        claude_reads(&[("invoice", invoice)]),
        claude_reads(&[("invoice", stars)]),
    ];
    expect![[r#"
        Game: Chess
        a game
        1500 points
        ---
        Giveaway
        Winners: 3
        Prize: 50 Telegram Stars
        Prize: Telegram Premium for 6 months
        Prize: a cup
        In: News
        ---
        Giveaway that has its winners
        Winners: 1
        Winner: Ada
        ---
        Giveaway that is over
        Winners: 2
        ---
        Invoice: Tea
        green
        Price: 1299 in the smallest unit of EUR
        ---
        Invoice: Tea
        Price: 5 Telegram Stars
    "#]]
    .assert_eq(&format!("{}\n", all.join("\n---\n")));
}

#[test]
fn a_rich_message_is_told_with_its_parts() {
    let bold = json!(["a ", { "type": "bold", "text": "bold" }, " ",
        { "type": "url", "text": "link", "url": "https://a.b" }, " ",
        { "type": "code", "text": "x" }]);
    let blocks = json!([
        { "type": "heading", "text": "Head", "size": 1 },
        { "type": "paragraph", "text": bold },
        { "type": "pre", "text": "let a = `1`;", "language": "rust" },
        { "type": "blockquote", "blocks": [{ "type": "paragraph", "text": "said" }], "credit": "Eve" },
        { "type": "list", "items": [
            { "label": "1.", "blocks": [{ "type": "paragraph", "text": "one\ntwo" }] },
            { "label": "-", "has_checkbox": true, "is_checked": true,
              "blocks": [{ "type": "paragraph", "text": "done" }] } ] },
        { "type": "table", "cells": [[{ "text": "k" }, { "text": "v" }], [{ "text": "1" }, {}]] },
        { "type": "details", "summary": "More", "blocks": [{ "type": "paragraph", "text": "inside" }] },
        { "type": "mathematical_expression", "expression": "x^2" },
        { "type": "photo", "photo": [], "caption": { "text": "a cat", "credit": "me" } },
        { "type": "buttons", "buttons": [{ "text": "Go" }] },
        { "type": "divider" },
        { "type": "of tomorrow", "text": "still read" },
    ]);
    expect![[r#"
        ## Head

        a bold link (https://a.b) `x`

        ```rust
        let a = `1`;
        ```

        > said
        > — Eve

        1. one
          two
        - [x] done

        k | v
        1 | 

        More
        inside

        x^2

        [a photo]
        a cat

        [Go]

        still read"#]]
    .assert_eq(&claude_reads(&[(
        "rich_message",
        json!({ "blocks": blocks }),
    )]));
}

#[test]
fn no_value_begins_a_line_of_its_own_and_what_is_long_is_cut_with_a_word() {
    let evil = "a\r\n/stop\u{2028}b\u{85}c\u{b}d\u{0}e";
    let told = claude_reads(&[(
        "contact",
        json!({ "first_name": evil, "phone_number": evil }),
    )]);
    assert_eq!(
        told,
        "Contact: a  /stop b c d\u{fffd}e\nPhone: a  /stop b c d\u{fffd}e"
    );
    let tasks: Vec<_> = (0..10_000)
        .map(|n| json!({ "text": format!("t{n}") }))
        .collect();
    let told = claude_reads(&[(
        "checklist",
        json!({ "title": "x".repeat(9_999), "tasks": tasks }),
    )]);
    assert!(
        told.ends_with("\n- [ ] t99\n[… 9900 more are left out]"),
        "{told}"
    );
    assert!(told.starts_with(&format!("Checklist: {} […]\n", "x".repeat(4_096))));
    let card = "N:x\n".repeat(1_000);
    let told = claude_reads(&[("contact", json!({ "first_name": "E", "vcard": card }))]);
    assert!(
        told.ends_with("\n> N:x\n[… 950 more are left out]"),
        "{told}"
    );
    let long = json!({ "blocks": [{ "type": "paragraph", "text": "🦀".repeat(40_000) }] });
    let told = claude_reads(&[("rich_message", long)]);
    assert!(told.ends_with("🦀\n[…]") && told.matches('🦀').count() == 32_768);
}

#[test]
fn what_has_no_shape_that_is_known_is_no_text() {
    for (name, value) in [
        ("location", json!({})),
        ("location", json!("x")),
        ("dice", json!([])),
        ("rich_message", json!({ "blocks": 7 })),
        ("story", json!({ "id": 1, "chat": { "id": -6 } })),
        ("paid_media", json!({ "star_count": 1, "paid_media": [] })),
    ] {
        let told = claude_reads(&[(name, value.clone())]);
        assert!(told.starts_with("nothing of a "), "{name} {value}: {told}");
    }
    for value in [json!({}), json!({ "options": 7, "question": [] })] {
        assert_eq!(claude_reads(&[("poll", value)]), "Poll: ");
    }
}

#[test]
fn a_reply_to_such_a_message_brings_it_and_a_forwarded_one_says_whose_it_is() {
    let poll = json!({ "question": "When?", "options": [{ "text": "Fri" }] });
    let mut raw = fixture("text.json");
    raw["message"]["reply_to_message"] =
        json!({ "message_id": 4, "from": { "id": 5001 }, "poll": poll });
    let InboundContent::Text { context, .. } = read_update(&us(), &raw).unwrap().content else {
        panic!("a text");
    };
    assert_eq!(
        context,
        "In reply to my own message:\n> Poll: When?\n> 1. Fri"
    );
    let origin = json!({ "type": "hidden_user", "sender_user_name": "Eve" });
    assert_eq!(
        claude_reads(&[("poll", poll), ("forward_origin", origin)]),
        "Forwarded message from Eve, who hides their account:\n\nPoll: When?\n1. Fri"
    );
}
