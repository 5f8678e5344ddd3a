//! What the wake-up promises.

use std::time::Duration;

use super::*;
use crate::ids::{ChatId, MessageId, PostId, SessionKey};
use crate::outbox::flights::Departure;
use crate::outbox::schedule::Schedule;
use crate::outbox::{Body, Delivered, Perform, Post, PostAction, PostError, Rank, Sound};

/// The chat that Telegram asks to wait whenever it is written to.
const HELD_CHAT: i64 = 7;

/// Timers that may be live at a time: those of a wait, and of what came before its end.
const MAX_LIVE: usize = 2;

/// An outbox without actors, whose timers are never taken back: each is live until it rings.
struct Double {
    schedule: Schedule,
    now: Time,
    wake_up: WakeUp,
    live: Vec<Alarm>,
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
                }),
            };
            self.schedule.on_outcome(ticket, result, self.now);
        }
        let wake_at = self.schedule.next(self.now).wake_at;
        self.live.extend(self.wake_up.set(wake_at));
    }

    /// Lets time pass. The post comes in the moment in which timers ring, and is seen first.
    fn step(&mut self, span: Duration, post: Post) {
        self.now = self.now + span;
        self.schedule.push(post);
        self.pump();
        let now = self.now;
        let ringing: Vec<Alarm> = self.live.extract_if(.., |alarm| alarm.at <= now).collect();
        for alarm in ringing {
            if self.wake_up.rings(alarm.number) {
                self.pump();
            }
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
fn ten_thousand_posts_leave_a_handful_of_timers_that_mean_nothing() {
    let mut double = Double {
        schedule: Schedule::new(),
        now: Time::ZERO + Duration::from_secs(1000),
        wake_up: WakeUp::default(),
        live: Vec::new(),
        n_pumps: 0,
    };
    for id in 0..10_000 {
        // Groups and private chats, faster than they may be written to.
        let chat = [1, -2, HELD_CHAT, 3, -4][(id % 5) as usize];
        double.step(Duration::from_millis(300 * (id % 7)), post(chat, id));
        let n_live = double.live.len();
        assert!(n_live <= MAX_LIVE, "{n_live} timers after {id} posts");
        let is_woken = double.wake_up.set.is_some();
        assert!(
            is_woken || double.schedule.is_idle(),
            "posts wait for nobody"
        );
    }
    let n_pumps = double.n_pumps;
    assert!(n_pumps <= 20_000, "{n_pumps} looks for 10,000 posts");
}

#[test]
fn a_timer_that_rings_soon_enough_stays_and_an_earlier_one_takes_its_place() {
    let at = |seconds| Some(Time::ZERO + Duration::from_secs(seconds));
    let mut wake_up = WakeUp::default();
    assert_eq!(wake_up.set(None), None);
    let first = wake_up.set(at(10)).unwrap();
    assert_eq!(wake_up.set(at(10)), None);
    assert_eq!(wake_up.set(at(20)), None);
    assert_eq!(wake_up.set(None), None);
    let second = wake_up.set(at(5)).unwrap();
    assert!(!wake_up.rings(first.number), "it was taken back");
    assert!(wake_up.rings(second.number));
    assert!(!wake_up.rings(second.number), "it has rung");
    assert!(wake_up.set(at(20)).is_some());
}
