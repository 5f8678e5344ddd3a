//! What holds in every history.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use proptest::prelude::*;

use super::support::{CHAT, Player, record};
use crate::chat_settings::Detail;
use crate::ids::{DraftId, SessionKey};
use crate::outbox::{PostAction, Sign};
use crate::ports::{AgentInput, HostUptime, JournalEntry, Open, OpenPrompt, SessionRecord, Stage};
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::{Instruct, Prompt, TakeOver};
use crate::session_supervisor::SlotChange;

const EVENTS: &[&str] = &[
    "prompt x",
    "prompt x",
    "piece x",
    "cut x",
    "forward x",
    "forward_photo x",
    "prompt /compact",
    "photo x",
    "fetched p1",
    "fetched p2",
    "fetched p2 unreachable",
    "fetched p3 too large",
    "/new",
    "/stop",
    "/status",
    "granted",
    "delayed 1",
    "yield",
    "ready compact",
    "init c1",
    "running",
    "idle",
    "said something",
    "heartbeat",
    "asks Bash ls",
    "retrying 3",
    "unknown",
    "taken",
    "exit code 1",
    "exit signal 9",
    "answered text",
    "interrupted",
    "apierror text",
    "failed text",
    "background text",
    "rebuilt",
    "revoke 7",
    "remove 7",
    "configure queue 1",
    "configure model other",
    "configure folder /other",
    "moved 8",
];

/// What people and Claude say to each other while a turn runs.
const TALK: &[&str] = &[
    "attempt",
    "delta words",
    "took p1",
    "took p2",
    "took p3",
    "asks r2 Bash make + Bash(make *)",
    "questions Which? a / b; What? * c / d",
    "plan do it",
    "withdraws r1",
    "shown 1 500",
    "reply 500 why not",
    "answer y n1 7",
    "answer n n2 7",
    "answer o0 n3 7",
    "answer d n4 7",
    "stop x n1 7",
    "stop x n2 7",
    "prompt !this instead",
    "wish n 2 7",
    "wish n 3 7",
    "wish r 4 7",
    "edit 1 changed",
    "edit 2 changed",
    "task b1",
    "task_ended b1",
    "/tasks",
    "stop_task 0 n1 7",
    "/model opus",
    "/effort low",
    "/mode plan",
    "/trust admin",
    "/trust admin off",
    "/draft on",
    "/draft off",
    "stop_draft n1",
    "stop_draft n2",
    "refuse_draft n1",
    "refuse_draft n2",
];

/// A turn that runs, and one that waits behind it: without it most histories never get so far.
const BEGINNING: &[&str] = &[
    "prompt x",
    "granted",
    "ready compact",
    "attempt",
    "prompt x",
];

/// What the world looks like to whoever performs the effects.
struct World {
    key: SessionKey,
    record: SessionRecord,
    /// Prompts without an outcome.
    open: Vec<(Prompt, Stage)>,
    written: HashMap<String, u32>,
    told: HashSet<i64>,
    /// Prompts that have their outcome.
    closed: HashSet<String>,
    /// Drafts that were shown, the latest last.
    drafts: Vec<DraftId>,
    has_agent: bool,
    holds_slot: bool,
    waits: bool,
}

impl World {
    fn new(record: SessionRecord) -> Self {
        Self {
            key: SessionKey::of_chat(CHAT),
            record,
            open: Vec::new(),
            written: HashMap::new(),
            told: HashSet::new(),
            closed: HashSet::new(),
            drafts: Vec::new(),
            has_agent: false,
            holds_slot: false,
            waits: false,
        }
    }

    /// Takes in what happens around the machine before it hears of an event.
    fn foresee(&mut self, event: &Event) {
        if let Event::Instructed(Instruct::Prompt(prompt) | Instruct::Reply { prompt, .. }) = event
        {
            self.accept(prompt);
        }
        if let Event::Moved(key) = event {
            self.key = *key;
        }
    }

