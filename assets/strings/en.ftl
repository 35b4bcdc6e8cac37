# Scrim's words, English. Plain, short, in the second person; calm; no claims about health.

window-title = Scrim – { $state }
environment-production = Live queue
    .short = Live
environment-test = Test queue: decisions have no effect
    .short = Test
environment-training = Practice: outside all statistics
    .short = Practice
environment-other = Queue: { $name }
environment-none = Not signed in
    .short = Signed out
environment-locked = Not opened yet
    .short = Not open
queues = Queue: { $names }
waiting = { $n } waiting
oldest-min = oldest { $n } min
oldest-h = oldest { $n } h
oldest-d = oldest { $n } d
in-hand = { $n } in hand
link-unknown = not connected yet
link-online = online
link-offline = offline, next try in { $s } s
to-sync = { $n } waiting to sync
to-sync-none = all synced
severity = severity { $n }
priority = priority { $n }
reports-count = { $n ->
    [one] 1 report
   *[other] { $n } reports
}
known = known: { $what }
known-none = no hash match
opened-without-landlock = Opened behind weaker walls, which your administrator allows. The record says so.
known-exact-hint = Known exactly. You can decide without loading it.
kind-image = image
kind-video = video
kind-audio = audio
kind-text = text
kind-conversation = conversation
kind-account = account
kind-link = link
kind-post = post
kind-other = a kind that this version cannot show; its reports and actions are here
reported-at = reported { $at }
moment = { $day } { $clock } UTC

region-status = Status
region-item = Item
region-side = Policy and reports
region-actions = Actions
region-wellbeing = Wellbeing

medium-covered = covered image, { $n } of { $of }
medium-sheet = contact sheet of covered stills, { $n } of { $of }
medium-sound = sound, { $n } of { $of }
medium-open = image being looked at, { $n } of { $of }
medium-absent = no image, { $n } of { $of }. { $words }
medium-placeholder = covered
medium-loading = On its way. It arrives covered.
medium-not-loaded = Not loaded. You can decide without it.
medium-rejected = This could not be shown safely on this machine, so it was not shown. { $reason } You can still decide.
medium-unavailable = Not to be had right now. It is fetched again when you are online. You can still decide.
cover-state-comes = The picture itself is on its way. You can look when it is here, or decide now.
cover-state-none = nothing to look at
cover-state-sheet = all stills covered · choose one to look closer
cover-state = covered at strength { $step } of 3 · { $look ->
    [sketch] sketch
    [grey] grey
   *[colour] colour
}
look-state = you are looking · { $colour -> 
    [yes] colour
   *[no] grey
} · covers by itself
look-state-soft = you are looking · softened, { $n } of 3 · covers by itself
look-state-words = the words are uncovered · they cover by themselves
look-wait = opening …
zoom-state = zoom { $n } of 3
part-medium = Image { $n } of { $of }
part-video = Video { $n } of { $of }
part-sound = Sound { $n } of { $of }
part-words = Words
strip-covered = covered
strip-sound = silent
strip-rejected = cannot be shown
strip-not-loaded = not loaded
strip-loading = not there yet
policy-of-medium = for picture { $n } of { $of } alone
policy-of-item = for the item as a whole
policy-item-has = The item as a whole: { $name }
policy-medium-has = Picture { $n }: { $name }
words-covered = covered words
words-none = This item has no words.
message-flagged = flagged
message-marked = marked
words-count = { $n ->
    [one] 1 text
   *[other] { $n } texts
}, { $flagged ->
    [0] none flagged
   *[other] { $flagged } flagged
}
words-position = text { $n } of { $of }, { $flagged } flagged
time-line = time line: { $n } texts, { $flagged } flagged
hours-later = { $n } hours later
days-later = { $n } days later
translated-human = { $lang }, translated from { $from } by a person
translated-machine = { $lang }, translated from { $from } by a machine
translated-other = { $lang }, translated from { $from }
span-covered = covered words, { $n } of { $of }
span-help = Hold the pointer or R to read these words only.
appeal-title = Appeal
link-leads = Leads to (never opened):

policy-title = Policy
policy-version = version { $n }
policy-none = This queue has no policies.
search-title = Search policies
search-hint = Search policies. Esc closes.
search-count = { $n ->
    [0] No policy fits
    [one] 1 policy
   *[other] { $n } policies
}
policy-chosen = Chosen: { $name }
policy-severity = severity { $n }
policy-second = a second person confirms
policy-reason = needs a note
reports-title = Reports ({ $n })
context-title = Context
author-title = Author
signals-title = Signals
author-age = account { $n } days old
author-age-unknown = account age unknown
author-prior = { $n ->
    [0] no earlier actions
    [one] 1 earlier action
   *[other] { $n } earlier actions
}
marks-title = Marks ({ $n })
mark-remove = Remove mark { $n }
mark-region = image { $n }, { $width } × { $height } %
mark-text = text { $n }
mark-texts = texts { $from } to { $to }
marking-region = Marking: arrows or the pointer move it, Shift and arrows resize it.
marking-texts = Marking: J and Shift+J extend.
note-title = Note
note-hint = What should the record say? Esc leaves the note.
nothing-here = Nothing here.

confirm-escalate = Pass on to { $to }, priority { $priority }. Digits 1–3 change the priority.
confirm-action = { $action }. This needs one more key.
confirm-aimed = Aimed at you? The item goes, nothing of its author comes to you again, and { $contact } is told the item’s number: not who you are, and no reason. This cannot be taken back.
confirm-aimed-no-contact = Aimed at you? The item goes, nothing of its author comes to you again, and whoever runs the server can see the item’s number: not who you are, and no reason. This cannot be taken back.
confirm-wait = Ready in a moment …
to-lead = your lead
to-danger-to-life = the duty contact (danger to life)

held-count = ({ $n } held)
    .alone = · { $n ->
        [one] 1 decision
       *[other] { $n } decisions
    } can be taken back
claim-held = claim held
    .short = claim held
claim-unconfirmed = claim not confirmed; you can go on until it ends
    .short = claim not confirmed
claim-look = looked at for a colleague; the item is theirs
    .short = a colleague’s item
claim-advisory = this server keeps no claims
    .short = no claims
active-min = { $n } min since your last break
    .short = { $n } min since a break
break-due = A break is due. You can finish this item first. You can put it off { $n ->
    [one] once more
   *[other] { $n } more times
}.
break-due-last = A break is due. You can finish this item; then no new one is served.
break-bar = { $n } of { $of } minutes
exposure-today = Today: { $n } of { $of } weighted min
exposure-today-clear = Today: { $clear } of { $max } min clear view of severe items
exposure-unknown = Today: not known, counted as full
exposure-more = { $n } of { $of } weighted minutes: time on screen, weighted by severity and by how much was in view. { $clear } of { $max } min of clear view of severe items. These figures stay on this machine.
exposure-alone = your other desks are not heard
exposure-alone-more = Only this desk is counted at the moment, with what was last heard of your others.
exposure-near-light = Near the day’s limit. After it, lighter items only.
exposure-near-end = Near the day’s limit. After it, no new items today.
exposure-reached-light = The day’s limit is reached: lighter items only.
exposure-reached-end = The day’s limit is reached: no new items today.
go-easy-off = Go easy on me today
go-easy-on = Going easy today · stop

