//! Plain statistics over numbers: rates with intervals, limits of several adapters, the hold response.
//!
//! Nothing here knows trials, journals or reports; everything is a pure function, the same input gives
//! the same output on every machine, and bad input gives `None` or a typed error, never a panic.
//!
//! # How a hold response is read
//!
//! A press of `h` seconds resets with probability `p(h) = g + (1 - g - l) F((ln h - ln mu) / s)`: a few resets
//! without reason (`g`, given), a few failures at any hold (the lapse `l`), and between them a rise `F` around `mu`.
//! `response::hold_response` finds the most likely curve and, for each hold asked for, all values that
//! some plausible curve has: a profile-likelihood interval. That keeps it honest where the slope is
//! not known at all: if every press of 10 s fails and every press of 20 s resets, all of 10 to 20 s stays
//! plausible for the 50 % hold, and more than 20 s for the 95 % one.
//!
//! Plain profile likelihood with a logistic rise and the chi-square cut (1.92 at 95 %) does not keep its promise. Measured
//! on 20 holds x 10 or x 50 presses, spreads 0.1 and 0.2, no lapse: hold95_rel of Weibull devices was held in 57 to 87 %, since a wrong
//! shape shrinks the interval. Two changes:
//!
//! - the plausible curves are the union of a **logistic and a Weibull rise** under one cut (normal ones lie between);
//! - the cut is **multiplied by 1.35**: with both shapes and a cut of 1 the worst devices had 91 % (hold95_rel, always
//!   with the truth above the interval: with lapses at their bound of 0, failures on the shoulder pass for lapses).
//!
//! Coverage of the 95 % intervals with both: thresholds of 4 to 40 s, no guesses, 36 devices (logistic, normal, Weibull; spread 0.01 to 0.2;
//! lapse 0, 0.1, 0.4), worst device and mean of all, in percent. The truth "no such hold" counts as an infinite hold.
//!
//! TABLE
//!
//! The price is width: 16 % more of ln(hold) than the plain cut. For data from adaptive designs, and for rates of guesses far
//! from the one given, coverage was not measured here.
//!
//! A response whose success falls again (`monotone`, 1 % level) gets two edges and no threshold.

#[cfg(test)]
mod coverage;
pub mod dist;
pub mod dose;
mod explore;
pub mod holm;
pub mod interval;
pub mod isotonic;
mod lapse;
pub mod likelihood;
pub mod link;
pub mod monotone;
mod profile;
mod random;
#[cfg(test)]
mod reference;
pub mod response;
mod search;
pub mod threshold;
pub mod trials;
