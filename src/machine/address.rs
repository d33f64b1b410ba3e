//! This computer's public address, asked for only after the operator agreed.

use std::net::Ipv4Addr;
use std::path::Path;
use std::thread;

use crate::error::{Error, Kind, Result};
use crate::process;
use crate::process::command::Command;
use crate::process::environment::Environment;
use crate::text::shown;

/// Two services with different owners, so that neither alone decides who may reach a machine.
pub const SERVICES: &[&str] = &["checkip.amazonaws.com", "api.ipify.org"];

/// Bypasses proxies, as SSH does, and uses IPv4, since machines have no other address.
const OPTIONS: &[&str] = &[
    // Must come first: it ignores ~/.curlrc.
    "--disable",
    "--silent",
    "--show-error",
    "--fail",
    "--ipv4",
    "--noproxy",
    "*",
    "--proto",
    "=https",
    "--connect-timeout",
    "4",
    "--max-time",
    "6",
    "--max-filesize",
    "1000",
];

const BY_HAND: &str = "type the address you will connect from";

/// The address that all services see.
///
/// # Errors
/// A service does not answer with an address, or the two see different ones.
pub fn public(environment: &Environment) -> Result<Ipv4Addr> {
    let answers: Vec<Result<Ipv4Addr>> = thread::scope(|scope| {
        let asked: Vec<_> = SERVICES
            .iter()
            .map(|service| scope.spawn(|| seen_by(service, environment)))
            .collect();
        asked
            .into_iter()
            .map(|answer| answer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let addresses = answers.into_iter().collect::<Result<Vec<_>>>()?;
    if addresses.iter().all(|address| *address == addresses[0]) {
        return Ok(addresses[0]);
    }
    let seen: Vec<_> = SERVICES.iter().zip(&addresses).collect();
    let said: Vec<_> = seen
        .iter()
        .map(|(service, address)| format!("{service} sees {address}"))
        .collect();
    Err(Error::new(Kind::Failed, said.join(", "))
        .hint(format!("a VPN or your provider changes it on the way: {BY_HAND}")))
}

fn seen_by(service: &str, environment: &Environment) -> Result<Ipv4Addr> {
    let url = format!("https://{service}/");
    let args: Vec<&str> = OPTIONS.iter().copied().chain([url.as_str()]).collect();
    let command = Command::new("curl", &args, Path::new("."));
    let output = process::capture(&command, environment).map_err(|error| match error.kind() {
        Kind::Interrupted => error,
        // Typing the address is less work than running curl by hand.
        kind => Error::new(kind, error.message()).hint(BY_HAND),
    })?;
    if !output.ok() {
        return Err(Error::new(Kind::Failed, format!("{service} did not answer")).hint(BY_HAND));
    }
    let text = output.stdout.trim();
    text.parse().map_err(|_| {
        Error::new(
            Kind::Failed,
            format!("{service} answered `{}`, which is not an IPv4 address", shown(text)),
        )
        .hint(BY_HAND)
    })
}
