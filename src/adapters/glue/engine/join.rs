//! Which joins GlueSQL runs, and their plan.

use super::handles::Handles;
use crate::adapters::glue::node::{Comparison, Env, Node, Row};
use crate::adapters::glue::run::{Held, Set};
use crate::adapters::glue::select::{Core, Join, Origin};
use crate::adapters::glue::value::Fault;
use crate::query::JoinKind;
use crate::store::Kind;
use gluesql_core::ast::BinaryOperator;
use gluesql_core::data::Value as Glue;
use gluesql_core::executor::{Payload, execute};
use gluesql_core::plan::{
    ExprPlan, HashJoinInputPlan, HashJoinPlan, InnerJoinInputPlan, InnerJoinPlan, JoinConditionInputPlan,
    JoinConditionPlan, LeftOuterJoinInputPlan, LeftOuterJoinPlan, NestedLoopJoinInputPlan,
    NestedLoopJoinPlan, ProjectInputPlan, ProjectPlan, ProjectionPlan, QueryPlan, SelectItemPlan, SourcePlan,
    StatementPlan, TableAccessPlan, TableAliasPlan, TableSourcePlan,
};
use std::collections::BTreeSet;

/// A table is read by key where it has so many times the rows of the first source.
const KEYED: usize = 4;

/// The joins of a query as plans of GlueSQL.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) struct Joins {
    /// By hash, or all pairs.
    hashed: StatementPlan,
    /// The same, where tables with a key are read by it.
    keyed: Option<StatementPlan>,
    /// Of each source, the columns that it sees, and their kinds.
    pub(super) columns: Vec<Vec<(usize, Kind)>>,
    /// The sources that the second plan reads by key.
    by_key: Vec<usize>,
}

impl Joins {
    /// The plan, if GlueSQL gives what SQL asks: inner and left joins on keys of one kind, with conditions that are
    /// comparisons of one kind of values. `kinds` are those of the columns of each source, `key` the only column of
    /// its primary key.
    pub(in super::super) fn of(
        core: &Core,
        kinds: &[Vec<Kind>],
        key: &dyn Fn(usize) -> Option<usize>,
    ) -> Option<Joins> {
        if core.joins.is_empty() || core.joins.iter().any(|join| !runs(join)) {
            return None;
        }
        let mut used: Vec<BTreeSet<usize>> = kinds.iter().map(|_| BTreeSet::new()).collect();
        for join in &core.joins {
            for node in join.equal.iter().flat_map(|(left, right)| [left, right]).chain(&join.on) {
                node.any(&mut |node| {
                    if let Node::Column { up: 0, source, column } = node
                        && let Some(used) = used.get_mut(*source)
                    {
                        used.insert(*column);
                    }
                    false
                });
            }
        }
        let translator = Translator { kinds };
        let by_key: Vec<usize> = core
            .joins
            .iter()
            .filter(|join| match join.equal.as_slice() {
                [(_, Node::Column { up: 0, source, column })] => {
                    join.probe.is_some()
                        && key(*source) == Some(*column)
                        && core
                            .sources
                            .get(*source)
                            .is_some_and(|source| matches!(source.rows, Origin::Table { .. }))
                }
                _ => false,
            })
            .map(|join| join.source)
            .collect();
        let hashed = translator.statement(core, &[])?;
        let keyed = if by_key.is_empty() { None } else { Some(translator.statement(core, &by_key)?) };
        let columns = used
            .into_iter()
            .zip(kinds)
            .map(|(used, kinds)| {
                used.into_iter()
                    .map(|column| (column, kinds.get(column).cloned().unwrap_or(Kind::Any)))
                    .collect()
            })
            .collect();
        Some(Joins { hashed, keyed, columns, by_key })
    }

    /// The joined rows.
    pub(in super::super) fn run<'t>(
        &'t self,
        core: &'t Core,
        env: &'t Env<'t>,
        parent: Option<&Row<'_>>,
        held: &'t [Held],
    ) -> Result<Set<'t>, Fault> {
        let count = |source: usize| match core.sources.get(source).map(|source| &source.rows) {
            Some(Origin::Table { table, access }) if access.is_full() => {
                env.tables.get(*table).map(|table| table.len())
            }
            _ => None,
        };
        let first = count(0).unwrap_or(0);
        let keyed = self.keyed.as_ref().filter(|_| {
            self.by_key.iter().all(|source| match core.sources.get(*source).map(|source| &source.rows) {
                Some(Origin::Table { table, .. }) => {
                    env.tables.get(*table).is_some_and(|table| first * KEYED <= table.len())
                }
                _ => false,
            })
        });
        let mut storage = Handles::new(self, core, env, parent, held);
        let payload = execute(&mut storage, keyed.unwrap_or(&self.hashed));
        if let Some(fault) = storage.fault() {
            return Err(fault);
        }
        let rows = match payload {
            Ok(Payload::Select { rows, .. }) => rows,
            Ok(_) => Vec::new(),
            Err(error) => return Err(Fault::new("internal_error", error.to_string())),
        };
        let stride = core.sources.len();
        let mut set = Set::new(stride);
        set.tuples.reserve(rows.len() * stride);
        for row in rows {
            for (source, handle) in row.iter().enumerate() {
                set.tuples.push(match handle {
                    Glue::I64(handle) => storage.row(source, *handle as usize),
                    _ => &[],
                });
            }
            set.rows += 1;
        }
        Ok(set)
    }
}

