//! One connection: ask for what is missing, and write down what comes.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};

use ureq::http::{HeaderMap, Response};
use ureq::{Agent, Body, Proxy};

use crate::options::Options;
use crate::part::Part;
use crate::{Archive, FetchError, Progress};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// How a connection ended.
pub(crate) enum Outcome {
    /// With the whole file; `joined` where an earlier connection had brought its beginning.
    Whole { joined: bool },
    /// Early, but another one may do better.
    Broken(Cause),
}

/// Asks for one archive.
pub(crate) struct Client<'a> {
    archive: &'a Archive,
    agent: Agent,
}

impl<'a> Client<'a> {
    pub(crate) fn new(archive: &'a Archive, options: &Options) -> Self {
        let agent = Agent::config_builder()
            .proxy(options.use_proxy.then(Proxy::try_from_env).flatten())
            .http_status_as_error(false)
            .timeout_resolve(Some(options.connect_timeout))
            .timeout_connect(Some(options.connect_timeout))
            .timeout_recv_response(Some(options.stall_timeout))
            .timeout_per_read(Some(options.stall_timeout))
            .user_agent(concat!("segno-fetch/", env!("CARGO_PKG_VERSION")))
            // The bytes as they are: a checksum is of those.
            .accept_encoding("identity")
            .build()
            .new_agent();
        Self { archive, agent }
    }

    /// Opens one connection and carries `part` on as far as it lasts.
    pub(crate) fn go_on(&self, part: &Part, on_progress: &mut dyn FnMut(Progress)) -> Result<Outcome, FetchError> {
        let url = &self.archive.url;
        let have = part.len()?;
        if have > 0 && self.archive.bytes == Some(have) {
            return Ok(Outcome::Whole { joined: true });
        }
        // Without a mark of the server's, only a checksum can tell whether two pieces are of one file.
        let mark = part.mark(url).filter(|mark| have > 0 && (!mark.is_empty() || self.archive.has_checksum()));
        let mut request = self.agent.get(url);
        if let Some(mark) = &mark {
            request = request.header("range", format!("bytes={have}-"));
            if !mark.is_empty() {
                request = request.header("if-range", mark);
            }
        }
        let response = match request.call() {
            Ok(response) => response,
            Err(error) if may_pass(&error) => return Ok(Outcome::Broken(error.into())),
            Err(error) => return Err(FetchError::Request { url: url.clone(), source: error.into() }),
        };
        match response.status().as_u16() {
            200 => self.receive(response, part, 0, on_progress),
            206 if mark.is_some() => match content_range(response.headers()) {
                Some((start, _)) if start == have => self.receive(response, part, have, on_progress),
                // Not what was asked for: start again.
                _ => {
                    part.discard()?;
                    Ok(Outcome::Broken("the server sent another range than asked for".into()))
                }
            },
            // The range begins at or after the end: the part is whole already, or of another file.
            416 if mark.is_some() => {
                if content_range(response.headers()).is_some_and(|(_, total)| total == Some(have)) {
                    return Ok(Outcome::Whole { joined: true });
                }
                part.discard()?;
                Ok(Outcome::Broken("the server has a shorter file than has arrived".into()))
            }
            status @ (408 | 429 | 500..=599) => Ok(Outcome::Broken(format!("the server answered {status}").into())),
            status => Err(FetchError::Status { url: url.clone(), status }),
        }
    }

    /// Writes a response's body behind the first `have` bytes of `part`.
    fn receive(
        &self,
        response: Response<Body>,
        part: &Part,
        have: u64,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Outcome, FetchError> {
        let url = &self.archive.url;
        let total = response.body().content_length().map(|rest| have + rest);
        if let (Some(found), Some(expected)) = (total, self.archive.bytes)
            && found != expected
        {
            return Err(FetchError::WrongSize { url: url.clone(), found, expected });
        }
        let total = total.or(self.archive.bytes);
        let mut file = if have > 0 { part.append()? } else { part.create(url, mark(response.headers()))? };
        let mut done = have;
        on_progress(Progress { done, total });

        let mut body = response.into_body().into_reader();
        let mut buffer = vec![0; 1 << 16];
        loop {
            let n = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(n) => n,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Ok(Outcome::Broken(error.into())),
            };
            write(&mut file, &buffer[..n], part)?;
            done += n as u64;
            if let Some(expected) = self.archive.bytes.filter(|&expected| done > expected) {
                part.discard()?;
                return Err(FetchError::WrongSize { url: url.clone(), found: done, expected });
            }
            on_progress(Progress { done, total });
        }
        match total {
            Some(total) if done < total => Ok(Outcome::Broken("the server closed the connection early".into())),
            _ => Ok(Outcome::Whole { joined: have > 0 }),
        }
    }
}

fn write(file: &mut File, bytes: &[u8], part: &Part) -> Result<(), FetchError> {
    file.write_all(bytes).map_err(FetchError::io("write", part.path()))
}

/// Whether another attempt could end otherwise.
fn may_pass(error: &ureq::Error) -> bool {
    use ureq::Error as E;
    matches!(error, E::Io(_) | E::Timeout(_) | E::HostNotFound | E::ConnectionFailed | E::Protocol(_) | E::ConnectProxyFailed(_))
}

/// The server's mark of this version of the file, good for `If-Range`: a strong `ETag`, else the date, else nothing.
fn mark(headers: &HeaderMap) -> &str {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).filter(|text| !text.contains('\n'));
    text("etag").filter(|etag| !etag.starts_with("W/")).or_else(|| text("last-modified")).unwrap_or_default()
}

/// Start and total of `Content-Range: bytes start-end/total` (`bytes */total` has start 0).
fn content_range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let (range, total) = headers.get("content-range")?.to_str().ok()?.strip_prefix("bytes ")?.split_once('/')?;
    let start = if range == "*" { 0 } else { range.split_once('-')?.0.trim().parse().ok()? };
    Some((start, total.trim().parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn ranges_are_read_as_rfc_9110_writes_them() {
        assert_eq!(content_range(&headers("content-range", "bytes 42-1233/1234")), Some((42, Some(1234))));
        assert_eq!(content_range(&headers("content-range", "bytes 42-1233/*")), Some((42, None)));
        assert_eq!(content_range(&headers("content-range", "bytes */1234")), Some((0, Some(1234))));
        assert_eq!(content_range(&headers("content-range", "lines 1-2/3")), None);
    }

    #[test]
    fn a_weak_etag_is_no_mark_for_ranges() {
        assert_eq!(mark(&headers("etag", "\"abc\"")), "\"abc\"");
        assert_eq!(mark(&headers("etag", "W/\"abc\"")), "");
        assert_eq!(mark(&headers("last-modified", "Tue, 24 May 2016 10:00:00 GMT")), "Tue, 24 May 2016 10:00:00 GMT");
    }
}
