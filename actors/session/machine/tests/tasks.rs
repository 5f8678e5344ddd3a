//! What an agent does in the background.

use expect_test::expect;

use super::approvals::check_in_turn;
use super::support::check_group;

#[test]
fn background_work_is_listed_and_stopped_by_name() {
    check_in_turn(
        "task b1
         task b2
         answered started them
         /tasks
         task_ended b1
         stop_task 0 n1 7
         stop_task 1 n1 7
         stop_task 1 n9 7
         task_ended b2
         /tasks",
        expect![[r#"
            > task b1
            > task b2
            > answered started them
              journal p1 closed with @1
              answer @1 to #1: md "started them"
              slot idle
            > /tasks
              journal p2 closed
              answer @2 to #2 silent: live "Running in the background:\n• Run b1\n• Run b2" ["⏹ Run b1=k1.0.n1", "⏹ Run b2=k1.1.n1"]
            > task_ended b1
              edit @2: live "Running in the background:\n• Run b2" ["⏹ Run b2=k1.1.n1"]
            > stop_task 0 n1 7
              journal p3 closed
              toast "It has already ended."
            > stop_task 1 n1 7
              journal p4 closed
              write stop task b2
              toast "⏹ Stopping it."
            > stop_task 1 n9 7
              journal p5 closed
              toast "It has already ended."
            > task_ended b2
              edit @2: live "The background work has ended." []
            > /tasks
              journal p6 closed with @3
              answer @3 to #6: "Nothing is running in the background."
        "#]],
    );
}

#[test]
fn in_a_group_what_a_removed_person_left_in_the_background_is_ended() {
    check_group(
        "
        prompt_of 8 x
        granted
        ready
        attempt
        task b1
        answered done
        idle
        revoke 9
        revoke 8
        exit signal 9
        ",
        expect![[r#"
            > prompt_of 8 x
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
            > task b1
            > answered done
              journal p1 closed with @1
              answer @1 to #1: md "done"
              slot idle
            > idle
            > revoke 9
            > revoke 8
              kill
              answer @2 silent: "⏹ The background work was ended: the person who asked for it may no longer use this bot. Part of it may be done."
            > exit signal 9
              forget agent
              slot released
        "#]],
    );
}
