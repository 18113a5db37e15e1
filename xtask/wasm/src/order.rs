//! The order of functions in a module: what resembles each other next to each other.
//!
//! gzip looks back 32 KB and no further. A compiler writes thousands of functions that are nearly the same (the sort
//! of one type and of another) wherever they come up, and wasm-bindgen sorts them by size, so what gzip could take from a twin it
//! sends whole. Nothing but the numbers of functions changes.

use std::collections::HashMap;
use std::fmt::Display;

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef};

/// How far gzip looks back.
const WINDOW: usize = 32 * 1024;
/// So many bytes in a row are compared; gzip takes from three on.
const GRAM: usize = 6;
/// What stands in more functions than that tells nothing about them.
const COMMON: usize = 200;

/// The module with its functions in an order that packs well.
///
/// # Errors
/// What is no module.
pub fn ordered(module: &[u8]) -> Result<Vec<u8>, String> {
    let (imported, bodies) = functions(module)?;
    let order = chain(&bodies);
    let mut places = vec![0; order.len()];
    for (place, &function) in order.iter().enumerate() {
        places[function] = imported + place as u32;
    }
    let mut out = Module::new();
    let mut renumbered = Renumbered { imported, order, places };
    renumbered.parse_core_module(&mut out, Parser::new(0), module).map_err(text)?;
    Ok(out.finish())
}

/// How many functions are imported, and the bodies of the others.
fn functions(module: &[u8]) -> Result<(u32, Vec<&[u8]>), String> {
    let mut imported = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(text)? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import.map_err(text)?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.as_bytes()),
            _ => {}
        }
    }
    Ok((imported, bodies))
}

/// The functions one after the other, each the one of those left of which the window before it knows the largest part.
fn chain(bodies: &[&[u8]]) -> Vec<usize> {
    let (grams, holders) = grams(bodies);
    let mut inside = vec![0_u32; holders.len()];
    let mut known = vec![0_usize; bodies.len()];
    let mut left: Vec<usize> = (0..bodies.len()).collect();
    let mut order: Vec<usize> = Vec::with_capacity(bodies.len());
    let (mut oldest, mut filled) = (0, 0);
    while !left.is_empty() {
        let share = |&function: &usize| (known[function] << 16) / (grams[function].len() + 8);
        // Of equals the first: the order of the compiler is better than none.
        let at = (0..left.len()).rev().max_by_key(|&at| share(&left[at])).unwrap_or_default();
        let next = left.remove(at);
        order.push(next);
        filled += bodies[next].len();
        for &gram in &grams[next] {
            inside[gram] += 1;
            if inside[gram] == 1 {
                holders[gram].iter().for_each(|&function| known[function] += 1);
            }
        }
        while filled > WINDOW && oldest + 1 < order.len() {
            let gone = order[oldest];
            filled -= bodies[gone].len();
            oldest += 1;
            for &gram in &grams[gone] {
                inside[gram] -= 1;
                if inside[gram] == 0 {
                    holders[gram].iter().for_each(|&function| known[function] -= 1);
                }
            }
        }
    }
    order
}

/// The sequences of bytes in each function, numbered, and for each sequence the functions that hold it.
fn grams(bodies: &[&[u8]]) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let mut numbers: HashMap<&[u8], usize> = HashMap::new();
    let mut holders: Vec<Vec<usize>> = Vec::new();
    for (function, body) in bodies.iter().enumerate() {
        for gram in body.windows(GRAM) {
            let number = *numbers.entry(gram).or_insert(holders.len());
            if number == holders.len() {
                holders.push(Vec::new());
            }
            if holders[number].last() != Some(&function) {
                holders[number].push(function);
            }
        }
    }
    let mut grams = vec![Vec::new(); bodies.len()];
    for (number, holders) in holders.iter_mut().enumerate() {
        if holders.len() < 2 || holders.len() > COMMON {
            holders.clear();
        }
        holders.iter().for_each(|&function| grams[function].push(number));
    }
    (grams, holders)
}

/// The module as it was, but for the numbers and places of its functions.
struct Renumbered {
    imported: u32,
    /// The functions in their new order, and the new number of each.
    order: Vec<usize>,
    places: Vec<u32>,
}

impl Reencode for Renumbered {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error> {
        let Some(own) = function.checked_sub(self.imported) else { return Ok(function) };
        Ok(self.places[own as usize])
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for &function in &self.order {
            functions.function(types[function]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        let bodies = section.into_iter().collect::<Result<Vec<FunctionBody<'_>>, _>>()?;
        for at in 0..self.order.len() {
            self.parse_function_body(code, bodies[self.order[at]].clone())?;
        }
        Ok(())
    }
}

pub fn text(error: impl Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        ConstExpr, ElementSection, Elements, ExportKind, ExportSection, Function, GlobalSection, GlobalType,
        ImportSection, RefType, StartSection, TableSection, TableType, TypeSection, ValType,
    };
    use wasmparser::Operator;

