//! Finding a browser: of the Chromium family, or Firefox.

use std::path::PathBuf;

/// The browser that `CHROME` names, or the first on the PATH.
pub fn find() -> Option<PathBuf> {
    const NAMES: &[&str] =
        &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    const ELSEWHERE: &[&str] = &[
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ];
    if let Some(chrome) = std::env::var_os("CHROME").filter(|chrome| !chrome.is_empty()) {
        return Some(PathBuf::from(chrome)).filter(|chrome| chrome.is_file());
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&folders).flat_map(|folder| {
        NAMES.iter().map(move |name| folder.join(name).with_extension(std::env::consts::EXE_EXTENSION))
    });
    on_path.chain(ELSEWHERE.iter().map(PathBuf::from)).find(|browser| browser.is_file())
}

/// The Firefox that `FIREFOX` names, or the first on the PATH.
pub fn find_firefox() -> Option<PathBuf> {
    if let Some(firefox) = std::env::var_os("FIREFOX").filter(|firefox| !firefox.is_empty()) {
        return Some(PathBuf::from(firefox)).filter(|firefox| firefox.is_file());
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let names = ["firefox-esr", "firefox"];
    let mut on_path = std::env::split_paths(&folders).flat_map(|folder| names.map(|name| folder.join(name)));
    on_path.find(|firefox| firefox.is_file())
}

/// How to get what `find` did not find.
pub const MISSING: &str =
    "no Chromium or Chrome found: install one (Debian: apt-get install chromium) or name it in CHROME";
