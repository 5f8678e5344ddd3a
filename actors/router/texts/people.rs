//! The words about people: who may come in, who wants to, who manages the bridge.

use std::time::Duration;

use crate::clock::UnixSeconds;
use crate::ids::UserId;
use crate::outbox::{Body, Button};
use crate::ports::Admitter;
use crate::user_registry::{
    BadTarget, Change, Face, GroupNews, JoinAnswer, JoinVerdict, News, Notice, Obstacle, Role,
    Toast, UserInfo, UserPage, UserState, join_button,
};

const MADE_ADMIN: &str = "You are an administrator of this bot now. /help shows what you can do.";

/// The longest name that is shown, in characters.
const MAX_NAME: usize = 32;

/// Returns what an arrival is answered.
pub(in super::super) fn notice(notice: &Notice) -> Body {
    Body::Plain(match notice {
        Notice::Users(users) => return page(users),
        Notice::Changed(change, who) => changed(change, who),
        Notice::Stopped(change, user, obstacle) => stopped(change, *user, *obstacle),
        Notice::BadTarget(bad) => bad_target(*bad).to_owned(),
        Notice::AdminsOnly => "This is for administrators of this bot.".to_owned(),
        Notice::PrivateOnly => "I tell this only in our private chat.".to_owned(),
        Notice::SingleUser => "This bridge serves one person. To let others in, set enabled = \
             true below [multi_user] in bridge.toml and restart the bridge."
            .to_owned(),
        Notice::NotStored => "Sorry, I could not write that down, so nothing was changed. The \
             log of the bridge says what is wrong."
            .to_owned(),
        Notice::UserInfo(info) => info_text(info),
        Notice::UnknownUser(user) => {
            format!("I know nobody with the number {user}. /users shows whom I know.")
        }
        Notice::YourId(user) => format!(
            "Your number is {user}. You cannot use this bot; tell an administrator this number if \
             they are to let you in."
        ),
        Notice::Asked(user) => format!(
            "I have asked the administrators of this bot to let you in, and will tell you what \
             they decide. Your number is {user}."
        ),
        Notice::GroupAllowed => "From now on I work in this group. Mention me, reply to me or \
             use a command; only people who may use me are heard."
            .to_owned(),
        Notice::GroupAllowedAlready => "I work in this group already.".to_owned(),
        Notice::GroupOnly => "Send this in the group where I am to work.".to_owned(),
    })
}

fn changed(change: &Change, who: &Face) -> String {
    let face = face(who);
    match change {
        Change::Add { .. } | Change::Activate => format!("{face} may use this bot from now on."),
        Change::Remove => format!(
            "{face} is removed and cannot use this bot any more. Their conversation with Claude \
             is forgotten; the files in their folder stay."
        ),
        Change::Deactivate => format!(
            "{face} cannot use this bot until somebody sends /activate {}.",
            who.user
        ),
        Change::Promote => format!("{face} is an administrator from now on."),
        Change::Demote => format!("{face} is no longer an administrator."),
    }
}

fn stopped(change: &Change, user: UserId, obstacle: Obstacle) -> String {
    match (obstacle, change) {
        (Obstacle::Unknown, Change::Add { .. } | Change::Activate) => {
            format!("I know nobody with the number {user}. To let them in: /add_user {user}")
        }
        (Obstacle::Unknown, _) => {
            format!("I know nobody with the number {user}. /users shows whom I know.")
        }
        (Obstacle::AlreadySo, Change::Add { .. } | Change::Activate) => {
            format!("{user} may use this bot already.")
        }
        (Obstacle::AlreadySo, Change::Deactivate | Change::Remove) => {
            format!("{user} is kept out already.")
        }
        (Obstacle::AlreadySo, Change::Promote) => format!("{user} is an administrator already."),
        (Obstacle::AlreadySo, Change::Demote) => format!("{user} is not an administrator."),
        (Obstacle::LastAdmin, _) => format!(
            "{user} is the last administrator: nobody could manage this bot any more. Promote \
             somebody else first."
        ),
        (Obstacle::NamedInConfig, _) => format!(
            "bridge.toml names {user} as an administrator (multi_user.admin_users or \
             single_user.chat_id), so this can only be changed there. /deactivate keeps them out \
             at once."
        ),
        (Obstacle::DeniedInConfig, _) => format!(
            "bridge.toml keeps {user} out (multi_user.denied_users), which beats everything. Take \
             the number out there and reload the bridge."
        ),
        (Obstacle::Inactive, _) => {
            format!("{user} may not use this bot. First: /activate {user}")
        }
    }
}

fn bad_target(bad: BadTarget) -> &'static str {
    match bad {
        BadTarget::Missing => {
            "Whom? Write the number after the command, like this: /promote \
            123456789. /users shows the numbers; a reply, a forwarded message or a contact can \
            stand for it."
        }
        BadTarget::Name => {
            "I go by numbers, because names can change hands. Write the number \
            after the command; /users shows it, and everybody learns their own by /whoami."
        }
        BadTarget::Group => "A number with a minus in front is a group, not a person.",
        BadTarget::OutOfRange => {
            "Nobody can have that number. /users shows the numbers of \
            those whom I know."
        }
        BadTarget::NotANumber => {
            "That is not a number that I can use: digits only, without \
            spaces or signs, like this: /promote 123456789."
        }
        BadTarget::Hidden => {
            "Telegram does not tell me who wrote that: they hide it when they \
            are forwarded. Ask them for their number; /whoami shows it to them."
        }
        BadTarget::TwoPeople => {
            "The number that you wrote is not the one of the person you \
            point at. Use one of the two, so that I take the right one."
        }
    }
}

