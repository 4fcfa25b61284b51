//! Where the server is and who asks is read from the environment.

use std::{env, process::Command};

use segno_store::Store;

use crate::{
    places::put,
    server::{Server, borrowed},
};

/// Set for the process that this test starts: its environment cannot be changed while other tests run.
const CHILD: &str = "SEGNO_STORE_CHILD";

#[test]
fn settings_come_from_the_environment() {
    if env::var_os(CHILD).is_some() {
        let store = Store::open("s3://music/shards").unwrap();
        assert_eq!(store.names().unwrap(), ["here"]);
        return;
    }
    let server = Server::start();
    put(&Store::open_with("s3://music/shards", &borrowed(&server.settings())).unwrap(), "here", b"x").unwrap();
    let test = ["environment::settings_come_from_the_environment", "--exact"];
    let run = |settings: Vec<(&str, String)>| {
        Command::new(env::current_exe().unwrap()).args(test).env(CHILD, "1").envs(settings).output().unwrap()
    };
    let output = run(server.settings());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    let mut wrong = server.settings();
    wrong.last_mut().unwrap().1 = "another".into();
    assert!(!run(wrong).status.success(), "or the process does not look");
}
