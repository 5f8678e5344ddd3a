//! Random histories against what a chat must see in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;

use super::super::*;
use super::desk::{draft, edit, notice, send, text};
use crate::ids::MessageId;
use crate::outbox::Rejection;
use crate::outbox::Repeat;
use crate::outbox::pace::{Pace, chat_pace};
use crate::outbox::{Body, Half, Perform, Rank, Sign};

const CHATS: [i64; 3] = [1, 2, -3];

#[derive(Debug, Clone)]
enum Step {
    Send {
        chat: usize,
        rank: Rank,
    },
    Edit {
        post: prop::sample::Index,
        rank: Rank,
    },
    /// Of a private chat; it says which posts are older than it.
    Draft {
        chat: usize,
    },
    Answer {
        call: prop::sample::Index,
        fate: Fate,
    },
    Pass(Duration),
}

/// What becomes of a call, as the world knows it.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Done,
    DoneInParts,
    DoneUnheard,
    NeverArrived,
    Unreachable,
    RetryAfter(u64),
    TooLong,
    MarkupRefused,
    Rejected,
    MessageGone,
    ChatGone,
    TokenRefused,
}

/// The world: the calls in flight, and what each chat has seen.
struct World {
    now: Time,
    wake_at: Option<Time>,
    flying: Vec<(Ticket, Perform)>,
    posts: Vec<(ChatId, u32)>,
    departures: BTreeMap<ChatId, Vec<Time>>,
    quiet_until: BTreeMap<ChatId, Time>,
    /// Post and version in the order in which they appeared or changed.
    seen: BTreeMap<ChatId, Vec<(u64, u32)>>,
    /// By text, part and piece.
    arrivals: BTreeMap<(String, (usize, Vec<bool>)), u32>,
    losses: BTreeMap<ChatId, usize>,
    /// Where an answer of unknown fate has let others pass.
    overtaken: BTreeSet<ChatId>,
    messages: i64,
}

impl World {
    fn new() -> Self {
        Self {
            now: Time::ZERO + Duration::from_secs(1000),
            wake_at: None,
            flying: Vec::new(),
            posts: Vec::new(),
            departures: BTreeMap::new(),
            quiet_until: BTreeMap::new(),
            seen: BTreeMap::new(),
            arrivals: BTreeMap::new(),
            losses: BTreeMap::new(),
            overtaken: BTreeSet::new(),
            messages: 0,
        }
    }

    fn pump(&mut self, schedule: &mut Schedule) {
        let next = schedule.next(self.now);
        self.wake_at = next.wake_at;
        for fact in next.facts {
            self.note(fact);
        }
        for Departure { ticket, call, .. } in next.departures {
            let chat = chat_of(&call);
            assert!(
                self.flying.iter().all(|(_, other)| chat_of(other) != chat),
                "two calls in flight for one chat"
            );
            let quiet_until = self.quiet_until.get(&chat).copied();
            assert!(
                quiet_until.is_none_or(|until| until <= self.now),
                "retry_after is violated"
            );
            self.departures.entry(chat).or_default().push(self.now);
            self.flying.push((ticket, call));
        }
    }

    fn note(&mut self, fact: Fact) {
        match fact {
            Fact::Dropped { key, .. } => *self.losses.entry(key.chat).or_default() += 1,
            Fact::ChatGone {
                key,
                answers,
                notices,
                ..
            } => *self.losses.entry(key.chat).or_default() += answers + notices,
            Fact::Rests { key, .. } => {
                self.overtaken.insert(key.chat);
            }
            Fact::TopicLeft { .. }
            | Fact::Retrying { .. }
            | Fact::SentPlain { .. }
            | Fact::SentOtherwise { .. }
            | Fact::ChatHeld { .. }
            | Fact::BotHeld { .. }
            | Fact::Migrated { .. }
            | Fact::TokenRefused { .. }
            | Fact::DraftRefused { .. }
            | Fact::SignFailed { .. } => {}
        }
    }

