//! Covers of the items in hand: asked for, there, or not to be had.

use scrim_model::MediumKey;
use scrim_model::view::CoverKey;
use scrim_wire::window::MediumState;

use crate::desk::Desk;
use crate::effect::Effect;
use crate::event::MediumFailure;
use crate::limits::PREPARED_MEDIA_MAX;
use crate::parts::hand::HandItem;

impl Desk {
    pub(crate) fn cover_ready(&mut self, key: &CoverKey, width: u32, height: u32) {
        let Some(held) = self.hand.find_mut(&key.medium.item) else {
            return;
        };
        if held.step == key.step
            && let Some(state) = held.media.get_mut(key.medium.n as usize)
        {
            *state = MediumState::Covered { width, height };
        }
    }

    pub(crate) fn medium_failed(&mut self, medium: &MediumKey, failure: MediumFailure) {
        let Some(held) = self.hand.find_mut(&medium.item) else {
            return;
        };
        if let Some(state) = held.media.get_mut(medium.n as usize) {
            *state = match failure {
                MediumFailure::Rejected { reason } => MediumState::Rejected { reason },
                MediumFailure::Unavailable => MediumState::Unavailable,
            };
        }
    }

    pub(crate) fn retry_medium(&mut self, n: u32, out: &mut Vec<Effect>) {
        let Some(held) = &mut self.hand.open else {
            return;
        };
        held.load = true;
        let step = held.step;
        if let Some(state) = held.media.get_mut(n as usize)
            && matches!(state, MediumState::NotLoaded | MediumState::Unavailable)
        {
            *state = MediumState::Loading;
            let medium = MediumKey {
                item: held.item.id.clone(),
                n,
            };
            out.push(Effect::PrepareCover {
                key: CoverKey { medium, step },
                claim_id: held.claim_id.clone(),
                look: held.look,
            });
        }
    }

    /// Media that did not come are asked for again; called when the connection is back.
    pub(crate) fn retry_media(&mut self, out: &mut Vec<Effect>) {
        for held in self.hand.iter_mut() {
            for (n, state) in held.media.iter_mut().enumerate() {
                if *state == MediumState::Unavailable {
                    *state = MediumState::Loading;
                    let n = u32::try_from(n).expect("media are counted in u32");
                    let medium = MediumKey {
                        item: held.item.id.clone(),
                        n,
                    };
                    let key = CoverKey {
                        medium,
                        step: held.step,
                    };
                    out.push(Effect::PrepareCover {
                        key,
                        claim_id: held.claim_id.clone(),
                        look: held.look,
                    });
                }
            }
        }
    }
}

/// Asks for covers of an item's first media, unless it is decided without loading.
pub(crate) fn prepare(held: &HandItem, out: &mut Vec<Effect>) {
    prepare_range(held, 0, PREPARED_MEDIA_MAX, out);
}

/// Asks for the covers of an item anew, after its cover has changed.
pub(crate) fn prepare_again(held: &HandItem, out: &mut Vec<Effect>) {
    for (n, state) in held.media.iter().enumerate() {
        if matches!(state, MediumState::Covered { .. } | MediumState::Loading) {
            let n = u32::try_from(n).expect("media are counted in u32");
            let medium = MediumKey {
                item: held.item.id.clone(),
                n,
            };
            out.push(Effect::PrepareCover {
                key: CoverKey {
                    medium,
                    step: held.step,
                },
                claim_id: held.claim_id.clone(),
                look: held.look,
            });
        }
    }
}

/// Asks for covers of the media that are not prepared ahead.
pub(crate) fn prepare_rest(held: &HandItem, out: &mut Vec<Effect>) {
    prepare_range(held, PREPARED_MEDIA_MAX, u32::MAX, out);
}

fn prepare_range(held: &HandItem, from: u32, to: u32, out: &mut Vec<Effect>) {
    if !held.load {
        return;
    }
    for medium in held.item.media.iter().filter(|m| (from..to).contains(&m.n)) {
        let key = CoverKey {
            medium: MediumKey {
                item: held.item.id.clone(),
                n: medium.n,
            },
            step: held.step,
        };
        out.push(Effect::PrepareCover {
            key,
            claim_id: held.claim_id.clone(),
            look: held.look,
        });
    }
}
