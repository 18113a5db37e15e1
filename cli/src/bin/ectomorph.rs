//! The program `ectomorph`.

fn main() -> std::process::ExitCode {
    ectomorph_cli::App::new().main()
}
