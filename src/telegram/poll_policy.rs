//! Pure: what to do after a poll, and what the operator is told.

use std::time::Duration;

use bridge_actors::clock::Time;

/// The first wait after Telegram could not be reached; doubles.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait after Telegram could not be reached.
const MAX_WAIT: Duration = Duration::from_secs(30);
/// The first wait after a conflict; doubles. Telegram itself delays a fight for 3 s.
const FIRST_CONFLICT_WAIT: Duration = Duration::from_secs(5);
/// The longest wait after a conflict.
const MAX_CONFLICT_WAIT: Duration = Duration::from_secs(60);

/// How a poll went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PollOutcome {
    /// Updates, or none for now.
    Answered,
    /// Telegram could not be reached, or what answered was not sensible.
    Failed,
    /// Telegram asks to wait.
    Throttled(Duration),
    /// No answer came in time although the connection seems to stand.
    Stalled,
    /// Another program polls with the same token.
    Conflict,
}

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Advice {
    /// How long to wait before the next poll.
    pub(super) wait: Duration,
    /// Whether the connection stays.
    pub(super) connection: Connection,
    /// What the operator is told; `None` when nothing has changed.
    pub(super) notice: Option<Notice>,
}

/// Whether the connection stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Connection {
    /// It is used again.
    Keep,
    /// It is made anew.
    Rebuild,
}

/// A change that is worth one line in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// Polls have begun to fail.
    OutageBegan,
    /// Polls work again.
    OutageOver { after: Duration },
    /// Another program has taken the updates.
    ConflictBegan,
    /// The other program is gone.
    ConflictOver { after: Duration },
}

/// Decides about waiting and telling, from one poll to the next.
#[derive(Debug, Default)]
pub(super) struct PollPolicy {
    trouble: Option<Trouble>,
}

#[derive(Debug, Clone, Copy)]
struct Trouble {
    kind: TroubleKind,
    since: Time,
    next_wait: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TroubleKind {
    Outage,
    Conflict,
}

impl PollPolicy {
    /// Takes note of a poll that ended at `now`.
    pub(super) fn on_outcome(&mut self, outcome: PollOutcome, now: Time) -> Advice {
        match outcome {
            PollOutcome::Answered => self.on_answer(now),
            PollOutcome::Failed => self.on_trouble(TroubleKind::Outage, now),
            PollOutcome::Conflict => self.on_trouble(TroubleKind::Conflict, now),
            PollOutcome::Throttled(after) => {
                let advice = self.on_trouble(TroubleKind::Outage, now);
                Advice {
                    wait: advice.wait.max(after),
                    ..advice
                }
            }
            PollOutcome::Stalled => Advice {
                connection: Connection::Rebuild,
                ..self.on_trouble(TroubleKind::Outage, now)
            },
        }
    }

    fn on_answer(&mut self, now: Time) -> Advice {
        let notice = self.trouble.take().map(|trouble| {
            let after = now.since(trouble.since);
            match trouble.kind {
                TroubleKind::Outage => Notice::OutageOver { after },
                TroubleKind::Conflict => Notice::ConflictOver { after },
            }
        });
        Advice {
            wait: Duration::ZERO,
            connection: Connection::Keep,
            notice,
        }
    }

    fn on_trouble(&mut self, kind: TroubleKind, now: Time) -> Advice {
        let known = self.trouble.filter(|trouble| trouble.kind == kind);
        let trouble = known.unwrap_or(Trouble {
            kind,
            since: now,
            next_wait: kind.first_wait(),
        });
        self.trouble = Some(Trouble {
            next_wait: (trouble.next_wait * 2).min(kind.max_wait()),
            ..trouble
        });
        Advice {
            wait: trouble.next_wait,
            connection: Connection::Keep,
            notice: known.is_none().then(|| kind.beginning()),
        }
    }
}

impl TroubleKind {
    fn first_wait(self) -> Duration {
        match self {
            TroubleKind::Outage => FIRST_WAIT,
            TroubleKind::Conflict => FIRST_CONFLICT_WAIT,
        }
    }

    fn max_wait(self) -> Duration {
        match self {
            TroubleKind::Outage => MAX_WAIT,
            TroubleKind::Conflict => MAX_CONFLICT_WAIT,
        }
    }

    fn beginning(self) -> Notice {
        match self {
            TroubleKind::Outage => Notice::OutageBegan,
            TroubleKind::Conflict => Notice::ConflictBegan,
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::PollOutcome::{Answered, Conflict, Failed, Stalled, Throttled};
    use super::*;

    /// Plays outcomes, each one second after the wait that the last one led to.
    fn check(outcomes: &[PollOutcome], expected: &Expect) {
        let mut policy = PollPolicy::default();
        let mut now = Time::ZERO;
        let mut transcript = String::new();
        for &outcome in outcomes {
            now = now + Duration::from_secs(1);
            let advice = policy.on_outcome(outcome, now);
            now = now + advice.wait;
            let Advice {
                wait,
                connection,
                notice,
            } = advice;
            let notice = notice.map_or(String::new(), |notice| format!(" {notice:?}"));
            transcript += &format!("{outcome:?}: wait {wait:?}, {connection:?}{notice}\n");
        }
        expected.assert_eq(&transcript);
    }

    #[test]
    fn an_outage_is_told_once_and_waits_double_up_to_a_limit() {
        check(
            &[
                Answered, Failed, Failed, Failed, Failed, Failed, Failed, Failed, Answered,
                Answered, Failed,
            ],
            &expect![[r#"
                Answered: wait 0ns, Keep
                Failed: wait 1s, Keep OutageBegan
                Failed: wait 2s, Keep
                Failed: wait 4s, Keep
                Failed: wait 8s, Keep
                Failed: wait 16s, Keep
                Failed: wait 30s, Keep
                Failed: wait 30s, Keep
                Answered: wait 0ns, Keep OutageOver { after: 98s }
                Answered: wait 0ns, Keep
                Failed: wait 1s, Keep OutageBegan
            "#]],
        );
    }

    #[test]
    fn a_conflict_steps_back_and_its_end_is_told() {
        check(
            &[
                Conflict, Conflict, Conflict, Conflict, Conflict, Conflict, Answered,
            ],
            &expect![[r#"
                Conflict: wait 5s, Keep ConflictBegan
                Conflict: wait 10s, Keep
                Conflict: wait 20s, Keep
                Conflict: wait 40s, Keep
                Conflict: wait 60s, Keep
                Conflict: wait 60s, Keep
                Answered: wait 0ns, Keep ConflictOver { after: 201s }
            "#]],
        );
    }

    #[test]
    fn a_stall_gets_a_new_connection_and_a_throttle_its_wait() {
        check(
            &[
                Stalled,
                Stalled,
                Throttled(Duration::from_secs(40)),
                Answered,
            ],
            &expect![[r#"
                Stalled: wait 1s, Rebuild OutageBegan
                Stalled: wait 2s, Rebuild
                Throttled(40s): wait 40s, Keep
                Answered: wait 0ns, Keep OutageOver { after: 46s }
            "#]],
        );
    }
}
