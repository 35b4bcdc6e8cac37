//! Items in hand: claimed, held for this desk, not yet final.

use std::collections::BTreeMap;

use scrim_model::hashes::Likeness;
use scrim_model::item::{Form, Medium};
use scrim_model::limits::MARKS_MAX;
use scrim_model::mark::Mark;
use scrim_model::settings::Protection;
use scrim_model::view::{CoverKey, CoverKind, CoverStep, CoverStyle, Part, ViewInterval};
use scrim_model::{
    ClaimId, DecisionId, Item, ItemDraft, ItemId, MediumKey, PolicyId, QueueId, Timestamp, WordList,
};
use scrim_wire::protocol::{Claim, Draft, DraftMedium, DraftPlace};
use scrim_wire::window::{MediumState, QuestionState};

use crate::clock::Now;
use crate::effect::CoverOf;
use crate::event::FilmKnown;
use crate::limits::LEASE_MAX_MS;
use crate::parts::consult::Questions;
use crate::parts::copies::Hashed;
use crate::parts::film::Film;
use crate::parts::look::Look;
use crate::words::Masks;

/// Whether what is shown was made from a smaller version.
pub(crate) fn is_small(state: &MediumState) -> bool {
    matches!(state, MediumState::Covered { whole: false, .. })
}

/// One claimed item and everything that the desk knows of it.
#[derive(Debug, Clone)]
pub(crate) struct HandItem {
    pub(crate) claim_id: ClaimId,
    pub(crate) fence: u64,
    pub(crate) queue_id: QueueId,
    pub(crate) item: Item,
    /// End of the lease on the boot clock.
    pub(crate) lease_ends_boot_ms: u64,
    /// End of the offline grant on the boot clock.
    pub(crate) offline_ends_boot_ms: u64,
    /// When the server last said that it is this desk's, on the boot clock.
    pub(crate) confirmed_boot_ms: u64,
    /// Heartbeats were missed.
    pub(crate) unconfirmed: bool,
    pub(crate) media: Vec<MediumState>,
    /// Those of them that last, by `n`.
    pub(crate) films: Vec<Option<Film>>,
    pub(crate) step: CoverStep,
    /// What covers look like besides their strength.
    pub(crate) style: CoverStyle,
    pub(crate) selected: Part,
    /// The window shows a part of the selected medium, larger.
    pub(crate) zoomed: bool,
    pub(crate) masks: Masks,
    pub(crate) draft_parent: Option<PolicyId>,
    pub(crate) draft_policy: Option<PolicyId>,
    /// Policies of single media, by `n`.
    pub(crate) draft_media: BTreeMap<u32, PolicyId>,
    pub(crate) draft_unsure: bool,
    pub(crate) draft_note: String,
    pub(crate) draft_marks: Vec<Mark>,
    /// The draft that the store holds.
    pub(crate) kept_draft: Option<ItemDraft>,
    /// What was asked about it.
    pub(crate) questions: Questions,
    pub(crate) intervals: Vec<ViewInterval>,
    /// Active time on the screen, per medium.
    pub(crate) on_screen_ms: Vec<u64>,
    /// Active time since it was opened.
    pub(crate) handle_ms: u64,
    /// Media whose whole is wanted, because there is no smaller version or because it was asked for.
    pub(crate) wants_whole: Vec<bool>,
    /// Loading was asked for (known-hash items are not loaded by themselves).
    pub(crate) load: bool,
    /// Media that were loaded although the item could be decided without.
    pub(crate) loaded_by_choice: Vec<bool>,
    /// Media that were opened without a wall that is waived here.
    pub(crate) without_landlock: Vec<bool>,
    /// Looked at for a colleague; then nothing of it is decided here.
    pub(crate) for_colleague: Option<Look>,
    /// What its media are known by.
    pub(crate) hashes: Vec<Hashed>,
    /// The own decision whose item it is a copy of.
    pub(crate) copy_of: Option<(DecisionId, Likeness)>,
    /// The own decision about its author.
    pub(crate) of_author: Option<DecisionId>,
    /// What it was said to be no copy of.
    pub(crate) not_copy_of: Vec<DecisionId>,
    /// It opens although a decision could be repeated for it.
    pub(crate) one_by_one: bool,
    /// It was on the screen: it may be finished whatever the limits say.
    pub(crate) was_opened: bool,
}

