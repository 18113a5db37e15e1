//! What the module of a crate with [`export!`](crate::export!) answers: the functions of the whole engine, and the rules
//! that are in it.

use super::describe::describe;
use super::exports;
use super::recipe::Compiled;
use super::unpack::unpack;
use crate::document::Document;
use crate::host;
use crate::mistake::Mistake;
use crate::rules::Step;
use crate::schema::{Schema, write_bare_schema};
use crate::value::{Map, Value, notation};
use std::panic;
use std::sync::Arc;
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
        7 => exports::finish(all(rules())),
        8 => exports::finish(child(handle, length)),
        other => exports::refuse(&Mistake::new(format!("the engine has no function {other}"))),
    }
}

/// Compiles what is exported: `[[name, rules], ..]`.
fn all(exported: Vec<Exported>) -> Result<Value, Mistake> {
    let mut answer = Vec::with_capacity(exported.len());
    for (name, document) in exported {
        let rules = document.and_then(|document| with_document(document.named(name)));
        answer.push(Value::List(vec![name.into(), rules.map_err(|mistake| mistake.at(name))?.into()]));
    }
    Ok(Value::List(answer))
}

/// Compiles the rules of a document. What keeps them from being written, such as a closure, is said in `refusal`.
fn with_document(document: Document) -> Result<Map, Mistake> {
    let written = document.write();
    let schema = document.schema.clone();
    let mut rules = compiled(document.schema, document.steps);
    match written {
        Ok(document) => rules.set("document", notation::encode(&document)),
        Err(mistake) => {
            rules.set("refusal", mistake.text());
            rules.set("schema", notation::encode(&write_bare_schema(&schema)?))
        }
    };
    Ok(rules)
}

/// No rules, for the children in a relation of rules: the input is its name.
fn child(handle: u32, length: usize) -> Result<Value, Mistake> {
    let rules = exports::find(handle)?;
    let bytes = exports::take_input(length)?;
    let field = unpack(&bytes, None)?;
    let relation = field.as_str().and_then(|field| rules.schema.relation(field));
    let relation = relation.ok_or_else(|| Mistake::new("only relations have children"))?;
    Ok(compiled(relation.related.schema(), Arc::default()).into())
}

/// What the host has to know of compiled rules, and their handle.
fn compiled(schema: Arc<Schema>, steps: Arc<[Step]>) -> Map {
    let compiled = Compiled::new(schema, steps);
    let mut answer = Map::new();
    answer.set("shape", compiled.shape.to_value());
    answer.set("description", describe(&compiled.schema));
    answer.set("handle", i64::from(exports::keep(compiled)));
    answer
}
