//! What a capture of a console shows, as read long after it was made: nothing in it tells when a byte came.

use super::observation::{BootStage, MarkerMeaning};
use super::units::Seconds;
use serde::Serialize;

/// A place in a capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The line, from 1, as an editor counts them.
    pub line: u64,
    /// Offset in bytes of the line's first byte, from 0.
    pub byte: u64,
}

/// A stage that a boot reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageSeen {
    /// Which.
    pub stage: BootStage,
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// The kernel's clock then, where it prints one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel_s: Option<Seconds>,
    /// The line, freed of what is no text, and cut where it is long.
    pub text: String,
}

/// A marker that was found in a boot, once or more often.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MarkerSeen {
    /// Its name in the profile.
    pub marker: String,
    /// What it means.
    pub meaning: MarkerMeaning,
    /// Where it was found first.
    #[serde(flatten)]
    pub place: Place,
    /// In how many lines.
    pub times: u64,
    /// Where it was found last.
    pub last: Place,
    /// The kernel's clock at the first of them, where it prints one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel_s: Option<Seconds>,
    /// The first line.
    pub text: String,
}

/// How a boot, or what was captured of it, ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum CaptureEnd {
    /// The camera is up and says nothing of its factory state.
    Ready {
        /// By which marker.
        by: String,
    },
    /// It says last that it is in its factory state.
    Factory {
        /// By which marker.
        by: String,
    },
    /// It says last that it is not.
    NotFactory {
        /// By which marker.
        by: String,
    },
    /// The bootloader waits for a person.
    BootloaderPrompt {
        /// The fatal marker that came before, if any.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// The boot has failed for good.
    Fatal {
        /// By which marker.
        by: String,
    },
    /// It announced that it boots again, and nothing more of it follows.
    Restarting {
        /// By which marker.
        by: String,
    },
    /// A stage that should have gone on by itself says no more.
    Silent {
        /// Which.
        after: BootStage,
    },
    /// It was still at work there, or no marker tells that it had finished.
    Middle {
        /// Which stage.
        of: BootStage,
    },
    /// Text without any known marker of a boot.
    Unknown,
    /// Bytes, and hardly any text among them: most often a wrong baud rate.
    Unreadable,
    /// No bytes at all.
    Empty,
}

/// One boot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BootSeen {
    /// Which, from 1; 0 for one that ran already when the capture begins.
    pub boot: u32,
    /// Where its first sign stands.
    #[serde(flatten)]
    pub place: Place,
    /// The stages it reached, in order. None where only the end of an earlier boot was captured.
    pub stages: Vec<StageSeen>,
    /// The markers found in it, in the order of their first places.
    pub markers: Vec<MarkerSeen>,
    /// The latest time stamp of its kernel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kernel_s: Option<Seconds>,
    /// How it ended.
    pub end: CaptureEnd,
}

impl BootSeen {
    /// The furthest stage.
    pub fn furthest(&self) -> Option<&StageSeen> {
        self.stages.last()
    }
}

/// A whole capture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Capture {
    /// Bytes of the file.
    pub bytes: u64,
    /// Lines of the file.
    pub lines: u64,
    /// Bytes that are no text.
    pub unreadable_bytes: u64,
    /// Boots that begin in it.
    pub boots: u32,
    /// What stands before the first of them: the end of a boot that began earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earlier: Option<BootSeen>,
    /// Each boot that begins in it; of very many only the first ones and the last.
    pub each: Vec<BootSeen>,
    /// Starts of a kernel that were only printed again (`dmesg`), and so were not counted.
    pub repeated: u64,
    /// How it ends.
    pub end: CaptureEnd,
}