impl HandItem {
    /// What a colleague had made of it.
    pub(crate) fn take_over(&mut self, draft: Draft) {
        // Older desks and servers name all policies in one list only.
        self.draft_policy = match draft.media.is_empty() {
            true => draft.policy_ids.into_iter().next(),
            false => draft.item_policy_id,
        };
        let of_item = self.item.media.len();
        let media = draft.media.into_iter().map(|of| (of.n, of.policy_id));
        self.draft_media = media.filter(|(n, _)| (*n as usize) < of_item).collect();
        self.draft_unsure = draft.unsure;
        self.draft_note = draft.note;
        self.draft_marks = draft.marks;
        self.draft_marks.truncate(MARKS_MAX);
        self.draft_marks.retain(|mark| mark.points_into(&self.item));
        self.go_back_to(draft.places.into_iter().map(|place| (place.n, place.at_ms)));
    }

    /// Films and sounds go on from here, told by `n` and milliseconds.
    pub(crate) fn go_back_to(&mut self, places: impl IntoIterator<Item = (u32, u32)>) {
        for (n, at_ms) in places {
            if let Some(film) = self.film_mut(n) {
                film.go_back_to(at_ms);
            }
        }
    }

    pub(crate) fn handed(&self) -> Draft {
        Draft {
            policy_ids: self.chosen_ids(),
            note: self.draft_note.clone(),
            severity: None,
            unsure: self.draft_unsure,
            marks: self.draft_marks.clone(),
            item_policy_id: self
                .draft_policy
                .clone()
                .filter(|_| !self.draft_media.is_empty()),
            media: self
                .draft_media
                .iter()
                .map(|(n, policy_id)| DraftMedium {
                    n: *n,
                    policy_id: policy_id.clone(),
                })
                .collect(),
            places: (self.film_places().into_iter())
                .map(|(n, at_ms)| DraftPlace { n, at_ms })
                .collect(),
        }
    }

    /// An item as it came; `skew_ms` is the server's clock less the desk's.
    pub(crate) fn new(
        claim: Claim,
        now: Now,
        skew_ms: i64,
        (rules, masked): (&Protection, &WordList),
    ) -> Self {
        let ends = |at: Timestamp| {
            let left =
                at.0.saturating_sub(now.utc_ms.saturating_add(skew_ms))
                    .clamp(0, LEASE_MAX_MS);
            now.boot_ms + left.unsigned_abs()
        };
        let load = !rules.known_hash_lane || !claim.item.is_known_exact();
        let first = if load {
            MediumState::Loading
        } else {
            MediumState::NotLoaded
        };
        let lease = ends(claim.expires_at);
        Self {
            claim_id: claim.claim_id,
            fence: claim.fence,
            queue_id: claim.queue_id,
            lease_ends_boot_ms: lease,
            offline_ends_boot_ms: claim.offline_until.map_or(lease, ends),
            confirmed_boot_ms: now.boot_ms,
            unconfirmed: false,
            media: vec![first; claim.item.media.len()],
            films: Film::all(&claim.item, rules),
            step: rules.cover.step_for(&claim.item.classes),
            style: rules.cover.style(),
            selected: if claim.item.media.is_empty() {
                Part::Words
            } else {
                Part::Medium(0)
            },
            zoomed: false,
            masks: Masks::of(&claim.item, masked, rules.text_mask),
            draft_parent: None,
            draft_policy: None,
            draft_media: BTreeMap::new(),
            draft_unsure: false,
            draft_note: String::new(),
            draft_marks: Vec::new(),
            kept_draft: None,
            questions: Questions::default(),
            intervals: Vec::new(),
            on_screen_ms: vec![0; claim.item.media.len()],
            handle_ms: 0,
            wants_whole: vec![true; claim.item.media.len()],
            load,
            loaded_by_choice: vec![false; claim.item.media.len()],
            without_landlock: vec![false; claim.item.media.len()],
            for_colleague: None,
            hashes: vec![Hashed::NotYet; claim.item.media.len()],
            copy_of: None,
            of_author: None,
            not_copy_of: Vec::new(),
            one_by_one: false,
            was_opened: false,
            item: claim.item,
        }
    }

