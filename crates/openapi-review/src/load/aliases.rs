//! Aliases of YAML: each becomes a copy of what it stands for, so that nobody else has to know of them.

use super::builder::{Builder, MOST_LEVELS, OPEN, Place, small};
use crate::document::{Complaint, Content};

/// How many nodes aliases may add: a few lines of YAML can stand for billions.
const MOST_COPIES: u32 = 1_000_000;

impl Builder<'_> {
    /// Adds what an alias stands for: a copy of a node and all that is below it.
    pub(super) fn copy(&mut self, original: u32, place: Place) -> Result<u32, Complaint> {
        let Some(source) = self.nodes.get(original as usize).cloned() else { return Ok(original) };
        if source.end == OPEN {
            return Err(self.complaint(place, "an alias within what it stands for"));
        }
        self.copies = self.copies.saturating_add(source.end - original);
        if self.copies > MOST_COPIES {
            let reason = format!("aliases make more than {MOST_COPIES} nodes: write less of the document with them");
            return Err(self.complaint(place, reason));
        }
        let id = self.push(source.content, place, place.line)?;
        let shift = id - original;
        let levels = self.nodes.get(id as usize).map_or(0, |copy| copy.level).wrapping_sub(source.level);
        for below in original + 1..source.end {
            let Some(mut stored) = self.nodes.get(below as usize).cloned() else { break };
            stored.parent += shift;
            stored.end += shift;
            stored.target += shift;
            stored.level = stored.level.wrapping_add(levels);
            if usize::from(stored.level) > MOST_LEVELS {
                return Err(self.too_deep(place));
            }
            self.nodes.push(stored);
        }
        for copy in self.nodes.get_mut(id as usize..).unwrap_or_default() {
            if let Content::Map(group) | Content::List(group) = &mut copy.content
                && let Some(range) = group.indexed()
            {
                group.index = small(self.index.len());
                for position in range {
                    let child = self.index.get(position).copied().unwrap_or_default();
                    self.index.push(child + shift);
                }
            }
        }
        if let Some(copy) = self.nodes.get_mut(id as usize) {
            copy.end = source.end + shift;
        }
        Ok(id)
    }
}
