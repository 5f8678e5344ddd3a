//! `/mcp`: the MCP servers of the agent, how they do, and orders to them.

use expect_test::expect;

use super::support::{check, check_group};

#[test]
fn a_server_is_connected_again_and_the_list_shows_how_it_does_then() {
    check(
        "/mcp\ngranted\nready\nfound p1 servers files:connected db:login web:ENOENT old:off\n\
         button m1.r.web 7 500\nfound p2 done\nfound p2 servers web:connected\n\
         button m1.r.db 7 500\nfound p3 no it hangs\nbutton m1.n.web 7 500\nbutton m1.y.old 7 500",
        expect![[r#"
            > /mcp
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 Servers
            > found p1 servers files:connected db:login web:ENOENT old:off
              journal p1 closed with @1
              answer @1 to #1 silent: choice "MCP servers:\n● files: connected, 5 tools\n⚠ db: needs a login. Log in with /mcp in Claude's terminal on this machine, then press Reconnect.\n✕ web: not connected (ENOENT)\n○ old: off"
              slot idle
            > button m1.r.web 7 500
              toast "One moment."
              write ask p2 Reconnect { server: "web" }
            > found p2 done
              write ask p2 Servers
            > found p2 servers web:connected
              journal p2 closed
              edit #500: choice "MCP servers:\n● web: connected, 3 tools"
              slot idle
            > button m1.r.db 7 500
              toast "One moment."
              write ask p3 Reconnect { server: "db" }
            > found p3 no it hangs
              answer @3 to #500 silent: "Claude could not do this: it hangs"
              write ask p3 Servers
            > button m1.n.web 7 500
              toast "One moment."
              write ask p4 Switch { server: "web", on: false }
            > button m1.y.old 7 500
              toast "One moment."
              write ask p5 Switch { server: "old", on: true }
        "#]],
    );
}

#[test]
fn in_a_group_only_an_administrator_gives_orders_to_servers() {
    check_group(
        "/mcp\ngranted\nready\nfound p1 servers web:failed\nbutton m1.r.web 8 500",
        expect![[r#"
            > /mcp
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 Servers
            > found p1 servers web:failed
              journal p1 closed with @1
              answer @1 to #1 silent: "MCP servers:\n✕ web: not connected"
              slot idle
            > button m1.r.web 8 500
              journal p2 closed
              toast "In a group, only an administrator can do this."
        "#]],
    );
}

#[test]
fn servers_that_are_down_are_named() {
    check(
        "prompt hi\ngranted\nready\ninit c1\nservers_down db\nservers_down web mail",
        expect![[r#"
            > prompt hi
              react 👀 #1
              slot wanted
            > granted
              journal p1 started in c1
              launch g1 new c1
              slot busy
              write text p1: hi
            > ready
            > init c1
              remember c1
            > servers_down db
              notice @1 silent: "⚠ Claude works without the MCP server db. /mcp shows why."
            > servers_down web mail
              notice @2 silent: "⚠ Claude works without the MCP servers web, mail. /mcp shows why."
        "#]],
    );
}

#[test]
fn in_a_group_only_an_administrator_takes_back_what_was_allowed() {
    check_group(
        "/permissions\ngranted\nready\nfound p1 rules session\nbutton p1.b 8 500",
        expect![[r#"
            > /permissions
              slot wanted
            > granted
              launch g1 new c1
            > ready
              write ask p1 Rules
            > found p1 rules session
              journal p1 closed with @1
              answer @1 to #1 silent: "What runs without asking (✓), asks (?) or never runs (✕) here:\n✓ Bash(session *) · allowed here\n📁 /else · allowed here"
              slot idle
            > button p1.b 8 500
              journal p2 closed
              toast "In a group, only an administrator can do this."
        "#]],
    );
}
