//! Reads the statements of PostgreSQL that set a vector up, as commands.

use ectomorph::migration::{Column, Command, column, constraint, index, references, table, unique_index};

/// The commands that do what a statement does; none where there is nothing to do for the store.
pub fn set_up(sql: &str) -> Vec<Command> {
    let words: Vec<&str> = sql.split_whitespace().collect();
    match words.as_slice() {
        ["CREATE", "TABLE", name, ..] => create_table(name.split('(').next().unwrap_or(name), inside(sql)),
        ["CREATE", "INDEX", name, "ON", table, ..] => {
            let columns: Vec<&str> = inside(sql).split(',').map(str::trim).collect();
            vec![Command::CreateIndex { index: index(*table, columns).named(*name), if_not_exists: false }]
        }
        ["CREATE", "UNIQUE", "INDEX", name, "ON", table, ..] => {
            let columns: Vec<&str> = inside(sql).split(',').map(str::trim).collect();
            vec![Command::CreateIndex {
                index: unique_index(*table, columns).named(*name),
                if_not_exists: false,
            }]
        }
        ["ALTER", "TABLE", table, "ADD", "CONSTRAINT", name, "CHECK", ..] => {
            let constraint = constraint(*table, *name).check(inside(sql));
            vec![Command::CreateConstraint { constraint }]
        }
        [
            "ALTER",
            "TABLE",
            of,
            "ADD",
            "CONSTRAINT",
            name,
            "FOREIGN",
            "KEY",
            own,
            "REFERENCES",
            target,
            ..,
        ] => {
            let (other, key) = target.split_once('(').expect("a table and its column");
            let own = own.trim_matches(['(', ')']);
            let key = references(other).name(*name).column(key.trim_end_matches(')'));
            let modify = ectomorph::migration::Change::Modify(column(key).named(own));
            vec![Command::AlterTable { table: table(*of), changes: vec![modify] }]
        }
        // Prefixes are there when something is in them; rows do not matter to a catalogue.
        ["CREATE" | "DROP", "SCHEMA", ..] | ["INSERT", ..] => Vec::new(),
        _ => panic!("{sql} is no set-up that is known"),
    }
}

/// What stands between the first and the last parenthesis.
fn inside(sql: &str) -> &str {
    let start = sql.find('(').map_or(sql.len(), |at| at + 1);
    let end = sql.rfind(')').unwrap_or(sql.len());
    sql.get(start..end).unwrap_or_default()
}

fn create_table(name: &str, parts: &str) -> Vec<Command> {
    let (prefix, name) = match name.split_once('.') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, name),
    };
    let (mut columns, mut indexes) = (Vec::new(), Vec::new());
    for part in split(parts) {
        if let Some(unique) = part.strip_prefix("UNIQUE") {
            let of: Vec<&str> = inside(unique).split(',').map(str::trim).collect();
            let key = format!("{name}_{}_key", of.join("_"));
            indexes.push(unique_index(name, of).named(key));
            continue;
        }
        let (column_name, rest) = part.split_once(' ').expect("a name and a type");
        let words = ["PRIMARY KEY", "UNIQUE", "NOT NULL", "REFERENCES", "DEFAULT"];
        let end = words.iter().filter_map(|word| rest.find(word)).min().unwrap_or(rest.len());
        let (column_type, options) = rest.split_at(end);
        let mut made: Column = column(column_type.trim()).named(column_name);
        if options.contains("REFERENCES") || options.contains("DEFAULT") {
            panic!("{part} says more than is read");
        }
        made.options.primary_key = options.contains("PRIMARY KEY");
        made.options.null = options.contains("NOT NULL").then_some(false);
        if options.contains("UNIQUE") {
            indexes.push(unique_index(name, [column_name]).named(format!("{name}_{column_name}_key")));
        }
        columns.push(made);
    }
    let mut created = table(name);
    created.prefix = prefix.map(Into::into);
    let create = Command::CreateTable { table: created, columns, if_not_exists: false };
    let indexes = indexes.into_iter().map(|index| Command::CreateIndex { index, if_not_exists: false });
    std::iter::once(create).chain(indexes).collect()
}

/// The parts between commas that are not within parentheses.
fn split(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, char) in text.char_indices() {
        match char {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}
