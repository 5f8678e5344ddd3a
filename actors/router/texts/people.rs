//! The words about people: who may come in, who wants to, who manages the bridge.

use bridge_texts::Say;

use crate::clock::UnixSeconds;
use crate::ids::UserId;
use crate::outbox::{Body, Button};
use crate::ports::Admitter;
use crate::user_registry::{
    BadTarget, Change, ErasureState, Face, GroupNews, JoinAnswer, JoinVerdict, News, Notice,
    Obstacle, Role, Toast, UserInfo, UserPage, UserState, erase_button, erase_mine_button,
    join_button, keep_button,
};

/// The longest name that is shown, in characters.
const MAX_NAME: usize = 32;

/// Returns what an arrival is answered.
pub(in super::super) fn notice(say: Say, notice: &Notice) -> Body {
    Body::Plain(match notice {
        Notice::Users(users) => return page(say, users),
        Notice::Changed(Change::Remove, who) => return removed(say, who),
        Notice::AskToErase { until } => return ask_to_erase(say, *until),
        Notice::Changed(change, who) => changed(say, change, who),
        Notice::Stopped(change, user, obstacle) => stopped(say, change, *user, *obstacle),
        Notice::BadTarget(bad) => bad_target(say, *bad),
        Notice::AdminsOnly => say.manage_admins_only(),
        Notice::PrivateOnly => say.manage_private_only(),
        Notice::SingleUser => say.manage_single_user(),
        Notice::NotStored => say.manage_not_stored(),
        Notice::UserInfo(info) => info_text(say, info),
        Notice::UnknownUser(user) => say.manage_unknown(user),
        Notice::YourId(user) => say.your_number(user),
        Notice::Asked(user) => say.join_asked(user),
        Notice::GroupAllowed => say.group_allowed(),
        Notice::GroupAllowedAlready => say.group_allowed_already(),
        Notice::GroupOnly => say.group_only(),
        Notice::LockedDown => say.lockdown_done(),
        Notice::LockedDownAlready(lockdown, now) => {
            say.lockdown_already(lockdown.by, ago(say, lockdown.since, *now))
        }
        Notice::LockedDownUnsaved => say.lockdown_unsaved(),
        Notice::Unlocked => say.unlock_done(),
        Notice::NotLockedDown => say.unlock_nothing(),
    })
}

/// Says that somebody was removed, and asks what is to become of what they left.
fn removed(say: Say, who: &Face) -> Body {
    let text = say.manage_removed(face(say, who), who.user);
    erase_or_keep(say, text, erase_button(who.user))
}

fn ask_to_erase(say: Say, until: UnixSeconds) -> Body {
    erase_or_keep(say, say.erase_question(), erase_mine_button(until))
}

fn erase_or_keep(say: Say, text: String, erase: String) -> Body {
    let erase = Button {
        label: say.button_erase(),
        data: erase,
    };
    let keep = Button {
        label: say.button_erase_not(),
        data: keep_button(),
    };
    Body::Choice {
        text,
        rows: vec![vec![erase, keep]],
    }
}

/// Returns what the question about a deletion becomes.
pub(in super::super) fn erasure(say: Say, state: ErasureState) -> String {
    match state {
        ErasureState::Begun => say.erase_begun(),
        ErasureState::Kept => say.erase_kept(),
    }
}

fn changed(say: Say, change: &Change, who: &Face) -> String {
    let face = face(say, who);
    match change {
        Change::Add { .. } | Change::Activate => say.manage_added(face),
        Change::Remove => say.manage_removed(face, who.user),
        Change::Deactivate => say.manage_deactivated(face, who.user),
        Change::Promote => say.manage_promoted(face),
        Change::Demote => say.manage_demoted(face),
    }
}

