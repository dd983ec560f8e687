//! Pure planning: designs choose slots, conditions become procedures, plans are counted before anything is powered.

pub mod adaptive;
pub mod budget;
pub mod chance;
pub mod design;
pub mod estimate;
pub mod go_no_go;
pub mod grid;
pub mod kind;
mod layout;
pub mod procedure;
pub mod returns;
pub mod timing;

pub use design::{Design, Next};
pub use grid::Grid;
pub use kind::{Chosen, design_of};
pub use procedure::{Bench, longest_press, reset_trial};
pub use returns::Returns;
