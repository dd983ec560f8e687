//! Ranges of a button's constants.

use super::super::{ButtonModel, ContactModel};
use super::Findings;
use crate::domain::profile::Action;

/// What is out of range in a button.
pub(super) fn check(found: &mut Findings, button: &ButtonModel) {
    found.ranges(
        "camera.button",
        &[
            ("lapse", button.lapse, 0.0..=1.0),
            ("acknowledged_only", button.acknowledged_only, 0.0..=1.0),
            ("ack_lead_s", button.ack_lead_s.get(), 0.0..=60.0),
            ("ack_shown_s", button.ack_shown_s.get(), 0.0..=60.0),
            ("debounce_s", button.debounce_s.get(), 0.0..=1.0),
        ],
    );
    check_contact(found, &button.contact);
    let mut last = 0.0;
    for (i, window) in button.windows.iter().enumerate() {
        let table = format!("camera.button.windows[{i}]");
        found.ranges(&table, &[("threshold_s", window.threshold_s.get(), 0.05..=600.0), ("spread", window.spread, 0.0..=1.0)]);
        if window.threshold_s.get() <= last {
            found.say(format!("{table}.threshold_s"), "windows must rise");
        }
        last = window.threshold_s.get();
        if let Some(to) = window.to_s {
            if button.action == Action::AtThreshold {
                found.say(
                    format!("{table}.to_s"),
                    "a camera that acts at the threshold cannot know that the press will be too long",
                );
            } else if to <= window.threshold_s {
                found.say(format!("{table}.to_s"), "the upper end must be above the threshold");
            }
        }
    }
}

fn check_contact(found: &mut Findings, contact: &ContactModel) {
    let table = "camera.button.contact";
    found.ranges(
        table,
        &[
            ("beside", contact.beside, 0.0..=1.0),
            ("short_stroke", contact.short_stroke, 0.0..=1.0),
            ("opens_per_s", contact.opens_per_s, 0.0..=100.0),
            ("open_s", contact.open_s.get(), 0.0001..=60.0),
            ("open_spread", contact.open_spread, 0.0..=2.0),
            ("chatter_s", contact.chatter_s.get(), 0.0..=0.2),
        ],
    );
    for (i, at) in contact.opens_at_s.iter().enumerate() {
        found.range(format!("{table}.opens_at_s[{i}]"), at.get(), 0.001..=600.0);
    }
}
