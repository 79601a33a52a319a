//! Merge keys of YAML: `<<: *defaults` adds the keys of another map that the map itself does not have.

use std::collections::HashSet;

use super::parsed::Parsed;
use super::writer::Writer;
use crate::document::{Content, Diagnostic, Slice, StoredNode};

/// Replaces the merge keys of a file, whose values are `merges`, by the keys that they add.
pub(super) fn expand(parsed: Parsed, merges: &[u32]) -> Result<Parsed, Diagnostic> {
    let merges: HashSet<u32> = merges.iter().copied().collect();
    let writer = Writer::new(&parsed.nodes, parsed.strings.clone());
    let mut expansion = Expansion { parsed: &parsed, merges, writer };
    expansion.write(Slice::default(), 0)?;
    let Writer { nodes, strings, index, .. } = expansion.writer;
    let Parsed { file, warnings, .. } = parsed;
    Ok(Parsed { file, nodes, strings, index, warnings })
}

struct Expansion<'p> {
    parsed: &'p Parsed,
    merges: HashSet<u32>,
    writer: Writer<'p>,
}

impl<'p> Expansion<'p> {
    fn write(&mut self, key: Slice, id: u32) -> Result<(), Diagnostic> {
        let Some(stored) = self.stored(id) else { return Ok(()) };
        match stored.content {
            Content::Map(_) => {
                self.writer.open(key, id, true);
                let (mut entries, mut names) = (Vec::new(), HashSet::new());
                self.collect(id, &mut entries, &mut names)?;
                for (key, child) in entries {
                    self.write(key, child)?;
                }
                self.writer.close();
            }
            Content::List(_) => {
                self.writer.open(key, id, false);
                for child in self.children(id) {
                    self.write(Slice::default(), child)?;
                }
                self.writer.close();
            }
            scalar => {
                self.writer.scalar(key, id, scalar);
            }
        }
        Ok(())
    }

    /// Adds the entries of a map, its own before the merged ones, unless `names` has their keys.
    fn collect(
        &self,
        map: u32,
        entries: &mut Vec<(Slice, u32)>,
        names: &mut HashSet<&'p str>,
    ) -> Result<(), Diagnostic> {
        let (merged, own): (Vec<u32>, Vec<u32>) =
            self.children(map).into_iter().partition(|id| self.merges.contains(id));
        for id in own {
            let key = self.stored(id).map(|stored| stored.key).unwrap_or_default();
            if names.insert(self.parsed.strings.get(key.start as usize..key.end as usize).unwrap_or_default()) {
                entries.push((key, id));
            }
        }
        for id in merged {
            let sources = match self.stored(id).map(|stored| stored.content) {
                Some(Content::List(_)) => self.children(id),
                Some(Content::Null) => Vec::new(),
                _ => vec![id],
            };
            for source in sources {
                match self.stored(source) {
                    Some(StoredNode { content: Content::Map(_), .. }) => self.collect(source, entries, names)?,
                    Some(StoredNode { line, column, .. }) => {
                        return Err(Diagnostic {
                            file: self.parsed.file.name.clone(),
                            line: *line as usize,
                            column: *column as usize,
                            reason: "the value of a merge key (`<<`) is neither a map nor a list of maps".to_owned(),
                        });
                    }
                    None => {}
                }
            }
        }
        Ok(())
    }

    fn stored(&self, id: u32) -> Option<&'p StoredNode> {
        self.parsed.nodes.get(id as usize)
    }

    fn children(&self, id: u32) -> Vec<u32> {
        let mut children = Vec::new();
        let end = self.stored(id).map_or(0, |stored| stored.end);
        let mut next = id + 1;
        while let Some(child) = self.stored(next).filter(|_| next < end) {
            children.push(next);
            next = child.end.max(next + 1);
        }
        children
    }
}
