//! The limits of single keys, without waiting.

use std::time::Duration;

use crate::Settings;
use crate::limit::KeyedLimits;
use crate::tuning::MAX_KEYS;

#[test]
fn bounds_the_keys_with_a_limit() {
    let mut limits = KeyedLimits::new(Settings::default());
    for key in 0..2_000 {
        assert!(limits.get_or_create(key, Duration::from_secs(key)).is_some());
    }
    let stored = (0..2_000).filter(|key| limits.contains(*key));
    assert_eq!(stored.collect::<Vec<_>>(), (2_000 - MAX_KEYS as u64..2_000).collect::<Vec<_>>());
}

#[test]
fn keeps_the_limits_in_use() {
    let mut limits = KeyedLimits::new(Settings::default());
    let used = MAX_KEYS as u64;
    let queues: Vec<_> =
        (0..used).map(|key| limits.get_or_create(key, Duration::ZERO).unwrap().queue.clone()).collect();
    assert!(limits.get_or_create(used, Duration::ZERO).is_none());
    assert!((0..used).all(|key| limits.contains(key)));
    drop(queues);
    assert!(limits.get_or_create(used, Duration::ZERO).is_some());
}
