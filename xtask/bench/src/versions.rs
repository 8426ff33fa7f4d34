//! The versions of what is measured.

use crate::Result;

/// The version of a crate that this one is built with, from the lock file.
pub(crate) fn locked(name: &str) -> Result<String> {
    in_lock(include_str!("../../../Cargo.lock"), name)
        .map(str::to_owned)
        .ok_or_else(|| format!("{name} is not among the dependencies in Cargo.lock").into())
}

/// The processor's part in it: SHA-256 in hardware changes every ratio.
pub(crate) fn rust() -> String {
    let sha = if has_sha_instructions() { "with" } else { "without" };
    format!("{} {sha} SHA instructions", std::env::consts::ARCH)
}

/// The processor by name where the system tells it, and how many of them there are.
pub(crate) fn machine() -> String {
    let count = std::thread::available_parallelism().map_or(1, usize::from);
    let account = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name =
        account.lines().find_map(|line| Some(line.strip_prefix("model name")?.split_once(':')?.1.trim()));
    let name = name.map_or_else(String::new, |name| format!("{name}, "));
    format!("{name}{}, {count} processors", rust())
}

#[cfg(target_arch = "x86_64")]
fn has_sha_instructions() -> bool {
    std::arch::is_x86_feature_detected!("sha")
}

#[cfg(target_arch = "aarch64")]
fn has_sha_instructions() -> bool {
    std::arch::is_aarch64_feature_detected!("sha2")
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn has_sha_instructions() -> bool {
    false
}

/// Where two versions of a crate are locked, our entry names the one that is ours.
fn in_lock<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let ours = package(lock, |package| package == env!("CARGO_PKG_NAME")).next()?;
    let entry = ours.lines().filter_map(quoted).find(|entry| entry.split(' ').next() == Some(name))?;
    if let Some((_, version)) = entry.split_once(' ') {
        return version.split(' ').next();
    }
    let locked = package(lock, |package| package == name).next()?;
    locked.lines().find_map(|line| line.strip_prefix("version = ")).map(|text| text.trim_matches('"'))
}

fn package(lock: &str, is: impl Fn(&str) -> bool) -> impl Iterator<Item = &str> {
    lock.split("[[package]]").filter(move |text| {
        text.lines()
            .find_map(|line| line.strip_prefix("name = "))
            .is_some_and(|name| is(name.trim_matches('"')))
    })
}

fn quoted(line: &str) -> Option<&str> {
    line.strip_prefix(" \"")?.strip_suffix("\",")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "ring"
version = "0.17.14"

[[package]]
name = "sha2"
version = "0.10.9"

[[package]]
name = "sha2"
version = "0.11.1"

[[package]]
name = "xtask-bench"
version = "0.1.0"
dependencies = [
 "ring",
 "sha2 0.11.1",
]
"#;

    #[test]
    fn one_of_one_or_of_two() {
        assert_eq!(in_lock(LOCK, "ring"), Some("0.17.14"));
        assert_eq!(in_lock(LOCK, "sha2"), Some("0.11.1"));
        assert_eq!(in_lock(LOCK, "hmac"), None);
    }

    #[test]
    fn ours_are_found() {
        assert!(locked("ring").unwrap().starts_with("0."));
        assert!(locked("jsonwebtoken").is_ok());
        assert!(locked("serde_json_canonicalizer").is_ok());
    }
}
