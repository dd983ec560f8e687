//! Lines of the computer's own pins as switches: through the kernel's character device, through mapped registers, and a PWM.

pub mod cdev;
pub mod e_stop;
pub mod pwm;
pub mod registers;

/// Whether the kernel lets go of a pin when the process that had it is gone (`dtparam=strict_gpiod` on Raspberry Pi OS). `None` where the kernel
/// has no such setting: another computer, or one whose driver always does.
pub fn lets_go() -> Option<bool> {
    let parameter = |driver: &str| std::fs::read_to_string(format!("/sys/module/{driver}/parameters/persist_gpio_outputs")).ok();
    ["pinctrl_bcm2835", "pinctrl_rp1"].iter().find_map(|driver| parameter(driver)).map(|text| text.trim() == "N")
}
