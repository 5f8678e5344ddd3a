//! Shows each person the commands of their role.

mod plan;

use actix::prelude::*;
use bridge_actors::ids::{ChatId, UserId};
use bridge_actors::instruction::Role;
use bridge_actors::router::{SetMenu, menu_of};
use bridge_texts::{Language, Say};
use tracing::{info, warn};

use crate::telegram::Telegram;
use crate::telegram::command_menu::{Audience, CommandsError, drop_menu, set_menu};
use crate::telegram::errors::{CallError, is_token_refused};

use plan::{Attempt, Menu, Plan};

/// Owns the command menus; one is set at a time, until Telegram has answered for it.
#[derive(Debug)]
pub(super) struct MenuKeeper {
    telegram: Telegram,
    language: Language,
    plan: Plan,
    /// Whether a menu is being set, or the wait before the next attempt runs.
    is_busy: bool,
}

impl MenuKeeper {
    /// Returns the keeper of a bot's menus in a language.
    pub(super) fn new(telegram: Telegram, language: Language) -> Self {
        Self {
            telegram,
            language,
            plan: Plan::default(),
            is_busy: false,
        }
    }

    fn want(&mut self, menus: impl IntoIterator<Item = Menu>, ctx: &mut Context<Self>) {
        menus.into_iter().for_each(|menu| self.plan.want(menu));
        if !self.is_busy {
            self.set_next(ctx);
        }
    }

    fn set_next(&mut self, ctx: &mut Context<Self>) {
        let menu = self.plan.next();
        self.is_busy = menu.is_some();
        let Some(menu) = menu else {
            return;
        };
        let telegram = self.telegram.clone();
        let say = self.language.say();
        let attempt = async move { attempt(&telegram, menu, say).await };
        let tried = attempt.into_actor(self).map(move |attempt, keeper, ctx| {
            let wait = keeper.plan.on_attempt(menu, attempt);
            ctx.run_later(wait, Self::set_next);
        });
        ctx.spawn(tried);
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
    type Result = ();

    fn handle(&mut self, ShowMenus { admins }: ShowMenus, ctx: &mut Self::Context) {
        let admins = admins.into_iter().map(|user| Menu::Of(user, Role::Admin));
        self.want([Menu::Everyone].into_iter().chain(admins), ctx);
    }
}

impl Handler<SetMenu> for MenuKeeper {
    type Result = ();

    fn handle(&mut self, SetMenu { user, role }: SetMenu, ctx: &mut Self::Context) {
        self.want([Menu::Of(user, role)], ctx);
    }
}

async fn attempt(telegram: &Telegram, menu: Menu, say: Say) -> Attempt {
    let shown = match menu {
        Menu::Everyone => {
            let menu = menu_of(Role::User, say);
            set_menu(telegram, Audience::Everyone, &menu).await
        }
        Menu::Of(user, role) => {
            let audience = Audience::Chat(ChatId(user.0));
            match role {
                Role::Admin => set_menu(telegram, audience, &menu_of(role, say)).await,
                // Everybody's menu is what is left.
                Role::User | Role::Owner => drop_menu(telegram, audience).await,
            }
        }
    };
    let Err(error) = shown else {
        return Attempt::Set;
    };
    let attempt = attempt_of(&error);
    match (attempt, menu) {
        (Attempt::Refused, Menu::Of(user, _)) => {
            info!(%user, %error, "no personal command menu yet; this person has not written to \
                                  the bot");
        }
        (Attempt::Refused, Menu::Everyone) => warn!(%error, "cannot set the command menu"),
        (Attempt::Failed | Attempt::Throttled(_) | Attempt::Set, _) => {
            info!(%error, "cannot set the command menu; trying again");
        }
    }
    attempt
}

/// Returns what an error says of a further attempt.
fn attempt_of(error: &CommandsError) -> Attempt {
    let call = match error {
        CommandsError::Call(call) => call,
        CommandsError::Name(_) | CommandsError::Description(_) | CommandsError::TooMany(_) => {
            return Attempt::Refused;
        }
    };
    match call {
        CallError::Refused {
            retry_after: Some(after),
            ..
        }
        | CallError::Unreadable {
            retry_after: Some(after),
            ..
        } => Attempt::Throttled(*after),
        CallError::NotSent(_) | CallError::NoAnswer(_) | CallError::Unreadable { .. } => {
            Attempt::Failed
        }
        CallError::Refused {
            code: 429 | 500.., ..
        } => Attempt::Failed,
        // The poller says what there is to say about the token.
        CallError::Refused { .. } if is_token_refused(call) => Attempt::Failed,
        CallError::Refused { .. } => Attempt::Refused,
    }
}

#[cfg(test)]
mod tests;
