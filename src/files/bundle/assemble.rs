//! Puts a bundle together, wherever its files come from.

use super::open::{Missing, Opener, Request, Role};
use super::{Bundle, InputFile, Link};
use crate::domain::adapter::Adapter;
use crate::domain::profile::Profile;
use crate::domain::rig::RigFile;
use crate::domain::suite::Suite;
use crate::domain::units::Volts;
use crate::files::check::{Check, Inputs, cross, is_name};
use crate::files::error::{FileError, FileErrors};
use crate::files::keypath::KeyPath;
use crate::files::nearest::{help_words, nearest_few};
use crate::files::overrides;
use crate::files::problem::Findings;
use crate::files::read::{Parsed, parse, read, schema_of};
use crate::files::source::Source;
use crate::files::spans::Spans;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

/// The key under which a world names a console capture.
const CAPTURE: &str = "boot_text";

/// The place where a file is named.
struct Place<'p> {
    /// Stored name of the file that names it.
    from: &'p str,
    source: &'p Source,
    spans: &'p Spans,
    at: KeyPath,
}

/// Names that are suggested instead of one that is not there.
const SUGGESTED: usize = 3;

/// Adapter files that are read to suggest one; a folder may hold any number.
const SIBLINGS_READ: usize = 200;

/// Share of the nominal voltage within which a rating is of the same class: 5.0 and 5.2 V are, 9 and 12 V are not (an assumption).
const SAME_CLASS: f64 = 0.1;

struct Assembly<'o> {
    opener: &'o mut dyn Opener,
    files: Vec<InputFile>,
    links: Vec<Link>,
    errors: FileErrors,
    warnings: FileErrors,
}

/// Reads everything that a suite names and holds it against each other.
pub(super) fn assemble(opener: &mut dyn Opener, suite: &str, rig: Option<&str>, sets: &[String]) -> Result<Bundle, FileErrors> {
    let mut all =
        Assembly { opener, files: vec![], links: vec![], errors: FileErrors::default(), warnings: FileErrors::default() };
    let Some((suite_name, suite)) = all.suite(suite, sets) else { return Err(all.errors) };
    let place = |key: &str| Place { from: &suite_name, source: &suite.source, spans: &suite.spans, at: KeyPath::from(key) };
    let profile = all.typed::<Profile>(Some(&place("dut")), Role::Dut, &suite.value.dut);
    let rig = match (rig, &suite.value.rig) {
        (Some(path), _) => all.typed::<RigFile>(None, Role::Rig, path),
        (None, Some(path)) => all.typed::<RigFile>(Some(&place("rig")), Role::Rig, path),
        (None, None) => {
            let help = "add `rig = \"…\"` to the suite, or give `--rig FILE`";
            all.errors.0.push(FileError::at(&suite.source, 0..0, "this suite names no rig", help));
            None
        }
    };
    let nominal = profile.as_ref().map(|(_, profile)| profile.value.supply.nominal_v);
    let adapters = all.adapters(&suite_name, &suite, nominal);
    if let Some((name, rig)) = &rig {
        all.worlds(name, rig);
    }
    let (Some((_, profile)), Some((_, rig)), true) = (profile, rig, all.errors.is_empty()) else { return Err(all.errors) };

    let values: Vec<Adapter> = adapters.iter().map(|adapter| adapter.value.clone()).collect();
    let together = cross(Inputs { suite: &suite.value, profile: &profile.value, rig: &rig.value, adapters: &values });
    all.keep(&suite, &together);
    if !all.errors.is_empty() {
        return Err(all.errors);
    }
    Ok(Bundle { suite, profile, rig, adapters, warnings: all.warnings, files: all.files, links: all.links })
}

