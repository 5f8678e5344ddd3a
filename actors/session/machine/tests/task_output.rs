//! What a task in the background prints is shown to whoever asks.

use expect_test::expect;

use super::approvals::check_in_turn;

#[test]
fn what_a_task_prints_is_shown_short_as_a_block_and_long_as_a_file() {
    let many = "9\\n".repeat(40);
    check_in_turn(
        &format!(
            "task b1\nanswered started\nidle\n/tasks\nbutton o1.b1 7 500\n\
             found p3 output one\\r\\n\\e[31mtwo\\e[0m ```\\n10 %\\r20 %\n\
             button o1.b1 7 500\nfound p4 output …{many}\n\
             button o1.b1 7 500\nfound p5 output "
        ),
        expect![[r#"
            > task b1
            > answered started
              journal p1 closed with @1
              answer @1 to #1: md "started"
              slot idle
            > idle
            > /tasks
              journal p2 closed
              answer @2 to #2 silent: live "Running in the background:\n• Run b1" ["⏹ Run b1=k1.0.n1", "Output=o1.b1"]
            > button o1.b1 7 500
              toast "One moment."
              write ask p3 TaskOutput { task: "b1", what: "Run b1" }
            > found p3 output one\r\n\e[31mtwo\e[0m ```\n10 %\r20 %
              journal p3 closed with @3
              answer @3 to #500 silent: "What “Run b1” has printed:" md "````\none\ntwo ```\n20 %\n````"
              slot idle
            > button o1.b1 7 500
              toast "One moment."
              write ask p4 TaskOutput { task: "b1", what: "Run b1" }
            > found p4 output …9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n9\n
              journal p4 closed with @4
              answer @4 to #500 silent: file output.txt of 80 chars, "The end of the 20000 bytes that “Run b1” has printed:"
              slot idle
            > button o1.b1 7 500
              toast "One moment."
              write ask p5 TaskOutput { task: "b1", what: "Run b1" }
            > found p5 output
              journal p5 closed with @5
              answer @5 to #500 silent: "It has printed nothing so far."
              slot idle
        "#]],
    );
}

#[test]
fn a_task_that_is_unknown_or_ended_is_told_plainly() {
    check_in_turn(
        "task a1\ntask b1\nanswered started\nidle\n/tasks\nbutton o1.b9 7 500\nfound p3 no_output\n\
         task_ended b1\nbutton o1.b1 7 500\nfound p4 output ended\n\
         button o1.b1 7 500\nfound p5 no Unsupported control request subtype\n\
         exit code 0\nbutton o1.b1 7 500",
        expect![[r#"
            > task a1
            > task b1
            > answered started
              journal p1 closed with @1
              answer @1 to #1: md "started"
              slot idle
            > idle
            > /tasks
              journal p2 closed
              answer @2 to #2 silent: live "Running in the background:\n• Run a1\n• Run b1" ["⏹ Run a1=k1.0.n1", "⏹ Run b1=k1.1.n1", "Output=o1.b1"]
            > button o1.b9 7 500
              toast "One moment."
              write ask p3 TaskOutput { task: "b9", what: "" }
            > found p3 no_output
              journal p3 closed with @3
              answer @3 to #500 silent: "Claude Code has no output of this task: it belongs to an earlier run of Claude, or is of a kind that prints nothing."
              slot idle
            > task_ended b1
              edit @2: live "Running in the background:\n• Run a1" ["⏹ Run a1=k1.0.n1"]
            > button o1.b1 7 500
              toast "One moment."
              write ask p4 TaskOutput { task: "b1", what: "" }
            > found p4 output ended
              journal p4 closed with @4
              answer @4 to #500 silent: "What the task has printed:" md "```\nended\n```"
              slot idle
            > button o1.b1 7 500
              toast "One moment."
              write ask p5 TaskOutput { task: "b1", what: "" }
            > found p5 no Unsupported control request subtype
              journal p5 closed with @5
              answer @5 to #500 silent: "Claude could not do this: Unsupported control request subtype"
              slot idle
            > exit code 0
              forget agent
              slot released
              edit @2: live "The background work has ended." []
            > button o1.b1 7 500
              journal p6 closed
              notice @6 to #500 silent: "This task ended with the Claude that ran it, and its output is gone with it."
              toast ""
        "#]],
    );
}
