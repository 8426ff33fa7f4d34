//! Full files of an audit log: set aside, continued after a kill, counted, and never written over.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod audit_folder;

use audit_folder::{Folder, NOW, code, event, open, record, secret, verify, written};
use counterseal_shared::{AuditEvent, AuditFault, audit_log_files, verify_audit_log};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn full_files_are_set_aside_and_verify_as_one() {
    let folder = Folder::new("rotation");
    let log = open(&folder, r#"{"rotate_bytes":4096}"#).unwrap();
    for number in 0..100 {
        record(&log, &format!("n{number}"));
    }
    let files = audit_log_files(&folder.log()).unwrap();
    assert!(files.len() > 5 && files.last() == Some(&folder.log()), "{files:?}");
    assert!(files[0].ends_with("audit.log.000000000001"));
    assert!(files.is_sorted_by_key(|file| (file == &folder.log(), file.clone())));
    for file in &files {
        let about = fs::metadata(file).unwrap();
        assert!((1..=4096).contains(&about.len()), "{about:?}");
    }
    let report = verify(&folder, "{}");
    assert_eq!((report.records, report.first_seq, report.last_seq), (100, 1, 100));
    assert_eq!((report.head, report.fault), (log.head(), None));
    drop(log);
    let log = open(&folder, r#"{"rotate_bytes":4096}"#).unwrap();
    for number in 0..50 {
        record(&log, &format!("n{number}"));
    }
    assert_eq!(verify(&folder, "{}").records, 150);

    // A record that is longer than a file may be has one of its own.
    let long = format!(r#"{{"long":"{}"}}"#, "x".repeat(10_000));
    log.record(&AuditEvent { metadata: long.as_bytes(), ..event() }, NOW).unwrap();
    record(&log, "after");
    assert_eq!(verify(&folder, "{}").records, 152);
}

/// After a kill between the two steps there is no current file, or one without a line.
#[test]
fn a_kill_in_the_middle_of_a_rotation_is_continued() {
    for current in [None, Some(""), Some(r#"{"seq":"#)] {
        let folder = written("between", 3);
        fs::rename(folder.log(), folder.path().join("audit.log.000000000001")).unwrap();
        if let Some(text) = current {
            fs::write(folder.log(), text).unwrap();
        }
        let log = open(&folder, "{}").unwrap();
        record(&log, "after");
        let records = if current.is_some_and(|text| !text.is_empty()) { 5 } else { 4 };
        let report = verify(&folder, "{}");
        assert_eq!((report.records, report.first_seq, report.fault), (records, 1, None));
        // And the file that was begun then is named by its own first record.
        drop(log);
        let log = open(&folder, r#"{"rotate_bytes":4096}"#).unwrap();
        (0..20).for_each(|_| record(&log, "more"));
        assert!(folder.path().join("audit.log.000000000004").exists());
        assert_eq!(verify(&folder, "{}").fault, None);
    }
}

#[test]
fn a_missing_or_exchanged_full_file_shows() {
    let folder = Folder::new("missing");
    let log = open(&folder, r#"{"rotate_bytes":4096}"#).unwrap();
    (0..60).for_each(|_| record(&log, "x"));
    drop(log);
    let files = audit_log_files(&folder.log()).unwrap();
    let faults = |paths: &[PathBuf], options: &str| {
        verify_audit_log(paths, Some(&secret()), options)
            .unwrap()
            .fault
            .map(|found| (found.path, found.fault))
    };
    let out_of_order = |at: usize| Some((files[at].clone(), AuditFault::OutOfOrder));
    assert_eq!(faults(&files[1..], "{}"), out_of_order(1));
    assert_eq!(faults(&files[1..], r#"{"continued":true}"#), None);
    assert_eq!(faults(&[files[0].clone(), files[2].clone()], "{}"), out_of_order(2));
    assert_eq!(faults(&[files[1].clone(), files[0].clone()], r#"{"continued":true}"#), out_of_order(0));

    // The current file must go on behind the newest full one.
    let newest = &files[files.len() - 2];
    let kept = fs::read(newest).unwrap();
    fs::remove_file(newest).unwrap();
    assert!(open(&folder, "{}").unwrap_err().detail().contains("out_of_order"));
    fs::write(newest, &kept[..kept.len() - 1]).unwrap();
    assert!(open(&folder, "{}").unwrap_err().detail().contains("torn"));
    assert_eq!(faults(&files, "{}"), Some((newest.clone(), AuditFault::Torn)));
    fs::write(newest, [&kept[..], b"{}\n"].concat()).unwrap();
    assert!(open(&folder, "{}").unwrap_err().detail().contains("not_a_record"));
    fs::write(newest, &kept).unwrap();
    assert_eq!(code(open(&folder, "{}")), "ok");
}

#[test]
fn the_oldest_files_go_where_few_are_kept() {
    let folder = Folder::new("keep");
    let log = open(&folder, r#"{"rotate_bytes":4096,"keep":2}"#).unwrap();
    (0..200).for_each(|_| record(&log, "x"));
    let files = audit_log_files(&folder.log()).unwrap();
    assert_eq!(files.len(), 3);
    assert_eq!(verify(&folder, "{}").fault.unwrap().fault, AuditFault::OutOfOrder);
    let report = verify(&folder, r#"{"continued":true}"#);
    assert_eq!((report.last_seq, report.fault), (200, None));
    assert_eq!(report.records, report.last_seq - report.first_seq + 1);
    drop(log);
    record(&open(&folder, "{}").unwrap(), "after");
    assert_eq!(verify(&folder, r#"{"continued":true}"#).last_seq, 201);
    // Even where the host took all full files away, what is there goes on.
    files[..2].iter().for_each(|file| fs::remove_file(file).unwrap());
    record(&open(&folder, "{}").unwrap(), "alone");
    assert_eq!(verify(&folder, r#"{"continued":true}"#).last_seq, 202);
}

#[test]
fn no_full_file_is_written_over() {
    let folder = written("over", 1);
    let log = open(&folder, r#"{"rotate_bytes":4096}"#).unwrap();
    fs::write(folder.path().join("audit.log.000000000001"), "evidence").unwrap();
    let refused = (0..20).map(|_| code(log.record(&event(), NOW))).last();
    assert_eq!(refused, Some("store_unavailable"));
    assert_eq!(fs::read(folder.path().join("audit.log.000000000001")).unwrap(), b"evidence");
    fs::remove_file(folder.path().join("audit.log.000000000001")).unwrap();
    record(&log, "after");
    assert_eq!(verify(&folder, "{}").fault, None);
}

#[test]
fn nothing_is_rotated_that_is_no_file() {
    let folder = Folder::new("device");
    std::os::unix::fs::symlink("/dev/null", folder.log()).unwrap();
    let log = open(&folder, r#"{"rotate_bytes":4096}"#).unwrap();
    (0..50).for_each(|_| record(&log, "x"));
    assert_eq!(audit_log_files(&folder.log()).unwrap(), [folder.log()]);
    assert!(Path::new("/dev/null").exists());
}
