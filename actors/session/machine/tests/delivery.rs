//! The promise of delivery, over thousands of random histories: prompts, commands, crashes of the
//! bridge and of agents and time, against a small model of the journal, of Claude and of its files.

mod claude;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use proptest::prelude::*;

use self::claude::Claude;
use super::support::{CHAT, Player};
use crate::ids::{ConversationId, PromptId, UserId};
use crate::outbox::{Post, PostAction};
use crate::ports::{HostUptime, JournalEntry, Open, OpenPrompt, Stage};
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::{Command, CommandKind, Instruct, Prompt, TakeOver};
use crate::session_supervisor::SlotChange;

#[derive(Debug, Clone, Copy)]
enum Move {
    Prompt,
    /// The agent says its next line.
    AgentSpeaks,
    AgentDies,
    Stop,
    New,
    /// The last message is edited.
    Edit,
    /// The bridge dies when a command is written down and no session has seen it.
    LostStop,
    LostNew,
    LostEdit,
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
        1 => prop_oneof![Just(Move::Stop), Just(Move::New), Just(Move::Edit)],
        1 => prop_oneof![Just(Move::LostStop), Just(Move::LostNew), Just(Move::LostEdit)],
        1 => (0u64..700).prop_map(Move::Time),
        2 => any::<bool>().prop_map(|forgets| Move::Crash { forgets }),
        1 => Just(Move::PowerCut),
        1 => Just(Move::Fault),
    ];
    proptest::collection::vec(one, 1..80)
}

