//! "Changesets and validations": what rules make of params, with no database near.

use super::title;
use crate::user::User;
use ectomorph::Rules;
use ectomorph::query::inspect_value;
use ectomorph::value::{Map, Value};

// The schema as the generator wrote it: all fields are required.
#[rustfmt::skip]
#[path = "../../generated/user.rs"]
pub mod generated;

/// Experiments.
pub fn run() {
    // region: blank
    title("a changeset of no params");
    let changeset = generated::User::rules().apply(generated::User::default(), &Map::new());
    println!("{changeset:#?}");

    title("whether it is valid");
    println!("{}", changeset.valid);

    title("its errors");
    println!("{:#?}", changeset.errors);
    // endregion

    // region: optional
    title("with pets that are optional");
    let cast = Rules::cast([User::name, User::email, User::bio, User::number_of_pets]);
    let rules = cast.validate_required([User::name, User::email, User::bio]);
    let changeset = rules.apply(User::default(), &Map::new());
    println!("{changeset:#?}");

    title("its errors, without pets");
    println!("{:#?}", changeset.errors);
    // endregion

    // region: params
    title("params");
    let params = Map::from([
        ("name", Value::from("Joe Example")),
        ("email", "joe@example.com".into()),
        ("bio", "An example to all".into()),
        ("number_of_pets", 5.into()),
        ("random_key", "random value".into()),
    ]);
    println!("{}", inspect_value(&params.clone().into()));

    title("a changeset of params");
    let changeset = rules.apply(User::default(), &params);
    println!("{changeset:#?}");

    title("whether that is valid");
    println!("{}", changeset.valid);

    title("its changes");
    println!("{}", inspect_value(&changeset.changed_values().into()));
    // endregion

    // region: length
    title("a bio that is too short");
    let changeset = User::rules().apply(User::default(), &Map::from([("bio", "A")]));
    println!("{:?}", changeset.error(User::bio));
    // endregion

    // region: format
    title("an email that is none");
    let changeset = User::rules().apply(User::default(), &Map::from([("email", "example.com")]));
    println!("{:?}", changeset.error(User::email));
    // endregion
}
