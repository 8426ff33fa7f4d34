//! What `--help` says beside the arguments: examples, each of which a test runs, and the exit codes.

macro_rules! with_exit_codes {
    ($($examples:literal),+) => {
        concat!(
            "Examples:\n",
            $("  ", $examples, "\n",)+
            "\nExit codes:\n  0  done, or verified\n  1  refused: the code and what was wrong stand on standard error\n",
            "  2  wrong usage, a wrong key or a weak secret\n  3  a file or stream could not be read or written"
        )
    };
}

pub(crate) const ABOUT: &str =
    "Sign, verify and explain packets, requests and tokens, verify audit logs, make secrets";

pub(crate) const EXIT_CODES: &str = with_exit_codes!(
    "counterseal secret generate new.secret",
    "counterseal packet explain --keys keys.json --context status packet.json",
    "counterseal packet verify --help"
);
pub(crate) const PACKET_SIGN: &str = with_exit_codes!(
    "counterseal packet sign --key-id engine-7 --secret-file engine-7.secret --context status job.json",
    "echo '{\"job\":42}' | counterseal packet sign --keys keys.json --key-id engine-7 --context status",
    "counterseal packet sign --key-id engine-7 --secret-env ENGINE_SECRET --context firmware --bytes image.bin"
);
pub(crate) const PACKET_VERIFY: &str = with_exit_codes!(
    "counterseal packet verify --keys keys.json --context status packet.json",
    "counterseal packet verify --keys keys.json --context status --allow engine-7 --body < packet.json"
);
pub(crate) const PACKET_EXPLAIN: &str = with_exit_codes!(
    "counterseal packet explain --keys keys.json --context status packet.json",
    "counterseal packet explain --keys keys.json --context status --max-age 300 --json < packet.json"
);
pub(crate) const REQUEST_SIGN: &str = with_exit_codes!(
    "counterseal request sign --keys keys.json --key-id engine-7 --url https://vault.internal/health",
    "counterseal request sign --key-id engine-7 --secret-file engine-7.secret --method POST --url https://vault.internal/execute --header 'Content-Type: application/json' --body job.json",
    "counterseal request sign --key-id engine-7 --secret-env ENGINE_SECRET --method PUT --url http://vault.internal:8200/image --body image.bin --json"
);
pub(crate) const REQUEST_VERIFY: &str = with_exit_codes!(
    "counterseal request verify --keys keys.json --authority https://vault.internal request.http",
    "counterseal request verify --keys keys.json --authority https://vault.internal --allow engine-7 --body < request.http"
);
pub(crate) const REQUEST_EXPLAIN: &str = with_exit_codes!(
    "counterseal request explain --keys keys.json --authority https://vault.internal request.http",
    "counterseal request explain --keys keys.json --authority https://vault.internal --peer-base peer.base --json < request.http"
);
pub(crate) const TOKEN_ISSUE: &str = with_exit_codes!(
    "counterseal token issue --key-id auth-1 --secret-file auth-1.secret --claims '{\"role\":\"engine\"}' --expires-in 600",
    "counterseal token issue --keys keys.json --key-id auth-1 --claims @claims.json --expires-in 600 --jti"
);
pub(crate) const TOKEN_VERIFY: &str = with_exit_codes!(
    "counterseal token verify --keys keys.json --policy '{\"claims\":{\"role\":\"engine\"}}' token.txt",
    "counterseal token verify --key-id auth-1 --secret-file auth-1.secret --policy @policy.json < token.txt"
);
pub(crate) const TOKEN_EXPLAIN: &str = with_exit_codes!(
    "counterseal token explain --keys keys.json --policy @policy.json token.txt",
    "counterseal token explain --keys keys.json --json < token.txt"
);
pub(crate) const TOKEN_INSPECT: &str =
    with_exit_codes!("counterseal token inspect token.txt", "counterseal token inspect < token.txt");
pub(crate) const AUDIT_VERIFY: &str = with_exit_codes!(
    "counterseal audit verify audit.log",
    "counterseal audit verify --secret-file audit.secret --head \"$(cat kept.head)\" keyed.log",
    "counterseal audit verify --continued audit.log"
);
pub(crate) const SECRET_GENERATE: &str = with_exit_codes!(
    "counterseal secret generate new.secret",
    "counterseal secret generate - > other.secret"
);
