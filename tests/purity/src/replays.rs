//! The replay guard.

use crate::{Answers, now};
use counterseal::{
    Claim, GuardOptions, MemoryReplayGuard, Nonce, ReplayBooks, ReplayFound, ReplayGuard, ReplayPlace,
    ReplaySearch, ReplaySpill, ReplayTable, ReplayTag, Result, SignedNonce, Timestamp, Tolerance,
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
    ReplayGuard::expect(&guard, &nonce);
    answers.due(ReplayGuard::claim(&mut guard, &claim).is_ok());
    ReplayGuard::expect(&guard, &nonce);
    answers.due(ReplayGuard::claim(&mut guard, &claim).is_err());
    ReplayGuard::claim_all(&mut guard, &[claim], &mut |answer| answers.due(answer.is_err()));
    answers.due(MemoryReplayGuard::len(&guard) == 1);
    call_parts(answers, &claim)
}

/// The parts of which a guard for many threads is made.
fn call_parts(answers: &mut Answers, claim: &Claim<'_>) -> Result<()> {
    answers
        .due(Claim::check_retention(claim, 0).is_ok() && Claim::check_fence(claim, Timestamp::EPOCH).is_ok());
    let options = GuardOptions::from_json(br#"{"capacity":4}"#)?;
    answers.due(GuardOptions::share(&options) == 2);

    let (table, mark) = (ReplayTable::new(options.capacity), claim.nonce.mark());
    let mut books = ReplayBooks::new(0, 0);
    let owner = ReplayBooks::add(&mut books, "o");
    answers.due(ReplayBooks::find(&mut books, "o") == Some(owner));
    ReplayBooks::set_limit(&mut books, 2);
    ReplayBooks::set_owner_limit(&mut books, owner, 2);
    answers.due(ReplayBooks::check(&books, Some(owner)).is_ok());
    answers.due(ReplayBooks::has_entry(&mut books, &table));
    ReplayBooks::take_entries(&mut books, &mut ReplayBooks::new(0, 0), &table);

    let mut spill = ReplaySpill::new();
    for (nonce, end) in [(1, 20), (2, u64::MAX)] {
        let nonce = Nonce::from_bytes([nonce; 16]);
        let search = || ReplayTable::search(&table, SignedNonce::new("packet-1", "k", &nonce).mark(), 9, end);
        ReplayTable::expect(&table, SignedNonce::new("packet-1", "k", &nonce).mark());
        let alone = ReplaySearch::at_home_alone(search(), || true).map(ReplayPlace::leave);
        let at_home = ReplaySearch::at_home(search(), || true).map(ReplayPlace::leave);
        answers.due([alone, at_home].iter().all(|place| place.is_none() == (end == 20)));
        answers.due(ReplaySearch::fits(&search()) == (end == 20));
        if let ReplayFound::Free(place) = ReplaySearch::find(search(), || true) {
            answers.due(ReplayPlace::fits(&place) == (end == 20) && !ReplayPlace::is_spilled(&place));
            answers.due(!ReplaySpill::holds(&spill, &place, 9));
            ReplayBooks::hold_or_spill(&mut books, owner, place, (&table, &mut spill));
        }
        let held = match ReplaySearch::find(search(), || true) {
            ReplayFound::Held => true,
            ReplayFound::Free(place) => {
                ReplayPlace::leave(place);
                false
            }
            ReplayFound::Busy => return Ok(()),
        };
        answers.due(held == (end == 20));
    }
    answers.due(ReplayBooks::held(&books, owner) == 2 && ReplayBooks::live(&books) == 2);
    ReplaySpill::advance(&mut spill, 21);
    ReplayBooks::advance(&mut books, 21, &table);
    answers.due(ReplayBooks::latest(&books) == 21 && ReplayBooks::horizon(&books) == 21);
    answers
        .due(ReplayBooks::room(&mut books, "o") == Some(owner) && ReplayBooks::has_entry(&mut books, &table));
    if let ReplayFound::Free(place) = ReplaySearch::find(ReplayTable::search(&table, mark, 21, 30), || true) {
        ReplayBooks::hold(&mut books, owner, place, &table);
        answers.due(ReplayBooks::held(&books, owner) == 2);
    }
    Ok(())
}
