//! What is wrong with a log. A fault is a finding about a file and no refusal, so it has no code of the closed list.

use core::fmt;

/// Why a line does not continue its chain, in the order in which a line is judged; the last two are findings about whole files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditFault {
    /// The line is not a record as the log writes it.
    NotARecord,
    /// Its hash does not fit it.
    Changed,
    /// Its number is not the next.
    OutOfOrder,
    /// It does not carry the hash of the line before.
    Unlinked,
    /// A file that another one continues ends within a line.
    Torn,
    /// The chain does not hold the head that was expected.
    OtherHead,
}

impl AuditFault {
    /// The fault's name, the same in every language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotARecord => "not_a_record",
            Self::Changed => "changed",
            Self::OutOfOrder => "out_of_order",
            Self::Unlinked => "unlinked",
            Self::Torn => "torn",
            Self::OtherHead => "other_head",
        }
    }

    /// One sentence that says what the fault means.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotARecord => "The line is not a record, byte for byte as the log writes it.",
            Self::Changed => {
                "The hash does not fit the line: it was changed, or the log is kept under another secret."
            }
            Self::OutOfOrder => {
                "The number is not the next one: lines were removed, inserted or moved, or files are missing or out of order."
            }
            Self::Unlinked => {
                "The line does not carry the hash of the line before: the one or the other is of another chain."
            }
            Self::Torn => "The file ends within a line, and another file goes on.",
            Self::OtherHead => {
                "The chain does not hold the expected head: its end was cut off, it begins later, or it was written anew."
            }
        }
    }
}

impl fmt::Display for AuditFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

impl core::error::Error for AuditFault {}