    /// What a module says of functions, with the constant that each begins with in the place of its number.
    #[derive(Debug, Default, PartialEq)]
    struct Said {
        /// The number of the imported function, and what is called with each constant, in the order of the constants.
        calls: Vec<(i32, Vec<String>)>,
        types: Vec<(i32, u32)>,
        exports: Vec<(String, String)>,
        elements: Vec<String>,
        start: String,
    }

    /// A module in which functions of two kinds alternate: odd ones resemble odd ones. Each calls the one before it.
    fn alternating(count: i32) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("host", "log", wasm_encoder::EntityType::Function(0));
        let (mut functions, mut code, mut exports) =
            (FunctionSection::new(), CodeSection::new(), ExportSection::new());
        for own in 0..count {
            let odd = own % 2;
            functions.function(odd as u32);
            let mut body = Function::new([]);
            let mut code_of = body.instructions();
            code_of.i32_const(own).drop().call(own as u32);
            for step in 0..200 {
                code_of.i32_const((step * (7 + odd * 4)) * 1_000 + odd).drop();
            }
            if odd == 1 {
                code_of.i32_const(1);
            }
            code_of.end();
            code.function(&body);
            exports.export(&format!("f{own}"), ExportKind::Func, own as u32 + 1);
        }
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            minimum: 2,
            maximum: None,
            table64: false,
            shared: false,
        });
        let mut globals = GlobalSection::new();
        globals.global(
            GlobalType { val_type: ValType::I32, mutable: true, shared: false },
            &ConstExpr::i32_const(7),
        );
        let mut elements = ElementSection::new();
        let listed = [2, 0];
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(listed.as_slice().into()));
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&tables).section(&globals);
        module
            .section(&exports)
            .section(&StartSection { function_index: 3 })
            .section(&elements)
            .section(&code);
        module.finish()
    }

    /// The constants that the functions begin with, in their order; and what the module says.
    fn read(module: &[u8]) -> (Vec<i32>, Said) {
        let (imported, _) = functions(module).expect("a module");
        let (mut order, mut calls, mut said) = (Vec::new(), Vec::new(), Said::default());
        let (mut types, mut exports, mut elements, mut start) = (Vec::new(), Vec::new(), Vec::new(), 0);
        for payload in Parser::new(0).parse_all(module) {
            match payload.expect("a module") {
                Payload::FunctionSection(section) => {
                    types = section.into_iter().map(Result::unwrap).collect()
                }
                Payload::ExportSection(section) => {
                    exports = section
                        .into_iter()
                        .map(Result::unwrap)
                        .map(|export| (export.name.to_owned(), export.index))
                        .collect();
                }
                Payload::StartSection { func, .. } => start = func,
                Payload::ElementSection(section) => {
                    for element in section {
                        let wasmparser::ElementItems::Functions(listed) = element.unwrap().items else {
                            panic!("functions")
                        };
                        elements.extend(listed.into_iter().map(Result::unwrap));
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let mut called = Vec::new();
                    let mut first = None;
                    for operator in body.get_operators_reader().unwrap() {
                        match operator.unwrap() {
                            Operator::I32Const { value } => _ = first.get_or_insert(value),
                            Operator::Call { function_index } => called.push(function_index),
                            _ => {}
                        }
                    }
                    order.push(first.expect("a constant"));
                    calls.push(called);
                }
                _ => {}
            }
        }
        let name = |function: u32| match function.checked_sub(imported) {
            Some(own) => format!("f{}", order[own as usize]),
            None => format!("import {function}"),
        };
        said.calls = order
            .iter()
            .zip(&calls)
            .map(|(own, called)| (*own, called.iter().copied().map(name).collect()))
            .collect();
        said.calls.sort();
        said.types = order.iter().copied().zip(types).collect();
        said.types.sort();
        said.exports = exports.into_iter().map(|(export, function)| (export, name(function))).collect();
        said.elements = elements.into_iter().map(name).collect();
        said.start = name(start);
        (order, said)
    }

    #[test]
    fn what_resembles_each_other_comes_together() {
        let (before, _) = read(&alternating(8));
        let (after, _) = read(&ordered(&alternating(8)).unwrap());
        assert_eq!(before, [0, 1, 2, 3, 4, 5, 6, 7]);
        let kinds: Vec<i32> = after.iter().map(|own| own % 2).collect();
        assert_eq!(kinds, [0, 0, 0, 0, 1, 1, 1, 1]);
    }

    #[test]
    fn calls_types_exports_elements_and_the_start_follow_their_functions() {
        let (before, was) = read(&alternating(8));
        let (after, is) = read(&ordered(&alternating(8)).unwrap());
        assert_ne!(before, after);
        assert_eq!(is, was);
        assert_eq!(is.calls[3], (3, vec![String::from("f2")]));
        assert_eq!(is.calls[0], (0, vec![String::from("import 0")]));
        assert_eq!(
            (is.start.as_str(), is.elements),
            ("f2", vec![String::from("f1"), String::from("import 0")])
        );
    }

    #[test]
    fn a_module_is_ordered_the_same_each_time() {
        let once = ordered(&alternating(8)).unwrap();
        assert_eq!(ordered(&alternating(8)).unwrap(), once);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(ordered(b"\0asm\x01\0\0\0\x0a\x05broken").is_err());
    }
}
