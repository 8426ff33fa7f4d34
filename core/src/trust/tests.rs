use super::*;

const MESH: &str = r#"{
    "vault": {"rules": [
        {"callers": ["gateway", "batch"], "methods": ["POST"], "paths": ["/execute", "/jobs/"]},
        {"callers": ["audit"]}
    ], "exempt": ["/health"]},
    "gateway": {}
}"#;

fn mesh() -> Trust {
    Trust::from_json(MESH.as_bytes()).unwrap()
}

#[test]
fn only_what_is_named() {
    let trust = mesh();
    for (callee, caller, method, path, allowed) in [
        ("vault", "gateway", "POST", "/execute", true),
        ("vault", "batch", "POST", "/execute/1", true),
        ("vault", "gateway", "POST", "/jobs/1", true),
        ("vault", "gateway", "POST", "/jobs/", true),
        ("vault", "audit", "DELETE", "/anything", true),
        ("vault", "audit", "GET", "//odd/../path", true),
        ("vault", "gateway", "GET", "/execute", false),
        ("vault", "gateway", "post", "/execute", false),
        ("vault", "gateway", "POST", "/executed", false),
        ("vault", "gateway", "POST", "/jobs", false),
        ("vault", "gateway", "POST", "/", false),
        ("vault", "heartbeat", "POST", "/execute", false),
        ("vault", "", "POST", "/execute", false),
        ("gateway", "vault", "GET", "/", false),
        ("nobody", "gateway", "POST", "/execute", false),
    ] {
        let verdict = trust.check(callee, caller, method, path);
        assert_eq!(verdict.is_ok(), allowed, "{caller} {method} {callee} {path}");
        if let Err(error) = verdict {
            assert_eq!(error.code(), ErrorCode::CallerNotAllowed);
        }
    }
}

#[test]
fn a_path_that_could_be_another_is_below_no_prefix() {
    let trust = mesh();
    for path in [
        "/execute/../admin",
        "/execute/..",
        "/execute/./x",
        "/execute//x",
        "//execute",
        "/execute/%2e%2e/admin",
        "/execute/%2E./admin",
        "/execute%2Fx",
        "/execute/a%5cb",
        "/execute/%252e",
        "/execute/%",
        "/execute/%0",
        "/execute/%00",
        "/execute;a=1",
        "/execute\\x",
        "/execute?x",
        "/execute/é",
        "execute",
    ] {
        assert!(trust.check("vault", "gateway", "POST", path).is_err(), "{path}");
    }
    for path in ["/execute/%20", "/execute/a.b", "/execute/...", "/execute/x/"] {
        assert!(trust.check("vault", "gateway", "POST", path).is_ok(), "{path}");
    }
}

#[test]
fn in_words() {
    let trust = mesh();
    assert_eq!(
        trust.explain("vault"),
        [
            "gateway may POST vault /execute, /jobs/",
            "batch may POST vault /execute, /jobs/",
            "audit may call vault /",
            "anyone may call vault /health"
        ]
    );
    let refused = trust.check("vault", "heartbeat", "POST", "/execute").unwrap_err();
    assert!(
        refused.detail().starts_with("heartbeat may not POST vault /execute: gateway may POST"),
        "{refused}"
    );
    let refused = trust.check("gateway", "vault", "GET", &"/é".repeat(200)).unwrap_err();
    assert!(refused.detail().ends_with("é: nobody may") && refused.detail().len() < 300, "{refused}");
    assert_eq!(trust.explain("nobody"), Vec::<String>::new());
    assert!(trust.knows("gateway") && !trust.knows("nobody"));
}

#[test]
fn exempt_is_one_path_as_a_whole() {
    let trust = mesh();
    assert!(trust.is_exempt("vault", "/health"));
    for (callee, path) in
        [("vault", "/health/"), ("vault", "/health/x"), ("vault", "/"), ("gateway", "/health")]
    {
        assert!(!trust.is_exempt(callee, path), "{callee} {path}");
    }
}

#[test]
fn a_policy_is_judged_when_it_is_built() {
    for bad in [
        "[]",
        r#"{"a b":{}}"#,
        r#"{"v":[]}"#,
        r#"{"v":{"rules":{}}}"#,
        r#"{"v":{"rule":[]}}"#,
        r#"{"v":{"rules":[[]]}}"#,
        r#"{"v":{"rules":[{}]}}"#,
        r#"{"v":{"rules":[{"callers":[]}]}}"#,
        r#"{"v":{"rules":[{"callers":["a b"]}]}}"#,
        r#"{"v":{"rules":[{"callers":["a"],"methods":[]}]}}"#,
        r#"{"v":{"rules":[{"callers":["a"],"methods":["G T"]}]}}"#,
        r#"{"v":{"rules":[{"callers":["a"],"paths":[]}]}}"#,
        r#"{"v":{"rules":[{"callers":["a"],"paths":["x"]}]}}"#,
        r#"{"v":{"rules":[{"callers":["a"],"paths":["/a/../b"]}]}}"#,
        r#"{"v":{"rules":[{"callers":["a"],"path":["/"]}]}}"#,
        r#"{"v":{"exempt":["health"]}}"#,
        r#"{"v":{"exempt":["/health?"]}}"#,
        r#"{"v":{"exempt":["//health"]}}"#,
        r#"{"v":{},"v":{}}"#,
    ] {
        let refused = Trust::from_json(bad.as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::MalformedArgument, "{bad}");
    }
    assert!(Trust::from_json(b"{}").is_ok());
}
