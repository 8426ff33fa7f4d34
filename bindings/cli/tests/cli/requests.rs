use crate::bench::{Bench, NOW, SECRET};

const GOLDEN: &str = "\
Content-Digest: sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:
Signature-Input: counterseal=(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\" \"content-type\");created=1708167234;nonce=\"AAECAwQFBgcICQoLDA0ODw\";keyid=\"gateway-1\";alg=\"hmac-sha256\";tag=\"counterseal\"
Signature: counterseal=:uBdBiueTdW0ov4xwMLAVXkRVY4d9TmeaJwJWTswLWx0=:
";
const BASE: &str = "\
\"@method\": POST
\"@authority\": vault.internal:8200
\"@path\": /a%2Fb/execute
\"@query\": ?x=1&y=%C3%A9
\"content-digest\": sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:
\"content-type\": application/json
\"@signature-params\": (\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\" \"content-type\");created=1708167234;nonce=\"AAECAwQFBgcICQoLDA0ODw\";keyid=\"gateway-1\";alg=\"hmac-sha256\";tag=\"counterseal\"
";
const JUDGED: &str = "--key-id gateway-1 --secret-file engine-7.secret --authority http://vault.internal:8200 --now 1708167234";

/// The golden request with this target and body; its lines end as they are told to.
fn golden(target: &str, body: &str, end: &str) -> Vec<u8> {
    let head = format!(
        "POST {target} HTTP/1.1\nHost: vault.internal:8200\nContent-Type: application/json\n{GOLDEN}\n"
    );
    [head.replace('\n', end), body.to_owned()].concat().into_bytes()
}

const TARGET: &str = "/a%2Fb/execute?x=1&y=%C3%A9";
const BODY: &str = r#"{"cmd":"run"}"#;

#[test]
fn the_golden_request() {
    let bench = Bench::new("golden-request");
    bench.file("body.json", BODY.as_bytes());
    let words = format!(
        "request sign --key-id gateway-1 --secret-file engine-7.secret --now {NOW} --nonce AAECAwQFBgcICQoLDA0ODw --method POST --url \
         http://vault.internal:8200{TARGET} --body body.json --header"
    );
    let words: Vec<_> = words.split(' ').chain(["Content-Type: application/json"]).collect();
    assert_eq!(bench.run_words(&words, b"").done(), GOLDEN);
    let words: Vec<_> = words.into_iter().chain(["--json"]).collect();
    let json = bench.run_words(&words, b"").done();
    assert!(json.starts_with(r#"{"headers":[["Content-Digest","sha-256=:6KCr"#) && json.lines().count() == 1);

    let evidence = "{\"key_id\":\"gateway-1\",\"nonce\":\"AAECAwQFBgcICQoLDA0ODw\",\"owner\":\"gateway-1\",\"ts\":1708167234}\n";
    for end in ["\n", "\r\n"] {
        let request = golden(TARGET, BODY, end);
        assert_eq!(bench.run(&format!("request verify {JUDGED}"), &request).done(), evidence);
        assert_eq!(bench.run(&format!("request verify {JUDGED} --body"), &request).done(), BODY);
    }
}

#[test]
fn sign_and_verify_with_the_clock() {
    let bench = Bench::new("request-clock");
    let verify =
        "request verify --keys keys.json --authority https://other --authority https://vault.internal";
    assert!(bench.run(&format!("{verify} request.http"), b"").done().contains(r#""owner":"engine-7""#));
    let extra = bench.run_words(
        &"request sign --keys keys.json --key-id engine-7 --url https://vault.internal/ --extra-field x-tenant --header"
            .split(' ')
            .chain(["X-Tenant: a"])
            .collect::<Vec<_>>(),
        b"",
    );
    let request = format!("GET / HTTP/1.1\nHost: vault.internal\nX-Tenant: a\n{}", extra.done());
    bench.run(&format!("{verify} --extra-field x-tenant"), request.as_bytes()).done();
    let said = bench.run(verify, request.as_bytes()).stopped(1);
    assert!(said.starts_with("malformed_request: "), "{said}");
    let piped = bench.shell(
        "counterseal request sign --keys keys.json --key-id engine-7 --method POST --url https://vault.internal/ --body - < job.json",
    );
    assert!(piped.done().starts_with("Content-Digest: "));
}

#[test]
fn a_refusal_is_one_line_with_its_code() {
    let bench = Bench::new("request-refusals");
    let trust = r#"{"v":{"rules":[{"callers":["a"]}]}}"#;
    bench.file("trust.json", trust.as_bytes());
    for (words, code) in [
        ("--authority https://other", "wrong_authority"),
        ("--authority https://vault.internal --now 1", "not_yet_valid"),
        ("--authority https://vault.internal --now 253402300799", "expired"),
        ("--authority https://vault.internal --allow nobody", "caller_not_allowed"),
        ("--authority https://vault.internal --trust @trust.json --callee v", "caller_not_allowed"),
        ("--authority https://vault.internal --body-limit 3", "payload_too_large"),
        ("--authority https://vault.internal --extra-field x-a", "malformed_request"),
    ] {
        let said =
            bench.run(&format!("request verify --keys keys.json {words} request.http"), b"").stopped(1);
        assert!(said.starts_with(&format!("{code}: ")) && said.lines().count() == 1, "{words}: {said}");
    }
    let said = bench.run(&format!("request verify {JUDGED}"), &golden("/other", BODY, "\n")).stopped(1);
    assert!(said.starts_with("bad_signature: "));
    let said = bench.run(&format!("request verify {JUDGED}"), &golden(TARGET, "{}", "\n")).stopped(1);
    assert!(said.starts_with("body_mismatch: "));
    for (request, what) in [
        ("", "nothing arrived"),
        ("{}", "line 1 of the input is no request line"),
        ("GET / HTTP/1.1\nHost\n", "line 2 of the input is no header field"),
    ] {
        for command in ["verify", "explain"] {
            let said = bench.run(&format!("request {command} {JUDGED}"), request.as_bytes()).stopped(1);
            assert!(said.starts_with(&format!("malformed_request: {what}")), "{said}");
        }
    }
    let said = bench.run("request sign --keys keys.json --key-id engine-7 --url https://h/ --method POST --body job.json --body-limit 3", b"");
    assert!(said.stopped(1).starts_with("payload_too_large: "));
}

#[test]
fn wrong_usage() {
    let bench = Bench::new("request-usage");
    for words in [
        "request verify --keys keys.json request.http",
        "request verify --keys keys.json --authority https://h --max-age x request.http",
        "request verify --keys keys.json --authority https://h --callee v request.http",
        "request verify --keys keys.json --authority https://h --trust {} request.http",
        "request sign --keys keys.json --key-id engine-7",
        "request sign --keys keys.json --key-id engine-7 --url https://h/ --header X-A",
    ] {
        let said = bench.run(words, b"").stopped(2);
        assert!(said.starts_with("error: "), "{words}: {said}");
    }
    for words in [
        "request verify --keys keys.json --authority https://h/path request.http",
        "request verify --keys keys.json --authority https://h --max-age 0 request.http",
        "request verify --keys keys.json --authority https://h --extra-field X-A request.http",
        "request verify --keys keys.json --authority https://h --trust {} --callee v request.http",
        "request sign --keys keys.json --key-id engine-7 --url https://user:x@h/",
        "request sign --keys keys.json --key-id engine-7 --url /x",
        "request sign --keys keys.json --key-id engine-7 --url https://h/ --extra-field x-a",
    ] {
        let said = bench.run(words, b"").stopped(2);
        assert!(said.starts_with("malformed_argument: "), "{words}: {said}");
    }
    let said = bench.run("request verify --keys keys.json --authority https://h --trust { --callee v", b"");
    assert!(said.stopped(2).starts_with("counterseal: --trust must be one JSON object"));
    for words in [
        "request sign --keys keys.json --key-id engine-7 --url https://h/ --body no-such-file",
        "request explain --keys keys.json --authority https://h --peer-base no-such-file request.http",
        "request verify --keys keys.json --authority https://h no-such-file",
    ] {
        bench.run(words, b"").stopped(3);
    }
}

#[test]
fn an_explanation_is_given_and_ends_as_the_verification() {
    let bench = Bench::new("request-explanations");
    bench.file("base.txt", BASE.as_bytes());
    let explain = format!("request explain {JUDGED}");
    let good = bench.run(&explain, &golden(TARGET, BODY, "\r\n")).done();
    assert!(good.starts_with("ok: the request is accepted\n") && good.contains(BASE));
    let json = bench.run(&format!("{explain} --json"), &golden(TARGET, BODY, "\n")).done();
    assert!(json.contains(r#""outcome":"ok","owner":"gateway-1""#) && json.lines().count() == 1);

    let decoded = bench.run(&explain, &golden("/a%2Fb/execute/?x=1&y=%C3%A9", BODY, "\n"));
    assert_eq!((decoded.code, decoded.err.lines().count()), (1, 1));
    assert!(decoded.err.starts_with("bad_signature: ") && decoded.out.starts_with(&decoded.err));
    assert!(
        decoded.out.contains("path: the peer signed the path \"/a%2Fb/execute\": a slash at its end"),
        "{}",
        decoded.out
    );

    let stripped = golden("/execute?x=1&y=%C3%A9", BODY, "\n");
    let compared = bench.run(&format!("{explain} --peer-base base.txt"), &stripped);
    assert!(compared.out.contains("path: the bases differ first in line 3: here") && compared.code == 1);
    assert!(compared.out.contains("base: the signature is good for the peer's base: the secret is right"));
    let compared = bench.run(&format!("{explain} --peer-base base.txt --json"), &stripped);
    assert!(
        compared.out.contains(r#""peer_base":{"component":"@path","is_signed":true,"line":3,"#),
        "{}",
        compared.out
    );

    let reserialised = bench.run(&explain, &golden(TARGET, r#"{"cmd": "run"}"#, "\n"));
    assert!(reserialised.err.starts_with("body_mismatch: "));
    assert!(
        reserialised.out.contains("body: the peer signed this JSON without white space"),
        "{}",
        reserialised.out
    );
}

#[test]
fn the_text_of_a_secret_for_its_bytes() {
    let bench = Bench::new("request-encodings");
    bench.private("text.secret", &SECRET.replace("hex:", "utf8:"));
    let explain = format!("request explain {}", JUDGED.replace("engine-7.secret", "text.secret"));
    let explained = bench.run(&explain, &golden(TARGET, BODY, "\n"));
    assert!(explained.out.contains("secret: the peer decodes the secret from hex"), "{}", explained.out);
}

#[test]
fn an_endless_input_is_read_no_further_than_its_limit() {
    let bench = Bench::new("request-endless");
    let said = bench.run(&format!("request verify {JUDGED} --body-limit 64 /dev/zero"), b"").stopped(1);
    assert!(said.starts_with("malformed_request: line 1"), "{said}");
    let endless = format!(
        "(printf 'GET / HTTP/1.1\\nHost: h\\n\\n'; cat /dev/zero) | counterseal request verify {JUDGED} --body-limit 64"
    );
    let said = bench.shell(&endless).stopped(1);
    assert!(said.starts_with("malformed_request: "), "{said}");
    let head = "(printf 'GET / HTTP/1.1\\n'; yes 'X-A: b') | counterseal request verify";
    let said = bench.shell(&format!("{head} {JUDGED} --body-limit 64")).stopped(1);
    assert!(said.contains("the head of the input has more than 262144 bytes"), "{said}");
}
