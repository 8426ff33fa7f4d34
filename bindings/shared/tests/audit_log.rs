//! The audit log on real files: lines appended, torn ends cut, one writer, and a disk that is full.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod audit_folder;

use audit_folder::{Folder, NOW, code, event, open, record, secret, verify, written};
use counterseal_shared::{
    AuditEvent, AuditFault, AuditLog, Error, ErrorCode, audit_log_files, verify_audit_log,
};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::thread;

#[test]
fn records_are_lines_that_verify() {
    let folder = Folder::new("lines");
    let log = open(&folder, "{}").unwrap();
    assert!(log.head().starts_with("0:AAAA"));
    record(&log, "connect");
    record(&log, "send");
    let lines = folder.text();
    assert_eq!(lines.lines().count(), 2);
    assert!(
        lines.starts_with(r#"{"seq":1,"timestamp":"2026-11-25T22:59:55Z","event":"AUTH_FAILED","user_id":"#)
    );
    assert!(lines.ends_with("\"}\n"));
    let report = verify(&folder, "{}");
    assert_eq!((report.records, report.first_seq, report.last_seq, report.torn_bytes), (2, 1, 2, 0));
    assert_eq!((report.head, report.fault), (log.head(), None));
    assert!(format!("{log:?}").starts_with("AuditLog(at 2:"));
}

#[test]
fn a_log_goes_on_where_it_ended() {
    let folder = written("goes-on", 3);
    let log = open(&folder, "{}").unwrap();
    record(&log, "after");
    assert_eq!(log.head().split_once(':').unwrap().0, "4");
    assert_eq!(verify(&folder, "{}").records, 4);
    log.close();
    log.close();
    assert_eq!(code(log.record(&event(), NOW)), "malformed_argument");
    assert_eq!(log.head(), verify(&folder, "{}").head);
    record(&open(&folder, "{}").unwrap(), "again");
    assert_eq!(verify(&folder, "{}").records, 5);
}

#[test]
fn a_refusal_is_recorded_with_its_code() {
    let folder = Folder::new("refusal");
    let log = open(&folder, "{}").unwrap();
    let error = Error::from(ErrorCode::TokenExpired);
    let given = AuditEvent { success: true, metadata: br#"{"peer":"10.0.0.7"}"#, ..event() };
    log.record_refusal(&given, &error, NOW).unwrap();
    assert!(
        folder.text().contains(r#""success":false,"metadata":{"code":"token_expired","peer":"10.0.0.7"}"#)
    );
    for metadata in [&br#"{"code":"mine"}"#[..], b"[]", b"{", b""] {
        let refused = log.record_refusal(&AuditEvent { metadata, ..given }, &error, NOW);
        assert_eq!(code(refused), "malformed_argument");
    }
    assert_eq!(verify(&folder, "{}").records, 1);
}

#[test]
fn wrong_arguments_leave_no_trace() {
    let folder = written("arguments", 1);
    let log = open(&folder, "{}").unwrap();
    let (before, head) = (folder.text(), log.head());
    for wrong in [AuditEvent { event: "auth failed", ..event() }, AuditEvent { metadata: b"[]", ..event() }] {
        assert_eq!(code(log.record(&wrong, NOW)), "malformed_argument");
    }
    assert_eq!(code(log.record(&event(), Some(0.5))), "malformed_argument");
    assert_eq!((folder.text(), log.head()), (before, head));

    for options in ["[]", r#"{"rotate_bytes":1}"#, r#"{"keep":0}"#, r#"{"sync":"yes"}"#, r#"{"rotate":4096}"#]
    {
        assert_eq!(code(open(&Folder::new("options"), options)), "malformed_argument", "{options}");
    }
    let absent = folder.path().join("absent/audit.log");
    let error = AuditLog::open(&absent, None, "{}").unwrap_err();
    assert_eq!(error.code(), ErrorCode::MalformedArgument);
    assert!(error.detail().contains("its folder must exist"), "{error}");
    std::os::unix::fs::symlink(&absent, folder.path().join("link.log")).unwrap();
    for path in [folder.path(), Path::new("/"), Path::new(""), &folder.path().join("link.log")] {
        assert_eq!(code(AuditLog::open(path, None, "{}")), "malformed_argument", "{}", path.display());
    }
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "the log, its lock and the link: {left:?}");
    assert_eq!(code(verify_audit_log(&[&absent], None, "{}")), "malformed_argument");
    assert_eq!(code(verify_audit_log::<&Path>(&[], None, "{}")), "malformed_argument");
    assert_eq!(code(verify_audit_log(&[folder.log()], None, r#"{"head":"1"}"#)), "malformed_argument");
}

#[test]
fn a_line_torn_at_any_byte_is_cut_and_told() {
    let folder = written("torn", 2);
    let whole = fs::read(folder.log()).unwrap();
    let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let first = &whole[..last];
    for end in last + 1..whole.len() {
        fs::write(folder.log(), &whole[..end]).unwrap();
        let torn = end - last;
        let report = verify(&folder, "{}");
        assert_eq!((report.records, report.torn_bytes, report.fault), (1, torn as u64, None));

        drop(open(&folder, "{}").unwrap());
        let text = fs::read(folder.log()).unwrap();
        assert!(text.starts_with(first), "{torn} torn bytes");
        let told = String::from_utf8(text[last..].to_vec()).unwrap();
        assert!(told.contains(r#""event":"AUDIT_LOG_RECOVERED","user_id":null,"action":"open","resource":"audit.log","success":true"#));
        assert!(told.contains(&format!(r#""metadata":{{"torn_bytes":{torn}}}"#)), "{told}");
        let report = verify(&folder, "{}");
        assert_eq!((report.records, report.torn_bytes, report.fault), (2, 0, None));
    }
}

#[test]
fn a_log_whose_only_line_is_torn_begins_anew() {
    let folder = written("only-torn", 1);
    let whole = fs::read(folder.log()).unwrap();
    fs::write(folder.log(), &whole[..whole.len() - 1]).unwrap();
    drop(open(&folder, "{}").unwrap());
    let report = verify(&folder, "{}");
    assert_eq!((report.records, report.last_seq, report.fault), (1, 1, None));
    assert!(folder.text().contains("AUDIT_LOG_RECOVERED"));
}

#[test]
fn a_log_that_does_not_verify_is_not_continued() {
    let changed = |change: &dyn Fn(&str) -> String| {
        let folder = written("broken", 3);
        let text = change(&folder.text());
        fs::write(folder.log(), &text).unwrap();
        let error = open(&folder, "{}").unwrap_err();
        assert_eq!(error.code(), ErrorCode::MalformedArgument);
        assert_eq!(fs::read_to_string(folder.log()).unwrap(), text, "nothing was written");
        let finding = verify(&folder, "{}").fault.unwrap();
        assert!(error.detail().starts_with(&format!("line {} of the audit log", finding.line)), "{error}");
        assert!(error.detail().contains(finding.fault.as_str()), "{error}");
        (finding.line, finding.fault)
    };
    let without = |text: &str, line: usize| {
        let kept = text.lines().enumerate().filter(|(at, _)| *at != line);
        kept.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    assert_eq!(changed(&|text| text.replace("\"n2\"", "\"n9\"")), (3, AuditFault::Changed));
    assert_eq!(changed(&|text| without(text, 1)), (2, AuditFault::OutOfOrder));
    assert_eq!(changed(&|text| format!("{text}{}\n", "x".repeat(70_000))), (4, AuditFault::NotARecord));
    assert_eq!(changed(&|text| format!("{text}\n")), (4, AuditFault::NotARecord));
    assert_eq!(changed(&|text| format!("{text}{}", "\0".repeat(70_000))), (4, AuditFault::NotARecord));
    assert_eq!(changed(&|text| text.replace('\n', "\r\n")), (1, AuditFault::NotARecord));

    let folder = written("other-secret", 1);
    let error = AuditLog::open(&folder.log(), None, "{}").unwrap_err();
    assert!(error.detail().contains("Open it with the secret that it was begun with"), "{error}");
}

#[test]
fn a_cut_end_shows_to_who_knows_the_head() {
    let folder = written("head", 5);
    let heads: Vec<String> = (1..=5)
        .map(|records| {
            let lines: String = folder.text().lines().take(records).map(|line| format!("{line}\n")).collect();
            let part = Folder::new("head-part");
            fs::write(part.log(), lines).unwrap();
            verify(&part, "{}").head
        })
        .collect();
    let expecting = |head: &str| verify(&folder, &format!(r#"{{"head":"{head}"}}"#)).fault;
    for head in &heads {
        assert_eq!(expecting(head), None, "a log may have gone on since");
    }
    assert_eq!(expecting(&format!("0:{}", "A".repeat(43))), None);
    let other = heads[2].replacen("3:", "2:", 1);
    let finding = expecting(&other).unwrap();
    assert_eq!((finding.line, finding.fault), (2, AuditFault::OtherHead));

    let lines: String = folder.text().lines().take(4).map(|line| format!("{line}\n")).collect();
    fs::write(folder.log(), &lines).unwrap();
    assert_eq!(verify(&folder, "{}").fault, None, "without a head a cut end does not show");
    let finding = expecting(&heads[4]).unwrap();
    assert_eq!((finding.line, finding.fault), (4, AuditFault::OtherHead));

    // A log that begins later may begin right behind the head, and no later.
    let from = |line: usize| -> String { lines.lines().skip(line).map(|line| format!("{line}\n")).collect() };
    let later = |line: usize| {
        fs::write(folder.log(), from(line)).unwrap();
        verify(&folder, &format!(r#"{{"head":"{}","continued":true}}"#, heads[1]))
            .fault
            .map(|found| found.fault)
    };
    assert_eq!(later(1), None);
    assert_eq!(later(2), None);
    assert_eq!(later(3), Some(AuditFault::OtherHead));
}

#[test]
fn an_empty_log_verifies() {
    let folder = Folder::new("empty");
    drop(open(&folder, "{}").unwrap());
    let report = verify(&folder, "{}");
    assert_eq!((report.records, report.first_seq, report.last_seq, report.fault), (0, 0, 0, None));
    assert!(verify(&folder, &format!(r#"{{"head":"1:{}"}}"#, "A".repeat(43))).fault.is_some());
}

#[test]
fn threads_share_a_log() {
    let folder = Folder::new("threads");
    let log = open(&folder, r#"{"rotate_bytes":65536}"#).unwrap();
    thread::scope(|scope| {
        for thread in 0..8 {
            let log = &log;
            scope.spawn(move || {
                for number in 0..250 {
                    record(log, &format!("{thread}:{number}"));
                }
            });
        }
    });
    let report = verify(&folder, "{}");
    assert_eq!((report.records, report.head, report.fault), (2000, log.head(), None));
    let text: String = audit_log_files(&folder.log())
        .unwrap()
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    for thread in 0..8 {
        for number in 0..250 {
            assert_eq!(text.matches(&format!(r#""action":"{thread}:{number}""#)).count(), 1);
        }
    }
}

#[test]
fn a_log_has_one_writer() {
    let folder = written("writer", 1);
    let log = open(&folder, "{}").unwrap();
    let linked = folder.path().join("link.log");
    std::os::unix::fs::symlink(folder.log(), &linked).unwrap();
    for path in [folder.log(), linked, folder.path().join("../writer/audit.log")] {
        let error = AuditLog::open(&path, Some(&secret()), "{}").unwrap_err();
        assert_eq!(error.code(), ErrorCode::MalformedArgument);
        assert!(error.detail().contains("has a writer already"), "{error}");
    }
    log.close();
    record(&open(&folder, "{}").unwrap(), "after");
    assert_eq!(verify(&folder, "{}").records, 2);
}

#[test]
fn each_record_reaches_the_disk_where_asked() {
    let folder = Folder::new("sync");
    let log = open(&folder, r#"{"sync":true,"rotate_bytes":4096}"#).unwrap();
    (0..30).for_each(|_| record(&log, "x"));
    assert_eq!(verify(&folder, "{}").records, 30);
}

/// `/dev/full` is a disk without room: every write fails, and what was torn cannot be cut.
#[test]
fn a_full_disk_is_store_unavailable() {
    let folder = Folder::new("full");
    std::os::unix::fs::symlink("/dev/full", folder.log()).unwrap();
    let log = open(&folder, "{}").unwrap();
    let head = log.head();
    for _ in 0..3 {
        let error = log.record(&event(), NOW).unwrap_err();
        assert_eq!((error.code(), error.code().status()), (ErrorCode::StoreUnavailable, 503));
        assert!(error.detail().contains("audit.log does not answer"), "{error}");
    }
    assert_eq!(log.head(), head, "what was not written is no record");
}

/// Whoever writes behind the writer's back makes a line that does not verify, and no more.
#[test]
fn a_line_of_a_stranger_shows() {
    let folder = Folder::new("stranger");
    let log = open(&folder, "{}").unwrap();
    record(&log, "before");
    let mut stranger = OpenOptions::new().append(true).open(folder.log()).unwrap();
    stranger.write_all(folder.text().as_bytes()).unwrap();
    record(&log, "after");
    let finding = verify(&folder, "{}").fault.unwrap();
    assert_eq!((finding.line, finding.fault), (2, AuditFault::OutOfOrder));
}
