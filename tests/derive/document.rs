//! Rules as documents.

use crate::blog::*;
use ectomorph::Rules;
use ectomorph::document::{Document, MAX_BYTES, check};
use ectomorph::expr::field;
use ectomorph::mistake::Mistake;
use ectomorph::rules::{CastRelation, Finding, NoValidators, Update, Validator};
use ectomorph::schema::{HasSchema, Record, Related, Schema, read_schema, write_schema};
use ectomorph::types::Types;
use ectomorph::value::{Map, Value};

fn read(json: &str) -> Result<Document, Mistake> {
    Document::from_json(json, &Types::default(), &NoValidators)
}

fn refusal(json: &str) -> String {
    read(json).map(|document| format!("{document:?}")).unwrap_err().text()
}

/// A document with this schema for comments and these steps.
fn comment(steps: &str) -> String {
    let schema = r#"{"name": "Comment", "source": "comments", "fields": {"body": "string", "likes": "integer"},
        "embeds_many": {"links": {"schema": {"name": "Link", "embedded": true, "fields": {"url": "string"}}}}}"#;
    format!(r#"{{"version": 1, "schema": {schema}, "steps": {steps}}}"#)
}

#[test]
fn rules_are_written_and_read_back() {
    let json = User::registration().document().unwrap().named("registration").to_json().unwrap();
    let document = read(&json).unwrap();
    assert_eq!(document.name.as_deref(), Some("registration"));
    assert_eq!(document.to_json(), Ok(json));
    let params = Map::from([("email", "ada"), ("bio", "m")]);
    let dynamic = document.apply(Record::new(&document.schema), &params);
    let typed = User::registration().apply(User::default(), &params);
    assert_eq!(dynamic.report(), typed.report());
}

