//! `xtask-bench`: the product against its peers. Started by `cargo xtask bench`, which first builds what it measures.
//!
//! Product and peers run in one process, by turns, after a warm-up; what counts is the ratio of their medians. It measures and never
//! judges: a row that falls short ends with exit code 0 all the same.

mod arguments;
mod contest;
mod inputs;
mod limit;
mod oracle;
mod report;
mod rows;
mod rust;
mod scripts;
mod statistics;
mod versions;

use std::error::Error;
use std::process::ExitCode;

use arguments::Arguments;
use inputs::Inputs;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("bench: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    let inputs = Inputs::sign(arguments.plan())?;
    let mut measured = rust::measure(&inputs)?;
    measured.extend(scripts::measure(&inputs, &arguments.python)?);
    print!("{}", report::table(&measured));
    if let Some(file) = &arguments.json {
        let text = serde_json::to_string_pretty(&report::json(&measured, inputs.plan))?;
        std::fs::write(file, text + "\n").map_err(|fault| format!("writing {}: {fault}", file.display()))?;
        eprintln!("written: {}", file.display());
    }
    Ok(())
}
