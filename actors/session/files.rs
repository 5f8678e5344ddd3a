//! Files that Claude sends: copied, asked about where they lie elsewhere, posted, told of.
//!
//! Claude's call waits for all of it, and gets one true word of what became of it.

use std::time::Duration;

use crate::clock::Time;
use crate::file_offer::{FileOffer, SEND_FILE, ToolCall, ToolFate, ToolResult};
use crate::ids::{Generation, MessageId, PostId, SessionKey};
use crate::outbox::{Body, FileCopy, FilesOutcome, Rank, Sound, Together};
use crate::permission_request::{Ask, Json, Origin, PermissionRequest, Run};
use crate::ports::{AgentInput, FilesTaken, OutsideFiles, PermissionDecision, TakeFiles, Taken};
use crate::session::deadline::{Deadline, Why};
use crate::session::effect::Effect;
use crate::session::step::Step;
use crate::session::to_claude;

/// How many calls may wait at once; a further one is told to wait.
const MAX_CALLS: usize = 8;

/// How long the disk may take to copy files.
const COPY_LIMIT: Duration = Duration::from_secs(60);

/// How long a call waits for the word of Telegram; the files are tried on.
const DELIVERY_LIMIT: Duration = Duration::from_secs(120);

/// How large an album may be in bytes; larger files are sent one by one.
const MAX_ALBUM: u64 = 50_000_000;

/// The calls that wait.
#[derive(Debug, Default)]
pub(in crate::session) struct Files {
    open: Vec<Sending>,
}

/// Whose the files are that are taken, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::session) struct Ground {
    /// The agent that offers them.
    pub(in crate::session) agent: Generation,
    /// Whose room the copies lie in.
    pub(in crate::session) room: SessionKey,
    /// The folder that the session works in.
    pub(in crate::session) folder: std::path::PathBuf,
}

#[derive(Debug)]
struct Sending {
    ground: Ground,
    offer: FileOffer,
    stage: Stage,
}

/// How far a call has come.
#[derive(Debug)]
enum Stage {
    /// Its files are being copied.
    Copying { deadline: Time },
    /// A person is asked about those that lie elsewhere.
    Asked { outside: Vec<String> },
    /// Its posts are on their way.
    Posted { posts: Vec<Posted>, deadline: Time },
}

/// A post of a call.
#[derive(Debug)]
struct Posted {
    id: PostId,
    names: Vec<String>,
    /// How it ended.
    outcome: Option<FilesOutcome>,
}

impl Files {
    /// Takes an offer of an agent.
    pub(in crate::session) fn on_offered(
        &mut self,
        offer: FileOffer,
        ground: Ground,
        step: &mut Step<'_>,
    ) {
        if self.open.len() >= MAX_CALLS {
            answer(offer.call, to_claude::too_many_files(), step);
            return;
        }
        let stage = copy(&offer, &ground, Vec::new(), step);
        self.open.push(Sending {
            ground,
            offer,
            stage,
        });
    }

    /// Takes in what became of an order to copy files. Returns what a person is to be asked, if some
    /// lie outside of the session's folders.
    pub(in crate::session) fn on_taken(
        &mut self,
        FilesTaken { call, outcome }: FilesTaken,
        reply_to: Option<MessageId>,
        step: &mut Step<'_>,
    ) -> Option<PermissionRequest> {
        let waits = |sending: &Sending| {
            sending.offer.call == call && matches!(sending.stage, Stage::Copying { .. })
        };
        let Some(place) = self.open.iter().position(waits) else {
            if let Taken::Copied(copies) = outcome {
                release(copies, step);
            }
            return None;
        };
        let sending = &mut self.open[place];
        match outcome {
            Taken::Copied(copies) => {
                sending.stage = post(copies, &sending.offer.caption, reply_to, step);
                None
            }
            Taken::Outside(outside) => {
                sending.stage = Stage::Asked {
                    outside: outside.paths.clone(),
                };
                Some(request(&sending.offer, outside))
            }
            Taken::Refused(refused) => {
                let sending = self.open.remove(place);
                let result = to_claude::files_refused(&refused);
                answer(sending.offer.call, result, step);
                None
            }
        }
    }

