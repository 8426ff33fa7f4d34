//! What was changed on its way, and what a peer signs by mistake, found.

use super::*;

#[test]
fn paths_that_were_changed_on_their_way() {
    for (signed, arrives, how) in [
        ("/caf%C3%A9%27s", "/caf%C3%A9's", "it was decoded on its way"),
        ("/a%28b%29%7Ec", "/a(b)%7Ec", "it was decoded on its way"),
        ("/a%3Ab%40c", "/a:b@c", "it was decoded on its way"),
        ("/it%27s!(a)", "/it's!(a)", "it was decoded on its way"),
        ("/a%7Eb", "/a~b", "it was decoded on its way"),
        ("/a~b", "/a%7Eb", "percent-encoding is signed as it is sent"),
        ("/a/b%2Fc", "/a/b/c", "an escaped slash was decoded on its way"),
        ("/b%2fc/d", "/b/c/d", "an escaped slash was decoded on its way"),
        ("/a%2fb", "/a%2Fb", "the case of its escapes was changed"),
        ("/a%2Fb", "/a%2fb", "the case of its escapes was changed"),
        ("/x/", "/x", "a slash at its end was added or taken off"),
        ("/x", "/x/", "a slash at its end was added or taken off"),
        ("/a//b", "/a/b", "double slashes were made one on its way"),
        ("//a/b", "/a/b", "double slashes were made one on its way"),
        ("/a/b", "/a///b", "the peer signed it with its double slashes made one"),
        ("/b", "/a/../b", "took . and .. out of it"),
        ("/a/b/", "/a/./b/c/..", "took . and .. out of it"),
        ("/", "/a/..", "took . and .. out of it"),
    ] {
        let told = Sent::get(signed).target(arrives).told();
        let value = signed.replace('"', "");
        assert!(
            told.starts_with(&format!("path: the peer signed the path \"{value}\": ")),
            "{signed}: {told}"
        );
        assert!(told.contains(how) && told.lines().count() == 1, "{signed}: {told}");
        assert_eq!(Sent::get(arrives).told(), "ok");
    }
}

#[test]
fn a_long_value_is_cut() {
    let told = |length: usize| {
        let signed = format!("/{}/", "x".repeat(length - 2));
        Sent::get(&signed).target(signed.trim_end_matches('/')).told()
    };
    let whole = format!("path: the peer signed the path \"/{}/\": a slash", "x".repeat(158));
    assert!(told(160).starts_with(&whole), "{}", told(160));
    let cut = format!("path: the peer signed the path \"/{}\"…: a slash", "x".repeat(159));
    assert!(told(161).starts_with(&cut), "{}", told(161));
}

#[test]
fn queries_that_were_changed_on_their_way() {
    for (signed, arrives, how) in [
        ("?", "?a=1", "it was added after the request was signed"),
        ("?a=b+c", "?a=b%20c", "a space is + on one side"),
        ("?a=b%20c", "?a=b+c", "a space is + on one side"),
        ("?a=b%27", "?a=b'", "it was decoded on its way"),
        ("?a=%7Eb%21", "?a=~b!", "it was decoded on its way"),
        ("?t=10%3A30&u=a%2Fb", "?t=10:30&u=a/b", "it was decoded on its way"),
        ("?a=%c3%a9", "?a=%C3%A9", "the case of its escapes was changed"),
        ("?a=", "?a", "parameters without a value were written anew"),
        ("?a", "?a=", "parameters without a value were written anew"),
        ("?a=1", "?a=1&b=", "parameters without a value were written anew"),
        ("?a=1&b=", "?a=1&b", "parameters without a value were written anew"),
        ("?b=2&d=4&a=1&c=3", "?a=1&b=2&c=3&d=4", "its parameters were reordered"),
        ("?c=3&a=1&b=2", "?a=1&b=2&c=3", "its parameters were reordered"),
        ("?f=6&e=5&d=4&c=3&b=2&a=1", "?a=1&b=2&c=3&d=4&e=5&f=6", "its parameters were reordered"),
        ("?a=1&b=2&c=3&d=4&e=5", "?e=5&a=1&c=3&b=2&d=4", "its parameters were reordered"),
    ] {
        let told = Sent::get(&format!("/x{signed}")).target(&format!("/x{arrives}")).told();
        assert!(
            told.starts_with(&format!("query: the peer signed the query \"{signed}\": ")),
            "{signed}: {told}"
        );
        assert!(told.contains(how) && told.lines().count() == 1, "{signed}: {told}");
        assert_eq!(Sent::get(&format!("/x{arrives}")).told(), "ok");
    }
}

