//! Paths that every server reads alike, and prefixes of them.

use alloc::string::{String, ToString};

/// A path prefix of whole segments.
#[derive(Clone, Debug)]
pub(super) struct Prefix(String);

impl Prefix {
    pub(super) fn read(text: &str) -> Option<Self> {
        is_plain(text).then(|| Self(text.to_string()))
    }

    /// Every path.
    pub(super) fn root() -> Self {
        Self("/".to_string())
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the path is the prefix or lies below it. A path that a server could resolve to another one is below nothing but the root.
    pub(super) fn covers(&self, path: &str) -> bool {
        if self.0 == "/" {
            return true;
        }
        let below = path.strip_prefix(self.0.trim_end_matches('/'));
        is_plain(path)
            && below.is_some_and(|rest| rest.starts_with('/') || (rest.is_empty() && !self.0.ends_with('/')))
    }
}

/// Whether no server reads the path as another one: no empty segment but the last, no `.` or `..`, nothing percent-encoded that would make one,
/// no backslash, query or fragment.
pub(super) fn is_plain(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/') else { return false };
    let sent = rest.bytes().all(|byte| matches!(byte, 0x21..=0x7E) && !b"\\?#;".contains(&byte));
    let segments = rest.strip_suffix('/').unwrap_or(rest);
    let each = segments.is_empty() && !rest.starts_with('/') || segments.split('/').all(is_plain_segment);
    sent && each
}

fn is_plain_segment(segment: &str) -> bool {
    let hidden = |encoded: &str| {
        ["%2e", "%2f", "%5c", "%25", "%00"].iter().any(|bad| encoded.eq_ignore_ascii_case(bad))
    };
    let encoded = segment.match_indices('%').map(|(at, _)| segment.get(at..at + 3).unwrap_or("%00"));
    !matches!(segment, "" | "." | "..") && !encoded.into_iter().any(hidden)
}
