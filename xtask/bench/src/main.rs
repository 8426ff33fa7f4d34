//! `xtask-bench`: the product against its peers. Started by `cargo xtask bench`, which first builds what it measures.
//!
//! Product and peers run in one process, by turns, after a warm-up; what counts is the ratio of their medians. It measures and never
//! judges: a row that falls short ends with exit code 0 all the same. A row that could not be measured does not.

mod arguments;
mod book;
mod constant_time;
mod contest;
mod guard;
mod inputs;
mod limit;
mod loopback;
mod oracle;
mod payload;
mod report;
mod rows;
mod rust;
mod scale;
mod scripts;
mod statistics;
mod versions;
mod welch;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use arguments::Arguments;
use book::Book;
use inputs::Inputs;
use report::{Report, markdown, svg, table};

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

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
    let mut given = std::env::args().skip(1).peekable();
    if given.next_if(|first| first == "scale").is_some() {
        return scale::run(given);
    }
    let arguments = Arguments::read(given)?;
    if let Some(nonces) = arguments.resident {
        println!("{}", guard::resident_after(nonces)?);
        return Ok(());
    }
    let report = match &arguments.from {
        Some(file) => serde_json::from_str(&read(file)?)?,
        None => measure(&arguments)?,
    };
    print!("{}", table::table(&report));
    if let Some(file) = &arguments.json {
        write(file, &(serde_json::to_string_pretty(&report)? + "\n"))?;
    }
    if let Some(file) = &arguments.svg {
        write(file, &svg::plot(&report))?;
    }
    if let Some(file) = &arguments.markdown {
        let page = if file.exists() { read(file)? } else { String::new() };
        write(file, &markdown::in_page(&page, &report)?)?;
    }
    match report.faults() {
        0 => Ok(()),
        faults => Err(format!("{faults} rows could not be measured").into()),
    }
}

fn measure(arguments: &Arguments) -> Result<Report> {
    let wanted = rows::entries(&arguments.only);
    if wanted.is_empty() {
        return Err(format!("no row's name holds `{}`", arguments.only).into());
    }
    let (mut book, inputs) = (Book::new(wanted), Inputs::new(arguments.plan())?);
    rust::play(&mut book, &inputs);
    guard::play(&mut book, inputs.plan);
    constant_time::play(&mut book, &inputs);
    loopback::play(&mut book, &inputs);
    scripts::play(&mut book, &inputs, &arguments.python);
    Ok(Report::new(&book, inputs.plan.contest.as_secs_f64()))
}

fn read(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).map_err(|fault| format!("reading {}: {fault}", file.display()).into())
}

fn write(file: &Path, text: &str) -> Result<()> {
    std::fs::write(file, text).map_err(|fault| format!("writing {}: {fault}", file.display()))?;
    eprintln!("written: {}", file.display());
    Ok(())
}
