//! Signing in by code and renewing tokens, against a real issuer.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use scrim_issuer::{CLIENT, Issuer as RealIssuer};
use scrim_queue::{
    AllowedOrigins, Answered, Asking, DeviceFailed, Granted, HttpQueue, Issuer, IssuerAddress,
    IssuerFailed, Origin, Outbound, QueueServer, RefreshKeeper, RenewedTokens, Road, Severed,
    Tokens, Trust,
};
use scrim_wire::call::CallFailed;

fn client(real: &RealIssuer) -> Issuer {
    let address = IssuerAddress::parse(&real.url()).unwrap();
    let allowed = AllowedOrigins::new([address.origin().clone()]);
    Issuer::new(Outbound::new(allowed, Trust::system()), address, CLIENT)
}

const SILENT: CallFailed = CallFailed::Unreachable { after_s: None };

/// Signs in; `entered` is what happens at the issuer during the first wait. Also the waits.
fn sign_in(real: &RealIssuer, entered: impl Fn(&str)) -> (Result<String, DeviceFailed>, Vec<u64>) {
    let issuer = client(real);
    let code = issuer.device_code().unwrap();
    assert!(code.address.ends_with("/enter") && code.lasts == Duration::from_secs(600));
    let mut waits = Vec::new();
    let granted = issuer.wait_for_grant(&code, &mut |wait| {
        waits.push(wait.as_secs());
        entered(&format!("{}:{}", waits.len(), code.user_code));
        waits.len() < 200
    });
    (granted.map(|(_, refresh)| refresh), waits)
}

fn at(step: &str, wanted: &str) -> Option<String> {
    let (n, code) = step.split_once(':').unwrap();
    (n == wanted).then(|| code.to_owned())
}

#[test]
fn an_approved_code_signs_in_and_the_interval_is_kept() {
    let real = RealIssuer::start();
    real.poll_every(7);
    let (refresh, waits) = sign_in(&real, |step| {
        if let Some(code) = at(step, "3") {
            real.approve(&code, "anna");
        }
    });
    assert!(real.good_refresh_tokens().contains(&refresh.unwrap()));
    assert_eq!(waits, [7, 7, 7]);
}

#[test]
fn slow_down_makes_every_later_wait_longer_and_silence_doubles_it() {
    let real = RealIssuer::start();
    real.slow_down(2);
    let (refresh, waits) = sign_in(&real, |step| {
        if at(step, "4").is_some() {
            real.lose_answers(1);
        }
        if let Some(code) = at(step, "5") {
            real.approve(&code, "anna");
        }
    });
    assert!(refresh.is_ok());
    assert_eq!(waits, [5, 10, 15, 15, 30]);
}

#[test]
fn no_an_expired_code_and_calling_off_end_it() {
    let real = RealIssuer::start();
    let denied = sign_in(&real, |step| {
        if let Some(code) = at(step, "1") {
            real.deny(&code);
        }
    });
    assert_eq!(denied.0, Err(DeviceFailed::Denied));
    let expired = sign_in(&real, |step| {
        if let Some(code) = at(step, "1") {
            real.expire(&code);
        }
    });
    assert_eq!(expired.0, Err(DeviceFailed::Expired));
    // Nobody enters anything: over by the code's own time, without the issuer saying so.
    let (left, waits) = sign_in(&real, |_| {});
    assert_eq!(left, Err(DeviceFailed::Expired));
    assert_eq!(waits.iter().sum::<u64>(), 600);
    let issuer = client(&real);
    let code = issuer.device_code().unwrap();
    let cancelled = issuer.wait_for_grant(&code, &mut |_| false);
    assert_eq!(cancelled.unwrap_err(), DeviceFailed::Cancelled);
    assert!(real.good_refresh_tokens().is_empty());
}

#[test]
fn an_issuer_without_codes_another_client_and_another_name_are_said() {
    let real = RealIssuer::start();
    let address = IssuerAddress::parse(&real.url()).unwrap();
    let allowed = AllowedOrigins::new([address.origin().clone()]);
    let out = Outbound::new(allowed, Trust::system());
    let unknown = Issuer::new(out, address, "someone-else").device_code();
    assert!(matches!(unknown, Err(IssuerFailed::Refused(code)) if code == "invalid_client"));
    real.under_another_name();
    let other = client(&real).device_code();
    assert!(matches!(other, Err(IssuerFailed::Broken(why)) if why.contains("another issuer")));
    let real = RealIssuer::start();
    real.without_device_flow();
    let none = client(&real).device_code();
    assert!(matches!(none, Err(IssuerFailed::Broken(why)) if why.contains("no sign-in by code")));
}

#[test]
fn an_issuer_on_an_address_that_is_not_allowed_is_not_contacted() {
    let real = RealIssuer::start();
    let queue = Origin::parse("https://queue.example").unwrap();
    let out = Outbound::new(AllowedOrigins::new([queue]), Trust::system());
    let address = IssuerAddress::parse(&real.url()).unwrap();
    let issuer = Issuer::new(out, address, CLIENT);
    let failed = issuer.refresh("refresh-1").unwrap_err();
    assert_eq!(failed, IssuerFailed::Call(CallFailed::NotAllowed));
    assert!(real.calls().is_empty());
}

/// Keeps the refresh token as a disk would: what is kept is there for the next one.
struct Kept(Mutex<String>);

impl RefreshKeeper for Kept {
    fn renewing(
        &self,
        renew: &mut dyn FnMut(&str) -> Result<Granted, CallFailed>,
    ) -> Result<Granted, CallFailed> {
        let mut kept = self.0.lock().unwrap();
        let granted = renew(&kept)?;
        if let Some(newer) = &granted.refresh_token {
            kept.clone_from(newer);
        }
        Ok(granted)
    }
}

