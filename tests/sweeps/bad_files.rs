//! Sweep files that are wrong: every problem is told, each with its line.

use super::Bench;

const HEAD: &str = "cycles = [\"ece15\"]\nstart = 0.6\noutputs = [\"fuel_g\"]\n";

/// What the program says of a sweep file; it has to be wrong input.
fn refused(sweep: &str) -> String {
    let bench = Bench::with(sweep);
    let (code, errors) = bench.fails(&["run", "sweep.toml", "--out", "out"]);
    assert_eq!(code, Some(2), "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
    assert!(!bench.path("out").exists(), "nothing is written");
    errors
}

/// The same for what follows a valid head.
fn refused_axis(rest: &str) -> String {
    refused(&format!("{HEAD}{rest}"))
}

fn mass(values: &str) -> String {
    format!("[[axis]]\nkey = \"chassis.test_mass_kg\"\n{values}\n")
}

#[test]
fn all_problems_are_told_at_once_with_their_lines() {
    let errors = refused(
        r#"cycles = ["uds"]
outputs = ["fuel_l_per_100"]
step_s = 7
colour = "red"

[design]
kind = "gird"

[[axis]]
key = "chassis.test_mas_kg"
range = { from = 1, to = 2, points = 3 }

[[axis]]
key = "battery.capacity_ah"
range = { from = 8, to = 4, points = 3 }

[[axis]]
key = "auxiliary.power_w"
normal = { mean = 300, sigma = -20, points = 5 }

[[axis]]
key = "gearset.final_ratio"
list = []
"#,
    );
    for told in [
        "sweep.toml:3",
        "sweep.toml:4",
        "sweep.toml:7",
        "did you mean `grid`?",
        "sweep.toml:10",
        "did you mean `chassis.test_mass_kg`?",
        "sweep.toml:15",
        "reversed: from 8 to 4",
        "sweep.toml:19",
        "`sigma` = -20 is not above 0",
        "sweep.toml:23",
        "the axis `gearset.final_ratio` has no points",
        "unknown key `colour`",
    ] {
        assert!(errors.contains(told), "{told} in\n{errors}");
    }
}

#[test]
fn names_that_stand_for_nothing() {
    let axis = mass("list = [1400, 1500]");
    let errors = refused(&format!("cycles = [\"uds\"]\n{axis}"));
    assert!(errors.contains("did you mean `udds`?"), "{errors}");
    let errors = refused(&format!(
        "cycles = [\"udds\"]\noutputs = [\"fuel_l_per_100\"]\n{axis}"
    ));
    assert!(
        errors.contains("did you mean `fuel_l_per_100km`?"),
        "{errors}"
    );
    let errors = refused(&format!("vehicle = \"levin\"\ncycles = [\"udds\"]\n{axis}"));
    assert!(errors.contains("levin-hybrid"), "{errors}");
    let errors = refused(&format!("{axis}outputs = []\n"));
    assert!(
        errors.contains("unknown key `outputs` of `axis`"),
        "{errors}"
    );
    let errors = refused(&axis);
    assert!(errors.contains("needs a cycle"), "{errors}");
}

#[test]
fn axes_that_are_none() {
    for (axis, told) in [
        ("", "the sweep has no axis"),
        ("[[axis]]\nlist = [1]\n", "says not what varies"),
        (&mass(""), "has no values"),
        (
            &mass("list = [1400]\nrange = { from = 1, to = 2 }"),
            "in two ways",
        ),
        (
            &mass("range = { from = 1400, to = 1500 }"),
            "has no `points`",
        ),
        (&mass("range = { from = 1400, points = 3 }"), "has no `to`"),
        (
            &mass("range = { from = 1400, to = 1500, points = 0 }"),
            "out of range",
        ),
        (
            &mass("range = { from = 1400, to = 1500, points = 2.5 }"),
            "out of range",
        ),
        (
            &mass("range = { from = 1400, to = nan, points = 2 }"),
            "not finite",
        ),
        (
            &mass("range = { from = 1400, to = 15000, points = 3 }"),
            "allowed: 300 to 10000",
        ),
        (&mass("list = [1400, 15000]"), "allowed: 300 to 10000"),
        (&mass("list = [1400, \"heavy\"]"), "must be a number"),
        (
            &mass("log = { from = 0, to = 15, points = 3 }"),
            "cannot begin at 0",
        ),
        (
            &mass("uniform = { low = 1500, high = 1500, points = 3 }"),
            "reversed or empty",
        ),
        (
            &mass("triangular = { low = 1, mode = 5, high = 3, points = 3 }"),
            "no triangle",
        ),
        (
            &mass("normal = { mean = 1500, sigma = 0, points = 3 }"),
            "not above 0",
        ),
        (
            &format!("{0}{0}", mass("list = [1400]")),
            "varies on two axes",
        ),
        ("[[axis]]\nkey = \"name\"\nlist = [\"a\"]\n", "cannot vary"),
        (
            "[[axis]]\nkey = \"run.cicle\"\nlist = [\"a\"]\n",
            "did you mean `run.cycle`?",
        ),
        ("[[axis]]\nname = \"a b\"\nlist = [1]\n", "is no name"),
        (
            "[[axis]]\nkey = \"battery.open_circuit_v.v\"\nrange = { from = 1, to = 2, points = 2 }\n",
            "takes no range of numbers",
        ),
        (
            "[[axis]]\ntogether = [{ key = \"mg1.inertia_kg_m2\", list = [0.01, 0.02] }, \
             { key = \"mg2.inertia_kg_m2\", list = [0.01] }]\n",
            "2 and 1 points",
        ),
        ("axis = 3\n", "must be a list of tables"),
        ("[[axis]\n", "sweep.toml:4"),
    ] {
        let errors = refused_axis(axis);
        assert!(errors.contains(told), "{told} in\n{errors}");
    }
}

#[test]
fn designs_that_are_none() {
    let axis = mass("range = { from = 1400, to = 1500, points = 1100000 }");
    let other = "[[axis]]\nkey = \"auxiliary.power_w\"\n\
                 range = { from = 1, to = 2, points = 1100000 }\n";
    let errors = refused_axis(&format!("{axis}{other}"));
    assert!(
        errors.contains("1100000 × 1100000") && errors.contains("2^40"),
        "{errors}"
    );
    let one = mass("range = { from = 1400, to = 1500 }");
    for (design, told) in [
        ("kind = \"sobol\"", "needs the number of `points`"),
        ("kind = \"sobol\"\npoints = 0", "out of range"),
        ("kind = \"sobol\"\npoints = 1099511627777", "out of range"),
        (
            "kind = \"saltelli\"\npoints = 1099511627776",
            "too many designs",
        ),
        ("kind = \"sobol\"\npoints = 8\nseed = -1", "out of range"),
        (
            "kind = \"sobol\"\npoints = 8\nsed = 1",
            "did you mean `seed`?",
        ),
    ] {
        let errors = refused_axis(&format!("[design]\n{design}\n{one}"));
        assert!(errors.contains(told), "{told} in\n{errors}");
    }
    let errors = refused_axis(&format!("[design]\npoints = 8\n{}", mass("list = [1400]")));
    assert!(errors.contains("says nothing of a grid"), "{errors}");
}

#[test]
fn formulas_that_are_none() {
    let axis = mass("list = [1400, 1500]");
    for (formula, told) in [
        (
            "constraints = [\"chassis.test_mass_kg > 2000\"]",
            "drop all 2 designs",
        ),
        ("constraints = [\"mas > 2000\"]", "unknown name `mas`"),
        ("constraints = [\"1 +\"]", "the formula ends"),
        ("constraints = [3]", "must be a list of texts"),
    ] {
        let errors = refused(&format!("{HEAD}{formula}\n{axis}"));
        assert!(errors.contains(told), "{told} in\n{errors}");
    }
    for (derived, told) in [
        ("key = \"auxiliary.power_w\"", "has no formula"),
        (
            "key = \"auxiliary.power_w\"\nvalue = \"2 * sise\"",
            "unknown name `sise`",
        ),
        (
            "key = \"chassis.test_mass_kg\"\nvalue = \"2\"",
            "already has a value",
        ),
        ("key = \"run.soc\"\nvalue = \"0.5\"", "cannot be derived"),
        ("value = \"2\"", "one `key` or one `name`"),
        (
            "key = \"battery.open_circuit_v.v\"\nvalue = \"2\"",
            "takes no number",
        ),
        (
            "key = \"chassis.cd\"\nscale = \"2\"",
            "has no `chassis.cd` to scale",
        ),
    ] {
        let errors = refused_axis(&format!("{axis}[[derived]]\n{derived}\n"));
        assert!(errors.contains(told), "{told} in\n{errors}");
    }
}

#[test]
fn heads_and_options_that_contradict() {
    let cycle = "[[axis]]\nkey = \"run.cycle\"\nlist = [\"ece15\"]\n";
    assert!(refused_axis(cycle).contains("`cycles` is given, and `run.cycle` varies"));
    let soc = "[[axis]]\nkey = \"run.soc\"\nlist = [0.5]\n";
    assert!(refused_axis(soc).contains("`start` is given, and `run.soc` varies"));
    let axis = mass("list = [1400]");
    for (head, told) in [
        ("start = \"hot\"", "is no start"),
        ("start = 1.5", "is no start"),
        ("step_s = 2", "allowed: 0.01 to 1"),
        ("repeat = 0", "out of range"),
        ("set = [\"chassis.test_mas_kg=3\"]", "did you mean"),
    ] {
        let errors = refused(&format!("cycles = [\"ece15\"]\n{head}\n{axis}"));
        assert!(errors.contains(told), "{told} in\n{errors}");
    }
    let bench = Bench::with(&format!("{HEAD}{axis}"));
    for shard in ["0/4", "5/4", "1", "a/b", "1/0"] {
        let (code, errors) = bench.fails(&["run", "sweep.toml", "--out", "out", "--shard", shard]);
        assert_eq!(code, Some(2), "{shard}: {errors}");
    }
    let (code, errors) = bench.fails(&["run", "batery-size", "--out", "out"]);
    assert_eq!(code, Some(2));
    assert!(errors.contains("did you mean `battery-size`?"), "{errors}");
    assert_eq!(bench.fails(&["run", "sweep.toml"]).0, Some(2));
    assert_eq!(
        bench.fails(&["run", "nowhere.toml", "--out", "out"]).0,
        Some(2)
    );
}
