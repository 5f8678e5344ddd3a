//! Decides where an update goes.

use bridge_texts::Say;

use super::slash_command::{Parsed, SlashCommand, Words, album_of};
use super::{ChatKind, Inbound, InboundContent, Sender, texts};
use crate::enquiry::Enquiry;
use crate::ids::{CallbackId, MessageId, PromptId, UserId};
use crate::outbox::Rank;
use crate::rating::Rating;
use crate::session::{Command, CommandKind, Instruct, Press, Prompt, StopDraft};
use crate::user_registry::{Access, Arrival, Refusal, Request, Role, Ruling};

/// Where an update goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Route {
    /// To the chat's session.
    Deliver(Instruct),
    /// Back to the chat.
    Answer {
        reply_to: Option<MessageId>,
        text: String,
        rank: Rank,
    },
    /// Back to whoever pressed a button.
    AnswerPress {
        callback: CallbackId,
        text: Option<String>,
    },
    /// Nowhere.
    Ignore(IgnoreReason),
}

/// Why an update goes nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IgnoreReason {
    /// The person may not come in and was told lately, or has no private chat to be told in.
    RefusedSilently,
    /// The registry has dealt with it.
    Settled,
    /// Nobody waits for a word about it.
    Silent,
}

/// Returns what the registry is asked about an update.
pub(super) fn to_arrival(Parsed { inbound, words }: &Parsed) -> Arrival {
    Arrival {
        chat: inbound.chat(),
        chat_kind: inbound.chat_kind,
        sender: inbound.sender.clone(),
        request: request_of(&inbound.content, words),
        album: album_of(&inbound.content).map(str::to_owned),
    }
}

fn request_of(content: &InboundContent, words: &Words) -> Request {
    match content {
        InboundContent::Joined => Request::Joined,
        InboundContent::Left => Request::Left,
        InboundContent::Moved { from, to } => Request::Moved {
            from: *from,
            to: *to,
        },
        InboundContent::Button { message, data, .. } => Request::Press {
            message: *message,
            data: data.clone(),
        },
        InboundContent::Reaction { .. } => Request::Reaction,
        InboundContent::DraftStopped { .. } => Request::StopDraft,
        InboundContent::Text { .. }
        | InboundContent::Edited { .. }
        | InboundContent::Unsupported { .. } => match words {
            Words::Other if content.is_of_unknown_kind() => Request::UnknownKind,
            Words::Overheard => Request::Overheard,
            Words::OverheardAlbum => Request::OverheardAlbum,
            Words::Other => Request::Work,
            Words::Command(command) => command.clone().request(),
        },
    }
}

/// Returns the ruling about an arrival when the registry gives no answer: a no, said where the
/// person is alone with the bot.
pub(super) fn ruling_without_registry(arrival: &Arrival) -> Ruling {
    Ruling::of(match (&arrival.sender, arrival.chat_kind) {
        (Sender::Person(_), ChatKind::Private) => Access::Refused(Some(Refusal::StoreFailed)),
        (Sender::Person(_), ChatKind::Group | ChatKind::Channel)
        | (
            Sender::Anonymous | Sender::Nobody,
            ChatKind::Private | ChatKind::Group | ChatKind::Channel,
        ) => Access::Refused(None),
    })
}

/// Returns where an update goes.
pub(super) fn route(Parsed { inbound, words }: Parsed, access: Access, say: Say) -> Route {
    match access {
        Access::Granted(role) | Access::Unrecorded(role) => {
            route_granted(inbound, words, role, say)
        }
        Access::Claimed => answer(None, texts::welcome_owner(say)),
        Access::Settled => Route::Ignore(IgnoreReason::Settled),
        Access::Refused(refusal) => route_refused(inbound, refusal, say),
    }
}

/// Returns what the person is told when nobody took an instruction over.
pub(super) fn route_untaken(instruction: &Instruct, say: Say) -> Route {
    match instruction {
        _ if instruction.is_silent() => Route::Ignore(IgnoreReason::Silent),
        Instruct::Press(press) => Route::AnswerPress {
            callback: press.callback.clone(),
            text: Some(say.not_known_whether_taken()),
        },
        Instruct::Prompt(_)
        | Instruct::Reply { .. }
        | Instruct::Replace(_)
        | Instruct::Command(_)
        | Instruct::StopDraft(_)
        | Instruct::Rate(_) => answer(instruction.message(), say.not_known_whether_taken()),
    }
}

