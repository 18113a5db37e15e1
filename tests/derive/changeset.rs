//! Typed changesets and rules.

use crate::blog::*;
use ectomorph::changeset::{Input, Origin, Params};
use ectomorph::expr::field;
use ectomorph::params::{Limits, from_urlencoded};
use ectomorph::rules::{
    CastOptions, CastRelation, Finding, Length, Message, Number, Options, Update, Validator,
};
use ectomorph::schema::{Assoc, Slot};
use ectomorph::value::{Map, Value};
use ectomorph::{Changeset, Rules};

fn params(body: &str) -> Map {
    from_urlencoded(body, &Limits::default()).unwrap()
}

fn messages<T>(changeset: &Changeset<T>) -> Vec<(String, String)> {
    changeset.errors.iter().map(|error| (error.field.to_string(), error.text())).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(field, message)| (field.to_string(), message.to_string())).collect()
}

#[test]
fn rules_make_a_changeset_and_the_changeset_a_struct() {
    let params = params("name=Ada&email=ada@example.com&bio=mathematician&number_of_pets=2&id=7");
    let changeset = User::registration().apply(User::default(), &params);
    assert!(changeset.valid, "{changeset:?}");
    assert_eq!(
        changeset.constraints[0].name,
        ectomorph::rules::ConstraintName::Text("users_e_mail_index".into())
    );
    let user = changeset.apply_action("insert").unwrap();
    let expected = User {
        name: Some("Ada".into()),
        email: Some("ada@example.com".into()),
        bio: Some("mathematician".into()),
        number_of_pets: Some(2),
        ..User::default()
    };
    assert_eq!(user, expected);
}

#[test]
fn an_invalid_changeset_comes_back_with_the_action() {
    let changeset =
        User::registration().apply(User::default(), &params("email=ada&bio=m&number_of_pets=two"));
    let changeset = changeset.apply_action("insert").unwrap_err();
    assert_eq!(changeset.action.as_deref(), Some("insert"));
    let expected = pairs(&[
        ("email", "has invalid format"),
        ("bio", "should be at least 2 character(s)"),
        ("name", "can't be blank"),
        ("number_of_pets", "is invalid"),
    ]);
    assert_eq!(messages(&changeset), expected);
    assert_eq!(changeset.error_messages().get("bio"), Some(&["should be at least 2 character(s)"].into()));
}