# Check-ins: no word of health, nothing is measured.
check-in-page = Check-in
check-in-body = Before your first decision of a day and at the end of a shift you can note how you are. You never have to, and passing it over is not counted. Nothing follows from your answer, and nobody else sees it.
check-in-before = Before you start: how are you?
check-in-after = The shift is over: how are you?
check-in-answered = Thank you.
check-in-none = Nothing is asked now.
check-in-kept = { $n ->
    [one] Answers stay on this computer until the day is over. Then they are deleted.
   *[other] Answers stay on this computer for { $n } days. Then they are deleted.
}
check-in-not-kept = Answers are not kept: you chose so in the settings.
check-in-open = Check-in
    .help = Note how you are, if you want to.
check-in-1 = Not well
    .help = Answers the check-in.
check-in-2 = Not so well
    .help = Answers the check-in.
check-in-3 = All right
    .help = Answers the check-in.
check-in-4 = Well
    .help = Answers the check-in.
check-in-5 = Very well
    .help = Answers the check-in.
check-in-skip = Skip
    .help = Passes the check-in over. It is not counted and not asked again today.
check-in-show = Show what is kept
    .help = Lists what you answered, on this page only.
check-in-list = What you answered, newest first. Nobody else sees it, and it is gone from the screen with this page.
check-in-list-none = Nothing is kept.
check-in-list-unreadable = What is kept cannot be read. Nothing was changed.
check-in-list-before = before work
check-in-list-after = after work
check-in-forget = Forget all check-ins
    .help = Deletes every check-in from this computer. This cannot be taken back.

screen-signed-out = Signed out
screen-signed-out-body = Nothing is shown and nothing is lost. Decisions that wait stay on this machine.
screen-signed-out-do = Sign in with “{"scrim sign-in"}” and the address of your queue server.
screen-connecting = Connecting
screen-connecting-body = Your queue server has not answered yet. Nothing is shown until it does.
screen-connecting-do = You can wait, or try again now.
screen-serving = item
screen-queue-empty = Nothing is waiting
screen-queue-empty-body = Every item has been taken care of. Your decisions are kept and synced.
screen-queue-empty-do = New items appear here by themselves. This is a good time for a break.
screen-offline-empty = Offline, and nothing in hand
screen-offline-empty-body = Your decisions are kept on this machine and are sent when the connection is back.
screen-offline-empty-do = You can wait, or try again now.
screen-break-needed = Time for a break
screen-break-needed-body = Your last item is finished and kept. No new item is served before a break.
screen-break-needed-do = Take it when you are ready.
screen-on-break = On a break
screen-on-break-left = { $n } min to go. Nothing is served meanwhile, and your claims are looked after.
screen-on-break-over = Your break is complete. There is no hurry.
screen-on-break-do = You can go back earlier; then the time since your last break keeps counting.
screen-covered-go-on = Go on
screen-covered = Everything is covered
screen-covered-body = Nothing is shown. Your work is where you left it.
screen-covered-do = Press F9 or Space to go on.
screen-locked = Locked
screen-locked-body = Nothing is shown, and no picture is in memory. Your work is where you left it.
screen-locked-do = Press Enter to go on.
lock-ask = Type your passphrase to go on.
lock-again = That was not it. Type your passphrase again.
lock-trying = One moment.
lock-field = Passphrase
screen-revoked = This desk is signed out
screen-revoked-do = The queue server ended this sign-in. Ask your lead, and sign in again with “{"scrim sign-in"}”.
screen-left-body = Nothing is shown and nothing is lost. Your records stay on this machine, encrypted.
screen-left-some = { $n ->
    [one] One decision is not confirmed yet. It stays
   *[other] { $n } decisions are not confirmed yet. They stay
} on this machine, encrypted, and { $n ->
    [one] goes
   *[other] go
} to the server when you sign in again.
screen-left-do = Sign in with “{"scrim sign-in"}”, then try again.
screen-left-urgent = An urgent escalation is among what is not confirmed. Call the duty contact now.
screen-copies = These are copies of what you decided
screen-of-author = These are by the same author
screen-copies-body = You need not look at them again. Nothing is decided before you say so.
screen-copies-do = A copy that you decide here gets a record of its own, which says that you did not look at it. Undo takes all of them back together.
copies-of = You decided: { $what }, { $at }
copies-exact-count = { $n ->
    [one] One exact copy: the same file
   *[other] { $n } exact copies: the same file
}
copies-near-count = { $n ->
    [one] One picture that looks alike. Bits of 256 that differ: { $distances }
   *[other] { $n } pictures that look alike. Bits of 256 that differ: { $distances }
}
of-author-count = { $n ->
    [one] One other item of this author in your hand:
   *[other] { $n } other items of this author in your hand:
}
copy-exact = Exact copy. { $of }
copy-near = Looks alike ({ $distance } of 256 bits differ). { $of }
confirm-copies = { $action }, for { $n ->
    [one] one copy
   *[other] { $n } copies
}. This needs one more key.
confirm-of-author = { $action }, for { $n ->
    [one] one other item of this author
   *[other] { $n } other items of this author
}. This needs one more key.
notice-copies-unreadable = That decision cannot be read any more, so it was not repeated. The copies come one by one.
screen-policies-changed = The policies have changed
screen-policies-changed-body = Since you last worked with them:
screen-policies-changed-do = They are in force from your next item on.
policy-added = New: { $name }
policy-changed = Changed: { $name }
policy-removed = No longer there: { $name }
screen-shift-ended = Your shift has ended
screen-shift-ended-all = Every decision is confirmed by the server. Open items went back to the queue.
screen-shift-ended-some = { $n ->
    [one] One decision is not confirmed yet. It is
   *[other] { $n } decisions are not confirmed yet. They are
} kept on this machine and sent as soon as possible.
screen-shift-ended-do = Start again whenever you like.
screen-server-no = The server says no
screen-server-no-safe = Your decisions are kept on this machine.
screen-server-no-do = Ask your lead, or try again.
screen-lighter-next = A lighter item comes next
screen-lighter-next-body = Several severe items came in a row. A lighter one opens as soon as there is one; otherwise work goes on in { $n } s.
screen-lighter-next-do = There is nothing to do. You can also take a break.
screen-limit-reached = Today’s limit is reached
screen-limit-reached-body = Your decisions are kept, and what you held went back to the queue. Nothing is counted against you.
screen-limit-reached-do = Items that may still be served open by themselves. You can end your shift at any time.
screen-store = Decisions cannot be written
screen-store-safe = So that nothing gets lost, no item is served and nothing can be decided.
screen-store-do = Tell your administrator. What was written before is untouched.
screen-link-lost = Scrim's agent has gone
screen-link-lost-body = Everything is covered. Your decisions are kept on this machine.
screen-link-lost-do = This window closes; starting Scrim again brings it back.
duty-contacts = Duty contacts

