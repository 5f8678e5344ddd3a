//! Where links and images lead: to an address that Telegram opens, or to words that say it.

use pulldown_cmark::LinkType;

use super::Walker;
use crate::telegram::render::link::{Target, TargetLook, is_linkable};

impl Walker<'_> {
    pub(super) fn on_target(&mut self, link_type: LinkType, destination: &str) {
        let look = if self.link.is_some() || link_type == LinkType::Email {
            TargetLook::Hidden
        } else if is_linkable(destination) {
            self.link = Some(self.writer.add_link(destination));
            TargetLook::Linked
        } else {
            TargetLook::Printed
        };
        let start = self.writer.begin();
        self.targets.push(Target {
            destination: destination.to_owned(),
            start,
            look,
        });
    }

    pub(super) fn on_target_end(&mut self) {
        let Some(Target {
            destination,
            start,
            look,
        }) = self.targets.pop()
        else {
            return;
        };
        let is_empty = !self.writer.has_text_since(start);
        match look {
            TargetLook::Linked => {
                if is_empty {
                    self.writer.text(&destination, self.style());
                }
                self.link = None;
            }
            TargetLook::Printed => self.print_target(start, &destination),
            TargetLook::Hidden if is_empty => self.writer.text(&destination, self.style()),
            TargetLook::Hidden => {}
        }
    }

    /// Prints a target after its text, or as code in place of a text that says the same: Telegram
    /// would take a bare `main.rs` for an address in Serbia.
    fn print_target(&mut self, start: usize, destination: &str) {
        if destination.is_empty() {
            return;
        }
        if self.writer.written_since(start) == destination {
            self.writer.take_back(start);
        }
        if self.writer.has_text_since(start) {
            self.writer.text(" (", self.style());
            self.on_code(destination);
            self.writer.text(")", self.style());
        } else {
            self.on_code(destination);
        }
    }
}