    fn answer(&mut self, schedule: &mut Schedule, index: usize, fate: Fate) {
        let (ticket, call) = self.flying.remove(index);
        let chat = chat_of(&call);
        let error = |error| Err(error);
        let result = match fate {
            Fate::Done => Ok(self.perform(&call, 1)),
            Fate::DoneInParts => Ok(self.perform(&call, 2)),
            Fate::DoneUnheard => {
                self.perform(&call, 1);
                error(PostError::FateUnknown("silence".into()))
            }
            Fate::NeverArrived => error(PostError::FateUnknown("silence".into())),
            Fate::Unreachable => error(PostError::NotDelivered("no route".into())),
            Fate::RetryAfter(seconds) => {
                let after = Duration::from_secs(seconds);
                self.quiet_until.insert(chat, self.now + after);
                error(PostError::RetryAfter { after })
            }
            Fate::TooLong => error(PostError::TooLong("long".into())),
            Fate::MarkupRefused => error(PostError::MarkupRefused("no".into())),
            Fate::Rejected => error(PostError::Rejected(Rejection::Telegram("no".into()))),
            Fate::MessageGone => error(PostError::MessageGone("no".into())),
            Fate::TokenRefused => error(PostError::TokenRefused),
            Fate::ChatGone => error(PostError::ChatGone("no".into())),
        };
        schedule.on_outcome(ticket, result, self.now);
        self.pump(schedule);
    }

    fn perform(&mut self, call: &Perform, parts: usize) -> Delivered {
        self.messages += 1;
        let (body, piece) = match call {
            Perform::Send {
                body, part, fit, ..
            } => (body, (*part, fit.halves().map(is_second).collect())),
            Perform::Edit { body, .. } => (body, (0, Vec::new())),
            Perform::Sign(Sign::Draft(draft)) => {
                self.see_draft(draft.key.chat, draft.markdown.parse().unwrap());
                return Delivered {
                    message: None,
                    parts: 1,
                    others: Vec::new(),
                };
            }
            Perform::Sign(_) | Perform::Leave { .. } => {
                return Delivered {
                    message: None,
                    parts: 1,
                    others: Vec::new(),
                };
            }
        };
        let done = Delivered {
            message: Some(MessageId(self.messages)),
            parts,
            others: Vec::new(),
        };
        if let Body::Plain(words) = body
            && words.starts_with('⚠')
        {
            return done;
        }
        let content = text(body).replace("plain:", "");
        let (post, version) = content.split_once('.').unwrap();
        let seen = (post.parse().unwrap(), version.parse().unwrap());
        self.seen.entry(chat_of(call)).or_default().push(seen);
        if let Perform::Send { repeat, .. } = call {
            let arrivals = self.arrivals.entry((text(body), piece)).or_default();
            *arrivals += 1;
            assert!(
                *arrivals == 1 || *repeat == Repeat::Possible,
                "a repeat without a mark"
            );
        }
        done
    }

    fn see_draft(&self, chat: ChatId, n_older: u64) {
        let mut seen = self.seen.get(&chat).into_iter().flatten();
        let newer = seen.find(|(post, _)| *post >= n_older);
        assert!(
            newer.is_none(),
            "a draft behind the message it became: {newer:?}"
        );
    }

    fn step(&mut self, schedule: &mut Schedule, step: Step) {
        match step {
            Step::Send { chat, rank } => {
                let id = self.posts.len() as u64;
                let chat = CHATS[chat];
                self.posts.push((ChatId(chat), 0));
                schedule.push(ranked(send(chat, id, &format!("{id}.0")), rank));
            }
            Step::Edit { post, rank } if !self.posts.is_empty() => {
                let id = post.index(self.posts.len());
                let (chat, version) = &mut self.posts[id];
                *version += 1;
                let content = format!("{id}.{version}");
                schedule.push(ranked(edit(chat.0, id as u64, &content), rank));
            }
            Step::Draft { chat } => {
                let n_older = self.posts.len().to_string();
                schedule.sign(draft(CHATS[chat], &n_older), self.now);
            }
            Step::Answer { call, fate } if !self.flying.is_empty() => {
                self.answer(schedule, call.index(self.flying.len()), fate);
            }
            Step::Edit { .. } | Step::Answer { .. } => {}
            Step::Pass(span) => self.pass(schedule, span),
        }
        self.pump(schedule);
    }

    fn pass(&mut self, schedule: &mut Schedule, span: Duration) {
        let end = self.now + span;
        while let Some(wake_at) = self.wake_at.filter(|at| *at <= end) {
            self.now = self.now.max(wake_at);
            self.pump(schedule);
            assert!(self.wake_at.is_none_or(|at| at > self.now));
        }
        self.now = end;
    }

