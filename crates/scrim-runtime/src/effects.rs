//! Effects on queue, media and window. Those on the store are in `store_effects`.

use std::collections::VecDeque;
use std::sync::Arc;

use scrim_desk::limits::FIT;
use scrim_desk::{ClearOf, Effect, Event, FilmKnown, MediumFailure};
use scrim_media::{Clear, Covered, Medium, Picture, RevealProof, Still, Unrevealed};
use scrim_model::view::{CoverKey, SoftStep};
use scrim_model::{MediumKey, RevealId};
use scrim_wire::window::ToWindow;

use crate::inward::Inward;
use crate::runtime::Runtime;
use crate::seams::{Job, Work};
use crate::shelf::ClearOnShelf;

impl Runtime {
    /// Carries one effect out. What the store answers goes to the end of `events`.
    pub(crate) fn carry_out(&mut self, effect: Effect, events: &mut VecDeque<Event>) {
        match effect {
            Effect::FetchSession => {
                self.call(|queue| Event::Session(queue.session().map(Box::new)))
            }
            Effect::FetchDay { day_from } => {
                self.call(move |queue| Event::Day(queue.session_of_day(day_from).map(Box::new)));
            }
            Effect::FetchQueues => self.call(|queue| Event::Queues(queue.queues())),
            Effect::FetchPolicies => {
                self.call(|queue| Event::Policies(queue.policies().map(Box::new)))
            }
            Effect::Claim { key, request } => {
                let lists = Arc::clone(&self.parts.lists);
                self.call(move |queue| {
                    let mut answer = queue.claim(&key, &request);
                    if let Ok(taken) = &mut answer {
                        lists.mark(taken);
                    }
                    Event::Claims(answer)
                });
            }
            Effect::Heartbeat(claims) => {
                let key = self.parts.randomness.id();
                self.call(move |queue| Event::Heartbeat(queue.heartbeat(&key, &claims)));
            }
            Effect::Release { key, request } => {
                self.call(move |queue| Event::Released(queue.give_back(&key, &request)));
            }
            Effect::AskColleague { key, item, request } => self.call(move |queue| {
                let answer = queue.ask(&key, &item, &request);
                Event::Asked { key, answer }
            }),
            Effect::ReadQuestions(item) => self.call(move |queue| {
                let answer = queue.item(&item).map(Box::new);
                Event::QuestionsRead { item, answer }
            }),
            Effect::ReadLater(item) => self.call(move |queue| {
                let answer = queue.item(&item).map(Box::new);
                Event::LaterRead { item, answer }
            }),
            Effect::ReadAskedOfMe => self.call(|queue| Event::AskedOfMe(queue.consults())),
            Effect::OpenLook { key, consult_id } => self.call(move |queue| {
                let answer = queue.open_consult(&key, &consult_id).map(Box::new);
                Event::LookOpened { key, answer }
            }),
            Effect::AnswerColleague {
                key,
                consult_id,
                answer,
            } => self.call(move |queue| {
                let answer = queue.answer_consult(&key, &consult_id, &answer);
                Event::AnsweredColleague { consult_id, answer }
            }),
            Effect::SendDecision(decision) => {
                let chain = self.chain_told(std::slice::from_ref(&decision));
                self.call(move |queue| Event::Sent {
                    decision_id: decision.decision_id.clone(),
                    answer: queue
                        .send_row(&decision, chain)
                        .map(|row| (row.result, row.feedback)),
                });
            }
            Effect::SendTogether { key, decisions } => {
                let chain = self.chain_told(&decisions);
                self.call(move |queue| Event::SentTogether {
                    ids: decisions.iter().map(|d| d.decision_id.clone()).collect(),
                    answer: queue.send_rows(&key, &decisions, chain),
                });
            }
            Effect::ReadSent { decision_id, item } => self.call(move |queue| Event::SentRead {
                decision_id,
                answer: queue.item(&item).map(Box::new),
            }),
            Effect::SendUndo { decision_id, key } => self.call(move |queue| {
                let answer = queue.revert(&key, &decision_id, "");
                Event::UndoAnswered {
                    decision_id,
                    answer,
                }
            }),
            Effect::ReadOwn { since } => {
                self.call(move |queue| Event::OwnRead(queue.own_decisions(since).map(Box::new)));
            }
            Effect::CheckClaim(item) => self.call(move |queue| {
                let answer = queue.item(&item).map(Box::new);
                Event::ClaimChecked { item, answer }
            }),
            Effect::ReadBack(item) => self.call(move |queue| {
                let answer = queue.item(&item).map(Box::new);
                Event::ReadBack { item, answer }
            }),
            Effect::PrepareCover {
                key,
                claim_id,
                small,
                of,
            } => self.prepare_cover(key, claim_id, (of, small)),
            Effect::ReadyClear(medium) => self.ready_clear(medium),
            Effect::FindHashes(medium) => self.find_hashes(medium, events),
            Effect::OpenClear {
                reveal,
                medium,
                soft,
                of,
                bounds,
            } => self.open_clear(reveal, medium, (soft, of, bounds), events),
            Effect::MakeClip { key, soft, look } => self.make_clip(key, soft, look, events),
            Effect::DropClips => self.shelf.clips.clear(),
            Effect::HandClear { reveal, medium } => self.hand_clear(reveal, medium, events),
            Effect::CoverNow => {
                self.send(ToWindow::CoverNow, None);
                self.shelf.clear = None;
                self.shelf.clips.retain(|key, _| key.is_covered());
            }
            Effect::DropItem(item) => self.shelf.drop_item(&item),
            Effect::DropAll => self.shelf.drop_all(),
            Effect::ReadCheckIns => self.show_check_ins(),
            Effect::Team(ask) => self.team_asked(ask),
            Effect::ForgetTeam => self.forget_team(),
            Effect::Nudge(nudge) => (self.parts.hooks.nudge)(nudge),
            Effect::TryPassphrase(typed) => self.try_passphrase(&typed, events),
            Effect::LetGo { forget_token } => self.let_go(forget_token, events),
            Effect::SignInAgain => self.sign_in_again(events),
            of_the_store => self.carry_out_on_store(of_the_store, events),
        }
    }

