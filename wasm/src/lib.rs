//! The JavaScript engine as WebAssembly. Each export is one line into the façade.
//!
//! What a call takes is written into the scratch area, one argument behind the other, and the call is told their lengths; objects go by
//! handle. What it answers is a number, and bytes in the answer area. `ts/engine/` is the other side of this, and the TypeScript façade
//! before it judges the types of all arguments.
#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
extern crate alloc;

#[cfg(target_arch = "wasm32")]
#[cfg_attr(not(feature = "full"), allow(dead_code, reason = "a client calls half of it"))]
mod answer;
#[cfg(target_arch = "wasm32")]
mod batch;
#[cfg(all(feature = "full", target_arch = "wasm32"))]
mod claiming;
#[cfg(target_arch = "wasm32")]
#[cfg_attr(not(feature = "full"), allow(dead_code, reason = "a client calls half of it"))]
mod engine;
#[cfg(target_arch = "wasm32")]
mod errors;
#[cfg(any(target_arch = "wasm32", test))]
mod heap;
#[cfg(all(feature = "full", target_arch = "wasm32"))]
mod issuing;
#[cfg(target_arch = "wasm32")]
mod key;
#[cfg(target_arch = "wasm32")]
mod packet;
#[cfg(all(feature = "full", target_arch = "wasm32"))]
mod quick;
#[cfg(all(feature = "full", target_arch = "wasm32"))]
mod request;
#[cfg(all(feature = "full", target_arch = "wasm32"))]
mod session;
#[cfg(target_arch = "wasm32")]
mod things;
#[cfg(all(feature = "full", target_arch = "wasm32"))]
mod ticket;
#[cfg(target_arch = "wasm32")]
mod token;
#[cfg(all(feature = "full", target_arch = "wasm32"))]
mod tools;
#[cfg(all(feature = "full", target_arch = "wasm32"))]
mod trust;

/// The end of the module: what JavaScript sees is an exception, and no later call gets through.
#[cfg(target_arch = "wasm32")]
fn abort() -> ! {
    core::arch::wasm32::unreachable()
}

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    abort()
}