#[test]
fn what_proxies_say_that_they_rewrote() {
    for name in
        ["X-Original-URI", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Uri", "X-Envoy-Original-Path"]
    {
        let sent = Sent::get("/api/x?y=1").target("/x").with(name, "/api/x?y=1");
        let expected = format!(
            "path: the peer signed the target \"/api/x?y=1\", as {} says: a proxy rewrote it",
            name.to_lowercase()
        );
        assert!(sent.told().starts_with(&expected), "{}", sent.told());
        assert_eq!(Sent::get("/x").with(name, "/api/x?y=1").told(), "ok");
    }
    let stripped = Sent::get("/api/x").target("/x").with("X-Forwarded-Prefix", "/api/");
    assert!(stripped.told().ends_with("a proxy stripped the prefix that x-forwarded-prefix names; hand in the path that was sent, if that proxy is yours"));
    let put = Sent::get("/x").target("/api/x").with("X-Forwarded-Prefix", "/api");
    assert_eq!(
        put.told(),
        "path: the peer signed the path \"/x\": a proxy put the prefix that x-forwarded-prefix names before it"
    );
    // Without a word of it nothing is found: which prefix it was cannot be known.
    assert!(Sent::get("/api/x").target("/x").told().starts_with("secret: other encodings"));
    assert!(
        Sent::get("/api/x")
            .target("/x")
            .with("X-Forwarded-Prefix", "/other")
            .told()
            .starts_with("secret: other")
    );
}

#[test]
fn methods() {
    for (signed, arrives, how) in [
        ("HEAD", "GET", "a proxy or a framework took one for the other"),
        ("GET", "HEAD", "a proxy or a framework took one for the other"),
        ("POST", "GET", "a redirect turned it into GET"),
        ("DELETE", "GET", "a redirect turned it into GET"),
        ("post", "POST", "a method is signed in the case in which it is sent"),
        ("PATCH", "patch", "a method is signed in the case in which it is sent"),
    ] {
        let sent = Sent::signed(signed, URL, &[], "");
        let told = sent.method(arrives).told();
        assert!(
            told.starts_with(&format!("method: the peer signed the method \"{signed}\": {how}")),
            "{told}"
        );
    }
    for name in ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"] {
        let sent = Sent::signed("DELETE", URL, &[], "").method("POST").with(name, "DELETE");
        assert!(sent.told().ends_with(&format!("{} says so", name.to_lowercase())), "{}", sent.told());
    }
    assert!(Sent::signed("PUT", URL, &[], "").method("POST").told().starts_with("secret: other encodings"));
}

#[test]
fn authorities_that_a_proxy_rewrote() {
    let api = || Sent::signed("GET", "http://api.example.com/x", &[], "").with("Host", "vault.internal:8200");
    for (name, value) in [
        ("X-Forwarded-Host", "api.example.com"),
        ("X-Forwarded-Host", "edge, api.example.com"),
        ("X-Forwarded-Host", "API.example.com:80"),
        ("X-Original-Host", "api.example.com"),
        ("Forwarded", "for=192.0.2.1;host=edge, for=\"[::1]\"; Host=\"api.example.com\";proto=https"),
    ] {
        let told = api().with(name, value).told();
        let expected = format!(
            "authority: the peer signed the authority \"api.example.com\": {} says so; have the proxy pass Host on as it came",
            name.to_lowercase()
        );
        assert_eq!(told, expected);
    }
    let ported =
        Sent::signed("GET", "http://api.example.com:8443/x", &[], "").with("Host", "vault.internal:8200");
    let ported = ported.with("X-Forwarded-Host", "api.example.com").with("X-Forwarded-Port", "8443");
    assert!(
        ported.told().starts_with(
            "authority: the peer signed the authority \"api.example.com:8443\": x-forwarded-host"
        )
    );
    let both = r#"{"authorities":["http://vault.internal:8200","http://api.example.com"]}"#;
    assert!(api().options(both).told().starts_with(
        "authority: the peer signed the authority \"api.example.com\": a proxy rewrote Host, or another"
    ));
    let portless =
        Sent::signed("GET", "http://vault.internal/x", &[], "").with("Host", "vault.internal:8200");
    assert!(
        portless
            .told()
            .starts_with("authority: the peer signed the authority \"vault.internal\": a port is signed")
    );
    assert!(api().told().starts_with("secret: other encodings"));
}

