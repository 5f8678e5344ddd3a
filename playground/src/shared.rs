//! The world behind its lock, with a bell for threads and one for tasks.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::sync::watch;

use crate::world::World;

/// The world with its lock and its two bells: one for threads, one for tasks.
#[derive(Debug)]
pub(crate) struct Shared {
    world: Mutex<World>,
    changed: Condvar,
    pulse: watch::Sender<u64>,
}

impl Shared {
    pub(crate) fn new(world: World) -> Arc<Self> {
        let (pulse, _) = watch::channel(world.revision);
        Arc::new(Self {
            world: Mutex::new(world),
            changed: Condvar::new(),
            pulse,
        })
    }

    /// Locks the world for reading.
    pub(crate) fn read(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the world and wakes everybody who waits for a change.
    pub(crate) fn change<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        let (outcome, revision) = {
            let mut world = self.read();
            let outcome = work(&mut world);
            world.revision += 1;
            (outcome, world.revision)
        };
        self.changed.notify_all();
        self.pulse.send_replace(revision);
        outcome
    }

    /// Blocks the thread until `check` yields something; `None` after the deadline.
    pub(crate) fn wait<T>(
        &self,
        deadline: Instant,
        mut check: impl FnMut(&World) -> Option<T>,
    ) -> Option<T> {
        let mut world = self.read();
        loop {
            if let Some(found) = check(&world) {
                return Some(found);
            }
            let left = deadline.checked_duration_since(Instant::now())?;
            let woken = self.changed.wait_timeout(world, left);
            world = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Returns a receiver that changes with the world.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.pulse.subscribe()
    }
}
