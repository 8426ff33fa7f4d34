//! Audit records written and followed, and the options of their logs.

use crate::{Answers, now};
use alloc::string::ToString;
use counterseal::{
    AuditChain, AuditEvent, AuditFault, AuditHead, AuditLogOptions, AuditVerifyOptions, Result, Secret,
};

pub(super) fn call(answers: &mut Answers) -> Result<()> {
    let secret = Secret::from_bytes(&[7; 32])?;
    let event = AuditEvent {
        event: "AUTH_FAILED",
        user_id: None,
        action: "connect",
        resource: "/engine",
        success: false,
        metadata: br#"{"code":"token_expired"}"#,
    };
    let mut chain = AuditChain::new(Some(&secret));
    AuditChain::record(&mut chain, &event, now())?;
    let line = AuditChain::record(&mut chain, &event, now())?;
    let line = line.as_bytes();

    let begun = AuditChain::before(Some(&secret), line);
    let followed = begun.and_then(|mut begun| {
        AuditChain::follow(&mut begun, line)?;
        Ok(AuditChain::head(&begun))
    });
    let head = AuditChain::head(&chain);
    answers.due(followed == Ok(head) && AuditHead::seq(&head) == 2);
    answers.due(AuditHead::parse(&head.to_string()) == Some(head));
    answers.due(AuditChain::follow(&mut chain, line) == Err(AuditFault::OutOfOrder));
    answers.due(AuditFault::as_str(AuditFault::Torn) == "torn");
    answers.due(!AuditFault::sentence(AuditFault::Changed).is_empty());
    answers.due(AuditLogOptions::from_json(br#"{"rotate_bytes":4096}"#).is_ok());
    answers.due(AuditVerifyOptions::from_json(br#"{"continued":true}"#).is_ok_and(|given| given.continued));
    Ok(())
}
