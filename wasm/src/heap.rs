//! Memory in blocks of powers of two. A block that is given back goes to the list of its size and serves the next request of that size:
//! both take a few instructions, and nothing is ever split or merged.

use core::alloc::Layout;
use core::ptr::{self, NonNull};

/// Free blocks by size, and the memory behind all blocks.
pub(crate) struct Heap {
    free: [Option<NonNull<Free>>; SIZES],
    next: usize,
    end: usize,
}

/// A block that nobody holds says where the next one of its size is.
struct Free {
    next: Option<NonNull<Free>>,
}

impl Heap {
    pub(crate) const fn new() -> Self {
        Self { free: [None; SIZES], next: 0, end: 0 }
    }

    /// A block, or null; and whether it was never used and so holds zeros. `more` gives the start of so many fresh bytes or more, which
    /// hold zeros, and their number.
    #[allow(
        unsafe_code,
        reason = "a block on a list is ours, of its size and aligned: `release` put it there"
    )]
    pub(crate) fn take(
        &mut self,
        layout: Layout,
        more: impl FnOnce(usize) -> Option<(usize, usize)>,
    ) -> (*mut u8, bool) {
        let Some(size) = size_of_block(layout) else { return (ptr::null_mut(), false) };
        match self.free.get_mut(size.trailing_zeros() as usize) {
            Some(Some(block)) => {
                let taken = block.as_ptr().cast();
                self.free[size.trailing_zeros() as usize] = unsafe { block.as_ref() }.next;
                (taken, false)
            }
            _ => (self.carve(size, more).unwrap_or(ptr::null_mut()), true),
        }
    }

    /// Takes a block back.
    ///
    /// # Safety
    /// `block` came from [`Heap::take`] for this layout, and nobody uses it any more.
    #[allow(unsafe_code, reason = "the block is at least as large and as aligned as a `Free`")]
    pub(crate) unsafe fn release(&mut self, block: *mut u8, layout: Layout) {
        let list = size_of_block(layout).and_then(|size| self.free.get_mut(size.trailing_zeros() as usize));
        if let (Some(list), Some(block)) = (list, NonNull::new(block.cast::<Free>())) {
            unsafe { block.write(Free { next: *list }) };
            *list = Some(block);
        }
    }

    fn carve(&mut self, size: usize, more: impl FnOnce(usize) -> Option<(usize, usize)>) -> Option<*mut u8> {
        if self.end - self.next < size {
            let (start, length) = more(size)?;
            let end = start.checked_add(length)?;
            if start != self.end {
                self.next = start.next_multiple_of(LEAST);
            }
            self.end = end;
        }
        let block = self.next;
        self.next += size;
        Some(block as *mut u8)
    }
}

/// None for an alignment that nothing here has, and for a size without end.
fn size_of_block(layout: Layout) -> Option<usize> {
    if layout.align() > LEAST { None } else { layout.size().max(LEAST).checked_next_power_of_two() }
}

#[cfg(target_arch = "wasm32")]
mod global {
    use super::{Heap, size_of_block};
    use core::alloc::{GlobalAlloc, Layout};
    use core::arch::wasm32::{memory_grow, memory_size};
    use core::cell::UnsafeCell;

    struct Global(UnsafeCell<Heap>);

    #[global_allocator]
    static GLOBAL: Global = Global(UnsafeCell::new(Heap::new()));

    #[allow(unsafe_code, reason = "this module is built without threads: nothing else can reach the cell")]
    unsafe impl Sync for Global {}

