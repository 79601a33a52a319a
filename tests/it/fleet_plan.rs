//! Plans from desired and current budgets.

use partner_center_budgets::{Client, CustomerId, CustomerUsageRecord, Decimal};
use partner_center_budgets_fleet::{CurrentBudgets, DesiredBudget, EntryKind, Plan, Target};
use proptest::prelude::*;
use uuid::Uuid;

/// Customer `number` of a sandbox.
pub(crate) fn customer(number: u32) -> CustomerId {
    Uuid::from_u128(number.into()).into()
}

pub(crate) fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn wish(line: u64, number: u32, target: &str) -> DesiredBudget {
    let target = match target {
        "clear" => Target::Clear,
        "leave" => Target::Leave,
        text => Target::Set(amount(text)),
    };
    DesiredBudget { line, customer: customer(number), target }
}

/// Customers 1 to 5 have 100, 6 to 9 have none.
fn current() -> CurrentBudgets {
    let mut current = CurrentBudgets::new();
    for number in 1..=5 {
        current.set_budget(customer(number), Some(amount("100")));
    }
    for number in 6..=9 {
        current.set_budget(customer(number), None);
    }
    current
}

#[test]
fn finds_the_kind_of_each_entry() {
    for (number, wants, kind, from, to) in [
        (6, &["5"][..], EntryKind::Set, None, Some("5")),
        (6, &["0"], EntryKind::Set, None, Some("0")),
        (1, &["100.01"], EntryKind::Raise, Some("100"), Some("100.01")),
        (1, &["99.99"], EntryKind::Lower, Some("100"), Some("99.99")),
        (1, &["clear"], EntryKind::Clear, Some("100"), None),
        (1, &["100.000"], EntryKind::Unchanged, Some("100"), Some("100")),
        (6, &["clear"], EntryKind::Unchanged, None, None),
        (1, &["leave"], EntryKind::Unchanged, Some("100"), Some("100")),
        (77, &["5"], EntryKind::UnknownCustomer, None, None),
        (1, &["5", "5.0", "5"], EntryKind::Lower, Some("100"), Some("5")),
        (1, &["5", "6"], EntryKind::Contradictory, Some("100"), Some("100")),
        (1, &["5", "leave"], EntryKind::Contradictory, Some("100"), Some("100")),
        (1, &["leave", "clear"], EntryKind::Contradictory, Some("100"), Some("100")),
        (77, &["5", "6"], EntryKind::Contradictory, None, None),
    ] {
        let wishes = (2..).zip(wants).map(|(line, want)| wish(line, number, want));
        let plan = Plan::new(wishes, &current());
        let [entry] = plan.entries() else { panic!("{wants:?}") };
        let shown = (entry.kind, entry.from, entry.to);
        assert_eq!(shown, (kind, from.map(amount), to.map(amount)), "{number} {wants:?}");
        assert_eq!(entry.lines().count(), wants.len());
        assert_eq!(plan.changes().count(), usize::from(kind.is_change()));
        assert_eq!(plan.problems().count(), usize::from(kind.is_problem()));
    }
}

/// One entry of each kind, with the currencies of usage records.
async fn example() -> Plan {
    let sandbox = partner_center_budgets_sandbox::Sandbox::start().await.unwrap();
    let token = partner_center_budgets::auth::FixedToken::new("sandbox");
    let client = Client::builder(token).base_url(sandbox.base_url()).build().unwrap();
    let mut records = client.list_customer_usage_records();
    let mut current = CurrentBudgets::new();
    while let Some(record) = records.try_next().await.unwrap() {
        current.add_record(&record);
    }
    let wishes = [
        wish(2, 1, "120.50"),
        wish(3, 2, "28.82860766744404945074"),
        wish(4, 3, "clear"),
        wish(5, 4, "0.01"),
        wish(6, 99, "1"),
        wish(7, 6, "leave"),
        wish(8, 2, "28.828607667444049450740"),
        wish(9, 8, "1"),
        wish(10, 8, "clear"),
        wish(11, 9, "9999"),
    ];
    Plan::new(wishes, &current)
}

#[tokio::test]
async fn a_plan_prints_its_totals() {
    insta::assert_snapshot!(example().await);
}

#[tokio::test]
async fn reads_a_plan_back_from_a_stable_json_form() {
    let plan = example().await.for_partner("tenant contoso").made_by("admin@contoso.com");
    let json = serde_json::to_string_pretty(&plan).unwrap();
    let read: Plan = serde_json::from_str(&json).unwrap();
    assert_eq!(read, plan);
    assert_eq!(read.fingerprint(), plan.fingerprint());
    assert_eq!(serde_json::to_string_pretty(&read).unwrap(), json);
    assert_eq!((read.id(), read.id().get_version_num()), (plan.id(), 4));
    let made_at = serde_json::to_string(&plan.made_at()).unwrap();
    insta::assert_snapshot!(json.replace(&plan.id().to_string(), "ID").replace(&made_at, "\"TIME\""));
}

#[tokio::test]
async fn reads_a_plan_of_a_program_without_names_and_author() {
    let mut json = serde_json::to_value(example().await).unwrap();
    for key in ["made_at", "customer_count"] {
        assert!(json.as_object_mut().unwrap().remove(key).is_some(), "{key}");
    }
    for entry in json["entries"].as_array_mut().unwrap() {
        entry.as_object_mut().unwrap().remove("name");
    }
    let plan: Plan = serde_json::from_value(json).unwrap();
    assert_eq!((plan.author(), plan.made_at()), (None, None));
    assert!(plan.entries().iter().all(|entry| entry.name.is_none()));
    // The customers of the plan, without the unknown one.
    assert_eq!(plan.customer_count(), 7);
}

