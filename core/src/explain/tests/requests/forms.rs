//! Requests that cannot be read as signed ones.

use super::*;

const EXTRA: &str = r#"{"authorities":["http://vault.internal:8200"],"extra_fields":["x-tenant"]}"#;

#[track_caller]
fn check(sent: &Sent, expected: &str) {
    let explanation = sent.explain();
    assert_eq!((outcome(&explanation), progress(&explanation)), ("malformed_request", (0, Some("shape"))));
    assert_eq!(explanation.signing_input(), None);
    let told = told(&explanation);
    assert!(told.starts_with(expected) && told.is_empty() == expected.is_empty(), "{told}");
    assert!(told.lines().count() <= 1, "{told}");
}

#[test]
fn signatures_that_did_not_arrive() {
    let golden = Sent::golden;
    check(
        &golden().without("Signature").without("Signature-Input"),
        "header: signature-input and signature did not arrive: does the client sign",
    );
    check(&golden().without("Signature"), "header: signature did not arrive");
    check(&golden().without("Signature-Input"), "header: signature-input did not arrive");
    let relabelled = |sent: Sent, name| {
        let value = sent.field(name).replacen("counterseal=", "sig1=", 1);
        sent.with(name, &value)
    };
    let other = relabelled(relabelled(golden(), "Signature"), "Signature-Input");
    check(&other, "header: the signature's label must be counterseal; these arrived: \"sig1\"");
    check(&golden().with("Signature", "counterseal=:AAAA:"), "");
    check(&golden().with("Signature-Input", "(("), "");
    check(&golden().method("CONNECT"), "");
}

#[test]
fn targets_that_a_framework_handed_in() {
    check(
        &Sent::golden().target("/a b/execute"),
        "path: it holds characters that are never sent: a framework decoded it",
    );
    check(&Sent::golden().target("/caf\u{e9}"), "path: it holds characters that are never sent");
    check(&Sent::golden().target("execute?x=1"), "path: it does not begin with /");
    check(&Sent::golden().target(""), "path: it does not begin with /");
    check(&Sent::golden().target("ftp://vault.internal:8200/"), "");
}

#[test]
fn names_of_the_server() {
    let golden = Sent::golden;
    check(&golden().without("Host"), "header: Host did not arrive, nor :authority");
    let mut twice = golden();
    twice.headers.push(("host".into(), "vault.internal:8200".into()));
    check(&twice, "header: host stands more than once");
    check(
        &golden().with(":authority", "other"),
        "authority: they must name one server: :authority \"other\", host \"vault.internal:8200\"",
    );
    let absolute = golden().target("http://other/x");
    check(
        &absolute,
        "authority: they must name one server: the target \"http://other/x\", host \"vault.internal:8200\"",
    );
    // What they agree upon is not what is wrong.
    check(
        &golden().target("http://vault.internal:8200/x").without("Signature"),
        "header: signature did not arrive",
    );
    let agreed = golden().target("http://vault.internal:8200/x").with("Signature", "counterseal=:AAAA:");
    check(&agreed, "");
}

#[test]
fn created_in_another_unit() {
    let with = |created: &str| {
        let input = Sent::golden().field("Signature-Input").replace(&NOW.to_string(), created);
        Sent::golden().with("Signature-Input", &input)
    };
    check(&with(&format!("{NOW}000")), "clock: created looks like milliseconds");
    check(&with(&format!("{NOW}.5")), "");
    check(&with("-5"), "");
}

#[test]
fn components_that_are_amiss() {
    let golden = Sent::golden;
    check(
        &golden().with("Content-Encoding", "gzip"),
        "header: content-encoding arrived and is not covered: was it added on its way",
    );
    check(
        &golden().without("Content-Type"),
        "header: content-type is covered and did not arrive: was it taken out",
    );
    check(&golden().without("Content-Digest"), "header: content-digest is covered and did not arrive");
    check(
        &golden().options(EXTRA),
        "header: x-tenant is one of extra_fields here, and the peer does not cover it",
    );
    let tenant = Sent::signed_with(r#"{"extra_fields":["x-tenant"]}"#, "GET", URL, &[("X-Tenant", "a")], "");
    assert_eq!(tenant.clone().options(EXTRA).told(), "ok");
    check(&tenant, "header: x-tenant is covered, and neither the profile nor extra_fields names it");
    check(
        &tenant.clone().options(EXTRA).without("X-Tenant"),
        "header: x-tenant is covered and did not arrive",
    );
    let uncovered = golden().field("Signature-Input").replace(" \"@query\"", "");
    check(
        &golden().with("Signature-Input", &uncovered),
        "header: @query is not covered: the peer's signer must cover it",
    );
    check(&golden().with("Content-Digest", "sha-512=:AAAA:"), "");
}
