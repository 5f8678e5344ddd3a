//! Reads the lines of a script.

use std::path::PathBuf;
use std::time::Duration;

use super::agent::parse_agent_event;
use super::sent::{exchanged, fetched, heard, photo_answered_in, photo_of, voice_policy};
use super::{CHAT, LIMIT_ENDS, Player, archive, files};
use crate::chat_settings::Wall;
use crate::clock::UnixSeconds;
use crate::ids::{
    CallbackId, ChatId, ConversationId, DraftId, MessageId, PostId, PromptId, SessionKey, UserId,
};
use crate::instruction::{Joint, Role};
use crate::ports::{HostUptime, Lack, Open, OpenPrompt, Stage, Then};
use crate::session::event::Event;
use crate::session::policy::AtReset;
use crate::session::{
    Command, CommandKind, Instruct, Memory, Press, Prompt, Revoke, StopDraft, TakeOver,
};

impl Player {
    /// Reads open prompts: words, separated by commas: how far each had come, and its text.
    ///
    /// A line that begins with `then` is another instruction.
    fn open(&mut self, text: &str) -> Vec<Open> {
        let all: Vec<_> = text
            .split(',')
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .collect();
        all.into_iter().map(|one| self.open_one(one)).collect()
    }

    fn open_one(&mut self, text: &str) -> Open {
        let Some(line) = text.strip_prefix("then ") else {
            return Open::Prompt(self.open_prompt(text));
        };
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let instruction = self.instruction(word, rest);
        Open::Instruction(instruction.expect("what a person wants"))
    }

    fn open_prompt(&mut self, text: &str) -> OpenPrompt {
        let (stage, text) = text.split_once(' ').expect("a stage and a text");
        if stage == "voice" {
            return self.open_voice(text);
        }
        if let Some(prompt) = self.file_left_open(stage, text) {
            return OpenPrompt {
                prompt,
                stage: Stage::Accepted,
                host: HostUptime::Unbroken,
                replays: 0,
            };
        }
        let prompt = self.written(UserId(CHAT.0), text);
        let (stage, goes_on) = match stage {
            "piece" => ("accepted", Some(Joint::Line)),
            "file" => ("accepted", Some(Joint::File)),
            _ => (stage, None),
        };
        let prompt = match goes_on {
            // One without words.
            Some(Joint::File) => Prompt {
                text: String::new(),
                files: vec![photo_of(prompt.message)],
                ..prompt
            },
            Some(Joint::Word | Joint::Line | Joint::Apart | Joint::Overheard) | None => prompt,
        };
        let prompt = prompt.going_on(goes_on);
        let (doing, nonce) = (Some("Bash: make".to_owned()), "n0".to_owned());
        let halted = |then| Stage::Halted {
            nonce: "n0".to_owned(),
            until: UnixSeconds(LIMIT_ENDS),
            then,
            asked_in: (then == Then::GoesOn).then_some(MessageId(7)),
        };
        let started = Stage::Started {
            conversation: ConversationId("c9".to_owned()),
        };
        let (stage, host, replays) = match stage {
            "accepted" => (Stage::Accepted, HostUptime::Unbroken, 0),
            "thrice" => (Stage::Accepted, HostUptime::Unbroken, 2),
            "started" => (started, HostUptime::Unbroken, 0),
            "started_before_boot" => (started, HostUptime::Restarted, 0),
            "begun" => (Stage::Begun { doing: None }, HostUptime::Unbroken, 0),
            "doing" => (Stage::Begun { doing }, HostUptime::Unbroken, 0),
            "not_begun" => {
                let lacks = Lack::File;
                (Stage::NotBegun { nonce, lacks }, HostUptime::Unbroken, 0)
            }
            "interrupted" => (Stage::Interrupted { nonce, doing }, HostUptime::Unbroken, 0),
            "halted" => (halted(Then::Nothing), HostUptime::Unbroken, 0),
            "goes_on" => (halted(Then::GoesOn), HostUptime::Restarted, 0),
            _ => panic!("not a stage: {stage}"),
        };
        OpenPrompt {
            prompt,
            stage,
            host,
            replays,
        }
    }

    /// Reads a changed caption: the number of its message, and the new text.
    fn edit_caption(&mut self, text: &str) -> Instruct {
        let Instruct::Replace(prompt) = self.edit(text) else {
            panic!("an edit");
        };
        let files = vec![photo_of(prompt.message)];
        Instruct::Replace(Prompt { files, ..prompt })
    }

