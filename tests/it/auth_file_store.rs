//! The file that stores a refresh token, also when the process is killed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use partner_center_budgets::auth::{FileStore, RefreshToken, TokenStore};
use partner_center_budgets::{Client, Cloud};
use secrecy::{ExposeSecret, SecretString};

use crate::authority::{APP, AUDIENCE, Authority, BUDGET, TENANT};
use crate::replay::customer;

/// A folder that is removed at the end of the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let path = std::env::temp_dir().join(format!("budgets-{}", uuid::Uuid::new_v4()));
        fs::create_dir(&path).unwrap();
        // Independent of the umask.
        #[cfg(unix)]
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        Self(path)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

pub(crate) async fn stored(path: &Path) -> Option<String> {
    FileStore::new(path).load().await.unwrap().map(|token| token.expose_secret().to_owned())
}

#[tokio::test]
async fn saves_and_replaces_a_token() {
    let folder = Folder::new();
    let path = folder.0.join("deeper/token");
    let store = FileStore::new(&path);
    assert_eq!(stored(&path).await, None);
    for token in ["first", "second, which is longer", "third"] {
        store.save(&token.into()).await.unwrap();
        assert_eq!(stored(&path).await.as_deref(), Some(token));
    }
    assert_eq!(fs::read_dir(folder.0.join("deeper")).unwrap().count(), 1, "no temporary file stays");

    fs::write(&path, "  by-hand\n").unwrap();
    assert_eq!(stored(&path).await.as_deref(), Some("by-hand"));
    fs::write(&path, "\n").unwrap();
    assert_eq!(stored(&path).await, None);
    fs::write(&path, vec![b'x'; 65 * 1024]).unwrap();
    assert!(store.load().await.unwrap_err().to_string().contains("too long"));
    fs::write(&path, b"\xc3\x28").unwrap();
    assert!(store.load().await.unwrap_err().to_string().contains("is not text"));
}

/// The text as UTF-16 with a byte order mark.
pub(crate) fn utf_16(text: &str, write: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(write).collect()
}

#[tokio::test]
async fn reads_tokens_in_the_encodings_of_editors() {
    let folder = Folder::new();
    let path = folder.0.join("token");
    FileStore::new(&path).save(&"first".into()).await.unwrap();
    let text = " \t0.AXoA-made_up~token.\r\n\r\n";
    for bytes in [
        text.as_bytes().to_vec(),
        format!("\u{feff}{text}").into_bytes(),
        utf_16(text, u16::to_le_bytes),
        utf_16(text, u16::to_be_bytes),
    ] {
        fs::write(&path, bytes).unwrap();
        assert_eq!(stored(&path).await.as_deref(), Some("0.AXoA-made_up~token."));
    }
}

#[tokio::test]
async fn an_invalid_token_replaces_none() {
    let folder = Folder::new();
    let path = folder.0.join("token");
    let store = FileStore::new(&path);
    store.save(&"good".into()).await.unwrap();
    for bad in [String::new(), " \t\r\n".to_owned(), "x".repeat(100_000), "a\nb".to_owned(), "\u{feff}a".to_owned()] {
        let error = store.save(&bad.into()).await.unwrap_err();
        assert!(error.to_string().starts_with("the refresh token "), "{error}");
    }
    assert_eq!(stored(&path).await.as_deref(), Some("good"));
    let longest = "x".repeat(64 * 1024);
    store.save(&longest.clone().into()).await.unwrap();
    assert_eq!(stored(&path).await, Some(longest));
}

#[tokio::test]
async fn reports_a_folder_that_cannot_be_written() {
    let folder = Folder::new();
    fs::write(folder.0.join("file"), "").unwrap();
    let error = FileStore::new(folder.0.join("file/token")).save(&"secret-token".into()).await.unwrap_err();
    assert!(error.to_string().contains("cannot be written"), "{error}");
    assert!(!format!("{error:?}").contains("secret-token"));
}

