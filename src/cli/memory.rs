//! The memory that the machine, its control group and the limits of the process leave to a run; a run that needs more is
//! refused before it starts.

use crate::error::Error;

/// Share of what is free that a run may count on: others live on the machine too. Assumption.
const SHARE: f64 = 0.9;

/// Refuses what needs more bytes than there are; `remedy` says how to need fewer.
pub(super) fn afford(need: u64, remedy: &str) -> Result<(), Error> {
    let room = room();
    let short = room.as_ref().is_some_and(|(bytes, _)| need as f64 > SHARE * *bytes as f64);
    // what no limit told, the system may still refuse
    let refused = usize::try_from(need)
        .map_or(true, |bytes| Vec::<u8>::new().try_reserve_exact(bytes).is_err());
    if !(short || refused) {
        return Ok(());
    }
    let have = match room {
        Some((bytes, whose)) => format!("{whose} leaves {}", shown(bytes)),
        None => "the system does not give it".to_owned(),
    };
    Err(Error::Usage {
        what: format!("this needs about {} of memory, and {have}", shown(need)),
        remedy: remedy.to_owned(),
    })
}

/// Bytes for people.
fn shown(bytes: u64) -> String {
    let gib = bytes as f64 / (1_u64 << 30) as f64;
    if gib >= 1.0 { format!("{gib:.1} GiB") } else { format!("{:.0} MiB", 1024.0 * gib) }
}

/// The smallest room and whose it is; none where the system does not say.
#[cfg(target_os = "linux")]
fn room() -> Option<(u64, &'static str)> {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let mut found = Vec::new();
    found.extend(
        read("/proc/meminfo").and_then(|text| machine(&text)).map(|room| (room, "the machine")),
    );
    let groups = read("/proc/self/cgroup").unwrap_or_default();
    found.extend(control_groups(&groups, &read).map(|room| (room, "the control group")));
    let used = read("/proc/self/status").and_then(|text| field(&text, "VmSize:")).unwrap_or(0);
    let limit = rustix::process::getrlimit(rustix::process::Resource::As).current;
    found.extend(
        limit.map(|limit| (limit.saturating_sub(used), "the limit of the process (ulimit -v)")),
    );
    found.into_iter().min_by_key(|(room, _)| *room)
}

#[cfg(not(target_os = "linux"))]
fn room() -> Option<(u64, &'static str)> {
    None
}

/// A field of `/proc` in kB, in bytes.
fn field(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// What `/proc/meminfo` says is available, swap included.
fn machine(meminfo: &str) -> Option<u64> {
    Some(field(meminfo, "MemAvailable:")? + field(meminfo, "SwapFree:").unwrap_or(0))
}

/// The smallest room in the control groups of the process and those around them: limit less use, the cache of files given
/// back. Version 2, or the memory controller of version 1.
fn control_groups(groups: &str, read: &dyn Fn(&str) -> Option<String>) -> Option<u64> {
    let mut rooms = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
        let (root, limit, usage, cache) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"),
            known if known.split(',').any(|one| one == "memory") => (
                "/sys/fs/cgroup/memory",
                "memory.limit_in_bytes",
                "memory.usage_in_bytes",
                "total_inactive_file",
            ),
            _ => continue,
        };
        // inside a container the group's own folder is the root, whatever the path says
        for group in std::path::Path::new(path).ancestors() {
            let folder = format!("{root}{}", group.display());
            let folder = folder.trim_end_matches('/');
            let number = |name: &str| read(&format!("{folder}/{name}"))?.trim().parse::<u64>().ok();
            let (Some(limit), Some(usage)) = (number(limit), number(usage)) else { continue };
            let stat = read(&format!("{folder}/memory.stat")).unwrap_or_default();
            let cached =
                stat.lines().find_map(|line| line.strip_prefix(cache)?.trim().parse().ok());
            rooms.push(limit.saturating_sub(usage.saturating_sub(cached.unwrap_or(0))));
        }
    }
    rooms.into_iter().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_and_its_groups_are_read() {
        let meminfo = "MemTotal: 100 kB\nMemAvailable:    2048 kB\nSwapFree: 1024 kB\n";
        assert_eq!(machine(meminfo), Some(3 << 20));
        let files = |path: &str| {
            let text = match path {
                "/sys/fs/cgroup/a/b/memory.max" => "max",
                "/sys/fs/cgroup/a/memory.max" => "1000",
                "/sys/fs/cgroup/a/memory.current" => "700\n",
                "/sys/fs/cgroup/a/memory.stat" => "anon 5\ninactive_file 100\n",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes" => "900",
                "/sys/fs/cgroup/memory/memory.usage_in_bytes" => "800",
                _ => return None,
            };
            Some(text.to_owned())
        };
        assert_eq!(control_groups("0::/a/b\n", &files), Some(400));
        assert_eq!(control_groups("4:cpu,memory:/job\n0::/\n", &files), Some(100));
        assert_eq!(control_groups("nonsense\n1:cpu:/\n", &files), None);
    }

    #[test]
    fn too_much_is_refused_with_the_number_and_a_remedy() {
        assert!(afford(1 << 20, "").is_ok());
        let error = afford(1 << 60, "ask for fewer paths").unwrap_err().to_string();
        assert!(
            error.contains("1073741824.0 GiB") && error.ends_with("ask for fewer paths"),
            "{error}"
        );
    }
}
