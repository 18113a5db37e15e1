//! The functions the host calls. With the feature `export` they are not exported themselves: see [`exported`](super::exported).

use super::SingleThread;
use super::describe::describe;
use super::pack::pack;
use super::recipe::{self, Compiled};
use super::result;
use super::unpack::{Reader, unpack};
use crate::changeset::ask;
use crate::document::Document;
use crate::form;
use crate::host;
use crate::mistake::Mistake;
use crate::rules::{Finding, Validator, Validators};
use crate::types::Types;
use crate::value::{Map, Str, Value, notation};
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::ops::Deref;
#[cfg(not(feature = "export"))]
use wasm_bindgen::prelude::wasm_bindgen;

/// What outlives a call.
#[derive(Default)]
struct State {
    input: Vec<u8>,
    output: Vec<u8>,
    compiled: Vec<Option<Rc<Compiled>>>,
}

static STATE: SingleThread<RefCell<State>> =
    SingleThread(RefCell::new(State { input: Vec::new(), output: Vec::new(), compiled: Vec::new() }));

/// How many bytes an input may have to be kept for the next.
const MAX_KEPT: usize = 1 << 20;
/// How much room there is made for input at least.
const LEAST: usize = 1 << 10;

pub(super) const DONE: u32 = 0;
const MISTAKE: u32 = 1;

/// Where the input is, how much fits into it, where the last output is and how long that is: for a host to read, since
/// looking into memory costs it less than a call.
static DESK: SingleThread<Cell<[usize; 4]>> = SingleThread(Cell::new([0; 4]));

impl State {
    /// Says where input and output are now.
    fn show(&self) {
        let (input, output) = (&self.input, &self.output);
        DESK.0.set([input.as_ptr() as usize, input.len(), output.as_ptr() as usize, output.len()]);
    }
}

/// Where [`DESK`] is, which never moves.
#[cfg_attr(not(feature = "export"), wasm_bindgen)]
pub fn desk() -> usize {
    DESK.0.as_ptr() as usize
}

/// Makes room for input.
#[cfg_attr(not(feature = "export"), wasm_bindgen)]
pub fn input(length: usize) {
    let mut state = STATE.0.borrow_mut();
    if state.input.len() < length {
        state.input.resize(length.max(LEAST), 0);
    }
    state.show();
}

/// Compiles a rules document; its handle, or 0 if it is refused.
#[cfg_attr(not(feature = "export"), wasm_bindgen)]
pub fn compile(length: usize) -> u32 {
    let compiled = take_input(length).and_then(|bytes| {
        let input = unpack(&bytes, None)?;
        match input.as_list() {
            Some([document, Value::List(names)]) => read_document(document, &HostValidators::new(names)),
            _ => Err(Mistake::new("compile takes [document, names of validators]")),
        }
    });
    match compiled {
        Ok(compiled) => {
            let mut answer = Map::new();
            answer.set("shape", compiled.shape.to_value());
            answer.set("schema", describe(&compiled.schema));
            answer_with(&Value::Map(answer));
            keep(compiled)
        }
        Err(mistake) => {
            answer_with(&Value::from(mistake.text()));
            0
        }
    }
}

/// Keeps compiled rules; their handle.
pub(super) fn keep(compiled: Compiled) -> u32 {
    let mut state = STATE.0.borrow_mut();
    let free = state.compiled.iter().position(Option::is_none);
    let at = free.unwrap_or_else(|| {
        state.compiled.push(None);
        state.compiled.len() - 1
    });
    state.compiled[at] = Some(Rc::new(compiled));
    at as u32 + 1
}

/// Forgets compiled rules.
#[cfg_attr(not(feature = "export"), wasm_bindgen)]
pub fn release(handle: u32) {
    let mut state = STATE.0.borrow_mut();
    if let Some(entry) = state.compiled.get_mut(handle.wrapping_sub(1) as usize) {
        *entry = None;
    }
}

/// Makes the changeset of a recipe; the output is its result.
#[cfg_attr(not(feature = "export"), wasm_bindgen)]
pub fn run(handle: u32, length: usize) -> u32 {
    let made = find(handle).and_then(|compiled| {
        let bytes = take_input(length)?;
        let made = recipe::make(&compiled, &mut Reader::new(&bytes), &AnyValidator);
        give_back(bytes);
        made
    });
    match made {
        Ok(parts) => {
            let mut state = STATE.0.borrow_mut();
            state.output.clear();
            result::write(&mut state.output, &parts);
            state.show();
            DONE
        }
        Err(mistake) => refuse(&mistake),
    }
}

/// Makes the changeset of a recipe and answers a question about it.
#[cfg_attr(not(feature = "export"), wasm_bindgen)]
pub fn ask_changeset(handle: u32, length: usize) -> u32 {
    let answer = find(handle).and_then(|compiled| {
        let bytes = take_input(length)?;
        let mut reader = Reader::new(&bytes);
        if reader.list()? != 2 {
            return Err(Mistake::new("ask takes [recipe, question]"));
        }
        let parts = recipe::make(&compiled, &mut reader, &AnyValidator)?;
        let question =
            notation::decode(reader.value(None)?).map_err(|error| Mistake::new(error.message()))?;
        match question.as_list().unwrap_or(&[]) {
            [Value::String(name), options @ ..] if *name == "form" => {
                let empty = Map::new();
                let options = options.first().and_then(Value::as_map).unwrap_or(&empty);
                let options = form::Options::read(options)?.steps(compiled.steps.clone());
                Ok(form::describe(&parts, &options))
            }
            question => ask(&parts, question),
        }
    });
    finish(answer)
}

