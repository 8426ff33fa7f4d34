//! Records the compiler's version, which the server reports as its runtime.

use std::process::Command;

fn main() {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let output = Command::new(rustc).arg("--version").output();
    let version = output.map_or_else(
        |_| "rustc of unknown version".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    );
    println!("cargo::rustc-env=SERVER_RUSTC={version}");
    println!("cargo::rerun-if-changed=build.rs");
}
