//! Secrets: where they may come from, and that they go nowhere.

use crate::bench::{Bench, SECRET};
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

#[test]
fn a_generated_secret_is_for_its_owner_alone() {
    let bench = Bench::new("generated");
    assert_eq!(bench.run("secret generate new.secret", b"").done(), "");
    let secret = bench.read("new.secret");
    let digits = secret.strip_prefix("hex:").and_then(|rest| rest.strip_suffix('\n')).unwrap();
    assert!(digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let mode = fs::metadata(bench.folder.join("new.secret")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    assert!(bench.run("secret generate new.secret", b"").stopped(3).contains("new.secret: "));
    assert_eq!(bench.read("new.secret"), secret, "it was overwritten");
    let printed = bench.run("secret generate -", b"").done();
    assert!(printed.len() == secret.len() && printed != secret && printed.starts_with("hex:"));
    bench.run("packet sign --key-id k --secret-file new.secret --context c job.json", b"").done();
    bench.run("secret generate", b"").stopped(2);
    bench.run("secret generate no/such/folder", b"").stopped(3);
}

#[test]
fn a_secret_as_an_argument_is_refused_and_not_repeated() {
    let bench = Bench::new("arguments");
    let base64 = "base64:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    for secret in [SECRET, base64, "utf8:a-secret-that-somebody-chose-once"] {
        for words in [
            format!("packet sign --context c --key-id k --secret-file {secret}"),
            format!("packet sign --context c --key-id k --secret-file={secret}"),
            format!("packet sign --context c --key-id k --secret-env {secret}"),
            format!("packet sign --context c --key-id k --secret {secret}"),
            format!("packet verify --context c --keys {secret}"),
            format!("packet verify --context c {secret}"),
            format!("token verify {secret} more"),
            format!("secret generate {secret}"),
            secret.to_owned(),
        ] {
            let said = bench.run(&words, b"").stopped(2);
            let (_, bare) = secret.split_once(':').unwrap();
            assert!(said.contains("--secret-file") && !said.contains(bare), "{words}: {said}");
        }
    }
    // Nor is what stands where a file's or a variable's name should, even if it names no encoding.
    let bare = SECRET.trim_start_matches("hex:");
    for (words, code) in [
        (format!("packet sign --context c --key-id k --secret-file {bare}"), 3),
        (format!("packet sign --context c --key-id k --secret-env {bare}"), 2),
        (format!("packet sign --context c --keys {bare}"), 3),
        (format!("packet sign --context c --keys [{{\"id\":\"k\",\"secret\":\"{SECRET}\"}}]"), 3),
    ] {
        bench.run(&words, b"").stopped(code);
    }
    // A context may be any text.
    let packet =
        bench.run("packet sign --context hex:00 --key-id k --secret-file engine-7.secret job.json", b"");
    assert!(packet.done().contains("\"kid\":\"k\""));
}

#[test]
fn no_secret_stands_in_the_command_line_of_a_process() {
    let bench = Bench::new("cmdline");
    for words in ["--secret-env ENGINE_SECRET", "--secret-file engine-7.secret"] {
        let words: Vec<_> = "packet sign --context c --key-id k".split(' ').chain(words.split(' ')).collect();
        let mut command = bench.command(&words);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        // It waits for its input; only the moment in which it begins shows no words yet.
        let cmdline = || fs::read_to_string(format!("/proc/{}/cmdline", child.id())).unwrap();
        let seen = std::iter::repeat_with(cmdline).find(|words| !words.is_empty()).unwrap();
        child.stdin.take().unwrap().write_all(b"1").unwrap();
        assert!(child.wait_with_output().unwrap().status.success());
        assert!(seen.contains("packet\0sign\0") && !seen.contains(&SECRET[4..20]), "{seen}");
    }
}

#[test]
fn a_file_that_others_can_read_is_warned_of() {
    let bench = Bench::new("modes");
    for mode in [0o640, 0o604, 0o660, 0o601] {
        bench.mode("engine-7.secret", mode);
        let signed =
            bench.run("packet sign --context c --key-id k --secret-file engine-7.secret job.json", b"");
        assert_eq!(signed.code, 0);
        assert!(
            signed.err.contains(&format!(
                "warning: engine-7.secret holds a secret and is open to others (mode {mode:03o})"
            )),
            "{}",
            signed.err
        );
    }
    bench.mode("keys.json", 0o644);
    let verified = bench.run("packet verify --context status --keys keys.json packet.json", b"");
    assert!(verified.code == 0 && verified.err.contains("warning: keys.json"));
    for mode in [0o600, 0o400, 0o700] {
        bench.mode("keys.json", mode);
        bench.run("packet verify --context status --keys keys.json packet.json", b"").done();
    }
    let piped =
        "counterseal packet sign --context c --key-id k --secret-file /dev/stdin job.json < engine-7.secret";
    bench.mode("engine-7.secret", 0o600);
    bench.shell(piped).done();
}

#[test]
fn secrets_and_keys_that_are_none() {
    let bench = Bench::new("none");
    for (secret, code) in [
        ("", "malformed_key"),
        ("0001", "malformed_key"),
        ("hex:00", "weak_secret"),
        ("hex:zz", "malformed_key"),
        (&format!("{SECRET} \n"), "malformed_key"),
        (&format!("{SECRET}\n\n"), "malformed_key"),
        (&format!("hex:{}", "00".repeat(4000)), "malformed_key"),
    ] {
        bench.private("bad.secret", secret);
        let said =
            bench.run("packet sign --context c --key-id k --secret-file bad.secret job.json", b"").stopped(2);
        assert!(said.starts_with(&format!("{code}: ")), "{secret}: {said}");
    }
    bench.private("crlf.secret", &format!("{SECRET}\r\n"));
    bench.run("packet sign --context c --key-id k --secret-file crlf.secret job.json", b"").done();

    let key = format!(r#""id":"k","secret":"{SECRET}""#);
    for (keys, said) in [
        ("{".to_owned(), "malformed_key: the file of --keys: an early end"),
        (format!("{{{key}}}"), "malformed_key: the file of --keys must hold a JSON list"),
        ("[5]".to_owned(), "malformed_key: key 1 of --keys: a key must be an object"),
        (format!(r#"[{{{key}}},{{"id":"l"}}]"#), "malformed_key: key 2 of --keys: secret is missing"),
        (format!(r#"[{{"secret":"{SECRET}"}}]"#), "malformed_key: key 1 of --keys: id is missing"),
        (
            format!(r#"[{{"id":"k","secret":["{SECRET}"]}}]"#),
            "malformed_key: key 1 of --keys: secret must be a string",
        ),
        (format!(r#"[{{{key},"ownr":"x"}}]"#), "malformed_argument: key 1 of --keys: unknown option"),
        (format!(r#"[{{{key}}},{{{key}}}]"#), "malformed_key: key id k stands twice"),
        ("[]".to_owned(), "counterseal: the file of --keys holds no such key"),
    ] {
        bench.private("bad.json", &keys);
        let got = bench.run("packet verify --context c --keys bad.json packet.json", b"").stopped(2);
        assert!(got.starts_with(said), "{got}");
    }
}

#[test]
fn which_key() {
    let bench = Bench::new("which");
    for (words, said) in [
        ("--context c", "counterseal: no key: give --keys FILE, or --key-id ID"),
        ("--context c --key-id k", "counterseal: no secret: give --secret-file FILE or --secret-env NAME"),
        ("--context c --secret-env ENGINE_SECRET", "counterseal: no key"),
        ("--context c --keys keys.json", "counterseal: the file of --keys must hold one key to sign with"),
        ("--context c --keys keys.json --key-id nobody", "counterseal: the file of --keys holds no such key"),
        (
            "--context c --key-id k --secret-env NO_SUCH_VARIABLE",
            "counterseal: --secret-env: no variable of that name",
        ),
        ("--context c --keys keys.json --owner o", "error: "),
        ("--context c --key-id k --secret-env A --secret-file b", "error: "),
        ("--context c --key-id a:b --secret-env ENGINE_SECRET", "malformed_key: id must be"),
    ] {
        let got = bench.run(&format!("packet sign {words} job.json"), b"").stopped(2);
        assert!(got.starts_with(said), "{words}: {got}");
    }
}
