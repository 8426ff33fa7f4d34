//! The quick road: calls that verify and can say nothing but yes. What they answer `undefined` to takes the general road, which decides
//! anew and says what is wrong; a quick call that did not verify has claimed nothing.

use crate::members::Members;
use crate::raw::{Call, Memory, Run, Value, function};
use counterseal_shared::{self as shared, Body, VerifiedRef};
use napi::Env;
use napi::bindgen_prelude::{Result, Unknown};
use napi_derive::napi;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// Memory that quick calls and JavaScript share, and the packet verifiers that are known there: one a thread, made before the first quick call.
#[napi]
pub struct RawMemory {
    memory: Arc<Memory>,
    packets: Rc<RefCell<Verifiers>>,
}

#[napi]
impl RawMemory {
    /// Fresh memory.
    #[napi(constructor, catch_unwind)]
    #[allow(clippy::new_without_default, reason = "a constructor for JavaScript")]
    pub fn new() -> Self {
        Self { memory: Memory::new(), packets: Rc::default() }
    }

    /// The ArrayBuffer over it. Its layout: `ts` and `now` (a float64 each, `now` negative for the system's clock), the body's length (a
    /// uint32), whether the signer is another than last time (a byte), how a token's claims are laid out (a byte, see `members.rs`), the nonce
    /// of a packet's text (22 bytes from 24 on), the body or the claims (from 64 on).
    #[napi(catch_unwind)]
    pub fn buffer<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        self.memory.to_js(env)
    }

    /// The quick calls of all packet verifiers, the verifier's number as their first argument: `name(number, keyId, kind, context)` says what
    /// the next packets are to be; `parts(number, nonce, sig)` verifies the body in memory; `text(number, packet)` verifies a text,
    /// `bytes(number)` one in memory; `signer(number)` names who signed the last, key id LF owner. Handed over in this order.
    ///
    /// They are the same functions for all verifiers, since V8 calls a function that it has met before without a detour.
    #[napi(catch_unwind)]
    pub fn packets<'env>(&self, env: &'env Env) -> Result<Vec<Unknown<'env>>> {
        const CALLS: [Run<Verifiers>; 5] =
            [Verifiers::name, Verifiers::parts, Verifiers::text, Verifiers::bytes, Verifiers::signer];
        functions(env, self, &self.packets, &CALLS)
    }
}

/// The quick calls of a token verifier: `text(token)` verifies a token and returns its claims; `signer()` as that of packets.
pub(crate) fn tokens<'env>(
    env: &'env Env,
    memory: &RawMemory,
    verifier: &shared::TokenVerifier,
) -> Result<Vec<Unknown<'env>>> {
    const CALLS: [Run<Tokens>; 2] = [Tokens::text, Tokens::signer];
    functions(env, memory, &Rc::new(RefCell::new(Tokens::new(verifier.clone()))), &CALLS)
}

/// The packet verifiers of a thread, by number.
#[derive(Default)]
struct Verifiers {
    known: Vec<Option<Packets>>,
    free: Vec<usize>,
}

/// A verifier's place among those of its thread, given back in the end.
pub(crate) struct Enrolled {
    verifiers: Rc<RefCell<Verifiers>>,
    number: usize,
}

impl Enrolled {
    /// `None` where the thread's verifiers are at work.
    pub(crate) fn new(memory: &RawMemory, verifier: &shared::PacketVerifier) -> Option<Self> {
        let mut verifiers = memory.packets.try_borrow_mut().ok()?;
        let number = verifiers.enrol(Packets::new(verifier.clone()));
        Some(Self { verifiers: Rc::clone(&memory.packets), number })
    }

    pub(crate) fn number(&self) -> Option<u32> {
        u32::try_from(self.number).ok()
    }
}

impl Drop for Enrolled {
    fn drop(&mut self) {
        if let Ok(mut verifiers) = self.verifiers.try_borrow_mut() {
            verifiers.known[self.number] = None;
            verifiers.free.push(self.number);
        }
    }
}

impl Verifiers {
    fn enrol(&mut self, packets: Packets) -> usize {
        match self.free.pop() {
            Some(number) => {
                self.known[number] = Some(packets);
                number
            }
            None => {
                self.known.push(Some(packets));
                self.known.len() - 1
            }
        }
    }

    fn called(&mut self, call: &Call) -> Option<&mut Packets> {
        self.known.get_mut(call.index(0)?)?.as_mut()
    }

    fn name(&mut self, memory: &mut [u8], call: &Call) -> Option<Value> {
        self.called(call)?.name(memory, call)
    }

    fn parts(&mut self, memory: &mut [u8], call: &Call) -> Option<Value> {
        self.called(call)?.parts(memory, call)
    }

    fn text(&mut self, memory: &mut [u8], call: &Call) -> Option<Value> {
        self.called(call)?.text(memory, call)
    }

    fn bytes(&mut self, memory: &mut [u8], call: &Call) -> Option<Value> {
        self.called(call)?.bytes(memory, call)
    }

    fn signer(&mut self, _: &mut [u8], call: &Call) -> Option<Value> {
        self.called(call)?.signer.tell(call)
    }
}

struct Packets {
    verifier: shared::PacketVerifier,
    key_id: String,
    kind: String,
    context: String,
    signer: Signer,
}

impl Packets {
    fn new(verifier: shared::PacketVerifier) -> Self {
        let none = String::new;
        Self { verifier, key_id: none(), kind: none(), context: none(), signer: Signer::default() }
    }

    fn name(&mut self, memory: &mut [u8], call: &Call) -> Option<Value> {
        for (at, name) in [&mut self.key_id, &mut self.kind, &mut self.context].into_iter().enumerate() {
            let length = call.utf8(1 + at, memory)?;
            name.clear();
            name.push_str(str::from_utf8(memory.get(..length)?).ok()?);
        }
        call.yes()
    }

