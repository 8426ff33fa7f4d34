//! The audit log under real kills: this executable starts itself as the writer, and ends it in the middle of its work.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod audit_folder;

use audit_folder::{Folder, event, secret};
use counterseal_shared::{AuditEvent, AuditLog, ErrorCode, audit_log_files, verify_audit_log};
use std::collections::HashSet;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

#[test]
fn what_was_recorded_outlives_kills() {
    if let Some(path) = env::var_os(LOG) {
        return record_until_killed(Path::new(&path));
    }
    let folder = Folder::new("kills");
    let mut recorded = Vec::new();
    for round in 0..ROUNDS {
        let mut child =
            itself("what_was_recorded_outlives_kills", &folder).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let heard = said.by_ref().filter_map(|line| line.strip_prefix(SAID).map(str::to_owned));
        recorded.extend(heard.take(1 + round * 13 % 90));
        let second = AuditLog::open(&folder.log(), Some(&secret()), "{}").unwrap_err();
        assert!(second.detail().contains("has a writer already"), "{second}");
        kill(&mut child);
        recorded.extend(said.filter_map(|line| line.strip_prefix(SAID).map(str::to_owned)));
        let fault =
            verify_audit_log(&audit_log_files(&folder.log()).unwrap(), Some(&secret()), "{}").unwrap().fault;
        assert_eq!(fault, None, "round {round}");
    }
    let log = AuditLog::open(&folder.log(), Some(&secret()), "{}").unwrap();
    log.record(&event(), None).unwrap();
    let files = audit_log_files(&folder.log()).unwrap();
    assert!(files.len() > ROUNDS / 2, "the kills came by no rotation: {} files", files.len());
    let report = verify_audit_log(&files, Some(&secret()), "{}").unwrap();
    assert_eq!((report.fault, report.torn_bytes, report.head), (None, 0, log.head()));

    let text: String = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let held: HashSet<&str> = text.lines().map(|line| line.split('"').nth(17).unwrap()).collect();
    assert!(recorded.len() >= ROUNDS && recorded.iter().all(|action| held.contains(&**action)));
}

/// A disk that has room for a part of the line: the system writes that part, then no more.
#[test]
fn a_write_cut_short_is_taken_back() {
    if let Some(path) = env::var_os(LOG) {
        return record_until_full(Path::new(&path));
    }
    let folder = Folder::new("cut-short");
    let child = itself("a_write_cut_short_is_taken_back", &folder);
    let limited = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "sh"])
        .arg(child.get_program())
        .args(child.get_args())
        .env(LOG, folder.log())
        .output()
        .unwrap();
    assert!(limited.status.success(), "{}", String::from_utf8_lossy(&limited.stdout));
    let log = AuditLog::open(&folder.log(), Some(&secret()), "{}").unwrap();
    log.record(&event(), None).unwrap();
    let text = folder.text();
    assert!(text.contains("\"fits\"") && !text.contains("AUDIT_LOG_RECOVERED"), "{text}");
    let report = verify_audit_log(&[folder.log()], Some(&secret()), "{}").unwrap();
    assert_eq!((report.fault, report.torn_bytes, report.head), (None, 0, log.head()));
}

fn record_until_killed(path: &Path) {
    let log = AuditLog::open(path, Some(&secret()), r#"{"rotate_bytes":4096}"#).unwrap();
    let process = std::process::id();
    thread::scope(|scope| {
        for thread in 0..2 {
            let log = &log;
            scope.spawn(move || {
                for number in 0_u64.. {
                    let action = format!("{process}:{thread}:{number}");
                    log.record(&AuditEvent { action: &action, ..event() }, None).unwrap();
                    println!("{SAID}{action}");
                }
            });
        }
    });
}

fn record_until_full(path: &Path) {
    let log = AuditLog::open(path, Some(&secret()), "{}").unwrap();
    let metadata = format!(r#"{{"long":"{}"}}"#, "x".repeat(3000));
    let long = AuditEvent { metadata: metadata.as_bytes(), ..event() };
    let error = (0..100).find_map(|_| log.record(&long, None).err()).unwrap();
    assert_eq!(error.code(), ErrorCode::StoreUnavailable);
    assert!(fs::read_to_string(path).unwrap().ends_with("\"}\n"), "the torn line is cut at once");
    assert_eq!(log.record(&long, None).unwrap_err().code(), ErrorCode::StoreUnavailable);
    log.record(&AuditEvent { action: "fits", ..event() }, None).unwrap();
}

/// This executable, to run that test as the writer.
fn itself(test: &str, folder: &Folder) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]).env(LOG, folder.log());
    command
}

/// SIGKILL, which no process can catch.
fn kill(child: &mut Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

const ROUNDS: usize = 25;
const LOG: &str = "COUNTERSEAL_TEST_LOG";
const SAID: &str = "recorded ";
