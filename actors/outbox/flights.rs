//! The calls in flight: each has a ticket, by which its outcome finds what it was for.

use std::collections::HashMap;

use super::Perform;
use super::deletions::Deletion;
use super::journal_note::DepartureNote;
use crate::ids::{ChatId, DraftId, SessionKey};

/// Names one call in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

/// A call that leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Departure {
    pub(super) ticket: Ticket,
    pub(super) call: Perform,
    /// What has to be on disk before it leaves.
    pub(super) first: Option<DepartureNote>,
}

/// What a call in flight is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Flight {
    /// The first post of a chat.
    Post(ChatId),
    /// The harmless call before a repeat of that post.
    Probe(ChatId),
    /// A sign, and the chat in which it is seen.
    Sign(Option<ChatId>),
    /// The deletion of a message.
    Deletion(Deletion),
    /// A draft of a session.
    Draft(SessionKey, DraftId),
}

/// The calls in flight.
#[derive(Debug, Default)]
pub(super) struct Flights {
    by_ticket: HashMap<Ticket, Flight>,
    next_ticket: u64,
}

impl Flights {
    /// Gives a call its ticket.
    pub(super) fn depart(
        &mut self,
        flight: Flight,
        call: Perform,
        first: Option<DepartureNote>,
    ) -> Departure {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        self.by_ticket.insert(ticket, flight);
        Departure {
            ticket,
            call,
            first,
        }
    }

    /// Takes a ticket back; `None` when it is unknown.
    pub(super) fn land(&mut self, ticket: Ticket) -> Option<Flight> {
        self.by_ticket.remove(&ticket)
    }
}
