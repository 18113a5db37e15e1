//! Form fields with nested names, put together one by one.

use super::entries::Entries;
use super::{Limits, ParamsError};
use crate::value::{Map, Value};
use alloc::vec;
use alloc::vec::Vec;
use core::mem;

/// The params of a list of form fields, such as a multipart form or a browser's `FormData`.
///
/// Names nest as in [`from_urlencoded`](super::from_urlencoded); a value of any kind goes as it is to the
/// place that its name says, so an uploaded file can be whatever the application casts it from.
///
/// # Errors
///
/// [`ParamsError`] when a limit is exceeded; `at` is the number of the field.
///
/// ```
/// use ectomorph::params::{Limits, from_fields};
/// use ectomorph::value::{Map, Value};
///
/// let fields = [("post[title]", Value::from("Hello")), ("post[views]", Value::from(3))];
/// let params = from_fields(fields, &Limits::default())?;
/// assert_eq!(params, Map::from([("post", Map::from([("title", Value::from("Hello")), ("views", 3.into())]))]));
/// # Ok::<(), ectomorph::params::ParamsError>(())
/// ```
pub fn from_fields<N, V>(
    fields: impl IntoIterator<Item = (N, V)>,
    limits: &Limits,
) -> Result<Map, ParamsError>
where
    N: AsRef<str>,
    V: Into<Value>,
{
    let mut builder = Fields::new(limits);
    for (name, value) in fields {
        builder.put(name.as_ref(), value)?;
    }
    Ok(builder.finish())
}

/// Puts form fields together as they arrive; [`from_fields`] for those that arrive by and by.
///
/// Where fields contradict each other the outcome is Plug's: the last field that opens a place decides
/// what stands there, so `a=1&a[b]=2` gives `{"a": {"b": "2"}}`.
///
/// ```
/// use ectomorph::params::{Fields, Limits};
/// use ectomorph::value::Map;
///
/// let mut fields = Fields::new(&Limits::default());
/// fields.put("tags[]", "rust")?;
/// fields.put("tags[]", "ecto")?;
/// assert_eq!(fields.finish(), Map::from([("tags", ["rust", "ecto"])]));
/// # Ok::<(), ectomorph::params::ParamsError>(())
/// ```
pub struct Fields {
    limits: Limits,
    // Nodes name each other by their place here; the root is the first.
    nodes: Vec<Node>,
    entries: usize,
    bytes: usize,
    count: usize,
}

/// A place that has places below it: a map or a list, depending on how it was last added to.
#[derive(Default)]
struct Node {
    named: Entries<Slot>,
    items: Vec<Slot>,
    /// The node that all names through `[]` share: `a[][b]=1&a[][c]=2` is one element.
    item_node: Option<usize>,
    is_list: bool,
}

/// What stands at a key or in a list.
#[derive(Default)]
struct Slot {
    /// A plain value, or none where the node stands.
    value: Option<Value>,
    /// The node below. It stays when a plain value takes its place: Plug opens a node only once.
    node: Option<usize>,
}

impl Fields {
    /// No fields yet.
    pub fn new(limits: &Limits) -> Self {
        Fields { limits: *limits, nodes: vec![Node::default()], entries: 0, bytes: 0, count: 0 }
    }

    /// Puts `value` at the place that `name` says.
    ///
    /// # Errors
    ///
    /// [`ParamsError`] when a limit is exceeded. The field is then partly or not at all there.
    pub fn put(&mut self, name: &str, value: impl Into<Value>) -> Result<(), ParamsError> {
        let value = value.into();
        self.bytes = self.bytes.saturating_add(name.len() + value.as_str().map_or(0, str::len));
        self.limits.check_bytes(self.bytes)?;
        self.place(name, value, self.count)?;
        self.count += 1;
        Ok(())
    }

    /// The params.
    pub fn finish(mut self) -> Map {
        let root = mem::take(&mut self.nodes[0]);
        self.map(root)
    }

