//! The routes, without a network.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use ectomorph::query;
use rules::{Order, User};
use serde_json::{Value, json};
use shared_rules::database::open;
use shared_rules::server::router;
use std::path::Path;
use tower::ServiceExt;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// A server on a database of its own.
async fn server() -> Router {
    server_on("sqlite::memory:").await
}

async fn server_on(database: &str) -> Router {
    router(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), open(database).await.unwrap())
}

async fn answer(server: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let response = server.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

async fn post(server: &Router, path: &str, kind: &str, body: impl Into<Body>) -> (StatusCode, Value) {
    let request = Request::post(path).header(header::CONTENT_TYPE, kind).body(body.into()).unwrap();
    answer(server, request).await
}

async fn get(server: &Router, path: &str) -> (StatusCode, Value) {
    answer(server, Request::get(path).body(Body::empty()).unwrap()).await
}

/// The messages of errors, by field, without metadata.
fn messages(errors: &Value) -> Value {
    match errors {
        Value::Array(list) if list.iter().any(|error| error.get("template").is_some()) => {
            list.iter().map(|error| error["message"].clone()).collect()
        }
        Value::Array(list) => list.iter().map(messages).collect(),
        Value::Object(map) => map.iter().map(|(field, errors)| (field.clone(), messages(errors))).collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn a_valid_user_is_created() {
    let body = "user[name]=Grace&user[email]=grace@example.com&user[bio]=Compilers&user[number_of_pets]=2";
    let expected = json!({"id": 2, "name": "Grace", "email": "grace@example.com", "bio": "Compilers", "number_of_pets": 2});
    assert_eq!(post(&server().await, "/users", FORM, body).await, (StatusCode::CREATED, expected));
}

#[tokio::test]
async fn json_is_cast_like_a_form() {
    let body = json!({"user": {"name": "Grace", "email": "grace@example.com", "bio": "Compilers", "number_of_pets": "2"}});
    let (status, user) =
        post(&server().await, "/users", "application/json; charset=utf-8", body.to_string()).await;
    assert_eq!((status, &user["number_of_pets"]), (StatusCode::CREATED, &json!(2)));
}

#[tokio::test]
async fn an_invalid_user_is_answered_with_its_errors() {
    let (status, answer) = post(&server().await, "/users", FORM, "user[email]=grace&user[bio]=C").await;
    let expected = json!({"errors": {
        "name": [{"message": "can't be blank", "template": "can't be blank", "metadata": {"validation": "required"}}],
        "email": [{"message": "has invalid format", "template": "has invalid format", "metadata": {"validation": "format"}}],
        "bio": [{
            "message": "should be at least 2 character(s)",
            "template": "should be at least %{count} character(s)",
            "metadata": {"count": 2, "validation": "length", "kind": "min", "type": "string"},
        }],
    }});
    assert_eq!((status, answer), (StatusCode::UNPROCESSABLE_ENTITY, expected));
}

#[tokio::test]
async fn an_email_can_be_taken_once() {
    let server = server().await;
    let body = "user[name]=Grace&user[email]=Grace@example.com&user[bio]=Compilers";
    assert_eq!(post(&server, "/users", FORM, body).await.0, StatusCode::CREATED);
    let (status, answer) = post(&server, "/users", FORM, body.replace("Grace@", "grace@")).await;
    let expected = json!({"errors": {"email": [{
        "message": "has already been taken",
        "template": "has already been taken",
        "metadata": {"constraint": "unique", "constraint_name": "users_email_index"},
    }]}});
    assert_eq!((status, answer), (StatusCode::UNPROCESSABLE_ENTITY, expected));
}

#[tokio::test]
async fn what_was_created_outlives_the_server() {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("shared-rules-{}.db", std::process::id()));
    let url = format!("sqlite://{}", file.display());
    let body = "user[name]=Grace&user[email]=grace@example.com&user[bio]=Compilers";
    assert_eq!(post(&server_on(&url).await, "/users", FORM, body).await.0, StatusCode::CREATED);
    let (status, answer) = post(&server_on(&url).await, "/users", FORM, body).await;
    let expected = json!({"email": ["has already been taken"]});
    assert_eq!((status, messages(&answer["errors"])), (StatusCode::UNPROCESSABLE_ENTITY, expected));
    let emails: Vec<String> =
        open(&url).await.unwrap().all(query!(from u in User, order_by: u.id, select: u.email)).await.unwrap();
    assert_eq!(emails, ["ada@example.com", "grace@example.com"]);
    let orders = json!({"order": {"number": "B-1", "lines": [{"sku": "PEN", "qty": 1}]}}).to_string();
    let (status, _) = post(&server_on(&url).await, "/orders", JSON, orders).await;
    assert_eq!(status, StatusCode::CREATED);
    let orders: Vec<Order> =
        open(&url).await.unwrap().all(query!(from o in Order, order_by: o.id)).await.unwrap();
    assert_eq!(orders[1].lines[0].sku.as_deref(), Some("PEN"));
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn of_two_at_once_one_gets_the_email() {
    let server = server().await;
    let body = "user[name]=Grace&user[email]=grace@example.com&user[bio]=Compilers";
    let (one, other) = tokio::join!(post(&server, "/users", FORM, body), post(&server, "/users", FORM, body));
    let mut statuses = [one.0, other.0];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::CREATED, StatusCode::UNPROCESSABLE_ENTITY]);
}

#[tokio::test]
async fn all_that_is_taken_is_told_and_nothing_else_is_taken() {
    let server = server().await;
    let signup = |email: &str, username: &str| {
        json!({"signup": {
            "email": email, "username": username, "password": "correct horse", "password_confirmation": "correct horse",
            "age": 36, "country": "gb", "terms": true,
        }})
        .to_string()
    };
    let (_, answer) = post(&server, "/signups", JSON, signup("ada@example.com", "ada")).await;
    let taken = json!(["has already been taken"]);
    assert_eq!(messages(&answer["errors"]), json!({"email": taken, "username": taken}));
    let (_, answer) = post(&server, "/signups", JSON, signup("new@example.com", "ada")).await;
    assert_eq!(messages(&answer["errors"]), json!({"username": taken}));
    let (status, account) = post(&server, "/signups", JSON, signup("new@example.com", "lovelace")).await;
    let expected =
        json!({"id": 2, "email": "new@example.com", "username": "lovelace", "age": 36, "country": "gb"});
    assert_eq!((status, account), (StatusCode::CREATED, expected));
}

#[tokio::test]
async fn a_signup_needs_a_confirmed_password_and_the_terms() {
    let body = "signup[email]=a b@c&signup[username]=1a&signup[password]=short&signup[password_confirmation]=shirt\
                &signup[age]=17&signup[country]=xx&signup[terms]=false";
    let (status, answer) = post(&server().await, "/signups", FORM, body).await;
    let expected = json!({
        "email": ["has invalid format"],
        "username": [
            "must start with a letter and have only letters, digits and _",
            "should be at least 3 character(s)",
        ],
        "password": ["should be at least 8 character(s)"],
        "password_confirmation": ["does not match the password"],
        "age": ["must be greater than or equal to 18"],
        "country": ["is invalid"],
        "terms": ["must be accepted"],
    });
    assert_eq!((status, messages(&answer["errors"])), (StatusCode::UNPROCESSABLE_ENTITY, expected));
}

#[tokio::test]
async fn lines_come_in_the_order_asked_for() {
    let body = "order[number]=B-7&order[starts_on]=2024-01-01&order[ends_on]=2024-01-01\
                &order[lines_sort][]=1&order[lines_sort][]=0&order[lines_sort][]=2&order[lines_drop][]=&order[lines_drop][]=2\
                &order[lines][0][sku]=PEN&order[lines][0][qty]=2&order[lines][0][price]=1.50\
                &order[lines][1][sku]=INK&order[lines][1][qty]=1&order[lines][2][sku]=PAD&order[lines][2][qty]=1";
    let (status, order) = post(&server().await, "/orders", FORM, body).await;
    let expected = json!({
        "id": 2, "number": "B-7", "starts_on": "2024-01-01", "ends_on": "2024-01-01",
        "lines": [
            {"sku": "INK", "qty": 1, "price": null},
            {"sku": "PEN", "qty": 2, "price": "1.50"},
        ],
    });
    assert_eq!((status, order), (StatusCode::CREATED, expected));
}

#[tokio::test]
async fn errors_of_lines_are_where_the_lines_are() {
    let body = json!({"order": {"number": "B-8", "starts_on": "2024-02-01", "ends_on": "2024-01-31", "lines": [
        {"sku": "PEN", "qty": 1}, {"sku": "CAR", "qty": 0, "price": -1},
    ]}});
    let (status, answer) = post(&server().await, "/orders", JSON, body.to_string()).await;
    let expected = json!({
        "ends_on": ["must not be before the start"],
        "lines": [{}, {
            "sku": ["is not an article we have"],
            "qty": ["must be greater than 0"],
            "price": ["must be greater than or equal to 0"],
        }],
    });
    assert_eq!((status, messages(&answer["errors"])), (StatusCode::UNPROCESSABLE_ENTITY, expected));
    let (_, answer) =
        post(&server().await, "/orders", JSON, json!({"order": {"number": "B-9", "lines": []}}).to_string())
            .await;
    assert_eq!(messages(&answer["errors"]), json!({"lines": ["can't be blank"]}));
}

#[tokio::test]
async fn what_is_not_permitted_is_not_taken() {
    let body = "user[id]=99&user[admin]=true&user[name]=G&user[email]=g@example.com&user[bio]=Compilers";
    let (status, user) = post(&server().await, "/users", FORM, body).await;
    assert_eq!((status, &user["id"], user.get("admin")), (StatusCode::CREATED, &json!(2), None));
}

#[tokio::test]
async fn what_is_no_form_is_refused_with_the_reason() {
    let server = server().await;
    let cases = [
        (FORM, "name=Grace", StatusCode::BAD_REQUEST, "the params must be under `user`, as in `user[..]`"),
        (JSON, "[1]", StatusCode::BAD_REQUEST, "the params must be an object"),
        (
            "text/plain",
            "",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send application/x-www-form-urlencoded or application/json",
        ),
    ];
    for (kind, body, status, message) in cases {
        assert_eq!(post(&server, "/users", kind, body).await, (status, json!({"error": message})));
    }
    let (status, answer) = post(&server, "/users", JSON, "{").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(answer["error"].as_str().unwrap().starts_with("invalid params at byte 1"), "{answer}");
    let deep = format!("{}1{}", "[".repeat(20), "]".repeat(20));
    assert_eq!(post(&server, "/users", JSON, deep).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(post(&server, "/users", FORM, "a".repeat(65 * 1024)).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_rules_are_documents() {
    let server = server().await;
    for name in ["user", "signup", "order"] {
        let (status, document) = get(&server, &format!("/rules/{name}.json")).await;
        assert_eq!((status, &document["version"]), (StatusCode::OK, &json!(1)));
        assert_eq!(document["steps"][0][0], json!("cast"), "{name}");
    }
    let (_, document) = get(&server, "/rules/user.json").await;
    assert_eq!(get(&server, "/articles.json").await.1, json!(["PEN", "INK", "PAD"]));
    assert_eq!(document["steps"][2], json!(["validate_length", "bio", {"min": 2, "max": 140}]));
}

#[tokio::test]
async fn every_answer_has_the_policy_of_scripts() {
    for path in ["/rules/user.json", "/lib.rs", "/nothing"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = server().await.oneshot(request).await.unwrap();
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{path}: {policy}");
    }
}
