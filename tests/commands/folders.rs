//! What `--out` writes, and where.

use crate::{SHORT, folder, names, read, thsim_in, write};

#[test]
fn every_run_gets_a_folder_named_after_car_and_cycle() {
    let here = folder();
    write(here.path(), "a b&ü.csv", SHORT);
    std::fs::create_dir(here.path().join("sub")).expect("a folder");
    write(&here.path().join("sub"), "a b&ü.csv", SHORT);
    let run = [
        "run",
        "a b&ü.csv",
        "sub/a b&ü.csv",
        "ece15",
        "--soc=0.6",
        "--out",
        "deep/er",
    ];
    thsim_in(here.path(), &run).done();
    let out = here.path().join("deep/er");
    assert_eq!(
        names(&out),
        [
            "levin-hybrid-a_b__",
            "levin-hybrid-a_b__-2",
            "levin-hybrid-ece15"
        ]
    );
    for folder in names(&out) {
        assert_eq!(
            names(&out.join(folder)),
            ["summary.json", "trace.csv", "vehicle.toml"]
        );
    }
}

#[test]
fn a_second_run_replaces_the_first_whole_and_byte_by_byte() {
    let here = folder();
    write(here.path(), "short.csv", SHORT);
    let run = ["run", "short.csv", "--out", "out"];
    let result = here.path().join("out/levin-hybrid-short");
    thsim_in(here.path(), &run).done();
    let files = ["summary.json", "trace.csv", "vehicle.toml"];
    let first = files.map(|name| read(&result.join(name)));
    write(&result, "left-over.txt", "of an earlier version");
    thsim_in(here.path(), &run).done();
    assert_eq!(names(&result), files);
    assert_eq!(files.map(|name| read(&result.join(name))), first);
}

#[test]
fn a_result_depends_on_no_folder_and_no_option_that_changes_nothing() {
    let (one, other) = (folder(), folder());
    for here in [&one, &other] {
        write(here.path(), "short.csv", SHORT);
    }
    let few = ["run", "short.csv", "--out", "out", "--jobs", "1"];
    let many = [
        "run",
        "short.csv",
        "--quiet",
        "--format=json",
        "--jobs=3",
        "--out=elsewhere",
    ];
    thsim_in(one.path(), &few).done();
    thsim_in(other.path(), &many).done();
    for file in ["summary.json", "trace.csv", "vehicle.toml"] {
        let a = read(&one.path().join("out/levin-hybrid-short").join(file));
        let b = read(&other.path().join("elsewhere/levin-hybrid-short").join(file));
        assert_eq!(a, b, "{file}");
        assert!(!a.contains(one.path().to_str().expect("UTF-8")), "{file}");
    }
}

#[test]
fn the_vehicle_that_was_driven_is_a_file_that_drives_the_same() {
    let here = folder();
    let set = ["--set", "chassis.test_mass_kg=1623.5"];
    thsim_in(
        here.path(),
        &[&["run", "ece15", "--out", "out"], &set[..]].concat(),
    )
    .done();
    let result = here.path().join("out/levin-hybrid-ece15");
    let again = [
        "run",
        "ece15",
        "--vehicle",
        "out/levin-hybrid-ece15/vehicle.toml",
        "--format",
        "json",
    ];
    let again = thsim_in(here.path(), &again).json();
    let first: serde_json::Value =
        serde_json::from_str(&read(&result.join("summary.json"))).expect("JSON");
    assert_eq!(again[0]["fuel_g"], first["fuel_g"]);
    assert_eq!(again[0]["input_hash"], first["input_hash"]);
}

#[test]
fn a_file_in_the_way_is_wrong_input_and_found_before_the_run() {
    let here = folder();
    write(here.path(), "file", "not a folder");
    for arguments in [
        &["run", "ece15", "--out", "file"][..],
        &["run", "ece15", "--out", "file/below"],
        &["forced-start", "--out", "file"],
    ] {
        let message = thsim_in(here.path(), arguments).refused();
        assert!(
            message.contains("`file` is a file, not a folder"),
            "{message}"
        );
    }
    assert_eq!(names(here.path()), ["file"]);
    assert_eq!(read(&here.path().join("file")), "not a folder");
}

#[test]
fn a_folder_that_is_no_result_is_left_alone() {
    let here = folder();
    let taken = here.path().join("out/levin-hybrid-ece15");
    std::fs::create_dir_all(taken.join("photos")).expect("a folder");
    write(&taken, "thesis.txt", "years of work");
    let run = ["run", "ece15", "--soc=0.6", "--out", "out"];
    let message = thsim_in(here.path(), &run).refused();
    for part in ["levin-hybrid-ece15", "`photos`, `thesis.txt`", "--out"] {
        assert!(message.contains(part), "no {part} in {message}");
    }
    assert_eq!(names(&taken), ["photos", "thesis.txt"]);
    std::fs::remove_file(taken.join("thesis.txt")).expect("a file");
    std::fs::remove_dir(taken.join("photos")).expect("a folder");
    thsim_in(here.path(), &run).done();
}

#[cfg(feature = "plot")]
#[test]
fn plot_says_once_what_it_wants() {
    let here = folder();
    write(here.path(), "short.csv", SHORT);
    let message = thsim_in(here.path(), &["plot", "sankey", "nowhere"]).refused();
    assert_eq!(message.matches("make one with").count(), 1, "{message}");
    let run = ["run", "short.csv", "--soc=0.6", "--out", "out"];
    thsim_in(here.path(), &run).done();
    let result = "out/levin-hybrid-short";
    let message = thsim_in(here.path(), &["plot", "forced-start", result]).refused();
    assert!(
        message.contains("`short`") && message.contains("thsim forced-start --out"),
        "{message}"
    );
    let others = thsim_in(here.path(), &["plot", "all", result]).done();
    // Each as SVG and as PNG, but for the forced start.
    let kinds = thsim::plot::Figure::ALL.len() - 1;
    assert_eq!(others.lines().count(), 2 * kinds, "{others}");
    for (out, part) in [
        ("out", "is a folder, not a file"),
        ("short.csv/a.svg", "is a file, not a folder"),
        ("gone/a.svg", "`gone` is no folder"),
    ] {
        let message = thsim_in(here.path(), &["plot", "sankey", result, "--out", out]).refused();
        assert!(message.contains(part), "{message}");
    }
}

#[cfg(feature = "plot")]
#[test]
fn a_forced_start_is_drawn_again_as_it_was() {
    let here = folder();
    let study = ["forced-start", "--step=1", "--out", "out"];
    thsim_in(here.path(), &study).done();
    let result = "out/levin-hybrid-forced-start";
    let picture = here.path().join(result).join("forced-start.svg");
    let first = read(&picture);
    assert!(!first.contains('`') && !first.contains("MG1 -"));
    thsim_in(here.path(), &["plot", "forced-start", result]).done();
    assert_eq!(read(&picture), first);
}
