//! Whether a refusal concerns the partner or one customer only.

use std::collections::VecDeque;
use std::time::Duration;

use uuid::Uuid;

/// So many of the latest calls are remembered by customer.
const CALLS: usize = 64;
/// A customer with fewer of them can hardly have reached a limit of its own.
const SUSPICIOUS: usize = 3;
/// The same once the partner is known to have a limit, which is the likelier reason then.
const VERY_SUSPICIOUS: usize = 16;
/// Answered calls of others, sent after the refused one, that show that the partner is not refused.
const PROOF: u32 = 2;
/// Refusals of more customers than this within a minute are the partner's.
const FEW_CUSTOMERS: usize = 3;
/// As many times in a row as it must be the same customer of several to be no chance.
const NO_CHANCE: u32 = 3;
const MINUTE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Calls that are on their way will tell.
    Open,
    Partner,
    Customer(Uuid),
}

#[derive(Debug, Default)]
pub(super) struct Evidence {
    calls: VecDeque<Option<Uuid>>,
    /// Calls so far. Calls are told apart by their number, since their times may be equal.
    number: u64,
    /// The customer of the latest verdicts, and how often in a row it was this one.
    again: Option<(Uuid, u32)>,
    accused: VecDeque<(Uuid, Duration)>,
    case: Option<Case>,
}

/// Refusals that were not judged yet.
#[derive(Debug)]
struct Case {
    /// `None` if they concern more than one customer, or none.
    customer: Option<Uuid>,
    /// The first refused call.
    since: u64,
    answered_others: u32,
}

impl Evidence {
    /// Notes a call, and gives it a number.
    pub(super) fn sent(&mut self, customer: Option<Uuid>) -> u64 {
        if self.calls.len() == CALLS {
            self.calls.pop_front();
        }
        self.calls.push_back(customer);
        self.number += 1;
        self.number
    }

    /// Matters only while refusals wait for a verdict.
    pub(super) fn answered(&mut self, customer: Option<Uuid>, number: u64) {
        if let Some(case) = &mut self.case
            && customer != case.customer
            && number > case.since
        {
            case.answered_others += 1;
        }
    }

    pub(super) fn refused(&mut self, customer: Option<Uuid>, number: u64, now: Duration) {
        let case = self.case.get_or_insert(Case { customer, since: number, answered_others: 0 });
        if case.customer != customer {
            case.customer = None;
        }
        case.since = case.since.min(number);
        self.accused.retain(|(accused, at)| now.saturating_sub(*at) < MINUTE && Some(*accused) != customer);
        if let Some(customer) = customer {
            self.accused.push_back((customer, now));
            if self.accused.len() > 2 * FEW_CUSTOMERS {
                self.accused.pop_front();
            }
        }
    }

    /// Whether the last verdict shows that the ones before were wrong.
    pub(super) fn takes_back(&self) -> bool {
        self.again.is_some_and(|(_, times)| times == NO_CHANCE)
    }

    /// Judges the refusals since the last verdict. `outstanding` calls are on their way that may tell more.
    pub(super) fn verdict(&mut self, outstanding: usize, partner_is_limited: bool, now: Duration) -> Verdict {
        let Some(case) = &self.case else { return Verdict::Partner };
        let suspect = case.customer.filter(|customer| {
            let theirs = self.calls.iter().filter(|call| **call == Some(*customer)).count();
            let enough = if partner_is_limited { VERY_SUSPICIOUS } else { SUSPICIOUS };
            let accused = self.accused.iter().filter(|(_, at)| now.saturating_sub(*at) < MINUTE).count();
            theirs >= enough && accused <= FEW_CUSTOMERS
        });
        let chance = |customer| self.again.is_none_or(|(again, times)| again != customer || times + 1 < NO_CHANCE);
        let verdict = match suspect {
            None => Verdict::Partner,
            Some(customer) if case.answered_others >= PROOF => Verdict::Customer(customer),
            Some(_) if outstanding > 0 => return Verdict::Open,
            Some(customer) if chance(customer) => Verdict::Partner,
            Some(customer) => Verdict::Customer(customer),
        };
        self.again = case.customer.map(|customer| match self.again {
            Some((again, times)) if again == customer => (again, times + 1),
            _ => (customer, 1),
        });
        self.case = None;
        verdict
    }
}
