//! Runs every case of `tests/vectors/*.json` in this process, so that `cargo test` alone sees what the matrix sees.
//! Cases are kept as text all the way: a parsed value could not hold their lone surrogates and huge numbers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::fs;
use std::path::{Path, PathBuf};

use counterseal_probe::{State, answer};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

#[test]
fn every_vector_is_answered_as_expected() {
    let files = vector_files();
    assert!(!files.is_empty(), "no vector file was found");
    let faults: Vec<String> = files.iter().flat_map(|file| faults_of(file)).take(shown()).collect();
    assert!(faults.is_empty(), "{} cases differ:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn a_doctored_expectation_is_seen() {
    let good = r#"{"id":"x","comment":"","call":{"op":"json.canonical","text":{"concat":["[1.0",{"repeat":[",\ud83d",0]},"]"]}},"expect":{"ok":{"text":"[1]"}}}"#;
    assert_eq!(fault_of(&mut State::default(), serde_json::from_str(good).unwrap()), None);
    for expect in [r#"{"ok":{"text":"[2]"}}"#, r#"{"ok":{}}"#, r#"{"error":"malformed_payload"}"#, "{}"] {
        let doctored = good.replace(r#"{"ok":{"text":"[1]"}}"#, expect);
        assert!(
            fault_of(&mut State::default(), serde_json::from_str(&doctored).unwrap()).is_some(),
            "{doctored}"
        );
    }
}

/// Of each vector an explanation says what the verifier says; what is a guard's to say is set aside.
#[test]
fn every_vector_is_explained_as_it_is_answered() {
    let mut explained = 0;
    for path in vector_files().iter().filter(|path| !path.ends_with("guard.json")) {
        let content = fs::read_to_string(path).unwrap();
        let file: File<'_> = serde_json::from_str(&content).unwrap();
        for case in file.cases {
            let call = expand(case.call.get());
            let Some(asked) = explain_call(&call) else { continue };
            let got: Value = serde_json::from_str(&answer(&mut State::default(), asked.as_bytes())).unwrap();
            let expected: Value = serde_json::from_str(case.expect.get()).unwrap();
            let due = expected["error"].as_str().filter(|code| !GUARD.contains(code)).unwrap_or("ok");
            let said = got["ok"]["outcome"].as_str().or(got["error"]["code"].as_str());
            assert_eq!(said, Some(due), "{}", case.id);
            explained += 1;
        }
    }
    assert!(explained > 3000, "only {explained} vectors verify something");
}

/// The same call, asking why. An explanation has no guard, and one time, where a body in pieces is judged at two.
fn explain_call(call: &str) -> Option<String> {
    let subject = ["packet", "request", "token"]
        .into_iter()
        .find(|subject| call.contains(&format!("\"{subject}.verify\"")))?;
    let asked = call.replacen(&format!("\"{subject}.verify\""), &format!("\"{subject}.explain\""), 1);
    let has = |member: &str| call.contains(&format!("\"{member}\":"));
    asked
        .trim_start()
        .strip_prefix('{')
        .filter(|_| !has("pieces") && !has("guard"))
        .map(|members| format!("{{\"id\":\"0\",{members}"))
}

const GUARD: [&str; 4] = ["replayed", "rate_limited", "replay_guard_full", "replay_guard_starting"];

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    cases: Vec<Case<'a>>,
}

#[derive(Deserialize)]
struct Case<'a> {
    id: String,
    #[serde(borrow)]
    call: &'a RawValue,
    #[serde(borrow)]
    expect: &'a RawValue,
}

fn vector_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors");
    let entries = fs::read_dir(&folder).expect("tests/vectors is there");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    files.sort();
    files
}

fn faults_of(path: &Path) -> Vec<String> {
    let content = fs::read_to_string(path).unwrap();
    let file: File<'_> =
        serde_json::from_str(&content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(!file.cases.is_empty(), "{} holds no case", path.display());
    let mut state = State::default();
    file.cases.into_iter().filter_map(|case| fault_of(&mut state, case)).take(shown()).collect()
}

/// How many faults are worth the time: all, unless `VECTOR_FAULTS` says that fewer will do.
fn shown() -> usize {
    std::env::var("VECTOR_FAULTS").ok().and_then(|count| count.parse().ok()).unwrap_or(usize::MAX)
}

fn fault_of(state: &mut State, case: Case<'_>) -> Option<String> {
    let id = Value::from(case.id);
    let call = expand(case.call.get());
    let line = format!("{{\"id\":{id},{}", call.trim_start().strip_prefix('{').unwrap());
    let got: Value = serde_json::from_str(&answer(state, line.as_bytes())).unwrap();
    let expected: Value = serde_json::from_str(&expand(case.expect.get())).unwrap();
    let same = match expected.get("ok") {
        Some(ok) => got.get("ok").map(without_sentences).as_ref() == Some(ok),
        None => got["error"]["code"].is_string() && got["error"]["code"] == expected["error"],
    };
    (!same || got["id"] != id).then(|| format!("{id}: expected {}, got {}", short(&expected), short(&got)))
}

/// The wording of the codes is not part of the contract, only that there is one.
fn without_sentences(ok: &Value) -> Value {
    let mut ok = ok.clone();
    for code in ok
        .get_mut("codes")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        assert!(
            code.remove("sentence")
                .is_some_and(|sentence| sentence.as_str().is_some_and(|text| !text.is_empty()))
        );
    }
    ok
}

/// Puts the text that `{"repeat":[text,count]}` and `{"concat":[…]}` describe in their place.
fn expand(value: &str) -> String {
    if !value.contains("\"repeat\"") && !value.contains("\"concat\"") {
        return value.to_owned();
    }
    if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(value) {
        return format!("[{}]", items.iter().map(|item| expand(item.get())).collect::<Vec<_>>().join(","));
    }
    let Ok(Members(members)) = serde_json::from_str(value) else { return value.to_owned() };
    described(&members).unwrap_or_else(|| {
        let members =
            members.iter().map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), expand(value)));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    })
}

fn described(members: &[(String, &str)]) -> Option<String> {
    let [(name, value)] = members else { return None };
    let parts: Vec<&RawValue> = serde_json::from_str(value).ok()?;
    match (name.as_str(), parts.as_slice()) {
        ("repeat", [text, count]) => {
            Some(format!("\"{}\"", inside(&expand(text.get()))?.repeat(count.get().parse().ok()?)))
        }
        ("concat", parts) => {
            let texts: Option<String> =
                parts.iter().map(|part| inside(&expand(part.get())).map(str::to_owned)).collect();
            Some(format!("\"{}\"", texts?))
        }
        _ => None,
    }
}

/// What stands between the quotes of a JSON string, escapes left alone.
fn inside(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

fn short(value: &Value) -> String {
    value.to_string().chars().take(300).collect()
}

/// The members of an object in their order.
struct Members<'a>(Vec<(String, &'a str)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            members.push((name, value.get()));
        }
        Ok(Members(members))
    }
}