notice-slipped = Two keys were pressed together, so nothing was decided.
notices-more = { $n ->
    [one] One more notice comes after this one.
   *[other] { $n } more notices come after this one.
}
notice-claim-lost = The claim on that item has ended. It was covered and put back. { $arg }
notice-overtaken = Someone decided first: { $arg }. Your decision is kept in your history (H).
notice-parked = The server did not take a decision ({ $arg }). It is kept here; H says what you can do.
notice-policy-needed = Choose a policy first: its digit, or a click.
notice-reason-needed = This policy needs a note. Press N to write it.
notice-too-late = Too late to take back: it has been sent. H shows it; there you can correct it, or ask the server to undo it.
notice-undo-not-recorded = It could not be recorded that this is to be undone, so the server was not asked. The decision stands.
notice-undone-at-server = The server has undone the decision. The item goes back to the queue.
notice-undo-refused = The server did not undo the decision ({ $arg }): it stands. H lists it.
notice-tried-again = It is on its way again.
notice-try-again-failed = It could not be read again, so it stays where it is. Nothing is lost.
notice-records-behind = The server saw { $arg } more entries than this desk’s records have. H says what that means. Nothing is sent twice.
notice-server-put-back = The queue server was put back to an earlier state. Decisions that it had confirmed and has lost: { $arg }. All of them are kept here; H says what that means.
notice-records-forked = The server saw other records under this desk’s name. H says what that means. Nothing is sent twice.
notice-told-not-recorded = That you told the duty contact could not be written. Try again.
notice-question-answered = A colleague has answered. The item comes next, with the answer beside it.
notice-question-refused = The server did not take the question ({ $arg }). The item is still yours.
notice-questions-full = No more than { $arg } questions about one item.
notice-question-closed = That question needs no answer any more: somebody else answered it, or the item was decided.
notice-look-needs-server = A colleague’s item can be looked at while the server is reached. The question stays in the list.
notice-look-unreadable = That item cannot be read by this version of Scrim. The question stays for somebody else.
notice-look-limited = That item is not opened now: it is more than you are served, or a break is due, or you are looking at one already, or a decision is being written. The question stays, for you later or for somebody else.
notice-look-over = The time to look at that item is over; it was covered and put away. If the question is still open, you can look again.
notice-escalation-without-effect = What you passed on ({ $arg }) was only a review or practice. Your decision is kept, and nothing was passed on. If somebody has to know, tell your lead.
notice-escalation-not-passed-on = What you passed on as urgent ({ $arg }) was only a review or practice, and nothing was passed on. This desk cannot tell which of the two it was, and a review is of a real item. Please call the duty contact, and say so: { $contacts }
notice-escalation-settled = Somebody has dealt with the item that you passed on ({ $arg }).
notice-answers-full = { $arg } answers wait for the server already. This one is still in its field; send it when the connection is back.
notice-answer-sent = Your answer has arrived.
notice-answer-refused = The server did not take your answer ({ $arg }). Most often somebody else was first; nothing more is needed.
notice-aimed-away = The item is gone, and nothing of its author comes to you again. { $arg } is told the item’s number as soon as the server has it. You can call them, or take a break; nothing counts against you.
notice-aimed-away-no-contact = The item is gone, and nothing of its author comes to you again. You can take a break; nothing counts against you.
feedback-agrees = Training: you found { $found }, as was expected.
feedback-differs = Training: you found { $found }. Expected was { $expected }.
feedback-none = nothing that applies
notice-handed-over = The item went back with what you had chosen and written. Whoever is next goes on from there.
notice-other-language = The item goes to somebody who reads its language. It does not come back to you while Scrim runs.
notice-taken-over = A colleague handed an item over. What they had chosen and written is filled in; check it as your own.
notice-correction-too-late = Too late to correct ({ $arg }): the server keeps the decision before it. Your correction stays in your records; your lead can help.
notice-correction-unreadable = That decision cannot be read any more, so it cannot be corrected here. Ask your lead.
notice-items-refused = { $arg } items from the queue could not be read and were left there.
notice-window-restarted = The window was started again. Nothing was lost.
notice-records-set-aside = The records on this computer were damaged. They were put aside, not deleted, and { $arg } decisions were saved from them; those that were not sent are being sent. Please tell your lead.
notice-records-lost = At least { $arg } entries of the old records cannot be read. The file was kept: please tell your lead before it is deleted.
notice-records-changed = Entry { $arg } of the records on this computer is not as it was written. Nothing was deleted and your work goes on. Please tell your lead: “{"scrim verify"}” says more.
notice-break-due = A break is due. Finish this item first if you like.
notice-reveal-not-recorded = The look could not be recorded, so nothing was shown. Try again.
notice-decision-not-recorded = The decision could not be written, so it was not made. Try again.
notice-clear-failed = The picture cannot be shown clear. { $arg } It stays covered; you can still decide.
notice-play-failed = It cannot be played on. { $arg } It was paused and covered; you can still decide.
notice-escalation-unconfirmed = An urgent escalation is not confirmed yet ({ $arg }). Please call the duty contact: { $contacts }
notice-escalation-confirmed = The server has confirmed the escalation ({ $arg }).
notice-marks-full = One decision holds no more than { $arg } marks.
notice-draft-outdated = An item has changed since you last had it. What you had chosen and noted was for the older version and is not used.
notice-limit-near = You are near the day’s limit. Nothing changes until it is reached.
notice-limit-reached = The day’s limit is reached. An open item can be finished; after it, lighter items only.
notice-limit-ends-shift = The day’s limit is reached. An open item can be finished; no new one is served today.
notice-check-ins-forgotten = All check-ins are deleted from this computer.
notice-check-in-not-kept = The check-in could not be written or deleted. Your work goes on, and your decisions are safe. Check that there is room on the disk.
notice-exposure-unknown = What was kept of today’s exposure cannot be read, so the day counts as full. Your decisions are safe.
notice-setting-taken-back = “{ $arg }” was below what your team asks for. It is back to a stricter value. You can choose anything stricter.
notice-setting-below-floor = “{ $arg }” stays as it was: your team’s floor does not allow less. You can choose anything stricter.
notice-setting-out-of-range = “{ $arg }” stays as it was: it can be { $range }.
notice-setting-not-yours = “{ $arg }” stays as it was: it is set by your lead or your organisation, or has no switch.
notice-settings-doubtful = Your settings were changed outside Scrim. Until your server is reached, the stricter of them and the defaults holds.
notice-floor-changed = Your team’s protection floor has changed. Your settings show what is in force now.
notice-floor-unusable = Your server’s protection floor cannot be read in full. The stricter of the last one and the defaults holds. Tell whoever runs it. ({ $arg })
notice-floor-unknown-keys = Your server’s protection floor names settings that this version of Scrim does not know ({ $arg }). The rest of it is in force.
notice-managed-unusable = The managed settings of this computer cannot be used in full. The stricter of the last good ones and the defaults holds. Tell whoever looks after this computer. ({ $arg })
notice-managed-gone = The managed settings of this computer were removed. Your server’s floor and the defaults hold.
notice-leftovers = { $arg } decisions of an earlier run are being sent.
conflicts-title = What did not go as decided
conflicts-none = Nothing: everything went as decided.
conflicts-hint = { $n ->
    [one] One of your decisions did not go as decided. H lists it, with what you can do.
   *[other] { $n } of your decisions did not go as decided. H lists them, with what you can do.
}
conflicts-more = { $n ->
    [one] One more comes after these.
   *[other] { $n } more come after these.
}
conflict-records = The records of this desk
conflict-decided = decided { $when }
conflict-said = heard { $when }
conflict-reference = reference …{ $id }
conflict-overtaken = Someone else decided first (role: { $role }; outcome: { $outcome }). Their decision counts; yours is kept in your records. If it matters, tell your lead the reference.
conflict-parked-not-allowed = The server does not let your sign-in decide this ({ $code }). Your decision is kept here and has no effect yet. Ask your lead for the right, then try again.
conflict-parked-invalid = The server does not take the decision as it is ({ $code }), for example because policies have changed. It is kept here and has no effect yet. Decide anew, or tell your lead.
conflict-parked-unknown-item = The server does not know the item ({ $code }). Your decision is kept here and has no effect. Try again later, or tell your lead the reference.
conflict-parked-too-large = The decision is longer than the server takes ({ $code }). It is kept here and has no effect yet. Decide anew with a shorter note.
conflict-parked-key-reused = The server has something else under the same id ({ $code }). Your decision is kept here. Tell your lead the reference; nothing else is affected.
conflict-parked-claim-lost = The item is not claimed for you any more ({ $code }). Your decision is kept here and has no effect yet. Try again, or leave it to whoever has the item now.
conflict-parked-saved = This decision was saved from damaged records. It may have been sent, or taken back, before. Try again if it is to count: the server never counts it twice. Otherwise leave it, or tell your lead.
conflict-parked-other = The server did not take the decision ({ $code }). It is kept here and has no effect yet. Try again, or tell your lead.
conflict-correction-too-late = Your correction came too late: the decision before it stands. Both are kept in your records. Tell your lead if it has to be changed.
conflict-undo-too-late = The server cannot undo this any more: the decision stands. Tell your lead if it has to be changed.
conflict-undo-refused = The server did not undo the decision ({ $code }), so it stands. Tell your lead if it has to be changed.
conflict-undone = Somebody else undid this decision. Your record of it is kept.
conflict-tail-missing = The records of this desk are older than what the server saw: here are { $here } entries, the server saw { $server }. A backup was put back, or the end is missing. Nothing is sent twice. Tell your administrator.
conflict-server-put-back = The queue server was put back to an earlier state. It has lost { $confirmed ->
        [one] one decision that it had confirmed to you, so it has
       *[other] { $confirmed } decisions that it had confirmed to you, so they have
    } no effect there any more. Everything is kept in the records of this desk, and nothing is sent again unasked. Tell your lead: those who run the server need to know.
