//! Ordered maps and sets, and sorting: those of `alloc`, or, for a module that is downloaded, smaller ones with the same calls.

#[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
pub(crate) use self::quick::{BTreeMap, BTreeSet, Distinct, sort_by};
#[cfg(all(feature = "compact", target_arch = "wasm32"))]
pub(crate) use self::small::{BTreeMap, BTreeSet, Distinct, sort_by};

#[cfg(not(all(feature = "compact", target_arch = "wasm32")))]
mod quick {
    pub(crate) use alloc::collections::BTreeSet as Distinct;
    pub(crate) use alloc::collections::{BTreeMap, BTreeSet};
    use core::cmp::Ordering;

    /// Sorts; equal items keep their order.
    pub(crate) fn sort_by<T>(items: &mut [T], compare: impl FnMut(&T, &T) -> Ordering) {
        items.sort_by(compare);
    }
}

#[cfg(any(test, all(feature = "compact", target_arch = "wasm32")))]
mod small;