fn stopped(say: Say, change: &Change, user: UserId, obstacle: Obstacle) -> String {
    match (obstacle, change) {
        (Obstacle::Unknown, Change::Add { .. } | Change::Activate) => {
            say.manage_unknown_to_add(user)
        }
        (Obstacle::Unknown, _) => say.manage_unknown(user),
        (Obstacle::AlreadySo, Change::Add { .. } | Change::Activate) => {
            say.manage_active_already(user)
        }
        (Obstacle::AlreadySo, Change::Deactivate | Change::Remove) => {
            say.manage_kept_out_already(user)
        }
        (Obstacle::AlreadySo, Change::Promote) => say.manage_admin_already(user),
        (Obstacle::AlreadySo, Change::Demote) => say.manage_no_admin(user),
        (Obstacle::LastAdmin, _) => say.manage_last_admin(user),
        (Obstacle::NamedInConfig, _) => say.manage_named_in_config(user),
        (Obstacle::DeniedInConfig, _) => say.manage_denied_in_config(user),
        (Obstacle::Inactive, _) => say.manage_inactive(user),
    }
}

fn bad_target(say: Say, bad: BadTarget) -> String {
    match bad {
        BadTarget::Missing => say.target_missing(),
        BadTarget::Name => say.target_name(),
        BadTarget::Group => say.target_group(),
        BadTarget::OutOfRange => say.target_out_of_range(),
        BadTarget::NotANumber => say.target_no_number(),
        BadTarget::Hidden => say.target_hidden(),
        BadTarget::TwoPeople => say.target_two_people(),
    }
}

/// Returns what a press is answered with.
pub(in super::super) fn toast(say: Say, toast: Toast) -> Option<String> {
    match toast {
        Toast::Approved => Some(say.toast_join_approved()),
        Toast::Denied => Some(say.toast_join_denied()),
        Toast::OutOfUse => Some(say.toast_button_out_of_use()),
        Toast::AdminsOnly => Some(say.toast_admins_only()),
        Toast::NotStored => Some(say.toast_not_stored()),
        Toast::LockedDown => Some(say.toast_locked_down()),
        Toast::TooMany => Some(say.toast_too_many_presses()),
        Toast::Silent => None,
    }
}

/// Returns what a person is told unasked.
pub(in super::super) fn news(say: Say, news: News) -> String {
    match news {
        News::LetIn => say.join_let_in(),
        News::NotLetIn => say.join_not_let_in(),
        News::MadeAdmin { waiting: 0 } => say.news_made_admin(),
        News::MadeAdmin { waiting } => {
            format!("{} {}", say.news_made_admin(), say.news_waiting(waiting))
        }
        News::NoLongerAdmin => say.news_no_longer_admin(),
        News::LockedDown(by) => say.news_locked_down(by),
        News::LockedDownUnsaved(by) => say.news_locked_down_unsaved(by),
        News::Unlocked(by) => say.news_unlocked(by),
    }
}

/// Returns what a group is told.
pub(in super::super) fn group_news(say: Say, news: GroupNews) -> String {
    match news {
        GroupNews::NotAllowedYet => say.group_not_allowed_yet(),
        GroupNews::Leaving => say.group_leaving(),
    }
}

/// Returns a wish to be let in as an administrator sees it.
pub(in super::super) fn card(say: Say, who: &Face, nonce: &str) -> Body {
    let button = |label, answer| Button {
        label,
        data: join_button(answer, who.user, nonce),
    };
    Body::Choice {
        text: say.join_wish(face(say, who)),
        rows: vec![vec![
            button(say.button_join_approve(), JoinAnswer::Approve),
            button(say.button_join_deny(), JoinAnswer::Deny),
        ]],
    }
}

/// Returns what a card becomes.
pub(in super::super) fn closed_card(say: Say, who: &Face, verdict: JoinVerdict) -> Body {
    let face = face(say, who);
    Body::Plain(match verdict {
        JoinVerdict::Approved(by) => say.join_approved(face, by),
        JoinVerdict::Denied(by) => say.join_denied(face, by),
        JoinVerdict::Overtaken => say.join_overtaken(face),
    })
}