    /// The bytes of what cannot be shown are kept as long as its item.
    pub(crate) fn shelve_uncovered(&mut self, key: MediumKey, medium: Arc<Medium>, reason: String) {
        self.shelve_medium(key.clone(), medium);
        self.step(Event::MediumFailed {
            medium: key,
            failure: MediumFailure::Rejected { reason },
        });
    }

    /// The bytes of a medium are kept as long as its item.
    pub(crate) fn shelve_medium(&mut self, key: MediumKey, medium: Arc<Medium>) {
        if self.desk.keeps_media_of(&key.item, self.parts.clock.now()) {
            self.shelf.media.insert(key, medium);
        }
    }

    /// What is known of a film, before its cover.
    pub(crate) fn know_film(&mut self, key: CoverKey, known: FilmKnown) {
        let item = &key.medium.item;
        if self.desk.keeps_media_of(item, self.parts.clock.now()) {
            self.shelf.films.insert(key.clone(), known.clone());
        }
        self.step(Event::FilmKnown { key, known });
    }

    /// A cover goes on the shelf only while its item is held: a late one is wiped at once.
    pub(crate) fn shelve_cover(
        &mut self,
        key: CoverKey,
        (medium, whole): (Arc<Medium>, bool),
        picture: Covered<Picture>,
        (width, height): (u32, u32),
    ) {
        if !whole && self.shelf.media.contains_key(&key.medium) {
            // The whole has come meanwhile, with a cover of its own.
            return;
        }
        if self
            .desk
            .keeps_media_of(&key.medium.item, self.parts.clock.now())
        {
            if whole {
                self.shelf.media.insert(key.medium.clone(), medium);
            } else if medium.take_without_landlock() {
                self.step(Event::WithoutLandlock(key.medium.clone()));
            }
            self.shelf.put_cover(key.clone(), picture);
            self.send_cover(&key);
        }
        self.step(Event::CoverReady {
            key,
            width,
            height,
            whole,
        });
    }

    /// Tells the heart of media that were opened without a wall, before anything else can happen to their items.
    pub(crate) fn note_missing_walls(&mut self) {
        let media = self.shelf.media.iter();
        let opened: Vec<MediumKey> = media
            .filter(|(_, medium)| medium.take_without_landlock())
            .map(|(key, _)| key.clone())
            .collect();
        for medium in opened {
            self.step(Event::WithoutLandlock(medium));
        }
    }

    /// Sends a preview that is on the shelf.
    pub(crate) fn send_cover(&mut self, key: &CoverKey) {
        let Some(picture) = self.shelf.covered.get(key) else {
            return;
        };
        let (width, height) = (picture.picture().width(), picture.picture().height());
        match picture.read_only() {
            Ok(pixels) => self.send(
                ToWindow::Covered {
                    key: key.clone(),
                    width,
                    height,
                },
                Some(pixels),
            ),
            Err(fault) => tracing::error!(%fault, "a preview cannot be handed to the window"),
        }
    }

    fn find_hashes(&mut self, medium: MediumKey, events: &mut VecDeque<Event>) {
        let Some(bytes) = self.shelf.media.get(&medium).cloned() else {
            events.push_back(Event::HashesFound {
                medium,
                hashes: None,
                listed: None,
            });
            return;
        };
        let pool = Arc::clone(&self.parts.pool);
        let lists = Arc::clone(&self.parts.lists);
        self.in_flight += 1;
        let job = Job::new(Work::Hashes(medium.clone()), move || {
            let found = pool.hashes(&bytes);
            if let Err(rejection) = &found {
                tracing::warn!(?rejection, "a medium's hashes cannot be found");
            }
            let hashes = found.ok().map(|found| Box::new(found.for_record()));
            let listed = hashes.as_ref().and_then(|hashes| lists.find(hashes));
            Inward::Done(Event::HashesFound {
                medium,
                hashes,
                listed,
            })
        });
        self.looks.run(job.made_ahead(true));
    }

