//! What changes around a session: who may come in, the configuration, the chat's id.

use crate::clock::Time;
use crate::ids::{SessionKey, UserId};
use crate::ports::AgentSettings;
use crate::session::agent_event::Activity;
use crate::session::effect::Effect;
use crate::session::settings::SessionSettings;
use crate::session::texts;
use crate::session::turn::{Steered, StopReason, Turn};
use crate::session::{Memory, Revoke};

use super::{Fresh, LeavingStage, Live, Machine, Phase, Room};

impl Machine {
    /// Ends what runs or waits for a person who may no longer come in.
    pub(super) fn on_revoked(
        &mut self,
        revoke: Revoke,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        if self.key.chat.0 != revoke.user.0 {
            self.revoke_in_group(revoke.user, now, fresh, out);
            return;
        }
        let dropped = self.queue.len();
        self.queue.clear();
        self.offers.clear();
        let was_running = self.leave_at_once(now, out);
        if revoke.memory == Memory::Forgotten {
            self.remember(None, out);
        }
        if let Some(text) = texts::revoked(was_running, dropped) {
            self.tell(text, fresh, out);
        }
    }

    /// In a group the others' prompts stay.
    fn revoke_in_group(
        &mut self,
        user: UserId,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let before = self.queue.len();
        self.queue.retain(|prompt| prompt.author != user);
        self.offers.retain(|offer| offer.prompt.author != user);
        let mut dropped = before - self.queue.len();
        if let Some(turn) = self
            .running_turn()
            .filter(|turn| turn.prompt.author == user)
        {
            turn.kill(StopReason::Revoked, now);
            out.push(Effect::KillAgent);
        } else {
            dropped += self.end_before_their_turn(user, now, fresh, out);
            self.end_their_background(user, now, fresh, out);
        }
        if dropped > 0 {
            self.tell(texts::dropped_of_revoked(dropped), fresh, out);
        }
        self.give_up_waiting_for_nothing(out);
    }

    /// Ends an agent that would go on with what a person sent to the turn of another: there is no
    /// way to take it back. Returns how much that was.
    fn end_before_their_turn(
        &mut self,
        user: UserId,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) -> usize {
        let Phase::Live(Live { turn, .. }) = &mut self.phase else {
            return 0;
        };
        let is_next = |it: &Steered| !it.is_taken && it.prompt.author == user;
        let is_to_end =
            |turn: &mut Box<Turn>| !turn.is_killed() && turn.steered.iter().any(is_next);
        let Some(mut turn) = turn.take_if(is_to_end) else {
            return 0;
        };
        let before = turn.steered.len();
        turn.steered.retain(|steered| !is_next(steered));
        let dropped = before - turn.steered.len();
        self.cut_short(*turn, texts::ended_for_another(), fresh, out);
        self.leave(LeavingStage::Killed, now, out);
        dropped
    }

    /// Ends an agent that goes on by itself with what a person wanted last.
    fn end_their_background(
        &mut self,
        user: UserId,
        now: Time,
        fresh: &mut Fresh<'_>,
        out: &mut Vec<Effect>,
    ) {
        let Phase::Live(live) = &self.phase else {
            return;
        };
        let goes_on = live.activity != Activity::Idle || !live.tasks.is_empty();
        let is_theirs = live.asker == Some(user) && live.turn.is_none();
        if is_theirs && (goes_on || !live.asked.is_empty()) {
            self.leave(LeavingStage::Killed, now, out);
            self.tell(texts::ended_with_its_person(), fresh, out);
        }
    }

    pub(super) fn give_up_waiting_for_nothing(&mut self, out: &mut Vec<Effect>) {
        if matches!(self.phase, Phase::Waiting { .. }) && self.queue.is_empty() {
            self.phase = Phase::Asleep;
            out.push(Effect::Slot(
                crate::session_supervisor::SlotChange::Withdrawn,
            ));
        }
    }

    /// Takes over the configuration: limits hold at once, the rest with the next agent. A running
    /// agent goes when its turn is over, and takes no further one if what may run has changed.
    pub(super) fn on_configured(
        &mut self,
        settings: SessionSettings,
        now: Time,
        out: &mut Vec<Effect>,
    ) {
        self.policy = settings.policy;
        let before = std::mem::replace(&mut self.settings, settings);
        let SessionSettings {
            policy: _,
            folder,
            agent,
            epoch,
        } = &self.settings;
        if (folder, agent, epoch) == (&before.folder, &before.agent, &before.epoch) {
            return;
        }
        if let Phase::Live(live) = &mut self.phase {
            // What may run is not asked of an agent that was started with other rules.
            let limits = |it: &AgentSettings| {
                let lists = (it.allowed_tools.clone(), it.disallowed_tools.clone());
                (it.permission_mode.clone(), lists)
            };
            if limits(agent) != limits(&before.agent) || *folder != before.folder {
                live.room = Room::Stale;
            } else if live.room == Room::Enough {
                live.room = Room::Wanted;
            }
            self.make_room(now, out);
        }
    }

    /// A conversation lives in the folder it was begun in: in another one begins a new one.
    pub(super) fn go_to_the_folder(&mut self, out: &mut Vec<Effect>) {
        if self.record.folder != self.settings.folder {
            let record = Self::record_for(Some(self.record.clone()), &self.settings.folder);
            self.record = record;
            out.push(Effect::Remember(self.record.clone()));
        }
    }

    /// Follows the chat to its new id; folder and settings stay.
    ///
    /// The supervisor moved what was stored, and may have done so before a conversation began
    /// here: what holds is stored under the new id in any case.
    pub(super) fn on_moved(&mut self, key: SessionKey, out: &mut Vec<Effect>) {
        self.record.home.get_or_insert(self.key.chat);
        self.key = key;
        self.forget_messages();
        out.push(Effect::Remember(self.record.clone()));
    }
}
