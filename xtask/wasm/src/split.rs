//! A module in two: the part that everybody needs, and one that is added where it is asked for.
//!
//! The second part has the functions whose name ends in `_further`, the *doors*, and what only they reach. It shares the
//! first one's memory, stack and table of functions. Through that table each part calls the other: the slots of the
//! doors are empty until the second part is there, and whoever hands out work must know what needs it.

use std::collections::{BTreeMap, BTreeSet};

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection, FunctionSection,
    ImportSection, Instruction, Module, TypeSection,
};
use wasmparser::{
    CustomSectionReader, ElementItems, ElementSectionReader, ExportSectionReader, ExternalKind, FunctionBody,
    FunctionSectionReader, GlobalType, KnownCustom, MemoryType, Name, Operator, Parser, Payload, TableType,
    TypeRef,
};

use crate::order::text;

/// How the mangled name of a door goes on: the hash of its crate follows.
const DOOR: &str = "_further17h";
/// What the second part imports the first one's memory, table and stack from, and their names.
const FIRST: &str = "first";
const MEMORY: &str = "memory";
const TABLE: &str = "table";
const GLOBAL: &str = "global";

/// The two parts of a module that has its names.
///
/// # Errors
/// What is no module, has no doors, or has what this does not expect of the compiler.
pub fn split(module: &[u8]) -> Result<[Vec<u8>; 2], String> {
    let read = Read::new(module)?;
    let plan = Plan::new(&read)?;
    Ok([first(module, &read, &plan)?, further(module, &read, &plan)?])
}

/// What a module says.
#[derive(Default)]
struct Read<'a> {
    imports: Vec<(&'a str, &'a str, u32)>,
    /// The types of its own functions.
    types: Vec<u32>,
    bodies: Vec<FunctionBody<'a>>,
    names: BTreeMap<u32, &'a str>,
    /// What is reached from outside: exports, and what stands in the table.
    roots: Vec<u32>,
    memory: Option<MemoryType>,
    table: Option<TableType>,
    globals: Vec<GlobalType>,
}

impl<'a> Read<'a> {
    fn new(module: &'a [u8]) -> Result<Self, String> {
        let mut read = Read::default();
        for payload in Parser::new(0).parse_all(module) {
            read.payload(payload.map_err(text)?).map_err(text)?;
        }
        Ok(read)
    }

