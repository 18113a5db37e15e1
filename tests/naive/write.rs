//! Writes, and the constraints they meet.

use super::evaluate::{Scope, order};
use super::{Database, Table};
use ectomorph::adapter::{
    AdapterError, Answer, Cell, ConflictAction, ConflictTarget, Delete, Insert, InsertAll, OnConflict,
    Outcome, Rows, Update, Violation, ViolationKind,
};
use ectomorph::value::{Decimal, Str, Value, to_text};

impl Database {
    pub(super) fn insert(&mut self, insert: Insert<'_>) -> Outcome {
        let at = self.table(&insert.meta.source)?;
        let mut answer = Answer::default();
        let cells = insert.fields.into_iter().map(|(column, value)| (column, Some(value))).collect();
        self.insert_row(at, cells, insert.on_conflict, insert.returning, &mut answer)?;
        self.check_references()?;
        Ok(answer)
    }

    pub(super) fn insert_all(&mut self, insert: InsertAll<'_>) -> Outcome {
        let at = self.table(&insert.meta.source)?;
        let mut answer = Answer::default();
        let rows: Vec<Vec<Option<Value>>> = match insert.rows {
            Rows::Query(plan, params) => self
                .rows(&plan, &params)?
                .into_iter()
                .map(|row| row.into_iter().map(Some).collect())
                .collect(),
            Rows::Cells(rows) => {
                let mut all = Vec::new();
                for row in rows {
                    let mut values = Vec::new();
                    for cell in row {
                        values.push(match cell {
                            Cell::Value(value) => Some(value),
                            Cell::Default => None,
                            Cell::Placeholder(at) => Some(insert.placeholders[at].clone()),
                            Cell::Query(plan, params) => {
                                let mut rows = self.rows(&plan, &params)?;
                                Some(rows.pop().and_then(|mut row| row.pop()).unwrap_or_default())
                            }
                        });
                    }
                    all.push(values);
                }
                all
            }
        };
        for row in rows {
            let cells = insert.header.iter().cloned().zip(row).collect();
            self.insert_row(at, cells, insert.on_conflict, insert.returning, &mut answer)?;
        }
        self.check_references()?;
        Ok(answer)
    }

    fn insert_row(
        &mut self,
        at: usize,
        cells: Vec<(Str, Option<Value>)>,
        conflict: &OnConflict,
        returning: &[Str],
        answer: &mut Answer,
    ) -> Result<(), AdapterError> {
        let table = &mut self.tables[at];
        let mut row: Vec<Value> =
            table.columns.iter().map(|column| column.default.clone().unwrap_or_default()).collect();
        let mut given_id = false;
        for (column, value) in cells {
            let place = table.column(&column)?;
            if let Some(value) = value {
                given_id |= column.as_str() == "id";
                row[place] = value;
            }
        }
        if table.columns[0].name == "id" && !given_id {
            row[0] = Value::Integer(table.next);
            table.next += 1;
        }
        stored(table, &mut row);
        check_row(table, &row)?;
        // The key that the conflict is about is looked at first: a row that meets another in it is not inserted.
        let met = collision(table, &row, None, |violation| is_meant(violation, &conflict.target))
            .or_else(|| collision(table, &row, None, |_| true));
        let written = match (met, &conflict.action) {
            (None, _) => {
                table.rows.push(row.clone());
                row
            }
            (Some((violation, _)), ConflictAction::Raise) => {
                return Err(AdapterError::Constraint(vec![violation]));
            }
            (Some((violation, _)), _) if !is_meant(&violation, &conflict.target) => {
                return Err(AdapterError::Constraint(vec![violation]));
            }
            (Some(_), ConflictAction::Nothing) => return Ok(()),
            (Some((_, place)), ConflictAction::Replace(columns)) => {
                let old = table.rows[place].clone();
                let mut new = old.clone();
                for column in columns {
                    let at = table.column(column)?;
                    new[at] = row[at].clone();
                }
                self.replace(at, &old, new.clone())?;
                new
            }
            (Some((_, place)), ConflictAction::Query(plan, params)) => {
                let old = table.rows[place].clone();
                let names = vec![table.columns.iter().map(|column| column.name.clone()).collect()];
                let rows = [Some(old.clone())];
                let scope = Scope { names: &names, rows: &rows, params };
                for condition in &plan.filters {
                    if !scope.holds(&condition.expr)? {
                        return Ok(());
                    }
                }
                let new = self.assigned(at, &old, plan, &scope)?;
                self.replace(at, &old, new.clone())?;
                new
            }
        };
        answer.count += 1;
        self.give_back(at, &written, returning, answer)
    }

