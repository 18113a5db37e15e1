//! Forms: what a page needs to show a changeset in inputs, without repeating a rule.
//!
//! A [`Form`] gives each field its id, name, value, errors and whether it was used, and the HTML attributes that
//! follow from the rules; [`Form::nested`] does so for the children of a relation. [`describe`] is all of it as data.
//! A server answers with [`errors_json`], and [`apply_server_errors`] puts that answer on the same fields.
//!
//! ```
//! use ectomorph::changeset::run_steps;
//! use ectomorph::form::{Form, Options};
//! use ectomorph::rules::{NoValidators, read_steps};
//! use ectomorph::schema::{Field, Record, Schema};
//! use ectomorph::types::Type;
//! use ectomorph::value::{Map, Value};
//! use std::sync::Arc;
//!
//! let user = Schema::build("User", "users").field(Field::new("email", Type::String)).finish()?;
//! let cast = Value::from([Value::from("cast"), Value::from(["email"])]);
//! let required = Value::from([Value::from("validate_required"), Value::from(["email"])]);
//! let steps = read_steps(&Value::from([cast, required]), &NoValidators)?;
//!
//! let params = Map::from([("email", "")]);
//! let changeset = run_steps(Arc::new(Record::new(&user)), &steps, Some(&params))?;
//! let form = Form::new(&changeset, &Options::new().action("validate").steps(steps));
//! let email = form.field("email");
//! assert_eq!((email.id.as_str(), email.name.as_str()), ("user_email", "user[email]"));
//! assert_eq!(email.errors[0].text(), "can't be blank");
//! assert_eq!(form.attributes("email"), Map::from([("required", true)]));
//! # Ok::<(), ectomorph::mistake::Mistake>(())
//! ```

mod attributes;
mod describe;
mod errors;
mod field;
mod input;
mod naming;
mod nested;
mod options;
mod pipeline;
mod text;
mod used;

pub use describe::describe;
pub use errors::{apply_server_errors, errors_json};
pub use field::{Form, FormField};
pub use options::Options;
pub use text::value_text;
pub use used::is_used;
