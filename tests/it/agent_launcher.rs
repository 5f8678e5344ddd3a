//! What a session hears from the launcher, and what it may rely on.

use std::time::{Duration, Instant};

use bridge::rehearsal::NOTICE;
use bridge_actors::agent_event::{Activity, AgentEvent, ExitStatus, StartFault, TurnOutcome};
use bridge_actors::ids::{ConversationId, PromptId};
use bridge_actors::permission_request::Ask;
use bridge_actors::ports::Agent;
use bridge_actors::ports::{
    AgentInput, AgentLauncher, Conversation, PermissionDecision, PromptForm,
};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::agent_home::{CONVERSATION, Home};
use crate::support::agent_tree::{containments, living, wait_for, wait_until_none_lives};
use crate::support::listener::{Reports, listener};

#[actix::test]
async fn a_prompt_is_answered_and_close_ends_the_agent() {
    let home = Home::new();
    let (agent, mut reports) = home.launch();
    agent.write(prompt("p1", "hello"));
    let ready = reports
        .until(|event| matches!(event, AgentEvent::Ready { .. }))
        .await;
    let AgentEvent::Ready { commands, .. } = ready else {
        unreachable!("just matched")
    };
    assert_eq!(commands, ["compact", "context", "cost"]);
    let text = answer(&mut reports).await;
    assert!(text.contains("> hello") && text.ends_with(NOTICE), "{text}");
    reports
        .until(|event| *event == AgentEvent::Activity(Activity::Idle))
        .await;
    agent.write(AgentInput::Close);
    let (_, exit) = reports.exit().await;
    assert_eq!(
        (exit.status, exit.stderr.as_str()),
        (ExitStatus::Code(0), "")
    );
}

#[actix::test]
async fn the_end_is_reported_once_and_last_and_with_its_generation() {
    let home = Home::new();
    let (agent, mut reports) = home.launch();
    agent.write(prompt("p1", "rehearse: say a ;; crash 7"));
    let (before, exit) = reports.exit().await;
    assert_eq!(exit.status, ExitStatus::Code(7));
    assert!(
        before
            .iter()
            .any(|event| matches!(event, AgentEvent::Said { .. }))
    );
    agent.write(prompt("p2", "nobody is there"));
    agent.kill();
    drop(agent);
    wait_until_none_lives(home.path());
    assert_eq!(reports.rest(), []);
}

#[actix::test]
async fn an_agent_that_kills_itself_is_reported_as_killed() {
    let home = Home::new();
    let (agent, mut reports) = home.launch();
    agent.write(prompt("p1", "rehearse: kill"));
    assert_eq!(reports.exit().await.1.status, ExitStatus::Signal(9));
}

#[actix::test]
async fn a_dropped_handle_ends_the_agent_with_its_tools_before_the_end_is_reported() {
    for containment in containments() {
        let mut home = Home::new();
        home.containment = containment;
        let (agent, mut reports) = home.launch();
        agent.write(prompt(
            "p1",
            "rehearse: bash setsid sleep 300 & touch started; sleep 300",
        ));
        let_run(&*agent, &mut reports).await;
        wait_for("the start of the tool", || {
            home.path().join("work/started").exists()
        });
        drop(agent);
        let (_, exit) = reports.exit().await;
        assert_eq!(exit.status, ExitStatus::Signal(9));
        assert_eq!(living(home.path()), [""; 0]);
    }
}

#[actix::test]
async fn a_guard_that_is_killed_leaves_nothing_when_the_end_is_reported() {
    for containment in containments() {
        let mut home = Home::new();
        home.containment = containment;
        let (agent, mut reports) = home.launch();
        agent.write(prompt(
            "p1",
            "rehearse: bash setsid sleep 300 & touch started; sleep 300",
        ));
        let_run(&*agent, &mut reports).await;
        wait_for("the start of the tool", || {
            home.path().join("work/started").exists()
        });
        let guard = living(home.path())
            .into_iter()
            .find(|line| line.contains(" bridge guard "));
        let pid = guard.and_then(|line| line.split(' ').next()?.parse().ok());
        kill(Pid::from_raw(pid.expect("a guard")), Signal::SIGKILL).expect("the guard lives");
        assert_eq!(reports.exit().await.1.status, ExitStatus::Signal(9));
        wait_until_none_lives(home.path());
    }
}

