//! All that a run needs to know, read and proved once: forms, rules, the words of the prose, the
//! registry. Files in the configuration folder replace the ones built into the program.

use crate::catalog::Catalog;
use crate::finding::Rules;
use crate::form::Forms;
use crate::narrative::Reader;
use crate::registry::Registry;
use anyhow::{Context, Result, bail};
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
    /// The offices.
    pub registry: Registry,
    /// BLAKE3 of all configuration, in hexadecimal.
    pub config_hash: String,
}

/// What is built in: (file name, text).
const BUILT_IN: [(&str, &str); 4] = [
    ("forms/2019.toml", include_str!("../config/forms/2019.toml")),
    ("forms/2021.toml", include_str!("../config/forms/2021.toml")),
    ("rules.toml", include_str!("../config/rules.toml")),
    ("narrative.toml", include_str!("../config/narrative.toml")),
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
    hash: blake3::Hasher,
}

impl Statute {
    /// Reads what the statute and the language fix, from `folder` where it has the files.
    ///
    /// # Errors
    /// Names the file, the line and what would be valid.
    pub fn load(folder: &Path) -> Result<Statute> {
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
        let text_of = |name: &str| others.iter().find(|(n, _)| n == name).map_or("", |(_, text)| text.as_str());
        let forms = Forms::parse(&forms)?;
        let rules = Rules::parse(text_of("rules.toml"))?;
        for equation in forms.forms.iter().flat_map(|f| &f.tables).flat_map(|t| &t.equations) {
            if !rules.iter().any(|r| r.id == equation.rule) {
                bail!("config/forms: no rule is called `{}`", equation.rule);
            }
        }
        let narrative = Reader::parse(text_of("narrative.toml")).context("config/narrative.toml")?;
        let catalog = Catalog::build(&forms, &narrative);
        Ok(Statute { forms, rules, narrative, catalog, hash })
    }
}

impl Settings {
    /// Reads the configuration folder.
    ///
    /// # Errors
    /// Names the file, the line and what would be valid.
    pub fn load(folder: &Path) -> Result<Settings> {
        let path = folder.join("offices.csv");
        let bytes = std::fs::read(&path).with_context(|| {
            format!("{}: the registry of offices cannot be read; it needs the columns code,name,aliases,district,district_code,city,province (名录文件无法读取)", path.display())
        })?;
        Settings::with_registry(folder, Registry::parse(&bytes)?, &bytes)
    }

    /// The same for reading single reports, which needs no registry: without one every office is unregistered.
    ///
    /// # Errors
    /// As `load`, but for a missing registry.
    pub fn load_for_parsing(folder: &Path) -> Result<Settings> {
        match folder.join("offices.csv").exists() {
            true => Settings::load(folder),
            false => Settings::with_registry(folder, Registry::empty(), &[]),
        }
    }

    fn with_registry(folder: &Path, registry: Registry, bytes: &[u8]) -> Result<Settings> {
        let Statute { forms, rules, narrative, catalog, mut hash } = Statute::load(folder)?;
        hash.update(bytes);
        Ok(Settings { forms, rules, narrative, catalog, registry, config_hash: hash.finalize().to_hex().to_string() })
    }
}

fn replaced(folder: &Path, name: &str) -> Result<Option<String>> {
    let path = folder.join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim_start_matches('\u{feff}').to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{}: cannot be read", path.display())),
    }
}

/// Forms in the folder beside the built-in ones: a later year's form needs no new program.
fn further_forms(folder: &Path) -> Result<Vec<String>> {
    let path = folder.join("forms");
    let mut names = Vec::new();
    let Ok(entries) = std::fs::read_dir(&path) else { return Ok(names) };
    for entry in entries {
        let entry = entry.with_context(|| format!("{}: cannot be read", path.display()))?;
        let name = format!("forms/{}", entry.file_name().to_string_lossy());
        if name.ends_with(".toml") && !BUILT_IN.iter().any(|(known, _)| *known == name) {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}
