//! Bytes of an object that cannot change, and evidence that refers to them instead of a copy.

use super::bytes_in;
use counterseal_shared::Verified;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::ops::Deref;
use std::{mem, ptr};

/// All that a `bytes` holds.
#[derive(Clone, Copy)]
pub(crate) struct Lent<'a, 'py> {
    lender: Borrowed<'a, 'py, PyBytes>,
    bytes: &'a [u8],
}

/// Evidence, and the object that its body is in, if it is not its own.
pub(crate) struct Kept {
    // First, so that it ends before what it refers to.
    verified: Verified<'static>,
    lender: Option<Py<PyBytes>>,
}

impl<'a, 'py> Lent<'a, 'py> {
    #[inline(always)]
    pub(crate) fn of(lender: Borrowed<'a, 'py, PyBytes>) -> Self {
        Self { lender, bytes: bytes_in(lender) }
    }

    /// Evidence whose body is these very bytes refers to them; any other gets a body of its own.
    #[inline(always)]
    pub(crate) fn keep(self, verified: Verified<'_>) -> Kept {
        if !self.is_body_of(&verified) {
            return Kept::own(verified);
        }
        // SAFETY: the body is all that evidence can borrow, and it is what the lender holds: that does not change, and lives as long as the
        // lender, which is kept. `Kept` shows the evidence for no longer than it lives itself.
        let verified = unsafe { mem::transmute::<Verified<'_>, Verified<'static>>(verified) };
        Kept { verified, lender: Some(self.lender.to_owned().unbind()) }
    }

    /// Whether the body of the evidence is these very bytes.
    #[inline(always)]
    pub(crate) fn is_body_of(self, verified: &Verified<'_>) -> bool {
        ptr::eq(verified.body().as_bytes(), self.bytes)
    }
}

impl Deref for Lent<'_, '_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes
    }
}

impl Kept {
    /// Evidence with a body of its own.
    pub(crate) fn own(verified: Verified<'_>) -> Self {
        Self { verified: verified.into_owned(), lender: None }
    }

    pub(crate) fn verified(&self) -> &Verified<'_> {
        &self.verified
    }

    /// The object that the body is in.
    pub(crate) fn lender(&self) -> Option<&Py<PyBytes>> {
        self.lender.as_ref()
    }

    /// Ends it, while the interpreter is at hand: else the object would be let go of in a roundabout way.
    #[inline(always)]
    pub(crate) fn end(self, py: Python<'_>) {
        let Self { verified, lender } = self;
        drop(verified);
        if let Some(lender) = lender {
            lender.drop_ref(py);
        }
    }
}
