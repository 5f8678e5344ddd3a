//! The languages, and how a message of one becomes a text.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

type Bundle = FluentBundle<FluentResource>;

/// A language in which the bridge speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// The language that the others are written from; what one of them lacks is said in it.
    #[default]
    English,
}

impl Language {
    /// Returns all languages.
    pub const ALL: [Self; 1] = [Self::English];

    /// Returns the tag of the language, as in BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
        }
    }

    /// Returns what says things in this language.
    pub fn say(self) -> Say {
        Say { language: self }
    }

    fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("en.ftl"),
        }
    }

    /// Returns the messages of the language; the first use of it reads them.
    fn bundle(self) -> &'static Bundle {
        static ENGLISH: OnceLock<Bundle> = OnceLock::new();
        let bundle = match self {
            Self::English => &ENGLISH,
        };
        bundle.get_or_init(|| self.read())
    }

    fn read(self) -> Bundle {
        // The build script has read the same file, and a test reads every language.
        let resource = FluentResource::try_new(self.source().to_owned())
            .unwrap_or_else(|(resource, _)| resource);
        let tag: LanguageIdentifier = self.tag().parse().expect("a tag of ours");
        let mut bundle = Bundle::new_concurrent(vec![tag]);
        // Marks around arguments would be copied with a command, a path or code.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        bundle
    }
}

/// Says things to a person in one language: one function for each message of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Say {
    language: Language,
}

/// What is put into a message.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// How many there are of something; the message chooses its form by it.
    Count(u64),
    /// Something to be shown as it is.
    Text(String),
}

/// What an argument of a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// How many there are of something.
    Count,
    /// Anything that can be shown.
    Text,
}

/// An argument of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument {
    /// Its name in the catalogue.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
}

/// A message of the catalogue: what the tests and the table of all words are made from.
#[derive(Debug, Clone, Copy)]
pub struct Message {
    /// Its name in the catalogue.
    pub key: &'static str,
    /// Its name as a function of [`Say`].
    pub function: &'static str,
    /// The English text as it is written in the catalogue.
    pub english: &'static str,
    /// What has to be given, in the order of the function's arguments.
    pub arguments: &'static [Argument],
}

impl Message {
    /// Returns the message with texts for its arguments: a count is given in digits.
    ///
    /// For tests and tools, which go through all messages; everything else calls the function.
    pub fn say(&self, say: Say, arguments: &[&str]) -> String {
        let value = |argument: &Argument, text: &&str| match argument.kind {
            Kind::Count => Value::Count(text.parse().unwrap_or_default()),
            Kind::Text => Value::Text((*text).to_owned()),
        };
        let pairs = self.arguments.iter().zip(arguments);
        let values: Vec<_> = pairs.map(|(it, text)| (it.name, value(it, text))).collect();
        say.text(self.key, values)
    }
}

impl Say {
    /// Returns the language that is spoken.
    pub fn language(self) -> Language {
        self.language
    }

    /// Makes a text of a message; the functions that the build makes call this.
    pub(crate) fn text(
        self,
        key: &'static str,
        values: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> String {
        let bundle = self.language.bundle();
        let message = bundle.get_message(key).and_then(|it| it.value());
        // Every key comes from the file that the bundle was read from.
        let pattern = message.expect("the build made the key from the catalogue");
        let arguments: FluentArgs<'_> = values.into_iter().map(pair).collect();
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&arguments), &mut errors);
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        let text = match limit_of(key) {
            Limit::Message => text.into_owned(),
            limit @ (Limit::Toast | Limit::Label | Limit::Description) => cut(&text, limit.units()),
        };
        #[cfg(feature = "recorded")]
        crate::recorded::note(key, &text);
        text
    }
}

/// How long Telegram lets a text be, by the beginning of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// `toast-`: the answer to a press.
    Toast,
    /// `button-`: what stands on a button.
    Label,
    /// `command-`: what a command of the menu does.
    Description,
    /// Everything else; what is longer is split where it is delivered.
    Message,
}

impl Limit {
    /// Returns the limit in UTF-16 units.
    ///
    /// Telegram gives those of messages, toasts and descriptions. It names none for labels; 64 are
    /// two lines of a phone, and what is longer is not read on a button.
    pub fn units(self) -> usize {
        match self {
            Self::Toast => 200,
            Self::Label => 64,
            Self::Description => 256,
            Self::Message => 4_096,
        }
    }
}

/// Returns the limit of a message by its key.
pub fn limit_of(key: &str) -> Limit {
    match key.split('-').next() {
        Some("toast") => Limit::Toast,
        Some("button") => Limit::Label,
        Some("command") => Limit::Description,
        Some(_) | None => Limit::Message,
    }
}

/// Returns as much of a text as fits in a number of UTF-16 units; a cut is shown.
fn cut(text: &str, units: usize) -> String {
    if text.encode_utf16().count() <= units {
        return text.to_owned();
    }
    let mut left = units - 1;
    let fits = |c: &char| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    };
    let mut kept: String = text.chars().take_while(fits).collect();
    kept.push('…');
    kept
}

fn pair((name, value): (&'static str, Value)) -> (&'static str, FluentValue<'static>) {
    let value = match value {
        Value::Count(count) => FluentValue::from(count),
        Value::Text(text) => FluentValue::from(text),
    };
    (name, value)
}

#[cfg(test)]
mod tests;
