//! What must not compile, and what the compiler says. `TRYBUILD=overwrite cargo test --test ui` writes the messages anew.

#[test]
fn mistakes_are_compile_errors_with_readable_messages() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
