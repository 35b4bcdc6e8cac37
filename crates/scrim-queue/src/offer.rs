//! What a queue server says about signing in, before anyone has.

use scrim_wire::call::CallFailed;
use scrim_wire::leaves;
use scrim_wire::limits::ANSWER_BYTES_MAX;
use scrim_wire::protocol::SignInOffer;

use crate::answers::{broken, json};
use crate::outbound::{failed, read};
use crate::{IssuerAddress, Origin, Outbound};

/// The identity issuer of the server at `origin`. A token is neither needed nor sent.
///
/// # Errors
/// [`CallFailed`]; refused with `unknown` if the server hands out tokens itself.
pub fn sign_in_offer(out: &Outbound, origin: &Origin) -> Result<SignInOffer, CallFailed> {
    let address = format!("{}{}", origin.as_str(), leaves::SIGN_IN.path);
    let answer = out.agent.get(address).call().map_err(|e| failed(&e))?;
    let offer: SignInOffer = json(&read(answer, ANSWER_BYTES_MAX)?)?;
    if IssuerAddress::parse(&offer.issuer).is_err() || offer.client_id.len() > 256 {
        return Err(broken("sign-in: no issuer that a desk could ask"));
    }
    Ok(offer)
}
