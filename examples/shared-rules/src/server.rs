//! The routes: rules as documents, and what is sent checked by them.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use ectomorph::Changeset;
use ectomorph::form::errors_json;
use ectomorph::mistake::Mistake;
use ectomorph::params::{Limits, from_json, from_urlencoded, to_json};
use ectomorph::repo::{Repo, RepoError, UniqueOptions, WriteError};
use ectomorph::schema::{Record, Slot};
use ectomorph::value::{Map, Value, notation};
use rules::{ARTICLES, Order, Resource, Signup, User};
use std::path::Path;
use std::sync::Arc;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// The largest body that is read. Forms are small.
const MAX_BODY: usize = 64 * 1024;

/// Scripts of this server alone, and WebAssembly: no inline script, no `eval`, nothing from elsewhere.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// The server, with the files of the site in `site`.
pub fn router(site: &Path, repo: Repo) -> Router {
    let policy = HeaderValue::from_static(POLICY);
    Router::new()
        .route("/rules.json", get(documents))
        .route("/rules/user.json", get(document::<User>))
        .route("/rules/signup.json", get(document::<Signup>))
        .route("/rules/order.json", get(document::<Order>))
        .route("/articles.json", get(articles))
        .route("/users", post(create::<User>))
        .route("/signups", post(create::<Signup>))
        .route("/orders", post(create::<Order>))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(repo)
        .fallback_service(ServeDir::new(site))
        .layer(SetResponseHeaderLayer::overriding(header::CONTENT_SECURITY_POLICY, policy))
        .layer(SetResponseHeaderLayer::overriding(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
}

/// The rules as a document.
async fn document<T: Resource>() -> Response {
    match written::<T>() {
        Ok(document) => json(StatusCode::OK, &document),
        Err(mistake) => failed(&mistake.into()),
    }
}

/// All rules, by name.
async fn documents() -> Response {
    let documents = || {
        let named = [
            (User::NAME, written::<User>()?),
            (Signup::NAME, written::<Signup>()?),
            (Order::NAME, written::<Order>()?),
        ];
        Ok::<Value, Mistake>(Map::from(named).into())
    };
    match documents() {
        Ok(documents) => json(StatusCode::OK, &documents),
        Err(mistake) => failed(&mistake.into()),
    }
}

fn written<T: Resource>() -> Result<Value, Mistake> {
    Ok(notation::encode(&T::rules().document()?.named(T::NAME).write()?))
}

/// What the page's own `known_sku` has to know.
async fn articles() -> Response {
    json(StatusCode::OK, &ARTICLES.into())
}

/// Casts, checks and writes what was sent: the record, or the errors of its fields.
async fn create<T: Resource + Send + 'static>(
    State(repo): State<Repo>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let params = match read(&headers, &body) {
        Ok(params) => params,
        Err((status, message)) => return refused(status, &message),
    };
    let Some(Value::Map(params)) = params.get(T::NAME) else {
        let message = format!("the params must be under `{0}`, as in `{0}[..]`", T::NAME);
        return refused(StatusCode::BAD_REQUEST, &message);
    };
    match insert::<T>(&repo, params).await {
        Ok(record) => json(StatusCode::CREATED, &Value::Map(visible(&record.to_record()))),
        Err(WriteError::Invalid(changeset)) => {
            json(StatusCode::UNPROCESSABLE_ENTITY, &errors_json(&changeset).into())
        }
        Err(WriteError::Failed(error)) => failed(&error),
    }
}

async fn insert<T: Resource>(repo: &Repo, params: &Map) -> Result<T, WriteError<Changeset<T>>> {
    let mut changeset = T::rules().apply(T::default(), params);
    for field in T::ASKED {
        changeset = repo.unsafe_validate_unique(changeset, *field, &UniqueOptions::new()).await?;
    }
    repo.insert(changeset).await
}

/// The params of a body, which says by its content type what it is.
fn read(headers: &HeaderMap, body: &Bytes) -> Result<Map, (StatusCode, String)> {
    let limits = Limits { bytes: MAX_BODY, depth: 8, entries: 1_000 };
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let params = match kind.split(';').next().unwrap_or_default().trim() {
        "application/x-www-form-urlencoded" => from_urlencoded(body, &limits).map(Value::Map),
        "application/json" => from_json(body, &limits),
        _ => {
            let message = "send application/x-www-form-urlencoded or application/json";
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, message.into()));
        }
    };
    match params {
        Ok(Value::Map(params)) => Ok(params),
        Ok(_) => Err((StatusCode::BAD_REQUEST, "the params must be an object".into())),
        Err(error) => Err((StatusCode::BAD_REQUEST, error.message())),
    }
}

/// A record without what nobody is to read.
fn visible(record: &Record) -> Map {
    let fields = record.schema().fields().iter().enumerate().filter(|(_, field)| !field.redact);
    fields.map(|(position, field)| (field.name.clone(), slot(record.slot(position)))).collect()
}

fn slot(slot: &Slot) -> Value {
    let child = |record: &Arc<Record>| Value::Map(visible(record));
    match slot {
        Slot::Value(value) => value.clone(),
        Slot::One(record) => record.as_ref().map_or(Value::Null, child),
        Slot::Many(records) => records.iter().map(child).collect::<Vec<_>>().into(),
        Slot::Absent | Slot::NotLoaded => Value::Null,
    }
}

fn refused(status: StatusCode, message: &str) -> Response {
    json(status, &Value::Map(Map::from([("error", message)])))
}

/// A mistake of the program, or a database that fails, is for those who run the server: whoever sent the request learns that
/// there is something.
fn failed(error: &RepoError) -> Response {
    eprintln!("error: {error}");
    refused(StatusCode::INTERNAL_SERVER_ERROR, "internal server error")
}

fn json(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], to_json(value)).into_response()
}
