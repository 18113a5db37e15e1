//! Every place of a statement into which a text from outside may come.

use ectomorph::adapter::{
    AdapterError, Cell, ConflictAction, ConflictTarget, Delete, Insert, InsertAll, OnConflict, Rows,
    SchemaMeta, Statement, Update,
};
use ectomorph::adapters::sql::ddl::Ddl;
use ectomorph::adapters::sql::query::{Dialect, text};
use ectomorph::migration::{
    Command, Constraint, Defaults, IndexTerm, Migration, Step, column, constraint, index, references, table,
    unique_index,
};
use ectomorph::query::plan::Operation;
use ectomorph::query::{
    Direction, Expr, Key, Query, Schemas, constant, count_all, datetime_add, field, fragment, from,
    identifier, json, list, map, pin, pin_list, plan, splice, subquery, type_,
};
use ectomorph::types::Type;
use ectomorph::value::{Str, Value};

/// Queries with a text in each place that takes one.
pub fn queries(text: &str) -> Vec<(&'static str, Operation, Query)> {
    let notes = || from("notes").select(field("id"));
    let body = || field("body");
    let all = |place, query| (place, Operation::All, query);
    vec![
        all("table", from(text).select(field("id"))),
        all("query prefix", notes().put_query_prefix(text)),
        all("source prefix", from("notes").from_prefix(text).select(field("id"))),
        all("name of a binding", from("notes").as_(text).select(field("id"))),
        all("selected column", from("notes").select(field(text))),
        all(
            "alias",
            from("notes")
                .select(map([("k", body().select_as(text))]))
                .order_by(Direction::Asc, ectomorph::query::selected_as(text)),
        ),
        all("key of a map", from("notes").select(map([(text, body())]))),
        all("column of order_by", notes().order_by(Direction::Desc, field(text))),
        all("column of group_by", from("notes").group_by(field(text)).select(count_all())),
        all("column of a condition", notes().where_(field(text).eq(pin("x")))),
        all("name of a CTE", from(text).with_cte(text, notes()).select(field("id"))),
        all(
            "column of a subquery",
            from(subquery(from("notes").select(map([(text, body())])))).select(field(text)),
        ),
        all(
            "name of a window",
            from("notes").select(count_all().over(text)).window(text, ectomorph::query::Window::default()),
        ),
        all("pinned value", notes().where_(body().eq(pin(text)))),
        all("literal", notes().where_(body().eq(text))),
        all("selected literal", from("notes").select(fragment("coalesce(?, ?)", [body(), constant(text)]))),
        all("pinned list", notes().where_(body().in_(pin_list([text, "x"])))),
        all("literal list", notes().where_(body().in_(list([text, "x"])))),
        all("like", notes().where_(body().like(text))),
        all("pinned like", notes().where_(body().like(pin(text)))),
        all("ilike", notes().where_(body().ilike(pin(text)))),
        all("type", notes().where_(body().eq(type_(pin(text), Type::String)))),
        all("value of a fragment", notes().where_(fragment("? = ?", [body(), pin(text)]))),
        all("literal of a fragment", notes().where_(fragment("? = ?", [body(), text.into_expr()]))),
        all("constant of a fragment", notes().where_(fragment("? = ?", [body(), constant(text)]))),
        all("identifier of a fragment", notes().where_(fragment("? = ?", [body(), identifier(text)]))),
        all(
            "splice of a fragment",
            notes().where_(fragment("? in (?)", [body(), splice(pin_list([text, "x"]))])),
        ),
        all(
            "key of a JSON path",
            from("notes").select(json(field("data"), [Key::Name(text.into()), Key::Index(0)])),
        ),
        all("unit of time", from("notes").select(datetime_add(field("at"), 1, text))),
        all(
            "value of values",
            from(ectomorph::query::values([("v", Type::String)], [[Value::from(text)]])).select(field("v")),
        ),
        all(
            "column of values",
            from(ectomorph::query::values([(text, Type::String)], [[Value::from("x")]])).select(field(text)),
        ),
        ("updated column", Operation::UpdateAll, from("notes").where_(field("id").eq(0)).set(text, "x")),
        ("new value", Operation::UpdateAll, from("notes").where_(field("id").eq(0)).set("body", text)),
        (
            "condition of a deletion",
            Operation::DeleteAll,
            from("notes").where_(field("id").eq(0)).where_(body().eq(text)),
        ),
        ("table of a deletion", Operation::DeleteAll, from(text).where_(field("id").eq(0))),
    ]
}

