//! The journal of the store and the one without a disk that the actors' tests use answer every
//! history alike; the one of the store also when it is opened anew or changes its segment at any
//! moment of it.

use bridge_actors::clock::UnixSeconds;
use bridge_actors::instruction::Role;
use bridge_actors::memory_journal::MemoryJournal;
use bridge_actors::money::{Bill, Charge, Charged, Day, SpentThere};
use bridge_actors::ports::{Lack, MoneyLedger, Then};
use bridge_actors::session::{Command, CommandKind};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use super::*;
use crate::store::keeper::Disk as _;

/// One call, or what may happen between two.
#[derive(Debug, Clone)]
enum Step {
    Accept(SessionKey, Instruct),
    Write(SessionKey, JournalEntry),
    Move(SessionKey, SessionKey),
    CloseChat(ChatId),
    Keep(Post),
    Departs(PostId, usize),
    Settle(PostId),
    /// The bridge is started anew.
    Reopen,
    /// What is open goes into a new segment.
    Checkpoint,
}

const IDS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

fn keys() -> [SessionKey; 4] {
    let topic = |topic| SessionKey {
        chat: ChatId(-5),
        topic,
    };
    [key(1), key(2), topic(None), topic(Some(TopicId(3)))]
}

fn any_key() -> impl Strategy<Value = SessionKey> {
    prop::sample::select(keys().to_vec())
}

fn any_id() -> impl Strategy<Value = PromptId> {
    prop::sample::select(IDS.to_vec()).prop_map(|id| PromptId(id.to_owned()))
}

fn some_ids(most: usize) -> impl Strategy<Value = Vec<PromptId>> {
    let ids: Vec<_> = IDS.iter().map(|id| PromptId((*id).to_owned())).collect();
    subsequence(ids, 0..=most)
}

fn any_stage() -> impl Strategy<Value = Stage> {
    let conversation = ConversationId("c".to_owned());
    let doing = Some("Bash".to_owned());
    let nonce = "n".to_owned();
    let not_begun = |lacks| {
        let nonce = "n".to_owned();
        Stage::NotBegun { nonce, lacks }
    };
    let halted = |then| Stage::Halted {
        nonce: "n".to_owned(),
        until: UnixSeconds(1_790_000_000),
        then,
        asked_in: (then == Then::GoesOn).then_some(MessageId(5)),
    };
    prop::sample::select(vec![
        Stage::Started { conversation },
        Stage::Begun { doing: None },
        not_begun(Lack::File),
        not_begun(Lack::Words),
        not_begun(Lack::Space),
        not_begun(Lack::Money { day: Day(2) }),
        not_begun(Lack::Consent { asked_in: None }),
        not_begun(Lack::Consent {
            asked_in: Some(MessageId(5)),
        }),
        halted(Then::Nothing),
        halted(Then::GoesOn),
        Stage::Interrupted { nonce, doing },
        Stage::Accepted,
    ])
}

fn any_instruction() -> impl Strategy<Value = Instruct> {
    (any_id(), "[a-z]{0,20}", 0..3).prop_map(|(id, text, kind)| match kind {
        0 => said(&id.0, &text),
        1 => Instruct::Replace(prompt(&id.0, &text)),
        _ => Instruct::Command(Command {
            id,
            by: UserId(7),
            role: Role::Admin,
            message: MessageId(2),
            kind: CommandKind::Stop,
        }),
    })
}

fn any_post() -> impl Strategy<Value = Post> {
    (0..4u64, "[a-z]{0,2}", any::<bool>()).prop_map(|(id, text, is_edit)| {
        let message = post(id, Body::Plain(text.clone()));
        if !is_edit {
            return message;
        }
        let action = PostAction::EditMessage {
            id: PostId(id),
            message: MessageId(50),
            body: Body::Plain(text),
        };
        Post { action, ..message }
    })
}

