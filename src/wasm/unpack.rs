//! Reading packed values. The writer is our own package, but nothing is taken on trust: what does not fit is refused.

use super::pack;
use super::shape::Shape;
use crate::mistake::Mistake;
use crate::types::Type;
use crate::value::{Map, Str, Value};
use alloc::sync::Arc;
use alloc::vec::Vec;

/// How deep values may be nested.
const MAX_DEPTH: usize = 128;

type Result<T> = core::result::Result<T, Mistake>;

/// Reads one value that fills all of `bytes`.
pub(crate) fn unpack(bytes: &[u8], shape: Option<&Shape>) -> Result<Value> {
    let mut reader = Reader { bytes, depth: 0 };
    let value = reader.value(shape)?;
    if reader.bytes.is_empty() { Ok(value) } else { Err(broken()) }
}

/// Reads packed values one after the other.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    depth: usize,
}

impl<'a> Reader<'a> {
    /// A reader of `bytes`.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, depth: 0 }
    }

    /// What is left to read.
    #[cfg(any(test, feature = "fast"))]
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes
    }

    /// The next value, or null if it is marked as missing.
    pub(crate) fn value(&mut self, shape: Option<&Shape>) -> Result<Value> {
        Ok(self.optional(shape)?.unwrap_or_default())
    }

    /// The head of a list: how many values follow.
    #[cfg(any(test, feature = "wasm"))]
    pub(crate) fn list(&mut self) -> Result<usize> {
        if self.byte()? == pack::LIST { self.count() } else { Err(broken()) }
    }

    /// Whether the next value is a map whose keys are known.
    #[cfg(any(test, feature = "wasm"))]
    pub(crate) fn is_shaped(&self) -> bool {
        self.bytes.first() == Some(&pack::SHAPED)
    }

    /// The next value, which is a map of so many known keys: its values, each with the place of its key.
    #[cfg(any(test, feature = "wasm"))]
    pub(crate) fn places(
        &mut self,
        count: usize,
        take: &mut dyn FnMut(usize, Value) -> Result<()>,
    ) -> Result<()> {
        self.byte()?;
        self.nest()?;
        for at in 0..count {
            if let Some(value) = self.optional(None)? {
                take(at, value)?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// The next value, which is a text, as it lies there.
    #[cfg(all(target_arch = "wasm32", feature = "repo"))]
    pub(crate) fn word(&mut self) -> Result<&'a str> {
        if self.byte()? != pack::STRING {
            return Err(broken());
        }
        let length = self.count()?;
        core::str::from_utf8(self.take(length)?).map_err(|_| broken())
    }

    /// The next value; `None` if it is marked as missing.
    #[cfg(all(target_arch = "wasm32", feature = "repo"))]
    pub(crate) fn given(&mut self) -> Result<Option<Value>> {
        self.optional(None)
    }

    fn optional(&mut self, shape: Option<&Shape>) -> Result<Option<Value>> {
        Ok(Some(match self.byte()? {
            pack::NULL => Value::Null,
            pack::FALSE => Value::Bool(false),
            pack::TRUE => Value::Bool(true),
            pack::SMALL => Value::Integer(i32::from_le_bytes(self.array()?).into()),
            pack::INTEGER => Value::Integer(i64::from_le_bytes(self.array()?)),
            pack::FLOAT => Value::Float(f64::from_le_bytes(self.array()?)),
            pack::STRING => Value::String(self.text()?),
            pack::BINARY => {
                let length = self.count()?;
                Value::Binary(Arc::from(self.take(length)?))
            }
            pack::DECIMAL => self.typed_further(&Type::Decimal)?,
            pack::DATE => self.typed_further(&Type::Date)?,
            pack::TIME => self.typed_further(&Type::TimeUsec)?,
            pack::NAIVE_DATETIME => self.typed_further(&Type::NaiveDatetimeUsec)?,
            pack::UTC_DATETIME => self.typed_further(&Type::UtcDatetimeUsec)?,
            pack::LIST => {
                let count = self.count()?;
                self.nest()?;
                let mut list = Vec::with_capacity(count.min(1024));
                for _ in 0..count {
                    list.push(self.value(shape)?);
                }
                self.depth -= 1;
                Value::List(list)
            }
            pack::MAP => Value::Map(self.map(shape)?),
            pack::SHAPED => Value::Map(self.shaped(shape.ok_or_else(broken)?)?),
            pack::MISSING => return Ok(None),
            _ => return Err(broken()),
        }))
    }

    /// The values of a map that stands where a shape is expected are shaped themselves: children by their index.
    fn map(&mut self, shape: Option<&Shape>) -> Result<Map> {
        let count = self.count()?;
        self.nest()?;
        let mut entries: Vec<(Str, Value)> = Vec::with_capacity(count.min(1024));
        for _ in 0..count {
            let key = self.text()?;
            let value = self.value(shape)?;
            entries.push((key, value));
        }
        self.depth -= 1;
        // The keys of an object are unique.
        Ok(Map::from_distinct(entries))
    }

    fn shaped(&mut self, shape: &Shape) -> Result<Map> {
        self.nest()?;
        let mut map = Map::with_capacity(shape.entries.len());
        for (name, child) in &shape.entries {
            if let Some(value) = self.optional(child.as_ref())? {
                map.push_new(name.clone(), value);
            }
        }
        self.depth -= 1;
        Ok(map)
    }

    #[inline(never)]
    fn typed_further(&mut self, kind: &Type) -> Result<Value> {
        let text = Value::String(self.text()?);
        kind.cast(&text).map_err(|_| refused("a value from the host is not of the type it is marked as"))
    }

    fn text(&mut self) -> Result<Str> {
        let length = self.count()?;
        let bytes = self.take(length)?;
        core::str::from_utf8(bytes).map(Str::from).map_err(|_| broken())
    }

    fn nest(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(refused("values are nested too deep (128 levels)"));
        }
        Ok(())
    }

    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn count(&mut self) -> Result<usize> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let bytes = self.take(N)?;
        let mut array = [0; N];
        array.copy_from_slice(bytes);
        Ok(array)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or_else(broken)?;
        self.bytes = rest;
        Ok(taken)
    }
}

fn broken() -> Mistake {
    refused("the host handed over a packed value that is cut short or of an unknown kind")
}

/// The small engine, which a page has, tells nobody why.
fn refused(why: &str) -> Mistake {
    Mistake::new(if cfg!(all(feature = "fast", target_arch = "wasm32")) { "" } else { why })
}
