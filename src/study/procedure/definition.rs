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
    /// The same on the schedule without gear changes.
    NedcAutomatic,
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
    /// Parts of the test that have figures of their own: name, and how the names of their
    /// bags begin.
    pub(super) parts: &'static [(&'static str, &'static str)],
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
    parts: &[("cold_udds", "cold_"), ("soaked_udds", "hot_")],
    rule: Rule::SaeJ1711,
};

const NEDC: Definition = Definition {
    name: "nedc",
    title: "NEDC from cold",
    source: "UN R101 annexes 6 and 8",
    ambient_c: 25.0,
    prepare: &[
        Act::Drive(Schedule::Shipped("nedc")),
        Act::Drive(Schedule::Shipped("nedc")),
    ],
    begin: Begin::Overnight,
    measure: const { &[one_pass("nedc")] },
    parts: &[("urban", "ece15_"), ("extra_urban", "eudc")],
    rule: Rule::UnR101,
    ..FTP
};

/// How Japanese tests warm a car.
const WARM_JAPAN: Act = Act::Drive(Schedule::Steady {
    speed_kmh: 60.0,
    time_s: 900.0,
});

const fn one_pass(cycle: &'static str) -> Act {
    Act::Measure {
        schedule: Schedule::Shipped(cycle),
        prefix: "",
        weight: 1.0,
    }
}

impl Procedure {
    /// All of them, in the order of the command's help.
    pub const ALL: [Self; 11] = [
        Self::Ftp,
        Self::FtpCold,
        Self::Hwfet,
        Self::Us06,
        Self::Sc03,
        Self::EpaLabel,
        Self::Nedc,
        Self::NedcAutomatic,
        Self::Wltp,
        Self::Japan1015,
        Self::Jc08,
    ];

    /// Those that need neither a schedule nor a wish: what is certified where none is
    /// named. The NEDC's other form comes with the NEDC.
    pub fn default_set() -> impl Iterator<Item = Self> {
        let asked = |it: &Self| it.needs_schedule() || *it == Self::NedcAutomatic;
        Self::ALL.into_iter().filter(move |it| !asked(it))
    }

    /// Name on the command line.
    pub fn name(self) -> &'static str {
        self.definition().map_or("epa-label", |it| it.name)
    }

    /// One line that says what it is.
    pub fn title(self) -> &'static str {
        self.definition().map_or(
            "window sticker of the US from FTP and HWFET, 2008 and 2017",
            |it| it.title,
        )
    }

    /// Where it is laid down.
    pub fn source(self) -> &'static str {
        self.definition()
            .map_or("40 CFR 600.210, derived 5-cycle values", |it| it.source)
    }

    /// The procedure of this name, whatever its case, `_` equal to `-`.
    pub fn find(name: &str) -> Option<Self> {
        let fold = |name: &str| name.trim().to_lowercase().replace('_', "-");
        Self::ALL
            .into_iter()
            .find(|it| fold(it.name()) == fold(name))
    }

    /// Whether the schedule has to be given.
    pub fn needs_schedule(self) -> bool {
        self == Self::Jc08
    }

    /// The tests it takes: itself, but for the label, which is computed from two, and the
    /// NEDC, which is compared with its other form.
    pub fn tests(self) -> &'static [Self] {
        match self {
            Self::Ftp => &[Self::Ftp],
            Self::FtpCold => &[Self::FtpCold],
            Self::Hwfet => &[Self::Hwfet],
            Self::Us06 => &[Self::Us06],
            Self::Sc03 => &[Self::Sc03],
            Self::EpaLabel => &[Self::Ftp, Self::Hwfet],
            Self::Nedc => &[Self::Nedc, Self::NedcAutomatic],
            Self::NedcAutomatic => &[Self::NedcAutomatic],
            Self::Wltp => &[Self::Wltp],
            Self::Japan1015 => &[Self::Japan1015],
            Self::Jc08 => &[Self::Jc08],
        }
    }

    /// The procedure as data; none where it is no test of its own.
    #[allow(clippy::too_many_lines)] // a list of figures
    pub(super) fn definition(self) -> Option<Definition> {
        Some(match self {
            Self::EpaLabel => return None,
            Self::Ftp => FTP,
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
                parts: &[],
                ..FTP
            },
            Self::Us06 => Definition {
                name: "us06",
                title: "US06, one pass to prepare, city and highway parts apart",
                source: "40 CFR 1066.831, SAE J1711",
                prepare: &[Act::Drive(Schedule::Shipped("us06"))],
                begin: Begin::Warm,
                measure: const { &[one_pass("us06")] },
                parts: &[("city", "city"), ("highway", "highway")],
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
                parts: &[],
                ..FTP
            },
            Self::Nedc => NEDC,
            Self::NedcAutomatic => Definition {
                name: "nedc_automatic",
                title: "NEDC from cold, the schedule without gear changes",
                prepare: &[
                    Act::Drive(Schedule::Shipped("nedc_automatic")),
                    Act::Drive(Schedule::Shipped("nedc_automatic")),
                ],
                measure: const { &[one_pass("nedc_automatic")] },
                ..NEDC
            },
            Self::Wltp => Definition {
                name: "wltp",
                title: "WLTP class 3b from cold, four phases",
                source: "UN GTR 15 annexes 6 and 8",
                ambient_c: 23.0,
                prepare: &[Act::Drive(Schedule::Shipped("wltc_class3b"))],
                begin: Begin::Overnight,
                measure: const { &[one_pass("wltc_class3b")] },
                parts: &[],
                rule: Rule::WltpReess,
                ..FTP
            },
            Self::Japan1015 => Definition {
                name: "10-15",
                title: "Japanese 10-15 mode, warm, after 15 min at 60 km/h",
                source: "TRIAS 23-9",
                ambient_c: 25.0,
                prepare: &[WARM_JAPAN, Act::Drive(Schedule::Shipped("japan_10_15"))],
                begin: Begin::Warm,
                measure: const { &[one_pass("japan_10_15")] },
                parts: &[],
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
                    WARM_JAPAN,
                    Act::Measure {
                        schedule: Schedule::Given,
                        prefix: "hot_",
                        weight: 0.75,
                    },
                ],
                parts: &[("cold", "cold_"), ("hot", "hot_")],
                rule: Rule::UnR101,
                ..FTP
            },
        })
    }
}
