//! Converters on an I2C bus of the system. The parts that speak to a chip take any bus of `embedded-hal`, so that they are tried without one.

pub mod ads1115;
pub mod ina226;

use crate::domain::verdict::{Fault, FaultKind};
use linux_embedded_hal::I2cdev;

/// Opens a bus such as `/dev/i2c-1`.
fn open(name: &str, bus: &str) -> Result<I2cdev, Fault> {
    I2cdev::new(bus).map_err(|error| {
        let what = format!("the bus {bus} cannot be opened: {error}; on a Raspberry Pi add dtparam=i2c_arm=on to config.txt");
        Fault::new(FaultKind::Disconnected, name, what)
    })
}

/// A chip that did not answer.
fn silent(name: &str, bus: &str, address: u8, error: impl std::fmt::Debug) -> Fault {
    let what = format!("nothing answers at address {address:#04x} of {bus} ({error:?}): see wiring and address straps");
    Fault::new(FaultKind::Disconnected, name, what)
}

#[cfg(test)]
mod fake {
    //! A chip of 16-bit registers on a bus that is not there.

    use embedded_hal::i2c::{ErrorKind, ErrorType, I2c, NoAcknowledgeSource, Operation};
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    pub struct Chip {
        pub address: u8,
        pub registers: Arc<Mutex<BTreeMap<u8, u16>>>,
        pointer: u8,
    }

    impl Chip {
        pub fn new(address: u8, registers: &[(u8, u16)]) -> Self {
            Self { address, registers: Arc::new(Mutex::new(registers.iter().copied().collect())), pointer: 0 }
        }

        pub fn register(&self, number: u8) -> u16 {
            self.registers.lock().unwrap().get(&number).copied().unwrap_or_default()
        }
    }

    impl ErrorType for Chip {
        type Error = ErrorKind;
    }

    impl I2c for Chip {
        fn transaction(&mut self, address: u8, operations: &mut [Operation<'_>]) -> Result<(), ErrorKind> {
            if address != self.address {
                return Err(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address));
            }
            for operation in operations {
                match operation {
                    Operation::Write(bytes) => {
                        self.pointer = bytes[0];
                        if let [number, high, low] = bytes[..] {
                            self.registers.lock().unwrap().insert(number, u16::from_be_bytes([high, low]));
                        }
                    }
                    Operation::Read(bytes) => bytes.copy_from_slice(&self.register(self.pointer).to_be_bytes()),
                }
            }
            Ok(())
        }
    }
}
