# Scrim's words, English. Plain, short, in the second person; calm; no claims about health.

window-title = Scrim – { $state }
environment-production = Live queue
environment-test = Test queue: decisions have no effect
environment-training = Practice: outside all statistics
environment-other = Queue: { $name }
environment-none = Not signed in
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

region-status = Status
region-item = Item
region-side = Policy and reports
region-actions = Actions
region-wellbeing = Wellbeing
region-notices = Notices
region-parts = Parts of the item

medium-covered = covered image, { $n } of { $of }
medium-open = image being looked at, { $n } of { $of }
medium-absent = no image, { $n } of { $of }. { $words }
medium-placeholder = covered
medium-loading = On its way. It arrives covered.
medium-not-loaded = Not loaded. You can decide without it.
medium-rejected = This could not be shown safely on this machine, so it was not shown. { $reason } You can still decide.
medium-unavailable = Not to be had right now. It is fetched again when you are online. You can still decide.
cover-state-none = nothing to look at
cover-state = covered · strength { $step } of 3 · grey · muted
look-state = you are looking · { $colour -> 
    [yes] colour
   *[no] grey
} · covers by itself
look-state-soft = you are looking · softened, strength { $n } of 3 · covers by itself
look-state-words = the words are uncovered · they cover by themselves
look-wait = opening …
zoom-state = zoom { $n } of 3
part-medium = Image { $n } of { $of }
part-words = Words
words-title = Words
words-covered = covered words
words-none = This item has no words.
message-from = { $who }
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
policy-unsure = Marked unsure
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
confirm-wait = Ready in a moment …
to-lead = your lead
to-danger-to-life = the duty contact (danger to life)

held-count = { $n } held
claim-held = claim held
claim-unconfirmed = claim not confirmed; you can go on until it ends
claim-advisory = this server keeps no claims
active-min = { $n } min since your last break
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

screen-signed-out = Signed out
screen-signed-out-body = Nothing is shown and nothing is lost. Decisions that wait stay on this machine.
screen-signed-out-do = Sign in with “scrim sign-in” and the address of your queue server.
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
screen-covered = Everything is covered
screen-covered-body = Nothing is shown. Your work is where you left it.
screen-covered-do = Press F9 or Space to go on.
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

notice-claim-lost = The claim on that item has ended. It was covered and put back. { $arg }
notice-overtaken = Someone decided first: { $arg }. Your decision is kept in your history.
notice-parked = The server did not take a decision ({ $arg }). It is kept here; your lead can help.
notice-policy-needed = Choose a policy first: its digit, or a click.
notice-reason-needed = This policy needs a note. Press N to write it.
notice-too-late = Too late to take back: it has been sent. A new decision corrects it.
notice-items-refused = { $arg } items from the queue could not be read and were left there.
notice-window-restarted = The window was started again. Nothing was lost.
notice-break-due = A break is due. Finish this item first if you like.
notice-reveal-not-recorded = The look could not be recorded, so nothing was shown. Try again.
notice-decision-not-recorded = The decision could not be written, so it was not made. Try again.
notice-clear-failed = The picture cannot be shown clear: { $arg }. It stays covered; you can still decide.
notice-escalation-unconfirmed = An urgent escalation is not confirmed yet ({ $arg }). Please call the duty contact: { $contacts }
notice-escalation-confirmed = The server has confirmed the escalation ({ $arg }).
notice-marks-full = One decision holds no more than { $arg } marks.
notice-limit-near = You are near the day’s limit. Nothing changes until it is reached.
notice-limit-reached = The day’s limit is reached. An open item can be finished; after it, lighter items only.
notice-limit-ends-shift = The day’s limit is reached. An open item can be finished; no new one is served today.
notice-exposure-unknown = What was kept of today’s exposure cannot be read, so the day counts as full. Your decisions are safe.
notice-leftovers = { $arg } decisions of an earlier run are being sent.
conflicts-title = Decisions that did not go through as made
conflict-row = { $action }: { $what }

help-title = Keys
help-guard = While a look key is down, and a moment after, decision keys do nothing. Holding a key never repeats an action.
help-toggle = Every key that is held can be tapped instead; a tap stays on until the next tap.
history-title = Your decisions
history-body = Newest first. No media and no words are kept here.
history-none = No decisions yet.
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
context-text = While writing
action-other = Other: { $name }

key-space = Space
key-enter = Enter
key-esc = Esc
key-arrows = Arrows

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
    .help = A weaker cover, as far as your team allows.
cover-stronger = Stronger
    .help = A stronger cover.
zoom-in = Zoom in
    .help = Larger; the cover stays.
zoom-out = Zoom out
    .help = Smaller; the cover stays.
part-previous = Previous
    .help = The previous part of the item.
part-next = Next
    .help = The next part of the item.
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
note-write = Note
    .help = Write a note. Covers while you write.
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
link-reconnect = Try again
    .help = Tries the connection now.
notice-dismiss = Read
    .help = Puts away the newest notice.
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