struct Desk {
    tokens: Arc<RenewedTokens>,
    kept: Arc<Kept>,
    now_s: Arc<AtomicU64>,
}

fn desk(real: &RealIssuer) -> Desk {
    let kept = Arc::new(Kept(Mutex::new(real.refresh_token("anna"))));
    let now_s = Arc::new(AtomicU64::new(0));
    let clock = now_s.clone();
    let elapsed = Box::new(move || Duration::from_secs(clock.load(Ordering::SeqCst)));
    Desk {
        tokens: Arc::new(RenewedTokens::on_clock(client(real), kept.clone(), elapsed)),
        kept,
        now_s,
    }
}

fn renewals(real: &RealIssuer) -> usize {
    real.calls().len()
}

#[test]
fn a_token_is_renewed_before_it_ends_and_each_refresh_token_is_used_once() {
    let real = RealIssuer::start();
    let desk = desk(&real);
    let first = desk.tokens.token().unwrap();
    desk.now_s.store(239, Ordering::SeqCst);
    assert_eq!(desk.tokens.token().unwrap(), first);
    assert_eq!(renewals(&real), 1);
    desk.now_s.store(240, Ordering::SeqCst);
    let second = desk.tokens.token().unwrap();
    assert_ne!(first, second);
    assert_eq!(renewals(&real), 2);
    let kept = desk.kept.0.lock().unwrap().clone();
    assert_eq!(real.good_refresh_tokens(), [kept].into());
}

#[test]
fn many_calls_that_are_refused_at_once_renew_once() {
    let real = RealIssuer::start();
    let desk = desk(&real);
    let first = desk.tokens.token().unwrap();
    std::thread::scope(|scope| {
        let ask = || desk.tokens.renewed(&first).unwrap().unwrap();
        let asking: Vec<_> = (0..5).map(|_| scope.spawn(ask)).collect();
        let newer: Vec<String> = asking.into_iter().map(|one| one.join().unwrap()).collect();
        assert!(
            newer
                .iter()
                .all(|token| *token == newer[0] && *token != first)
        );
    });
    assert_eq!(renewals(&real), 2);
}

#[test]
fn a_revoked_sign_in_and_a_lost_answer_end_in_sign_in_again() {
    let real = RealIssuer::start();
    let revoked = desk(&real);
    revoked.tokens.token().unwrap();
    real.revoke("anna");
    revoked.now_s.store(300, Ordering::SeqCst);
    assert_eq!(revoked.tokens.token(), Err(CallFailed::SignedOut));

    let lost = desk(&real);
    real.lose_answers(1);
    assert_eq!(lost.tokens.token(), Err(SILENT));
    // The issuer has replaced the refresh token, the desk has not heard of it.
    assert_eq!(lost.tokens.token(), Err(CallFailed::SignedOut));
}

#[test]
fn an_issuers_refusal_is_never_taken_for_the_queue_servers() {
    let real = RealIssuer::start();
    let desk = desk(&real);
    real.under_another_name();
    assert_eq!(desk.tokens.token(), Err(SILENT));
    drop(real);
    assert_eq!(desk.tokens.token(), Err(SILENT));
}

/// A queue server that takes one token only, and writes down what it was asked with.
struct TakesOnly {
    good: Mutex<String>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Road for TakesOnly {
    fn carry(&self, asking: Asking) -> Result<Answered, Severed> {
        let bearer = asking
            .header("authorization")
            .unwrap_or_default()
            .to_owned();
        self.asked.lock().unwrap().push(bearer.clone());
        let good = self.good.lock().unwrap().clone();
        let (status, body) = if bearer == format!("Bearer {good}") {
            (200, r#"{"queues":[]}"#)
        } else {
            (
                401,
                r#"{"code":"signed_out","message":"no","retry":"never"}"#,
            )
        };
        Ok(Answered {
            status,
            body: body.as_bytes().to_vec(),
        })
    }
}

/// Gives one token, then another, then none.
struct Scripted(Mutex<Vec<&'static str>>);

impl Tokens for Scripted {
    fn token(&self) -> Result<String, CallFailed> {
        Ok(self.0.lock().unwrap()[0].to_owned())
    }

    fn renewed(&self, refused: &str) -> Result<Option<String>, CallFailed> {
        let mut tokens = self.0.lock().unwrap();
        assert_eq!(tokens.remove(0), refused);
        Ok(tokens.first().map(|token| (*token).to_owned()))
    }
}

#[test]
fn a_token_that_the_server_does_not_take_is_renewed_once_and_the_call_goes_again() {
    for (good, tokens, wanted, calls) in [
        ("two", vec!["one", "two"], Ok(Vec::new()), 2),
        (
            "three",
            vec!["one", "two", "three"],
            Err(CallFailed::SignedOut),
            2,
        ),
        ("two", vec!["one"], Err(CallFailed::SignedOut), 1),
    ] {
        let asked = Arc::default();
        let road = TakesOnly {
            good: Mutex::new(good.to_owned()),
            asked: Arc::clone(&asked),
        };
        let origin = Origin::parse("https://queue.example").unwrap();
        let out = Outbound::on_road(AllowedOrigins::new([origin.clone()]), Box::new(road));
        let tokens = Arc::new(Scripted(Mutex::new(tokens)));
        let queue = HttpQueue::through(out, origin, tokens);
        assert_eq!(queue.queues(), wanted);
        assert_eq!(asked.lock().unwrap().len(), calls);
    }
}
