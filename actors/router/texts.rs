//! What the router tells people, chosen by what is decided.

mod people;

use bridge_texts::Say;

use super::MediaKind;
use crate::ids::UserId;
use crate::user_registry::{Refusal, Role};

pub use people::plain_name;
pub(super) use people::{card, closed_card, erasure, group_news, news, notice, page, toast};

/// Returns the welcome for whoever has just claimed the bridge.
pub(super) fn welcome_owner(say: Say) -> String {
    format!("{}\n\n{}", say.welcome_owner(), say.welcome())
}

/// Returns the answer to `/help`.
pub(super) fn help(say: Say, role: Role) -> String {
    let (first, last) = (say.help_first(), say.help_last());
    format!("{first}\n\n{}\n\n{last}", commands(say, role))
}

fn commands(say: Say, role: Role) -> String {
    let commands = say.help_commands();
    match role {
        Role::User => commands,
        Role::Owner => {
            let (trust, lockdown) = (say.help_trust(), say.help_lockdown());
            format!("{commands}\n\n{trust}\n{lockdown}")
        }
        Role::Admin => {
            let (above, trust) = (say.help_for_administrators(), say.help_trust());
            let (others, lockdown) = (say.help_admin_commands(), say.help_lockdown());
            format!("{commands}\n\n{above}\n{trust}\n{others}\n{lockdown}")
        }
    }
}

/// Returns the answer to a message of a kind that cannot be worked on.
pub(super) fn unreadable(say: Say, kind: MediaKind) -> String {
    let is_hidden = matches!(kind, MediaKind::Story | MediaKind::PaidMedia);
    let what = match kind {
        MediaKind::Animation => say.media_animation(),
        MediaKind::Audio => say.media_audio(),
        MediaKind::LivePhoto => say.media_live_photo(),
        MediaKind::PaidMedia => say.media_paid(),
        MediaKind::Photo => say.media_photo(),
        MediaKind::Sticker => say.media_sticker(),
        MediaKind::Story => say.media_story(),
        MediaKind::Video => say.media_video(),
        MediaKind::VideoNote => say.media_video_note(),
        MediaKind::Voice => say.media_voice(),
        MediaKind::Document => say.media_document(),
        MediaKind::Checklist => say.media_checklist(),
        MediaKind::Contact => say.media_contact(),
        MediaKind::Dice => say.media_dice(),
        MediaKind::Game => say.media_game(),
        MediaKind::Giveaway => say.media_giveaway(),
        MediaKind::Invoice => say.media_invoice(),
        MediaKind::Poll => say.media_poll(),
        MediaKind::Venue => say.media_venue(),
        MediaKind::Location => say.media_location(),
        MediaKind::RichMessage => say.media_rich_message(),
        MediaKind::Unknown => say.media_unknown(),
    };
    match is_hidden {
        true => say.media_hidden(what),
        false => say.media_unreadable(what),
    }
}

/// Returns what a refused person is told.
pub(super) fn refusal(say: Say, refusal: Refusal, user: UserId) -> String {
    match refusal {
        Refusal::Stranger => say.refusal_stranger(user),
        Refusal::Barred => say.refusal_kept_out(),
        Refusal::CrowdedOut => say.refusal_crowded_out(user),
        Refusal::TooFast { per_minute } => say.refusal_too_fast(per_minute as usize),
        Refusal::TooManyCommands { per_minute } => {
            say.refusal_too_many_commands(per_minute as usize)
        }
        Refusal::Unclaimed => say.refusal_unclaimed(user),
        Refusal::WrongCode => say.refusal_wrong_code(),
        Refusal::Locked => say.refusal_locked(),
        Refusal::LockedDown(Role::User) => say.refusal_locked_down(),
        Refusal::LockedDown(Role::Owner | Role::Admin) => say.refusal_locked_down_by_you(),
        Refusal::Anonymous => say.refusal_anonymous(),
        Refusal::UnknownKind => unreadable(say, MediaKind::Unknown),
        Refusal::StoreFailed => say.refusal_store_failed(),
    }
}
