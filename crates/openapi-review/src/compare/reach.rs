//! The operations that a change affects: those whose scope it was found in, and those that refer to the shared pair.

use std::collections::HashMap;
use std::sync::Arc;

use super::comparison::Comparison;
use super::raw_finding::{DirectedOrigin, Origin};
use crate::review::{AffectedOperation, Direction, OperationTable, Operations};

/// The operations that use each part.
///
/// Parts that refer to each other are used by the same operations, and share one set. So the cost is that of the references,
/// and not of the references for each part.
pub(super) struct Reach {
    sets: Vec<Operations>,
    /// The set of each part.
    numbers: HashMap<DirectedOrigin, usize>,
}

impl Reach {
    /// `parts` are those to look up later.
    pub(super) fn new(comparison: &Comparison<'_>, parts: impl Iterator<Item = DirectedOrigin>) -> Self {
        let graph = Graph::new(comparison, parts);
        let table = Arc::new(OperationTable::new(graph.parts.iter().filter_map(|part| affected(comparison, *part))));
        let mut sets: Vec<Operations> = Vec::new();
        let mut numbers = HashMap::new();
        let mut set_of = vec![usize::MAX; graph.parts.len()];
        // The users of a component are in components before it.
        for component in graph.components() {
            let mut set: Option<Operations> = None;
            for &part in &component {
                let own = graph.parts.get(part).and_then(|part| affected(comparison, *part));
                let own = own.map(|operation| Operations::of(&table, &operation));
                let users = graph.users.get(part).map(Vec::as_slice).unwrap_or_default();
                let inherited = users.iter().filter_map(|user| sets.get(*set_of.get(*user)?));
                for other in own.iter().chain(inherited) {
                    set = Some(set.map_or_else(|| other.clone(), |set| set.union(other)));
                }
            }
            for &part in &component {
                if let (Some(slot), Some(part)) = (set_of.get_mut(part), graph.parts.get(part)) {
                    *slot = sets.len();
                    numbers.insert(*part, sets.len());
                }
            }
            sets.push(set.unwrap_or_default());
        }
        Self { sets, numbers }
    }

    /// The operations that use a part, directly or through others.
    pub(super) fn operations(&self, part: DirectedOrigin) -> Operations {
        self.numbers.get(&part).and_then(|number| self.sets.get(*number)).cloned().unwrap_or_default()
    }
}

fn affected(comparison: &Comparison<'_>, (origin, direction): DirectedOrigin) -> Option<AffectedOperation> {
    let Origin::Operation(number) = origin else { return None };
    let operation = comparison.operations.get(number)?;
    Some(AffectedOperation {
        operation: operation.name.clone(),
        id: operation.id.clone(),
        direction: direction.unwrap_or(Direction::Request),
    })
}

/// The parts that are used, and which parts use them.
struct Graph {
    parts: Vec<DirectedOrigin>,
    /// For each part, the numbers of its users.
    users: Vec<Vec<usize>>,
}

impl Graph {
    fn new(comparison: &Comparison<'_>, parts: impl Iterator<Item = DirectedOrigin>) -> Self {
        let mut graph = Self { parts: Vec::new(), users: Vec::new() };
        let mut numbers = HashMap::new();
        let mut number_of = |part: DirectedOrigin, parts: &mut Vec<DirectedOrigin>| {
            *numbers.entry(part).or_insert_with(|| {
                parts.push(part);
                parts.len() - 1
            })
        };
        for part in parts {
            number_of(part, &mut graph.parts);
        }
        while let Some(&(origin, _)) = graph.parts.get(graph.users.len()) {
            let users = match origin {
                Origin::SharedPair(pair) => comparison.shared_pairs.get(pair).map(|pair| pair.users.as_slice()),
                Origin::Document | Origin::Operation(_) => None,
            };
            let users = users.unwrap_or_default().iter().map(|user| number_of(*user, &mut graph.parts)).collect();
            graph.users.push(users);
        }
        graph
    }

    /// The strongly connected components, users first, by Tarjan's algorithm without recursion.
    fn components(&self) -> Vec<Vec<usize>> {
        const UNVISITED: usize = usize::MAX;
        let size = self.parts.len();
        let (mut order, mut lowest) = (vec![UNVISITED; size], vec![0; size]);
        let mut is_open = vec![false; size];
        let (mut open, mut components, mut visited) = (Vec::new(), Vec::new(), 0);
        for start in 0..size {
            if order[start] != UNVISITED {
                continue;
            }
            // Each part with the number of its users that were visited.
            let mut path = vec![(start, 0)];
            while let Some((part, next)) = path.pop() {
                if next == 0 {
                    order[part] = visited;
                    lowest[part] = visited;
                    visited += 1;
                    open.push(part);
                    is_open[part] = true;
                }
                if let Some(&user) = self.users[part].get(next) {
                    path.push((part, next + 1));
                    if order[user] == UNVISITED {
                        path.push((user, 0));
                    } else if is_open[user] {
                        lowest[part] = lowest[part].min(order[user]);
                    }
                    continue;
                }
                if lowest[part] == order[part] {
                    let begin = open.iter().rposition(|other| *other == part).unwrap_or_default();
                    let component = open.split_off(begin);
                    for &member in &component {
                        is_open[member] = false;
                    }
                    components.push(component);
                }
                if let Some(&(parent, _)) = path.last() {
                    lowest[parent] = lowest[parent].min(lowest[part]);
                }
            }
        }
        components
    }
}
