//! Names and values that try to be more than names and values, in every place of every dialect.

use ectomorph::adapters::sql::ddl::{DIALECTS, Ddl};
use ectomorph::migration::{
    Change, Column, Command, Direction, Index, Mode, OnDelete, Reference, column, constraint, index,
    references, table,
};

/// Where a name breaks out, `HOSTILE` stands outside of quotes.
const NAMES: [&str; 12] = [
    "a\" HOSTILE \"",
    "a` HOSTILE `",
    "a] HOSTILE [",
    "a' HOSTILE '",
    "a'' HOSTILE ''",
    "a\\' HOSTILE \\'",
    "a\\\\' HOSTILE ",
    "a\\\" HOSTILE ",
    "a\0\" HOSTILE",
    "a'); HOSTILE --",
    "a\n HOSTILE",
    "HOSTILE\"\"",
];

/// Commands with a name in every place where one can be.
fn commands(name: &str) -> Vec<Command> {
    let hostile_column = || {
        let mut made: Column =
            column("string").default(name).comment(name).collation(name).after(name).named(name);
        made.options.primary_key = true;
        made
    };
    let reference = || -> Reference {
        let key = references(name).name(name).column(name).prefix(name).with(name, name);
        key.on_delete(OnDelete::Nilify(vec![name.into()]))
    };
    let hostile_index =
        || -> Index { index(name, ["a"]).named(name).prefix(name).comment(name).include(["b"]) };
    let hostile_constraint = || constraint(name, name).prefix(name).comment(name).check("true");
    let named = |columns: Vec<Column>| {
        let table = table(name).prefix(name).comment(name).engine(name);
        [false, true].map(|if_not_exists| Command::CreateTable {
            table: table.clone(),
            columns: columns.clone(),
            if_not_exists,
        })
    };
    let alter =
        |change: Change| Command::AlterTable { table: table(name).prefix(name), changes: vec![change] };
    let plain = |change: Change| Command::AlterTable { table: table("t"), changes: vec![change] };
    let mut commands = Vec::new();
    commands.extend(named(vec![hostile_column(), column(reference()).named(name)]));
    commands.extend(named(vec![]));
    for of in [hostile_column(), column(reference()).named(name), column("string").default(name).named("a")] {
        for change in [
            Change::Add { column: of.clone(), if_not_exists: false },
            Change::Add { column: of.clone(), if_not_exists: true },
            Change::Modify(of.clone()),
            Change::Modify(of.clone().from(reference())),
            Change::Remove {
                name: of.name.clone(),
                column_type: Some(of.column_type.clone()),
                options: Default::default(),
            },
            Change::RemoveIfExists { name: of.name.clone(), column_type: Some(of.column_type) },
        ] {
            commands.push(alter(change.clone()));
            commands.push(plain(change));
        }
    }
    for if_exists in [false, true] {
        for mode in [Mode::Restrict, Mode::Cascade] {
            commands.push(Command::DropTable { table: table(name).prefix(name), mode, if_exists });
            commands.push(Command::DropTable { table: table(name), mode, if_exists });
            commands.push(Command::DropIndex { index: hostile_index(), mode, if_exists });
            commands.push(Command::DropIndex { index: index(name, ["a"]).named(name), mode, if_exists });
            commands.push(Command::DropConstraint { constraint: hostile_constraint(), mode, if_exists });
        }
    }
    let columns = [Direction::Desc.of("a"), ectomorph::migration::IndexTerm::Column(name.into()).into()];
    for index in
        [hostile_index(), index("t", ["a"]).named(name), index(name, ["a"]).named("i"), index("t", columns)]
    {
        commands.push(Command::CreateIndex { index: index.clone(), if_not_exists: false });
        commands.push(Command::CreateIndex { index: index.clone(), if_not_exists: true });
        commands.push(Command::RenameIndex { index, to: name.into() });
    }
    commands.push(Command::RenameTable { table: table(name).prefix(name), to: table(name).prefix(name) });
    commands.push(Command::RenameTable { table: table("a"), to: table(name) });
    commands.push(Command::RenameColumn { table: table("a"), column: name.into(), to: name.into() });
    commands.push(Command::CreateConstraint { constraint: hostile_constraint() });
    commands.push(Command::CreateConstraint { constraint: constraint("t", "c").check("true").comment(name) });
    let checked = column("integer").check(name, "true").named("a");
    commands.push(plain(Change::Add { column: checked, if_not_exists: false }));
    commands
}

/// What of a statement stands outside of quotes, as the database reads it.
fn outside(dialect: &dyn Ddl, statement: &str) -> String {
    let escapes = dialect.name() == "mysql";
    let mut outside = String::new();
    let mut chars = statement.chars().peekable();
    while let Some(char) = chars.next() {
        let close = match char {
            '\'' | '"' => char,
            '`' if dialect.name() == "mysql" => '`',
            '[' if dialect.name() == "mssql" => ']',
            char => {
                outside.push(char);
                continue;
            }
        };
        loop {
            match chars.next() {
                Some('\\') if escapes && close != '`' => drop(chars.next()),
                Some(char) if char == close && chars.peek() == Some(&close) => drop(chars.next()),
                Some(char) if char == close => break,
                Some(_) => {}
                None => return outside + " UNCLOSED HOSTILE",
            }
        }
    }
    outside
}

#[test]
fn a_hostile_name_is_quoted_or_refused_in_every_place_of_every_dialect() {
    let (mut written, mut refused) = (0, 0);
    for name in NAMES {
        for command in commands(name) {
            for dialect in DIALECTS {
                let Ok(statements) = dialect.statements(&command) else {
                    refused += 1;
                    continue;
                };
                written += 1;
                for statement in statements {
                    let outside = outside(dialect, &statement);
                    assert!(!outside.contains("HOSTILE"), "{}: {command:?}\n{statement}", dialect.name());
                    assert!(!outside.contains(['\0', '\\']), "{}: {statement}", dialect.name());
                }
            }
        }
    }
    // Both happen, or nothing is tested.
    assert!(written > 500 && refused > 500, "{written} written, {refused} refused");
}
