//! What carries calls. On a desk that is this machine's network; the simulation carries them to a
//! server in its own process, and loses some. Everything above the road is the same: requests as
//! they are written, answers as they are read and checked.

use std::io::Read;

use ureq::http::{Request, Response};
use ureq::middleware::{Middleware, MiddlewareNext};
use ureq::{Body, SendBody};

/// A request as it stands on the road.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// `GET` or `POST`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body; empty for `GET`.
    pub body: Vec<u8>,
}

impl Asking {
    /// The value of the header `name`.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let row = self.headers.iter().find(|(known, _)| known == name);
        row.map(|(_, value)| value.as_str())
    }
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// HTTP's status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// No answer came. Whether the server has the request is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Severed;

/// Carries one request there and its answer back.
pub trait Road: Send + Sync + 'static {
    /// One call; returns within a bounded time.
    ///
    /// # Errors
    /// [`Severed`]: the call then counts as one that could not reach the server.
    fn carry(&self, asking: Asking) -> Result<Answered, Severed>;
}

/// A road in place of the library's own way to the network.
pub(crate) struct OnRoad(pub(crate) Box<dyn Road>);

impl Middleware for OnRoad {
    fn handle(
        &self,
        request: Request<SendBody>,
        _network: MiddlewareNext,
    ) -> Result<Response<Body>, ureq::Error> {
        let (head, body) = request.into_parts();
        let mut asking = Asking {
            method: head.method.as_str().to_owned(),
            path: head
                .uri
                .path_and_query()
                .map_or("/", |at| at.as_str())
                .to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        for (name, value) in &head.headers {
            let value = value.to_str().unwrap_or_default();
            asking
                .headers
                .push((name.as_str().to_owned(), value.to_owned()));
        }
        body.into_reader()
            .read_to_end(&mut asking.body)
            .map_err(ureq::Error::Io)?;
        let answered = self
            .0
            .carry(asking)
            .map_err(|Severed| ureq::Error::ConnectionFailed)?;
        let answer = Response::builder().status(answered.status);
        answer
            .body(Body::builder().data(answered.body))
            .map_err(ureq::Error::Http)
    }
}
