//! Runs the Elixir of a migration on the builder: every call becomes the call of the same name.

use super::migration_elixir::Node;
use ectomorph::adapter::Task;
use ectomorph::migration::{
    Changes, Check, Column, ColumnDefault, ColumnType, Columns, Command, Constraint, Direction, Function,
    Index, IndexColumn, IndexTerm, Match, Mode, OnDelete, OnUpdate, PrimaryKey, PrimaryKeyColumn, Recorder,
    Reference, Size, Statement, Table, Timestamps, array, column, constraint, fragment, index, map,
    references, table,
};
use ectomorph::value::{Map, Str, Value};

/// What a call gives.
#[derive(Clone)]
enum Thing {
    Table(Table),
    Index(Index),
    Constraint(Constraint),
    Flag(bool),
    /// What the text does with a repo happens elsewhere.
    Other,
    Plain(Node),
}

/// Runs the statements of `change`, `up` or `down`.
pub fn interpret(body: &[Node], m: &mut Recorder<'_>) {
    for statement in unfolded(body) {
        run(&statement, m);
    }
}

/// The statements with variables and `for` written out.
fn unfolded(body: &[Node]) -> Vec<Node> {
    let mut known: Vec<(String, Node)> = Vec::new();
    let mut statements = Vec::new();
    for statement in body {
        let statement =
            known.iter().fold(statement.clone(), |statement, (name, value)| statement.with(name, value));
        let Node::Call { on: None, name, arguments, blocks } = &statement else { continue };
        match (name.as_str(), arguments.as_slice()) {
            ("=", [variable, value]) => {
                let variable = variable.variable().expect("a variable is assigned").to_owned();
                // What is assigned may do something: `table = create(..)` does not happen here.
                known.push((variable, value.clone()));
            }
            ("for", [Node::Call { name: arrow, arguments: generator, .. }, rest @ ..]) if arrow == "<-" => {
                let variable = generator[0].variable().expect("for has a variable");
                let Node::List(elements) = &generator[1] else { panic!("for walks over a list") };
                let inline: Vec<Node> = Keywords::last(rest).get("do").cloned().into_iter().collect();
                let inner = blocks.first().map_or(&inline, |(_, body)| body);
                for element in elements {
                    let inner: Vec<Node> = inner.iter().map(|node| node.with(variable, element)).collect();
                    statements.extend(unfolded(&inner));
                }
            }
            _ => statements.push(statement),
        }
    }
    statements
}

fn run(node: &Node, m: &mut Recorder<'_>) {
    let Node::Call { on: None, name, arguments, blocks } = node else { return };
    let block = |word: &str| blocks.iter().find(|(name, _)| name == word).map(|(_, body)| body.as_slice());
    let keywords = Keywords::last(arguments);
    match (name.as_str(), arguments.as_slice()) {
        ("if" | "unless", [condition, ..]) => {
            let holds = truth(condition, m) == (name == "if");
            let branch = if holds { "do" } else { "else" };
            let inline = keywords.get(branch).cloned().into_iter().collect::<Vec<_>>();
            interpret(block(branch).unwrap_or(&inline), m);
        }
        ("create" | "create_if_not_exists", [object, ..]) => {
            let if_not_exists = name == "create_if_not_exists";
            match (thing(object, m), if_not_exists) {
                (Thing::Table(table), false) => {
                    m.create(table, |t| columns(block("do").unwrap_or(&[]), t));
                }
                (Thing::Table(table), true) => {
                    m.create_if_not_exists(table, |t| columns(block("do").unwrap_or(&[]), t));
                }
                (Thing::Index(index), false) => {
                    m.create_index(index);
                }
                (Thing::Index(index), true) => {
                    m.create_index_if_not_exists(index);
                }
                (Thing::Constraint(constraint), _) => {
                    m.create_constraint(constraint);
                }
                _ => panic!("what is created? {node:?}"),
            }
        }
        ("alter", [object, ..]) => match thing(object, m) {
            Thing::Table(table) => {
                m.alter(table, |t| changes(block("do").unwrap_or(&[]), t));
            }
            _ => panic!("what is altered? {node:?}"),
        },
        ("drop" | "drop_if_exists", [object, ..]) => {
            let if_exists = name == "drop_if_exists";
            let mode = match keywords.get("mode") {
                Some(Node::Atom(mode)) if mode == "cascade" => Mode::Cascade,
                _ => Mode::Restrict,
            };
            m.command(match thing(object, m) {
                Thing::Table(table) => Command::DropTable { table, mode, if_exists },
                Thing::Index(index) => Command::DropIndex { index, mode, if_exists },
                Thing::Constraint(constraint) => Command::DropConstraint { constraint, mode, if_exists },
                _ => panic!("what is dropped? {node:?}"),
            });
        }
        ("rename", [object, ..]) => {
            let to = keywords.get("to").expect("rename says to what");
            match (thing(object, m), thing(to, m)) {
                (Thing::Table(table), Thing::Table(to)) => {
                    m.rename(table, to);
                }
                (Thing::Table(table), _) => {
                    m.rename_column(table, text(&arguments[1]), text(to));
                }
                (Thing::Index(index), _) => {
                    m.rename_index(index, text(to));
                }
                _ => panic!("what is renamed? {node:?}"),
            }
        }
        ("execute", [up]) => {
            m.execute(executed(up));
        }
        ("execute", [up, down]) => {
            m.execute_both(executed(up), executed(down));
        }
        ("flush", []) => {
            m.flush();
        }
        // Helpers that only look: `repo().query!(..)` and the like.
        _ => {}
    }
}