fn route_granted(inbound: Inbound, words: Words, role: Role, say: Say) -> Route {
    let command = words.command();
    let (author, name) = match inbound.sender {
        Sender::Person(person) => (person.user, person.first_name),
        Sender::Anonymous | Sender::Nobody => return Route::Ignore(IgnoreReason::RefusedSilently),
    };
    let prompt = |id, message, text| Prompt::new(id, author, message, text);
    match inbound.content {
        InboundContent::Text {
            message,
            prompt: id,
            markdown: text,
            context,
            goes_on,
            reply_to,
            files,
            ..
        } => {
            let prompt = prompt(id, message, text).in_context(context);
            let prompt = prompt.going_on(goes_on).with_files(files);
            route_text((prompt, reply_to), command, (role, say))
        }
        InboundContent::Edited {
            message,
            prompt: id,
            markdown: text,
            context,
            files,
            ..
        } => {
            let prompt = prompt(id, message, text).in_context(context);
            route_edit(prompt.with_files(files), command, (role, say))
        }
        InboundContent::Unsupported {
            message,
            prompt: id,
            kind,
            caption: _,
        } => match command.map(|it| (it, prompt(id, message, String::new()))) {
            Some((command, of)) => route_command(command, of, (role, say)),
            None => answer(Some(message), texts::unreadable(say, kind)),
        },
        content @ (InboundContent::Joined
        | InboundContent::Left
        | InboundContent::Moved { .. }
        | InboundContent::Button { .. }
        | InboundContent::DraftStopped { .. }
        | InboundContent::Reaction { .. }) => route_sign(content, (author, name, role), say),
    }
}

/// Returns where a press or another sign goes.
fn route_sign(
    content: InboundContent,
    (author, name, role): (UserId, String, Role),
    say: Say,
) -> Route {
    match content {
        InboundContent::Button {
            callback,
            message,
            data,
            prompt: id,
        } if Press::is_for_session(&data) => {
            route_press((callback, message, data, id), (author, name, role))
        }
        InboundContent::Reaction {
            up,
            down,
            prompt: id,
            ..
        } => {
            let by = author;
            Route::Deliver(Instruct::Rate(Rating { id, by, up, down }))
        }
        InboundContent::DraftStopped { draft, prompt: id } => {
            Route::Deliver(Instruct::StopDraft(StopDraft::new(id, author, draft)))
        }
        // The registry has taken its own, so this one is old or forged.
        InboundContent::Button { callback, .. } => Route::AnswerPress {
            callback,
            text: Some(say.toast_button_out_of_use()),
        },
        InboundContent::Joined
        | InboundContent::Left
        | InboundContent::Moved { .. }
        | InboundContent::Text { .. }
        | InboundContent::Edited { .. }
        | InboundContent::Unsupported { .. } => Route::Ignore(IgnoreReason::RefusedSilently),
    }
}

/// Returns where the press of a session's button goes.
fn route_press(
    (callback, message, data, id): (CallbackId, Option<MessageId>, String, PromptId),
    (by, name, role): (UserId, String, Role),
) -> Route {
    Route::Deliver(Instruct::Press(Press {
        name,
        callback,
        message,
        data,
        by,
        role,
        id,
    }))
}

/// Returns where a text goes, which may reply to a message of ours.
fn route_text(
    (prompt, reply_to): (Prompt, Option<MessageId>),
    command: Option<SlashCommand>,
    (role, say): (Role, Say),
) -> Route {
    if let Some(command) = command {
        return route_command(command, prompt, (role, say));
    }
    // A mention of the bot and nothing else.
    if !prompt.is_overheard() && prompt.text.trim().is_empty() && prompt.n_own_files() == 0 {
        return answer(Some(prompt.message), texts::help(say, role));
    }
    Route::Deliver(match reply_to {
        Some(to) => Instruct::Reply { to, prompt },
        None => Instruct::Prompt(prompt),
    })
}

/// Returns where an edit goes, which can be a command.
fn route_edit(prompt: Prompt, command: Option<SlashCommand>, to: (Role, Say)) -> Route {
    match command {
        Some(command) => route_command(command, prompt, to),
        None => Route::Deliver(Instruct::Replace(prompt)),
    }
}

