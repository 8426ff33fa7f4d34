//! Files and streams that fail.

use crate::bench::{Bench, ended};
use std::io::Write;
use std::process::Stdio;

#[test]
fn what_cannot_be_read() {
    let bench = Bench::new("unreadable");
    for words in [
        "packet verify --keys keys.json --context c no-such-file",
        "token inspect .",
        "packet verify --keys . --context c",
    ] {
        bench.run(words, b"").stopped(3);
    }
    let said = bench.run("packet sign --keys missing.json --context c", b"").stopped(3);
    assert!(said.starts_with("counterseal: --keys: "), "{said}");
}

#[test]
fn a_reader_that_has_gone() {
    let bench = Bench::new("pipes");
    let mut command =
        bench.command(&["packet", "sign", "--keys", "keys.json", "--key-id", "engine-7", "--context", "c"]);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(b"1").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(3), &b""[..]));

    // Help too, which is written by other means.
    let mut command = bench.command(&["packet", "verify", "--help"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn streams_that_are_closed_or_full() {
    let bench = Bench::new("closed");
    let full = bench.shell("counterseal secret generate - > /dev/full");
    assert!(full.code == 3 && full.err.starts_with("counterseal: standard output: "), "{}", full.err);
    let silent = bench.shell("counterseal packet verify --keys keys.json --context x packet.json 2>&-");
    assert_eq!((silent.code, silent.out.as_str()), (1, ""));
    let empty = bench.shell("counterseal packet verify --keys keys.json --context x <&-");
    assert!(empty.code == 1 || empty.code == 3, "{}", empty.code);
}

#[test]
fn an_endless_input_is_read_no_further_than_its_limit() {
    let bench = Bench::new("endless");
    let mut command = bench.command(&[
        "packet",
        "verify",
        "--keys",
        "keys.json",
        "--context",
        "c",
        "--body-limit",
        "64",
        "/dev/zero",
    ]);
    command.stdin(Stdio::null());
    assert!(ended(command, b"").stopped(1).starts_with("payload_too_large: "));
    assert!(bench.run("token inspect /dev/zero", b"").stopped(1).starts_with("token_too_large: "));
}