#[test]
fn an_authority_that_is_not_this_servers() {
    let named = Sent::signed("GET", "http://api.example.com/x", &[], "");
    let expected = "authority: the peer signed for api.example.com, and this verifier answers for vault.internal:8200: add api.example.com to authorities";
    assert!(named.told().starts_with(expected) && named.told().lines().count() == 1, "{}", named.told());
    let rewritten = Sent::get("/x").with("Host", "10.0.0.7:9000");
    let lines = rewritten.told();
    assert!(lines.starts_with("authority: the request is for 10.0.0.7:9000, and this verifier answers for vault.internal:8200\nauthority: the peer signed the authority \"vault.internal:8200\": a proxy rewrote Host"), "{lines}");
    let neither = Sent::get("/x").with("Host", "other").target("/y");
    assert_eq!(
        neither.told(),
        "authority: the request is for other, and this verifier answers for vault.internal:8200"
    );
    let many: Vec<_> = (0..10).map(|at| format!("\"h{at}\"")).collect();
    let many = neither.options(&format!("{{\"authorities\":[{}]}}", many.join(",")));
    assert!(
        many.told().ends_with("answers for h0, h1, h2, h3, h4, h5, h6, h7 and 2 more"),
        "{}",
        many.told()
    );
}

#[test]
fn media_types() {
    let typed =
        |value: &str| Sent::signed("GET", "http://vault.internal:8200/x", &[("Content-Type", value)], "");
    for (signed, arrives, how) in [
        ("application/json", "application/json; charset=utf-8", "its parameters were changed"),
        ("application/json; charset=utf-8", "application/json", "its parameters were changed"),
        ("text/plain;charset=UTF-8", "text/plain; charset=utf-8", "its parameters were changed"),
        ("application/json", "Application/JSON", "its case was changed"),
    ] {
        let told = typed(signed).with("Content-Type", arrives).told();
        assert!(
            told.starts_with(&format!("header: the peer signed the content-type \"{signed}\": {how}")),
            "{told}"
        );
    }
}

