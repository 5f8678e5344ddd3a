//! How many calls to Telegram a turn costs, from its message to its answer, on a paused clock.

use std::time::Duration;

use expect_test::expect;

use super::people::{Bridge, Manner, answered, ready};
use super::support::book;
use crate::agent_event::{Activity, AgentEvent};
use crate::ids::{ChatId, ConversationId};
use crate::outbox::{Perform, Sign};

/// How long after one another the words of the model come.
const GAP: Duration = Duration::from_millis(100);

/// How many words it says before it uses a tool.
const WORDS: u32 = 50;

/// What the model does in a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// It speaks and uses tools all the time.
    Talkative,
    /// It says nothing before its answer.
    Silent,
}

#[actix::test]
async fn a_turn_makes_ever_fewer_calls_the_longer_it_takes() {
    tokio::time::pause();
    let mut counts = String::new();
    for (turn, seconds) in [
        (Turn::Talkative, 1),
        (Turn::Talkative, 10),
        (Turn::Talkative, 60),
        (Turn::Talkative, 3600),
        (Turn::Silent, 1),
        (Turn::Silent, 10),
        (Turn::Silent, 60),
    ] {
        let calls = play(turn, Duration::from_secs(seconds)).await;
        counts.push_str(&format!("{turn:?} for {seconds} s: {calls}\n"));
    }
    expect![[r#"
        Talkative for 1 s: reactions 1, typing 0, messages 2, edits 1: 4 calls
        Talkative for 10 s: reactions 1, typing 0, messages 2, edits 10: 13 calls
        Talkative for 60 s: reactions 1, typing 0, messages 2, edits 31: 34 calls
        Talkative for 3600 s: reactions 1, typing 0, messages 2, edits 388: 391 calls
        Silent for 1 s: reactions 1, typing 1, messages 1, edits 0: 3 calls
        Silent for 10 s: reactions 1, typing 1, messages 2, edits 9: 13 calls
        Silent for 60 s: reactions 1, typing 1, messages 2, edits 29: 33 calls
    "#]]
    .assert_eq(&counts);
}

/// Lets a turn last so long and returns the calls that it made.
async fn play(turn: Turn, length: Duration) -> String {
    let bridge = Bridge::start(1, book(""), Manner::Puppet);
    bridge.prompt(1, 1, "work").await;
    let agent = loop {
        bridge.pass(Duration::from_millis(1)).await;
        if let [agent] = bridge.book.open().alive(ChatId(1))[..] {
            break agent;
        }
    };
    let say = |event| bridge.book.open().say(agent, event);
    say(ready());
    say(AgentEvent::TurnStarted {
        conversation: ConversationId("c1".to_owned()),
        commands: Vec::new(),
    });
    let pieces = u32::try_from(length.as_millis() / GAP.as_millis()).unwrap();
    for piece in 0..pieces {
        match turn {
            Turn::Talkative => speak(piece).into_iter().for_each(&say),
            Turn::Silent => {}
        }
        bridge.pass(GAP).await;
    }
    say(answered("done"));
    say(AgentEvent::Activity(Activity::Idle));
    bridge.pass(GAP).await;
    bridge.flush().await;
    counted(&bridge)
}

/// Returns what the model says with one piece of its words.
fn speak(piece: u32) -> Vec<AgentEvent> {
    let mut said = vec![AgentEvent::TextDelta(format!("word {piece} "))];
    if piece.is_multiple_of(WORDS) {
        said.insert(0, AgentEvent::AttemptStarted);
    }
    if piece % WORDS == WORDS - 1 {
        said.push(AgentEvent::ToolStarted {
            tool: "Bash".to_owned(),
            target: format!("command {piece}"),
        });
    }
    said
}

fn counted(bridge: &Bridge) -> String {
    let ledger = bridge.book.open();
    let calls: Vec<_> = ledger.calls.iter().map(|(_, call)| call).collect();
    let n_of = |is_it: fn(&Perform) -> bool| calls.iter().filter(|call| is_it(call)).count();
    format!(
        "reactions {}, typing {}, messages {}, edits {}: {} calls",
        n_of(|call| matches!(call, Perform::Sign(Sign::React { .. }))),
        n_of(|call| matches!(call, Perform::Sign(Sign::Typing { .. }))),
        n_of(|call| matches!(call, Perform::Send { .. })),
        n_of(|call| matches!(call, Perform::Edit { .. })),
        calls.len(),
    )
}
