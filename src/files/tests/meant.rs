//! What was meant: suggestions, and files of another kind.

use super::said;

#[test]
fn an_adapter_of_another_voltage_is_never_suggested() {
    let said = said("suites/quick.toml", "suites/quick.toml", "\"long-cable\"", "\"oem-12v\"");
    assert!(said.contains("did you mean `oem-5v1a`? Known are: bench-psu, clone-5v2a, long-cable, oem-5v1a (adapters"), "{said}");
    assert!(!said.contains("oem-12v1a") && !said.contains("pigtail"), "{said}");
}

#[test]
fn a_file_of_another_kind_is_called_what_it_is_wherever_it_is_named() {
    for (key, from, to, is, wanted) in [
        ("dut", "../duts/amcrest-indoor.toml", "../worlds/bullet-12v.toml", "world", "dut"),
        ("rig", "../rigs/twin.toml", "../worlds/dome-12v.toml", "world", "rig"),
        ("rig", "../rigs/twin.toml", "../suites/guide.toml", "suite", "rig"),
        ("dut", "../duts/amcrest-indoor.toml", "../adapters/oem-5v1a.toml", "adapter", "dut"),
    ] {
        let said = said("suites/quick.toml", "suites/quick.toml", &format!("{key} = \"{from}\""), &format!("{key} = \"{to}\""));
        let told = format!("this is a file of kind {is}, and one of kind {wanted} is wanted here");
        assert!(said.contains(&told) && said.matches("error: ").count() == 1, "{said}");
    }
}

#[test]
fn a_hold_that_no_solenoid_can_press_is_refused_at_its_place() {
    let said = said("suites/hold-sweep.toml", "suites/hold-sweep.toml", "hold_s = [3,", "hold_s = [0.0001,");
    assert!(said.contains("a hold of 0.0001 s is shorter than position ") && said.contains("write 0.05 or more"), "{said}");
    assert!(said.contains("suites/hold-sweep.toml:") && said.contains("^^^^^^"), "{said}");
}
