//! What is known of the journal without reading it: where each open record lies, and which
//! updates and instructions came lately.
//!
//! It is what all records of the log come to, one after the other: what is written now changes it
//! in the same way as what is read at a start.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use bridge_actors::ids::{ChatId, PostId, PromptId, SessionKey};

use super::super::log::Spot;
use super::change::{Came, Change, Mark};
use super::snapshot::Moved;
use super::stored::{StoredPost, StoredStage};

/// How many updates, and how many instructions, are remembered: some forty full batches of each.
pub(in crate::store) const WINDOW: usize = 4096;

/// Something that is open.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    pub(super) number: u64,
    pub(super) key: SessionKey,
    pub(super) spot: Spot,
    pub(super) is_prompt: bool,
    /// How far a prompt has come; `None` before anything was said about it.
    pub(super) stage: Option<StoredStage>,
}

/// A post that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) spot: Spot,
    /// Tells whether it is the same again, so that it need not be written again.
    pub(super) digest: u64,
    /// The message of it that was last about to leave.
    pub(super) departed: Option<usize>,
}

/// What is known of the journal.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct State {
    open: HashMap<PromptId, Place>,
    by_session: HashMap<SessionKey, BTreeMap<u64, PromptId>>,
    posts: BTreeMap<PostId, Kept>,
    marks: HashSet<(Came, Mark)>,
    updates: VecDeque<Mark>,
    instructions: VecDeque<Mark>,
    sent: VecDeque<Mark>,
    /// Those of the messages sent that no record has yet.
    unwritten: Vec<Mark>,
    next_number: u64,
}

impl State {
    /// Takes in what a record says that lies at this place.
    pub(in crate::store) fn apply(&mut self, spot: Spot, change: &Change) {
        match change {
            Change::Prompt {
                number,
                key,
                prompt,
            } => self.open(&prompt.id, Place::new(*number, *key, spot, true)),
            Change::Instruction {
                number,
                key,
                instruction,
            } => self.open(instruction.id(), Place::new(*number, *key, spot, false)),
            Change::Stage { id, stage } => {
                if let Some(place) = self.open.get_mut(id) {
                    place.stage = Some(stage.clone());
                }
            }
            Change::Moved { id, key } => {
                if let Some(place) = self.remove(id) {
                    self.insert(id.clone(), Place { key: *key, ..place });
                }
            }
            Change::Closed(id) => drop(self.remove(id)),
            Change::Post { id, post } => self.keep(PostId(*id), spot, post),
            Change::Departed { id, part } => {
                if let Some(kept) = self.posts.get_mut(&PostId(*id)) {
                    kept.departed = Some(*part);
                }
            }
            Change::Settled(id) => drop(self.posts.remove(&PostId(*id))),
            Change::Came { what, marks } => {
                marks.iter().for_each(|mark| self.note(*what, *mark));
                if *what == Came::Sent {
                    self.unwritten.retain(|mark| !marks.contains(mark));
                }
            }
        }
    }

    /// Opens something in the place of what is open under its id.
    fn open(&mut self, id: &PromptId, place: Place) {
        self.remove(id);
        self.insert(id.clone(), place);
    }

    fn insert(&mut self, id: PromptId, place: Place) {
        self.next_number = self.next_number.max(place.number + 1);
        let of_session = self.by_session.entry(place.key).or_default();
        of_session.insert(place.number, id.clone());
        self.open.insert(id, place);
    }

    fn remove(&mut self, id: &PromptId) -> Option<Place> {
        let place = self.open.remove(id)?;
        if let Some(of_session) = self.by_session.get_mut(&place.key) {
            of_session.remove(&place.number);
            if of_session.is_empty() {
                self.by_session.remove(&place.key);
            }
        }
        Some(place)
    }

    fn keep(&mut self, id: PostId, spot: Spot, post: &StoredPost) {
        let before = self.posts.get(&id).and_then(|kept| kept.departed);
        let kept = Kept {
            spot,
            digest: digest_of(post),
            // What was about to leave was the message that an edit changes.
            departed: before.filter(|_| !post.is_edit()),
        };
        self.posts.insert(id, kept);
    }

