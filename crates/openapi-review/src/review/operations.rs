//! Sets of operations, shared by the findings that affect the same ones.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::{AffectedOperation, Direction};

/// The operations that a finding affects, in order and without duplicates. Clones share the memory.
#[derive(Clone, Default)]
pub struct Operations {
    table: Arc<OperationTable>,
    /// A bit for each operation of the table.
    members: Arc<[u64]>,
}

/// All operations of which sets contain some.
#[derive(Debug, Default)]
pub(crate) struct OperationTable {
    /// Sorted.
    operations: Vec<AffectedOperation>,
    /// For each operation, the number of its name among all names.
    ranks: Vec<u32>,
}

impl OperationTable {
    pub(crate) fn new(operations: impl Iterator<Item = AffectedOperation>) -> Self {
        let operations: Vec<AffectedOperation> = operations.collect::<BTreeSet<_>>().into_iter().collect();
        let names: BTreeSet<&str> = operations.iter().map(AffectedOperation::name).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let rank = |operation: &AffectedOperation| names.binary_search(&operation.name()).unwrap_or_default();
        let ranks = operations.iter().map(|operation| u32::try_from(rank(operation)).unwrap_or(u32::MAX)).collect();
        Self { operations, ranks }
    }
}

impl Operations {
    /// The set of one operation.
    pub(crate) fn of(table: &Arc<OperationTable>, operation: &AffectedOperation) -> Self {
        let mut members = vec![0; table.operations.len().div_ceil(64)];
        if let Ok(at) = table.operations.binary_search(operation)
            && let Some(word) = members.get_mut(at / 64)
        {
            *word |= 1 << (at % 64);
        }
        Self { table: Arc::clone(table), members: members.into() }
    }

    /// The operations of both sets, which have the same table unless one is empty.
    pub(crate) fn union(&self, other: &Self) -> Self {
        let covers = |one: &Self, other: &Self| {
            Arc::ptr_eq(&one.members, &other.members)
                || one.members.len() >= other.members.len()
                    && one.members.iter().zip(&*other.members).all(|(one, other)| other & !one == 0)
        };
        if covers(self, other) {
            return self.clone();
        }
        if covers(other, self) {
            return other.clone();
        }
        let members = self.members.iter().zip(&*other.members).map(|(one, other)| one | other).collect();
        Self { table: Arc::clone(&self.table), members }
    }

