//! What Claude says of the times at which it goes on by itself: by the results of its tools.

use std::collections::HashMap;

use bridge_actors::agent_event::{AgentEvent, News};
use bridge_actors::clock::UnixSeconds;
use bridge_actors::timer::{Lasts, SetTimer, TimerNews};
use bridge_actors::visible::visible_line;
use serde_json::Value;

use crate::claude::wire::{Job, LifecycleLine, ToolOutcome};

/// The tools that set timers, show them and take them back.
const TOOLS: [&str; 4] = [CREATE, DELETE, LIST, WAKEUP];
const CREATE: &str = "CronCreate";
const DELETE: &str = "CronDelete";
const LIST: &str = "CronList";
const WAKEUP: &str = "ScheduleWakeup";

/// There is one at a time.
const WAKEUP_ID: &str = "wakeup";

/// How much of a timer is kept, in characters.
const KEPT: usize = 40;

/// More calls than this are not under way at once.
const MAX_CALLS: usize = 32;

/// The calls of tools for timers that have no result yet, by their ids.
#[derive(Debug, Default)]
pub(super) struct TimerCalls(HashMap<String, Call>);

#[derive(Debug)]
struct Call {
    tool: &'static str,
    input: Value,
}

impl TimerCalls {
    /// Takes in that a tool begins.
    pub(super) fn note(&mut self, block: &Value) {
        let text = |key| block.get(key).and_then(Value::as_str);
        let tool = TOOLS.into_iter().find(|tool| text("name") == Some(tool));
        if let (Some(tool), Some(id)) = (tool, text("id"))
            && self.0.len() < MAX_CALLS
        {
            let input = block.get("input").cloned().unwrap_or_default();
            self.0.insert(id.to_owned(), Call { tool, input });
        }
    }

    /// Tells whether a result is waited for.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Translates the result of a tool.
    pub(super) fn on_result(&mut self, id: &str, outcome: ToolOutcome) -> Option<AgentEvent> {
        let Call { tool, input } = self.0.remove(id)?;
        let said = |key: &str| input.get(key).and_then(Value::as_str).unwrap_or_default();
        let news = match tool {
            CREATE => TimerNews::Set(job_of(Job {
                cron: said("cron").to_owned(),
                prompt: said("prompt").to_owned(),
                ..outcome.job
            })?),
            DELETE => TimerNews::Removed(Some(outcome.job.id).filter(|id| !id.is_empty())?),
            LIST => TimerNews::Are(outcome.jobs?.into_iter().filter_map(job_of).collect()),
            _ if outcome.stopped => TimerNews::Removed(WAKEUP_ID.to_owned()),
            _ => TimerNews::Set(SetTimer {
                id: WAKEUP_ID.to_owned(),
                what: shown(said("reason")),
                rhythm: String::new(),
                at: seconds(outcome.scheduled_for?)?,
                repeats: None,
                lasts: Lasts::Process,
            }),
        };
        Some(AgentEvent::News(News::Timers(news)))
    }
}

/// A timer that comes begins a turn, of which this is the first word.
pub(super) fn on_lifecycle(line: &LifecycleLine) -> AgentEvent {
    let lasts = match (line.state.as_str(), line.wakeup_source.as_str()) {
        ("started", "schedule_wakeup") => Lasts::Conversation,
        ("started", "loop_wakeup") => Lasts::Process,
        (_, _) => return AgentEvent::Heartbeat,
    };
    AgentEvent::News(News::Timers(TimerNews::Came(lasts)))
}

fn job_of(job: Job) -> Option<SetTimer> {
    Some(SetTimer {
        at: seconds(job.next_fire_at?)?,
        what: shown(&job.prompt),
        rhythm: match job.recurring {
            true => shown(&job.human_schedule),
            false => String::new(),
        },
        repeats: Some(job.cron).filter(|_| job.recurring),
        lasts: Lasts::Conversation,
        id: Some(job.id).filter(|id| !id.is_empty())?,
    })
}

fn shown(text: &str) -> String {
    visible_line(text.trim()).chars().take(KEPT).collect()
}

/// Anything that is no time is none at all.
fn seconds(milliseconds: f64) -> Option<UnixSeconds> {
    let seconds = std::time::Duration::try_from_secs_f64(milliseconds / 1000.0).ok()?;
    (seconds.as_secs() > 0).then_some(UnixSeconds(seconds.as_secs()))
}
