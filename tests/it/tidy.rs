//! Keeps the house: what `CONTRIBUTING.md` asks of the sources, as tests. Each rule shows beside it that it can fail.

mod layers;
mod purity;
mod shape;
mod source;
mod strays;

use source::Source;

/// Runs rules over sources and fails with every finding, so that one run shows all there is to do.
fn check(sources: &[Source], rules: &[fn(&Source) -> Vec<String>]) {
    assert!(sources.len() > 1, "the sources were not found");
    let findings: Vec<String> = sources.iter().flat_map(|source| rules.iter().flat_map(move |rule| rule(source))).collect();
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

#[test]
fn folders_use_only_what_their_layer_may() {
    check(&source::under("src"), &[layers::imports]);
}

#[test]
fn time_chance_and_the_outside_world_are_inputs() {
    check(&source::under("src"), &[purity::time_and_chance, purity::input_and_output]);
}

#[test]
fn files_and_functions_are_of_a_size_that_can_be_read() {
    check(&source::all(), &[shape::header, shape::file_length, shape::function_length]);
}

#[test]
fn nothing_is_left_undone() {
    check(&source::all(), &[strays::unfinished, strays::unsafe_code, strays::sleeping]);
}

#[test]
fn nothing_panics_without_a_reason() {
    check(&source::under("src"), &[strays::panics]);
}

#[test]
fn no_file_names_the_host_of_a_package_registry() {
    let files = source::tracked();
    assert!(files.iter().any(|file| file.path == "Cargo.toml"), "the repository was not found");
    check(&files, &[strays::registry_hosts]);
}
