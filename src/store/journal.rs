//! The journal: open prompts and other instructions, undelivered posts, and which updates were
//! dealt with.
//!
//! All of it lies in the log. What is open is small, so where it lies is held in memory, and the
//! records are read when they are needed.

mod change;
mod decide;
mod layout_3;
mod plain;
mod posts;
mod snapshot;
mod state;
mod stored;

use bridge_actors::ids::{ChatId, PromptId, SessionKey, Trace, UpdateMark, UserId};
use bridge_actors::ports::{
    Acceptance, HostUptime, JournalEntry, Open, OpenPrompt, PromptJournal, Stage, StoreError,
    Synced, UpdateLog,
};
use bridge_actors::session::Instruct;

use super::commit::Commit;
use super::door::Reader;
use super::sled_store::Store;
use change::{Came, Mark};
use snapshot::missing;
use state::Place;

pub(super) use change::Change;
pub(super) use layout_3::read_layout_3;
pub(super) use snapshot::{Moved, records_in, write_snapshot};
pub(super) use state::State;

#[cfg(test)]
mod tests;

/// Returns what an instruction is known by when it comes again, as it is written.
#[cfg(test)]
pub(super) fn mark_of(id: &PromptId) -> String {
    Mark::of(id).into()
}

impl Store {
    /// Writes what a look at the journal comes to.
    fn journal<T>(
        &self,
        decide: impl FnOnce(&State) -> Result<(Vec<Change>, T), StoreError>,
    ) -> Result<T, StoreError> {
        self.door().write(|state, _| {
            let (changes, answer) = decide(state)?;
            Ok((Commit::of_journal(changes), answer))
        })
    }

    fn read_open(&self, reader: &Reader, id: &PromptId, place: Place) -> Result<Open, StoreError> {
        let changes = reader.read(place.spot)?.journal.into_iter();
        match changes.rev().find(|change| change.opens(id)) {
            Some(Change::Prompt { prompt, .. }) => Ok(Open::Prompt(OpenPrompt {
                prompt,
                host: match &place.stage {
                    Some(stage) if stage.boot != self.boot() => HostUptime::Restarted,
                    Some(_) | None => HostUptime::Unbroken,
                },
                replays: place.stage.as_ref().map_or(0, |stage| stage.replays),
                stage: place.stage.map_or(Stage::Accepted, |stage| stage.at),
            })),
            Some(Change::Instruction { instruction, .. }) => Ok(Open::Instruction(instruction)),
            Some(
                Change::Stage { .. }
                | Change::Moved { .. }
                | Change::Closed(_)
                | Change::Post { .. }
                | Change::Departed { .. }
                | Change::Settled(_)
                | Change::Came { .. },
            )
            | None => Err(missing(&id.0)),
        }
    }
}

impl PromptJournal for Store {
    fn accept(&self, key: SessionKey, instruction: &Instruct) -> Result<Acceptance, StoreError> {
        self.journal(|state| Ok(decide::accept(state, key, instruction)))
    }

    fn note_traces(&self, traces: &[Trace]) -> Result<(), StoreError> {
        self.journal(|state| Ok((decide::note_traces(state, traces), ())))
    }

    fn has_trace(&self, trace: &Trace) -> bool {
        let mark = Mark::of_trace(trace);
        let is_in = |state: &State, what| state.knows(what, mark);
        let look = (self.door()).look(|it| is_in(it, Came::Instruction) || is_in(it, Came::Sent));
        look.0
    }

    fn write(&self, key: SessionKey, entry: &JournalEntry) -> Result<(), StoreError> {
        let mut unread = None;
        let written = self.door().write(|state, overlay| {
            let journal = decide::write(state, key, entry, self.boot())?;
            let keyed = self.charges(key, &entry.charges, overlay);
            let keyed = keyed.inspect_err(|error| unread = Some(error.0.clone()))?;
            Ok((Commit { journal, keyed }, ()))
        });
        // What was spent must not be guessed, nor the end of a turn be lost.
        if let Some(reason) = unread {
            self.fail(reason);
        }
        written
    }

    fn left_open(&self, key: SessionKey) -> Result<Vec<Open>, StoreError> {
        let (places, reader) = self.door().look(|state| state.places_of(key));
        let places = places.into_iter();
        places
            .map(|(id, place)| self.read_open(&reader, &id, place))
            .collect()
    }

    fn open_sessions(&self) -> Vec<SessionKey> {
        self.door().look(State::sessions).0
    }

    fn restless_sessions(&self) -> Result<Vec<(SessionKey, Option<UserId>)>, StoreError> {
        self.sessions_at_work()
    }

    fn move_session(&self, from: SessionKey, to: SessionKey) -> Result<(), StoreError> {
        self.journal(|state| Ok((decide::move_session(state, from, to), ())))
    }

    fn close_chat(&self, chat: ChatId) -> Result<(), StoreError> {
        self.journal(|state| Ok((decide::close_chat(state, chat), ())))
    }

    fn synced(&self) -> Synced {
        self.wait_for_disk()
    }
}

impl UpdateLog for Store {
    fn knows(&self, update: UpdateMark) -> bool {
        let mark = Mark(update.0);
        self.door().look(|state| state.knows(Came::Update, mark)).0
    }

    fn remember(&self, updates: &[UpdateMark]) -> Result<(), StoreError> {
        self.journal(|state| Ok((decide::remember(state, updates), ())))
    }

    fn synced(&self) -> Synced {
        self.wait_for_disk()
    }
}
