//! Writing commands.

use crate::migration::{
    Change, Check, Column, ColumnDefault, ColumnOptions, ColumnType, Command, Condition, Constraint, Index,
    IndexColumn, IndexTerm, Match, Mode, OnDelete, OnUpdate, Operation, PrimaryKey, Reference, Size,
    Statement, Table,
};
use crate::mistake::Mistake;
use crate::value::{Map, Str, Value};

type Result<T> = std::result::Result<T, Mistake>;

/// Writes operations, so that [`read_operations`](super::read_operations) gives them back.
///
/// # Errors
///
/// A [`Mistake`] about a function, or a default that no document can hold.
pub fn write_operations(operations: &[Operation]) -> Result<Value> {
    let mut list = Vec::with_capacity(operations.len());
    for (at, operation) in operations.iter().enumerate() {
        let written = match operation {
            Operation::Command(command) => write_command(command),
            Operation::Execute { up, down } => write_execute(up, down.as_ref()),
            Operation::Flush => Ok(Map::from([("command", "flush")]).into()),
        };
        list.push(written.map_err(|mistake| mistake.at(&format!("command {}", at + 1)))?);
    }
    Ok(Value::List(list))
}

fn write_execute(up: &Statement, down: Option<&Statement>) -> Result<Value> {
    let mut map = Map::from([("command", "execute")]);
    for (key, statement) in [("up", Some(up)), ("down", down)] {
        match statement {
            Some(Statement::Sql(sql)) => drop(map.insert(key, sql.clone())),
            Some(Statement::Function(_)) => {
                return Err(Mistake::new("a function can't be written in a document; use a statement"));
            }
            None => {}
        }
    }
    Ok(map.into())
}

/// Writes a command as it is handed to an adapter, so that [`read_command`](super::read_command) gives it back.
///
/// # Errors
///
/// A [`Mistake`] about a default that no document can hold: a map with the sole key `fragment`.
pub fn write_command(command: &Command) -> Result<Value> {
    let mut map = Map::new();
    let mut put = |name: &'static str, key: &'static str, part: Value| {
        map.insert("command", name);
        map.insert(key, part);
    };
    match command {
        Command::CreateTable { table, columns, if_not_exists } => {
            put(if *if_not_exists { "create_if_not_exists" } else { "create" }, "table", write_table(table)?);
            let columns = columns.iter().map(|column| write_column("add", column));
            map.insert("columns", Value::List(columns.collect::<Result<_>>()?));
        }
        Command::AlterTable { table, changes } => {
            put("alter", "table", write_table(table)?);
            map.insert("columns", Value::List(changes.iter().map(write_change).collect::<Result<_>>()?));
        }
        Command::DropTable { table, mode, if_exists } => {
            put(drop_name(*if_exists), "table", write_table(table)?);
            map.insert("mode", mode_word(*mode));
        }
        Command::RenameTable { table, to } => {
            put("rename", "table", write_table(table)?);
            map.insert("to", write_table(to)?);
        }
        Command::RenameColumn { table, column, to } => {
            put("rename_column", "table", write_table(table)?);
            map.insert("column", column.clone());
            map.insert("to", to.clone());
        }
        Command::CreateIndex { index, if_not_exists } => {
            put(if *if_not_exists { "create_if_not_exists" } else { "create" }, "index", write_index(index));
        }
        Command::DropIndex { index, mode, if_exists } => {
            put(drop_name(*if_exists), "index", write_index(index));
            map.insert("mode", mode_word(*mode));
        }
        Command::RenameIndex { index, to } => {
            put("rename_index", "index", write_index(index));
            map.insert("to", to.clone());
        }
        Command::CreateConstraint { constraint } => put("create", "constraint", write_constraint(constraint)),
        Command::DropConstraint { constraint, mode, if_exists } => {
            put(drop_name(*if_exists), "constraint", write_constraint(constraint));
            map.insert("mode", mode_word(*mode));
        }
        Command::Execute { sql } => put("execute", "sql", sql.clone().into()),
    }
    Ok(map.into())
}

fn drop_name(if_exists: bool) -> &'static str {
    if if_exists { "drop_if_exists" } else { "drop" }
}

fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Restrict => "restrict",
        Mode::Cascade => "cascade",
    }
}

/// Collects the keys that say something.
struct Said(Map);

impl Said {
    fn text(&mut self, key: &'static str, text: &Option<Str>) {
        if let Some(text) = text {
            self.0.insert(key, text.clone());
        }
    }

    fn value(&mut self, key: &'static str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.0.insert(key, value);
        }
    }

    fn flag(&mut self, key: &'static str, flag: bool) {
        self.value(key, flag.then_some(true));
    }
}

fn write_table(table: &Table) -> Result<Value> {
    let mut said = Said(Map::from([("name", table.name.clone())]));
    said.text("prefix", &table.prefix);
    said.text("comment", &table.comment);
    match &table.primary_key {
        PrimaryKey::Default => said.flag("primary_key", true),
        PrimaryKey::None => {}
        PrimaryKey::Column(key) => {
            let mut map = write_options(&key.options)?;
            if let Some(name) = &key.name {
                map.insert("name", name.clone());
            }
            if let Some(column_type) = &key.column_type {
                map.insert("type", write_type(column_type));
            }
            said.value("primary_key", Some(map));
        }
    }
    said.text("engine", &table.engine);
    said.text("options", &table.options);
    said.text("modifiers", &table.modifiers);
    Ok(said.0.into())
}

fn write_index(index: &Index) -> Value {
    let mut said = Said(Map::from([("table", index.table.clone()), ("name", index.name.clone())]));
    said.value("columns", Some(Value::List(index.columns.iter().map(write_index_column).collect())));
    said.text("prefix", &index.prefix);
    said.flag("unique", index.unique);
    said.flag("concurrently", index.concurrently);
    said.text("using", &index.using);
    if !index.include.is_empty() {
        said.value("include", Some(Value::List(index.include.iter().map(write_term).collect())));
    }
    said.flag("only", index.only);
    said.value("nulls_distinct", index.nulls_distinct);
    said.value("where", index.condition.as_ref().map(write_condition));
    said.text("comment", &index.comment);
    said.text("options", &index.options);
    said.0.into()
}

fn write_index_column(column: &IndexColumn) -> Value {
    let term = write_term(&column.term);
    match column.direction {
        Some(direction) => Map::from([(direction.word(), term)]).into(),
        None => term,
    }
}

/// A name, or text that is none, stands for itself.
fn write_term(term: &IndexTerm) -> Value {
    match term {
        term if IndexTerm::from(&**term.text()) == *term => term.text().into(),
        IndexTerm::Column(name) => Map::from([("column", name.clone())]).into(),
        IndexTerm::Expression(text) => Map::from([("expression", text.clone())]).into(),
    }
}

fn write_constraint(constraint: &Constraint) -> Value {
    let mut said = Said(Map::from([("table", constraint.table.clone()), ("name", constraint.name.clone())]));
    said.text("prefix", &constraint.prefix);
    said.value("check", constraint.check.as_ref().map(write_condition));
    said.text("exclude", &constraint.exclude);
    said.text("comment", &constraint.comment);
    said.value("validate", Some(!constraint.not_validated));
    said.0.into()
}

fn write_condition(condition: &Condition) -> Value {
    match condition {
        Condition::Sql(sql) => sql.into(),
        Condition::Expr(expr) => expr.to_document(),
    }
}

fn write_change(change: &Change) -> Result<Value> {
    Ok(match change {
        Change::Add { column, if_not_exists: false } => return write_column("add", column),
        Change::Add { column, if_not_exists: true } => return write_column("add_if_not_exists", column),
        Change::Modify(column) => return write_column("modify", column),
        Change::Remove { name, column_type, options } => {
            let mut map = Map::from([("op", Str::Static("remove")), ("name", name.clone())]);
            if let Some(column_type) = column_type {
                map.insert("type", write_type(column_type));
                map.insert("opts", write_options(options)?);
            }
            map.into()
        }
        Change::RemoveIfExists { name, column_type } => {
            let mut map = Map::from([("op", Str::Static("remove_if_exists")), ("name", name.clone())]);
            if let Some(column_type) = column_type {
                map.insert("type", write_type(column_type));
            }
            map.into()
        }
    })
}

