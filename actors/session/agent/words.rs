//! What an agent says without a turn of ours.

use super::Agent;
use crate::chat_settings::Detail;
use crate::session::said::Said;
use crate::session::step::Step;

impl Agent {
    /// Takes in what it says without a turn of ours.
    pub(in crate::session) fn on_said(&mut self, text: &str) {
        if let Some(live) = self.live_mut() {
            live.said.push(text);
        }
    }

    /// Takes in that it begins a tool without a turn of ours.
    pub(in crate::session) fn on_tool(&mut self) {
        self.live_mut()
            .into_iter()
            .for_each(|live| live.said.on_tool());
    }

    /// Posts what it said without a turn of ours.
    pub(in crate::session) fn post_said(
        &mut self,
        last: &str,
        detail: Detail,
        step: &mut Step<'_>,
    ) {
        if let Some(live) = self.live_mut() {
            live.idle_since = step.now();
            live.said.post(last, detail, step);
        }
    }

    /// Forgets what it said without a turn of ours.
    pub(in crate::session) fn forget_words(&mut self) {
        if let Some(live) = self.live_mut() {
            live.said = Said::default();
        }
    }
}
