//! The page that `thsim validate` writes.

use super::validate::{Found, error_text, measured, simulated_text, used};
use crate::results::VERSION;
use crate::study::validation::{
    Compared, MEAN_LIMIT_PERCENT, RoadLoadKnown, Use, WORST_LIMIT_PERCENT,
};
use std::fmt::Write;

/// The 2010 Prius on 15 and on 17 inch wheels.
const TWO_WHEELS: (&str, &str) = ("prius-2010", "prius-2010-17in");

/// How far EPA has them apart on the FTP, percent, as the page says it: the middles of the
/// rows give 7.05. A test below holds it to them.
const APART_ON_FTP_PERCENT: f64 = 7.0;

/// How much further the first of them goes on a test with the same fuel, percent.
fn apart_percent(rows: &[Compared], test: &str, of: impl Fn(&Compared) -> Option<f64>) -> f64 {
    let figure = |car: &str| {
        let mut rows = rows.iter();
        let own = |it: &&Compared| it.row.car_and_test() == (car, test) && it.is_of_the_mean();
        rows.find(own).and_then(&of).unwrap_or(f64::NAN)
    };
    100.0 * (figure(TWO_WHEELS.0) / figure(TWO_WHEELS.1) - 1.0)
}

/// The same as measured.
fn measured_apart_percent(rows: &[Compared], test: &str) -> f64 {
    apart_percent(rows, test, |it| Some(it.row.middle()))
}

/// What no figure of the table can tell.
fn limits(found: &Found) -> String {
    let simulated = |test| apart_percent(&found.rows, test, |it| it.simulated);
    format!(
        "\
## What does not fit, and what these rows cannot show

- **The two 2010 cars are further apart on the FTP than their road loads.** EPA's figures
  differ by {:.1} % between 15 and 17 inch wheels, on the highway by {:.1} %; with the published
  coefficients the model has about {:.0} % for either. One set of parameters therefore leaves the
  15-inch car below its FTP and the 17-inch car above it, whatever is fitted.
- **The bags swing more than the model's.** The real car charges harder in the 505 s parts.
  Charging at cruising speed (up to 5 kW, the end of its range) gives most of the swing.
- **One laboratory, few cars.** Most rows with a published road load are EPA's, of four tests
  of two cars of one transaxle and two of another. The fit sees them, so that their small
  deviations show consistency; the leave-one-out figures of `thsim calibrate` show more.
- **A road load that was fitted validates nothing.** The scale is what the consumption implies
  if everything else is right. It also carries the tyre, the mass and the laboratory.
- **Fuel.** Density, carbon and heating value of test fuels agree with each other within 1 %
  only; one setting holds for all EPA rows.
- **Charge at the ends of a bag** is not published: bags are compared as the model has them,
  whole tests at zero net battery energy.
",
        APART_ON_FTP_PERCENT,
        measured_apart_percent(&found.rows, "hwfet"),
        0.5 * (simulated("ftp") + simulated("hwfet")),
    )
}

fn rows(page: &mut String, found: &Found, of: impl Fn(&Compared) -> bool) {
    page.push_str(
        "| Car | Test | Quantity | Measured | Simulated | Error % | Measured band ±% | Held to ±% | Use | Source |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    for compared in found.rows.iter().filter(|it| of(it)) {
        let row = &compared.row;
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {}{} | {:.1} | {} | {} | {} |",
            row.vehicle,
            row.test,
            row.quantity.replace('_', " "),
            measured(row),
            simulated_text(compared),
            error_text(compared),
            if compared.breaks() {
                " **outside**"
            } else {
                ""
            },
            row.band_percent(),
            row.tolerance_percent,
            used(row),
            row.source
        );
    }
    page.push('\n');
}

/// The page in Markdown.
pub(super) fn page(found: &Found) -> String {
    let budget = &found.budget;
    let mut page = format!(
        "# Validation\n\n\
         Written by `thsim validate --out docs`, thsim {VERSION}; a test compares it with what the \
         program says. *Fit* rows were seen by calibration (`thsim calibrate`), *check* rows were \
         not, *report* rows stand outside the budget with their reason.\n\n\
         ![simulated against measured](validation.svg)\n\n\
         **Consumption with a published road load**, {} tests: mean deviation {:.1} % (limit \
         {MEAN_LIMIT_PERCENT}), worst {:.1} % (limit {WORST_LIMIT_PERCENT}). The budget {}.\n\n",
        budget.count,
        budget.mean_percent,
        budget.worst_percent,
        if budget.holds() {
            "holds"
        } else {
            "is **broken**"
        }
    );
    let counted = |it: &Compared| it.row.used != Use::Report;
    page.push_str("## Road load published\n\n");
    rows(&mut page, found, |it| {
        counted(it) && it.row.road_load == RoadLoadKnown::Published
    });
    page.push_str(
        "## Road load implied\n\nOne scale per car on the coefficients of the 2010 Prius on 15 \
         inch was fitted to these rows (0.8 to 1.25): no validation.\n\n",
    );
    rows(&mut page, found, |it| {
        counted(it) && it.row.road_load == RoadLoadKnown::Scaled
    });
    page.push_str("| Car | Implied road load, times the set |\n|---|---|\n");
    for it in &found.scales {
        let _ = writeln!(page, "| {} | {:.3} |", it.vehicle, it.scale);
    }
    page.push_str("\n## Without a road load\n\n");
    rows(&mut page, found, |it| {
        counted(it) && it.row.road_load == RoadLoadKnown::None
    });
    page.push_str("## Reported, outside the budget\n\n");
    rows(&mut page, found, |it| !counted(it));
    page.push_str("| Row | Why, or what to know |\n|---|---|\n");
    for it in found.rows.iter().filter(|it| !it.row.note.is_empty()) {
        let row = &it.row;
        let quantity = row.quantity.replace('_', " ");
        let _ = writeln!(
            page,
            "| {} {} {quantity} | {} |",
            row.vehicle, row.test, row.note
        );
    }
    page.push('\n');
    page.push_str(&limits(found));
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::validation;

    #[test]
    fn the_figure_that_is_written_by_hand_is_that_of_the_rows() {
        let rows = validation::rows().unwrap().into_iter();
        let compared = rows.map(|row| Compared {
            row,
            simulated: None,
        });
        let apart = measured_apart_percent(&compared.collect::<Vec<_>>(), "ftp");
        assert!((apart - APART_ON_FTP_PERCENT).abs() < 0.1, "{apart}");
    }
}
