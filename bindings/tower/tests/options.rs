//! What a layer is told arrives at the core, which judges it.
#![cfg(feature = "axum")]
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod common;

use common::{Count, ORIGIN, gateway, guarded, now, raw, ring, serve, signed_at, vault};
use counterseal_tower::{RequireSignature, RequireSignatureBuilder};

#[test]
fn what_is_out_of_its_grammar_is_named() {
    let policy = r#"{"vault":{}}"#;
    for (builder, named) in [
        (RequireSignature::builder(&ring(), [""; 0]), "authorities"),
        (RequireSignature::builder(&ring(), ["vault.internal/x"]), "authorities"),
        (guarded().trust("{", "vault"), "trust"),
        (guarded().trust(r#"{"vault":{}},"allow":["x"]"#, "vault"), "trust"),
        (guarded().trust(policy, "valt"), "callee valt is not in trust"),
        (guarded().allow(["a b"]), "allow"),
        (guarded().max_age(0), "max_age"),
        (guarded().max_age(3601), "max_age"),
        (guarded().max_ahead(0), "max_ahead"),
        (guarded().extra_fields(["X-Tenant"]), "extra_fields"),
        (guarded().body_limit(0), "body_limit"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.code().as_str(), "malformed_argument");
        assert!(error.detail().contains(named), "{named}: {error}");
    }
    assert!(RequireSignature::new(&ring(), [ORIGIN, "https://vault.example"]).is_ok());
}

#[tokio::test]
async fn what_is_told_counts() {
    let status = async |builder: RequireSignatureBuilder, age: f64| {
        let address = serve(vault(&Count::default()).layer(builder.build().unwrap())).await;
        let headers = signed_at(now() - age, &gateway(), "{}", "POST", "/", &[], b"body");
        raw::send(address, "POST", "/", &headers, b"body").await.status
    };
    assert_eq!(status(guarded(), 0.0).await, 200);
    assert_eq!(status(guarded(), 100.0).await, 401);
    assert_eq!(status(guarded().max_age(200), 100.0).await, 200);
    assert_eq!(status(guarded(), -100.0).await, 401);
    assert_eq!(status(guarded().max_ahead(200), -100.0).await, 200);
    assert_eq!(status(guarded().allow(["gateway", "other"]), 0.0).await, 200);
    assert_eq!(status(guarded().allow(["other"]), 0.0).await, 403);
    assert_eq!(status(guarded().body_limit(4), 0.0).await, 200);
    assert_eq!(status(guarded().body_limit(3), 0.0).await, 413);
    assert_eq!(status(guarded().body_limit(3).body_limit(4), 0.0).await, 200, "the last one counts");
    assert_eq!(status(guarded().extra_fields(["x-tenant"]), 0.0).await, 401);
}

#[test]
fn nothing_secret_is_shown() {
    let layer = guarded().build().unwrap();
    assert_eq!(format!("{layer:?}"), "RequireSignature { .. }");
    assert_eq!(format!("{:?}", guarded()), "RequireSignatureBuilder { .. }");
}
