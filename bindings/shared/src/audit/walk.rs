//! Lines of files followed one after the other, in memory that does not grow with them.

use alloc::vec::Vec;
use counterseal::{AuditChain, AuditFault, AuditHead, Secret};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

/// A walk along a chain.
pub(super) struct Walk<'a> {
    secret: Option<&'a Secret>,
    /// None: the first line says where it begins.
    chain: Option<AuditChain>,
    /// The head that must be come by, until it is.
    expected: Option<AuditHead>,
    /// Where it stands: the last record that verified, or where the chain began.
    pub(super) head: AuditHead,
    /// Records that verified.
    pub(super) records: u64,
    /// The number of the first record; 0 before it.
    pub(super) first: u64,
}

/// What one file holds.
#[derive(Debug, Default)]
pub(super) struct Pass {
    /// Lines that verified.
    pub(super) lines: u64,
    /// Bytes of those lines.
    pub(super) whole: u64,
    /// Bytes behind the last LF.
    pub(super) torn: u64,
    /// What ended the walk.
    pub(super) fault: Option<AuditFault>,
}

impl<'a> Walk<'a> {
    /// A walk that begins behind `chain`, or, without one, wherever the first line says.
    pub(super) fn new(
        secret: Option<&'a Secret>,
        chain: Option<AuditChain>,
        expected: Option<AuditHead>,
    ) -> Self {
        let head = chain.as_ref().map_or(AuditHead::FIRST, AuditChain::head);
        Self { secret, chain, expected, head, records: 0, first: 0 }
    }

    /// Follows the lines of a file up to the first fault.
    pub(super) fn file(&mut self, file: &File) -> io::Result<Pass> {
        let mut reader = BufReader::with_capacity(LINE_MAX, file);
        let (mut line, mut pass) = (Vec::new(), Pass::default());
        loop {
            line.clear();
            let read = (&mut reader).take(LINE_MAX as u64).read_until(b'\n', &mut line)? as u64;
            if line.pop_if(|last| *last == b'\n').is_none() {
                // No record is as long as this: the line was not torn, it is none.
                pass.fault = (read == LINE_MAX as u64).then_some(AuditFault::NotARecord);
                pass.torn = if pass.fault.is_some() { 0 } else { read };
                return Ok(pass);
            }
            if let Err(fault) = self.line(&line) {
                pass.fault = Some(fault);
                return Ok(pass);
            }
            pass.lines += 1;
            pass.whole += read;
        }
    }

    /// The chain as far as it was followed.
    pub(super) fn chain(self) -> AuditChain {
        self.chain.unwrap_or_else(|| AuditChain::new(self.secret))
    }

    /// Whether the head that was expected has been come by.
    pub(super) fn check_expected(&mut self) -> Result<(), AuditFault> {
        self.come_by(self.head)?;
        if self.expected.is_none() { Ok(()) } else { Err(AuditFault::OtherHead) }
    }

    fn line(&mut self, line: &[u8]) -> Result<(), AuditFault> {
        let mut chain = match self.chain.take() {
            Some(chain) => chain,
            None => AuditChain::before(self.secret, line)?,
        };
        let before = chain.head();
        let followed = chain.follow(line);
        let head = chain.head();
        self.chain = Some(chain);
        followed?;
        self.come_by(before)?;
        self.come_by(head)?;
        self.head = head;
        self.records += 1;
        if self.first == 0 {
            self.first = head.seq();
        }
        Ok(())
    }

    fn come_by(&mut self, head: AuditHead) -> Result<(), AuditFault> {
        match self.expected {
            Some(expected) if expected == head => self.expected = None,
            Some(expected) if expected.seq() == head.seq() => return Err(AuditFault::OtherHead),
            _ => {}
        }
        Ok(())
    }
}

/// The chain behind the last line of a file that another one continues.
pub(super) fn last_of(
    file: &mut File,
    secret: Option<&Secret>,
) -> io::Result<Result<AuditChain, AuditFault>> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LINE_MAX as u64)))?;
    let mut end = Vec::new();
    file.take(LINE_MAX as u64).read_to_end(&mut end)?;
    if end.pop_if(|last| *last == b'\n').is_none() {
        return Ok(Err(AuditFault::Torn));
    }
    let line = end.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    Ok(AuditChain::before(secret, line).and_then(|mut chain| {
        chain.follow(line)?;
        Ok(chain)
    }))
}

/// Bytes of a line with its LF; a record has less than half of it.
const LINE_MAX: usize = 64 * 1024;