    /// Takes in what a person decided about files that lie elsewhere.
    pub(in crate::session) fn on_decided(
        &mut self,
        call: &ToolCall,
        decision: PermissionDecision,
        step: &mut Step<'_>,
    ) {
        let is_it = |sending: &Sending| sending.offer.call == *call;
        let Some(place) = self.open.iter().position(is_it) else {
            return;
        };
        let sending = &mut self.open[place];
        match (decision, &mut sending.stage) {
            (
                PermissionDecision::Allow { .. } | PermissionDecision::Answer { .. },
                Stage::Asked { outside },
            ) => {
                let allowed = std::mem::take(outside);
                sending.stage = copy(&sending.offer, &sending.ground, allowed, step);
            }
            (PermissionDecision::Deny { message }, Stage::Asked { .. }) => {
                let sending = self.open.remove(place);
                answer(sending.offer.call, to_claude::files_denied(&message), step);
            }
            (
                PermissionDecision::Allow { .. }
                | PermissionDecision::Answer { .. }
                | PermissionDecision::Deny { .. },
                Stage::Copying { .. } | Stage::Posted { .. },
            ) => {}
        }
    }

    /// Takes in how a post of files ended; tells whether a call waited for it.
    pub(in crate::session) fn on_settled(
        &mut self,
        id: PostId,
        ended: FilesOutcome,
        step: &mut Step<'_>,
    ) -> bool {
        let place = self.open.iter_mut().position(|sending| {
            sending
                .posts()
                .iter_mut()
                .find(|post| post.id == id)
                .map(|post| post.outcome = Some(ended.clone()))
                .is_some()
        });
        let Some(place) = place else {
            return false;
        };
        if self.open[place]
            .posts()
            .iter()
            .all(|it| it.outcome.is_some())
        {
            let sending = self.open.remove(place);
            sending.tell(step);
        }
        true
    }

    /// Takes in that an agent waits no longer: what is posted arrives, all else is not begun. Returns
    /// the request that is to be closed.
    pub(in crate::session) fn on_withdrawn(&mut self, id: &Json) -> Option<String> {
        let is_it = |sending: &Sending| sending.offer.call.id == *id;
        let place = self.open.iter().position(is_it)?;
        let sending = self.open.remove(place);
        match sending.stage {
            Stage::Asked { .. } => Some(request_id(&sending.offer.call)),
            Stage::Copying { .. } | Stage::Posted { .. } => None,
        }
    }

    /// Forgets the calls of agents that are gone: what is posted arrives even so.
    pub(in crate::session) fn forget_dead(&mut self, agent: Option<Generation>) {
        self.open.retain(|it| Some(it.ground.agent) == agent);
    }

    /// Tells whether an agent waits for something of the bridge's, and so may be silent.
    pub(in crate::session) fn are_under_way(&self) -> bool {
        self.open.iter().any(|it| it.deadline().is_some())
    }

    /// Returns when the next call is told that nobody knows.
    pub(in crate::session) fn next_deadline(&self) -> Option<Deadline> {
        let next = self.open.iter().filter_map(Sending::deadline).min();
        next.map(|deadline| Why::FilesArrive.at(deadline))
    }

    /// Tells the calls that have waited long enough that nobody knows.
    pub(in crate::session) fn on_deadline(&mut self, step: &mut Step<'_>) {
        let now = step.now();
        let is_due = |it: &mut Sending| it.deadline().is_some_and(|deadline| deadline <= now);
        let due: Vec<_> = self.open.extract_if(.., is_due).collect();
        for sending in due {
            sending.tell(step);
        }
    }
}

