//! Rules that no document can hold, exported to JavaScript.

use ectomorph::rules::{CastRelation, Finding, Length, Validator};
use ectomorph::types::{CastError, Custom, CustomType, Type};
use ectomorph::value::Value;
use ectomorph::{Enum, Rules, Schema};

/// A post, some of whose rules are closures.
#[derive(Schema)]
#[schema(source = "posts")]
pub struct Post {
    id: Option<i64>,
    title: Option<String>,
    #[field(type = slug())]
    slug: Option<String>,
    status: Option<Status>,
    #[embeds_many(on_replace = "delete")]
    comments: Vec<Comment>,
}

/// What becomes of a post.
#[derive(Enum, Clone, Copy)]
pub enum Status {
    Draft,
    Published,
}

/// A comment, whose default rules hold a closure.
#[derive(Schema)]
#[schema(embedded, changeset = Comment::rules)]
pub struct Comment {
    body: Option<String>,
}

/// A tag.
#[derive(Schema)]
#[schema(source = "tags")]
pub struct Tag {
    id: Option<i64>,
    name: Option<String>,
}

/// An address in lower case, of letters, digits and dashes.
#[derive(Debug)]
struct Slug;

impl CustomType for Slug {
    fn name(&self) -> &str {
        "slug"
    }

    fn base(&self) -> Type {
        Type::String
    }

    fn cast(&self, value: &Value) -> Result<Value, CastError> {
        let text = value.as_str().ok_or_else(CastError::default)?;
        let known = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        if text.chars().all(known) { Ok(text.to_ascii_lowercase().into()) } else { Err(CastError::default()) }
    }
}

fn slug() -> Type {
    Type::Custom(Custom::new(Slug))
}

impl Post {
    fn rules() -> Rules<Post> {
        let shouting = Validator::nameless(|field, title| {
            let shouts = title.as_str().is_some_and(|title| title == title.to_uppercase());
            let finding =
                || Finding::new(field, "is %{volume}").with("volume", "shouting").with("validation", "quiet");
            if shouts { vec![finding()] } else { Vec::new() }
        });
        Rules::cast([Post::title, Post::slug, Post::status])
            .update_change(Post::title, |title| match title.as_str() {
                Some(text) => text.split_whitespace().collect::<Vec<_>>().join(" ").into(),
                None => title,
            })
            .validate_required([Post::title])
            .validate_length(Post::title, Length::new().max(20))
            .validate_format(Post::title, "[[:alpha:]]")
            .validate_change_with(Post::title, shouting, Value::Null)
            .cast_embed(Post::comments, CastRelation::new())
    }

    /// Rules with a mistake in Rust, which is not found before somebody types it.
    fn panicking() -> Rules<Post> {
        let third = Validator::nameless(|field, title| {
            let letters: Vec<char> = title.as_str().unwrap_or_default().chars().collect();
            if letters[2] == 'x' { vec![Finding::new(field, "has an x")] } else { Vec::new() }
        });
        Rules::cast([Post::title]).validate_change_with(Post::title, third, Value::Null)
    }
}

impl Comment {
    fn rules() -> Rules<Comment> {
        let polite = Validator::nameless(|field, body| match body.as_str() {
            Some(body) if body.contains('!') => vec![Finding::new(field, "must stay calm")],
            _ => Vec::new(),
        });
        Rules::cast([Comment::body]).validate_required([Comment::body]).validate_change_with(
            Comment::body,
            polite,
            Value::Null,
        )
    }
}

impl Tag {
    /// Rules that a document can hold, if its reader has the validator.
    fn rules() -> Rules<Tag> {
        Rules::cast([Tag::name]).validate_change_with(
            Tag::name,
            Validator::named("not_hello", |field, name| {
                let greets = name.as_str() == Some("hello");
                if greets { vec![Finding::new(field, "is a greeting")] } else { Vec::new() }
            }),
            Value::Null,
        )
    }
}

ectomorph::export!(post = Post::rules, tag = Tag::rules, panicking = Post::panicking);
