//! Access of other users to the file with a refresh token, and temporary files next to it.

use std::fs;
use std::path::Path;

use partner_center_budgets::auth::{FileStore, TokenStore};

use crate::auth_file_store::{Folder, stored};
use crate::skipped;

#[tokio::test]
async fn save_check_and_delete_remove_abandoned_files() {
    let folder = Folder::new();
    let unique = || uuid::Uuid::new_v4().simple().to_string();
    // In use by another process; for another file; not a temporary file.
    let stays =
        [format!(".token.{}.new", unique()), format!(".token.x.{}.new", unique()), ".token.mine.new".to_owned()];
    for name in &stays {
        fs::write(folder.0.join(name), "left").unwrap();
    }
    let written = fs::File::options().write(true).open(folder.0.join(&stays[0])).unwrap();
    written.lock().unwrap();
    let store = FileStore::new(folder.0.join("token"));
    for next in 0..3 {
        let left = folder.0.join(format!(".token.{}.new", unique()));
        fs::write(&left, "left").unwrap();
        match next {
            0 => store.check_writable().await.unwrap(),
            1 => store.save(&"new".into()).await.unwrap(),
            _ => assert!(store.delete().await.unwrap()),
        }
        assert!(!left.exists(), "{:?}", folder.names());
    }
    assert!(!store.delete().await.unwrap());
    let mut names = folder.names();
    names.sort();
    let mut stays = stays;
    stays.sort();
    assert_eq!(names, stays);
}

#[cfg(unix)]
#[tokio::test]
async fn replaces_the_target_of_a_link() {
    let folder = Folder::new();
    let (link, target) = (folder.0.join("link"), folder.0.join("vault/token"));
    std::os::unix::fs::symlink("vault/token", &link).unwrap();
    let store = FileStore::new(&link);
    for token in ["first", "second"] {
        store.check_writable().await.unwrap();
        store.save(&token.into()).await.unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), token);
        assert_eq!(stored(&link).await.as_deref(), Some(token));
    }
    assert!(store.delete().await.unwrap());
    assert!(!target.exists() && fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(stored(&link).await, None);
}

#[cfg(unix)]
#[tokio::test]
async fn refuses_a_file_that_others_can_change() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let within = folder.0.join("folder");
    let path = within.join("token");
    let store = FileStore::new(&path);
    store.save(&"token".into()).await.unwrap();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for exposed in [0o777, 0o770, 0o720, 0o702] {
        mode(&within, exposed);
        for error in
            [store.load().await.err(), store.save(&"next".into()).await.err(), store.check_writable().await.err()]
        {
            let error = error.expect("refused").to_string();
            assert!(error.contains("which may be changed by others") && error.contains("chmod go-w"), "{error}");
        }
    }
    // With the sticky bit, others cannot replace the file.
    for safe in [0o1777, 0o755, 0o700] {
        mode(&within, safe);
        assert_eq!(stored(&path).await.as_deref(), Some("token"));
    }
    // A link in a safe folder leads to the same file.
    let link = folder.0.join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    mode(&within, 0o777);
    assert!(FileStore::new(&link).load().await.is_err());
    mode(&within, 0o700);
    // Only root can change the owner.
    if std::os::unix::fs::chown(&path, Some(12_345), None).is_err() {
        return skipped("only root can make a file of another user");
    }
    let error = store.load().await.unwrap_err().to_string();
    assert!(error.contains("belongs to another user (id 12345)") && error.contains("chown"), "{error}");
    std::os::unix::fs::chown(&path, Some(0), None).unwrap();
    // In a folder such as /tmp, others can create links to files of this user.
    std::os::unix::fs::lchown(&link, Some(12_345), None).unwrap();
    mode(&folder.0, 0o1777);
    let linked = FileStore::new(&link);
    for error in [linked.load().await.err(), linked.save(&"next".into()).await.err()] {
        assert!(error.expect("refused").to_string().contains("belongs to another user (id 12345)"));
    }
    std::os::unix::fs::chown(&path, Some(0), None).unwrap();
    std::os::unix::fs::chown(&within, Some(12_345), None).unwrap();
    assert!(store.load().await.unwrap_err().to_string().contains("which belongs to another user (id 12345)"));
    assert!(store.save(&"next".into()).await.is_err());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let path = folder.0.join("made/token");
    let store = FileStore::new(&path);
    store.save(&"token".into()).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    for shown in [0o644, 0o640, 0o604, 0o620] {
        fs::set_permissions(&path, fs::Permissions::from_mode(shown)).unwrap();
        let error = store.load().await.unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
    store.save(&"next".into()).await.unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(stored(&path).await.as_deref(), Some("next"));
}
