//! The one origin that a desk talks to.

use thiserror::Error;

/// Scheme, host and port, fixed at sign-in. No path, no user, no query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

/// Why a text is not an origin that a desk may talk to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OriginRefused {
    /// Not `https://host[:port]`.
    #[error(
        "Write the queue server's address as https://host or https://host:port, without a path. Nothing was contacted."
    )]
    Shape,
    /// Plain HTTP to another machine.
    #[error(
        "Plain http:// is only for a server on this machine. Use https://. Nothing was contacted."
    )]
    PlainHttp,
}

impl Origin {
    /// Checks `text`. HTTPS to anywhere, plain HTTP to loopback addresses only.
    ///
    /// # Errors
    /// [`OriginRefused`].
    pub fn parse(text: &str) -> Result<Self, OriginRefused> {
        let text = text.trim().trim_end_matches('/');
        let uri: ureq::http::Uri = text.parse().map_err(|_| OriginRefused::Shape)?;
        let host = uri.host().ok_or(OriginRefused::Shape)?;
        let authority = uri.authority().ok_or(OriginRefused::Shape)?.as_str();
        if authority.contains('@')
            || uri.path() != "/" && !uri.path().is_empty()
            || uri.query().is_some()
        {
            return Err(OriginRefused::Shape);
        }
        let address = host.trim_start_matches('[').trim_end_matches(']');
        let loopback = address == "localhost"
            || address
                .parse()
                .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if loopback => {}
            Some("http") => return Err(OriginRefused::PlainHttp),
            _ => return Err(OriginRefused::Shape),
        }
        Ok(Self(format!(
            "{}://{authority}",
            uri.scheme_str().unwrap_or("https")
        )))
    }

    pub(crate) fn as_uri(&self) -> Option<ureq::http::Uri> {
        self.0.parse().ok()
    }

    /// `scheme://host[:port]`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_or_loopback_and_nothing_but_an_origin() {
        for good in [
            "https://queue.example",
            "https://queue.example:8443/",
            "http://127.0.0.1:9",
            "http://[::1]:9",
            "http://localhost",
        ] {
            assert!(Origin::parse(good).is_ok(), "{good}");
        }
        assert_eq!(
            Origin::parse("http://queue.example"),
            Err(OriginRefused::PlainHttp)
        );
        assert_eq!(
            Origin::parse("http://127.0.0.1.evil.example"),
            Err(OriginRefused::PlainHttp)
        );
        for bad in [
            "queue.example",
            "ftp://a",
            "https://u@h",
            "https://h/path",
            "https://h?q",
            "",
            "https://",
        ] {
            assert_eq!(Origin::parse(bad), Err(OriginRefused::Shape), "{bad}");
        }
    }
}
