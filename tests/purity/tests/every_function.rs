//! The module calls every public function that the core's source declares, and every answer is as due.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_answer_is_as_due() {
    assert!(counterseal_purity::call_everything().unwrap() > 50);
}

#[test]
fn every_public_function_is_called() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let calls: String = rust_files(&root.join("tests/purity/src"))
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let mut functions = Vec::new();
    for path in rust_files(&root.join("core/src")) {
        if !path.ends_with("testing.rs") {
            functions.extend(public_functions(&fs::read_to_string(path).unwrap()));
        }
    }
    let left_out: Vec<_> = functions.iter().filter(|name| !calls.contains(&format!("{name}("))).collect();
    assert!(functions.len() > 80, "only {} functions found in the source", functions.len());
    assert!(left_out.is_empty(), "not called: {left_out:?}");
}

#[test]
fn the_scan_reads_impls_traits_and_free_functions() {
    let source = "impl Key {\n    pub fn id(&self) {}\n    pub(crate) fn hidden() {}\n}\npub fn free<T>() {}\nimpl<'a> Claim<'a> {\n    pub const fn new() {}\n}\n\
                  pub trait Guard {\n    fn claim(&self);\n}\n";
    assert_eq!(public_functions(source), ["Key::id", "free", "Claim::new", "Guard::claim"]);
}

/// `Type::name` of what is public in an `impl` or trait, `name` of what is free.
fn public_functions(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut block: Option<(usize, String, bool)> = None;
    for line in source.lines() {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        if let Some(header) = text.strip_prefix("impl") {
            block = header.ends_with('{').then(|| (indent, type_name(header), false));
        } else if let Some(header) = text.strip_prefix("pub trait ") {
            block = Some((indent, type_name(header), true));
        } else if text.starts_with('}') && block.as_ref().is_some_and(|(at, ..)| *at == indent) {
            block = None;
        }
        let in_trait = block.as_ref().is_some_and(|(.., is_trait)| *is_trait);
        let name = text
            .strip_prefix("pub fn ")
            .or(text.strip_prefix("pub const fn "))
            .or(text.strip_prefix("fn ").filter(|_| in_trait));
        if let Some(name) = name {
            let name = ident(name);
            found.push(block.as_ref().map_or(name.clone(), |(_, of, _)| format!("{of}::{name}")));
        }
    }
    found
}

/// The type in ` Key {`, `<'a> Claim<'a> {` or ` Trait for Type {`.
fn type_name(header: &str) -> String {
    let header = if header.starts_with('<') {
        header.split_once('>').map_or(header, |(_, rest)| rest)
    } else {
        header
    };
    let named = header.split_once(" for ").map_or(header, |(_, of)| of);
    ident(named.trim_start().trim_start_matches('&').trim_start_matches("mut "))
}

fn ident(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}
