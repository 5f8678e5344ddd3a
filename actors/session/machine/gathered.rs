//! What a person says in one message or several.

use bridge_texts::Say;

use crate::clock::Time;
use crate::ids::MessageId;
use crate::instruction::Joint;
use crate::own_commands::typo_in;
use crate::session::Prompt;
use crate::session::agent::{Handshake, Room};
use crate::session::gathering::Said;
use crate::session::policy::VoicePolicy;
use crate::session::prompts::{Fate, MAX_FURTHER, Written};
use crate::session::step::Step;
use crate::session::texts;
use crate::session::turn::{StopReason, Stopping, Turn, tell_dropped};

use super::Machine;

impl Machine {
    /// Takes in what a person said, which may be a part of what they say.
    pub(super) fn on_said(
        &mut self,
        prompt: Prompt,
        reply_to: Option<MessageId>,
        step: &mut Step<'_>,
    ) {
        if let Some(corrected) = self.corrected(&prompt, reply_to, step) {
            // A full queue keeps nobody from correcting: the words that were heard are gone.
            step.react(corrected.message, "👀");
            self.queue_up(corrected, step);
            return;
        }
        let Some(prompt) = self.gathering.put_aside(prompt, step.now()) else {
            return;
        };
        // What has not begun waits until the bridge is back, and is put together then.
        if self.is_ending() {
            let is_more = self.prompts.waiting().any(|it| it.is_of_album(&prompt));
            match is_more {
                // The person was told with the first one.
                true => self.prompts.push(prompt),
                false => self.on_text(prompt, reply_to, step),
            }
            return;
        }
        // What answers Claude is no word about a file.
        let waits_for_words = self.gathering.lacks_words_of(prompt.author);
        if waits_for_words && self.requests.are_answered_by(&prompt, reply_to) {
            self.on_text(prompt, reply_to, step);
            return;
        }
        let now = step.now();
        let prompt = self.join_album(prompt, now);
        let Some(prompt) = prompt.and_then(|it| self.join_comment(it, step)) else {
            return;
        };
        for said in self.gathering.take_in(prompt, reply_to, now) {
            self.on_whole(said, step);
        }
    }

    /// Takes in what nothing more came of in time.
    pub(super) fn on_gathered(&mut self, step: &mut Step<'_>) {
        if self.is_ending() {
            return;
        }
        for said in self.gathering.take_due(step.now()) {
            self.on_whole(said, step);
        }
        // With nothing said of it, what is said in it may be the message.
        if let VoicePolicy::On { .. } = step.policy().voice {
            for said in self.gathering.take_recordings(step.now()) {
                self.on_whole(said, step);
            }
        }
        for (message, n_files) in self.gathering.take_wordless(step.now()) {
            step.reply(message, step.say().files_without_words(n_files));
        }
    }

    /// Returns what a person meant to say, if this replies to their transcript.
    fn corrected(
        &mut self,
        prompt: &Prompt,
        reply_to: Option<MessageId>,
        step: &mut Step<'_>,
    ) -> Option<Prompt> {
        let to = reply_to.filter(|_| prompt.goes_on.is_none())?;
        self.prompts.correct(prompt, to, step)
    }

    /// Says how voice messages are transcribed where one goes to Claude as a file.
    pub(super) fn tell_of_voice(&mut self, step: &mut Step<'_>) {
        if let VoicePolicy::Off { who } = step.policy().voice
            && let Some(message) = self.prompts.goes_unheard()
        {
            self.chat.tell_of_voice(message, who, step);
        }
    }

    /// Puts a changed text in the place of the one that is held or waits.
    pub(super) fn on_edit(&mut self, edit: Prompt, step: &mut Step<'_>) {
        match self.gathering.replace(&edit) {
            Some(former) => {
                let held = (self.gathering.pieces()).find(|piece| piece.id == edit.id);
                self.prompts
                    .note_replaced(former, held.cloned().unwrap_or(edit), step);
            }
            None => {
                let of_turn = self.edit_of_turn(&edit, step.say());
                self.prompts.replace(edit, of_turn, step);
            }
        }
    }

    fn on_whole(&mut self, said: Said, step: &mut Step<'_>) {
        let Said {
            prompt,
            reply_to,
            was_held,
            is_passed_on,
            is_cut,
        } = said;
        if was_held {
            self.prompts.note_accepted(prompt.clone());
            self.gathering.note_album(&prompt, step.now());
        }
        let (author, id) = (prompt.author, prompt.id.clone());
        (self.gathering).note_latest(author, id, step.now());
        // There the rest of it is said to nobody in particular.
        if is_cut && !self.key.chat.is_private() {
            step.reply(prompt.message, step.say().text_is_cut());
        }
        match is_passed_on {
            // What was said to somebody else answers nothing that Claude asks.
            true => self.on_no_answer(prompt, step),
            false => self.on_text(prompt, reply_to, step),
        }
    }

