//! Returns in fault worlds. `scripts/rma-table` makes the likelihoods with it, and `scripts/rma-returns` tries verdicts on other worlds.
//!
//! Usage: returns table DRAWS | returns try N [FIRST [TABLE]]

mod bench;
mod table;
mod trial;
mod worlds;

use anyhow::{Context, Result, bail};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: returns table DRAWS | returns try N [FIRST [TABLE]]";
    let (what, number) = (arguments.next().context(usage)?, arguments.next().context(usage)?.parse()?);
    match what.as_str() {
        "table" => table::make(number),
        "try" => {
            let first = arguments.next().map_or(Ok(0), |first| first.parse())?;
            trial::report(first..first + number, arguments.next().as_deref())
        }
        _ => bail!(usage),
    }
}