#[actix::test]
async fn kill_ends_a_stubborn_agent_within_two_seconds() {
    let home = Home::new();
    let (agent, mut reports) = home.launch();
    agent.write(prompt("p1", "rehearse: stubborn ;; say here ;; silence"));
    reports
        .until(|event| matches!(event, AgentEvent::Said { .. }))
        .await;
    agent.write(AgentInput::Interrupt);
    agent.signal_interrupt();
    let started = Instant::now();
    agent.kill();
    reports.exit().await;
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[actix::test]
async fn a_kill_at_any_moment_of_a_start_ends_the_agent_within_two_seconds() {
    for containment in containments() {
        let mut home = Home::new();
        home.containment = containment;
        // A start takes some milliseconds, most of them until the guard waits for signals.
        for pause in (0..100).map(|step| step * Duration::from_micros(50)) {
            let (agent, mut reports) = home.launch();
            std::thread::sleep(pause);
            let started = Instant::now();
            agent.kill();
            reports.exit().await;
            assert!(
                started.elapsed() < Duration::from_secs(2),
                "{containment:?}, {pause:?} after the launch"
            );
        }
        wait_until_none_lives(home.path());
    }
}

#[actix::test]
async fn an_interrupt_stops_the_turn_and_keeps_the_agent() {
    let home = Home::new();
    let (agent, mut reports) = home.launch();
    agent.write(prompt("p1", "rehearse: slow 10000 5"));
    reports
        .until(|event| matches!(event, AgentEvent::TextDelta(_)))
        .await;
    agent.write(AgentInput::Interrupt);
    assert_eq!(turn_end(&mut reports).await, TurnOutcome::Interrupted);
    agent.write(prompt("p2", "rehearse: say still here"));
    assert!(answer(&mut reports).await.starts_with("still here"));
}

#[actix::test]
async fn sigint_stops_the_turn_and_the_agent() {
    let home = Home::new();
    let (agent, mut reports) = home.launch();
    agent.write(prompt("p1", "rehearse: bash sleep 300"));
    reports
        .until(|event| matches!(event, AgentEvent::ToolStarted { .. }))
        .await;
    agent.signal_interrupt();
    assert_eq!(turn_end(&mut reports).await, TurnOutcome::Interrupted);
    assert_eq!(reports.exit().await.1.status, ExitStatus::Code(0));
}

#[actix::test]
async fn a_permission_question_comes_and_its_answer_goes_back() {
    let home = Home::new();
    let (agent, mut reports) = home.launch();
    agent.write(prompt("p1", "rehearse: ask Bash rm -rf build"));
    let_run(&*agent, &mut reports).await;
    let asked = reports
        .until(|event| matches!(event, AgentEvent::PermissionAsked(_)))
        .await;
    let AgentEvent::PermissionAsked(asked) = asked else {
        unreachable!("just matched")
    };
    let Ask::Run(run) = &asked.ask else {
        panic!("a tool asks");
    };
    assert_eq!(
        (asked.tool.as_str(), run.detail.as_str()),
        ("Bash", "rm -rf build")
    );
    let request = asked.id;
    let decision = PermissionDecision::Deny {
        message: "not today".to_owned(),
    };
    agent.write(AgentInput::Permission { request, decision });
    assert!(answer(&mut reports).await.contains("was denied: not today"));
}

#[actix::test]
async fn a_prompt_id_runs_once_over_a_crash_and_a_resume() {
    let home = Home::new();
    let (agent, mut reports) = home.launch();
    agent.write(prompt("p1", "rehearse: crash 1"));
    reports.exit().await;
    let order = home.order(Conversation::Resume(ConversationId(
        CONVERSATION.to_owned(),
    )));
    let (recipient, mut reports) = listener(Duration::ZERO);
    let resumed = home.launcher().launch(order, recipient);
    resumed.write(prompt("p1", "rehearse: crash 1"));
    resumed.write(prompt("p2", "rehearse: say second"));
    assert!(answer(&mut reports).await.starts_with("second"));
    let ledger = std::fs::read_to_string(home.path().join("ledger")).expect("written");
    assert_eq!(
        ledger
            .lines()
            .filter(|line| line.contains(r#""uuid":"p1""#))
            .count(),
        1
    );
    assert_eq!(ledger.lines().count(), 2);
    drop(agent);
}

#[actix::test]
async fn an_unknown_conversation_and_a_taken_id_are_told() {
    let home = Home::new();
    let conversation = || ConversationId(CONVERSATION.to_owned());
    let (recipient, mut reports) = listener(Duration::ZERO);
    let order = home.order(Conversation::Resume(conversation()));
    let agent = home.launcher().launch(order, recipient);
    let (before, exit) = reports.exit().await;
    assert!(
        before.contains(&AgentEvent::ConversationUnknown),
        "{before:?}"
    );
    assert_eq!(exit.status, ExitStatus::Code(1));
    drop(agent);

    let (agent, mut reports) = home.launch();
    agent.write(prompt("p1", "hello"));
    answer(&mut reports).await;
    drop(agent);
    let (_agent, mut reports) = home.launch();
    let (before, exit) = reports.exit().await;
    assert!(
        before.contains(&AgentEvent::ConversationTaken),
        "{before:?}"
    );
    assert!(exit.stderr.contains("is already in use"));
}

#[actix::test]
async fn garbage_is_survived_and_a_line_beyond_the_limit_is_a_sign_of_life() {
    let home = Home::new();
    let (agent, mut reports) = home.launch();
    agent.write(prompt("p1", "rehearse: garbage"));
    assert!(answer(&mut reports).await.starts_with("some of my lines"));
    agent.write(prompt("p2", "rehearse: bigline 17000000"));
    reports.until(|event| *event == AgentEvent::Heartbeat).await;
    assert!(answer(&mut reports).await.contains("17000000 bytes"));
}

#[actix::test]
async fn a_slow_session_slows_the_agent_and_loses_nothing() {
    let home = Home::new();
    let (recipient, mut reports) = listener(Duration::from_micros(100));
    let order = home.order(Conversation::New(ConversationId(CONVERSATION.to_owned())));
    let agent = home.launcher().launch(order, recipient);
    agent.write(prompt("p1", "rehearse: slow 2000 0 ;; exit"));
    let (before, exit) = reports.exit().await;
    let n_pieces = before
        .iter()
        .filter(|event| matches!(event, AgentEvent::TextDelta(text) if text.starts_with("piece")))
        .count();
    assert_eq!((n_pieces, exit.status), (2000, ExitStatus::Code(0)));
}

#[actix::test]
async fn background_work_ends_in_a_turn_of_its_own_before_idle() {
    let home = Home::new();
    let (agent, mut reports) = home.launch();
    agent.write(prompt("p1", "rehearse: background 20"));
    assert!(answer(&mut reports).await.starts_with("started"));
    assert!(
        answer(&mut reports)
            .await
            .starts_with("what ran in the background")
    );
    reports
        .until(|event| *event == AgentEvent::Activity(Activity::Idle))
        .await;
}

#[actix::test]
async fn what_it_wrote_to_stderr_comes_with_the_end() {
    let home = Home::new().with("REHEARSAL_START", "fail:no \u{1b}[1mlicence");
    let (_agent, mut reports) = home.launch();
    let (_, exit) = reports.exit().await;
    assert_eq!(
        (exit.status, exit.stderr.as_str()),
        (ExitStatus::Code(1), "no [1mlicence")
    );
}

#[actix::test]
async fn an_agent_that_hangs_at_its_start_can_be_ended() {
    let home = Home::new().with("REHEARSAL_START", "hang");
    let (agent, mut reports) = home.launch();
    // Far more than a pipe holds: neither the writer nor the session may wait for ever.
    agent.write(prompt("p1", &"x".repeat(1_000_000)));
    agent.kill();
    assert!(matches!(
        reports.exit().await.1.status,
        ExitStatus::Signal(_)
    ));
    wait_until_none_lives(home.path());
}

#[actix::test]
async fn a_missing_program_is_reported_as_missing() {
    let mut home = Home::new();
    home.options.program = vec!["no-such-claude".into()];
    let (_agent, mut reports) = home.launch();
    let (before, exit) = reports.exit().await;
    let program = "no-such-claude".to_owned();
    assert_eq!(before, []);
    assert_eq!(
        exit.status,
        ExitStatus::NotStarted(StartFault::NotFound { program })
    );
}

#[actix::test]
async fn a_program_that_is_no_program_is_reported_as_not_started() {
    let mut home = Home::new();
    let program = home.path().join("claude");
    std::fs::write(&program, "#!/no/such/interpreter\n").expect("written");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&program, mode).expect("owned by us");
    home.options.program = vec![program.into()];
    let (_agent, mut reports) = home.launch();
    match reports.exit().await.1.status {
        ExitStatus::NotStarted(StartFault::Refused { reason }) => {
            assert!(reason.contains("claude`: "), "{reason}");
        }
        status @ (ExitStatus::NotStarted(_) | ExitStatus::Code(_) | ExitStatus::Signal(_)) => {
            panic!("{status:?}")
        }
    }
}

fn prompt(id: &str, text: &str) -> AgentInput {
    let id = PromptId(id.to_owned());
    AgentInput::Prompt {
        id,
        text: text.to_owned(),
        form: PromptForm::Text,
        pictures: Vec::new(),
    }
}

/// Lets the tool run that waits for a word of the bridge.
async fn let_run(agent: &dyn Agent, reports: &mut Reports) {
    let waits = reports
        .until(|event| matches!(event, AgentEvent::ToolWaits { .. }))
        .await;
    let AgentEvent::ToolWaits { request } = waits else {
        unreachable!("just matched")
    };
    agent.write(AgentInput::LetRun { request });
}

async fn answer(reports: &mut Reports) -> String {
    let outcome = turn_end(reports).await;
    let TurnOutcome::Answered { text } = outcome else {
        panic!("no answer: {outcome:?}")
    };
    text
}

async fn turn_end(reports: &mut Reports) -> TurnOutcome {
    let event = reports
        .until(|event| matches!(event, AgentEvent::TurnEnded(_)))
        .await;
    let AgentEvent::TurnEnded(end) = event else {
        unreachable!("just matched")
    };
    end.outcome
}
