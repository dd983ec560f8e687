//! Every shipped fixture is sound, and a bundle survives the run's directory.

use super::{CAPTURE, Shelf};
use crate::domain::suite::DesignKind;
use crate::files::{Disk, Reader, load_saved};
use std::path::Path;

const SUITES: [&str; 13] = [
    "suites/adaptive.toml",
    "suites/go-no-go.toml",
    "suites/hold-sweep.toml",
    "suites/quick.toml",
    "suites/voltage.toml",
    "suites/on-change.toml",
    "suites/guide.toml",
    "suites/ptz.toml",
    "suites/dome.toml",
    "suites/voltage-12v.toml",
    "suites/bullet.toml",
    "suites/hold-then-power.toml",
    "suites/on-release.toml",
];

#[test]
fn every_shipped_suite_loads_without_a_warning() {
    let shelf = Shelf::fixtures();
    let shipped: Vec<&String> = shelf.0.keys().filter(|path| path.starts_with("suites/")).collect();
    assert_eq!(shipped.len(), SUITES.len(), "every suite is tried here: {shipped:?}");
    for suite in SUITES {
        let bundle = shelf.load(suite, &[]).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(bundle.warnings.to_string(), "", "{suite}");
    }
}

#[test]
fn every_shipped_adapter_is_used_by_a_suite() {
    let shelf = Shelf::fixtures();
    let bundles: Vec<_> = SUITES.iter().map(|suite| shelf.load(suite, &[]).unwrap()).collect();
    for path in shelf.0.keys().filter(|path| path.starts_with("adapters/")) {
        let used = bundles.iter().flat_map(|bundle| bundle.files()).any(|file| file.original == *path);
        assert!(used, "{path}");
    }
}

#[test]
fn a_bundle_is_read_back_from_its_saved_inputs_alone() {
    for suite in SUITES {
        let bundle = Shelf::fixtures().load(suite, &["design.seed=99"]).unwrap();
        let mut saved = Shelf::default();
        for (name, bytes) in bundle.save_to() {
            saved.put(&format!("run/inputs/{name}"), &bytes);
        }
        let back = load_saved(&saved, Path::new("run/inputs")).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(back, bundle);
        assert_eq!(back.suite.value.design.seed, 99, "the changed text is what is kept");
        assert_eq!(back.save_to(), bundle.save_to());
        assert_eq!(back.inputs(), bundle.inputs());
    }
}

#[test]
fn saved_inputs_can_be_run_as_they_lie_there() {
    let bundle = Shelf::fixtures().load("suites/hold-sweep.toml", &[]).unwrap();
    let mut saved = Shelf::default();
    bundle.save_to().iter().for_each(|(name, bytes)| saved.put(name, bytes));
    let again = saved.load("suites/hold-sweep.toml", &[]).unwrap();
    assert_eq!(again.inputs(), bundle.inputs());
}

#[test]
fn a_changed_or_missing_input_is_refused() {
    let bundle = Shelf::fixtures().load("suites/quick.toml", &[]).unwrap();
    let mut saved = Shelf::default();
    bundle.save_to().iter().for_each(|(name, bytes)| saved.put(&format!("inputs/{name}"), bytes));
    let said = |saved: &Shelf| load_saved(saved, Path::new("inputs")).unwrap_err().to_string();

    let mut changed = saved.clone();
    changed.edit("inputs/adapters/oem-5v1a.toml", "a = 1.0", "a = 1.5");
    assert!(
        said(&changed).contains("inputs/adapters/oem-5v1a.toml: it was changed after the run had begun"),
        "{}",
        said(&changed)
    );

    let mut gone = saved.clone();
    gone.0.remove("inputs/duts/amcrest-indoor.toml");
    assert!(said(&gone).contains("inputs/duts/amcrest-indoor.toml: there is no such file"), "{}", said(&gone));

    saved.0.remove("inputs/index.json");
    assert!(said(&saved).contains("cannot read inputs/index.json: there is no such file"), "{}", said(&saved));
}

#[test]
fn the_rig_of_the_command_line_goes_before_the_suites_own() {
    let mut shelf = Shelf::fixtures();
    let rig = shelf.text("rigs/twin.toml").replace("twin-bench", "other-bench").replace("../worlds", "../../worlds");
    shelf.put("rigs/other/bench.toml", rig.as_bytes());
    let bundle =
        crate::files::load(&shelf, Path::new("suites/quick.toml"), Some(Path::new("rigs/other/bench.toml")), &[]).unwrap();
    assert_eq!(bundle.rig.value.station.as_str(), "other-bench");

    let mut saved = Shelf::default();
    bundle.save_to().iter().for_each(|(name, bytes)| saved.put(&format!("inputs/{name}"), bytes));
    assert_eq!(load_saved(&saved, Path::new("inputs")).unwrap(), bundle);
}

#[test]
fn a_world_brings_its_captures_byte_for_byte() {
    let bundle = Shelf::fixtures().load("suites/quick.toml", &[]).unwrap();
    let world = bundle.world(&bundle.rig.value.positions[0]).unwrap();
    assert_eq!(&*world.source.path, "worlds/amcrest-indoor.toml");
    assert_eq!(world.capture("../captures/boot.log"), Some(CAPTURE));
    assert_eq!(world.capture("boot.log"), None);
}

#[test]
fn files_of_one_name_in_two_folders_are_kept_apart() {
    let mut shelf = Shelf::fixtures();
    let position = shelf.text("rigs/twin.toml");
    let (_, position) = position.split_once("[[positions]]").unwrap();
    let second = position.replace("\"p1\"", "\"p2\"").replace("../worlds/", "../worlds/b/");
    shelf.put("rigs/twin.toml", format!("{}[[positions]]{second}", shelf.text("rigs/twin.toml")).as_bytes());
    shelf.put("worlds/b/amcrest-indoor.toml", b"schema = 1\nother = true\n");
    let bundle = shelf.load("suites/quick.toml", &[]).unwrap();
    let names: Vec<&str> =
        bundle.files().iter().map(|file| file.name.as_str()).filter(|name| name.starts_with("worlds/")).collect();
    assert_eq!(names, ["worlds/amcrest-indoor.toml", "worlds/amcrest-indoor-2.toml"]);
    let second = bundle.world(&bundle.rig.value.positions[1]).unwrap();
    assert!(second.source.text.contains("other = true"));
    assert_eq!(bundle.inputs().len(), bundle.files().len());
}

#[test]
fn overrides_change_the_suite_that_is_kept() {
    let bundle = Shelf::fixtures().load("suites/quick.toml", &["design.kind=adaptive", "factors.hold_s={ from = 1, to = 60 }"]);
    let said = bundle.map(|bundle| (bundle.suite.value.design.kind, bundle.warnings.to_string())).unwrap();
    assert_eq!(said.0, DesignKind::Adaptive);
    assert!(said.1.contains("`replicates` does nothing here"), "{}", said.1);
    assert!(said.1.contains("--> suites/quick.toml (with --set):"), "{}", said.1);
}

#[test]
fn the_disk_reads_and_lists_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    assert!(Disk.names(&root.join("rigs")).unwrap().contains(&"twin.toml".to_owned()));
    assert_eq!(Disk.read(&root.join("rigs/twin.toml")).unwrap(), Shelf::fixtures().0["rigs/twin.toml"]);
    assert!(Disk.read(&root.join("rigs/none.toml")).is_err());
}
