//! Plays lines on a machine and its world, and holds every step against the rules.

use std::time::Duration;

use bridge_texts::recorded::Said;

use super::rules::{self, kind_and_nonce};
use super::states::script_of;
use super::words::{self, Before};
use super::world::{Checked, Slot, World};
use crate::agent_event::AgentEvent;
use crate::clock::Time;
use crate::ids::{ChatId, Generation, SessionKey, UserId};
use crate::ports::{AgentInput, Open};
use crate::session::agent::{Life, Room, Voice};
use crate::session::effect::Effect;
use crate::session::event::Event;
use crate::session::machine::Machine;
use crate::session::machine::tests::claims;
use crate::session::machine::tests::support::{CHAT, Player, record};
use crate::session::{Instruct, Press, TakeOver};

/// What an agent may still say whose session broke, before it ends.
const LATE_WORDS: [&str; 5] = [
    "ready compact",
    "attempt",
    "asks r9 Bash rm",
    "answered text",
    "idle",
];

pub(super) struct Chat {
    pub(super) player: Player,
    pub(super) world: World,
    /// Prompts that the person knows to run when the bridge is back.
    pub(super) told_to_wait: usize,
    lines: Vec<String>,
    /// The messages of the catalogue that were said in the last line, where somebody wants to know.
    pub(super) said: Option<Vec<Said>>,
}

impl Chat {
    /// Plays the script of a state in a chat that has this id.
    pub(super) fn in_state(id: ChatId, script: &str) -> Result<Self, String> {
        let key = SessionKey::of_chat(id);
        let mut player = Player::new(None);
        player.rebuild(key, record(None));
        let mut chat = Self {
            player,
            world: World::new(key, record(None)),
            told_to_wait: 0,
            lines: Vec::new(),
            said: None,
        };
        for line in script_of(script) {
            if !chat.play(line)? {
                return Err(format!("{line} cannot happen"));
            }
        }
        chat.lines.clear();
        Ok(chat)
    }

    pub(super) fn machine(&self) -> &Machine {
        &self.player.machine
    }

    /// Returns when the machine wants to be stepped again.
    pub(super) fn next_deadline(&self) -> Option<Time> {
        self.machine().next_deadline().map(|deadline| deadline.at)
    }

    /// Returns all that is known of the machine.
    pub(super) fn state(&self) -> String {
        format!("{:?} {:?}", self.machine(), self.player.now)
    }

    /// Returns what was played since the state was reached.
    pub(super) fn lines(&self) -> String {
        self.lines.join(", ")
    }

    /// Plays a line; tells whether it can happen here.
    pub(super) fn play(&mut self, line: &str) -> Result<bool, String> {
        self.said.iter_mut().for_each(Vec::clear);
        if self.world.has_finished {
            return Ok(false);
        }
        if let Some(seconds) = line.strip_prefix('+') {
            self.pass(seconds.parse().expect("seconds"))?;
            return Ok(true);
        }
        let Some(line) = self.filled_in(line) else {
            return Ok(false);
        };
        self.lines.push(line.clone());
        if line == "next" {
            return self.go_to_the_next_deadline(Duration::ZERO);
        }
        if line == "deadline" {
            self.step(Event::DeadlineReached)?;
            return Ok(true);
        }
        if line == "resumed" || line == "rebuilt" {
            self.break_down(&line)?;
            return Ok(true);
        }
        self.foresee(&line);
        let event = self.player.parse(&line);
        self.step(event)?;
        Ok(true)
    }

    /// Plays a line; tells whether it changes anything.
    pub(super) fn changes_by(&mut self, line: &str) -> Result<bool, String> {
        let before = self.state();
        self.play(line)?;
        Ok(self.state() != before)
    }

