//! What becomes of a mutant: the test programs run with it active until one is red.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::programs::Program;
use crate::rewrite::Mutant;

/// What became of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Killed,
    /// Killed, since no test ended in its time: it loops.
    TimedOut,
    Survived,
    /// Survived, and no test so much as comes by.
    NeverReached,
}

/// How a test program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Green,
    Red,
    TimedOut,
}

/// The fate of each, in the same order.
pub(crate) fn of_all(programs: &[Program], mutants: &[&Mutant], jobs: usize) -> Vec<Fate> {
    let next = AtomicUsize::new(0);
    let running = AtomicUsize::new(jobs);
    let fates = Mutex::new(vec![Fate::NeverReached; mutants.len()]);
    let work = || {
        while let Some((place, mutant)) = take(&next, mutants) {
            let fate = of(programs, mutant.number);
            if let Ok(mut fates) = fates.lock() {
                fates[place] = fate;
            }
        }
        running.fetch_sub(1, Ordering::SeqCst);
    };
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(work);
        }
        scope.spawn(|| watch(&next, &running, mutants.len()));
    });
    fates.into_inner().unwrap_or_default()
}

/// The fate of one.
pub(crate) fn of(programs: &[Program], number: usize) -> Fate {
    let mut reaching = programs.iter().filter(|program| program.reached.contains(&number)).peekable();
    if reaching.peek().is_none() {
        return Fate::NeverReached;
    }
    for program in reaching {
        match end(program, command(program, number)) {
            End::Green => {}
            End::Red => return Fate::Killed,
            End::TimedOut => return Fate::TimedOut,
        }
    }
    Fate::Survived
}

/// The program with a mutant active; 0 is none. A mutant that loops or hoards is stopped by the system, by time on the processor, so that a
/// busy machine changes no verdict.
pub(crate) fn command(program: &Program, number: usize) -> Command {
    let seconds = if program.time.is_zero() { 1200 } else { 3 + 2 * program.time.as_secs() };
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!("ulimit -c 0; ulimit -S -t {seconds}; ulimit -v {MEMORY_KIB}; exec \"$0\""));
    command.arg(&program.path).current_dir(&program.folder);
    command.env("COUNTERSEAL_MUTANT", number.to_string());
    command.env("RUST_TEST_THREADS", "1").env("VECTOR_FAULTS", "1");
    // The same cases each time: a verdict must not hang on luck.
    command.env("PROPTEST_RNG_SEED", "1").env("PROPTEST_MAX_SHRINK_ITERS", "0");
    command.env("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "true");
    command
}

/// Runs it up to its first red test.
pub(crate) fn end(program: &Program, mut command: Command) -> End {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let Ok(child) = command.spawn() else { return End::Red };
    let child = Mutex::new(child);
    let wall = Duration::from_secs(120) + 60 * program.time;
    let late = thread::scope(|scope| {
        let (told, heard) = std::sync::mpsc::channel::<()>();
        let child = &child;
        let watchdog = scope.spawn(move || {
            let late = heard.recv_timeout(wall) == Err(std::sync::mpsc::RecvTimeoutError::Timeout);
            if late {
                kill(child);
            }
            late
        });
        if has_red_line(child) {
            kill(child);
        }
        drop(told);
        watchdog.join().unwrap_or(false)
    });
    let status = child.lock().ok().and_then(|mut child| child.wait().ok());
    match status {
        Some(status) if status.success() => End::Green,
        Some(status) if late || ran_out(status) => End::TimedOut,
        _ => End::Red,
    }
}

fn has_red_line(child: &Mutex<Child>) -> bool {
    let output = child.lock().ok().and_then(|mut child| child.stdout.take());
    output.is_some_and(|output| {
        BufReader::new(output).split(b'\n').map_while(Result::ok).any(|line| line.ends_with(b"... FAILED"))
    })
}

fn kill(child: &Mutex<Child>) {
    if let Ok(mut child) = child.lock() {
        let _ = child.kill();
    }
}

#[cfg(unix)]
fn ran_out(status: std::process::ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const SIGXCPU: i32 = 24;
    status.signal() == Some(SIGXCPU)
}

#[cfg(not(unix))]
fn ran_out(_: std::process::ExitStatus) -> bool {
    false
}

fn take<'a>(next: &AtomicUsize, mutants: &[&'a Mutant]) -> Option<(usize, &'a Mutant)> {
    let place = next.fetch_add(1, Ordering::SeqCst);
    mutants.get(place).map(|mutant| (place, *mutant))
}

fn watch(next: &AtomicUsize, running: &AtomicUsize, all: usize) {
    let begun = Instant::now();
    let mut said = begun;
    while running.load(Ordering::SeqCst) > 0 {
        thread::sleep(Duration::from_millis(100));
        if said.elapsed() > Duration::from_secs(5) {
            said = Instant::now();
            let done = next.load(Ordering::SeqCst).min(all);
            eprintln!("    {done} of {all} mutants, {} s", begun.elapsed().as_secs());
        }
    }
}

const MEMORY_KIB: u64 = 3 * 1024 * 1024;

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn program(path: &str) -> Program {
        Program {
            name: path.to_owned(),
            path: path.into(),
            folder: "/".into(),
            time: Duration::from_millis(1),
            reached: [7].into(),
        }
    }

    #[test]
    fn a_mutant_that_changes_nothing_survives() {
        assert_eq!(of(&[program("true"), program("true")], 7), Fate::Survived);
    }

    #[test]
    fn one_red_program_kills() {
        assert_eq!(of(&[program("true"), program("false")], 7), Fate::Killed);
    }

    #[test]
    fn a_mutant_that_no_test_comes_by_survives() {
        assert_eq!(of(&[program("false")], 8), Fate::NeverReached);
    }
}