trait IntoExpr {
    fn into_expr(self) -> Expr;
}

impl IntoExpr for &str {
    fn into_expr(self) -> Expr {
        Expr::Literal(Value::from(self))
    }
}

type Written = Result<Vec<String>, AdapterError>;

/// The texts of all queries and writes of rows in a dialect.
pub fn texts(dialect: &(dyn Dialect + Sync), given: &str) -> Vec<(&'static str, Written)> {
    let schemas = Schemas::new();
    let written = |statement: Statement<'_>| text(dialect, &statement).map(|written| vec![written.sql]);
    let mut texts: Vec<(&'static str, Written)> = Vec::new();
    for (place, operation, query) in queries(given) {
        let planned = match plan(&query, operation, &schemas) {
            Ok(planned) => planned,
            Err(error) => {
                texts.push((place, Err(AdapterError::query(error.to_string()))));
                continue;
            }
        };
        let run = ectomorph::adapter::Query::new(&planned.plan, planned.params);
        texts.push((place, written(Statement::Query(run))));
    }
    texts.extend(rows(given).into_iter().map(|(place, statement)| (place, written(statement))));
    texts
}

/// Writes of rows with a text in each place that takes one. What they refer to lives as long as the test.
pub fn rows(given: &str) -> Vec<(&'static str, Statement<'static>)> {
    fn kept<T>(value: T) -> &'static T {
        Box::leak(Box::new(value))
    }
    let name = Str::from(given);
    let meta = |source: &str, prefix: Option<&str>| {
        kept(SchemaMeta { source: source.into(), prefix: prefix.map(Into::into), schema: None })
    };
    let (notes, hostile, prefixed) = (meta("notes", None), meta(given, None), meta("notes", Some(given)));
    let raise = kept(OnConflict::default());
    let names: &[Str] = kept([name.clone()]);
    let body = || vec![(Str::from("body"), Value::from("x"))];
    let insert = |meta, fields, on_conflict, returning| {
        Statement::Insert(Insert { meta, fields, on_conflict, returning })
    };
    let on = |action, target| insert(notes, body(), kept(OnConflict { action, target }), &[]);
    let filters = vec![(name.clone(), Value::from(given))];
    let cells = Rows::Cells(vec![vec![Cell::Value(given.into())], vec![Cell::Placeholder(0)]]);
    let many = InsertAll {
        meta: notes,
        header: names,
        rows: cells,
        placeholders: vec![given.into()],
        on_conflict: raise,
        returning: &[],
    };
    let literal = from("notes").select(fragment("coalesce(?, ?)", [field("body"), constant(given)]));
    let planned = plan(&literal, Operation::All, &Schemas::new()).expect("a literal is planned");
    let computed = InsertAll {
        meta: notes,
        header: kept([Str::from("body")]),
        rows: Rows::Cells(vec![
            vec![Cell::Query(planned.plan, planned.params)],
            vec![Cell::Value("x".into())],
        ]),
        placeholders: Vec::new(),
        on_conflict: raise,
        returning: &[],
    };
    let update = Update { meta: notes, fields: filters.clone(), filters: filters.clone(), returning: &[] };
    vec![
        ("table of an insert", insert(hostile, body(), raise, &[])),
        ("prefix of an insert", insert(prefixed, body(), raise, &[])),
        ("column of an insert", insert(notes, vec![(name.clone(), Value::Null)], raise, &[])),
        ("value of an insert", insert(notes, vec![("body".into(), given.into())], raise, &[])),
        ("returned column", insert(notes, body(), raise, names)),
        ("columns of a conflict", on(ConflictAction::Nothing, ConflictTarget::Columns(vec![name.clone()]))),
        ("constraint of a conflict", on(ConflictAction::Nothing, ConflictTarget::Constraint(name.clone()))),
        ("replaced column", on(ConflictAction::Replace(vec![name.clone()]), ConflictTarget::Any)),
        ("many rows", Statement::InsertAll(many)),
        ("literal of a query among many rows", Statement::InsertAll(computed)),
        ("columns of an update", Statement::Update(update)),
        ("columns of a deletion", Statement::Delete(Delete { meta: hostile, filters, returning: names })),
    ]
}

