//! What the module of a crate with [`export!`](crate::export!) answers: the functions of the whole engine, and the rules
//! that are in it.

use super::describe::describe;
use super::exports;
use super::recipe::Compiled;
use super::shape::Shape;
use crate::document::Document;
use crate::host;
use crate::mistake::Mistake;
use crate::schema::write_schema_for;
use crate::value::{Map, Value, notation};
use std::panic;
use wasm_bindgen::JsValue;

/// Rules by name, as the macro lists them.
pub type Exported = (&'static str, Result<Document, Mistake>);

/// The version of this crate, which must be the package's: what crosses between the two is nobody else's business.
pub fn version() -> JsValue {
    JsValue::from_str(env!("CARGO_PKG_VERSION"))
}

/// Takes the functions of the host and gives the memory. From now on a panic is told to the host before the module stops.
pub fn attach(functions: JsValue) -> JsValue {
    host::set_host(functions);
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        hook(panicked);
        host::panicked(&panicked.to_string());
    }));
    wasm_bindgen::memory()
}

/// A function of the engine by its number; `pkg/src/attach.ts` has the same ones.
pub fn call(function: u32, handle: u32, length: usize, rules: fn() -> Vec<Exported>) -> u32 {
    match function {
        0 => exports::desk() as u32,
        1 => {
            exports::input(length);
            exports::DONE
        }
        2 => exports::compile(length),
        3 => {
            exports::release(handle);
            exports::DONE
        }
        4 => exports::run(handle, length),
        5 => exports::ask_changeset(handle, length),
        6 => exports::document(handle),
        7 => answer_with_rules(rules()),
        other => exports::refuse(&Mistake::new(format!("the engine has no function {other}"))),
    }
}

/// Compiles what is exported: `[[name, rules], ..]`.
fn answer_with_rules(exported: Vec<Exported>) -> u32 {
    let mut answer = Vec::with_capacity(exported.len());
    for (name, document) in exported {
        match document.and_then(|document| described(document.named(name))) {
            Ok(rules) => answer.push(Value::List(vec![name.into(), rules.into()])),
            Err(mistake) => return exports::refuse(&mistake.at(name)),
        }
    }
    exports::answer_with(&Value::List(answer));
    exports::DONE
}

/// All that is to know of rules. What keeps them from being a document, such as a closure, is said in `refusal`.
fn described(document: Document) -> Result<Map, Mistake> {
    let schema = write_schema_for(&document.schema, &document.steps)?;
    let written = document.write();
    let compiled = Compiled::new(document.schema, document.steps);
    let mut rules = Map::new();
    rules.set("shape", Shape::to_value(&compiled.shape));
    rules.set("description", describe(&compiled.schema));
    rules.set("schema", notation::encode(&schema));
    match written {
        Ok(document) => rules.set("document", notation::encode(&document)),
        Err(mistake) => rules.set("refusal", mistake.text()),
    };
    rules.set("handle", i64::from(exports::keep(compiled)));
    Ok(rules)
}
