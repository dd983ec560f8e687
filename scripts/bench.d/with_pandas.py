"""trials.csv, cells.csv and the success chart from a journal, by pandas: lines are split by pyarrow and parsed by its JSON reader, the
fastest that pandas has."""

import os
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, json

from shared import CATEGORIES, CELLS, KEYS, TRIALS, VALUES, Z, chart, facts

COMMON = [("seq", pa.int64()), ("t_us", pa.int64())]
TEXT, REAL, WHOLE = pa.string(), pa.float64(), pa.int64()
STIMULUS = pa.struct([("is", TEXT), ("hold_s", REAL), ("release", TEXT)])
CONDITION = pa.struct([("adapter", TEXT), ("outlet", TEXT), ("supply_v", REAL), ("stimulus", STIMULUS)])
SCHEMAS = {
    "trial_started": [("slot", pa.struct([("id", WHOLE), ("block", WHOLE), ("condition", CONDITION)])), ("attempt", WHOLE)],
    "step_started": [],
    "step_finished": [("released_by", TEXT)],
    "observed": [("sense", TEXT)],
    "measured": [("name", TEXT), ("value", REAL), ("u", REAL)],
    "environment": [("ambient_c", REAL), ("coil_c", REAL)],
    "diagnosed": [("level", TEXT), ("canaries", pa.struct([(category, TEXT) for category in CATEGORIES]))],
    "trial_finished": [("outcome", pa.struct([("judged", TEXT), ("faulted", TEXT)]))],
}
# Of these kinds only lines with this in them have a say.
ALONE = {"step_started": '"step":"begin"', "step_finished": '"released_by"', "observed": '"what":"change"'}


def read(path):
    """Every event that has a say, as a frame for each kind. The file is split batch by batch, so that it never lies in memory whole."""
    plain = csv.ParseOptions(delimiter="\x01", quote_char=False, escape_char=False)
    text = csv.ConvertOptions(column_types={"line": pa.string()})
    options = csv.ReadOptions(column_names=["line"], block_size=16 << 20)
    kept = {name: [] for name in KEYS}
    with csv.open_csv(path, read_options=options, parse_options=plain, convert_options=text) as batches:
        for batch in batches:
            lines = batch.column(0)
            heads = pc.binary_slice(lines.cast(pa.binary()), 0, 90)
            for name, key in KEYS.items():
                found = lines.filter(pc.match_substring(heads, key))
                if name in ALONE:
                    found = found.filter(pc.match_substring(found, ALONE[name]))
                kept[name].append(found)
    return {name: decode(name, pa.chunked_array(chunks, pa.string())) for name, chunks in kept.items()}


def decode(name, lines):
    """The lines of one kind, parsed and flattened."""
    schema = pa.schema(COMMON + SCHEMAS[name])
    if len(lines) == 0:
        table = schema.empty_table()
    else:
        whole = lines.cast(pa.large_string()).combine_chunks()
        text = [pa.scalar(word, pa.large_string()) for word in ("", "\n")]
        # The strings of a fresh array lie one behind the other: with their newlines they are the file again.
        bytes_ = pc.binary_join_element_wise(whole, *text).buffers()[2]
        table = json.read_json(
            pa.BufferReader(bytes_),
            read_options=json.ReadOptions(block_size=16 << 20),
            parse_options=json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore"),
        )
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table.to_pandas().sort_values("seq", ignore_index=True)


