//! YAML aliases are copied, so that the rest of the crate sees a plain tree.

use super::builder::{Builder, MAX_LEVELS, Position, UNFINISHED};
use super::parsed::saturating_u32;
use crate::document::{Content, Diagnostic};

/// The maximum number of nodes that aliases add: a few lines of YAML can expand to billions.
const MAX_COPIES: u32 = 1_000_000;

impl Builder<'_> {
    /// Adds a copy of a node and its descendants.
    pub(super) fn copy(&mut self, original: u32, position: Position) -> Result<u32, Diagnostic> {
        let Some(source) = self.nodes.get(original as usize).cloned() else { return Ok(original) };
        if source.end == UNFINISHED {
            return Err(self.diagnostic(position, "the alias refers to a node that contains it"));
        }
        self.copies = self.copies.saturating_add(source.end - original);
        if self.copies > MAX_COPIES {
            let reason = format!("aliases add more than {MAX_COPIES} nodes: use fewer of them");
            return Err(self.diagnostic(position, reason));
        }
        let id = self.push(source.content, position, position.line)?;
        let shift = id - original;
        let levels = self.nodes.get(id as usize).map_or(0, |copy| copy.level).wrapping_sub(source.level);
        for descendant in original + 1..source.end {
            let Some(mut stored) = self.nodes.get(descendant as usize).cloned() else { break };
            stored.parent += shift;
            stored.end += shift;
            stored.target += shift;
            stored.level = stored.level.wrapping_add(levels);
            if usize::from(stored.level) > MAX_LEVELS {
                return Err(self.too_deep(position));
            }
            self.nodes.push(stored);
        }
        let within: Vec<u32> =
            self.merges.iter().filter(|&&merge| merge > original && merge < source.end).copied().collect();
        self.merges.extend(within.into_iter().map(|merge| merge + shift));
        for copy in self.nodes.get_mut(id as usize..).unwrap_or_default() {
            if let Content::Map(children) | Content::List(children) = &mut copy.content
                && let Some(range) = children.indexed()
            {
                children.index = saturating_u32(self.index.len());
                for at in range {
                    let child = self.index.get(at).copied().unwrap_or_default();
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
