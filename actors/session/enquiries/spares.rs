//! Undoing with a way back: the room keeps what an undo is about to change, and puts it back.
//!
//! The agent can only go back (2.1.332), so nothing of it is asked to go forward again. Its files are
//! kept before it is told to restore them, and a crash in between finds them kept.

use std::path::PathBuf;

use super::asked::{Asked, Asker, Place, State};
use super::rewinds::Goes;
use super::{ANSWER_LIMIT, Enquiries, MAX_ASKED};
use crate::clock::Time;
use crate::enquiry::{Back, Enquiry, Findings};
use crate::ids::{PromptId, SessionKey};
use crate::outbox::{Body, Rank, Sound};
use crate::ports::{PutBack, SpareDeed, SpareOrder, SparesDone, SparesOutcome};
use crate::session::Press;
use crate::session::effect::Effect;
use crate::session::step::Step;
use crate::session::texts;

/// Whose files are undone, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) struct Ground {
    /// Whose room the spares lie in.
    pub(in crate::session) room: SessionKey,
    /// The folder that the session works in.
    pub(in crate::session) folder: PathBuf,
}

/// What a person wants undone of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::session) enum FilesWish {
    /// To be asked what goes, and what could be put back.
    Question,
    /// That they change back, if all of them can be put back.
    Undo,
    /// That they change back, also where they could not be put back.
    UndoAnyway,
}

/// How far an undo of files has come with their spares.
#[derive(Debug)]
pub(super) struct Undoing {
    ground: Ground,
    stage: Stage,
    /// Which prompt it is, where it was chosen from a list.
    goes: Option<Goes>,
}

#[derive(Debug)]
enum Stage {
    /// The agent is asked which files would change.
    Looks(FilesWish),
    /// The room is to say which of them cannot be kept, or to keep them.
    Keeps(Back),
    /// The agent is to restore the files, and did not yet.
    Restores,
    /// The room is to note what that has left; then this is said, or what follows is done.
    Seals(Option<String>),
    /// All of that is done.
    Sealed,
}

/// A press by which files are put back.
#[derive(Debug)]
pub(super) struct PuttingBack {
    pub(super) id: PromptId,
    pub(super) asker: Asker,
    place: Place,
    kept_in: PromptId,
    ground: Ground,
    pub(super) until: Time,
}

impl Undoing {
    /// Returns one that begins with a look at which files would change.
    pub(super) fn begin(ground: Ground, wish: FilesWish, goes: Option<Goes>) -> Self {
        let stage = Stage::Looks(wish);
        Self {
            ground,
            stage,
            goes,
        }
    }

    pub(super) fn goes(&self) -> Option<&Goes> {
        self.goes.as_ref()
    }

    /// Tells whether files are about to change, or do.
    pub(super) fn changes_files(&self) -> bool {
        match &self.stage {
            Stage::Looks(FilesWish::Question) | Stage::Sealed => false,
            Stage::Looks(FilesWish::Undo | FilesWish::UndoAnyway)
            | Stage::Keeps(_)
            | Stage::Restores
            | Stage::Seals(_) => true,
        }
    }
}

impl Enquiries {
    /// Takes in the order of a button about the files that a prompt changed.
    pub(in crate::session) fn on_undo_pressed(
        &mut self,
        press: Press,
        (prompt, wish): (PromptId, FilesWish),
        ground: Ground,
        step: &mut Step<'_>,
    ) {
        let undoing = Some(Box::new(Undoing::begin(ground, wish, None)));
        self.take_press(press, Enquiry::LookBack { prompt }, undoing, step);
    }

    /// Takes in that the changes are to be put back that were undone in an instruction.
    pub(in crate::session) fn on_put_back_pressed(
        &mut self,
        press: Press,
        kept_in: PromptId,
        ground: Ground,
        step: &mut Step<'_>,
    ) {
        if self.put_backs.len() >= MAX_ASKED {
            step.toast(press.callback, step.say().enquiries_full());
            return;
        }
        step.toast(press.callback, step.say().toast_one_moment());
        let deed = SpareDeed::PutBack {
            kept_in: kept_in.clone(),
        };
        let (by, role) = (press.by, press.role);
        let put_back = PuttingBack {
            id: press.id,
            asker: Asker { by, role },
            place: press.message.map_or(Place::Apart, Place::Of),
            kept_in,
            ground,
            until: step.now() + ANSWER_LIMIT,
        };
        order(&put_back.id, &put_back.ground, deed, step);
        self.put_backs.push(put_back);
    }

