//! Tells Cargo that a new migration is a reason to build.

fn main() {
    println!("cargo:rerun-if-changed=priv/repo/migrations");
}
