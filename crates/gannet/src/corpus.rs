//! Rules of repositories with their facts: what the catalog and the check work on.

use catalog::{Corpus, RuleFacts};
use clap::{Args, ValueHint};
use ir::{Diagnostic, Rule, Vendor, codes};
use lang::parallel;
use lang::repository::{Document, Repository, RuleFile};
use schema::Mappings;
use std::{
    borrow::Cow,
    collections::{HashMap, hash_map::Entry},
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::Command,
};

/// Where rules are read from and which of them count.
#[derive(Args, Debug)]
pub struct Rules {
    /// Repositories of rules: directories, files, or git URLs; any vendor's, any number
    #[arg(long = "rules", value_name = "RULES", num_args = 1.., required = true, value_hint = ValueHint::AnyPath)]
    pub sources: Vec<String>,

    #[command(flatten)]
    pub selection: Selection,

    #[command(flatten)]
    pub mapping: Mapping,
}

/// What vendors' names mean.
#[derive(Args, Debug)]
pub struct Mapping {
    /// A CSV file of mappings that go before the built-in ones; may be repeated
    ///
    /// Its first row is `vendor,scope,field,canonical,source` for fields or `kind,name,classes,source` for log sources;
    /// `gannet schema mappings --format csv` shows the built-in rows.
    #[arg(long = "mappings", value_name = "FILE", value_hint = ValueHint::FilePath)]
    files: Vec<PathBuf>,
}

impl Mapping {
    /// The built-in mappings with those of the files, of which the later go first.
    ///
    /// # Errors
    /// A sentence that names the file, and line and column of the row, that cannot be read.
    pub fn read(&self) -> Result<Cow<'static, Mappings>, String> {
        self.files.iter().try_fold(Cow::Borrowed(Mappings::built_in()), |mappings, file| {
            let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
            let more = mappings.with_csv(&text).map_err(|problem| format!("{}:{problem}", file.display()))?;
            Ok(Cow::Owned(more))
        })
    }
}

/// Which rules count.
#[derive(Args, Debug)]
pub struct Selection {
    /// Count rules too that their authors have deprecated or marked as unsupported
    #[arg(long, value_name = "STATUS", value_enum)]
    pub include: Vec<Retired>,

    /// Only rules of this vendor; may be repeated
    #[arg(long = "vendor", value_name = "VENDOR")]
    pub vendors: Vec<Vendor>,

    /// Only rules that read events of this platform, such as windows
    #[arg(long, value_name = "PLATFORM")]
    pub platform: Option<String>,

    /// Only rules that read events of this domain, such as network
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Retired {
    Deprecated,
    Unsupported,
}

impl Selection {
    pub fn catalog(&self) -> catalog::Selection {
        catalog::Selection {
            deprecated: self.include.contains(&Retired::Deprecated),
            unsupported: self.include.contains(&Retired::Unsupported),
            vendors: self.vendors.clone(),
            platform: self.platform.clone(),
            domain: self.domain.clone(),
        }
    }
}

/// What the named repositories hold.
#[derive(Debug)]
pub struct Loaded {
    pub corpus: Corpus,
    /// The texts of all files by path, which spans point into.
    pub texts: HashMap<String, String>,
    /// Files that hold no rules.
    pub others: usize,
    /// What could not be read, a sentence each.
    pub errors: Vec<String>,
    /// What the names of the rules were resolved with.
    pub mappings: Cow<'static, Mappings>,
}

impl Loaded {
    /// The path and the text of the file that a diagnostic of the rule points into.
    pub fn place<'l>(&'l self, facts: &'l RuleFacts, problem: &Diagnostic) -> (&'l str, &'l str) {
        let further = problem.span.and_then(|span| usize::from(span.file).checked_sub(1));
        let path = further.and_then(|file| facts.rule.further_files.get(file)).unwrap_or(&facts.path);
        (path, self.texts.get(path).map_or("", String::as_str))
    }
}

