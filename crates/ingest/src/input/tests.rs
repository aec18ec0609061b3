use super::*;
use std::fs;

fn open_all(paths: &[&Path]) -> (Vec<String>, Vec<(String, InputErrorKind)>) {
    let paths: Vec<String> = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let opened = open(&paths, &Options::default());
    let name = |path: &str| Path::new(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let inputs = opened.inputs.iter().map(|input| name(input.path())).collect();
    (inputs, opened.errors.iter().map(|error| (name(&error.path), error.kind)).collect())
}

#[test]
fn files_directories_and_patterns_are_found() -> io::Result<()> {
    let root = tempfile::tempdir()?;
    let at = |name: &str| root.path().join(name);
    fs::create_dir_all(at("sub/.hidden"))?;
    for name in ["b.json", "a.json", "sub/c.json", "sub/.hidden/d.json", ".e.json", "[x].json"] {
        fs::write(at(name), "{\"a\":1}\n")?;
    }
    fs::write(at("empty"), "")?;
    fs::write(at("sub/readme"), "Hello\n")?;
    #[cfg(unix)]
    std::os::unix::fs::symlink(root.path(), at("sub/loop"))?;
    let bad = vec![("empty".to_owned(), InputErrorKind::Empty), ("readme".to_owned(), InputErrorKind::Unrecognised)];
    assert_eq!(open_all(&[root.path()]), (["[x].json", "a.json", "b.json", "c.json"].map(String::from).to_vec(), bad));
    assert_eq!(open_all(&[&at("*.json"), &at("a.json")]).0, ["[x].json", "a.json", "b.json"]);
    assert_eq!(open_all(&[&at("**/c.json")]).0, ["c.json"]);
    assert_eq!(open_all(&[&at("[x].json")]).0, ["[x].json"]);
    let missing = |name: &str| vec![(name.to_owned(), InputErrorKind::Missing)];
    assert_eq!(open_all(&[&at("none.json")]), (vec![], missing("none.json")));
    assert_eq!(open_all(&[&at("*.none")]), (vec![], missing("*.none")));
    Ok(())
}

#[test]
fn a_file_that_is_written_anew_is_noticed_and_one_that_grows_is_read_as_it_was() -> io::Result<()> {
    let file = tempfile::NamedTempFile::new()?;
    fs::write(file.path(), "{\"a\":1}\n{\"a\":2}\n")?;
    let paths = [file.path().to_string_lossy().into_owned()];
    let opened = open(&paths, &Options::default());
    let input = &opened.inputs[0];
    assert_eq!(input.changed(), None);
    fs::write(file.path(), "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")?;
    assert_eq!(input.changed(), None);
    let scan = crate::Scan::new(&opened.inputs, std::sync::Arc::new(crate::Projection::new(input.fields())), None);
    assert_eq!(scan.worker().map_while(Result::ok).map(|batch| batch.num_rows()).sum::<usize>(), 2);
    fs::write(file.path(), "{\"a\":1}\n")?;
    assert!(input.changed().is_some());
    fs::remove_file(file.path())?;
    assert!(input.changed().is_some());
    Ok(())
}
