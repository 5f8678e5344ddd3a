//! Watches how full the homes of agents are, beside the threads that serve chats.
//!
//! A home is looked at while an agent lives in it: at its start, and every few minutes; and before a
//! start where it was full. One is looked at after the other.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use bridge_actors::agent_event::{AgentEvent, News, StartFault};
use bridge_actors::home_use::{FullHome, HomeLevel, HomeUse};
use bridge_actors::ids::SessionKey;
use tokio::{task, time};
use tracing::{debug, info};

use super::pump::Reports;
use crate::filled::{Bounds, filled};

/// How often a home is looked at.
const INTERVAL: Duration = Duration::from_mins(5);

/// How much longer the wait is than the look before it.
const RESTS: u32 = 50;

/// How long one look may take.
const LONGEST_LOOK: Duration = Duration::from_secs(20);

/// Hears of homes that have become full.
pub type OnFull = Arc<dyn Fn(SessionKey, HomeUse) + Send + Sync>;

/// What is known of homes.
#[derive(Default)]
pub(super) struct HomeWatch {
    known: Mutex<HashMap<PathBuf, Known>>,
    one_by_one: tokio::sync::Mutex<()>,
    on_full: OnceLock<OnFull>,
}

/// How full a home was.
#[derive(Debug, Clone, Copy)]
struct Known {
    used: u64,
    at: Instant,
    /// Whether administrators know that it is full.
    is_told: bool,
}

/// The home of one agent, and how much may lie there.
#[derive(Clone)]
pub(super) struct BoundHome {
    /// Whose it is.
    pub(super) key: SessionKey,
    /// Where.
    pub(super) home: PathBuf,
    /// How many bytes may lie there.
    pub(super) limit: u64,
    /// Whether the agent may start where they do.
    pub(super) full: FullHome,
    /// What is known of it.
    pub(super) watch: Arc<HomeWatch>,
}

impl HomeWatch {
    /// Tells of homes that become full from now on; the first who wants to hear of it does.
    pub(super) fn tell(&self, on_full: OnFull) {
        self.on_full.set(on_full).ok();
    }
}

impl BoundHome {
    /// Refuses a start in a home that is full, unless a person wants it.
    ///
    /// Blocks where the home was full when it was looked at last.
    pub(super) fn admit(&self) -> Result<(), StartFault> {
        let was_full = |known: Known| self.filled_by(known.used).level() == HomeLevel::Full;
        if self.full == FullHome::Allowed || !self.known().is_some_and(was_full) {
            return Ok(());
        }
        match self.look() {
            Some(home) if home.level() == HomeLevel::Full => Err(StartFault::HomeFull(home)),
            Some(_) | None => Ok(()),
        }
    }

    /// Tells the agent's session how full the home is, for as long as the agent lives.
    pub(super) async fn report(self, reports: Reports) {
        if let Some(known) = self.known()
            && known.at.elapsed() < INTERVAL
        {
            self.tell(self.filled_by(known.used), &reports).await;
            time::sleep(INTERVAL.saturating_sub(known.at.elapsed())).await;
        }
        loop {
            let begun = Instant::now();
            let looked = {
                let _turn = self.watch.one_by_one.lock().await;
                let home = self.clone();
                task::spawn_blocking(move || home.look()).await
            };
            if let Ok(Some(home)) = looked {
                self.tell(home, &reports).await;
            }
            time::sleep(INTERVAL.max(begun.elapsed() * RESTS)).await;
        }
    }

    async fn tell(&self, home: HomeUse, reports: &Reports) {
        let event = AgentEvent::News(News::HomeUse(home));
        reports.send(event).await;
    }

    /// Looks at the home; `None` where nobody can say how full it is.
    fn look(&self) -> Option<HomeUse> {
        let looked = filled(&self.home, Bounds::of_time(LONGEST_LOOK));
        let looked = match looked {
            Ok(looked) => looked,
            Err(error) => {
                info!(key = %self.key, %error, "cannot tell how full the home of an agent is");
                return None;
            }
        };
        debug!(key = %self.key, ?looked, "looked at the home of an agent");
        let home = self.filled_by(looked.bytes);
        let is_full = home.level() == HomeLevel::Full;
        let mut all = self
            .watch
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let known = Known {
            used: home.used,
            at: Instant::now(),
            is_told: is_full,
        };
        let was_told = (all.insert(self.home.clone(), known)).is_some_and(|it| it.is_told);
        drop(all);
        if is_full && !was_told {
            info!(key = %self.key, used = home.used, limit = home.limit, "a home is full");
            if let Some(on_full) = self.watch.on_full.get() {
                on_full(self.key, home);
            }
        }
        Some(home)
    }

    fn known(&self) -> Option<Known> {
        let all = self
            .watch
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        all.get(&self.home).copied()
    }

    fn filled_by(&self, used: u64) -> HomeUse {
        HomeUse {
            used,
            limit: self.limit,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use bridge_actors::ids::ChatId;

    use super::*;

    #[test]
    fn a_full_home_admits_nobody_until_it_is_tidied_up_or_a_person_wants_it() {
        let place = tempfile::tempdir().unwrap();
        let home = place.path().join("home");
        fs::create_dir(&home).unwrap();
        fs::write(home.join("cache"), vec![1; 100_000]).unwrap();
        let told = Arc::new(AtomicUsize::new(0));
        let heard = Arc::clone(&told);
        let on_full: OnFull = Arc::new(move |_, _| {
            heard.fetch_add(1, Ordering::SeqCst);
        });
        let watch = Arc::new(HomeWatch::default());
        watch.tell(on_full);
        let bound = BoundHome {
            key: SessionKey::of_chat(ChatId(7)),
            home: home.clone(),
            limit: 50_000,
            full: FullHome::Refused,
            watch,
        };
        bound
            .admit()
            .expect("nobody knows yet, and nobody waits to find out");
        bound.look().unwrap();
        let refused = bound.admit().unwrap_err();
        assert!(matches!(refused, StartFault::HomeFull(home) if home.limit == 50_000));
        let allowed = BoundHome {
            full: FullHome::Allowed,
            ..bound.clone()
        };
        allowed.admit().unwrap();
        assert_eq!(
            told.load(Ordering::SeqCst),
            1,
            "administrators are told once"
        );
        fs::remove_file(home.join("cache")).unwrap();
        bound.admit().unwrap();
        fs::write(home.join("cache"), vec![1; 100_000]).unwrap();
        bound.look().unwrap();
        assert_eq!(
            told.load(Ordering::SeqCst),
            2,
            "and again when it fills up again"
        );
    }
}
