//! Pure: what a management command does to a user's record, and what stands against it.
//!
//! The same rules hold for administrators in the chat and for the command line of the host.

use std::collections::BTreeSet;

use super::rules::AccessRules;
use crate::audit::AuditAction;
use crate::clock::UnixSeconds;
use crate::ids::{ChatId, UserId};
use crate::ports::{Admitter, Standing, UserRecord};

/// The longest first name that Telegram takes, in characters; whoever adds somebody gives no
/// longer one.
const MAX_NAME: usize = 64;

/// What can be done to a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Let them in, whatever the lists say; with a name while Telegram has not told one.
    Add {
        /// The name.
        name: Option<String>,
    },
    /// Forget them, and keep them out.
    Remove,
    /// Let them in again, or for the first time.
    Activate,
    /// Keep them out until they are activated.
    Deactivate,
    /// Make them an administrator.
    Promote,
    /// Make them an ordinary user.
    Demote,
}

/// Why a change is not made; nothing has been changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Nobody of that id is known.
    Unknown,
    /// It is so already.
    AlreadySo,
    /// Nobody would be left who can manage the bridge.
    LastAdmin,
    /// `multi_user.admin_users` of the configuration names them.
    NamedInConfig,
    /// `multi_user.denied_users` of the configuration names them, which beats everything.
    DeniedInConfig,
    /// They may not come in, so they cannot be an administrator.
    Inactive,
}

/// Who can manage the bridge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staff {
    /// Administrators by their stored record, active or not.
    stored: BTreeSet<UserId>,
    /// People with a say by the configuration or by their record whose record keeps them out.
    barred: BTreeSet<UserId>,
}

impl Obstacle {
    /// Returns the words of the audit log.
    pub fn for_audit(self) -> &'static str {
        match self {
            Self::Unknown => "not a user",
            Self::AlreadySo => "already so",
            Self::LastAdmin => "the last administrator",
            Self::NamedInConfig => "named in the configuration",
            Self::DeniedInConfig => "denied in the configuration",
            Self::Inactive => "not active",
        }
    }
}

impl Staff {
    /// Takes in a record that was read or stored.
    pub fn note(&mut self, record: &UserRecord, rules: &AccessRules) {
        let user = record.user;
        set(&mut self.stored, user, record.is_admin);
        let has_a_say = record.is_admin || rules.names_admin(user);
        set(&mut self.barred, user, has_a_say && !record.is_active());
    }

    /// Returns everybody who can manage the bridge.
    pub fn admins(&self, rules: &AccessRules) -> BTreeSet<UserId> {
        let named = rules.named_admins();
        let everybody = self.stored.iter().copied().chain(named);
        everybody
            .filter(|user| self.is_admin(*user, rules))
            .collect()
    }

    /// Tells whether a person can manage the bridge.
    pub fn is_admin(&self, user: UserId, rules: &AccessRules) -> bool {
        let has_a_say = self.stored.contains(&user) || rules.names_admin(user);
        has_a_say && !self.barred.contains(&user) && !rules.denies(user)
    }
}

fn set(users: &mut BTreeSet<UserId>, user: UserId, belongs: bool) {
    if belongs {
        users.insert(user);
    } else {
        users.remove(&user);
    }
}

impl Change {
    /// Returns the word of the audit log.
    pub fn action(&self) -> AuditAction {
        match self {
            Self::Add { .. } => AuditAction::AddUser,
            Self::Remove => AuditAction::RemoveUser,
            Self::Activate => AuditAction::Activate,
            Self::Deactivate => AuditAction::Deactivate,
            Self::Promote => AuditAction::Promote,
            Self::Demote => AuditAction::Demote,
        }
    }

    /// Returns the record after the change, or what stands against it.
    ///
    /// `known` is the person's record until now.
    pub fn apply(
        &self,
        user: UserId,
        known: Option<&UserRecord>,
        (rules, staff): (&AccessRules, &Staff),
        by: Admitter,
        now: UnixSeconds,
    ) -> Result<UserRecord, Obstacle> {
        if rules.denies(user) && self.lets_in() {
            return Err(Obstacle::DeniedInConfig);
        }
        if !self.lets_in() {
            self.check_loss(user, rules, staff)?;
        }
        match self {
            Self::Add { name } => add(user, known, name.as_deref(), by, now),
            Self::Remove => remove(user, known, now),
            Self::Activate => activate(user, known, rules, by, now),
            Self::Deactivate => deactivate(user, known, rules, now),
            Self::Promote => promote(user, known, rules, by),
            Self::Demote => demote(known),
        }
    }

    fn lets_in(&self) -> bool {
        match self {
            Self::Add { .. } | Self::Activate | Self::Promote => true,
            Self::Remove | Self::Deactivate | Self::Demote => false,
        }
    }

