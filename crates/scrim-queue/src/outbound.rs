//! The one way out of a desk: which addresses, whose certificates, through which proxy.
//!
//! Every call of this crate is made by an [`Outbound`]. An address that is not allowed is refused
//! before its name is looked up and before a socket is opened, whoever asks for it. Proxies named
//! by the environment are not used.

use std::time::Duration;

use scrim_wire::call::{CallFailed, Untrusted};
use ureq::http::{Response, StatusCode, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, TcpConnector,
};
use ureq::{Agent, Body, Error, Proxy};

use crate::answers::{self, broken};
use crate::limits::{
    CALL_TIME_MAX, CONNECT_TIME_MAX, ERROR_BYTES_MAX, HEADER_BYTES_MAX, MEDIUM_TIME_MAX,
};
use crate::road::{OnRoad, Road};
use crate::tls::TlsConnector;
use crate::{AllowedOrigins, Trust};

/// How long calls may take. Every call ends within these, whatever the server does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLimits {
    /// A call without media, from first byte sent to last byte read.
    pub call: Duration,
    /// The bytes of one medium.
    pub medium: Duration,
    /// The making of a connection.
    pub connect: Duration,
}

impl Default for TimeLimits {
    /// Those of [`crate::limits`].
    fn default() -> Self {
        Self {
            call: CALL_TIME_MAX,
            medium: MEDIUM_TIME_MAX,
            connect: CONNECT_TIME_MAX,
        }
    }
}

/// The way out. Its clones share connections.
#[derive(Debug, Clone)]
pub struct Outbound {
    pub(crate) agent: Agent,
    pub(crate) limits: TimeLimits,
}

impl Outbound {
    /// A way out to `allowed` and nowhere else. Contacts nobody yet.
    #[must_use]
    pub fn new(allowed: AllowedOrigins, trust: Trust) -> Self {
        Self::with_time_limits(allowed, trust, TimeLimits::default())
    }

    /// As [`Outbound::new`], with other time limits.
    #[must_use]
    pub fn with_time_limits(allowed: AllowedOrigins, trust: Trust, limits: TimeLimits) -> Self {
        Self::assembled(allowed, trust, limits, None)
    }

    /// A way out on another road than this machine's network.
    #[must_use]
    pub fn on_road(allowed: AllowedOrigins, road: Box<dyn Road>) -> Self {
        let road = Some(OnRoad(road));
        Self::assembled(allowed, Trust::system(), TimeLimits::default(), road)
    }

    fn assembled(
        allowed: AllowedOrigins,
        trust: Trust,
        limits: TimeLimits,
        road: Option<OnRoad>,
    ) -> Self {
        // The address was checked when it was parsed; without it every call would be refused.
        let proxy = allowed
            .proxy()
            .and_then(|address| Proxy::new(&address.as_text()).ok());
        let mut config = Agent::config_builder();
        if let Some(road) = road {
            config = config.middleware(road);
        }
        let config = config
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy)
            .user_agent(concat!("scrim/", env!("CARGO_PKG_VERSION")))
            .max_response_header_size(HEADER_BYTES_MAX)
            // A connection that is kept for the next call keeps its buffers, and in them what was
            // read last: media and words of items. One that ends is freed, and so overwritten.
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .timeout_global(Some(limits.call))
            .timeout_connect(Some(limits.connect))
            .build();
        let connector = AllowedOnly(allowed.clone())
            .chain(ConnectProxyConnector::default())
            .chain(TcpConnector::default())
            .chain(TlsConnector::new(trust));
        let resolver = AllowedNames {
            allowed,
            system: DefaultResolver::default(),
        };
        Self {
            agent: Agent::with_parts(config, connector, resolver),
            limits,
        }
    }
}

/// Refuses before any other connector is asked.
#[derive(Debug)]
struct AllowedOnly(AllowedOrigins);

impl Connector<()> for AllowedOnly {
    type Out = ();

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<()>, Error> {
        permitted(&self.0, details.uri).map(|()| None)
    }
}

/// Looks up the names of allowed addresses only.
#[derive(Debug)]
struct AllowedNames {
    allowed: AllowedOrigins,
    system: DefaultResolver,
}

impl Resolver for AllowedNames {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        permitted(&self.allowed, uri)?;
        self.system.resolve(uri, config, timeout)
    }
}

/// That address is not on the list.
#[derive(Debug, thiserror::Error)]
#[error("this address is not allowed")]
struct NotPermitted;

fn permitted(allowed: &AllowedOrigins, uri: &Uri) -> Result<(), Error> {
    if allowed.permits_socket(uri) {
        Ok(())
    } else {
        Err(Error::Other(Box::new(NotPermitted)))
    }
}

/// The body of a good answer, or what its error means.
pub(crate) fn read(mut answer: Response<Body>, bytes_max: u64) -> Result<Vec<u8>, CallFailed> {
    let status = answer.status();
    let header = |name: &str| {
        answer
            .headers()
            .get(name)
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned)
    };
    let retry_after_s = header("retry-after").and_then(|text| text.trim().parse().ok());
    let promised = header("content-length").and_then(|text| text.parse::<u64>().ok());
    if !matches!(
        status,
        StatusCode::OK | StatusCode::CREATED | StatusCode::NO_CONTENT
    ) {
        // The status alone decides; an error's body that cannot be read counts as none.
        let body = body_of(&mut answer, ERROR_BYTES_MAX).unwrap_or_default();
        return Err(answers::refused(status.as_u16(), &body, retry_after_s));
    }
    if promised.is_some_and(|bytes| bytes > bytes_max) {
        return Err(broken("the answer is larger than a desk reads"));
    }
    body_of(&mut answer, bytes_max).map_err(|e| failed(&e))
}

pub(crate) fn body_of(answer: &mut Response<Body>, bytes_max: u64) -> Result<Vec<u8>, Error> {
    let body = answer.body_mut().with_config().limit(bytes_max);
    body.read_to_vec()
}

/// A failure below HTTP. The text of the library's error can hold an address, so it goes nowhere.
pub(crate) fn failed(error: &Error) -> CallFailed {
    match error {
        Error::BodyExceedsLimit(_) => broken("the answer is larger than a desk reads"),
        Error::Protocol(_) | Error::Http(_) => broken("the answer is not HTTP"),
        Error::LargeResponseHeader(..) => {
            broken("the answer's headers are larger than a desk reads")
        }
        Error::Other(inner) if inner.is::<NotPermitted>() => CallFailed::NotAllowed,
        Error::Rustls(fault) => untrusted(fault),
        Error::Io(fault) => fault
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
            .map_or(CallFailed::Unreachable { after_s: None }, untrusted),
        _ => CallFailed::Unreachable { after_s: None },
    }
}

/// What a failure of TLS means. Waiting does not mend it: a person has to look.
fn untrusted(fault: &rustls::Error) -> CallFailed {
    use rustls::CertificateError as C;
    let why = match fault {
        rustls::Error::InvalidCertificate(wrong) => match wrong {
            C::UnknownIssuer | C::BadSignature => Untrusted::Authority,
            C::NotValidForName | C::NotValidForNameContext { .. } => Untrusted::Name,
            C::Expired | C::ExpiredContext { .. } => Untrusted::Expired,
            C::NotValidYet | C::NotValidYetContext { .. } => Untrusted::NotYet,
            C::ApplicationVerificationFailure => Untrusted::Pin,
            _ => Untrusted::Certificate,
        },
        rustls::Error::General(_) => Untrusted::NoAuthorities,
        _ => Untrusted::Handshake,
    };
    CallFailed::Untrusted { why }
}