/// The journal, the person and the slot.
#[derive(Default)]
struct World {
    claude: Claude,
    open: Vec<Open>,
    conversation: Option<ConversationId>,
    closed: HashMap<PromptId, u32>,
    offered: HashMap<PromptId, u32>,
    /// Prompts that a session made of something else.
    made: Vec<PromptId>,
    /// What had not been given to an agent when it was to be stopped.
    stopped: HashSet<PromptId>,
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
                Effect::Audit(_)
                | Effect::TakeFiles(_)
                | Effect::Inbox(_)
                | Effect::Spare(_)
                | Effect::ReadPrompts(_)
                | Effect::LookUp(_)
                | Effect::SayUsedUp { .. }
                | Effect::ReleaseFiles(_) => {}
                Effect::Remember(record) => self.conversation = record.conversation,
                Effect::Slot(SlotChange::Wanted) => self.waits = true,
                Effect::Slot(SlotChange::Withdrawn) => self.waits = false,
                Effect::Slot(SlotChange::Released) => self.holds_slot = false,
                Effect::Slot(SlotChange::Busy | SlotChange::Idle) => {}
                Effect::Post(post) => self.show(&post),
                Effect::Fetch { .. }
                | Effect::Listen { .. }
                | Effect::StopListening { .. }
                | Effect::Sign(_)
                | Effect::Finish => {}
            }
        }
    }

    fn write(&mut self, entry: &JournalEntry) {
        for prompt in &entry.accepted {
            self.made.push(prompt.id.clone());
            let made = accepted(prompt);
            match self.open.iter_mut().find(|it| *it.id() == prompt.id) {
                Some(open) => *open = made,
                None => self.open.push(made),
            }
        }
        for open in &mut self.open {
            let Open::Prompt(open) = open else { continue };
            let id = &open.prompt.id;
            open.replays += u32::from(entry.replayed.contains(id));
            if let Some((_, stage)) = entry.stages.iter().rfind(|(of, _)| of == id) {
                if matches!(stage, Stage::NotBegun { .. } | Stage::Interrupted { .. }) {
                    *self.offered.entry(id.clone()).or_default() += 1;
                    assert!(!entry.posts.is_empty(), "an offer without a word");
                }
                open.stage = stage.clone();
                open.host = HostUptime::Unbroken;
            }
        }
        for id in &entry.closed {
            *self.closed.entry(id.clone()).or_default() += 1;
            let is_prompt = |it: &Open| matches!(it, Open::Prompt(open) if open.prompt.id == *id);
            let is_told = !entry.posts.is_empty() || !self.open.iter().any(is_prompt);
            // A replaced prompt goes on as another one.
            assert!(
                is_told || !entry.accepted.is_empty(),
                "an outcome without a word"
            );
        }
        self.open.retain(|open| !entry.closed.contains(open.id()));
    }

    /// Writes an instruction down, as the router does.
    fn accept(&mut self, instruction: &Instruct) {
        match instruction {
            Instruct::Prompt(prompt) | Instruct::Reply { prompt, .. } => {
                self.open.push(accepted(prompt));
            }
            Instruct::Command(Command {
                kind: CommandKind::Stop | CommandKind::NewConversation { .. },
                ..
            }) => {
                let waiting = self.open.iter().filter_map(waiting);
                self.stopped.extend(waiting.cloned());
                self.open.push(Open::Instruction(instruction.clone()));
            }
            Instruct::Replace(_)
            | Instruct::Command(_)
            | Instruct::Press(_)
            | Instruct::StopDraft(_)
            | Instruct::Rate(_) => {
                self.open.push(Open::Instruction(instruction.clone()));
            }
        }
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

/// Whether a session saw an instruction before the bridge died.
#[derive(Clone, Copy)]
enum Fate {
    Taken,
    Lost,
}

fn accepted(prompt: &Prompt) -> Open {
    Open::Prompt(OpenPrompt {
        prompt: prompt.clone(),
        stage: Stage::Accepted,
        host: HostUptime::Unbroken,
        replays: 0,
    })
}

/// Returns the prompt if no agent was given it.
fn waiting(open: &Open) -> Option<&PromptId> {
    match open {
        Open::Prompt(open) => (open.stage == Stage::Accepted).then_some(&open.prompt.id),
        Open::Instruction(_) => None,
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
                }
                self.instruct(event, Fate::Taken);
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
            Move::Stop => self.command("/stop", Fate::Taken),
            Move::New => self.command("/new and go on", Fate::Taken),
            Move::Edit => self.edit(Fate::Taken),
            Move::LostStop => self.command("/stop", Fate::Lost),
            Move::LostNew => self.command("/new and go on", Fate::Lost),
            Move::LostEdit => self.edit(Fate::Lost),
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

    fn command(&mut self, line: &str, fate: Fate) {
        let event = self.player.parse(line);
        self.instruct(event, fate);
    }

    fn edit(&mut self, fate: Fate) {
        if let Some(last) = self.sent.last() {
            let line = format!("edit {} do it well", last.message.0);
            self.command(&line, fate);
        }
    }

    fn instruct(&mut self, event: Event, fate: Fate) {
        let Event::Instructed(instruction) = &event else {
            panic!("an instruction");
        };
        self.world.accept(instruction);
        match fate {
            Fate::Taken => self.step(event),
            Fate::Lost => self.crash(false, HostUptime::Unbroken, false),
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
                let Open::Prompt(open) = open else { continue };
                open.host = HostUptime::Restarted;
            }
        }
        let open = world.open.clone();
        self.player.restart(world.conversation.clone());
        let from = match is_fault {
            true => TakeOver::BrokenValue {
                suspects: Vec::new(),
            },
            false => TakeOver::EarlierRun,
        };
        self.step(Event::TakenOver(from, open));
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
        let left = history.world.open.iter().filter(|it| matches!(it, Open::Instruction(_)));
        prop_assert_eq!(left.count(), 0, "an instruction is not carried out");
        let world = &history.world;
        for prompt in history.sent.iter().map(|it| &it.id).chain(&world.made) {
            let count = |of: &HashMap<PromptId, u32>| of.get(prompt).copied().unwrap_or(0);
            let (ran, closed) = (count(&world.claude.executed), count(&world.closed));
            let offered = count(&world.offered);
            prop_assert!(ran <= 1, "{:?} ran {ran} times", prompt);
            let is_stopped = world.stopped.contains(prompt);
            prop_assert!(ran == 0 || !is_stopped, "{:?} ran after all", prompt);
            prop_assert!(closed + offered >= 1, "{:?} has no outcome", prompt);
            prop_assert!(closed <= 1 && offered <= 1, "{:?} has more than one", prompt);
        }
    }
}
