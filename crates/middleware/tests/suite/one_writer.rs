//! One SQLite file is for one process.

use crate::support::{Program, Scenario, Upstream, call};

// The check asks the store, which answers on another thread.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s50_a_second_process_on_one_file_is_refused_and_check_and_outbox_are_not() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path(), &upstream);

    let file = folder.path().join("portal.toml");
    // The same file by another name.
    let elsewhere = folder.path().join("elsewhere");
    std::os::unix::fs::symlink(folder.path(), &elsewhere).unwrap();
    let other = elsewhere.join("portal.toml");
    for file in [&file, &other] {
        let second = call(&["serve"], file);
        let said = String::from_utf8(second.stderr).unwrap();
        assert_eq!(second.status.code(), Some(1), "{said}");
        let holder = format!("another process (process {})", program.id());
        assert!(said.contains(&holder), "{said}");
        assert!(said.contains("portal.db"), "{said}");
        assert!(second.stdout.is_empty(), "it never listened");
    }
    program.run(&["check"]);
    assert!(program.run(&["outbox"]).contains("nothing waits"));
    let customer = program.customer(&upstream).await;
    assert_eq!(customer.get("/session").await.status, 200);

    // However it ended, the next one need not wait.
    program.kill();
    let next = Program::start(folder.path(), &upstream);
    assert_eq!(
        next.customer(&upstream).await.get("/session").await.status,
        200
    );
}

#[cfg(unix)]
#[tokio::test]
async fn the_database_and_the_mail_folder_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    // As earlier versions made it.
    let database = folder.path().join("portal.db");
    std::fs::write(&database, "").unwrap();
    std::fs::set_permissions(&database, std::fs::Permissions::from_mode(0o644)).unwrap();
    let program = Program::start(folder.path(), &upstream);
    let customer = program.customer(&upstream).await;
    let asked = customer.change("POST", "/customer/deletion", serde_json::json!({}));
    assert!(asked.await.is("done"));
    let modes = [
        "portal.db",
        "portal.db-wal",
        "portal.db-shm",
        "mail",
        "mail/latest.eml",
    ];
    for (name, mode) in modes.into_iter().zip([0o600, 0o600, 0o600, 0o700, 0o600]) {
        let found = std::fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!(found.permissions().mode() & 0o777, mode, "{name}");
    }
}
