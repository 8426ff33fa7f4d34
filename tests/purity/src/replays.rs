//! The replay guard.

use crate::{Answers, now};
use counterseal::{Claim, GuardOptions, MemoryReplayGuard, ReplayGuard, ReplayTag, Result, Tolerance};

pub(super) fn call(answers: &mut Answers) -> Result<()> {
    answers.due(MemoryReplayGuard::new(GuardOptions::default()).is_ok());
    let mut guard = MemoryReplayGuard::from_options(br#"{"capacity":4,"scope":"s"}"#)?;
    answers.due(MemoryReplayGuard::is_empty(&guard));
    answers.due(ReplayGuard::scope(&guard) == "s");
    let tag = ReplayTag::new("s", "packet-1", "k", "n");
    answers.due(ReplayTag::as_bytes(&tag).len() == 16 && ReplayTag::to_text(&tag).len() == 22);
    let claim = Claim::new(tag, "o", now(), Tolerance::default(), now());
    answers.due(ReplayGuard::claim(&mut guard, &claim).is_ok());
    answers.due(ReplayGuard::claim(&mut guard, &claim).is_err());
    answers.due(MemoryReplayGuard::len(&guard) == 1);
    Ok(())
}
