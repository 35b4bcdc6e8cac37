//! Which addresses may be contacted: fixed at sign-in or by the managed file, never by content.

use ureq::http::Uri;

use crate::Origin;

/// The origins that a desk may contact, and the proxy that stands before them, if one is managed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedOrigins {
    origins: Vec<Origin>,
    proxy: Option<ProxyAddress>,
}

impl AllowedOrigins {
    /// Those and no others, without a proxy.
    #[must_use]
    pub fn new(origins: impl IntoIterator<Item = Origin>) -> Self {
        Self {
            origins: origins.into_iter().collect(),
            proxy: None,
        }
    }

    /// The same ones, all of them through `proxy`.
    #[must_use]
    pub fn through(mut self, proxy: ProxyAddress) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// The proxy, if there is one.
    #[must_use]
    pub fn proxy(&self) -> Option<&ProxyAddress> {
        self.proxy.as_ref()
    }

    /// Whether `uri` may be contacted: scheme, host and port are those of an allowed origin.
    #[must_use]
    pub fn permits(&self, uri: &Uri) -> bool {
        let Some(asked) = Place::of(uri) else {
            return false;
        };
        self.origins.iter().any(|origin| {
            origin
                .as_uri()
                .is_some_and(|uri| Place::of(&uri).as_ref() == Some(&asked))
        })
    }

    /// Whether a socket may be opened to `uri`: an allowed origin, or the proxy itself.
    pub(crate) fn permits_socket(&self, uri: &Uri) -> bool {
        let is_proxy = |proxy: &ProxyAddress| Place::of(&proxy.0) == Place::of(uri);
        self.permits(uri) || Place::of(uri).is_some() && self.proxy.as_ref().is_some_and(is_proxy)
    }
}

impl Origin {
    /// Whether both are one place, however they are written.
    #[must_use]
    pub fn is_same(&self, other: &Origin) -> bool {
        let place = |origin: &Origin| origin.as_uri().and_then(|uri| Place::of(&uri));
        place(self).is_some_and(|here| Some(here) == place(other))
    }
}

/// Scheme, host and port of an address, the port written out.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    scheme: String,
    host: String,
    port: u16,
}

impl Place {
    fn of(uri: &Uri) -> Option<Self> {
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let usual = match scheme.as_str() {
            "https" => 443,
            "http" => 80,
            _ => return None,
        };
        // `user@host` could make a person believe another host.
        if uri.authority()?.as_str().contains('@') {
            return None;
        }
        Some(Self {
            host: uri.host()?.to_ascii_lowercase(),
            port: uri.port_u16().unwrap_or(usual),
            scheme,
        })
    }
}

/// A proxy's address: `http://host:port`. Calls are tunnelled through it with CONNECT, so that it
/// sees host names and no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyAddress(Uri);

impl ProxyAddress {
    /// Checks `text`.
    ///
    /// # Errors
    /// What is wrong with it, as the end of a sentence about the value.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const SHAPE: &str = "must be http://host:port, without a name, a password or a path";
        let uri: Uri = text
            .trim()
            .trim_end_matches('/')
            .parse()
            .map_err(|_| SHAPE)?;
        let has_port = uri.port_u16().is_some();
        let is_plain = uri.scheme_str() == Some("http") && matches!(uri.path(), "" | "/");
        if has_port && is_plain && uri.query().is_none() && Place::of(&uri).is_some() {
            Ok(Self(uri))
        } else {
            Err(SHAPE)
        }
    }

    /// `http://host:port`.
    #[must_use]
    pub fn as_text(&self) -> String {
        format!(
            "http://{}:{}",
            self.0.host().unwrap_or_default(),
            self.0.port_u16().unwrap_or_default()
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn allowed() -> AllowedOrigins {
        AllowedOrigins::new([
            Origin::parse("https://Queue.example").unwrap(),
            Origin::parse("http://127.0.0.1:8080").unwrap(),
        ])
    }

    fn permits(text: &str) -> bool {
        allowed().permits(&text.parse().unwrap())
    }

    #[test]
    fn scheme_host_and_port_must_all_be_those_of_an_allowed_origin() {
        for good in [
            "https://queue.example/v1/session",
            "https://queue.example:443/v1/x?y=z",
            "http://127.0.0.1:8080/v1",
        ] {
            assert!(permits(good), "{good}");
        }
        for bad in [
            "http://queue.example/",
            "https://queue.example:8443/",
            "https://queue.example.evil.example/",
            "https://evil.example/queue.example",
            "https://evil.example/?https://queue.example",
            "https://queue.example@evil.example/",
            "https://user@queue.example/",
            "http://127.0.0.1/",
            "http://127.0.0.2:8080/",
            "http://[::1]:8080/",
            "/v1/session",
        ] {
            assert!(!permits(bad), "{bad}");
        }
    }

    #[test]
    fn a_proxy_is_no_origin_but_a_socket_to_it_may_be_opened() {
        let proxy = "http://proxy.example:3128";
        let allowed = allowed().through(ProxyAddress::parse(proxy).unwrap());
        assert!(!allowed.permits(&proxy.parse().unwrap()));
        assert!(allowed.permits_socket(&proxy.parse().unwrap()));
        assert!(!allowed.permits_socket(&"http://proxy.example:3129".parse().unwrap()));
        for bad in [
            "proxy.example:3128",
            "socks5://proxy.example:1080",
            "http://user:word@proxy.example:3128",
            "http://proxy.example",
            "http://proxy.example:3128/path",
        ] {
            assert!(ProxyAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
