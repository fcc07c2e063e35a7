//! What each test procedure asks: the day, the preparation, what is driven, and which
//! rule judges the charge of its battery.

use super::charge_rules::Rule;

/// A test procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Procedure {
    /// US federal test procedure for hybrids, four bags.
    Ftp,
    /// The same at −6.7 °C.
    FtpCold,
    /// US highway test.
    Hwfet,
    /// US high speed and acceleration test.
    Us06,
    /// US air-conditioning test.
    Sc03,
    /// Window sticker of the US from city and highway test.
    EpaLabel,
    /// European type approval until 2017.
    Nedc,
    /// Worldwide procedure, four phases.
    Wltp,
    /// Japanese 10-15 mode.
    Japan1015,
    /// Japanese JC08; its schedule is not shipped.
    Jc08,
}

/// What is driven.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Schedule {
    /// A shipped cycle.
    Shipped(&'static str),
    /// The cycle that the user gives.
    Given,
    /// One speed for a while.
    Steady {
        /// Speed, km/h.
        speed_kmh: f64,
        /// For how long, s.
        time_s: f64,
    },
}

/// One act of a procedure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Act {
    /// Drives without measuring.
    Drive(Schedule),
    /// Parks the car, s.
    Soak(f64),
    /// Drives and measures bags, their names with this before them.
    Measure {
        schedule: Schedule,
        prefix: &'static str,
        weight: f64,
    },
}

/// What lies between preparation and measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    /// Twelve hours and more: everything has the temperature of the air.
    Overnight,
    /// The car drives on.
    Warm,
}

/// A procedure as data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Definition {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// Where it is laid down.
    pub(super) source: &'static str,
    pub(super) ambient_c: f64,
    /// Load of the air conditioning at the battery, W.
    pub(super) air_conditioning_w: f64,
    /// The heater is on: the engine may stop only with a warmer coolant.
    pub(super) heater: bool,
    /// Factor on the car's road load.
    pub(super) road_load_factor: f64,
    pub(super) prepare: &'static [Act],
    pub(super) begin: Begin,
    pub(super) measure: &'static [Act],
    /// The rule that judges its charge.
    pub(super) rule: Rule,
}

const UDDS: Schedule = Schedule::Shipped("udds");
const TEN_MINUTES_S: f64 = 600.0;
/// Mean draw of an electric air-conditioning compressor and its fans over SC03 at 35 °C
/// and 850 W/m² of sun, W: an estimate, 800 to 1800 (the peak of this car's compressor).
const AIR_CONDITIONING_W: f64 = 1200.0;
/// Weights of the cold and the hot pass, 40 CFR 600.114 and SAE J1711.
const COLD_43: f64 = 0.43;
const HOT_57: f64 = 0.57;

const FTP_MEASURE: &[Act] = &[
    Act::Measure {
        schedule: UDDS,
        prefix: "cold_",
        weight: COLD_43,
    },
    Act::Soak(TEN_MINUTES_S),
    Act::Measure {
        schedule: UDDS,
        prefix: "hot_",
        weight: HOT_57,
    },
];

const FTP: Definition = Definition {
    name: "ftp",
    title: "FTP, four bags: cold UDDS, 10 min soak, hot UDDS, 43/57",
    source: "40 CFR 1066.801 to 1066.820, SAE J1711",
    ambient_c: 24.0,
    air_conditioning_w: 0.0,
    heater: false,
    road_load_factor: 1.0,
    prepare: &[Act::Drive(UDDS)],
    begin: Begin::Overnight,
    measure: FTP_MEASURE,
    rule: Rule::SaeJ1711,
};

const fn one_pass(cycle: &'static str) -> Act {
    Act::Measure {
        schedule: Schedule::Shipped(cycle),
        prefix: "",
        weight: 1.0,
    }
}

impl Procedure {
    /// All of them, in the order of the command's help.
    pub const ALL: [Self; 10] = [
        Self::Ftp,
        Self::FtpCold,
        Self::Hwfet,
        Self::Us06,
        Self::Sc03,
        Self::EpaLabel,
        Self::Nedc,
        Self::Wltp,
        Self::Japan1015,
        Self::Jc08,
    ];