impl Assembly<'_> {
    fn suite(&mut self, reference: &str, sets: &[String]) -> Option<(String, Parsed<Suite>)> {
        let mut file = self.open(None, Role::Suite, reference)?;
        if !sets.is_empty() {
            let text = self.text(&file)?;
            let changed = overrides::apply(&text, sets, &schema_of::<Suite>());
            file.bytes = self.good(changed)?.text.as_bytes().to_vec();
            file.shown.push_str(" (with --set)");
        }
        self.parsed(file)
    }

    fn adapters(&mut self, suite_name: &str, suite: &Parsed<Suite>, nominal: Option<Volts>) -> Vec<Parsed<Adapter>> {
        let folder = suite.value.adapters.trim_end_matches('/');
        let mut adapters = Vec::new();
        // A name that could leave the folder has been complained of already.
        let names = suite.value.factors.adapter.iter().enumerate().filter(|(_, name)| is_name(name.as_str()));
        for (index, name) in names {
            let at = KeyPath::from("factors.adapter").index(index);
            let place = Place { from: suite_name, source: &suite.source, spans: &suite.spans, at };
            let path = format!("{folder}/{name}.toml");
            let file = match self.try_open(Some(suite_name), Role::Adapter, &path) {
                Ok(file) => file,
                Err(missing) => {
                    let help = self.fitting(suite_name, folder, name.as_str(), &missing, nominal);
                    self.errors.0.push(not_found(Some(&place), Role::Adapter, &missing, help));
                    continue;
                }
            };
            let Some((_, adapter)) = self.parsed::<Adapter>(file) else { continue };
            if adapter.value.name != *name {
                let mut findings = Findings::default();
                let message = format!("the adapter in {name}.toml calls itself `{}`", adapter.value.name);
                findings.error("name", message, format!("write `name = \"{name}\"`, or rename the file"));
                self.keep(&adapter, &findings);
            }
            adapters.push(adapter);
        }
        adapters
    }

    /// What to do about an adapter that is not there: the others of the camera's voltage, since one of another is never meant.
    fn fitting(&mut self, from: &str, folder: &str, wanted: &str, missing: &Missing, nominal: Option<Volts>) -> String {
        let stems = || missing.siblings.iter().filter_map(|name| name.strip_suffix(".toml")).take(SIBLINGS_READ);
        let Some(nominal) = nominal else { return help_words(wanted, stems()) };
        let mut known = Vec::new();
        for stem in stems() {
            let request = Request { from: Some(from), role: Role::Adapter, reference: &format!("{folder}/{stem}.toml") };
            let Ok(file) = self.opener.open(request) else { continue };
            let Ok(adapter) = read::<Adapter>(&file.source()) else { continue };
            // An adapter states the voltage that its plug has when nothing draws current; makers' words for one class differ by less.
            let volts = adapter.value.rating.volts.get();
            if (volts - nominal.get()).abs() <= SAME_CLASS * nominal.get() {
                known.push(stem);
            }
        }
        if known.is_empty() {
            format!("no adapter file in {folder}/ is of the camera's {nominal}: write one, or correct the name")
        } else {
            known.sort_unstable();
            format!("{} (adapters of the camera's {nominal})", help_words(wanted, known))
        }
    }

    /// The worlds that positions live in, and the captures that worlds name. What a world means, its driver knows.
    fn worlds(&mut self, rig_name: &str, rig: &Parsed<RigFile>) {
        for (index, position) in rig.value.positions.iter().enumerate() {
            let Some(reference) = &position.world else { continue };
            let at = KeyPath::from("positions").index(index).key("world");
            let place = Place { from: rig_name, source: &rig.source, spans: &rig.spans, at };
            let Some(file) = self.open(Some(&place), Role::World, reference) else { continue };
            let Some(source) = self.text(&file) else { continue };
            let Some(document) = self.good(parse(&source)) else { continue };
            let spans = Spans::of(document.get_ref());
            let mut captures = Vec::new();
            find_captures(document.get_ref(), &KeyPath::root(), &mut captures);
            let from = self.add(file);
            for (at, reference) in captures {
                let place = Place { from: &from, source: &source, spans: &spans, at };
                if let Some(capture) = self.open(Some(&place), Role::Capture, &reference) {
                    self.add(capture);
                }
            }
        }
    }

    /// Opens, reads and checks a file, and adds it to the bundle.
    fn typed<T>(&mut self, place: Option<&Place<'_>>, role: Role, reference: &str) -> Option<(String, Parsed<T>)>
    where
        T: DeserializeOwned + JsonSchema + Check,
    {
        let file = self.open(place, role, reference)?;
        self.parsed(file)
    }

    fn parsed<T: DeserializeOwned + JsonSchema + Check>(&mut self, file: InputFile) -> Option<(String, Parsed<T>)> {
        let source = self.text(&file)?;
        let parsed: Parsed<T> = self.good(read(&source))?;
        self.keep(&parsed, &parsed.value.check());
        Some((self.add(file), parsed))
    }

    fn open(&mut self, place: Option<&Place<'_>>, role: Role, reference: &str) -> Option<InputFile> {
        match self.try_open(place.map(|place| place.from), role, reference) {
            Ok(file) => Some(file),
            Err(missing) => {
                let help = named_alike(role, &missing);
                self.errors.0.push(not_found(place, role, &missing, help));
                None
            }
        }
    }

    fn try_open(&mut self, from: Option<&str>, role: Role, reference: &str) -> Result<InputFile, Missing> {
        let file = self.opener.open(Request { from, role, reference })?;
        let link = Link { from: from.map(str::to_owned), role, reference: reference.to_owned(), to: file.name.clone() };
        if !self.links.contains(&link) {
            self.links.push(link);
        }
        Ok(file)
    }

    fn add(&mut self, file: InputFile) -> String {
        let name = file.name.clone();
        if !self.files.iter().any(|known| known.name == name) {
            self.files.push(file);
        }
        name
    }

    fn text(&mut self, file: &InputFile) -> Option<Source> {
        match std::str::from_utf8(&file.bytes) {
            Ok(text) => Some(Source::new(&file.shown, text)),
            Err(error) => {
                let message = format!("{} is not UTF-8 text: byte {} fits no character", file.shown, error.valid_up_to());
                self.errors.0.push(FileError::whole(&file.shown, message, "save it as UTF-8"));
                None
            }
        }
    }

    fn good<T>(&mut self, result: Result<T, FileErrors>) -> Option<T> {
        result.map_err(|errors| self.errors.extend(errors)).ok()
    }

    fn keep<T>(&mut self, parsed: &Parsed<T>, findings: &Findings) {
        let (errors, warnings) = parsed.locate_all(findings);
        self.errors.extend(errors);
        self.warnings.extend(warnings);
    }
}