conflict-forked = The server saw other records under the name of this desk ({ $server } entries). Nothing is sent twice and nothing is dropped. Tell your administrator.

help-title = Keys
help-guard = While a look key is down, and a moment after, decision keys do nothing. Holding a key never repeats an action.
help-toggle = Every key that is held can be tapped instead; a tap stays on until the next tap.
practice-told = Some items here can be practice: their answer is known, they are of severity 2 at most, and nobody is scored by them.
history-title = Your decisions
history-all = All of them
undo-waiting = · to be undone, as soon as the server answers
undo-done = · undone at the server
undo-refused = · the server did not undo it
history-body = Newest first. No media and no words are kept here.
history-none = No decisions yet.
history-corrects = corrects an earlier one
ask-title = Ask about this item
ask-body = Whoever is asked sees the item covered, as you do, and neither of you is named to the other. You keep the item: it goes behind your others and comes next once there is an answer.
ask-unknown = This queue server does not take questions.
ask-field = Question
ask-hint = Write no names and nothing private.
ask-colleague = Ask a colleague
ask-lead = Ask your lead
ask-over-title = Or let somebody else go on
ask-over-body = The item goes back with policy, note, marks and "unsure" as they are now. It does not come back to you.
ask-over = Hand over
role-lead = your lead
role-colleague = a colleague
asked-open = Questions
    .help = What colleagues ask you about items of theirs.
asked-count = { $n ->
    [one] 1 question
   *[other] { $n } questions
}
asked-title = Questions of colleagues
asked-none = Nobody asks you anything now.
asked-body = You need not look at any of them. An item that you look at opens covered, its time counts in your day, and nothing is decided here. Neither of you is named to the other.
asked-one-at-a-time = You are looking at one. Answer it or go back to your items first.
asked-look = Look at the item
asked-at = asked { $at }
look-title = A colleague asks
look-answer = Answer
look-send = Send the answer
look-bar = You look at this for a colleague. Nothing is decided here.
look-close = Back to my items
questions-title = Questions
question-sending = To { $role } · waits to be sent
question-open = To { $role } · no answer yet
question-answered = { $role } answered:
question-closed = To { $role } · closed without an answer
question-refused = To { $role } · not taken by the server
correct-title = Correct a decision
correct-was = It was: { $was }
correct-body = The item is not shown again. Your new decision replaces the old one at the server; your records keep both.
anew-title = Decide anew
anew-body = The item is not shown again. The server never took the old decision, so your new one is sent in its place; your records keep both.
anew-record = Record the new decision
correct-action = What is done instead
correct-record = Record the correction
correct-back = No policy
correct-unsure = Unsure
correct-needs-action = Choose what is done instead.
correct-needs-policy = Choose the policy that applies.
correct-needs-note = This policy needs a note.
later-corrected = · you corrected it since
later-changed = · somebody decided differently or again since
later-undone = · undone since
later-withdrawn = · the item was withdrawn since
state-held = can be taken back
state-waiting = waiting to sync
state-in-flight = being sent
state-accepted = confirmed
state-overtaken = someone decided first
state-parked = kept here; the server did not take it
state-withdrawn = taken back

context-always = Everywhere
context-item = With an item open
context-mark = While marking
context-search = While searching policies
context-confirm = When asked to confirm
context-screen = Between items
action-other = Other: { $name }

key-space = Space
key-enter = Enter
key-esc = Esc
key-backspace = Backspace
key-arrows = Arrows
key-page-up = PgUp
key-page-down = PgDn
key-ctrl = Ctrl
key-shift = Shift

reveal-hold = Look
    .help = Hold to look through the lens; tap to keep it open, tap again to cover. Pointer or arrows move it. With covered words in focus it reads those alone.
reveal-full = Clear view
    .help = The whole picture, uncovered for a few seconds. Again covers.
reveal-soft = Softened
    .help = The whole picture, softened, for a few seconds. Weaker and stronger change how much. Again covers.
reveal-colour = Colour
    .help = Colour while held, while you look. Grey otherwise.
reveal-move = Move the lens
    .help = The pointer moves the lens as well.
cover-weaker = Weaker
    .help = A weaker cover, never below the normal one. While softened: a weaker blur, then the clear view.
cover-stronger = Stronger
    .help = A stronger cover. While softened or clear: a stronger blur, then covered.
zoom-in = Zoom in
    .help = Larger; the cover stays.
zoom-out = Zoom out
    .help = Smaller; the cover stays.
part-previous = Previous
    .help = The previous part of the item; on a still of a video, the previous frame.
part-next = Next
    .help = The next part of the item; on a still of a video, the next frame.
policy-digit = Policy { $n }
    .help = Chooses the policy with this digit at the present level.
policy-0 = Unsure
    .help = Marks your decision as unsure.
policy-back = One level up
    .help = Back to the policies above, or to none chosen.
policy-search = Search
    .help = Searches names and texts of all policies. Covers while you type.
search-previous = Previous policy
    .help = Marks the policy above.
search-next = Next policy
    .help = Marks the policy below.
