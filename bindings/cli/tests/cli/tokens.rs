use crate::bench::{Bench, NOW, SECRET};

const KEY: &str = "--key-id auth-1 --secret-file auth-1.secret";

#[test]
fn issue_and_verify() {
    let bench = Bench::new("tokens");
    let words =
        format!("token issue {KEY} --expires-in 600 --now {NOW} --jti --claims {{\"role\":\"engine\"}}");
    let token = bench.run(&words, b"").done();
    let verified =
        bench.run(&format!("token verify {KEY} --now {NOW} --policy @policy.json"), token.as_bytes()).done();
    assert!(verified.starts_with(r#"{"claims":{"exp":1708167834,"iat":1708167234,"jti":""#), "{verified}");
    assert!(verified.ends_with("\",\"role\":\"engine\"},\"key_id\":\"auth-1\",\"owner\":\"auth-1\"}\n"));
    assert!(bench.run("token verify --keys keys.json token.txt", b"").done().contains("engine"));
}

#[test]
fn a_longer_algorithm() {
    let bench = Bench::new("algorithms");
    bench.private("wide.secret", &format!("{SECRET}{}", "ab".repeat(32)));
    let token =
        bench.run("token issue --key-id w --secret-file wide.secret --alg HS512 --expires-in 60", b"").done();
    let verify = |policy: &str| {
        bench.run(
            &format!("token verify --key-id w --secret-file wide.secret --policy {policy}"),
            token.as_bytes(),
        )
    };
    assert!(verify(r#"{"algorithms":["HS512"]}"#).done().contains("exp"));
    assert!(verify("{}").stopped(1).starts_with("unsupported_algorithm: "));
    let short = bench.run(&format!("token issue {KEY} --alg HS512 --expires-in 60"), b"").stopped(2);
    assert!(short.starts_with("weak_secret: "), "{short}");
    let unknown = bench.run(&format!("token issue {KEY} --alg RS256 --expires-in 60"), b"").stopped(2);
    assert!(unknown.starts_with("malformed_key: "), "{unknown}");
}

#[test]
fn refusals() {
    let bench = Bench::new("token-refusals");
    for (words, code) in [
        (r#"--policy {"claims":{"role":"admin"}} token.txt"#, "claim_mismatch"),
        ("--now 1 token.txt", "token_not_yet_valid"),
        ("--now 253402300799 token.txt", "token_expired"),
        ("job.json", "malformed_token"),
    ] {
        let said = bench.run(&format!("token verify --keys keys.json {words}"), b"").stopped(1);
        assert!(said.starts_with(&format!("{code}: ")) && said.lines().count() == 1, "{words}: {said}");
    }
    let large = bench.run("token verify --keys keys.json", &[b'a'; 100_000]).stopped(1);
    assert!(large.starts_with("token_too_large: "));
    for policy in ["{", "[]", r#"{"isuer":"x"}"#, "@missing.json"] {
        let code = if policy.starts_with('@') { 3 } else { 2 };
        bench.run(&format!("token verify --keys keys.json --policy {policy} token.txt"), b"").stopped(code);
    }
    for claims in ["[]", "{", r#"{"exp":1}"#] {
        let said = bench.run(&format!("token issue {KEY} --expires-in 60 --claims {claims}"), b"").stopped(2);
        assert!(said.starts_with("malformed_argument: "), "{said}");
    }
    // A packet's key is no token's.
    let said = bench.run("token issue --keys keys.json --key-id engine-7 --expires-in 60", b"").stopped(2);
    assert!(said.starts_with("malformed_argument: key engine-7 is not for token"), "{said}");
}

#[test]
fn explanations() {
    let bench = Bench::new("token-explanations");
    let good = bench.run("token explain --keys keys.json --policy @policy.json token.txt", b"").done();
    assert!(good.starts_with("ok: the token is accepted\n"));
    let bad = bench
        .run(r#"token explain --keys keys.json --policy {"claims":{"role":"admin"}} --json token.txt"#, b"");
    assert!(bad.code == 1 && bad.err.starts_with("claim_mismatch: "));
    assert!(
        bad.out.contains(
            r#"the token says role \"engine\"; the policy's rule: it equals a string of the policy"#
        ),
        "{}",
        bad.out
    );
    let bearer =
        bench.run("token explain --keys keys.json", format!("Bearer {}", bench.read("token.txt")).as_bytes());
    assert!(bearer.out.contains("token: the scheme Bearer stands before it"));
}

#[test]
fn an_inspection_says_that_nothing_is_verified() {
    let bench = Bench::new("inspections");
    // {"alg":"none"} and {"role":"\u007f\u009b"}, under no signature at all.
    let shown = bench.run("token inspect", b"eyJhbGciOiJub25lIn0.eyJyb2xlIjoif8KbIn0.\n");
    assert_eq!(shown.code, 0);
    assert!(shown.err.contains("NOTHING OF THIS IS VERIFIED"));
    assert_eq!(
        shown.out,
        "{\"claims\":{\"role\":\"\\u007f\\u009b\"},\"header\":{\"alg\":\"none\"},\"verified\":false}\n"
    );
    assert!(bench.run("token inspect job.json", b"").stopped(1).starts_with("malformed_token: "));
}