    /// Reads a press: the kind and the letter of the button, its nonce, who presses, and below which
    /// message if it is not the one that the button hangs on.
    pub(super) fn press(&mut self, text: &str) -> Instruct {
        let words: Vec<_> = text.split_whitespace().collect();
        let (&[kind, letter, nonce, by], below) = words
            .split_first_chunk::<4>()
            .expect("a kind, a letter, a nonce and a person");
        let (by, role) = match by.strip_prefix("admin") {
            Some(id) => (parse_id(id), Role::Admin),
            None => (parse_id(by), Role::User),
        };
        let fresh = self.next_message();
        let shows = self.message_with(nonce).unwrap_or(fresh);
        let message = below.first().map_or(shows, |at| MessageId(parse_id(at)));
        Instruct::Press(Press {
            callback: CallbackId("press".to_owned()),
            message: Some(message),
            data: format!("{kind}.{letter}.{nonce}"),
            by: UserId(by),
            name: "Ada".to_owned(),
            role,
            id: PromptId(format!("p{}", fresh.0)),
        })
    }

    /// Returns the message whose buttons carry this, if that is known.
    fn message_with(&self, nonce: &str) -> Option<MessageId> {
        let mut requests = self.machine.requests.open().iter();
        let request = requests.find(|asked| asked.nonce == nonce);
        let view = self.machine.turn.as_ref().map(|turn| turn.view());
        let card = view.filter(|it| it.shown.as_ref().is_some_and(|(_, shown)| shown == nonce));
        match request {
            Some(asked) => asked.message,
            None => card?.message,
        }
    }

    /// Reads a reply: the message it replies to, and its text.
    fn reply(&mut self, text: &str) -> Instruct {
        let (author, text) = match text.strip_prefix("of ") {
            Some(rest) => rest.split_once(' ').expect("an author and a reply"),
            None => ("7", text),
        };
        let (to, text) = text.split_once(' ').expect("a message and a text");
        let prompt = self.written(UserId(parse_id(author)), text);
        let to = MessageId(parse_id(to));
        Instruct::Reply { to, prompt }
    }

    /// Reads a text that may go on in the next message.
    fn going_on(&mut self, text: &str, joint: Joint) -> Instruct {
        let (author, text) = match text.strip_prefix("of ") {
            Some(rest) => rest.split_once(' ').expect("an author and a text"),
            None => ("7", text),
        };
        let prompt = self.written(UserId(parse_id(author)), text);
        Instruct::Prompt(prompt.going_on(Some(joint)))
    }

    fn configured(&mut self, change: &str) -> Event {
        let (what, value) = change.split_once(' ').unwrap_or((change, ""));
        match what {
            "nothing" => {}
            "turns" => self.limit_turns(value.parse().expect("a number")),
            "voice" => self.settings.policy.voice = voice_policy(value),
            "at_reset" => self.settings.policy.at_reset = AtReset::GoesOn,
            "queue" => self.settings.policy.queued_prompts = value.parse().expect("a number"),
            "mode" => value.clone_into(&mut self.settings.agent.permission_mode),
            "model" => value.clone_into(&mut self.settings.agent.model),
            "folder" => self.settings.folder = PathBuf::from(value),
            "walled" => self.settings.agent.wall = Wall::Strict,
            "program" => self.settings.epoch += 1,
            _ => panic!("not a setting: {what}"),
        }
        Event::Configured(self.settings.clone())
    }

    /// Reads a changed message: its number, and the new text.
    fn edit(&mut self, text: &str) -> Instruct {
        let (message, text) = text.split_once(' ').expect("a message and a text");
        let message = parse_id(message);
        self.edits.push(message);
        // Each edit is an update of its own.
        let edits = self.edits.iter().filter(|of| **of == message).count();
        Instruct::Replace(Prompt::new(
            PromptId(format!("p{message}{}", "x".repeat(edits))),
            UserId(CHAT.0),
            MessageId(message),
            text.to_owned(),
        ))
    }

    /// Reads which message is edited into a command.
    fn edit_to(&mut self, message: &str, kind: CommandKind) -> Instruct {
        let id = PromptId(format!("p{}", self.next_message().0));
        Instruct::Command(Command {
            id,
            by: UserId(CHAT.0),
            role: Role::User,
            message: MessageId(parse_id(message)),
            kind,
        })
    }

    /// Reads the stop of a draft, which is named by what its id was made of.
    fn stop_draft(&mut self, nonce: &str) -> Instruct {
        Instruct::StopDraft(StopDraft {
            id: PromptId(format!("p{}", self.next_message().0)),
            by: UserId(CHAT.0),
            draft: DraftId::of_nonce(nonce),
        })
    }

