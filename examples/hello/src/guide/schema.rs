//! "Using phx.gen.schema": the migration of users, and what it makes of the database.

use super::title;
use crate::repo::migrator;
use ectomorph::migration::{Migrate, Target};
use ectomorph::query;
use ectomorph::repo::Repo;
use std::error::Error;
use std::sync::Arc;

/// Runs the migration and looks at the table.
///
/// # Errors
///
/// The database's.
pub async fn users(database: Arc<dyn Migrate>) -> Result<(), Box<dyn Error>> {
    // region: migrate
    title("migrate users");
    let migrator = migrator(database.clone(), &["create_post", "add_comments_table"])?;
    migrator.migrate(Target::All).await?;
    // endregion

    let is_sqlite = database.name() == "sqlite";
    let repo = Repo::new(database);

    title("the tables");
    let relations = match is_sqlite {
        true => query!(
            from r in "sqlite_master",
            where: r.type == "table" and not like(r.name, "sqlite_%"),
            order_by: r.name,
            select: {r.name, r.type}
        ),
        false => query!(
            from r in "pg_class",
            where: fragment("? = 'public'::regnamespace AND ? IN ('r', 'S')", r.relnamespace, r.relkind),
            order_by: r.relname,
            select: {
                type(r.relname, string),
                fragment("CASE ? WHEN 'r' THEN 'table' ELSE 'sequence' END", r.relkind)
            }
        ),
    };
    for (name, kind) in repo.all::<(String, String)>(relations).await? {
        println!("{name} | {kind}");
    }

    title("the columns of users");
    let columns = match is_sqlite {
        true => query!(
            from c in fragment("pragma_table_info('users')"),
            select: {c.name, c.type, fragment("iif(? OR ?, 'not null', '')", c.notnull, c.pk)}
        ),
        false => query!(
            from c in "pg_attribute",
            where: fragment("? = 'users'::regclass AND ? > 0", c.attrelid, c.attnum),
            order_by: c.attnum,
            select: {
                type(c.attname, string),
                fragment("format_type(?, ?)", c.atttypid, c.atttypmod),
                fragment("CASE WHEN ? THEN 'not null' ELSE '' END", c.attnotnull)
            }
        ),
    };
    for (name, kind, null) in repo.all::<(String, String, String)>(columns).await? {
        println!("{}", format!("{name} | {kind} | {null}").trim_end_matches([' ', '|']));
    }
    Ok(())
}
