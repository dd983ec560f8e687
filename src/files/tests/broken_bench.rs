//! What is said about broken profiles, adapters, rigs and worlds, and about files that do not fit each other.

use super::{check, check_in};

#[test]
fn an_unfinished_regular_expression() {
    check(
        "duts/amcrest-indoor.toml",
        "'\\bapp: ready\\b'",
        "'\\bapp: (ready\\b'",
        "\
error: not a regular expression: unclosed group
  --> duts/amcrest-indoor.toml:97:9
   |
97 | regex = '\\bapp: (ready\\b'
   |         ^^^^^^^^^^^^^^^^^
   |
   = help: in single quotes a backslash stands for itself: '\\d+'; write `\\(` for a bracket meant as such",
    );
}

#[test]
fn voltages_out_of_order() {
    check(
        "duts/amcrest-indoor.toml",
        "max_v = 5.5",
        "max_v = 4.9",
        "\
error: the highest voltage, 4.9 V, is below the nominal one, 5 V
  --> duts/amcrest-indoor.toml:23:9
   |
23 | max_v = 4.9
   |         ^^^
   |
   = help: keep min_v <= nominal_v <= max_v",
    );
}

#[test]
fn a_blink_without_a_rate() {
    check(
        "duts/amcrest-indoor.toml",
        "shape = \"blink\"\nhz = 1\n",
        "shape = \"blink\"\n",
        "\
error: a blinking light needs its rate
  --> duts/amcrest-indoor.toml:65:1
   |
65 | [light.setup]                            # Waiting to be set up: the factory state.
   | ^^^^^^^^^^^^^
   |
   = help: add `hz = …`: full periods a second",
    );
}

#[test]
fn a_factory_light_that_looks_like_the_ready_light() {
    check(
        "duts/amcrest-indoor.toml",
        "shape = \"blink\"\nhz = 1\n",
        "shape = \"solid\"\n",
        "\
error: the lights of `setup` and `ready` cannot be told apart, so the light is no sign of the factory state
  --> duts/amcrest-indoor.toml:65:1
   |
65 | [light.setup]                            # Waiting to be set up: the factory state.
   | ^^^^^^^^^^^^^
   |
   = help: correct the pattern, or set `light = false` under [factory]",
    );
}

#[test]
fn readiness_by_a_marker_that_is_not_there() {
    check(
        "duts/amcrest-indoor.toml",
        "meaning = \"ready\"",
        "meaning = \"warning\"",
        "\
error: this needs a console marker of meaning `ready`, and the profile has none
  --> duts/amcrest-indoor.toml:30:10
   |
30 | marker = true
   |          ^^^^
   |
   = help: add [[console.markers]] with `meaning = \"ready\"`",
    );
}

#[test]
fn hold_windows_that_overlap() {
    check(
        "duts/amcrest-indoor.toml",
        "from_s = 30\n",
        "from_s = 20\n",
        "\
error: this window begins at 20 s, before the one before it ends (30 s)
  --> duts/amcrest-indoor.toml:46:10
   |
46 | from_s = 20
   |          ^^
   |
   = help: write the windows in order; `to_s` itself is not part of a window",
    );
}

#[test]
fn an_unknown_canary_category() {
    check(
        "duts/amcrest-indoor.toml",
        "[canaries.motion]",
        "[canaries.motions]",
        "\
error: unknown word `motions`
   --> duts/amcrest-indoor.toml:176:11
    |
176 | [canaries.motions]
    |           ^^^^^^^
    |
    = help: did you mean `motion`? Known are: wifi, accounts, motion, other",
    );
}

