//! Who the bridge serves: builds the rules and the registry that keeps them.

use std::collections::BTreeSet;
use std::sync::Arc;

use actix::prelude::*;
use anyhow::Result;
use bridge_actors::audit::AuditEntry;
use bridge_actors::ids::{ChatId, UserId};
use bridge_actors::outbox::PostIds;
use bridge_actors::ports::{UserRecord, UserStore};
use bridge_actors::session::settings::{Folders, SettingsBook};
use bridge_actors::user_registry::{
    AccessRules, Lists, RegistryStart, RulesRefused, Staff, Strangers, UserRegistry,
    claim_code_from, nonce_from, stored_owner,
};

use super::vital::Vital;
use super::{BridgeOptions, claim_file};
use crate::config::Config;
use crate::store::{Store, chat_id_file};

/// Who may use a bridge, and how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct People {
    /// The lists when many people share the bridge; `None` when it serves one.
    pub many: Option<Lists>,
    /// How many messages a person may send in a minute.
    pub messages_per_minute: u32,
}

impl People {
    /// Returns what a configuration says.
    pub fn of(config: &Config) -> Self {
        let many = &config.multi_user;
        let set = |ids: &BTreeSet<UserId>| ids.iter().copied().collect();
        Self {
            many: many.enabled.then(|| Lists {
                allowed: set(&many.allowed_users),
                denied: set(&many.denied_users),
                admins: set(&many.admin_users),
                strangers: many.strangers,
            }),
            messages_per_minute: config.limits.messages_per_minute,
        }
    }
}

impl Default for People {
    fn default() -> Self {
        Self {
            many: None,
            messages_per_minute: 30,
        }
    }
}

/// Whose bridge it is, or was before many people came to share it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Owner {
    /// As the configuration or the file of an older bridge names them.
    configured: Option<UserId>,
    /// As the store does.
    stored: Option<UserId>,
}

impl Owner {
    /// Looks the owner up.
    pub(super) fn find(options: &BridgeOptions, store: &Store) -> Result<Self> {
        let in_file = match &options.chat_id_file {
            Some(path) => chat_id_file::read(path)?,
            None => None,
        };
        let mut users = Vec::new();
        store.scan(&mut |user| users.push(user))?;
        Ok(Self {
            configured: options.owner.or(in_file).map(|chat| UserId(chat.0)),
            stored: stored_owner(users).map(|record| record.user),
        })
    }

    /// Returns the rules that hold for this owner.
    pub(super) fn rules(self, people: &People) -> AccessRules {
        match &people.many {
            None => AccessRules::SingleUser {
                owner: self.configured,
            },
            Some(lists) => {
                let mut lists = lists.clone();
                lists.admins.extend(self.configured);
                AccessRules::MultiUser(lists)
            }
        }
    }

    /// Lets the owner go on as they were before there were many people: in the same folder, and by
    /// the settings of the host's user, as all administrators do whom the configuration names.
    pub(super) fn settle_in(self, book: &mut SettingsBook, people: &People) {
        let owner = self.configured.or(self.stored);
        match &mut book.folders {
            Folders::Shared(_) => {}
            Folders::PerChat { owner: owns, .. } => *owns = owner.map(|user| ChatId(user.0)),
        }
        let admins = people
            .many
            .iter()
            .flat_map(|lists| lists.admins.iter().copied());
        for user in admins.chain(owner) {
            book.keep_host_settings(ChatId(user.0));
        }
    }

    /// Returns the owner's private chat.
    pub(super) fn chat(self) -> Option<ChatId> {
        let owner = self.configured.or(self.stored);
        owner.map(|user| ChatId(user.0))
    }

    fn is_known(self) -> bool {
        self.configured.or(self.stored).is_some()
    }
}

/// Returns the rules of a configuration, for whoever changes users while no bridge runs.
///
/// # Errors
///
/// When the one-number file of an older bridge cannot be read.
pub fn rules_of(config: &Config) -> Result<AccessRules> {
    let in_file = match &config.single_user.chat_id_file {
        Some(path) => chat_id_file::read(path)?,
        None => None,
    };
    let owner = Owner {
        configured: (config.single_user.chat_id.or(in_file)).map(|chat| UserId(chat.0)),
        stored: None,
    };
    Ok(owner.rules(&People::of(config)))
}