fn runs(join: &Join) -> bool {
    matches!(join.kind, JoinKind::Inner | JoinKind::Left | JoinKind::Cross)
}

struct Translator<'a> {
    kinds: &'a [Vec<Kind>],
}

/// The joins made so far.
enum Joined {
    Source(SourcePlan),
    Inner(Box<InnerJoinPlan>),
    Left(Box<LeftOuterJoinPlan>),
}

impl Translator<'_> {
    fn statement(&self, core: &Core, by_key: &[usize]) -> Option<StatementPlan> {
        let mut joined = Joined::Source(source(0, None));
        for join in &core.joins {
            joined = self.join(joined, join, by_key)?;
        }
        let input = match joined {
            Joined::Source(source) => ProjectInputPlan::Source(source),
            Joined::Inner(join) => ProjectInputPlan::InnerJoin(join),
            Joined::Left(join) => ProjectInputPlan::LeftOuterJoin(join),
        };
        let items = (0..core.sources.len())
            .map(|source| SelectItemPlan::Expr {
                expr: column(source, HANDLE.to_owned()),
                label: HANDLE.to_owned(),
            })
            .collect();
        let projection = ProjectionPlan::SelectItems(items);
        Some(StatementPlan::Query(QueryPlan::Project(ProjectPlan { input, projection })))
    }

    fn join(&self, input: Joined, join: &Join, by_key: &[usize]) -> Option<Joined> {
        let mut conditions = join.on.iter().map(|node| self.condition(node)).collect::<Option<Vec<_>>>()?;
        let mut pairs = join.equal.iter();
        let hash = match pairs.next() {
            Some((left, right)) => {
                let (of_left, of_right) = (self.kind(left)?, self.kind(right)?);
                if class(of_left)? != class(of_right)? {
                    return None;
                }
                Some((self.operand(left)?, self.operand(right)?))
            }
            None => None,
        };
        for (left, right) in pairs {
            conditions.push(self.comparison(Comparison::Equal, left, right)?);
        }
        let condition = conditions.into_iter().reduce(|a, b| binary(a, BinaryOperator::And, b));
        let keyed = by_key.contains(&join.source);
        let nested = |right: SourcePlan, input: Joined| NestedLoopJoinPlan {
            input: match input {
                Joined::Source(source) => NestedLoopJoinInputPlan::Source(source),
                Joined::Inner(join) => NestedLoopJoinInputPlan::InnerJoin(join),
                Joined::Left(join) => NestedLoopJoinInputPlan::LeftOuterJoin(join),
            },
            right,
        };
        enum Way {
            Nested(NestedLoopJoinPlan),
            Hash(HashJoinPlan),
        }
        let way = match hash {
            None => Way::Nested(nested(source(join.source, None), input)),
            Some((key, _)) if keyed => Way::Nested(nested(source(join.source, Some(key)), input)),
            Some((input_key, right_key)) => Way::Hash(HashJoinPlan {
                input: match input {
                    Joined::Source(source) => HashJoinInputPlan::Source(source),
                    Joined::Inner(join) => HashJoinInputPlan::InnerJoin(join),
                    Joined::Left(join) => HashJoinInputPlan::LeftOuterJoin(join),
                },
                right: source(join.source, None),
                input_key,
                right_key,
                right_filter: None,
            }),
        };
        let conditioned = |expr: ExprPlan, way: Way| JoinConditionPlan {
            input: match way {
                Way::Nested(nested) => JoinConditionInputPlan::NestedLoop(nested),
                Way::Hash(hash) => JoinConditionInputPlan::Hash(hash),
            },
            expr,
        };
        Some(if join.kind == JoinKind::Left {
            Joined::Left(Box::new(LeftOuterJoinPlan {
                input: match (condition, way) {
                    (Some(expr), way) => LeftOuterJoinInputPlan::Condition(conditioned(expr, way)),
                    (None, Way::Nested(nested)) => LeftOuterJoinInputPlan::NestedLoop(nested),
                    (None, Way::Hash(hash)) => LeftOuterJoinInputPlan::Hash(hash),
                },
            }))
        } else {
            Joined::Inner(Box::new(InnerJoinPlan {
                input: match (condition, way) {
                    (Some(expr), way) => InnerJoinInputPlan::Condition(conditioned(expr, way)),
                    (None, Way::Nested(nested)) => InnerJoinInputPlan::NestedLoop(nested),
                    (None, Way::Hash(hash)) => InnerJoinInputPlan::Hash(hash),
                },
            }))
        })
    }

    /// A condition where unknown is as good as false.
    fn condition(&self, node: &Node) -> Option<ExprPlan> {
        match node {
            Node::And(all) => all
                .iter()
                .map(|node| self.condition(node))
                .collect::<Option<Vec<_>>>()?
                .into_iter()
                .reduce(|a, b| binary(a, BinaryOperator::And, b)),
            // GlueSQL's `null or true` is null: each side decides for itself.
            Node::Or(all) => {
                let whens = all
                    .iter()
                    .map(|node| Some((self.condition(node)?, ExprPlan::Value(Glue::Bool(true)))))
                    .collect::<Option<Vec<_>>>()?;
                let otherwise = Some(Box::new(ExprPlan::Value(Glue::Bool(false))));
                Some(ExprPlan::Case { operand: None, when_then: whens, else_result: otherwise })
            }
            Node::Compare(comparison, left, right) => self.comparison(*comparison, left, right),
            Node::IsNull(of) => Some(ExprPlan::IsNull(Box::new(self.operand(of)?))),
            Node::Not(of) => match &**of {
                Node::IsNull(of) => Some(ExprPlan::IsNotNull(Box::new(self.operand(of)?))),
                _ => None,
            },
            _ => None,
        }
    }

    fn comparison(&self, comparison: Comparison, left: &Node, right: &Node) -> Option<ExprPlan> {
        if class(self.kind(left)?)? != class(self.kind(right)?)? {
            return None;
        }
        let operator = match comparison {
            Comparison::Equal => BinaryOperator::Eq,
            Comparison::NotEqual => BinaryOperator::NotEq,
            Comparison::Less => BinaryOperator::Lt,
            Comparison::LessOrEqual => BinaryOperator::LtEq,
            Comparison::Greater => BinaryOperator::Gt,
            Comparison::GreaterOrEqual => BinaryOperator::GtEq,
            Comparison::Distinct => return None,
        };
        Some(binary(self.operand(left)?, operator, self.operand(right)?))
    }

    fn operand(&self, node: &Node) -> Option<ExprPlan> {
        match node {
            Node::Column { up: 0, source, column: at } => Some(column(*source, name(*at))),
            Node::Value(value) => super::values::to_glue(value).map(ExprPlan::Value),
            _ => None,
        }
    }

    fn kind(&self, node: &Node) -> Option<&Kind> {
        match node {
            Node::Column { up: 0, source, column } => self.kinds.get(*source)?.get(*column),
            Node::Value(value) => Some(match value {
                crate::value::Value::Integer(_) => &Kind::Integer(64),
                crate::value::Value::String(_) => &Kind::Text(None),
                crate::value::Value::Bool(_) => &Kind::Boolean,
                _ => return None,
            }),
            _ => None,
        }
    }
}