#[tokio::test]
async fn checks_that_a_token_can_be_saved_and_changes_nothing() {
    let folder = Folder::new();
    FileStore::new(folder.0.join("made/token")).check_writable().await.unwrap();
    FileStore::new(folder.0.join("token")).check_writable().await.unwrap();
    assert!(folder.names().is_empty(), "{:?}", folder.names());
    fs::write(folder.0.join("file"), "").unwrap();
    for (path, why) in [("file/token", "cannot be written"), ("folder", "is not a regular file")] {
        fs::create_dir_all(folder.0.join("folder")).unwrap();
        let error = FileStore::new(folder.0.join(path)).check_writable().await.unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn refuses_a_pipe_without_blocking() {
    let folder = Folder::new();
    let path = folder.0.join("token");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    let store = FileStore::new(&path);
    let loaded = tokio::time::timeout(Duration::from_secs(5), store.load()).await;
    // A writer unblocks a reader, so that a failure ends the test.
    drop(fs::File::options().read(true).write(true).open(&path));
    let error = loaded.expect("it does not block").unwrap_err();
    assert!(error.to_string().contains("is not a regular file"), "{error}");
}

/// The task of the child process: the authority's address and the file, separated by `|`.
const CHILD: &str = "BUDGETS_TEST_ROTATE";

/// Redeems in a loop until it is killed, in a child process. Otherwise this test does nothing.
#[tokio::test]
async fn rotate_until_killed() {
    let Ok(task) = std::env::var(CHILD) else { return };
    let (address, path) = task.split_once('|').unwrap();
    let begin = Instant::now();
    // Ends without the parent, too.
    while begin.elapsed() < Duration::from_secs(60) {
        let credential = RefreshToken::new(TENANT, APP, Arc::new(FileStore::new(path)));
        let cloud = Cloud::custom(address, address, AUDIENCE);
        let client = Client::builder(credential).cloud(cloud).build().unwrap();
        client.get_budget(customer()).await.unwrap();
    }
}

struct Killed(Child);

impl Killed {
    fn start(address: &str, path: &Path) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "auth_file_store::rotate_until_killed"])
            .env(CHILD, format!("{address}|{}", path.display()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.unwrap())
    }
}

impl Drop for Killed {
    /// Sends SIGKILL on Unix.
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::test]
async fn a_killed_process_leaves_a_token_that_works() {
    const KILLS: u64 = 25;
    let folder = Folder::new();
    let path = folder.0.join("token");
    let issued = Arc::new(Mutex::new(BTreeSet::from(["rt-first".to_owned()])));
    // Calls with an access token whose refresh token was not in the file.
    let too_early = Arc::new(Mutex::new(Vec::new()));
    let (known, early, file) = (issued.clone(), too_early.clone(), path.clone());
    let authority = Authority::start(move |seen, _| {
        if seen.is_sign_in() {
            let mut known = known.lock().unwrap();
            if !known.contains(&seen.form()["refresh_token"]) {
                return (400, r#"{"error":"invalid_grant","error_description":"AADSTS9002313: unknown"}"#.to_owned());
            }
            let id = uuid::Uuid::new_v4();
            known.insert(format!("rt-{id}"));
            return (200, format!(r#"{{"access_token":"at-{id}","refresh_token":"rt-{id}","expires_in":3599}}"#));
        }
        let bearer = seen.headers["authorization"].to_str().unwrap();
        let held = fs::read_to_string(&file).unwrap();
        if held.strip_prefix("rt-") != bearer.strip_prefix("Bearer at-") {
            early.lock().unwrap().push((held, bearer.to_owned()));
        }
        (200, BUDGET.to_owned())
    })
    .await;
    FileStore::new(&path).save(&SecretString::from("rt-first")).await.unwrap();

    for kill in 0..KILLS {
        let before = authority.sign_ins().len();
        let child = Killed::start(&authority.base_url, &path);
        let redeemed = async {
            while authority.sign_ins().len() == before {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), redeemed).await.expect("the child redeems");
        // One redemption takes about as long, so the kills hit all of its steps.
        let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
        tokio::time::sleep(Duration::from_micros((random >> 16) % 60_000)).await;
        drop(child);
        let held = stored(&path).await.unwrap();
        assert!(issued.lock().unwrap().contains(&held), "kill {kill}: the authority never issued {held}");
    }
    assert_eq!(*too_early.lock().unwrap(), []);
    assert!(issued.lock().unwrap().len() as u64 > KILLS, "the children redeemed");
}