fn executed(node: &Node) -> Statement {
    match node {
        Node::Text(sql) => sql.as_str().into(),
        _ => Function::new(|_| Task::ready(Ok(()))).into(),
    }
}

fn truth(node: &Node, m: &Recorder<'_>) -> bool {
    match thing(node, m) {
        Thing::Flag(flag) => flag,
        Thing::Plain(Node::Atom(atom)) => atom != "nil" && atom != "false",
        _ => true,
    }
}

fn thing(node: &Node, m: &Recorder<'_>) -> Thing {
    let Node::Call { on: None, name, arguments, .. } = node else {
        return match node {
            Node::Call { .. } => Thing::Other,
            other => Thing::Plain(other.clone()),
        };
    };
    let keywords = Keywords::last(arguments);
    match (name.as_str(), arguments.as_slice()) {
        ("table", [name, ..]) => Thing::Table(a_table(name, &keywords)),
        ("index" | "unique_index", [table, columns, ..]) => {
            // The columns may be keywords themselves: `index(:users, desc: :name)` is none of ours.
            let keywords = if arguments.len() > 2 { keywords } else { Keywords(&[]) };
            Thing::Index(an_index(name == "unique_index", table, columns, &keywords))
        }
        ("constraint", [table, name, ..]) => Thing::Constraint(a_constraint(table, name, &keywords)),
        ("direction", []) => Thing::Plain(Node::Atom(if m.is_up() { "up" } else { "down" }.into())),
        ("prefix", []) => Thing::Plain(match m.prefix() {
            Some(prefix) => Node::Text(prefix.to_string()),
            None => Node::Atom("nil".into()),
        }),
        ("==" | "!=", [left, right]) => {
            let equal = match (thing(left, m), thing(right, m)) {
                (Thing::Plain(left), Thing::Plain(right)) => left == right,
                _ => false,
            };
            Thing::Flag(equal == (name == "=="))
        }
        ("and" | "&&", [left, right]) => Thing::Flag(truth(left, m) && truth(right, m)),
        ("or" | "||", [left, right]) => Thing::Flag(truth(left, m) || truth(right, m)),
        ("not", [value]) => Thing::Flag(!truth(value, m)),
        ("is_nil", [value]) => {
            Thing::Flag(matches!(thing(value, m), Thing::Plain(Node::Atom(nil)) if nil == "nil"))
        }
        _ => Thing::Other,
    }
}

/// The options at the end of a call.
struct Keywords<'a>(&'a [Node]);

impl<'a> Keywords<'a> {
    fn last(arguments: &'a [Node]) -> Keywords<'a> {
        match arguments.last() {
            Some(Node::List(pairs)) => Keywords(pairs),
            _ => Keywords(&[]),
        }
    }

    fn pairs(&self) -> impl Iterator<Item = (&'a str, &'a Node)> + use<'a> {
        self.0.iter().filter_map(|pair| match pair {
            Node::Tuple(pair) => match pair.as_slice() {
                [Node::Atom(key), value] => Some((key.as_str(), value)),
                _ => None,
            },
            _ => None,
        })
    }

