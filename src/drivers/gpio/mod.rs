//! Lines of the computer's own pins as switches: through the kernel's character device, and through mapped registers.

pub mod cdev;
pub mod registers;