    /// Returns what is said in place of running a text, once it is known which commands Claude has:
    /// what there is here for a command of its terminal, or that it is nearly one of the bridge.
    pub(super) fn said_instead(&self, text: &str, say: Say) -> Option<String> {
        let listed = self.chat.listed_commands();
        let word = text.strip_prefix('/')?.split_whitespace().next()?;
        if listed.is_empty() || self.chat.knows_command(word) {
            return None;
        }
        let record = self.chat.record();
        let place = (record.conversation.as_ref(), record.folder.as_path());
        texts::instead_of_terminal(say, text, place).or_else(|| {
            let typo = typo_in(text, listed.iter().map(String::as_str))?;
            Some(say.did_you_mean(typo.meant, &typo.written))
        })
    }

    /// Says something in place of running a prompt.
    pub(super) fn say_instead(&mut self, prompt: &Prompt, text: String, step: &mut Step<'_>) {
        step.reply(prompt.message, text);
        self.prompts.note_fate(&Written::of(prompt), Fate::NeverRan);
    }

    /// Adds a file that came late to the rest of its album, if that waits. Returns it if not.
    fn join_album(&mut self, late: Prompt, now: Time) -> Option<Prompt> {
        let Some(album) = self.gathering.album_of(&late, now) else {
            return Some(late);
        };
        self.prompts.join(&album, late, Joint::File)
    }

    /// Adds what was passed on to the words about it that came just before: to the prompt that
    /// waits, or to the turn that works on it. Returns it if there is none.
    fn join_comment(&mut self, passed_on: Prompt, step: &mut Step<'_>) -> Option<Prompt> {
        let now = step.now();
        let Some(comment) = self.gathering.comment_on(&passed_on, now) else {
            return Some(passed_on);
        };
        let (author, id) = (passed_on.author, passed_on.id.clone());
        if let Some(passed_on) = self.prompts.join(&comment, passed_on, Joint::Apart) {
            let takes_it = |turn: &Turn| turn.was_given(&comment) && self.has_place_behind(turn);
            let is_taken = self.turn.as_deref().is_some_and(takes_it);
            let has_files = !passed_on.files.is_empty();
            let may_wait = !self.prompts.is_full(step) && !self.is_ending();
            if !is_taken || !self.can_be_told_more() || has_files && !may_wait {
                return Some(passed_on);
            }
            step.react(passed_on.message, "👀");
            let passed_on = (self.prompts).note_behind(comment, passed_on.going_on(None));
            match has_files {
                // They have to be fetched first.
                true => self.prompts.push(passed_on),
                false => self.steer(passed_on, step),
            }
            self.gathering.note_latest(author, id, now);
            return None;
        }
        self.gathering.note_latest(author, comment, now);
        None
    }

    /// Tells whether a turn takes more of what is passed on: as much as one prompt that waits does.
    fn has_place_behind(&self, turn: &Turn) -> bool {
        let n_waiting = self.prompts.n_followers(|id| turn.was_given(id));
        turn.n_steered() + n_waiting < MAX_FURTHER
    }

    /// Gives the running turn what belongs to it and can be given by now. What belongs to a turn
    /// that its person stops is dropped with it.
    pub(super) fn see_to_followers(&mut self, step: &mut Step<'_>) {
        while let Some(prompt) = self.take_follower() {
            self.steer(prompt, step);
        }
        let is_stopped = |turn: &&Turn| turn.stop_reason() == Some(StopReason::Person);
        if let Some(turn) = self.turn.as_deref().filter(is_stopped) {
            let n_dropped = self.prompts.drop_followers(|id| turn.was_given(id));
            tell_dropped(n_dropped, step);
        }
    }

    fn take_follower(&mut self) -> Option<Prompt> {
        // The person was told that what waits runs when the bridge is back.
        let may_give = self.can_be_told_more() && !self.is_ending();
        let turn = self.turn.as_deref().filter(|_| may_give)?;
        self.prompts.take_follower(|id| turn.was_given(id))
    }

    /// Tells whether the agent can be given more for the turn that it was given: also before it
    /// has answered the handshake, since it reads one line after the other.
    fn can_be_told_more(&self) -> bool {
        let is_open = self.agent.live().is_some_and(|live| {
            live.room() != Room::Stale && !matches!(live.handshake(), Handshake::Refused(_))
        });
        let turn = self.turn.as_ref();
        is_open && turn.is_some_and(|turn| turn.stopping() == Stopping::No)
    }
}