/// The rules document, as it was understood. A page keeps the one it gave.
#[cfg(feature = "std")]
#[cfg_attr(not(feature = "export"), wasm_bindgen)]
pub fn document(handle: u32) -> u32 {
    finish(find(handle).and_then(|compiled| {
        let document = Document::new(compiled.schema.clone(), compiled.steps.clone())?;
        Ok(notation::encode(&document.write()?))
    }))
}

fn read_document(document: &Value, validators: &dyn Validators) -> Result<Compiled, Mistake> {
    let document = notation::decode(document.clone()).map_err(|error| Mistake::new(error.message()))?;
    let document = Document::read(&document, &Types::default(), validators)?;
    Ok(Compiled::new(document.schema, document.steps))
}

pub(super) fn find(handle: u32) -> Result<Rc<Compiled>, Mistake> {
    let state = STATE.0.borrow();
    let found = state.compiled.get(handle.wrapping_sub(1) as usize).and_then(Option::as_ref);
    found.cloned().ok_or_else(|| Mistake::new("these rules were released"))
}

/// Input that was taken out: of what there was room for, the part that was written.
pub(super) struct Input {
    bytes: Vec<u8>,
    length: usize,
}

impl Deref for Input {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Takes the input out of the state, since a validator may call back in.
pub(super) fn take_input(length: usize) -> Result<Input, Mistake> {
    let mut state = STATE.0.borrow_mut();
    let bytes = core::mem::take(&mut state.input);
    state.show();
    if length > bytes.len() {
        return Err(Mistake::new("the host announced more input than it made room for"));
    }
    Ok(Input { bytes, length })
}

/// Keeps the room for the next input, unless it is a large one.
pub(super) fn give_back(input: Input) {
    let mut state = STATE.0.borrow_mut();
    if state.input.is_empty() && input.bytes.len() <= MAX_KEPT {
        state.input = input.bytes;
        state.show();
    }
}

pub(super) fn answer_with(value: &Value) {
    let mut state = STATE.0.borrow_mut();
    state.output.clear();
    pack(&mut state.output, value);
    state.show();
}

/// Lets the output be written.
#[cfg(feature = "repo")]
pub(super) fn write_output(write: impl FnOnce(&mut Vec<u8>)) {
    let mut output = core::mem::take(&mut STATE.0.borrow_mut().output);
    write(&mut output);
    let mut state = STATE.0.borrow_mut();
    state.output = output;
    state.show();
}

pub(super) fn finish(answer: Result<Value, Mistake>) -> u32 {
    match answer {
        Ok(value) => {
            answer_with(&value);
            DONE
        }
        Err(mistake) => refuse(&mistake),
    }
}

pub(super) fn refuse(mistake: &Mistake) -> u32 {
    answer_with(&Value::from(mistake.text()));
    MISTAKE
}

/// The validators that the host has registered, by their place in its list.
struct HostValidators(Vec<Str>);

impl HostValidators {
    fn new(names: &[Value]) -> Self {
        HostValidators(names.iter().filter_map(|name| name.as_str().map(Str::from)).collect())
    }
}

impl Validators for HostValidators {
    fn find(&self, name: &str) -> Option<Validator> {
        let index = self.0.iter().position(|known| known == name)?;
        Some(host_validator(name, index as u32))
    }
}

/// In extra steps, a validator is named by its place: `validate_change` of `"#3"`.
pub(super) struct AnyValidator;

impl Validators for AnyValidator {
    fn find(&self, name: &str) -> Option<Validator> {
        let index = name.strip_prefix('#')?;
        let mut number: u32 = 0;
        for digit in index.bytes() {
            let digit = digit.wrapping_sub(b'0');
            number = number.checked_mul(10)?.checked_add((digit < 10).then_some(digit.into())?)?;
        }
        Some(host_validator(name, number))
    }
}

fn host_validator(name: &str, index: u32) -> Validator {
    Validator::named(name, move |field, value| {
        answer_with(&Value::List(alloc::vec![Value::from(field), value.clone()]));
        let length = STATE.0.borrow().output.len();
        let answered = host::validate(index, length);
        let findings = take_input(answered).and_then(|bytes| unpack(&bytes, None));
        findings.as_ref().ok().and_then(Value::as_list).unwrap_or(&[]).iter().filter_map(finding).collect()
    })
}

fn finding(value: &Value) -> Option<Finding> {
    match value.as_list()? {
        [Value::String(field), Value::String(message)] => Some(Finding::new(field, message)),
        [Value::String(field), Value::String(message), Value::Map(metadata)] => {
            Some(Finding { field: field.clone(), message: message.clone(), metadata: metadata.clone() })
        }
        _ => None,
    }
}
