//! The copy of the workspace that holds every mutant.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::rewrite::{self, Mutant};

/// What the copy holds.
pub(crate) struct Instrumented {
    pub(crate) mutants: Vec<Mutant>,
    /// Places that were left alone although they could hold a mutant.
    pub(crate) left: Vec<String>,
}

/// Writes the copy. A file that did not change keeps its time, so that a second build is quick.
pub(crate) fn write(root: &Path, copy: &Path) -> Result<Instrumented, String> {
    let mut instrumented = Instrumented { mutants: Vec::new(), left: Vec::new() };
    let mut written = BTreeSet::new();
    for folder in FOLDERS {
        for path in files(&root.join(folder))? {
            let name = path.strip_prefix(root).unwrap_or(&path).to_path_buf();
            let mut bytes = fs::read(&path).map_err(|fault| said(&path, &fault))?;
            if is_mutated(&name) {
                bytes = mutated(&name, &bytes, &mut instrumented)?;
            }
            put(&copy.join(&name), &bytes)?;
            written.insert(copy.join(name));
        }
    }
    let switch = copy.join("core/src/mutant.rs");
    put(&switch, include_bytes!("switch.rs.txt"))?;
    written.insert(switch);
    put(&copy.join("Cargo.toml"), workspace(&crate::read(&root.join("Cargo.toml"))?)?.as_bytes())?;
    put(&copy.join("Cargo.lock"), crate::read(&root.join("Cargo.lock"))?.as_bytes())?;
    written.extend(["Cargo.toml", "Cargo.lock"].map(|name| copy.join(name)));
    drop_others(copy, &written)?;
    Ok(instrumented)
}

fn is_mutated(name: &Path) -> bool {
    let is_of_tests = |part: &Path| ["tests", "tests.rs", "testing.rs"].iter().any(|own| part.ends_with(own));
    name.starts_with("core/src")
        && name.extension().is_some_and(|end| end == "rs")
        && !name.ancestors().any(is_of_tests)
}

fn mutated(name: &Path, bytes: &[u8], instrumented: &mut Instrumented) -> Result<Vec<u8>, String> {
    let shown = name.to_string_lossy().replace('\\', "/");
    let source = std::str::from_utf8(bytes).map_err(|fault| format!("{shown}: {fault}"))?;
    let rewritten = rewrite::file(&shown, source, instrumented.mutants.len() + 1)
        .map_err(|fault| format!("{shown}: {fault}"))?;
    instrumented.mutants.extend(rewritten.mutants);
    instrumented.left.extend(rewritten.left);
    let mut text = rewritten.text;
    if shown == "core/src/lib.rs" {
        text.push_str("\nmod mutant;\n");
    }
    Ok(text.into_bytes())
}

/// The workspace with the members that are copied, built as fast to run and as quick to panic as can be.
fn workspace(manifest: &str) -> Result<String, String> {
    let (before, rest) = manifest.split_once("members = [").ok_or("Cargo.toml: no members")?;
    let (_, after) = rest.split_once("\n]\n").ok_or("Cargo.toml: members do not end")?;
    let after: String = after
        .lines()
        .filter(|line| !line.starts_with("default-members"))
        .map(|line| format!("{line}\n"))
        .collect();
    let members = MEMBERS.map(|member| format!("\"{member}\"")).join(", ");
    Ok(format!("{before}members = [{members}]\n{after}{PROFILE}"))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|fault| said(folder, &fault))? {
        let path = entry.map_err(|fault| said(folder, &fault))?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|fault| said(folder, &fault))?;
    }
    fs::write(path, bytes).map_err(|fault| said(path, &fault))
}

fn drop_others(copy: &Path, written: &BTreeSet<PathBuf>) -> Result<(), String> {
    for path in files(copy)?.into_iter().filter(|path| !written.contains(path)) {
        fs::remove_file(&path).map_err(|fault| said(&path, &fault))?;
    }
    Ok(())
}

fn said(path: &Path, fault: &std::io::Error) -> String {
    format!("{}: {fault}", path.display())
}

const FOLDERS: [&str; 4] = ["core", "bindings/shared", "tests/probes/rust", "tests/vectors"];
const MEMBERS: [&str; 3] = ["core", "bindings/shared", "tests/probes/rust"];
const PROFILE: &str = "
[profile.dev]
opt-level = 2
debug = false
debug-assertions = true
overflow-checks = true
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_not_mutated() {
        assert!(is_mutated(Path::new("core/src/json/reader.rs")));
        for name in [
            "core/src/json/tests.rs",
            "core/src/token/tests/keys.rs",
            "core/src/testing.rs",
            "core/tests/wycheproof.rs",
        ] {
            assert!(!is_mutated(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn the_copied_workspace_has_its_own_members() {
        let manifest = "[workspace]\nmembers = [\n    \"a\", # b\n]\ndefault-members = [\"a\"]\n\n[x]\n";
        let copied = workspace(manifest).unwrap();
        assert!(copied.starts_with("[workspace]\nmembers = [\"core\", "), "{copied}");
        assert!(copied.contains("[x]\n") && !copied.contains("default"), "{copied}");
    }
}
