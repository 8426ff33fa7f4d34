//! The server's name, in all its forms.

use super::*;

#[test]
fn the_servers_name() {
    let host = |hosts: &[(&str, &str)], target: &str| {
        let mut request = Request::golden();
        request.remove("Host");
        hosts.iter().for_each(|(name, value)| request.add(name, value));
        request.target = format!("{target}/a%2Fb/execute?x=1&y=%C3%A9");
        request.verdict()
    };
    let own = "vault.internal:8200";
    assert_eq!(host(&[("host", "Vault.Internal:8200")], ""), "ok");
    assert_eq!(host(&[(":authority", own)], ""), "ok");
    assert_eq!(host(&[(":authority", own), ("Host", own)], ""), "ok");
    assert_eq!(host(&[("Host", own)], "http://VAULT.internal:8200"), "ok");
    assert_eq!(host(&[("Host", "vault.internal")], ""), "wrong_authority");
    assert_eq!(host(&[("Host", "vault.internal.:8200")], ""), "wrong_authority");
    for (hosts, target) in [
        (&[][..], ""),
        (&[][..], "http://vault.internal:8200"),
        (&[("Host", own), ("Host", own)][..], ""),
        (&[("Host", own), (":authority", "other")][..], ""),
        (&[("Host", "other")][..], "http://vault.internal:8200"),
        (&[("Host", "u@vault.internal:8200")][..], ""),
        (&[("Host", "vault.internal:")][..], ""),
        (&[("Host", "vault.internal:08200")][..], ""),
        (&[("Host", "")][..], ""),
    ] {
        assert_eq!(host(hosts, target), "malformed_request", "{hosts:?} {target}");
    }
}

#[test]
fn the_schemes_own_port_need_not_be_named() {
    for (url, host, authority, expected) in [
        ("https://h/x", "h", "h", "ok"),
        ("https://h/x", "h:443", "https://h", "ok"),
        ("https://h:443/x", "h", "h:443", "ok"),
        ("http://h:80/x", "h:80", "http://h", "ok"),
        ("http://h/x", "h:80", "https://h", "wrong_authority"),
        ("http://[2001:DB8::1]/x", "[2001:db8::1]", "http://[2001:db8::1]:80", "ok"),
    ] {
        let mut request = Request::signed("GET", url, &[], "");
        request.set("Host", host);
        let options = format!(r#"{{"authorities":["{authority}"]}}"#);
        assert_eq!(code(request.verify_with(&options, T)), expected, "{url} {host} {authority}");
    }
}

/// Without a target in absolute form the scheme is the verifier's own, and so is the port that need not be named.
#[test]
fn names_agree_under_the_verifiers_own_scheme() {
    for (url, authority, host, own, expected) in [
        ("http://h/x", "h", "h:80", r#""http://h""#, "ok"),
        ("http://h/x", "h:80", "h", r#""http://h""#, "ok"),
        ("http://h/x", "h", "h:443", r#""http://h""#, "malformed_request"),
        ("https://h/x", "h", "h:443", r#""h""#, "ok"),
        ("https://h/x", "h", "h:80", r#""h""#, "malformed_request"),
        ("http://h/x", "h", "h:80", r#""h","http://h""#, "ok"),
        ("http://h/x", "h", "h:443", r#""http://h","http://x""#, "malformed_request"),
        ("http://h/x", "h", "h:443", r#""http://h","x""#, "wrong_authority"),
    ] {
        let mut request = Request::signed("GET", url, &[], "");
        request.set("Host", host);
        request.add(":authority", authority);
        let options = format!(r#"{{"authorities":[{own}]}}"#);
        assert_eq!(code(request.verify_with(&options, T)), expected, "{authority} {host} {own}");
    }
}
