//! Every rule has an input that breaks it. What messages look like is held in `broken_suite` and `broken_bench`.

use super::{Shelf, said};

const QUICK: &str = "suites/quick.toml";
const VOLTAGE: &str = "suites/voltage.toml";
const CHANGE: &str = "suites/on-change.toml";
const DUT: &str = "duts/amcrest-indoor.toml";
const RIG: &str = "rigs/twin.toml";
const PTZ: &str = "suites/ptz.toml";
const PTZ_DUT: &str = "duts/ptz-5v.toml";
const PTZ_RIG: &str = "rigs/twin-ptz.toml";
const OEM: &str = "adapters/oem-5v1a.toml";
const LONG: &str = "adapters/long-cable.toml";
const PSU: &str = "adapters/bench-psu.toml";

/// Replaces text in a file of a suite, and looks for words in what is said.
#[track_caller]
fn broken(suite: &str, path: &str, rules: &[(&str, &str, &str)]) {
    for (old, new, words) in rules {
        let said = said(suite, path, old, new);
        assert!(said.contains(words), "{old} -> {new}: {words:?} is missing in:\n{said}");
        assert!(said.contains("help: "), "{said}");
    }
}

#[test]
fn factors() {
    let rules = [
        ("name = \"quick\"", "name = \"a/b\"", "cannot be a name"),
        ("\"long-cable\"]", "\"oem-5v1a\"]", "adapter oem-5v1a stands here twice"),
        ("\"long-cable\"]", "\"../x\"]", "`../x` cannot be a name"),
        ("hold_s = [3, 15, 45]", "hold_s = []", "no hold is named"),
        ("hold_s = [3, 15, 45]", "hold_s = [-3]", "`factors.hold_s[0]` must be above zero"),
        ("hold_s = [3, 15, 45]", "hold_s = [nan]", "nan is no number to work with"),
        ("hold_s = [3, 15, 45]", "hold_s = { from = 1, to = 90 }", "a grid has no range of holds"),
        ("hold_s = [3, 15, 45]", "hold_s = { from = 9, to = 3 }", "the range ends at 3 s"),
        ("hold_s = [3, 15, 45]", "hold_s = { from = 9 }", "missing key `to`"),
        ("hold_s = [3, 15, 45]", "hold_s = [1e300]", "1e300 is too large"),
        ("hold_s = [3, 15, 45]", "hold_s = 30", "expected a list or a table, found a whole number"),
        ("hold_s = [3, 15, 45]", "hold_s = [3]\noutlet = [\"a\", \"a\"]", "outlet a stands here twice"),
        ("hold_s = [3, 15, 45]", "hold_s = [3]\nhold_max_s = 9", "`hold_max_s` does nothing"),
        ("hold_s = [3, 15, 45]", "hold_s = [3]\nrelease = []", "no way of release"),
        ("hold_s = [3, 15, 45]", "hold_s = [3]\npress_after_s = [-1]", "not possible"),
        ("hold_s = [3, 15, 45]", "hold_s = [3]\npress_after_s = [5, 5]", "delay 5 s stands here twice"),
        ("hold_s = [3, 15, 45]", "hold_s = [3]\nsupply_v = [0]", "`factors.supply_v[0]` must be above zero"),
        ("rig = \"../rigs/twin.toml\"\n", "", "this suite names no rig"),
    ];
    broken(QUICK, QUICK, &rules);
    let rules = [
        ("hold_max_s = 60", "hold_max_s = 20", "shorter than the hold of 30 s"),
        ("hold_max_s = 60", "hold_max_s = 30", "is the same as `after_hold`"),
        ("\"on_change\", \"after_hold\"", "\"on_change\", \"on_change\"", "release on_change stands here twice"),
    ];
    broken(CHANGE, CHANGE, &rules);
}

