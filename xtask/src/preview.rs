//! `cargo xtask preview`: the portal over mock data, without a server of its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::dist::{self, Build, minify};
use crate::process::{npm_program, program, root, run as run_program, target};
use crate::tools;

/// Where the preview is served, as `serve` in Trunk.toml says too.
pub(crate) const ADDRESS: &str = "127.0.0.1:8403";

/// The style sheets that a portal adopts, by their names below `style/`.
const STYLES: [&str; 2] = ["portal", "lazy"];

/// The path of the frame with the switches and the theme.
const FRAME: &str = "/portal/preview/";

/// Serves the preview until Ctrl-C. With trunk on the path, code and styles are rebuilt at each
/// change; without it, styles are, and nothing needs to be installed first.
///
/// # Errors
/// Where a tool is missing or fails.
pub(crate) fn run() -> Result<()> {
    tools::wasm_target()?;
    tools::node_modules()?;
    match tools::trunk() {
        Some(trunk) => serve_by_trunk(&trunk),
        None => serve_bundle(),
    }
}

fn serve_by_trunk(trunk: &Path) -> Result<()> {
    tools::wasm_bindgen()?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = std::iter::once(target().join("tools/bin"));
    let path = std::env::join_paths(own.chain(std::env::split_paths(&path)))?;
    println!("The portal over mock data: http://{ADDRESS}{FRAME} (Ctrl-C ends)");
    run_program(
        program(trunk)
            .arg("serve")
            .env("PATH", path)
            .env_remove("RUSTFLAGS"),
    )
}

fn serve_bundle() -> Result<()> {
    println!("Building the portal over mock data (about two minutes the first time)");
    dist::bundle(Build::Mock)?;
    let site = assemble_site()?;
    println!(
        "\n  http://{ADDRESS}{FRAME}\n\n  A change below style/ shows at once; after one of the \
         code, start this again, or install\n  trunk {} to have it rebuilt. Ctrl-C ends.\n",
        tools::TRUNK
    );
    let text = |path: PathBuf| path.display().to_string();
    run_program(
        npm_program("esbuild")
            .args(STYLES.map(|name| format!("{name}=style/{name}.css")))
            .arg("live=web/live.js")
            .args(["--bundle", "--format=esm", "--log-level=warning"])
            .args(["--target=es2022", "--supported:nesting=true"])
            .arg("--watch=forever")
            .arg(format!("--serve={ADDRESS}"))
            .arg(format!("--servedir={}", text(site.clone())))
            .arg(format!("--outdir={}", text(site.join("portal"))))
            .arg(format!(
                "--serve-fallback={}",
                text(site.join("portal/index.html"))
            )),
    )
}

/// Copies the bundle to where esbuild serves it, with a page that takes the styles and the script
/// that follows them from esbuild.
fn assemble_site() -> Result<PathBuf> {
    let site = target().join("preview-site");
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    let portal = site.join("portal");
    dist::copy_folder(&Build::Mock.folder(), &portal)?;
    let page = portal.join("index.html");
    let index = fs::read_to_string(&page)?;
    let live = "<script type=\"module\" src=\"/portal/live.js\"></script>\n</head>";
    let mut live = index.replace("</head>", live);
    for name in STYLES {
        let start = format!("/portal/assets/{name}.");
        let style = index
            .split('"')
            .find(|text| text.starts_with(&start) && text.ends_with(".css"))
            .with_context(|| format!("index.html does not name {name}.css"))?;
        live = live.replace(style, &format!("/portal/{name}.css"));
    }
    fs::write(page, live)?;
    Ok(site)
}

/// Puts the styles, the translations and what the design preview knows from the sources into the
/// folder that trunk is building: a constructed sheet may not have imports, so they are inlined first.
///
/// # Errors
/// Outside a trunk build, or where a style or a translation has an error.
pub(crate) fn style() -> Result<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR").context("only trunk calls this")?;
    let staging = Path::new(&staging);
    for (name, texts) in dist::texts()? {
        let path = staging.join(name);
        fs::create_dir_all(path.parent().unwrap_or(staging))?;
        fs::write(path, texts)?;
    }
    for name in STYLES {
        let source = root().join(format!("style/{name}.css"));
        minify(&source, &staging.join(format!("{name}.css")))?;
    }
    let data = staging.join("preview/preview.json");
    Ok(fs::write(data, dist::preview_data()?)?)
}

#[cfg(test)]
mod tests {
    use crate::process::output;

    use super::*;

    #[test]
    fn trunk_names_no_path_that_a_fresh_clone_lacks() {
        let config = fs::read_to_string(root().join("Trunk.toml")).unwrap();
        let config: toml::Table = config.parse().unwrap();
        let tracked = output(program("git").arg("ls-files")).unwrap();
        let is_tracked = |path: &str| {
            let below = format!("{path}/");
            tracked
                .lines()
                .any(|file| file == path || file.starts_with(&below))
        };
        let watch = config["watch"].as_table().unwrap();
        let paths: Vec<&str> = watch
            .values()
            .flat_map(|list| list.as_array().unwrap())
            .map(|path| path.as_str().unwrap())
            .collect();
        assert!(!paths.is_empty());
        for path in paths {
            assert!(
                is_tracked(path),
                "Trunk.toml names {path}, which is not in git"
            );
        }
    }
}