    /// Puts a mark into its window; the oldest one goes when it is full.
    fn note(&mut self, what: Came, mark: Mark) {
        if !self.marks.insert((what, mark)) {
            return;
        }
        let window = match what {
            Came::Update => &mut self.updates,
            Came::Instruction => &mut self.instructions,
            Came::Sent => &mut self.sent,
        };
        window.push_back(mark);
        if window.len() > WINDOW
            && let Some(oldest) = window.pop_front()
        {
            self.marks.remove(&(what, oldest));
        }
    }

    /// Notes a message that was sent, ahead of its record; returns how many wait for one.
    pub(super) fn note_sent(&mut self, mark: Mark) -> usize {
        self.note(Came::Sent, mark);
        self.unwritten.push(mark);
        // While the store fails nothing takes them away; what is older than the window is no trace.
        if self.unwritten.len() > WINDOW {
            self.unwritten.drain(..WINDOW / 2);
        }
        self.unwritten.len()
    }

    /// Returns the messages sent that no record has yet.
    pub(super) fn unwritten(&self) -> &[Mark] {
        &self.unwritten
    }

    /// Returns the number of what comes next; the one after it is one more.
    pub(super) fn next_number(&self) -> u64 {
        self.next_number
    }

    pub(super) fn place(&self, id: &PromptId) -> Option<&Place> {
        self.open.get(id)
    }

    /// Returns what is open of a session, in the order in which it came.
    pub(super) fn places_of(&self, key: SessionKey) -> Vec<(PromptId, Place)> {
        let ids = self.by_session.get(&key).into_iter().flatten();
        let places = ids.filter_map(|(_, id)| self.open.get(id).map(|it| (id.clone(), it.clone())));
        places.collect()
    }

    /// Returns everything that is open.
    pub(super) fn all_open(&self) -> impl Iterator<Item = (&PromptId, &Place)> {
        self.open.iter()
    }

    pub(super) fn open_of(&self, chat: ChatId) -> Vec<PromptId> {
        let of_chat = self.by_session.iter().filter(|(key, _)| key.chat == chat);
        of_chat.flat_map(|(_, ids)| ids.values().cloned()).collect()
    }

    /// Returns the sessions with something open, whoever waits longest first.
    pub(super) fn sessions(&self) -> Vec<SessionKey> {
        let first = |(key, ids): (&SessionKey, &BTreeMap<u64, PromptId>)| {
            ids.first_key_value().map(|(number, _)| (*number, *key))
        };
        let mut sessions: Vec<_> = self.by_session.iter().filter_map(first).collect();
        sessions.sort_unstable();
        sessions.into_iter().map(|(_, key)| key).collect()
    }

    pub(super) fn kept(&self, id: PostId) -> Option<Kept> {
        self.posts.get(&id).copied()
    }

    /// Tells whether a post is kept in just this form.
    pub(super) fn keeps_the_same(&self, id: PostId, post: &StoredPost) -> bool {
        let kept = self.posts.get(&id);
        kept.is_some_and(|kept| kept.digest == digest_of(post))
    }

    /// Returns every kept post in the order of the ids.
    pub(super) fn posts(&self) -> Vec<(PostId, Kept)> {
        self.posts.iter().map(|(id, kept)| (*id, *kept)).collect()
    }

    pub(super) fn knows(&self, what: Came, mark: Mark) -> bool {
        self.marks.contains(&(what, mark))
    }

    /// Returns a window, the oldest mark first.
    pub(super) fn window(&self, what: Came) -> Vec<Mark> {
        let window = match what {
            Came::Update => &self.updates,
            Came::Instruction => &self.instructions,
            Came::Sent => &self.sent,
        };
        window.iter().copied().collect()
    }

    /// Says where the records lie in a new segment: those of the snapshot as it says, those behind
    /// it so much further on.
    pub(in crate::store) fn relocate(&mut self, moved: &Moved) {
        for (id, place) in &mut self.open {
            let new = moved.open.get(id).copied();
            place.spot = moved.spot(place.spot, new);
        }
        for (id, kept) in &mut self.posts {
            let new = moved.posts.get(id).copied();
            kept.spot = moved.spot(kept.spot, new);
        }
    }
}

impl Place {
    fn new(number: u64, key: SessionKey, spot: Spot, is_prompt: bool) -> Self {
        Self {
            number,
            key,
            spot,
            is_prompt,
            stage: None,
        }
    }
}

fn digest_of(post: &StoredPost) -> u64 {
    let mut hasher = DefaultHasher::new();
    post.hash(&mut hasher);
    hasher.finish()
}