search-choose = Choose
    .help = Chooses the marked policy.
search-close = Close search
    .help = Back to the policies, nothing chosen.
decide-allow = Fine
    .help = Nothing wrong: leave it.
decide-remove = Remove
    .help = Take it down.
decide-restrict = Restrict
    .help = Show it to fewer people.
decide-age-gate = Age-gate
    .help = Adults only.
decide-escalate = Pass on
    .help = Pass it on to your lead or the duty contact. Asks for a confirmation.
decide-label = Label
    .help = Put a notice on it.
decide-warn = Warn author
    .help = Warn its author.
decide-limit = Limit author
    .help = Limit its author.
decide-suspend = Suspend author
    .help = Suspend its author.
decide-undo = Undo
    .help = Takes back the newest decision that is still held.
item-not-me = Not me
    .help = Gives the item back. No reason is asked and none is kept.
item-language = Not my language
    .help = Gives the item to somebody who reads its language. It counts neither as a skip nor in any figure.
item-aimed = Aimed at me
    .help = For an item that is about you or meant for you. Asks for a confirmation; then the item is gone, nothing of its author comes to you again, and your safety contact is told the item’s number and nothing else.
note-write = Note
    .help = Write a note. Covers while you write.
film-still = covered still { $n } of { $of }, at { $at }
film-line = time line
film-state-sheet = contact sheet · { $length } long{ $sound ->
    [yes] {" · "}has sound
   *[no] {""}
}
film-state-still = still at { $at } of { $length }{ $sound ->
    [yes] {" · "}has sound
   *[no] {""}
}
film-state-sound = sound · at { $at } of { $length }
film-state-plays = plays · { $at } of { $length }{ $sound ->
    [on] {" · "}sound on
    [muted] {" · "}muted
    [absent] {" · "}this computer has no sound
   *[no] {""}
}
film-state-waits = { $at } of { $length } · the next second is being made …
film-state-presence = { $at } of { $length } · press any key to go on, or it pauses
film-state-alone = paused at { $at } of { $length }: no key was pressed for a while
film-play = Play
    .help = Plays from here, covered and muted, and pauses. It also pauses by itself when no key is pressed for a while.
film-pause = Pause
film-sound = Sound
    .help = Hold to hear what plays, softer than it is and only its middle pitches; a tap keeps it on. Being heard is recorded like a look.
film-state-frame = frame { $n } of { $of }
film-frame-back = Frame back
film-frame-on = Frame on
film-sheet = Contact sheet
    .help = Back to the covered stills of the whole time.
film-back = Back
    .help = Some seconds back, on a covered still. The settings say how many.
film-on = On
    .help = Some seconds on, on a covered still; from the contact sheet, to the beginning.
medium-retry = Load again
    .help = Fetches and covers the picture again.
flagged-next = Next flagged
    .help = Goes to the next flagged message. R then reads its covered words.
flagged-previous = Previous flagged
    .help = Goes to the previous flagged message.
words-translation = Translation
    .help = The next translation, then the original again. Both stay covered.
mark-start = Mark
    .help = Marks a region of the picture, or messages from the present one on. Again keeps it.
mark-move = Move the mark
    .help = Moves the region; the pointer draws one as well.
mark-resize = Resize the mark
    .help = Moves the region's lower right corner.
mark-keep = Keep mark
    .help = Keeps the mark; it goes with your decision.
mark-drop = Drop mark
    .help = Drops the mark that is being made.
cover-all = Cover everything
    .help = Covers and blanks at once, from anywhere. Again goes on.
break-take = Break
    .help = Start a break now.
break-snooze = Put off
    .help = Five more minutes before the break.
break-end = Back to work
    .help = Ends the break.
shift-end = End shift
    .help = Covers, gives items back and syncs.
shift-start = Start shift
    .help = Items are served again.
desk-sign-out = Sign out
    .help = Takes the token from this machine. Your records stay, encrypted, until you sign in again.
desk-unlock = Go on
    .help = Ends the lock.
copies-exact = The same for exact copies
    .help = Repeats your decision for every exact copy in hand: one record each, which says that you did not look at it. Undo takes them back together.
copies-near = The same for pictures that look alike
    .help = Repeats your decision for the pictures in the list. Looking alike is a hint, not a proof: show them one by one if you are not sure.
copies-author = The same for the author’s other items
    .help = Repeats your decision about the author for the items in the list: one record each, which says that you did not look at it. Undo takes them back together.
copies-look = Show them one by one
    .help = They open like any other item, covered.
copy-apply = Decide as before
    .help = Repeats your earlier decision for this copy.
copy-wrong = Wrong match
    .help = This is no copy of that item; it is not said again.
policies-read = Go on
    .help = You have read what changed; the next item comes.
link-reconnect = Try again
    .help = Tries the connection now.
notice-told = Told by phone
notice-dismiss = Read
    .help = Puts away the newest notice.
item-ask = Ask
    .help = Asks a colleague or your lead about the item, or hands it over.
history-correct = Correct
    .help = Opens the newest decision that was sent, to change it. The item is not shown again.
history-undo = Undo at the server
    .help = Asks the server to undo the newest decision that was sent. The item goes back to the queue.
conflict-again = Try again
    .help = Sends the decision that is listed first once more. It has the same id, so it never counts twice.
conflict-anew = Decide anew
    .help = Makes a new decision in place of the one that is listed first. The item is not shown again.
conflict-lead = Told the lead
    .help = Notes that you told your lead of what is listed first, and takes it off the list.
conflict-seen = Seen
    .help = Takes what is listed first off the list. It stays in your records.
history-open = History
    .help = Your own decisions, without media.
help-open = Help
    .help = This page.
close-top = Close
    .help = Closes the topmost thing. It never undoes a decision.
confirm-accept = Confirm
    .help = Does what is asked.
confirm-cancel = Cancel
    .help = Does not do it.
reason-line = This is of the highest severity. Why do you need the clear view?
reason-decision = I cannot decide without it
    .help = Opens the clear view; the reason goes into your view log.
reason-danger = Someone may be in danger now
    .help = Opens the clear view; the reason goes into your view log.
reason-compare = I compare it with a known picture
    .help = Opens the clear view; the reason goes into your view log.
reason-second-look = I check another decision
    .help = Opens the clear view; the reason goes into your view log.
confirm-priority = Priority { $n }
    .help = Sets the priority of what you pass on.
scale-larger = Larger text
    .help = Up to 250 %.
scale-smaller = Smaller text
    .help = Down to 75 %.
scale-normal = Normal text
    .help = Back to 100 %.

