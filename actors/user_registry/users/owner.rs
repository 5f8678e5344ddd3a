//! Whose bridge it is, by the records.

use crate::clock::UnixSeconds;
use crate::ids::UserId;
use crate::ports::UserRecord;

/// Returns the owner among those seen before and one more.
pub(super) fn older_owner(
    owner: Option<(UnixSeconds, UserId)>,
    record: &UserRecord,
) -> Option<(UnixSeconds, UserId)> {
    let age = (record.created_at, record.user);
    match may_own(record) && owner.is_none_or(|it| age < it) {
        true => Some(age),
        false => owner,
    }
}

/// Returns whom the records name as the owner: the oldest active administrator whom nobody else
/// made one.
pub fn stored_owner(records: Vec<UserRecord>) -> Option<UserRecord> {
    let candidates = records.into_iter().filter(may_own);
    candidates.min_by_key(|record| (record.created_at, record.user))
}

fn may_own(record: &UserRecord) -> bool {
    record.is_active() && record.is_admin && record.admitted_by.is_none()
}
