//! Performs what the schedule decides: hands calls to the Telegram edge and brings back outcomes.

mod log;
mod sent;

use std::sync::Arc;
use std::time::Duration;

use actix::fut::wrap_future;
use actix::prelude::*;
use bridge_texts::Language;
use tokio::sync::oneshot;
use tracing::{error, warn};

use super::chat_queue::SetAside;
use super::flights::Departure;
use super::journal_note::JournalNote;
use super::parked::ParkedPost;
use super::schedule::Schedule;
use super::{
    Body, ChatMoved, DraftRefused, FilesSettled, Flush, Heard, LearnedPace, PacesLearned, Perform,
    Performed, Post, PostError, Posted, Sign, TellMoves,
};
use crate::alarm::Alarm;
use crate::clock;
use crate::fault_point;
use crate::ids::PostId;
use crate::ports::{KeptPost, PostJournal, StoreError, Synced};
use sent::place_of;

/// How long a call to the edge may take; after that its fate is unknown.
const EDGE_DEADLINE: Duration = Duration::from_secs(90);

/// How long a call that carries files may take: longer than the edge gives the largest of them.
const FILES_DEADLINE: Duration = Duration::from_secs(900);

/// Posts that one sender may have on the way to the outbox before its `try_send` fails.
const MAILBOX_CAPACITY: usize = 1024;

/// Owns what leaves for Telegram: every chat's queue and its pace.
pub struct Outbox {
    edge: Recipient<Perform>,
    /// Keeps what must arrive.
    journal: Arc<dyn PostJournal>,
    /// Who keeps track of messages with buttons.
    on_posted: Vec<Recipient<Posted>>,
    /// Who keeps track of drafts.
    on_draft_refused: Vec<Recipient<DraftRefused>>,
    /// Who keeps track of files.
    on_files_settled: Vec<Recipient<FilesSettled>>,
    /// Is told of every group that a send found to have another id.
    on_moved: Option<Recipient<ChatMoved>>,
    /// Who keeps the paces that were learnt.
    on_paces: Vec<Recipient<PacesLearned>>,
    schedule: Schedule,
    /// The pump that follows what lies in the mailbox.
    soon: Option<SpawnHandle>,
    alarm: Alarm,
    /// Those who wait for the queues to be empty.
    flushes: Vec<oneshot::Sender<()>>,
}

/// What an outbox needs from outside.
pub struct OutboxPorts {
    /// Performs the calls.
    pub edge: Recipient<Perform>,
    /// Keeps what must arrive.
    pub journal: Arc<dyn PostJournal>,
    /// Are told of every message with buttons.
    pub on_posted: Vec<Recipient<Posted>>,
    /// Are told of every draft that Telegram will not show.
    pub on_draft_refused: Vec<Recipient<DraftRefused>>,
    /// Are told of every post of files that is over.
    pub on_files_settled: Vec<Recipient<FilesSettled>>,
    /// The paces that an earlier run learnt.
    pub paces: Vec<LearnedPace>,
    /// Are told of the paces that Telegram grants.
    pub on_paces: Vec<Recipient<PacesLearned>>,
    /// The language in which the outbox speaks.
    pub language: Language,
}

impl Outbox {
    /// Returns an outbox with these ports, which begins with what an earlier run kept.
    pub fn new(ports: OutboxPorts, kept: Vec<KeptPost>) -> Self {
        let OutboxPorts {
            edge,
            journal,
            on_posted,
            on_draft_refused,
            on_files_settled,
            paces,
            on_paces,
            language,
        } = ports;
        let mut schedule = Schedule::new(language);
        schedule.learn(&paces, clock::now());
        for post in kept {
            schedule.restore(post);
        }
        Self {
            edge,
            journal,
            on_posted,
            on_draft_refused,
            on_files_settled,
            on_moved: None,
            on_paces,
            schedule,
            soon: None,
            alarm: Alarm::default(),
            flushes: Vec::new(),
        }
    }

