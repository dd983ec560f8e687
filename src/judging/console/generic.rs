//! Markers that fit the consoles of many cameras, for captures of models without a profile. They decide no verdict: a profile does that.
//!
//! The words are those that bootloaders, kernels and camera programs print; which of them was seen where is told in `docs/evidence.md`.

use crate::domain::observation::MarkerMeaning::{self as M};
use crate::domain::profile::{ConsoleProfile, Marker};
use crate::domain::units::Seconds;

/// What may stand before the first word of a line: time stamps of kernels and of capturing programs, line noise.
const BEFORE: &str = r"^(?-u:[^A-Za-z=]|\dT\d|\dZ)*";

/// Name, meaning, and expressions of which one must fit. `^` stands for the beginning of the line but for [`BEFORE`].
const MARKERS: &[(&str, M, &[&str])] = &[
    (
        "bootloader",
        M::Bootloader,
        &[
            r"^U-Boot (?:SPL |TPL )?(?:20\d\d|1)\.\d+",
            // Glued to a line that a sudden restart broke off; with its date, since programs quote the version alone.
            r#"(?-u:[^\s="':,(\[])U-Boot (?:SPL |TPL )?20\d\d\.\d+[^\r\n]*\(\w{3} +\d{1,2} 20\d\d - \d\d:\d\d"#,
            r"System startup\s*$",
            r"^Uncompress Ok!",
            r"^DH-?Boot\b",
            r"^F0: [0-9A-F]{4} [0-9A-F]{4}",
            r"^(?:HELLO! )?(?:BOOT0|boot0) (?:is starting|version)",
            r"^IPL(?:_CUST)? g?[0-9a-f]{6,}",
            r"^NOTICE: +BL\d+: (?:v\d|Built)",
            r"^(?:LD_VER \d|Loader Start \.\.\.)",
            r"^AMBoot\b",
            r"^DDR (?:Version )?V\d+\.\d+ 20\d\d",
            r"^RedBoot\(tm\)",
            r"^CFE version \d",
            r"^(?:ESP-ROM:esp|ets \w{3} +\d{1,2} 20\d\d)",
        ],
    ),
    (
        "bootloader prompt",
        M::BootloaderPrompt,
        &[
            r"^=>(?:\s|$)",
            r"^(?:=> ?)?[A-Za-z][\w.-]{0,24} ?[#>](?: *(?:help|\?|reset|version|(?:print|set|save)env|boot\w*|sf|nand|mmc|tftp\w*|run|go|md|mw|load\w|ping)\b.*)?\s*$",
        ],
    ),
    (
        "kernel",
        M::Kernel,
        &[
            r"\bStarting kernel(?: \.\.\.|\s*$)",
            r"^Linux version \d+\.\d+",
            r"^Booting Linux on physical CPU",
            r"^Uncompressing Linux\.\.\.",
            r"## Transferring control to Linux",
        ],
    ),
    (
        "root file system",
        M::Userland,
        &[r"VFS: Mounted root \(\w+ filesystem\)", r"Freeing (?:unused kernel|init|unused kernel image) (?:\(\w+\) )?memory"],
    ),
    (
        "programs start",
        M::Userland,
        &[
            r"^Run /\S+ as init process",
            r"^- (?:pre)?init -",
            r"mdev is ok",
            r"\[RCS\]: ",
            r"^INIT: version \d",
            r"^init started: BusyBox",
            r"^procd: - (?:early|init)",
            r"^systemd\[1\]:",
        ],
    ),
    ("login", M::Userland, &[r"\b[\w.-]+ login:", r"Please press Enter to activate this console"]),
    (
        "camera program",
        M::Ready,
        &[
            r"od_cam init done",
            r"Play this stream using the URL",
            r"Server begin eventloop",
            r"miio_client: version",
            r"AP-ENABLED",
            // Encoders of video start in the camera's own program alone.
            r"\bIMP_Encoder_\w+",
            r"^i264e\[info\]",
            r"(?i)\brtsp server (?:is )?(?:started|running|ready|listening)",
            r"\b(?:app|application|ipcam|camera)(?:: | is )ready\b",
        ],
    ),
    (
        "button",
        M::Button,
        &[
            r"setup_button set (?:long|short)",
            r"(?i)\breset (?:key|button)\b.{0,24}\b(?:press|down|long|hold)",
            r"(?i)\bbutton: pressed\b",
        ],
    ),
    (
        "reset accepted",
        M::Accepted,
        &[
            r"^(?:jffs2reset|factoryreset|firstboot): ",
            r"only erasing files",
            r"will be erased on next mount",
            r"\bFACTORY RESET\b",
            r"(?i)\bfactory reset (?:accepted|requested|start)",
        ],
    ),
    ("erasing", M::Erasing, &[r"(?i)\berasing (?:settings|config|user ?data|rootfs_data|/dev/mtd)", r"\bflash_erase(?:all)?: "]),
    (
        "factory state",
        M::Factory,
        &[
            r"STATE_WIFI_AP_MODE",
            r"(?i)\b(?:enter|entering|entered) (?:ap|pairing|set-?up|provisioning) mode",
            r"AP-ENABLED",
            r"paracfg user has not inited",
            r"(?i)\bstart_?net_?config\b",
            r"\bSTART_BIND\b",
            r"\bstate=setup\b",
        ],
    ),
    (
        "configured",
        M::NotFactory,
        &[
            r"has been bind to cloud account",
            r"device bind status: 1",
            r"(?i)\bbind_?flag\]?(?:=| is ) ?1\b",
            r"\bstate=configured\b",
        ],
    ),
    (
        "restart",
        M::WarmReboot,
        &[
            r"\bRestarting system\b",
            r"\bRequesting system reboot\b",
            r"\breboot: (?:Restarting|machine restart)",
            r"set watchdog, resetting",
            r"^resetting \.\.\.",
            r"\bThe system is going down\b",
        ],
    ),
    (
        "kernel image unusable",
        M::Fatal,
        &[
            r"Bad Data CRC",
            r"ERROR: can't get kernel image!",
            r"Wrong Image (?:Format|Type) for \w+",
            r"Bad Magic Number",
            r"Bad Header Checksum",
            r"Bad Linux \w+ (?:Image )?magic",
        ],
    ),
    ("bootloader gives up", M::Fatal, &[r"### ERROR ### Please RESET the board"]),
    (
        "kernel panic",
        M::Fatal,
        &[r"Kernel panic - not syncing", r"Unable to mount root fs", r"Attempted to kill init!", r"No working init found"],
    ),
    ("brown-out", M::Fatal, &[r"Brownout detector was triggered", r"rst:0x\w+ \(\w*BROWN_?OUT\w*\)"]),
    (
        "kernel fault",
        M::Warning,
        &[r"Internal error: Oops", r"Unable to handle kernel (?:paging|NULL)", r"\bUnhandled kernel unaligned access"],
    ),
    ("file system", M::Warning, &[r"SQUASHFS error: ", r"UBIFS error", r"\bubi\d+ error", r"UBI error", r"EXT4-fs error"]),
    (
        "settings file system",
        M::Warning,
        &[
            r"Magic bitmask 0x1985 not found",
            r"Newly-erased block contained word",
            r"would run over the end of the erase block",
            r"Header CRC failed",
            r"Node totlen on flash",
        ],
    ),
    ("bootloader settings", M::Warning, &[r"\*\*\* Warning - bad CRC, using default environment"]),
    ("boots by itself", M::Warning, &[r"\bremain \d+ sec to auto ?reboot"]),
];

