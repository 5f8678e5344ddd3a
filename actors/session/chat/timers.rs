//! The times at which Claude goes on by itself: kept, waited for, told of when they are gone.

use std::time::Duration;

use super::Chat;
use crate::clock::{Time, UnixSeconds};
use crate::ids::UserId;
use crate::session::deadline::{Deadline, Why};
use crate::session::step::Step;
use crate::session::texts;
use crate::timer::{Lasts, SetTimer, Timer, TimerNews};

/// How many timers of a chat are kept: a record has to be small.
const MAX_TIMERS: usize = 16;

/// How long before a timer its agent is there.
const LEAD: Duration = Duration::from_secs(30);

/// How long an agent is kept for a timer that does not come.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// How long after a start for timers the next one may follow.
const PAUSE: Duration = Duration::from_secs(60);

/// How soon one follows for timers that are due.
const AT_ONCE: Duration = Duration::from_secs(1);

/// How long a session sleeps at most before it looks at the calendar again, which may be set.
const LOOK: Duration = Duration::from_secs(60 * 60);

/// What is waited for because of timers.
#[derive(Debug, Default)]
pub(super) struct Clockwork {
    /// Since when one is due, while there is an agent.
    due_since: Option<Time>,
    /// When an agent is started for the next one, while there is none.
    wake_at: Option<Time>,
    /// When one was started last.
    woken_at: Option<Time>,
    /// Whether a slot is wanted for them.
    is_waking: bool,
}

impl Chat {
    /// Takes in what an agent says of its timers.
    pub(in crate::session) fn on_timers(&mut self, news: TimerNews, step: &mut Step<'_>) {
        let mut timers = self.record.timers.clone();
        match news {
            TimerNews::Set(set) => {
                timers.retain(|timer| timer.set.id != set.id);
                timers.push(self.kept(set, step));
            }
            TimerNews::Removed(id) => timers.retain(|timer| timer.set.id != id),
            TimerNews::Are(all) => {
                let keep = |set: SetTimer| {
                    let known = timers.iter().find(|timer| timer.set.id == set.id);
                    known.cloned().unwrap_or_else(|| self.kept(set, step))
                };
                let all: Vec<_> = all.into_iter().map(keep).collect();
                timers.retain(|timer| timer.set.lasts == Lasts::Process);
                timers.extend(all);
            }
            TimerNews::Came(Lasts::Process) => {
                timers.retain(|timer| timer.set.lasts != Lasts::Process);
            }
            TimerNews::Came(Lasts::Conversation) => {
                timers = after(timers, step.calendar(), step);
                self.clockwork.due_since = None;
            }
        }
        timers.sort_by_key(|timer| timer.set.at);
        timers.truncate(MAX_TIMERS);
        self.put_timers(timers, step);
        self.note_background(step);
    }

    fn kept(&self, set: SetTimer, step: &Step<'_>) -> Timer {
        let pattern = set.repeats.as_deref();
        let by_pattern = pattern.and_then(|pattern| step.next_time(pattern, step.calendar()));
        Timer {
            late: by_pattern.map_or(0, |nominal| set.at.0.saturating_sub(nominal.0)),
            conversation: match set.lasts {
                Lasts::Process => None,
                Lasts::Conversation => self.record.conversation.clone(),
            },
            set,
        }
    }

    fn put_timers(&mut self, timers: Vec<Timer>, step: &mut Step<'_>) {
        if self.record.timers != timers {
            self.record.timers = timers;
            self.store(step);
        }
    }

    /// Returns the timers that end with the agent.
    pub(super) fn passing_timers(&self) -> impl Iterator<Item = &Timer> {
        let conversation = self.record.conversation.as_ref();
        let timers = self.record.timers.iter();
        timers.filter(move |timer| !timer.comes_back_with(conversation))
    }

    /// Forgets the timers that have ended with the agent, and returns them as they are shown.
    pub(super) fn end_passing_timers(&mut self, step: &mut Step<'_>) -> Vec<String> {
        let ended = self.passing_timers();
        let shown: Vec<_> = ended.map(|timer| texts::timer(step.say(), timer)).collect();
        if !shown.is_empty() {
            let mut timers = std::mem::take(&mut self.record.timers);
            let conversation = self.record.conversation.as_ref();
            timers.retain(|timer| timer.comes_back_with(conversation));
            self.record.timers = timers;
            self.store(step);
        }
        shown
    }

    /// Lets no timer of this chat come: whoever wanted them may no longer come in.
    pub(in crate::session) fn let_timers_pass(&mut self) {
        self.clockwork.is_waking = false;
        for timer in &mut self.record.timers {
            timer.conversation = None;
        }
    }

    /// Passes over the timers that are due: no agent can be started for them.
    pub(in crate::session) fn skip_due_timers(&mut self, step: &mut Step<'_>) -> Vec<String> {
        let now = step.calendar();
        let due = self.record.timers.iter().filter(|timer| is_due(timer, now));
        let due: Vec<_> = due.map(|timer| texts::timer(step.say(), timer)).collect();
        let timers = after(self.record.timers.clone(), now, step);
        self.put_timers(timers, step);
        due
    }