#[test]
fn a_changeset_prints_as_in_ecto_and_hides_what_is_redacted() {
    let address = Value::Map(Map::from([("zip", "1010")]));
    let params = Map::from([
        ("name", "Ada".into()),
        ("password", "secret".into()),
        ("bio", "m".into()),
        ("address", address),
    ]);
    let changeset = Rules::cast([User::name, User::password, User::bio])
        .cast_embed(User::address, CastRelation::new())
        .validate_length(User::bio, Length::new().min(2))
        .apply(User::default(), &params);
    let expected = "\
#Ecto.Changeset<
  action: nil,
  changes: %{
    address: #Ecto.Changeset<
      action: :insert,
      changes: %{zip: \"1010\"},
      errors: [street: {\"can't be blank\", [validation: :required]}],
      data: #Address<>,
      valid?: false
    >,
    bio: \"m\",
    name: \"Ada\",
    password: **redacted**
  },
  errors: [
    bio: {\"should be at least %{count} character(s)\", [count: 2, validation: :length, kind: :min, type: :string]}
  ],
  data: #User<>,
  valid?: false
>";
    assert_eq!(format!("{changeset:#?}"), expected);
    assert!(!format!("{changeset:?}").contains('\n'));
    assert_eq!(changeset.error(User::bio), changeset.errors.first());
    assert_eq!(changeset.error(User::name), None);
    assert_eq!(
        changeset.changed_values(),
        Map::from([("name", "Ada"), ("password", "secret"), ("bio", "m")])
    );
}

#[test]
fn functions_and_rules_are_the_same() {
    let params = params("name=Ada&email=ada&bio=m");
    let by_rules = User::registration().apply(User::default(), &params);
    let by_functions =
        Changeset::cast(User::default(), &params, [User::name, User::email, User::bio, User::number_of_pets])
            .validate_required([User::name, User::email, User::bio])
            .validate_length(User::bio, Length::new().min(2).max(140))
            .validate_format(User::email, "@")
            .unique_constraint(User::email);
    assert_eq!(by_rules.report(), by_functions.report());
}

#[test]
fn a_changeset_is_cast_further() {
    let first = Changeset::cast(User::default(), &params("name=Ada"), User::name);
    let both = Changeset::cast(first, &params("password=secret"), User::password);
    assert!(both.changed(User::name) && both.changed(User::password) && !both.changed(User::bio));
    let rules = Rules::cast(User::name).then(Rules::cast(User::password));
    let changeset = rules.apply(User::default(), &params("name=Ada&password=secret"));
    assert_eq!(changeset.changes, both.changes);
}

#[test]
fn embeds_and_associations_are_cast_into_structs() {
    let body = "title=Engines&status=published&tags[]=a&tags[]=b&links[0][url]=https://a.example&links[1][url]=b\
                &comments[0][body]=Bravo&comments[0][likes]=3";
    let changeset = Post::rules().apply(Post::default(), &params(body));
    assert_eq!(
        Value::Map(changeset.error_messages()),
        Map::from([(
            "links",
            Value::List(vec![
                Map::new().into(),
                Map::from([("url", Value::from(["has invalid format"]))]).into()
            ])
        )])
        .into()
    );
    let changeset =
        Post::rules().apply(Post::default(), &params(&body.replace("=b&comm", "=http://b.example&comm")));
    let post = changeset.apply_action("insert").unwrap();
    let link = |url: &str| Link { id: None, url: url.into() };
    assert_eq!(post.links, [link("https://a.example"), link("http://b.example")]);
    assert_eq!(post.status, Status::Published);
    let comment = Comment { body: "Bravo".into(), likes: 3, ..Comment::default() };
    assert_eq!(post.comments, Assoc::from(vec![comment]));
}

#[test]
fn structs_changesets_and_maps_are_put_into_relations() {
    let bravo = Comment { body: "Bravo".into(), ..Comment::default() };
    let encore = Changeset::change(Comment::default()).put_change(Comment::body, "Encore");
    let changeset = Changeset::change(Post::default())
        .put_assoc(Post::comments, vec![Input::from(bravo.clone()), encore.into()])
        .put_embed(Post::links, [Map::from([("url", "https://example.com")])])
        .put_assoc(Post::author, None::<User>);
    let post = changeset.apply_changes().unwrap();
    assert_eq!(
        post.comments,
        Assoc::from(vec![bravo, Comment { body: "Encore".into(), ..Comment::default() }])
    );
    assert_eq!(post.links, [Link { id: None, url: "https://example.com".into() }]);
    assert_eq!(post.author, Assoc::from(None));
}

#[test]
fn conditions_decide_about_rules() {
    let rules = || {
        Rules::cast([Post::status, Post::language]).when(field(Post::status).eq(Status::Published), |rules| {
            rules.validate_inclusion(Post::language, ["en", "fr"]).add_error(Post::title, "must be final")
        })
    };
    let published = rules().apply(Post::default(), &params("status=published&language=xx"));
    assert_eq!(messages(&published), pairs(&[("title", "must be final"), ("language", "is invalid")]));
    assert!(rules().apply(Post::default(), &params("status=draft&language=xx")).valid);
    let by_function = Changeset::cast(Post::default(), &params("status=published"), Post::status)
        .when(field(Post::status).eq(Status::Published), |changeset| {
            changeset.validate_required(Post::title)
        });
    assert_eq!(messages(&by_function), pairs(&[("title", "can't be blank")]));
}

#[test]
fn changes_are_put_updated_and_deleted() {
    let changeset = Changeset::change(User { name: Some("ada".into()), ..User::default() })
        .put_change(User::name, "ada")
        .force_change(User::bio, Value::Null)
        .put_change(User::email, " ADA@example.com ")
        .update_change(User::email, |email| email.as_str().map(str::to_lowercase).into())
        .update_change_with(User::email, Update::Trim)
        .put_change(User::number_of_pets, 9)
        .delete_change(User::number_of_pets);
    assert_eq!(changeset.get_change(User::name), None);
    assert_eq!(changeset.fetch_change(User::bio), Some(&Value::Null));
    assert_eq!(changeset.get_field(User::email), "ada@example.com".into());
    assert_eq!(changeset.fetch_field(User::name), Some((Origin::Data, Slot::Value("ada".into()))));
    assert!(!changeset.changed(User::number_of_pets) && changeset.field_missing(User::password));
}

#[test]
fn every_validation_finds_what_is_wrong() {
    let body = "title=x&tags[]=a&tags[]=z&status=draft&price=-1&language=xx&terms=no&title_confirmation=y";
    let fields = [Post::title, Post::tags, Post::status, Post::price, Post::language];
    let changeset = Changeset::cast(Post::default(), &params(body), fields)
        .validate_number(Post::price, Number::new().greater_than(0))
        .validate_subset(Post::tags, ["a", "b"])
        .validate_exclusion_with(Post::language, ["xx"], Options::new().message("is reserved"))
        .validate_acceptance("terms")
        .validate_confirmation_with(Post::title, Options::new().message("differs").required())
        .validate(
            Post::title,
            field(Post::title).length().gt(3),
            Message::new("is too short, %{why}").with("why", "dear"),
        )
        .validate_change(Post::tags, |name, value| {
            let count = value.as_list().map_or(0, <[Value]>::len) as i64;
            vec![Finding::new(name, "are %{count}").with("count", count)]
        });
    let expected = pairs(&[
        ("tags", "are 2"),
        ("title", "is too short, dear"),
        ("title_confirmation", "differs"),
        ("terms", "must be accepted"),
        ("language", "is reserved"),
        ("tags", "has an invalid entry"),
        ("price", "must be greater than 0"),
    ]);
    assert_eq!(messages(&changeset), expected);
}

#[test]
fn a_mistake_poisons_the_changeset_and_nothing_panics() {
    let changeset = Changeset::cast(User::default(), &params("name=Ada"), User::name)
        .validate_format(User::name, "(")
        .validate_required(User::bio)
        .put_change(User::email, "ada@example.com");
    let mistake = changeset.mistake.clone().unwrap();
    assert!(mistake.text().starts_with("User: validate_format on `name`: "), "{mistake}");
    assert!(!changeset.valid && changeset.errors.is_empty() && !changeset.changed(User::email));
    assert_eq!(changeset.apply_changes(), Err(mistake.clone()));
    assert_eq!(changeset.apply_action("insert").unwrap_err().mistake, Some(mistake));
}

#[test]
fn rules_with_a_bad_pattern_say_so_before_they_are_applied() {
    let inner = Rules::cast(Link::url).validate_format(Link::url, "(");
    let rules = Rules::cast(Post::title).cast_embed(Post::links, CastRelation::with(inner));
    let mistake = rules.check().unwrap_err();
    assert!(mistake.text().starts_with("validate_format on `url`: "), "{mistake}");
    let changeset = rules.apply(Post::default(), &params("links[0][url]=x"));
    assert!(!changeset.valid && changeset.mistake.is_some());
    assert_eq!(User::registration().check(), Ok(()));
}

#[test]
fn params_that_are_no_map_are_a_mistake_and_invalid_ones_are_not() {
    let changeset = Changeset::cast(User::default(), &Value::from(1), User::name);
    assert_eq!(
        changeset.mistake.as_ref().unwrap().text(),
        "User: cast: params must be a map, got an integer"
    );
    let changeset = Changeset::cast(User::default(), Params::Invalid, User::name);
    assert!(!changeset.valid && changeset.mistake.is_none() && changeset.errors.is_empty());
}

#[test]
fn a_value_beyond_the_rust_type_is_an_error_of_its_field() {
    let rules = Rules::cast(User::number_of_pets);
    let changeset = rules.apply(User::default(), &params("number_of_pets=5000000000"));
    assert_eq!(messages(&changeset), pairs(&[("number_of_pets", "is invalid")]));
    assert!(!changeset.valid && changeset.mistake.is_none());
}

#[test]
fn changesets_of_the_same_data_are_merged() {
    let user = User::default();
    let name = Changeset::cast(user.clone(), &params("name=Ada"), User::name).validate_required(User::name);
    let bio =
        Changeset::cast(user, &params("bio=m"), User::bio).validate_length(User::bio, Length::new().min(2));
    let both = name.merge(bio);
    assert!(both.changed(User::name) && both.changed(User::bio) && !both.valid);
    let other = Changeset::change(User { id: Some(1), ..User::default() });
    assert_eq!(
        both.merge(other).mistake.as_ref().unwrap().text(),
        "User: cannot merge changesets of different data"
    );
}

#[test]
fn a_prepared_function_is_registered_with_the_type() {
    let changeset = Changeset::change(User::default())
        .prepare_changes(|changeset| changeset.put_change(User::bio, "prepared"))
        .optimistic_lock(User::number_of_pets);
    assert_eq!(changeset.prepare.len(), 2);
    assert_eq!(changeset.filters, Map::from([("number_of_pets", 1)]));
    let ectomorph::changeset::Prepare::Function(function) = &changeset.prepare[1] else {
        panic!("no function")
    };
    let prepared = function(Changeset::change(User::default()).into_parts());
    assert_eq!(prepared.fetch_change("bio"), Some(&"prepared".into()));
}

#[test]
fn a_named_validator_is_portable() {
    let known = Validator::named("known_sku", |field, _| vec![Finding::new(field, "is unknown")]);
    let rules = Rules::cast(Post::title).validate_change_with(Post::title, known, Value::Null);
    let changeset = rules.apply(Post::default(), &params("title=x"));
    assert_eq!(messages(&changeset), pairs(&[("title", "is unknown")]));
    assert_eq!(changeset.validations_by_field().get("title").unwrap().as_list().unwrap().len(), 1);
}

#[test]
fn a_cast_takes_options() {
    let options = CastOptions::new().message(User::number_of_pets, "must be a count").empty_values(["", "-"]);
    let changeset = Changeset::cast_with(
        User { name: Some("Ada".into()), ..User::default() },
        &params("number_of_pets=many&name=-"),
        [User::number_of_pets, User::name],
        options,
    );
    assert_eq!(messages(&changeset), pairs(&[("number_of_pets", "must be a count")]));
    assert_eq!(changeset.fetch_change(User::name), Some(&Value::Null));
}
