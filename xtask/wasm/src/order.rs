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

fn text(error: impl Display) -> String {
    error.to_string()
}
