//! Whose certificates are trusted: the system's authorities, an authority of one's own, named keys.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use sha2::{Digest, Sha256};
use thiserror::Error as ThisError;

use crate::limits::{AUTHORITIES_MAX, CA_BYTES_MAX, PINS_MAX};

/// Why what was named cannot be trusted. Each text is the end of a sentence about the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ThisError)]
pub enum TrustRefused {
    /// No PEM, no certificate in it, or one that cannot be read.
    #[error(
        "must hold certificates as PEM text (-----BEGIN CERTIFICATE-----), each of them readable"
    )]
    NoCertificates,
    /// Larger than anyone's list of authorities.
    #[error("is larger, or holds more certificates, than Scrim reads")]
    TooLarge,
    /// No pin.
    #[error(
        "must be sha256: and the 64 hex digits of the SHA-256 of the server's public key (SPKI)"
    )]
    NoPin,
    /// More pins than a server has keys.
    #[error("names more keys than Scrim keeps")]
    TooManyPins,
    /// Alone, but with whom?
    #[error("trusts one's own authority alone, but names none")]
    NobodyTrusted,
}

/// SHA-256 of a server's public key (its SPKI in DER).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pin([u8; 32]);

impl Pin {
    /// Reads `sha256:` and 64 hex digits.
    ///
    /// # Errors
    /// [`TrustRefused::NoPin`].
    pub fn parse(text: &str) -> Result<Self, TrustRefused> {
        let digits = text
            .trim()
            .strip_prefix("sha256:")
            .ok_or(TrustRefused::NoPin)?;
        if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(TrustRefused::NoPin);
        }
        let mut hash = [0; 32];
        for (n, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&digits[2 * n..2 * n + 2], 16)
                .map_err(|_| TrustRefused::NoPin)?;
        }
        Ok(Self(hash))
    }

    fn of(certificate: &CertificateDer<'_>) -> Result<Self, Error> {
        let spki = ParsedCertificate::try_from(certificate)?.subject_public_key_info();
        Ok(Self(Sha256::digest(spki.as_ref()).into()))
    }
}

/// Whom a desk believes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    own: Vec<CertificateDer<'static>>,
    own_alone: bool,
    pins: Vec<Pin>,
}

impl Trust {
    /// The system's authorities, and nobody else.
    #[must_use]
    pub fn system() -> Self {
        Self::default()
    }

    /// Trusts the authorities in `pem` as well, or with `alone` nobody but them.
    ///
    /// # Errors
    /// [`TrustRefused`].
    pub fn with_authorities(mut self, pem: &[u8], alone: bool) -> Result<Self, TrustRefused> {
        if pem.len() as u64 > CA_BYTES_MAX {
            return Err(TrustRefused::TooLarge);
        }
        let own: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let own = own.map_err(|_| TrustRefused::NoCertificates)?;
        if own.len() > AUTHORITIES_MAX {
            return Err(TrustRefused::TooLarge);
        }
        let mut store = RootCertStore::empty();
        for certificate in &own {
            store
                .add(certificate.clone())
                .map_err(|_| TrustRefused::NoCertificates)?;
        }
        if own.is_empty() {
            return Err(TrustRefused::NoCertificates);
        }
        self.own = own;
        self.own_alone = alone;
        Ok(self)
    }

    /// Beyond what is trusted, the server's own key must be one of `pins`.
    ///
    /// # Errors
    /// [`TrustRefused::TooManyPins`].
    pub fn with_pins(mut self, pins: Vec<Pin>) -> Result<Self, TrustRefused> {
        if pins.len() > PINS_MAX {
            return Err(TrustRefused::TooManyPins);
        }
        self.pins = pins;
        Ok(self)
    }

    /// In words, for whoever looks after a desk.
    #[must_use]
    pub fn in_words(&self) -> String {
        let whom = match (self.own.len(), self.own_alone) {
            (0, _) => "the system's authorities",
            (_, false) => "the system's authorities and an authority of one's own",
            (_, true) => "an authority of one's own and no other",
        };
        match self.pins.len() {
            0 => whom.to_owned(),
            n => format!("{whom}; the server's key must be one of {n} named"),
        }
    }

    /// The rule as a verifier. Signatures, names and dates are checked by the library's own
    /// verifier; a pin only ever refuses more.
    pub(crate) fn verifier(
        &self,
        provider: Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, Error> {
        let chain: Arc<dyn ServerCertVerifier> = if self.own_alone {
            let mut roots = RootCertStore::empty();
            for certificate in &self.own {
                roots.add(certificate.clone())?;
            }
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
                .build()
                .map_err(|_| Error::General("no authority is trusted".into()))?
        } else {
            let own = self.own.iter().cloned();
            Arc::new(rustls_platform_verifier::Verifier::new_with_extra_roots(
                own, provider,
            )?)
        };
        if self.pins.is_empty() {
            return Ok(chain);
        }
        Ok(Arc::new(Pinned {
            chain,
            pins: self.pins.clone(),
        }))
    }
}

/// A chain that holds, and one of the named keys at its end.
#[derive(Debug)]
struct Pinned {
    chain: Arc<dyn ServerCertVerifier>,
    pins: Vec<Pin>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let held = self.chain.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )?;
        // Only the server's own key counts: whoever sends a chain may put anything into it.
        if self.pins.contains(&Pin::of(end_entity)?) {
            Ok(held)
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chain.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.chain.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.chain.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_authority_or_no_pin_is_refused() {
        let trust = Trust::system();
        for (pem, why) in [
            (&b""[..], TrustRefused::NoCertificates),
            (b"no pem", TrustRefused::NoCertificates),
            (
                b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                TrustRefused::NoCertificates,
            ),
            (&vec![b'x'; 300_000], TrustRefused::TooLarge),
        ] {
            assert_eq!(trust.clone().with_authorities(pem, true), Err(why));
        }
        let good = format!("sha256:{}", "0a".repeat(32));
        assert_eq!(Pin::parse(&good), Ok(Pin([10; 32])));
        for bad in [
            "",
            "sha256:",
            &good[1..],
            &good[..70],
            "sha256:zz",
            &good.replace('0', "g"),
        ] {
            assert_eq!(Pin::parse(bad), Err(TrustRefused::NoPin), "{bad}");
        }
        let many = vec![Pin([0; 32]); PINS_MAX + 1];
        assert_eq!(trust.with_pins(many), Err(TrustRefused::TooManyPins));
    }
}