    fn get(&self, key: &str) -> Option<&'a Node> {
        self.pairs().find(|(name, _)| *name == key).map(|(_, value)| value)
    }
}

fn text(node: &Node) -> Str {
    match node {
        Node::Atom(text) | Node::Text(text) => text.into(),
        Node::Integer(number) => number.to_string().into(),
        Node::Call { name, arguments, .. } if name == "<>" => {
            format!("{}{}", text(&arguments[0]), text(&arguments[1])).into()
        }
        other => panic!("{other:?} is no name"),
    }
}

fn flag(node: &Node) -> bool {
    *node == Node::Atom("true".into())
}

fn is_nil(node: &Node) -> bool {
    *node == Node::Atom("nil".into())
}

fn a_table(name: &Node, keywords: &Keywords<'_>) -> Table {
    let mut made = table(text(name));
    for (key, value) in keywords.pairs().filter(|(_, value)| !is_nil(value)) {
        match key {
            "prefix" => made.prefix = Some(text(value)),
            "comment" => made.comment = Some(text(value)),
            "engine" => made.engine = Some(text(value)),
            "options" => made.options = Some(text(value)),
            "modifiers" => made.modifiers = Some(text(value)),
            "primary_key" => {
                made.primary_key = match value {
                    Node::List(pairs) => PrimaryKey::Column(Box::new(a_key(&Keywords(pairs)))),
                    value if flag(value) => PrimaryKey::Default,
                    _ => PrimaryKey::None,
                }
            }
            other => panic!("a table has no option {other}"),
        }
    }
    made
}

fn a_key(keywords: &Keywords<'_>) -> PrimaryKeyColumn {
    PrimaryKeyColumn {
        name: keywords.get("name").map(text),
        column_type: keywords.get("type").map(a_type),
        options: with_options(column("any"), keywords).options,
    }
}

fn an_index(unique: bool, table: &Node, columns: &Node, keywords: &Keywords<'_>) -> Index {
    let columns: Vec<IndexColumn> = match columns {
        Node::List(columns) => columns.iter().map(an_index_column).collect(),
        column => vec![an_index_column(column)],
    };
    let mut made = index(text(table), columns);
    made.unique = unique;
    for (key, value) in keywords.pairs().filter(|(_, value)| !is_nil(value)) {
        match key {
            "name" => made.name = text(value),
            "prefix" => made.prefix = Some(text(value)),
            "unique" => made.unique = flag(value),
            "concurrently" => made.concurrently = flag(value),
            "using" => made.using = Some(text(value)),
            "include" => {
                made.include = match value {
                    Node::List(terms) => terms.iter().map(a_term).collect(),
                    term => vec![a_term(term)],
                }
            }
            "only" => made.only = flag(value),
            "nulls_distinct" => made.nulls_distinct = Some(flag(value)),
            "where" => made.condition = Some(text(value).into()),
            "comment" => made.comment = Some(text(value)),
            "options" => made.options = Some(text(value)),
            other => panic!("an index has no option {other}"),
        }
    }
    made
}

fn an_index_column(node: &Node) -> IndexColumn {
    match node {
        Node::Tuple(pair) => {
            let word = text(&pair[0]);
            let direction = Direction::ALL.iter().find(|(name, _)| word == *name).expect("a direction").1;
            direction.of(a_term(&pair[1]))
        }
        other => a_term(other).into(),
    }
}

fn a_term(node: &Node) -> IndexTerm {
    match node {
        Node::Text(text) => IndexTerm::Expression(text.into()),
        atom => IndexTerm::Column(text(atom)),
    }
}

fn a_constraint(table: &Node, name: &Node, keywords: &Keywords<'_>) -> Constraint {
    let mut made = constraint(text(table), text(name));
    for (key, value) in keywords.pairs().filter(|(_, value)| !is_nil(value)) {
        match key {
            "check" => made.check = Some(text(value).into()),
            "exclude" => made.exclude = Some(text(value)),
            "prefix" => made.prefix = Some(text(value)),
            "comment" => made.comment = Some(text(value)),
            "validate" => made.not_validated = !flag(value),
            other => panic!("a constraint has no option {other}"),
        }
    }
    made
}

