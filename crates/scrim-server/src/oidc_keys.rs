//! Signatures of JWTs are checked by ring, which TLS uses as well.
//!
//! `jsonwebtoken` takes its cryptography from outside. Its own choices would bring either a second
//! C library or an RSA implementation with an open advisory (RUSTSEC-2023-0071). Only checking is
//! provided: this server signs no tokens, and symmetric keys are refused.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{Error as Unverified, Verifier};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: no_signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes ring the library's cryptography; once is enough, again changes nothing.
pub(crate) fn install() {
    // An error says that it is installed already, by another server of this process.
    PROVIDER.install_default().ok();
}

fn no_signer(_: &Algorithm, _: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    Err(ErrorKind::UnsupportedAlgorithm.into())
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    let (family, rule) = match algorithm {
        Algorithm::ES256 => (
            AlgorithmFamily::Ec,
            Rule::Plain(&signature::ECDSA_P256_SHA256_FIXED),
        ),
        Algorithm::ES384 => (
            AlgorithmFamily::Ec,
            Rule::Plain(&signature::ECDSA_P384_SHA384_FIXED),
        ),
        Algorithm::EdDSA => (AlgorithmFamily::Ed, Rule::Plain(&signature::ED25519)),
        Algorithm::RS256 => rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => rsa(&signature::RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => rsa(&signature::RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => rsa(&signature::RSA_PSS_2048_8192_SHA512),
        _ => return Err(ErrorKind::UnsupportedAlgorithm.into()),
    };
    // A key of one kind must never be read as one of another.
    if key.family() != family {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    Ok(Box::new(Checked {
        algorithm: *algorithm,
        rule,
        key: key.clone(),
    }))
}

fn rsa(parameters: &'static RsaParameters) -> (AlgorithmFamily, Rule) {
    (AlgorithmFamily::Rsa, Rule::Rsa(parameters))
}

enum Rule {
    Plain(&'static dyn signature::VerificationAlgorithm),
    Rsa(&'static RsaParameters),
}

struct Checked {
    algorithm: Algorithm,
    rule: Rule,
    key: DecodingKey,
}

impl Verifier<Vec<u8>> for Checked {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Unverified> {
        let held = match (&self.rule, self.key.kind()) {
            (Rule::Plain(rule), DecodingKeyKind::SecretOrDer(key)) => {
                UnparsedPublicKey::new(*rule, key).verify(message, signature)
            }
            (Rule::Rsa(rule), DecodingKeyKind::RsaModulusExponent { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(rule, message, signature)
            }
            _ => return Err(Unverified::new()),
        };
        held.map_err(|_| Unverified::new())
    }
}

impl JwtVerifier for Checked {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn published_signatures_hold_and_a_changed_byte_does_not() {
        // RFC 8037 appendix A.4 (Ed25519) and RFC 7515 appendix A.2 (RS256).
        for (algorithm, key, message, signature) in VECTORS {
            let jwk = serde_json::from_str(key).unwrap();
            let key = DecodingKey::from_jwk(&jwk).unwrap();
            let checked = verifier(algorithm, &key).unwrap();
            let mut bytes = base64::Engine::decode(
                &base64::engine::general_purpose::URL_SAFE_NO_PAD,
                signature,
            )
            .unwrap();
            assert!(
                checked.verify(message.as_bytes(), &bytes).is_ok(),
                "{algorithm:?}"
            );
            bytes[10] ^= 1;
            assert!(
                checked.verify(message.as_bytes(), &bytes).is_err(),
                "{algorithm:?}"
            );
            let other = if *algorithm == Algorithm::EdDSA {
                Algorithm::RS256
            } else {
                Algorithm::EdDSA
            };
            assert!(verifier(&other, &key).is_err());
            assert!(verifier(&Algorithm::HS256, &key).is_err());
        }
    }

    const VECTORS: &[(Algorithm, &str, &str, &str)] = &[
        (
            Algorithm::EdDSA,
            r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        ),
        (
            Algorithm::RS256,
            r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#,
            "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
            "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
        ),
    ];
}
