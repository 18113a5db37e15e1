//! Changes of definitions, made.

use super::database::Catalogue;
use super::ddl::{ColumnChange, Ddl};
use super::definition::{Column, Default, Definition, Index, PrimaryKey, TableName};
use super::error::{DefinitionErrorKind, StoreError, ViolationKind};
use super::image::MAX_TABLES;
use super::kind::Kind;
use super::plan::{no_column, no_table, positions};
use super::slab::{RowId, Slab};
use super::statement::Statement;
use super::table::{Grown, Named, Plan, Table, TableId};
use super::transaction::Undo;
use crate::expr::{Call, Expr};
use crate::value::{Str, Value};
use std::sync::Arc;

impl Statement<'_> {
    /// Changes the definitions; the new table, if that is what was asked for. Undone with the transaction, as any write.
    ///
    /// # Errors
    /// A name of something that is not there, or is there already; something else depends on what should go; rows that
    /// are there break a new constraint, or do not fit into what a column holds now.
    pub fn define(&mut self, ddl: Ddl) -> Result<Option<TableId>, StoreError> {
        let before = Box::new(self.database.catalogue.clone());
        self.database.log.undo.push(Undo::Define(before));
        self.database.version += 1;
        let created = self.database.catalogue.apply(&ddl)?;
        self.database.log_define(&ddl);
        self.verify(&ddl)?;
        Ok(created)
    }

    /// Looks at the rows that are there, where a change makes a demand on them.
    fn verify(&mut self, ddl: &Ddl) -> Result<(), StoreError> {
        match ddl {
            Ddl::AddColumn { table, column } => {
                if let Default::Function(name) = &column.default {
                    self.fill(table, column, name)?;
                }
                if let Default::Folded(_, of) = &column.default {
                    self.refold(table, of)?;
                }
                self.verify_rows(table)
            }
            Ddl::ModifyColumn { table, column, .. } => {
                self.refold(table, column)?;
                self.verify_rows(table)
            }
            Ddl::AddPrimaryKey { table, .. } | Ddl::AddCheck { table, validate: true, .. } => {
                self.verify_rows(table)
            }
            Ddl::AddForeignKey { table, foreign_key, validate: true } => {
                let table = self.table_called(table)?;
                let at = table.definition.foreign_keys.iter().position(|each| each.name == foreign_key.name);
                for (_, row) in table.unordered() {
                    if at.is_some_and(|at| !self.is_founded(table, at, &row)) {
                        return Err(StoreError::broken(
                            ViolationKind::ForeignKey,
                            &foreign_key.name,
                            &table.definition.name.name,
                            &foreign_key.columns,
                        ));
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn verify_rows(&self, name: &TableName) -> Result<(), StoreError> {
        let table = self.table_called(name)?;
        table.unordered().try_for_each(|(_, row)| table.check(&row))
    }

    /// Gives all rows of a new column what a function answers, once for all as in PostgreSQL.
    fn fill(&mut self, name: &TableName, column: &Column, function: &str) -> Result<(), StoreError> {
        let table = self.table_called(name)?;
        if table.is_empty() {
            return Ok(());
        }
        let (id, position) = (table.id, table.definition.columns.len() - 1);
        let rows: Vec<RowId> = table.unordered().ids().collect();
        let value = self.database.functions.as_ref().and_then(|functions| functions(function));
        let Some(value) = value else {
            return Err(StoreError::definition(
                DefinitionErrorKind::Invalid,
                format!(
                    "no function \"{function}\" was given to the database for column \"{}\"",
                    column.name
                ),
            ));
        };
        for row in rows {
            self.update(id, row, vec![(position, value.clone())])?;
        }
        Ok(())
    }

    /// Makes the columns that follow another do so in all rows.
    fn refold(&mut self, name: &TableName, of: &str) -> Result<(), StoreError> {
        let table = self.table_called(name)?;
        let Some(position) = table.position(of) else { return Ok(()) };
        if table.plan.folded.iter().all(|(_, _, source)| *source != position) {
            return Ok(());
        }
        let id = table.id;
        let rows: Vec<(RowId, Value)> =
            table.unordered().map(|(row, values)| (row, values[position].clone())).collect();
        for (row, value) in rows {
            self.update(id, row, vec![(position, value)])?;
        }
        Ok(())
    }

    fn table_called(&self, name: &TableName) -> Result<&Table, StoreError> {
        self.database.table_named(name).ok_or_else(|| no_table(name))
    }
}

impl Catalogue {
    /// Makes a change, as far as it can be made without looking whether rows fit.
    pub(super) fn apply(&mut self, ddl: &Ddl) -> Result<Option<TableId>, StoreError> {
        let mut created = None;
        let mut reshaped = None;
        match ddl {
            Ddl::CreateTable(definition) => created = Some(self.create_table(definition)?),
            Ddl::DropTable { table, cascade } => self.drop_table(table, *cascade)?,
            Ddl::RenameTable { table, to } => self.rename_table(table, to)?,
            Ddl::AddColumn { table, column } => self.add_column(table, column)?,
            Ddl::DropColumn { table, column } => reshaped = Some(self.drop_column(table, column)?),
            Ddl::ModifyColumn { table, column, change } => {
                reshaped = self.modify_column(table, column, change)?;
            }
            Ddl::RenameColumn { table, column, to } => self.rename_column(table, column, to)?,
            Ddl::AddPrimaryKey { table, name, columns } => self.add_primary_key(table, name, columns)?,
            Ddl::CreateIndex { table, index } => {
                self.free_index_name(&table.prefix, index)?;
                self.definition(table)?.indexes.push(index.clone());
            }
            Ddl::DropIndex { prefix, index } => {
                let definition = self.definition_with_index(prefix, index)?;
                let name = definition.name.clone();
                definition.indexes.retain(|each| each.name != *index);
                reshaped = self.drop_unused_folds(&name)?;
            }
            Ddl::RenameIndex { prefix, index, to } => self.rename_index(prefix, index, to)?,
            Ddl::AddForeignKey { table, foreign_key, .. } => {
                let definition = self.definition(table)?;
                free_constraint_name(definition, &foreign_key.name)?;
                definition.foreign_keys.push(foreign_key.clone());
            }
            Ddl::AddCheck { table, check, .. } => {
                let definition = self.definition(table)?;
                free_constraint_name(definition, &check.name)?;
                definition.checks.push(check.clone());
            }
            Ddl::DropConstraint { table, constraint } => {
                self.drop_constraint(table, constraint)?;
                reshaped = self.drop_unused_folds(table)?;
            }
            Ddl::Comment { table, column, comment } => self.comment(table, column.as_ref(), comment)?,
        }
        self.resolve(reshaped).map_err(|error| depended(ddl, error))?;
        Ok(created)
    }

    fn create_table(&mut self, definition: &Definition) -> Result<TableId, StoreError> {
        let name = &definition.name;
        if self.names.contains_key(name) {
            return Err(StoreError::definition(
                DefinitionErrorKind::DuplicateTable,
                format!("table \"{name}\" already exists"),
            ));
        }
        if self.tables.len() >= MAX_TABLES {
            return Err(StoreError::definition(DefinitionErrorKind::Invalid, "there were too many tables"));
        }
        let mut definition = definition.clone();
        for (at, column) in definition.columns.iter().enumerate() {
            if definition.columns[..at].iter().any(|other| other.name == column.name) {
                return Err(duplicate_column(&definition, &column.name));
            }
        }
        for (at, index) in definition.indexes.iter().enumerate() {
            self.free_index_name(&name.prefix, index)?;
            if definition.indexes[..at].iter().any(|other| other.name == index.name) {
                return Err(duplicate_index(&index.name));
            }
        }
        for (at, name) in constraint_names(&definition).enumerate() {
            if constraint_names(&definition).take(at).any(|other| other == name) {
                return Err(duplicate_constraint(&definition, name));
            }
        }
        let key = definition.primary_key.clone();
        never_null(&mut definition, key.as_ref().map_or(&[], |key| &key.columns))?;
        let id = TableId(self.tables.len() as u32);
        let mut table = Table {
            id,
            sequences: vec![1; definition.columns.len()],
            definition: Arc::new(definition),
            plan: Arc::new(Plan::default()),
            rows: Slab::default(),
            trees: Grown::default(),
        };
        table.admit_defaults()?;
        self.names.insert(table.definition.name.clone(), id);
        self.tables.push(Some(table));
        Ok(id)
    }

    fn drop_table(&mut self, name: &TableName, cascade: bool) -> Result<(), StoreError> {
        let id = self.id(name)?;
        for other in self.tables.iter_mut().flatten().filter(|other| other.id != id) {
            let refers = other.definition.foreign_keys.iter().find(|key| key.references == *name);
            let Some(foreign_key) = refers else { continue };
            if !cascade {
                return Err(StoreError::definition(
                    DefinitionErrorKind::Depended,
                    format!(
                        "foreign key \"{}\" of table \"{}\" depends on table \"{name}\"",
                        foreign_key.name, other.definition.name
                    ),
                ));
            }
            Arc::make_mut(&mut other.definition).foreign_keys.retain(|key| key.references != *name);
        }
        self.names.remove(name);
        self.tables[id.0 as usize] = None;
        Ok(())
    }

    fn rename_table(&mut self, from: &TableName, to: &Str) -> Result<(), StoreError> {
        let id = self.id(from)?;
        let to = TableName { prefix: from.prefix.clone(), name: to.clone() };
        if self.names.contains_key(&to) {
            return Err(StoreError::definition(
                DefinitionErrorKind::DuplicateTable,
                format!("table \"{to}\" already exists"),
            ));
        }
        self.names.remove(from);
        self.names.insert(to.clone(), id);
        for table in self.tables.iter_mut().flatten() {
            let refers = table.definition.foreign_keys.iter().any(|key| key.references == *from);
            if table.id == id || refers {
                let definition = Arc::make_mut(&mut table.definition);
                if table.id == id {
                    definition.name = to.clone();
                }
                for key in definition.foreign_keys.iter_mut().filter(|key| key.references == *from) {
                    key.references = to.clone();
                }
            }
        }
        Ok(())
    }

    fn add_column(&mut self, name: &TableName, column: &Column) -> Result<(), StoreError> {
        let table = self.table_called(name)?;
        if table.definition.position(&column.name).is_some() {
            return Err(duplicate_column(&table.definition, &column.name));
        }
        Arc::make_mut(&mut table.definition).columns.push(column.clone());
        table.sequences.push(1);
        table.admit_defaults()?;
        let position = table.definition.columns.len() - 1;
        let mut next = 1;
        let rows = table.rows.reshaped(|row| {
            let value = match &table.definition.columns[position].default {
                Default::Value(value) => value.clone(),
                Default::Sequence => {
                    next += 1;
                    table.admit(position, Value::Integer(next - 1))?
                }
                // A function is asked later: its answer is a write.
                Default::Null | Default::Function(_) | Default::Folded(..) => Value::Null,
            };
            Ok::<_, StoreError>(row.into_iter().chain([value]).collect())
        })?;
        table.rows = rows;
        table.sequences[position] = next;
        Ok(())
    }

    /// Drops the columns that follow others and are in no index.
    fn drop_unused_folds(&mut self, name: &TableName) -> Result<Option<TableId>, StoreError> {
        let definition = &self.table_called(name)?.definition;
        let is_unused = |column: &&Column| {
            let used = definition.indexes.iter().any(|index| index.columns.contains(&column.name));
            matches!(column.default, Default::Folded(..)) && !used
        };
        let unused = definition.columns.iter().find(is_unused).map(|column| column.name.clone());
        // The others go with it.
        match unused {
            Some(unused) => self.drop_column(name, &unused).map(Some),
            None => Ok(None),
        }
    }

    fn drop_column(&mut self, name: &TableName, column: &Str) -> Result<TableId, StoreError> {
        while let Some(follower) =
            self.table_called(name)?.definition.columns.iter().find(|each| each.follows(column))
        {
            let follower = follower.name.clone();
            self.drop_column(name, &follower)?;
        }
        for other in self.tables.iter().flatten() {
            let refers = |key: &&super::ForeignKey| {
                key.references == *name && key.referenced.contains(column) && other.definition.name != *name
            };
            if let Some(key) = other.definition.foreign_keys.iter().find(refers) {
                return Err(StoreError::definition(
                    DefinitionErrorKind::Depended,
                    format!(
                        "foreign key \"{}\" depends on column \"{column}\" of table \"{name}\"",
                        key.name
                    ),
                ));
            }
        }
        let table = self.table_called(name)?;
        let Some(position) = table.position(column) else { return Err(no_column(&table.definition, column)) };
        let definition = Arc::make_mut(&mut table.definition);
        definition.columns.remove(position);
        table.sequences.remove(position);
        definition.primary_key = definition.primary_key.take().filter(|key| !key.columns.contains(column));
        definition.indexes.retain(|index| {
            let filtered = index.filter.as_ref().is_some_and(|filter| filter.fields().contains(column));
            !index.columns.contains(column) && !filtered
        });
        let own = name.clone();
        definition.foreign_keys.retain(|key| {
            let referred = key.references == own && key.referenced.contains(column);
            !key.columns.contains(column) && !referred
        });
        definition.checks.retain(|check| !check.condition.fields().contains(column));
        table.reshape(|row| {
            let mut row = row.to_vec();
            row.remove(position);
            Ok(row)
        })?;
        let id = table.id;
        // Indexes may have gone that were the last of such.
        self.drop_unused_folds(name)?;
        Ok(id)
    }

    fn modify_column(
        &mut self,
        name: &TableName,
        column: &Str,
        change: &ColumnChange,
    ) -> Result<Option<TableId>, StoreError> {
        let table = self.table_called(name)?;
        let Some(position) = table.position(column) else { return Err(no_column(&table.definition, column)) };
        let definition = Arc::make_mut(&mut table.definition);
        let key = definition.primary_key.as_ref();
        let in_key = key.is_some_and(|key| key.columns.contains(column));
        if let Some((kind, _)) = &change.kind
            && !matches!(kind, Kind::Text(_))
            && let Some(follower) = definition.columns.iter().find(|each| each.follows(column))
        {
            return Err(StoreError::definition(
                DefinitionErrorKind::Invalid,
                format!(
                    "an index has {}, so column \"{column}\" stays text; drop the index first",
                    follower.name
                ),
            ));
        }
        let changed = &mut definition.columns[position];
        if let Some(nullable) = change.nullable {
            if nullable && in_key {
                return Err(StoreError::definition(
                    DefinitionErrorKind::Invalid,
                    format!("column \"{column}\" is in a primary key, so it can't be null"),
                ));
            }
            changed.nullable = nullable;
        }
        if let Some(default) = &change.default {
            changed.default = default.clone();
        }
        let Some((kind, declared)) = &change.kind else {
            table.admit_defaults()?;
            return Ok(None);
        };
        changed.kind = kind.clone();
        changed.declared = declared.clone();
        table.admit_defaults()?;
        let definition = table.definition.clone();
        let misfit = Table { definition, ..table.without_rows() };
        table.reshape(|row| {
            let mut row = row.to_vec();
            row[position] = misfit.admit(position, std::mem::take(&mut row[position]))?;
            Ok(row)
        })?;
        Ok(Some(table.id))
    }

    fn rename_column(&mut self, name: &TableName, from: &Str, to: &Str) -> Result<(), StoreError> {
        let table = self.table_called(name)?;
        let Some(position) = table.position(from) else { return Err(no_column(&table.definition, from)) };
        if table.position(to).is_some() {
            return Err(duplicate_column(&table.definition, to));
        }
        let renamed = |names: &mut Vec<Str>| {
            names.iter_mut().filter(|each| *each == from).for_each(|each| *each = to.clone());
        };
        let definition = Arc::make_mut(&mut table.definition);
        definition.columns[position].name = to.clone();
        let mut followers = Vec::new();
        for column in &mut definition.columns {
            if let Default::Folded(fold, of) = &mut column.default
                && of == from
            {
                *of = to.clone();
                followers
                    .push((std::mem::replace(&mut column.name, fold.column_name(to)), fold.column_name(to)));
            }
        }
        for (old, new) in followers {
            let names = definition.indexes.iter_mut().flat_map(|index| &mut index.columns);
            names.filter(|name| **name == old).for_each(|name| *name = new.clone());
        }
        definition.primary_key.iter_mut().for_each(|key| renamed(&mut key.columns));
        for index in &mut definition.indexes {
            renamed(&mut index.columns);
            index.filter = index.filter.as_ref().map(|filter| with_field_renamed(filter, from, to));
        }
        for check in &mut definition.checks {
            check.condition = with_field_renamed(&check.condition, from, to);
        }
        for key in &mut definition.foreign_keys {
            renamed(&mut key.columns);
            for action in [&mut key.on_delete, &mut key.on_update] {
                if let super::Action::Nilify(Some(only)) | super::Action::Default(Some(only)) = action {
                    renamed(only);
                }
            }
        }
        for other in self.tables.iter_mut().flatten() {
            if other.definition.foreign_keys.iter().any(|key| key.references == *name) {
                let keys = &mut Arc::make_mut(&mut other.definition).foreign_keys;
                keys.iter_mut()
                    .filter(|key| key.references == *name)
                    .for_each(|key| renamed(&mut key.referenced));
            }
        }
        Ok(())
    }

    fn add_primary_key(&mut self, table: &TableName, name: &Str, columns: &[Str]) -> Result<(), StoreError> {
        let definition = self.definition(table)?;
        if definition.primary_key.is_some() {
            return Err(StoreError::definition(
                DefinitionErrorKind::Invalid,
                format!("table \"{table}\" has a primary key already"),
            ));
        }
        free_constraint_name(definition, name)?;
        never_null(definition, columns)?;
        definition.primary_key = Some(PrimaryKey { name: name.clone(), columns: columns.to_vec() });
        Ok(())
    }

    fn rename_index(&mut self, prefix: &Option<Str>, from: &Str, to: &Str) -> Result<(), StoreError> {
        self.free_index_name(prefix, &Index::new(to, [""]))?;
        let definition = self.definition_with_index(prefix, from)?;
        for index in definition.indexes.iter_mut().filter(|index| index.name == *from) {
            index.name = to.clone();
        }
        Ok(())
    }

    fn drop_constraint(&mut self, table: &TableName, name: &Str) -> Result<(), StoreError> {
        let definition = self.definition(table)?;
        let is_primary = definition.primary_key.as_ref().is_some_and(|key| key.name == *name);
        let is_unique = definition.indexes.iter().any(|index| index.unique && index.name == *name);
        if !is_primary && !is_unique && !constraint_names(definition).any(|other| other == name) {
            return Err(StoreError::definition(
                DefinitionErrorKind::UnknownConstraint,
                format!("constraint \"{name}\" of table \"{table}\" does not exist"),
            ));
        }
        definition.foreign_keys.retain(|key| key.name != *name);
        definition.checks.retain(|check| check.name != *name);
        definition.indexes.retain(|index| !(index.unique && index.name == *name));
        if is_primary {
            definition.primary_key = None;
        }
        Ok(())
    }

    fn comment(
        &mut self,
        table: &TableName,
        column: Option<&Str>,
        comment: &Option<Str>,
    ) -> Result<(), StoreError> {
        let definition = self.definition(table)?;
        let Some(column) = column else {
            definition.comment = comment.clone();
            return Ok(());
        };
        match definition.position(column) {
            Some(position) => definition.columns[position].comment = comment.clone(),
            None => return Err(no_column(definition, column)),
        }
        Ok(())
    }

    fn id(&self, name: &TableName) -> Result<TableId, StoreError> {
        self.names.get(name).copied().ok_or_else(|| no_table(name))
    }

    fn table_called(&mut self, name: &TableName) -> Result<&mut Table, StoreError> {
        let id = self.id(name)?;
        self.table_mut(id).ok_or_else(|| no_table(name))
    }

    fn definition(&mut self, name: &TableName) -> Result<&mut Definition, StoreError> {
        self.table_called(name).map(|table| Arc::make_mut(&mut table.definition))
    }

    fn definition_with_index(
        &mut self,
        prefix: &Option<Str>,
        index: &Str,
    ) -> Result<&mut Definition, StoreError> {
        let mut tables = self.tables.iter_mut().flatten();
        let has = |table: &&mut Table| {
            table.definition.name.prefix == *prefix
                && table.definition.indexes.iter().any(|each| each.name == *index)
        };
        match tables.find(has) {
            Some(table) => Ok(Arc::make_mut(&mut table.definition)),
            None => Err(StoreError::definition(
                DefinitionErrorKind::UnknownIndex,
                format!("index \"{index}\" does not exist"),
            )),
        }
    }

    fn free_index_name(&self, prefix: &Option<Str>, index: &Index) -> Result<(), StoreError> {
        let taken = self.tables.iter().flatten().any(|table| {
            table.definition.name.prefix == *prefix
                && table.definition.indexes.iter().any(|each| each.name == index.name)
        });
        if taken { Err(duplicate_index(&index.name)) } else { Ok(()) }
    }
}

impl Table {
    /// Defaults as their columns store them.
    fn admit_defaults(&mut self) -> Result<(), StoreError> {
        for position in 0..self.definition.columns.len() {
            let Default::Value(value) = &self.definition.columns[position].default else { continue };
            let admitted = self.admit(position, value.clone())?;
            Arc::make_mut(&mut self.definition).columns[position].default = Default::Value(admitted);
        }
        Ok(())
    }

    fn reshape(
        &mut self,
        mut change: impl FnMut(&[Value]) -> Result<Vec<Value>, StoreError>,
    ) -> Result<(), StoreError> {
        self.rows = self.rows.reshaped(|row| change(&row).map(Into::into))?;
        Ok(())
    }

    fn without_rows(&self) -> Table {
        Table { rows: Slab::default(), trees: Grown::default(), ..self.clone() }
    }
}

/// What is not unique any more was unique before something else was dropped.
fn depended(ddl: &Ddl, error: StoreError) -> StoreError {
    match (ddl, error) {
        (
            Ddl::DropIndex { .. } | Ddl::DropConstraint { .. } | Ddl::DropColumn { .. },
            StoreError::Definition(mut error),
        ) if error.kind == DefinitionErrorKind::NotUnique => {
            error.kind = DefinitionErrorKind::Depended;
            StoreError::Definition(error)
        }
        (_, error) => error,
    }
}

fn never_null(definition: &mut Definition, columns: &[Str]) -> Result<(), StoreError> {
    if columns.is_empty() {
        return Ok(());
    }
    for position in positions(definition, columns)? {
        definition.columns[position].nullable = false;
    }
    Ok(())
}

fn constraint_names(definition: &Definition) -> impl Iterator<Item = &Str> {
    let foreign = definition.foreign_keys.iter().map(|key| &key.name);
    foreign.chain(definition.checks.iter().map(|check| &check.name))
}

fn free_constraint_name(definition: &Definition, name: &Str) -> Result<(), StoreError> {
    if constraint_names(definition).any(|other| other == name) {
        return Err(duplicate_constraint(definition, name));
    }
    Ok(())
}

fn duplicate_constraint(definition: &Definition, name: &Str) -> StoreError {
    StoreError::definition(
        DefinitionErrorKind::DuplicateConstraint,
        format!("constraint \"{name}\" of table \"{}\" already exists", definition.name),
    )
}

fn duplicate_column(definition: &Definition, name: &Str) -> StoreError {
    StoreError::definition(
        DefinitionErrorKind::DuplicateColumn,
        format!("column \"{name}\" of table \"{}\" already exists", definition.name),
    )
}

fn duplicate_index(name: &Str) -> StoreError {
    StoreError::definition(DefinitionErrorKind::DuplicateIndex, format!("index \"{name}\" already exists"))
}

fn with_field_renamed(expr: &Expr, from: &Str, to: &Str) -> Expr {
    match expr {
        Expr::Field(name) if name == from => Expr::Field(to.clone()),
        Expr::Changed(name) if name == from => Expr::Changed(to.clone()),
        Expr::Call(call) => {
            let operands: Vec<Expr> =
                call.operands().iter().map(|operand| with_field_renamed(operand, from, to)).collect();
            Call::new(call.operator(), operands).map_or_else(|| expr.clone(), Expr::Call)
        }
        _ => expr.clone(),
    }
}

/// Whether a row is one that a condition is true of: what stands for `where` on borrowed rows.
///
/// ```
/// use ectomorph::expr::field;
/// use ectomorph::store::{Column, Kind, holds};
/// let columns = [Column::new("age", Kind::Integer(32))];
/// assert_eq!(holds(&field("age").gt(18), &columns, &[20.into()]), Some(true));
/// ```
pub fn holds(condition: &Expr, columns: &[Column], row: &[Value]) -> Option<bool> {
    condition.holds(&Named { columns, row })
}
