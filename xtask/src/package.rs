//! The npm package, in pkg/.

use crate::digest::Digest;
use crate::shell::{Result, path, run, say, target};
use crate::{npm, wasm};

/// Builds the artifacts and then the package around them, what changed of them.
pub fn build() -> Result {
    wasm::build()?;
    let digest = Digest::default().path("pkg");
    let stamp = target().join("xtask/package");
    if path("pkg/dist").is_dir() && !digest.differs_from(&stamp) {
        say("the npm package is up to date");
        return Ok(());
    }
    say("building the npm package");
    run(npm::script("pkg", "build")?)?;
    digest.keep(&stamp)
}
