//! What MCP servers ask of people: one field after the other, a look at all of them, and an answer
//! that is the server's alone.

use expect_test::expect;

use super::approvals::{TURN, check_in_turn};
use super::support::Player;

#[test]
fn a_form_is_filled_in_field_by_field_and_looked_at_before_it_goes() {
    check_in_turn(
        "form Who are you?: name text; age whole 1 9; ~sure truth; colour one red blue
         prompt Ada
         prompt ten
         prompt 7
         answer k n4 7
         answer o1 n5 7
         answer y n6 7",
        expect![[r#"
            > form Who are you?: name text; age whole 1 9; ~sure truth; colour one red blue
              answer @1 to #1: live "🧩 The MCP server “files” asks: Who are you?\n\n(1 of 4) name\nGive any text.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✕ Decline=a1.n.n1"]
            > prompt Ada
              journal p2 closed
              react 👌 #2
              edit @1: live "✓ Answered by message, 14:05 UTC: name: Ada" []
              answer @2: live "🧩 The MCP server “files” asks: Who are you?\n\n(2 of 4) age\nGive a whole number from 1 to 9.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✕ Decline=a1.n.n2"]
            > prompt ten
              journal p3 closed
              react 👌 #3
              edit @2: live "⚠ Not taken by message, 14:05 UTC: age" []
              answer @3: live "🧩 The MCP server “files” asks: Who are you?\n\n(2 of 4) age\n⚠ That does not fit. Give a whole number from 1 to 9.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✕ Decline=a1.n.n3"]
            > prompt 7
              journal p4 closed
              react 👌 #4
              edit @3: live "✓ Answered by message, 14:05 UTC: age: 7" []
              answer @4: live "🧩 The MCP server “files” asks: Who are you?\n\n(3 of 4) sure\nGive yes or no.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["Yes=a1.o0.n4", "No=a1.o1.n4", "Leave out=a1.k.n4", "✕ Decline=a1.n.n4"]
            > answer k n4 7
              journal p5 closed
              toast "✓"
              edit @4: live "✓ Answered by Ada, 14:05 UTC: sure: (left out)" []
              answer @5: live "🧩 The MCP server “files” asks: Who are you?\n\n(4 of 4) colour\nGive one of the choices.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["RED=a1.o0.n5", "BLUE=a1.o1.n5", "✕ Decline=a1.n.n5"]
            > answer o1 n5 7
              journal p6 closed
              toast "✓"
              edit @5: live "✓ Answered by Ada, 14:05 UTC: colour: BLUE" []
              answer @6: live "🧩 The MCP server “files” asks: Who are you?\n\nThis is what it gets:\nname: Ada\nage: 7\nsure: (left out)\ncolour: BLUE\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✅ Send=a1.y.n6", "✕ Decline=a1.n.n6", "↺ Start over=a1.b.n6"]
            > answer y n6 7
              journal p7 closed
              toast "✅ Sent."
              audit User(UserId(7)) allow_tool elicitation files
              edit @6: live "✅ Sent by Ada, 14:05 UTC: 🧩 The MCP server “files” asks: Who are you?\nname: Ada\nage: 7\nsure: (left out)\ncolour: BLUE" []
              write form r1 Filled([("name", Text("Ada")), ("age", Number("7")), ("colour", Text("blue"))])
        "#]],
    );
}

