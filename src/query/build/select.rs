//! What is selected.

use super::functions::Operand;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::expr::{Expr, Take, Taken};
use crate::query::tree::Query;
use crate::query::{Binding, inspect};
use crate::value::{Str, Value};
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

impl Query {
    /// What a row becomes.
    ///
    /// ```
    /// use ectomorph::query::{field, from, map};
    /// let query = from("users").select(map([("id", field("id")), ("email", field("email"))]));
    /// assert_eq!(query.to_text(), "from u0 in \"users\",\n  select: %{id: u0.id, email: u0.email}");
    /// ```
    pub fn select(mut self, select: impl Operand) -> Query {
        if self.parts().select.is_some() {
            let message = "only one select expression is allowed in query";
            self.refuse(QueryError::new(QueryErrorKind::Build, message));
        }
        self.parts_mut().select = Some(select.operand());
        self
    }

    /// Some fields of the first source, as records if it has a schema: `select: [:id, :name]`.
    pub fn select_fields<N: Into<Str>>(self, fields: impl IntoIterator<Item = N>) -> Query {
        let taken = fields.into_iter().map(|name| Taken::Field(name.into())).collect();
        self.select(Expr::Take(Binding::At(0), Take::Any, taken))
    }

    /// Adds keys to what is selected, or sets them anew.
    ///
    /// ```
    /// use ectomorph::query::{field, from, map};
    /// let query = from("users")
    ///     .select(map([("id", field("id")), ("name", "old".into())]))
    ///     .select_merge(map([("name", field("name"))]));
    /// assert_eq!(query.to_text(), "from u0 in \"users\",\n  select: %{id: u0.id, name: u0.name}");
    /// ```
    pub fn select_merge(mut self, select: impl Operand) -> Query {
        let new = select.operand();
        let old = self.parts_mut().select.take().unwrap_or(Expr::Source(Binding::At(0)));
        let merged = merged(old, new).unwrap_or_else(|apart| {
            let (old, new) = *apart;
            let text = |expr: &Expr| inspect::expr_text(&self, expr);
            let message = format!(
                "cannot select_merge {} into {}, those select expressions are incompatible",
                text(&new),
                text(&old)
            );
            self.refuse(QueryError::new(QueryErrorKind::Query, message));
            old
        });
        self.parts_mut().select = Some(merged);
        self
    }
}

/// Both in one expression, as far as that can be said beforehand.
fn merged(old: Expr, new: Expr) -> Result<Expr, Box<(Expr, Expr)>> {
    if old == new {
        return Ok(new);
    }
    match (old, new) {
        (Expr::Map(old), Expr::Map(new)) if old.is_empty() => Ok(Expr::Map(new)),
        (old @ (Expr::Map(_) | Expr::Struct(..)), Expr::Map(new)) if new.is_empty() => Ok(old),
        (Expr::Map(old), Expr::Map(new)) => {
            let merged = match has_pins(&old) {
                false if is_keyword(&old) && is_keyword(&new) => Ok(keyword_merge(old, new)),
                true if is_keyword(&old) && is_keyword(&new) && !shares_keys(&old, &new) => {
                    Ok([old, new].concat())
                }
                _ => Err((old, new)),
            };
            Ok(match merged {
                Ok(pairs) => Expr::Map(pairs),
                Err((old, new)) => merge(Expr::Map(old), Expr::Map(new)),
            })
        }
        (Expr::Struct(schema, fields), Expr::Map(new)) if is_keyword(&new) => {
            let old: Vec<(Expr, Expr)> =
                fields.into_iter().map(|(name, value)| (Expr::Literal(name.into()), value)).collect();
            let fields = keyword_merge(old, new).into_iter().filter_map(|(key, value)| match key {
                Expr::Literal(Value::String(name)) => Some((name, value)),
                _ => None,
            });
            Ok(Expr::Struct(schema, fields.collect()))
        }
        (Expr::Source(a), Expr::Source(b)) if a == b => Ok(Expr::Source(a)),
        (Expr::Take(a, kind, old), Expr::Take(b, other, new)) if a == b && joined(kind, other).is_some() => {
            let mut fields = old;
            for field in new {
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
            Ok(Expr::Take(a, joined(kind, other).unwrap_or(kind), fields))
        }
        (old @ Expr::Source(_), new @ Expr::Take(..)) => match (&old, &new) {
            (Expr::Source(a), Expr::Take(b, kind, _)) if a == b && *kind != Take::Map => Ok(old),
            (_, Expr::Take(_, Take::Map, _)) => Ok(merge(old, new)),
            _ => Err(Box::new((old, new))),
        },
        (old, new @ (Expr::Map(_) | Expr::MapUpdate(..) | Expr::Take(_, Take::Map, _))) => {
            Ok(merge(old, new))
        }
        (old, new) => Err(Box::new((old, new))),
    }
}

fn merge(old: Expr, new: Expr) -> Expr {
    Expr::Merge(Box::new(old), Box::new(new))
}

fn joined(old: Take, new: Take) -> Option<Take> {
    match (old, new) {
        (old, new) if old == new => Some(old),
        (Take::Any, other) | (other, Take::Any) => Some(other),
        _ => None,
    }
}

fn is_keyword(pairs: &[(Expr, Expr)]) -> bool {
    pairs.iter().all(|(key, _)| matches!(key, Expr::Literal(Value::String(_))))
}

fn shares_keys(old: &[(Expr, Expr)], new: &[(Expr, Expr)]) -> bool {
    old.iter().any(|(key, _)| new.iter().any(|(other, _)| other == key))
}

/// Elixir's `Keyword.merge`: old entries that are not set anew, then all new ones.
fn keyword_merge(mut old: Vec<(Expr, Expr)>, new: Vec<(Expr, Expr)>) -> Vec<(Expr, Expr)> {
    old.retain(|(key, _)| !new.iter().any(|(other, _)| other == key));
    old.extend(new);
    old
}

fn has_pins(pairs: &[(Expr, Expr)]) -> bool {
    pairs.iter().any(|(_, value)| {
        let mut found = false;
        value.visit(&mut |expr| found |= matches!(expr, Expr::Pin(_)));
        found
    })
}
