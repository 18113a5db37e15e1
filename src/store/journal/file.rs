//! A folder of files.

use super::backend::{Area, Backend, Failure};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::task::{Context, Poll};

/// A folder with a file for each area.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    files: Vec<(Area, File)>,
}

impl Files {
    /// The files in a folder, which is made if there is none.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open(folder: impl AsRef<Path>) -> Result<Files, Failure> {
        let folder = folder.as_ref().to_path_buf();
        fs::create_dir_all(&folder).map_err(failure)?;
        Ok(Files { folder, files: Vec::new() })
    }

    fn file(&mut self, area: Area) -> io::Result<&mut File> {
        let at = match self.files.iter().position(|(other, _)| *other == area) {
            Some(at) => at,
            None => {
                let path = self.folder.join(area.name());
                let file =
                    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
                // The name of a new file is in the folder, which must be durable too. Not all systems can say so.
                File::open(&self.folder).and_then(|folder| folder.sync_all()).ok();
                self.files.push((area, file));
                self.files.len() - 1
            }
        };
        Ok(&mut self.files[at].1)
    }
}

impl Backend for Files {
    fn read(&mut self, area: Area) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let file = self.file(area).map_err(failure)?;
        file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(failure)?;
        Ok(bytes)
    }

    fn write(&mut self, area: Area, at: u64, bytes: &[u8]) -> Result<(), Failure> {
        let file = self.file(area).map_err(failure)?;
        file.seek(SeekFrom::Start(at)).and_then(|_| file.write_all(bytes)).map_err(failure)
    }

    fn truncate(&mut self, area: Area, length: u64) -> Result<(), Failure> {
        let file = self.file(area).map_err(failure)?;
        if file.metadata().map_err(failure)?.len() > length {
            file.set_len(length).map_err(failure)?;
        }
        Ok(())
    }

    fn poll_flush(&mut self, area: Area, _context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(self.file(area).and_then(|file| file.sync_data()).map_err(failure))
    }
}

fn failure(error: io::Error) -> Failure {
    let full =
        matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge);
    Failure { full, message: error.to_string() }
}