#[test]
fn several_are_ticked_and_too_few_are_asked_for_again() {
    check_in_turn(
        "form Tags?: tags many red blue
         answer d n1 7
         answer o1 n1 7
         answer d n1 7
         answer b n2 7
         prompt red
         answer y n4 7",
        expect![[r#"
            > form Tags?: tags many red blue
              answer @1 to #1: live "🧩 The MCP server “files” asks: Tags?\n\ntags\nGive 1 to 2 of the choices, then Done.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["☐ RED=a1.o0.n1", "☐ BLUE=a1.o1.n1", "✓ Done=a1.d.n1", "✕ Decline=a1.n.n1"]
            > answer d n1 7
              journal p2 closed
              toast "✓"
              edit @1: live "🧩 The MCP server “files” asks: Tags?\n\ntags\n⚠ That does not fit. Give 1 to 2 of the choices, then Done.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["☐ RED=a1.o0.n1", "☐ BLUE=a1.o1.n1", "✓ Done=a1.d.n1", "✕ Decline=a1.n.n1"]
            > answer o1 n1 7
              journal p3 closed
              toast "✓"
              edit @1: live "🧩 The MCP server “files” asks: Tags?\n\ntags\nGive 1 to 2 of the choices, then Done.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["☐ RED=a1.o0.n1", "☑ BLUE=a1.o1.n1", "✓ Done=a1.d.n1", "✕ Decline=a1.n.n1"]
            > answer d n1 7
              journal p4 closed
              toast "✓"
              edit @1: live "✓ Answered by Ada, 14:05 UTC: tags: BLUE" []
              answer @2: live "🧩 The MCP server “files” asks: Tags?\n\nThis is what it gets:\ntags: BLUE\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✅ Send=a1.y.n2", "✕ Decline=a1.n.n2", "↺ Start over=a1.b.n2"]
            > answer b n2 7
              journal p5 closed
              toast "✓"
              edit @2: live "↺ Started over by Ada, 14:05 UTC: 🧩 The MCP server “files” asks: Tags?" []
              answer @3: live "🧩 The MCP server “files” asks: Tags?\n\ntags\nGive 1 to 2 of the choices, then Done.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["☐ RED=a1.o0.n3", "☐ BLUE=a1.o1.n3", "✓ Done=a1.d.n3", "✕ Decline=a1.n.n3"]
            > prompt red
              journal p6 closed
              react 👌 #6
              edit @3: live "✓ Answered by message, 14:05 UTC: tags: RED" []
              answer @4: live "🧩 The MCP server “files” asks: Tags?\n\nThis is what it gets:\ntags: RED\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✅ Send=a1.y.n4", "✕ Decline=a1.n.n4", "↺ Start over=a1.b.n4"]
            > answer y n4 7
              journal p7 closed
              toast "✅ Sent."
              audit User(UserId(7)) allow_tool elicitation files
              edit @4: live "✅ Sent by Ada, 14:05 UTC: 🧩 The MCP server “files” asks: Tags?\ntags: RED" []
              write form r1 Filled([("tags", Several(["red"]))])
        "#]],
    );
}

