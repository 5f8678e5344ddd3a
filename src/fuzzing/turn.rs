//! What must hold for a whole turn, whatever the agent writes and the person does: the session goes
//! on, and all that it posts can be sent.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bridge_actors::chat_settings::AgentSettings;
use bridge_actors::clock::{Time, UnixSeconds};
use bridge_actors::ids::{
    CallbackId, ChatId, ConversationId, Generation, MessageId, PostId, PromptId, SessionKey, UserId,
};
use bridge_actors::instruction::Role;
use bridge_actors::money::{Day, SpentThere};
use bridge_actors::outbox::PostAction;
use bridge_actors::ports::{MoneyLedger, StoreError};
use bridge_actors::purse::Purse;
use bridge_actors::session::effect::Effect;
use bridge_actors::session::event::Event;
use bridge_actors::session::machine::Machine;
use bridge_actors::session::policy::Policy;
use bridge_actors::session::settings::SessionSettings;
use bridge_actors::session::step::{Moment, NewIds};
use bridge_actors::session::{Command, CommandKind, Instruct, Press, Prompt};

use crate::claude::translate::Translator;
use crate::claude::wire::input_line;
use crate::telegram;

const FOLDER: &str = "/srv/proj";
const PERSON: UserId = UserId(7);

/// A line each: what the agent writes, or what the person does, which begins with `!`.
pub(super) fn turn(bytes: &[u8]) {
    let mut chat = Chat::new();
    let prompt = chat.prompt("x");
    chat.happens(prompt);
    chat.happens(Event::SlotGranted);
    for line in bytes.split(|byte| *byte == b'\n') {
        match line.strip_prefix(b"!") {
            Some(deed) => chat.person_does(deed),
            None => chat.agent_writes(line),
        }
    }
}

/// A session with its agent, its clock and its ids.
struct Chat {
    machine: Machine,
    translator: Translator,
    generation: Generation,
    now: Duration,
    n_ids: u64,
}

impl Chat {
    fn new() -> Self {
        let settings = SessionSettings {
            policy: Policy::default(),
            folder: PathBuf::from(FOLDER),
            agent: AgentSettings::default(),
            epoch: 0,
        };
        let record = Machine::record_for(None, Path::new(FOLDER));
        Self {
            machine: Machine::new(SessionKey::of_chat(ChatId(PERSON.0)), settings, record),
            translator: translator(),
            generation: Generation(0),
            now: Duration::ZERO,
            n_ids: 0,
        }
    }

    fn agent_writes(&mut self, line: &[u8]) {
        for event in self.translator.on_line(line).events {
            self.happens(Event::Agent(self.generation, event));
        }
    }

    /// What a person does has a letter, and behind it what they write.
    fn person_does(&mut self, deed: &[u8]) {
        let deed = String::from_utf8_lossy(deed);
        let mut words = deed.chars();
        let letter = words.next();
        let words = words.as_str();
        let event = match letter {
            Some('p') => self.prompt(words),
            Some('s') => self.command(CommandKind::Stop),
            Some('n') => self.command(CommandKind::NewConversation {
                prompt: (!words.is_empty()).then(|| words.to_owned()),
                context: String::new(),
                goes_on: None,
                files: Vec::new(),
            }),
            Some('?') => self.command(CommandKind::Status),
            Some('k') => self.command(CommandKind::Tasks),
            Some('b') => self.press(words),
            Some('g') => Event::SlotGranted,
            Some('v') => Event::Shown {
                post: PostId(self.n_ids),
                message: MessageId(500),
            },
            _ => return self.wait(),
        };
        self.happens(event);
    }

    /// Lets the time pass until the session has to see to something.
    fn wait(&mut self) {
        let next = self.machine.next_deadline().map(|deadline| deadline.at.0);
        self.now = self.now.max(next.unwrap_or_default());
        self.happens(Event::DeadlineReached);
    }

    fn happens(&mut self, event: Event) {
        let at = Moment {
            time: Time(self.now),
            calendar: UnixSeconds(1_700_000_000 + self.now.as_secs()),
        };
        let [conversations, posts, generations, nonces] = &mut [self.n_ids; 4];
        let next = |id: &mut u64| {
            *id += 1;
            *id
        };
        let ids = NewIds {
            conversation: &mut || ConversationId(format!("c{}", next(conversations))),
            post: &mut || PostId(next(posts)),
            generation: &mut || Generation(next(generations)),
            nonce: &mut || format!("n{}", next(nonces)),
            next_time: |_, after| Some(UnixSeconds(after.0 + 60)),
            purse: &Purse::new(Arc::new(NoMoney)),
        };
        let effects = self.machine.step(event, at, ids);
        let drawn = [*conversations, *posts, *generations, *nonces];
        self.n_ids = drawn.into_iter().max().unwrap_or_default();
        effects.into_iter().for_each(|effect| self.perform(effect));
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Launch(order) => {
                self.generation = order.generation;
                self.translator = translator();
            }
            Effect::Write(input) => {
                let line = input_line(&input).unwrap_or_default();
                assert!(!line.contains('\n'), "{line:?} is not one line");
            }
            Effect::Post(post) => match post.action {
                PostAction::Send { body, .. }
                | PostAction::Edit { body, .. }
                | PostAction::EditMessage { body, .. } => telegram::fuzzing::assert_sendable(&body),
                PostAction::Leave => {}
            },
            Effect::Journal(_)
            | Effect::SignalInterrupt
            | Effect::KillAgent
            | Effect::ForgetAgent
            | Effect::Fetch { .. }
            | Effect::Listen { .. }
            | Effect::StopListening { .. }
            | Effect::Remember(_)
            | Effect::Sign(_)
            | Effect::Audit(_)
            | Effect::TakeFiles(_)
            | Effect::Inbox(_)
            | Effect::Spare(_)
            | Effect::ReadPrompts(_)
            | Effect::LookUp(_)
            | Effect::SayUsedUp { .. }
            | Effect::ReleaseFiles(_)
            | Effect::Slot(_)
            | Effect::Finish => {}
        }
    }

    fn prompt(&mut self, text: &str) -> Event {
        let (id, message) = self.next_message();
        let text = text.to_owned();
        Event::Instructed(Instruct::Prompt(Prompt::new(id, PERSON, message, text)))
    }

    fn command(&mut self, kind: CommandKind) -> Event {
        let (id, message) = self.next_message();
        Event::Instructed(Instruct::Command(Command {
            id,
            by: PERSON,
            role: Role::Owner,
            message,
            kind,
        }))
    }

    fn press(&mut self, data: &str) -> Event {
        let (id, message) = self.next_message();
        Event::Instructed(Instruct::Press(Press {
            callback: CallbackId("press".to_owned()),
            message: Some(message),
            data: data.to_owned(),
            by: PERSON,
            name: "Ann".to_owned(),
            role: Role::Owner,
            id,
        }))
    }

    fn next_message(&mut self) -> (PromptId, MessageId) {
        self.n_ids += 1;
        let number = i64::try_from(self.n_ids).unwrap_or(i64::MAX);
        (PromptId(format!("p{number}")), MessageId(number))
    }
}

fn translator() -> Translator {
    let follow: fn(&Path) -> PathBuf = Path::to_owned;
    Translator::in_folder(Path::new(FOLDER), follow, Policy::default().language.say())
}

/// Nobody has spent anything.
struct NoMoney;

impl MoneyLedger for NoMoney {
    fn spent(&self, _: Day, _: Day) -> Result<Vec<SpentThere>, StoreError> {
        Ok(Vec::new())
    }

    fn name_of(&self, _: UserId) -> Option<String> {
        None
    }
}
