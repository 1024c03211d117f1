//! A PostgreSQL server for tests: the one at `PERENNIAL_TEST_DATABASE_URL`, or one of its own from the
//! programs on the path or in Debian's folder.

use std::env;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, QueryBuilder};

/// A server, which ends with this where it is ours.
pub(crate) struct Server {
    /// The URL of a database of the server, up to the database's name.
    base: String,
    query: String,
    _own: Option<Own>,
}

struct Own {
    process: Child,
    _folder: tempfile::TempDir,
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// A server; `None`, and a line that says so, where none can run. That is a failure in CI.
    pub(crate) async fn start() -> Option<Server> {
        if let Ok(url) = env::var("PERENNIAL_TEST_DATABASE_URL") {
            let (url, query) = url.split_once('?').unwrap_or((&url, ""));
            let (base, _) = url.rsplit_once('/').expect("the URL of a database");
            return Some(Server {
                base: base.to_owned(),
                query: query.to_owned(),
                _own: None,
            });
        }
        let Some(programs) = programs() else {
            assert!(env::var_os("CI").is_none(), "there is no PostgreSQL server");
            eprintln!("not tested on PostgreSQL: set PERENNIAL_TEST_DATABASE_URL, or install it");
            return None;
        };
        Some(Server::run(&programs).await)
    }

    async fn run(programs: &Path) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        // It refuses to run as root.
        let user = other_user();
        if let Some((uid, gid)) = user {
            chown(folder.path(), Some(uid), Some(gid)).unwrap();
        }
        let program = |name: &str| {
            let mut command = Command::new(programs.join(name));
            command.current_dir(folder.path());
            command.stdout(Stdio::null()).stderr(Stdio::null());
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command
        };
        let made = program("initdb")
            .args(["--auth=trust", "--username=postgres", "--no-sync", "-D"])
            .arg(&data)
            .status();
        assert!(made.unwrap().success());
        let process = program("postgres")
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(folder.path())
            .args(["-c", "listen_addresses=", "-c", "fsync=off"])
            .spawn()
            .unwrap();
        let server = Server {
            base: "postgres://postgres@localhost".to_owned(),
            query: format!("host={}", folder.path().display()),
            _own: Some(Own {
                process,
                _folder: folder,
            }),
        };
        for _ in 0..400 {
            if server.connect("postgres").await.is_ok() {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("PostgreSQL does not start");
    }

    /// The URL of a new database.
    pub(crate) async fn database(&self) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let name = format!("perennial_{}_{number}", std::process::id());
        let mut connection = self.connect("postgres").await.unwrap();
        let mut create = QueryBuilder::<sqlx::Postgres>::new(format!("CREATE DATABASE {name}"));
        connection.execute(create.build()).await.unwrap();
        connection.close().await.unwrap();
        self.url(&name)
    }

    fn url(&self, database: &str) -> String {
        format!("{}/{database}?{}", self.base, self.query)
    }

    async fn connect(&self, database: &str) -> sqlx::Result<PgConnection> {
        let options: PgConnectOptions = self.url(database).parse()?;
        options.connect().await
    }
}

/// The folder of `initdb` and `postgres`: the newest on the path or of Debian's.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).collect::<Vec<_>>();
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    debian.sort();
    let mut all = on_path.into_iter().chain(debian.into_iter().rev());
    all.find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// The ids of a user to run as, where this is root's process: PostgreSQL's own, or nobody.
fn other_user() -> Option<(u32, u32)> {
    let me = std::fs::metadata("/proc/self").ok()?;
    if std::os::unix::fs::MetadataExt::uid(&me) != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let ids = |name: &str| {
        let line = users
            .lines()
            .find(|line| line.starts_with(&format!("{name}:")))?;
        let fields: Vec<&str> = line.split(':').collect();
        Some((fields[2].parse().ok()?, fields[3].parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody"))
}
