//! `counterseal audit`: verify a log's chain.

use crate::help;
use crate::keys::SecretArguments;
use crate::output::{self, number, text};
use crate::stop::{Stop, say};
use counterseal_shared::json::{self, Value};
use counterseal_shared::{AuditFinding, AuditReport, ErrorCode, Secret, audit_log_files, verify_audit_log};
use std::fs::File;
use std::path::PathBuf;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Verify that no record of a log was changed, removed, inserted or moved
    ///
    /// One FILE stands for the log with all its full files. Several are verified as they are given, oldest first. A report goes to standard
    /// output as JSON. A last line that is not whole is being written, or was torn by a kill: it is told, and is no fault. That the end of a
    /// log was cut off shows only against a head that was kept elsewhere (--head).
    #[command(after_help = help::AUDIT_VERIFY)]
    Verify(Verify),
}

#[derive(clap::Args)]
pub(crate) struct Verify {
    /// The log's file, or its files, oldest first
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    secret: SecretArguments,
    /// A record's number and hash, kept since it was the last: the chain must hold it
    #[arg(long, value_name = "SEQ:HASH")]
    head: Option<String>,
    /// Let the first file begin in the middle of the chain; a single FILE then stands for itself
    #[arg(long)]
    continued: bool,
}

impl Command {
    pub(crate) fn run(self) -> Result<(), Stop> {
        let Self::Verify(verify) = self;
        verify.run()
    }
}

impl Verify {
    fn run(self) -> Result<(), Stop> {
        let files = self.all_files()?;
        let secret = self.secret.read()?;
        let report = verify(&files, secret.as_ref(), &self.options())?;
        output::line(&json::write(&described(&report)))?;
        if report.torn_bytes > 0 {
            say(format_args!(
                "{} bytes behind the last line are no record: being written, or torn by a kill",
                report.torn_bytes
            ));
        }
        report.fault.map_or(Ok(()), |finding| Err(Stop::Finding(told(&finding))))
    }

    /// Each can be opened.
    fn all_files(&self) -> Result<Vec<PathBuf>, Stop> {
        let found = match self.files.as_slice() {
            [log] if !self.continued => audit_log_files(log).unwrap_or_default(),
            files => files.to_vec(),
        };
        let files = if found.is_empty() { self.files.clone() } else { found };
        for file in &files {
            File::open(file).map_err(|fault| Stop::io(file.display(), &fault))?;
        }
        Ok(files)
    }

    fn options(&self) -> String {
        let mut members = vec![("continued".to_owned(), Value::Bool(self.continued))];
        members.extend(self.head.as_ref().map(|head| ("head".to_owned(), text(head))));
        json::write(&Value::Object(members))
    }
}

fn verify(files: &[PathBuf], secret: Option<&Secret>, options: &str) -> Result<AuditReport, Stop> {
    verify_audit_log(files, secret, options).map_err(|error| match error.code() {
        ErrorCode::StoreUnavailable => Stop::Io(error.detail().to_owned()),
        _ => error.into(),
    })
}

fn described(report: &AuditReport) -> Value {
    let mut members = vec![
        ("records", number(report.records)),
        ("first_seq", number(report.first_seq)),
        ("last_seq", number(report.last_seq)),
        ("head", text(&report.head)),
        ("torn_bytes", number(report.torn_bytes)),
    ];
    if let Some(finding) = &report.fault {
        members.push(("fault", text(finding.fault.as_str())));
        members.push(("path", text(&finding.path.to_string_lossy())));
        members.push(("line", number(finding.line)));
    }
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn told(finding: &AuditFinding) -> String {
    let (fault, path, line) = (finding.fault, finding.path.display(), finding.line);
    format!("{}: {path} line {line}: {fault}", fault.as_str())
}
