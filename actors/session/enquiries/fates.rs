//! How enquiries come to nothing: their agent is gone, or nobody wants to know any more.

use super::Enquiries;
use super::asked::{Asked, State};
use crate::ids::UserId;
use crate::session::step::Step;

impl Enquiries {
    /// Takes in that an agent is gone which was to answer.
    pub(in crate::session) fn on_agent_gone(&mut self, step: &mut Step<'_>) {
        (self.changed_by, self.recalls) = (None, None);
        self.end_login(step.say().login_over(), step);
        let text = step.say().enquiry_agent_gone();
        self.give_up_where(Asked::is_sent, &text, step);
    }

    /// Tells everybody that no agent will answer, and why.
    pub(in crate::session) fn give_up(&mut self, why: &str, step: &mut Step<'_>) {
        self.give_up_where(|asked| !asked.is_at_room(), why, step);
    }

    /// Says why some of it comes to nothing. Where files may have changed, the room is asked first.
    pub(super) fn give_up_where(
        &mut self,
        is_one: impl Fn(&Asked) -> bool,
        why: &str,
        step: &mut Step<'_>,
    ) {
        for mut asked in std::mem::take(&mut self.asked) {
            if !is_one(&asked) || (asked.is_sent() && asked.seals_and_says(why.to_owned(), step)) {
                self.asked.push(asked);
            } else if asked.is_login_code() {
                asked.say(step.say().login_unknown(), step);
            } else {
                asked.say(why.to_owned(), step);
            }
        }
    }

    /// Drops what waits for an agent; returns how much that was.
    pub(in crate::session) fn drop_waiting(&mut self) -> usize {
        self.changed_by = None;
        (self
            .asked
            .extract_if(.., |asked| asked.state == State::Waits))
        .count()
    }

    /// Forgets what a person wants to know.
    pub(in crate::session) fn drop_of(&mut self, user: UserId, step: &mut Step<'_>) {
        self.asked.retain(|asked| asked.asker.by != user);
        self.put_backs.retain(|it| it.asker.by != user);
        self.rewinds.retain(|it| it.asker.by != user);
        if self.expect_code_of(user) {
            self.end_login(step.say().login_over(), step);
        }
    }
}
