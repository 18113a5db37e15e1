//! [`export!`](crate::export!): rules for a page, in a module of the user's own.

use crate::changeset::Rules;
use crate::document::Document;
use crate::mistake::Mistake;
use crate::schema::HasSchema;

/// Exports rules to JavaScript, from a crate that is compiled to WebAssembly: with the engine and with every Rust function
/// in them, such as validators that no document can hold.
///
/// ```
/// use ectomorph::rules::{Finding, Validator};
/// use ectomorph::value::Value;
/// use ectomorph::{Rules, Schema};
///
/// #[derive(Schema)]
/// #[schema(source = "comments")]
/// pub struct Comment {
///     id: Option<i64>,
///     body: Option<String>,
/// }
///
/// impl Comment {
///     pub fn rules() -> Rules<Comment> {
///         Rules::cast([Comment::body])
///             .validate_required([Comment::body])
///             .validate_change_with(Comment::body, Validator::named("polite", polite), Value::Null)
///     }
/// }
///
/// fn polite(field: &str, body: &Value) -> Vec<Finding> {
///     let shouts = body.as_str().is_some_and(|body| body.chars().all(char::is_uppercase));
///     if shouts { vec![Finding::new(field, "is shouting")] } else { Vec::new() }
/// }
///
/// ectomorph::export!(comment = Comment::rules);
/// ```
///
/// The crate is a `cdylib` that depends on ectomorph with `default-features = false, features = ["derive", "export"]`
/// (and `"regex"` where it is built natively, too), and is built by `wasm-pack build --target web`. In the page, the rules are
/// what `load` makes of a document:
///
/// ```js
/// import init, * as wasm from "./pkg/my_rules.js";
/// import { attach } from "ectomorph/attach";
///
/// await init();
/// const { comment } = attach(wasm);
/// bindForm(form, comment);
/// ```
///
/// Crate and npm package must be of one version; `attach` says so if they are not. A function that panics stops the module for
/// good: the call throws, naming the panic, and so does every later one.
///
/// On other targets the macro does nothing but check the types.
#[macro_export]
macro_rules! export {
    ($($name:ident = $rules:expr),+ $(,)?) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            use $crate::exported::wasm_bindgen::{self, JsValue, prelude::wasm_bindgen};

            // Named as no rules of the user's are.
            fn __ectomorph_rules() -> ::std::vec::Vec<$crate::exported::Exported> {
                ::std::vec![$((stringify!($name), $crate::exported::document($rules)),)+]
            }

            /// The version of ectomorph.
            #[wasm_bindgen(wasm_bindgen = $crate::exported::wasm_bindgen)]
            pub fn ectomorph_version() -> JsValue {
                $crate::exported::version()
            }

            /// For `attach` of `ectomorph/attach`.
            #[wasm_bindgen(wasm_bindgen = $crate::exported::wasm_bindgen)]
            pub fn ectomorph_attach(host: JsValue) -> JsValue {
                $crate::exported::attach(host)
            }

            /// For `attach` of `ectomorph/attach`.
            #[wasm_bindgen(wasm_bindgen = $crate::exported::wasm_bindgen)]
            pub fn ectomorph_call(function: u32, handle: u32, length: usize) -> u32 {
                $crate::exported::call(function, handle, length, __ectomorph_rules)
            }
        };
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn() = || {
            $(let _ = $crate::exported::document($rules);)+
        };
    };
}

/// The document of exported rules.
pub fn document<T: HasSchema>(rules: impl FnOnce() -> Rules<T>) -> Result<Document, Mistake> {
    rules().document()
}
