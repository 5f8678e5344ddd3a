//! Pure: what a call comes to, as changes of the journal.

use bridge_actors::ids::{ChatId, PostId, PromptId, SessionKey, Trace, UpdateMark};
use bridge_actors::outbox::Post;
use bridge_actors::ports::{Acceptance, JournalEntry, Stage, StoreError};
use bridge_actors::session::{Instruct, Prompt};

use super::change::{Came, Change, Mark};
use super::state::State;
use super::stored::{StoredPost, StoredStage};

/// Takes an instruction in, unless it came before.
pub(super) fn accept(
    state: &State,
    key: SessionKey,
    instruction: &Instruct,
) -> (Vec<Change>, Acceptance) {
    let mark = Mark::of(instruction.id());
    if state.knows(Came::Instruction, mark) {
        return (Vec::new(), Acceptance::Known);
    }
    let number = state.next_number();
    let opened = match instruction.clone() {
        Instruct::Prompt(prompt) | Instruct::Reply { prompt, .. } => Change::Prompt {
            number,
            key,
            prompt,
        },
        instruction @ (Instruct::Replace(_)
        | Instruct::Command(_)
        | Instruct::Press(_)
        | Instruct::StopDraft(_)
        | Instruct::Rate(_)) => Change::Instruction {
            number,
            key,
            instruction,
        },
    };
    (vec![opened, came(mark)], Acceptance::New)
}

/// Notes what messages were, among the instructions of their time.
pub(super) fn note_traces(state: &State, traces: &[Trace]) -> Vec<Change> {
    let marks = traces.iter().map(Mark::of_trace);
    let marks: Vec<_> = marks
        .filter(|mark| !state.knows(Came::Instruction, *mark))
        .collect();
    let what = Came::Instruction;
    match marks.is_empty() {
        true => Vec::new(),
        false => vec![Change::Came { what, marks }],
    }
}

/// Writes down what a step of a session came to.
pub(super) fn write(
    state: &State,
    key: SessionKey,
    entry: &JournalEntry,
    boot: &str,
) -> Result<Vec<Change>, StoreError> {
    // First, since what is accepted may take the place in the order of what is closed.
    let closed = entry.closed.iter().filter(|id| state.place(id).is_some());
    let mut changes: Vec<_> = closed.cloned().map(Change::Closed).collect();
    let mut next = state.next_number();
    let mut given = Vec::new();
    for prompt in &entry.accepted {
        let mark = Mark::of(&prompt.id);
        if !entry.closed.contains(&prompt.id) {
            // Two in one place would be one too few.
            let number = place_in_order(state, entry, prompt).filter(|it| !given.contains(it));
            let number = number.unwrap_or_else(|| {
                next += 1;
                next - 1
            });
            given.push(number);
            let prompt = prompt.clone();
            changes.push(Change::Prompt {
                number,
                key,
                prompt,
            });
        }
        if !state.knows(Came::Instruction, mark) {
            changes.push(came(mark));
        }
    }
    changes.extend(stages(state, entry, boot));
    for post in &entry.posts {
        if let Some(id) = post.id() {
            changes.extend(keep(state, id, post)?);
        }
    }
    Ok(changes)
}

/// Returns the number of an accepted prompt: what an instruction came to keeps its place in the
/// order, or takes that of a prompt that is closed with it. `None` when it is a new one.
fn place_in_order(state: &State, entry: &JournalEntry, prompt: &Prompt) -> Option<u64> {
    let formers = entry.formers_of(&prompt.id);
    let formers = formers.filter(|id| entry.closed.contains(id));
    let former = formers.filter_map(|id| state.place(id)).last();
    former
        .or_else(|| state.place(&prompt.id))
        .map(|it| it.number)
}

/// Returns how far prompts have come that are open when all else of the entry is written.
fn stages(state: &State, entry: &JournalEntry, boot: &str) -> Vec<Change> {
    let mut seen: Vec<&PromptId> = Vec::new();
    let told = entry.stages.iter().map(|(id, _)| id);
    for id in told.chain(&entry.replayed) {
        let is_new = entry.accepted.iter().any(|prompt| prompt.id == *id);
        let is_open = state.place(id).is_some_and(|place| place.is_prompt) || is_new;
        if is_open && !entry.closed.contains(id) && !seen.contains(&id) {
            seen.push(id);
        }
    }
    let stage = |id: &PromptId| {
        let is_new = entry.accepted.iter().any(|prompt| prompt.id == *id);
        let before = state.place(id).filter(|_| !is_new);
        let before = before.and_then(|place| place.stage.as_ref());
        let replays = before.map_or(0, |stage| stage.replays) + replays_in(entry, id);
        let latest = entry.stages.iter().rfind(|(of, _)| of == id);
        let latest = latest.map(|(_, stage)| stage);
        let stage = latest.or(before.map(|before| &before.at));
        let stage = StoredStage::of(stage.unwrap_or(&Stage::Accepted), boot, replays);
        let id = id.clone();
        Change::Stage { id, stage }
    };
    seen.into_iter().map(stage).collect()
}

fn replays_in(entry: &JournalEntry, id: &PromptId) -> u32 {
    u32::from(entry.replayed.contains(id))
}

/// Gives what is open of a session to another one.
pub(super) fn move_session(state: &State, from: SessionKey, to: SessionKey) -> Vec<Change> {
    let places = state.places_of(from).into_iter();
    places
        .map(|(id, _)| Change::Moved { id, key: to })
        .collect()
}

/// Closes what is open of a chat.
pub(super) fn close_chat(state: &State, chat: ChatId) -> Vec<Change> {
    let open = state.open_of(chat).into_iter();
    open.map(Change::Closed).collect()
}

/// Notes updates that were dealt with.
pub(super) fn remember(state: &State, updates: &[UpdateMark]) -> Vec<Change> {
    let marks = updates.iter().map(|update| Mark(update.0));
    let marks: Vec<_> = marks
        .filter(|mark| !state.knows(Came::Update, *mark))
        .collect();
    let what = Came::Update;
    match marks.is_empty() {
        true => Vec::new(),
        false => vec![Change::Came { what, marks }],
    }
}

/// Keeps a post, unless it is kept in this form.
pub(super) fn keep(state: &State, id: PostId, post: &Post) -> Result<Option<Change>, StoreError> {
    let post = StoredPost::of(post)?;
    let is_new = !state.keeps_the_same(id, &post);
    Ok(is_new.then_some(Change::Post { id: id.0, post }))
}

/// Notes that a message of a post is about to leave.
pub(super) fn departs(state: &State, id: PostId, part: usize) -> Vec<Change> {
    let kept = state.kept(id);
    kept.iter()
        .map(|_| Change::Departed { id: id.0, part })
        .collect()
}

/// Forgets a post; what was sent until then rides along.
pub(super) fn settle(state: &State, id: PostId) -> Vec<Change> {
    let kept = state.kept(id).map(|_| Change::Settled(id.0));
    let sent = kept.iter().flat_map(|_| note_sent(state));
    let sent: Vec<_> = sent.collect();
    kept.into_iter().chain(sent).collect()
}

/// Writes down which messages were sent.
pub(super) fn note_sent(state: &State) -> Vec<Change> {
    let what = Came::Sent;
    let marks = state.unwritten().to_vec();
    match marks.is_empty() {
        true => Vec::new(),
        false => vec![Change::Came { what, marks }],
    }
}

fn came(mark: Mark) -> Change {
    let what = Came::Instruction;
    let marks = vec![mark];
    Change::Came { what, marks }
}
