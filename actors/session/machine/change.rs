//! What changes around a session: who may come in, the configuration, the chat's id.

use crate::clock::Time;
use crate::ids::{SessionKey, UserId};
use crate::session::effect::Effect;
use crate::session::settings::SessionSettings;
use crate::session::texts;
use crate::session::turn::StopReason;
use crate::session::{Memory, Revoke};

use super::{Fresh, Machine, Phase, Room};

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
        let dropped = before - self.queue.len();
        if dropped > 0 {
            self.tell(texts::dropped_of_revoked(dropped), fresh, out);
        }
        if let Phase::Live(live) = &mut self.phase
            && let Some(turn) = live.turn.as_mut().filter(|turn| turn.prompt.author == user)
        {
            turn.kill(StopReason::Revoked, now);
            out.push(Effect::KillAgent);
        }
        self.give_up_waiting_for_nothing(out);
    }

    fn give_up_waiting_for_nothing(&mut self, out: &mut Vec<Effect>) {
        if matches!(self.phase, Phase::Waiting { .. }) && self.queue.is_empty() {
            self.phase = Phase::Asleep;
            out.push(Effect::Slot(
                crate::session_supervisor::SlotChange::Withdrawn,
            ));
        }
    }

    /// Takes over the configuration: limits hold at once, the rest with the next agent. A running
    /// agent goes when its turn is over.
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
            if live.room == Room::Enough {
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
        self.forget_messages_of_requests();
        out.push(Effect::Remember(self.record.clone()));
    }
}