#[test]
fn design() {
    let rules = [
        ("replicates = 3", "replicates = 0", "between 1 and 10000"),
        ("replicates = 3", "replicates = 10001", "between 1 and 10000"),
        ("replicates = 3", "replicates = -1", "-1 is too small"),
        ("seed = 1", "attempts = 11", "between 1 and 10"),
        ("seed = 1", "hold_tolerance = 0.6", "between 0 and 0.5"),
        ("seed = 1", "hold_tolerance = -nan", "-nan is no number to work with"),
        ("seed = 1", "budget_h = 0", "`design.budget_h` must be above zero"),
        ("seed = 1", "budget_h = inf", "inf is no number to work with"),
        ("seed = 1", "until = \"25:00\"", "not a time of day"),
        ("seed = 1", "target = \"hold59\"", "Known are: hold50, hold95, hold99, hold95_rel"),
        ("seed = 1", "target = \"hold95\"", "does nothing outside an adaptive design"),
        ("seed = 1", "rel_half_width = 2.0", "says nothing"),
        ("shams_per_adapter = 1", "shams_per_adapter = 20000", "between 0 and 10000"),
        ("kind = \"grid\"", "kind = \"go_no_go\"", "has no limit to decide"),
        ("kind = \"grid\"", "kind = \"adaptive\"", "`replicates` does nothing"),
        ("[design]", "[timeouts]\ntrial_s = 0\n[design]", "`timeouts.trial_s` must be above zero"),
        ("[design]", "[timeouts]\ntrial_s = 160\n[design]", "before readiness and the longest hold are over (165 s)"),
    ];
    broken(QUICK, QUICK, &rules);
}

#[test]
fn limits() {
    let rules = [
        ("max = 150", "", "has no bound"),
        ("max = 150", "min = 200\nmax = 150", "is below the least"),
        ("max = 150", "max = inf", "inf is no number to work with"),
        ("max = 150", "max = 150\nmarginal = 0.9", "between 0 and 0.5"),
        ("max = 150", "max = 150\nadapter = \"long\"", "adapter `long` is not in this suite"),
        ("max = 150", "max = 150\nsupply_v = 5.0", "does not vary the supply voltage"),
        (
            "max = 150",
            "max = 150\n[[limits]]\nname = \"boot time\"\nhold_s = 3\nmin_rate = 0.5",
            "limit `boot time` stands here twice",
        ),
        ("measurement = \"boot_s\"", "", "does not say of what"),
        ("measurement = \"boot_s\"\nmax = 150", "", "limits nothing"),
        ("measurement = \"boot_s\"\nmax = 150", "hold_s = 3", "lacks the least rate"),
        ("measurement = \"boot_s\"\nmax = 150", "min_rate = 0.5", "lacks the hold"),
        ("measurement = \"boot_s\"\nmax = 150", "hold_s = 3\nmin_rate = 1.5", "between 0 and 1"),
        (
            "measurement = \"boot_s\"\nmax = 150",
            "hold_s = 3\nmin_rate = 0.5\nconfidence = 1.0",
            "a confidence of 1 is not possible",
        ),
    ];
    broken(QUICK, QUICK, &rules);
    broken(VOLTAGE, VOLTAGE, &[("supply_v = 5.0\nhold_s", "supply_v = 5.1\nhold_s", "5.1 V is no level of `factors.supply_v`")]);
}

#[test]
fn a_limit_of_an_adaptive_suite_lies_inside_its_range() {
    let mut shelf = super::Shelf::fixtures();
    shelf.edit(CHANGE, "hold_s = [30]", "hold_s = { from = 40, to = 60 }");
    let said = shelf.load(CHANGE, &["design.kind=adaptive"]).unwrap_err().to_string();
    assert!(said.contains("a hold of 30 s lies outside the suite's range"), "{said}");
}

