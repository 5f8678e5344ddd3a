//! The journal as the beginning of a new segment: what is open, and nothing else.

use std::collections::HashMap;

use bridge_actors::ids::{PostId, PromptId};
use bridge_actors::ports::StoreError;

use super::super::commit::Commit;
use super::super::log::Spot;
use super::change::{Came, Change};
use super::state::{Kept, Place, State};

/// How many marks go into one record.
const MARKS_A_RECORD: usize = 1024;

const WINDOWS: [Came; 3] = [Came::Update, Came::Instruction, Came::Sent];

/// Where records lie in a new segment.
#[derive(Debug, Default)]
pub(in crate::store) struct Moved {
    pub(super) open: HashMap<PromptId, Spot>,
    pub(super) posts: HashMap<PostId, Spot>,
    /// Where the records that are not in the snapshot began, and where they begin now.
    pub(in crate::store) rest: (u64, u64),
}

impl Moved {
    /// Returns where a record lies now.
    pub(super) fn spot(&self, before: Spot, in_snapshot: Option<Spot>) -> Spot {
        let (from, to) = self.rest;
        match in_snapshot {
            Some(spot) if before.at < from => spot,
            Some(_) | None => Spot {
                at: before.at - from + to,
                ..before
            },
        }
    }
}

/// Returns how many records the snapshot has.
pub(in crate::store) fn records_in(state: &State) -> usize {
    let marks = |what| state.window(what).len().div_ceil(MARKS_A_RECORD);
    let open = state.all_open().count() + state.posts().len();
    let marks = WINDOWS.map(marks);
    open + marks.iter().sum::<usize>()
}

/// Writes the journal: reads each record from where it lies, and hands it on.
pub(in crate::store) fn write_snapshot(
    state: &State,
    read: &dyn Fn(Spot) -> Result<Commit, StoreError>,
    write: &mut dyn FnMut(&Commit) -> Result<Spot, StoreError>,
) -> Result<Moved, StoreError> {
    let mut moved = Moved::default();
    for what in WINDOWS {
        for marks in state.window(what).chunks(MARKS_A_RECORD) {
            let marks = marks.to_vec();
            write(&Commit::of_journal(vec![Change::Came { what, marks }]))?;
        }
    }
    for (id, place) in state.all_open() {
        let changes = changes_of_open(id, place, read(place.spot)?)?;
        let spot = write(&Commit::of_journal(changes))?;
        moved.open.insert(id.clone(), spot);
    }
    for (id, kept) in state.posts() {
        let changes = changes_of_post(id, kept, read(kept.spot)?)?;
        let spot = write(&Commit::of_journal(changes))?;
        moved.posts.insert(id, spot);
    }
    Ok(moved)
}

/// Returns what brings an open record back as it is now.
fn changes_of_open(id: &PromptId, place: &Place, found: Commit) -> Result<Vec<Change>, StoreError> {
    let content = found.journal.into_iter().rfind(|it| it.opens(id));
    let content = content.ok_or_else(|| missing(&id.0))?;
    let (id, key) = (id.clone(), place.key);
    let mut changes = vec![
        content,
        Change::Moved {
            id: id.clone(),
            key,
        },
    ];
    if let Some(stage) = place.stage.clone() {
        changes.push(Change::Stage { id, stage });
    }
    Ok(changes)
}

/// Returns what brings a kept post back as it is now.
fn changes_of_post(id: PostId, kept: Kept, found: Commit) -> Result<Vec<Change>, StoreError> {
    let mut contents = found.journal.into_iter().rev();
    let post = contents.find_map(|it| it.into_post(id));
    let post = post.ok_or_else(|| missing(&id.0))?;
    let id = id.0;
    let departed = kept.departed.map(|part| Change::Departed { id, part });
    Ok([Change::Post { id, post }]
        .into_iter()
        .chain(departed)
        .collect())
}

pub(super) fn missing(what: &dyn std::fmt::Display) -> StoreError {
    StoreError(format!("the journal: {what} is not where it was written"))
}
