//! What is said about broken suites.

use super::{check, check_in};

#[test]
fn a_syntax_error_is_shown_where_the_reader_stopped() {
    check(
        "suites/quick.toml",
        "name = \"quick\"",
        "name = \"quick",
        "\
error: not valid TOML: invalid basic string, expected `\"`
 --> suites/quick.toml:4:14
  |
4 | name = \"quick
  |              ^
  |
  = help: text stands in double quotes, and a value follows every `=`",
    );
}

#[test]
fn a_word_without_quotes() {
    check(
        "suites/quick.toml",
        "kind = \"grid\"",
        "kind = grid",
        "\
error: not valid TOML: string values must be quoted, expected literal string
  --> suites/quick.toml:13:8
   |
13 | kind = grid
   |        ^^^^
   |
   = help: text stands in double quotes, and a value follows every `=`",
    );
}

#[test]
fn a_key_given_twice() {
    check(
        "suites/quick.toml",
        "seed = 1",
        "seed = 1\nseed = 2",
        "\
error: not valid TOML: duplicate key
  --> suites/quick.toml:17:1
   |
17 | seed = 2
   | ^^^^
   |
   = help: write it once; to repeat a table such as `limits`, use double brackets: [[limits]]",
    );
}

#[test]
fn an_unknown_key_names_the_nearest() {
    check(
        "suites/quick.toml",
        "replicates = 3",
        "replicate = 3",
        "\
error: unknown key `replicate` in `design`
  --> suites/quick.toml:14:1
   |
14 | replicate = 3
   | ^^^^^^^^^
   |
   = help: did you mean `replicates`?",
    );
}

#[test]
fn a_key_under_the_wrong_header_is_sent_home() {
    check(
        "suites/quick.toml",
        "hold_s = [3, 15, 45]",
        "hold_s = [3, 15, 45]\nreplicates = 4",
        "\
error: unknown key `replicates` in `factors`
  --> suites/quick.toml:11:1
   |
11 | replicates = 4
   | ^^^^^^^^^^
   |
   = help: `replicates` belongs in [design]",
    );
}

#[test]
fn several_mistakes_are_shown_together() {
    check(
        "suites/quick.toml",
        "kind = \"grid\"\nreplicates = 3",
        "knd = \"grid\"\nreplicates = \"3\"",
        "\
error: unknown key `knd` in `design`
  --> suites/quick.toml:13:1
   |
13 | knd = \"grid\"
   | ^^^
   |
   = help: did you mean `kind`?

error: expected a whole number, found text
  --> suites/quick.toml:14:14
   |
14 | replicates = \"3\"
   |              ^^^
   |
   = help: take the quotes away: 3",
    );
}

#[test]
fn an_unknown_word_names_the_nearest() {
    check(
        "suites/quick.toml",
        "kind = \"grid\"",
        "kind = \"gird\"",
        "\
error: unknown word `gird`
  --> suites/quick.toml:13:8
   |
13 | kind = \"gird\"
   |        ^^^^^^
   |
   = help: did you mean `grid`? Known are: grid, adaptive, go_no_go, rma, check",
    );
}

#[test]
fn a_missing_key_says_what_it_is_for() {
    check(
        "suites/quick.toml",
        "dut = \"../duts/amcrest-indoor.toml\"\n",
        "",
        "\
error: missing key `dut`
 --> suites/quick.toml:1:1
  |
1 | # A first look: small enough to read every trial of it.
  | ^
  |
  = help: add `dut = …`: path of the DUT profile, relative to this file",
    );
}