/// Kinds whose values GlueSQL compares, and hashes, as SQL does.
fn class(kind: &Kind) -> Option<u8> {
    Some(match kind {
        Kind::Integer(_) => 0,
        Kind::Text(_) => 1,
        Kind::Boolean => 2,
        Kind::Uuid => 3,
        Kind::Date => 4,
        Kind::NaiveDatetime(_) => 5,
        Kind::UtcDatetime(_) => 6,
        Kind::Time(_) => 7,
        _ => return None,
    })
}

/// The column that holds the number of the row.
pub(super) const HANDLE: &str = "#";

/// The name of a column, by its place.
pub(super) fn name(column: usize) -> String {
    column.to_string()
}

fn column(source: usize, ident: String) -> ExprPlan {
    ExprPlan::CompoundIdentifier { alias: source.to_string(), ident }
}

fn binary(left: ExprPlan, op: BinaryOperator, right: ExprPlan) -> ExprPlan {
    ExprPlan::BinaryOp { left: Box::new(left), op, right: Box::new(right) }
}

fn source(at: usize, key: Option<ExprPlan>) -> SourcePlan {
    let access = match key {
        Some(expr) => TableAccessPlan::PrimaryKey { expr },
        None => TableAccessPlan::Index { name: HANDLE.to_owned(), asc: None, predicate: None },
    };
    SourcePlan::Table(TableSourcePlan {
        name: at.to_string(),
        alias: Some(TableAliasPlan { name: at.to_string(), columns: Vec::new() }),
        access,
    })
}
