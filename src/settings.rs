//! All that a run needs to know, read and proved once: forms, rules, the words of the prose, the
//! registry. Files in the configuration folder replace the ones built into the program.

use crate::catalog::Catalog;
use crate::decode::{Limits, Traditional};
use crate::failure::{Failure, line_of};
use crate::finding::Rules;
use crate::form::Forms;
use crate::narrative::Reader;
use crate::registry::Registry;
use crate::reviewed::Reviewed;
use serde::Deserialize;
use std::io::Write;
use std::path::Path;

/// The configuration of a run.
#[derive(Debug)]
pub struct Settings {
    /// The statutory forms.
    pub forms: Forms,
    /// The rules and their texts.
    pub rules: Rules,
    /// The reader of prose.
    pub narrative: Reader,
    /// The items numbers belong to.
    pub catalog: Catalog,
    /// What one file may ask for.
    pub limits: Limits,
    /// Traditional characters and their simplified forms.
    pub traditional: Traditional,
    /// The offices.
    pub registry: Registry,
    /// What people decided about findings.
    pub reviewed: Reviewed,
    /// BLAKE3 of all configuration, in hexadecimal.
    pub config_hash: String,
    /// The same without what people decided about findings, which changes no reading.
    pub reading_hash: String,
}

/// `config/report.toml`: how the letters that send reports back are worded.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterSettings {
    /// Working days that an office has.
    pub working_days: u32,
    /// Who signs, with `{district}` for the district of the office.
    pub issuer: String,
    /// A line about whom to ask; empty for none.
    pub contact: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportFile {
    letter: LetterSettings,
}

/// What is built in: (file name, text).
const BUILT_IN: [(&str, &str); 7] = [
    ("forms/2019.toml", include_str!("../config/forms/2019.toml")),
    ("forms/2021.toml", include_str!("../config/forms/2021.toml")),
    ("rules.toml", include_str!("../config/rules.toml")),
    ("narrative.toml", include_str!("../config/narrative.toml")),
    ("limits.toml", include_str!("../config/limits.toml")),
    ("report.toml", include_str!("../config/report.toml")),
    ("traditional.txt", include_str!("../config/traditional.txt")),
];

/// The part of the settings that does not depend on a registry: enough for the dictionary.
#[derive(Debug)]
pub struct Statute {
    /// The statutory forms.
    pub forms: Forms,
    /// The rules and their texts.
    pub rules: Rules,
    /// The reader of prose.
    pub narrative: Reader,
    /// The items numbers belong to.
    pub catalog: Catalog,
    /// What one file may ask for.
    pub limits: Limits,
    /// Traditional characters and their simplified forms.
    pub traditional: Traditional,
    /// How letters to offices are worded.
    pub letter: LetterSettings,
    hash: blake3::Hasher,
}

impl Statute {
    /// Reads what the statute and the language fix, from `folder` where it has the files.
    ///
    /// # Errors
    /// Names the file, the line and what would be valid.
    pub fn load(folder: &Path) -> Result<Statute, Failure> {
        let Texts { forms, others, hash } = Texts::read(folder)?;
        let text_of = |name: &str| others.iter().find(|(n, _)| n == name).map_or("", |(_, text)| text.as_str());
        let rules = Rules::parse(text_of("rules.toml")).map_err(|failure| failure.at(folder.join("rules.toml").display()))?;
        let texts = forms;
        let forms = Forms::parse(&texts).map_err(|e| wrong(folder, format!("{e:#}")))?;
        let equations = forms.forms.iter().flat_map(|f| &f.tables).flat_map(|t| &t.equations).map(|e| &e.rule);
        let continuities = forms.forms.iter().flat_map(|f| &f.continuities).flat_map(|c| std::iter::once(&c.rule).chain(&c.column_rule));
        if let Some(rule) = equations.chain(continuities).find(|id| !rules.iter().any(|r| r.id == **id)) {
            return Err(unknown_rule(folder, rule, &rules, &texts));
        }
        let narrative = Reader::parse(text_of("narrative.toml")).map_err(|e| wrong(folder, format!("config/narrative.toml: {e:#}")))?;
        let limits = Limits::parse(text_of("limits.toml")).map_err(|e| wrong(folder, format!("config/limits.toml: {e:#}")))?;
        let traditional = Traditional::parse(text_of("traditional.txt")).map_err(|e| wrong(folder, format!("config/traditional.txt: {e}")))?;
        let report: ReportFile = toml::from_str(text_of("report.toml")).map_err(|e| wrong(folder, format!("config/report.toml: {e:#}")))?;
        let catalog = Catalog::build(&forms, &narrative);
        if let Some(name) = unknown_name(&rules, &narrative, &catalog) {
            let line = line_of(text_of("rules.toml"), text_of("rules.toml").find(&format!("\"{name}\"")).unwrap_or_default());
            let (zh, en) = (format!("第 {line} 行：没有名为 {name} 的指标或表格行"), format!("line {line}: no indicator or row is called `{name}`"));
            return Err(Failure::new(zh, en).at(folder.join("rules.toml").display()));
        }
        Ok(Statute { forms, rules, narrative, catalog, limits, traditional, letter: report.letter, hash })
    }
}

