//! Which files the user means.

use super::{InputError, InputErrorKind, io_error, origin::Origin};
use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};
use walkdir::WalkDir;

/// A file to be opened.
pub enum Found {
    File(PathBuf),
    StandardInput,
}

impl Found {
    pub fn origin(self) -> Result<Origin, InputError> {
        match self {
            Found::File(path) => Origin::file(&path).map_err(|error| io_error(&path.to_string_lossy(), &error)),
            Found::StandardInput => Origin::standard_input().map_err(|error| io_error("-", &error)),
        }
    }
}

/// The files behind each path, in the order named.
pub fn find(paths: &[String]) -> Vec<Result<Found, InputError>> {
    let mut finder = Finder::default();
    for path in paths {
        finder.path(path);
    }
    finder.found
}

#[derive(Default)]
struct Finder {
    found: Vec<Result<Found, InputError>>,
    seen: HashSet<PathBuf>,
}

impl Finder {
    fn path(&mut self, name: &str) {
        let path = Path::new(name);
        if name == "-" {
            if self.seen.insert(PathBuf::from("-")) {
                self.found.push(Ok(Found::StandardInput));
            }
        } else if path.is_dir() {
            self.directory(path);
        } else if path.exists() || !name.contains(['*', '?', '[']) {
            self.file(path);
        } else {
            self.pattern(name);
        }
    }

    fn file(&mut self, path: &Path) {
        // What cannot be resolved is left to opening, which says why.
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if self.seen.insert(real) {
            self.found.push(Ok(Found::File(path.to_owned())));
        }
    }

    fn pattern(&mut self, pattern: &str) {
        let fail = |kind, reason: String| Err(InputError { path: pattern.to_owned(), kind, reason });
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        let paths = match glob::glob_with(pattern, options) {
            Ok(paths) => paths,
            Err(error) => {
                self.found.push(fail(InputErrorKind::Missing, format!("not a valid pattern: {}", error.msg)));
                return;
            }
        };
        let mut any = false;
        for path in paths {
            any = true;
            match path {
                Ok(path) if path.is_dir() => self.directory(&path),
                Ok(path) => self.file(&path),
                Err(error) => self.found.push(Err(io_error(&error.path().to_string_lossy(), error.error()))),
            }
        }
        if !any {
            self.found.push(fail(InputErrorKind::Missing, "no file matches the pattern".to_owned()));
        }
    }

    fn directory(&mut self, root: &Path) {
        let hidden = |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name().as_encoded_bytes()[0] == b'.';
        let walk = WalkDir::new(root).follow_links(true).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(|entry| !hidden(entry)) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => self.file(entry.path()),
                // A link to a directory that is being walked: its files are found there.
                Err(error) if error.loop_ancestor().is_some() => {}
                Err(error) => {
                    let path = error.path().unwrap_or(root).to_string_lossy().into_owned();
                    let error = error.into_io_error().unwrap_or_else(|| io::Error::other("cannot be listed"));
                    self.found.push(Err(io_error(&path, &error)));
                }
            }
        }
    }
}
