//! An order and its lines.

use super::Resource;
use ectomorph::expr::field;
use ectomorph::rules::{CastRelation, Finding, Number, Validator};
use ectomorph::value::{Date, Decimal, Value};
use ectomorph::{Rules, Schema};

/// What somebody orders.
#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(source = "orders")]
pub struct Order {
    /// Given by the server.
    pub id: Option<i64>,
    pub number: Option<String>,
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    #[embeds_many(on_replace = "delete")]
    pub lines: Vec<LineItem>,
}

/// A line of an order.
#[derive(Schema, Clone, Debug, PartialEq)]
#[schema(embedded, changeset = LineItem::rules)]
pub struct LineItem {
    pub sku: Option<String>,
    pub qty: Option<i32>,
    pub price: Option<Decimal>,
}

/// The articles there are.
pub const ARTICLES: [&str; 3] = ["PEN", "INK", "PAD"];

impl Resource for Order {
    const NAME: &str = "order";

    fn rules() -> Rules<Order> {
        let lines = CastRelation::new().required().sort_param("lines_sort").drop_param("lines_drop");
        Rules::cast([Order::number, Order::starts_on, Order::ends_on])
            .validate_required([Order::number])
            .cast_embed(Order::lines, lines)
            .validate(
                Order::ends_on,
                field("ends_on").gte(field("starts_on")),
                "must not be before the start",
            )
            .unique_constraint(Order::number)
    }
}

impl LineItem {
    /// What is cast and checked of a line.
    pub fn rules() -> Rules<LineItem> {
        Rules::cast([LineItem::sku, LineItem::qty, LineItem::price])
            .validate_required([LineItem::sku, LineItem::qty])
            .validate_change_with(LineItem::sku, Validator::named("known_sku", known_sku), Value::Null)
            .validate_number(LineItem::qty, Number::new().greater_than(0))
            .validate_number(LineItem::price, Number::new().greater_than_or_equal_to(0))
    }
}

/// A rule in Rust that no document can hold: it has a name, and the page registers one of the same name.
fn known_sku(field: &str, sku: &Value) -> Vec<Finding> {
    match sku.as_str() {
        Some(sku) if ARTICLES.contains(&sku) => Vec::new(),
        _ => vec![Finding::new(field, "is not an article we have")],
    }
}
