//! What `tracing` says, as its usual subscriber writes it.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;
use tracing_subscriber::fmt;

/// Lines that are logged on this thread from now on.
pub(crate) struct Lines(());

struct Text;

impl Lines {
    pub(crate) fn listen() -> Self {
        install();
        TEXT.with_borrow_mut(Vec::clear);
        Self(())
    }

    /// What was logged since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        let text = String::from_utf8(TEXT.take()).unwrap();
        text.lines().map(str::to_owned).collect()
    }
}

/// One subscriber for all tests of a program. It must be there before the first event: what is first said while nobody listens, and another
/// thread begins to, may stay unheard.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        fmt().with_ansi(false).without_time().with_target(false).with_writer(|| Text).init();
    });
}

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        TEXT.with_borrow_mut(|text| text.extend(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

thread_local! {
    static TEXT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}