    #[allow(
        unsafe_code,
        reason = "the trait is unsafe; each method ends its only use of the cell before it returns, and calls nothing that allocates"
    )]
    unsafe impl GlobalAlloc for Global {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            unsafe { &mut *self.0.get() }.take(layout, grow).0
        }

        unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
            let (block, is_fresh) = unsafe { &mut *self.0.get() }.take(layout, grow);
            if !is_fresh {
                unsafe { block.write_bytes(0, layout.size()) };
            }
            block
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            unsafe { (*self.0.get()).release(block, layout) }
        }

        unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            let Ok(wanted) = Layout::from_size_align(size, layout.align()) else {
                return core::ptr::null_mut();
            };
            if size_of_block(wanted) == size_of_block(layout) {
                return block;
            }
            unsafe {
                let moved = self.alloc(wanted);
                if !moved.is_null() {
                    moved.copy_from_nonoverlapping(block, layout.size().min(size));
                    self.dealloc(block, layout);
                }
                moved
            }
        }
    }

    fn grow(size: usize) -> Option<(usize, usize)> {
        let pages = size.div_ceil(PAGE);
        let start = memory_size(0) * PAGE;
        if memory_grow(0, pages) == usize::MAX { None } else { Some((start, pages * PAGE)) }
    }

    const PAGE: usize = 65536;
}

/// The least block: it holds a `Free`, and is aligned as anything here wants to be.
const LEAST: usize = 16;

/// Sizes by their power of two, as large as memory can be.
const SIZES: usize = usize::BITS as usize;

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(size: usize) -> Layout {
        Layout::from_size_align(size, 8).unwrap()
    }

    /// A heap over one array, its end once more at a distance.
    struct Arena {
        heap: Heap,
        memory: Vec<u128>,
        given: usize,
    }

    impl Arena {
        fn new() -> Self {
            Self { heap: Heap::new(), memory: vec![0; 4096], given: 0 }
        }

        fn take(&mut self, size: usize) -> *mut u8 {
            let (memory, given) = (&self.memory, &mut self.given);
            let start = memory.as_ptr() as usize;
            self.heap
                .take(layout(size), |wanted| {
                    let length = wanted.next_multiple_of(1024);
                    (*given + length <= size_of_val(&memory[..])).then(|| {
                        *given += length;
                        (start + *given - length, length)
                    })
                })
                .0
        }

        #[allow(unsafe_code, reason = "the tests release what they took")]
        fn release(&mut self, block: *mut u8, size: usize) {
            unsafe { self.heap.release(block, layout(size)) }
        }
    }

    #[test]
    fn blocks_are_aligned_and_apart() {
        let mut arena = Arena::new();
        let mut taken: Vec<(usize, usize)> = Vec::new();
        for size in [1, 16, 17, 40, 1, 500, 1024, 3000, 31, 64] {
            let block = arena.take(size) as usize;
            assert!(block != 0 && block.is_multiple_of(LEAST));
            assert!(taken.iter().all(|(start, length)| block + size <= *start || start + length <= block));
            taken.push((block, size));
        }
    }

    #[test]
    fn what_was_given_back_serves_the_next_of_its_size() {
        let mut arena = Arena::new();
        let blocks = [100, 100, 100].map(|size| arena.take(size));
        for block in blocks {
            arena.release(block, 100);
        }
        let given = arena.given;
        assert_ne!(arena.take(40), blocks[2]);
        for block in blocks.iter().rev() {
            assert_eq!(arena.take(65), *block);
        }
        assert_eq!(arena.given, given);
        arena.release(blocks[0], 100);
        assert_eq!([0, 0].map(|_| arena.heap.take(layout(100), |_| None).1), [false, true]);
        assert!(!blocks.contains(&arena.take(128)));
    }

    #[test]
    fn there_is_an_end() {
        let mut arena = Arena::new();
        assert!(arena.take(1 << 20).is_null());
        assert!(arena.take(usize::MAX / 4).is_null());
        assert!(!arena.take(1 << 14).is_null());
        let wide = Layout::from_size_align(16, 32).unwrap();
        assert!(arena.heap.take(wide, |_| unreachable!()).0.is_null());
        assert!(arena.heap.take(layout(1 << 17), |_| Some((usize::MAX - 100, 1 << 17))).0.is_null());
    }
}
