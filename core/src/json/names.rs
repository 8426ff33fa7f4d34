use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;

use super::value::Value;

/// The member names of one object, to find a second of the same name.
///
/// A few names are compared one by one; many are kept in a tree, since a peer chooses them and a
/// hash without a random key could be flooded.
#[derive(Default)]
pub(super) struct Names<'a>(BTreeSet<Cow<'a, str>>);

impl<'a> Names<'a> {
    /// Whether `name` stands among the members read so far. Called once for each name, in text
    /// order.
    #[expect(clippy::ptr_arg, reason = "a borrowed name is kept as it is, a decoded one is cloned")]
    pub(super) fn is_repeated(&mut self, members: &[(String, Value)], name: &Cow<'a, str>) -> bool {
        if members.len() < FEW {
            return members.iter().any(|(known, _)| known == name);
        }
        if self.0.is_empty() {
            self.0.extend(members.iter().map(|(known, _)| Cow::Owned(known.clone())));
        }
        !self.0.insert(name.clone())
    }
}

const FEW: usize = 16;
