//! The migrations, which are files in `priv/repo/migrations`.

use ectomorph::migration::Migration;
use ectomorph::mistake::Mistake;

/// All of them.
///
/// # Errors
///
/// A file that can't be read as a migration.
pub fn all() -> Result<Vec<Migration>, Mistake> {
    ectomorph::migrations!("priv/repo/migrations")
}
