//! Where conditions are checked, and which index finds the rows.

use super::Compiler;
use super::source::equality;
use crate::adapters::glue::node::{Comparison, Function, Node};
use crate::adapters::glue::select::{Access, Core, Origin, Select};
use crate::query::JoinKind;
use crate::store::{Default, Fold, IndexInfo, Table};

/// Puts each condition where it can be checked first, and chooses indexes.
pub(super) fn place(compiler: &Compiler<'_>, core: &mut Core, conditions: Vec<Node>) {
    // A row that an outer join made up for a missing one is seen only after that join.
    let made_up = |core: &Core, source: usize| {
        let mut seen = source == 0;
        for join in &core.joins {
            if join.source == source {
                seen = true;
                if matches!(
                    join.kind,
                    JoinKind::Left | JoinKind::LeftLateral | JoinKind::Right | JoinKind::Full
                ) {
                    return true;
                }
            } else if seen && matches!(join.kind, JoinKind::Right | JoinKind::Full) {
                return true;
            }
        }
        false
    };
    let mut rest = Vec::new();
    for condition in conditions {
        let sources = condition.sources();
        let only = (sources.is_power_of_two()).then(|| sources.trailing_zeros() as usize);
        match only {
            Some(source) if source < core.sources.len() && !made_up(core, source) => {
                core.sources[source].filters.push(condition);
            }
            _ => rest.push(condition),
        }
    }
    // An equality of two sources makes a cross join one by key.
    let outer = core.joins.iter().any(|join| matches!(join.kind, JoinKind::Right | JoinKind::Full));
    if !outer {
        let mut before = 1_u64;
        for join in &mut core.joins {
            let own = 1_u64 << join.source;
            if matches!(join.kind, JoinKind::Inner | JoinKind::Cross) {
                let mut kept = Vec::new();
                for condition in rest {
                    match equality(condition, before, own) {
                        Ok(pair) => join.equal.push(pair),
                        Err(condition) => kept.push(condition),
                    }
                }
                rest = kept;
            }
            before |= own;
        }
    }
    core.filters = rest;
    for at in 0..core.sources.len() {
        let source = &mut core.sources[at];
        if let Origin::Table { table, access } = &mut source.rows
            && let Some(known) = compiler.known(*table)
        {
            *access = choose(known, at, &source.filters, &[]);
        }
    }
    for join in &mut core.joins {
        let Some(source) = core.sources.get(join.source) else { continue };
        if let Origin::Table { table, .. } = &source.rows
            && let Some(known) = compiler.known(*table)
        {
            let access = choose(known, join.source, &source.filters, &join.equal);
            let probes = access.equal.iter().any(|node| !node.is_fixed());
            join.probe = (access.index.is_some() && probes).then_some(access);
        }
    }
}

/// The index that finds the fewest rows, by its conditions; none reads all rows.
fn choose(table: &Table, source: usize, filters: &[Node], pairs: &[(Node, Node)]) -> Access {
    let mut best = (0, Access::default());
    for index in table.indexes() {
        if index.filter.is_some() {
            continue;
        }
        let (score, access) = by_index(table, &index, source, filters, pairs);
        if score > best.0 {
            best = (score, access);
        }
    }
    best.1
}