def fold(events):
    """One row for each trial, by the number of its first line."""
    starts = events["trial_started"].rename(columns={"seq": "trial", "t_us": "begun"})
    marks = starts["trial"].to_numpy()

    def placed(name):
        frame = events[name]
        at = np.searchsorted(marks, frame["seq"].to_numpy(), side="right") - 1
        return frame[at >= 0].assign(trial=marks[at[at >= 0]])

    begins = placed("step_started").groupby("trial")["seq"].last()

    def proper(name):
        frame = placed(name)
        return frame[frame["seq"] >= frame["trial"].map(begins).fillna(-1)]

    measured = proper("measured").drop_duplicates(["trial", "name"])
    values = measured.pivot(index="trial", columns="name", values="value")
    hold_u = measured[measured["name"] == "hold_s"].set_index("trial")["u"].rename("hold_u_s")
    released = proper("step_finished").groupby("trial")["released_by"].last()
    ack_by = proper("observed").groupby("trial")["sense"].first().rename("ack_by")
    air = placed("environment")
    late = air["seq"] >= air["trial"].map(begins).fillna(np.inf)
    columns = ["ambient_c", "coil_c"]
    air = air[late].groupby("trial")[columns].first().combine_first(air[~late].groupby("trial")[columns].last())
    diagnosed = placed("diagnosed").drop_duplicates("trial", keep="last").set_index("trial")
    wiped = pd.Series("", index=diagnosed.index, dtype=object)
    for category in CATEGORIES:
        gone = diagnosed[f"canaries.{category}"] == "gone"
        wiped = wiped + np.where(gone, np.where(wiped == "", "", "+") + np.where(gone, category, ""), "")
    ends = placed("trial_finished").set_index("trial").rename(columns={"seq": "end", "outcome.judged": "verdict", "outcome.faulted": "fault"})
    rows = starts.set_index("trial").join(ends[["end", "verdict", "fault"]], how="inner")
    rows = rows.join([values, hold_u, released, ack_by, air, diagnosed["level"], wiped.rename("wiped")])
    return rows.sort_values("end")


def table(rows, run):
    """The columns of trials.csv."""
    rows = rows.rename(columns={
        "slot.id": "slot", "slot.block": "block", "slot.condition.adapter": "adapter", "slot.condition.outlet": "outlet",
        "slot.condition.supply_v": "supply_set_v", "slot.condition.stimulus.is": "stimulus",
        "slot.condition.stimulus.release": "release", "slot.condition.stimulus.hold_s": "hold_cmd_s", "end": "seq"})
    for name in VALUES:
        if name not in rows:
            rows[name] = np.nan
    wall = pd.Timestamp(run["wall"]).floor("us")
    started = (wall + pd.to_timedelta(rows["begun"], unit="us")).dt.floor("ms").dt.tz_localize(None)
    rows = rows.assign(
        run_id=run["run_id"], position=run["position"]["name"], dut_serial=run["dut_serial"], dut_fw=run.get("dut_fw"),
        operator=run.get("operator"), started_at=np.datetime_as_string(started.to_numpy(), unit="ms"),
        outcome=np.where(rows["verdict"].notna(), "judged", "faulted"), first_fault=rows.groupby("slot")["fault"].transform("first"))
    rows["started_at"] += "Z"
    rows.loc[~rows["stimulus"].str.endswith("press"), "hold_cmd_s"] = np.nan
    return rows[TRIALS]


def cells(trials):
    """Counts and rates with Wilson's interval."""
    counted = trials[trials["verdict"].notna() & ~trials["verdict"].isin(["inconclusive", "not_ready", "checked"])]
    counted = counted.assign(hold_s=counted["hold_cmd_s"], reset=counted["verdict"] == "factory_reset")
    sums = counted.groupby(CELLS[:6], dropna=False)["reset"].agg(n="size", resets="sum").reset_index()
    n, k = sums["n"], sums["resets"]
    centre = (k + Z**2 / 2) / (n + Z**2)
    half = Z * np.sqrt(k * (n - k) / n + Z**2 / 4) / (n + Z**2)
    return sums.assign(rate=k / n, rate_lo=(centre - half).clip(0, 1), rate_hi=(centre + half).clip(0, 1))[CELLS]


def main(journal, out):
    os.makedirs(out, exist_ok=True)
    trials = table(fold(read(journal)), facts(journal))
    trials.to_csv(f"{out}/trials.csv", index=False)
    found = cells(trials)
    found.to_csv(f"{out}/cells.csv", index=False)
    presses = found[found["stimulus"] == "press"]
    chart(presses[["adapter", "hold_s", "n", "rate", "rate_lo", "rate_hi"]].itertuples(index=False), out)


main(*sys.argv[1:])
