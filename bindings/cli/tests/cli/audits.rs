//! Logs as the façade writes them, whole, changed, cut and torn.

use crate::bench::{Bench, SECRET};
use counterseal_shared::{AuditEvent, AuditLog, Secret};
use std::fs::OpenOptions;
use std::io::Write;

impl Bench {
    /// `audit.log` of three records, `keyed.log` of three under a secret, and `kept.head` of the second one's end.
    pub(crate) fn logs(&self) {
        self.private("audit.secret", SECRET);
        self.log("audit.log", None, "{}", 3);
        let secret = Secret::from_text(SECRET).unwrap();
        self.file("kept.head", self.log("keyed.log", Some(&secret), "{}", 3).as_bytes());
    }

    /// Adds records; the log's head.
    fn log(&self, name: &str, secret: Option<&Secret>, options: &str, records: u32) -> String {
        let log = AuditLog::open(&self.folder.join(name), secret, options).unwrap();
        for record in 0..records {
            let metadata = format!(r#"{{"record":{record}}}"#);
            let event = AuditEvent {
                event: "ENGINE_STATUS",
                user_id: Some("engine-7"),
                action: "report",
                resource: "job",
                success: true,
                metadata: metadata.as_bytes(),
            };
            log.record(&event, Some(1_708_167_234.0)).unwrap();
        }
        log.head()
    }
}

#[test]
fn a_log_that_holds() {
    let bench = Bench::new("audit-good");
    bench.logs();
    let report = bench.run("audit verify audit.log", b"").done();
    assert!(
        report.contains(r#""last_seq":3,"records":3,"torn_bytes":0"#) && !report.contains("fault"),
        "{report}"
    );
    let keyed =
        format!("audit verify keyed.log --secret-file audit.secret --head {}", bench.read("kept.head"));
    assert!(bench.run(&keyed, b"").done().contains(r#""records":3"#));
    assert!(
        bench.run("audit verify keyed.log --secret-env ENGINE_SECRET", b"").done().contains(r#""records":3"#)
    );
    bench.file("empty.log", b"");
    assert!(bench.run("audit verify empty.log", b"").done().contains(r#""records":0"#));
}

#[test]
fn a_log_that_was_changed() {
    let bench = Bench::new("audit-changed");
    bench.logs();
    let log = bench.read("audit.log");
    let lines: Vec<_> = log.lines().collect();
    let (one, two, three) = (lines[0], lines[1], lines[2]);
    for (text, fault, line) in [
        (log.replace("\"record\":1", "\"record\":9"), "changed", 2),
        (format!("{one}\n{three}\n"), "out_of_order", 2),
        (format!("{two}\n{one}\n{three}\n"), "out_of_order", 1),
        (format!("{one}\nsomething\n"), "not_a_record", 2),
    ] {
        bench.file("changed.log", text.as_bytes());
        let ended = bench.run("audit verify changed.log", b"");
        assert_eq!(ended.code, 1);
        assert!(ended.err.starts_with(&format!("{fault}: changed.log line {line}: ")), "{}", ended.err);
        assert!(
            ended.out.contains(&format!(r#""fault":"{fault}""#))
                && ended.out.contains(&format!(r#""line":{line},"#))
        );
    }
    let unkeyed = bench.run("audit verify keyed.log", b"");
    assert!(unkeyed.code == 1 && unkeyed.err.starts_with("changed: keyed.log line 1: "), "{}", unkeyed.err);
}

#[test]
fn an_end_that_was_cut_off_shows_against_a_head() {
    let bench = Bench::new("audit-cut");
    bench.logs();
    let log = bench.read("keyed.log");
    let cut: String = log.lines().take(2).map(|line| format!("{line}\n")).collect();
    bench.file("keyed.log", cut.as_bytes());
    bench.run("audit verify keyed.log --secret-file audit.secret", b"").done();
    let head = bench.read("kept.head");
    let ended = bench.run(&format!("audit verify keyed.log --secret-file audit.secret --head {head}"), b"");
    assert!(ended.code == 1 && ended.err.starts_with("other_head: keyed.log"), "{}", ended.err);
    for head in ["3", "3:x", "x"] {
        let said = bench.run(&format!("audit verify keyed.log --head {head}"), b"").stopped(2);
        assert!(said.starts_with("malformed_argument: head must be"), "{said}");
    }
}

#[test]
fn a_torn_end_is_told_and_is_no_fault() {
    let bench = Bench::new("audit-torn");
    bench.logs();
    let mut file = OpenOptions::new().append(true).open(bench.folder.join("audit.log")).unwrap();
    file.write_all(b"{\"seq\":4,").unwrap();
    let ended = bench.run("audit verify audit.log", b"");
    assert_eq!(ended.code, 0);
    assert!(
        ended.err.starts_with("counterseal: 9 bytes behind the last line are no record"),
        "{}",
        ended.err
    );
    assert!(ended.out.contains(r#""records":3,"torn_bytes":9"#), "{}", ended.out);
}

#[test]
fn one_file_stands_for_the_whole_log() {
    let bench = Bench::new("audit-rotated");
    bench.log("audit.log", None, r#"{"rotate_bytes":4096}"#, 40);
    let mut names: Vec<_> = std::fs::read_dir(&bench.folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("audit.log.0"))
        .collect();
    names.sort();
    assert!(names.len() > 1, "{names:?}");
    assert!(bench.run("audit verify audit.log", b"").done().contains(r#""records":40,"#));
    let listed = format!("audit verify {} audit.log", names.join(" "));
    assert!(bench.run(&listed, b"").done().contains(r#""records":40,"#));
    // By itself the last file begins in the middle.
    let last = bench.run("audit verify --continued audit.log", b"").done();
    assert!(!last.contains(r#""records":40,"#) && last.contains(r#""last_seq":40,"#), "{last}");
    let gap = bench.run(&format!("audit verify {} audit.log", names[0]), b"");
    assert!(gap.code == 1 && gap.err.starts_with("out_of_order: audit.log line 1: "), "{}", gap.err);
}

#[test]
fn files_that_cannot_be_read() {
    let bench = Bench::new("audit-unreadable");
    bench.logs();
    for words in ["missing.log", "no/folder/missing.log", ".", "audit.log missing.log", "--continued ."] {
        bench.run(&format!("audit verify {words}"), b"").stopped(3);
    }
    bench.run("audit verify", b"").stopped(2);
}
