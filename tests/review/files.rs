//! Documents of several files, in a folder and in a git revision.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use openapi_review::compare;
use openapi_review::document::{Document, Files, Folder, GitTree};
use openapi_review::rules::Level;

use crate::rules::{SETTINGS, list};

const ROOT: &str = "openapi: 3.0.3\ninfo: {title: T, version: 1.0.0}\npaths:\n  /pets:\n    $ref: paths/pets.yaml\ncomponents:\n  \
                    schemas:\n    Name: {type: string}\n";
const PETS: &str = "get:\n  responses:\n    '200':\n      description: OK\n      content:\n        application/json:\n          \
                    schema: {$ref: '../schemas/pet.json'}\n";
const PET: &str = "{\"type\": \"object\",\n \"properties\": {\"name\": {\"$ref\": \"../api.yaml#/components/schemas/Name\"},\n  \
                   \"age\": {\"$ref\": \"#/definitions/Age\"}},\n \"definitions\": {\"Age\": {\"type\": \"integer\"}}}\n";

/// Files in memory. Each may be read once.
struct Memory(BTreeMap<&'static str, String>);

impl Memory {
    fn new(files: &[(&'static str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| (*path, (*text).to_owned())).collect())
    }

    fn load(&self) -> Result<Document, String> {
        let root = self.read("api.yaml")?;
        Document::load("new/api.yaml", &root, "api.yaml", self).map_err(|problem| problem.to_string())
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| "no such file".to_owned())
    }

    fn name(&self, path: &str) -> String {
        format!("new/{path}")
    }
}

fn pets() -> Memory {
    Memory::new(&[("api.yaml", ROOT), ("paths/pets.yaml", PETS), ("schemas/pet.json", PET)])
}

#[test]
fn references_lead_to_other_files() {
    let document = pets().load().unwrap();
    assert_eq!(document.warnings(), []);
    let item = document.root().at("/paths/~1pets").unwrap().target();
    assert_eq!((item.file(), item.pointer().as_str(), item.line()), ("new/paths/pets.yaml", "", 1));
    let pet = item.at("/get/responses/200/content/application~1json/schema").unwrap().target();
    assert_eq!((pet.file(), pet.parent()), ("new/schemas/pet.json", None));
    let age = pet.at("/properties/age").unwrap().target();
    assert_eq!((age.file(), age.pointer().as_str(), age.line()), ("new/schemas/pet.json", "/definitions/Age", 4));
    let name = pet.at("/properties/name").unwrap().target();
    assert_eq!(name, document.root().at("/components/schemas/Name").unwrap(), "the root is not read again");
}

#[test]
fn a_finding_has_the_file_and_line_of_its_node() {
    let base = pets().load().unwrap();
    let mut files = pets();
    files.0.insert("schemas/pet.json", PET.replace("\"integer\"", "\"string\""));
    let review = compare(&base, &files.load().unwrap(), SETTINGS);
    let [finding] = &*review.findings else { panic!("{}", list(&review.findings)) };
    let new = finding.new.as_ref().unwrap();
    assert_eq!((finding.level, new.file.as_str(), new.line), (Level::Breaking, "new/schemas/pet.json", 4));
    assert_eq!(
        (new.pointer.as_str(), new.snippet.trim()),
        ("/definitions/Age/type", "\"definitions\": {\"Age\": {\"type\": \"string\"}}}")
    );
    assert_eq!(finding.operations.first().unwrap().operation, "GET /pets");
    assert!(review.rust_unknown.unwrap().contains("several files"), "progenitor reads one file");
}

#[test]
fn schemas_of_a_file_that_is_not_one_are_judged_in_the_version_of_the_document() {
    let load = |value: &str| {
        let root = ROOT.replace("3.0.3", "3.1.0").replace("paths/pets.yaml", "pets.yaml#/paths/pets");
        let pets = "paths: {pets: {get: {responses: {'200': {description: OK, content: {application/json: {schema: \
                    {$ref: 'pets.yaml#/Pet', description: A pet}}}}}}}}\nPet: {type: object, properties: {tag: {const: VALUE}}}\n";
        Memory::new(&[("api.yaml", &root), ("pets.yaml", &pets.replace("VALUE", value))]).load().unwrap()
    };
    let review = compare(&load("a"), &load("b"), SETTINGS);
    let texts: Vec<_> = review.findings.iter().map(|finding| (finding.level, finding.text.as_str())).collect();
    assert_eq!(texts[0], (Level::Check, "`enum` of `tag` now has the value `b` in responses"), "{texts:?}");
    assert!(review.findings.iter().all(openapi_review::review::Finding::has_direction), "{texts:?}");
}

#[test]
fn the_same_change_in_two_files_has_two_fingerprints() {
    let load = |schema: &str| {
        let root = "openapi: 3.0.3\npaths: {/a: {get: {responses: {200: {content: {a/b: {schema: {properties: {b: {$ref: b.yaml}, c: \
                    {$ref: c.yaml}}}}}}}}}}";
        Memory::new(&[("api.yaml", root), ("b.yaml", schema), ("c.yaml", schema)]).load().unwrap()
    };
    let review = compare(&load("{type: string}"), &load("{type: integer}"), SETTINGS);
    let [one, other] = &*review.findings else { panic!("{}", list(&review.findings)) };
    assert_eq!((one.stable_path.as_str(), other.stable_path.as_str()), ("b.yaml/type", "c.yaml/type"));
    assert_ne!(one.fingerprint(), other.fingerprint());
}

#[test]
fn moving_a_schema_to_another_file_changes_nothing() {
    let base = ROOT.replace("$ref: paths/pets.yaml", &format!("\n      {}", PETS.replace('\n', "\n      ")));
    let base = base.replace("'../schemas/pet.json'", "'#/components/schemas/Pet'");
    let base = base
        + "    Pet: {type: object, properties: {name: {$ref: '#/components/schemas/Name'}, age: {type: integer}}}\n";
    let base = Document::parse("old.yaml", &base).unwrap();
    let review = compare(&base, &pets().load().unwrap(), SETTINGS);
    let worst = review.findings.iter().map(|finding| finding.level).max();
    assert!(worst <= Some(Level::Fine), "{}", list(&review.findings));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error_where_it_is_used() {
    let schema = |reference: &str| {
        let unused = format!("components: {{schemas: {{a: {{$ref: '{reference}'}}}}}}");
        let used = format!(
            "paths: {{/a: {{get: {{responses: {{200: {{content: {{a/b: {{schema: {{$ref: '{reference}'}}}}}}}}}}}}}}}}"
        );
        [used, unused].map(|text| {
            let root = format!("openapi: 3.0.3\n{text}");
            let files =
                [("api.yaml", &*root), ("b.yaml", "a: {b: 1}"), ("broken.yaml", "a: 1\nb: [\n"), ("c/d.yaml", "x: {}")];
            let mut files = Memory::new(&files);
            files.0.insert("old.yaml", "swagger: '2.0'\na: {}".to_owned());
            files.load()
        })
    };
    for (reference, reason) in [
        ("x.yaml#/a", "external `$ref`: failed to read x.yaml#/a: no such file"),
        ("b.yaml#/c", "dangling `$ref`: new/b.yaml has no /c"),
        ("broken.yaml#/a", "external `$ref`: failed to read broken.yaml#/a: new/broken.yaml:2:4: invalid YAML"),
        ("old.yaml#/a", "its version 2.0 is not supported: convert it to OpenAPI 3.0 or 3.1"),
        ("../other/b.yaml#/a", "../other/b.yaml#/a is outside of the folder of the document"),
        ("c/../../b.yaml#/a", "c/../../b.yaml#/a is outside of the folder of the document"),
        ("/etc/passwd", "/etc/passwd is outside of the folder of the document"),
        (
            "https://example.com/a.yaml#/a",
            "https://example.com/a.yaml#/a is a URL, and nothing is read from the network",
        ),
        ("//example.com/a.yaml#/a", "is a URL, and nothing is read from the network"),
        ("file:///etc/passwd", "is a URL, and nothing is read from the network"),
        ("C:/a.yaml", "is a URL, and nothing is read from the network"),
    ] {
        let [used, unused] = schema(reference);
        let problem = used.map(drop).unwrap_err();
        assert!(problem.starts_with("new/api.yaml:2:") && problem.contains(reason), "{reference}: {problem}");
        let warnings = unused.unwrap();
        let [warning] = warnings.warnings() else { panic!("{reference}: {:?}", warnings.warnings()) };
        assert!(warning.reason.contains(reason), "{reference}: {warning}");
        assert!(warning.reason.ends_with("; no path uses it, so it is ignored"), "{reference}: {warning}");
    }
    let [used, _] = schema("./c/.././c/d.yaml#/x");
    assert_eq!(used.map(|document| document.warnings().to_vec()), Ok(Vec::new()));
}

#[test]
fn files_may_refer_to_each_other() {
    let files = Memory::new(&[
        (
            "api.yaml",
            "openapi: 3.0.3\npaths: {/a: {get: {responses: {200: {content: {a/b: {schema: {$ref: 'b.yaml#/B'}}}}}}}}",
        ),
        ("b.yaml", "B: {properties: {c: {$ref: 'c%2Eyaml'}}}"),
        ("c.yaml", "properties: {b: {$ref: 'b.yaml#/B'}, c: {$ref: '#'}}"),
    ]);
    let document = files.load().unwrap();
    let b = document.root().at("/paths/~1a/get/responses/200/content/a~1b/schema").unwrap().target();
    let c = b.at("/properties/c").unwrap().target();
    assert_eq!((c.at("/properties/b").unwrap().target(), c.at("/properties/c").unwrap().target()), (b, c));
    let review = compare(&document, &files.load().unwrap(), SETTINGS);
    assert_eq!(review.findings, []);
}

#[test]
fn a_circle_across_files_is_an_error() {
    let files = Memory::new(&[
        ("api.yaml", "openapi: 3.0.3\npaths: {/a: {$ref: 'b.yaml#/B'}}"),
        ("b.yaml", "B: {$ref: 'c.yaml#/C'}"),
        ("c.yaml", "\nC: {$ref: 'b.yaml#/B'}"),
    ]);
    let problem = files.load().unwrap_err();
    assert_eq!(problem, "new/api.yaml:2:14: circular `$ref`: b.yaml#/B refers back to itself");
}

#[test]
fn a_mapping_may_name_a_schema_of_another_file() {
    let api = "openapi: 3.0.3\npaths: {/a: {get: {responses: {200: {content: {a/b: {schema: {oneOf: [{$ref: 'b.yaml#/Dog'}], \
               discriminator: {propertyName: kind, mapping: {dog: 'b.yaml#/Dog', cat: 'nowhere.yaml', 1: Cat}}}}}}}}}}\n\
               components: {schemas: {Cat: {}}}";
    let files = Memory::new(&[("api.yaml", api), ("b.yaml", "Dog: {type: object}")]);
    let document = files.load().unwrap();
    let mapping = document.root().at("/paths/~1a/get/responses/200/content/a~1b/schema/discriminator/mapping").unwrap();
    assert_eq!(mapping.get("dog").unwrap().target().pointer(), "/Dog");
    assert_eq!(mapping.get("1").unwrap().target().pointer(), "/components/schemas/Cat");
    assert_eq!(mapping.get("cat").unwrap().target(), mapping.get("cat").unwrap());
}

/// Writes the files of [`pets`] to a folder.
fn write(folder: &Path) {
    for (path, text) in pets().0 {
        fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        fs::write(folder.join(path), text).unwrap();
    }
}

#[test]
fn a_folder_has_the_files_below_it() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("api"));
    fs::write(folder.path().join("secret.yaml"), "type: string").unwrap();
    let load = |root: &str| {
        let files = Folder::new(folder.path().join("api"), "api/");
        Document::load("api/api.yaml", root.as_bytes(), "api.yaml", &files)
    };
    let document = load(ROOT).unwrap();
    assert_eq!(document.root().at("/paths/~1pets").unwrap().target().file(), "api/paths/pets.yaml");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../secret.yaml", folder.path().join("api/link.yaml")).unwrap();
        let problem = load(&ROOT.replace("paths/pets.yaml", "link.yaml")).unwrap_err();
        assert!(problem.reason.ends_with("it is a link to a file outside of the folder of the document"), "{problem}");
    }
}

