/// The offer that a customer bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offer {
    /// The older offer, MS-AZR-0145P.
    Legacy,
    AzurePlan,
}
