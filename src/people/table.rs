//! Pure: how people are shown at a terminal.

use bridge_actors::ports::{Admitter, Standing, UserRecord};
use bridge_actors::router::plain_name;
use bridge_actors::user_registry::AccessRules;
use serde::Serialize;

use crate::audit::{AuditLine, date_of};
use crate::columns::columns;

/// A person as `bridge users list` shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct UserRow {
    chat_id: i64,
    username: Option<String>,
    first_name: String,
    created_at: String,
    is_active: bool,
    is_admin: bool,
    language: Option<String>,
    last_seen: Option<String>,
    state: &'static str,
    admitted_by: Option<String>,
    /// Whether the configuration makes them an administrator, whatever the store says.
    #[serde(skip)]
    is_named: bool,
}

impl UserRow {
    pub(super) fn of(record: &UserRecord) -> Self {
        Self {
            chat_id: record.user.0,
            username: record.username.as_deref().map(plain_name),
            first_name: plain_name(&record.first_name),
            created_at: date_of(record.created_at),
            is_active: record.is_active(),
            is_admin: record.is_admin,
            language: record.language.clone(),
            last_seen: record.last_seen.map(date_of),
            state: state(&record.standing),
            admitted_by: record.admitted_by.map(|by| match by {
                Admitter::Admin(user) => user.to_string(),
                Admitter::Host => "host".to_owned(),
            }),
            is_named: false,
        }
    }

    /// Returns the row with what the configuration says.
    pub(super) fn under(mut self, rules: &AccessRules) -> Self {
        let user = bridge_actors::ids::UserId(self.chat_id);
        self.is_named = rules.names_admin(user);
        self.is_admin |= self.is_named;
        if rules.denies(user) {
            self.state = "denied";
            self.is_active = false;
        }
        self
    }

    fn role(&self) -> &'static str {
        match (self.is_named, self.is_admin) {
            (true, _) => "admin (bridge.toml)",
            (false, true) => "admin",
            (false, false) => "user",
        }
    }
}

pub(super) fn state(standing: &Standing) -> &'static str {
    match standing {
        Standing::Active => "active",
        Standing::Waiting(_) => "waiting",
        Standing::Declined => "declined",
        Standing::Deactivated => "off",
        Standing::Removed => "removed",
    }
}

/// Lays people out in columns.
pub(super) fn table(rows: &[UserRow]) -> String {
    if rows.is_empty() {
        return "no users yet\n".to_owned();
    }
    let heads = ["id", "state", "role", "name", "last seen", "known since"];
    let mut lines = vec![heads.map(str::to_owned)];
    lines.extend(rows.iter().map(|row| {
        let name = match &row.username {
            Some(username) => format!("{} @{username}", row.first_name),
            None => row.first_name.clone(),
        };
        let seen = row.last_seen.clone().unwrap_or_else(|| "never".to_owned());
        [
            row.chat_id.to_string(),
            row.state.to_owned(),
            row.role().to_owned(),
            name.trim().to_owned(),
            seen,
            row.created_at.clone(),
        ]
    }));
    columns(&lines)
}

/// Shows one line of the audit log.
pub(super) fn log_line(line: &AuditLine) -> String {
    let actor = plain_name(&line.actor.replace(':', " "));
    let target = line.target.map(|id| format!(" {id}")).unwrap_or_default();
    let reason = line.reason.as_deref().map(plain_name);
    let reason = reason.map(|it| format!(": {it}")).unwrap_or_default();
    let (at, action) = (plain_name(&line.at), plain_name(&line.action));
    let outcome = plain_name(&line.outcome);
    format!("{at}  {actor}  {action}{target}  {outcome}{reason}")
}