#[test]
fn what_the_server_proposes_has_a_button() {
    check_in_turn(
        "form Who?: name text = Ada; colour one red blue = red\nanswer v n1 7\nanswer o0 n2 7\nanswer y n3 7",
        expect![[r#"
            > form Who?: name text = Ada; colour one red blue = red
              answer @1 to #1: live "🧩 The MCP server “files” asks: Who?\n\n(1 of 2) name\nGive any text.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["Take: Ada=a1.v.n1", "✕ Decline=a1.n.n1"]
            > answer v n1 7
              journal p2 closed
              toast "✓"
              edit @1: live "✓ Answered by Ada, 14:05 UTC: name: Ada" []
              answer @2: live "🧩 The MCP server “files” asks: Who?\n\n(2 of 2) colour\nGive one of the choices.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["RED (proposed)=a1.o0.n2", "BLUE=a1.o1.n2", "✕ Decline=a1.n.n2"]
            > answer o0 n2 7
              journal p3 closed
              toast "✓"
              edit @2: live "✓ Answered by Ada, 14:05 UTC: colour: RED" []
              answer @3: live "🧩 The MCP server “files” asks: Who?\n\nThis is what it gets:\nname: Ada\ncolour: RED\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✅ Send=a1.y.n3", "✕ Decline=a1.n.n3", "↺ Start over=a1.b.n3"]
            > answer y n3 7
              journal p4 closed
              toast "✅ Sent."
              audit User(UserId(7)) allow_tool elicitation files
              edit @3: live "✅ Sent by Ada, 14:05 UTC: 🧩 The MCP server “files” asks: Who?\nname: Ada\ncolour: RED" []
              write form r1 Filled([("name", Text("Ada")), ("colour", Text("red"))])
        "#]],
    );
}

#[test]
fn a_page_is_named_by_where_it_leads() {
    check_in_turn(
        "form Sign in: page https://a.example/x\nprompt words\nanswer y n1 7",
        expect![[r#"
            > form Sign in: page https://a.example/x
              answer @1 to #1: live "🧩 The MCP server “files” asks: Sign in\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min.\n\nIt wants you to open a page of a.example, and to tell it when you are done there:"  "https://a.example/x" ["🔗 Open the page=https://a.example/x", "✓ Done=a1.y.n1", "✕ Decline=a1.n.n1"]
            > prompt words
              react 👀 #2
              notice @2 to #2 silent: live "Claude is waiting for an answer above. Your message runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
            > answer y n1 7
              journal p3 closed
              toast "✅ Sent."
              audit User(UserId(7)) allow_tool elicitation files
              edit @1: live "✅ Said to be done by Ada, 14:05 UTC: 🧩 The MCP server “files” asks: Sign in" []
              write form r1 Visited
        "#]],
    );
    check_in_turn(
        "form Sign in: page http://a.example/x\nanswer n n1 7",
        expect![[r#"
            > form Sign in: page http://a.example/x
              answer @1 to #1: live "🧩 The MCP server “files” asks: Sign in\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min.\n\nIt wants you to open a page of a.example, and to tell it when you are done there:"  "http://a.example/x" ["✓ Done=a1.y.n1", "✕ Decline=a1.n.n1"]
            > answer n n1 7
              journal p2 closed
              toast "✕ Declined."
              audit User(UserId(7)) deny_tool elicitation files
              edit @1: live "✕ Declined by Ada, 14:05 UTC: 🧩 The MCP server “files” asks: Sign in" []
              write form r1 Declined
        "#]],
    );
}

#[test]
fn what_cannot_be_shown_can_only_be_declined() {
    check_in_turn(
        "form Give: unreadable\nanswer y n1 7\nanswer n n1 7",
        expect![[r#"
            > form Give: unreadable
              answer @1 to #1: live "🧩 The MCP server “files” asks: Give\n\nThe bridge cannot show what this server wants, so it can only be declined.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✕ Decline=a1.n.n1"]
            > answer y n1 7
              journal p2 closed
              toast "This is no longer open."
            > answer n n1 7
              journal p3 closed
              toast "✕ Declined."
              audit User(UserId(7)) deny_tool elicitation files
              edit @1: live "✕ Declined by Ada, 14:05 UTC: 🧩 The MCP server “files” asks: Give" []
              write form r1 Declined
        "#]],
    );
}

#[test]
fn a_consent_needs_no_field() {
    check_in_turn(
        "form Delete all?\nanswer y n1 7",
        expect![[r#"
        > form Delete all?
          answer @1 to #1: live "🧩 The MCP server “files” asks: Delete all?\n\nSend your consent?\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✅ Send=a1.y.n1", "✕ Decline=a1.n.n1"]
        > answer y n1 7
          journal p2 closed
          toast "✅ Sent."
          audit User(UserId(7)) allow_tool elicitation files
          edit @1: live "✅ Sent by Ada, 14:05 UTC: 🧩 The MCP server “files” asks: Delete all?" []
          write form r1 Filled([])
    "#]],
    );
}

#[test]
fn nobody_has_said_no_when_nobody_answers_or_it_is_taken_back() {
    check_in_turn(
        "form Who?: name text\n+1801",
        expect![[r#"
        > form Who?: name text
          answer @1 to #1: live "🧩 The MCP server “files” asks: Who?\n\nname\nGive any text.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✕ Decline=a1.n.n1"]
        > +1801
          audit Bridge deny_tool elicitation files
          edit @1: live "⌛ Nobody answered within 30 min, so cancelled: 🧩 The MCP server “files” asks: Who?" []
          write form r1 Cancelled
    "#]],
    );
    check_in_turn(
        "form Who?: name text\nwithdraws r1\nprompt late",
        expect![[r#"
            > form Who?: name text
              answer @1 to #1: live "🧩 The MCP server “files” asks: Who?\n\nname\nGive any text.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✕ Decline=a1.n.n1"]
            > withdraws r1
              edit @1: live "✕ No longer asked; nothing was sent: 🧩 The MCP server “files” asks: Who?" []
            > prompt late
              react 👀 #2
              notice @2 to #2 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.2", "✕ Remove=q1.r.2"]
        "#]],
    );
}

#[test]
fn what_waits_is_named_and_only_whoever_is_asked_answers() {
    check_in_turn(
        "form Who?: name text\n/status\nprompt_of 8 Eve\nanswer n n1 8",
        expect![[r#"
            > form Who?: name text
              answer @1 to #1: live "🧩 The MCP server “files” asks: Who?\n\nname\nGive any text.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✕ Decline=a1.n.n1"]
            > /status
              journal p2 closed
              notice @2 to #2: "State: waiting for your answer to the MCP server “files” (asked 0 s ago)\nWaiting messages: 0\nConversation: none yet. Your next message starts one.\nFolder: /project\nClaude Code: 2.1.330"
            > prompt_of 8 Eve
              react 👀 #3
              notice @3 to #3 silent: live "Claude is waiting for an answer above. Your message runs when the current work is done." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
            > answer n n1 8
              journal p4 closed
              toast "Only the person Claude is working for here, or an administrator, can answer this."
        "#]],
    );
}

/// Plays a turn in which a server asks, and what comes after it.
fn played(script: &str) -> String {
    Player::new(None).play(&format!("{TURN}{script}"))
}

#[test]
fn a_reply_to_a_form_that_is_over_is_no_prompt() {
    for over in [
        "withdraws r1",
        "+1801",
        "exit code 1",
        "answer n n1 7",
        "prompt Ada",
    ] {
        let script = format!("form Who?: name text\nshown 1 71\n{over}\nreply 71 secret");
        let played = played(&script);
        let (_, said) = played.split_once("> reply").expect("the reply");
        assert!(said.contains("Claude did not get it"), "{over}: {said}");
        let is_prompt = ["👀", "Queued", "write", "👌"]
            .iter()
            .any(|it| said.contains(it));
        assert!(!is_prompt, "{over}: {said}");
    }
}

#[test]
fn a_form_whose_message_is_known_late_is_over_all_the_same() {
    let played = played("form Who?: name text\nwithdraws r1\nshown 1 71\nreply 71 secret");
    let (_, said) = played.split_once("> reply").expect("the reply");
    assert!(said.contains("Claude did not get it"), "{said}");
}

#[test]
fn a_reply_to_one_server_is_no_answer_to_another() {
    let played = played(
        "form Who?: name text\nshown 1 71\nwithdraws r1\nform What?: thing text\nreply 71 secret",
    );
    let (_, said) = played.split_once("> reply").expect("the reply");
    assert!(said.contains("Claude did not get it"), "{said}");
    assert!(!said.contains("👌"), "{said}");
}

#[test]
fn a_text_that_begins_like_a_command_is_a_value_where_any_text_is_asked_for() {
    for value in ["/home/ada/x", "!secret"] {
        let played = played(&format!("form Where?: place text\nprompt {value}"));
        let (_, said) = played
            .split_once(&format!("> prompt {value}"))
            .expect("the value");
        assert!(said.contains(&format!("place: {value}")), "{said}");
        assert!(!said.contains("👀"), "{said}");
    }
    // No number begins so.
    let played = played("form How many?: number whole 1 9\nprompt !stop it");
    assert!(!played.contains("👌"), "{played}");
}

#[test]
fn what_is_too_long_for_the_message_comes_whole_before_it_goes() {
    let long = "x".repeat(61);
    check_in_turn(
        &format!("form Who?: name text = {long}\nanswer v n1 7"),
        expect![[r#"
            > form Who?: name text = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
              answer @1 to #1 silent: file question.txt of 76 chars, "All of what the MCP server “files” asks"
              answer @2 to #1: live "🧩 The MCP server “files” asks: Who?\n\nname\nGive any text.\n✂ Cut here. The file above has all of it.\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["Take: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…=a1.v.n1", "✕ Decline=a1.n.n1"]
            > answer v n1 7
              journal p2 closed with @3
              toast "✓"
              edit @2: live "✓ Answered by Ada, 14:05 UTC: name: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" []
              answer @3 silent: file question.txt of 73 chars, "All of what the MCP server “files” asks"
              answer @4: live "🧩 The MCP server “files” asks: Who?\n\nThis is what it gets:\nname: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (1 more characters)\n\nYour answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in 30 min." ["✅ Send=a1.y.n2", "✕ Decline=a1.n.n2", "↺ Start over=a1.b.n2"]
        "#]],
    );
    let address = format!("https://a.example/{}", "y".repeat(1_000));
    let script = format!("{TURN}\nform Look: page {address}");
    let played = Player::new(None).play(&script);
    let file = format!("file question.txt of {} chars", 6 + address.len());
    assert!(played.contains(&file), "{played}");
}

/// The text is the first message of the new conversation, and nothing else.
#[test]
fn words_behind_new_answer_nothing_that_the_old_conversation_asks() {
    for asks in [
        "form Who?: ~name text = Ada; sure truth",
        "questions Which? a / b",
        "plan do it",
    ] {
        let script = format!("{TURN}{asks}\nshown POST 500\n/new afresh\nexit code 0\ngranted");
        let played = Player::new(None).play(&script.replace("POST", "1"));
        let behind = played.split("> /new afresh").nth(1).unwrap();
        assert!(behind.contains("write text p2: afresh"), "{played}");
    }
}

#[test]
fn a_server_that_asks_in_a_loop_is_cancelled_and_named_once() {
    let asks = "form Who?: name text\nwithdraws r1\n".repeat(14);
    let played = Player::new(None).play(&format!("{TURN}{asks}"));
    let lines = |what: &str| played.lines().filter(|line| line.contains(what)).count();
    assert_eq!(
        lines("🧩 MCP servers have asked 12 times in this turn."),
        1,
        "{played}"
    );
    assert_eq!(lines("answer @"), 12, "{played}");
    assert_eq!(lines("write form r1 Cancelled"), 2, "{played}");
}