/// Reads repositories, lowers and checks their rules, and reads the facts off them.
///
/// # Errors
/// A sentence where the mappings cannot be read, or a repository cannot be had or holds nothing to read.
pub fn load(sources: &[String], selection: &catalog::Selection, mapping: &Mapping) -> Result<Loaded, String> {
    let mappings = mapping.read()?;
    let paths = sources.iter().map(|source| located(source)).collect::<Result<Vec<_>, _>>()?;
    let repository = Repository::read(&paths);
    if repository.files.is_empty() {
        let found =
            if repository.errors.is_empty() { "no rules here".to_owned() } else { repository.errors.join("; ") };
        return Err(format!("{}: {found}", sources.join(", ")));
    }
    let Repository { mut files, others, errors } = repository;
    note_duplicates(&mut files);
    let texts_of_others: HashMap<&Path, &str> =
        others.iter().map(|document| (document.path.as_path(), document.text.as_str())).collect();
    let read = parallel::map(files, |RuleFile { document, rules }| {
        let facts: Vec<_> = rules.into_iter().map(|rule| facts(rule, &document, &texts_of_others, &mappings)).collect();
        (document, facts)
    });
    let mut texts: HashMap<String, String> = HashMap::new();
    let mut rules = Vec::new();
    for (document, facts) in read {
        rules.extend(facts);
        texts.insert(name(&document.path), document.text);
    }
    let count = others.len();
    texts.extend(others.into_iter().map(|document| (name(&document.path), document.text)));
    Ok(Loaded { corpus: Corpus::new(rules, selection), texts, others: count, errors, mappings })
}

fn facts(mut rule: Rule, document: &Document, others: &HashMap<&Path, &str>, mappings: &Mappings) -> RuleFacts {
    rule.diagnostics.extend(engine::support::problems(&rule));
    let further: Vec<String> = rule.further_files.clone();
    let mut texts = vec![document.text.as_str()];
    texts.extend(further.iter().map(|path| others.get(Path::new(path)).copied().unwrap_or_default()));
    RuleFacts::new(rule, name(&document.path), &texts, mappings)
}

/// Says of each rule whose id another rule of its vendor has before it.
fn note_duplicates(files: &mut [RuleFile]) {
    let mut first: HashMap<(Vendor, String), PathBuf> = HashMap::new();
    for RuleFile { document, rules } in files {
        for rule in rules {
            match first.entry((rule.vendor, rule.id.clone())) {
                Entry::Vacant(entry) => _ = entry.insert(document.path.clone()),
                Entry::Occupied(entry) => {
                    let message = format!("the id `{}` is also that of a rule in {}", rule.id, entry.get().display());
                    rule.diagnostics.push(Diagnostic::note(codes::DUPLICATE_ID, message));
                }
            }
        }
    }
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// A path as it is, or the local copy of a git repository.
fn located(source: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(source);
    let is_url = source.contains("://") || source.starts_with("git@");
    if !is_url || path.exists() { Ok(path) } else { cloned(source) }
}

/// A shallow copy of a git repository in the user's cache, brought up to date where the network allows.
fn cloned(url: &str) -> Result<PathBuf, String> {
    let cache = cache().ok_or("no cache directory: set XDG_CACHE_HOME or HOME")?;
    let safe: String = url.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let copy = cache.join(safe);
    fs::create_dir_all(&cache).map_err(|error| format!("{}: {error}", cache.display()))?;
    // One at a time: two commands may want the same repository.
    let lock = File::create(copy.with_extension("lock")).and_then(|file| file.lock().map(|()| file));
    let _held = lock.map_err(|error| format!("{}: {error}", copy.display()))?;
    if copy.join(".git").exists() {
        let fetched = git(Some(&copy), &["fetch", "--quiet", "--depth", "1", "origin", "HEAD"])
            .and_then(|()| git(Some(&copy), &["reset", "--quiet", "--hard", "FETCH_HEAD"]));
        if let Err(error) = fetched {
            anstream::eprintln!("note: {url} could not be brought up to date, the earlier copy is read: {error}");
        }
    } else {
        git(None, &["clone", "--quiet", "--depth", "1", "--", url, &copy.to_string_lossy()])?;
    }
    Ok(copy)
}

fn cache() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("gannet").join("rules"))
}

fn git(directory: Option<&Path>, args: &[&str]) -> Result<(), String> {
    let mut command = Command::new("git");
    if let Some(directory) = directory {
        command.arg("-C").arg(directory);
    }
    // Never asks for a password: it is an error that says so.
    let output = command.args(args).env("GIT_TERMINAL_PROMPT", "0").output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "git is not installed".to_owned(),
        _ => format!("git: {error}"),
    })?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()) }
}
