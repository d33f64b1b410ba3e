//! Packs files into text for a shell script, whose Python unpacks it: every image with cloud-init has Python.

use std::io::{Error, Result, Write};

use flate2::{Compress, Compression, FlushCompress, GzBuilder};

use super::memo::Memo;
use super::{ending, parts};
use crate::render::{RenderedFile, sha256};

/// The alphabet of RFC 1924, as read by Python's `b85decode`: no quote, no backslash.
const DIGITS: &[u8; 85] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";

/// Bytes that become five digits.
const WORD: usize = 4;

/// Long lines, since user data indents every one.
const LINE: usize = 8000;

/// Between two pieces: the character for it in ASCII.
const SEPARATOR: &str = "\u{1e}";

/// The line after the last piece, in the script.
const END: &str = "PACKED.";

/// How far back deflate can refer.
const WINDOW: usize = 32 * 1024;

/// The whole words in base 85, and the bytes that are left.
static PROGRAMS: Memo<(String, Vec<u8>)> = Memo::new();

pub(in crate::render) struct Packed {
    pub(in crate::render) text: String,
    /// SHA-256 of the lines of `sha256sum *` in the folder with the files.
    pub(in crate::render) manifest_sha256: String,
}

/// In base 85, which adds a quarter to the size where base64 adds a third. Programs are compressed first, and are the
/// dictionary of the settings.
pub(in crate::render) fn compressed(files: &[RenderedFile]) -> Result<Packed> {
    let (settings, programs) = pieces(files)?;
    let dictionary = &programs.as_bytes()[programs.len().saturating_sub(WINDOW)..];
    let (mut text, rest) = PROGRAMS.of(&programs, || {
        let mut bytes = deflated(&programs, Compression::best(), None)?;
        let rest = bytes.split_off(bytes.len() / WORD * WORD);
        Ok::<_, Error>((base85(&bytes), rest))
    })?;
    let settings = deflated(&(settings + SEPARATOR), Compression::default(), Some(dictionary))?;
    text.push_str(&base85(&[rest, settings].concat()));
    Ok(Packed {
        text: lines(&text),
        manifest_sha256: manifest(files),
    })
}

/// As it is, for a cloud that takes gzip: nothing is smaller than what was compressed once.
pub(in crate::render) fn plain(files: &[RenderedFile]) -> Result<Packed> {
    let (settings, programs) = pieces(files)?;
    let text = settings + SEPARATOR + &programs;
    let whole = text
        .strip_suffix('\n')
        .ok_or_else(|| Error::other("the last file ends within a line"))?;
    if text.lines().any(|line| line == END) {
        return Err(Error::other(format!("a file has the line `{END}`")));
    }
    Ok(Packed {
        text: whole.to_owned(),
        manifest_sha256: manifest(files),
    })
}

/// Each piece is a file's name, a line break, and some of its text. The first result has what differs between
/// deployments: settings, and the values at the top of each script.
fn pieces(files: &[RenderedFile]) -> Result<(String, String)> {
    let (mut settings, mut programs) = (Vec::new(), Vec::new());
    // Similar files side by side, which compresses better.
    let mut files: Vec<_> = files.iter().collect();
    files.sort_by_key(|file| (ending(&file.path), &file.path));
    for file in files {
        let path = &file.path;
        if file.contents.contains(SEPARATOR) {
            return Err(Error::other(format!("{path} has a control character")));
        }
        let (values, program) = parts(file);
        if !values.is_empty() {
            settings.push(format!("{path}\n{values}"));
        }
        if !program.is_empty() {
            programs.push(format!("{path}\n{program}"));
        }
    }
    Ok((settings.join(SEPARATOR), programs.join(SEPARATOR)))
}

fn manifest(files: &[RenderedFile]) -> String {
    let mut hashes: Vec<_> = files
        .iter()
        .map(|file| (&file.path, sha256(file.contents.as_bytes())))
        .collect();
    hashes.sort();
    let lines: String = hashes.iter().map(|(path, hash)| format!("{hash}  {path}\n")).collect();
    sha256(lines.as_bytes())
}

fn deflated(text: &str, level: Compression, dictionary: Option<&[u8]>) -> Result<Vec<u8>> {
    let mut compress = Compress::new(level, true);
    if let Some(dictionary) = dictionary {
        compress.set_dictionary(dictionary)?;
    }
    let mut bytes = Vec::with_capacity(text.len() + 100);
    compress.compress_vec(text.as_bytes(), &mut bytes, FlushCompress::Finish)?;
    Ok(bytes)
}

/// Approximates how Terraform compresses user data, for clouds that take it so.
pub(in crate::render) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = GzBuilder::new().write(Vec::new(), Compression::default());
    writer.write_all(bytes)?;
    writer.finish()
}

fn base85(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(WORD) * 5);
    for chunk in bytes.chunks(WORD) {
        let mut word = [0; WORD];
        word[..chunk.len()].copy_from_slice(chunk);
        let number = u32::from_be_bytes(word) as usize;
        let digits = [52_200_625, 614_125, 7_225, 85, 1].map(|place| DIGITS[number / place % 85]);
        text.extend(digits[..=chunk.len()].iter().map(|digit| char::from(*digit)));
    }
    text
}

fn lines(text: &str) -> String {
    let starts: Vec<usize> = (0..text.len()).step_by(LINE).collect();
    let lines: Vec<&str> = starts.iter().map(|at| &text[*at..text.len().min(at + LINE)]).collect();
    lines.join("\n")
}
