//! What a module without `std` must bring itself, and what it exports.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32;
use core::sync::atomic::{AtomicUsize, Ordering};

/// The number of right answers, or the first wrong one as a negative number.
#[unsafe(no_mangle)]
#[allow(unsafe_code, reason = "an export needs a fixed name")]
pub(crate) extern "C" fn call_everything() -> i32 {
    #[cfg(feature = "import")]
    impure::read();
    match crate::call_everything() {
        Ok(right) => right as i32,
        Err(wrong) => -(wrong as i32),
    }
}

/// Hands out memory and takes none back: the module runs once.
struct Bump {
    next: AtomicUsize,
}

#[allow(
    unsafe_code,
    reason = "the allocator's trait is unsafe; each block lies in pages that were just grown or not yet handed out"
)]
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let next = self.next.load(Ordering::Relaxed);
        let start =
            if next == 0 { wasm32::memory_size(0) * PAGE } else { next }.next_multiple_of(layout.align());
        let end = start + layout.size();
        let missing = end.saturating_sub(wasm32::memory_size(0) * PAGE).div_ceil(PAGE);
        if missing > 0 && wasm32::memory_grow(0, missing) == usize::MAX {
            return core::ptr::null_mut();
        }
        self.next.store(end, Ordering::Relaxed);
        start as *mut u8
    }

    unsafe fn dealloc(&self, _block: *mut u8, _layout: Layout) {}
}

#[global_allocator]
static MEMORY: Bump = Bump { next: AtomicUsize::new(0) };

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}

/// A clock from outside: the very thing that the core must not have.
#[cfg(feature = "import")]
#[allow(unsafe_code, reason = "the import that the check must refuse")]
mod impure {
    #[link(wasm_import_module = "env")]
    unsafe extern "C" {
        fn clock() -> f64;
    }

    pub(super) fn read() -> f64 {
        unsafe { clock() }
    }
}

const PAGE: usize = 65536;
