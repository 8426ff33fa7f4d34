//! The closed list of codes.
#![allow(unsafe_code, reason = "an export needs a fixed name")]

use crate::engine::call;
use alloc::string::String;
use counterseal_shared as shared;

/// All codes: a row of four lines each (code, class, status, sentence), as fields.
#[unsafe(no_mangle)]
pub(crate) extern "C" fn error_list() -> i32 {
    call(|_, answer, _| {
        Ok(shared::error_list().iter().map(|info| answer.field(row(info))).last().unwrap_or(0))
    })
}

fn row(info: &shared::ErrorInfo) -> String {
    let status = [100, 10, 1].map(|place| char::from(b'0' + (info.status / place % 10) as u8));
    [info.code, info.class, &String::from_iter(status), info.sentence].join("\n")
}
