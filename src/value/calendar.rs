//! Calendar values.