prop_compose! {
    /// What a step of a session can come to: what takes the place of another prompt is new with
    /// it, and the other one is closed.
    fn any_entry()(
        accepted in some_ids(3),
        closed in some_ids(2),
        replayed in some_ids(2),
        stages in vec((any_id(), any_stage()), 0..3),
        posts in vec(any_post(), 0..2),
        former in proptest::option::of((any_id(), any::<Index>())),
        text in "[a-z]{0,20}",
        charges in vec(any_charge(), 0..3),
    ) -> JournalEntry {
        let mut closed = closed;
        let mut replaced = Vec::new();
        if let (Some((former, index)), false) = (former, accepted.is_empty()) {
            let new = index.get(&accepted).clone();
            if !accepted.contains(&former) {
                replaced.push((former.clone(), new));
                closed.push(former);
            }
        }
        let accepted = accepted.iter().map(|id| prompt(&id.0, &text)).collect();
        JournalEntry { accepted, replaced, stages, replayed, closed, posts, charges }
    }
}

fn any_charge() -> impl Strategy<Value = Charge> {
    let cost = proptest::option::of(0..1_000_000u64);
    let of = prop_oneof![
        Just(Charged::Turn),
        Just(Charged::Itself),
        (0..9u64).prop_map(|to| Charged::Allowed { to }),
    ];
    let fields = (1..4i64, 1..3u32, of, cost);
    fields.prop_map(|(user, day, of, cost)| Charge {
        by: UserId(user),
        day: Day(day),
        of,
        bill: Bill { cost, tokens: 3 },
    })
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (any_key(), any_instruction()).prop_map(|(key, it)| Step::Accept(key, it)),
        8 => (any_key(), any_entry()).prop_map(|(key, entry)| Step::Write(key, entry)),
        2 => (any_key(), any_key()).prop_map(|(from, to)| Step::Move(from, to)),
        1 => any_key().prop_map(|key| Step::CloseChat(key.chat)),
        4 => any_post().prop_map(Step::Keep),
        2 => (0..4u64, 0..3usize).prop_map(|(id, part)| Step::Departs(PostId(id), part)),
        2 => (0..4u64).prop_map(|id| Step::Settle(PostId(id))),
        1 => Just(Step::Reopen),
        1 => Just(Step::Checkpoint),
    ]
}

/// What a journal answers to a call.
fn call<J: PromptJournal + PostJournal>(journal: &J, step: &Step) -> Option<Acceptance> {
    match step {
        Step::Accept(key, instruction) => return Some(journal.accept(*key, instruction).unwrap()),
        Step::Write(key, entry) => journal.write(*key, entry).unwrap(),
        Step::Move(from, to) => journal.move_session(*from, *to).unwrap(),
        Step::CloseChat(chat) => journal.close_chat(*chat).unwrap(),
        Step::Keep(post) => journal.keep(post.id().unwrap(), post).unwrap(),
        Step::Departs(id, part) => journal.departs(*id, *part).unwrap(),
        Step::Settle(id) => journal.settle(*id).unwrap(),
        Step::Reopen | Step::Checkpoint => {}
    }
    None
}

/// All that a journal tells.
#[derive(Debug, PartialEq)]
struct Told {
    open: [Vec<Open>; 4],
    sessions: Vec<SessionKey>,
    kept: Vec<KeptPost>,
    read: [Option<KeptPost>; 4],
    spent: Vec<SpentThere>,
}

/// Asks all that can be asked.
fn look<J: PromptJournal + PostJournal + MoneyLedger>(journal: &J) -> Told {
    Told {
        open: keys().map(|key| journal.left_open(key).unwrap()),
        sessions: journal.open_sessions(),
        kept: journal.kept().unwrap(),
        read: [0, 1, 2, 3].map(|id| journal.read(PostId(id)).unwrap()),
        spent: journal.spent(Day(0), Day(2)).unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn both_journals_answer_every_history_alike(history in vec(any_step(), 1..40)) {
        let dir = tempfile::tempdir().unwrap();
        let double = MemoryJournal::default();
        let (mut store, mut disk) = Store::open_by_hand(dir.path()).unwrap();
        for step in history {
            if matches!(step, Step::Reopen) {
                disk.close().unwrap();
                drop((store, disk));
                (store, disk) = Store::open_by_hand(dir.path()).unwrap();
            }
            if matches!(step, Step::Checkpoint) {
                disk.checkpoint().unwrap();
            }
            prop_assert_eq!(call(&store, &step), call(&double, &step), "to {:?}", &step);
            prop_assert_eq!(look(&store), look(&double), "after {:?}", &step);
        }
    }
}
