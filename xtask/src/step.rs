//! One step: a program run with its output in a log, its progress on standard error, and the log shown if it fails.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use crate::place;
use crate::stop::{Doing, Stop};
use crate::voice;

/// A titled step. Standard output stays untouched, so that a probe's is pure.
pub(crate) struct Step<'a> {
    title: &'a str,
}

impl<'a> Step<'a> {
    pub(crate) fn new(title: &'a str) -> Step<'a> {
        Step { title }
    }

    /// Runs the program to its end and returns what it printed, both streams as they came.
    pub(crate) fn run(&self, command: &mut Command) -> Result<String, Stop> {
        self.ends(command, true)
    }

    /// Runs a program that must fail, and returns what it printed.
    pub(crate) fn refused(&self, command: &mut Command) -> Result<String, Stop> {
        self.ends(command, false)
    }

    fn ends(&self, command: &mut Command, well: bool) -> Result<String, Stop> {
        let log = self.log_path();
        let file = open_log(&log)?;
        let errors = file.try_clone().doing(|| format!("opening {}", place::shown(&log)))?;
        command.stdin(Stdio::null()).stdout(file).stderr(errors);
        let mut child = command
            .spawn()
            .doing(|| format!("{}: starting {}", self.title, command.get_program().display()))?;
        let mut progress = Progress::begin(self.title, &log);
        let status = wait(&mut child, &mut progress);
        let as_due = matches!(&status, Ok(status) if status.success() == well);
        progress.end(as_due);
        let text = read_lossy(&log);
        match status {
            Ok(_) if as_due => Ok(text),
            Ok(status) => Err(self.failed(&text, &log, &status.to_string())),
            Err(stop) => Err(self.failed(&text, &log, stop.text())),
        }
    }

    fn failed(&self, text: &str, log: &Path, why: &str) -> Stop {
        // What went well would push what did not out of sight.
        let lines: Vec<_> =
            text.lines().filter(|line| !line.is_empty() && !line.ends_with(" ... ok")).collect();
        let from = lines.len().saturating_sub(LINES_SHOWN);
        voice::say(&format!(
            "--- {}: {why}; {} of {} lines that say so, of {}",
            self.title,
            lines.len() - from,
            lines.len(),
            place::shown(log)
        ));
        lines[from..].iter().for_each(|line| voice::say(line));
        voice::say("---");
        Stop::failed(format!("{}: {why}", self.title))
    }

    fn log_path(&self) -> PathBuf {
        let name: String = self
            .title
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' })
            .collect();
        place::kept("log").join(format!("{name}.log"))
    }
}

/// A duration as a reader sees it.
pub(crate) fn shown_time(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// What a step says of itself while it runs.
struct Progress<'a> {
    title: &'a str,
    log: &'a Path,
    begun: Instant,
    said: Duration,
}

impl<'a> Progress<'a> {
    fn begin(title: &'a str, log: &'a Path) -> Progress<'a> {
        voice::begin(&format!("  … {title}"));
        Progress { title, log, begun: Instant::now(), said: Duration::ZERO }
    }

    fn tick(&mut self) {
        let elapsed = self.begun.elapsed();
        if elapsed < self.said + voice::every() {
            return;
        }
        self.said = elapsed;
        let now: String =
            last_line(self.log).chars().filter(|letter| !letter.is_control()).take(60).collect();
        voice::now(&format!("  … {}, {} so far: {now}", self.title, shown_time(elapsed)));
    }

    fn end(&self, well: bool) {
        let mark = if well { "ok" } else { "!!" };
        voice::say(&format!("  {mark} {}  {}", self.title, shown_time(self.begun.elapsed())));
    }
}

fn wait(child: &mut Child, progress: &mut Progress<'_>) -> Result<ExitStatus, Stop> {
    let mut pause = Duration::from_millis(2);
    loop {
        if let Some(status) = child.try_wait().doing(|| "waiting".to_owned())? {
            return Ok(status);
        }
        if progress.begun.elapsed() > LIMIT {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Stop::failed(format!("ended after {}: it hangs", shown_time(LIMIT))));
        }
        progress.tick();
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(100));
    }
}

fn open_log(path: &Path) -> Result<File, Stop> {
    let opening = || format!("opening {}", place::shown(path));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).doing(opening)?;
    }
    // Both streams append, or the one would write over the other.
    let _ = fs::remove_file(path);
    File::options().create(true).append(true).open(path).doing(opening)
}

fn read_lossy(path: &Path) -> String {
    fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

fn last_line(path: &Path) -> String {
    let mut bytes = Vec::new();
    if let Ok(mut file) = File::open(path) {
        let length = file.metadata().map_or(0, |about| about.len());
        if file.seek(SeekFrom::Start(length.saturating_sub(400))).is_ok() {
            let _ = file.read_to_end(&mut bytes);
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

const LINES_SHOWN: usize = 300;
const LIMIT: Duration = Duration::from_secs(30 * 60);