# Settings
settings-title = Settings
settings-body = You can always choose more protection. Less is possible down to your team’s floor. What you choose stays on this computer.
settings-doubt = A floor is there and cannot be read. The stricter of the last good one and the defaults holds.
settings-wait = The settings have not arrived yet.
settings-search = Find a setting
settings-search-hint = name, key or group
settings-count = { $n ->
    [one] 1 setting
   *[other] { $n } settings
}
settings-by-default = default
settings-by-you = set by you
settings-by-lead = set by your lead
settings-by-server = set by your organisation
settings-by-managed = set by your organisation, on this computer
settings-back = Back to default
settings-no-effect = This version of Scrim does not act on it yet.
settings-fixed = no switch
settings-theirs = yours to read, not to change
settings-pinned = pinned by the floor
settings-least = at least as strict as { $least }
settings-range-flag = on or off
settings-number = { $n } { $unit }
settings-range-number = { $min } to { $max } { $unit }
settings-range-choice = { $words }
settings-range-classes = harm classes
settings-range-words = single words; only their first letters are shown here
settings-stricter-higher = more is stricter
settings-stricter-lower = less is stricter
settings-stricter-on = on is stricter
settings-stricter-off = off is stricter
settings-stricter-later = the last is the strictest
settings-stricter-earlier = the first is the strictest
settings-stricter-union = every entry adds
settings-basis = Basis: { $basis }
settings-on = On
settings-off = Off
settings-none = none
settings-less = Less
settings-more = More
settings-add = Add
settings-add-field = Harm class to add
settings-add-word-field = Word to mask
settings-take = Take away { $class }
settings-about = { $name }: { $value }
settings-preview = Preview of your cover on a generated picture
settings-group-cover = Covers
settings-group-reveal = Looking
settings-group-view = Size
settings-group-media = Media
settings-group-video = Video
settings-group-audio = Sound
settings-group-text = Texts
settings-group-label = Label
settings-group-known-hash = Known pictures
settings-group-skip = Skipping
settings-group-queue = Severe items in a row
settings-group-class = Harm classes
settings-group-break = Breaks
settings-group-cap = Limits of a day
settings-group-checkin = Check-ins
settings-group-lock = Lock
settings-group-lead = What a lead sees
settings-group-sounds = Sounds
settings-group-countdowns = Never in Scrim
settings-group-leaderboards = Never in Scrim
settings-group-item-targets = Never in Scrim
settings-word-weak = weak
settings-word-normal = normal
settings-word-strong = strong
settings-word-always = always
settings-word-never = never
settings-word-off = off
settings-word-neutral = neutral
settings-word-lens = lens
settings-word-strength = the whole, softened
settings-word-full = the whole, clear
settings-word-player = player
settings-word-contact-sheet = sheet of stills
settings-word-waveform = waveform
settings-word-spans = flagged stretches
settings-word-whole = everything
settings-word-light-only = lighter items only
settings-word-end-shift = the shift ends
settings-word-store = keep
settings-word-do-not-store = do not keep
setting-cover-on-open = Covered when opened
    .basis = principle: covered first
setting-cover-blur = Blur of covers
    .basis = σ = 1, 2.5, 5 % of the longer side: ladder from earlier tools; starting point
setting-cover-greyscale = Grey covers
    .basis = 2019 study (doi 10.1609/hcomp.v7i1.5270); a 2021 court settlement's tool list
setting-cover-sketch = Covers as drawings
    .basis = drawing-style filters (arXiv 2307.10334)
setting-cover-style-per-class = Strongest cover for
    .basis = starting point
setting-reveal-mode = The look key opens a picture as
    .basis = 2020 study (doi 10.1609/hcomp.v8i1.7461); figures are a starting point
setting-reveal-latch = Each press opens or covers, however long it is
    .basis = 2020 study (doi 10.1609/hcomp.v8i1.7461); figures are a starting point
setting-reveal-lens-radius-pct = Radius of the lens
    .unit = % of the long side
    .basis = 2020 study (doi 10.1609/hcomp.v8i1.7461); figures are a starting point
setting-reveal-hold-still-s = A held look without movement ends after
    .unit = s
    .basis = starting point
setting-reveal-recover = Covers again by itself
    .basis = release, focus loss, item change, minimise, lock, break, a text field
setting-reveal-latch-s = A look that stays open ends after
    .unit = s
    .basis = starting point
setting-reveal-idle-s = Any look ends without keys or pointer after
    .unit = s
    .basis = starting point
setting-reveal-agent-silent-ms = Any look ends without word from Scrim’s agent after
    .unit = ms
    .basis = starting point
setting-reveal-presence-s = While something plays, asks for a key after
    .unit = s
    .basis = starting point
setting-reveal-reason-at-severity = A clear view takes a reason from severity
    .unit = severity
    .basis = starting point
setting-lock-idle-min = Locks without keys or pointer after
    .unit = min
    .basis = starting point
setting-cover-all = Cover everything
    .basis = never a penalty
setting-view-zoom-keeps-cover = Zoom keeps the cover
    .basis = larger is stronger
setting-view-max-size-pct = Largest picture
    .unit = % of the window
    .basis = larger is stronger; starting point
setting-media-autoplay = Plays by itself
    .basis = a 2021 court settlement's tool list
setting-media-mute = Silent at first
    .basis = a 2021 court settlement's tool list
setting-video-start = Videos start as
    .basis = starting point
setting-video-stills = Stills of a video
    .unit = covered stills
    .basis = starting point
setting-video-speed-pct = Speed of videos
    .unit = % of normal speed
    .basis = starting point
setting-video-step-s = Step in a video
    .unit = s
    .basis = starting point
setting-audio-start = Sound starts as
    .basis = starting point
setting-audio-cap-db = Loudness held below full by
    .unit = dB below full scale
    .basis = starting point
setting-audio-narrow-first = Narrow sound first
    .basis = 300–3,400 Hz first; starting point
setting-text-mask = Masks in texts
    .basis = 2025 study (n = 80): lower perceived severity, accuracy kept
setting-text-words = Words that are masked
    .basis = masked besides what is flagged and the built-in list; starting point
setting-label-first = Label first
    .basis = one line, never a scene (doi 10.1080/02699931.2024.2401102)
setting-known-hash-lane = Known pictures decided without loading
    .basis = deciding without loading
setting-skip = Skip without a reason
    .basis = opting out is the field's guidance
setting-queue-max-severe-in-row = Severe items in a row, at most
    .unit = items of severity 3 or more
    .basis = interleaving helped in a 2024 video study; figure is a starting point
setting-queue-severe-pause-s = Pause in place of a lighter item
    .unit = s
    .basis = starting point
setting-class-opt-out = Not offered to you
    .basis = opting out is the field's guidance
setting-break-after-min = A break is due after
    .unit = min of active time
    .basis = HSE: 5–10 min after 50–60; Police Care UK: 10 min each hour
setting-break-length-min = A break lasts
    .unit = min
    .basis = HSE: 5–10 min after 50–60; Police Care UK: 10 min each hour
setting-break-severe-after-min = After severe work, a break is due after
    .unit = min of active time at severity 3 or more
    .basis = starting point
setting-break-severe-length-min = A break after severe work lasts
    .unit = min
    .basis = starting point
setting-break-severe-second-length-min = Every second break after severe work lasts
    .unit = min
    .basis = starting point
setting-break-snooze = Times that a break can be put off
    .unit = snoozes
    .basis = the worker should have a say in timing; starting point
setting-break-snooze-min = Putting off a break gives
    .unit = min
    .basis = starting point
setting-break-screen = The break’s screen
    .basis = no pictures, quiz, news or sound
setting-cap-weighted-min-day = Limit of a day
    .unit = weighted min
    .basis = the only public figure (4 h a day)
setting-cap-notice-min-day = A notice before the limit at
    .unit = weighted min
    .basis = starting point
setting-cap-clear-min-day = Limit of clear view of severe items
    .unit = min of clear view at severity 3 or more
    .basis = starting point