    /// Lets a pump follow what lies in the mailbox: after a restart thousands of posts come in one
    /// go, and a pump looks at every chat.
    fn pump_soon(&mut self, ctx: &mut Context<Self>) {
        if self.soon.is_none() {
            let pump = wrap_future(std::future::ready(())).map(|(), outbox: &mut Self, ctx| {
                outbox.soon = None;
                outbox.pump(ctx);
            });
            self.soon = Some(ctx.spawn(pump));
        }
    }

    /// Lets leave what may leave, and sets the wake-up for the rest.
    fn pump(&mut self, ctx: &mut Context<Self>) {
        let now = clock::now();
        let next = self.schedule.next(now);
        next.facts.iter().for_each(log::log);
        for posted in next.posted {
            self.tell(posted);
        }
        for refused in next.refused {
            self.tell_refused(refused);
        }
        self.write(next.notes);
        for settled in next.settled {
            self.tell_settled(&settled);
        }
        if let Some(paces) = next.learned {
            self.tell_paces(&paces);
        }
        for moved in next.moved {
            self.tell_moved(moved);
        }
        for SetAside { id, position } in next.recalled {
            if let Some(kept) = self.read(id) {
                self.schedule.take_back(kept, position);
            }
            // What the journal does not give back makes room, too.
            self.pump_soon(ctx);
        }
        for departure in next.departures {
            self.perform(departure, ctx);
        }
        if let Some(wake_at) = next.wake_at {
            Alarm::arm(self, wake_at, ctx, Self::alarm, Self::pump);
        }
        if self.schedule.is_idle() {
            for flush in self.flushes.drain(..) {
                // Whoever asked may have stopped waiting.
                flush.send(()).ok();
            }
        }
    }

    fn alarm(&mut self) -> &mut Alarm {
        &mut self.alarm
    }

    fn write(&self, notes: Vec<JournalNote>) {
        for note in notes {
            match note {
                JournalNote::Keep(post) => self.keep(&post),
                JournalNote::Change(id, body) => {
                    if let Some(kept) = self.read(id) {
                        self.keep(&kept.post.with_body(body));
                    }
                }
                JournalNote::Settle(id) => {
                    fault_point!("outbox.done");
                    report(self.journal.settle(id));
                    fault_point!("outbox.settled");
                }
            }
        }
    }

    fn keep(&self, post: &Post) {
        if let Some(id) = post.id() {
            report(self.journal.keep(id, post));
        }
    }

    /// Returns a post that lies in the journal alone.
    fn read(&self, id: PostId) -> Option<KeptPost> {
        match self.journal.read(id) {
            Ok(kept) => kept,
            Err(error) => {
                error!(%error, "cannot read a message from the journal");
                None
            }
        }
    }

    fn tell(&self, posted: Posted) {
        for on_posted in &self.on_posted {
            if on_posted.try_send(posted).is_err() {
                error!(key = %posted.key, "cannot report a posted message with buttons");
            }
        }
    }

    fn tell_paces(&self, paces: &[LearnedPace]) {
        for on_paces in &self.on_paces {
            if on_paces.try_send(PacesLearned(paces.to_vec())).is_err() {
                error!("cannot report the pace that telegram grants");
            }
        }
    }

    fn tell_moved(&self, moved: ChatMoved) {
        let told = self.on_moved.as_ref().map(|it| it.try_send(moved));
        if !matches!(told, Some(Ok(()))) {
            error!(from = %moved.from, to = %moved.to, "cannot report that a group has another id");
        }
    }

    fn tell_refused(&self, refused: DraftRefused) {
        for on_refused in &self.on_draft_refused {
            if on_refused.try_send(refused).is_err() {
                error!(key = %refused.key, "cannot report a refused draft");
            }
        }
    }

    fn tell_settled(&self, settled: &FilesSettled) {
        for on_settled in &self.on_files_settled {
            if on_settled.try_send(settled.clone()).is_err() {
                error!(key = %settled.key, "cannot report what became of files");
            }
        }
    }