    /// Puts `value` at its place; `at` is where errors say it is.
    pub(super) fn place(&mut self, name: &str, value: Value, at: usize) -> Result<(), ParamsError> {
        let mut steps = Steps::of(name);
        let limit = self.limits.max_depth();
        if steps.clone().take(limit.saturating_add(1)).count() > limit {
            return Err(ParamsError::TooDeep { limit, at });
        }
        let mut node = 0;
        let mut step = steps.next().unwrap_or("");
        for next in steps {
            node = self.descend(node, step, at)?;
            step = next;
        }
        // Within the root an empty name is a key like any other; below it, it says "the next element".
        if step.is_empty() && node != 0 {
            self.count_entry(at)?;
            self.nodes[node].items.push(Slot { value: Some(value), node: None });
            self.nodes[node].is_list = true;
        } else {
            self.key(node, step, at)?.value = Some(value);
            self.nodes[node].is_list = false;
        }
        Ok(())
    }

    /// The node at `step` below `parent`, opened if it is not there.
    fn descend(&mut self, parent: usize, step: &str, at: usize) -> Result<usize, ParamsError> {
        let fresh = self.nodes.len();
        if step.is_empty() && parent != 0 {
            if let Some(node) = self.nodes[parent].item_node {
                return Ok(node);
            }
            self.count_entry(at)?;
            let parent = &mut self.nodes[parent];
            parent.items.push(Slot { value: None, node: Some(fresh) });
            parent.item_node = Some(fresh);
            parent.is_list = true;
        } else {
            let slot = self.key(parent, step, at)?;
            if let Some(node) = slot.node {
                return Ok(node);
            }
            *slot = Slot { value: None, node: Some(fresh) };
            self.nodes[parent].is_list = false;
        }
        self.nodes.push(Node::default());
        Ok(fresh)
    }

    /// The slot of a key, made if it is not there.
    fn key(&mut self, node: usize, key: &str, at: usize) -> Result<&mut Slot, ParamsError> {
        let place = match self.nodes[node].named.find(key) {
            Some(place) => place,
            None => {
                self.count_entry(at)?;
                self.nodes[node].named.push(key.into())
            }
        };
        Ok(self.nodes[node].named.slot(place))
    }

    fn count_entry(&mut self, at: usize) -> Result<(), ParamsError> {
        if self.entries == self.limits.entries {
            return Err(ParamsError::TooManyEntries { limit: self.limits.entries, at });
        }
        self.entries += 1;
        Ok(())
    }

    fn map(&mut self, node: Node) -> Map {
        let entries = node.named.into_list();
        Map::from_distinct(entries.into_iter().map(|(key, slot)| (key, self.value(slot))).collect())
    }

    fn value(&mut self, slot: Slot) -> Value {
        match (slot.value, slot.node) {
            (Some(value), _) => value,
            (None, None) => Value::Null,
            (None, Some(node)) => {
                let node = mem::take(&mut self.nodes[node]);
                if node.is_list {
                    Value::List(node.items.into_iter().map(|item| self.value(item)).collect())
                } else {
                    Value::Map(self.map(node))
                }
            }
        }
    }
}

/// The steps of a name: `a[b][]` leads through `a`, `b` and the empty step.
///
/// As in Plug, brackets count only if the name ends in one and does not start with one, and a step ends
/// only at `][`: in `a[b]c]` the second step is `b]c`.
#[derive(Clone)]
struct Steps<'a> {
    next: Option<&'a str>,
    /// What stands between the first bracket and the last.
    rest: Option<&'a str>,
}

impl<'a> Steps<'a> {
    fn of(name: &'a str) -> Self {
        if let Some((root, rest)) = name.split_once('[')
            && let Some(rest) = rest.strip_suffix(']')
            && !root.is_empty()
        {
            return Steps { next: Some(root), rest: Some(rest) };
        }
        Steps { next: Some(name), rest: None }
    }
}

impl<'a> Iterator for Steps<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let step = self.next.take();
        if let Some(rest) = self.rest.take() {
            match rest.as_bytes().windows(2).position(|pair| pair == b"][") {
                Some(end) => (self.next, self.rest) = (rest.get(..end), rest.get(end + 2..)),
                None => self.next = Some(rest),
            }
        }
        step
    }
}
