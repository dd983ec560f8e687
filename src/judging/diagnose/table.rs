//! The decision table: small enums in, a verdict out, every case named.

use crate::domain::verdict::Verdict;

/// What was asked of the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Does it reset? A press, or a sham: the same rules, or a sham would control nothing.
    Reset,
    /// The same with the supply off.
    Unpowered,
    /// Nothing.
    None,
}

/// Whether the camera lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It was asked, and nothing says that it is dead.
    Usual,
    /// Never ready, so never asked.
    NotReady,
    /// Was ready, and did not come back at nominal supply.
    Dead,
    /// It was asked before it was ready, and did not come up at nominal supply: nobody knows since when.
    NeverUp,
    /// The trial ended before it was asked.
    NotAsked,
}

/// Whether the contact did what the stimulus is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact {
    /// The coil pressed, or kept still in a sham.
    AsAsked,
    /// A press without an edge of the coil, or a sham with one.
    NotAsAsked,
}

/// Sign (a): the camera booted again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reboot {
    /// It could not be seen.
    Blind,
    /// It was seen.
    Seen,
    /// It could have been seen and was not.
    NotSeen,
}

/// Sign (b): the factory state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factory {
    /// It cannot be seen.
    Blind,
    /// A sense that showed its absence before the stimulus shows it now.
    Seen,
    /// It could be seen and is not; nothing denies it.
    NotSeen,
    /// It is seen, but its absence before the stimulus was not proved: it may have been there all the time.
    Stale,
    /// The camera says that it is not in the factory state.
    Denied,
    /// One sense shows it and another denies it.
    Conflict,
}

/// Sign (c): the canaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canaries {
    /// None were written.
    Blind,
    /// All are gone, and at least one was read back before the stimulus.
    Gone,
    /// All are gone, and none was read back before: they may never have been there.
    Unproved,
    /// At least one could not be read, and none survived.
    Unread,
    /// At least one survived, none is known to be gone.
    Survived,
    /// Some survived, others are gone.
    Mixed,
}

/// Whether the camera answered the stimulus in any way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It did.
    Seen,
    /// It did not.
    None,
}

/// Everything that a verdict depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the types say it")]
pub struct Case {
    pub question: Question,
    pub life: Life,
    pub contact: Contact,
    pub reboot: Reboot,
    pub factory: Factory,
    pub canaries: Canaries,
    pub answer: Answer,
}

/// What the three signs say of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wipe {
    /// Every sign of the level says that they were wiped.
    Whole,
    /// Some were wiped and others were not.
    Part,
    /// They were not wiped, or nothing that is due after a reset came.
    No,
    /// The signs contradict each other, or one that worked before is missing.
    Unknown,
    /// No sign of a reset could be seen.
    Unseen,
}

/// What the signs say. This is the rule of evidence: no claim of a reset without (b) or (c), and none against any counter-evidence.
pub fn wipe(reboot: Reboot, factory: Factory, canaries: Canaries) -> Wipe {
    use Canaries as C;
    use Factory as F;
    use Reboot as R;
    match (canaries, factory, reboot) {
        (C::Mixed, _, _) => Wipe::Part,
        (C::Blind | C::Gone | C::Unproved | C::Unread | C::Survived, F::Conflict, _) => Wipe::Unknown,

        // The factory sign came, and nothing that was watched is gone.
        (C::Survived, F::Seen, _) => Wipe::Unknown,
        (C::Survived, F::Blind | F::NotSeen | F::Stale | F::Denied, _) => Wipe::No,

        (C::Gone, F::Seen | F::Blind | F::Stale, R::Seen | R::Blind) => Wipe::Whole,
        (C::Gone, F::Seen | F::Blind | F::Stale, R::NotSeen) => Wipe::Unknown,
        (C::Gone, F::NotSeen, _) => Wipe::Unknown,
        // What was watched is gone, and yet the camera has kept what makes it configured.
        (C::Gone, F::Denied, _) => Wipe::Part,

        // Canaries that were there and cannot be read: whether they are gone is not known.
        (C::Unread, F::Blind | F::Seen | F::NotSeen | F::Stale | F::Denied, _) => Wipe::Unknown,

        (C::Blind | C::Unproved, F::Seen, R::Seen | R::Blind) => Wipe::Whole,
        (C::Blind | C::Unproved, F::Seen, R::NotSeen) => Wipe::Unknown,
        (C::Blind | C::Unproved, F::Denied, _) => Wipe::No,
        // After a reboot the factory sign is due: without it and without a denial nobody knows.
        (C::Blind | C::Unproved, F::NotSeen, R::Seen) => Wipe::Unknown,
        (C::Blind | C::Unproved, F::NotSeen, R::NotSeen | R::Blind) => Wipe::No,
        // A reboot alone is at most a reboot.
        (C::Blind | C::Unproved, F::Blind | F::Stale, R::Seen | R::NotSeen) => Wipe::No,
        (C::Blind | C::Unproved, F::Blind | F::Stale, R::Blind) => Wipe::Unseen,
    }
}

/// The verdict of a case.
pub fn decide(case: Case) -> Verdict {
    match (case.question, case.life) {
        (Question::None, _) => return Verdict::Checked,
        (Question::Reset | Question::Unpowered, Life::Dead) => return Verdict::Dead,
        (Question::Reset | Question::Unpowered, Life::NotReady) => return Verdict::NotReady,
        (Question::Reset | Question::Unpowered, Life::NeverUp | Life::NotAsked) => return Verdict::Inconclusive,
        (Question::Reset | Question::Unpowered, Life::Usual) => {}
    }
    if case.contact == Contact::NotAsAsked {
        return Verdict::Inconclusive;
    }
    let wiped = matches!(case.factory, Factory::Seen) || matches!(case.canaries, Canaries::Gone | Canaries::Mixed);
    if case.question == Question::Unpowered && !wiped {
        // Whatever else is seen of a camera without supply is an echo or a coupling: no life.
        return Verdict::NoResponse;
    }
    match (wipe(case.reboot, case.factory, case.canaries), case.reboot, case.answer) {
        (Wipe::Whole, _, _) => Verdict::FactoryReset,
        (Wipe::Part, _, _) => Verdict::PartialReset,
        (Wipe::Unknown, _, _) => Verdict::Inconclusive,
        (Wipe::No, Reboot::Seen, _) => Verdict::RebootOnly,
        (Wipe::No | Wipe::Unseen, _, Answer::Seen) => Verdict::AcknowledgedOnly,
        (Wipe::No, Reboot::NotSeen | Reboot::Blind, Answer::None) => Verdict::NoResponse,
        (Wipe::Unseen, _, Answer::None) => Verdict::Inconclusive,
    }
}