    /// Refuses what would leave the bridge without anybody who can manage it.
    fn check_loss(&self, user: UserId, rules: &AccessRules, staff: &Staff) -> Result<(), Obstacle> {
        let is_removal = matches!(self, Self::Remove | Self::Demote);
        if is_removal && rules.names_admin(user) {
            return Err(Obstacle::NamedInConfig);
        }
        let admins = staff.admins(rules);
        if admins.contains(&user) && admins.len() == 1 {
            return Err(Obstacle::LastAdmin);
        }
        Ok(())
    }
}

fn add(
    user: UserId,
    known: Option<&UserRecord>,
    name: Option<&str>,
    by: Admitter,
    now: UnixSeconds,
) -> Result<UserRecord, Obstacle> {
    let Some(known) = known.filter(|known| known.standing != Standing::Removed) else {
        return Ok(UserRecord {
            first_name: name.unwrap_or_default().chars().take(MAX_NAME).collect(),
            standing: Standing::Active,
            admitted_by: Some(by),
            ..stranger(user, now)
        });
    };
    if known.is_active() && (known.admitted_by.is_some() || known.is_admin) {
        return Err(Obstacle::AlreadySo);
    }
    // An administrator needs nobody's word, and the owner stays the one who claimed the bridge.
    let admitted_by = match known.is_admin {
        true => known.admitted_by,
        false => Some(by),
    };
    Ok(UserRecord {
        standing: Standing::Active,
        admitted_by,
        ..known.clone()
    })
}

fn remove(
    user: UserId,
    known: Option<&UserRecord>,
    now: UnixSeconds,
) -> Result<UserRecord, Obstacle> {
    match known {
        None => Err(Obstacle::Unknown),
        Some(known) if known.standing == Standing::Removed => Err(Obstacle::AlreadySo),
        Some(_) => Ok(stranger(user, now)),
    }
}

fn activate(
    user: UserId,
    known: Option<&UserRecord>,
    rules: &AccessRules,
    by: Admitter,
    now: UnixSeconds,
) -> Result<UserRecord, Obstacle> {
    match known {
        None if rules.lists(user) || rules.names_admin(user) => Err(Obstacle::AlreadySo),
        None => Err(Obstacle::Unknown),
        Some(known) if known.standing == Standing::Removed => Err(Obstacle::Unknown),
        Some(_) => add(user, known, None, by, now),
    }
}

fn deactivate(
    user: UserId,
    known: Option<&UserRecord>,
    rules: &AccessRules,
    now: UnixSeconds,
) -> Result<UserRecord, Obstacle> {
    let is_named = rules.lists(user) || rules.names_admin(user);
    match known {
        // Whoever the configuration names has a right to come in before they were ever seen.
        None if is_named => Ok(UserRecord {
            standing: Standing::Deactivated,
            ..stranger(user, now)
        }),
        None => Err(Obstacle::Unknown),
        Some(known) => match known.standing {
            Standing::Removed => Err(Obstacle::Unknown),
            Standing::Deactivated => Err(Obstacle::AlreadySo),
            Standing::Active | Standing::Waiting(_) | Standing::Declined => Ok(UserRecord {
                standing: Standing::Deactivated,
                ..known.clone()
            }),
        },
    }
}

fn promote(
    user: UserId,
    known: Option<&UserRecord>,
    rules: &AccessRules,
    by: Admitter,
) -> Result<UserRecord, Obstacle> {
    if rules.names_admin(user) {
        return Err(Obstacle::AlreadySo);
    }
    match known {
        None => Err(Obstacle::Unknown),
        Some(known) if known.standing == Standing::Removed => Err(Obstacle::Unknown),
        Some(known) if !known.is_active() => Err(Obstacle::Inactive),
        Some(known) if known.is_admin => Err(Obstacle::AlreadySo),
        Some(known) => Ok(UserRecord {
            is_admin: true,
            admitted_by: known.admitted_by.or(Some(by)),
            ..known.clone()
        }),
    }
}

fn demote(known: Option<&UserRecord>) -> Result<UserRecord, Obstacle> {
    match known {
        None => Err(Obstacle::Unknown),
        Some(known) if known.standing == Standing::Removed => Err(Obstacle::Unknown),
        Some(known) if !known.is_admin => Err(Obstacle::AlreadySo),
        Some(known) => Ok(UserRecord {
            is_admin: false,
            ..known.clone()
        }),
    }
}

/// Returns the record of somebody of whom nothing is known, and who may not come in.
pub(super) fn stranger(user: UserId, now: UnixSeconds) -> UserRecord {
    UserRecord {
        user,
        chat: ChatId(user.0),
        username: None,
        first_name: String::new(),
        language: None,
        created_at: now,
        last_seen: None,
        standing: Standing::Removed,
        admitted_by: None,
        is_admin: false,
    }
}

#[cfg(test)]
mod tests;
