//! What a nonce costs in memory, seen by the system: another process fills a guard and tells what became resident.

use std::process::Command;

use super::claims::Stream;
use super::{fill, live, played};
use crate::Result;
use crate::contest::Played;
use crate::rows::Size;
use counterseal_shared::MemoryReplayGuard;

pub(super) fn play(size: Size) -> Result<Played> {
    let live = live(size);
    let bytes = resident_in_a_process(live)? as f64;
    let remark = format!("{:.1} MB for a guard with room for as many as are live", bytes / 1e6);
    Ok(played(vec![bytes / live as f64], remark))
}

/// The bytes that a full guard of `nonces` makes resident in this program started anew, so that nothing else has filled its memory.
pub(crate) fn resident_in_a_process(nonces: usize) -> Result<usize> {
    let output = Command::new(std::env::current_exe()?).arg("--resident").arg(nonces.to_string()).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The bytes that a full guard of `nonces` made resident at most.
pub(crate) fn resident_after(nonces: usize) -> Result<usize> {
    let mut stream = Stream::new(nonces);
    stream.take(super::CHUNK);
    let (mut stream, before) = (Stream::new(nonces), resident("VmRSS")?);
    let options = format!(r#"{{"capacity":{nonces},"owner_share":{nonces}}}"#);
    let mut guard = MemoryReplayGuard::new(&options)?;
    fill(&mut guard, &mut stream, nonces, |_| {})?;
    Ok(resident("VmHWM")?.saturating_sub(before))
}

/// Bytes, from the kernel's account of this process.
fn resident(name: &str) -> Result<usize> {
    let status = std::fs::read_to_string("/proc/self/status")
        .map_err(|fault| format!("resident memory is read from /proc/self/status: {fault}"))?;
    in_status(&status, name).ok_or_else(|| format!("/proc/self/status has no {name}").into())
}

fn in_status(status: &str, name: &str) -> Option<usize> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let kilobytes: usize = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_account_is_read() {
        const STATUS: &str = "Name:\tbench\nVmHWM:\t    2048 kB\nVmRSS:\t     512 kB\n";
        assert_eq!(in_status(STATUS, "VmRSS"), Some(512 * 1024));
        assert_eq!(in_status(STATUS, "VmHWM"), Some(2048 * 1024));
        assert_eq!(in_status(STATUS, "VmSwap"), None);
    }
}
