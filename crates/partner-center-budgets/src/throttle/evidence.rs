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
    accused: VecDeque<(Uuid, Duration)>,
    case: Option<Case>,
}

/// Refusals that were not judged yet.
#[derive(Debug)]
struct Case {
    /// `None` if they concern more than one customer, or none.
    customer: Option<Uuid>,
    /// When the first refused call was sent.
    since: Duration,
    answered_others: u32,
}

impl Evidence {
    pub(super) fn sent(&mut self, customer: Option<Uuid>) {
        if self.calls.len() == CALLS {
            self.calls.pop_front();
        }
        self.calls.push_back(customer);
    }

    /// Matters only while refusals wait for a verdict.
    pub(super) fn answered(&mut self, customer: Option<Uuid>, sent: Duration) {
        if let Some(case) = &mut self.case
            && customer != case.customer
            && sent > case.since
        {
            case.answered_others += 1;
        }
    }

    pub(super) fn refused(&mut self, customer: Option<Uuid>, sent: Duration, now: Duration) {
        let case = self.case.get_or_insert(Case { customer, since: sent, answered_others: 0 });
        if case.customer != customer {
            case.customer = None;
        }
        case.since = case.since.min(sent);
        self.accused.retain(|(accused, at)| now.saturating_sub(*at) < MINUTE && Some(*accused) != customer);
        if let Some(customer) = customer {
            self.accused.push_back((customer, now));
            if self.accused.len() > 2 * FEW_CUSTOMERS {
                self.accused.pop_front();
            }
        }
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
        let verdict = match suspect {
            None => Verdict::Partner,
            Some(customer) if case.answered_others >= PROOF => Verdict::Customer(customer),
            Some(_) if outstanding > 0 => return Verdict::Open,
            Some(_) => Verdict::Partner,
        };
        self.case = None;
        verdict
    }
}
