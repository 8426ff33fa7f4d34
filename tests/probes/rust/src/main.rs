//! `cargo xtask probe rust`: reads lines from standard input until it ends and answers each, flushed.

use std::io::{self, BufRead, Write};

use counterseal_probe::{State, answer};

fn main() -> io::Result<()> {
    let mut input = io::BufReader::with_capacity(1 << 16, io::stdin().lock());
    let mut output = io::stdout().lock();
    let mut state = State::default();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        writeln!(output, "{}", answer(&mut state, text))?;
        output.flush()?;
        line.clear();
    }
    Ok(())
}
