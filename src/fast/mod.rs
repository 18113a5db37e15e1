//! The engine of the hot path: what a page needs to validate, and no more.
//!
//! A *plan* is what rules are once everything that can be known of them is: fields are slots, params are numbers, and
//! every error that can come up stands in a table that stays in JavaScript. JavaScript makes it of a rules document
//! (`pkg/src/plan.ts`) and hands it over once; then it writes one record for each changeset, calls
//! [`run`](exports::run), and reads the answer in place. Documents with steps that plans have no operation for are run
//! by the whole engine, which gives the same answers.
//!
//! The rules themselves are those of [`changeset`](crate::changeset), [`types`](crate::types) and
//! [`value`](crate::value): what is here goes through them in another order of data, not in another way.

#[cfg(any(test, feature = "fast"))]
mod answer;
mod automaton;
#[cfg(any(test, feature = "fast"))]
mod plan;
#[cfg(any(test, feature = "fast"))]
mod record;
#[cfg(any(test, feature = "fast"))]
mod relation;
#[cfg(any(test, feature = "fast"))]
mod run;
#[cfg(any(test, feature = "batch"))]
mod sheet;

#[cfg(all(target_arch = "wasm32", feature = "fast"))]
mod exports;

#[cfg(test)]
mod tests;