#[test]
fn profile() {
    let rules = [
        ("'^AMC[0-9A-F]{9}$'", "'^AMC[0-9A-F'", "not a regular expression"),
        ("'^AMC[0-9A-F]{9}$'", "'AMC[0-9A-F]{9}'", "also fits longer serial numbers"),
        ("hole_mm = 1.5", "hole_mm = -1.5", "`hole_mm` cannot be -1.5"),
        ("min_v = 4.75", "min_v = 5.25", "the lowest voltage, 5.25 V, is above the nominal one"),
        ("max_a = 1.0", "max_a = 0", "`supply.max_a` must be above zero"),
        ("drain_s = 10", "drain_s = -1", "`supply.drain_s` cannot be negative"),
        ("timeout_s = 300", "timeout_s = 100", "before the least wait of 120 s is over"),
        ("light_stable_s = 10\nmarker = true\n", "", "nothing shows that this camera is ready"),
        ("[light.ready]\nshape = \"solid\"", "", "needs the light pattern `ready`"),
        ("to_s = 30\n", "", "this window follows one without an end"),
        ("to_s = 30\n", "to_s = 0\n", "ends at 0 s"),
        ("shape = \"solid\"", "shape = \"solid\"\nhz = 1", "does nothing for a light that does not blink"),
        ("shape = \"solid\"", "shape = \"unclear\"", "is what a decoder says"),
        ("shape = \"solid\"", "shape = \"solid\"\ncolour = \"grene\"", "did you mean `green`?"),
        ("shape = \"solid\"", "shape = \"solid\"\nsecond = \"red\"", "other colour of a light that shows two in turn"),
        ("shape = \"solid\"", "shape = \"alternating\"\nhz = 1\ncolour = \"red\"\nsecond = \"red\"", "nothing alternates"),
        ("shape = \"solid\"", "shape = \"solid\"\nduty = 0.5", "this light does not blink"),
        ("hz = 2", "hz = 2\nduty = 1.5", "between 0.01 and 0.99"),
        ("hz = 2", "hz = 2\nduty = 0.5\nduty_tolerance = 0.9", "between 0.01 and 0.5"),
        ("hz = 2", "hz = 0", "`light.booting.hz` must be above zero"),
        ("hz = 2", "hz = 2\nhz_tolerance = 1.5", "between 0.01 and 0.9"),
        ("light = true\nmarker = true", "light = false\nmarker = false", "shows no sign of its factory state"),
        ("'\\bapp: state=setup\\b'", "'.*'", "fits every line"),
        ("name = \"button\"", "name = \"kernel\"", "marker `kernel` stands here twice"),
        ("meaning = \"factory\"", "meaning = \"warning\"", "needs a console marker of meaning `factory`"),
        ("baud = 115200", "baud = 115200000", "between 300 and 4000000"),
        ("[factory]", "[watch]\nquiet_s = 0\n[factory]", "`watch.quiet_s` must be above zero"),
        ("[factory]", "[[chimes]]\nname = \"up\"\nhz = 5\n[factory]", "between 50 and 12000"),
    ];
    broken(QUICK, DUT, &rules);
}

/// A chime of the pan-tilt camera beside its own.
fn chime(name: &str, hz: &str, repeats: &str, meaning: &str) -> String {
    format!("[[chimes]]\nname = \"{name}\"\nhz = {hz}\nrepeats = {repeats}\nmeaning = \"{meaning}\"\n\n[current]")
}

#[test]
fn chimes_that_no_sensor_tells_apart_are_refused_with_their_place() {
    let alike = chime("prompt", "2030", "2", "setup");
    let twice = chime("again", "2000", "2", "acknowledged");
    let name = chime("button noticed", "500", "1", "setup");
    let none = chime("none", "500", "0", "setup");
    let rules = [
        ("[current]", alike.as_str(), "no sensor tells this chime from `button noticed`"),
        ("[current]", twice.as_str(), "sounds like `button noticed` and means the same"),
        ("[current]", name.as_str(), "chime button noticed stands here twice"),
        ("[current]", none.as_str(), "sounds once at least"),
        ("hz = 2000", "hz = 0", "`chimes[0].hz` must be above zero"),
        ("name = \"button noticed\"", "name = \"\"", "`chimes[0].name` is empty"),
        ("marker = true\nnetwork = false", "marker = true\nsound = true\nnetwork = false", "needs a chime that means `setup`"),
    ];
    broken(PTZ, PTZ_DUT, &rules);
    let said = said(PTZ, PTZ_DUT, "[current]", &alike);
    assert!(said.contains("ptz-5v.toml:72:6"), "file and line of the second: {said}");
    // Another pitch, or another number of notes, is heard.
    for (hz, repeats) in [("2100", "2"), ("2000", "3")] {
        let mut shelf = super::Shelf::fixtures();
        shelf.edit(PTZ_DUT, "[current]", &chime("prompt", hz, repeats, "setup"));
        let bundle = shelf.load(PTZ, &[]).unwrap();
        assert_eq!(bundle.warnings.to_string(), "", "{hz} {repeats}");
    }
}

#[test]
fn lights_that_no_sensor_tells_apart_are_a_warning() {
    let rules = [(
        "hz = 5\ncolour = \"red\"",
        "hz = 5\n\n[light.resetting]\nshape = \"blink\"\nhz = 5.5\ncolour = \"red\"",
        "the light of `resetting` may be that of `acknowledged`",
    )];
    broken(PTZ, PTZ_DUT, &rules);
}