    pub(in super::super) fn parse(&mut self, line: &str) -> Event {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        self.refusals += u32::from(matches!(word, "unknown" | "taken"));
        if let Some(instruction) = self.instruction(word, rest) {
            return Event::Instructed(instruction);
        }
        if let Some(event) = archive::parse(word, rest) {
            return event;
        }
        if let Some(event) = files::parse(word, rest) {
            return event;
        }
        match word {
            "granted" => Event::SlotGranted,
            "delayed" => Event::SlotDelayed {
                ahead: rest.parse().expect("a number"),
            },
            "yield" => Event::YieldAsked,
            // With a word behind it, a running turn may go on for so many seconds.
            "shutdown" => Event::EndAsked {
                deadline: self.now + Duration::from_secs(rest.parse().unwrap_or(0)),
            },
            "lockdown" => Event::LockedDown,
            "rebuilt" => {
                let suspects = Vec::new();
                Event::TakenOver(TakeOver::BrokenValue { suspects }, self.open(rest))
            }
            // The session broke on the last of these.
            "broke_on" => {
                let open = self.open(rest);
                let suspects = open.last().map(|open| open.id().clone());
                let suspects = suspects.into_iter().collect();
                Event::TakenOver(TakeOver::BrokenValue { suspects }, open)
            }
            "resumed" => Event::TakenOver(TakeOver::EarlierRun, self.open(rest)),
            "adopted" => Event::TakenOver(TakeOver::OtherSession, self.open(rest)),
            "unlocked" => Event::TakenOver(TakeOver::Lockdown, self.open(rest)),
            "fetched" => fetched(rest, |id| self.kinds_of_files(id)),
            "heard" => heard(rest),
            "shown" => shown(rest),
            "refuse_draft" => Event::DraftRefused(DraftId::of_nonce(rest)),
            "revoke" => revoked(rest, Memory::Kept),
            "remove" => revoked(rest, Memory::Forgotten),
            "erase" => revoked(rest, Memory::Erased),
            "configure" => self.configured(rest),
            "moved" => Event::Moved(SessionKey::of_chat(ChatId(parse_id(rest)))),
            _ => Event::Agent(self.generation(), parse_agent_event(word, rest)),
        }
    }

    /// Reads what a person wants, if that is what the line is about.
    fn instruction(&mut self, word: &str, rest: &str) -> Option<Instruct> {
        Some(match word {
            "prompt" => self.said(UserId(CHAT.0), rest),
            "piece" => self.going_on(rest, Joint::Line),
            "cut" => self.going_on(rest, Joint::Word),
            "forward" => self.going_on(rest, Joint::Apart),
            // What it answers and its text, with a bar between them.
            "about" => {
                let (context, text) = rest.split_once(" | ").expect("a context and a text");
                let prompt = self.written(UserId(CHAT.0), text);
                Instruct::Prompt(prompt.in_context(context.to_owned()))
            }
            "again" => {
                let (message, text) = rest.split_once(' ').expect("a message and a text");
                let message = MessageId(parse_id(message));
                Instruct::Prompt(Prompt::new(
                    PromptId(format!("p{}", message.0)),
                    UserId(CHAT.0),
                    message,
                    text.to_owned(),
                ))
            }
            "photo" => Instruct::Prompt(self.with_photo(rest)),
            // Answers a message with a photo.
            "about_photo" => {
                let prompt = self.written(UserId(CHAT.0), rest);
                let files = vec![photo_answered_in(prompt.message)];
                Instruct::Prompt(Prompt { files, ..prompt })
            }
            "exchange" => exchanged(self.edit_caption(rest)),
            "prompt_of" => {
                let (author, text) = rest.split_once(' ').expect("an author and a text");
                self.said(UserId(parse_id(author)), text)
            }
            "edit_to_stop" => self.edit_to(rest, CommandKind::Stop),
            "edit_to_status" => self.edit_to(rest, CommandKind::Status),
            "inbox" => self.inbox_press(rest),
            "button" => self.button_press(rest),
            "stop_draft" => self.stop_draft(rest),
            "stop_task" => self.press(&format!("k1 {rest}")),
            "pick" => self.press(&format!("c1 {rest}")),
            "more" => self.press(&format!("b1 {rest}")),
            "press" => self.press(&format!("t1 {rest}")),
            "answer" => self.press(&format!("a1 {rest}")),
            "wish" => self.press(&format!("q1 {rest}")),
            "stop" => self.press(&format!("s1 {rest}")),
            "edit" => self.edit(rest),
            "edit_caption" => self.edit_caption(rest),
            "reply" => self.reply(rest),
            "album" => Instruct::Prompt(self.of_album(&format!("all {rest}"), Joint::File)),
            _ => match self.sent_with(word, rest) {
                Some(prompt) => Instruct::Prompt(prompt),
                None => return self.command_of(word, rest),
            },
        })
    }
}

fn shown(text: &str) -> Event {
    let (post, message) = text.split_once(' ').expect("a post and a message");
    Event::Shown {
        post: PostId(post.parse().expect("a number")),
        message: MessageId(parse_id(message)),
    }
}

pub(super) fn parse_id(text: &str) -> i64 {
    text.parse().expect("an id")
}

fn revoked(user: &str, memory: Memory) -> Event {
    let user = UserId(parse_id(user));
    Event::Revoked(Revoke { user, memory })
}
