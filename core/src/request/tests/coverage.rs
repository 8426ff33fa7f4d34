//! What is covered cannot be changed, and what must be covered is.

use super::*;

#[test]
fn what_is_covered_cannot_be_changed() {
    let changed = |change: &dyn Fn(&mut Request)| {
        let mut request = Request::golden();
        change(&mut request);
        request.verdict()
    };
    assert_eq!(changed(&|_| ()), "ok");
    assert_eq!(changed(&|request| request.method = "PUT".into()), "bad_signature");
    assert_eq!(changed(&|request| request.method = "post".into()), "bad_signature");
    assert_eq!(changed(&|request| request.target = "/a/b/execute?x=1&y=%C3%A9".into()), "bad_signature");
    assert_eq!(changed(&|request| request.target = "/a%2fb/execute?x=1&y=%C3%A9".into()), "bad_signature");
    assert_eq!(changed(&|request| request.target = "/a%2Fb/execute?x=1&y=é".into()), "malformed_request");
    assert_eq!(changed(&|request| request.target = "/a%2Fb/execute?x=2&y=%C3%A9".into()), "bad_signature");
    assert_eq!(changed(&|request| request.set("Content-Type", "text/plain")), "bad_signature");
    assert_eq!(changed(&|request| request.set("Host", "other:8200")), "wrong_authority");
    assert_eq!(changed(&|request| request.body = br#"{"cmd":"rum"}"#.into()), "body_mismatch");
    assert_eq!(changed(&|request| request.body.clear()), "body_mismatch");
    assert_eq!(changed(&|request| request.add("X-Other", "is not covered")), "ok");
    assert_eq!(
        changed(&|request| request
            .set("Content-Digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")),
        "bad_signature"
    );
}

#[test]
fn a_body_without_a_signed_digest_is_no_body() {
    let mut request = Request::signed("POST", "http://vault.internal:8200/x", &[], "");
    assert_eq!(request.verdict(), "ok");
    request.body = b"x".into();
    assert_eq!(request.verdict(), "body_mismatch");
    request.add("Content-Digest", "sha-256=:LXEWQrcmsEQBYnyp++6zTZCMtYw6J7VkRbOgbp4PJg4=:");
    assert_eq!(request.verdict(), "body_mismatch", "a digest that is not signed proves nothing");
}

#[test]
fn an_empty_body_has_no_digest() {
    let mut request = Request::golden();
    request.remove("Content-Type");
    let member = MEMBER.replace(" \"content-type\"", "");
    let empty = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
    request.set("Content-Digest", empty);
    request.body.clear();
    let base = BASE
        .replace("sha-256=:6KCrtat1mEMyODIWK72xNiIwWFzDuZoU6HK0TEQQAVc=:", empty)
        .replace("\"content-type\": application/json\n", "");
    assert_eq!(request.resigned(&format!("{base}{member}"), &member).verdict(), "body_mismatch");
}

#[test]
fn order_is_the_peers_and_nothing_else() {
    let order =
        |member: &str, base: &str| Request::golden().resigned(&format!("{base}{member}"), member).verdict();
    let parameters = MEMBER.replace(
        r#";created=1708167234;nonce="AAECAwQFBgcICQoLDA0ODw""#,
        r#";nonce="AAECAwQFBgcICQoLDA0ODw";created=1708167234"#,
    );
    assert_eq!(order(&parameters, BASE), "ok");
    let member = MEMBER.replace(r#""@method" "@authority""#, r#""@authority" "@method""#);
    let swapped =
        BASE.replace("\"@method\": POST\n", "").replace("\"@path\"", "\"@method\": POST\n\"@path\"");
    assert_eq!(order(&member, &swapped), "ok");
    for (from, to) in [
        (r#""@query" "#, ""),
        (r#""@query""#, r#""@query" "@query""#),
        (r#""content-type""#, r#""content-type" "host""#),
        (r#""content-type""#, r#""content-type" "@scheme""#),
        (r#""content-type""#, r#""content-type" "date""#),
        (r#""content-type""#, r#""Content-Type""#),
        (r#""content-type""#, r#""content-type";sf"#),
        (r#" "content-type""#, ""),
        (r#""content-type")"#, r#""content-type" )"#),
        (r#""@method" "#, r#""@method"  "#),
        (";created", "; created"),
        ("created=1708167234", "created=1708167234.0"),
        ("created=1708167234", "created=01708167234"),
        ("created=1708167234", "created=-1"),
        ("created=1708167234", "created=\"1708167234\""),
        ("created=1708167234", "created=253402300800"),
        ("created=1708167234;", ""),
        (r#"nonce="AAECAwQFBgcICQoLDA0ODw";"#, ""),
        ("AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0ODx"),
        (r#"keyid="gateway-1""#, r#"keyid="gate way""#),
        (r#"keyid="gateway-1""#, "keyid=gateway-1"),
        ("hmac-sha256", "rsa-v1_5-sha256"),
        (r#";alg="hmac-sha256""#, ""),
        (r#"tag="counterseal""#, r#"tag="other""#),
        (r#"tag="counterseal""#, r#"tag="counterseal";expires=1708167300"#),
        (r#"tag="counterseal""#, r#"tag="counterseal";tag="counterseal""#),
        (r#"tag="counterseal""#, r#"tag="counterseal";flag"#),
    ] {
        assert!(MEMBER.contains(from), "{from}");
        assert_eq!(order(&MEMBER.replace(from, to), BASE), "malformed_request", "{from} -> {to}");
    }
}

#[test]
fn other_signatures_are_ignored_and_ours_stands_once() {
    let with = |input: &str, signature: &str| {
        let mut request = Request::golden();
        request.set("Signature-Input", &input.replace("OURS", &request.get("Signature-Input")));
        request.set("Signature", &signature.replace("OURS", &request.get("Signature")));
        request.verdict()
    };
    assert_eq!(with(r#"proxy=("@method";req "x");created=1;expires=2.5, OURS"#, "proxy=:AAAA:, OURS"), "ok");
    assert_eq!(with("OURS,\ta=?1;b=*t/x:y , b", "OURS, c=\"q\\\"\\\\\""), "ok");
    for (input, signature) in [
        ("OURS, OURS", "OURS"),
        ("OURS", "OURS, OURS"),
        ("OURS, a=1, a=2", "OURS"),
        ("other=()", "OURS"),
        ("OURS", "other=:AAAA:"),
        ("OURS,", "OURS"),
        ("OURS, a=(1", "OURS"),
        ("OURS, A=1", "OURS"),
        ("OURS, a=1.2345", "OURS"),
        ("OURS, a=1234567890123456", "OURS"),
        ("OURS, a=\"\u{7f}\"", "OURS"),
        ("OURS", "OURS;p=1"),
        ("OURS", "counterseal=\"x\""),
        ("OURS", "counterseal=:AAAA:"),
        ("OURS", ""),
        ("", "OURS"),
    ] {
        assert_eq!(with(input, signature), "malformed_request", "{input} | {signature}");
    }
    let many = |count: usize| (0..count).map(|at| format!("a{at}=1, ")).collect::<String>();
    assert_eq!(with(&format!("{}OURS", many(15)), "OURS"), "ok");
    assert_eq!(with(&format!("{}OURS", many(16)), "OURS"), "malformed_request");
}

#[test]
fn fields_on_several_lines_are_one_field() {
    let mut request = Request::golden();
    request.headers.insert(0, ("signature-input".to_string(), b"proxy=()".into()));
    request.add("SIGNATURE", "proxy=:AAAA:");
    assert_eq!(request.verdict(), "ok");
    request.add("Content-Type", "application/json");
    assert_eq!(request.verdict(), "malformed_request", "a covered field is repeated");
}

#[test]
fn extra_fields_are_always_covered() {
    let options = r#"{"authorities":["http://h"],"extra_fields":["x-tenant"]}"#;
    let signer = RequestSigner::from_options(key(), br#"{"extra_fields":["x-tenant"]}"#).unwrap();
    let sign = |headers: &[(&str, &str)]| Request::signed_by(&signer, "GET", "http://h/", headers, "");
    let mut request = sign(&[("X-Tenant", " a ")]).unwrap();
    assert!(
        request.get("Signature-Input").contains(r#"("@method" "@authority" "@path" "@query" "x-tenant")"#)
    );
    assert_eq!(code(request.verify_with(options, T)), "ok");
    assert_eq!(code(request.verify_with(r#"{"authorities":["http://h"]}"#, T)), "malformed_request");
    request.set("X-Tenant", "b");
    assert_eq!(code(request.verify_with(options, T)), "bad_signature");
    request.remove("X-Tenant");
    assert_eq!(code(request.verify_with(options, T)), "malformed_request");
    assert_eq!(
        code(Request::signed("GET", "http://h/", &[], "").verify_with(options, T)),
        "malformed_request"
    );
    assert_eq!(code(sign(&[])), "malformed_argument");
    assert_eq!(code(sign(&[("x-tenant", "a"), ("x-tenant", "a")])), "malformed_argument");
}

#[test]
fn an_encoding_is_covered_where_it_is_carried() {
    let headers = [("Content-Encoding", "gzip"), ("content-type", "text/plain")];
    let mut request = Request::signed("POST", "http://vault.internal:8200/x", &headers, "x");
    assert!(
        request.get("Signature-Input").contains(r#""content-digest" "content-type" "content-encoding")"#)
    );
    assert_eq!(request.verdict(), "ok");
    request.remove("Content-Encoding");
    assert_eq!(request.verdict(), "malformed_request");
    let mut added = Request::golden();
    added.add("Content-Encoding", "gzip");
    assert_eq!(added.verdict(), "malformed_request", "what is carried must be covered");
}