#[test]
fn a_prompt_that_the_rig_cannot_hear_is_one_sign_less() {
    let mut shelf = super::Shelf::fixtures();
    shelf.edit(PTZ_DUT, "[current]", &chime("prompt", "900", "1", "setup"));
    shelf.edit(PTZ_DUT, "marker = true\nnetwork = false", "marker = true\nsound = true\nnetwork = false");
    assert_eq!(shelf.load(PTZ, &[]).unwrap().warnings.to_string(), "");
    shelf.edit(PTZ_RIG, "sound = { driver = \"twin\" }", "");
    let said = shelf.load(PTZ, &[]).unwrap().warnings.to_string();
    assert!(said.contains("through its sound, and position p1 has none"), "{said}");
}

#[test]
fn provisioning_and_canaries() {
    let rules = [
        ("via = \"console\"\ntimeout_s = 60", "via = \"operator\"", "needs to be told how"),
        ("via = \"console\"\ntimeout_s = 60", "via = \"operator\"\ninstruction = \"x\"", "`exchanges` do nothing"),
        ("via = \"console\"\ntimeout_s = 60", "via = \"probe\"", "position p1 of the rig has no probe"),
        ("send = \"status\"", "send = \"a\\nb\"", "ends by itself"),
        ("send = \"status\"", "send = \"\"", "`provision.exchanges[1].send` is empty"),
        ("expect = 'provision: done'", "expect = 'x('", "not a regular expression"),
        ("[canaries.wifi]\nvia = \"console\"", "[canaries.wifi]\nvia = \"probe\"", "needs the name of its setting"),
        ("[canaries.wifi]\nvia = \"console\"", "[canaries.wifi]\nvia = \"probe\"\nsetting = \"x\"", "`write` does nothing"),
        ("[canaries.wifi]\nvia = \"console\"", "[canaries.wifi]\nvia = \"operator\"", "a person cannot write a canary"),
        ("[canaries.wifi]\nvia = \"console\"", "[canaries.wifi]\nvia = \"none\"", "is no canary"),
        ("[canaries.wifi]\nvia = \"console\"", "[canaries.wifi]\nvia = \"console\"\nsetting = \"x\"", "`setting` does nothing"),
        ("present = 'cfg: wifi\\.ssid={value}\\b'", "present = 'cfg: wifi'", "must name its value"),
        ("absent = 'cfg: wifi\\.ssid unset'", "absent = 'cfg: wifi\\.ssid={value}\\b'", "are the same"),
    ];
    broken(QUICK, DUT, &rules);
}

#[test]
fn adapters() {
    let rules = [
        ("v = 5.0", "v = 0", "`rating.v` must be above zero"),
        ("v = 5.0", "v = 4.5", "less than the 4.75 V this camera needs"),
        ("v = 5.0", "v = 5.0, w = 5", "unknown key `w` in `rating`"),
        ("gauge_awg = 24", "gauge_awg = 90", "between 0 and 40"),
        ("length_m = 1.5", "length_m = 0", "`cable.length_m` must be above zero"),
        ("asset_tag = \"PSU-0001\"", "asset_tag = \"\"", "`asset_tag` is empty"),
    ];
    broken(QUICK, OEM, &rules);
    broken(QUICK, LONG, &[("kind = \"fixed\"", "kind = \"fixd\"", "did you mean `fixed`?")]);
    broken(VOLTAGE, PSU, &[("v = 5.5", "v = 5.1", "5.25 V is more than the rating of supply bench-psu, 5.1 V")]);
    broken(VOLTAGE, VOLTAGE, &[("[4.4, ", "[2.4, ", "2.4 V is less than half of the camera's 5 V")]);
}