#[test]
fn peers_that_make_their_base_in_another_way() {
    type Change = fn(&str) -> String;
    let cases: [(&str, Change, &str); 9] = [
        (
            "/a%20b%C3%A9",
            |base| base.replace("/a%20b%C3%A9", "/a b\u{e9}"),
            "path: the peer signed the path \"/a b\u{e9}\": percent-encoding is signed as it is sent",
        ),
        (
            "/x?y=1",
            |base| base.replace("\"@path\": /x", "\"@path\": /x?y=1"),
            "path: the peer signed the path \"/x?y=1\": the query is a component of its own",
        ),
        (
            "/",
            |base| base.replace("\"@path\": /", "\"@path\": "),
            "path: the peer signed the path \"\": an empty path is signed as /",
        ),
        (
            "/x",
            |base| base.replace("\"@query\": ?", "\"@query\": "),
            "query: the peer signed the query \"\": it is signed with its question mark",
        ),
        (
            "/x?y=1",
            |base| base.replace("\"@query\": ?", "\"@query\": "),
            "query: the peer signed the query \"y=1\": it is signed with its question mark",
        ),
        (
            "/x",
            |base| base.replace("vault", "Vault"),
            "authority: the peer signed the authority \"Vault.internal:8200\": it is signed in lower case",
        ),
        (
            "/x",
            |base| base.replace("vault", "http://vault"),
            "authority: the peer signed the authority \"http://vault.internal:8200\": it is signed without its scheme",
        ),
        (
            "/x",
            |base| format!("{base}\n"),
            "base: the peer signed its base with a line end behind the last line",
        ),
        ("/x", |base| base.replace('\n', "\r\n"), "base: the peer signed its base with CRLF"),
    ];
    for (target, change, expected) in cases {
        let sent = Sent::get(target).with("Host", "Vault.internal:8200").resigned(change);
        assert!(sent.told().starts_with(expected), "{expected}: {}", sent.told());
    }
    let named = Sent::signed("GET", "http://h/x", &[], "").options(r#"{"authorities":["http://h"]}"#);
    let ported = named.resigned(|base| base.replace("\"@authority\": h", "\"@authority\": h:80"));
    assert!(ported.told().starts_with("authority: the peer signed the authority \"h:80\": a port is signed"));
}

#[test]
fn secrets_and_keys() {
    let hex = secret_bytes(0).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let text = Sent::golden().ours(hex.as_bytes());
    assert_eq!(text.told(), "secret: the peer decodes the secret from hex; on this side its text is the key");
    let other = Sent::golden().ours(&secret_bytes(5));
    assert!(other.told().starts_with("secret: other encodings"));
    let tag = MacKey::new(&secret_bytes(9)).mac(&[other.base().as_bytes()]);
    let other = other.with("Signature", &signature(&tag));
    let expected = "key: the signature is that of key other, and keyid names gateway-1: two secrets, or two ids, are mixed up";
    assert_eq!(other.told(), expected);
}

#[test]
fn several_mistakes_at_once() {
    let sent = Sent::signed("GET", "http://api.example.com/api/x", &[], "")
        .with("Host", "vault.internal:8200")
        .target("/x");
    let sent = sent.with("X-Forwarded-Host", "api.example.com").with("X-Forwarded-Prefix", "/api");
    let looked_at = |told: String| {
        told.lines().filter_map(|line| Some(line.split_once(':')?.0.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(looked_at(sent.told()), ["authority", "path"]);
    let hex = secret_bytes(0).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let sent = Sent::get("/x/").target("/x").ours(hex.as_bytes());
    assert_eq!(looked_at(sent.told()), ["secret", "path"]);
}

#[test]
fn a_ring_of_many_keys_is_tried() {
    let keys = (0..200_u8).map(|at| key_of(&format!("k{at:03}"), &[at; 32], KeyOptions::default()));
    let ring = ring(keys.chain([key_of("gateway-1", &secret_bytes(5), KeyOptions::default())]));
    let sent = Sent::golden();
    let tag = MacKey::new(&[199; 32]).mac(&[sent.base().as_bytes()]);
    let explanation = sent.with("Signature", &signature(&tag)).explain_for(&ring, NOW);
    assert!(told(&explanation).starts_with("key: the signature is that of key k199"));
}

#[test]
fn changes_are_tried_for_the_first_keys_alone() {
    let ours = secret_bytes(0);
    let keys = (1..200_u8).map(|at| key_of(&format!("k{at:03}"), &[at; 32], KeyOptions::default()));
    let ring = ring(keys.chain([key_of("gateway-1", &ours, KeyOptions::default())]));
    let spelled = crate::explain::secrets::otherwise(&ours).len();
    let others: Vec<_> = ring.keys().filter(|key| key.id() != "gateway-1").collect();
    let sent = Sent::get("/x/");
    for (number, expected) in [(99, "key: the signature is that of key"), (100, "secret: other encodings")] {
        let key = others[number - 1 - spelled];
        let tag = key.mac_key().mac(&[sent.base().as_bytes()]);
        let explanation =
            sent.clone().with("Signature", &signature(&tag)).target("/x").explain_for(&ring, NOW);
        assert!(told(&explanation).starts_with(expected), "{number}: {}", told(&explanation));
    }
}