    /// Tells an agent's words under another number, and checks that they change nothing.
    pub(super) fn hear_late(&mut self, line: &str, generation: Generation) -> Checked {
        let Some(line) = self.filled_in(line) else {
            return Ok(());
        };
        let before = self.state();
        let Event::Agent(_, event) = self.player.parse(&line) else {
            return Err("no words of an agent".to_owned());
        };
        let effects = self.player.step(Event::Agent(generation, event));
        match effects.is_empty() && self.state() == before {
            true => Ok(()),
            false => Err(format!("listens to an agent that is gone: {line}")),
        }
    }

    /// Lets time pass, with a step at every deadline in between.
    fn pass(&mut self, seconds: u64) -> Checked {
        let end = self.player.now + Duration::from_secs(seconds);
        while self.next_deadline().is_some_and(|deadline| deadline <= end) {
            self.go_to_the_next_deadline(Duration::ZERO)?;
        }
        self.player.now = end;
        Ok(())
    }

    /// Goes to the next deadline, and so much further as the timer is late.
    pub(super) fn go_to_the_next_deadline(&mut self, late: Duration) -> Result<bool, String> {
        let Some(deadline) = self.next_deadline() else {
            return Ok(false);
        };
        self.player.now = self.player.now.max(deadline + late);
        self.step(Event::DeadlineReached)?;
        let next = self.next_deadline();
        if next.is_some_and(|next| next <= self.player.now) {
            return Err("wants to be stepped at the same time again".to_owned());
        }
        Ok(true)
    }

    /// Breaks the machine's value, or the bridge, and goes on with what is stored.
    fn break_down(&mut self, line: &str) -> Checked {
        let is_rebuilt = line == "rebuilt";
        let dying = (is_rebuilt && self.world.has_agent).then(|| self.player.generation());
        let open = match dying {
            Some(_) => self.world.break_value(),
            None => self.world.break_down(),
        };
        let open = open.into_iter().map(Open::Prompt).collect();
        let record = self.world.record.clone();
        self.player.rebuild(self.world.key, record);
        if let Some(dying) = dying {
            self.player.machine.outlived_by(dying, self.player.now);
        }
        let from = match line {
            "rebuilt" => TakeOver::BrokenValue {
                suspects: Vec::new(),
            },
            _ => TakeOver::EarlierRun,
        };
        self.step(Event::TakenOver(from, open))?;
        // Whatever it still says while it dies belongs to nothing.
        match dying {
            Some(dying) => LATE_WORDS
                .iter()
                .try_for_each(|it| self.hear_late(it, dying)),
            None => Ok(()),
        }
    }

    fn step(&mut self, event: Event) -> Checked {
        let mut before = Before::of(self.machine());
        let machine = self.machine();
        let is_idle_tick = event == Event::DeadlineReached
            && self
                .next_deadline()
                .is_none_or(|deadline| deadline > self.player.now);
        let is_stale =
            matches!(machine.agent.life(), Life::Live(live) if live.room() == Room::Stale);
        let owner = press_of(&event).and_then(|press| owner_of(machine, press));
        self.prepare(&event, &mut before);
        let effects = self.player.step(event.clone());
        let made = std::mem::take(&mut self.player.said);
        claims::check(self.machine(), &made, &effects)?;
        if let Some(said) = &mut self.said {
            said.extend(claims::shown(made, &effects));
        }
        if words::tells_of_an_empty_resume(&effects) {
            self.world.has_read_nothing();
        }
        self.world
            .note_enquiries(self.player.machine.enquiries.waiting());
        self.world.perform(&effects)?;
        self.told_to_wait += words::told_to_wait(&effects);
        words::check_answers(&event, &effects)?;
        words::check_closed(&before, &event, &effects)?;
        if let Some(press) = press_of(&event) {
            words::check_say(press, owner, &effects)?;
        }
        if is_idle_tick && !effects.is_empty() {
            return Err("does something before its time".to_owned());
        }
        let launches = effects.iter().any(|it| matches!(it, Effect::Launch(_)));
        if is_stale && !launches && effects.iter().any(is_prompt) {
            return Err("lets a stale agent begin a prompt".to_owned());
        }
        if let Event::Revoked(revoke) = &event {
            check_revoked(self.machine(), revoke.user)?;
        }
        rules::check(self.machine(), &self.world, self.player.now)
    }