    /// Covers are made from the smaller versions that its server has; of pictures only.
    pub(crate) fn take_small(&mut self) {
        for (wants_whole, medium) in self.wants_whole.iter_mut().zip(&self.item.media) {
            *wants_whole = medium.cover.is_none() || !medium.mime.starts_with("image/");
        }
    }

    /// The first medium whose cover was made from a smaller version, and whose whole was not asked for.
    pub(crate) fn next_small(&self) -> Option<u32> {
        let media = (0..).zip(self.media.iter().zip(&self.wants_whole));
        let mut small = media.filter(|(_, (state, asked))| is_small(state) && !**asked);
        small.next().map(|(n, _)| n)
    }

    /// The medium that policies are chosen for: the shown one of several. `None`: the item as a whole.
    pub(crate) fn judged_medium(&self) -> Option<u32> {
        match self.selected {
            Part::Medium(n) if self.item.media.len() > 1 => Some(n),
            _ => None,
        }
    }

    /// What is chosen for the part that is shown.
    pub(crate) fn chosen_here(&self) -> Option<&PolicyId> {
        match self.judged_medium() {
            Some(n) => self.draft_media.get(&n),
            None => self.draft_policy.as_ref(),
        }
    }

    /// Chooses a policy for the part that is shown, or none.
    pub(crate) fn choose_here(&mut self, policy: Option<PolicyId>) {
        match (self.judged_medium(), policy) {
            (Some(n), Some(policy)) => drop(self.draft_media.insert(n, policy)),
            (Some(n), None) => drop(self.draft_media.remove(&n)),
            (None, policy) => self.draft_policy = policy,
        }
    }

    /// Everything that was chosen, the item's own first, then by medium; each once.
    pub(crate) fn chosen_ids(&self) -> Vec<PolicyId> {
        let mut ids = Vec::new();
        for id in self.draft_policy.iter().chain(self.draft_media.values()) {
            if !ids.contains(id) {
                ids.push(id.clone());
            }
        }
        ids
    }

    /// Parts in the order of the next and previous keys.
    pub(crate) fn parts(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = self.item.media.iter().map(|m| Part::Medium(m.n)).collect();
        if self.item.has_words() || parts.is_empty() {
            parts.push(Part::Words);
        }
        parts
    }

    /// Takes over a new end of the lease.
    pub(crate) fn renew(&mut self, expires_at: Timestamp, now: Now, skew_ms: i64) {
        let left = expires_at
            .0
            .saturating_sub(now.utc_ms.saturating_add(skew_ms))
            .clamp(0, LEASE_MAX_MS);
        self.lease_ends_boot_ms = now.boot_ms + left.unsigned_abs();
        self.offline_ends_boot_ms = self.offline_ends_boot_ms.max(self.lease_ends_boot_ms);
        self.confirmed_boot_ms = now.boot_ms;
        self.unconfirmed = false;
    }

    /// Whether nothing allows to review it any more.
    pub(crate) fn is_over(&self, now: Now, online: bool) -> bool {
        let ends = if online {
            self.lease_ends_boot_ms
        } else {
            self.lease_ends_boot_ms.max(self.offline_ends_boot_ms)
        };
        now.boot_ms >= ends
    }

    /// Whether it is looked at for a colleague: then it is no claim of this desk's.
    pub(crate) fn is_look(&self) -> bool {
        self.for_colleague.is_some()
    }

    /// The cover that medium `n` is shown under.
    pub(crate) fn cover_key(&self, n: u32) -> CoverKey {
        CoverKey {
            medium: MediumKey {
                item: self.item.id.clone(),
                n,
            },
            step: self.step,
            style: self.style,
            at_ms: self.film(n).and_then(|film| film.wanted_ms),
        }
    }

    /// Medium `n`, if it lasts.
    pub(crate) fn film(&self, n: u32) -> Option<&Film> {
        self.films.get(n as usize)?.as_ref()
    }

    /// Medium `n` turned out to be a picture that moves.
    pub(crate) fn is_moving_picture(&mut self, n: u32, known: FilmKnown) {
        if let Some(film) = self.films.get_mut(n as usize) {
            film.get_or_insert_with(|| Film::moving_picture(known));
        }
    }

    pub(crate) fn film_mut(&mut self, n: u32) -> Option<&mut Film> {
        self.films.get_mut(n as usize)?.as_mut()
    }

