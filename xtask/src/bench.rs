use crate::shell::{Arguments, Result};
pub fn run(_: Arguments) -> Result {
    Ok(())
}