    /// Does what happens around a machine before it hears of an event.
    fn prepare(&mut self, event: &Event, before: &mut Before) {
        if let Event::Instructed(instruction) = event {
            self.world.accept_instruction(instruction);
            if let Some(message) = instruction.message() {
                before.with_message(instruction.id(), message);
            }
        }
        if let Event::TakenOver(TakeOver::OtherSession, open) = event {
            for open in open {
                match open {
                    Open::Prompt(open) => {
                        self.world.accept(&open.prompt);
                        before.with_message(&open.prompt.id, open.prompt.message);
                    }
                    Open::Instruction(it) => self.world.accept_instruction(it),
                }
            }
        }
        before.with_instructions(&self.world.instructions);
        if let Event::Moved(key) = event {
            self.world.key = *key;
        }
        if let Event::Revoked(revoke) = event
            && self.world.key.chat.0 == revoke.user.0
        {
            // They are told nothing more.
            self.world.unposted.clear();
        }
        if let Event::Agent(generation, AgentEvent::Said { text, .. }) = event
            && self.machine().agent.voice(*generation) == Voice::Live
        {
            self.world.unposted.push(text.clone());
        }
    }

    /// Notes what a line means to the world, beside what the machine makes of it.
    fn foresee(&mut self, line: &str) {
        let is_private = self.world.key.chat == CHAT;
        match line {
            "granted" => {
                self.world.waits = false;
                if self.world.slot == Slot::None {
                    self.world.slot = Slot::Starting;
                }
            }
            "unknown" | "taken" if matches!(self.machine().agent.life(), Life::Live(_)) => {
                self.world.has_read_nothing();
            }
            "/new" => self.world.is_set_aside = true,
            "remove 7" | "erase 7" if is_private => self.world.is_set_aside = true,
            _ => {}
        }
    }
}

fn press_of(event: &Event) -> Option<&Press> {
    if let Event::Instructed(Instruct::Press(press)) = event {
        Some(press)
    } else {
        None
    }
}

/// Returns whose button it is, if it is an open one of somebody.
fn owner_of(machine: &Machine, press: &Press) -> Option<UserId> {
    let (kind, nonce) = kind_and_nonce(&press.data);
    match (kind, machine.agent.life()) {
        ("a1", Life::Live(_)) => {
            let asked = machine
                .requests
                .open()
                .iter()
                .find(|asked| asked.nonce == nonce)?;
            asked.asker
        }
        ("t1", _) => {
            let prompt = machine.prompts.offered_under(nonce)?;
            Some(prompt.author)
        }
        ("q1", _) => {
            let mut waiting = machine.prompts.waiting();
            let prompt = waiting.find(|it| it.message.0.to_string() == nonce)?;
            Some(prompt.author)
        }
        _ => None,
    }
}

fn is_prompt(effect: &Effect) -> bool {
    matches!(effect, Effect::Write(AgentInput::Prompt { .. }))
}

/// Nothing of somebody who may no longer come in waits, or runs on.
fn check_revoked(machine: &Machine, user: UserId) -> Checked {
    let waits = machine
        .prompts
        .waiting()
        .chain(machine.gathering.pieces())
        .any(|prompt| prompt.author == user);
    let is_offered = machine.prompts.offered().any(|it| it.author == user);
    let runs = machine.turn.as_ref().is_some_and(|turn| {
        let is_theirs = turn.prompt().author == user || turn.goes_on_with(user);
        is_theirs && !turn.is_killed()
    });
    match waits || is_offered || runs {
        true => Err("works for somebody who may no longer come in".to_owned()),
        false => Ok(()),
    }
}
