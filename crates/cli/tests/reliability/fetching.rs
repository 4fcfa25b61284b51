//! A slow web server with one archive, which goes on where a client stopped.

use std::io::{BufRead, BufReader, Cursor, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use segno_dataset::digest_bytes;

/// The files in the archive.
const FILES: usize = 64;
/// So much at a time, with a rest in between: some 4 MB a second.
const BLOCK: usize = 8 << 10;
const REST: Duration = Duration::from_millis(2);

/// A running server; its threads end with the test.
pub struct Server {
    url: String,
    sha256: String,
}

impl Server {
    /// Serves `music.tar.gz`, in which `content` lies in files of one length.
    pub fn start(content: Vec<u8>) -> Self {
        let archive = Arc::new(packed(&content));
        let sha256 = digest_bytes(&archive);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/music.tar.gz", listener.local_addr().unwrap());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let archive = Arc::clone(&archive);
                // A client that was killed hears no more.
                thread::spawn(move || serve(stream.unwrap(), &archive).ok());
            }
        });
        Self { url, sha256 }
    }

    /// The declaration of a corpus that is fetched here.
    pub fn corpus(&self) -> String {
        let Self { url, sha256 } = self;
        format!(
            "name = \"music\"\ntitle = \"Music\"\ncitation = \"\"\nlicence = \"CC0-1.0\"\nkind = \"folders\"\n\
             [[archives]]\nurl = \"{url}\"\nfile = \"music.tar.gz\"\nsha256 = \"{sha256}\"\n"
        )
    }
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(vec![], flate2::Compression::fast()));
    for (nth, part) in content.chunks(content.len().div_ceil(FILES)).enumerate() {
        let mut header = tar::Header::new_ustar();
        header.set_size(part.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("class-{}/{nth}.wav", nth % 4), Cursor::new(part)).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

fn serve(mut stream: TcpStream, archive: &[u8]) -> std::io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    let range = lines.map(|line| line.to_lowercase()).find_map(|line| line.strip_prefix("range: bytes=")?.strip_suffix('-')?.parse().ok());
    let (of, start) = (archive.len(), range.unwrap_or(0));
    let mut head = match range {
        None => "HTTP/1.1 200 OK\r\n".to_owned(),
        Some(start) if start < of => format!("HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{}/{of}\r\n", of - 1),
        Some(_) => format!("HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{of}\r\n"),
    };
    let rest = archive.get(start..).unwrap_or_default();
    head += &format!("ETag: \"one\"\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", rest.len());
    stream.write_all(head.as_bytes())?;
    for block in rest.chunks(BLOCK) {
        stream.write_all(block)?;
        thread::sleep(REST);
    }
    Ok(())
}
