pub mod dist;
pub mod interval;
pub mod isotonic;
