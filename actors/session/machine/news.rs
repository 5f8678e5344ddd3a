//! What changed about the agent or its conversation.

use crate::agent_event::{CompactedBy, News};
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::CameTo;

use super::Machine;

impl Machine {
    pub(super) fn on_news(&mut self, news: News, step: &mut Step<'_>) {
        match (news, &mut self.turn) {
            (News::Compacted(compaction), Some(turn)) if compaction.by == CompactedBy::Command => {
                turn.note_came_to(CameTo::Compacted(compaction));
            }
            (News::Compacted(compaction), _) => {
                step.notice(texts::compacted(step.say(), compaction));
            }
            (News::Cleared, Some(turn)) => turn.note_came_to(CameTo::Cleared),
            (News::Cleared, None) => {
                step.notice(step.say().conversation_cleared());
            }
        }
    }
}