fn a_reference(table: &Node, keywords: &Keywords<'_>) -> Reference {
    let mut made = references(text(table));
    for (key, value) in keywords.pairs().filter(|(_, value)| !is_nil(value)) {
        match key {
            "name" => made.name = Some(text(value)),
            "column" => made.column = Some(text(value)),
            "prefix" => made.prefix = Some(text(value)),
            "type" => made.column_type = Some(a_type(value)),
            "validate" => made.not_validated = !flag(value),
            "with" => {
                let Node::List(pairs) = value else { panic!("with has pairs") };
                made.with =
                    Keywords(pairs).pairs().map(|(ours, theirs)| (ours.into(), text(theirs))).collect();
            }
            "match" => {
                made.match_with = Some(match &*text(value) {
                    "full" => Match::Full,
                    "partial" => Match::Partial,
                    _ => Match::Simple,
                })
            }
            "on_delete" => made.on_delete = on_delete(value),
            "on_update" => {
                made.on_update = match &*text(value) {
                    "update_all" => OnUpdate::UpdateAll,
                    "nilify_all" => OnUpdate::NilifyAll,
                    "restrict" => OnUpdate::Restrict,
                    _ => OnUpdate::Nothing,
                }
            }
            other => panic!("references have no option {other}"),
        }
    }
    made
}

fn on_delete(node: &Node) -> OnDelete {
    let Node::Tuple(pair) = node else {
        return match &*text(node) {
            "delete_all" => OnDelete::DeleteAll,
            "nilify_all" => OnDelete::NilifyAll,
            "default_all" => OnDelete::DefaultAll,
            "restrict" => OnDelete::Restrict,
            _ => OnDelete::Nothing,
        };
    };
    let Node::List(columns) = &pair[1] else { panic!("columns are a list") };
    let columns = columns.iter().map(text).collect();
    if text(&pair[0]) == "nilify" { OnDelete::Nilify(columns) } else { OnDelete::Default(columns) }
}

fn a_type(node: &Node) -> ColumnType {
    match node {
        Node::Tuple(pair) if text(&pair[0]) == "array" => array(a_type(&pair[1])),
        Node::Tuple(pair) => map(a_type(&pair[1])),
        Node::Call { name, arguments, .. } if name == "references" => {
            a_reference(&arguments[0], &Keywords::last(arguments)).into()
        }
        // A module is no type of a column: Ecto raises, and a type without a name is refused.
        Node::Atom(name) if name.starts_with("Elixir.") => ColumnType::Named(Str::Static("")),
        name => ColumnType::Named(text(name)),
    }
}

/// The column of `add(name, type, options)`.
fn a_column(arguments: &[Node]) -> (Str, Column) {
    let made = with_options(column(a_type(&arguments[1])), &Keywords::last(&arguments[2..]));
    (text(&arguments[0]), made)
}

fn with_options(mut made: Column, keywords: &Keywords<'_>) -> Column {
    let number = |node: &Node| match node {
        Node::Integer(number) => *number,
        other => panic!("{other:?} is no number"),
    };
    let options = &mut made.options;
    for (key, value) in keywords.pairs() {
        match key {
            "default" => options.default = Some(a_default(value)),
            _ if is_nil(value) => {}
            "primary_key" => options.primary_key = flag(value),
            "null" => options.null = Some(flag(value)),
            "size" => {
                options.size = Some(match value {
                    Node::Atom(_) => Size::Max,
                    size => Size::Of(number(size) as u32),
                })
            }
            "precision" => options.precision = Some(number(value) as u32),
            "scale" => options.scale = Some(number(value) as u32),
            "comment" => options.comment = Some(text(value)),
            "collation" => options.collation = Some(text(value)),
            "after" => options.after = Some(text(value)),
            "generated" => options.generated = Some(text(value)),
            "start_value" => options.start_value = Some(number(value)),
            "increment" => options.increment = Some(number(value)),
            "fields" => options.fields = Some(text(value)),
            "check" => {
                let Node::Map(entries) = value else { panic!("a check is a map") };
                let part = |key: &str| {
                    let entry = entries.iter().find(|(name, _)| *name == Node::Atom(key.into()));
                    text(&entry.expect("a check has a name and an expr").1)
                };
                options.check = Some(Check { name: part("name"), expr: part("expr").into() });
            }
            "from" => {
                let (before, before_options) = match value {
                    Node::Tuple(pair) => match pair.as_slice() {
                        [before, Node::List(pairs)] => (a_type(before), Some(Keywords(pairs))),
                        _ => (a_type(value), None),
                    },
                    _ => (a_type(value), None),
                };
                options.from = Some(Box::new(ectomorph::migration::Before {
                    column_type: before,
                    options: before_options.map(|keywords| with_options(column("any"), &keywords).options),
                }));
            }
            // What else a key of a table says.
            "name" | "type" => {}
            other => panic!("a column has no option {other}"),
        }
    }
    made
}