    fn payload(&mut self, payload: Payload<'a>) -> wasmparser::Result<()> {
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    if let TypeRef::Func(kind) = import.ty {
                        self.imports.push((import.module, import.name, kind));
                    }
                }
            }
            Payload::FunctionSection(section) => {
                self.types = section.into_iter().collect::<wasmparser::Result<_>>()?;
            }
            Payload::MemorySection(section) => self.memory = section.into_iter().next().transpose()?,
            Payload::TableSection(section) => {
                self.table = section.into_iter().next().transpose()?.map(|table| table.ty);
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.roots.push(export.index);
                    }
                }
            }
            Payload::ElementSection(section) => {
                for element in section {
                    if let ElementItems::Functions(functions) = element?.items {
                        for function in functions {
                            self.roots.push(function?);
                        }
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(custom) => {
                let KnownCustom::Name(names) = custom.as_known() else { return Ok(()) };
                for name in names {
                    let Name::Function(functions) = name? else { continue };
                    for name in functions {
                        let name = name?;
                        self.names.insert(name.index, name.name);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn imported(&self) -> u32 {
        self.imports.len() as u32
    }

    fn type_of(&self, function: u32) -> u32 {
        match function.checked_sub(self.imported()) {
            Some(own) => self.types[own as usize],
            None => self.imports[function as usize].2,
        }
    }

    fn body(&self, function: u32) -> Option<&FunctionBody<'a>> {
        self.bodies.get(function.checked_sub(self.imported())? as usize)
    }

    fn is_door(&self, function: u32) -> bool {
        self.names.get(&function).is_some_and(|name| name.contains(DOOR))
    }

    /// What a function calls; nothing, if it is imported.
    fn calls(&self, function: u32) -> Result<Vec<u32>, String> {
        let Some(body) = self.body(function) else { return Ok(Vec::new()) };
        let mut calls = Vec::new();
        for operator in body.get_operators_reader().map_err(text)? {
            match operator.map_err(text)? {
                Operator::Call { function_index } => calls.push(function_index),
                Operator::RefFunc { .. } | Operator::ReturnCall { .. } => {
                    return Err(
                        "a reference to a function, or a call in the tail, is not expected".to_owned()
                    );
                }
                _ => {}
            }
        }
        Ok(calls)
    }

    /// The functions that are reached from some, imported ones too.
    fn reached(&self, roots: &[u32], passes: impl Fn(u32) -> bool) -> Result<BTreeSet<u32>, String> {
        let mut reached = BTreeSet::new();
        let mut left = roots.to_vec();
        while let Some(function) = left.pop() {
            if passes(function) && reached.insert(function) {
                left.extend(self.calls(function)?);
            }
        }
        Ok(reached)
    }
}

/// Which function goes where, and by which slots of the table the parts call each other.
struct Plan {
    /// The functions of the first part and of the second, by their old numbers, in their order; imported ones first.
    first: Vec<u32>,
    further: Vec<u32>,
    /// The doors that the first part calls, and what the second calls of the first.
    doors: Vec<u32>,
    back: Vec<u32>,
    /// Where the slots of those begin.
    slots: u32,
}

impl Plan {
    fn new(read: &Read<'_>) -> Result<Self, String> {
        let doors: Vec<u32> = read.names.keys().copied().filter(|function| read.is_door(*function)).collect();
        if doors.is_empty() {
            return Err(format!("no function is named {DOOR}; was the module built without its names?"));
        }
        if let Some(door) = doors.iter().find(|door| read.roots.contains(door)) {
            return Err(format!("{} is called through the table, where it would stay", read.names[door]));
        }
        let mut kept = read.reached(&read.roots, |function| !read.is_door(function))?;
        kept.extend(0..read.imported());
        let moved =
            read.reached(&doors, |function| function < read.imported() || !kept.contains(&function))?;
        // What one part calls of the other.
        let across = |part: &BTreeSet<u32>| -> Result<Vec<u32>, String> {
            let mut called = BTreeSet::new();
            for function in part {
                called.extend(read.calls(*function)?);
            }
            Ok(called.difference(part).copied().collect())
        };
        Ok(Plan {
            doors: across(&kept)?,
            back: across(&moved)?,
            first: kept.into_iter().collect(),
            further: moved.into_iter().collect(),
            slots: read.table.as_ref().map_or(0, |table| table.initial as u32),
        })
    }

    /// The slot of a function that the other part has.
    fn slot(&self, function: u32) -> Option<u32> {
        let place = |list: &[u32]| list.iter().position(|other| *other == function).map(|at| at as u32);
        let door = place(&self.doors).map(|at| self.slots + at);
        door.or_else(|| Some(self.behind_doors() + place(&self.back)?))
    }

    /// The first slot behind those of the doors.
    fn behind_doors(&self) -> u32 {
        self.slots + self.doors.len() as u32
    }

    fn size(&self) -> u64 {
        u64::from(self.behind_doors()) + self.back.len() as u64
    }
}

fn first(module: &[u8], read: &Read<'_>, plan: &Plan) -> Result<Vec<u8>, String> {
    let mut out = Module::new();
    Part::new(read, plan, &plan.first).parse_core_module(&mut out, Parser::new(0), module).map_err(text)?;
    Ok(out.finish())
}

fn further(module: &[u8], read: &Read<'_>, plan: &Plan) -> Result<Vec<u8>, String> {
    let mut part = Part::new(read, plan, &plan.further);
    let mut types = TypeSection::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::TypeSection(section) = payload.map_err(text)? {
            part.parse_type_section(&mut types, section).map_err(text)?;
        }
    }
    let mut imports = ImportSection::new();
    let (mut functions, mut code, mut elements) =
        (FunctionSection::new(), CodeSection::new(), ElementSection::new());
    for function in &plan.further {
        if let Some((module, name, kind)) = read.imports.get(*function as usize) {
            imports.import(module, name, EntityType::Function(*kind));
        }
    }
    part.put_types(&mut functions);
    let missing = || "no memory, or no table".to_owned();
    let memory = part.memory_type(read.memory.ok_or_else(missing)?).map_err(text)?;
    imports.import(FIRST, MEMORY, EntityType::Memory(memory));
    let table = part.table_type(read.table.ok_or_else(missing)?).map_err(text)?;
    imports.import(FIRST, TABLE, EntityType::Table(table));
    for (at, global) in read.globals.iter().enumerate() {
        let global = part.global_type(*global).map_err(text)?;
        imports.import(FIRST, &format!("{GLOBAL}{at}"), EntityType::Global(global));
    }
    part.put_bodies(&mut code).map_err(text)?;
    part.put_slots(&mut elements, plan.slots, &plan.doors);
    let mut out = Module::new();
    out.section(&types).section(&imports).section(&functions).section(&elements).section(&code);
    Ok(out.finish())
}

/// One of the two, while it is written.
struct Part<'a> {
    read: &'a Read<'a>,
    plan: &'a Plan,
    /// The new numbers of the functions it has.
    places: BTreeMap<u32, u32>,
}

impl<'a> Part<'a> {
    fn new(read: &'a Read<'a>, plan: &'a Plan, functions: &[u32]) -> Self {
        let places = functions.iter().zip(0..).map(|(function, place)| (*function, place)).collect();
        Part { read, plan, places }
    }

    /// The types of the functions that it has itself.
    fn put_types(&self, functions: &mut FunctionSection) {
        for function in self.places.keys().filter(|function| **function >= self.read.imported()) {
            functions.function(self.read.type_of(*function));
        }
    }

    fn put_bodies(&mut self, code: &mut CodeSection) -> Result<(), reencode::Error> {
        let (read, functions) = (self.read, self.places.keys().copied().collect::<Vec<_>>());
        for body in functions.into_iter().filter_map(|function| read.body(function)) {
            self.parse_function_body(code, body.clone())?;
        }
        Ok(())
    }

    /// Its functions in the slots of the table from one on, for the other part to call.
    fn put_slots(&self, elements: &mut ElementSection, from: u32, functions: &[u32]) {
        let places: Vec<u32> = functions.iter().map(|function| self.places[function]).collect();
        elements.active(None, &ConstExpr::i32_const(from as i32), Elements::Functions(places.into()));
    }
}

impl Reencode for Part<'_> {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error> {
        Ok(self.places[&function])
    }

    fn parse_custom_section(
        &mut self,
        _: &mut Module,
        _: CustomSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        self.put_types(functions);
        Ok(())
    }

    /// With the slots of what the parts call of each other.
    fn table_type(&mut self, kind: TableType) -> Result<wasm_encoder::TableType, reencode::Error> {
        let size = self.plan.size();
        let kind = reencode::utils::table_type(self, kind)?;
        Ok(wasm_encoder::TableType { minimum: size, maximum: Some(size), ..kind })
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        for export in section {
            let export = export?;
            if export.kind == ExternalKind::Func || export.name == MEMORY {
                self.parse_export(exports, export)?;
            }
        }
        exports.export(TABLE, ExportKind::Table, 0);
        // The stack; what code does not change is no business of the other part.
        for at in (0..self.read.globals.len()).filter(|at| self.read.globals[*at].mutable) {
            exports.export(&format!("{GLOBAL}{at}"), ExportKind::Global, at as u32);
        }
        Ok(())
    }

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: ElementSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        for element in section {
            self.parse_element(elements, element?)?;
        }
        self.put_slots(elements, self.plan.behind_doors(), &self.plan.back);
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        _: wasmparser::CodeSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        self.put_bodies(code)
    }

    /// With calls of the other part's functions through the table.
    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), reencode::Error> {
        let mut written = self.new_function_with_parsed_locals(&body)?;
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } if !self.places.contains_key(&function_index) => {
                    let slot = self.plan.slot(function_index).unwrap_or_default();
                    let type_index = self.read.type_of(function_index);
                    written.instruction(&Instruction::I32Const(slot as i32));
                    written.instruction(&Instruction::CallIndirect { type_index, table_index: 0 });
                }
                other => _ = written.instruction(&self.instruction(other)?),
            }
        }
        code.function(&written);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        Function, GlobalSection, IndirectNameMap, MemorySection, NameMap, NameSection, TableSection, ValType,
    };
    use wasmparser::Validator;

    const DOORS: [&str; 5] = ["log", "run", "shared", "_ZN4cast12cast_further17h0123456789abcdefE", "deeper"];

    /// `run` calls `shared` and a door; that calls `deeper`, `shared` and the imported `log`, and `deeper` calls it back.
    fn module(names: &[&str], listed: u32) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([ValType::I32], []);
        let mut imports = ImportSection::new();
        imports.import("host", "log", EntityType::Function(1));
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        let calls: [&[u32]; 4] = [&[2, 3], &[], &[4, 2, 0], &[3]];
        for called in calls {
            functions.function(0);
            let mut body = Function::new([]);
            for function in called {
                if *function == 0 {
                    body.instruction(&Instruction::I32Const(7));
                }
                body.instruction(&Instruction::Call(*function));
            }
            body.instruction(&Instruction::End);
            code.function(&body);
        }
        let mut tables = TableSection::new();
        tables.table(wasm_encoder::TableType {
            element_type: wasm_encoder::RefType::FUNCREF,
            minimum: 2,
            maximum: Some(2),
            table64: false,
            shared: false,
        });
        let mut memories = MemorySection::new();
        let size = wasm_encoder::MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        memories.memory(size);
        let mut globals = GlobalSection::new();
        for mutable in [true, false] {
            let kind = wasm_encoder::GlobalType { val_type: ValType::I32, mutable, shared: false };
            globals.global(kind, &ConstExpr::i32_const(7));
        }
        let mut exports = ExportSection::new();
        exports.export("run", ExportKind::Func, 1);
        exports.export(MEMORY, ExportKind::Memory, 0);
        exports.export("__heap_base", ExportKind::Global, 1);
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(1), Elements::Functions([listed].as_slice().into()));
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&tables).section(&memories);
        module.section(&globals).section(&exports).section(&elements).section(&code);
        let mut map = NameMap::new();
        for (function, name) in names.iter().enumerate() {
            map.append(function as u32, name);
        }
        let mut section = NameSection::new();
        section.functions(&map);
        section.locals(&IndirectNameMap::new());
        module.section(&section);
        module.finish()
    }

    /// What each function calls: a function by its number, a slot of the table as `[slot]`.
    fn calls(module: &[u8]) -> Vec<Vec<String>> {
        Validator::new().validate_all(module).expect("a valid module");
        let read = Read::new(module).expect("a module");
        let of = |body: &FunctionBody<'_>| {
            let mut slot = 0;
            let mut calls = Vec::new();
            for operator in body.get_operators_reader().unwrap() {
                match operator.unwrap() {
                    Operator::I32Const { value } => slot = value,
                    Operator::Call { function_index } => calls.push(function_index.to_string()),
                    Operator::CallIndirect { .. } => calls.push(format!("[{slot}]")),
                    _ => {}
                }
            }
            calls
        };
        read.bodies.iter().map(of).collect()
    }

    #[test]
    fn doors_and_what_only_they_reach_are_the_second_part_and_calls_go_through_the_table() {
        let [first, further] = split(&module(&DOORS, 2)).unwrap();
        // The door has slot 2, `shared` slot 3.
        assert_eq!(calls(&first), [vec!["2", "[2]"], vec![]]);
        // Of the second part the imported function is 0, the door 1 and `deeper` 2.
        assert_eq!(calls(&further), [vec!["2", "[3]", "0"], vec!["1"]]);
    }

    #[test]
    fn the_first_part_shares_its_memory_table_and_stack_and_nothing_else() {
        let [first, further] = split(&module(&DOORS, 2)).unwrap();
        let mut exported = Vec::new();
        let mut listed = Vec::new();
        for payload in Parser::new(0).parse_all(&first) {
            match payload.unwrap() {
                Payload::ExportSection(section) => {
                    exported.extend(section.into_iter().map(|export| export.unwrap().name.to_owned()));
                }
                Payload::ElementSection(section) => {
                    for element in section {
                        let ElementItems::Functions(functions) = element.unwrap().items else { panic!() };
                        listed.push(functions.into_iter().map(Result::unwrap).collect::<Vec<u32>>());
                    }
                }
                Payload::CustomSection(section) => panic!("{}", section.name()),
                _ => {}
            }
        }
        assert_eq!(exported, ["run", MEMORY, TABLE, "global0"]);
        assert_eq!(listed, [[2], [2]]);
        let imported = |module: &[u8]| {
            let mut imported = Vec::new();
            for payload in Parser::new(0).parse_all(module) {
                if let Payload::ImportSection(section) = payload.unwrap() {
                    let named = section.into_imports().map(Result::unwrap);
                    imported.extend(named.map(|import| format!("{}.{}", import.module, import.name)));
                }
            }
            imported
        };
        assert_eq!(imported(&first), ["host.log"]);
        assert_eq!(
            imported(&further),
            ["host.log", "first.memory", "first.table", "first.global0", "first.global1"]
        );
    }

    #[test]
    fn what_cannot_be_split_is_refused() {
        let error = |names: &[&str], listed| split(&module(names, listed)).unwrap_err();
        assert!(error(&[], 2).contains("without its names"));
        assert!(error(&DOORS, 3).contains("cast_further"));
        assert!(split(b"\0asm\x01\0\0\0\x0a\x05broken").is_err());
    }
}