/// Migrations with a text in each place that takes one.
pub fn commands(text: &str) -> Vec<(&'static str, Vec<Command>)> {
    let owned = text.to_owned();
    let migration = |place: &'static str, body: fn(&mut ectomorph::migration::Recorder<'_>, &str)| {
        let text = owned.clone();
        let migration = Migration::new(1, "hostile").up(move |m| body(m, &text));
        let steps = migration.run(true, &Defaults::default()).map(|run| run.steps).unwrap_or_default();
        let command = |step| match step {
            Step::Command(command) => Some(command),
            Step::Call(_) => None,
        };
        (place, steps.into_iter().filter_map(command).collect())
    };
    fn term(text: &str) -> IndexTerm {
        IndexTerm::Column(text.into())
    }
    fn check(constraint: Constraint) -> Constraint {
        constraint.check("true")
    }
    vec![
        migration("table", |m, text| _ = m.create(text, |t| t.add("a", "string")).drop(text)),
        migration("prefix", |m, text| _ = m.create(table("t").prefix(text), |t| t.add("a", "string"))),
        migration("column", |m, text| _ = m.create("t1", |t| t.add(text, "string")).drop("t1")),
        migration("default", |m, text| {
            m.create("t2", |t| t.add("a", column("string").default(text))).drop("t2");
        }),
        migration("comments", |m, text| {
            m.create(table("t3").comment(text), |t| t.add("a", column("string").comment(text))).drop("t3");
        }),
        migration("reference", |m, text| {
            m.create("t4", |t| t.add("a", column(references("notes").name(text)))).drop("t4");
        }),
        migration("referenced table", |m, text| {
            m.create("t5", |t| t.add("a", column(references(text).column(text)))).drop("t5");
        }),
        migration("added column", |m, text| _ = m.alter("notes", |t| t.add(text, "string"))),
        migration("index", |m, text| {
            m.create_index(index("notes", ["body"]).named(text))
                .drop_index(index("notes", ["body"]).named(text));
        }),
        migration("indexed column", |m, text| _ = m.create_index(unique_index("notes", [term(text)]))),
        migration("indexed table", |m, text| _ = m.create_index(unique_index(text, ["a"]))),
        migration("constraint", |m, text| {
            m.create_constraint(check(constraint("notes", text))).drop_constraint(constraint("notes", text));
        }),
        migration("new name", |m, text| {
            m.create("t6", |t| t.add("a", "string"))
                .rename("t6", text)
                .rename_column(text, "a", text)
                .drop(text);
        }),
        migration("new name of an index", |m, text| {
            m.create_index(index("notes", ["at"]).named("old"))
                .rename_index(index("notes", ["at"]).named("old"), text);
            m.drop_index(index("notes", ["at"]).named(text));
        }),
        migration("dropped", |m, text| _ = m.drop_if_exists(text)),
    ]
}

/// The texts of all of [`commands`] in a dialect.
pub fn command_texts(dialect: &(dyn Ddl + Sync), text: &str) -> Vec<(&'static str, Written)> {
    let mut texts = Vec::new();
    for (place, commands) in commands(text) {
        let each = commands.iter().map(|command| dialect.statements(command));
        texts.extend(each.map(|written| (place, written)));
    }
    texts
}
