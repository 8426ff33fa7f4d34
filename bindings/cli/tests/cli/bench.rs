//! A folder with all that the commands need, and a way to run them there.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::thread;

pub(crate) const SECRET: &str = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
/// Stands in [`SECRET`], in `WIDE` and in the keys' file, and nowhere else.
const MARK: &str = "060708090a0b0c0d";
pub(crate) const NOW: &str = "1708167234";

pub(crate) struct Bench {
    pub(crate) folder: PathBuf,
}

/// What became of a command.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Bench {
    /// A folder of that name: secrets, keys, a payload, a policy, a packet, a request and a token of this very moment.
    pub(crate) fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let bench = Self { folder };
        let token_secret = SECRET.replace("1e1f", "1eff");
        bench.private("engine-7.secret", &format!("{SECRET}\n"));
        bench.private("auth-1.secret", &token_secret);
        bench.private(
            "keys.json",
            &format!(
                r#"[{{"id":"engine-7","secret":"{SECRET}","owner":"engine-7"}},{{"id":"auth-1","secret":"{token_secret}","uses":["token"]}}]"#
            ),
        );
        bench.file("job.json", br#"{"job": 42.0}"#);
        bench.file("image.bin", b"\x00\xff\x0a");
        bench.file("claims.json", br#"{"role":"engine"}"#);
        bench.file("policy.json", br#"{"claims":{"role":"engine"}}"#);
        let signed =
            bench.run("packet sign --keys keys.json --key-id engine-7 --context status job.json", b"");
        bench.file("packet.json", signed.out.as_bytes());
        let issued = bench
            .run("token issue --keys keys.json --key-id auth-1 --claims @claims.json --expires-in 600", b"");
        bench.file("token.txt", issued.out.as_bytes());
        bench
            .file("request.http", &bench.request("POST", "/execute", "--url https://vault.internal/execute"));
        bench.file("peer.base", b"\"@method\": POST\n");
        bench
    }

    pub(crate) fn file(&self, name: &str, bytes: &[u8]) {
        fs::write(self.folder.join(name), bytes).unwrap();
    }

    /// A file that its owner alone can read.
    pub(crate) fn private(&self, name: &str, text: &str) {
        self.file(name, text.as_bytes());
        self.mode(name, 0o600);
    }

    pub(crate) fn mode(&self, name: &str, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(self.folder.join(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }

    /// A request on the wire whose body is `job.json`, signed as the words say.
    pub(crate) fn request(&self, method: &str, target: &str, words: &str) -> Vec<u8> {
        let signed = self.run(
            &format!(
                "request sign --keys keys.json --key-id engine-7 --method {method} --body job.json {words}"
            ),
            b"",
        );
        let head = format!("{method} {target} HTTP/1.1\nHost: vault.internal\n{}\n", signed.out);
        [head.as_bytes(), self.read("job.json").as_bytes()].concat()
    }

    /// Runs `counterseal` with these words, one space between two of them.
    pub(crate) fn run(&self, words: &str, input: &[u8]) -> Ended {
        self.run_words(&words.split(' ').collect::<Vec<_>>(), input)
    }

    pub(crate) fn run_words(&self, words: &[&str], input: &[u8]) -> Ended {
        ended(self.command(words), input)
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_counterseal"));
        command.args(words).current_dir(&self.folder).env("ENGINE_SECRET", SECRET);
        command
    }

    /// A line of shell, with the binary on the path.
    pub(crate) fn shell(&self, line: &str) -> Ended {
        let binary = PathBuf::from(env!("CARGO_BIN_EXE_counterseal"));
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(&self.folder).env("ENGINE_SECRET", SECRET);
        command.env("PATH", format!("{}:{path}", binary.parent().unwrap().display()));
        ended(command, b"")
    }
}

/// Runs it to its end. Whatever it says, no secret is in it, and no panic.
pub(crate) fn ended(mut command: Command, input: &[u8]) -> Ended {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    // A command that does not read its input leaves nothing to complain of.
    let writer = thread::spawn(move || drop(stdin.write_all(&input)));
    let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let ended = Ended { code: status.code().unwrap(), out: text(stdout), err: text(stderr) };
    for said in [&ended.out, &ended.err] {
        assert!(!said.contains(MARK) && !said.contains("panicked"), "{said}");
    }
    ended
}

impl Ended {
    /// It was done: nothing was said, and this is what it gave.
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// It was not: nothing was given, and this is what it said.
    #[track_caller]
    pub(crate) fn stopped(self, code: i32) -> String {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{}", self.err);
        self.err
    }
}
