//! How voice messages are transcribed, as it can be written and not.

use std::time::Duration;

use expect_test::expect;

use super::*;

#[test]
fn a_transcriber_is_a_program_with_one_place_for_the_file() {
    let problems = |argv: &str| {
        let bench = Bench::with_file(&format!("[voice]\ntranscribe = {argv}\n"));
        let all = bench.problems();
        let problem = all.lines().nth(1).unwrap_or_default().trim().to_owned();
        problem.replace("DIR/bridge.toml:2: voice.transcribe: ", "")
    };
    let wrong = [
        r#"["whisper-cli", "-f"]"#,
        r#"["whisper-cli"]"#,
        r#"["", "{file}"]"#,
        r#"["{file}", "{file}"]"#,
        r#"["./whisper-cli", "{file}"]"#,
        r#"["bin/whisper-cli", "{file}"]"#,
        r#"["whisper-cli", "{file}", "{file}.txt"]"#,
        r#"["whisper-cli", "{file}", "\u0000"]"#,
        r#""whisper-cli {file}""#,
    ];
    let told: Vec<_> = wrong.iter().map(|argv| problems(argv)).collect();
    expect![[r#"
        no argument has {file}, so the program would not get the file
        no argument has {file}, so the program would not get the file
        the program is empty
        the program, "{file}", is the file itself
        the program, "./whisper-cli", is a path that does not start with /
        the program, "bin/whisper-cli", is a path that does not start with /
        {file} occurs 2 times
        an argument has a zero byte in it
        found the text "whisper-cli {file}""#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn what_is_right_is_taken_as_it_is_written() {
    let bench = Bench::with_file(
        "[voice]\ntranscribe = [\"whisper-cli\", \"--in={file}\"]\nconfirm = true\n\
         timeout = \"90s\"\nmax_length = \"1h\"\n",
    );
    let voice = bench.load().config.voice;
    assert_eq!(voice.transcribe, ["whisper-cli", "--in={file}"]);
    assert!(voice.confirm);
    assert_eq!(voice.timeout, Duration::from_secs(90));
    assert_eq!(voice.max_length, Duration::from_secs(3600));
}
