"""trials.csv, cells.csv and the success chart from a journal, by Polars: the lines are split and parsed by its own readers."""

import os
import sys

import polars as pl

from shared import CATEGORIES, CELLS, KEYS, TRIALS, VALUES, Z, chart, facts

COMMON = {"seq": pl.Int64, "t_us": pl.Int64}
CONDITION = pl.Struct({"adapter": pl.String, "outlet": pl.String, "supply_v": pl.Float64,
                       "stimulus": pl.Struct({"is": pl.String, "hold_s": pl.Float64, "release": pl.String})})
SCHEMAS = {
    "trial_started": {"slot": pl.Struct({"id": pl.Int64, "block": pl.Int64, "condition": CONDITION}), "attempt": pl.Int64},
    "step_started": {},
    "step_finished": {"released_by": pl.String},
    "observed": {"sense": pl.String},
    "measured": {"name": pl.String, "value": pl.Float64, "u": pl.Float64},
    "environment": {"ambient_c": pl.Float64, "coil_c": pl.Float64},
    "diagnosed": {"level": pl.String, "canaries": pl.Struct({category: pl.String for category in CATEGORIES})},
    "trial_finished": {"outcome": pl.Struct({"judged": pl.String, "faulted": pl.String})},
}
# Of these kinds only lines with this in them have a say.
ALONE = {"step_started": '"step":"begin"', "step_finished": '"released_by"', "observed": '"what":"change"'}


def read(path):
    """Every event that has a say, as a table for each kind."""
    lines = pl.scan_csv(path, has_header=False, separator="\x01", quote_char=None, new_columns=["line"], schema={"line": pl.String})
    head = pl.col("line").str.head(90)
    kind = pl.lit(None, pl.String)
    for name, key in KEYS.items():
        wanted = head.str.contains(key, literal=True)
        if name in ALONE:
            wanted &= pl.col("line").str.contains(ALONE[name], literal=True)
        kind = pl.when(wanted).then(pl.lit(name)).otherwise(kind)
    kept = lines.with_columns(kind=kind).filter(pl.col("kind").is_not_null()).collect(engine="streaming")
    tables = {}
    for (name,), part in kept.partition_by("kind", as_dict=True).items():
        decoded = part["line"].str.json_decode(pl.Struct({**COMMON, **SCHEMAS[name]}))
        tables[name] = decoded.struct.unnest().sort("seq")
    return {name: tables.get(name, pl.DataFrame(schema={**COMMON, **schema})) for name, schema in SCHEMAS.items()}


def fold(events):
    """One row for each trial."""
    starts = events["trial_started"]
    trials = starts.select(trial="seq", begun="t_us", attempt="attempt", slot=pl.col("slot").struct.field("id"),
                           block=pl.col("slot").struct.field("block"), condition=pl.col("slot").struct.field("condition"))
    mark = trials.select("trial")

    def placed(name):
        return events[name].join_asof(mark, left_on="seq", right_on="trial", strategy="backward", coalesce=False)

    begins = placed("step_started").group_by("trial").agg(proper=pl.col("seq").last())

    def proper(name):
        return placed(name).join(begins, on="trial", how="left").filter(pl.col("seq") >= pl.col("proper").fill_null(-1)).sort("seq")

    measured = proper("measured").group_by("trial", "name", maintain_order=True).first()
    values = measured.pivot("name", index="trial", values="value")
    hold_u = measured.filter(pl.col("name") == "hold_s").select("trial", hold_u_s="u")
    released = proper("step_finished").group_by("trial").agg(released_by=pl.col("released_by").last())
    ack_by = proper("observed").group_by("trial").agg(ack_by=pl.col("sense").first())
    air = placed("environment").join(begins, on="trial", how="left").with_columns(late=pl.col("seq") >= pl.col("proper"))
    air = air.sort("seq").group_by("trial").agg(
        *(pl.coalesce(pl.col(c).filter("late").first(), pl.col(c).filter(~pl.col("late")).last()).alias(c) for c in ["ambient_c", "coil_c"]))
    gone = [pl.when(pl.col("canaries").struct.field(c) == "gone").then(pl.lit(c)) for c in CATEGORIES]
    diagnosed = placed("diagnosed").group_by("trial").last().select("trial", "level", wiped=pl.concat_str(gone, separator="+", ignore_nulls=True))
    ends = placed("trial_finished").select("trial", end="seq", verdict=pl.col("outcome").struct.field("judged"),
                                           fault=pl.col("outcome").struct.field("faulted"))
    rows = trials.join(ends, on="trial")
    for part in [values, hold_u, released, ack_by, air, diagnosed]:
        rows = rows.join(part, on="trial", how="left")
    return rows.sort("end")


def table(rows, run):
    """The columns of trials.csv."""
    condition = pl.col("condition").struct.field
    stimulus = condition("stimulus").struct.field
    missing = [pl.lit(None, pl.Float64).alias(name) for name in VALUES if name not in rows.columns]
    wall = pl.lit(run["wall"]).str.to_datetime(time_unit="us", time_zone="UTC")
    rows = rows.with_columns(missing).with_columns(
        run_id=pl.lit(run["run_id"]), position=pl.lit(run["position"]["name"]), dut_serial=pl.lit(run["dut_serial"]),
        dut_fw=pl.lit(run.get("dut_fw"), pl.String), operator=pl.lit(run.get("operator"), pl.String), adapter=condition("adapter"),
        outlet=condition("outlet"), supply_set_v=condition("supply_v"), stimulus=stimulus("is"), release=stimulus("release"),
        hold_cmd_s=stimulus("hold_s"), started_at=(wall + pl.duration(microseconds="begun")).dt.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"),
        outcome=pl.when(pl.col("verdict").is_not_null()).then(pl.lit("judged")).otherwise(pl.lit("faulted")),
        first_fault=pl.col("fault").drop_nulls().first().over("slot"), seq="end")
    press = pl.col("stimulus").str.ends_with("press")
    return rows.with_columns(hold_cmd_s=pl.when(press).then("hold_cmd_s")).select(TRIALS)


def cells(trials):
    """Counts and rates with Wilson's interval."""
    counted = pl.col("verdict").is_not_null() & ~pl.col("verdict").is_in(["inconclusive", "not_ready", "checked"])
    by = ["dut_serial", "adapter", "stimulus", "release", pl.col("hold_cmd_s").alias("hold_s"), "level"]
    n, k = pl.col("n"), pl.col("resets")
    sums = trials.filter(counted).group_by(by).agg(n=pl.len().cast(pl.Int64), resets=(pl.col("verdict") == "factory_reset").sum().cast(pl.Int64))
    centre = (k + Z**2 / 2) / (n + Z**2)
    half = Z * (k * (n - k) / n + Z**2 / 4).sqrt() / (n + Z**2)
    return sums.with_columns(rate=k / n, rate_lo=(centre - half).clip(0, 1), rate_hi=(centre + half).clip(0, 1)).sort(CELLS[:6]).select(CELLS)


def main(journal, out):
    os.makedirs(out, exist_ok=True)
    trials = table(fold(read(journal)), facts(journal))
    trials.write_csv(f"{out}/trials.csv")
    found = cells(trials)
    found.write_csv(f"{out}/cells.csv")
    presses = found.filter(pl.col("stimulus") == "press")
    chart(presses.select("adapter", "hold_s", "n", "rate", "rate_lo", "rate_hi").iter_rows(), out)


main(*sys.argv[1:])