fn write_column(op: &'static str, column: &Column) -> Result<Value> {
    let mut map = Map::from([("op", Str::Static(op)), ("name", column.name.clone())]);
    map.insert("type", write_type(&column.column_type));
    map.insert("opts", write_options(&column.options).map_err(|mistake| mistake.at(&column.name))?);
    Ok(map.into())
}

fn write_type(column_type: &ColumnType) -> Value {
    match column_type {
        ColumnType::Named(name) => name.into(),
        ColumnType::Array(of) => Map::from([("array", write_type(of))]).into(),
        ColumnType::Map(of) => Map::from([("map", write_type(of))]).into(),
        ColumnType::References(reference) => Map::from([("references", write_reference(reference))]).into(),
    }
}

fn write_options(options: &ColumnOptions) -> Result<Map> {
    let mut said = Said(Map::new());
    said.flag("primary_key", options.primary_key);
    match &options.default {
        None => {}
        Some(ColumnDefault::Fragment(sql)) => {
            said.value("default", Some(Map::from([("fragment", sql.clone())])));
        }
        Some(ColumnDefault::Value(Value::Map(map)))
            if map.len() == 1 && matches!(map.get("fragment"), Some(Value::String(_))) =>
        {
            return Err(Mistake::new(
                "a default map with the sole key `fragment` would be read as a fragment",
            ));
        }
        Some(ColumnDefault::Value(value)) => said.value("default", Some(value.clone())),
    }
    said.value("null", options.null);
    match options.size {
        None => {}
        Some(Size::Of(size)) => said.value("size", Some(size)),
        Some(Size::Max) => said.value("size", Some("max")),
    }
    said.value("precision", options.precision);
    said.value("scale", options.scale);
    said.text("comment", &options.comment);
    said.text("collation", &options.collation);
    said.text("after", &options.after);
    said.text("generated", &options.generated);
    said.value("start_value", options.start_value);
    said.value("increment", options.increment);
    said.text("fields", &options.fields);
    if let Some(Check { name, expr }) = &options.check {
        said.value("check", Some(Map::from([("name", Value::from(name)), ("expr", write_condition(expr))])));
    }
    if let Some(before) = &options.from {
        let mut map = Map::from([("type", write_type(&before.column_type))]);
        if let Some(options) = &before.options {
            map.insert("opts", write_options(options)?);
        }
        said.value("from", Some(map));
    }
    Ok(said.0)
}

fn write_reference(reference: &Reference) -> Value {
    let mut said = Said(Map::from([("table", reference.table.clone())]));
    said.value("column", Some(reference.key()));
    said.text("name", &reference.name);
    said.text("prefix", &reference.prefix);
    said.value("type", Some(write_type(&reference.key_type())));
    let columns = |columns: &[Str]| Value::List(columns.iter().map(Value::from).collect());
    let on_delete: Value = match &reference.on_delete {
        OnDelete::Nothing => "nothing".into(),
        OnDelete::DeleteAll => "delete_all".into(),
        OnDelete::NilifyAll => "nilify_all".into(),
        OnDelete::Nilify(some) => Map::from([("nilify", columns(some))]).into(),
        OnDelete::DefaultAll => "default_all".into(),
        OnDelete::Default(some) => Map::from([("default", columns(some))]).into(),
        OnDelete::Restrict => "restrict".into(),
    };
    said.value("on_delete", Some(on_delete));
    said.value(
        "on_update",
        Some(match reference.on_update {
            OnUpdate::Nothing => "nothing",
            OnUpdate::UpdateAll => "update_all",
            OnUpdate::NilifyAll => "nilify_all",
            OnUpdate::Restrict => "restrict",
        }),
    );
    said.value("validate", Some(!reference.not_validated));
    if !reference.with.is_empty() {
        let with: Map = reference.with.iter().map(|(ours, theirs)| (ours.clone(), theirs.clone())).collect();
        said.value("with", Some(with));
    }
    said.value(
        "match",
        reference.match_with.map(|kind| match kind {
            Match::Simple => "simple",
            Match::Partial => "partial",
            Match::Full => "full",
        }),
    );
    said.0.into()
}
