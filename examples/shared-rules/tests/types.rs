//! The types of the rules, which the pages are compiled with. `UPDATE=1` writes them anew.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use ectomorph::generate::{document_for_types, typescript_types};
use ectomorph::params::{Limits, from_json, to_json};
use ectomorph::value::Value;
use shared_rules::{database, server};
use std::path::Path;
use tower::ServiceExt;

/// What `ectomorph gen types` writes for the documents of `/rules.json`.
const TYPES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../www/src/rules.ts");

#[tokio::test]
async fn the_pages_have_the_types_of_the_documents() {
    let server = server::router(Path::new("."), database::open("sqlite::memory:").await.unwrap());
    let response = server.oneshot(Request::get("/rules.json").body(Body::empty()).unwrap()).await.unwrap();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let Ok(Value::Map(documents)) = from_json(&body, &Limits::default()) else { panic!("no documents") };
    let read = |(_, document): (_, &Value)| document_for_types(to_json(document)).unwrap();
    let types = typescript_types(&documents.iter().map(read).collect::<Vec<_>>()).unwrap();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(TYPES, &types).unwrap();
    }
    assert_eq!(
        types,
        std::fs::read_to_string(TYPES).unwrap_or_default(),
        "run with UPDATE=1, and look at the difference"
    );
}
