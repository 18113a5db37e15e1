//! `ectomorph` with the migrations of this project: `ectomorph migrate` builds it and hands over to it.

use std::process::ExitCode;

fn main() -> ExitCode {
    ectomorph_cli::App::new().migrations(hello::migrations::all()).main()
}
