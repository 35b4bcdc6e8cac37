//! Signing in by a code on another screen: OAuth 2.0 Device Authorization Grant (RFC 8628).
//!
//! | Answer to a poll | Then |
//! | --- | --- |
//! | `authorization_pending` | wait the interval, ask again |
//! | `slow_down` | the interval grows by 5 s for good |
//! | no answer | the interval doubles, up to a minute |
//! | `access_denied` | over: the person said no |
//! | `expired_token`, or the code's own time is over | over: begin again |
//! | a grant | signed in |

use std::time::Duration;

use scrim_wire::call::CallFailed;
use serde::Deserialize;

use crate::issuer::{Granted, Issuer, IssuerFailed, shown};
use crate::limits::{CODE_INTERVAL_MAX, CODE_SHOWN_CHARS_MAX, CODE_TIME_MAX};

/// Asked for: who it is, and a token that can be renewed.
const SCOPE: &str = "openid offline_access";
/// RFC 8628 section 3.2: what holds if the issuer says nothing.
const INTERVAL: Duration = Duration::from_secs(5);
/// RFC 8628 section 3.5.
const SLOWER: Duration = Duration::from_secs(5);

/// A code that a person enters on another screen.
pub struct DeviceCode {
    /// What they enter.
    pub user_code: String,
    /// Where they enter it.
    pub address: String,
    /// The same address with the code in it, if the issuer has one.
    pub address_with_code: Option<String>,
    /// How long it is good for.
    pub lasts: Duration,
    interval: Duration,
    secret: String,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceFailed {
    /// The person, or a rule of the issuer, said no.
    Denied,
    /// Nobody entered the code in time.
    Expired,
    /// Called off here.
    Cancelled,
    /// The issuer grants no token that can be renewed.
    NoRefresh,
    /// Anything else.
    Issuer(IssuerFailed),
}

impl From<IssuerFailed> for DeviceFailed {
    fn from(failed: IssuerFailed) -> Self {
        DeviceFailed::Issuer(failed)
    }
}

/// What one poll brought.
enum Poll {
    Granted(Granted),
    Pending,
    SlowDown,
    Silence,
}

impl Issuer {
    /// A new code.
    ///
    /// # Errors
    /// [`IssuerFailed`].
    pub fn device_code(&self) -> Result<DeviceCode, IssuerFailed> {
        #[derive(Deserialize)]
        struct Answer {
            device_code: String,
            user_code: String,
            verification_uri: String,
            #[serde(default)]
            verification_uri_complete: Option<String>,
            expires_in: u64,
            #[serde(default)]
            interval: Option<u64>,
        }
        let body = self.device_authorization(&[("scope", SCOPE)])?;
        let answer: Answer = serde_json::from_slice(&body)
            .map_err(|_| IssuerFailed::Broken("its code cannot be read"))?;
        let interval = answer.interval.map_or(INTERVAL, Duration::from_secs);
        Ok(DeviceCode {
            user_code: shown(&answer.user_code, CODE_SHOWN_CHARS_MAX),
            address: shown(&answer.verification_uri, CODE_SHOWN_CHARS_MAX),
            address_with_code: answer
                .verification_uri_complete
                .map(|address| shown(&address, CODE_SHOWN_CHARS_MAX)),
            lasts: Duration::from_secs(answer.expires_in).min(CODE_TIME_MAX),
            // A second at least: nobody enters a code faster, and an issuer may say 0.
            interval: interval.clamp(Duration::from_secs(1), CODE_INTERVAL_MAX),
            secret: answer.device_code,
        })
    }

    /// Asks for the grant until there is one or the code is over. `wait` waits that long, or says
    /// false to call it off.
    ///
    /// # Errors
    /// [`DeviceFailed`].
    pub fn wait_for_grant(
        &self,
        code: &DeviceCode,
        wait: &mut dyn FnMut(Duration) -> bool,
    ) -> Result<(Granted, String), DeviceFailed> {
        let (mut interval, mut waited) = (code.interval, Duration::ZERO);
        loop {
            if waited + interval > code.lasts {
                return Err(DeviceFailed::Expired);
            }
            if !wait(interval) {
                return Err(DeviceFailed::Cancelled);
            }
            waited += interval;
            match self.poll(code)? {
                Poll::Granted(granted) => {
                    let refresh = granted.refresh_token.clone();
                    return refresh
                        .map(|refresh| (granted, refresh))
                        .ok_or(DeviceFailed::NoRefresh);
                }
                Poll::Pending => {}
                Poll::SlowDown => interval += SLOWER,
                Poll::Silence => interval = (interval * 2).min(CODE_INTERVAL_MAX),
            }
        }
    }

    fn poll(&self, code: &DeviceCode) -> Result<Poll, DeviceFailed> {
        let pairs = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", code.secret.as_str()),
        ];
        match self.grant(&pairs) {
            Ok(granted) => Ok(Poll::Granted(granted)),
            Err(IssuerFailed::Call(CallFailed::Unreachable { .. })) => Ok(Poll::Silence),
            Err(IssuerFailed::Refused(code)) => match code.as_str() {
                "authorization_pending" => Ok(Poll::Pending),
                "slow_down" => Ok(Poll::SlowDown),
                "access_denied" => Err(DeviceFailed::Denied),
                "expired_token" => Err(DeviceFailed::Expired),
                _ => Err(IssuerFailed::Refused(code).into()),
            },
            Err(other) => Err(other.into()),
        }
    }
}
