//! Resolving expressions.

use super::inner::Output;
use super::planner::{In, Planner, Resolved, Use};
use super::tree::{Expr, Over, Piece, Plan};
use super::types::Kind;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::expr as written;
use crate::query::expr::TypeSpec;
use crate::query::function::{Class, Function};
use crate::query::tree::Query;
use crate::types::Type;
use crate::value::Value;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;

impl Planner<'_> {
    pub(super) fn exprs(&mut self, exprs: &[written::Expr], place: In) -> Resolved<Vec<Expr>> {
        exprs.iter().map(|expr| self.expr(expr, place, &Kind::Any)).collect()
    }

    /// Resolves an expression; pinned values in it are cast to `expected` where nothing else is known.
    pub(super) fn expr(&mut self, expr: &written::Expr, place: In, expected: &Kind) -> Resolved<Expr> {
        use written::Expr as Written;
        Ok(match expr {
            Written::Literal(value) => self.literal(value, place, expected)?,
            Written::Pin(pin) => {
                let kind = match &pin.kind {
                    Some(spec) => self.kind_of(spec, place)?,
                    None => expected.clone(),
                };
                self.param(&pin.value, &kind, place)?
            }
            Written::Field(binding, name) => Expr::Column(self.column(binding, name, place, false)?),
            Written::Source(binding) => Expr::Source(self.own_source(binding, place)?.0),
            Written::Call(function, arguments) => self.call(*function, arguments, place, expected)?,
            Written::List(elements) => {
                let expected = match expected {
                    Kind::In(kind) => Kind::Type(kind.clone()),
                    Kind::Type(array) => Kind::element(array),
                    _ => Kind::Any,
                };
                let expected = if matches!(expected, Kind::NotElement(_)) { Kind::Any } else { expected };
                let elements = elements.iter().map(|element| self.expr(element, place, &expected));
                Expr::List(elements.collect::<Resolved<_>>()?)
            }
            Written::Filter(call, condition) => {
                if !can_be_filtered(call) {
                    let text = self.text(expr);
                    return Err(self.wrong(format!(
                        "filter(...) expects the first argument to be an aggregate expression, got: `{text}`"
                    )));
                }
                let call = self.expr(call, place, expected)?;
                let condition = self.expr(condition, place, &Kind::Type(Type::Boolean))?;
                Expr::Filter(Box::new(call), Box::new(condition))
            }
            Written::Over(call, over) => {
                let call = self.expr(call, place, expected)?;
                Expr::Over(Box::new(call), self.over(over, place)?)
            }
            Written::Subquery(query) => Expr::Subquery(Box::new(self.value_query(query, place)?.0)),
            Written::Type(inner, spec) => self.typed(inner, spec, place)?,
            Written::Fragment(pieces) => Expr::Fragment(self.pieces(pieces, place)?),
            Written::Splice(list) => {
                let list = self.expr(list, place, &Kind::Splice(Type::Any))?;
                if !matches!(list, Expr::Param(_)) {
                    return Err(self.wrong("splice(...) takes a pinned list"));
                }
                Expr::Splice(Box::new(list))
            }
            Written::Identifier(name) => Expr::Identifier(name.clone()),
            Written::Constant(value) => Expr::Constant(value.clone()),
            Written::JsonPath(inner, path) => {
                if let Written::Field(binding, name) = &**inner {
                    self.check_path(binding, name, path, place)?;
                }
                Expr::JsonPath(Box::new(self.expr(inner, place, &Kind::Any)?), path.clone())
            }
            Written::DateAdd { kind, from, count, unit } => Expr::DateAdd {
                kind: *kind,
                from: Box::new(self.expr(from, place, &date_kind(*kind))?),
                count: Box::new(self.expr(count, place, &Kind::Type(Type::Decimal))?),
                unit: Box::new(self.expr(unit, place, &Kind::Type(Type::String))?),
            },
            Written::SelectedAs(name) => {
                if !self.level().aliases.contains(name) {
                    return Err(QueryError::new(
                        QueryErrorKind::Argument,
                        format!(
                            "invalid alias: `:{name}`. Use `selected_as/2` to define aliases in the outer most \
                             `select` expression."
                        ),
                    ));
                }
                Expr::SelectedAs(name.clone())
            }
            Written::SelectAs(inner, _) => self.expr(inner, place, expected)?,
            Written::Tuple(_)
            | Written::Map(_)
            | Written::MapUpdate(..)
            | Written::Struct(..)
            | Written::Merge(..)
            | Written::Take(..) => {
                let text = self.text(expr);
                let place = place.name();
                return Err(self.wrong(format!(
                    "tuples, maps, structs and subsets of them only stand at the top of `select`, got `{text}` in \
                     `{place}`"
                )));
            }
        })
    }

    fn literal(&mut self, value: &Value, place: In, expected: &Kind) -> Resolved<Expr> {
        let kind = match (expected, value) {
            (Kind::NotElement(_), _) => return self.constant(value, expected, place),
            (Kind::Type(kind), Value::String(_)) => kind,
            _ => return Ok(Expr::Literal(value.clone())),
        };
        match kind {
            // What is stored is not what is written.
            Type::Enum(_) => Ok(Expr::Literal(self.cast(value, expected, place)?)),
            Type::Uuid | Type::BinaryId | Type::Binary | Type::Custom(_) => {
                self.constant(value, expected, place)
            }
            Type::Date
            | Type::Time
            | Type::TimeUsec
            | Type::NaiveDatetime
            | Type::NaiveDatetimeUsec
            | Type::UtcDatetime
            | Type::UtcDatetimeUsec => Ok(Expr::Literal(self.cast(value, expected, place)?)),
            _ => Ok(Expr::Literal(value.clone())),
        }
    }

    /// `type(..)`: a literal typed by a field is only dumped; anything else is converted by the database, too.
    fn typed(&mut self, inner: &written::Expr, spec: &TypeSpec, place: In) -> Resolved<Expr> {
        let kind = self.kind_of(spec, place)?;
        let is_literal = match inner {
            written::Expr::Literal(_) => true,
            written::Expr::List(elements) => {
                elements.iter().all(|element| matches!(element, written::Expr::Literal(_)))
            }
            _ => false,
        };
        if is_literal && mentions_field(spec) {
            return self.expr(inner, place, &kind);
        }
        let resolved = self.expr(inner, place, &kind)?;
        match (kind, &resolved) {
            (Kind::In(_), Expr::Param(_)) | (Kind::Any, _) => Ok(resolved),
            (kind, _) => Ok(Expr::Cast(Box::new(resolved), kind.into_type())),
        }
    }

    fn call(
        &mut self,
        function: Function,
        arguments: &[written::Expr],
        place: In,
        expected: &Kind,
    ) -> Resolved<Expr> {
        let resolved = match (function, arguments) {
            (Function::In, [left, right]) => self.call_in(left, right, place)?,
            (_, [left, right]) if function.class() == Class::Comparison => {
                self.not_nil(left, right)?;
                let (left_kind, right_kind) = (self.guess(right, place), self.guess(left, place));
                Vec::from([self.expr(left, place, &left_kind)?, self.expr(right, place, &right_kind)?])
            }
            (Function::Like | Function::Ilike, _) => self.all(arguments, place, &Kind::Type(Type::String))?,
            (Function::Exists, [written::Expr::Subquery(query)]) => {
                Vec::from([Expr::Subquery(Box::new(self.value_query(query, place)?.0))])
            }
            (Function::All | Function::Any, [written::Expr::Subquery(query)]) => {
                let used = format!("used with {}", function.name());
                Vec::from([self.single_field(query, place, &used)?])
            }
            (Function::Exists | Function::All | Function::Any, _) => {
                return Err(self.wrong(format!("{}(...) takes a subquery", function.name())));
            }
            (Function::Coalesce, [left, right]) => {
                let either = |planner: &mut Self, other| match expected {
                    Kind::Any => planner.guess(other, place),
                    expected => expected.clone(),
                };
                let (left_kind, right_kind) = (either(self, right), either(self, left));
                Vec::from([self.expr(left, place, &left_kind)?, self.expr(right, place, &right_kind)?])
            }
            (Function::Ntile, _) => self.all(arguments, place, &Kind::Type(Type::Integer))?,
            (Function::NthValue | Function::Lag | Function::Lead, [first, rest @ ..]) => {
                let mut all = Vec::from([self.expr(first, place, &Kind::Any)?]);
                let kinds = [Kind::Type(Type::Integer), self.guess(first, place)];
                for (argument, kind) in rest.iter().zip(&kinds) {
                    all.push(self.expr(argument, place, kind)?);
                }
                all
            }
            _ => match function.class() {
                Class::Logic => self.all(arguments, place, &Kind::Type(Type::Boolean))?,
                Class::Arithmetic => {
                    let kind = match expected {
                        Kind::Any => self.arithmetic_kind(arguments, place),
                        expected => expected.clone(),
                    };
                    self.all(arguments, place, &kind)?
                }
                _ => self.all(arguments, place, &Kind::Any)?,
            },
        };
        Ok(Expr::Call(function, resolved))
    }

    /// A pinned number takes the type of a field beside it.
    fn arithmetic_kind(&mut self, arguments: &[written::Expr], place: In) -> Kind {
        for argument in arguments {
            if !matches!(argument, written::Expr::Pin(_) | written::Expr::Literal(_)) {
                match self.guess(argument, place) {
                    Kind::Any => {}
                    kind => return kind,
                }
            }
        }
        Kind::Any
    }

    fn call_in(&mut self, left: &written::Expr, right: &written::Expr, place: In) -> Resolved<Vec<Expr>> {
        use written::Expr as Written;
        match right {
            Written::Subquery(query) => {
                let left = self.expr(left, place, &Kind::Any)?;
                let used = "used on the right-side of `in`";
                Ok(Vec::from([left, self.single_field(query, place, used)?]))
            }
            Written::List(elements) => {
                let kind = self.guess(left, place);
                let left_kind = elements.first().map_or(Kind::Any, |first| self.guess(first, place));
                let left = self.expr(left, place, &left_kind)?;
                let elements = elements.iter().map(|element| self.expr(element, place, &kind));
                Ok(Vec::from([left, Expr::List(elements.collect::<Resolved<_>>()?)]))
            }
            Written::Literal(Value::List(list)) => {
                let kind = self.guess(left, place);
                let left = self.expr(left, place, &Kind::Any)?;
                let elements = list.iter().map(|element| self.literal(element, place, &kind));
                Ok(Vec::from([left, Expr::List(elements.collect::<Resolved<_>>()?)]))
            }
            Written::Pin(_) => {
                let kind = match self.guess(left, place) {
                    Kind::Type(kind) => Kind::In(kind),
                    _ => Kind::In(Type::Any),
                };
                let left = self.expr(left, place, &Kind::Any)?;
                let right = self.expr(right, place, &kind)?;
                if let Expr::Param(at) = right
                    && !matches!(self.params.get(at), Some(Value::List(_)))
                {
                    return Err(self.wrong("the right side of `in` is a list, not nil"));
                }
                Ok(Vec::from([left, right]))
            }
            right => {
                let left_kind = match self.guess(right, place) {
                    Kind::Type(array) => Kind::element(&array),
                    _ => Kind::Any,
                };
                let right_kind = match self.guess(left, place) {
                    Kind::Type(kind) => Kind::In(kind),
                    _ => Kind::Any,
                };
                let left = self.expr(left, place, &left_kind)?;
                Ok(Vec::from([left, self.expr(right, place, &right_kind)?]))
            }
        }
    }

    fn not_nil(&self, left: &written::Expr, right: &written::Expr) -> Resolved<()> {
        use written::{Expr as Written, Pin};
        let is_nil = |expr: &Written| {
            matches!(expr, Written::Literal(Value::Null) | Written::Pin(Pin { value: Value::Null, .. }))
        };
        let other = match (is_nil(left), is_nil(right)) {
            (false, false) => return Ok(()),
            (true, _) => right,
            _ => left,
        };
        let text = self.text(other);
        let message = format!(
            "comparing `{text}` with `nil` is forbidden as it is unsafe. If you want to check if a value is nil, use \
             is_nil/1 instead"
        );
        Err(QueryError::new(QueryErrorKind::Argument, message))
    }

    fn all(&mut self, exprs: &[written::Expr], place: In, kind: &Kind) -> Resolved<Vec<Expr>> {
        exprs.iter().map(|expr| self.expr(expr, place, kind)).collect()
    }

    fn over(&mut self, over: &written::Over, place: In) -> Resolved<Over> {
        match over {
            written::Over::Named(name) => {
                if !self.level().query.parts().windows.iter().any(|(window, _)| window == name) {
                    return Err(self.wrong(format!("unknown window :{name} given to over/2")));
                }
                Ok(Over::Named(name.clone()))
            }
            written::Over::Window(window) => Ok(Over::Window(Box::new(self.window(window, place)?))),
        }
    }

    pub(super) fn pieces(&mut self, pieces: &[written::Piece], place: In) -> Resolved<Vec<Piece>> {
        let piece = |piece: &written::Piece| {
            Ok(match piece {
                written::Piece::Raw(sql) => Piece::Raw(sql.clone()),
                written::Piece::Expr(expr) => Piece::Expr(self.expr(expr, place, &Kind::Any)?),
            })
        };
        pieces.iter().map(piece).collect()
    }

    /// A subquery that is a value. In a `where`, its field needs no name.
    pub(super) fn value_query(&mut self, query: &Query, place: In) -> Resolved<(Plan, Output)> {
        self.inner(query, Use::Value { named: place != In::Where })
    }

    fn single_field(&mut self, query: &Query, place: In, used: &str) -> Resolved<Expr> {
        let (plan, _) = self.value_query(query, place)?;
        match plan.fields.len() {
            1 => Ok(Expr::Subquery(Box::new(plan))),
            _ => Err(self.wrong(format!("subquery must return a single field in order to be {used}"))),
        }
    }
}

fn can_be_filtered(call: &written::Expr) -> bool {
    match call {
        written::Expr::Call(function, _) => function.is_aggregate(),
        written::Expr::Fragment(_) => true,
        _ => false,
    }
}

fn mentions_field(spec: &TypeSpec) -> bool {
    match spec {
        TypeSpec::Type(_) => false,
        TypeSpec::Field(..) => true,
        TypeSpec::In(inner) | TypeSpec::Array(inner) | TypeSpec::Out(inner) | TypeSpec::Splice(inner) => {
            mentions_field(inner)
        }
    }
}

fn date_kind(kind: written::DateKind) -> Kind {
    match kind {
        written::DateKind::Date => Kind::Type(Type::Date),
        written::DateKind::Datetime => Kind::Any,
    }
}