#[test]
fn a_git_revision_has_the_files_of_its_tree() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
        let mut command = Command::new("git");
        // Within a git hook, these variables select the repository of the hook.
        command.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
        let output = command.args(identity).args(arguments).current_dir(folder.path()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "-q"]);
    write(&folder.path().join("services/api"));
    fs::write(folder.path().join("shared.yaml"), "get: {responses: {}}\n").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("link.yaml")).unwrap();
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "a"]);
    // The work tree does not matter.
    fs::remove_dir_all(folder.path().join("services/api/paths")).unwrap();
    let load = |path: &str, root: Option<&str>| {
        let (tree, path) = GitTree::new(folder.path().join("services"), "HEAD", path).unwrap();
        let root = root.map_or_else(|| tree.read(&path).unwrap(), |root| root.as_bytes().to_vec());
        Document::load("HEAD:api.yaml", &root, &path, &tree)
    };
    for path in ["services/api/api.yaml", "./api/api.yaml", "../services/api/api.yaml"] {
        let document = load(path, None).unwrap();
        let item = document.root().at("/paths/~1pets").unwrap().target();
        assert_eq!(item.file(), "HEAD:services/api/paths/pets.yaml");
    }
    let path = "services/api/api.yaml";
    let above = load(path, Some(&ROOT.replace("paths/pets.yaml", "../../shared.yaml"))).unwrap();
    assert_eq!(above.root().at("/paths/~1pets").unwrap().target().file(), "HEAD:shared.yaml");
    for (reference, reason) in [
        ("../../../shared.yaml", "is outside of the folder"),
        ("missing.yaml", "no such file in HEAD"),
        #[cfg(unix)]
        ("../../link.yaml", "it is a symbolic link: refer to the file itself"),
    ] {
        let problem = load(path, Some(&ROOT.replace("paths/pets.yaml", reference))).unwrap_err();
        assert!(problem.reason.contains(reason), "{problem}");
    }
    assert!(GitTree::new(folder.path(), "HEAD", "../api.yaml").is_err());
    let (index, path) = GitTree::new(folder.path(), "", "missing.yaml").unwrap();
    assert_eq!(index.read(&path).unwrap_err(), "no such file in the index");
}
