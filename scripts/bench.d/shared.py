"""What both comparison programs share: the facts of the run, and the chart by matplotlib."""

import json

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402  (the backend must be chosen before)

Z = 1.959963984540054

# How a line of each kind of event that a row of trials.csv is made of begins its kind.
KEYS = {
    kind: f'"kind":"{kind}"'
    for kind in ["trial_started", "step_started", "step_finished", "observed", "measured", "environment", "diagnosed", "trial_finished"]
}

# Measurements, and the columns of trials.csv that show them.
VALUES = {
    "hold_s": "hold_s",
    "since_ready_s": "since_ready_s",
    "boot_s": "boot_s",
    "ack_s": "ack_s",
    "reboot_s": "reboot_s",
    "plug_v_idle": "plug_v_idle",
    "plug_v_min": "plug_v_min",
    "plug_a_max": "plug_a_max",
}

CATEGORIES = ["wifi", "accounts", "motion", "other"]

TRIALS = (
    "run_id,slot,attempt,block,position,dut_serial,dut_fw,adapter,outlet,supply_set_v,stimulus,release,hold_cmd_s,hold_s,hold_u_s,"
    "released_by,since_ready_s,started_at,boot_s,ack_s,ack_by,reboot_s,plug_v_idle,plug_v_min,plug_a_max,outcome,verdict,level,wiped,"
    "fault,first_fault,ambient_c,coil_c,operator,seq"
).split(",")

CELLS = "dut_serial,adapter,stimulus,release,hold_s,level,n,resets,rate,rate_lo,rate_hi".split(",")


def facts(path):
    """The line `run_started` of a journal."""
    with open(path, "rb") as journal:
        next(journal)
        return json.loads(next(journal))


def chart(cells, out):
    """Success by hold, a panel for each adapter; `cells` yields adapter, hold, n, rate, lower and upper end of presses."""
    panels = {}
    for adapter, hold, n, rate, lo, hi in cells:
        panels.setdefault(adapter, []).append((hold, n, rate, lo, hi))
    figure, axes = plt.subplots(len(panels), 1, sharex=True, squeeze=False, figsize=(6.2, 2.2 * len(panels)))
    for axis, (adapter, points) in zip(axes[:, 0], sorted(panels.items())):
        holds, counts, rates, los, his = zip(*sorted(points))
        arms = [[max(r - lo, 0) for r, lo in zip(rates, los)], [max(hi - r, 0) for r, hi in zip(rates, his)]]
        axis.errorbar(holds, rates, yerr=arms, fmt="none", ecolor="0.4", capsize=3)
        axis.scatter(holds, rates, s=[12 + min(n, 400) / 10 for n in counts], zorder=3)
        axis.set_title(adapter, loc="left", fontsize=9)
        axis.set_ylim(-0.05, 1.05)
        axis.set_ylabel("reset rate")
    axes[-1, 0].set_xlabel("hold / s")
    figure.tight_layout()
    figure.savefig(f"{out}/success-by-hold.svg")
    figure.savefig(f"{out}/success-by-hold.png", dpi=200)
