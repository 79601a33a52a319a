//! The costs of recent days by customer.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{Days, NaiveDate};
use partner_center_budgets::{CustomerId, CustomerUsageRecord, Decimal};

use super::currencies::Currencies;
use super::point::{Increase, Point, Rate};
use super::{HistoryError, HistoryErrorKind, HistoryFolder};
use crate::CustomerUsage;

/// The costs of recent days by customer, up to a day whose records are at hand, such as today.
///
/// Takes about 50 bytes for each customer and day.
#[derive(Debug, Default)]
pub struct RecentCosts {
    until: NaiveDate,
    days: u32,
    currencies: Currencies,
    customers: HashMap<CustomerId, Costs>,
    skipped: Vec<HistoryError>,
    missing: Vec<NaiveDate>,
}

#[derive(Debug)]
struct Costs {
    last: Point,
    intervals: Vec<Interval>,
}

/// The increase from one recorded day to the next.
#[derive(Debug, Clone, Copy)]
struct Interval {
    from: NaiveDate,
    to: NaiveDate,
    increase: Increase,
}

impl Interval {
    fn between(before: &Point, after: &Point) -> Option<Self> {
        let increase = after.increase_since(before)?;
        Some(Self { from: before.date, to: after.date, increase })
    }
}

impl Costs {
    fn add(&mut self, point: Point) {
        // The first record of a customer counts, if a day has several.
        if point.date > self.last.date {
            self.intervals.extend(Interval::between(&self.last, &point));
            self.last = point;
        }
    }
}

/// The number of days of [`RecentCosts::pace`].
pub const PACE_DAYS: u32 = 7;
/// The fewest of them whose costs must be known.
pub(super) const FEWEST_PACE_DAYS: i64 = 4;

impl RecentCosts {
    /// Reads the `days` days before `until` from a folder. Days that are damaged or belong to another partner are left out,
    /// see [`skipped`](Self::skipped).
    ///
    /// ```no_run
    /// # use chrono::NaiveDate;
    /// # use partner_center_budgets_fleet::history::{HistoryFolder, PACE_DAYS, RecentCosts};
    /// # fn example(folder: &HistoryFolder, today: NaiveDate) -> Result<(), Box<dyn std::error::Error>> {
    /// let past = RecentCosts::read(folder, "contoso", today, PACE_DAYS)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Only if the folder cannot be read. A missing folder has no days.
    pub fn read(folder: &HistoryFolder, partner: &str, until: NaiveDate, days: u32) -> Result<Self, HistoryError> {
        let first = days_before(until, days);
        let recorded = folder.days()?;
        let mut costs = Self {
            until,
            days,
            currencies: Currencies::default(),
            customers: HashMap::new(),
            skipped: Vec::new(),
            missing: Vec::new(),
        };
        // Days before the first record are no gap, and neither is the time since the last one of a folder that is not in use.
        let start = match (recorded.first(), recorded.range(first..until).next()) {
            (Some(start), Some(_)) => *start.max(&first),
            _ => until,
        };
        for date in start.iter_days().take_while(|date| *date < until) {
            if !recorded.contains(&date) {
                costs.missing.push(date);
            } else if let Err(error) = costs.add_day(folder, partner, date) {
                costs.skipped.push(error);
            }
        }
        Ok(costs)
    }

    /// The days that could not be used, and why.
    ///
    /// ```no_run
    /// # use partner_center_budgets_fleet::history::RecentCosts;
    /// # fn example(past: &RecentCosts) {
    /// for error in past.skipped() {
    ///     eprintln!("{error}");
    /// }
    /// # }
    /// ```
    pub fn skipped(&self) -> &[HistoryError] {
        &self.skipped
    }

    /// The days without a file, since the folder's first one. None if no day has one.
    ///
    /// ```no_run
    /// # use partner_center_budgets_fleet::history::RecentCosts;
    /// # fn example(past: &RecentCosts) {
    /// for day in past.missing() {
    ///     eprintln!("nothing was recorded on {day}");
    /// }
    /// # }
    /// ```
    pub fn missing(&self) -> &[NaiveDate] {
        &self.missing
    }

    /// Whether no day could be used.
    ///
    /// ```
    /// # use partner_center_budgets_fleet::history::{HistoryFolder, PACE_DAYS, RecentCosts};
    /// let folder = HistoryFolder::new("missing");
    /// assert!(RecentCosts::read(&folder, "contoso", "2026-11-27".parse()?, PACE_DAYS)?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    /// Whether one of the seven days before the last one could be used, so that a [pace](Self::pace) can be known.
    ///
    /// ```no_run
    /// # use partner_center_budgets_fleet::history::RecentCosts;
    /// # fn example(past: &RecentCosts) {
    /// if !past.is_recent() {
    ///     eprintln!("there is no pace: nothing was recorded in the last week");
    /// }
    /// # }
    /// ```
    pub fn is_recent(&self) -> bool {
        let first = days_before(self.until, PACE_DAYS);
        self.customers.values().any(|costs| costs.last.date >= first)
    }