    /// Name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::EpaLabel => "epa-label",
            other => other.definition().name,
        }
    }

    /// One line that says what it is.
    pub fn title(self) -> &'static str {
        match self {
            Self::EpaLabel => "window sticker of the US from FTP and HWFET, 2008 and 2017",
            other => other.definition().title,
        }
    }

    /// Where it is laid down.
    pub fn source(self) -> &'static str {
        match self {
            Self::EpaLabel => "40 CFR 600.210, derived 5-cycle values",
            other => other.definition().source,
        }
    }

    /// The procedure of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether the schedule has to be given.
    pub fn needs_schedule(self) -> bool {
        self == Self::Jc08
    }

    /// The procedure as data; the label's is that of its city test.
    #[allow(clippy::too_many_lines)] // a list of figures
    pub(super) fn definition(self) -> Definition {
        match self {
            Self::Ftp | Self::EpaLabel => FTP,
            Self::FtpCold => Definition {
                name: "ftp-20f",
                title: "FTP at −6.7 °C (20 °F), road load +10 %, heater on",
                source: "40 CFR 1066.710",
                ambient_c: -6.7,
                heater: true,
                road_load_factor: 1.1,
                ..FTP
            },
            Self::Hwfet => Definition {
                name: "hwfet",
                title: "HWFET, one pass to prepare, one measured",
                source: "40 CFR 1066.840, SAE J1711",
                prepare: &[Act::Drive(Schedule::Shipped("hwfet"))],
                begin: Begin::Warm,
                measure: const { &[one_pass("hwfet")] },
                ..FTP
            },
            Self::Us06 => Definition {
                name: "us06",
                title: "US06, one pass to prepare, city and highway parts apart",
                source: "40 CFR 1066.831, SAE J1711",
                prepare: &[Act::Drive(Schedule::Shipped("us06"))],
                begin: Begin::Warm,
                measure: const { &[one_pass("us06")] },
                ..FTP
            },
            Self::Sc03 => Definition {
                name: "sc03",
                title: "SC03 at 35 °C with air conditioning (1200 W), after a 10 min soak",
                source: "40 CFR 1066.835, SAE J1711",
                ambient_c: 35.0,
                air_conditioning_w: AIR_CONDITIONING_W,
                prepare: &[
                    Act::Drive(Schedule::Shipped("sc03")),
                    Act::Soak(TEN_MINUTES_S),
                ],
                begin: Begin::Warm,
                measure: const { &[one_pass("sc03")] },
                ..FTP
            },
            Self::Nedc => Definition {
                name: "nedc",
                title: "NEDC from cold",
                source: "UN R101 annexes 6 and 8",
                ambient_c: 25.0,
                prepare: &[Act::Drive(Schedule::Shipped("nedc"))],
                begin: Begin::Overnight,
                measure: const { &[one_pass("nedc")] },
                rule: Rule::UnR101,
                ..FTP
            },
            Self::Wltp => Definition {
                name: "wltp",
                title: "WLTP class 3b from cold, four phases",
                source: "UN GTR 15 annexes 6 and 8",
                ambient_c: 23.0,
                prepare: &[Act::Drive(Schedule::Shipped("wltc_class3b"))],
                begin: Begin::Overnight,
                measure: const { &[one_pass("wltc_class3b")] },
                rule: Rule::WltpReess,
                ..FTP
            },
            Self::Japan1015 => Definition {
                name: "10-15",
                title: "Japanese 10-15 mode, warm, after 15 min at 60 km/h",
                source: "TRIAS 23-9",
                ambient_c: 25.0,
                prepare: &[
                    Act::Drive(Schedule::Steady {
                        speed_kmh: 60.0,
                        time_s: 900.0,
                    }),
                    Act::Drive(Schedule::Shipped("japan_10_15")),
                ],
                begin: Begin::Warm,
                measure: const { &[one_pass("japan_10_15")] },
                rule: Rule::UnR101,
                ..FTP
            },
            Self::Jc08 => Definition {
                name: "jc08",
                title: "Japanese JC08, 25 % cold and 75 % hot",
                source: "TRIAS 08-003",
                ambient_c: 25.0,
                prepare: &[Act::Drive(Schedule::Given)],
                begin: Begin::Overnight,
                measure: &[
                    Act::Measure {
                        schedule: Schedule::Given,
                        prefix: "cold_",
                        weight: 0.25,
                    },
                    Act::Measure {
                        schedule: Schedule::Given,
                        prefix: "hot_",
                        weight: 0.75,
                    },
                ],
                rule: Rule::UnR101,
                ..FTP
            },
        }
    }
}
