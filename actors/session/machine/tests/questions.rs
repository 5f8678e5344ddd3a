//! What Claude asks beside permissions: questions with choices, and whether a plan is good.

use expect_test::expect;

use super::approvals::check_in_turn;
use super::support::Player;
use crate::chat_settings::Detail;

#[test]
fn questions_come_one_after_the_other_and_are_answered_together() {
    check_in_turn(
        "questions Which db? SQLite / Postgres; Extras? * Metrics / Docs / Tests
         answer o1 n1 7
         answer o0 n2 7
         answer o2 n2 7
         answer o0 n2 7
         answer d n2 7",
        expect![[r#"
            > questions Which db? SQLite / Postgres; Extras? * Metrics / Docs / Tests
              answer @1 to #1: live "❓ (1 of 2) Which db?\n• SQLite\n• Postgres\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["SQLite=a1.o0.n1", "Postgres=a1.o1.n1", "✕ Skip=a1.n.n1"]
            > answer o1 n1 7
              journal p2 closed
              toast "✓"
              edit @1: live "✓ Answered by Ada, 14:05 UTC: Which db?\n→ Postgres" []
              answer @2: live "❓ (2 of 2) Extras?\nYou can choose several.\n• Metrics\n• Docs\n• Tests\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["☐ Metrics=a1.o0.n2", "☐ Docs=a1.o1.n2", "☐ Tests=a1.o2.n2", "✓ Done=a1.d.n2", "✕ Skip=a1.n.n2"]
            > answer o0 n2 7
              journal p3 closed
              toast "✓"
              edit @2: live "❓ (2 of 2) Extras?\nYou can choose several.\n• Metrics\n• Docs\n• Tests\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["☑ Metrics=a1.o0.n2", "☐ Docs=a1.o1.n2", "☐ Tests=a1.o2.n2", "✓ Done=a1.d.n2", "✕ Skip=a1.n.n2"]
            > answer o2 n2 7
              journal p4 closed
              toast "✓"
              edit @2: live "❓ (2 of 2) Extras?\nYou can choose several.\n• Metrics\n• Docs\n• Tests\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["☑ Metrics=a1.o0.n2", "☐ Docs=a1.o1.n2", "☑ Tests=a1.o2.n2", "✓ Done=a1.d.n2", "✕ Skip=a1.n.n2"]
            > answer o0 n2 7
              journal p5 closed
              toast "✓"
              edit @2: live "❓ (2 of 2) Extras?\nYou can choose several.\n• Metrics\n• Docs\n• Tests\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["☐ Metrics=a1.o0.n2", "☐ Docs=a1.o1.n2", "☑ Tests=a1.o2.n2", "✓ Done=a1.d.n2", "✕ Skip=a1.n.n2"]
            > answer d n2 7
              journal p6 closed
              toast "✓"
              audit User(UserId(7)) allow_tool AskUserQuestion
              edit @2: live "✓ Answered by Ada, 14:05 UTC: Extras?\n→ Tests" []
              write answer r1 <questions> [("Which db?", "Postgres"), ("Extras?", "Tests")]
        "#]],
    );
}

#[test]
fn a_typed_text_answers_an_open_question() {
    check_in_turn(
        "questions Which db? SQLite / Postgres\nprompt DuckDB\nprompt next",
        expect![[r#"
            > questions Which db? SQLite / Postgres
              answer @1 to #1: live "❓ Which db?\n• SQLite\n• Postgres\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["SQLite=a1.o0.n1", "Postgres=a1.o1.n1", "✕ Skip=a1.n.n1"]
            > prompt DuckDB
              journal p2 closed
              react 👌 #2
              audit User(UserId(7)) allow_tool AskUserQuestion
              edit @1: live "✓ Answered by message, 14:05 UTC: Which db?\n→ DuckDB" []
              write answer r1 <questions> [("Which db?", "DuckDB")]
            > prompt next
              react 👀 #3
              notice @2 to #3 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
        "#]],
    );
}

#[test]
fn a_question_need_not_be_answered() {
    check_in_turn(
        "questions Which db? SQLite / Postgres\nanswer n n1 7",
        expect![[r#"
            > questions Which db? SQLite / Postgres
              answer @1 to #1: live "❓ Which db?\n• SQLite\n• Postgres\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["SQLite=a1.o0.n1", "Postgres=a1.o1.n1", "✕ Skip=a1.n.n1"]
            > answer n n1 7
              journal p2 closed
              toast "✕ Skipped"
              audit User(UserId(7)) deny_tool AskUserQuestion
              edit @1: live "✕ Skipped by Ada, 14:05 UTC: Which db?" []
              write deny r1: The user does not want to answer.
        "#]],
    );
}

#[test]
fn what_becomes_of_a_question_or_plan_is_said_in_its_own_words() {
    check_in_turn(
        "questions Which db? SQLite / Postgres\n+1801\nplan 1. do it\n+1801",
        expect![[r#"
            > questions Which db? SQLite / Postgres
              answer @1 to #1: live "❓ Which db?\n• SQLite\n• Postgres\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["SQLite=a1.o0.n1", "Postgres=a1.o1.n1", "✕ Skip=a1.n.n1"]
            > +1801
              audit Bridge deny_tool AskUserQuestion
              edit @1: live "⌛ Nobody answered within 30 min, so skipped: Which db?" []
              write deny r1: Nobody answered within 30 min. Do not ask again at once: go on without it, or end your turn and say what you need.
            > plan 1. do it
              answer @2 to #1 silent: md "1. do it"
              answer @3 to #1: live "📋 Claude wants to carry out this plan. Approve it, or write what to change. Rejected automatically in 30 min." ["✅ Approve=a1.y.n2", "✅ Approve, and allow all edits=a1.e.n2", "✎ Keep planning=a1.n.n2"]
            > +1801
              audit Bridge deny_tool ExitPlanMode
              edit @3: live "⌛ Nobody answered within 30 min, so rejected: The plan above" []
              write deny r1: Nobody answered within 30 min. Do not ask again at once: go on without it, or end your turn and say what you need.
        "#]],
    );
    check_in_turn(
        "plan 1. do it\nanswer n n1 7",
        expect![[r#"
            > plan 1. do it
              answer @1 to #1 silent: md "1. do it"
              answer @2 to #1: live "📋 Claude wants to carry out this plan. Approve it, or write what to change. Rejected automatically in 30 min." ["✅ Approve=a1.y.n1", "✅ Approve, and allow all edits=a1.e.n1", "✎ Keep planning=a1.n.n1"]
            > answer n n1 7
              journal p2 closed
              toast "✎ Sent back for more planning"
              audit User(UserId(7)) deny_tool ExitPlanMode
              edit @2: live "✎ Sent back for more planning by Ada, 14:05 UTC: The plan above" []
              write deny r1: The user wants to keep planning. Ask what should be different.
        "#]],
    );
}

#[test]
fn a_plan_is_shown_and_approved() {
    check_in_turn(
        "plan 1. do it\nanswer e n1 7",
        expect![[r#"
            > plan 1. do it
              answer @1 to #1 silent: md "1. do it"
              answer @2 to #1: live "📋 Claude wants to carry out this plan. Approve it, or write what to change. Rejected automatically in 30 min." ["✅ Approve=a1.y.n1", "✅ Approve, and allow all edits=a1.e.n1", "✎ Keep planning=a1.n.n1"]
            > answer e n1 7
              journal p2 closed
              toast "✅ Approved. Edits run without asking from now on."
              audit User(UserId(7)) allow_tool ExitPlanMode
              edit @2: live "✅ Approved with all edits by Ada, 14:05 UTC: The plan above" []
              write allow r1 <plan> [] Edits
        "#]],
    );
}

#[test]
fn a_reply_to_a_plan_says_what_to_change() {
    check_in_turn(
        "plan 1. do it\nshown 2 50\nreply 50 tests first",
        expect![[r#"
            > plan 1. do it
              answer @1 to #1 silent: md "1. do it"
              answer @2 to #1: live "📋 Claude wants to carry out this plan. Approve it, or write what to change. Rejected automatically in 30 min." ["✅ Approve=a1.y.n1", "✅ Approve, and allow all edits=a1.e.n1", "✎ Keep planning=a1.n.n1"]
            > shown 2 50
              remember no conversation card #50
            > reply 50 tests first
              journal p2 closed with @2
              remember no conversation
              react 👌 #2
              audit User(UserId(7)) deny_tool ExitPlanMode
              edit #50: live "✎ Sent back for more planning by message, 14:05 UTC: The plan above\ntests first" []
              write deny r1: The user wants to keep planning and says: tests first
        "#]],
    );
}

#[test]
fn after_a_plan_is_approved_the_card_shows_no_tool() {
    let player = Player::new(None).showing(Detail::Card);
    let told = player.play(
        "prompt x
         granted
         ready
         attempt
         tool ExitPlanMode the plan
         +2
         plan the plan
         answer y n2 7
         +3",
    );
    expect![[r#"
        > prompt x
          react 👀 #1
          slot wanted
        > granted
          journal p1 started in c1
          launch g1 new c1
          slot busy
          write text p1: x
        > ready
        > attempt
          journal p1 begun
        > tool ExitPlanMode the plan
          journal p1 does "ExitPlanMode: the plan"
        > +2
          typing
          notice @1 silent: card "⏳ 2 s · ExitPlanMode: the plan" ["⏹ Stop=s1.x.n1"]
        > plan the plan
          answer @2 to #1 silent: md "the plan"
          answer @3 to #1: live "📋 Claude wants to carry out this plan. Approve it, or write what to change. Rejected automatically in 30 min." ["✅ Approve=a1.y.n2", "✅ Approve, and allow all edits=a1.e.n2", "✎ Keep planning=a1.n.n2"]
        > answer y n2 7
          journal p2 closed
          toast "✅ Approved."
          audit User(UserId(7)) allow_tool ExitPlanMode
          edit @3: live "✅ Approved by Ada, 14:05 UTC: The plan above" []
          write allow r1 <plan> [] Nothing
        > +3
          edit @1: card "⏳ 3 s · Claude is thinking" ["⏹ Stop=s1.x.n1"]
          edit @1: card "⏳ 4 s · Claude is thinking" ["⏹ Stop=s1.x.n1"]
          edit @1: card "⏳ 5 s · Claude is thinking" ["⏹ Stop=s1.x.n1"]
    "#]]
    .assert_eq(&told);
}

#[test]
fn what_is_typed_beside_ticks_joins_them() {
    check_in_turn(
        "questions Extras? * Metrics / Docs / Tests\nanswer o2 n1 7\nprompt and a changelog",
        expect![[r#"
            > questions Extras? * Metrics / Docs / Tests
              answer @1 to #1: live "❓ Extras?\nYou can choose several.\n• Metrics\n• Docs\n• Tests\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["☐ Metrics=a1.o0.n1", "☐ Docs=a1.o1.n1", "☐ Tests=a1.o2.n1", "✓ Done=a1.d.n1", "✕ Skip=a1.n.n1"]
            > answer o2 n1 7
              journal p2 closed
              toast "✓"
              edit @1: live "❓ Extras?\nYou can choose several.\n• Metrics\n• Docs\n• Tests\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["☐ Metrics=a1.o0.n1", "☐ Docs=a1.o1.n1", "☑ Tests=a1.o2.n1", "✓ Done=a1.d.n1", "✕ Skip=a1.n.n1"]
            > prompt and a changelog
              journal p3 closed
              react 👌 #3
              audit User(UserId(7)) allow_tool AskUserQuestion
              edit @1: live "✓ Answered by message, 14:05 UTC: Extras?\n→ Tests, and a changelog" []
              write answer r1 <questions> [("Extras?", "Tests, and a changelog")]
        "#]],
    );
}

#[test]
fn done_without_a_tick_is_an_answer_too() {
    check_in_turn(
        "questions Extras? * Metrics / Docs\nanswer d n1 7",
        expect![[r#"
            > questions Extras? * Metrics / Docs
              answer @1 to #1: live "❓ Extras?\nYou can choose several.\n• Metrics\n• Docs\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["☐ Metrics=a1.o0.n1", "☐ Docs=a1.o1.n1", "✓ Done=a1.d.n1", "✕ Skip=a1.n.n1"]
            > answer d n1 7
              journal p2 closed
              toast "✓"
              audit User(UserId(7)) allow_tool AskUserQuestion
              edit @1: live "✓ Answered by Ada, 14:05 UTC: Extras?\n→ None of these" []
              write answer r1 <questions> [("Extras?", "None of these")]
        "#]],
    );
}

#[test]
fn what_is_written_while_a_plan_waits_says_what_to_change() {
    check_in_turn(
        "plan 1. do it\nprompt tests first\nprompt next",
        expect![[r#"
            > plan 1. do it
              answer @1 to #1 silent: md "1. do it"
              answer @2 to #1: live "📋 Claude wants to carry out this plan. Approve it, or write what to change. Rejected automatically in 30 min." ["✅ Approve=a1.y.n1", "✅ Approve, and allow all edits=a1.e.n1", "✎ Keep planning=a1.n.n1"]
            > prompt tests first
              journal p2 closed
              react 👌 #2
              audit User(UserId(7)) deny_tool ExitPlanMode
              edit @2: live "✎ Sent back for more planning by message, 14:05 UTC: The plan above\ntests first" []
              write deny r1: The user wants to keep planning and says: tests first
            > prompt next
              react 👀 #3
              notice @3 to #3 silent: live "Queued: runs when the current work is done." ["▶ Send now=q1.n.3", "✕ Remove=q1.r.3"]
        "#]],
    );
}

#[test]
fn what_a_choice_would_look_like_is_shown() {
    check_in_turn(
        "questions Layout? Rows = a|b / Columns = a b / Neither",
        expect![[r#"
            > questions Layout? Rows = a|b / Columns = a b / Neither
              answer @1 to #1: live "❓ Layout?\n• Rows\n• Columns\n• Neither\n\nChoose, or type your own answer. Skipped automatically in 30 min."  "Rows:\na\nb\n\nColumns:\na b" ["Rows=a1.o0.n1", "Columns=a1.o1.n1", "Neither=a1.o2.n1", "✕ Skip=a1.n.n1"]
        "#]],
    );
}

#[test]
fn what_a_choice_would_look_like_comes_as_a_file_where_it_is_long() {
    let long = "line|".repeat(800);
    check_in_turn(
        &format!("questions Layout? Rows = {long} / Neither"),
        expect![[r#"
            > questions Layout? Rows = line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line|line| / Neither
              answer @1 to #1 silent: file question.txt of 4029 chars, "The whole question with its choices, by number"
              answer @2 to #1: live "❓ Layout?\n1. Rows\n2. Neither\n✂ Cut here. The file above has all of it.\n\nChoose, or type your own answer. Skipped automatically in 30 min." ["1. Rows=a1.o0.n1", "2. Neither=a1.o1.n1", "✕ Skip=a1.n.n1"]
        "#]],
    );
}
