//! What changed about the agent or its conversation.

use crate::agent_event::{CompactedBy, News};
use crate::session::agent::Live;
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::CameTo;
use crate::timer::TimerNews;

use super::Machine;

impl Machine {
    pub(super) fn on_news(&mut self, news: News, step: &mut Step<'_>) {
        if let News::Compacted(_) | News::Cleared = news {
            self.chat.on_replaced(self.turn.is_some(), step);
        }
        match (news, &mut self.turn) {
            (News::Compacted(compaction), Some(turn)) if compaction.by == CompactedBy::Command => {
                turn.note_came_to(CameTo::Compacted(compaction));
            }
            (News::Compacted(compaction), _) => {
                step.notice(texts::compacted(step.say(), compaction));
            }
            (News::Cleared, Some(turn)) => turn.note_came_to(CameTo::Cleared),
            (
                News::Set {
                    setting,
                    asked,
                    answer,
                },
                _,
            ) => {
                self.chat.on_set((setting, &asked), answer, step);
            }
            (News::ModeIs(mode), _) => self.chat.on_mode(mode, step),
            (News::FellBack { usual, model }, _) => {
                step.notice(step.say().model_fell_back(model, usual));
            }
            (News::InBackground(tasks), _) => {
                if let Some(agent) = self.agent.generation() {
                    self.agent.on_turn_over(step.now());
                    // What goes on belongs to whoever had it begun, whoever has spoken since.
                    if !self.chat.has_background() {
                        let asker = self.agent.live().and_then(Live::asker);
                        self.chat.note_works_for(asker);
                    }
                    self.chat.on_background(agent, tasks, step);
                }
            }
            (News::Timers(news), _) => {
                if let TimerNews::Set(_) = news {
                    let asker = self.agent.live().and_then(Live::asker);
                    self.chat.note_works_for(asker);
                }
                self.chat.on_timers(news, step);
            }
            (News::WorksIn(folder), _) => self.chat.on_moved_to(folder),
            (News::WritesLost { error }, _) => self.chat.on_writes_lost(&error, step),
            (News::NearlyFull { percent }, _) => self.chat.on_nearly_full(percent, step),
            (News::PassesOver(files), _) => self.chat.on_passed_over(files, step),
            (News::ServersDown(names), _) => {
                step.notice(texts::servers_down(step.say(), &names));
            }
            (News::HomeUse(home), _) => self.on_home_use(home, step),
            (News::LoginEnds(at), _) => self.chat.on_login_ends(at, step),
            (News::TooOld { minimum }, _) => self.chat.on_too_old(minimum),
            (News::Cleared, None) => {
                step.notice(step.say().conversation_cleared());
            }
        }
    }
}
