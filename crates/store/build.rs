//! Builds again when a migration is added: they are embedded, and cargo can't see that by itself.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
