//! `counterseal._core`, the Python shell over `counterseal-shared`. It binds arguments and converts values; it judges nothing.

#![allow(clippy::too_many_arguments, reason = "a method's parameters are its Python signature")]

mod arguments;
mod audit;
mod bytes;
mod canonical;
mod error;
mod guard;
mod interpreter;
mod key;
mod names;
mod object;
mod packet;
mod request;
mod session;
mod store;
mod text;
mod ticket;
mod token;
mod tools;
mod trust;
mod value;
mod work;

/// The extension module.
#[pyo3::pymodule]
mod _core {
    #[pymodule_export]
    use crate::audit::{AuditLog, audit_log_files, verify_audit_log};
    #[pymodule_export]
    use crate::guard::{MemoryReplayGuard, SharedReplayGuard};
    #[pymodule_export]
    use crate::key::{Key, Keyring, Secret};
    #[pymodule_export]
    use crate::packet::{PacketSigner, PacketVerifier};
    #[pymodule_export]
    use crate::request::{PendingRequest, RequestSigner, RequestVerifier, VerifiedRequest};
    #[pymodule_export]
    use crate::session::Session;
    #[pymodule_export]
    use crate::ticket::{Ticket, TicketIssuer, ticket_keys};
    #[pymodule_export]
    use crate::token::{TokenIssuer, TokenVerifier};
    #[pymodule_export]
    use crate::tools::{canonical_json, derive, error_list, generate_nonce, refusal};
    #[pymodule_export]
    use crate::trust::Trust;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::packet::add(module)?;
        crate::request::add_methods(module.py())?;
        crate::session::add_methods(module.py())?;
        crate::token::add(module)?;
        crate::trust::add_methods(module.py())?;
        module.add("__version__", counterseal_shared::version())
    }
}
