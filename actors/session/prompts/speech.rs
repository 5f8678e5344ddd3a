//! What is said in the files of prompts that wait: such a prompt runs when it is written down.

use super::Prompts;
use crate::ids::{MessageId, PromptId};
use crate::outbox::{Body, Rank, Sound};
use crate::ports::Lack;
use crate::sent_file::{HearingFault, Speech};
use crate::session::effect::Effect;
use crate::session::policy::{Confirm, VoicePolicy};
use crate::session::step::Step;
use crate::session::texts;
use crate::session::{Prompt, offer::MAX_OFFERS};

impl Prompts {
    /// Has somebody listen to what waits, one file of a prompt after the other, and to nothing that
    /// waits no longer, or no longer for that: found by looking, so that no way of a prompt out of
    /// the queue can forget it.
    pub(in crate::session) fn see_to_speech(&mut self, step: &mut Step<'_>) {
        let is_unheard = |id: &PromptId| {
            let mut waiting = self.queue.iter();
            waiting.any(|prompt| prompt.id == *id && prompt.unheard().is_some())
        };
        let (listening, over) = std::mem::take(&mut self.listening)
            .into_iter()
            .partition(is_unheard);
        self.listening = listening;
        let over: Vec<PromptId> = over;
        for prompt in over {
            step.push(Effect::StopListening { prompt });
        }
        for prompt in &self.queue {
            let place = prompt.unheard();
            let file = place.and_then(|place| self.files.here(&prompt.id).get(place));
            let file = file.and_then(|file| file.as_ref().ok());
            if let Some(file) = file
                && !self.listening.contains(&prompt.id)
            {
                self.listening.push(prompt.id.clone());
                step.push(Effect::Listen {
                    prompt: prompt.id.clone(),
                    file: file.path.clone(),
                });
            }
        }
    }

    /// Ends who listens; what waits is listened to anew when it is taken over.
    pub(in crate::session) fn stop_listening(&mut self, step: &mut Step<'_>) {
        for prompt in self.listening.drain(..) {
            step.push(Effect::StopListening { prompt });
        }
    }

    /// Returns the message of a prompt that waits and goes to Claude as a file for want of somebody
    /// who listens.
    pub(in crate::session) fn goes_unheard(&self) -> Option<MessageId> {
        let mut waiting = self.queue.iter();
        let prompt = waiting.find(|prompt| prompt.unheard().is_some());
        prompt.map(|prompt| prompt.message)
    }

    /// Lets what waits go to Claude as files.
    pub(in crate::session) fn leave_unheard(&mut self) {
        self.queue.iter_mut().for_each(Prompt::leave_unheard);
    }

    /// Tells whether somebody listens to what is next.
    pub(in crate::session) fn listens_to_next(&self) -> bool {
        let next = self.next();
        next.is_some_and(|prompt| self.listening.contains(&prompt.id))
    }

    /// Takes in what was heard in a file of a prompt. One of which nobody knows what is said does
    /// not run: the person is told, and can have it tried again or sent as a file.
    pub(in crate::session) fn on_heard(
        &mut self,
        id: &PromptId,
        outcome: Result<String, HearingFault>,
        step: &mut Step<'_>,
    ) {
        let Some(at) = self.listening.iter().position(|it| it == id) else {
            return;
        };
        self.listening.remove(at);
        let words = match outcome {
            Ok(words) => words,
            Err(fault) => {
                self.give_up_listening(id, &fault, step);
                return;
            }
        };
        let mut waiting = self.queue.iter_mut();
        let Some(prompt) = waiting.find(|prompt| prompt.id == *id) else {
            return;
        };
        let Some(place) = prompt.unheard() else {
            return;
        };
        prompt.files[place].speech = Speech::Words(words);
        let heard = prompt.clone();
        let is_whole = heard.unheard().is_none();
        self.note_accepted(heard.clone());
        if is_whole {
            self.show_what_was_heard(heard, step);
        }
    }

    fn show_what_was_heard(&mut self, heard: Prompt, step: &mut Step<'_>) {
        let waits = match step.policy().voice {
            VoicePolicy::On { confirm, .. } => confirm == Confirm::Yes,
            VoicePolicy::Off { .. } => false,
        };
        // It may be a song.
        if waits || texts::is_of_a_recording(&heard) {
            self.take(&heard.id);
            self.ask_whether_right(heard, step);
            return;
        }
        let words = Body::Quoted(texts::heard(step.say(), &heard));
        step.send(words, Some(heard.message), (Rank::Answer, Sound::Silent));
    }

    /// Does not begin to listen to what takes too long.
    pub(super) fn give_up_what_is_too_long(&mut self, id: &PromptId, step: &mut Step<'_>) {
        let VoicePolicy::On { max_length, .. } = step.policy().voice else {
            return;
        };
        let mut waiting = self.queue.iter();
        let is_too_long = waiting.any(|prompt| {
            let mut lengths = prompt
                .all_unheard()
                .filter_map(|place| prompt.files[place].length);
            prompt.id == *id && lengths.any(|length| length > max_length)
        });
        if is_too_long {
            let fault = HearingFault::TooLong { limit: max_length };
            self.give_up_listening(id, &fault, step);
        }
    }

    fn give_up_listening(&mut self, id: &PromptId, fault: &HearingFault, step: &mut Step<'_>) {
        if let Some(prompt) = self.take(id) {
            let text = texts::not_heard(step.say(), fault);
            self.offer_again(prompt, (Lack::Words, text), step);
        }
    }

    /// Forgets which posts become messages about transcripts that are decided about.
    pub(in crate::session) fn forget_decided_transcripts(&mut self) {
        let offers = &self.offers;
        let is_open = |id: &PromptId| offers.iter().any(|offer| offer.prompt.id == *id);
        self.transcripts.retain(|(_, id)| is_open(id));
        debug_assert!(self.transcripts.len() <= MAX_OFFERS, "one for each offer");
    }
}