    fn perform(&mut self, departure: Departure, ctx: &mut Context<Self>) {
        let Departure {
            ticket,
            call,
            first,
        } = departure;
        let noted = first.map(|note| {
            fault_point!("outbox.departs");
            report(self.journal.departs(note.id, note.part));
            fault_point!("outbox.noted");
            self.journal.synced()
        });
        let sends_to = place_of(&call);
        let outcome = call_edge(self.edge.clone(), call, noted);
        let landed = outcome.into_actor(self).map(move |performed, outbox, ctx| {
            if first.is_some() {
                fault_point!("outbox.landed");
            }
            outbox.note_sent(sends_to, &performed);
            outbox.schedule.on_outcome(ticket, performed, clock::now());
            outbox.pump(ctx);
        });
        ctx.spawn(landed);
    }
}

/// Calls the edge, once what has to be on disk before is there.
async fn call_edge(edge: Recipient<Perform>, call: Perform, noted: Option<Synced>) -> Performed {
    if let Some(noted) = noted {
        let to_post_error = |error: StoreError| PostError::NotDelivered(error.to_string());
        noted.await.map_err(to_post_error)?;
        fault_point!("outbox.synced", |reason| Err(PostError::NotDelivered(
            reason
        )));
    }
    // Asked before the call: a mailbox that closes afterwards may have taken it.
    let was_open = edge.connected();
    let deadline = edge_deadline(&call);
    let answer = edge.send(call).timeout(deadline).await;
    answer.unwrap_or_else(|error| Err(call_unanswered(&error, was_open)))
}

fn edge_deadline(call: &Perform) -> Duration {
    match call {
        Perform::Send {
            body: Body::Files { .. },
            ..
        } => FILES_DEADLINE,
        Perform::Send { .. } | Perform::Edit { .. } | Perform::Sign(_) | Perform::Leave { .. } => {
            EDGE_DEADLINE
        }
    }
}

fn call_unanswered(error: &MailboxError, was_open: bool) -> PostError {
    let why = format!("the telegram edge does not answer: {error}");
    match was_open {
        true => PostError::FateUnknown(why),
        false => PostError::NotDelivered(why),
    }
}

/// The store ends the bridge when it fails; until then posts leave as they can.
fn report(written: Result<(), StoreError>) {
    if let Err(error) = written {
        error!(%error, "cannot write a message to the journal");
    }
}

impl Actor for Outbox {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.set_mailbox_capacity(MAILBOX_CAPACITY);
        self.pump(ctx);
    }
}

impl Handler<Post> for Outbox {
    type Result = ();

    fn handle(&mut self, post: Post, ctx: &mut Self::Context) {
        // On disk with whatever the sender has written down before, and awaits.
        if post.is_kept() {
            fault_point!("outbox.received");
            self.keep(&post);
        }
        self.schedule.push(post);
        let notes = self.schedule.take_notes();
        self.write(notes);
        self.pump_soon(ctx);
    }
}

impl Handler<Sign> for Outbox {
    type Result = ();

    fn handle(&mut self, sign: Sign, ctx: &mut Self::Context) {
        self.schedule.sign(sign, clock::now());
        self.pump_soon(ctx);
    }
}

impl Handler<TellMoves> for Outbox {
    type Result = ();

    fn handle(&mut self, TellMoves(on_moved): TellMoves, _: &mut Self::Context) {
        self.on_moved = Some(on_moved);
    }
}

impl Handler<Heard> for Outbox {
    type Result = ();

    fn handle(&mut self, Heard(key): Heard, ctx: &mut Self::Context) {
        for ParkedPost { id, repeat } in self.schedule.on_heard(key) {
            if let Some(kept) = self.read(id) {
                self.schedule.wake(kept, repeat);
            }
            self.pump_soon(ctx);
        }
    }
}

impl Handler<Flush> for Outbox {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, Flush { within }: Flush, ctx: &mut Self::Context) -> Self::Result {
        let (empty, is_empty) = oneshot::channel();
        self.flushes.push(empty);
        self.pump(ctx);
        Box::pin(async move {
            if tokio::time::timeout(within, is_empty).await.is_err() {
                warn!("some messages were not sent before the bridge stopped");
            }
        })
    }
}

#[cfg(test)]
mod tests;
