//! ectomorph next to plain sqlx, SeaORM and Diesel, on the same PostgreSQL and the same SQLite, in one run; and its
//! changesets next to garde and validator. `cargo xtask bench server` runs it.

#[cfg(feature = "databases")]
mod blog;
#[cfg(feature = "databases")]
mod cases;
mod forms;
mod measure;
#[cfg(feature = "databases")]
mod peers;
#[cfg(feature = "databases")]
#[path = "../../../tests/servers/mod.rs"]
mod servers;
#[cfg(feature = "databases")]
mod table;

use measure::Settings;

fn main() {
    let mut settings = Settings::default();
    let mut parts = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rounds" => settings.rounds = number(arguments.next()),
            "--milliseconds" => settings.milliseconds = number(arguments.next()),
            "--case" => settings.case = arguments.next(),
            "--peer" => settings.peer = arguments.next(),
            part @ ("postgres" | "sqlite" | "forms") => parts.push(part.to_owned()),
            other => misuse(other),
        }
    }
    let wanted = |part: &str| parts.is_empty() || parts.iter().any(|asked| asked == part);
    #[cfg(feature = "databases")]
    databases(&settings, &wanted);
    if wanted("forms") {
        forms::run(&settings);
    }
}

/// Measures what is done with databases, on those that are wanted and here.
#[cfg(feature = "databases")]
fn databases(settings: &Settings, wanted: &dyn Fn(&str) -> bool) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("threads");
    for place in [blog::Place::Postgres, blog::Place::Sqlite] {
        if !wanted(place.name()) {
            continue;
        }
        match blog::url(place) {
            Some(url) => runtime.block_on(async {
                let mut peers = peers::all(place, &url).await;
                let is_wanted = |peer: &str| settings.peer.as_ref().is_none_or(|wanted| wanted == peer);
                peers.retain(|peer| is_wanted(peer.name()));
                let rows = cases::run(place, &url, &mut peers, settings).await;
                table::print(place, &rows);
            }),
            None => println!("{}: no server is here", place.name()),
        }
    }
}

fn number(argument: Option<String>) -> usize {
    argument.and_then(|text| text.parse().ok()).unwrap_or_else(|| misuse("a number is missing"))
}

fn misuse(what: &str) -> ! {
    eprintln!("{what}: usage: [postgres] [sqlite] [forms] [--rounds N] [--milliseconds N] [--case NAME] [--peer NAME]");
    std::process::exit(2)
}
