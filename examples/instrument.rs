//! Talks to one supply by its driver: sets it, switches it on, reads it, switches it off. For a new instrument on the bench, and for
//! `scripts/peers`.
//!
//! Usage: instrument korad PORT VOLTS
//!        instrument scpi DIALECT HOST:PORT VOLTS

use anyhow::{Context, Result, anyhow, bail};
use pinhole::domain::units::Volts;
use pinhole::drivers::korad::KoradSupply;
use pinhole::drivers::scpi::ScpiSupply;
use pinhole::ports::device::PowerOutput;
use serde_json::json;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["korad", port, volts] => {
            let settings = serde_json::from_value(json!({ "port": port, "limit_a": 1.0 }))?;
            exercise(KoradSupply::open(settings)?, volts)
        }
        ["scpi", dialect, tcp, volts] => {
            let settings = json!({ "tcp": tcp, "dialect": dialect, "max_v": 30, "limit_a": 1.0 });
            exercise(ScpiSupply::open(serde_json::from_value(settings)?)?, volts)
        }
        _ => bail!("usage: instrument korad PORT VOLTS, or instrument scpi DIALECT HOST:PORT VOLTS"),
    }
}

fn exercise(mut supply: impl PowerOutput, volts: &str) -> Result<()> {
    let refused = |refused| anyhow!("{refused}");
    let volts = Volts::new(volts.parse().context("VOLTS is a number")?);
    println!("off takes at most {}", supply.off_bound());
    supply.set(volts).map_err(refused)?;
    println!("set to {volts}, and read back");
    supply.output(true).map_err(refused)?;
    let on = supply.read()?;
    println!("on: {} {} on={:?}", on.volts, on.amps, on.on);
    supply.output(false).map_err(refused)?;
    let off = supply.read()?;
    println!("off: {} {} on={:?}", off.volts, off.amps, off.on);
    if on.on == Some(false) || off.on == Some(true) {
        bail!("the output did not follow");
    }
    Ok(())
}