#[test]
fn a_single_value_where_a_list_belongs() {
    check(
        "suites/quick.toml",
        "adapter = [\"oem-5v1a\", \"long-cable\"]",
        "adapter = \"oem-5v1a\"",
        "\
error: expected a list, found text
 --> suites/quick.toml:9:11
  |
9 | adapter = \"oem-5v1a\"
  |           ^^^^^^^^^^
  |
  = help: put it in square brackets: [\"oem-5v1a\"]",
    );
}

#[test]
fn a_unit_in_a_number() {
    check(
        "suites/quick.toml",
        "hold_s = [3, 15, 45]",
        "hold_s = [3, \"15s\", 45]",
        "\
error: expected a number, found text
  --> suites/quick.toml:10:14
   |
10 | hold_s = [3, \"15s\", 45]
   |              ^^^^^
   |
   = help: write a plain number, such as 30 or 4.75; the unit stands in the key's name",
    );
}

#[test]
fn another_version_of_the_format() {
    check(
        "suites/quick.toml",
        "schema = 1",
        "schema = 2",
        "\
error: this file is of version 2, and this program reads schema = 1
 --> suites/quick.toml:2:10
  |
2 | schema = 2
  |          ^
  |
  = help: use a pinhole that reads version 2, or write the file anew as schema = 1",
    );
}

#[test]
fn a_number_too_large_for_its_key() {
    check(
        "suites/quick.toml",
        "replicates = 3",
        "replicates = 5000000000",
        "\
error: 5000000000 is too large
  --> suites/quick.toml:14:14
   |
14 | replicates = 5000000000
   |              ^^^^^^^^^^
   |
   = help: write 4294967295 or less",
    );
}

#[test]
fn a_hold_of_zero() {
    check(
        "suites/quick.toml",
        "hold_s = [3, 15, 45]",
        "hold_s = [3, 0, 45]",
        "\
error: `factors.hold_s[1]` must be above zero, and is 0
  --> suites/quick.toml:10:14
   |
10 | hold_s = [3, 0, 45]
   |              ^
   |
   = help: write a number above zero",
    );
}

#[test]
fn a_hold_given_twice() {
    check(
        "suites/quick.toml",
        "hold_s = [3, 15, 45]",
        "hold_s = [3, 45, 45.0]",
        "\
error: hold 45 s stands here twice
  --> suites/quick.toml:10:18
   |
10 | hold_s = [3, 45, 45.0]
   |                  ^^^^
   |
   = help: write it once",
    );
}

#[test]
fn no_adapter_at_all() {
    check(
        "suites/quick.toml",
        "adapter = [\"oem-5v1a\", \"long-cable\"]",
        "adapter = []",
        "\
error: no adapter is named
 --> suites/quick.toml:9:11
  |
9 | adapter = []
  |           ^^
  |
  = help: name at least one file of the adapters folder",
    );
}

#[test]
fn an_unknown_adapter_names_the_nearest_file() {
    check(
        "suites/quick.toml",
        "\"long-cable\"",
        "\"longcable\"",
        "\
error: unknown adapter `longcable`: adapters/longcable.toml: there is no such file
 --> suites/quick.toml:9:24
  |
9 | adapter = [\"oem-5v1a\", \"longcable\"]
  |                        ^^^^^^^^^^^
  |
  = help: did you mean `long-cable`? Known are: bench-psu, clone-5v2a, long-cable, oem-5v1a (adapters of the camera's 5 V)",
    );
}

#[test]
fn on_change_needs_an_end() {
    check(
        "suites/quick.toml",
        "hold_s = [3, 15, 45]",
        "hold_s = [3, 15, 45]\nrelease = [\"on_change\"]",
        "\
error: with `on_change` a press without a change would never end
  --> suites/quick.toml:11:11
   |
11 | release = [\"on_change\"]
   |           ^^^^^^^^^^^^^
   |
   = help: add `hold_max_s = …`: the longest hold, such as 60",
    );
}

#[test]
fn a_grid_needs_replicates() {
    check(
        "suites/quick.toml",
        "replicates = 3\n",
        "",
        "\
error: a grid needs `replicates`
  --> suites/quick.toml:12:1
   |
12 | [design]
   | ^^^^^^^^
   |
   = help: add `replicates = …`: the trials of each condition, such as 10",
    );
}

#[test]
fn a_limit_at_a_hold_that_is_not_tried() {
    check_in(
        "suites/hold-sweep.toml",
        "suites/hold-sweep.toml",
        "hold_s = 30\n",
        "hold_s = 25\n",
        "\
error: no trial of this suite holds for 25 s
  --> suites/hold-sweep.toml:23:10
   |
23 | hold_s = 25
   |          ^^
   |
   = help: write one of 3, 5, 10, 20, 30, 45, 60, or add it to `factors.hold_s`",
    );
}

#[test]
fn a_limit_of_both_kinds() {
    check("suites/quick.toml", "max = 150", "max = 150\nmin_rate = 0.5", "\
error: limit `boot time` mixes both kinds of limits
  --> suites/quick.toml:18:1
   |
18 | [[limits]]
   | ^^^^^^^^^^
   |
   = help: a rate limit has `hold_s`, `min_rate` and `confidence`; a measurement limit has `measurement`, `min` or `max`, and `marginal`");
}

#[test]
fn a_limit_of_an_unknown_measurement() {
    check("suites/quick.toml", "\"boot_s\"", "\"boot\"", "\
error: unknown measurement `boot`
  --> suites/quick.toml:20:15
   |
20 | measurement = \"boot\"
   |               ^^^^^^
   |
   = help: did you mean `boot_s`? Known are: boot_s, ack_s, reboot_s, hold_s, since_ready_s, open_v, plug_v_idle, plug_v_start_min, plug_v_start_max, plug_v_min, plug_v_erase, plug_a_max");
}

#[test]
fn a_time_without_quotes() {
    check(
        "suites/quick.toml",
        "seed = 1",
        "seed = 1\nuntil = 07:00",
        "\
error: expected text, found a date or a time
  --> suites/quick.toml:17:9
   |
17 | until = 07:00
   |         ^^^^^
   |
   = help: put it in double quotes: \"07:00\"",
    );
}

#[test]
fn a_profile_that_is_not_there() {
    check(
        "suites/quick.toml",
        "amcrest-indoor.toml",
        "amcrest-indor.toml",
        "\
error: cannot read duts/amcrest-indor.toml: there is no such file
 --> suites/quick.toml:5:7
  |
5 | dut = \"../duts/amcrest-indor.toml\"
  |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: did you mean `amcrest-indoor.toml`?",
    );
}