    /// The operations in order: by method and path, requests before responses.
    ///
    /// ```
    /// # use openapi_review::review::AffectedOperation;
    /// # use openapi_review::document::Document;
    /// # use openapi_review::{Settings, compare};
    /// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
    /// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
    /// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
    /// #  ]}}}}";
    /// # let base = Document::parse("main:openapi.yaml", text)?;
    /// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
    /// # let review = compare(&base, &revision, &Settings::default());
    /// let names: Vec<_> = review.findings[0].operations.iter().map(AffectedOperation::name).collect();
    /// assert_eq!(names, ["list_pets"]);
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    pub fn iter(&self) -> Iter<'_> {
        Iter { set: self, word: 0, bits: self.members.first().copied().unwrap_or(0) }
    }

    /// The first operation.
    ///
    /// ```
    /// # use openapi_review::document::Document;
    /// # use openapi_review::{Settings, compare};
    /// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {/pets: {get: {
    /// #  operationId: list_pets, responses: {'200': {description: Pets}}, parameters: [
    /// #     {name: size, in: query, schema: {type: integer, maximum: 500}}
    /// #  ]}}}}";
    /// # let base = Document::parse("main:openapi.yaml", text)?;
    /// # let revision = Document::parse("openapi.yaml", &text.replace("500", "300"))?;
    /// # let review = compare(&base, &revision, &Settings::default());
    /// let first = review.findings[0].operations.first();
    /// assert_eq!(first.map(|operation| &*operation.operation), Some("GET /pets"));
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    #[must_use]
    pub fn first(&self) -> Option<&AffectedOperation> {
        self.iter().next()
    }

    /// The number of operations. One that is affected in both directions counts twice.
    ///
    /// ```
    /// use openapi_review::review::{AffectedOperation, Direction, Operations};
    ///
    /// # let operation = |direction| AffectedOperation { operation: "GET /pets".to_owned(), id: None, direction };
    /// let operations: Operations = [Direction::Request, Direction::Response].map(operation).into_iter().collect();
    /// assert_eq!(operations.len(), 2);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether no operation is affected.
    ///
    /// ```
    /// # use openapi_review::document::Document;
    /// # use openapi_review::{Settings, compare};
    /// # let text = "{openapi: 3.0.3, info: {version: 1.0.0}, paths: {},
    /// #  components: {schemas: {Kind: {type: string}}}}";
    /// # let base = Document::parse("main:openapi.yaml", text)?;
    /// # let revision = Document::parse("openapi.yaml", &text.replace("string", "integer"))?;
    /// # let review = compare(&base, &revision, &Settings::default());
    /// let finding = &review.findings[0];
    /// assert_eq!(finding.text, "the type of `Kind` changed from `string` to `integer`");
    /// assert!(finding.operations.is_empty(), "no operation uses the schema");
    /// # Ok::<(), openapi_review::document::Diagnostic>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.iter().all(|word| *word == 0)
    }

    /// Identifies the set in memory: clones have the same address.
    pub(crate) fn address(&self) -> usize {
        self.members.as_ptr().addr()
    }

    /// Identifies the operations of which the set contains some.
    pub(crate) fn table_address(&self) -> usize {
        Arc::as_ptr(&self.table).addr()
    }

    /// All operations of which the set contains some.
    pub(crate) fn table(&self) -> &[AffectedOperation] {
        &self.table.operations
    }

    /// The positions of the operations in the table, as ranges of the first and the last.
    pub(crate) fn ranges(&self) -> Vec<[usize; 2]> {
        let mut ranges: Vec<[usize; 2]> = Vec::new();
        for at in self.positions() {
            match ranges.last_mut() {
                Some([_, last]) if *last + 1 == at => *last = at,
                _ => ranges.push([at, at]),
            }
        }
        ranges
    }

    /// The first `limit` names of the operations of a direction, or of all, sorted, and the number of all.
    pub(crate) fn names(&self, direction: Option<Direction>, limit: usize) -> (Vec<&str>, usize) {
        let mut first: Vec<(u32, usize)> = Vec::with_capacity(limit + 1);
        let (mut count, mut last) = (0, None);
        for at in self.positions() {
            let Some(operation) = self.table.operations.get(at) else { continue };
            let rank = self.table.ranks.get(at).copied().unwrap_or_default();
            // Both directions of an operation follow each other.
            if direction.is_some_and(|direction| direction != operation.direction) || last == Some(rank) {
                continue;
            }
            last = Some(rank);
            count += 1;
            if first.len() < limit || first.last().is_some_and(|(greatest, _)| rank < *greatest) {
                let place = first.partition_point(|(other, _)| *other < rank);
                if first.get(place).is_none_or(|(other, _)| *other != rank) {
                    first.insert(place, (rank, at));
                    first.truncate(limit);
                }
            }
        }
        (first.into_iter().filter_map(|(_, at)| Some(self.table.operations.get(at)?.name())).collect(), count)
    }

    fn positions(&self) -> impl Iterator<Item = usize> {
        self.members.iter().enumerate().flat_map(|(word, bits)| {
            let mut bits = *bits;
            std::iter::from_fn(move || {
                let bit = bits.trailing_zeros() as usize;
                (bits != 0).then(|| {
                    bits &= bits - 1;
                    word * 64 + bit
                })
            })
        })
    }
}

/// Iterates over the operations of a set.
#[derive(Debug, Clone)]
pub struct Iter<'o> {
    set: &'o Operations,
    word: usize,
    /// The members of the word that are left.
    bits: u64,
}

impl<'o> Iterator for Iter<'o> {
    type Item = &'o AffectedOperation;

    fn next(&mut self) -> Option<Self::Item> {
        while self.bits == 0 {
            self.word += 1;
            self.bits = *self.set.members.get(self.word)?;
        }
        let bit = self.bits.trailing_zeros() as usize;
        self.bits &= self.bits - 1;
        self.set.table.operations.get(self.word * 64 + bit)
    }
}

impl<'o> IntoIterator for &'o Operations {
    type Item = &'o AffectedOperation;
    type IntoIter = Iter<'o>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<AffectedOperation> for Operations {
    fn from_iter<T: IntoIterator<Item = AffectedOperation>>(operations: T) -> Self {
        let table = OperationTable::new(operations.into_iter());
        let size = table.operations.len();
        let members =
            (0..size.div_ceil(64)).map(|word| if size >= word * 64 + 64 { u64::MAX } else { (1 << (size % 64)) - 1 });
        Self { members: members.collect(), table: Arc::new(table) }
    }
}

impl PartialEq for Operations {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.members, &other.members) || self.iter().eq(other)
    }
}

impl Eq for Operations {}

impl fmt::Debug for Operations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl Serialize for Operations {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}
