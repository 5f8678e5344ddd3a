//! A login that is under way: its page was shown, and the code of it is waited for.

use std::time::Duration;

use crate::clock::Time;
use crate::form::Page;
use crate::ids::{MessageId, PostId, UserId};
use crate::outbox::{Body, Button, Rank, Sound};
use crate::session::buttons::Meaning;
use crate::session::step::Step;

/// How long a code is waited for. The agent that knows the login stays for it.
const CODE_LIMIT: Duration = Duration::from_secs(600);

/// A login that waits for its code.
#[derive(Debug)]
pub(super) struct Login {
    pub(super) by: UserId,
    pub(super) until: Time,
    post: PostId,
    message: Option<MessageId>,
}

impl Login {
    /// Shows the page of a login.
    pub(super) fn begin(
        by: UserId,
        (page, reply_to): (&Page, Option<MessageId>),
        step: &mut Step<'_>,
    ) -> Self {
        let cancel = Button {
            label: step.say().button_cancel(),
            data: Meaning::LoginOff.data(),
        };
        let (text, rows) = match &page.link {
            Some(link) => {
                let open = Button::to_page(step.say().button_log_in(), link);
                let text = step.say().login_page(&page.host);
                (text, vec![vec![open], vec![cancel]])
            }
            None => (
                step.say().login_address(&page.host, &page.shown),
                vec![vec![cancel]],
            ),
        };
        let body = Body::Live {
            text,
            code: None,
            rows,
        };
        Self {
            by,
            until: step.now() + CODE_LIMIT,
            post: step.send(body, reply_to, (Rank::Answer, Sound::Silent)),
            message: None,
        }
    }

    /// Notes which message shows it.
    pub(super) fn on_shown(&mut self, post: PostId, message: MessageId) {
        if self.post == post {
            self.message = Some(message);
        }
    }

    /// Returns the message that shows it.
    pub(super) fn message(&self) -> Option<MessageId> {
        self.message
    }

    /// Takes the buttons away, and says why.
    pub(super) fn close(self, text: String, step: &mut Step<'_>) {
        let body = Body::Live {
            text,
            code: None,
            rows: Vec::new(),
        };
        step.close((self.post, self.message), body, Rank::Answer);
    }
}