impl Sending {
    fn posts(&mut self) -> &mut [Posted] {
        match &mut self.stage {
            Stage::Copying { .. } | Stage::Asked { .. } => &mut [],
            Stage::Posted { posts, .. } => posts,
        }
    }

    fn deadline(&self) -> Option<Time> {
        match self.stage {
            Stage::Asked { .. } => None,
            Stage::Copying { deadline } | Stage::Posted { deadline, .. } => Some(deadline),
        }
    }

    /// Tells the agent what has become of the files.
    fn tell(self, step: &mut Step<'_>) {
        let result = match self.stage {
            Stage::Copying { .. } | Stage::Asked { .. } => to_claude::files_not_read(),
            Stage::Posted { posts, .. } => {
                let posts = posts.into_iter();
                let ended: Vec<_> = posts.map(|post| (post.names, post.outcome)).collect();
                to_claude::files_sent(&ended)
            }
        };
        answer(self.offer.call, result, step);
    }
}

fn copy(offer: &FileOffer, ground: &Ground, allowed: Vec<String>, step: &mut Step<'_>) -> Stage {
    step.push(Effect::TakeFiles(TakeFiles {
        key: ground.room,
        folder: ground.folder.clone(),
        call: offer.call.clone(),
        paths: offer.paths.clone(),
        wish: offer.wish,
        allowed,
    }));
    let deadline = step.now() + COPY_LIMIT;
    Stage::Copying { deadline }
}

/// Posts copies, pictures and documents apart: Telegram takes no album of both.
fn post(
    copies: Vec<FileCopy>,
    caption: &str,
    reply_to: Option<MessageId>,
    step: &mut Step<'_>,
) -> Stage {
    let mut groups: Vec<Vec<FileCopy>> = Vec::new();
    for copy in copies {
        match groups.iter_mut().find(|group| group[0].form == copy.form) {
            Some(group) => group.push(copy),
            None => groups.push(vec![copy]),
        }
    }
    if let Some(first) = groups.first_mut().and_then(|group| group.first_mut()) {
        caption.clone_into(&mut first.caption);
    }
    let mut posts = Vec::new();
    for files in groups {
        let size: u64 = files.iter().map(|file| file.size).sum();
        let together = match size > MAX_ALBUM {
            true => Together::Apart,
            false => Together::Album,
        };
        let names = files.iter().map(|file| file.name.clone()).collect();
        let body = Body::Files { files, together };
        let id = step.send(body, reply_to, (Rank::Answer, Sound::Ring));
        posts.push(Posted {
            id,
            names,
            outcome: None,
        });
    }
    let deadline = step.now() + DELIVERY_LIMIT;
    Stage::Posted { posts, deadline }
}

/// Returns what a person is asked about files that lie elsewhere.
fn request(offer: &FileOffer, outside: OutsideFiles) -> PermissionRequest {
    let run = Run {
        title: SEND_FILE.to_owned(),
        detail: outside.shown,
        language: "",
        digest: outside.digest,
        purpose: None,
        reason: None,
        rules: Vec::new(),
    };
    PermissionRequest {
        id: request_id(&offer.call),
        tool: SEND_FILE.to_owned(),
        from: Origin::Claude,
        ask: Ask::Run(run),
        input: Json(String::new()),
        for_call: Some(offer.call.clone()),
    }
}

/// Names the request of a call, as none of the agent's own is named.
fn request_id(call: &ToolCall) -> String {
    format!("{SEND_FILE} {}", call.request)
}

fn release(copies: Vec<FileCopy>, step: &mut Step<'_>) {
    let copies = copies.into_iter().map(|copy| copy.copy).collect();
    step.push(Effect::ReleaseFiles(copies));
}

fn answer(call: ToolCall, (fate, text): (ToolFate, String), step: &mut Step<'_>) {
    let result = ToolResult { text, fate };
    step.write(AgentInput::ToolResult { call, result });
}