/// Returns what a press is answered with.
pub(in super::super) fn toast(toast: Toast) -> Option<String> {
    let text = match toast {
        Toast::Approved => "Let in.",
        Toast::Denied => "Not let in.",
        Toast::OutOfUse => super::BUTTON_OUT_OF_USE,
        Toast::AdminsOnly => "This is for administrators.",
        Toast::NotStored => "That could not be written down; nothing was changed.",
        Toast::Silent => return None,
    };
    Some(text.to_owned())
}

/// Returns what a person is told unasked.
pub(in super::super) fn news(news: News) -> String {
    let text = match news {
        News::LetIn => "You may use this bot now. Write what you want done; /help shows more.",
        News::NotLetIn => "Sorry, an administrator did not let you in.",
        News::MadeAdmin { waiting: 0 } => MADE_ADMIN,
        News::MadeAdmin { waiting } => {
            return format!("{MADE_ADMIN} Waiting to be let in: {waiting}; /users shows them.");
        }
        News::NoLongerAdmin => "You are no longer an administrator of this bot.",
    };
    text.to_owned()
}

/// Returns what a group is told.
pub(in super::super) fn group_news(news: GroupNews) -> &'static str {
    match news {
        GroupNews::NotAllowedYet => {
            "Hello! I work only in groups that an administrator of mine \
            has allowed: they send /allow_group here. If nobody does so within an hour, I leave."
        }
        GroupNews::Leaving => "No administrator of mine has allowed this group, so I leave.",
    }
}

/// Returns a wish to be let in as an administrator sees it.
pub(in super::super) fn card(who: &Face, nonce: &str) -> Body {
    let button = |label: &str, answer| Button {
        label: label.to_owned(),
        data: join_button(answer, who.user, nonce),
    };
    Body::Choice {
        text: format!(
            "{} wants to use this bot.\n\nWhoever is let in can have commands run on the \
             computer of this bot. Names prove nothing; the number does.",
            face(who)
        ),
        rows: vec![vec![
            button("Approve", JoinAnswer::Approve),
            button("Deny", JoinAnswer::Deny),
        ]],
    }
}

/// Returns what a card becomes.
pub(in super::super) fn closed_card(who: &Face, verdict: JoinVerdict) -> Body {
    let face = face(who);
    Body::Plain(match verdict {
        JoinVerdict::Approved(by) => format!("{face} was let in by {by}."),
        JoinVerdict::Denied(by) => format!("{face} was not let in; {by} decided so."),
        JoinVerdict::Overtaken => format!("{face} wanted to use this bot; that is settled."),
    })
}

/// Returns a page of users.
pub(in super::super) fn page(page: &UserPage) -> Body {
    let census = page.census;
    let mut text = format!(
        "{} may come in, {} waiting, {} kept out.",
        census.active, census.waiting, census.off
    );
    for info in &page.users {
        text.push_str(&format!("\n\n{}\n{}", face_of(info), state_and_sight(info)));
    }
    let button = |label: &str, data: &Option<String>| {
        data.as_ref().map(|data| Button {
            label: label.to_owned(),
            data: data.clone(),
        })
    };
    let before = button("‹ Back", &page.before);
    let row: Vec<_> = before
        .into_iter()
        .chain(button("More ›", &page.after))
        .collect();
    match row.is_empty() {
        true => Body::Plain(text),
        false => Body::Choice {
            text,
            rows: vec![row],
        },
    }
}

fn info_text(info: &UserInfo) -> String {
    let admitted = match info.admitted_by() {
        Some(Admitter::Admin(by)) => format!("\nlet in by {by}"),
        Some(Admitter::Host) => "\nlet in on the computer of the bridge".to_owned(),
        None => String::new(),
    };
    let known = ago(info.record.created_at, info.now);
    format!(
        "{}\n{}\nfirst known {known}{admitted}",
        face_of(info),
        state_and_sight(info)
    )
}

fn face_of(info: &UserInfo) -> String {
    face(&Face::of(&info.record))
}

fn state_and_sight(info: &UserInfo) -> String {
    let state = match info.state {
        UserState::In(Role::User) => "user",
        UserState::In(Role::Owner) => "owner",
        UserState::In(Role::Admin) => "administrator",
        UserState::Waiting => "waiting to be let in",
        UserState::Declined => "not let in",
        UserState::Off => "switched off",
        UserState::Denied => "denied in bridge.toml",
        UserState::NotListed => "not on the list in bridge.toml",
    };
    match info.record.last_seen {
        Some(seen) => format!("{state}, last seen {}", ago(seen, info.now)),
        None => format!("{state}, never seen"),
    }
}

/// Says how long ago something was, as coarse as it is interesting.
fn ago(then: UnixSeconds, now: UnixSeconds) -> String {
    let passed = Duration::from_secs(now.0.saturating_sub(then.0));
    let minutes = passed.as_secs() / 60;
    match (minutes / (24 * 60), minutes / 60, minutes) {
        (0, 0, 0..10) => "just now".to_owned(),
        (0, 0, minutes) => format!("{minutes} min ago"),
        (0, 1, _) => "1 hour ago".to_owned(),
        (0, hours, _) => format!("{hours} hours ago"),
        (1, _, _) => "1 day ago".to_owned(),
        (days, _, _) => format!("{days} days ago"),
    }
}

/// Shows a person: names first because people read them, the number because it counts.
fn face(who: &Face) -> String {
    let name = plain_name(&who.first_name);
    let name = match name.is_empty() {
        true => "Somebody".to_owned(),
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
