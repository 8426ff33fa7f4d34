//! A real Redis server, in a folder and behind a socket of its own.

use super::Folder;
use redis::{Client, FromRedisValue};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A server that ends with its test.
pub(crate) struct Server {
    folder: Folder,
    process: Child,
    arguments: Vec<String>,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        let folder = Folder::new("redis");
        let arguments: Vec<_> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let process = launch(&folder, &arguments);
        Self { folder, process, arguments }
    }

    pub(crate) fn url(&self) -> String {
        url(&self.folder)
    }

    /// Ends it as a power failure does.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    pub(crate) fn start_again(&mut self) {
        self.process = launch(&self.folder, &self.arguments);
    }

    /// Holds it without ending it (SIGSTOP), or lets it go on (SIGCONT).
    pub(crate) fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.process.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    /// Runs one command.
    pub(crate) fn run<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let mut connection = Client::open(self.url()).unwrap().get_connection().unwrap();
        redis::cmd(words[0]).arg(&words[1..]).query(&mut connection).unwrap()
    }

    /// As if it had been up for long: the fence of its first claim is open.
    pub(crate) fn open_the_fence(&self) {
        let () = self.run(&["SET", "counterseal:1:epoch", "1"]);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

fn url(folder: &Folder) -> String {
    format!("redis+unix://{}", folder.0.join("socket").display())
}

/// Starts it, and waits for it to say that it is ready.
fn launch(folder: &Folder, arguments: &[String]) -> Child {
    let program = std::env::var("REDIS_SERVER").unwrap_or_else(|_| "redis-server".to_owned());
    let mut process = Command::new(&program)
        .args(["--port", "0", "--unixsocket", "socket", "--save", "", "--appendonly", "no"])
        .args(arguments)
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|fault| {
            panic!("{program} does not start ({fault}): install it, or name it in REDIS_SERVER")
        });
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let ready = lines.any(|line| line.unwrap().contains("eady to accept connections"));
    assert!(ready, "the Redis server ended at once");
    // It may write on, and must not find its pipe closed.
    std::thread::spawn(move || lines.for_each(drop));
    process
}
