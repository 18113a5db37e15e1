//! The commands and their options.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Databases, migrations and generators, as Ecto has them.
#[derive(Debug, Parser)]
#[command(
    name = "ectomorph", version, styles = STYLES, disable_help_subcommand = true, subcommand_required = true, max_term_width = 100,
    after_help = "Examples:
  ectomorph gen repo hello --database postgres
  ectomorph gen schema User users name:string email:string:unique
  ectomorph create && ectomorph migrate
  DATABASE_URL=sqlite://hello.db ectomorph migrate"
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// The file that says where databases are [default: ectomorph.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Whether there are colors
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = false)]
    pub color: ColorChoice,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create the databases of repos
    #[command(after_help = "Examples:\n  ectomorph create\n  ectomorph create -r analytics")]
    Create(Create),
    /// Drop the databases of repos, and all that is in them
    #[command(after_help = "Examples:\n  ectomorph drop\n  ectomorph drop --force -r analytics")]
    Drop(Drop),
    /// Run the migrations that have not run
    #[command(after_help = "Examples:
  ectomorph migrate
  ectomorph migrate -n 2
  ectomorph migrate --to 20170523151118
  ectomorph migrate --prefix tenant_1 --log-sql")]
    Migrate(Run),
    /// Undo migrations that have run, latest first; one, if nothing is said
    #[command(after_help = "Examples:
  ectomorph rollback
  ectomorph rollback -n 2
  ectomorph rollback --to 20170523151118
  ectomorph rollback --all")]
    Rollback(Run),
    /// Show which migrations have run
    #[command(after_help = "Examples:\n  ectomorph migrations\n  ectomorph migrations --prefix tenant_1")]
    Migrations(Status),
    /// Write files to go on from
    #[command(subcommand)]
    Gen(Gen),
    /// Write the structure of a database, and which migrations have run, into a file
    #[command(after_help = "Examples:\n  ectomorph dump\n  ectomorph dump -d priv/repo/structure.sql")]
    Dump(Dump),
    /// Give a database the structure that a file has
    #[command(after_help = "Examples:\n  ectomorph load\n  ectomorph load --skip-if-loaded")]
    Load(Load),
}

/// Which repos, and where their migrations are.
#[derive(Args, Debug)]
pub struct Repos {
    /// The repo, by its name in ectomorph.toml; may be given several times [default: all]
    #[arg(short, long, value_name = "NAME")]
    pub repo: Vec<String>,
    /// A folder of migrations, in the place of the repo's; may be given several times
    #[arg(long, value_name = "FOLDER")]
    pub migrations_path: Vec<PathBuf>,
}

impl Repos {
    pub const NONE: &Repos = &Repos { repo: Vec::new(), migrations_path: Vec::new() };
}

#[derive(Args, Debug)]
pub struct Create {
    #[command(flatten)]
    pub repos: Repos,
    /// Say nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Args, Debug)]
pub struct Drop {
    #[command(flatten)]
    pub repos: Repos,
    /// Say nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
    /// Don't ask
    #[arg(short, long)]
    pub force: bool,
    /// PostgreSQL: end the connections of others first
    #[arg(long)]
    pub force_drop: bool,
}

#[derive(Args, Debug)]
pub struct Run {
    #[command(flatten)]
    pub repos: Repos,
    /// How many migrations
    #[arg(short = 'n', long, value_name = "COUNT", conflicts_with_all = ["to", "to_exclusive", "all"])]
    pub step: Option<usize>,
    /// Up, or down, to this version and with it
    #[arg(long, value_name = "VERSION", conflicts_with_all = ["to_exclusive", "all"])]
    pub to: Option<i64>,
    /// Up, or down, to this version and without it
    #[arg(short = 'v', long, value_name = "VERSION", conflicts_with = "all")]
    pub to_exclusive: Option<i64>,
    /// All of them
    #[arg(long)]
    pub all: bool,
    /// The prefix that the migrations run in: a schema of PostgreSQL, a database of MySQL
    #[arg(long, value_name = "PREFIX")]
    pub prefix: Option<String>,
    /// How many connections there are at most
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    pub pool_size: Option<u32>,
    /// Show the SQL of migrations
    #[arg(long, visible_alias = "log-migrations-sql")]
    pub log_sql: bool,
    /// Show the SQL that keeps count of migrations
    #[arg(long)]
    pub log_migrator_sql: bool,
    /// Taken for Ecto's sake, whose task runs older versions with it, too
    #[arg(long)]
    pub strict_version_order: bool,
    /// Say nothing but errors
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Args, Debug)]
pub struct Status {
    #[command(flatten)]
    pub repos: Repos,
    /// The prefix that the migrations ran in
    #[arg(long, value_name = "PREFIX")]
    pub prefix: Option<String>,
}

