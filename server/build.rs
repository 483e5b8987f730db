//! Embeds the finished files: the browser's half and the styles from the site folder (`make front`), and `public/`.
//! Each gets a hash in its name and compressed forms. Without a site folder the styles are joined as they are, and the portal
//! is complete but for what only scripting can do.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// The module that a page starts with, but for the names of the other two.
const START: &str = include_str!("start.js");

struct File {
    path: String,
    kind: &'static str,
    bytes: Vec<u8>,
    hashed: bool,
}

fn main() -> Result<()> {
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?).join("..");
    let out = PathBuf::from(variable("OUT_DIR")?);
    let site = site_folder(&root);
    println!("cargo::rerun-if-env-changed=FUMIBAKO_SITE");
    println!("cargo::rerun-if-env-changed=CARGO_TARGET_DIR");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=start.js");
    println!("cargo::rerun-if-changed={}", site.join("pkg").display());
    println!("cargo::rerun-if-changed={}", root.join("public").display());

    let mut files = Vec::new();
    let (glue, wasm) = (site.join("pkg/fumibako.js"), site.join("pkg/fumibako_bg.wasm"));
    let mut names = ["None".to_owned(), "None".to_owned()];
    if glue.exists() && wasm.exists() {
        if variable("CARGO_CFG_ERASE_COMPONENTS").is_err() {
            return Err(
                "the browser's half was built with `--cfg erase_components`, this half is not: build with make".into(),
            );
        }
        if site.join("pkg/snippets").exists() {
            return Err("the glue imports snippets, which this build does not embed".into());
        }
        let wasm = hashed("fumibako", "wasm", fs::read(wasm)?);
        let glue = hashed("fumibako", "js", fs::read(glue)?);
        let start = START.lines().filter(|line| !line.starts_with("//"));
        let start = start.collect::<Vec<_>>().join("\n");
        let start = start.replace("GLUE", &glue.path).replace("WASM", &wasm.path);
        let start = hashed("start", "js", start.into_bytes());
        names = [format!("Some({:?})", start.path), format!("Some({:?})", wasm.path)];
        files.extend([wasm, glue, start]);
    }
    let css = match fs::read(site.join("pkg/fumibako.css")) {
        Ok(css) => css,
        Err(_) => {
            println!("cargo::rerun-if-changed={}", root.join("style").display());
            joined(&root.join("style/main.css"), 0)?.into_bytes()
        }
    };
    let css = hashed("fumibako", "css", css);
    let css_path = css.path.clone();
    files.push(css);
    for entry in fs::read_dir(root.join("public"))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .ok_or("a name in public/ is no text")?
            .to_owned();
        let kind = kind(name.rsplit('.').next().unwrap_or_default());
        files.push(File {
            path: format!("/{name}"),
            kind,
            bytes: fs::read(&path)?,
            hashed: false,
        });
    }
    write_table(&out, &files, &css_path, &names)
}

fn variable(name: &str) -> Result<String> {
    println!("cargo::rerun-if-env-changed={name}");
    #[expect(
        clippy::disallowed_methods,
        reason = "cargo speaks to build scripts through the environment"
    )]
    env::var(name).map_err(|_| format!("{name} is not set").into())
}

/// FUMIBAKO_SITE, or `site` in the target folder, where `make front` puts it.
fn site_folder(root: &Path) -> PathBuf {
    variable("FUMIBAKO_SITE").map(PathBuf::from).unwrap_or_else(|_| {
        let target = variable("CARGO_TARGET_DIR")
            .map(PathBuf::from)
            .unwrap_or_else(|_| root.join("target"));
        target.join("site")
    })
}

fn hashed(stem: &str, extension: &str, bytes: Vec<u8>) -> File {
    let hash = blake3::hash(&bytes).to_hex();
    File {
        path: format!("/pkg/{stem}-{}.{extension}", &hash[..16]),
        kind: kind(extension),
        bytes,
        hashed: true,
    }
}

fn kind(extension: &str) -> &'static str {
    match extension {
        "wasm" => "application/wasm",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webmanifest" => "application/manifest+json",
        _ => "text/plain; charset=utf-8",
    }
}

/// A style sheet with its imports in place.
fn joined(path: &Path, depth: u32) -> Result<String> {
    if depth > 8 {
        return Err("style sheets import each other in a circle".into());
    }
    let Ok(text) = fs::read_to_string(path) else {
        println!("cargo::warning={} is not there: pages have no style", path.display());
        return Ok(String::new());
    };
    let mut out = String::new();
    for line in text.lines() {
        let Some(rest) = line.trim().strip_prefix("@import") else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let mut parts = rest.split(['"', '\'']);
        let (name, condition) = (parts.nth(1).unwrap_or_default(), parts.next().unwrap_or_default());
        let inner = joined(&path.with_file_name("").join(name), depth + 1)?;
        match condition
            .split_once("layer(")
            .and_then(|(_, layer)| layer.split_once(')'))
        {
            Some((layer, _)) => out.push_str(&format!("@layer {layer} {{\n{inner}}}\n")),
            None => out.push_str(&inner),
        }
    }
    Ok(out)
}

fn write_table(out: &Path, files: &[File], css: &str, names: &[String; 2]) -> Result<()> {
    let mut table = String::from("static FILES: &[File] = &[\n");
    for (number, file) in files.iter().enumerate() {
        let embed = |suffix: &str, bytes: &[u8]| -> Result<String> {
            let path = out.join(format!("asset-{number}{suffix}"));
            fs::write(&path, bytes)?;
            Ok(format!("include_bytes!({:?})", path.display().to_string()))
        };
        let smaller = |bytes: Vec<u8>| (bytes.len() < file.bytes.len()).then_some(bytes);
        let option = |form: Option<String>| form.map_or("None".to_owned(), |form| format!("Some({form})"));
        let br = smaller(brotli(&file.bytes)?)
            .map(|bytes| embed(".br", &bytes))
            .transpose()?;
        let gzip = smaller(gzip(&file.bytes)?)
            .map(|bytes| embed(".gz", &bytes))
            .transpose()?;
        let plain = embed("", &file.bytes)?;
        table.push_str(&format!(
            "    File {{ path: {:?}, kind: {:?}, plain: {plain}, br: {}, gzip: {}, hashed: {} }},\n",
            file.path,
            file.kind,
            option(br),
            option(gzip),
            file.hashed
        ));
    }
    table.push_str("];\n");
    table.push_str(&format!("const CSS: &str = {css:?};\n"));
    table.push_str(&format!(
        "const START: Option<&str> = {};\nconst WASM: Option<&str> = {};\n",
        names[0], names[1]
    ));
    fs::write(out.join("assets.rs"), table)?;
    Ok(())
}

/// Larger files are embedded as they are in a debug build: nobody waits for one on a slow line, but somebody waits for it to build.
const LARGE: usize = 1 << 20;

fn is_release() -> Result<bool> {
    Ok(variable("PROFILE")? == "release")
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    if bytes.len() > LARGE && !is_release()? {
        return Ok(bytes.to_vec());
    }
    let quality = if is_release()? { 11 } else { 1 };
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, quality, 22);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    if bytes.len() > LARGE && !is_release()? {
        return Ok(bytes.to_vec());
    }
    let level = if is_release()? {
        flate2::Compression::best()
    } else {
        flate2::Compression::fast()
    };
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}
