//! Which files of a prompt somebody has to listen to.

use super::Prompt;
use crate::sent_file::{FileKind, FileOf, SentFile, Speech};

impl Prompt {
    /// Tells whether nothing was written in any of its messages.
    pub fn is_wordless(&self) -> bool {
        let further = self.further.iter().map(|piece| &piece.text);
        let mut texts = std::iter::once(&self.text).chain(further);
        texts.all(|text| text.trim().is_empty())
    }

    /// Returns the places of the files that somebody has to listen to: those of its own in which a
    /// person speaks, and recordings that came without a word.
    pub fn all_unheard(&self) -> impl Iterator<Item = usize> {
        let is_wordless = self.is_wordless();
        let is_unheard = move |file: &SentFile| {
            let is_recording = file.kind == FileKind::Audio && is_wordless;
            let is_unheard = file.of == FileOf::Message && file.speech == Speech::Unheard;
            is_unheard && (file.kind.speaks() || is_recording)
        };
        let files = self.files.iter().enumerate();
        files.filter_map(move |(place, file)| is_unheard(file).then_some(place))
    }

    /// Returns the place of the first file that somebody has to listen to.
    pub fn unheard(&self) -> Option<usize> {
        self.all_unheard().next()
    }

    /// Lets what nobody has listened to go to Claude as the files that it is.
    pub fn leave_unheard(&mut self) {
        while let Some(place) = self.unheard() {
            self.files[place].speech = Speech::LeftAsFile;
        }
    }
}

/// Returns files with what is known of what is said in the same ones.
pub(super) fn with_speech_of(known: &[SentFile], files: Vec<SentFile>) -> Vec<SentFile> {
    let heard = |file: SentFile| {
        let same = known.iter().find(|it| it.unique == file.unique);
        let speech = same.map(|it| it.speech.clone()).unwrap_or_default();
        SentFile { speech, ..file }
    };
    files.into_iter().map(heard).collect()
}
