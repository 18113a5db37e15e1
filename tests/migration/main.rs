//! Migrations: the builder, what runs them, and what they are refused for.

mod condition;
mod define;
mod fake;
mod flow;
mod glue;
mod hostile;
mod refused;
mod run;
mod slow;
