//! Shows each person the commands of their role.

use actix::prelude::*;
use bridge_actors::ids::{ChatId, UserId};
use bridge_actors::router::{MENU, SetMenu, menu_of};
use bridge_actors::user_registry::Role;
use tracing::{info, warn};

use crate::telegram::Telegram;
use crate::telegram::commands::{Audience, CommandsError, drop_menu, set_menu};

/// Owns the command menus; one is set at a time, in the order in which they were asked for.
#[derive(Debug)]
pub(super) struct MenuKeeper {
    telegram: Telegram,
}

impl MenuKeeper {
    /// Returns the keeper of a bot's menus.
    pub(super) fn new(telegram: Telegram) -> Self {
        Self { telegram }
    }
}

/// Show the menus that hold from the start: everybody's, and those of these administrators.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub(super) struct ShowMenus {
    pub(super) admins: Vec<UserId>,
}

impl Actor for MenuKeeper {
    type Context = Context<Self>;
}

impl Handler<ShowMenus> for MenuKeeper {
    type Result = AtomicResponse<Self, ()>;

    fn handle(&mut self, ShowMenus { admins }: ShowMenus, _: &mut Self::Context) -> Self::Result {
        let telegram = self.telegram.clone();
        let show = async move {
            if let Err(error) = set_menu(&telegram, Audience::Everyone, MENU).await {
                warn!(%error, "the command menu is not set");
            }
            for user in admins {
                show_role(&telegram, user, Role::Admin).await;
            }
        };
        AtomicResponse::new(Box::pin(show.into_actor(self)))
    }
}

impl Handler<SetMenu> for MenuKeeper {
    type Result = AtomicResponse<Self, ()>;

    fn handle(&mut self, SetMenu { user, role }: SetMenu, _: &mut Self::Context) -> Self::Result {
        let telegram = self.telegram.clone();
        let show = async move { show_role(&telegram, user, role).await };
        AtomicResponse::new(Box::pin(show.into_actor(self)))
    }
}

async fn show_role(telegram: &Telegram, user: UserId, role: Role) {
    let audience = Audience::Chat(ChatId(user.0));
    let shown = match role {
        Role::Admin => set_menu(telegram, audience, &menu_of(role)).await,
        // Everybody's menu is what is left.
        Role::User | Role::Owner => drop_menu(telegram, audience).await,
    };
    match shown {
        Ok(()) => {}
        Err(CommandsError::Call(error)) => {
            info!(%user, %error, "no menu of their own for somebody who has not written yet");
        }
        Err(error) => warn!(%user, %error, "the command menu is not set"),
    }
}