fn by_index(
    table: &Table,
    index: &IndexInfo<'_>,
    source: usize,
    filters: &[Node],
    pairs: &[(Node, Node)],
) -> (usize, Access) {
    let mut access = Access { index: Some(index.id), ..Access::default() };
    let is_column = |node: &Node, wanted: usize| matches!(node, Node::Column { up: 0, source: of, column } if *of == source && *column == wanted);
    let is = |node: &Node, wanted: usize| {
        let follows = || match &table.columns()[wanted].default {
            Default::Folded(fold, of) => Some((*fold, table.position(of)?)),
            _ => None,
        };
        match node {
            Node::Call(Function::Lower, given) if given.len() == 1 => {
                follows().is_some_and(|(fold, of)| fold == Fold::Lower && is_column(&given[0], of))
            }
            Node::Call(Function::Upper, given) if given.len() == 1 => {
                follows().is_some_and(|(fold, of)| fold == Fold::Upper && is_column(&given[0], of))
            }
            node => is_column(node, wanted),
        }
    };
    let mut score = 0;
    // How many of the filters the index answers.
    let mut met = 0;
    for column in index.columns {
        let fixed = filters.iter().find_map(|filter| match filter {
            Node::Compare(Comparison::Equal, left, right) if is(left, *column) && right.is_fixed() => {
                Some(right)
            }
            Node::Compare(Comparison::Equal, left, right) if is(right, *column) && left.is_fixed() => {
                Some(left)
            }
            _ => None,
        });
        let paired = pairs.iter().find(|(_, right)| is(right, *column)).map(|(left, _)| left);
        met += usize::from(fixed.is_some());
        if let Some(value) = fixed.map(|value| &**value).or(paired) {
            access.equal.push(value.clone());
            score += 10;
            continue;
        }
        let any = filters.iter().find_map(|filter| match filter {
            Node::In(item, list, _) if is(item, *column) && list.iter().all(Node::is_fixed) => {
                Some(Node::List(list.clone()))
            }
            Node::InArray(item, list, _) if is(item, *column) && list.is_fixed() => Some((**list).clone()),
            _ => None,
        });
        if let Some(any) = any {
            access.any = Some(any);
            score += 8;
            met += 1;
            break;
        }
        for filter in filters {
            let Node::Compare(comparison, left, right) = filter else { continue };
            let (comparison, bound) = if is(left, *column) && right.is_fixed() {
                (*comparison, right)
            } else if is(right, *column) && left.is_fixed() {
                (comparison.turned(), left)
            } else {
                continue;
            };
            let bound = (**bound).clone();
            match comparison {
                Comparison::Less if access.upper.is_none() => access.upper = Some((bound, false)),
                Comparison::LessOrEqual if access.upper.is_none() => access.upper = Some((bound, true)),
                Comparison::Greater if access.lower.is_none() => access.lower = Some((bound, false)),
                Comparison::GreaterOrEqual if access.lower.is_none() => access.lower = Some((bound, true)),
                _ => continue,
            }
            score += 3;
            met += 1;
        }
        break;
    }
    if index.unique && access.equal.len() == index.columns.len() {
        score += 100;
    }
    access.whole = met == filters.len();
    (score, access)
}

/// Lets an index give the order of a query of one table, if it can.
pub(super) fn order_by_index(compiler: &Compiler<'_>, select: &mut Select) {
    let core = &mut select.core;
    let simple = core.sources.len() == 1
        && core.is_plain()
        && select.combinations.is_empty()
        && !select.with_ties
        && !select.orders.is_empty();
    let Some(source) = core.sources.first_mut() else { return };
    let Origin::Table { table, access } = &mut source.rows else { return };
    let (true, Some(known)) = (simple, compiler.known(*table)) else { return };
    // Nulls are last in an index, so backwards they are first: PostgreSQL's own choice in both directions.
    let descending = select.orders[0].descending;
    let mut columns = Vec::new();
    for order in &select.orders {
        match order.by {
            Node::Column { up: 0, source: 0, column }
                if order.descending == descending && order.nulls_first == descending =>
            {
                columns.push(column);
            }
            _ => return,
        }
    }
    let fits = |index: &IndexInfo<'_>, skip: usize| {
        index.filter.is_none()
            && index.columns.get(skip..).is_some_and(|rest| {
                // What follows a whole unique key orders nothing more.
                let whole = index.unique && index.primary && rest.len() < columns.len();
                rest.starts_with(&columns) || (whole && columns.starts_with(rest))
            })
    };
    let chosen = known.indexes().find(|index| Some(index.id) == access.index);
    if let Some(index) = chosen
        && !access.is_full()
    {
        let skip = access.equal.len();
        if fits(&index, skip) || (access.any.is_none() && skip == index.columns.len() && index.unique) {
            access.reverse = descending;
            core.ordered = true;
        }
        return;
    }
    if select.limit.is_none() {
        return;
    }
    if let Some(index) = known.indexes().find(|index| fits(index, 0)) {
        *access = Access { index: Some(index.id), reverse: descending, ..Access::default() };
        core.ordered = true;
    }
}
