//! The promise of delivery, over thousands of random histories: prompts, crashes of the bridge and
//! of agents, stops and time, against a small model of the journal, of Claude and of its files.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use proptest::prelude::*;

use super::support::{CHAT, Player};
use crate::ids::{ConversationId, PromptId, UserId};
use crate::outbox::{Post, PostAction};
use crate::ports::{AgentInput, Conversation, HostUptime, JournalEntry, OpenPrompt, Stage};
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::{Instruct, Prompt};
use crate::session_supervisor::SlotChange;

#[derive(Debug, Clone, Copy)]
enum Move {
    Prompt,
    /// The agent says its next line.
    AgentSpeaks,
    AgentDies,
    Stop,
    Time(u64),
    /// The bridge dies; Claude may not have written down what it took last.
    Crash {
        forgets: bool,
    },
    /// As a crash, and the host with it.
    PowerCut,
    Fault,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => Just(Move::Prompt),
        12 => Just(Move::AgentSpeaks),
        1 => Just(Move::AgentDies),
        1 => Just(Move::Stop),
        1 => (0u64..700).prop_map(Move::Time),
        2 => any::<bool>().prop_map(|forgets| Move::Crash { forgets }),
        1 => Just(Move::PowerCut),
        1 => Just(Move::Fault),
    ];
    proptest::collection::vec(one, 1..80)
}

/// Claude: what its files know, and what the running process will say.
#[derive(Default)]
struct Claude {
    conversations: HashMap<ConversationId, Vec<PromptId>>,
    open: Option<ConversationId>,
    lines: VecDeque<String>,
    is_alive: bool,
    /// How often each prompt ran a tool.
    executed: HashMap<PromptId, u32>,
    running: Option<PromptId>,
}

impl Claude {
    fn launch(&mut self, conversation: &Conversation) {
        self.is_alive = true;
        self.lines.clear();
        let refusal = match conversation {
            Conversation::New(id) if self.conversations.contains_key(id) => Some("taken"),
            Conversation::Resume(id) if !self.conversations.contains_key(id) => Some("unknown"),
            Conversation::New(id) | Conversation::Resume(id) => {
                self.open = Some(id.clone());
                None
            }
        };
        match refusal {
            Some(refusal) => self
                .lines
                .extend([refusal.to_owned(), "exit code 1".to_owned()]),
            None => self.lines.push_back("ready".to_owned()),
        }
    }

    fn read(&mut self, input: &AgentInput) {
        let refuses = self.lines.iter().any(|line| line.starts_with("exit"));
        match input {
            AgentInput::Prompt { id, .. } if !refuses => self.take(id),
            AgentInput::Interrupt if self.running.is_some() => {
                self.lines.clear();
                self.lines
                    .extend(["interrupted".to_owned(), "idle".to_owned()]);
            }
            AgentInput::Close => self.lines.push_back("exit code 0".to_owned()),
            AgentInput::Prompt { .. }
            | AgentInput::Interrupt
            | AgentInput::Set { .. }
            | AgentInput::StopTask(_)
            | AgentInput::Permission { .. } => {}
        }
    }

    fn take(&mut self, id: &PromptId) {
        let open = self.open.clone().expect("a conversation");
        let taken = self.conversations.entry(open.clone()).or_default();
        self.lines.push_back(format!("took {}", id.0));
        self.lines.push_back("running".to_owned());
        if !taken.contains(id) {
            taken.push(id.clone());
            let work = [
                format!("init {}", open.0),
                "attempt".to_owned(),
                "tool Bash make".to_owned(),
            ];
            self.lines.extend(work);
            self.lines.push_back(format!("answered {}", id.0));
        }
        self.lines.push_back("idle".to_owned());
    }

    fn die(&mut self) {
        self.is_alive = false;
        self.lines.clear();
        self.running = None;
    }
}

/// The journal, the person and the slot.
#[derive(Default)]
struct World {
    claude: Claude,
    open: Vec<OpenPrompt>,
    conversation: Option<ConversationId>,
    closed: HashMap<PromptId, u32>,
    offered: HashMap<PromptId, u32>,
    told: HashSet<i64>,
    waits: bool,
    holds_slot: bool,
}