#[test]
fn a_document_has_the_associations_that_the_steps_speak_of_and_no_others() {
    let document = Post::rules().document().unwrap();
    let written = document.write().unwrap();
    let schema = written.as_map().and_then(|map| map.get("schema")).and_then(Value::as_map).unwrap();
    assert_eq!(schema.get("belongs_to"), None);
    assert_eq!(schema.get("many_to_many"), None);
    assert!(schema.contains_key("has_many") && schema.contains_key("embeds_many"));
    let read = read(&document.to_json().unwrap()).unwrap();
    assert_eq!(read.schema.field_type("author_id"), Post::schema().field_type("author_id"));
    let rules = Rules::cast(Post::title).assoc_constraint(Post::author);
    assert!(rules.document().unwrap().to_json().unwrap().contains(r#""belongs_to":{"author":"#));
}

#[test]
fn children_of_a_document_are_validated_by_their_own_changeset() {
    let document = read(&Post::rules().document().unwrap().to_json().unwrap()).unwrap();
    let comments = Value::from([Map::from([("likes", "3")])]);
    let params = Map::from([("title", Value::from("x")), ("comments", comments)]);
    let messages = document.apply(Record::new(&document.schema), &params).error_messages();
    let expected = Map::from([("comments", Value::from([Map::from([("body", ["can't be blank"])])]))]);
    assert_eq!(messages, expected);
}

#[test]
fn a_closure_can_not_be_written_and_the_mistake_names_it() {
    let written = |rules: Rules<Comment>| rules.document().unwrap().to_json().unwrap_err().text();
    let validator = Rules::cast(Comment::body).validate_change(Comment::body, |_, _| Vec::new());
    assert_eq!(
        written(validator),
        "Remark: the validator on `body` is a closure, which no document can hold; give it a name and register it \
         where the document is read"
    );
    let update = Rules::cast(Comment::body).update_change(Comment::body, |value| value);
    assert!(written(update).contains("the function of update_change on `body` is a closure"));
    let portable = Rules::cast(Comment::body).update_change_with(Comment::body, Update::Trim);
    assert!(portable.document().unwrap().to_json().is_ok());
}

#[test]
fn a_named_validator_is_found_by_its_name() {
    let shout = || Validator::named("no_shouting", |field, _| vec![Finding::new(field, "is too loud")]);
    let rules = Rules::cast(Comment::body).validate_change_with(Comment::body, shout(), Value::Null);
    let json = rules.document().unwrap().to_json().unwrap();
    assert!(refusal(&json).contains("validator `no_shouting` is not registered here"));
    let document = Document::from_json(&json, &Types::default(), &[shout()]).unwrap();
    let changeset = document.apply(Record::new(&document.schema), &Map::from([("body", "HEY")]));
    assert_eq!(changeset.errors[0].text(), "is too loud");
}

#[test]
fn the_version_is_read_first() {
    let newer = r#"{"version": 2, "shape": "unheard of"}"#;
    assert_eq!(refusal(newer), "version 2 is newer than this ectomorph understands (1); update it");
    assert_eq!(refusal(r#"{"version": 0}"#), "there is no version 0");
    assert_eq!(refusal(r#"{"version": "1"}"#), "version must be an integer, got a string");
    assert_eq!(refusal("{}"), r#"a rules document needs its version: {"version": 1, ..}"#);
    assert_eq!(refusal("[]"), "a rules document must be an object, got a list");
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    assert_eq!(
        refusal(r#"{"version": 1, "step": []}"#),
        "unknown key of a rules document `step`; did you mean `steps`?"
    );
    assert_eq!(refusal(r#"{"version": 1, "steps": []}"#), "a rules document needs its schema");
    assert_eq!(
        refusal(&comment(r#"[["validate_lenght", "body", {"min": 2}]]"#)),
        "steps: step 0: unknown step `validate_lenght`; did you mean `validate_length`?"
    );
    assert_eq!(
        refusal(&comment(r#"[["cast", ["body"]], ["validate_length", "body", {"minimum": 2}]]"#)),
        "steps: step 1: validate_length has no option `minimum` that takes an integer"
    );
}

#[test]
fn steps_must_fit_the_schema() {
    let cases = [
        (r#"[["cast", ["bdy"]]]"#, "step 0: unknown field `bdy` in Comment; did you mean `body`?"),
        (r#"[["cast", ["links"]]]"#, "step 0: cast: `links` is an embed; use cast_embed instead"),
        (
            r#"[["validate_required", ["like"]]]"#,
            "step 0: unknown field `like` in Comment; did you mean `likes`?",
        ),
        (r#"[["cast_assoc", "links", {"with": []}]]"#, "step 0: `links` is no assoc; it is an embed"),
        (r#"[["cast_embed", "body"]]"#, "step 0: `body` is no embed; it is no relation that can be written"),
        (
            r#"[["cast_embed", "links"]]"#,
            "step 0: links: `Link` has no changeset of its own; give the steps of its children in `with`",
        ),
        (
            r#"[["cast_embed", "links", {"with": [["cast", ["ur"]]]}]]"#,
            "step 0: links: step 0: unknown field `ur` in Link; did you mean `url`?",
        ),
        (
            r#"[["when", [">", ["field", "likes"], "many"], []]]"#,
            "step 0: $: \">\" compares a number with a string",
        ),
        (
            r#"[["when", ["is_nil", ["field", "like"]], []]]"#,
            "step 0: $[1]: unknown field \"like\"; did you mean \"likes\"?",
        ),
        (
            r#"[["merge", [["when", ["is_nil", ["field", "likes"]], [["put_change", "x", 1]]]]]]"#,
            "step 0: step 0: step 0: unknown field `x` in Comment",
        ),
        (r#"[["no_assoc_constraint", "links"]]"#, "step 0: `links` is no assoc; it is an embed"),
    ];
    for (steps, expected) in cases {
        assert_eq!(refusal(&comment(steps)), format!("steps: Comment: {expected}"), "{steps}");
    }
}

#[test]
fn what_ecto_accepts_is_accepted() {
    let steps = r#"[["validate_acceptance", "terms"], ["validate_confirmation", "password"],
        ["unique_constraint", "anything"], ["add_error", "base", "is wrong"], ["delete_change", "nothing"],
        ["assoc_constraint", "anything", {"name": "comments_post_id_fkey"}]]"#;
    assert!(read(&comment(steps)).is_ok());
}

#[test]
fn typed_rules_are_checked_too() {
    let rules = Rules::cast(Post::title).when(field(Post::tags).gt(3), |rules| rules);
    let mistake = rules.document().unwrap_err();
    assert_eq!(mistake.text(), "Post: step 1: $: \">\" compares a list with a number");
    let bad = Rules::cast(Post::title)
        .cast_embed(Post::links, CastRelation::with(Rules::cast(Link::url).validate_format(Link::url, "(")));
    let mistake = bad.document().unwrap_err().text();
    assert!(mistake.starts_with("Post: step 1: links: step 1: validate_format on `url`: "), "{mistake}");
    assert_eq!(check(&Post::schema(), Post::rules().steps()), Ok(()));
}

#[test]
fn limits_hold() {
    let long = format!(r#"{{"version": 1, "name": "{}"}}"#, "x".repeat(MAX_BYTES));
    assert!(refusal(&long).contains("1000000"), "{}", refusal(&long));
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    assert!(refusal(&deep).contains("127"), "{}", refusal(&deep));
    let nested = (0..40).fold("[]".to_owned(), |steps, _| format!(r#"[["merge", {steps}]]"#));
    assert!(refusal(&comment(&nested)).ends_with("steps are nested too deep (32 levels)"));
    assert!(refusal("{").contains("JSON"), "{}", refusal("{"));
}

#[test]
fn schemas_whose_associations_lead_in_a_circle_are_written_once_and_named_where_they_come_again() {
    let written = write_schema(&User::schema()).unwrap();
    let read = read_schema(&written, &Types::default(), &NoValidators).unwrap();
    assert_eq!(write_schema(&read), Ok(written));
    let posts = read.relation("posts").unwrap().related.schema();
    let author = posts.relation("author").unwrap().related.schema();
    assert!(std::sync::Arc::ptr_eq(&author, &read), "{}", author.name());
    let again = read.relation("english_posts").unwrap().related.schema();
    assert!(std::sync::Arc::ptr_eq(&again, &posts), "the same schema, not one that looks like it");
    drop((read, author, again));
    assert_eq!(posts.relation("author").unwrap().related.schema().fields().len(), 0);
}

#[test]
fn a_name_of_a_schema_must_be_one_that_was_read_and_of_one_schema() {
    let named = r#"{"name": "Post", "source": "posts", "belongs_to": {"user": {"schema": "Usr"}}}"#;
    let json = format!(r#"{{"version": 1, "schema": {named}, "steps": []}}"#);
    let refused = "no schema around it or before it is named `Usr`; write the schema itself";
    assert_eq!(refusal(&json), format!("schema: user: {refused}"));

    fn tag() -> std::sync::Arc<Schema> {
        static TAG: std::sync::OnceLock<std::sync::Arc<Schema>> = std::sync::OnceLock::new();
        TAG.get_or_init(|| {
            Schema::build("Tag", "tags")
                .belongs_to("parent", Related::Lazy(tag), "parent_id")
                .finish()
                .unwrap()
        })
        .clone()
    }
    let other = Schema::build("Tag", "labels").finish().unwrap();
    let post = Schema::build("Post", "posts")
        .belongs_to("label", Related::Schema(other), "label_id")
        .belongs_to("tag", Related::Lazy(tag), "tag_id")
        .finish()
        .unwrap();
    assert_eq!(
        write_schema(&post).unwrap_err().text(),
        "Post: Tag: two schemas are named `Tag`; give one another name"
    );
}
