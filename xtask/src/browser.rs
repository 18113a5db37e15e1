//! Finding a browser: of the Chromium family, or Firefox.

use std::path::PathBuf;

/// The browser that `CHROME` names, or the first on the PATH.
pub fn find() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let elsewhere = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];
    named_or_found("CHROME", &names, &elsewhere)
}

/// The Firefox that `FIREFOX` names, or the first on the PATH.
pub fn find_firefox() -> Option<PathBuf> {
    named_or_found("FIREFOX", &["firefox-esr", "firefox"], &[])
}

fn named_or_found(variable: &str, names: &[&str], elsewhere: &[&str]) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(variable).filter(|named| !named.is_empty()) {
        return Some(PathBuf::from(named)).filter(|named| named.is_file());
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&folders).flat_map(|folder| {
        names.iter().map(move |name| folder.join(name).with_extension(std::env::consts::EXE_EXTENSION))
    });
    on_path.chain(elsewhere.iter().map(PathBuf::from)).find(|browser| browser.is_file())
}

/// How to get what `find` did not find.
pub const MISSING: &str =
    "no Chromium or Chrome found: install one (Debian: apt-get install chromium) or name it in CHROME";
