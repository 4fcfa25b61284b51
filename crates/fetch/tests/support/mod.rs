//! A web server of a few lines on the loopback interface, whose every answer a test writes itself.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What a client asked: the lines of its request's head, lower case.
#[derive(Debug, Clone)]
pub struct Request(Vec<String>);

impl Request {
    /// The value of header `name`.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// Where the range asked for starts.
    pub fn range_start(&self) -> Option<usize> {
        self.header("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
    }
}

/// What the server sends, byte by byte, and how it ends.
pub struct Reply {
    pub bytes: Vec<u8>,
    /// Keeps the connection open and silent so long, instead of closing it.
    pub then_silent: Duration,
}

impl Reply {
    /// `status`, `headers`, and `body`, of which only the first `sent` bytes come.
    pub fn cut(status: &str, headers: &[(&str, String)], body: &[u8], sent: usize) -> Self {
        let mut bytes = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            bytes.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut bytes = format!("{bytes}\r\n").into_bytes();
        bytes.extend(&body[..sent]);
        Self { bytes, then_silent: Duration::ZERO }
    }

    pub fn whole(status: &str, headers: &[(&str, String)], body: &[u8]) -> Self {
        Self::cut(status, headers, body, body.len())
    }

    /// The rest of `body` from `start`, as an answer to a range.
    pub fn rest(headers: &[(&str, String)], body: &[u8], start: usize) -> Self {
        let range = format!("bytes {start}-{}/{}", body.len() - 1, body.len());
        let mut headers = headers.to_vec();
        headers.push(("Content-Range", range));
        Self::whole("206 Partial Content", &headers, &body[start..])
    }
}

/// A running server.
pub struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers request n (from 0) with `answer(n, request)`, one connection each.
    pub fn start(answer: impl Fn(usize, &Request) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        // The thread ends with the test process.
        thread::spawn(move || {
            for (n, stream) in listener.incoming().enumerate() {
                serve(stream.unwrap(), |request| {
                    log.lock().unwrap().push(request.clone());
                    answer(n, request)
                });
            }
        });
        Self { port, requests }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, answer: impl FnOnce(&Request) -> Reply) {
    let head = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let lines: Vec<String> = head.take_while(|line| !line.is_empty()).map(|line| line.to_lowercase()).collect();
    let reply = answer(&Request(lines));
    // A client that has heard enough may be gone.
    let _ = stream.write_all(&reply.bytes);
    let _ = stream.flush();
    thread::sleep(reply.then_silent);
}
