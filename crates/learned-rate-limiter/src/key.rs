use std::fmt::Debug;
use std::hash::Hash;

/// Identifies the part of a service that a call is about and that may have its own limit, for example a customer.
pub trait Key: Copy + Eq + Hash + Debug {}

impl<K: Copy + Eq + Hash + Debug> Key for K {}
