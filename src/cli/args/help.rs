//! Texts below the help of verbs.

pub(super) const AFTER_HELP: &str = "The usual order of work:
  1. pinhole plan SUITE      what would be done, how long it takes, how many trials each limit needs
  2. pinhole run SUITE       on a terminal: p pauses, s stops after this trial, q stops safely
  3. pinhole resume DIR      after a stop, a crash or a power cut
  4. open DIR/report.html    then: pinhole report DIR DIR... --out DIR to pool several runs
  5. pinhole verify DIR      before the results are sent to somebody

Exit codes:
  0    done, every limit met
  1    a limit not met, a unit dead, or a sham that reset
  2    usage, file or preflight error: nothing was energised
  3    the rig faulted, or the run is incomplete
  4    complete, something undecided
  130  stopped by the operator: safe, and resumable";

pub(super) const COMPARE_HELP: &str = "Exit codes:
  0    no condition differs (which does not show them to be equal)
  1    a condition differs, in whichever direction
  2    usage or file error
  4    nothing could be compared

Example: pinhole compare reports/monday reports/tuesday --out reports/compared";

/// What is told with `check`.
pub(super) const CHECK_HELP: &str =
    "Without --dut nothing is powered: only devices, coil and the dark are checked. With it the camera that lies there is
booted with each adapter of the rig; it is never pressed under power. With --golden or --dummy a camera of which you know what it
does is pressed three times instead, so that the bench shows that it sees a reset, and sees none where there is none.

Exit codes:
  0    all within tolerance; a golden camera was seen to reset every time, a dummy never
  1    out of tolerance; or not so
  2    usage or file error
  3    a device is missing, or the rig failed
  130  stopped by the operator

Example: pinhole check fixtures/rigs/twin.toml --dut fixtures/duts/amcrest-indoor.toml --adapter bench-psu
         pinhole calibrate fixtures/rigs/twin.toml --dut fixtures/duts/amcrest-indoor.toml --adapter bench-psu --golden \
           --dut-serial AMC0000001A5";

/// What is told with `run`.
pub(super) const RUN_HELP: &str = "Examples:
  pinhole run fixtures/suites/hold-sweep.toml --dut-serial AMC0000001A5
  pinhole run fixtures/suites/quick.toml --set design.replicates=3 --json > events.jsonl

Keys, where standard input and output are a terminal:
  p  pause after this trial, or go on
  s  stop after this trial
  q  stop safely: this trial is given up, the power goes off when the camera can no longer be writing flash
Ctrl-C once does what q does; twice cuts the power at once. NO_COLOR=1 takes the colours away.";
