//! Collections in sorted vectors. Finding takes a few steps; adding moves what stands behind, which is quick as long as there are not
//! many: keys of a ring, owners, odd nonces. Where a peer chooses how many, there is [`Distinct`].

use alloc::vec::Vec;
use core::borrow::Borrow;
use core::cmp::Ordering;

/// Values by key, sorted.
#[derive(Clone, Debug)]
pub(crate) struct BTreeMap<K, V>(Vec<(K, V)>);

/// A key's place in a map, taken or not.
pub(crate) struct Entry<'a, K, V> {
    map: &'a mut BTreeMap<K, V>,
    key: K,
}

/// Values, sorted, each once.
#[derive(Clone, Debug)]
pub(crate) struct BTreeSet<T>(BTreeMap<T, ()>);

/// A set that only grows: sorted runs, each less than half as long as the one before. Adding costs little more than in a tree, whatever
/// the order.
#[derive(Clone, Debug)]
pub(crate) struct Distinct<T>(Vec<Vec<T>>);

impl<K, V> Default for BTreeMap<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> BTreeMap<K, V> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn first_key_value(&self) -> Option<(&K, &V)> {
        self.0.first().map(|(key, value)| (key, value))
    }

    pub(crate) fn pop_first(&mut self) -> Option<(K, V)> {
        if self.0.is_empty() { None } else { Some(self.0.remove(0)) }
    }
}

impl<K: Ord, V> BTreeMap<K, V> {
    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().and_then(|place| self.0.get(place)).map(|(_, value)| value)
    }

    pub(crate) fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().and_then(|place| self.0.get_mut(place)).map(|(_, value)| value)
    }

    pub(crate) fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    pub(crate) fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        Entry { map: self, key }
    }

    /// The value that stood there.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(place) => Some(core::mem::replace(&mut self.0[place].1, value)),
            Err(place) => {
                self.0.insert(place, (key, value));
                None
            }
        }
    }

    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.place(key).ok().map(|place| self.0.remove(place).1)
    }

    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.0.binary_search_by(|(known, _)| known.borrow().cmp(key))
    }
}

impl<'a, K: Ord, V: Default> Entry<'a, K, V> {
    pub(crate) fn or_default(self) -> &'a mut V {
        let place = self.map.place(&self.key).unwrap_or_else(|place| {
            self.map.0.insert(place, (self.key, V::default()));
            place
        });
        &mut self.map.0[place].1
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for BTreeMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        sort_by(&mut pairs, |(a, _), (b, _)| a.cmp(b));
        pairs.dedup_by(|(a, _), (b, _)| a == b);
        Self(pairs)
    }
}

impl<T> BTreeSet<T> {
    #[cfg_attr(test, allow(dead_code, reason = "the guard's is alloc's own in tests"))]
    pub(crate) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub(crate) fn first(&self) -> Option<&T> {
        self.0.first_key_value().map(|(item, ())| item)
    }

    pub(crate) fn pop_first(&mut self) -> Option<T> {
        self.0.pop_first().map(|(item, ())| item)
    }
}

impl<T: Ord> BTreeSet<T> {
    pub(crate) fn contains<Q: Ord + ?Sized>(&self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.0.contains_key(item)
    }

    /// False if it was there.
    pub(crate) fn insert(&mut self, item: T) -> bool {
        self.0.insert(item, ()).is_none()
    }

    pub(crate) fn remove<Q: Ord + ?Sized>(&mut self, item: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.0.remove(item).is_some()
    }
}

impl<T: Ord> FromIterator<T> for BTreeSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().map(|item| (item, ())).collect())
    }
}

impl<T: Ord> Distinct<T> {
    /// False if it was there.
    pub(crate) fn insert(&mut self, item: T) -> bool {
        if self.0.iter().any(|run| run.binary_search(&item).is_ok()) {
            return false;
        }
        let mut run = alloc::vec![item];
        while let Some(longer) = self.0.pop_if(|longer| longer.len() < 2 * run.len()) {
            run = merged(longer, run);
        }
        self.0.push(run);
        true
    }
}

impl<T: Ord> FromIterator<T> for Distinct<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut distinct = Self(Vec::new());
        for item in items {
            distinct.insert(item);
        }
        distinct
    }
}

