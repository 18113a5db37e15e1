//! The query log, in Ecto's format.
//!
//! ```
//! # use ectomorph::repo::{Repo, log};
//! # fn example(repo: Repo) -> Repo {
//! repo.observe(|event| eprintln!("{}", log::line(event)))
//! # }
//! ```

use crate::adapter::Event;
use crate::value::Value;
use std::fmt::Write;

/// The line (or two) that Ecto logs of a query: how long the database took for it, how long it waited for a connection, if it
/// did, and how long that connection had been idle.
///
/// ```text
/// QUERY OK source="users" db=0.4ms queue=0.5ms idle=12.3ms
/// SELECT u0."id" FROM "users" AS u0 WHERE (u0."id" = $1) [2]
/// ```
pub fn line(event: &Event<'_>) -> String {
    let mut text = String::from("QUERY ");
    text.push_str(if event.result.is_ok() { "OK" } else { "ERROR" });
    if let Some(source) = event.source {
        let _ = write!(text, " source={source:?}");
    }
    push_time(&mut text, "db", event.nanoseconds);
    if let Some(waited) = event.waited {
        if waited.queue >= TENTH {
            push_time(&mut text, "queue", waited.queue);
        }
        if let Some(idle) = waited.idle {
            push_time(&mut text, "idle", idle);
        }
    }
    let statement = if event.text.is_empty() { event.operation } else { event.text };
    let _ = write!(text, "\n{statement} [");
    for (at, param) in event.params.iter().enumerate() {
        text.push_str(if at == 0 { "" } else { ", " });
        push_param(&mut text, param);
    }
    text.push(']');
    if let Err(error) = event.result {
        let _ = write!(text, "\n{error}");
    }
    text
}

/// Tells [`tracing`](https://docs.rs/tracing) of a statement: an event of target `ectomorph::query` and level debug whose
/// message is that [`line`], with the fields `adapter`, `operation`, `source`, and in milliseconds `db`, `queue` and `idle`. Give it to
/// [`Repo::observe`](super::Repo::observe).
#[cfg(feature = "tracing")]
pub fn trace(event: &Event<'_>) {
    tracing::debug!(
        target: "ectomorph::query",
        adapter = event.adapter,
        operation = event.operation,
        source = event.source,
        db = event.nanoseconds as f64 / 1e6,
        queue = event.waited.map(|waited| waited.queue as f64 / 1e6),
        idle = event.waited.and_then(|waited| waited.idle).map(|idle| idle as f64 / 1e6),
        "{}",
        line(event)
    );
}

/// Nanoseconds in a tenth of a millisecond.
const TENTH: u64 = 100_000;

fn push_time(text: &mut String, name: &str, nanoseconds: u64) {
    let tenths = nanoseconds / TENTH;
    let _ = write!(text, " {name}={}.{}ms", tenths / 10, tenths % 10);
}

/// A param as Elixir inspects it, near enough to read.
fn push_param(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("nil"),
        Value::String(string) => {
            let _ = write!(text, "{:?}", string.as_str());
        }
        Value::Binary(bytes) => {
            text.push_str("<<");
            for (at, byte) in bytes.iter().enumerate() {
                let _ = write!(text, "{}{byte}", if at == 0 { "" } else { ", " });
            }
            text.push_str(">>");
        }
        Value::List(list) => {
            text.push('[');
            for (at, value) in list.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                push_param(text, value);
            }
            text.push(']');
        }
        Value::Map(map) => {
            text.push_str("%{");
            for (at, (key, value)) in map.iter().enumerate() {
                let _ = write!(text, "{}{:?} => ", if at == 0 { "" } else { ", " }, key.as_str());
                push_param(text, value);
            }
            text.push('}');
        }
        Value::Date(_) => sigil(text, 'D', value),
        Value::Time(_) => sigil(text, 'T', value),
        Value::NaiveDatetime(_) => sigil(text, 'N', value),
        Value::UtcDatetime(_) => sigil(text, 'U', value),
        Value::Decimal(_) => {
            let _ = write!(text, "Decimal.new({:?})", crate::value::to_text(value).unwrap_or_default());
        }
        Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {
            text.push_str(&crate::value::to_text(value).unwrap_or_default());
        }
    }
}

fn sigil(text: &mut String, letter: char, value: &Value) {
    let _ = write!(text, "~{letter}[{}]", crate::value::to_text(value).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapter::Waited;

    #[test]
    fn how_long_a_statement_waited_is_logged_as_ecto_does() {
        let head = |nanoseconds, waited| {
            let event = Event {
                adapter: "postgres",
                operation: "all",
                source: Some("users"),
                text: "SELECT",
                params: &[],
                result: Ok(1),
                nanoseconds,
                waited,
            };
            line(&event)
        };
        let waited = |queue, idle| Some(Waited { queue, idle });
        assert_eq!(head(900_000, None), "QUERY OK source=\"users\" db=0.9ms\nSELECT []");
        assert_eq!(
            head(900_000, waited(512_345, Some(12_345_678))),
            "QUERY OK source=\"users\" db=0.9ms queue=0.5ms idle=12.3ms\nSELECT []"
        );
        // A queue that was none is not told; what was idle for no time is.
        assert_eq!(
            head(99_999, waited(99_999, Some(0))),
            "QUERY OK source=\"users\" db=0.0ms idle=0.0ms\nSELECT []"
        );
        assert_eq!(head(0, waited(0, None)), "QUERY OK source=\"users\" db=0.0ms\nSELECT []");
    }
}