/// Returns where a command goes; `of` is the message that it came in, as the prompt that it is not.
fn route_command(command: SlashCommand, of: Prompt, (role, say): (Role, Say)) -> Route {
    let has_files = of.n_own_files() > 0;
    let Prompt {
        id,
        author: by,
        message,
        context,
        goes_on,
        files,
        ..
    } = of;
    let order = |kind| {
        Route::Deliver(Instruct::Command(Command {
            id,
            by,
            role,
            message,
            kind,
        }))
    };
    match command {
        SlashCommand::New { prompt } => {
            // A file without words is a prompt too.
            let prompt = prompt.or(has_files.then(String::new));
            // What is answered stands above words; without any there is nothing to run.
            let (context, files) = match prompt {
                Some(_) => (context, files),
                None => Default::default(),
            };
            order(CommandKind::NewConversation {
                goes_on: goes_on.filter(|_| prompt.is_some()),
                prompt,
                context,
                files,
            })
        }
        SlashCommand::Stop => order(CommandKind::Stop),
        SlashCommand::Tasks => order(CommandKind::Tasks),
        SlashCommand::Files => order(CommandKind::Files),
        SlashCommand::Rewind => order(CommandKind::Rewind),
        SlashCommand::Archive(wish) => order(CommandKind::Archive(wish)),
        // It is answered from what Claude knows, and no file is read for it.
        SlashCommand::Enquire(Enquiry::Aside(_)) if has_files => {
            answer(Some(message), say.aside_takes_no_files())
        }
        SlashCommand::Enquire(enquiry) => order(CommandKind::Enquire(enquiry.in_context(&context))),
        SlashCommand::Trust { trust } => order(CommandKind::Trust(trust)),
        SlashCommand::Choose { setting, value } => order(CommandKind::Choose { setting, value }),
        SlashCommand::Verbose { detail } => order(CommandKind::Show(detail)),
        SlashCommand::Draft { wish } => order(CommandKind::Drafts(wish)),
        SlashCommand::Rich { wish } => order(CommandKind::Rich(wish)),
        SlashCommand::Status => order(CommandKind::Status),
        SlashCommand::Start { .. } => answer(None, say.welcome()),
        SlashCommand::Help => help(say, role),
        // The registry has dealt with these.
        SlashCommand::UserInfo { .. }
        | SlashCommand::Users
        | SlashCommand::Manage { .. }
        | SlashCommand::AllowGroup
        | SlashCommand::DeleteMyData
        | SlashCommand::LockDown
        | SlashCommand::Unlock => Route::Ignore(IgnoreReason::Settled),
    }
}

/// Whoever misses it asks again, and a crowd that asks keeps no answer waiting.
fn help(say: Say, role: Role) -> Route {
    Route::Answer {
        reply_to: None,
        text: texts::help(say, role),
        rank: Rank::Notice,
    }
}

fn route_refused(inbound: Inbound, refusal: Option<Refusal>, say: Say) -> Route {
    match (inbound.content, inbound.sender, refusal) {
        // The press is answered, or the button would turn for minutes; it learns nothing.
        (InboundContent::Button { callback, .. }, _, _) => Route::AnswerPress {
            callback,
            text: None,
        },
        (
            InboundContent::Text { .. }
            | InboundContent::Edited { .. }
            | InboundContent::Unsupported { .. },
            Sender::Person(person),
            Some(refusal),
        ) => Route::Answer {
            reply_to: None,
            text: texts::refusal(say, refusal, person.user),
            rank: Rank::Notice,
        },
        (
            InboundContent::Text { message, .. }
            | InboundContent::Edited { message, .. }
            | InboundContent::Unsupported { message, .. },
            Sender::Anonymous,
            Some(_),
        ) => Route::Answer {
            reply_to: Some(message),
            text: say.refusal_anonymous(),
            rank: Rank::Notice,
        },
        (
            InboundContent::Text { .. }
            | InboundContent::Edited { .. }
            | InboundContent::Unsupported { .. }
            | InboundContent::DraftStopped { .. }
            | InboundContent::Reaction { .. }
            | InboundContent::Joined
            | InboundContent::Left
            | InboundContent::Moved { .. },
            Sender::Person(_) | Sender::Anonymous | Sender::Nobody,
            _,
        ) => Route::Ignore(IgnoreReason::RefusedSilently),
    }
}

fn answer(reply_to: Option<MessageId>, text: String) -> Route {
    Route::Answer {
        reply_to,
        text,
        rank: Rank::Answer,
    }
}

#[cfg(test)]
mod tests;