    pub(super) fn update(&mut self, update: Update<'_>) -> Outcome {
        let at = self.table(&update.meta.source)?;
        let mut answer = Answer::default();
        for old in self.filtered(at, &update.filters)? {
            let mut new = old.clone();
            for (column, value) in &update.fields {
                new[self.tables[at].column(column)?] = value.clone();
            }
            stored(&self.tables[at], &mut new);
            self.replace(at, &old, new.clone())?;
            answer.count += 1;
            self.give_back(at, &new, update.returning, &mut answer)?;
        }
        self.check_references()?;
        Ok(answer)
    }

    pub(super) fn delete(&mut self, delete: Delete<'_>) -> Outcome {
        let at = self.table(&delete.meta.source)?;
        let mut answer = Answer::default();
        let gone = self.filtered(at, &delete.filters)?;
        for row in &gone {
            answer.count += 1;
            self.give_back(at, row, delete.returning, &mut answer)?;
        }
        self.remove(at, gone)?;
        Ok(answer)
    }

    fn filtered(&self, at: usize, filters: &[(Str, Value)]) -> Result<Vec<Vec<Value>>, AdapterError> {
        let table = &self.tables[at];
        let mut places = Vec::new();
        for (column, value) in filters {
            places.push((table.column(column)?, value));
        }
        let same = |row: &&Vec<Value>| {
            places.iter().all(|(place, value)| match (&row[*place], value) {
                (a, b) if a.is_null() || b.is_null() => a.is_null() && b.is_null(),
                (a, b) => order(a, b).is_eq(),
            })
        };
        Ok(table.rows.iter().filter(same).cloned().collect())
    }

    fn give_back(
        &self,
        at: usize,
        row: &[Value],
        returning: &[Str],
        answer: &mut Answer,
    ) -> Result<(), AdapterError> {
        if returning.is_empty() {
            return Ok(());
        }
        let table = &self.tables[at];
        let row = returning.iter().map(|column| Ok(row[table.column(column)?].clone()));
        answer.rows.push(row.collect::<Result<_, AdapterError>>()?);
        Ok(())
    }

    /// Puts a new row in the place of an old one.
    pub(super) fn replace(
        &mut self,
        at: usize,
        old: &[Value],
        mut new: Vec<Value>,
    ) -> Result<(), AdapterError> {
        let table = &mut self.tables[at];
        stored(table, &mut new);
        check_row(table, &new)?;
        let place = table.rows.iter().position(|row| row == old);
        if let Some((violation, _)) = collision(table, &new, place, |_| true) {
            return Err(AdapterError::Constraint(vec![violation]));
        }
        if let Some(place) = place {
            table.rows[place] = new;
        }
        Ok(())
    }

    /// Takes rows out, with what foreign keys say about those that refer to them.
    pub(super) fn remove(&mut self, at: usize, gone: Vec<Vec<Value>>) -> Result<(), AdapterError> {
        if gone.is_empty() {
            return Ok(());
        }
        let name = self.tables[at].name.clone();
        self.tables[at].rows.retain(|row| !gone.contains(row));
        let ids: Vec<Value> = gone.iter().map(|row| row[0].clone()).collect();
        for child in 0..self.tables.len() {
            for key in self.tables[child].foreign_keys.clone() {
                if key.references != name {
                    continue;
                }
                let place = self.tables[child].column(&key.column)?;
                let refers = |row: &Vec<Value>| ids.contains(&row[place]);
                match key.on_delete.as_str() {
                    "delete_all" => {
                        let rows: Vec<Vec<Value>> =
                            self.tables[child].rows.iter().filter(|row| refers(row)).cloned().collect();
                        self.remove(child, rows)?;
                    }
                    "nilify_all" => {
                        let rows = self.tables[child].rows.iter_mut();
                        rows.filter(|row| refers(row)).for_each(|row| row[place] = Value::Null);
                    }
                    _ => {}
                }
            }
        }
        self.check_references()
    }

