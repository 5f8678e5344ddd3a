//! How often an outbox looks at its posts, and that it never sleeps while they wait.

use std::time::Duration;

use crate::alarm::is_needed;
use crate::clock::Time;
use crate::ids::{ChatId, MessageId, PostId, SessionKey};
use crate::outbox::flights::Departure;
use crate::outbox::schedule::Schedule;
use crate::outbox::{Body, Delivered, Perform, Post, PostAction, PostError, Rank, Sound};

/// The chat that Telegram asks to wait whenever it is written to.
const HELD_CHAT: i64 = 7;

/// An outbox without actors.
struct Double {
    schedule: Schedule,
    now: Time,
    armed: Option<Time>,
    n_pumps: usize,
}

impl Double {
    fn pump(&mut self) {
        self.n_pumps += 1;
        for Departure { ticket, call, .. } in self.schedule.next(self.now).departures {
            let is_held = matches!(&call, Perform::Send { key, .. } if key.chat.0 == HELD_CHAT);
            let result = match is_held {
                // What waits far ahead, so that earlier wake-ups come before it.
                true => Err(PostError::RetryAfter {
                    after: Duration::from_secs(20),
                }),
                false => Ok(Delivered {
                    message: Some(MessageId(1)),
                    parts: 1,
                    others: Vec::new(),
                }),
            };
            self.schedule.on_outcome(ticket, result, self.now);
        }
        let wake_at = self.schedule.next(self.now).wake_at;
        self.armed = match wake_at {
            Some(at) if is_needed(self.armed, at) => Some(at),
            Some(_) | None => self.armed,
        };
    }

    /// Lets time pass. The post comes in the moment in which timers ring, and is seen first.
    fn step(&mut self, span: Duration, post: Post) {
        self.now = self.now + span;
        self.schedule.push(post);
        self.pump();
        let now = self.now;
        if self.armed.take_if(|at| *at <= now).is_some() {
            self.pump();
        }
    }
}

fn post(chat: i64, id: u64) -> Post {
    let action = PostAction::Send {
        id: PostId(id),
        body: Body::Plain("x".to_owned()),
        reply_to: None,
        sound: Sound::Ring,
    };
    Post {
        key: SessionKey::of_chat(ChatId(chat)),
        action,
        rank: Rank::Answer,
    }
}

#[test]
fn ten_thousand_posts_are_looked_at_twice_at_most_and_never_forgotten() {
    let mut double = Double {
        schedule: Schedule::new(bridge_texts::Language::English),
        now: Time::ZERO + Duration::from_secs(1000),
        armed: None,
        n_pumps: 0,
    };
    for id in 0..10_000 {
        // Groups and private chats, faster than they may be written to.
        let chat = [1, -2, HELD_CHAT, 3, -4][(id % 5) as usize];
        double.step(Duration::from_millis(300 * (id % 7)), post(chat, id));
        let is_woken = double.armed.is_some();
        assert!(
            is_woken || double.schedule.is_idle(),
            "posts wait for nobody"
        );
    }
    let n_pumps = double.n_pumps;
    assert!(n_pumps <= 20_000, "{n_pumps} looks for 10,000 posts");
}