/// Refuses the start that would fail for want of somebody: with this configuration, on a store that
/// knows these users.
///
/// # Errors
///
/// When nobody could manage the bridge, or the one-number file of an older one cannot be read.
pub fn start_refusal(config: &Config, users: &[UserRecord]) -> Result<()> {
    let rules = rules_of(config)?;
    let mut staff = Staff::default();
    for user in users {
        staff.note(user, &rules);
    }
    let admins: Vec<_> = staff.admins(&rules).into_iter().collect();
    Ok(ensure_somebody_decides(&People::of(config), &admins)?)
}

/// Refuses a bridge of many people that asks about strangers and has nobody to ask.
pub(super) fn ensure_somebody_decides(
    people: &People,
    admins: &[UserId],
) -> Result<(), RulesRefused> {
    match &people.many {
        Some(lists) if lists.strangers == Strangers::Ask && admins.is_empty() => {
            Err(RulesRefused::NoAdmin)
        }
        Some(_) | None => Ok(()),
    }
}

/// Starts the registry; prints the code that claims a bridge without an owner.
pub(super) fn start_registry(
    options: &BridgeOptions,
    owner: Owner,
    store: &Store,
    post_ids: &PostIds,
    audit: Recipient<AuditEntry>,
    vital: &Vital,
) -> Addr<UserRegistry> {
    let [a, b, c, d, .., e, f, g, h] = *uuid::Uuid::new_v4().as_bytes();
    let claim_code = claim_code_from([a, b, c, d, e, f, g, h]);
    if options.people.many.is_none() && !owner.is_known() {
        print_claim_code(&claim_code);
    }
    let on_claim = options
        .chat_id_file
        .clone()
        .map(|path| claim_file::Writer::new(path).start());
    let start = RegistryStart {
        rules: Arc::new(owner.rules(&options.people)),
        messages_per_minute: options.people.messages_per_minute,
        claim_code,
        post_ids: post_ids.clone(),
        nonces: Arc::new(new_nonce),
        on_claim: on_claim.map(Addr::recipient),
        audit: Some(audit),
    };
    let registry = UserRegistry::new(Arc::new(store.clone()), start);
    vital.start("the user registry failed", registry)
}

/// 122 random bits of a UUID and a few fixed ones.
pub(super) fn new_nonce() -> String {
    nonce_from(*uuid::Uuid::new_v4().as_bytes())
}

#[expect(
    clippy::print_stdout,
    reason = "the code is for the person at this terminal"
)]
fn print_claim_code(code: &str) {
    println!(
        "Nobody has claimed this bridge yet. To claim it, send this to your bot: /start {code}"
    );
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::PathBuf;

    use bridge_actors::chat_settings::{AgentSettings, HostSettings};
    use bridge_actors::session::policy::Policy;

    use super::*;

    #[test]
    fn of_a_shared_bridge_the_owner_and_named_administrators_keep_the_hosts_settings() {
        let mut book = SettingsBook {
            policy: Policy::default(),
            folders: Folders::PerChat {
                root: PathBuf::from("/srv"),
                owner: None,
            },
            agent: AgentSettings {
                host_settings: HostSettings::LeftOut,
                ..AgentSettings::default()
            },
            own: HashMap::new(),
            epoch: 0,
        };
        let lists = Lists {
            admins: [UserId(2)].into_iter().collect(),
            ..Lists::default()
        };
        let people = People {
            many: Some(lists),
            ..People::default()
        };
        let owner = Owner {
            configured: None,
            stored: Some(UserId(1)),
        };
        owner.settle_in(&mut book, &people);
        let of = |chat| book.of(ChatId(chat));
        assert_eq!(of(1).agent.host_settings, HostSettings::Kept);
        assert_eq!(of(1).folder, PathBuf::from("/srv"));
        assert_eq!(of(2).agent.host_settings, HostSettings::Kept);
        assert_eq!(of(2).folder, PathBuf::from("/srv/2"));
        assert_eq!(of(3).agent.host_settings, HostSettings::LeftOut);
        assert_eq!(of(-5).agent.host_settings, HostSettings::LeftOut);
    }
}
