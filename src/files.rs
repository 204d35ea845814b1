//! The one way to a file that a user names: regular files of bounded size, and standard input up to the same bound.
//!
//! A pipe would block, a device never ends, a folder and a socket hold no text, a file without a bound fills the memory.
//! None is opened before it is known what it is, and what was opened is looked at again, since a name can change hands in
//! between.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// How large a kind of file may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// What the file is, with an article.
    pub what: &'static str,
    /// Most bytes.
    pub bytes: u64,
    /// What to do with a larger one.
    pub remedy: &'static str,
}

/// A scenario file, 1 MiB: the library's largest has 7 kB.
pub const SCENARIO: Bound = Bound {
    what: "a scenario file",
    bytes: 1 << 20,
    remedy: "name a scenario file, or split it with `extends`",
};

/// A table of episodes, 1 MiB: a thousand of them have 200 kB.
pub const EPISODES: Bound =
    Bound { what: "a table of episodes", bytes: 1 << 20, remedy: "split it into several files" };

/// A data file, 256 MiB: the largest that a publisher gives has 15 MB.
pub const DATA: Bound = Bound {
    what: "a data file",
    bytes: 256 << 20,
    remedy: "cut it to the years and series that are used",
};

/// Given data, 1 GiB: its columns are held in memory.
pub const GIVEN: Bound =
    Bound { what: "given data", bytes: 1 << 30, remedy: "keep fewer rows or columns" };

/// A journal, 1 GiB: 100,000 points of ten horizons have 400 MB.
pub const JOURNAL: Bound =
    Bound { what: "the journal of a sweep", bytes: 1 << 30, remedy: "remove it to begin again" };

/// Opens a regular file of at most that size, without ever waiting for it.
///
/// # Errors
/// What is no regular file, with what it is; a larger one, with both sizes; whatever the system says.
pub fn open(path: &Path, bound: Bound) -> io::Result<File> {
    require(&std::fs::metadata(path)?, bound)?;
    let file = open_at_once(path)?;
    require(&file.metadata()?, bound)?;
    Ok(file)
}

/// Reads a whole regular file of at most that size.
///
/// # Errors
/// As for [`open`].
pub fn read(path: &Path, bound: Bound) -> io::Result<Vec<u8>> {
    read_all(open(path, bound)?, bound)
}

/// Reads standard input to its end, at most that many bytes.
///
/// # Errors
/// A longer input; whatever the system says.
pub fn read_stdin(bound: Bound) -> io::Result<Vec<u8>> {
    read_all(io::stdin().lock(), bound)
}

/// Reads to the end; a file may have grown since it was opened, and some have no size.
fn read_all(source: impl Read, bound: Bound) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(bound.bytes + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > bound.bytes {
        true => Err(too_large("more", bound)),
        false => Ok(bytes),
    }
}

#[cfg(unix)]
fn open_at_once(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

#[cfg(not(unix))]
fn open_at_once(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Opens a file of our own to be read and written, or makes it: never through a link, never what is no regular file.
///
/// # Errors
/// A link, or what is no regular file, with what it is; whatever the system says.
pub fn open_own(path: &Path, bound: Bound) -> io::Result<File> {
    if let Ok(facts) = std::fs::symlink_metadata(path) {
        require(&facts, bound)?;
    }
    let file = create_own(path)?;
    require(&file.metadata()?, bound)?;
    Ok(file)
}

#[cfg(unix)]
fn create_own(path: &Path) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = flags | OFlags::CLOEXEC | OFlags::NOCTTY;
    Ok(File::from(rustix::fs::open(path, flags, Mode::from_raw_mode(0o666))?))
}

#[cfg(not(unix))]
fn create_own(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).create(true).truncate(false).open(path)
}

/// Refuses what is no regular file, or a larger one.
fn require(facts: &Metadata, bound: Bound) -> io::Result<()> {
    if !facts.is_file() {
        let (found, what) = (kind(facts), bound.what);
        let or = if bound == SCENARIO { ", or give it on standard input as `-`" } else { "" };
        let why = format!("it is {found}, and {what} must be a regular file; name one{or}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    match facts.len() > bound.bytes {
        true => Err(too_large(&facts.len().to_string(), bound)),
        false => Ok(()),
    }
}

fn too_large(size: &str, bound: Bound) -> io::Error {
    let Bound { what, bytes, remedy } = bound;
    let have = if size == "more" { "more bytes".to_owned() } else { format!("{size} bytes, more") };
    let why = format!("it has {have} than the {bytes} that {what} may have; {remedy}");
    io::Error::new(io::ErrorKind::FileTooLarge, why)
}

/// What a file is, with an article.
fn kind(facts: &Metadata) -> &'static str {
    let kind = facts.file_type();
    if kind.is_dir() {
        return "a folder";
    }
    if kind.is_symlink() {
        return "a link";
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    "no file"
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR: Bound = Bound { what: "a test", bytes: 4, remedy: "write less" };

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    fn why(path: &Path) -> String {
        read(path, FOUR).map_err(|error| error.to_string()).expect_err("refused")
    }

    #[test]
    fn files_up_to_the_bound_are_read_and_larger_ones_say_both_sizes() {
        let home = folder();
        let path = home.path().join("a");
        std::fs::write(&path, "four").expect("written");
        assert_eq!(read(&path, FOUR).expect("read"), b"four");
        std::fs::write(&path, "five!").expect("written");
        assert_eq!(why(&path), "it has 5 bytes, more than the 4 that a test may have; write less");
        assert!(why(home.path()).contains("a folder"));
        assert!(read_all(&b"five!"[..], FOUR).is_err_and(|error| {
            error.to_string() == "it has more bytes than the 4 that a test may have; write less"
        }));
    }

    #[cfg(unix)]
    #[test]
    fn pipes_devices_and_sockets_are_refused_without_waiting() {
        let home = folder();
        let path = home.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.is_ok_and(|status| status.success()));
        assert!(why(&path).contains("it is a pipe, and a test must be a regular file"));
        assert!(why(Path::new("/dev/zero")).contains("a device"));
        let socket = home.path().join("socket");
        let _held = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
        assert!(why(&socket).contains("a socket"));
        assert!(open_own(&path, FOUR).is_err_and(|error| error.to_string().contains("a pipe")));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_of_our_own_is_never_behind_a_link() {
        let home = folder();
        let (real, link) = (home.path().join("real"), home.path().join("link"));
        std::fs::write(&real, "mine").expect("written");
        std::os::unix::fs::symlink(&real, &link).expect("linked");
        assert_eq!(read(&link, FOUR).expect("read"), b"mine");
        assert!(open_own(&link, FOUR).is_err_and(|error| error.to_string().contains("a link")));
        assert!(open_own(&home.path().join("new"), FOUR).is_ok());
    }
}