#[tokio::test]
async fn refuses_a_plan_file_that_contradicts_itself() {
    let json = serde_json::to_string(&example().await).unwrap();
    for (before, after, expected) in [
        (r#""version":2"#, r#""version":1"#, "version 1, and this program reads version 2"),
        (r#""kind":"raise""#, r#""kind":"lower""#, "has kind `lower`"),
        (r#""to":"120.50""#, r#""to":"1205.0""#, "does not follow from its amounts"),
        (r#""want":"120.50""#, r#""want":"120.5O""#, "not a decimal number"),
        (r#""from":"97""#, r#""from":"98""#, "changed after it was made"),
        (r#""from":"97""#, r#""from":97"#, "expected a string"),
        ("000000000002", "000000000001", "in the order of ids"),
        (r#"[{"line":2,"want":"120.50"}]"#, "[]", "has no rows"),
    ] {
        assert!(json.contains(before), "{before} is not in {json}");
        let error = serde_json::from_str::<Plan>(&json.replace(before, after)).unwrap_err().to_string();
        assert!(error.contains(expected), "{after}: {error}");
    }
}

#[test]
fn the_fingerprint_depends_on_the_changes_only() {
    let of = |line, text: &str| Plan::new([wish(line, 1, text)], &current()).fingerprint();
    assert_eq!(of(2, "5"), of(3, "5.00"), "lines and trailing zeros do not matter");
    assert_ne!(of(2, "5"), of(2, "50"));
    assert_ne!(of(2, "clear"), of(2, "0"));
    let text = of(2, "5").to_string();
    assert_eq!(text, "505c810e80543e37d16c684e891f6c2d", "it stays the same in later versions");
}

#[test]
fn omits_a_sum_that_would_be_rounded() {
    let mut current = CurrentBudgets::new();
    for number in [1, 2] {
        let record = CustomerUsageRecord::default();
        current.add_record(&record);
        current.set_budget(customer(number), None);
        current.set_currency(customer(number), partner_center_budgets::Currency::Code("EUR".to_owned()));
    }
    let wishes = [wish(1, 1, "7922816251426433759354395033"), wish(2, 2, "0.0000000000000000000000000001")];
    let totals = Plan::new(wishes, &current).totals();
    let sum = &totals.kinds[0].currencies[0];
    assert_eq!((sum.from, sum.to), (Some(amount("0")), None));
    // So are the sums over it.
    let together = &totals.currencies()[0];
    assert_eq!((together.customers, together.from, together.to), (2, sum.from, None));
    assert_eq!((together.difference(), totals.without_currency()), (None, 0));
}

#[test]
fn a_zero_does_not_reduce_the_digits_of_a_sum() {
    let mut current = CurrentBudgets::new();
    for (number, budget) in [(1, "0.00"), (2, "5"), (3, "-5.000")] {
        current.set_budget(customer(number), Some(amount(budget)));
        current.set_currency(customer(number), partner_center_budgets::Currency::Code("EUR".to_owned()));
    }
    for (numbers, expected) in [(1..=2, "5.00"), (1..=3, "0.000")] {
        let wishes = numbers.map(|number| wish(number.into(), number, "leave"));
        let totals = Plan::new(wishes, &current).totals();
        assert_eq!(totals.kinds[0].currencies[0].from.unwrap().to_string(), expected, "{totals}");
    }
}

fn any_wish() -> impl Strategy<Value = DesiredBudget> {
    let target = prop_oneof![
        (0_i64..5, 0_u32..3).prop_map(|(units, scale)| {
            Target::Set(rust_decimal::Decimal::new(units * 10_i64.pow(scale), scale).into())
        }),
        Just(Target::Clear),
        Just(Target::Leave),
    ];
    (0_u64..50, 1_u32..12, target).prop_map(|(line, number, target)| DesiredBudget {
        line,
        customer: customer(number),
        target,
    })
}

proptest! {
    #[test]
    fn totals_add_up_and_order_does_not_matter(
        (wishes, shuffled) in prop::collection::vec(any_wish(), 0..60)
            .prop_flat_map(|wishes| (Just(wishes.clone()), Just(wishes).prop_shuffle()))
    ) {
        let plan = Plan::new(wishes.clone(), &current());
        let other = Plan::new(shuffled, &current());
        prop_assert_ne!(plan.id(), other.id());
        prop_assert_eq!(format!("{:?}", plan.entries()), format!("{:?}", other.entries()));
        let totals = plan.totals();
        prop_assert_eq!(totals.rows, wishes.len());
        prop_assert_eq!(totals.customers, plan.entries().len());
        prop_assert_eq!(totals.kinds.iter().map(|kind| kind.rows).sum::<usize>(), wishes.len());
        prop_assert_eq!(totals.kinds.iter().map(|kind| kind.customers).sum::<usize>(), totals.customers);
        prop_assert_eq!(totals.changes(), plan.changes().count());
        for kind in &totals.kinds {
            let known = kind.currencies.iter().map(|sum| sum.customers).sum::<usize>();
            prop_assert_eq!(known + kind.without_currency, kind.customers);
        }
        let known = totals.currencies().iter().map(|sum| sum.customers).sum::<usize>();
        prop_assert_eq!(known + totals.without_currency() + plan.problems().count(), totals.customers);
        for entry in plan.changes() {
            prop_assert_ne!(entry.from, entry.to);
        }
        let back: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
        prop_assert_eq!(back, plan);
    }
}
