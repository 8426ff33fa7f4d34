//! The rows of the table: what is measured, against whom, and what ratio is wanted.

/// One row.
#[derive(Debug)]
pub(crate) struct Row {
    /// How a script names it.
    pub(crate) id: &'static str,
    pub(crate) what: &'static str,
    /// Of what is verified.
    pub(crate) size: &'static str,
    pub(crate) unit: Unit,
    pub(crate) peer: &'static str,
    pub(crate) target: Target,
    /// What each side does in its time.
    pub(crate) note: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Nanoseconds,
    Bytes,
}

/// The ratio wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    /// How many times faster than the peer.
    Faster(f64),
    /// How many times the peer's time, or size, at most.
    Within(f64),
    /// None is set: the row is for information, as how many times faster.
    None,
}

impl Target {
    /// The ratio that this target is about.
    pub(crate) fn ratio(self, product: f64, peer: f64) -> f64 {
        match self {
            Self::Faster(_) | Self::None => peer / product,
            Self::Within(_) => product / peer,
        }
    }

    /// Whether a ratio meets it; nothing where none is set.
    pub(crate) fn is_met(self, ratio: f64) -> Option<bool> {
        match self {
            Self::Faster(least) => Some(ratio >= least),
            Self::Within(most) => Some(ratio <= most),
            Self::None => None,
        }
    }
}

pub(crate) const PACKET_LIMIT: Row = Row {
    id: "core-packet-limit",
    what: "core: packet verify from bytes",
    size: "200 B payload",
    unit: Unit::Nanoseconds,
    peer: LIMIT,
    target: Target::Within(1.3),
    note: PACKET_NOTE,
};

pub(crate) const PACKET_RING: Row = Row {
    id: "core-packet-ring",
    what: "core: packet verify from bytes",
    size: "200 B payload",
    unit: Unit::Nanoseconds,
    peer: "ring",
    target: Target::None,
    note: RING_NOTE,
};

pub(crate) const PARTS_LIMIT: Row = Row {
    id: "core-parts-limit",
    what: "core: verify raw parts",
    size: "200 B body",
    unit: Unit::Nanoseconds,
    peer: LIMIT,
    target: Target::Within(1.3),
    note: PACKET_NOTE,
};

pub(crate) const PARTS_RING: Row = Row {
    id: "core-parts-ring",
    what: "core: verify raw parts",
    size: "200 B body",
    unit: Unit::Nanoseconds,
    peer: "ring",
    target: Target::None,
    note: RING_NOTE,
};

pub(crate) const TOKEN_JWT: Row = Row {
    id: "core-token-jsonwebtoken",
    what: "core: HS256 token to checked claims",
    size: "250 B token",
    unit: Unit::Nanoseconds,
    peer: "jsonwebtoken",
    target: Target::Faster(6.0),
    note: "both read the system's clock for each token; the peer runs on ring and is given its key once",
};

pub(crate) const TOKEN_LIMIT: Row = Row {
    id: "core-token-limit",
    what: "core: HS256 token to checked claims",
    size: "250 B token",
    unit: Unit::Nanoseconds,
    peer: LIMIT,
    target: Target::Within(2.0),
    note: "the limit is the MAC alone; the product reads the clock, the claims and their rules",
};

/// The rows that scripts measure.
pub(crate) const SCRIPTED: &[Row] = &[
    Row {
        id: "python-parts",
        what: "Python: verify raw parts",
        size: "200 B body",
        unit: Unit::Nanoseconds,
        peer: "hmac.new().hexdigest() + compare_digest",
        target: Target::Faster(7.0),
        note: HAND_WRITTEN_NOTE,
    },
    Row {
        id: "python-token",
        what: "Python: token to dict",
        size: "250 B token",
        unit: Unit::Nanoseconds,
        peer: "PyJWT",
        target: Target::Faster(40.0),
        note: CLOCK_NOTE,
    },
    Row {
        id: "node-parts",
        what: "Node: verify raw parts",
        size: "200 B body",
        unit: Unit::Nanoseconds,
        peer: "crypto.createHmac + timingSafeEqual",
        target: Target::Faster(7.0),
        note: HAND_WRITTEN_NOTE,
    },
    Row {
        id: "node-token",
        what: "Node: token to object",
        size: "250 B token",
        unit: Unit::Nanoseconds,
        peer: "jsonwebtoken (npm)",
        target: Target::Faster(6.0),
        note: CLOCK_NOTE,
    },
    Row {
        id: "wasm-download",
        what: "wasm: download, all that a browser client needs",
        size: "gzip -9",
        unit: Unit::Bytes,
        peer: "20 KB",
        target: Target::Within(1.0),
        note: "the module, its glue and the façade as shipped, each file compressed by itself; 1 KB = 1,000 bytes",
    },
];

const LIMIT: &str = "SHA-256 limit";
const PACKET_NOTE: &str = "the limit is the MAC alone; the product's time holds grammar, age and replay guard. Packets are distinct; the guard \
                           is renewed after 5,000 (a busy server's holds more)";
const RING_NOTE: &str = "the peer checks the MAC alone, over the joined signing input, with a key made once; the product's time holds grammar, \
                         age and replay guard, as against the limit";
const HAND_WRITTEN_NOTE: &str = "the peer checks the MAC alone, over the joined signing input; the product's time holds grammar, age and replay \
                                 guard. Packets are distinct; the guard is renewed after 5,000";
const CLOCK_NOTE: &str = "both read the system's clock for each token, and are given their key once";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faster_is_the_peers_time_over_ours() {
        let target = Target::Faster(6.0);
        assert_eq!(target.ratio(100.0, 700.0), 7.0);
        assert_eq!([5.9, 6.0].map(|ratio| target.is_met(ratio)), [Some(false), Some(true)]);
    }

    #[test]
    fn within_is_our_time_over_the_peers() {
        let target = Target::Within(1.3);
        assert_eq!(target.ratio(150.0, 100.0), 1.5);
        assert_eq!([1.3, 1.4].map(|ratio| target.is_met(ratio)), [Some(true), Some(false)]);
    }

    #[test]
    fn the_notes_say_how_full_the_guard_gets() {
        use crate::contest::Plan;
        assert_eq!([Plan::FULL, Plan::QUICK].map(Plan::inputs), [5_000; 2]);
    }

    #[test]
    fn without_a_target_nothing_is_met_or_short() {
        assert_eq!(Target::None.is_met(9.0), None);
    }
}
