//! What was executed, for the audit log. What was refused is recorded there by the layer.

use counterseal_shared::AuditEvent;
use counterseal_tower::{AuditLog, Caller, Result};
use serde_json::json;

/// An order that is about to be carried out.
pub(crate) struct Execution<'a> {
    pub(crate) caller: &'a Caller,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) order: &'a str,
    pub(crate) amount: u64,
    pub(crate) limit: u64,
    pub(crate) tenant: &'a str,
}

pub(crate) fn executed(log: &AuditLog, execution: &Execution<'_>) -> Result<()> {
    let Execution { caller, method, path, order, amount, limit, tenant } = execution;
    let metadata = json!({
        "order": order, "amount": amount, "limit": limit, "tenant": tenant,
        "key_id": caller.key_id(), "nonce": caller.nonce(),
    })
    .to_string();
    let event = AuditEvent {
        event: "ORDER_EXECUTED",
        user_id: Some(caller.owner()),
        action: method,
        resource: path,
        success: true,
        metadata: metadata.as_bytes(),
    };
    log.record(&event, None)
}