    /// Takes in what the room says about spares.
    pub(in crate::session) fn on_spares_done(&mut self, done: SparesDone, step: &mut Step<'_>) {
        let SparesDone { asked_in, outcome } = done;
        let is_it = |it: &PuttingBack| it.id == asked_in;
        if let Some(place) = self.put_backs.iter().position(is_it) {
            let put_back = self.put_backs.remove(place);
            put_back.tell(outcome, step);
            return;
        }
        let is_it = |it: &Asked| it.id == asked_in && it.is_at_room();
        if let Some(place) = self.asked.iter().position(is_it) {
            let mut asked = self.asked.remove(place);
            if asked.goes_on_after_room(outcome, step) {
                self.asked.insert(place, asked);
            }
        }
    }

    /// Tells whether the room is to answer.
    #[cfg(test)]
    pub(in crate::session) fn wait_for_room(&self) -> bool {
        let others = self.put_backs.len() + self.rewinds.len();
        others > 0 || self.asked.iter().any(Asked::is_at_room)
    }

    /// Tells those for whom the room has taken too long; whether there were any.
    pub(super) fn on_room_deadline(&mut self, step: &mut Step<'_>) -> bool {
        let now = step.now();
        let is_due = |it: &mut PuttingBack| it.until <= now;
        let late: Vec<_> = self.put_backs.extract_if(.., is_due).collect();
        for put_back in &late {
            put_back.say(step.say().put_back_slow(), step);
        }
        let is_due = |it: &Asked| matches!(it.state, State::AtRoom { until } if until <= now);
        let mut n_due = 0;
        while let Some(place) = self.asked.iter().position(is_due) {
            n_due += 1;
            let mut asked = self.asked.remove(place);
            if asked.goes_on_without_room(step) {
                self.asked.insert(place, asked);
            }
        }
        !late.is_empty() || n_due > 0
    }
}

impl Asked {
    pub(super) fn is_at_room(&self) -> bool {
        match self.state {
            State::AtRoom { .. } => true,
            State::Waits | State::Sent { .. } | State::Ends => false,
        }
    }

    /// Takes in what the agent says about an undo; tells whether the room is asked next.
    pub(super) fn asks_room(
        &mut self,
        findings: &Result<Findings, String>,
        step: &mut Step<'_>,
    ) -> bool {
        let Some(undoing) = &self.undoing else {
            return false;
        };
        match (&undoing.stage, findings) {
            (Stage::Looks(FilesWish::Question), Ok(Findings::Back(back)))
                if back.files.is_empty() =>
            {
                false
            }
            (Stage::Looks(wish), Ok(Findings::Back(back))) => {
                let paths = back.files.clone();
                let deed = match wish {
                    FilesWish::Question => SpareDeed::Weigh { paths },
                    // Also where nothing changes: a crash may have come after the files changed.
                    FilesWish::Undo => SpareDeed::Take { paths, all: true },
                    FilesWish::UndoAnyway => SpareDeed::Take { paths, all: false },
                };
                self.go_to_room(Stage::Keeps(back.clone()), deed, step);
                true
            }
            (Stage::Restores, Ok(_)) => {
                self.go_to_room(Stage::Seals(None), SpareDeed::Seal, step);
                true
            }
            (Stage::Restores, Err(reason)) => {
                let text = step.say().not_undone(reason);
                self.seals_and_says(text, step)
            }
            (Stage::Looks(_) | Stage::Keeps(_) | Stage::Seals(_) | Stage::Sealed, _) => false,
        }
    }

    /// Has noted what an undo has left of which nobody knows how far it came, and then says this.
    /// Tells whether it is one.
    pub(super) fn seals_and_says(&mut self, text: String, step: &mut Step<'_>) -> bool {
        let undoing = self.undoing.as_ref();
        let restores = undoing.is_some_and(|it| matches!(it.stage, Stage::Restores));
        if restores {
            self.go_to_room(Stage::Seals(Some(text)), SpareDeed::Seal, step);
        }
        restores
    }

    fn go_to_room(&mut self, stage: Stage, deed: SpareDeed, step: &mut Step<'_>) {
        if let Some(undoing) = &mut self.undoing {
            order(&self.id, &undoing.ground, deed, step);
            undoing.stage = stage;
            let until = step.now() + ANSWER_LIMIT;
            self.state = State::AtRoom { until };
        }
    }

