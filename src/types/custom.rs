//! Types of the application.

use super::notation::is_built_in;
use super::{CastError, DumpError, LoadError, Type, TypeError};
use crate::value::Value;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt::Debug;

/// A type of the application: Ecto's `Ecto.Type` behaviour. Null never reaches it.
///
/// ```
/// use ectomorph::types::{CastError, Custom, CustomType, Type};
/// use ectomorph::value::Value;
///
/// /// An email address, compared and stored in lower case.
/// #[derive(Debug)]
/// struct Email;
///
/// impl CustomType for Email {
///     fn name(&self) -> &str {
///         "email"
///     }
///     fn base(&self) -> Type {
///         Type::String
///     }
///     fn cast(&self, value: &Value) -> Result<Value, CastError> {
///         value.as_str().map(|text| text.to_lowercase().into()).ok_or_else(CastError::default)
///     }
/// }
///
/// let email = Type::Custom(Custom::new(Email));
/// assert_eq!(email.cast(&"Ada@Example.com".into()), Ok("ada@example.com".into()));
/// ```
pub trait CustomType: Send + Sync + Debug {
    /// The name in documents. It must not be the name of a built-in type.
    fn name(&self) -> &str;

    /// The type of what is stored.
    fn base(&self) -> Type;

    /// Turns outside input into a value of this type.
    ///
    /// # Errors
    /// The input means nothing to this type.
    fn cast(&self, value: &Value) -> Result<Value, CastError>;

    /// Turns what was stored into a value of this type; as [`CustomType::base`] does, unless said otherwise.
    ///
    /// # Errors
    /// What was stored is not of this type.
    fn load(&self, value: &Value) -> Result<Value, LoadError> {
        self.base().load(value)
    }

    /// Turns a value of this type into what is stored; as [`CustomType::base`] does, unless said otherwise.
    ///
    /// # Errors
    /// The value is not of this type.
    fn dump(&self, value: &Value) -> Result<Value, DumpError> {
        self.base().dump(value)
    }

    /// Whether two values are the same; `==` unless said otherwise.
    fn equal(&self, left: &Value, right: &Value) -> bool {
        left == right
    }
}

/// A shared [`CustomType`]. Two are equal when they have the same name.
#[derive(Clone, Debug)]
pub struct Custom(Arc<dyn CustomType>);

impl Custom {
    /// Wraps a type of the application.
    pub fn new(custom: impl CustomType + 'static) -> Custom {
        Custom(Arc::new(custom))
    }
}

impl core::ops::Deref for Custom {
    type Target = dyn CustomType;
    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl PartialEq for Custom {
    fn eq(&self, other: &Custom) -> bool {
        self.name() == other.name()
    }
}

/// The custom types that a reader of documents knows by name. There is no global list: who reads, hands it in.
///
/// ```
/// use ectomorph::types::{Type, Types};
/// let types = Types::default();
/// assert_eq!(types.read(&"integer".into()), Ok(Type::Integer));
/// let error = types.read(&"sting".into()).unwrap_err();
/// assert_eq!(error.message(), "the type \"sting\" is unknown; did you mean \"string\"?");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Types {
    custom: Vec<Custom>,
}

impl Types {
    /// Adds a custom type.
    ///
    /// # Errors
    /// Its name is that of a built-in type or of one added before.
    pub fn add(&mut self, custom: impl CustomType + 'static) -> Result<(), TypeError> {
        let custom = Custom::new(custom);
        if is_built_in(custom.name()) || self.get(custom.name()).is_some() {
            return Err(TypeError::new("there is already a type \"%\"", &[custom.name()]));
        }
        self.custom.push(custom);
        Ok(())
    }

    /// The custom type of that name.
    pub fn get(&self, name: &str) -> Option<&Custom> {
        self.custom.iter().find(|custom| custom.name() == name)
    }

    /// The names of the custom types, in the order they were added.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.custom.iter().map(|custom| custom.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Cents;

    impl CustomType for Cents {
        fn name(&self) -> &str {
            "cents"
        }
        fn base(&self) -> Type {
            Type::Integer
        }
        fn cast(&self, value: &Value) -> Result<Value, CastError> {
            Type::Integer.cast(value)
        }
        fn equal(&self, left: &Value, right: &Value) -> bool {
            matches!((left, right), (Value::Integer(left), Value::Integer(right)) if left / 10 == right / 10)
        }
    }

    #[test]
    fn a_custom_type_is_found_by_name_and_added_once() {
        let mut types = Types::default();
        assert_eq!(types.add(Cents), Ok(()));
        assert_eq!(types.read(&"cents".into()), Ok(Type::Custom(Custom::new(Cents))));
        assert_eq!(types.add(Cents).unwrap_err().message(), "there is already a type \"cents\"");
    }

    #[test]
    fn a_custom_type_has_an_equality_of_its_own_within_lists_too() {
        let list = Type::Array(alloc::boxed::Box::new(Type::Custom(Custom::new(Cents))));
        assert!(list.equal(&[11, 25].into(), &[12, 28].into()));
        assert!(!list.equal(&[11].into(), &[20].into()));
        assert!(Type::Custom(Custom::new(Cents)).includes(&19.into(), &[10.into()]));
    }

    #[test]
    fn load_and_dump_are_those_of_the_base() {
        let cents = Type::Custom(Custom::new(Cents));
        assert_eq!(cents.dump(&5.into()), Ok(5.into()));
        assert_eq!(cents.dump(&"5".into()), Err(DumpError::Invalid));
        assert_eq!(cents.load(&Value::Null), Ok(Value::Null));
        assert_eq!(cents.base(), Type::Integer);
    }
}