    fn run_dry(&mut self, schedule: &mut Schedule) {
        loop {
            if !self.flying.is_empty() {
                self.answer(schedule, 0, Fate::Done);
            } else if let Some(wake_at) = self.wake_at {
                self.pass(schedule, wake_at.since(self.now));
            } else {
                break;
            }
        }
        assert!(schedule.is_idle(), "posts wait, and there is no wake-up");
    }
}

fn is_second(half: Half) -> bool {
    half == Half::Second
}

fn ranked(post: Post, rank: Rank) -> Post {
    match rank {
        Rank::Answer => post,
        Rank::Notice => notice(post),
    }
}

fn chat_of(call: &Perform) -> ChatId {
    match call {
        Perform::Send { key, .. } | Perform::Edit { key, .. } => key.chat,
        Perform::Sign(Sign::Typing { key }) => key.chat,
        Perform::Sign(Sign::Draft(draft)) => draft.key.chat,
        Perform::Sign(Sign::React { chat, .. } | Sign::Delete { chat, .. })
        | Perform::Leave { chat } => *chat,
        Perform::Sign(Sign::AnswerCallback { .. }) => ChatId(0),
    }
}

fn assert_paced(times: &[Time], Pace { burst, interval }: Pace) {
    let burst = burst as usize;
    for first in 0..times.len() {
        for last in first + burst..times.len() {
            let earned = u32::try_from(last - first - burst + 1).unwrap();
            assert!(times[last].since(times[first]) >= interval * earned);
        }
    }
}

fn assert_told(world: &World) {
    for (chat, times) in &world.departures {
        assert_paced(times, chat_pace(*chat));
    }
    let mut all: Vec<Time> = world.departures.values().flatten().copied().collect();
    all.sort();
    assert_paced(&all, BOT_PACE);
    for chat in CHATS.map(ChatId) {
        let seen = world.seen.get(&chat).cloned().unwrap_or_default();
        let losses = world.losses.get(&chat).copied().unwrap_or_default();
        let posts = (0u64..)
            .zip(&world.posts)
            .filter(|(_, post)| post.0 == chat);
        let mut unseen = 0;
        for (id, (_, version)) in posts {
            let last = seen.iter().rev().find(|(post, _)| *post == id);
            unseen += usize::from(last.is_none_or(|(_, seen)| seen != version));
        }
        assert!(unseen <= losses, "{unseen} unseen, only {losses} told");
        if losses == 0 && !world.overtaken.contains(&chat) {
            let mut first_seen: Vec<u64> = Vec::new();
            for (post, _) in seen {
                if !first_seen.contains(&post) {
                    first_seen.push(post);
                }
            }
            assert!(first_seen.is_sorted(), "posts out of order: {first_seen:?}");
        }
    }
}

fn rank() -> impl Strategy<Value = Rank> {
    prop_oneof![Just(Rank::Answer), Just(Rank::Notice)]
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        8 => Just(Fate::Done),
        2 => Just(Fate::DoneInParts),
        1 => Just(Fate::DoneUnheard),
        1 => Just(Fate::NeverArrived),
        2 => Just(Fate::Unreachable),
        1 => (1u64..100).prop_map(Fate::RetryAfter),
        2 => Just(Fate::TooLong),
        1 => Just(Fate::MarkupRefused),
        1 => Just(Fate::Rejected),
        1 => Just(Fate::MessageGone),
        1 => Just(Fate::ChatGone),
        1 => Just(Fate::TokenRefused),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        3 => (0..CHATS.len(), rank()).prop_map(|(chat, rank)| Step::Send { chat, rank }),
        3 => (index(), rank()).prop_map(|(post, rank)| Step::Edit { post, rank }),
        2 => (0..2usize).prop_map(|chat| Step::Draft { chat }),
        5 => (index(), fate()).prop_map(|(call, fate)| Step::Answer { call, fate }),
        2 => (0u64..5000).prop_map(|ms| Step::Pass(Duration::from_millis(ms))),
    ]
}

proptest! {
    #[test]
    fn every_chat_sees_its_posts_in_order_at_its_pace_or_is_told_of_the_loss(
        steps in prop::collection::vec(step(), 1..120)
    ) {
        let mut schedule = Schedule::new(Language::English);
        let mut world = World::new();
        for step in steps {
            world.step(&mut schedule, step);
        }
        world.run_dry(&mut schedule);
        assert_told(&world);
    }
}