    fn open_clear(
        &mut self,
        reveal: RevealId,
        medium: MediumKey,
        (soft, of, bounds): (Option<SoftStep>, ClearOf, (u32, u32)),
        events: &mut VecDeque<Event>,
    ) {
        let Some(bytes) = self.shelf.media.get(&medium).cloned() else {
            let reason = "Its data is no longer in memory.".to_owned();
            events.push_back(Event::ClearFailed { reveal, reason });
            return;
        };
        // The heart asks for this only after the store has said that the reveal is durable.
        let proof = RevealProof::from_durable(reveal.as_str());
        let fits = soft.is_none() && bounds == FIT && of == ClearOf::Frame(0);
        let is_it = |(ahead, _): &mut (MediumKey, _)| fits && *ahead == medium;
        if let Some((_, picture)) = self.shelf.ahead.take_if(is_it) {
            self.shelf.clear = Some(ClearOnShelf {
                reveal: reveal.clone(),
                medium,
                picture: picture.reveal(proof),
            });
            events.push_back(Event::ClearReady { reveal });
            return;
        }
        let pool = Arc::clone(&self.parts.pool);
        self.in_flight += 1;
        let work = Work::Clear(reveal.clone());
        let job = Job::new(work, move || {
            let still = |still: Still<Unrevealed>| still.picture;
            let made = match (soft.map(SoftStep::sigma_per_myriad), of) {
                (Some(sigma), ClearOf::Frame(n)) => pool.soft_frame(&bytes, n, bounds, sigma),
                (None, ClearOf::Frame(n)) => pool.fit_frame(&bytes, n, bounds.0, bounds.1),
                (Some(sigma), ClearOf::Time(at)) => {
                    pool.soft_at(&bytes, at, bounds, sigma).map(still)
                }
                (None, ClearOf::Time(at)) => pool.fit_at(&bytes, at, bounds).map(still),
            };
            match made {
                Ok(unrevealed) => Inward::Clear {
                    reveal,
                    medium,
                    picture: unrevealed.reveal(proof),
                },
                Err(rejection) => Inward::Done(Event::ClearFailed {
                    reveal,
                    reason: rejection.to_string(),
                }),
            }
        });
        self.looks.run(job);
    }

    /// Makes the clear pixels of a medium before they are asked for; without one, what was made goes.
    fn ready_clear(&mut self, medium: Option<MediumKey>) {
        let is_here = |(ahead, _): &(MediumKey, _)| Some(ahead) == medium.as_ref();
        if self.shelf.ahead.as_ref().is_some_and(is_here) {
            return;
        }
        self.shelf.ahead = None;
        let Some(medium) = medium else { return };
        let Some(bytes) = self.shelf.media.get(&medium).cloned() else {
            return;
        };
        let pool = Arc::clone(&self.parts.pool);
        self.in_flight += 1;
        let job = Job::new(Work::Ahead(medium.clone()), move || Inward::Ahead {
            medium,
            picture: pool.fit(&bytes, FIT.0, FIT.1).ok(),
        });
        self.looks.run(job.made_ahead(true));
    }

    /// What was made ahead stays only while it is wanted, and nothing of it is handed to the window.
    pub(crate) fn shelve_ahead(&mut self, medium: MediumKey, picture: Option<Unrevealed>) {
        if let Some(picture) = picture.filter(|_| self.desk.is_ahead(&medium)) {
            self.shelf.ahead = Some((medium, picture));
        }
    }

    /// Clear pixels stay only while their reveal is in force.
    pub(crate) fn shelve_clear(
        &mut self,
        reveal: RevealId,
        medium: MediumKey,
        picture: Clear<Picture>,
    ) {
        let has_more = |there: &ClearOnShelf| {
            there.reveal == reveal && there.picture.picture().width() > picture.picture().width()
        };
        if self.shelf.clear.as_ref().is_some_and(has_more) {
            // All of its pixels came before those that fit.
            return;
        }
        if self.desk.reveals(&reveal) {
            self.shelf.clear = Some(ClearOnShelf {
                reveal: reveal.clone(),
                medium,
                picture,
            });
            self.step(Event::ClearReady { reveal });
        }
    }

    fn hand_clear(&mut self, reveal: RevealId, medium: MediumKey, events: &mut VecDeque<Event>) {
        let Some(clear) = self
            .shelf
            .clear
            .as_ref()
            .filter(|c| c.reveal == reveal && c.medium == medium)
        else {
            return;
        };
        let (width, height) = (
            clear.picture.picture().width(),
            clear.picture.picture().height(),
        );
        match clear.picture.read_only() {
            Ok(pixels) => self.send(
                ToWindow::Clear {
                    reveal,
                    medium,
                    width,
                    height,
                },
                Some(pixels),
            ),
            Err(fault) => {
                tracing::error!(%fault, "pixels cannot be handed to the window");
                let reason = "Its pixels could not be handed to the window.".to_owned();
                events.push_back(Event::ClearFailed { reveal, reason });
            }
        }
    }
}
