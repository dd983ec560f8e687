//! The decision on a returned unit: causes with stated priors, tests with likelihoods from fault worlds, the posterior after each test, the test
//! that tells most per second, and the verdict with the repeats that it needs. Pure; `docs/rma.md` tells where the numbers come from.

pub mod cause;
pub mod choose;
pub mod exams;
pub mod finding;
pub mod gate;
pub mod inference;
pub mod order;
pub mod table;
#[cfg(test)]
mod tests;
pub mod verdict;
pub mod words;

pub use cause::{Cause, Supplied, Unit};
pub use finding::{Finding, Senses};
pub use inference::{Belief, Done, Sources, Test};
pub use table::Table;
pub use verdict::{Conclusion, conclude};

/// Share of right verdicts among the decided of simulated returns, whose worlds were not those that the likelihoods were made of
/// (`scripts/rma-returns`, docs/rma.md).
pub const MODEL_ACCURACY: f64 = 0.982;