fn a_default(node: &Node) -> ColumnDefault {
    match node {
        Node::Call { name, arguments, .. } if name == "fragment" => fragment(text(&arguments[0])).into(),
        other => ColumnDefault::Value(a_value(other)),
    }
}

fn a_value(node: &Node) -> Value {
    match node {
        Node::Atom(atom) => match atom.as_str() {
            "nil" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            other => other.into(),
        },
        Node::Text(text) => text.into(),
        Node::Integer(number) => Value::Integer(*number),
        Node::Float(number) => Value::Float(*number),
        Node::List(list) | Node::Tuple(list) => Value::List(list.iter().map(a_value).collect()),
        Node::Map(entries) => {
            entries.iter().map(|(key, value)| (text(key), a_value(value))).collect::<Map>().into()
        }
        other => panic!("{other:?} is no value"),
    }
}

fn some_timestamps(keywords: &Keywords<'_>) -> Timestamps {
    let mut times = Timestamps::new();
    let options = with_options(column("any"), &Keywords(&[])).options;
    let others: Vec<Node> = keywords
        .0
        .iter()
        .filter(|pair| match pair {
            Node::Tuple(pair) => !["inserted_at", "updated_at", "type"].contains(&&*text(&pair[0])),
            _ => true,
        })
        .cloned()
        .collect();
    let others = with_options(column("naive_datetime"), &Keywords(&others));
    if others.options != options {
        times = times.like(others);
    }
    for (key, value) in keywords.pairs() {
        let off = *value == Node::Atom("false".into());
        times = match key {
            "inserted_at" if off => times.without_inserted_at(),
            "updated_at" if off => times.without_updated_at(),
            "inserted_at" => times.inserted_at(text(value)),
            "updated_at" => times.updated_at(text(value)),
            "type" => times.of_type(a_type(value)),
            _ => times,
        };
    }
    times
}

fn columns<'a>(block: &[Node], mut t: Columns<'a>) -> Columns<'a> {
    for statement in &unfolded(block) {
        let Node::Call { name, arguments, .. } = statement else { panic!("{statement:?} in a table") };
        t = match name.as_str() {
            "add" => {
                let (name, column) = a_column(arguments);
                t.add(name, column)
            }
            "timestamps" => t.timestamps_with(some_timestamps(&Keywords::last(arguments))),
            other => panic!("{other} in a table that is created"),
        };
    }
    t
}

fn changes<'a>(block: &[Node], mut t: Changes<'a>) -> Changes<'a> {
    for statement in &unfolded(block) {
        let Node::Call { name, arguments, .. } = statement else { panic!("{statement:?} in a table") };
        t = match (name.as_str(), arguments.as_slice()) {
            ("remove", [name]) => t.remove(text(name)),
            ("remove_if_exists", [name]) => t.remove_if_exists(text(name)),
            ("remove_if_exists", [name, column_type]) => {
                t.remove_if_exists_typed(text(name), a_type(column_type))
            }
            ("timestamps", arguments) => t.timestamps_with(some_timestamps(&Keywords::last(arguments))),
            (call, arguments) => {
                let (name, column) = a_column(arguments);
                match call {
                    "add" => t.add(name, column),
                    "add_if_not_exists" => t.add_if_not_exists(name, column),
                    "modify" => t.modify(name, column),
                    "remove" => t.remove_typed(name, column),
                    other => panic!("{other} in a table that is altered"),
                }
            }
        };
    }
    t
}
