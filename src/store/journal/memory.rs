//! What is known of the journal without reading it: where each open record lies, and which
//! updates and instructions came lately.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use bridge_actors::ids::{ChatId, PostId, PromptId, SessionKey};
use bridge_actors::ports::{Stage, StoreError};

use super::super::sled_store::store_error;
use super::instruction::StoredInstruction;
use super::keys::{self, Kind, MarkKind, Slot};
use super::parts;
use super::stored::{self, StoredPrompt, StoredStage};

/// How many updates, and how many instructions, are remembered: some forty full batches of each.
pub(super) const WINDOW: usize = 4096;

/// Where something that is open lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) number: u64,
    pub(super) key: SessionKey,
    pub(super) parts: u16,
    pub(super) content: Content,
}

/// What lies at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// A prompt, and how far it has come.
    Prompt { stage: Stage, replays: u32 },
    /// Another instruction.
    Instruction,
}

/// Where the record of a kept post lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeptRecord {
    pub(super) parts: u16,
    /// Tells whether it is the same again, so that it need not be written again; not known of
    /// what an earlier run wrote.
    pub(super) digest: Option<u64>,
}

/// What is known of the journal.
#[derive(Debug, Default)]
pub(super) struct Memory {
    open: HashMap<PromptId, Place>,
    by_session: HashMap<SessionKey, BTreeMap<u64, PromptId>>,
    posts: BTreeMap<PostId, KeptRecord>,
    marks: HashSet<(MarkKind, u128)>,
    updates: VecDeque<(u64, u128)>,
    accepted: VecDeque<(u64, u128)>,
    next_number: u64,
}

impl Memory {
    /// Reads the whole tree once.
    pub(super) fn read(tree: &sled::Tree) -> Result<Self, StoreError> {
        let mut memory = Self::default();
        let mut prompts: BTreeMap<u64, u16> = BTreeMap::new();
        let mut instructions: BTreeMap<u64, u16> = BTreeMap::new();
        for entry in tree {
            let (key, value) = entry.map_err(store_error)?;
            let kind = keys::parse(&key).map_err(|error| StoreError(error.to_string()))?;
            let number = match kind {
                Kind::Part(Slot::Prompt(number), part) => {
                    prompts.insert(number, part + 1);
                    number
                }
                Kind::Part(Slot::Instruction(number), part) => {
                    instructions.insert(number, part + 1);
                    number
                }
                Kind::Part(Slot::Post(number), part) => {
                    let record = KeptRecord {
                        parts: part + 1,
                        digest: None,
                    };
                    memory.posts.insert(PostId(number), record);
                    // Posts have numbers of their own.
                    continue;
                }
                Kind::Mark(kind, number) => {
                    let mark = stored::decode_mark(&value)?;
                    memory.window(kind).push_back((number, mark));
                    memory.marks.insert((kind, mark));
                    number
                }
                Kind::Stage(_) | Kind::Departed(_) => continue,
            };
            memory.next_number = memory.next_number.max(number + 1);
        }
        for (number, parts) in prompts {
            memory.read_prompt(tree, number, parts)?;
        }
        for (number, parts) in instructions {
            memory.read_instruction(tree, number, parts)?;
        }
        Ok(memory)
    }

    fn read_prompt(
        &mut self,
        tree: &sled::Tree,
        number: u64,
        parts: u16,
    ) -> Result<(), StoreError> {
        let stored: StoredPrompt = parts::read(tree, Slot::Prompt(number), parts)?;
        let bytes = tree.get(keys::stage(number)).map_err(store_error)?;
        let StoredStage { replays, .. } = StoredStage::decode(bytes.as_deref())?;
        let stage = StoredStage::decode(bytes.as_deref())?.stage();
        let place = Place {
            number,
            key: stored.key(),
            parts,
            content: Content::Prompt { stage, replays },
        };
        self.insert(stored.prompt().id, place);
        Ok(())
    }

    fn read_instruction(
        &mut self,
        tree: &sled::Tree,
        number: u64,
        parts: u16,
    ) -> Result<(), StoreError> {
        let stored: StoredInstruction = parts::read(tree, Slot::Instruction(number), parts)?;
        let place = Place {
            number,
            key: stored.key(),
            parts,
            content: Content::Instruction,
        };
        self.insert(stored.instruction().id().clone(), place);
        Ok(())
    }

    pub(super) fn next_number(&mut self) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        number
    }

    pub(super) fn place(&self, id: &PromptId) -> Option<&Place> {
        self.open.get(id)
    }

    /// Notes where something lies, in place of where it lay before.
    pub(super) fn insert(&mut self, id: PromptId, place: Place) {
        self.remove(&id);
        let of_session = self.by_session.entry(place.key).or_default();
        of_session.insert(place.number, id.clone());
        self.open.insert(id, place);
    }

    pub(super) fn remove(&mut self, id: &PromptId) {
        let Some(place) = self.open.remove(id) else {
            return;
        };
        if let Some(of_session) = self.by_session.get_mut(&place.key) {
            of_session.remove(&place.number);
            if of_session.is_empty() {
                self.by_session.remove(&place.key);
            }
        }
    }

    /// Returns where what is open of a session lies, in the order in which it came.
    pub(super) fn places_of(&self, key: SessionKey) -> Vec<Place> {
        let ids = self.by_session.get(&key).into_iter().flatten();
        let places = ids.filter_map(|(_, id)| self.open.get(id));
        places.cloned().collect()
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

    pub(super) fn keeps(&self, id: PostId) -> bool {
        self.posts.contains_key(&id)
    }

    pub(super) fn kept(&self, id: PostId) -> Option<KeptRecord> {
        self.posts.get(&id).copied()
    }

    pub(super) fn keep(&mut self, id: PostId, record: KeptRecord) {
        self.posts.insert(id, record);
    }

    pub(super) fn forget_post(&mut self, id: PostId) -> Option<KeptRecord> {
        self.posts.remove(&id)
    }

    pub(super) fn posts(&self) -> Vec<(PostId, u16)> {
        let posts = self.posts.iter();
        posts.map(|(id, record)| (*id, record.parts)).collect()
    }

    pub(super) fn knows(&self, kind: MarkKind, mark: u128) -> bool {
        self.marks.contains(&(kind, mark))
    }

    /// Puts a mark into the window; the oldest one of its kind goes when it is full.
    pub(super) fn remember(
        &mut self,
        batch: &mut sled::Batch,
        kind: MarkKind,
        mark: u128,
    ) -> Result<(), StoreError> {
        if !self.marks.insert((kind, mark)) {
            return Ok(());
        }
        let number = self.next_number();
        batch.insert(keys::mark(kind, number), stored::encode_mark(mark)?);
        let window = self.window(kind);
        window.push_back((number, mark));
        if window.len() > WINDOW
            && let Some((oldest, mark)) = window.pop_front()
        {
            batch.remove(keys::mark(kind, oldest));
            self.marks.remove(&(kind, mark));
        }
        Ok(())
    }

    fn window(&mut self, kind: MarkKind) -> &mut VecDeque<(u64, u128)> {
        match kind {
            MarkKind::Update => &mut self.updates,
            MarkKind::Instruction => &mut self.accepted,
        }
    }
}