/// The files of the statute, as they stand.
struct Texts {
    forms: Vec<(String, String)>,
    others: Vec<(String, String)>,
    hash: blake3::Hasher,
}

impl Texts {
    fn read(folder: &Path) -> Result<Texts, Failure> {
        there(folder)?;
        let mut files: Vec<(String, String)> = Vec::new();
        for (name, text) in BUILT_IN {
            files.push((name.to_string(), replaced(folder, name)?.unwrap_or_else(|| text.to_string())));
        }
        for name in further_forms(folder)? {
            if let Some(text) = replaced(folder, &name)? {
                files.push((name, text));
            }
        }
        let (forms, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| name.starts_with("forms/"));
        let mut hash = blake3::Hasher::new();
        for (name, text) in forms.iter().chain(&others) {
            hash.update(name.as_bytes()).update(text.as_bytes());
        }
        Ok(Texts { forms, others, hash })
    }
}

/// The hash that `Settings::load` gives, without proving what is hashed; none if a file cannot be read.
pub fn config_hash(folder: &Path) -> Option<String> {
    let Texts { mut hash, .. } = Texts::read(folder).ok()?;
    hash.update(&std::fs::read(folder.join("offices.csv")).ok()?);
    match std::fs::read(folder.join("reviewed.csv")) {
        Ok(bytes) => hash.update(&bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => &mut hash,
        Err(_) => return None,
    };
    Some(hash.finalize().to_hex().to_string())
}

impl Settings {
    /// Reads the configuration folder.
    ///
    /// # Errors
    /// Names the file, the line and what would be valid.
    pub fn load(folder: &Path) -> Result<Settings, Failure> {
        there(folder)?;
        let path = folder.join("offices.csv");
        let bytes = std::fs::read(&path).map_err(|error| {
            let columns = "code,name,aliases,district,district_code,city,province";
            let failure =
                Failure::new(format!("名录（列：{columns}）无法读取"), format!("the registry of offices, with the columns {columns}, cannot be read"));
            failure.at(path.display()).because_of(&error.into())
        })?;
        let registry = Registry::parse(&bytes).map_err(|failure| failure.at(path.display()))?;
        Settings::with_registry(folder, registry, &bytes)
    }

    /// The same for reading single reports, which needs no registry: without one every office is unregistered.
    ///
    /// # Errors
    /// As `load`, but for a missing registry.
    pub fn load_for_parsing(folder: &Path) -> Result<Settings, Failure> {
        match folder.join("offices.csv").exists() {
            true => Settings::load(folder),
            false => Settings::with_registry(folder, Registry::empty(), &[]),
        }
    }

    fn with_registry(folder: &Path, registry: Registry, bytes: &[u8]) -> Result<Settings, Failure> {
        let Statute { forms, rules, narrative, catalog, limits, traditional, mut hash, .. } = Statute::load(folder)?;
        hash.update(bytes);
        let reading_hash = hash.finalize().to_hex().to_string();
        let path = folder.join("reviewed.csv");
        let reviewed = match std::fs::read(&path) {
            Ok(bytes) => {
                hash.update(&bytes);
                Reviewed::parse(&bytes).map_err(|failure| failure.at(path.display()))?
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Reviewed::default(),
            Err(error) => return Err(unreadable(&path, error)),
        };
        Ok(Settings {
            forms,
            rules,
            narrative,
            catalog,
            limits,
            traditional,
            registry,
            reviewed,
            config_hash: hash.finalize().to_hex().to_string(),
            reading_hash,
        })
    }
}

/// Writes a new registry into the configuration folder, which is made if need be. Gives its path.
///
/// # Errors
/// If it cannot be written, or one is there and `replace` is not asked for.
pub fn write_registry(folder: &Path, csv: &str, replace: bool) -> Result<std::path::PathBuf, Failure> {
    let path = folder.join("offices.csv");
    let unwritable = |error: std::io::Error| Failure::new("无法写入", "cannot be written").at(path.display()).because_of(&error.into());
    std::fs::create_dir_all(folder).map_err(unwritable)?;
    // Filled before it has its name: nobody sees half a registry, and of two that try one is refused.
    let write = || {
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        new.write_all(csv.as_bytes())?;
        new.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
        new.as_file().sync_all()?;
        let named = if replace { new.persist(&path) } else { new.persist_noclobber(&path) };
        named.map(drop).map_err(|failed| failed.error)
    };
    match write() {
        Ok(()) => Ok(path),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(Failure::new("已有名录，未改动；要替换请加 --force", "is there already and was left alone; --force replaces it").at(path.display()))
        }
        Err(error) => Err(unwritable(error)),
    }
}

/// The folder that need not be there: whoever names another one means a folder that is there.
const DEFAULT: &str = "config";

fn there(folder: &Path) -> Result<(), Failure> {
    if folder.is_dir() || folder == Path::new(DEFAULT) {
        return Ok(());
    }
    Err(Failure::new("没有这个配置文件夹", "there is no such configuration folder").at(folder.display()))
}

/// What a file of the configuration gets wrong. The modules that read them know the files as
/// `config/…`; only here is known which folder it is.
fn wrong(folder: &Path, detail: String) -> Failure {
    let (file, detail) = match detail.strip_prefix("config/").and_then(|rest| rest.split_once(": ")) {
        Some((file, detail)) => (folder.join(file), detail.to_string()),
        None => (folder.to_path_buf(), detail),
    };
    Failure::new("配置有误", "the configuration is wrong").at(file.display()).because(detail)
}

fn unknown_rule(folder: &Path, rule: &str, rules: &Rules, forms: &[(String, String)]) -> Failure {
    let known = rules.iter().map(|r| r.id.as_str()).collect::<Vec<_>>().join(", ");
    let found = forms.iter().find_map(|(name, text)| Some((name.as_str(), line_of(text, text.find(&format!("\"{rule}\""))?))));
    let (name, line) = found.unwrap_or(("forms", 1));
    let zh = format!("第 {line} 行：没有名为 {rule} 的规则。可用：{known}");
    Failure::new(zh, format!("line {line}: no rule is called `{rule}`; there are: {known}")).at(folder.join(name).display())
}

/// A name in the comparisons of the rules that means nothing.
fn unknown_name(rules: &Rules, narrative: &Reader, catalog: &Catalog) -> Option<String> {
    rules.iter().filter_map(|rule| rule.compares.as_ref()).find_map(|comparison| {
        let stated = narrative.indicators().iter().any(|indicator| indicator.id == comparison.stated);
        let is_row = |term: &str| {
            let name = term.strip_prefix('-').unwrap_or(term);
            let named = |indicator: &str| name.strip_suffix('*').map_or(indicator == name, |stem| indicator.starts_with(stem));
            catalog.items.iter().any(|item| item.section == comparison.table && named(&item.indicator))
        };
        let row = comparison.readings.iter().flatten().find(|term| !is_row(term));
        row.cloned().or_else(|| (!stated).then(|| comparison.stated.clone()))
    })
}

fn unreadable(path: &Path, error: std::io::Error) -> Failure {
    Failure::new("无法读取", "cannot be read").at(path.display()).because_of(&error.into())
}

fn replaced(folder: &Path, name: &str) -> Result<Option<String>, Failure> {
    let path = folder.join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim_start_matches('\u{feff}').to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(&path, error)),
    }
}

/// Forms in the folder beside the built-in ones: a later year's form needs no new program.
fn further_forms(folder: &Path) -> Result<Vec<String>, Failure> {
    let path = folder.join("forms");
    let mut names = Vec::new();
    let Ok(entries) = std::fs::read_dir(&path) else { return Ok(names) };
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(&path, error))?;
        let name = format!("forms/{}", entry.file_name().to_string_lossy());
        if name.ends_with(".toml") && !BUILT_IN.iter().any(|(known, _)| *known == name) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
