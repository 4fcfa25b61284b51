//! The way to a server: ureq, which waits on a thread of the runtime's pool.

use std::{io, time::Duration};

use async_trait::async_trait;
use http_body_util::BodyExt;
use object_store::{
    ClientConfigKey, ClientOptions,
    client::{HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService},
};
use ureq::{
    Agent, Proxy,
    http::{Method, Request},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(4);
/// How long a server may say nothing.
const STALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Connections kept open: as many as threads read at once.
const MAX_IDLE: usize = 64;

/// Makes the client that `object_store` sends its requests by.
#[derive(Debug)]
pub(super) struct Transport;

impl HttpConnector for Transport {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let allow_http = options.get_config_value(&ClientConfigKey::AllowHttp).as_deref() == Some("true");
        // What is spoken to in the open is near by: a server of one's own, the machine's own keys. No proxy is on the way.
        let proxy = if allow_http { None } else { Proxy::try_from_env() };
        let agent = Agent::config_builder()
            .https_only(!allow_http)
            .proxy(proxy)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(MAX_IDLE)
            .max_idle_connections_per_host(MAX_IDLE)
            .timeout_resolve(Some(CONNECT_TIMEOUT))
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_recv_response(Some(STALL_TIMEOUT))
            .timeout_per_read(Some(STALL_TIMEOUT))
            .timeout_per_write(Some(STALL_TIMEOUT))
            .user_agent(concat!("segno-store/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Ok(HttpClient::new(Service(agent)))
    }
}

#[derive(Debug)]
struct Service(Agent);

#[async_trait]
impl HttpService for Service {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (parts, body) = request.into_parts();
        let body = body.collect().await?.to_bytes();
        let agent = self.0.clone();
        let exchange = move || {
            // A body of no bytes says so in its head, but where there cannot be one.
            let bare = body.is_empty() && !matches!(parts.method, Method::PUT | Method::POST);
            let response = if bare { agent.run(Request::from_parts(parts, ())) } else { agent.run(Request::from_parts(parts, &body[..])) };
            let (parts, mut body) = response.map_err(fault)?.into_parts();
            // As long as what was asked for: ranges are bounded where they are asked for.
            let bytes = body.with_config().limit(u64::MAX).read_to_vec().map_err(fault)?;
            Ok(HttpResponse::from_parts(parts, bytes.into()))
        };
        let done = tokio::task::spawn_blocking(exchange).await;
        done.map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))?
    }
}

/// An error of the transport, and whether another try may do better.
fn fault(error: ureq::Error) -> HttpError {
    use ureq::{Error, Timeout};
    if let Error::RequireHttpsOnly(_) = &error {
        let advice = io::Error::other("found an address without encryption; AWS_ALLOW_HTTP=true allows it");
        return HttpError::new(HttpErrorKind::Unknown, advice);
    }
    let kind = match &error {
        Error::HostNotFound | Error::ConnectionFailed | Error::Timeout(Timeout::Connect | Timeout::Resolve) => HttpErrorKind::Connect,
        Error::Io(error)
            if matches!(
                error.kind(),
                io::ErrorKind::ConnectionRefused | io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable
            ) =>
        {
            HttpErrorKind::Connect
        }
        Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => HttpErrorKind::Timeout,
        Error::Io(_) | Error::Protocol(_) => HttpErrorKind::Interrupted,
        Error::Timeout(_) => HttpErrorKind::Timeout,
        _ => HttpErrorKind::Unknown,
    };
    HttpError::new(kind, error)
}
