//! What came of it, as a table.

use crate::blog::Place;
use crate::cases::Row;
use crate::measure::shown;

/// The share of plain sqlx's throughput that is asked for.
pub const BUDGET: f64 = 0.9;

/// Prints the times of a database's cases and whether they are within the budget.
pub fn print(place: Place, rows: &[Row]) {
    let Some(first) = rows.first() else { return };
    let names: Vec<&str> = first.peers.iter().map(|(name, _)| *name).collect();
    println!("\n{}, one operation (medians of {} rounds)", place.name(), first.peers[0].1.0.len());
    print!("| {:<21} |", "");
    names.iter().for_each(|name| print!(" {name:>12} |"));
    println!(" of sqlx | of SeaORM | of Diesel | budget |");
    println!(
        "|{:-<23}|{}--------:|----------:|----------:|--------|",
        "",
        "-------------:|".repeat(names.len())
    );
    for row in rows {
        print!("| {:<21} |", row.case.title());
        row.peers.iter().for_each(|(_, took)| print!(" {:>12} |", shown(took.median())));
        let took = |name: &str| row.peers.iter().find(|(peer, _)| *peer == name).map(|(_, took)| took);
        let ratio = |other: &str| match (took("ectomorph"), took(other)) {
            (Some(own), Some(other)) => own.throughput_over(other),
            _ => f64::NAN,
        };
        let (sqlx, sea_orm, diesel) = (ratio("sqlx"), ratio("SeaORM"), ratio("Diesel"));
        let met = if sqlx >= BUDGET && sea_orm > 1.0 { "met" } else { "missed" };
        println!(" {sqlx:>7.2} | {sea_orm:>9.2} | {diesel:>9.2} | {met:<6} |");
    }
}
