//! The lines that the pages of instruments and the shipped rigs show are what the drivers read: every key is known, none is missing.

use pinhole::drivers::{console, dhip, gpio, i2c, korad, relay, scpi, spi};
use pinhole::files::{FileErrors, KeyPath, Parsed, Source, read_at, schema_of};
use std::path::Path;

/// Reads the settings of a driver at a place of a file; tells nothing of drivers that have none.
fn settings(source: &Source, driver: &str, at: &KeyPath) -> Option<Result<(), FileErrors>> {
    fn dropped<T>(parsed: Result<Parsed<T>, FileErrors>) -> Option<Result<(), FileErrors>> {
        Some(parsed.map(drop))
    }
    match driver {
        "serial" => dropped(read_at::<console::Settings>(source, at)),
        "scpi" => dropped(read_at::<scpi::Settings>(source, at)),
        "korad" => dropped(read_at::<korad::Settings>(source, at)),
        "lcus" => dropped(read_at::<relay::lcus::Settings>(source, at)),
        "numato" => dropped(read_at::<relay::numato::Settings>(source, at)),
        "gpiocdev" if *at == KeyPath::root().key("presser") => dropped(read_at::<gpio::cdev::Settings>(source, at)),
        "mcp3008" => dropped(read_at::<spi::Settings>(source, at)),
        "dhip" => dropped(read_at::<dhip::Settings>(source, at)),
        _ => None,
    }
}

/// Each line `port = { driver = "...", ... }` of a text: the line, and the driver's name.
fn lines(text: &str) -> Vec<(String, String)> {
    let named = |line: &str| Some(line.split_once("driver = \"")?.1.split('"').next()?.to_owned());
    text.lines()
        .filter_map(|line| Some((line.trim().to_owned(), named(line)?)))
        .filter(|(line, _)| line.contains(" = { "))
        .collect()
}

fn problems(path: &Path) -> (usize, Vec<String>) {
    let text = std::fs::read_to_string(path).unwrap();
    let (mut read, mut problems) = (0, Vec::new());
    for (line, driver) in lines(&text) {
        let port = line.split(' ').next().unwrap_or_default();
        let source = Source::new(&path.to_string_lossy(), &line);
        match settings(&source, &driver, &KeyPath::root().key(port)) {
            Some(Ok(())) => read += 1,
            Some(Err(errors)) => problems.push(format!("{line}\n{errors}")),
            None => {}
        }
    }
    (read, problems)
}

#[test]
fn what_pages_and_rigs_show_is_what_drivers_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut shown = 0;
    for (folder, extension) in [("docs/rig", "md"), ("fixtures/rigs", "toml")] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|is| is == extension) {
                let (read, problems) = problems(&path);
                assert!(problems.is_empty(), "{}: {}", path.display(), problems.join("\n"));
                shown += read;
            }
        }
    }
    assert!(shown >= 15, "the pages were found: {shown}");
}

#[test]
fn a_mistyped_setting_is_refused_with_its_place_and_the_nearest_key() {
    let source = Source::new("rig.toml", "console = { driver = \"serial\", port = \"/dev/x\", boud = 9600 }");
    let errors = settings(&source, "serial", &KeyPath::root().key("console")).unwrap().expect_err("there is no such key");
    let text = errors.to_string();
    assert!(text.contains("boud") && text.contains("`baud`") && text.contains("rig.toml:1"), "{text}");
}

#[test]
fn every_driver_refuses_unknown_settings() {
    let schemas = [
        schema_of::<console::Settings>(),
        schema_of::<scpi::Settings>(),
        schema_of::<korad::Settings>(),
        schema_of::<relay::lcus::Settings>(),
        schema_of::<relay::numato::Settings>(),
        schema_of::<dhip::Settings>(),
        schema_of::<gpio::cdev::Settings>(),
        schema_of::<gpio::pwm::Settings>(),
        schema_of::<gpio::registers::Settings>(),
        schema_of::<i2c::ads1115::Settings>(),
        schema_of::<i2c::ina226::Settings>(),
        schema_of::<spi::Settings>(),
    ];
    for schema in schemas {
        assert_eq!(schema["additionalProperties"], false, "{schema}");
        let described = schema["properties"].as_object().unwrap().values().all(|setting| setting["description"].is_string());
        assert!(described, "every setting says what it is: {schema}");
    }
}
