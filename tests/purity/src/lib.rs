//! Calls every public function of the core, without `std`. Built for wasm32 the module must import nothing and find every answer as due.
//!
//! Each call is written with its type (`Key::id(&key)`), so that `tests/every_function.rs` sees that none is left out.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;
#[cfg(all(feature = "std", target_arch = "wasm32"))]
extern crate std;

mod audits;
mod errors;
mod explanations;
mod json_text;
mod keys;
mod packets;
mod replays;
mod requests;
mod sessions;
mod tokens;
#[cfg(target_arch = "wasm32")]
mod wasm;

use counterseal::Timestamp;

/// Calls everything. Gives the number of answers that were as due, or the number of the first that was not.
///
/// # Errors
/// The first wrong answer, counted from 1.
pub fn call_everything() -> Result<u32, u32> {
    let mut answers = Answers { right: 0, wrong: None };
    errors::call(&mut answers);
    json_text::call(&mut answers);
    let subjects = [
        audits::call,
        explanations::call,
        keys::call,
        packets::call,
        replays::call,
        requests::call,
        sessions::call,
        tokens::call,
    ];
    for subject in subjects {
        // An error that ends a subject early is a wrong answer.
        let ended = subject(&mut answers).is_ok();
        answers.due(ended);
    }
    match answers.wrong {
        None => Ok(answers.right),
        Some(number) => Err(number),
    }
}

struct Answers {
    right: u32,
    wrong: Option<u32>,
}

impl Answers {
    fn due(&mut self, as_due: bool) {
        if as_due {
            self.right += 1;
        } else if self.wrong.is_none() {
            self.wrong = Some(self.right + 1);
        }
    }
}

fn now() -> Timestamp {
    Timestamp::new(1_708_167_234).unwrap_or(Timestamp::EPOCH)
}