    fn accept(&mut self, prompt: &Prompt) {
        if self.open.iter().all(|(known, _)| known.id != prompt.id) {
            self.open.push((prompt.clone(), Stage::Accepted));
        }
    }

    /// Puts a new machine in the place of one that broke. Its agent, if it has one, keeps its slot
    /// until it is dead.
    fn rebuild(&mut self, player: &mut Player) {
        self.waits = false;
        player.rebuild(self.key, self.record.clone());
        if self.has_agent {
            player.machine.outlived_by(player.generation(), player.now);
        }
        let open = self.open.iter().map(|(prompt, stage)| {
            Open::Prompt(OpenPrompt {
                prompt: prompt.clone(),
                stage: stage.clone(),
                host: HostUptime::Unbroken,
                replays: 0,
            })
        });
        let suspects = Vec::new();
        let from = TakeOver::BrokenValue { suspects };
        let effects = player.step(Event::TakenOver(from, open.collect()));
        self.perform(&effects);
    }

    fn perform(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Launch(_) => {
                    assert!(!self.has_agent, "two agents at once");
                    assert!(self.holds_slot, "an agent without a slot");
                    self.has_agent = true;
                }
                Effect::Write(input) => {
                    assert!(self.has_agent, "a line for nobody");
                    if let AgentInput::Prompt { id, .. } = input {
                        *self.written.entry(id.0.clone()).or_default() += 1;
                    }
                }
                Effect::SignalInterrupt | Effect::KillAgent => {
                    assert!(self.has_agent, "a signal for nobody");
                }
                Effect::ForgetAgent => self.has_agent = false,
                Effect::Audit(_)
                | Effect::TakeFiles(_)
                | Effect::Inbox(_)
                | Effect::Spare(_)
                | Effect::ReadPrompts(_)
                | Effect::LookUp(_)
                | Effect::SayUsedUp { .. }
                | Effect::ReleaseFiles(_) => {}
                Effect::Post(post) => {
                    if let PostAction::Send {
                        reply_to: Some(message),
                        ..
                    } = &post.action
                    {
                        self.told.insert(message.0);
                    }
                }
                Effect::Slot(change) => self.on_slot(*change),
                Effect::Journal(entry) => self.on_entry(entry),
                Effect::Sign(Sign::Draft(draft)) => self.on_draft(draft.id),
                Effect::Remember(record) => self.record = record.clone(),
                Effect::Fetch { .. }
                | Effect::Listen { .. }
                | Effect::StopListening { .. }
                | Effect::Sign(_)
                | Effect::Finish => {}
            }
        }
    }

    fn on_entry(&mut self, entry: &JournalEntry) {
        for id in &entry.closed {
            let is_new = self.closed.insert(id.0.clone());
            assert!(is_new, "{} is closed twice", id.0);
        }
        for prompt in &entry.accepted {
            self.accept(prompt);
        }
        for (id, stage) in &entry.stages {
            assert!(!self.closed.contains(&id.0), "{} is closed already", id.0);
            let known = self.open.iter_mut().find(|(prompt, _)| prompt.id == *id);
            let (_, known) = known.expect("a prompt that was accepted");
            let runs = matches!(stage, Stage::Started { .. });
            let has_begun = matches!(
                known,
                Stage::NotBegun { .. } | Stage::Begun { .. } | Stage::Interrupted { .. }
            );
            assert!(!runs || !has_begun, "{} runs again by itself", id.0);
            known.clone_from(stage);
        }
        self.open
            .retain(|(prompt, _)| !entry.closed.contains(&prompt.id));
    }

    /// A draft belongs to a turn that runs, and none of an earlier turn comes back.
    fn on_draft(&mut self, id: DraftId) {
        let mut written = self.written.keys();
        let is_running = written.any(|prompt| !self.closed.contains(prompt));
        assert!(is_running, "a draft of no turn");
        if self.drafts.last() != Some(&id) {
            assert!(!self.drafts.contains(&id), "a draft came back");
            self.drafts.push(id);
        }
    }

    fn on_slot(&mut self, change: SlotChange) {
        match change {
            SlotChange::Wanted => {
                assert!(!self.holds_slot, "wants a slot while it holds one");
                self.waits = true;
            }
            SlotChange::Withdrawn => self.waits = false,
            SlotChange::Released => self.holds_slot = false,
            SlotChange::Busy | SlotChange::Idle => {
                assert!(self.holds_slot, "works without a slot");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Whatever happens in whatever order: one agent at a time and only with a slot, no line or
    /// signal to an agent that is not there, no prompt written to two agents that may both have
    /// run it, and no hot loop on a deadline.
    #[test]
    fn every_history_keeps_the_rules(
        moves in proptest::collection::vec((0..EVENTS.len() + TALK.len(), 0u64..2_000), 1..80),
        detail in prop::sample::select(vec![Detail::Answer, Detail::Card, Detail::Log]),
        begins in prop::sample::select(vec![0, BEGINNING.len()]),
    ) {
        let mut player = Player::new(None).showing(detail);
        let mut world = World::new(SessionRecord { detail, ..record(None) });
        let mut rebuilds = 0;
        let beginning = BEGINNING[..begins].iter().map(|word| (word, 0));
        let moves = moves.iter().map(|(choice, pause_ms)| {
            let word = EVENTS.iter().chain(TALK).nth(*choice).expect("one of both");
            (word, *pause_ms)
        });
        for (word, pause_ms) in beginning.chain(moves) {
            if *word == "rebuilt" {
                world.rebuild(&mut player);
                rebuilds += 1;
                continue;
            }
            if player.comes_from_agent(word) && !world.has_agent {
                continue;
            }
            if *word == "granted" {
                if !world.waits {
                    continue;
                }
                world.waits = false;
                world.holds_slot = true;
            }
            let event = player.parse(word);
            world.foresee(&event);
            let effects = player.step(event);
            world.perform(&effects);
            world.perform(&player.pass(Duration::from_millis(pause_ms * pause_ms / 100)));
        }
        // A refusal to open the conversation comes before anything is read, so only then may a
        // prompt be written again; or when a machine broke before its agent showed work on it.
        let again = player.refusals + rebuilds;
        for (prompt, times) in &world.written {
            prop_assert!(*times <= 1 + again, "{prompt} was written {times} times");
        }
    }

    /// However a history ends: once the bridge stops and the agent is gone, every prompt that was
    /// taken has been answered with some word about its fate, or is still open in the journal, and
    /// no prompt has two outcomes.
    #[test]
    fn every_prompt_gets_a_word_about_its_fate(
        moves in proptest::collection::vec(0..EVENTS.len(), 1..60),
    ) {
        let mut player = Player::new(None);
        let mut world = World::new(record(None));
        let mut prompts = Vec::new();
        for choice in moves {
            let word = EVENTS[choice];
            // What drops several prompts names their number in one line for all of them.
            let drops = word.starts_with('/') || word.starts_with("re") && word.ends_with(" 7");
            // The word for what belongs together is the word for its first part.
            let joins = ["piece", "cut", "forward"].iter().any(|it| word.starts_with(it));
            let is_excluded = drops || joins || word == "rebuilt" || word == "granted";
            if is_excluded || (player.comes_from_agent(word) && !world.has_agent) {
                continue;
            }
            let event = player.parse(word);
            if word.starts_with("prompt") {
                prompts.push(player.last_message());
            }
            world.foresee(&event);
            world.perform(&player.step(event));
            if world.waits {
                world.waits = false;
                world.holds_slot = true;
                let event = player.parse("granted");
                world.perform(&player.step(event));
            }
        }
        let event = player.parse("shutdown");
        world.perform(&player.step(event));
        if world.has_agent {
            let event = player.parse("exit signal 9");
            world.perform(&player.step(event));
        }
        for message in prompts {
            let is_closed = world.closed.contains(&format!("p{message}"));
            prop_assert!(
                world.told.contains(&message) || !is_closed,
                "message {message} got no word"
            );
        }
    }
}