    /// The cost per day in the seven days before the record of the last day, rounded to 28 digits. `None` if the costs of
    /// fewer than four of these days are known.
    ///
    /// The cost of a new billing period counts from zero. The month of Azure plans begins on its first day; the day on which
    /// the period of a legacy offer begins is left out.
    ///
    /// ```no_run
    /// # use partner_center_budgets::CustomerUsageRecord;
    /// # use partner_center_budgets_fleet::history::RecentCosts;
    /// # fn example(past: &RecentCosts, record: &CustomerUsageRecord) {
    /// if let Some(pace) = past.pace(record) {
    ///     println!("{:?}: {pace} a day", record.customer_name);
    /// }
    /// # }
    /// ```
    pub fn pace(&self, record: &CustomerUsageRecord) -> Option<Decimal> {
        self.rate(record)?.per_day()
    }

    pub(super) fn rate(&self, record: &CustomerUsageRecord) -> Option<Rate> {
        let from = days_before(self.until, PACE_DAYS);
        let mut sum = (Decimal::default(), 0);
        for Interval { increase, .. } in self.intervals(record).into_iter().filter(|interval| interval.from >= from) {
            if let Some(days) = increase.days {
                sum = (sum.0.checked_add(increase.amount)?, sum.1 + days);
            }
        }
        Rate::new(sum.0, sum.1).filter(|_| sum.1 >= FEWEST_PACE_DAYS)
    }

    /// Adds the [pace](Self::pace) to the usage of a customer, if it is known. Projections then continue it.
    ///
    /// ```no_run
    /// # use partner_center_budgets::CustomerUsageRecord;
    /// # use partner_center_budgets_fleet::{CustomerUsage, Thresholds};
    /// # use partner_center_budgets_fleet::history::RecentCosts;
    /// # fn example(past: &RecentCosts, record: CustomerUsageRecord) {
    /// let usage = past.with_pace(CustomerUsage::new(record));
    /// let projection = usage.assess(chrono::Utc::now(), &Thresholds::default()).projection;
    /// # }
    /// ```
    #[must_use]
    pub fn with_pace(&self, usage: CustomerUsage) -> CustomerUsage {
        match self.pace(usage.record()) {
            Some(pace) => usage.with_recent_pace(pace),
            None => usage,
        }
    }

    /// The cost of each day, the last one being that of the record: as many days as were read. `None` for days whose cost is
    /// not known. After days without a file, the increase is spread over them.
    ///
    /// ```no_run
    /// # use partner_center_budgets::CustomerUsageRecord;
    /// # use partner_center_budgets_fleet::history::RecentCosts;
    /// # fn example(past: &RecentCosts, record: &CustomerUsageRecord) {
    /// let highest = past.daily(record).into_iter().flatten().max();
    /// # }
    /// ```
    pub fn daily(&self, record: &CustomerUsageRecord) -> Vec<Option<Decimal>> {
        let mut daily = vec![None; self.days as usize];
        for Interval { from, to, increase } in self.intervals(record) {
            let Some(days) = increase.days else { continue };
            let cost = Rate::new(increase.amount, days).and_then(Rate::per_day);
            let first =
                if increase.is_new_period { days_before(to, u32::try_from(days).unwrap_or_default()) } else { from };
            for date in first.iter_days().skip(1).take_while(|date| *date <= to) {
                let age = (self.until - date).num_days();
                if let Some(day) = usize::try_from(age).ok().and_then(|age| daily.iter_mut().nth_back(age)) {
                    *day = cost;
                }
            }
        }
        daily
    }

    /// The increases up to the record, in order.
    fn intervals(&self, record: &CustomerUsageRecord) -> Vec<Interval> {
        let Some(costs) = record.customer_id.and_then(|customer| self.customers.get(&customer)) else {
            return Vec::new();
        };
        let mut intervals = costs.intervals.clone();
        intervals.extend(self.point(record).and_then(|point| Interval::between(&costs.last, &point)));
        intervals
    }

    /// The record as the last day. `None` without a cost, and if its currency is new.
    fn point(&self, record: &CustomerUsageRecord) -> Option<Point> {
        let currency = match &record.currency {
            Some(currency) => Some(self.currencies.find(currency)?),
            None => None,
        };
        Point::new(self.until, record, currency)
    }

    /// Adds a day, unless it is damaged anywhere.
    fn add_day(&mut self, folder: &HistoryFolder, partner: &str, date: NaiveDate) -> Result<(), HistoryError> {
        let day = folder.open(date)?;
        if let Some(other) = day.partner().filter(|other| *other != partner) {
            let kind = HistoryErrorKind::OtherPartner(other.to_owned());
            return Err(HistoryError::new(day.path(), kind));
        }
        let mut points = Vec::new();
        for record in day {
            let record = record?;
            let currency = record.currency.as_ref().map(|currency| self.currencies.key(currency));
            points.extend(record.customer_id.zip(Point::new(date, &record, currency)));
        }
        for (customer, point) in points {
            match self.customers.entry(customer) {
                Entry::Vacant(vacant) => drop(vacant.insert(Costs { last: point, intervals: Vec::new() })),
                Entry::Occupied(mut known) => known.get_mut().add(point),
            }
        }
        Ok(())
    }
}

fn days_before(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_sub_days(Days::new(days.into())).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests;
