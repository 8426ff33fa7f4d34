//! JSON that the core has read, as Python objects.

use crate::error::Result;
use counterseal_shared::json::Value;
use counterseal_shared::read_json;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyList, PyString};

/// The Python value of canonical JSON text: whole numbers within ±(2^53 − 1) are `int`, the others `float`.
pub(crate) fn parse<'py>(py: Python<'py>, text: &str) -> Result<Bound<'py, PyAny>> {
    Ok(object(py, &read_json(text.as_bytes())?)?)
}

/// The text of a packet that was just signed, as a dict, ready for any JSON transport.
///
/// A payload may be as deep as the reader goes, so it is read by itself. A signer writes the members in one order, and none before the
/// payload can hold a quote, nor the one after it.
pub(crate) fn parse_packet<'py>(py: Python<'py>, text: &str) -> Result<Bound<'py, PyAny>> {
    let packet = PyDict::new(py);
    let Some((head, rest)) = text.split_once(PAYLOAD) else {
        add_members(&packet, text)?;
        return Ok(packet.into_any());
    };
    let (payload, signature) = rest.rsplit_once(SIG).unwrap_or((rest, ""));
    add_members(&packet, &format!("{head}}}"))?;
    packet.set_item(intern!(py, "payload"), parse(py, payload)?)?;
    add_members(&packet, &format!("{{{}{signature}", &SIG[1..]))?;
    Ok(packet.into_any())
}

fn add_members(packet: &Bound<'_, PyDict>, text: &str) -> Result<()> {
    let py = packet.py();
    if let Value::Object(members) = read_json(text.as_bytes())? {
        for (name, value) in &members {
            packet.set_item(member_name(py, name), object(py, value)?)?;
        }
    }
    Ok(())
}

/// A member's name, made once for all packets. Names inside a payload are the peer's and would stay in memory for good.
fn member_name<'py>(py: Python<'py>, name: &str) -> Bound<'py, PyString> {
    match name {
        "v" => intern!(py, "v").clone(),
        "kid" => intern!(py, "kid").clone(),
        "ts" => intern!(py, "ts").clone(),
        "nonce" => intern!(py, "nonce").clone(),
        "payload" => intern!(py, "payload").clone(),
        "data" => intern!(py, "data").clone(),
        "sig" => intern!(py, "sig").clone(),
        _ => PyString::new(py, name),
    }
}

fn object<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(flag) => PyBool::new(py, *flag).to_owned().into_any(),
        Value::Number(number) => self::number(py, number.get())?,
        Value::String(text) => PyString::new(py, text).into_any(),
        Value::Array(items) => {
            let items = items.iter().map(|item| object(py, item)).collect::<PyResult<Vec<_>>>()?;
            PyList::new(py, items)?.into_any()
        }
        Value::Object(members) => {
            let dict = PyDict::new(py);
            for (name, value) in members {
                dict.set_item(name, object(py, value)?)?;
            }
            dict.into_any()
        }
    })
}

fn number(py: Python<'_>, number: f64) -> PyResult<Bound<'_, PyAny>> {
    if number.fract() == 0.0 && number.abs() <= MAX_SAFE {
        return Ok((number as i64).into_pyobject(py)?.into_any());
    }
    Ok(PyFloat::new(py, number).into_any())
}

/// 2^53 − 1.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;
const PAYLOAD: &str = ",\"payload\":";
const SIG: &str = ",\"sig\":";
