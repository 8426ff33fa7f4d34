//! What the vault answers. A handler that asks for its [`Caller`] is reached by a verified request alone.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::routing::{get, post};
use axum::{Json, Router};
use counterseal_tower::{AuditLog, Caller};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::trail::{self, Execution};

/// All routes, each as it is without anything before it.
pub(crate) fn all(audit: &Arc<AuditLog>) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/status", get(status))
        .route("/execute", post(execute).put(execute))
        .route("/execute/all", post(execute))
        .with_state(Arc::clone(audit))
}

async fn health() -> Json<Value> {
    Json(json!({ "ok": true }))
}

async fn status(caller: Caller) -> Json<Value> {
    Json(json!({ "ok": true, "asked_by": caller.owner() }))
}

/// Records first what it does then: what is not in the log has not happened.
async fn execute(
    State(audit): State<Arc<AuditLog>>,
    caller: Caller,
    method: Method,
    uri: Uri,
    Query(bounds): Query<Bounds>,
    headers: HeaderMap,
    Json(order): Json<Order>,
) -> Result<Json<Value>, StatusCode> {
    // Signed: the layer was told of it as an extra field.
    let tenant = headers.get("x-tenant").and_then(|tenant| tenant.to_str().ok()).unwrap_or_default();
    let execution = Execution {
        caller: &caller,
        method: method.as_str(),
        path: uri.path(),
        order: &order.order,
        amount: order.amount,
        limit: bounds.limit,
        tenant,
    };
    trail::executed(&audit, &execution).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(Json(json!({ "executed": order.order, "amount": order.amount, "tenant": tenant })))
}

#[derive(Deserialize)]
struct Order {
    order: String,
    amount: u64,
}

#[derive(Deserialize)]
struct Bounds {
    limit: u64,
}