setting-cap-at-limit = At the limit
    .basis = starting point
setting-checkin-offer = Check-ins offered
    .basis = skippable; health data
setting-checkin-store = Check-ins kept on this computer
    .basis = health data
setting-checkin-keep-days = Check-ins kept for
    .unit = days
    .basis = health data; starting point
setting-lead-exposure-group-min = Smallest group in a lead’s figures
    .unit = people
    .basis = privacy guidance
setting-sounds = Scrim’s own sounds
    .basis = principle: no pressure
setting-countdowns = Countdowns
    .basis = principle: no pressure
setting-leaderboards = Leaderboards
    .basis = principle: no pressure
setting-item-targets = Targets per item
    .basis = principle: no pressure
settings-open = Settings
    .help = What protects you, who set it, and how far you may change it.
privacy-open = Privacy
    .help = What leaves this computer and what does not.

# Privacy
privacy-title = What leaves this computer
privacy-body = Scrim talks to your queue server and to nobody else. This page is made from the table that the sending code itself uses.
privacy-stays = Stays here and is never sent
privacy-stays-day = The sum of your day, its weighted minutes and limits.
privacy-stays-checkins = Check-ins and “go easy on me today”.
privacy-stays-breaks = Breaks: when they were due, taken or put off.
privacy-stays-settings = Your settings. Of them the server sees only the greatest severity and the classes left out when you ask for items.
privacy-stays-views = The single looks of the view log, and why you needed a clear view.
privacy-stays-drafts = Notes, marks and policies of items that you have not decided, unless you hand an item over.
privacy-stays-media = Pictures and texts: they come to this computer and go nowhere from it.
privacy-stays-telemetry = How you use Scrim. There is no telemetry and there are no crash reports.
privacy-leaves = Sent to your queue server
privacy-fields = Sent: { $fields }
privacy-sign-in = When you sign in with a code: which identity issuer the server works with. The issuer then gets the code, and later what renews your sign-in; never anything about items.
privacy-session = When you connect, and once a minute while you work: who you are, and when your day began, so that your other desks count.
privacy-queues = Asks how much waits. Nothing is sent with it.
privacy-policies = Asks for the policies. Nothing is sent with it.
privacy-claims = Asks for items: how many, and which not. The greatest severity and the classes left out follow from your limits and your choice; the reason for either is not sent.
privacy-heartbeat = Says that you still hold your items.
privacy-release = Gives items back. With a hand-over, what you made of the item goes along. “Not me” sends no reason.
privacy-decisions = A decision: what you judged and wrote, how long you worked on it, and for each medium how long it was on the screen, covered and clear, what you found of it alone, whether it was opened behind weaker walls, and what it is known by (hashes). For a copy that you decided with another: which one. A lead’s figures are made from these totals. With it goes its entry in the chain of your records, without the view log, so that the server can check that nothing was changed. That a decision was taken back before it was sent is told with its time; what it was is not.
privacy-own-decisions = Your own decisions as the server has them. Asked only if the server saw more of your records than this desk has.
privacy-revert = Undoes a decision that was sent, with the reason.
privacy-consult = Your question to a colleague.
privacy-consults = Asks for questions to you. Nothing is sent with it.
privacy-consult-open = Opens the item of a colleague’s question.
privacy-consult-answer = Your answer to a colleague.
privacy-team-decisions = For leads and QA: asks for the team’s decisions, from which place on. They come without names, views, times of day, and handle times of severity 3 and 4.
privacy-team-days = For leads and QA: asks for what is counted by day and queue. Nothing is sent with it.
privacy-review-sample = For leads: has decisions drawn for a second review: how many, how, of which days and queues, and how many practice items go among them.
privacy-review-samples = For leads and QA: asks how second reviews stand. Nothing is sent with it.
privacy-exposure = For leads: asks for figures of groups. Nothing is sent with it.
privacy-item = Asks how one item stands, named in the address.
privacy-medium = Fetches one picture or its smaller version, named in the address. Looking at it is not told.
privacy-headers = With every call: your sign-in. Where it applies: a key that makes a repeated call count once, the id of these records, how far their chain goes, and the claim under which a picture is fetched.

# The lead's view. Every figure has a sentence that says what it is made of.
team-open = Team
    .help = For leads and QA: figures about the team’s decisions. They say nowhere whose a decision is. The same key closes.
team-title = The team’s decisions
team-wait = The figures are on their way. You can leave with Esc.
team-body = Nothing here says whose a decision is. Where there is no figure, a word says why: “too few” decisions to be told, “withheld” because items of severity 3 or 4 are among them, “day not over”, “not defined” because it would be made of nothing, “not known” because the queue server does not say it.
team-period = Days (UTC)
team-days-last = Last { $n } days
team-from = From
team-to = To
team-show = Show
team-queue = Queue
team-queues-all = All queues
team-fault-not-a-day = That is no day. Write it as 2026-01-31. The figures are still those below.
team-fault-reversed = The first day is after the last one. The figures are still those below.
team-fault-not-begun = The last day has not begun yet. The figures are still those below.
team-fault-too-long = More than 366 days cannot be shown at once. The figures are still those below.
team-days = { $from } to { $to }
team-count = { $n ->
    [0] no decisions
    [one] 1 decision
   *[other] { $n } decisions
}
team-as-of = as of { $at }
team-through = whole days, up to { $day }
team-as-of-never = the queue server has not been read yet
team-working = These are the figures from before. The new ones are on their way.
team-fetching = The team’s decisions are being fetched. The figures grow until that is done; you need not wait here.
team-empty = The queue server took no decision in these days. Nothing is wrong: choose other days or another queue.
team-empty-not-told = The queue server tells no decision of these days yet: it tells a day when the day is over (UTC), and is at { $day }. Nothing is wrong.
team-problem-offline = There is no connection to the queue server. The figures below are those of the last one and are kept as they are. They go on by themselves when the connection is back.
team-problem-not-offered = This queue server does not give a team’s decisions, so there are no figures. Your own work is untouched. Ask whoever runs the server.
team-problem-not-allowed = This sign-in may not see a team’s decisions any more, so none are shown. Your own work is untouched. Ask your administrator if it should.
team-problem-not-drawn = The queue server did not draw the sample, so nothing has changed there. Check the number of decisions and the days, and try again.
team-problem-not-kept = The copy of the team’s decisions on this computer cannot be read or written. Your own records are untouched, and the server still has everything. Tell your administrator.
team-contents = Contents
team-n = n = { $n }
team-rows-none = Nothing in these days.
team-rows-more = { $n ->
    [one] 1 more row; the export has it.
   *[other] { $n } more rows; the export has them.
}
team-row-help = { $name }: lists the decisions behind this row.
team-chart-of = Chart of “{ $title }”, see table
team-chart-empty = Nothing to draw: the table says why.
team-interval = with its 95 % interval
team-no-policy = no policy
team-not-defined = not defined
team-too-few = too few
team-withheld = withheld
team-day-not-over = day not over
team-not-known = not known
team-share = { $n } %
team-time-s = { $n } s
team-time-min = { $n } min
team-time-h = { $n } h