#[derive(Args, Debug)]
pub struct Dump {
    #[command(flatten)]
    pub repos: Repos,
    /// The file [default: structure.sql beside the folder of migrations]
    #[arg(short, long, value_name = "FILE")]
    pub dump_path: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Args, Debug)]
pub struct Load {
    #[command(flatten)]
    pub repos: Repos,
    /// The file [default: structure.sql beside the folder of migrations]
    #[arg(short, long, value_name = "FILE")]
    pub dump_path: Option<PathBuf>,
    /// Don't ask
    #[arg(short, long)]
    pub force: bool,
    /// Do nothing where migrations have run
    #[arg(long)]
    pub skip_if_loaded: bool,
    /// Say nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

/// What can be written.
#[derive(Debug, Subcommand)]
pub enum Gen {
    /// A migration that does nothing yet
    #[command(after_help = "Examples:
  ectomorph gen migration add_comments_table
  ectomorph gen migration add_comments_table --lang json")]
    Migration(GenMigration),
    /// A schema with its changeset, and the migration that creates its table
    #[command(
        after_help = "Attributes are name:type, name alone is a string. Types: integer, float, decimal, boolean, map, string, text, \
date, time, time_usec, naive_datetime, naive_datetime_usec, utc_datetime, utc_datetime_usec, uuid, binary, array:TYPE, \
enum:WORD:WORD, references:TABLE. `:unique` and `:redact` may follow.

Examples:
  ectomorph gen schema User users name:string email:string:unique bio:text role:enum:admin:user
  ectomorph gen schema Post posts user_id:references:users tags:array:string --lang ts"
    )]
    Schema(GenSchema),
    /// Types of TypeScript for rules documents
    #[command(after_help = "Examples:\n  ectomorph gen types rules/*.json --out src/rules.d.ts")]
    Types(GenTypes),
    /// ectomorph.toml for a repo; in a Rust project also the program that knows its migrations
    #[command(after_help = "Examples:\n  ectomorph gen repo hello --database postgres")]
    Repo(GenRepo),
}

#[derive(Args, Debug)]
pub struct GenMigration {
    /// Its name, in small letters: add_comments_table
    pub name: String,
    /// What it is written in [default: rust where there is a Cargo.toml, ts where there is a package.json, else json]
    #[arg(short, long, value_enum)]
    pub lang: Option<Lang>,
    /// The repo whose folder it goes to
    #[arg(short, long, value_name = "NAME")]
    pub repo: Option<String>,
    /// The folder it goes to, in the place of the repo's
    #[arg(long, value_name = "FOLDER")]
    pub migrations_path: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct GenSchema {
    /// The name of the schema: User, BlogPost
    pub schema: String,
    /// The table: users
    pub table: String,
    /// The fields: name:string email:string:unique
    pub attributes: Vec<String>,
    /// What both are written in [default: rust where there is a Cargo.toml, ts where there is a package.json, else json]
    #[arg(short, long, value_enum)]
    pub lang: Option<Lang>,
    /// What the migration is written in, if it is another
    #[arg(long, value_enum)]
    pub migration_lang: Option<Lang>,
    /// The repo whose folder the migration goes to
    #[arg(short, long, value_name = "NAME")]
    pub repo: Option<String>,
    /// The folder the migration goes to, in the place of the repo's
    #[arg(long, value_name = "FOLDER")]
    pub migrations_path: Option<PathBuf>,
    /// The folder the schema goes to
    #[arg(long, value_name = "FOLDER", default_value = "src")]
    pub schemas_path: PathBuf,
    /// The prefix of the table
    #[arg(long, value_name = "PREFIX")]
    pub prefix: Option<String>,
    /// Keys are UUIDs in the place of numbers
    #[arg(long)]
    pub binary_id: bool,
    /// Write no migration
    #[arg(long)]
    pub no_migration: bool,
    /// Without inserted_at and updated_at
    #[arg(long)]
    pub no_timestamps: bool,
}

#[derive(Args, Debug)]
pub struct GenTypes {
    /// The documents
    #[arg(required = true, value_name = "DOCUMENT")]
    pub documents: Vec<PathBuf>,
    /// The file they go to [default: the standard output]
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct GenRepo {
    /// Its name [default: that of this folder]
    pub name: Option<String>,
    /// What database it is
    #[arg(short, long, value_enum, default_value = "sqlite")]
    pub database: crate::settings::Adapter,
}

/// What files are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    Rust,
    #[value(alias = "typescript")]
    Ts,
    #[value(alias = "document")]
    Json,
}
