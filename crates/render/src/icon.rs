//! What a file looks like, judged by its name and its first bytes rather than by what the sender says.

use serde::{Deserialize, Serialize};

/// Kinds of files that have an icon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub enum FileIcon {
    Pdf,
    Image,
    Archive,
    Sheet,
    Document,
    Slides,
    Audio,
    Video,
    Text,
    Calendar,
    Mail,
    #[default]
    Other,
}

/// The media type of a raster image that may be shown, by its magic bytes. SVG is none: it is a program.
pub fn image_type(magic: &[u8]) -> Option<&'static str> {
    match magic {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

pub(crate) fn icon(extension: &str, content_type: &str) -> FileIcon {
    match extension {
        "PDF" => FileIcon::Pdf,
        "PNG" | "JPG" | "JPEG" | "GIF" | "WEBP" | "BMP" | "TIF" | "TIFF" | "HEIC" | "SVG" => FileIcon::Image,
        "ZIP" | "LZH" | "7Z" | "RAR" | "GZ" | "TGZ" | "XZ" | "BZ2" | "TAR" | "ZST" => FileIcon::Archive,
        "XLS" | "XLSX" | "XLSM" | "ODS" | "CSV" | "TSV" => FileIcon::Sheet,
        "DOC" | "DOCX" | "ODT" | "RTF" | "JTD" | "TEX" => FileIcon::Document,
        "PPT" | "PPTX" | "ODP" | "KEY" => FileIcon::Slides,
        "MP3" | "M4A" | "WAV" | "OGG" | "FLAC" => FileIcon::Audio,
        "MP4" | "MOV" | "AVI" | "MKV" | "WEBM" => FileIcon::Video,
        "ICS" => FileIcon::Calendar,
        "EML" => FileIcon::Mail,
        "TXT" | "MD" | "LOG" | "HTML" | "HTM" | "XML" | "JSON" | "PATCH" | "DIFF" => FileIcon::Text,
        _ => match content_type.split('/').next().unwrap_or_default() {
            _ if content_type == "application/pdf" => FileIcon::Pdf,
            _ if content_type == "text/calendar" => FileIcon::Calendar,
            "image" => FileIcon::Image,
            "audio" => FileIcon::Audio,
            "video" => FileIcon::Video,
            "text" => FileIcon::Text,
            "message" => FileIcon::Mail,
            _ => FileIcon::Other,
        },
    }
}

/// Whether name and declared type contradict each other or the content: a program that calls itself a picture.
pub(crate) fn mismatch(extension: &str, content_type: &str, magic: &[u8]) -> bool {
    let declares_image = content_type.starts_with("image/") && content_type != "image/svg+xml";
    let raster = ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(&content_type);
    let program = matches!(magic, [b'M', b'Z', ..] | [0x7f, b'E', b'L', b'F', ..])
        || matches!(
            extension,
            "EXE" | "SCR" | "COM" | "BAT" | "CMD" | "PIF" | "JS" | "VBS" | "MSI" | "LNK"
        );
    (raster && !magic.is_empty() && image_type(magic).is_none())
        || (program && (declares_image || content_type == "application/pdf" || content_type.starts_with("text/")))
        || (content_type == "application/pdf" && !magic.is_empty() && !magic.starts_with(b"%PDF"))
}

/// An extension for a part that has a type and no name.
pub(crate) fn extension_of_type(content_type: &str) -> &'static str {
    match content_type {
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "application/pgp-signature" => "asc",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => "p7m",
        "application/ms-tnef" => "dat",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/svg+xml" => "svg",
        "message/rfc822" | "message/global" => "eml",
        "message/delivery-status" | "text/plain" | "text/rfc822-headers" => "txt",
        "text/html" => "html",
        "text/calendar" => "ics",
        "text/csv" => "csv",
        "audio/mpeg" => "mp3",
        "video/mp4" => "mp4",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        assert_eq!(image_type(b"\x89PNG\r\n\x1a\nrest"), Some("image/png"));
        assert_eq!(image_type(b"<svg xmlns"), None);
        assert_eq!(icon("PDF", "application/octet-stream"), FileIcon::Pdf);
        assert_eq!(icon("", "image/png"), FileIcon::Image);
        assert!(mismatch("PNG", "image/png", b"MZ\x90\0"));
        assert!(mismatch("EXE", "image/jpeg", b""));
        assert!(!mismatch("PNG", "image/png", b"\x89PNG\r\n\x1a\n"));
        assert!(!mismatch("EXE", "application/octet-stream", b"MZ"));
    }
}
