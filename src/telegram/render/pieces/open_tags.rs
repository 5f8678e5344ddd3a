//! The tags of a block that wait for their partners.

use std::collections::HashMap;

/// The tags that were opened in a block and have no partner yet, the outermost first.
///
/// What is opened is passed over once at most, when it or a tag around it closes; a tag that closes
/// nothing looks at none of them.
#[derive(Debug, Default)]
pub(super) struct OpenTags {
    tags: Vec<Open>,
    /// How many there are of each name.
    counts: HashMap<String, usize>,
}

#[derive(Debug)]
struct Open {
    name: String,
    at: usize,
}

impl OpenTags {
    /// Opens a tag.
    pub(super) fn push(&mut self, name: String, at: usize) {
        *self.counts.entry(name.clone()).or_default() += 1;
        self.tags.push(Open { name, at });
    }

    /// Closes the innermost tag of this name and what was opened inside it; returns where it was
    /// opened.
    pub(super) fn close(&mut self, name: &str) -> Option<usize> {
        if self.counts.get(name).is_none_or(|count| *count == 0) {
            return None;
        }
        while let Some(open) = self.tags.pop() {
            if let Some(count) = self.counts.get_mut(&open.name) {
                *count -= 1;
            }
            if open.name == name {
                return Some(open.at);
            }
        }
        None
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.tags.clear();
        self.counts.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_closes_the_last_of_its_name_with_all_inside() {
        let mut open = OpenTags::default();
        for (at, name) in ["b", "i", "b", "u"].into_iter().enumerate() {
            open.push(name.to_owned(), at);
        }
        assert_eq!(open.close("s"), None, "it was never opened");
        assert_eq!(open.close("b"), Some(2));
        assert_eq!(open.close("u"), None, "it was closed along");
        assert_eq!(open.close("b"), Some(0));
        assert_eq!(open.close("i"), None);
    }
}
