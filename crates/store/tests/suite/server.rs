//! An S3 server over a temporary folder, on a thread of its own.

use std::{fs, net::SocketAddr, path::PathBuf, sync::Arc};

use hyper::{Method, Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use s3s::{
    Body, S3Result,
    access::{S3Access, S3AccessContext},
    auth::SimpleAuth,
    s3_error,
    service::S3ServiceBuilder,
};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime, sync::RwLock};

pub const KEY: &str = "segno";
pub const SECRET: &str = "from the sign";
pub const BUCKET: &str = "music";

/// A server with one empty bucket, until it is dropped.
pub struct Server {
    pub address: SocketAddr,
    folder: TempDir,
    runtime: Option<Runtime>,
}

impl Server {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        service.set_access(Buckets(folder.path().to_owned()));
        let service = service.build();
        // The server writes an object and its tag one after the other; a bucket gives both at once, and so does this.
        let turn = Arc::new(RwLock::new(()));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let (service, turn) = (service.clone(), turn.clone());
                let answer = service_fn(move |request: Request<Incoming>| {
                    let (service, turn) = (service.clone(), turn.clone());
                    async move {
                        let (_reads, _writes) = match *request.method() {
                            Method::GET | Method::HEAD => (Some(turn.read().await), None),
                            _ => (None, Some(turn.write().await)),
                        };
                        service.call(request.map(Body::from)).await
                    }
                });
                let connection = http1::Builder::new().serve_connection(TokioIo::new(socket), answer);
                // That a client goes away is its own affair.
                tokio::spawn(async { connection.await.ok() });
            }
        });
        Self { address, folder, runtime: Some(runtime) }
    }

    /// What a store needs to be told to reach this server.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        settings(self.address, SECRET)
    }

    /// The files of the server's folder that are not objects of the bucket: uploads that are not complete.
    #[allow(dead_code, reason = "not every suite that has this server looks")]
    pub fn uploads(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.to_string_lossy().contains("part-")).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.runtime.take().unwrap().shutdown_background();
    }
}

/// Refuses what is about a bucket that is not there; the server would make it.
struct Buckets(PathBuf);

#[async_trait::async_trait]
impl S3Access for Buckets {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        if context.credentials().is_none() {
            return Err(s3_error!(AccessDenied));
        }
        match context.s3_path().get_bucket_name() {
            Some(bucket) if !self.0.join(bucket).is_dir() => Err(s3_error!(NoSuchBucket)),
            _ => Ok(()),
        }
    }
}

pub fn settings(address: SocketAddr, secret: &str) -> Vec<(&'static str, String)> {
    vec![
        ("AWS_ENDPOINT_URL", format!("http://{address}")),
        ("AWS_ALLOW_HTTP", "true".into()),
        ("AWS_REGION", "us-east-1".into()),
        ("AWS_ACCESS_KEY_ID", KEY.into()),
        ("AWS_SECRET_ACCESS_KEY", secret.into()),
    ]
}

/// The settings as a store takes them.
pub fn borrowed<'a>(settings: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    settings.iter().map(|(key, value)| (*key, value.as_str())).collect()
}
