//! Circles of imports. Who reads a module of a circle must read them all, and none of them can move to another crate.

mod module;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use crate::Workspace;
use module::Module;

/// The modules of a crate by their paths, such as `["call", "spans"]`. The root is empty.
type Modules = BTreeMap<Vec<String>, Module>;

/// The modules that each module imports.
type Imports<'a> = BTreeMap<&'a [String], BTreeSet<&'a [String]>>;

/// Whether no modules of a crate import each other in a circle.
///
/// # Errors
///
/// Fails with the imports of each circle.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let mut found = Vec::new();
    for parent in ["crates", "xtask", "."] {
        for entry in fs::read_dir(workspace.root.join(parent)).with_context(|| format!("failed to read {parent}"))? {
            let sources = entry?.path().join("src");
            if sources.is_dir() {
                let of = sources.strip_prefix(&workspace.root).unwrap_or(&sources).display();
                found.extend(circles(&sources)?.iter().map(|circle| format!("{of}:\n{circle}")));
            }
        }
    }
    ensure!(found.is_empty(), "modules import each other in a circle:\n{}", found.join("\n"));
    Ok(())
}

/// Each circle in a crate's folder of sources, as a list of imports.
///
/// Tests count neither as modules nor as imports. A module that only re-exports a name with `pub use` does not import it:
/// whoever uses the name imports the module that defines it. Imports of and by the root and by generated code do not
/// count: the root is not written in terms of its modules, and the generator calls hooks of the modules that call it.
///
/// # Errors
///
/// Fails if a file cannot be read or is not Rust.
pub fn circles(sources: &Path) -> anyhow::Result<Vec<String>> {
    let mut modules = Modules::new();
    read_folder(sources, &[], &mut modules)?;
    let imports = imports(&modules);
    let mut circles = Vec::new();
    let mut reported = BTreeSet::new();
    for module in imports.keys() {
        let circle: BTreeSet<_> = reachable(module, &imports)
            .into_iter()
            .filter(|other| reachable(other, &imports).contains(module))
            .collect();
        if reported.insert(*module) && circle.contains(module) {
            let within = circle.iter().flat_map(|from| {
                imports[from].intersection(&circle).map(|to| format!("  {} imports {}", from.join("::"), to.join("::")))
            });
            circles.push(within.collect::<Vec<_>>().join("\n"));
            reported.extend(circle);
        }
    }
    Ok(circles)
}

fn read_folder(folder: &Path, path: &[String], modules: &mut Modules) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    files.sort();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let is_root = path.is_empty() && matches!(&*name, "lib" | "main");
        // Programs in the folder `bin` are crates of their own.
        if name == "tests" || path.is_empty() && name == "bin" {
            continue;
        }
        let path = if is_root { Vec::new() } else { [path, &[name]].concat() };
        if file.is_dir() {
            read_folder(&file, &path, modules)?;
        } else if file.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&file).with_context(|| format!("failed to read {}", file.display()))?;
            let module = modules.entry(path).or_default();
            module.read(&text).with_context(|| format!("{} is not Rust", file.display()))?;
        }
    }
    Ok(())
}

fn imports(modules: &Modules) -> Imports<'_> {
    let mut imports = Imports::new();
    for (from, module) in modules.iter().filter(|(from, _)| !from.is_empty() && from[0] != "generated") {
        let imported = module.paths.iter().filter_map(|path| defining_module(modules, from, path));
        imports.insert(from, imported.filter(|to| !to.is_empty() && to != from).collect());
    }
    imports
}

/// The module that defines what `path` names within the module `at`; `None` for other crates.
fn defining_module<'a>(modules: &'a Modules, at: &[String], path: &[String]) -> Option<&'a [String]> {
    find_definition(modules, at, path, MAX_REEXPORTS)
}

/// The most re-exports to follow. Names that modules re-export from each other are defined nowhere.
const MAX_REEXPORTS: u32 = 16;

fn find_definition<'a>(modules: &'a Modules, at: &[String], path: &[String], reexports: u32) -> Option<&'a [String]> {
    let reexports = reexports.checked_sub(1)?;
    let (mut at, mut path) = (at.to_vec(), path);
    // Whether the path has entered the crate. Until then, an unknown name is that of another crate.
    let mut is_inside = false;
    while let [first, rest @ ..] = path
        && matches!(first.as_str(), "crate" | "self" | "super")
    {
        match first.as_str() {
            "crate" => at.clear(),
            "super" => drop(at.pop()),
            _ => {}
        }
        (is_inside, path) = (true, rest);
    }
    while let [name, rest @ ..] = path {
        let child = [&at[..], std::slice::from_ref(name)].concat();
        let module = modules.get(&at)?;
        if modules.contains_key(&child) {
            at = child;
        } else if let Some(original) = module.reexport(name) {
            return find_definition(modules, &at, &[original, rest].concat(), reexports);
        } else if is_inside {
            let has_name = |glob: &&[String]| {
                let module = find_definition(modules, &at, glob, reexports).and_then(|module| modules.get(module));
                module.is_some_and(|module| module.defines(name) || module.reexport(name).is_some())
            };
            match module.globs().find(has_name) {
                Some(glob) if !module.defines(name) => {
                    return find_definition(modules, &at, &[glob, path].concat(), reexports);
                }
                _ => break,
            }
        } else {
            return None;
        }
        (is_inside, path) = (true, rest);
    }
    modules.get_key_value(&at).map(|(module, _)| module.as_slice())
}

/// All modules that `from` imports, directly or through others.
fn reachable<'a>(from: &'a [String], imports: &Imports<'a>) -> BTreeSet<&'a [String]> {
    let mut reached = BTreeSet::new();
    let mut left = vec![from];
    while let Some(module) = left.pop() {
        left.extend(imports.get(module).into_iter().flatten().copied().filter(|to| reached.insert(*to)));
    }
    reached
}