fn merged<T: Ord>(a: Vec<T>, b: Vec<T>) -> Vec<T> {
    let mut all = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    while let (Some(first), Some(second)) = (a.peek(), b.peek()) {
        all.extend(if first < second { a.next() } else { b.next() });
    }
    all.extend(a);
    all.extend(b);
    all
}

/// Sorts by a heap; equal items may change their order.
pub(crate) fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    for root in (0..items.len() / 2).rev() {
        sink(items, root, &mut compare);
    }
    for end in (1..items.len()).rev() {
        items.swap(0, end);
        sink(&mut items[..end], 0, &mut compare);
    }
}

/// Moves an item down until neither of the two below it is greater.
fn sink<T>(items: &mut [T], mut root: usize, compare: &mut impl FnMut(&T, &T) -> Ordering) {
    loop {
        let mut largest = root;
        for below in [2 * root + 1, 2 * root + 2] {
            if items.get(below).is_some_and(|item| compare(item, &items[largest]).is_gt()) {
                largest = below;
            }
        }
        if largest == root {
            return;
        }
        items.swap(root, largest);
        root = largest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections;
    use proptest::prelude::*;

    #[test]
    fn a_set_that_grows_in_any_order_stays_quick() {
        for step in [1, 40_503, 65_535] {
            let mut distinct: Distinct<u16> = (0..60_000_u32).map(|item| (item * step) as u16).collect();
            let longest: usize = distinct.0.iter().map(Vec::len).sum();
            assert!(distinct.0.len() <= 17 && longest <= 60_000);
            assert!(!distinct.insert(0));
        }
    }

    proptest! {
        #[test]
        fn a_map_is_as_that_of_alloc(steps in prop::collection::vec((0..5, 0_u8..20, any::<u32>()), 0..200)) {
            let mut ours: BTreeMap<u8, u32> = BTreeMap::default();
            let mut theirs = collections::BTreeMap::new();
            for (step, key, value) in steps {
                match step {
                    0 => prop_assert_eq!(ours.insert(key, value), theirs.insert(key, value)),
                    1 => prop_assert_eq!(ours.remove(&key), theirs.remove(&key)),
                    2 => prop_assert_eq!(ours.entry(key).or_default(), theirs.entry(key).or_default()),
                    3 => prop_assert_eq!(ours.pop_first(), theirs.pop_first()),
                    _ => prop_assert_eq!(ours.get_mut(&key), theirs.get_mut(&key)),
                }
                prop_assert_eq!(ours.get(&key), theirs.get(&key));
                prop_assert_eq!(ours.contains_key(&key), theirs.contains_key(&key));
                prop_assert_eq!(ours.first_key_value(), theirs.first_key_value());
                prop_assert_eq!(ours.is_empty(), theirs.is_empty());
                prop_assert!(ours.values().eq(theirs.values()));
            }
        }

        #[test]
        fn a_set_is_as_that_of_alloc(start: Vec<u8>, steps in prop::collection::vec((0..3, any::<u8>()), 0..200)) {
            let mut ours: BTreeSet<u8> = start.iter().copied().collect();
            let mut grown: Distinct<u8> = start.iter().copied().collect();
            let mut theirs: collections::BTreeSet<u8> = start.iter().copied().collect();
            let mut seen = theirs.clone();
            for (step, item) in steps {
                match step {
                    0 => prop_assert_eq!(ours.insert(item), theirs.insert(item)),
                    1 => prop_assert_eq!(ours.remove(&item), theirs.remove(&item)),
                    _ => prop_assert_eq!(ours.pop_first(), theirs.pop_first()),
                }
                prop_assert_eq!(grown.insert(item), seen.insert(item));
                prop_assert_eq!(ours.contains(&item), theirs.contains(&item));
                prop_assert_eq!(ours.first(), theirs.first());
            }
        }

        #[test]
        fn what_is_sorted_is_in_order(mut items: Vec<u16>) {
            let mut expected = items.clone();
            expected.sort_unstable();
            sort_by(&mut items, u16::cmp);
            prop_assert_eq!(items, expected);
        }
    }
}
