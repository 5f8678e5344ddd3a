//! What a chat chooses for its turns.

use expect_test::expect;

use super::support::check;

const READY: &str = "prompt x\ngranted\nready\nanswered done\nidle\n";

fn check_ready(script: &str, expected: expect_test::Expect) {
    let played = super::support::Player::new(None).play(&format!("{READY}{script}"));
    let (_, shown) = played.split_once("> idle\n").expect("it is ready");
    expected.assert_eq(shown);
}

#[test]
fn what_can_be_chosen_is_what_claude_lists() {
    check(
        "/model\n/effort",
        expect![[r#"
            > /model
              journal p1 closed
              answer @1 to #1 silent: live "Which model should this chat use?" ["● default=c1.0.n1", "opus=c1.1.n1", "sonnet=c1.2.n1", "haiku=c1.3.n1", "opusplan=c1.4.n1"]
            > /effort
              journal p2 closed with @2
              answer @2 to #2: "I do not know the choices yet: Claude names them when it starts here. Send it a message first."
        "#]],
    );
    check_ready(
        "/model\n/model no-such-model\n/effort",
        expect![[r#"
            > /model
              journal p2 closed
              answer @2 to #2 silent: live "Which model should this chat use?" ["● Default=c1.0.n1", "Opus=c1.1.n1", "Haiku=c1.2.n1"]
            > /model no-such-model
              journal p3 closed
              answer @3 to #3 silent: live "Which model should this chat use?" ["● Default=c1.0.n2", "Opus=c1.1.n2", "Haiku=c1.2.n2"]
            > /effort
              journal p4 closed
              answer @4 to #4 silent: live "How hard should Claude think in this chat?" ["● default=c1.0.n3", "low=c1.1.n3", "high=c1.2.n3"]
        "#]],
    );
}

#[test]
fn a_choice_holds_for_the_running_agent_and_the_next() {
    check_ready(
        "/model
         pick 1 n1 7
         pick 1 n1 7
         /effort max
         /mode plan
         exit code 0
         prompt y
         granted",
        expect![[r#"
            > /model
              journal p2 closed
              answer @2 to #2 silent: live "Which model should this chat use?" ["● Default=c1.0.n1", "Opus=c1.1.n1", "Haiku=c1.2.n1"]
            > pick 1 n1 7
              remember no conversation with opus
              journal p3 closed
              write set Model "opus"
              edit @2: live "Model: Opus, from the next message on." []
              toast "Model: Opus, from the next message on."
            > pick 1 n1 7
              journal p4 closed
              toast "This is no longer open."
            > /effort max
              remember no conversation with opus with max
              journal p5 closed with @3
              write set Effort "max"
              answer @3 to #5: "Effort: max, from the next message on."
            > /mode plan
              remember no conversation with opus with max with plan
              journal p6 closed with @4
              write set Mode "plan"
              answer @4 to #6: "Mode: only plan."
            > exit code 0
              forget agent
              slot released
            > prompt y
              react 👀 #7
              slot wanted
            > granted
              journal p7 started in c2
              launch g2 new c2 with opus
              slot busy
              write text p7: y
        "#]],
    );
}

#[test]
fn a_model_may_have_no_levels_of_effort() {
    check_ready(
        "/model haiku\n/effort",
        expect![[r#"
            > /model haiku
              remember no conversation with haiku
              journal p2 closed with @2
              write set Model "haiku"
              answer @2 to #2: "Model: Haiku, from the next message on."
            > /effort
              journal p3 closed with @3
              answer @3 to #3: "This model has nothing to choose here."
        "#]],
    );
}

#[test]
fn a_choice_can_be_taken_back() {
    check_ready(
        "/model opus\n/model default\n/effort high\n/effort default",
        expect![[r#"
            > /model opus
              remember no conversation with opus
              journal p2 closed with @2
              write set Model "opus"
              answer @2 to #2: "Model: Opus, from the next message on."
            > /model default
              remember no conversation
              journal p3 closed with @3
              write set Model ""
              answer @3 to #3: "Model: Default, from the next message on."
            > /effort high
              remember no conversation with high
              journal p4 closed with @4
              write set Effort "high"
              answer @4 to #4: "Effort: high, from the next message on."
            > /effort default
              remember no conversation
              journal p5 closed with @5
              write close
              answer @5 to #5: "Effort: default, from the next message on."
        "#]],
    );
}

#[test]
fn everything_unasked_is_not_offered_where_the_configuration_has_it_not() {
    check_ready(
        "/mode bypassPermissions\n/mode admin bypassPermissions",
        expect![[r#"
            > /mode bypassPermissions
              journal p2 closed
              answer @2 to #2 silent: live "What may Claude do here without asking?" ["● ask before anything risky=c1.0.n1", "edit files without asking=c1.1.n1", "only plan=c1.2.n1", "never ask; deny what no rule allows=c1.3.n1"]
            > /mode admin bypassPermissions
              journal p3 closed
              answer @3 to #3 silent: live "What may Claude do here without asking?" ["● ask before anything risky=c1.0.n2", "edit files without asking=c1.1.n2", "only plan=c1.2.n2", "never ask; deny what no rule allows=c1.3.n2"]
        "#]],
    );
}

#[test]
fn everything_unasked_is_for_administrators_where_the_configuration_has_it() {
    check_ready(
        "configure mode bypassPermissions
         exit code 0
         prompt y
         granted
         ready
         answered done
         idle
         /mode default
         /mode bypassPermissions
         pick 4 n1 7
         /mode admin bypassPermissions",
        expect![[r#"
            > configure mode bypassPermissions
              write close
            > exit code 0
              forget agent
              slot released
            > prompt y
              react 👀 #2
              slot wanted
            > granted
              journal p2 started in c2
              launch g2 new c2
              slot busy
              write text p2: y
            > ready
            > answered done
              journal p2 closed with @2
              answer @2 to #2: md "done"
              slot idle
            > idle
            > /mode default
              remember no conversation with default
              journal p3 closed with @3
              write set Mode "default"
              answer @3 to #3: "Mode: ask before anything risky."
            > /mode bypassPermissions
              journal p4 closed
              answer @4 to #4 silent: live "What may Claude do here without asking?" ["● ask before anything risky=c1.0.n1", "edit files without asking=c1.1.n1", "only plan=c1.2.n1", "never ask; deny what no rule allows=c1.3.n1"]
            > pick 4 n1 7
              journal p5 closed
              toast "This is no longer open."
            > /mode admin bypassPermissions
              remember no conversation with bypassPermissions
              journal p6 closed with @5
              write close
              answer @5 to #6: "Mode: run everything without asking."
        "#]],
    );
}

#[test]
fn a_plan_that_is_approved_ends_the_planning() {
    check_ready(
        "/mode plan
         prompt y
         attempt
         plan 1. do it
         answer y n1 7",
        expect![[r#"
            > /mode plan
              remember no conversation with plan
              journal p2 closed with @2
              write set Mode "plan"
              answer @2 to #2: "Mode: only plan."
            > prompt y
              journal p3 started in c1
              react 👀 #3
              slot busy
              write text p3: y
            > attempt
              journal p3 begun
            > plan 1. do it
              answer @3 to #3 silent: md "1. do it"
              answer @4 to #3: live "📋 Claude wants to carry out this plan. Approve it, or write what to change. Rejected automatically in 30 min." ["✅ Approve=a1.y.n1", "✅ Approve, and allow all edits=a1.e.n1", "✎ Keep planning=a1.n.n1"]
            > answer y n1 7
              remember no conversation
              journal p4 closed
              toast "✅ Approved."
              audit User(UserId(7)) allow_tool ExitPlanMode
              edit @4: live "✅ Approved by Ada, 14:05 UTC: The plan above" []
              write allow r1 <plan> [] Nothing
        "#]],
    );
}

#[test]
fn only_an_administrator_trusts_a_folder_and_another_folder_is_trusted_anew() {
    check_ready(
        "/trust
         /trust admin
         /trust admin
         exit code 0
         configure folder /elsewhere
         prompt y
         granted
         /trust admin off",
        expect![[r#"
            > /trust
              journal p2 closed with @2
              audit User(UserId(7)) trust_folder /project
              answer @2 to #2: "Only an administrator can trust a folder."
            > /trust admin
              remember no conversation trusted
              journal p3 closed with @3
              audit User(UserId(7)) trust_folder /project
              write close
              answer @3 to #3: "Trusted. From the next message on, the hooks, subagents, settings and MCP servers in /project run without asking, also after every change to them. /trust off takes that back."
            > /trust admin
              journal p4 closed with @4
              audit User(UserId(7)) trust_folder /project
              answer @4 to #4: "Trusted. From the next message on, the hooks, subagents, settings and MCP servers in /project run without asking, also after every change to them. /trust off takes that back."
            > exit code 0
              forget agent
              slot released
            > configure folder /elsewhere
            > prompt y
              react 👀 #5
              slot wanted
            > granted
              remember no conversation in /elsewhere
              journal p5 started in c2
              launch g2 new c2 in /elsewhere
              slot busy
              write text p5: y
            > /trust admin off
              journal p6 closed with @5
              audit User(UserId(7)) distrust_folder /elsewhere
              answer @5 to #6: "Not trusted. From the next message on, nothing in /elsewhere runs by itself."
        "#]],
    );
}

/// Between the end of a turn and the agent's word that it is idle lies a moment.
#[test]
fn no_turn_runs_on_an_agent_whose_trust_was_taken_back() {
    check(
        "prompt x
         granted
         ready
         running
         answered done
         /trust admin
         prompt y
         idle
         exit code 0
         granted",
        expect![[r#"
            > running
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
            > /trust admin
              remember no conversation trusted
              journal p2 closed with @2
              audit User(UserId(7)) trust_folder /project
              answer @2 to #2: "Trusted. From the next message on, the hooks, subagents, settings and MCP servers in /project run without asking, also after every change to them. /trust off takes that back."
            > prompt y
              react 👀 #3
              notice @3 to #3 silent: "Queued: runs when the current work is done."
            > idle
              write close
            > exit code 0
              forget agent
              slot released
              slot wanted
            > granted
              journal p3 started in c2
              launch g2 new c2
              slot busy
              write text p3: y
        "#]],
    );
}
