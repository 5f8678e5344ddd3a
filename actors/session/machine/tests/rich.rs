//! Answers as rich messages, where the chat wants them.

use expect_test::expect;

use super::support::check;

#[test]
fn answers_are_rich_messages_once_the_chat_wants_them_and_nothing_else_is() {
    check(
        "/rich\n/rich on\nprompt x\ngranted\nready\nanswered # Head\n/rich off\nprompt y\nanswered **y**",
        expect![[r##"
            > /rich
              journal p1 closed with @1
              answer @1 to #1: "How this chat gets Claude's answers:\n○ /rich on – with real tables, headings and lists (Telegram on the web, on macOS and on watches may show an empty message: switch it off then)\n● /rich off – as text that every Telegram shows"
            > /rich on
              remember no conversation
              journal p2 closed with @2
              answer @2 to #2: "How this chat gets Claude's answers:\n● /rich on – with real tables, headings and lists (Telegram on the web, on macOS and on watches may show an empty message: switch it off then)\n○ /rich off – as text that every Telegram shows"
            > prompt x
              react 👀 #3
              slot wanted
            > granted
              journal p3 started in c1
              launch g1 new c1
              slot busy
              write text p3: x
            > ready
            > answered # Head
              journal p3 closed with @3
              answer @3 to #3: rich "# Head"
              slot idle
            > /rich off
              remember no conversation
              journal p4 closed with @4
              answer @4 to #4: "How this chat gets Claude's answers:\n○ /rich on – with real tables, headings and lists (Telegram on the web, on macOS and on watches may show an empty message: switch it off then)\n● /rich off – as text that every Telegram shows"
            > prompt y
              journal p5 started in c1
              react 👀 #5
              slot busy
              write text p5: y
            > answered **y**
              journal p5 closed with @5
              answer @5 to #5: md "**y**"
              slot idle
        "##]],
    );
}