    fn parts(&mut self, memory: &mut [u8], call: &Call) -> Option<Value> {
        let (head, room) = memory.split_first_chunk_mut::<BODY>()?;
        let (nonce, sig) = (call.units::<22>(1)?, call.units::<43>(2)?);
        let (nonce, sig) = (nonce.ascii()?, sig.ascii()?);
        let parts = shared::Parts {
            key_id: &self.key_id,
            kind: &self.kind,
            body: room.get(..length(head)?)?,
            ts: float(head, TS)?,
            nonce: nonce.as_str(),
            sig: sig.as_str(),
        };
        let (signer, now) = (&mut self.signer, now(head)?);
        let answer = self.verifier.verify_parts_with(&parts, &self.context, now, |verified| {
            tell(verified, signer, head)?;
            match verified.body() {
                Body::Json(text) => call.text(text),
                Body::Bytes(_) => call.yes(),
            }
        });
        answer.ok()?
    }

    fn text(&mut self, memory: &mut [u8], call: &Call) -> Option<Value> {
        let (_, room) = memory.split_first_chunk_mut::<BODY>()?;
        let length = call.utf8(1, room)?;
        self.packet(length, memory, call)
    }

    fn bytes(&mut self, memory: &mut [u8], call: &Call) -> Option<Value> {
        self.packet(length(memory)?, memory, call)
    }

    fn packet(&mut self, length: usize, memory: &mut [u8], call: &Call) -> Option<Value> {
        let (head, room) = memory.split_first_chunk_mut::<BODY>()?;
        let verified = self.verifier.verify(room.get(..length)?, &self.context, now(head)?).ok()?;
        put(head, TS, &(verified.timestamp().seconds() as f64).to_ne_bytes())?;
        put(head, SIGNER, &[self.signer.changes(verified.key_id(), verified.owner()).into()])?;
        put(head, NONCE, verified.nonce().as_str().as_bytes())?;
        match verified.into_body() {
            Body::Json(text) => call.text(&text),
            Body::Bytes(data) => {
                let data = data.into_owned();
                put(head, LENGTH, &u32::try_from(data.len()).ok()?.to_ne_bytes())?;
                put(room, 0, &data)?;
                call.yes()
            }
        }
    }
}

/// Writes what JavaScript is told of every packet.
fn tell(verified: VerifiedRef<'_, '_>, signer: &mut Signer, head: &mut [u8]) -> Option<()> {
    put(head, TS, &(verified.timestamp().seconds() as f64).to_ne_bytes())?;
    put(head, SIGNER, &[signer.changes(verified.key_id(), verified.owner()).into()])
}

struct Tokens {
    verifier: shared::TokenVerifier,
    signer: Signer,
    members: Members,
}

impl Tokens {
    fn new(verifier: shared::TokenVerifier) -> Self {
        Self { verifier, signer: Signer::default(), members: Members::default() }
    }

    fn text(&mut self, memory: &mut [u8], call: &Call) -> Option<Value> {
        let (head, room) = memory.split_first_chunk_mut::<BODY>()?;
        let length = call.utf8(0, room)?;
        // A ticket's evidence holds more than is written here.
        let verified =
            self.verifier.verify(room.get(..length)?, now(head)?).ok().filter(|token| !token.is_ticket())?;
        put(head, SIGNER, &[self.signer.changes(verified.key_id(), verified.owner()).into()])?;
        let claims = verified.claims_text();
        let answer = call.text(&claims)?;
        // Last, so that JavaScript hears of all names that are remembered here.
        put(head, LAYOUT, &[self.members.lay_out(claims.as_bytes(), room) as u8])?;
        Some(answer)
    }

    fn signer(&mut self, _: &mut [u8], call: &Call) -> Option<Value> {
        self.signer.tell(call)
    }
}

/// Who signed last: most calls then need not make the same two strings again.
#[derive(Default)]
struct Signer {
    key_id: String,
    owner: String,
}

impl Signer {
    fn changes(&mut self, key_id: &str, owner: &str) -> bool {
        let changes = self.key_id != key_id || self.owner != owner;
        if changes {
            *self = Self { key_id: key_id.to_owned(), owner: owner.to_owned() };
        }
        changes
    }

    fn tell(&self, call: &Call) -> Option<Value> {
        call.text(&format!("{}\n{}", self.key_id, self.owner))
    }
}

fn functions<'env, S: 'static>(
    env: &'env Env,
    memory: &RawMemory,
    state: &Rc<RefCell<S>>,
    calls: &[Run<S>],
) -> Result<Vec<Unknown<'env>>> {
    calls.iter().map(|run| function(env, state, &memory.memory, *run)).collect()
}

fn now(head: &[u8]) -> Option<Option<f64>> {
    // What is not a time is the façade's to judge.
    float(head, NOW).map(|now| if now < 0.0 { None } else { Some(now) })
}

fn float(head: &[u8], at: usize) -> Option<f64> {
    head.get(at..)?.first_chunk().copied().map(f64::from_ne_bytes)
}

fn length(head: &[u8]) -> Option<usize> {
    head.get(LENGTH..)?.first_chunk().copied().map(|bytes| u32::from_ne_bytes(bytes) as usize)
}

fn put(memory: &mut [u8], at: usize, bytes: &[u8]) -> Option<()> {
    memory.get_mut(at..at + bytes.len())?.copy_from_slice(bytes);
    Some(())
}

const TS: usize = 0;
const NOW: usize = 8;
const LENGTH: usize = 16;
const SIGNER: usize = 20;
const LAYOUT: usize = 21;
const NONCE: usize = 24;
const BODY: usize = 64;