    /// Every foreign key refers to a row.
    pub(super) fn check_references(&self) -> Result<(), AdapterError> {
        for table in &self.tables {
            for key in &table.foreign_keys {
                let place = table.column(&key.column)?;
                let target = &self.tables[self.table(&key.references)?];
                for row in &table.rows {
                    let value = &row[place];
                    if !value.is_null() && !target.rows.iter().any(|row| row[0] == *value) {
                        let violation =
                            Violation::new(ViolationKind::ForeignKey, table.name.as_str(), key.name.as_str());
                        return Err(AdapterError::Constraint(vec![violation]));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Decimals take the scale of their column, and sixteen bytes the text of one that is not declared a UUID.
fn stored(table: &Table, row: &mut [Value]) {
    for (column, value) in table.columns.iter().zip(row) {
        let scale =
            column.kind.strip_prefix("decimal(").and_then(|rest| rest.trim_end_matches(')').split_once(','));
        if let (Some((_, scale)), Value::Decimal(_) | Value::Integer(_)) = (scale, &*value) {
            let scale: usize = scale.parse().unwrap_or(0);
            let text = to_text(value).unwrap_or_default();
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
            *value = Decimal::parse(&format!("{whole}.{fraction:0<scale$}")).map_or(Value::Null, Value::from);
        }
    }
}

fn check_row(table: &Table, row: &[Value]) -> Result<(), AdapterError> {
    for (column, value) in table.columns.iter().zip(row) {
        if value.is_null() && !column.nullable {
            let violation = Violation::new(ViolationKind::NotNull, table.name.as_str(), column.name.as_str());
            return Err(AdapterError::Constraint(vec![violation]));
        }
    }
    for (name, check) in &table.checks {
        let (column, least) = match (check.split_once(" >= "), check.split_once(" > ")) {
            (Some((column, least)), _) => (column, least.parse::<i64>().unwrap_or(0)),
            (_, Some((column, below))) => (column, below.parse::<i64>().unwrap_or(0) + 1),
            _ => return Err(AdapterError::unsupported(check.clone())),
        };
        if row[table.column(column)?].as_integer().is_some_and(|number| number < least) {
            let violation = Violation::new(ViolationKind::Check, table.name.as_str(), name.as_str());
            return Err(AdapterError::Constraint(vec![violation]));
        }
    }
    Ok(())
}

/// The first of the keys that are asked for which another row has too, and the place of that row.
fn collision(
    table: &Table,
    row: &[Value],
    except: Option<usize>,
    asked: impl Fn(&Violation) -> bool,
) -> Option<(Violation, usize)> {
    let primary =
        (table.columns[0].name == "id").then(|| (format!("{}_pkey", table.name), vec!["id".to_owned()]));
    for (name, columns) in primary.iter().chain(&table.uniques) {
        let places: Vec<usize> = columns.iter().filter_map(|column| table.column(column).ok()).collect();
        let mut violation = Violation::new(ViolationKind::Unique, table.name.as_str(), name.as_str());
        violation.columns = columns.iter().map(|column| column.as_str().into()).collect();
        if places.iter().any(|place| row[*place].is_null()) || !asked(&violation) {
            continue;
        }
        let same = |other: &Vec<Value>| places.iter().all(|place| other[*place] == row[*place]);
        let place = table.rows.iter().enumerate().position(|(at, other)| Some(at) != except && same(other));
        if let Some(place) = place {
            return Some((violation, place));
        }
    }
    None
}

fn is_meant(violation: &Violation, target: &ConflictTarget) -> bool {
    match target {
        ConflictTarget::Any => true,
        ConflictTarget::Constraint(name) => *name == violation.name,
        ConflictTarget::Columns(columns) => {
            columns.len() == violation.columns.len()
                && columns.iter().all(|column| violation.columns.contains(column))
        }
        ConflictTarget::Fragment(sql) => {
            let names: Vec<&str> = sql.trim_matches(['(', ')']).split(',').map(str::trim).collect();
            violation.columns.iter().all(|column| names.contains(&column.as_str()))
        }
    }
}
