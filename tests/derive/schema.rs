//! Schemas of structs.

use crate::blog::*;
use ectomorph::schema::HasSchema;

#[test]
fn a_derived_schema_has_the_fields_of_the_struct() {
    let schema = User::schema();
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "id",
            "name",
            "email",
            "bio",
            "number_of_pets",
            "password",
            "inserted_at",
            "updated_at",
            "posts",
            "profile",
            "address"
        ]
    );
}
