//! The rows that are measured in another language: a script is given the inputs and answers one JSON object a row.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Result;
use crate::inputs::Inputs;
use crate::report::Measured;
use crate::rows;

/// Runs them all.
pub(crate) fn measure(inputs: &Inputs, python: &Path) -> Result<Vec<Measured>> {
    let mut measured = script(inputs, python, "python/bench.py")?;
    measured.extend(script(inputs, Path::new("node"), "node/bench.mjs")?);
    measured.extend(script(inputs, Path::new("node"), "node/download.mjs")?);
    Ok(measured)
}

fn script(inputs: &Inputs, program: &Path, name: &str) -> Result<Vec<Measured>> {
    let starting = |fault| format!("starting {}: {fault}", program.display());
    let mut child = Command::new(program)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(starting)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A script that needs no input may have closed it; if it failed, its exit code says so.
        let _ = stdin.write_all(inputs.for_script().to_string().as_bytes());
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("{name} failed ({})", output.status).into());
    }
    String::from_utf8(output.stdout)?
        .lines()
        .map(|line| read(line).map_err(|fault| format!("{name}: {fault}").into()))
        .collect()
}

fn read(line: &str) -> Result<Measured> {
    let answer: Value = serde_json::from_str(line)?;
    let text = |name: &str| answer[name].as_str().map(str::to_owned).ok_or(format!("no {name} in {line}"));
    let samples = |name: &str| -> Result<Vec<f64>> {
        let list = answer[name].as_array().ok_or(format!("no {name} in {line}"))?;
        list.iter().map(|sample| sample.as_f64().ok_or("a sample is no number".into())).collect()
    };
    let id = text("row")?;
    let row = rows::SCRIPTED.iter().find(|row| row.id == id).ok_or(format!("no row {id}"))?;
    Measured::new(
        row,
        text("version")?,
        text("runtime")?,
        text("peer_version")?,
        &samples("product")?,
        &samples("peer")?,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_row() {
        let line = r#"{"row":"python-token","version":"0.1.0","runtime":"CPython","peer_version":"2","product":[1,2],"peer":[3.5]}"#;
        assert!(read(line).is_ok());
        assert!(read(&line.replace("python-token", "python-tokens")).is_err());
        assert!(read(&line.replace("[3.5]", "[]")).is_err());
        assert!(read(&line.replace("peer_version", "peer")).is_err());
    }
}
