//! The replay guard.

use crate::{Answers, now};
use counterseal::{
    Claim, GuardOptions, MemoryReplayGuard, Nonce, ReplayBooks, ReplayGuard, ReplayTable, ReplayTag, Result,
    SignedNonce, Timestamp, Tolerance,
};

pub(super) fn call(answers: &mut Answers) -> Result<()> {
    answers.due(MemoryReplayGuard::new(GuardOptions::default()).is_ok());
    let mut guard = MemoryReplayGuard::from_options(br#"{"capacity":4,"scope":"s"}"#)?;
    answers.due(MemoryReplayGuard::is_empty(&guard));
    answers.due(ReplayGuard::scope(&guard) == "s");
    let tag = ReplayTag::new("s", "packet-1", "k", "n");
    answers.due(ReplayTag::as_bytes(&tag).len() == 16 && ReplayTag::to_text(&tag).len() == 22);
    let nonce = Nonce::from_bytes([0; 16]);
    let nonce = SignedNonce::new("packet-1", "k", &nonce);
    answers.due(SignedNonce::tag(&nonce, "s") != tag && SignedNonce::mark(&nonce) == nonce.mark());
    let claim = Claim::new(nonce, "o", now(), Tolerance::default(), now());
    answers.due(ReplayGuard::claim(&mut guard, &claim).is_ok());
    answers.due(ReplayGuard::claim(&mut guard, &claim).is_err());
    answers.due(MemoryReplayGuard::len(&guard) == 1);
    call_parts(answers, &claim)
}

/// The parts of which a guard for many threads is made.
fn call_parts(answers: &mut Answers, claim: &Claim<'_>) -> Result<()> {
    answers
        .due(Claim::check_retention(claim, 0).is_ok() && Claim::check_fence(claim, Timestamp::EPOCH).is_ok());
    let options = GuardOptions::from_json(br#"{"capacity":4}"#)?;
    answers.due(GuardOptions::share(&options) == 2);

    let mut tables = ReplayTable::split(options.capacity);
    answers.due(ReplayTable::number(claim.nonce.mark(), tables.len()) == 0);
    let mut table = tables.pop().unwrap_or_else(|| ReplayTable::new(1));
    ReplayTable::advance(&mut table, 9);
    answers.due(ReplayTable::latest(&table) == 9);
    let place = ReplayTable::find(&mut table, claim.nonce.mark(), 0);
    answers.due(place.is_some());
    if let Some(place) = place {
        ReplayTable::put(&mut table, place, 20);
    }
    answers.due(ReplayTable::find(&mut table, claim.nonce.mark(), 20).is_none());

    let mut books = ReplayBooks::new(0, 0);
    let owner = ReplayBooks::add(&mut books, "o");
    answers.due(ReplayBooks::find(&mut books, "o") == Some(owner));
    ReplayBooks::set_limit(&mut books, 2);
    ReplayBooks::set_owner_limit(&mut books, owner, 1);
    answers.due(ReplayBooks::check(&books, Some(owner)).is_ok());
    ReplayBooks::hold(&mut books, owner, 20);
    answers.due(ReplayBooks::held(&books, owner) == 1 && ReplayBooks::live(&books) == 1);
    ReplayBooks::advance(&mut books, 21);
    answers.due(ReplayBooks::latest(&books) == 21 && ReplayBooks::horizon(&books) == 21);
    Ok(())
}
