//! How far connections of a room reach: through the relay alone, or to some ports alone.

use std::io::Write as _;
use std::net::TcpListener;
use std::thread;

use bridge::claude::guard::{Containment, Level, Network, Remote, holds_ports};

use super::place::{Layout, Place, Who};

/// A server on a port of its own, which says hello to whoever connects.
fn server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            stream.and_then(|mut it| it.write_all(b"hello\n")).ok();
        }
    });
    port
}

/// Connects and says what is heard.
fn asks(name: &str, host: &str, port: u16) -> String {
    format!(
        "heard=$( (exec 3<>/dev/tcp/{host}/{port} && head -n 1 <&3) 2>/dev/null); \
         echo \"{name}: ${{heard:-nothing}}\"\n"
    )
}

fn run(
    place: &Place,
    level: Level,
    containment: Containment,
    network: Network,
    script: &str,
) -> String {
    let mut view = place.view(level);
    view.network = network;
    place.run_in(Some(&view), containment, script)
}

#[test]
fn a_room_alone_reaches_the_one_host_through_the_relay_and_nothing_else() {
    let (api, other) = (server(), server());
    let remote = Remote::of_api(Some(&format!("http://localhost:{api}"))).expect("an address");
    for who in Who::all() {
        let place = Place::new(who, Layout::DataBeside);
        let Some(containment) = place.namespace() else {
            continue;
        };
        let script = asks("api", "127.0.0.1", api)
            + &asks("api again", "localhost", api)
            + &asks("other", "127.0.0.1", other)
            + "echo devices: $(tail -qn +3 /proc/[0-9]*/net/dev | cut -d: -f1 | sort -u)\n"
            + "kill -9 $(pgrep -f guard-relay) 2>/dev/null; cat /proc/[0-9]*/environ \
               >/dev/null 2>&1; ls -l /proc/2/fd /proc/2/ns >/dev/null 2>&1 && echo seen\n";
        let alone = Network::Alone(Some(remote.clone()));
        let said = run(&place, Level::Strict, containment, alone, &script);
        let expected = "api: hello\napi again: hello\nother: nothing\ndevices: lo\n";
        assert_eq!(said, expected, "{who:?}");
        let said = run(
            &place,
            Level::Strict,
            containment,
            Network::Alone(None),
            &script,
        );
        assert!(
            said.starts_with("api: nothing\napi again: nothing\nother: nothing\n"),
            "{said}"
        );
        // The control: what is open reaches both.
        let said = run(&place, Level::Strict, containment, Network::Open, &script);
        assert!(
            said.starts_with("api: hello\napi again: hello\nother: hello\n"),
            "{said}"
        );
    }
}

#[test]
fn the_host_of_a_room_alone_has_its_name_there() {
    let remote = Remote::of_api(Some("https://gateway.example:8443")).expect("an address");
    for who in Who::all() {
        let place = Place::new(who, Layout::DataBeside);
        let Some(containment) = place.namespace() else {
            continue;
        };
        let alone = Network::Alone(Some(remote.clone()));
        let script = "getent ahosts gateway.example | cut -d' ' -f1 | sort -u; \
                      (echo x >> /etc/hosts) 2>/dev/null && echo changed";
        let said = run(&place, Level::Strict, containment, alone, script);
        assert_eq!(said, "127.0.0.1\n", "{who:?}");
    }
}

#[test]
fn nothing_of_a_room_alone_outlives_its_guard() {
    let remote = Remote::of_api(Some("https://gateway.example")).expect("an address");
    for who in Who::all() {
        let place = Place::new(who, Layout::DataBeside);
        let Some(containment) = place.namespace() else {
            continue;
        };
        let mut view = place.view(Level::Strict);
        view.network = Network::Alone(Some(remote.clone()));
        let mut guarded = place.start_in(Some(&view), containment, "echo ready; sleep 294");
        assert_eq!(guarded.line(), "ready");
        guarded.kill();
        crate::support::agent_tree::wait_until_none_lives(place.root());
    }
}

#[test]
fn where_ports_are_named_no_other_is_reached() {
    if !holds_ports() {
        super::place::skipped("ports", "this kernel's Landlock has no rules for them");
        return;
    }
    let (named, other) = (server(), server());
    for who in Who::all() {
        for level in [Level::Strict, Level::Landlock] {
            let mut place = Place::new(who, Layout::DataBeside);
            if level == Level::Landlock {
                place = place.without_user();
            }
            let Some(containment) = place.namespace() else {
                continue;
            };
            let script = asks("named", "127.0.0.1", named) + &asks("other", "127.0.0.1", other);
            let ports = Network::Ports(vec![named, 443]);
            let said = run(&place, level, containment, ports, &script);
            assert_eq!(said, "named: hello\nother: nothing\n", "{who:?} {level:?}");
        }
    }
}

/// What cannot be held is refused rather than left out.
#[test]
fn a_network_of_its_own_is_refused_where_landlock_alone_is_the_wall() {
    for who in Who::all() {
        let place = Place::new(who, Layout::DataBeside).without_user();
        if !place.has_landlock() {
            return;
        }
        let containments = [place.namespace(), Some(Containment::Tree)];
        for containment in containments.into_iter().flatten() {
            let alone = Network::Alone(None);
            let said = run(&place, Level::Landlock, containment, alone, "echo started");
            assert!(
                said.contains("needs a room of its own"),
                "{who:?} {containment:?}: {said}"
            );
        }
    }
}

/// Connects in a way that Landlock does not see, and says so if it comes through.
fn tries(name: &str, how: &str, port: u16) -> String {
    format!(
        "python3 -c 'import socket\ntry:\n  {how}\n  print(\"{name}: reached\")\nexcept OSError as e: \
         print(\"{name}: refused\")'\n"
    )
    .replace("PORT", &port.to_string())
}

#[test]
fn where_ports_are_named_no_other_way_by_tcp_leads_past_them() {
    if !holds_ports() {
        super::place::skipped("ports", "this kernel's Landlock has no rules for them");
        return;
    }
    let other = server();
    let multipath = "socket.socket(2, 1, 262).connect((\"127.0.0.1\", PORT))";
    let fast = "socket.socket(2, 1).sendto(b\"x\", 0x20000000, (\"127.0.0.1\", PORT))";
    let message = "socket.socket(2, 1).sendmsg([b\"x\"], [], 0x20000000, (\"127.0.0.1\", PORT))";
    let later = "s = socket.socket(2, 1); s.setsockopt(6, 30, 1); \
                 s.connect((\"127.0.0.1\", PORT)); s.send(b\"x\"); s.recv(1)";
    let ways = [
        ("multipath", multipath),
        ("fast open", fast),
        ("fast open of a message", message),
        ("fast open at the first write", later),
    ];
    let script: String = ways.map(|(name, how)| tries(name, how, other)).concat();
    for who in Who::all() {
        for level in [Level::Strict, Level::Landlock] {
            let mut place = Place::new(who, Layout::DataBeside);
            if level == Level::Landlock {
                place = place.without_user();
            }
            let Some(containment) = place.namespace() else {
                continue;
            };
            let ports = Network::Ports(vec![443]);
            let said = run(&place, level, containment, ports, &script);
            assert_eq!(
                said.matches(": refused").count(),
                ways.len(),
                "{who:?} {level:?}: {said}"
            );
            // The control: they are ways.
            let said = run(&place, level, containment, Network::Open, &script);
            assert!(
                said.contains("multipath: reached") || said.contains("fast open: reached"),
                "{said}"
            );
        }
    }
}