#[test]
fn rigs() {
    let rules = [
        ("\"twin-bench\"", "\"twin bench\"", "cannot be a name"),
        ("presser = { driver = \"twin\" }", "presser = { driver = \"\" }", "`positions[0].presser.driver` is empty"),
        ("presser = { driver = \"twin\" }", "presser = { drver = \"twin\" }", "missing key `driver`"),
        ("selector = { driver = \"twin\" }", "", "channels need a selector"),
        ("2 = \"clone-5v2a\"", "2 = \"oem-5v1a\"", "adapter oem-5v1a stands here twice"),
        ("2 = \"clone-5v2a\"", "2 = 2", "expected text, found a whole number"),
        ("coil_pull_w = 5.0", "coil_pull_w = 1.0", "more than pulling in"),
        ("coil_max_c = 85", "coil_max_c = 300", "between 30 and 180"),
        ("coil_min_off_s = 1", "coil_min_off_s = -1", "`coil_min_off_s` cannot be negative"),
        ("supply_max_v = 6.0", "supply_max_v = 230", "between 1 and 60"),
        ("supply_max_v = 6.0", "supply_max_v = 4.9", "gives 5 V, more than `supply_max_v` of position p1, 4.9 V"),
        ("pull_in_s = 0.02", "pull_in_s = 2", "between 0 and 1"),
        ("date = \"2026-11-02\"", "date = \"last week\"", "`last week` is not a date"),
        ("light = { driver = \"twin\" }", "", "position p1 of the rig has no light sensor"),
        ("[positions.calibration]", "[[positions]]\nname = \"p1\"\n[positions.calibration]", "missing key `presser`"),
    ];
    broken(QUICK, RIG, &rules);
    let measured_at_plug = [("plug = { driver = \"twin\" }", "", "limit `no sag at the plug` will stay undecided")];
    broken(VOLTAGE, RIG, &measured_at_plug);
}

#[test]
fn cameras_that_are_held_while_power_comes() {
    let mut shelf = super::Shelf::fixtures();
    shelf.edit(DUT, "mode = \"hot\"", "mode = \"hold-then-power\"");
    let warned = shelf.load(CHANGE, &[]).unwrap().warnings.to_string();
    assert!(warned.contains("the boot itself is a change"), "{warned}");
    let said = shelf.load(QUICK, &["factors.press_after_s=[30]"]).unwrap_err().to_string();
    assert!(said.contains("no press can follow power-on"), "{said}");
}

#[test]
fn a_rig_that_sees_nothing_cannot_claim_a_reset() {
    let mut shelf = super::Shelf::fixtures();
    for port in ["light", "console"] {
        shelf.edit(RIG, &format!("{port} = {{ driver = \"twin\" }}"), "");
    }
    let said = shelf.load(CHANGE, &[]).unwrap_err().to_string();
    assert!(said.contains("no reset could be claimed"), "{said}");
    assert!(said.contains("`on_change` waits for a change"), "{said}");
}

#[test]
fn a_sign_that_the_rig_cannot_see_is_a_warning() {
    let mut shelf = super::Shelf::fixtures();
    shelf.edit(DUT, "network = false", "network = true");
    let warned = shelf.load(QUICK, &[]).unwrap().warnings.to_string();
    assert!(warned.contains("shows its factory state through its probe, and position p1 has none"), "{warned}");
}

#[test]
fn files_that_are_no_text_are_refused() {
    let mut shelf = super::Shelf::fixtures();
    shelf.put(OEM, b"schema = 1\nname = \"\xff\"\n");
    let said = shelf.load(QUICK, &[]).unwrap_err().to_string();
    assert!(said.contains("adapters/oem-5v1a.toml is not UTF-8 text: byte 19 fits no character"), "{said}");
    let said = shelf.load("suites/quik.toml", &[]).unwrap_err().to_string();
    assert!(said.contains("cannot read suites/quik.toml") && said.contains("did you mean `quick.toml`?"), "{said}");
}

#[test]
fn a_file_of_another_kind_is_called_what_it_is() {
    let shelf = Shelf::fixtures();
    let named = |suite: &str| shelf.load(suite, &[]).unwrap_err().to_string();
    let profile = shelf.0.keys().find(|path| path.starts_with("duts/")).unwrap();
    assert!(named(profile).contains("this is a file of kind dut, and one of kind suite is wanted here"), "{}", named(profile));
    let adapter = shelf.0.keys().find(|path| path.starts_with("adapters/")).unwrap();
    assert!(named(adapter).contains("of kind adapter, and one of kind suite"), "{}", named(adapter));
    // What is in order as no kind at all is told key by key, as ever.
    let mut shelf = shelf.clone();
    shelf.put("suites/none.toml", b"schema = 1\nname = \"none\"\n");
    let keys = shelf.load("suites/none.toml", &[]).unwrap_err().to_string();
    assert!(keys.contains("missing key `dut`") && !keys.contains("of kind"), "{keys}");
}
