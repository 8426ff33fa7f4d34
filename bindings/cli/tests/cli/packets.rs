use crate::bench::{Bench, NOW, SECRET};

const KEY: &str = "--key-id engine-7 --secret-file engine-7.secret";
const GOLDEN: &str = r#"{"v":1,"kid":"engine-7","ts":1708167234,"nonce":"AAECAwQFBgcICQoLDA0ODw","data":"AP8K","sig":"7dtiu_WmKsvsYxxiPDXQCHmmiblrR2H0TltB69ReYqU"}"#;

#[test]
fn the_golden_packet() {
    let bench = Bench::new("golden");
    let words =
        format!("packet sign {KEY} --bytes --now {NOW} --nonce AAECAwQFBgcICQoLDA0ODw image.bin --context");
    let words: Vec<_> = words.split(' ').chain([""]).collect();
    assert_eq!(bench.run_words(&words, b"").done(), format!("{GOLDEN}\n"));

    let verify = format!("packet verify {KEY} --now {NOW} --context");
    let words: Vec<_> = verify.split(' ').chain([""]).collect();
    let evidence = "{\"data\":\"AP8K\",\"key_id\":\"engine-7\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\",\"owner\":\"engine-7\",\"ts\":1708167234}\n";
    assert_eq!(bench.run_words(&words, GOLDEN.as_bytes()).done(), evidence);
    let words: Vec<_> = words.iter().copied().chain(["--body"]).collect();
    assert_eq!(bench.run_words(&words, GOLDEN.as_bytes()).out.as_bytes(), "\0\u{fffd}\n".as_bytes());
}

#[test]
fn sign_and_verify_with_the_clock() {
    let bench = Bench::new("clock");
    let verified = bench.run("packet verify --keys keys.json --context status packet.json", b"").done();
    assert!(
        verified.contains(r#""key_id":"engine-7""#)
            && verified.contains(r#""owner":"engine-7","payload":{"job":42},"#)
    );
    let body = bench.run(
        "packet verify --keys keys.json --context status --body - --allow engine-7 --allow x",
        bench.read("packet.json").as_bytes(),
    );
    assert_eq!(body.done(), "{\"job\":42}\n");
    // Where a list of keys is there, an id takes one of them.
    let other = bench.run("packet verify --keys keys.json --key-id auth-1 --context status packet.json", b"");
    assert!(other.stopped(1).starts_with("unknown_key: "));
    let by_variable = bench.run("packet sign --key-id engine-7 --secret-env ENGINE_SECRET --owner engine-7 --context status job.json", b"").done();
    assert!(
        bench
            .run("packet verify --keys keys.json --context status", by_variable.as_bytes())
            .done()
            .contains("42")
    );
}

#[test]
fn a_refusal_is_one_line_with_its_code() {
    let bench = Bench::new("refusals");
    for (words, code) in [
        ("--context other packet.json", "bad_signature"),
        ("--context status --now 1 packet.json", "not_yet_valid"),
        ("--context status --now 253402300799 packet.json", "expired"),
        ("--context status --allow nobody packet.json", "caller_not_allowed"),
        ("--context status --body-limit 3 packet.json", "payload_too_large"),
        ("--context status job.json", "malformed_packet"),
    ] {
        let said = bench.run(&format!("packet verify --keys keys.json {words}"), b"").stopped(1);
        assert!(said.starts_with(&format!("{code}: ")) && said.lines().count() == 1, "{words}: {said}");
    }
    let signed = |words: &str, input: &[u8]| {
        bench.run(&format!("packet sign {KEY} --context c {words}"), input).stopped(1)
    };
    assert!(signed("-", b"{").starts_with("malformed_payload: "));
    assert!(signed("--body-limit 3", b"12345").starts_with("payload_too_large: "));
    assert!(signed("--bytes --body-limit 3", &[7; 20_000]).starts_with("payload_too_large: "));
}

#[test]
fn an_option_out_of_range_is_wrong_usage() {
    let bench = Bench::new("ranges");
    for words in [
        "--context status --max-age 0",
        "--context status --max-ahead 3601",
        "--context status --now 253402300800",
        "--context status --allow a:b",
        "--context status --body-limit 0",
        "--context stat\u{e9}",
    ] {
        let said = bench.run(&format!("packet verify --keys keys.json packet.json {words}"), b"").stopped(2);
        assert!(said.starts_with("malformed_argument: "), "{words}: {said}");
    }
    let nonce = bench.run(&format!("packet sign {KEY} --context c --nonce x job.json"), b"").stopped(2);
    assert!(nonce.starts_with("malformed_argument: nonce"));
    for words in [
        "--context status --now -5",
        "--context status --max-age x",
        "",
        "--context status --maxage 5",
        "--context status a b",
    ] {
        let said = bench.run(&format!("packet verify --keys keys.json {words}"), b"").stopped(2);
        assert!(said.starts_with("error: "), "{words}: {said}");
    }
}

#[test]
fn an_explanation_is_given_and_ends_as_the_verification() {
    let bench = Bench::new("explanations");
    let good = bench.run("packet explain --keys keys.json --context status packet.json", b"").done();
    assert!(good.starts_with("ok: the packet is accepted\n") && good.contains("\njson\n{\"job\":42}\n"));
    let json = bench.run("packet explain --keys keys.json --context status --json packet.json", b"").done();
    assert!(json.contains(r#""outcome":"ok","owner":"engine-7""#) && json.lines().count() == 1);

    let bad = bench.run("packet explain --keys keys.json --context hub>engine-7:status packet.json", b"");
    assert_eq!((bad.code, bad.err.lines().count()), (1, 1));
    assert!(bad.err.starts_with("bad_signature: ") && bad.out.starts_with(&bad.err));
    assert!(bad.out.contains("context: the peer signed for the context \"status\", the event alone"));
    let late = bench
        .run("packet explain --keys keys.json --context status --now 253402300799 --json packet.json", b"");
    assert!(
        late.code == 1 && late.err.starts_with("expired: ") && late.out.contains(r#""outcome":"expired""#)
    );
    let wrong = bench.run("packet explain --keys keys.json --context \u{e9} packet.json", b"");
    assert!(wrong.code == 2 && wrong.err.starts_with("malformed_argument: context"));
}

#[test]
fn the_text_of_a_secret_for_its_bytes() {
    let bench = Bench::new("encodings");
    bench.private("text.secret", &SECRET.replace("hex:", "utf8:"));
    let packet = bench
        .run("packet sign --key-id engine-7 --secret-file text.secret --context status job.json", b"")
        .done();
    let explained = bench.run("packet explain --keys keys.json --context status", packet.as_bytes());
    assert_eq!(explained.code, 1);
    assert!(
        explained.out.contains("secret: the peer's key is the text of the secret's lower-case hex form"),
        "{}",
        explained.out
    );
}