/// The built-in profile of a console.
pub fn generic() -> ConsoleProfile {
    let marker = |&(name, meaning, expressions): &(&str, M, &[&str])| {
        let whole: Vec<String> = expressions
            .iter()
            .map(|text| match text.strip_prefix('^') {
                Some(rest) => format!("(?:{BEFORE}{rest})"),
                None => format!("(?:{text})"),
            })
            .collect();
        Marker { name: name.to_owned(), meaning, regex: whole.join("|") }
    };
    ConsoleProfile { baud: 115_200, silence_s: Seconds::new(60.0), markers: MARKERS.iter().map(marker).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::bytes::Regex;

    /// Names of the markers that fit a line.
    fn fits(line: &str) -> Vec<String> {
        let markers = generic().markers.into_iter();
        markers.filter(|marker| Regex::new(&marker.regex).unwrap().is_match(line.as_bytes())).map(|marker| marker.name).collect()
    }

    #[test]
    fn banners_are_known_whatever_a_capturing_program_put_before_them() {
        for line in [
            "U-Boot SPL 2013.07 (Jul 28 2017 - 17:10:01)",
            "[2024-05-13T04:06:58.123] U-Boot 2016.11-dirty (Mar 04 2021 - 09:12:41 +0800)",
            "[      0.342]U-Boot 2011.09-rc1-dirty (Oct 23 2017 - 15:57:13) Allwinner Technology",
            "12:00:01.5> System startup",
            "mtd: partU-Boot 2013.07 (Jul 28 2017 - 17:10:01)",
            "NOTICE:  BL2: v2.4(release):1.0",
            "ets Jun  8 2016 00:22:57",
        ] {
            assert_eq!(fits(line), ["bootloader"], "{line}");
        }
    }

    #[test]
    fn what_only_speaks_of_a_bootloader_is_none() {
        for line in [
            "ver=U-Boot 2013.07 (Nov 14 2021 - 09:40:06)",
            "Reserving 399k for U-Boot at: 83f9c000",
            "bootloader: U-Boot 2013.07 (Nov 14 2021 - 09:40:06)",
            "[    0.000000] Kernel command line: bootver=U-Boot 2013.07",
        ] {
            assert!(fits(line).is_empty(), "{line}: {:?}", fits(line));
        }
    }

    #[test]
    fn prompts_of_bootloaders_stand_alone_or_before_a_command() {
        for line in ["isvp_t31# ", "hisilicon # printenv", "=> ", "U-Boot> reset", "SStar #"] {
            assert_eq!(fits(line), ["bootloader prompt"], "{line}");
        }
        for line in ["Board # 7", "In:    serial", "## Booting kernel", "====>PHY not found!", "root@cam:~# "] {
            assert!(fits(line).is_empty(), "{line}: {:?}", fits(line));
        }
    }
}