    /// Looks at the calendar.
    pub(in crate::session) fn see_to_timers(&mut self, has_agent: bool, step: &mut Step<'_>) {
        let now = step.calendar();
        let clockwork = &mut self.clockwork;
        if has_agent {
            clockwork.wake_at = None;
            let is_due = self.record.timers.iter().any(|timer| is_due(timer, now));
            let since = clockwork.due_since.unwrap_or(step.now());
            clockwork.due_since = is_due.then_some(since);
            if is_due && step.now() >= since + PATIENCE {
                self.give_up_due_timers(step);
            }
            return;
        }
        clockwork.due_since = None;
        let conversation = self.record.conversation.as_ref();
        let lasting = self.record.timers.iter();
        let lasting = lasting.filter(|timer| timer.comes_back_with(conversation));
        let Some(next) = lasting.map(|timer| timer.set.at).min() else {
            self.clockwork = Clockwork::default();
            return;
        };
        let left = Duration::from_secs(next.0.saturating_sub(now.0)).saturating_sub(LEAD);
        let pause = clockwork.woken_at.map(|woken| woken + PAUSE);
        clockwork.wake_at = Some(step.now() + left.clamp(AT_ONCE, LOOK)).max(pause);
    }

    /// Waits no longer for the timers that are due.
    fn give_up_due_timers(&mut self, step: &mut Step<'_>) {
        self.clockwork.due_since = None;
        let now = step.calendar();
        let mut timers = after(self.record.timers.clone(), now, step);
        timers.retain(|timer| !is_due(timer, now));
        self.put_timers(timers, step);
        self.note_background(step);
    }

    /// Tells, once, whether an agent is to be started for a timer.
    pub(in crate::session) fn is_to_wake(&mut self, step: &Step<'_>) -> bool {
        let is_now = |at: &mut Time| step.now() >= *at;
        let is_reached = self.clockwork.wake_at.take_if(is_now).is_some();
        let mut timers = self.record.timers.iter();
        let is_to_wake = is_reached && timers.any(|timer| is_due(timer, step.calendar()));
        if is_to_wake {
            self.clockwork.woken_at = Some(step.now());
            self.clockwork.is_waking = true;
        }
        is_to_wake
    }

    /// Tells whether a slot is wanted for timers.
    pub(in crate::session) fn is_waking(&self) -> bool {
        self.clockwork.is_waking
    }

    /// Notes that no slot is wanted for them, or that it is here; tells whether one was.
    pub(in crate::session) fn note_woken(&mut self) -> bool {
        std::mem::take(&mut self.clockwork.is_waking)
    }

    /// Tells whether a timer is due, for which an agent stays.
    pub(in crate::session) fn has_due_timer(&self) -> bool {
        self.clockwork.due_since.is_some()
    }

    /// Tells whether timers keep an agent though its slot is wanted.
    pub(in crate::session) fn timers_hold_the_slot(&self) -> bool {
        self.has_due_timer() || self.passing_timers().next().is_some()
    }

    /// Tells whether a session has timers to wait for.
    pub(in crate::session) fn has_timers(&self) -> bool {
        !self.record.timers.is_empty()
    }

    /// Returns for whom Claude works by itself here.
    pub(in crate::session) fn works_for(&self) -> Option<UserId> {
        self.record.works_for
    }

    /// Notes for whom Claude works by itself here.
    pub(in crate::session) fn note_works_for(&mut self, user: Option<UserId>) {
        self.record.works_for = user.or(self.record.works_for);
    }

    /// Returns when a timer is waited for no longer.
    pub(in crate::session) fn timer_deadline(&self) -> Option<Deadline> {
        let since = self.clockwork.due_since?;
        Some(Why::TimerComes.at(since + PATIENCE))
    }

    /// Returns when a session that sleeps looks whether a timer is due.
    pub(in crate::session) fn wake_deadline(&self) -> Option<Deadline> {
        Some(Why::TimerNears.at(self.clockwork.wake_at?))
    }
}

/// Tells whether an agent has to be there for a timer.
fn is_due(timer: &Timer, now: UnixSeconds) -> bool {
    timer.set.at.0 <= now.0 + LEAD.as_secs()
}

/// Returns timers after those that were due have come: once more, or no more.
fn after(timers: Vec<Timer>, now: UnixSeconds, step: &Step<'_>) -> Vec<Timer> {
    let next = |timer: Timer| {
        let stays = !is_due(&timer, now) || timer.set.lasts == Lasts::Process;
        if stays {
            return Some(timer);
        }
        let came = timer.set.at.0.saturating_sub(timer.late).max(now.0);
        let next = step.next_time(timer.set.repeats.as_deref()?, UnixSeconds(came))?;
        let at = UnixSeconds(next.0.saturating_add(timer.late));
        let set = SetTimer { at, ..timer.set };
        Some(Timer { set, ..timer })
    };
    timers.into_iter().filter_map(next).collect()
}