#[test]
fn a_canary_without_its_value() {
    check(
        "duts/amcrest-indoor.toml",
        "cfg set other.name {value}",
        "cfg set other.name x",
        "\
error: the line that writes a canary must name its value
   --> duts/amcrest-indoor.toml:183:18
    |
183 | write = { send = \"cfg set other.name x\", expect = 'cfg: other\\.name={value}\\b' }
    |                  ^^^^^^^^^^^^^^^^^^^^^^
    |
    = help: put {value} where the value stands",
    );
}

#[test]
fn a_canary_that_is_never_read() {
    check(
        "duts/amcrest-indoor.toml",
        "read = { send = \"cfg get other.name\", present = 'cfg: other\\.name={value}\\b', absent = 'cfg: other\\.name unset' }\n",
        "",
        "\
error: a canary over the console needs `read`
   --> duts/amcrest-indoor.toml:181:1
    |
181 | [canaries.other]
    | ^^^^^^^^^^^^^^^^
    |
    = help: add `read = { send = \"…\", present = \"…{value}\", absent = \"…\" }`",
    );
}

#[test]
fn an_adapter_under_another_name() {
    check(
        "adapters/oem-5v1a.toml",
        "name = \"oem-5v1a\"",
        "name = \"oem\"",
        "\
error: the adapter in oem-5v1a.toml calls itself `oem`
 --> adapters/oem-5v1a.toml:4:8
  |
4 | name = \"oem\"
  |        ^^^^^
  |
  = help: write `name = \"oem-5v1a\"`, or rename the file",
    );
}

#[test]
fn a_date_that_is_none() {
    check(
        "adapters/oem-5v1a.toml",
        "2027-06-30",
        "2027-06-31",
        "\
error: `2027-06-31` is not a date
  --> adapters/oem-5v1a.toml:12:20
   |
12 | known_good_until = \"2027-06-31\"          # Measure it again before this day.
   |                    ^^^^^^^^^^^^
   |
   = help: write it as YYYY-MM-DD, such as 2026-05-31",
    );
}

#[test]
fn an_adapter_that_would_destroy_the_camera() {
    check(
        "adapters/oem-5v1a.toml",
        "v = 5.0",
        "v = 12.0",
        "\
error: adapter oem-5v1a gives 12 V, and this camera stands no more than 5.5 V: it would be destroyed
 --> suites/quick.toml:9:12
  |
9 | adapter = [\"oem-5v1a\", \"long-cable\"]
  |            ^^^^^^^^^^
  |
  = help: take the adapter out of the suite, or correct `rating.v` or the profile's `supply.max_v`",
    );
}

#[test]
fn an_adapter_too_weak_is_a_warning() {
    check(
        "adapters/oem-5v1a.toml",
        "a = 1.0",
        "a = 0.5",
        "\
warning: adapter oem-5v1a promises 0.5 A, and this camera may draw 1 A
 --> suites/quick.toml:9:12
  |
9 | adapter = [\"oem-5v1a\", \"long-cable\"]
  |            ^^^^^^^^^^
  |
  = help: expect it to sag under load; this is fine if that is the question",
    );
}

#[test]
fn a_voltage_for_a_fixed_adapter() {
    check_in(
        "suites/voltage.toml",
        "suites/voltage.toml",
        "[\"bench-psu\"] ",
        "[\"bench-psu\", \"oem-5v1a\"] ",
        "\
error: the voltage of adapter oem-5v1a cannot be set
  --> suites/voltage.toml:10:12
   |
10 | supply_v = [4.4, 4.6, 4.75, 5.0, 5.25]
   |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = help: use adapters of kind \"programmable\" only, or take `supply_v` away",
    );
}

#[test]
fn a_voltage_over_every_ceiling() {
    check_in(
        "suites/voltage.toml",
        "suites/voltage.toml",
        "5.25]",
        "6.5]",
        "\
error: 6.5 V is more than the profile's `supply.max_v`, 5.5 V
  --> suites/voltage.toml:10:34
   |
10 | supply_v = [4.4, 4.6, 4.75, 5.0, 6.5]
   |                                  ^^^
   |
   = help: write 5.5 or less",
    );
}

#[test]
fn a_hold_longer_than_the_coil_may_be_on() {
    check(
        "rigs/twin.toml",
        "coil_max_on_s = 100",
        "coil_max_on_s = 30",
        "\
error: a hold of 45 s is longer than position p1 may energise its coil (30 s)
  --> suites/quick.toml:10:18
   |
10 | hold_s = [3, 15, 45]
   |                  ^^
   |
   = help: write 30 or less, or raise `coil_max_on_s` if the coil stands it",
    );
}

#[test]
fn an_adapter_on_no_channel() {
    check(
        "rigs/twin.toml",
        "1 = \"oem-5v1a\"\n",
        "",
        "\
error: adapter oem-5v1a is on no channel of position p1
 --> suites/quick.toml:9:12
  |
9 | adapter = [\"oem-5v1a\", \"long-cable\"]
  |            ^^^^^^^^^^
  |
  = help: plug it in and add it to the position's channels; plugged in are clone-5v2a, long-cable, bench-psu",
    );
}

#[test]
fn a_rig_without_the_console_that_is_needed() {
    check(
        "rigs/twin.toml",
        "console = { driver = \"twin\" }\n",
        "",
        "\
error: this camera says on its console that it is ready, and position p1 of the rig has no console
 --> suites/quick.toml:5:7
  |
5 | dut = \"../duts/amcrest-indoor.toml\"
  |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: add `console` to the rig

error: this camera is provisioned over its console, and position p1 of the rig has no console
 --> suites/quick.toml:5:7
  |
5 | dut = \"../duts/amcrest-indoor.toml\"
  |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: add `console` to the rig",
    );
}

#[test]
fn a_twin_without_a_world() {
    check(
        "rigs/twin.toml",
        "world = \"../worlds/amcrest-indoor.toml\"",
        "# ",
        "\
error: the driver `twin` needs a world to live in
  --> rigs/twin.toml:11:22
   |
11 | presser = { driver = \"twin\" }            # The solenoid.
   |                      ^^^^^^
   |
   = help: add `world = \"…\"` to this position: the path of a file in worlds/",
    );
}

#[test]
fn a_world_that_is_not_there() {
    check(
        "rigs/twin.toml",
        "../worlds/amcrest-indoor.toml",
        "../worlds/amcrest.toml",
        "\
error: cannot read worlds/amcrest.toml: there is no such file
 --> rigs/twin.toml:9:9
  |
9 | world = \"../worlds/amcrest.toml\"  # What the twin plays: the physics of adapters, button and camera.
  |         ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `amcrest-indoor.toml`?",
    );
}

#[test]
fn a_light_that_is_not_brighter_than_the_dark() {
    check(
        "rigs/twin.toml",
        "light_lit = 0.4",
        "light_lit = 0.01",
        "\
error: the lit light (0.01) is no brighter than the dark one (0.02)
  --> rigs/twin.toml:47:13
   |
47 | light_lit = 0.01
   |             ^^^^
   |
   = help: aim the sensor at the light and calibrate again",
    );
}

#[test]
fn a_capture_that_is_not_there() {
    check(
        "worlds/amcrest-indoor.toml",
        "boot.log",
        "boot.txt",
        "\
error: cannot read captures/boot.txt: there is no such file
 --> worlds/amcrest-indoor.toml:4:13
  |
4 | boot_text = \"../captures/boot.txt\"
  |             ^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `boot.log`?",
    );
}