    /// Takes in what the room says; tells whether something is wanted next.
    fn goes_on_after_room(&mut self, outcome: SparesOutcome, step: &mut Step<'_>) -> bool {
        let Some(undoing) = &mut self.undoing else {
            return false;
        };
        match (&mut undoing.stage, outcome) {
            (Stage::Keeps(back), SparesOutcome::Weighed(unspared)) => {
                let Enquiry::LookBack { prompt } = &self.enquiry else {
                    return false;
                };
                let question = texts::undo_question(
                    step.say(),
                    (prompt, undoing.goes.as_ref()),
                    back,
                    &unspared,
                );
                self.put(question, step);
                false
            }
            (Stage::Keeps(_), SparesOutcome::Taken) => {
                let Enquiry::LookBack { prompt } = &self.enquiry else {
                    return false;
                };
                let prompt = prompt.clone();
                undoing.stage = Stage::Restores;
                (self.enquiry, self.state) = (Enquiry::RestoreFiles { prompt }, State::Waits);
                true
            }
            (Stage::Keeps(_), SparesOutcome::Failed(reason)) => {
                self.say(step.say().spares_failed(reason), step);
                false
            }
            (Stage::Seals(_), outcome) => {
                match outcome {
                    SparesOutcome::Sealed { changed: n @ 1.. } => {
                        let offer = texts::put_back_offer(step.say(), &self.id, n);
                        step.send(offer, None, (Rank::Answer, Sound::Silent));
                    }
                    SparesOutcome::Failed(_) => step.tell(step.say().spares_not_sealed()),
                    SparesOutcome::Sealed { changed: 0 }
                    | SparesOutcome::Weighed(_)
                    | SparesOutcome::Taken
                    | SparesOutcome::PutBack(_)
                    | SparesOutcome::Gone => {}
                }
                self.goes_on_sealed(step)
            }
            (Stage::Looks(_) | Stage::Keeps(_) | Stage::Restores | Stage::Sealed, _) => false,
        }
    }

    /// Takes in that the room does not answer; tells whether something is wanted next.
    fn goes_on_without_room(&mut self, step: &mut Step<'_>) -> bool {
        let undoing = self.undoing.as_ref();
        if undoing.is_some_and(|it| matches!(it.stage, Stage::Seals(_))) {
            step.tell(step.say().spares_not_sealed());
            return self.goes_on_sealed(step);
        }
        self.say(step.say().spares_slow(), step);
        false
    }

    /// Says what became of the files, or goes on with what follows.
    fn goes_on_sealed(&mut self, step: &mut Step<'_>) -> bool {
        let Some(undoing) = &mut self.undoing else {
            return false;
        };
        let stage = std::mem::replace(&mut undoing.stage, Stage::Sealed);
        if let Stage::Seals(Some(text)) = stage {
            self.say(text, step);
            return false;
        }
        let goes_on = self.goes_on();
        if !goes_on {
            self.show(Findings::Done, step);
        }
        goes_on
    }
}

impl PuttingBack {
    fn tell(&self, outcome: SparesOutcome, step: &mut Step<'_>) {
        match outcome {
            SparesOutcome::PutBack(put_back) => {
                let text = texts::put_back(step.say(), &put_back);
                if put_back.failed.is_empty() {
                    self.close(text, step);
                    let kept_in = self.kept_in.clone();
                    let deed = SpareDeed::Remove { kept_in };
                    order(&self.id, &self.ground, deed, step);
                } else {
                    self.say(text, step);
                }
            }
            SparesOutcome::Failed(reason) => {
                let failed = vec![(String::new(), reason)];
                let put_back = PutBack {
                    failed,
                    ..PutBack::default()
                };
                self.say(texts::put_back(step.say(), &put_back), step);
            }
            SparesOutcome::Gone
            | SparesOutcome::Weighed(_)
            | SparesOutcome::Taken
            | SparesOutcome::Sealed { .. } => self.close(step.say().put_back_gone(), step),
        }
    }

    fn close(&self, text: String, step: &mut Step<'_>) {
        match self.place {
            Place::Of(message) => step.close_message(message, text),
            Place::Below(_) | Place::Apart => self.say(text, step),
        }
    }

    fn say(&self, text: String, step: &mut Step<'_>) {
        let tone = (Rank::Answer, Sound::Silent);
        step.send(Body::Plain(text), self.place.message(), tone);
    }
}

fn order(asked_in: &PromptId, ground: &Ground, deed: SpareDeed, step: &mut Step<'_>) {
    step.push(Effect::Spare(SpareOrder {
        key: ground.room,
        folder: ground.folder.clone(),
        asked_in: asked_in.clone(),
        at: step.calendar(),
        deed,
    }));
}
