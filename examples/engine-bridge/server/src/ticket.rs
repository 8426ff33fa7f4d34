//! `POST /ticket`: an operator's password for a dashboard's ticket.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use counterseal_shared::{ErrorCode, Ticket};
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::clock;
use crate::hub::{Hub, refusal};
use crate::keys::HUB;
use crate::limits::{Failures, PASSWORD};

/// Who may watch: whoever knows the password, and was not preceded by too many who did not.
pub(crate) struct Operators {
    password: Padded,
    failures: Mutex<Failures>,
    admitted: AtomicU64,
}

/// A password in as many bytes as the longest, so that comparing it tells nothing of its length.
struct Padded([u8; PASSWORD + 2]);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    password: String,
}

/// Answers with a ticket, or with as little as a stranger may learn.
pub(crate) async fn issue(State(hub): State<Arc<Hub>>, body: Bytes) -> Response {
    let (status, text) = match admit(&hub, &body) {
        Ok((owner, ticket)) => {
            let Ticket { token, key_id, secret, expires } = ticket;
            let ticket = json!({
                "token": token, "key_id": key_id, "secret": secret.expose(), "expires": expires, "owner": owner,
                "server": HUB,
            });
            (200, ticket.to_string())
        }
        Err(code) => (code.status(), refusal(code)),
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNAUTHORIZED);
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}

fn admit(hub: &Hub, body: &[u8]) -> Result<(String, Ticket), ErrorCode> {
    if let Err((code, reason)) = hub.operators.judge(body, clock::now()) {
        hub.auth_failed(None, "/ticket", code, reason);
        return Err(code);
    }
    let owner = format!("operator-{}", hub.operators.admitted.fetch_add(1, Ordering::Relaxed) + 1);
    let issued = hub.keys.ticket(&owner).and_then(|ticket| {
        hub.audit.ticket_issued(&owner, ticket.expires)?;
        Ok(ticket)
    });
    issued.map(|ticket| (owner, ticket)).map_err(|error| error.code())
}

impl Operators {
    pub(crate) fn new(password: &str) -> Self {
        let (failures, admitted) = (Mutex::default(), AtomicU64::new(0));
        Self { password: Padded::new(password), failures, admitted }
    }

    fn judge(&self, body: &[u8], now: u64) -> Result<(), (ErrorCode, &'static str)> {
        // Held throughout: guesses made at once count like guesses made in turn.
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.too_many(now) {
            return Err((ErrorCode::RateLimited, "too many wrong passwords"));
        }
        let judged = match serde_json::from_slice::<Request>(body) {
            Ok(request) if self.password.is(&request.password) => return Ok(()),
            // A password that is wrong proves as little as a signature that is.
            Ok(_) => (ErrorCode::BadSignature, "wrong password"),
            Err(_) => (ErrorCode::MalformedPayload, "no password"),
        };
        failures.count(now);
        Err(judged)
    }
}

impl Padded {
    fn new(password: &str) -> Self {
        let mut padded = [0; PASSWORD + 2];
        let shown = password.as_bytes().iter().take(PASSWORD);
        padded.iter_mut().zip(shown).for_each(|(place, byte)| *place = *byte);
        let length = u16::try_from(password.len()).unwrap_or(u16::MAX).to_be_bytes();
        padded.iter_mut().rev().zip(length).for_each(|(place, byte)| *place = byte);
        Self(padded)
    }

    fn is(&self, password: &str) -> bool {
        self.0.ct_eq(&Self::new(password).0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(operators: &Operators, password: &str, now: u64) -> Result<(), ErrorCode> {
        let body = json!({ "password": password }).to_string();
        operators.judge(body.as_bytes(), now).map_err(|(code, _)| code)
    }

    #[test]
    fn only_the_password_is_the_password() {
        let password = Padded::new("correct horse");
        assert!(password.is("correct horse"));
        for other in ["", "correct hors", "correct horsf", "correct horse\0", "Correct horse"] {
            assert!(!password.is(other), "{other:?}");
        }
        let longest = "x".repeat(PASSWORD);
        assert!(!Padded::new(&longest).is(&format!("{longest}x")), "what does not fit counts by its length");
    }

    #[test]
    fn after_five_wrong_passwords_the_right_one_waits_too() {
        let operators = Operators::new("correct horse");
        for _ in 0..5 {
            assert_eq!(guess(&operators, "wrong", 100), Err(ErrorCode::BadSignature));
        }
        assert_eq!(guess(&operators, "correct horse", 159), Err(ErrorCode::RateLimited));
        assert_eq!(guess(&operators, "correct horse", 160), Ok(()));
    }

    #[test]
    fn a_body_of_another_form_is_a_wrong_password() {
        let operators = Operators::new("correct horse");
        for body in ["", "{}", r#"{"password":7}"#, r#"{"password":"correct horse","more":1}"#, "[]"] {
            assert_eq!(
                operators.judge(body.as_bytes(), 1),
                Err((ErrorCode::MalformedPayload, "no password"))
            );
        }
        assert_eq!(guess(&operators, "correct horse", 1), Err(ErrorCode::RateLimited));
    }
}
