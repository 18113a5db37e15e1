//! Params: what readers accept, what they refuse, and what comes back.

mod encode;
mod form;
mod generate;
mod hostile;
mod json;
