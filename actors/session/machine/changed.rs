//! What changes around a session: who may come in, the configuration, the chat's id.

use crate::agent_event::Activity;
use crate::ids::{SessionKey, UserId};
use crate::session::agent::{LeavingStage, Life};
use crate::session::chat::Outdated;
use crate::session::effect::Effect;
use crate::session::policy::VoicePolicy;
use crate::session::settings::SessionSettings;
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{Closing, StopReason, Turn};
use crate::session::{Memory, Revoke};
use crate::session_supervisor::SlotChange;

use super::{Ending, Machine};

impl Machine {
    /// Ends what runs or waits for a person who may no longer come in.
    pub(super) fn on_revoked(&mut self, revoke: Revoke, step: &mut Step<'_>) {
        self.inbox.drop_of(revoke.user);
        self.archive.drop_of(revoke.user);
        self.enquiries.drop_of(revoke.user, step);
        if self.key.chat.0 != revoke.user.0 {
            self.revoke_in_group(revoke.user, step);
            return;
        }
        let dropped = self.drop_all();
        self.chat.let_timers_pass();
        // They are told nothing more.
        if let Some(turn) = &mut self.turn {
            turn.forget_words();
        }
        self.agent.forget_words();
        let was_running = self.leave_at_once(step);
        match revoke.memory {
            Memory::Kept => {}
            Memory::Forgotten => self.chat.remember(None, step),
            Memory::Erased => {
                self.chat.forget_background();
                self.chat.remember(None, step);
                return;
            }
        }
        if let Some(text) = texts::revoked(step.say(), was_running, dropped) {
            step.say_end(text, None);
        }
    }

    /// In a group the others' prompts stay.
    fn revoke_in_group(&mut self, user: UserId, step: &mut Step<'_>) {
        let mut dropped = self.prompts.drop_of(user) + self.gathering.drop_of(user);
        let is_theirs = self.chat.works_for() == Some(user);
        if is_theirs {
            self.chat.let_timers_pass();
        }
        match &mut self.turn {
            Some(turn) if turn.prompt().author == user => turn.kill(StopReason::Revoked, step),
            Some(_) | None => {
                dropped += self.end_before_their_turn(user, step);
                self.end_their_background((user, is_theirs), step);
            }
        }
        if dropped > 0 {
            step.tell(step.say().revoked_dropped(dropped));
        }
        self.give_up_waiting_for_nothing(step);
    }

    /// Ends an agent that would go on with what a person sent to the turn of another: there is no
    /// way to take it back. Returns how much that was.
    fn end_before_their_turn(&mut self, user: UserId, step: &mut Step<'_>) -> usize {
        let is_to_end = |turn: &mut Box<Turn>| !turn.is_killed() && turn.goes_on_with(user);
        let Some(mut turn) = self.turn.take_if(is_to_end) else {
            return 0;
        };
        let dropped = turn.drop_untaken_of(user);
        self.cut_short(*turn, &step.say().revoked_another(), step);
        self.leave(LeavingStage::Killed, step);
        dropped
    }

    /// Ends an agent that goes on by itself with what a person wanted last, or had begun in the
    /// background; when the turn of another is over, if one runs.
    fn end_their_background(&mut self, (user, is_theirs): (UserId, bool), step: &mut Step<'_>) {
        let Some(live) = self.agent.live() else {
            return;
        };
        let has_background = self.chat.has_background() || self.chat.has_tasks();
        let goes_on = live.activity() != Activity::Idle || has_background;
        let was_last = live.asker() == Some(user) && (goes_on || self.requests.are_open());
        let has_begun = is_theirs && has_background;
        match (was_last || has_begun, self.turn.is_some()) {
            (true, false) => {
                self.leave(LeavingStage::Killed, step);
                step.say_end(step.say().revoked_background(), None);
            }
            // Timers do not hold its slot any more.
            (true, true) if has_begun => self.agent.want_room(),
            (true, true) | (false, _) => {}
        }
    }

    pub(super) fn give_up_waiting_for_nothing(&mut self, step: &mut Step<'_>) {
        let waits = matches!(self.agent.life(), Life::Waiting { .. });
        if waits && !self.prompts.has_waiting() && !self.is_wanted_without_prompt() {
            self.agent.withdraw(step);
        }
    }

    /// Takes over the configuration: limits hold at once, the rest with the next agent. A running
    /// agent goes when its turn is over, and takes no further one if what may run has changed.
    pub(super) fn on_configured(&mut self, settings: SessionSettings, step: &mut Step<'_>) {
        match self.chat.on_configured(settings) {
            Outdated::No => {}
            Outdated::Yes => self.on_yield_asked(step),
            Outdated::Rules => self.on_stale(step),
        }
        if let VoicePolicy::Off { .. } = self.chat.policy().voice {
            self.prompts.leave_unheard();
        }
    }

    /// Lets the running agent, if there is one, take no further turn.
    pub(super) fn on_stale(&mut self, step: &mut Step<'_>) {
        self.agent.make_stale();
        self.make_room(step);
    }

    /// Ends the agent at once, and the session with it. What it had begun stays open as it is in the
    /// journal: the session that takes it over when the lockdown is over says what became of it.
    pub(super) fn on_locked_down(&mut self, step: &mut Step<'_>) {
        self.ending = Ending::LockedDown;
        if let Some(turn) = self.turn.take() {
            let (prompts, remains) = turn.cut(self.chat.record().detail, step);
            self.closing = Some(Closing::cut(remains));
            self.prompts.push_first(prompts);
        } else if let Some(live) = self.agent.live()
            && self.works_by_itself(live, step.now())
        {
            step.say_end(step.say().lockdown_background(), None);
        }
        match self.agent.life() {
            Life::Asleep => step.push(Effect::Finish),
            Life::Waiting { .. } => {
                step.slot(SlotChange::Withdrawn);
                step.push(Effect::Finish);
            }
            Life::Live(_) | Life::Leaving(_) => self.leave(LeavingStage::Killed, step),
        }
    }

    /// Follows the chat to its new id.
    pub(super) fn on_moved(&mut self, key: SessionKey, step: &mut Step<'_>) {
        let former = std::mem::replace(&mut self.key, key);
        step.move_to(key);
        self.requests.forget_messages();
        self.prompts.forget_messages();
        if let Some(turn) = &mut self.turn {
            turn.forget_message();
        }
        self.chat.on_moved(former, step);
    }
}