team-column-count = decisions
team-column-n = n
team-column-median-s = median
team-column-p90-s = 90th percentile
team-column-due = due
team-column-met = in time
team-column-overdue = open and overdue
team-column-share = share
team-column-low = from
team-column-high = to
team-column-open = open
team-column-oldest-s = oldest
team-column-unassignable = nobody may take
team-column-unassignable-oldest-s = oldest of these
team-column-unsure = unsure
team-column-not-me = “not me”
team-column-overturned = overturned
team-column-value = value
team-column-prevalence = commonest answer
team-column-right = broke a policy

team-days-title = Decisions by day
team-days-rows = Day
team-days-explained = How many decisions the queue server took on each day (UTC). Corrected, undone and overtaken ones do not count, nor do practice and sample reviews. n is their sum.
team-policies-title = By policy
team-policies-rows = Policy
team-policies-explained = Decisions by the first policy that each one found. Times are active time: the middle one (median), and the one that nine in ten stay under (90th percentile, by linear interpolation). They are made of the n decisions of whole groups: one day that is over, queue, policy and action, five at least, none of severity 3 or 4.
team-actions-title = By action
team-actions-rows = Action
team-actions-explained = The same by the first action of each decision: how many, and median and 90th percentile of the active time of the n that may be told.
team-time-to-action-title = From report to decision
team-time-to-action-rows = Day
team-time-to-action-explained = Time from the report of an item to the receipt of its decision, by the day of the receipt: median and 90th percentile by linear interpolation, of the n decisions of groups of five at least, on days that are over, whose item has a time of report.
team-sla-title = Decided in time
team-sla-rows = Queue
team-sla-explained = Of the decisions on items that were due, the share that was made by the due time: in time ÷ (due + open and overdue). What is open and overdue now counts as missed. “From” and “to” are the ends of the 95 % interval (Wilson).
team-backlog-title = What is open now
team-backlog-rows = Queue
team-backlog-explained = Not of these days but of the moment of “as of”: open items of each queue and the age of the oldest, and among them those that nobody who could take them is left for. n is the number of open items.
team-unsure-by-queue-title = Unsure, by queue
team-unsure-by-queue-rows = Queue
team-unsure-by-queue-explained = The share of decisions that were marked unsure: unsure ÷ n, n being the decisions of groups of five at least on days that are over, with the ends of its 95 % interval (Wilson). Being unsure is information, not a mistake.
team-unsure-by-policy-title = Unsure, by policy
team-unsure-by-policy-rows = Policy
team-unsure-by-policy-explained = The same by the first policy: unsure ÷ n, with the ends of its 95 % interval (Wilson). A high share says that a policy is hard to apply.
team-not-me-title = Given back as “not me”
team-not-me-rows = Queue
team-not-me-explained = The share of items that were given back: “not me” ÷ n, where n is decisions and “not me” together, of the days with at least five people who gave something back and five decisions, with the ends of its 95 % interval (Wilson). Giving back needs no reason and is never counted by person.
team-overturns-title = Overturned
team-overturns-rows = After
team-overturns-explained = Of the first decisions that were decided again, the share whose first action or first policy was changed: overturned ÷ n, each kind with its own n, with the ends of its 95 % interval (Wilson). Whoever only passed the item on did not decide it again.
team-row-overturns-appeal = an appeal
team-row-overturns-sample = a blind sample
team-row-overturns-second = a second review
team-agreement-title = Agreement
team-agreement-rows = Coefficient
team-agreement-explained = How far two people who decide the same item without seeing each other’s decision agree. n is the number of items decided twice; under 30 it says “too few”. Per cent agreement, Cohen’s and Fleiss’ κ and nominal α compare first policies; weighted κ and the other α compare severities. All but per cent take away what chance alone would give: 1 is full agreement, 0 is chance. The share of the commonest answer stands beside them, because where one answer is very common a low coefficient says little.
team-row-agreement-percent = per cent agreement
team-row-agreement-cohen = Cohen’s κ
team-row-agreement-cohen-linear = Cohen’s κ, linear weights
team-row-agreement-cohen-quadratic = Cohen’s κ, quadratic weights
team-row-agreement-fleiss = Fleiss’ κ
team-row-agreement-alpha-nominal = Krippendorff’s α, nominal
team-row-agreement-alpha-ordinal = Krippendorff’s α, ordinal
team-row-agreement-alpha-interval = Krippendorff’s α, interval
team-row-agreement-alpha-ratio = Krippendorff’s α, ratio
team-detectors-title = Flags that were right
team-detectors-rows = Detector
team-detectors-explained = Of the decisions on items that a detector flagged, the share that found a policy broken: broke a policy ÷ n, with the ends of its 95 % interval (Wilson). Items that were passed on count once they are decided. It says nothing about what a detector missed.

team-records-title = Decisions behind a row
team-records-back = Back to the figures
team-records-body = No media and no words of items. A reference is the end of a decision’s id; it names nobody.
team-records-page = { $from }–{ $to } of { $total }
team-records-none = There is no decision behind this row.
team-page-before = Previous
team-page-after = Next
team-unsure = unsure
team-review-first = first decision
team-review-second = second review
team-review-sample = blind review of a sample
team-review-appeal = after an appeal
team-review-practice = practice
team-standing-standing = counts
team-standing-interim = counts until a second person decides
team-standing-superseded = corrected later
team-standing-reverted = undone

team-disagreements-title = Disagreements
team-disagreements-explained = Two decisions on one item that differ, newest first, 200 at most, with the reason that was written for each. They are there to make policies clearer; whose they are is not said.
team-disagreements-none = No two decisions on one item differ in these days.
team-item = Item … { $id }
team-reason-none = No reason was written.

team-samples-title = Samples for second review
team-samples-explained = A sample is drawn from the decisions of the days and the queue above. They are decided once more by somebody else who does not see the first decision. The second decision has no effect on the item; it shows how far people agree.
team-practice-explained = Known-answer items can be mixed in as practice. The team is told that they are among the items. They are of severity 2 at most, and nobody is ever scored by them.
team-sample-size = Decisions (1–500)
team-sample-practice = Practice items
team-sample-draw = Draw a sample
    .help = Asks the queue server to draw it from the days and the queue above. It cannot be taken back.
team-sample-fault = Write whole numbers: 1 to 500 decisions, 0 to 500 practice items. Nothing has been drawn.
team-sample-not-now = A sample can be drawn once what is said above is over. Nothing has been drawn.
team-sample-waits = Asked for. It is listed below once the server has drawn it.
team-drawing-random = Random
    .help = Every decision is as likely as any other.
team-drawing-stratified = Stratified
    .help = The same number of each policy and action, as far as there are so many.
team-drawing-risk-weighted = By risk
    .help = The graver and the less sure a decision, the likelier it is drawn: weight 1 + severity, twice that if unsure.
team-samples-none = No sample has been drawn yet.
team-samples-not-offered = This queue server does not draw samples. Ask whoever runs it.
team-sample = { $at } · { $drawing } · { $done } of { $size } reviewed · { $differ } differ · { $practice ->
    [0] no practice items
    [one] 1 practice item
   *[other] { $practice } practice items
}

team-export = Export this report
    .help = Writes what is on this page into one HTML file in your documents’ folder. Disagreements’ reasons and records are not in it.
team-export-written = Written: { $path }
team-export-not-written = The report was not written: the documents’ folder cannot be written to, or the disk is full. An older report of that name is as it was. Make room or ask your administrator, then try again.
