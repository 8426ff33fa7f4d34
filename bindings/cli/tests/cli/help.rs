//! What `--help` promises.

use crate::bench::Bench;

const COMMANDS: &[&str] = &[
    "",
    "packet sign",
    "packet verify",
    "packet explain",
    "request sign",
    "request verify",
    "request explain",
    "token issue",
    "token verify",
    "token explain",
    "token inspect",
    "audit verify",
    "secret generate",
];

#[test]
fn each_example_runs() {
    for (number, command) in COMMANDS.iter().enumerate() {
        let bench = Bench::new(&format!("help-{number}"));
        bench.logs();
        let words: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
        let help = bench.run_words(&words, b"").done();
        let (_, examples) = help.split_once("\nExamples:\n").unwrap();
        let (examples, codes) = examples.split_once("\n\nExit codes:\n").unwrap();
        assert_eq!(codes.lines().count(), 4, "{command}");
        let examples: Vec<_> = examples.lines().map(str::trim).collect();
        assert!((2..=3).contains(&examples.len()), "{command}");
        for example in examples {
            assert!(example.contains(&format!("counterseal {command}")), "{example}");
            let ran = bench.shell(example);
            assert_eq!(ran.code, 0, "{example}\n{}", ran.err);
        }
    }
}

#[test]
fn every_command_is_in_the_list() {
    let bench = Bench::new("commands");
    let of = |words: &[&str]| -> Vec<String> {
        let help = bench.run_words(&[words, &["--help"]].concat(), b"").done();
        let (_, rest) = help.split_once("Commands:\n").unwrap();
        let names = rest
            .lines()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_whitespace().next());
        names.filter(|name| *name != "help").map(str::to_owned).collect()
    };
    let found: Vec<_> = of(&[])
        .into_iter()
        .flat_map(|group| of(&[&group]).into_iter().map(move |command| format!("{group} {command}")))
        .collect();
    assert_eq!(found, COMMANDS[1..]);
}

#[test]
fn a_verifier_says_that_its_guard_begins_empty() {
    let bench = Bench::new("guard");
    assert!(
        bench.run("packet verify --help", b"").done().contains("replay guard of this command begins empty")
    );
    assert!(bench.run("--version", b"").done().starts_with("counterseal "));
    assert!(bench.run("packet", b"").stopped(2).contains("Usage: "));
    bench.run("no-such-command", b"").stopped(2);
}
