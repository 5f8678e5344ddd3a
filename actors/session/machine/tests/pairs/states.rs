//! The states of the table: a name each, and the shortest script that leads there.
//!
//! `@name` at the beginning of a script is the script of that state. Words in capitals are filled
//! in by [`Chat`](super::chat::Chat).

/// Names and scripts.
pub(super) const STATES: &[(&str, &str)] = &[
    // Without an agent.
    ("asleep", ""),
    ("asleep, knows", "@idle|exit code 0"),
    ("asleep, shows all", "/verbose 2"),
    ("asleep, shows a card", "/verbose 1"),
    (
        "asleep, elsewhere",
        "@asleep, knows|configure folder /other",
    ),
    ("asleep, restarted, offer", "@turn, tool|resumed"),
    ("asleep, offer", "@turn, tool|exit code 1 boom"),
    ("asleep, file", "photo x"),
    ("asleep, file without words", "album"),
    ("asleep, asked for words", "album|+2"),
    ("asleep, album", "album x|album"),
    ("asleep, file not had", "photo x|fetched p1 unreachable"),
    ("asleep, voice", "configure voice on|voice"),
    ("asleep, listening", "@asleep, voice|fetched p1"),
    ("asleep, heard", "@asleep, listening|heard p1 words"),
    ("asleep, not heard", "@asleep, listening|heard p1 !failed"),
    (
        "asleep, is this right",
        "configure voice confirm|voice|fetched p1|heard p1 words|shown TRANSCRIPT 504",
    ),
    (
        "asleep, voice left as file",
        "configure voice off|voice|fetched p1",
    ),
    ("asleep, recording", "configure voice on|audio"),
    (
        "idle, turns used up",
        "configure turns 1|prompt x|granted|ready|answered y|idle|prompt z",
    ),
    ("asleep, turns used up", "@idle, turns used up|exit code 0"),
    ("asleep, offers", "@turn, steered both|exit signal 9"),
    ("asleep, held", "piece x|forward of 8 y"),
    ("waiting", "prompt x"),
    ("waiting, passed on", "prompt x|forward y"),
    ("waiting, knows", "@asleep, knows|prompt y"),
    ("waiting, told", "prompt x|delayed 1"),
    ("waiting, command", "prompt /compact"),
    ("waiting, typo", "prompt /stpo"),
    ("waiting, two", "prompt x|prompt_of 8 y"),
    ("waiting, notice", "@turn, attempt|prompt y|exit code 1"),
    ("waiting, begun earlier", "@opening fresh|resumed"),
    ("waiting, knows, begun earlier", "@opening resumed|resumed"),
    ("waiting, offer and notice", "@turn, queue|exit code 1"),
    // An agent begins.
    ("opening fresh", "@waiting|granted"),
    ("opening fresh, passed on", "@opening fresh|forward y"),
    ("opening fresh, told", "@waiting, told|granted"),
    ("opening fresh, command", "@waiting, command|granted"),
    (
        "opening fresh, nothing left",
        "@opening fresh, command|/stop",
    ),
    (
        "opening fresh, room wanted",
        "@opening fresh, nothing left|yield",
    ),
    (
        "opening fresh, begun earlier",
        "@opening fresh|rebuilt|exit signal 9|granted",
    ),
    ("opening resumed", "@waiting, knows|granted"),
    (
        "opening resumed, command",
        "@asleep, knows|prompt /compact|granted",
    ),
    ("opening, stale", "@opening resumed|/trust admin"),
    ("opening, stopped", "@opening fresh|/stop"),
    ("refused, unknown", "@opening resumed|unknown"),
    ("refused, taken", "@opening fresh|taken"),
    (
        "refused, nothing left",
        "@opening fresh, nothing left|taken",
    ),
    ("refused, stopped", "@refused, unknown|/stop"),
    (
        "refused, after a handshake",
        "@turn, resumed, steered|unknown",
    ),
    // Between turns.
    ("idle", "@turn, begun|answered done|idle"),
    ("idle, silent", "@turn, written|answered done"),
    ("idle, picker", "@idle|/model"),
    ("idle, unused", "@opening fresh, nothing left|ready compact"),
    ("idle, asked", "@idle|/context"),
    (
        "idle, asked twice, room wanted",
        "@idle, asked|/btw why|yield",
    ),
    (
        "idle, logs in",
        "@idle|/login admin|found p2 page https://a.example",
    ),
    ("idle, logs in, code", "@idle, logs in|/code"),
    ("waiting to ask", "@asleep, knows|/context"),
    ("opening to ask", "@waiting to ask|granted"),
    ("refused to ask", "@opening to ask|unknown"),
    (
        "idle, looks back",
        "@turn, begun|tool Edit a.rs|answered done",
    ),
    ("turn, asked", "@turn, begun|/btw why"),
    ("idle, timer", "@idle|timer t1 60"),
    ("idle, wakeup, slot wanted", "@idle|wakes 90|yield"),
    ("asleep, timer", "@idle, timer|exit code 0"),
    ("waiting, timer", "@asleep, timer|next"),
    ("opening, timer", "@waiting, timer|granted"),
    ("idle, timer is due", "@opening, timer|ready compact"),
    ("settling", "@turn, begun|answered done"),
    ("background", "@idle|running|+2"),
    ("background, task", "@background|task b1|/tasks"),
    (
        "background, asks",
        "@background|asks Bash ls|shown POST 500",
    ),
    ("background, waits for us", "@background|waits"),
    ("background, room wanted", "@background|yield"),
    (
        "background, stale, queue",
        "@background|/trust admin|prompt y",
    ),
    ("idle, held", "@idle|piece x|cut x"),
    // In a turn.
    ("turn, written", "@opening fresh|ready compact"),
    ("turn, resumed", "@opening resumed|ready compact"),
    ("turn, taken", "@turn, written|took RUNNING"),
    ("turn, begun", "@turn, taken|init c1|running"),
    ("turn, attempt", "@turn, begun|attempt"),
    ("turn, text", "@turn, attempt|delta words on their way"),
    ("turn, said", "@turn, text|said words on their way"),
    ("turn, tool", "@turn, attempt|tool Bash make"),
    ("turn, retried", "@turn, begun|retrying 3"),
    ("turn, folded", "@turn, written|said one|background two"),
    ("turn, folded, taken", "@turn, folded|took RUNNING"),
    ("turn, of another", "prompt_of 8 x|granted|ready|attempt"),
    (
        "turn, card",
        "@asleep, shows all|prompt x|granted|ready|attempt|delta words|+3",
    ),
    (
        "turn, draft",
        "@asleep, shows all|/draft on|prompt x|granted|ready|attempt|delta words|+3",
    ),
    ("turn, draft stopped", "@turn, draft|stop_draft n1"),
    ("turn, draft refused", "@turn, draft|refuse_draft n1"),
    ("turn, card and tool", "@turn, card|tool Bash make|+1"),
    (
        "turn, card known",
        "@asleep, shows a card|prompt x|granted|ready|attempt|delta words|+3|shown 2 400|said one|tool Bash make|said two",
    ),
    (
        "turn, card known, nothing after",
        "@turn, card known|tool Bash ls|delta cut",
    ),
    (
        "turn, said and tool",
        "@turn, said|tool Bash make|said after it",
    ),
    ("turn, held", "@turn, attempt|+1|piece y|forward of 8 z"),
    ("turn, passed on", "@turn, attempt|forward y"),
    ("turn, file passed on", "@turn, attempt|forward_photo y"),
    ("turn, queue", "@turn, attempt|prompt y|prompt_of 8 z"),
    ("turn, file", "@turn, attempt|photo y|prompt z"),
    (
        "turn, listening",
        "configure voice on|@turn, attempt|voice|fetched p2|prompt z",
    ),
    ("turn, queue full", "@turn, queue|prompt /compact"),
    ("turn, instead", "@turn, attempt|prompt !rather this"),
    ("turn, room wanted", "@turn, begun|yield"),
    ("turn, room wanted, queue", "@turn, queue|yield"),
    ("turn, stale", "@turn, begun|/trust admin"),
    ("turn, stale, queue", "@turn, queue|/trust admin"),
    ("turn, configured", "@turn, queue|configure folder /other"),
    ("turn, moved", "@turn, queue|moved -8"),
    ("turn, offer", "@asleep, offer|prompt y|granted|ready"),
    (
        "turn, decided offer",
        "@asleep, offer|press c NONCE 7|granted|ready|attempt",
    ),
    ("turn, steered", "@turn, attempt|prompt y|wish n NONCE 7"),
    (
        "turn, steered of another",
        "@turn, attempt|prompt_of 8 y|wish n NONCE 8",
    ),
    ("turn, steered taken", "@turn, steered|took LAST"),
    (
        "turn, steered both",
        "@turn, steered taken|prompt z|wish n NONCE 7",
    ),
    ("turn, steered, card", "@turn, card|prompt y|wish n NONCE 7"),
    (
        "turn, resumed, steered",
        "@turn, resumed|prompt z|wish n NONCE 7",
    ),
    ("turn, steered, stale", "@turn, steered|/trust admin"),
    ("turn, follow-up", "@turn, steered|answered done"),
    // In a turn that asks.
    ("asks, unseen", "@turn, attempt|asks Bash ls"),
    ("asks", "@asks, unseen|shown POST 500|waits"),
    (
        "asks, rules",
        "@turn, attempt|asks Bash ls + Bash(ls *)|shown POST 500",
    ),
    (
        "asks, question",
        "@turn, attempt|questions Which? a / b|shown POST 500",
    ),
    (
        "asks, second question",
        "@turn, attempt|questions A? a / b; B? * c / d|answer o0 NONCE 7",
    ),
    ("asks, marked", "@asks, second question|answer o1 NONCE 7"),
    (
        "asks, plan",
        "@turn, attempt|/mode plan|plan do it|shown POST 500",
    ),
    (
        "asks, form",
        "@turn, attempt|form Who?: ~name text = Ada; tags many red blue|shown POST 500",
    ),
    (
        "asks, form ticked",
        "@asks, form|answer v NONCE 7|answer o1 NONCE 7",
    ),
    ("asks, form filled", "@asks, form ticked|answer d NONCE 7"),
    (
        "asks, page",
        "@turn, attempt|form Sign in: page https://a.example|shown POST 500",
    ),
    ("asks, two", "@asks|asks r2 Bash make|shown POST 501"),
    ("asks, queue", "@turn, queue|asks Bash ls|shown POST 500"),
    ("asks, card", "@turn, card|asks Bash ls|shown POST 500"),
    ("asks, crowd", CROWD),
    // In a turn that is to end.
    ("stopping", "@turn, attempt|/stop"),
    ("stopping, held", "@stopping|piece y"),
    ("stopping, queue", "@stopping|prompt y"),
    ("stopping, asks", "@asks|/stop"),
    ("stopping, card", "@turn, card|stop x NONCE 7"),
    ("stopping, silence", "@turn, tool|+600"),
    ("stopping, steered taken", "@turn, steered taken|/stop"),
    ("signalled", "@stopping|+5"),
    ("killed", "@signalled|+3"),
    ("killed, queue", "@stopping, queue|/stop|prompt z"),
    ("killed, steered", "@turn, steered|/stop"),
    ("killed, revoked", "@turn, of another|revoke 8"),
    ("killed, asks", "@stopping, asks|+8"),
    // An agent goes.
    ("leaving closed", "@idle|yield"),
    ("leaving closed, held", "@leaving closed|piece y"),
    ("leaving closed, queue", "@leaving closed|prompt y"),
    ("leaving killed", "@leaving closed|+5"),
    ("leaving killed, new", "@turn, steered both|/new"),
    ("leaving killed, queue", "@leaving killed, new|prompt y"),
    ("leaving, set aside", "@turn, resumed|answered"),
    ("leaving, never began", "@opening fresh|+60"),
    // The bridge stops.
    ("ending", "@turn, attempt|shutdown 60"),
    ("ending, held", "@turn, held|shutdown 60"),
    ("ending, opening", "@opening fresh|shutdown 60"),
    ("ending, queue", "@turn, queue|shutdown 60"),
    ("ending, steered", "@turn, steered|shutdown 60"),
    ("ending, resumed", "@turn, resumed|shutdown 60"),
    ("ending, refused", "@refused, unknown|shutdown 60"),
    ("ending, asks", "@asks|shutdown 60"),
    ("ending, card", "@turn, card|shutdown 60"),
    ("ending, stopping", "@stopping, queue|shutdown 60"),
    ("ending, leaving", "@idle|shutdown 60"),
    ("ending, leaving killed", "@turn, attempt|shutdown"),
    // The bridge is locked down.
    ("locked down, turn", "@turn, attempt|lockdown"),
    ("locked down, queue", "@turn, queue|lockdown"),
    ("locked down, leaving", "@leaving closed, queue|lockdown"),
    ("locked down, ending", "@ending, asks|lockdown"),
];

const CROWD: &str = "@turn, attempt|asks r1 Bash 1|asks r2 Bash 2|asks r3 Bash 3|asks r4 Bash 4\
    |asks r5 Bash 5|asks r6 Bash 6|asks r7 Bash 7|asks r8 Bash 8|asks ra Bash 9|asks rb Bash 10\
    |asks rc Bash 11|asks rd Bash 12|asks re Bash 13|asks rf Bash 14|asks rg Bash 15\
    |asks rh Bash 16";

/// Returns the lines of a state's script, of those that it begins with as well.
pub(super) fn script_of(script: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    for line in script.split('|').filter(|line| !line.is_empty()) {
        match line.strip_prefix('@') {
            Some(name) => {
                let (_, script) = (STATES.iter())
                    .find(|(known, _)| *known == name)
                    .expect("a state that a script begins with");
                lines.extend(script_of(script));
            }
            None => lines.push(line),
        }
    }
    lines
}
