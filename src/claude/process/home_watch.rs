//! Watches how full the homes of agents are, beside the threads that serve chats.
//!
//! A home is looked at while an agent lives in it, every few minutes; and before a start where it was
//! full, or where nobody has looked since the bridge runs. One is looked at after the other.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

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

/// How long an agent's start waits for the first look at its home; a thousand files take a few
/// milliseconds.
const FIRST_LOOK: Duration = Duration::from_millis(200);

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
    /// Which folder it was: one that is made anew in its place has nothing of it.
    folder: FolderId,
    /// Whether administrators know that it is full.
    is_told: bool,
}

/// Tells a folder from another one that lay in its place: its number, which may be given again, and
/// when it was made, where the disk knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FolderId {
    inode: u64,
    made: Option<SystemTime>,
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
    /// Blocks where the home was full when it was looked at last, and for a moment where nobody has
    /// looked yet: a home that takes longer is found out about while its agent works.
    pub(super) fn admit(&self) -> Result<(), StartFault> {
        if self.full == FullHome::Allowed {
            return Ok(());
        }
        let looked = match self.known() {
            None => self.look(FIRST_LOOK),
            Some(known) if self.filled_by(known.used).level() == HomeLevel::Full => {
                self.look(LONGEST_LOOK)
            }
            Some(_) => None,
        };
        match looked {
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
                task::spawn_blocking(move || home.look(LONGEST_LOOK)).await
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

    /// Looks at the home for so long; `None` where nobody can say how full it is.
    fn look(&self, time: Duration) -> Option<HomeUse> {
        // Before the look: what comes in its place meanwhile is not what was looked at.
        let folder = self.folder();
        let looked = match filled(&self.home, Bounds::of_time(time)) {
            Ok(looked) => looked,
            Err(error) => {
                info!(key = %self.key, %error, "cannot tell how full the home of an agent is");
                return None;
            }
        };
        debug!(key = %self.key, ?looked, "looked at the home of an agent");
        let home = self.filled_by(looked.bytes);
        let is_full = home.level() == HomeLevel::Full;
        // A longer look may find it fuller.
        let is_cut = looked.has_more && time < LONGEST_LOOK && !is_full;
        if let Some(folder) = folder.filter(|_| !is_cut) {
            self.note(home, folder);
        }
        Some(home)
    }

    /// Notes how full the home is; tells of it once when it has become full.
    fn note(&self, home: HomeUse, folder: FolderId) {
        let is_full = home.level() == HomeLevel::Full;
        let known = Known {
            used: home.used,
            at: Instant::now(),
            folder,
            is_told: is_full,
        };
        let was = self.all().insert(self.home.clone(), known);
        let was_told = was.is_some_and(|it| it.is_told && it.folder == folder);
        if is_full && !was_told {
            info!(key = %self.key, used = home.used, limit = home.limit, "a home is full");
            if let Some(on_full) = self.watch.on_full.get() {
                on_full(self.key, home);
            }
        }
    }

    fn known(&self) -> Option<Known> {
        let known = self.all().get(&self.home).copied()?;
        (self.folder() == Some(known.folder)).then_some(known)
    }

    fn folder(&self) -> Option<FolderId> {
        let found = fs::symlink_metadata(&self.home).ok()?;
        Some(FolderId {
            inode: found.ino(),
            made: found.created().ok(),
        })
    }

    fn all(&self) -> MutexGuard<'_, HashMap<PathBuf, Known>> {
        let known = &self.watch.known;
        known.lock().unwrap_or_else(PoisonError::into_inner)
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
        bound.look(LONGEST_LOOK).unwrap();
        assert_eq!(
            told.load(Ordering::SeqCst),
            2,
            "and again when it fills up again"
        );
        fs::remove_dir_all(&home).unwrap();
        fs::create_dir(&home).unwrap();
        assert!(
            bound.known().is_none(),
            "a home that is made anew has nothing of the one before"
        );
        bound.admit().unwrap();
    }

    #[test]
    fn a_first_look_that_was_cut_short_is_no_reason_to_look_no_further() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("file"), "x").unwrap();
        let bound = BoundHome {
            key: SessionKey::of_chat(ChatId(7)),
            home: home.path().to_owned(),
            limit: 1 << 30,
            full: FullHome::Refused,
            watch: Arc::default(),
        };
        bound.look(Duration::ZERO).unwrap();
        assert!(bound.known().is_none());
        bound.look(LONGEST_LOOK).unwrap();
        assert!(bound.known().is_some_and(|known| known.used > 0));
    }
}
