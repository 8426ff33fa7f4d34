//! The sizes that rows are measured at.

/// How large, or how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Size {
    /// A packet whose text has 200 bytes, or the parts of the same packet.
    Packet,
    /// A packet, or parts, whose payload has so many bytes.
    Payload(usize),
    /// A JSON text in its RFC 8785 form.
    Json(usize),
    /// Bytes under a MAC.
    Input(usize),
    /// A token's text.
    Token(usize),
    /// Nonces that a guard remembers.
    Live(usize),
    /// Files, compressed.
    Gzip,
}

impl Size {
    /// Bytes of what is signed or written; of a packet's payload.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Packet => PACKET_PAYLOAD,
            Self::Payload(bytes) | Self::Json(bytes) | Self::Input(bytes) | Self::Token(bytes) => bytes,
            Self::Live(_) | Self::Gzip => 0,
        }
    }

    /// For the command line and the scripts.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Packet => "200B".to_owned(),
            Self::Live(nonces) => nonces.to_string(),
            Self::Gzip => "gzip".to_owned(),
            _ => shown(self.bytes()).replace(' ', ""),
        }
    }

    /// For readers.
    pub(crate) fn label(self) -> String {
        match self {
            Self::Packet => "200 B packet".to_owned(),
            Self::Payload(bytes) => format!("{} payload", shown(bytes)),
            Self::Json(bytes) => format!("{} JSON", shown(bytes)),
            Self::Input(bytes) => format!("{} input", shown(bytes)),
            Self::Token(bytes) => format!("{} token", shown(bytes)),
            Self::Live(nonces) => format!("{} live", grouped(nonces)),
            Self::Gzip => "gzip -9".to_owned(),
        }
    }
}

/// The payload that makes a packet of 200 bytes.
const PACKET_PAYLOAD: usize = 55;

/// Of packets and of parts.
pub(super) const PACKETS: &[Size] =
    &[Size::Packet, Size::Payload(64), Size::Payload(256), Size::Payload(KIB), Size::Payload(16 * KIB)];
/// A token ends at 8 KiB. With this header none has 1,024 bytes: base64 without padding has no length of 4 n + 1.
pub(super) const TOKENS: &[Size] = &[Size::Token(250), Size::Token(1023)];

/// 10000000 as 10,000,000.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn shown(bytes: usize) -> String {
    if bytes >= KIB && bytes.is_multiple_of(KIB) {
        format!("{} KiB", bytes / KIB)
    } else {
        format!("{bytes} B")
    }
}

const KIB: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_labels() {
        assert_eq!(
            (Size::Payload(16_384).name(), Size::Payload(16_384).label()),
            ("16KiB".into(), "16 KiB payload".into())
        );
        assert_eq!((Size::Packet.name(), Size::Token(250).label()), ("200B".into(), "250 B token".into()));
        assert_eq!(Size::Live(10_000_000).label(), "10,000,000 live");
    }
}
