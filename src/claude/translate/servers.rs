//! Pure: which MCP servers an agent works without, each told once.

use std::collections::BTreeSet;

use bridge_actors::agent_event::{AgentEvent, News};
use bridge_actors::visible::visible_line;
use serde_json::Value;

/// What an agent has said of its MCP servers.
#[derive(Debug, Default)]
pub(super) struct Servers {
    told: BTreeSet<String>,
}

impl Servers {
    /// Returns the news of servers that are down and were not told before, if there are any. One that
    /// still connects is not down.
    pub(super) fn down_among(&mut self, servers: &[Value]) -> Option<AgentEvent> {
        let down = servers.iter().filter_map(|server| {
            let status = server.get("status")?.as_str()?;
            let is_down = matches!(status, "failed" | "needs-auth");
            let name = server.get("name")?.as_str().filter(|_| is_down)?;
            Some(visible_line(name))
        });
        let news: Vec<_> = down.filter(|name| self.told.insert(name.clone())).collect();
        (!news.is_empty()).then_some(AgentEvent::News(News::ServersDown(news)))
    }
}
