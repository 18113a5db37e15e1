//! What a row holds, and what becomes of it.

use super::columns::stored_type;
use super::inner::Rows;
use super::planner::{In, Planner, Resolved};
use super::select::{Build, Postprocess};
use super::sources::Bound;
use super::tree::{Expr, Field, Load};
use super::types::Kind;
use crate::query::expr as written;
use crate::query::expr::{Binding, Take, Taken};
use crate::query::tree::Query;
use crate::schema::{self, Schema};
use crate::types::Type;
use crate::value::{Str, Value};
use alloc::boxed::Box;
use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What is selected, being collected.
struct Collector<'q> {
    keep_literals: bool,
    /// Fields besides those of the first source.
    rest: Vec<Field>,
    from: Option<FromPart<'q>>,
}

/// The record of the first source. Its fields come first in a row.
struct FromPart<'q> {
    take: Option<(Take, &'q [Taken])>,
    /// Fields that are set anew wherever the record is used, and so need not be read.
    dropped: Vec<Str>,
    /// Maps that are merged into it, with their fields.
    merges: Vec<(Build, Vec<Field>)>,
}

impl Planner<'_> {
    pub(super) fn output(
        &mut self,
        query: &Query,
        select: &written::Expr,
        keep_literals: bool,
    ) -> Resolved<(Postprocess, Vec<Field>)> {
        let parts = query.parts();
        let mut collector = Collector { keep_literals, rest: Vec::new(), from: None };
        let mut build = self.collect(&mut collector, select, &[])?;
        let Collector { rest, from, .. } = collector;
        let Some(from) = from else {
            if !parts.preloads.is_empty() || !parts.assocs.is_empty() {
                return Err(self
                    .wrong("the binding used in `from` must be selected in `select` when using `preload`"));
            }
            let postprocess =
                Postprocess { from: None, assocs: Vec::new(), build, take: Vec::new(), from_as_map: false };
            return Ok((postprocess, rest));
        };
        let taken = from.take.map_or(&[][..], |(_, taken)| taken);
        let as_map = matches!(from.take, Some((Take::Map, _))) && !parts.preloads.is_empty();
        let from_as_map = as_map && matches!(self.level().sources.first(), Some(Bound::Schema { .. }));
        let take = match from.take {
            Some((_, taken)) if from_as_map => Some((Take::Struct, taken)),
            take => take,
        };
        let (mut from_build, mut fields) = self.take(0, take, &from.dropped)?;
        for (mut right, right_fields) in from.merges {
            right.shift(fields.len());
            fields.extend(right_fields);
            from_build = Build::Merge(Box::new(from_build), Box::new(right));
        }
        let tag = from.take.map_or(Take::Any, |(tag, _)| tag);
        let assocs = self.merged_assocs(parts)?;
        self.check_assocs(parts, 0, &assocs)?;
        let assocs = self.assocs(&assocs, tag, taken, &mut fields)?;
        build.shift(fields.len());
        fields.extend(rest);
        let take = taken.to_vec();
        Ok((Postprocess { from: Some(from_build), assocs, build, take, from_as_map }, fields))
    }

    fn collect<'q>(
        &mut self,
        collector: &mut Collector<'q>,
        expr: &'q written::Expr,
        dropped: &[Str],
    ) -> Resolved<Build> {
        use written::Expr as Written;
        Ok(match expr {
            Written::Merge(left, right) => match self.collect(collector, left, &[])? {
                Build::From => {
                    let before = core::mem::take(&mut collector.rest);
                    let right = self.collect(collector, right, &[])?;
                    let fields = core::mem::replace(&mut collector.rest, before);
                    if let Some(from) = &mut collector.from
                        && right != Build::From
                    {
                        from.merges.push((right, fields));
                    }
                    Build::From
                }
                left => {
                    let right = self.collect(collector, right, &[])?;
                    Build::Merge(Box::new(left), Box::new(right))
                }
            },
            Written::Source(binding) => self.collect_source(collector, binding, None, dropped)?,
            Written::Take(binding, take, taken) => {
                self.collect_source(collector, binding, Some((*take, taken)), dropped)?
            }
            Written::Tuple(elements) => Build::Tuple(self.collect_all(collector, elements)?),
            Written::List(elements) => Build::List(self.collect_all(collector, elements)?),
            Written::Map(pairs) => Build::Map(self.collect_pairs(collector, pairs, None)?),
            Written::MapUpdate(base, pairs) => {
                let names: Vec<Str> = pairs.iter().filter_map(|(key, _)| literal_text(key)).collect();
                let binding = match &**base {
                    Written::Source(binding) | Written::Take(binding, ..) => Some(binding),
                    _ => None,
                };
                let base = self.collect(collector, base, &names)?;
                let pairs = self.collect_pairs(collector, pairs, binding)?;
                Build::Update(Box::new(base), pairs)
            }
            Written::Struct(schema, fields) => {
                let schema = self.schemas.resolve(schema)?;
                let mut built = Vec::with_capacity(fields.len());
                for (name, value) in fields {
                    if schema.field(name).is_none() {
                        return Err(self.unknown_field(&schema, name, "select"));
                    }
                    built.push((name.clone(), self.collect(collector, value, &[])?));
                }
                Build::Struct(schema, built)
            }
            Written::Literal(value) if !collector.keep_literals => Build::Literal(value.clone()),
            expr => {
                let load = self.load(expr)?;
                let alias = match expr {
                    Written::SelectAs(_, name) => Some(name.clone()),
                    _ => None,
                };
                let expr = self.expr(expr, In::Select, &Kind::Any)?;
                collector.rest.push(Field { expr, alias, load });
                Build::Field(collector.rest.len() - 1)
            }
        })
    }

    fn collect_all<'q>(
        &mut self,
        collector: &mut Collector<'q>,
        elements: &'q [written::Expr],
    ) -> Resolved<Vec<Build>> {
        elements.iter().map(|element| self.collect(collector, element, &[])).collect()
    }

    fn collect_pairs<'q>(
        &mut self,
        collector: &mut Collector<'q>,
        pairs: &'q [(written::Expr, written::Expr)],
        of: Option<&Binding>,
    ) -> Resolved<Vec<(Build, Build)>> {
        let mut built = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let name = literal_text(key);
            let key = match &name {
                Some(name) => Build::Literal(name.into()),
                None => self.collect(collector, key, &[])?,
            };
            // A pinned value that is set in a record is of the field's type.
            let pinned = match (value, of, name) {
                (written::Expr::Pin(pin), Some(binding), Some(name)) if pin.kind.is_none() => {
                    let kind = self.column(binding, &name, In::Select, true)?.kind.unwrap_or(Type::Any);
                    Some((pin, kind))
                }
                _ => None,
            };
            let value = match pinned {
                None => self.collect(collector, value, &[])?,
                Some((pin, kind)) => {
                    let param = self.param(&pin.value, &Kind::Type(kind.clone()), In::Select)?;
                    let expr = Expr::Cast(Box::new(param), kind.clone());
                    collector.rest.push(Field { expr, alias: None, load: Load::Type(kind) });
                    Build::Field(collector.rest.len() - 1)
                }
            };
            built.push((key, value));
        }
        Ok(built)
    }

    fn collect_source<'q>(
        &mut self,
        collector: &mut Collector<'q>,
        binding: &Binding,
        take: Option<(Take, &'q [Taken])>,
        dropped: &[Str],
    ) -> Resolved<Build> {
        match self.own_source(binding, In::Select)? {
            (0, 0) => {
                match &mut collector.from {
                    Some(from) => {
                        from.dropped.retain(|name| dropped.contains(name));
                        from.take = from.take.or(take);
                    }
                    None => {
                        collector.from =
                            Some(FromPart { take, dropped: dropped.to_vec(), merges: Vec::new() });
                    }
                }
                Ok(Build::From)
            }
            (at, _) => {
                let (mut build, fields) = self.take(at, take, dropped)?;
                build.shift(collector.rest.len());
                collector.rest.extend(fields);
                Ok(build)
            }
        }
    }

    /// What is read of a source, and the record or map that it becomes.
    pub(super) fn take(
        &mut self,
        at: usize,
        take: Option<(Take, &[Taken])>,
        dropped: &[Str],
    ) -> Resolved<(Build, Vec<Field>)> {
        let Some(bound) = self.level().sources.get(at).cloned() else {
            return Err(self.wrong(format!("there is no source at place {at}")));
        };
        let names = take.map(|(_, taken)| {
            let names = taken.iter().filter_map(|taken| match taken {
                Taken::Field(name) => Some(name.clone()),
                Taken::Assoc(..) => None,
            });
            names.filter(|name| !dropped.contains(name)).collect::<Vec<Str>>()
        });
        let kind = take.map(|(kind, _)| kind);
        if let (Some((_, [])), Bound::Schema { .. } | Bound::Schemaless { .. }) = (&take, &bound) {
            return Err(self.wrong("at least one field must be selected for a binding, got an empty list"));
        }
        match bound {
            Bound::Schema { schema, table, prefix } => {
                let names = names.unwrap_or_else(|| {
                    let loaded = schema.fields().iter().filter(|field| is_loaded(field));
                    let names = loaded.map(|field| field.name.clone());
                    names.filter(|name| !dropped.contains(name)).collect()
                });
                let fields = self.columns(at, &names)?;
                let build = match kind {
                    Some(Take::Map) => row(&names, false),
                    _ => record(&schema, Some(&table), prefix, &names),
                };
                Ok((build, fields))
            }
            Bound::Subquery(output) => {
                let names = match names {
                    None => output.fields.iter().map(|(name, _)| name.clone()).collect(),
                    Some(names) => {
                        if let Some(missing) = names.iter().find(|name| output.load_of(name).is_none()) {
                            let has: Vec<&str> =
                                output.fields.iter().map(|(name, _)| name.as_str()).collect();
                            let has = has.join(", ");
                            return Err(self.wrong(format!(
                                "field `{missing}` is not available in the subquery. Subquery only returns fields: {has}"
                            )));
                        }
                        names
                    }
                };
                let fields = self.columns(at, &names)?;
                let build = match (kind, &output.rows) {
                    (Some(Take::Map), _) => row(&names, false),
                    (Some(Take::Struct), Rows::Map) => {
                        return Err(self.wrong(
                            "it is not possible to return a struct subset of a subquery that does not return a schema struct",
                        ));
                    }
                    (Some(Take::Any), Rows::Map) => row(&names, false),
                    (None, Rows::Map) => row(&names, false),
                    (None, Rows::Struct(schema)) => {
                        let fields = names.iter().enumerate();
                        let fields = fields.map(|(at, name)| (name.clone(), Build::Field(at)));
                        Build::Struct(schema.clone(), fields.collect())
                    }
                    (_, Rows::Struct(schema)) => record(schema, None, None, &names),
                    (_, Rows::Source { schema, table, prefix }) => {
                        record(schema, Some(table), prefix.clone(), &names)
                    }
                };
                Ok((build, fields))
            }
            Bound::Values(types) => {
                let names = names.unwrap_or_else(|| types.iter().map(|(name, _)| name.clone()).collect());
                let fields = self.columns(at, &names)?;
                Ok((row(&names, true), fields))
            }
            Bound::Schemaless { .. } | Bound::Fragment => match (kind, names) {
                (Some(Take::Struct), _) => {
                    Err(self.wrong("struct/2 in select expects a source with a schema"))
                }
                (_, Some(names)) => {
                    let fields = self.columns(at, &names)?;
                    Ok((row(&names, false), fields))
                }
                (_, None) => {
                    let field = Field { expr: Expr::Source(at), alias: None, load: Load::Type(Type::Map) };
                    Ok((Build::Field(0), Vec::from([field])))
                }
            },
        }
    }

    fn columns(&self, at: usize, names: &[Str]) -> Resolved<Vec<Field>> {
        let field = |name: &Str| {
            let expr = Expr::Column(self.column_of(at, 0, name, In::Select, false)?);
            Ok(Field { expr, alias: None, load: self.field_load(at, 0, name) })
        };
        names.iter().map(field).collect()
    }
}

/// Whether a query that names no fields reads the field.
pub(super) fn is_loaded(field: &schema::Field) -> bool {
    field.load_in_query && !field.is_virtual && stored_type(&field.kind).is_some()
}

fn record(schema: &Arc<Schema>, table: Option<&Str>, prefix: Option<Str>, names: &[Str]) -> Build {
    let source = table.filter(|table| schema.source() != Some(*table)).cloned();
    let place = |(at, name): (usize, &Str)| schema.position(name).map(|position| (position, at));
    let fields = names.iter().enumerate().filter_map(place).collect();
    Build::Record { schema: schema.clone(), source, prefix, fields }
}

fn row(names: &[Str], nullable: bool) -> Build {
    let fields = names.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect();
    Build::Row { fields, nullable }
}

fn literal_text(expr: &written::Expr) -> Option<Str> {
    match expr {
        written::Expr::Literal(Value::String(text)) => Some(text.clone()),
        _ => None,
    }
}
