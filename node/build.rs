//! Tells the linker that Node itself brings the N-API symbols.

fn main() {
    napi_build::setup();
}
