//! [`Recorder`]: what `change`, `up` and `down` write their commands into.

use super::columns::{Changes, Columns};
use super::{Command, Constraint, Defaults, Index, Mode, Operation, Statement, Table};
use crate::mistake::Mistake;
use crate::value::Str;

/// Records the commands of a migration; `m` in the examples.
///
/// Nothing runs while they are recorded. Functions are those of Ecto.Migration; what they take is made by
/// [`table`](super::table), [`column`](super::column), [`references`](super::references), [`index`](super::index),
/// [`unique_index`](super::unique_index), [`constraint`](super::constraint) and [`fragment`](super::fragment).
pub struct Recorder<'a> {
    up: bool,
    defaults: &'a Defaults,
    operations: Vec<Operation>,
    mistake: Option<Mistake>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(up: bool, defaults: &'a Defaults) -> Self {
        Recorder { up, defaults, operations: Vec::new(), mistake: None }
    }

    pub(super) fn finish(self) -> Result<Vec<Operation>, Mistake> {
        match self.mistake {
            Some(mistake) => Err(mistake),
            None => Ok(self.operations),
        }
    }

    /// Whether the migration is run, as opposed to rolled back.
    pub fn is_up(&self) -> bool {
        self.up
    }

    /// The prefix migrations run in.
    pub fn prefix(&self) -> Option<&Str> {
        self.defaults.prefix.as_ref()
    }

    /// Creates a table: its key, and the columns that `columns` adds.
    pub fn create(
        &mut self,
        table: impl Into<Table>,
        columns: impl FnOnce(Columns<'a>) -> Columns<'a>,
    ) -> &mut Self {
        self.create_table(table.into(), false, columns)
    }

    /// Creates a table unless there is one.
    pub fn create_if_not_exists(
        &mut self,
        table: impl Into<Table>,
        columns: impl FnOnce(Columns<'a>) -> Columns<'a>,
    ) -> &mut Self {
        self.create_table(table.into(), true, columns)
    }

    fn create_table(
        &mut self,
        table: Table,
        if_not_exists: bool,
        columns: impl FnOnce(Columns<'a>) -> Columns<'a>,
    ) -> &mut Self {
        let mut recorded = Columns::new(self.defaults);
        recorded.columns.extend(self.defaults.key_of(&table));
        let Columns { columns, .. } = columns(recorded);
        self.command(Command::CreateTable { table, columns, if_not_exists })
    }

    /// Changes columns of a table.
    pub fn alter(
        &mut self,
        table: impl Into<Table>,
        changes: impl FnOnce(Changes<'a>) -> Changes<'a>,
    ) -> &mut Self {
        let Changes { changes, .. } = changes(Changes::new(self.defaults));
        self.command(Command::AlterTable { table: table.into(), changes })
    }

    /// Drops a table. Can't be reversed.
    pub fn drop(&mut self, table: impl Into<Table>) -> &mut Self {
        self.command(Command::DropTable { table: table.into(), mode: Mode::Restrict, if_exists: false })
    }

    /// Drops a table and what depends on it. Can't be reversed.
    pub fn drop_cascade(&mut self, table: impl Into<Table>) -> &mut Self {
        self.command(Command::DropTable { table: table.into(), mode: Mode::Cascade, if_exists: false })
    }

    /// Drops a table if there is one. Can't be reversed.
    pub fn drop_if_exists(&mut self, table: impl Into<Table>) -> &mut Self {
        self.command(Command::DropTable { table: table.into(), mode: Mode::Restrict, if_exists: true })
    }

    /// Renames a table.
    pub fn rename(&mut self, table: impl Into<Table>, to: impl Into<Table>) -> &mut Self {
        self.command(Command::RenameTable { table: table.into(), to: to.into() })
    }

    /// Renames a column.
    pub fn rename_column(
        &mut self,
        table: impl Into<Table>,
        column: impl Into<Str>,
        to: impl Into<Str>,
    ) -> &mut Self {
        self.command(Command::RenameColumn { table: table.into(), column: column.into(), to: to.into() })
    }

    /// Creates an index.
    pub fn create_index(&mut self, index: Index) -> &mut Self {
        self.command(Command::CreateIndex { index, if_not_exists: false })
    }

    /// Creates an index unless there is one of its name.
    pub fn create_index_if_not_exists(&mut self, index: Index) -> &mut Self {
        self.command(Command::CreateIndex { index, if_not_exists: true })
    }

    /// Drops an index. Reversed, it is created as it is written here.
    pub fn drop_index(&mut self, index: Index) -> &mut Self {
        self.command(Command::DropIndex { index, mode: Mode::Restrict, if_exists: false })
    }

    /// Drops an index if there is one of its name.
    pub fn drop_index_if_exists(&mut self, index: Index) -> &mut Self {
        self.command(Command::DropIndex { index, mode: Mode::Restrict, if_exists: true })
    }

    /// Renames an index.
    pub fn rename_index(&mut self, index: Index, to: impl Into<Str>) -> &mut Self {
        self.command(Command::RenameIndex { index, to: to.into() })
    }

    /// Adds a check or an exclusion.
    pub fn create_constraint(&mut self, constraint: Constraint) -> &mut Self {
        self.command(Command::CreateConstraint { constraint })
    }

    /// Drops a constraint. Can't be reversed.
    pub fn drop_constraint(&mut self, constraint: Constraint) -> &mut Self {
        self.command(Command::DropConstraint { constraint, mode: Mode::Restrict, if_exists: false })
    }

    /// Drops a constraint if there is one of its name. Can't be reversed.
    pub fn drop_constraint_if_exists(&mut self, constraint: Constraint) -> &mut Self {
        self.command(Command::DropConstraint { constraint, mode: Mode::Restrict, if_exists: true })
    }

    /// Runs a statement of the database, or a [`Function`]. Can't be reversed.
    pub fn execute(&mut self, up: impl Into<Statement>) -> &mut Self {
        self.operations.push(Operation::Execute { up: up.into(), down: None });
        self
    }

    /// Runs `up`, and `down` when it is reversed. An empty statement does nothing.
    pub fn execute_both(&mut self, up: impl Into<Statement>, down: impl Into<Statement>) -> &mut Self {
        self.operations.push(Operation::Execute { up: up.into(), down: Some(down.into()) });
        self
    }

    /// Runs the statements of a file. Can't be reversed.
    pub fn execute_file(&mut self, up: impl AsRef<std::path::Path>) -> &mut Self {
        match self.file(up.as_ref()) {
            Some(up) => self.execute(up),
            None => self,
        }
    }

    /// Runs the statements of a file, and those of another when it is reversed.
    pub fn execute_files(
        &mut self,
        up: impl AsRef<std::path::Path>,
        down: impl AsRef<std::path::Path>,
    ) -> &mut Self {
        match (self.file(up.as_ref()), self.file(down.as_ref())) {
            (Some(up), Some(down)) => self.execute_both(up, down),
            _ => self,
        }
    }

    fn file(&mut self, path: &std::path::Path) -> Option<String> {
        match std::fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) => {
                let message = format!("can't read {}: {error}", path.display());
                self.keep(Some(Mistake::new(message)), "execute_file");
                None
            }
        }
    }

    /// Marks that what comes next needs what came before. Such a `change` can't be reversed.
    pub fn flush(&mut self) -> &mut Self {
        self.operations.push(Operation::Flush);
        self
    }

    /// Records a command.
    pub fn command(&mut self, mut command: Command) -> &mut Self {
        super::check::complete(&mut command, self.defaults);
        let mistake = super::check_command(&command).err();
        self.keep(mistake, &command.describe());
        self.operations.push(Operation::Command(command));
        self
    }

    fn keep(&mut self, mistake: Option<Mistake>, place: &str) {
        if self.mistake.is_none() {
            self.mistake = mistake.map(|mistake| mistake.at(place));
        }
    }
}
