//! The messages. Unknown fields are passed over, as the protocol wants it.

use serde::{Deserialize, Serialize};

/// What the driving program sends.
#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub(super) enum Question {
    Hello(Hello),
    Ask { open: Vec<String> },
    Tell(Told),
    Estimate { adapter: String },
    Quit,
}

/// What is to be found out.
#[derive(Debug, Deserialize)]
pub(super) struct Hello {
    pub protocol: u32,
    pub seed: u64,
    pub hold_min_s: f64,
    pub hold_max_s: f64,
    pub adapters: Vec<AdapterId>,
    pub cost: TrialCost,
    pub target: Target,
    /// Protocol 2: acknowledgements are seen during the hold.
    #[serde(default)]
    pub acks: bool,
    /// Protocol 2: seconds from a seen acknowledgement to the open contact.
    #[serde(default)]
    pub reaction_s: f64,
}

#[derive(Debug, Deserialize)]
pub(super) struct AdapterId {
    pub id: String,
}

/// Seconds of a trial beside the hold.
#[derive(Debug, Deserialize)]
pub(super) struct TrialCost {
    pub boot_s: f64,
    pub success_s: f64,
    pub failure_s: f64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Target {
    pub quantile: f64,
    pub rel_half_width: f64,
}

/// One press.
#[derive(Debug, Deserialize)]
pub(super) struct Told {
    pub adapter: String,
    pub hold_s: f64,
    /// Protocol 2: contact time, where it differs from `hold_s`.
    pub held_s: Option<f64>,
    /// Protocol 2: seconds from contact to the acknowledgement, where one was seen before release.
    pub ack_s: Option<f64>,
    pub success: bool,
    pub bench_s: f64,
}

/// Protocol 2: when the press lets go.
#[derive(Debug, Serialize)]
#[serde(tag = "release", rename_all = "snake_case")]
pub(super) enum Release {
    AfterHold,
    OnAck { after_ack_s: f64 },
}

/// What is answered.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Answer {
    Ready {
        ready: bool,
        name: &'static str,
    },
    Press {
        adapter: String,
        hold_s: f64,
        #[serde(flatten)]
        release: Option<Release>,
    },
    Done {
        done: bool,
    },
    Estimate {
        hold95_s: Option<f64>,
        lo: Option<f64>,
        hi: Option<f64>,
        hold50_s: Option<f64>,
    },
    Ok {
        ok: bool,
    },
}