/// Returns a page of users.
pub(in super::super) fn page(say: Say, page: &UserPage) -> Body {
    let census = page.census;
    let mut text = say.users_census(census.active, census.waiting, census.off);
    for info in &page.users {
        let (face, state) = (face_of(say, info), state_and_sight(say, info));
        text.push_str(&format!("\n\n{face}\n{state}"));
    }
    let button = |label, data: &Option<String>| data.clone().map(|data| Button { label, data });
    let before = button(say.button_page_back(), &page.before);
    let row: Vec<_> = before
        .into_iter()
        .chain(button(say.button_page_more(), &page.after))
        .collect();
    match row.is_empty() {
        true => Body::Plain(text),
        false => Body::Choice {
            text,
            rows: vec![row],
        },
    }
}

fn info_text(say: Say, info: &UserInfo) -> String {
    let admitted = info.admitted_by().map(|admitter| match admitter {
        Admitter::Admin(by) => say.user_let_in_by(by),
        Admitter::Host => say.user_let_in_on_host(),
    });
    let known = ago(say, info.record.created_at, info.now);
    let lines = [
        face_of(say, info),
        state_and_sight(say, info),
        say.user_first_known(known),
    ];
    let lines: Vec<String> = lines.into_iter().chain(admitted).collect();
    lines.join("\n")
}

fn face_of(say: Say, info: &UserInfo) -> String {
    face(say, &Face::of(&info.record))
}

fn state_and_sight(say: Say, info: &UserInfo) -> String {
    let state = match info.state {
        UserState::In(Role::User) => say.user_state_user(),
        UserState::In(Role::Owner) => say.user_state_owner(),
        UserState::In(Role::Admin) => say.user_state_admin(),
        UserState::Waiting => say.user_state_waiting(),
        UserState::Declined => say.user_state_declined(),
        UserState::Off => say.user_state_off(),
        UserState::Denied => say.user_state_denied(),
        UserState::NotListed => say.user_state_not_listed(),
    };
    match info.record.last_seen {
        Some(seen) => say.user_seen(state, ago(say, seen, info.now)),
        None => say.user_never_seen(state),
    }
}

/// Says how long ago something was, as coarse as it is interesting.
fn ago(say: Say, then: UnixSeconds, now: UnixSeconds) -> String {
    let minutes = now.0.saturating_sub(then.0) as usize / 60;
    match (minutes / (24 * 60), minutes / 60, minutes) {
        (0, 0, 0..10) => say.ago_just_now(),
        (0, 0, minutes) => say.ago_minutes(minutes),
        (0, hours, _) => say.ago_hours(hours),
        (days, _, _) => say.ago_days(days),
    }
}

/// Shows a person: names first because people read them, the number because it counts.
fn face(say: Say, who: &Face) -> String {
    let name = plain_name(&who.first_name);
    let name = match name.is_empty() {
        true => say.user_nameless(),
        false => name,
    };
    match who.username.as_deref().map(plain_name) {
        Some(username) if !username.is_empty() => format!("{name} (@{username}, {})", who.user),
        Some(_) | None => format!("{name} ({})", who.user),
    }
}

/// Returns a name without what could make it look like something else: control characters, marks
/// that turn the direction of writing, invisible ones, brackets as around the number; at most
/// [`MAX_NAME`] characters.
pub fn plain_name(name: &str) -> String {
    let is_gap = |c: char| matches!(c, '\n' | '\t' | '(' | ')' | '（' | '）');
    let is_harmless = |c: &char| {
        !c.is_control()
            && !matches!(*c,
                '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    let spaced = name.chars().map(|c| if is_gap(c) { ' ' } else { c });
    let harmless: String = spaced.filter(is_harmless).collect();
    let words: Vec<&str> = harmless.split_whitespace().collect();
    let name = words.join(" ");
    match name.char_indices().nth(MAX_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name,
    }
}

#[cfg(test)]
mod tests;
