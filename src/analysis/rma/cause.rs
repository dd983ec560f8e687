//! What may be wrong with a return, finer than the classes that a verdict names, and how likely each is before any test.

use crate::domain::rma::FaultClass;

/// The state of the unit, or of the bench that it lies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// It resets as it should, after whatever hold its firmware asks for.
    Sound,
    /// The button's contact never closes.
    ButtonOpen,
    /// The button's contact opens under the finger.
    ButtonWorn,
    /// The boot hangs after the bootloader, without a word why.
    FirmwareHangs,
    /// The boot says that it has failed: a bad image, a panic.
    FirmwareFatal,
    /// The boot ends in another boot, for ever.
    FirmwareLoops,
    /// A reset is accepted and never carried out.
    FirmwareAccepts,
    /// The button is noticed and no hold has an effect.
    FirmwareDeaf,
    /// A reset leaves settings standing.
    FirmwarePartial,
    /// Not a word, not a light.
    HardwareSilent,
    /// Its input stage breaks down at a voltage that is within its rating.
    HardwareInput,
    /// Some boots fail, in any way: marginal memory.
    HardwareFlaky,
    /// The tip of the bench does not reach the button.
    RigMisses,
    /// The outlet of the bench is low, so that good adapters are not.
    RigOutlet,
}

/// The adapter that came with the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Supplied {
    /// It is as it should be.
    Good,
    /// It gives too little under load, or its cable takes too much.
    Weak,
    /// It gives nothing that a camera runs on.
    Dead,
}

impl Unit {
    /// All of them.
    pub const ALL: [Unit; 14] = [
        Unit::Sound,
        Unit::ButtonOpen,
        Unit::ButtonWorn,
        Unit::FirmwareHangs,
        Unit::FirmwareFatal,
        Unit::FirmwareLoops,
        Unit::FirmwareAccepts,
        Unit::FirmwareDeaf,
        Unit::FirmwarePartial,
        Unit::HardwareSilent,
        Unit::HardwareInput,
        Unit::HardwareFlaky,
        Unit::RigMisses,
        Unit::RigOutlet,
    ];

    /// The word in the table.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Sound => "sound",
            Unit::ButtonOpen => "button_open",
            Unit::ButtonWorn => "button_worn",
            Unit::FirmwareHangs => "firmware_hangs",
            Unit::FirmwareFatal => "firmware_fatal",
            Unit::FirmwareLoops => "firmware_loops",
            Unit::FirmwareAccepts => "firmware_accepts",
            Unit::FirmwareDeaf => "firmware_deaf",
            Unit::FirmwarePartial => "firmware_partial",
            Unit::HardwareSilent => "hardware_silent",
            Unit::HardwareInput => "hardware_input",
            Unit::HardwareFlaky => "hardware_flaky",
            Unit::RigMisses => "rig_misses",
            Unit::RigOutlet => "rig_outlet",
        }
    }

    /// Its class.
    pub fn class(self) -> FaultClass {
        match self {
            Unit::Sound => FaultClass::NoFaultFound,
            Unit::ButtonOpen | Unit::ButtonWorn => FaultClass::Button,
            Unit::FirmwareHangs
            | Unit::FirmwareFatal
            | Unit::FirmwareLoops
            | Unit::FirmwareAccepts
            | Unit::FirmwareDeaf
            | Unit::FirmwarePartial => FaultClass::Firmware,
            Unit::HardwareSilent | Unit::HardwareInput | Unit::HardwareFlaky => FaultClass::Hardware,
            Unit::RigMisses | Unit::RigOutlet => FaultClass::Rig,
        }
    }

    /// How likely it is before any test. Assumptions throughout: no returns department publishes such shares. Most returned cameras have
    /// nothing (that much is common knowledge of the trade); the bench was checked by the operator a minute before.
    pub fn prior(self) -> f64 {
        match self {
            Unit::Sound => 0.680,
            Unit::ButtonOpen => 0.050,
            Unit::ButtonWorn => 0.050,
            Unit::FirmwareHangs => 0.015,
            Unit::FirmwareFatal => 0.030,
            Unit::FirmwareLoops => 0.015,
            Unit::FirmwareAccepts => 0.020,
            Unit::FirmwareDeaf => 0.020,
            Unit::FirmwarePartial => 0.020,
            Unit::HardwareSilent => 0.030,
            Unit::HardwareInput => 0.030,
            Unit::HardwareFlaky => 0.030,
            Unit::RigMisses => 0.005,
            Unit::RigOutlet => 0.005,
        }
    }
}

impl Supplied {
    /// All of them.
    pub const ALL: [Supplied; 3] = [Supplied::Good, Supplied::Weak, Supplied::Dead];

    /// The word in the table.
    pub fn name(self) -> &'static str {
        match self {
            Supplied::Good => "good",
            Supplied::Weak => "weak",
            Supplied::Dead => "dead",
        }
    }

    /// How likely it is before any test, where an adapter came with the unit (assumption).
    pub fn prior(self) -> f64 {
        match self {
            Supplied::Good => 0.70,
            Supplied::Weak => 0.24,
            Supplied::Dead => 0.06,
        }
    }
}

/// One hypothesis: the unit (or the bench) and the adapter that came with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cause {
    /// The unit.
    pub unit: Unit,
    /// Its adapter.
    pub supplied: Supplied,
}

impl Cause {
    /// Every hypothesis; without a returned adapter that one is taken to be good, since nothing will be said of it.
    pub fn all(returned: bool) -> Vec<Cause> {
        let supplied: &[Supplied] = if returned { &Supplied::ALL } else { &[Supplied::Good] };
        let each = |unit: Unit| supplied.iter().map(move |&supplied| Cause { unit, supplied });
        Unit::ALL.into_iter().flat_map(each).collect()
    }

    /// How likely it is before any test: unit and adapter do not depend on each other (assumption).
    pub fn prior(self, returned: bool) -> f64 {
        self.unit.prior() * if returned { self.supplied.prior() } else { 1.0 }
    }

    /// What a verdict says of it: what is wrong with the unit comes before what is wrong with the adapter, which is cheap to replace.
    pub fn class(self) -> FaultClass {
        match (self.unit.class(), self.supplied) {
            (FaultClass::NoFaultFound, Supplied::Weak | Supplied::Dead) => FaultClass::Supply,
            (class, _) => class,
        }
    }

    /// The second fault of a mixture.
    pub fn secondary(self) -> Option<FaultClass> {
        let bad = self.supplied != Supplied::Good;
        (bad && self.class() != FaultClass::Supply).then_some(FaultClass::Supply)
    }
}