    /// Where its films and sounds were left, by `n`; those at their beginning are left out.
    pub(crate) fn film_places(&self) -> Vec<(u32, u32)> {
        let films = (0..).zip(&self.films);
        let place = |(n, film): (u32, &Option<Film>)| {
            let film = film.as_ref().filter(|film| film.form != Form::Picture)?;
            Some((n, film.rests_at()))
        };
        films.filter_map(place).filter(|(_, ms)| *ms > 0).collect()
    }

    /// How long a medium lasts, in milliseconds: by its worker's word, else by the server's, else for ever, so that
    /// nobody is said to have seen all of a film whose end is not known. Of a picture that moves only the first frame is
    /// shown, which is not all of it either.
    pub(crate) fn timeline_ms(&self, medium: &Medium) -> Option<u64> {
        let Some(film) = self.film(medium.n) else {
            return medium.duration_ms;
        };
        if film.form == Form::Picture {
            return Some(u64::MAX);
        }
        let known = film.known.as_ref().map(|known| known.duration_ms.into());
        Some(known.or(medium.duration_ms).unwrap_or(u64::MAX))
    }

    /// What stays over medium `n` while it is only heard.
    pub(crate) fn stays_over(&self, n: u32) -> CoverKind {
        match self.film(n) {
            Some(film) if film.form == Form::Sound => CoverKind::Clear,
            _ if self.style.sketch => CoverKind::Sketch,
            _ => CoverKind::Blur(self.step),
        }
    }

    /// What the cover of medium `n` is made of.
    pub(crate) fn cover_of(&self, n: u32) -> CoverOf {
        match self.film(n) {
            None => CoverOf::Picture,
            Some(film) if film.form == Form::Picture => CoverOf::Picture,
            Some(film) if film.form == Form::Sound => CoverOf::Sound,
            Some(film) => CoverOf::Film {
                stills: film.stills,
            },
        }
    }

    /// State of medium `n`, if there is one.
    pub(crate) fn medium(&self, n: u32) -> Option<&MediumState> {
        self.media.get(n as usize)
    }
}

/// The open item first, then the others in serving order.
#[derive(Debug, Default)]
pub(crate) struct Hand {
    pub(crate) open: Option<HandItem>,
    pub(crate) next: Vec<HandItem>,
}

impl Hand {
    pub(crate) fn len(&self) -> usize {
        self.next.len() + usize::from(self.open.is_some())
    }

    /// Items that are this desk's to decide.
    pub(crate) fn claimed(&self) -> usize {
        self.iter().filter(|held| !held.is_look()).count()
    }

    /// What the open item is looked at for, if a colleague asked.
    pub(crate) fn open_look(&self) -> Option<&Look> {
        self.open.as_ref()?.for_colleague.as_ref()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &HandItem> {
        self.open.iter().chain(&self.next)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut HandItem> {
        self.open.iter_mut().chain(&mut self.next)
    }

    /// A new item: one that a list knows exactly stands before those that nobody began, urgent ones apart, because it takes
    /// one key and no look.
    pub(crate) fn add(&mut self, held: HandItem) {
        let is_fast = |held: &HandItem| held.was_opened || !held.load || held.item.priority == 1;
        let place = match held.load {
            true => self.next.len(),
            false => self.next.iter().take_while(|held| is_fast(held)).count(),
        };
        self.next.insert(place, held);
    }

    /// An item that waits comes next.
    pub(crate) fn bring_forward(&mut self, item: &ItemId) {
        if let Some(place) = self.next.iter().position(|h| &h.item.id == item) {
            let held = self.next.remove(place);
            self.next.insert(0, held);
        }
    }

    /// The first waiting item that was open before, is this desk's to decide, and waits for no answer
    /// of a colleague.
    pub(crate) fn take_begun(&mut self) -> Option<HandItem> {
        let waits = |held: &HandItem| {
            held.questions.has(QuestionState::Open) || held.questions.has(QuestionState::Sending)
        };
        let is_begun = |held: &HandItem| held.was_opened && !held.is_look() && !waits(held);
        let place = self.next.iter().position(is_begun)?;
        Some(self.next.remove(place))
    }

    pub(crate) fn find_mut(&mut self, item: &ItemId) -> Option<&mut HandItem> {
        self.iter_mut().find(|h| &h.item.id == item)
    }
}