impl World {
    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Journal(entry) => self.write(&entry),
                Effect::Launch(order) => self.claude.launch(&order.conversation),
                Effect::Write(input) => self.claude.read(&input),
                Effect::KillAgent | Effect::SignalInterrupt => {
                    self.claude.lines.clear();
                    self.claude.lines.push_back("exit signal 9".to_owned());
                }
                Effect::ForgetAgent => self.claude.die(),
                Effect::Audit(_) => {}
                Effect::Remember(record) => self.conversation = record.conversation,
                Effect::Slot(SlotChange::Wanted) => self.waits = true,
                Effect::Slot(SlotChange::Withdrawn) => self.waits = false,
                Effect::Slot(SlotChange::Released) => self.holds_slot = false,
                Effect::Slot(SlotChange::Busy | SlotChange::Idle) => {}
                Effect::Post(post) => self.show(&post),
                Effect::Sign(_) | Effect::Finish => {}
            }
        }
    }

    fn write(&mut self, entry: &JournalEntry) {
        for open in &mut self.open {
            let id = &open.prompt.id;
            open.replays += u32::from(entry.replayed.contains(id));
            if let Some((_, stage)) = entry.stages.iter().rfind(|(of, _)| of == id) {
                if matches!(stage, Stage::Interrupted { .. }) {
                    *self.offered.entry(id.clone()).or_default() += 1;
                    assert!(!entry.posts.is_empty(), "an offer without a word");
                }
                open.stage = stage.clone();
                open.host = HostUptime::Unbroken;
            }
        }
        for id in &entry.closed {
            *self.closed.entry(id.clone()).or_default() += 1;
            assert!(!entry.posts.is_empty(), "an outcome without a word");
        }
        self.open
            .retain(|open| !entry.closed.contains(&open.prompt.id));
    }

    fn show(&mut self, post: &Post) {
        if let PostAction::Send {
            reply_to: Some(message),
            ..
        } = &post.action
        {
            self.told.insert(message.0);
        }
    }

    fn next_line(&mut self) -> Option<String> {
        let line = self.claude.lines.pop_front()?;
        match line.split_once(' ') {
            Some(("took", id)) => self.claude.running = Some(PromptId(id.to_owned())),
            Some(("tool", _)) => {
                let running = self.claude.running.clone().expect("a prompt");
                *self.claude.executed.entry(running).or_default() += 1;
            }
            Some(("answered", _)) => self.claude.running = None,
            Some(_) | None => {}
        }
        Some(line)
    }
}

/// The person, the world and the session between them.
struct History {
    player: Player,
    world: World,
    sent: Vec<Prompt>,
}

impl History {
    fn step(&mut self, event: Event) {
        let effects = self.player.step(event);
        self.world.perform(effects);
        self.grant();
    }

    /// There is always a slot.
    fn grant(&mut self) {
        if self.world.waits {
            self.world.waits = false;
            self.world.holds_slot = true;
            let granted = self.player.parse("granted");
            let effects = self.player.step(granted);
            self.world.perform(effects);
        }
    }

    fn speak(&mut self) -> bool {
        let Some(line) = self.world.next_line() else {
            return false;
        };
        let event = self.player.parse(&line);
        self.step(event);
        true
    }

    fn make(&mut self, next: Move) {
        match next {
            Move::Prompt => {
                let event = self.player.prompt(UserId(CHAT.0), "do it");
                if let Event::Instructed(Instruct::Prompt(prompt)) = &event {
                    self.sent.push(prompt.clone());
                    self.world.open.push(OpenPrompt {
                        prompt: prompt.clone(),
                        stage: Stage::Accepted,
                        host: HostUptime::Unbroken,
                        replays: 0,
                    });
                }
                self.step(event);
            }
            Move::AgentSpeaks => drop(self.speak()),
            Move::AgentDies if self.world.claude.is_alive => {
                self.world.claude.lines.clear();
                self.world
                    .claude
                    .lines
                    .push_back("exit signal 9".to_owned());
                self.speak();
            }
            Move::AgentDies => {}
            Move::Stop => {
                let stop = self.player.parse("/stop");
                self.step(stop);
            }
            Move::Time(seconds) => {
                let effects = self.player.pass(Duration::from_secs(seconds));
                self.world.perform(effects);
                self.grant();
            }
            Move::Crash { forgets } => self.crash(forgets, HostUptime::Unbroken, false),
            Move::PowerCut => self.crash(true, HostUptime::Restarted, false),
            Move::Fault => self.crash(false, HostUptime::Unbroken, true),
        }
    }

    fn crash(&mut self, forgets: bool, host: HostUptime, is_fault: bool) {
        let world = &mut self.world;
        if let (true, Some(running)) = (forgets, world.claude.running.take()) {
            for taken in world.claude.conversations.values_mut() {
                taken.retain(|id| *id != running);
            }
        }
        world.claude.die();
        world.waits = false;
        world.holds_slot = false;
        if host == HostUptime::Restarted {
            world.claude.conversations.clear();
            for open in &mut world.open {
                open.host = HostUptime::Restarted;
            }
        }
        let open = world.open.clone();
        self.player.restart(world.conversation.clone());
        self.step(match is_fault {
            true => Event::Rebuilt(open),
            false => Event::Resumed(open),
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn every_prompt_runs_at_most_once_and_has_exactly_one_outcome(moves in moves()) {
        let world = World::default();
        let mut history = History { player: Player::new(None), world, sent: Vec::new() };
        for next in moves {
            history.make(next);
        }
        // Left alone, everything comes to its end.
        for _ in 0..200 {
            while history.speak() {}
            history.make(Move::Time(60));
        }
        for prompt in &history.sent {
            let world = &history.world;
            let count = |of: &HashMap<PromptId, u32>| of.get(&prompt.id).copied().unwrap_or(0);
            let (ran, closed) = (count(&world.claude.executed), count(&world.closed));
            let offered = count(&world.offered);
            prop_assert!(ran <= 1, "{:?} ran {ran} times", prompt.id);
            prop_assert!(closed + offered >= 1, "{:?} has no outcome", prompt.id);
            prop_assert!(closed <= 1 && offered <= 1, "{:?} has more than one", prompt.id);
        }
    }
}
