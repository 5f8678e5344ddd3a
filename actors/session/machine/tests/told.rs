//! What Claude says of settings, models and its disk, and what is told of it.

use expect_test::{Expect, expect};

use super::support::Player;

/// Plays lines behind a turn; returns what is said, stored and written.
fn check(script: &str, expected: Expect) {
    let played = Player::new(None).play(&format!(
        "prompt x\ngranted\nready compact\ninit c1\nanswered hello\nidle\n{script}"
    ));
    let lines = played
        .lines()
        .skip_while(|line| !line.contains("> idle"))
        .skip(1);
    let said = lines.filter(|line| !line.contains("journal"));
    expected.assert_eq(
        &said
            .map(|line| format!("{}\n", line.trim()))
            .collect::<String>(),
    );
}

#[test]
fn a_setting_that_claude_refuses_is_told_and_taken_back() {
    check(
        "/model opus\nset model opus\n/model haiku\nset model haiku no not for this account",
        expect![[r#"
            > /model opus
            remember c1 with opus
            write set Model "opus"
            answer @2 to #2: "Model: Opus, from the next message on."
            > set model opus
            > /model haiku
            remember c1 with haiku
            write set Model "haiku"
            answer @3 to #3: "Model: Haiku, from the next message on."
            > set model haiku no not for this account
            remember c1 with opus
            answer @4 silent: "⚠ Claude did not take Haiku, so it stays as it was: not for this account"
        "#]],
    );
}

#[test]
fn another_value_than_asked_for_is_told() {
    check(
        "/model sonnet-9\nset model sonnet-9 claude-opus-5-5\n\
         set model sonnet[1m] claude-sonnet-5-5\nset model opusplan claude-opus-5-5\n\
         /mode plan\nset mode plan default\nset mode default default\nset effort high",
        expect![[r#"
            > /model sonnet-9
            remember c1 with sonnet-9
            write set Model "sonnet-9"
            answer @2 to #2: "Model: sonnet-9, from the next message on."
            > set model sonnet-9 claude-opus-5-5
            answer @3 silent: "⚠ You chose sonnet-9, but Claude uses claude-opus-5-5."
            > set model sonnet[1m] claude-sonnet-5-5
            > set model opusplan claude-opus-5-5
            > /mode plan
            remember c1 with sonnet-9 with plan
            write set Mode "plan"
            answer @4 to #3: "Mode: only plan."
            > set mode plan default
            answer @5 silent: "⚠ Claude took another mode: ask before anything risky."
            > set mode default default
            > set effort high
        "#]],
    );
}

#[test]
fn the_mode_that_holds_is_the_one_that_is_marked() {
    check(
        "mode_is plan\n/mode\nmode_is acceptEdits\n/mode\n/mode default\nmode_is default",
        expect![[r#"
            > mode_is plan
            notice @2 silent: "Claude has changed its mode: only plan."
            > /mode
            answer @3 to #2 silent: live "What may Claude do here without asking?" ["ask before anything risky=c1.0.n1", "edit files without asking=c1.1.n1", "● only plan=c1.2.n1", "never ask; deny what no rule allows=c1.3.n1"]
            > mode_is acceptEdits
            > /mode
            answer @4 to #3 silent: live "What may Claude do here without asking?" ["ask before anything risky=c1.0.n2", "● edit files without asking=c1.1.n2", "only plan=c1.2.n2", "never ask; deny what no rule allows=c1.3.n2"]
            > /mode default
            remember c1 with default
            write set Mode "default"
            answer @5 to #4: "Mode: ask before anything risky."
            > mode_is default
        "#]],
    );
}

#[test]
fn every_name_of_a_model_is_taken_in_any_case_and_a_misspelt_one_is_not() {
    check(
        "/model OPUS\n/model sonnet[1m]\n/model OpusPlan\n/model claude-opus-5-5\n/model sonet",
        expect![[r#"
            > /model OPUS
            remember c1 with opus
            write set Model "opus"
            answer @2 to #2: "Model: Opus, from the next message on."
            > /model sonnet[1m]
            remember c1 with sonnet[1m]
            write set Model "sonnet[1m]"
            answer @3 to #3: "Model: sonnet[1m], from the next message on."
            > /model OpusPlan
            remember c1 with opusplan
            write set Model "opusplan"
            answer @4 to #4: "Model: opusplan, from the next message on."
            > /model claude-opus-5-5
            remember c1 with claude-opus-5-5
            write set Model "claude-opus-5-5"
            answer @5 to #5: "Model: claude-opus-5-5, from the next message on."
            > /model sonet
            answer @6 to #6 silent: live "Which model should this chat use?" ["Default=c1.0.n1", "Opus=c1.1.n1", "Haiku=c1.2.n1"]
        "#]],
    );
}

#[test]
fn a_mode_that_claude_decides_in_is_offered_where_its_model_can() {
    check(
        "/mode auto\n/model opus\n/mode auto",
        expect![[r#"
        > /mode auto
        answer @2 to #2 silent: live "What may Claude do here without asking?" ["● ask before anything risky=c1.0.n1", "edit files without asking=c1.1.n1", "only plan=c1.2.n1", "never ask; deny what no rule allows=c1.3.n1"]
        > /model opus
        remember c1 with opus
        write set Model "opus"
        answer @3 to #3: "Model: Opus, from the next message on."
        > /mode auto
        remember c1 with opus with auto
        write set Mode "auto"
        answer @4 to #4: "Mode: decide itself what is safe to run."
    "#]],
    );
}

#[test]
fn a_model_can_be_chosen_before_claude_has_listed_any() {
    let played = Player::new(None).play("/model\n/model Sonnet[1m]");
    let said = played.lines().filter(|line| line.contains("answer @"));
    expect![[r#"
        answer @1 to #1 silent: live "Which model should this chat use?" ["● default=c1.0.n1", "opus=c1.1.n1", "sonnet=c1.2.n1", "haiku=c1.3.n1", "opusplan=c1.4.n1"]
        answer @2 to #2: "Model: sonnet[1m], from the next message on."
    "#]].assert_eq(
        &said
            .map(|line| format!("{}\n", line.trim()))
            .collect::<String>(),
    );
}

#[test]
fn a_model_that_answers_in_place_of_another_is_named() {
    check(
        "fell_back sonnet-9",
        expect![[r#"
        > fell_back sonnet-9
        notice @2 silent: "sonnet-9 answers in place of opus-9, which is not available."
    "#]],
    );
}

#[test]
fn lost_words_are_told_once_for_each_agent() {
    check(
        "writes_lost ENOSPC\nwrites_lost ENOSPC",
        expect![[r#"
        > writes_lost ENOSPC
        answer @2 silent: "⚠ Claude cannot write this conversation to disk (ENOSPC). It may forget what is said from here on. Is the disk of the bridge's computer full?"
        > writes_lost ENOSPC
    "#]],
    );
}

#[test]
fn a_version_that_does_not_keep_every_promise_is_named_with_what_is_at_risk() {
    check(
        "too_old 2.1.327\n/status",
        expect![[r#"
        > too_old 2.1.327
        > /status
        notice @2 to #2: "State: ready\nWaiting messages: 0\nConversation: c1\nFolder: /project\nClaude Code: 2.1.330, older than 2.1.327: after a crash a message may run twice or be lost, and work may go on after ⏹. Run `claude update` on the bridge's computer."
    "#]],
    );
}

#[test]
fn the_folder_where_claude_works_now_stands_beside_the_sessions_own() {
    check(
        "works_in /project/.claude/worktrees/x\n/status\nworks_in\n/status",
        expect![[r#"
            > works_in /project/.claude/worktrees/x
            > /status
            notice @2 to #2: "State: ready\nWaiting messages: 0\nConversation: c1\nFolder: /project\nClaude works in /project/.claude/worktrees/x now.\nClaude Code: 2.1.330"
            > works_in
            > /status
            notice @3 to #3: "State: ready\nWaiting messages: 0\nConversation: c1\nFolder: /project\nClaude Code: 2.1.330"
        "#]],
    );
}

#[test]
fn what_is_refused_goes_back_to_what_claude_took_last() {
    check(
        "/model opus\n/effort low\nset model opus no not now\n\
         /model haiku\n/model sonnet-9\nset model haiku no not now\nset model sonnet-9 no not now",
        expect![[r#"
            > /model opus
            remember c1 with opus
            write set Model "opus"
            answer @2 to #2: "Model: Opus, from the next message on."
            > /effort low
            remember c1 with opus with low
            write set Effort "low"
            answer @3 to #3: "Effort: low, from the next message on."
            > set model opus no not now
            remember c1 with low
            answer @4 silent: "⚠ Claude did not take Opus, so it stays as it was: not now"
            > /model haiku
            remember c1 with haiku with low
            write set Model "haiku"
            answer @5 to #4: "Model: Haiku, from the next message on."
            > /model sonnet-9
            remember c1 with sonnet-9 with low
            write set Model "sonnet-9"
            answer @6 to #5: "Model: sonnet-9, from the next message on."
            > set model haiku no not now
            answer @7 silent: "⚠ Claude did not take Haiku, so it stays as it was: not now"
            > set model sonnet-9 no not now
            remember c1 with low
            answer @8 silent: "⚠ Claude did not take sonnet-9, so it stays as it was: not now"
        "#]],
    );
}

#[test]
fn a_mode_that_is_refused_leaves_the_one_that_claude_is_in() {
    check(
        "mode_is plan\n/mode acceptEdits\nset mode acceptEdits no not here\n/mode",
        expect![[r#"
            > mode_is plan
            notice @2 silent: "Claude has changed its mode: only plan."
            > /mode acceptEdits
            remember c1 with acceptEdits
            write set Mode "acceptEdits"
            answer @3 to #2: "Mode: edit files without asking."
            > set mode acceptEdits no not here
            remember c1
            answer @4 silent: "⚠ Claude did not take edit files without asking, so it stays as it was: not here"
            > /mode
            answer @5 to #3 silent: live "What may Claude do here without asking?" ["ask before anything risky=c1.0.n1", "edit files without asking=c1.1.n1", "● only plan=c1.2.n1", "never ask; deny what no rule allows=c1.3.n1"]
        "#]],
    );
}

#[test]
fn of_a_change_of_the_mode_that_was_overtaken_nothing_is_told() {
    check(
        "/mode plan\n/mode acceptEdits\nmode_is plan\nset mode plan default\n\
         mode_is acceptEdits\nset mode acceptEdits\nmode_is plan",
        expect![[r#"
            > /mode plan
            remember c1 with plan
            write set Mode "plan"
            answer @2 to #2: "Mode: only plan."
            > /mode acceptEdits
            remember c1 with acceptEdits
            write set Mode "acceptEdits"
            answer @3 to #3: "Mode: edit files without asking."
            > mode_is plan
            > set mode plan default
            > mode_is acceptEdits
            > set mode acceptEdits
            > mode_is plan
            notice @4 silent: "Claude has changed its mode: only plan."
        "#]],
    );
}

#[test]
fn a_version_that_is_too_old_is_known_whenever_it_is_told() {
    check(
        "too_old 2.1.327\nready compact\n/status",
        expect![[r#"
        > too_old 2.1.327
        > ready compact
        slot idle
        > /status
        notice @2 to #2: "State: ready\nWaiting messages: 0\nConversation: c1\nFolder: /project\nClaude Code: 2.1.330, older than 2.1.327: after a crash a message may run twice or be lost, and work may go on after ⏹. Run `claude update` on the bridge's computer."
    "#]],
    );
}