fn not_found(place: Option<&Place<'_>>, role: Role, missing: &Missing, help: String) -> FileError {
    let message = match role {
        Role::Adapter => {
            let name = missing.own_name();
            let name = name.strip_suffix(".toml").unwrap_or(name);
            format!("unknown adapter `{name}`: {}: {}", missing.shown, missing.reason)
        }
        _ => format!("cannot read {}: {}", missing.shown, missing.reason),
    };
    match place {
        Some(place) => FileError::at(place.source, place.spans.find(&place.at), message, help),
        None => FileError::whole(&missing.shown, message, help),
    }
}

/// What to do about a file that is not there: the nearest of its folder. All of them would be a page where a folder holds much.
fn named_alike(role: Role, missing: &Missing) -> String {
    // Captures have any ending; what all names end with makes none of them more like another.
    let ending = if role == Role::Capture { "" } else { ".toml" };
    let word = missing.own_name();
    let stem = word.strip_suffix(ending).unwrap_or(word);
    // A folder is its own nearest neighbour.
    let others = missing.siblings.iter().filter(|name| *name != word).filter_map(|name| name.strip_suffix(ending));
    let quoted: Vec<String> = nearest_few(stem, others, SUGGESTED).into_iter().map(|name| format!("`{name}{ending}`")).collect();
    match quoted.split_last() {
        None => "check the path: it is relative to the file that names it, or to where you are".to_owned(),
        Some((only, [])) => format!("did you mean {only}?"),
        Some((last, others)) => format!("did you mean {} or {last}?", others.join(", ")),
    }
}

fn find_captures(table: &DeTable<'_>, at: &KeyPath, found: &mut Vec<(KeyPath, String)>) {
    for (key, value) in table {
        find_in(key.get_ref(), value.get_ref(), at.key(key.get_ref()), found);
    }
}

fn find_in(key: &str, value: &DeValue<'_>, at: KeyPath, found: &mut Vec<(KeyPath, String)>) {
    match value {
        DeValue::String(text) if key == CAPTURE => found.push((at, text.to_string())),
        DeValue::Table(table) => find_captures(table, &at, found),
        DeValue::Array(elements) => {
            elements.iter().enumerate().for_each(|(index, element)| find_in("", element.get_ref(), at.index(index), found));
        }
        _ => {}
    }
}
