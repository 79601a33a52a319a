use super::*;

fn limits(text: &str) -> Limits {
    Limits::new(vec![text.parse().unwrap()])
}

fn at(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// The wait of a rejected call at this time, in whole seconds; `None` if it is admitted.
fn wait(limits: &Limits, milliseconds: u64) -> Option<u64> {
    limits.check(None, at(milliseconds)).rejection.map(|rejection| rejection.seconds)
}

#[test]
fn bucket_admits_a_burst_and_then_its_rate() {
    let limits = limits("bucket:rate=2,burst=3");
    assert_eq!([0, 0, 0, 0].map(|time| wait(&limits, time)), [None, None, None, Some(1)]);
    assert_eq!(wait(&limits, 499), Some(1), "a rejected call costs nothing");
    assert_eq!([500, 500, 1_000].map(|time| wait(&limits, time)), [None, Some(1), None]);
    assert_eq!([60_000; 4].map(|time| wait(&limits, time)), [None, None, None, Some(1)], "it holds three, not more");
}

#[test]
fn bucket_counting_rejected_calls_starves_early_callers() {
    let limits = limits("bucket-counting-rejected:rate=2,burst=1");
    assert_eq!(wait(&limits, 0), None);
    for time in (100..5_000).step_by(100) {
        assert_eq!(wait(&limits, time), Some(1), "{time}");
    }
    // The last rejected call emptied the bucket at 4.9 s and no further: a token takes half a second.
    assert_eq!(wait(&limits, 5_400), None);
}

#[test]
fn slow_bucket_announces_the_whole_wait() {
    let limits = limits("bucket:rate=0.1,burst=1");
    assert_eq!([0, 0, 3_500, 9_999, 10_000].map(|time| wait(&limits, time)), [None, Some(10), Some(7), Some(1), None]);
}

#[test]
fn admits_a_call_after_its_retry_after() {
    for text in ["bucket:rate=7,burst=3", "bucket-counting-rejected:rate=0.3,burst=1", "window:calls=2,per=3500ms"] {
        let limits = limits(text);
        let mut time = 0;
        for _ in 0..1_000 {
            if let Some(seconds) = wait(&limits, time) {
                time += seconds * 1_000;
                assert_eq!(wait(&limits, time), None, "{text} at {time}");
            }
        }
    }
}

#[test]
fn window_begins_with_the_first_call_after_the_previous_one() {
    let limits = limits("window:calls=2,per=10s");
    assert_eq!([5_000, 6_000, 6_500, 14_999].map(|time| wait(&limits, time)), [None, None, Some(9), Some(1)]);
    assert_eq!([20_000, 29_000, 29_000].map(|time| wait(&limits, time)), [None, None, Some(1)]);
    assert_eq!(wait(&limits, 30_000), None);
}

#[test]
fn limits_can_be_per_customer() {
    let first = |limits: &Limits| {
        [Some(1), Some(2), None, Some(1), None]
            .map(|customer: Option<u128>| limits.check(customer.map(Uuid::from_u128), at(0)).rejection.is_none())
    };
    assert_eq!(first(&limits("bucket:rate=1,burst=1")), [true, false, false, false, false]);
    assert_eq!(first(&limits("bucket:rate=1,burst=1,per-customer")), [true, true, true, false, false]);
}

#[test]
fn counts_calls_before_the_announced_time_as_early() {
    let early = |text: &str| {
        let limits = limits(text);
        [0, 0, 400, 999, 1_000, 1_999].map(|time| limits.check(None, at(time)).early)
    };
    assert_eq!(early("bucket:rate=10,burst=1"), [false, false, true, true, false, true]);
    assert_eq!(early("bucket:rate=10,burst=1,fault,no-retry-after"), [false; 6], "nothing was announced");
    // A rejected early call announces a later time.
    assert_eq!(early("bucket:rate=1,burst=1"), [false, false, true, true, true, false]);
}

#[test]
fn all_limits_must_admit_a_call() {
    let texts = ["window:calls=2,per=1m", "bucket:rate=1,burst=1,per-customer"];
    let limits = Limits::new(texts.map(|text| text.parse().unwrap()).into());
    let seconds = |customer| limits.check(Some(Uuid::from_u128(customer)), at(0)).rejection.map(|one| one.seconds);
    assert_eq!([1, 1, 2].map(seconds), [None, Some(1), Some(60)]);
}

#[test]
fn throttles_keep_their_text() {
    for text in [
        "bucket:rate=50,burst=50",
        "bucket-counting-rejected:rate=0.5,burst=5,per-customer,fault,no-retry-after",
        "window:calls=500,per=10s",
    ] {
        assert_eq!(text.parse::<Throttle>().unwrap().to_string(), text);
    }
    assert_eq!("bucket:rate=50,gateway".parse::<Throttle>().unwrap().to_string(), "bucket:rate=50,burst=50");
}

#[test]
fn errors_name_what_is_invalid() {
    for (text, word) in [
        ("", "is not a throttle"),
        ("leak:rate=1", "'leak' is not a throttle"),
        ("bucket", "needs a rate"),
        ("bucket:burst=5", "needs a rate"),
        ("bucket:rate=0", "above zero"),
        ("bucket:rate=inf", "above zero"),
        ("bucket:rate=fast", "not a number"),
        ("bucket:rate=1,calls=2", "no setting 'calls'"),
        ("window:calls=5", "needs calls and a time"),
        ("window:calls=0,per=1s", "needs calls and a time"),
        ("window:calls=5,per=10", "not a duration"),
    ] {
        let error = text.parse::<Throttle>().unwrap_err().to_string();
        assert!(error.contains(word), "{text}: {error}");
    }
}
