### What the bridge says in a chat, in English.
###
### Each message has a key, and each key is a function of `Say`. The comment above a message says
### what is put into it: `$name (count)` chooses a plural, `$name (text)` is shown as it is.
### Keys begin with `button-` (a label), `toast-` (the answer to a press, at most 200 units) or
### `command-` (a line of the menu, at most 256 units) where Telegram has a limit of its own.

## Prompts that wait

# $waiting (count): how many messages wait here
queue-is-full =
    { $waiting ->
        [one] Not taken: 1 message is already waiting here. Send yours again when that one is done. /stop ends the current work and drops what waits.
       *[other] Not taken: { $waiting } messages are already waiting here. Send yours again when some are done. /stop ends the current work and drops what waits.
    }

# $ahead (count): how many messages run before this one; 0 where only the current work does
queued =
    { $ahead ->
        [0] Queued: runs when the current work is done.
        [one] Queued: 1 message runs first.
       *[other] Queued: { $ahead } messages run first.
    }

# $meant (text): the name of a command of the bridge, without slash
# $written (text): the word that was written, without slash
did-you-mean = There is no command /{ $written }, so nothing was done. Did you mean /{ $meant }? Edit it into /{ $meant }, or send it without the slash if it is for Claude.

# The first part of a text that is too long for one message, in a group.
text-is-cut = Telegram cut this text, and in a group its other parts do not reach me. If they matter, send it in our private chat, or mention me in each part.

# A request of Claude is open above.
queued-behind-request = Claude is waiting for an answer above. Your message runs when the current work is done.

# The line of a queued message, when its turn comes.
queued-begun = ▶ Claude has it.

queued-runs-not = ✕ Not run.

queued-waits-no-longer = This is no longer waiting.

queued-removed = ✕ Removed.

queued-sent-now = ▶ Claude gets it with its next step.

# A file of the message is still downloaded.
queued-still-fetched = I am still downloading the file.

# A voice message is still being transcribed.
queued-still-transcribed = I am still transcribing this.

queued-not-now = Claude cannot take this now. It runs when everything before it is done.

button-send-now = ▶ Send now

button-remove = ✕ Remove

# Below a message that waits while Claude asks whether something may run.
button-deny-with = ✕ Deny with these words

queued-denied-with = ✕ Denied with these words.

toast-nothing-to-deny = Claude asks nothing that this could deny. Your message stays queued.

# The answer to a question of which several choices may be ticked, when none is.
none-of-these = None of these

# A message was edited while it waited.
edit-replaced = ✎ The new version runs instead.

# A message was edited while Claude works on it.
edit-too-late = Claude is already working on the earlier version. Send the change as a new message and press “Send now”, or send /stop.

edit-of-the-past = Claude already had the earlier version. Send the new one as a new message.

# $count (count): how many waiting messages were dropped
dropped-waiting =
    { $count ->
        [one] 1 waiting message was dropped. It will not run.
       *[other] { $count } waiting messages were dropped. They will not run.
    }

# $ahead (count): how many chats get an agent before this one
waits-for-slot =
    { $ahead ->
        [0] ⏳ All agents are busy. You are next.
        [one] ⏳ All agents are busy. 1 chat is ahead of you.
       *[other] ⏳ All agents are busy. { $ahead } chats are ahead of you.
    }

slot-is-free = ▶ Claude starts on it.

# $count (count): how many messages wait for the bridge to be back
runs-when-back =
    { $count ->
        [one] ⏸ The bridge is stopping. This message has not run. It runs when the bridge is back.
       *[other] ⏸ The bridge is stopping. { $count } messages have not run. They run when the bridge is back.
    }

# Edited into the line of a queued message.
runs-when-unlocked = 🔒 The bridge was locked down. This message has not run. It runs when the bridge is unlocked.

# A message was edited that was sent to Claude while it works, and that it has not read.
edit-of-sent-on = Claude was given the earlier version and reads it at its next step. Send the change as a new message.

# A message was edited while its work is being stopped.
edit-of-stopping = Work on the earlier version is being stopped. Send the new one as a new message.

# A message was edited whose work was interrupted or did not begin, and that waits for a choice.
edit-of-offer = The earlier version waits for your choice above. To run the new one, send it as a new message.

# A message was edited that was dropped, removed or refused.
edit-of-unrun = The earlier version did not run. Send the new one as a new message.

# A message was edited, and what became of it is not known.
edit-of-unknown = I do not know what became of the earlier version, so the edit changes nothing. Send the new one as a new message.

## Start and end of a turn

new-conversation = New conversation.

new-conversation-stopped = Stopped the current work; part of it may be done. New conversation.

new-conversation-background = Ended the background work. New conversation.

# Follows one of the three above, unless a message came with /new.
new-conversation-next = Your next message starts it.

stop-background = ⏹ Ended the background work.

stop-nothing = Nothing is running.

stop-nothing-started = ⏹ Nothing had started yet.

stopped = ⏹ Stopped. Part of it may be done.

# $time (text): how long there was no sign of life
stopped-silence = ⏹ Stopped: Claude gave no sign of life for { $time }. Part of it may be done.

stopped-revoked = ⏹ Stopped: the person who asked for this may no longer use this bot. Part of it may be done.

stopped-by-claude = ⏹ Claude was interrupted. Part of it may be done.

stopped-by-force = ⏹ Stopped by force: Claude and everything it ran were ended. Part of it may be done. Your next message continues the conversation.

stopped-by-force-revoked = ⏹ Stopped by force: the person who asked for this may no longer use this bot. Claude and everything it ran were ended. Part of it may be done. The next message continues the conversation.

# $time (text): how long there was no sign of life
stopped-by-force-silence = ⏹ Stopped by force: Claude gave no sign of life for { $time }. Claude and everything it ran were ended. Part of it may be done. Your next message continues the conversation.

stopped-unread = ⏹ Stopped before it started. Nothing ran.

# The person lost the right to use the bot.
revoked = ⏹ You may no longer use this bot.

revoked-stopped = ⏹ You may no longer use this bot. Your running work was stopped; part of it may be done.

# $count (count): how many waiting messages of somebody else were dropped
revoked-dropped =
    { $count ->
        [one] 1 waiting message was dropped: its author may no longer use this bot.
       *[other] { $count } waiting messages were dropped: their author may no longer use this bot.
    }

revoked-background = ⏹ The background work was ended: the person who asked for it may no longer use this bot. Part of it may be done.

revoked-another = ⏹ Claude was ended during this: it had also been given something by a person who may no longer use this bot.

conversation-rebuilt = ⚠ A fault inside the bridge restarted this chat's session. The conversation continues.

conversation-lost = Claude no longer has this chat's earlier conversation, so this runs in a new one.

conversation-empty = Claude could not resume this chat's earlier conversation, so this runs in a new one.

answer-empty = ✓ Done. Claude wrote no answer.

# $before (text): how many tokens the conversation had, such as 13.6k
# $after (text): how many tokens it has
compacted = ✓ Compacted. The conversation goes on from its summary: { $before } tokens became { $after }.

# $before (text): how many tokens the conversation had, such as 13.6k
compacted-from = ✓ Compacted. The conversation, which had { $before } tokens, goes on from its summary.

# $before (text): how many tokens the conversation had, such as 13.6k
# $after (text): how many tokens it has
compacted-itself = The conversation had become too long, so Claude goes on from its summary: { $before } tokens became { $after }.

# $before (text): how many tokens the conversation had, such as 13.6k
compacted-itself-from = The conversation had become too long ({ $before } tokens), so Claude goes on from its summary.

conversation-cleared = ✓ Cleared. Your next message starts a new conversation; Claude no longer knows what was said before.

answer-above = ↑ Answered above, together with the background work.

## Agent: starts, ends, failures

# $why (text): why Claude was not started
agent-not-started = ⚠ Your message has not run: { $why }.

# $time (text): how long Claude may take to start
agent-start-timed-out = ⚠ Claude did not start within { $time } and was ended. Your message does not run again by itself: send it again.

# $how (text): how it ended, such as "exit code 1"
agent-died-at-start = ⚠ Claude could not start ({ $how }), so your message has not run. Send it again to try once more; if Claude still does not start, run `bridge check` on the bridge's computer.

# $how (text): how it ended, such as "exit code 1"
agent-died-in-turn = ⚠ Claude ended in the middle of this ({ $how }).

# $how (text): how it ended, such as "exit code 1"
agent-died-in-background = ⚠ Claude ended while it worked in the background ({ $how }).

# $time (text): how long there was no sign of life
agent-silent-in-background = ⚠ Claude worked in the background and gave no sign of life for { $time }, so it was ended. Your next message continues the conversation.

# $code (text): the exit code
ended-with-code = exit code { $code }

# $signal (text): the number of the signal
ended-by-signal = signal { $signal }

# $output (text): the last lines of its standard error
agent-said =
    It printed:
    { $output }

# $reason (text): what the API said
# $attempt (text): the number of this attempt
# $attempts (text): how many there are at most
api-retried = Claude's API has a problem: { $reason }. Trying again: { $attempt } of { $attempts }.

# $error (text): what the API or Claude Code said
api-error = ⚠ { $error }

api-limit = Claude's API accepts no more requests from this account for now. Send this again later; the conversation continues.

api-overloaded = Claude's API is overloaded. Your message is fine: send it again in a few minutes.

api-not-logged-in = Claude Code is not logged in, or its login was refused. If this is a private chat, try /login. Otherwise whoever runs the bridge runs `claude` as the bridge's user on its computer and logs in; a group with a room of its own needs claude.credentials in bridge.toml. Then send this again.

api-login-expired = Claude's login has expired or was withdrawn. If this is a private chat, log in again with /login. Otherwise whoever runs the bridge runs `claude` as the bridge's user on its computer and enters /login there; a group with a room of its own needs claude.credentials in bridge.toml. Then send this again.

api-key-refused = The API key that Claude uses was refused. On the bridge's computer, set a key that works, or log in, and restart the bridge. Then send this again.

api-no-credit = The account has no credit left. Send this again once it has; the conversation continues.

api-no-such-model = Choose another model with /model, then send this again.

api-too-long = This conversation does not fit Claude's window any more. Shorten it with /compact, choose a model with a larger window with /model, such as sonnet[1m], or start a new one with /new. Then send this again.

api-too-large = The pictures and files of this conversation are too much for one request. Shorten it with /compact, or start a new one with /new, and send fewer or smaller files.

api-declined = Claude does not answer this, and will not when it is sent again as it is. Put it in other words, choose another model with /model, or start a new conversation with /new.

api-rejected = Sent again as it is, this would be refused again. Change it, or start a new conversation with /new.

api-other = Send this again to try again; the conversation continues.

# $why (text): what Claude said
turn-failed = ⚠ Claude stopped before the work was done: { $why }

# $why (text): what Claude said
command-failed = ⚠ That did not work: { $why }

# Why Claude was not started; all start-… are put into agent-not-started.
# $folder (text): the folder in which Claude works
# $error (text): what the system says
start-no-folder = cannot create the folder { $folder }: { $error }

start-no-program = no program is set in claude.binary

# $program (text): the command that starts Claude Code
start-not-found = `{ $program }` was not found; install Claude Code, or set claude.binary to its full path

# The guard is the bridge's own process that ends Claude with everything it started.
# $error (text): what the system says
start-no-guard = cannot start the guard, which ends Claude with everything it ran: { $error }

# $reason (text): the program and what the system says, in English
start-refused = cannot start Claude: { $reason }

start-no-login = this room has no login for Claude. If this is a private chat, /login gives it one. Otherwise, and for a group, whoever runs the bridge sets claude.credentials in bridge.toml, from `claude setup-token` or an API key

# $used (text): a size, such as 5 GB
# $limit (text): a size, such as 5 GB
start-home-full = its home in this chat is full: { $used } of { $limit }. Send a message: I then ask whether Claude is to start anyway, to tidy up

start-held-by-session = another chat or topic has its conversation open. Send /new there or here

# $pid (text): the number of the process
start-held-by-process = process { $pid } has its conversation open, and two at once would lose what one of them writes. End that one (in a terminal: /exit), or send /new here

start-no-wall = this machine cannot keep people's files apart, so the bridge serves only its owner. Whoever runs the bridge finds what to do in `bridge check`

# $error (text): what broke, in English
start-broken = cannot prepare its start: { $error }

# Why a turn failed; all turn-fault-… are put into turn-failed.
turn-fault-steps = Claude reached its limit of steps for one message

turn-fault-budget = Claude reached its spending limit

turn-fault-form = Claude gave no output in the form it was asked for

turn-fault-unknown = Claude Code failed and gave no reason

## Card and draft

# The card of a running turn begins with it.
# $time (text): how long the turn runs
# $doing (text): what Claude does now
card-doing = ⏳ { $time } · { $doing }

card-writing = Claude is writing

card-thinking = Claude is thinking

card-waiting-for-you = Waiting for you

# $time (text): how long, in minutes
card-waiting-for-you-since = Waiting for you ({ $time })

button-stop = ⏹ Stop

# $count (count): how many tools were used
card-tools =
    { $count ->
        [one] { $count } tool
       *[other] { $count } tools
    }

# $dollars (text): what the turn cost
card-cost = ${ $dollars }

# The text that was not completed follows.
card-cut-short = Cut short:

card-interrupted = ⏹ Interrupted.

toast-stopped-waiting = ⏹ Stopped before it started.

toast-stopping = ⏹ Stopping. Press again to force it.

# Pressed again, or Claude could be stopped in no other way.
toast-stopping-by-force = ⏹ Stopping by force.

# $answer (text): ● where this is chosen, else ○
# $card (text): ● where this is chosen, else ○
# $log (text): ● where this is chosen, else ○
verbose-levels =
    How much of the work this chat shows:
    { $answer } /verbose 0 – only the answer
    { $card } /verbose 1 – what Claude does right now, and its words as they come
    { $log } /verbose 2 – the same, with the tools it used before; the answer has all that Claude wrote

# $on (text): ● where this is chosen, else ○
# $off (text): ● where this is chosen, else ○
draft-choices =
    How this chat shows Claude's words while they come:
    { $on } /draft on – as live typing (on Android it blocks the keyboard, but its Stop button works)
    { $off } /draft off – in a progress message

# $on (text): ● or ○
# $off (text): ● or ○
rich-choices =
    How this chat gets Claude's answers:
    { $on } /rich on – with real tables, headings and lists (Telegram on the web, on macOS and on watches may show an empty message: switch it off then)
    { $off } /rich off – as text that every Telegram shows

drafts-not-shown = This chat is set to /verbose 0, so it shows neither.

drafts-are-private = Live typing works in private chats only. This chat keeps the progress message.

## Offers and interruptions

interrupted-by-machine = ⚠ The computer restarted while this was running, or just before.

interrupted-by-restart = ⚠ The bridge restarted while Claude worked on this.

interrupted-by-fault = ⚠ A fault inside the bridge ended Claude while it worked on this.

interrupted-by-session = ⚠ This chat's session ended while Claude worked on this.

interrupted-by-shutdown = ⏹ The bridge stopped while Claude worked on this.

interrupted-by-lockdown = 🔒 The bridge was locked down while Claude worked on this.

interrupted-taken-before = ⚠ Claude already had this message before an interruption, so it did not run again.

# $times (count): how often it was begun
interrupted-too-often =
    { $times ->
        [one] ⚠ This was started once, and the bridge or the session broke.
       *[other] ⚠ This was started { $times } times, and each time the bridge or the session broke.
    }

# Follows one of the sentences above.
# $doing (text): the last tool that Claude used, such as "Bash: make"
offer-doing = Claude's last step, perhaps unfinished: { $doing }

# A step that waited for the person.
# $doing (text): what Claude wanted to do
doing-not-allowed-yet = { $doing } – not allowed yet, so it has not run

# $doing (text): what Claude wanted to do
doing-denied = { $doing } – denied, so it has not run

offer-partly = Part of it may be done.

offer-question = Nothing repeats unless you say so.

button-continue = ▶ Continue

button-run-again = ↻ Run again

# Nothing of the message has run.
button-try-again = ↻ Try again

button-discard = ✕ Discard

# Runs a message although the home of Claude is full.
button-start-anyway = ▶ Start anyway

# Runs the transcript of a voice message.
button-run = ▶ Run

# A voice message that could not be transcribed goes to Claude as a file.
button-send-as-file = 📎 Send as a file

# $count (count): how many messages wait
runs-again-restarted =
    { $count ->
        [one] ↻ The bridge restarted. Your waiting message runs now.
       *[other] ↻ The bridge restarted. Your { $count } waiting messages run now.
    }

# $count (count): how many messages wait
runs-again =
    { $count ->
        [one] ↻ Your waiting message was kept and runs now.
       *[other] ↻ Your { $count } waiting messages were kept and run now.
    }

# The lockdown is over.
# $count (count): how many messages wait
runs-again-unlocked =
    { $count ->
        [one] 🔓 The bridge is unlocked. Your waiting message runs now.
       *[other] 🔓 The bridge is unlocked. Your { $count } waiting messages run now.
    }

# Claude met a limit of the API, or the API failed; the buttons are below.
# $when (text): from when on the API can be asked again
halted-asks = Nothing is lost: the conversation is kept, and Claude can go on at { $when }.

# It is not known when the API can be asked again.
# $when (text): when it is tried again, if somebody wants that
halted-asks-again = Nothing is lost: the conversation is kept. When this is over is not known; Claude can try to go on at { $when }.

# A message about a limit, once Claude has gone on or nobody wants it any more.
waits-no-more = This no longer waits.

# $when (text): when it does
goes-on-then = ▶ Claude goes on at { $when } by itself.

# Claude met a limit of the API, which has ended.
goes-on-now = ▶ The time has come: Claude goes on with this.

goes-on-no-more = ⏹ What was to go on by itself does not go on any more.

toast-left = ✕ It does not go on.

button-go-on-then = ▶ Go on then

button-go-on-now = ▶ Go on now

button-leave-it = ✕ Leave it

# $time (text): a time of the day, such as 14:05
time-today = { $time } UTC

# $time (text): a time of the day, such as 14:05
time-tomorrow = { $time } UTC tomorrow

# $time (text): a time of the day, such as 14:05
# $days (count): how many days ahead, at least 2
time-in-days = { $time } UTC in { $days } days

offer-lapsed = ✕ Too much was interrupted here to keep this open. It does not run. Send it again if you still want it.

instruction-broken = ⚠ A fault inside the bridge stopped this. It was not done. Send it again if you still want it.

toast-offer-continued = ▶ Claude continues.

toast-offer-retried = ↻ It runs again.

# A message runs although the home of Claude is full.
toast-offer-started = ▶ Starting Claude in its full home.

# A message whose file could not be downloaded is tried again.
toast-offer-tried = ↻ Trying again.

toast-offer-discarded = ✕ Discarded.

# The transcript of a voice message runs.
toast-offer-runs = ▶ Running.

# A voice message goes to Claude as the file that it is.
toast-offer-as-file = 📎 Claude gets the file.

# What the message of an offer becomes.
# $decision (text): one of the three above
# $prompt (text): how the interrupted message begins
offer-decided = { $decision } The interrupted message: { $prompt }

# The same for a message that did not begin.
# $decision (text): one of the above
# $prompt (text): how the message begins
offer-decided-unbegun = { $decision } Your message: { $prompt }

toast-over = This is no longer open.

toast-not-yours = Only the person who wrote the message or an administrator can decide this.

## Approvals

# $what (text): the tool, and how it is used
request-command = 🔐 Claude wants to run a command: { $what }

# $what (text): the tool, and the path of the file
request-write = 🔐 Claude wants to write a file: { $what }

# $what (text): the tool, and the path of the file
request-edit = 🔐 Claude wants to change a file: { $what }

# $what (text): the tool
request-read = 🔐 Claude wants to read a file: { $what }

# $what (text): the tool
request-search = 🔐 Claude wants to search the web: { $what }

# The paths of the files follow.
request-send = 🔐 Claude wants to send you files from outside its folder:

# $what (text): the tool, and what it is used on
request-tool = 🔐 Claude wants to use a tool: { $what }

request-by-subagent = A subagent asks.

# $purpose (text): what Claude says it is for
request-purpose = Why: { $purpose }

# $reason (text): why a question is asked
request-reason = Needs your OK because: { $reason }

# $rules (text): what would run unasked from then on
request-rules = “Allow for this session” covers: { $rules }

# $words (text): words whose letters belong to more than one script
request-mixed-scripts = ⚠ Look closely, some words mix letters of several scripts: { $words }

# $words (text): the first of them
# $more (count): how many there are besides
request-mixed-scripts-more = ⚠ Look closely, some words mix letters of several scripts: { $words } and { $more } more

# What stands before the @ of an address is the name of a user and may look like a host.
# $hosts (text): where the addresses lead
request-hosts = ⚠ Look closely, an address with an @ in it leads to: { $hosts }

# $hosts (text): where some of the addresses lead
# $more (count): how many more there are
request-hosts-more =
    { $more ->
        [one] ⚠ Look closely, addresses with an @ in them lead to: { $hosts } and 1 more
       *[other] ⚠ Look closely, addresses with an @ in them lead to: { $hosts } and { $more } more
    }

# $time (text): how long an answer is waited for
request-limit = Reply to deny with a reason. Denied automatically in { $time }.

# $length (count): how many characters it has
# $digest (text): its SHA-256
request-is-long = { $length } characters; the file above has all of them. SHA-256 of the first line after its colon, a line feed and the file: { $digest }

# The caption of the file.
# $what (text): the tool and what it is used on
request-file = All of what Claude wants to do: { $what }

# $left (count): how many characters are left out between the head and the tail
request-left-out =
    { $left ->
        [one] … 1 character is left out here …
       *[other] … { $left } characters are left out here …
    }

button-allow = ✅ Allow

button-allow-for-session = Allow for this session

button-deny = ✕ Deny

request-allowed = ✅ Allowed

request-allowed-for-session = ✅ Allowed for this session

request-denied = ✕ Denied

# $what (text): one of the three above, or of those of plans and questions
# $name (text): who decided
# $time (text): when, as hours and minutes
request-decided-by = { $what } by { $name }, { $time } UTC

# $what (text): what was decided
# $time (text): when, as hours and minutes
request-decided-by-message = { $what } by message, { $time } UTC

# $time (text): how long an answer was waited for
request-expired = ⌛ Nobody answered within { $time }, so denied

request-withdrawn = ✕ Claude no longer asks; nothing was allowed

request-of-earlier-run = ⌛ Expired: Claude was interrupted before anybody decided. Nothing was allowed or sent. Claude asks again if it still needs this.

toast-approved = ✅ Approved.

toast-allowed = ✅ Allowed.

toast-allowed-for-session = ✅ Allowed for this session.

toast-edits-accepted = ✅ Approved. Edits run without asking from now on.

toast-denied = ✕ Denied.

toast-asker-answers = Only the person Claude is working for here, or an administrator, can answer this.

# What request-run and request-file show: the tool, then how it is used. These follow the name of
# the tool, such as “Bash”.
request-in-background = in the background

# $time (text): how long it may run, exactly
request-within = for at most { $time }

# $time (text): how long it may run, exactly
request-in-background-within = in the background, for at most { $time }

# It follows the name of the tool that edits: it changes a text wherever it stands.
# $path (text): the file
request-every-match = every match in { $path }

# In place of a tool's name that is too long. It has to be two words or more, for then no name of a
# tool looks like it.
request-nameless-tool = A tool

# A rule that lets a tool run unasked.
# $tool (text): its name
request-rule-anything = { $tool } (any use of it)

## Questions and plans

# $time (text): how long an answer is waited for
plan-asked = 📋 Claude wants to carry out this plan. Approve it, or write what to change. Rejected automatically in { $time }.

plan-above = The plan above

plan-approved = ✅ Approved

plan-approved-with-edits = ✅ Approved with all edits

plan-rejected = ✎ Sent back for more planning

# $time (text): how long an answer was waited for
plan-expired = ⌛ Nobody answered within { $time }, so rejected

button-approve = ✅ Approve

button-approve-with-edits = ✅ Approve, and allow all edits

button-keep-planning = ✎ Keep planning

# $question (text): the question with its choices
# $time (text): how long an answer is waited for
question-asked =
    ❓ { $question }

    Choose, or type your own answer. Skipped automatically in { $time }.

# $place (text): the number of this question
# $all (text): how many there are
# $question (text): the question with its choices
# $time (text): how long an answer is waited for
question-asked-of-several =
    ❓ ({ $place } of { $all }) { $question }

    Choose, or type your own answer. Skipped automatically in { $time }.

question-file = The whole question with its choices, by number

question-is-cut = ✂ Cut here. The file above has all of it.

question-takes-several = You can choose several.

question-answered = ✓ Answered

question-not-answered = ✕ Skipped

# $time (text): how long an answer was waited for
question-expired = ⌛ Nobody answered within { $time }, so skipped

button-do-not-answer = ✕ Skip

button-done = ✓ Done

## What MCP servers ask

# $server (text): the name of the server, and what follows is its own words
# $message (text): what it says
form-asked = 🧩 The MCP server “{ $server }” asks: { $message }

# $place (text): the number of this field
# $all (text): how many there are
# $title (text): what the field is called
form-field-of = ({ $place } of { $all }) { $title }

# $wanted (text): one of those that begin with “wanted”
form-wanted = Give { $wanted }.

# $wanted (text): one of those that begin with “wanted”
form-wrong = ⚠ That does not fit. Give { $wanted }.

wanted-text = any text

wanted-email = an email address such as name@example.org

wanted-uri = a web address such as https://example.org

wanted-date = a date such as 2026-11-30

wanted-date-time = a date and time with its offset such as 2026-11-30T14:05:00Z

wanted-number = a number

wanted-whole-number = a whole number

wanted-truth = yes or no

wanted-choice = one of the choices

# $least (text): how many at least
# $most (text): how many at most
wanted-choices = { $least } to { $most } of the choices, then Done

# $what (text): one of the above
# $pattern (text): a regular expression
wanted-pattern = { $what } that matches { $pattern }

# $what (text): one of the above
# $least (text): how many characters
wanted-longer = { $what } (at least { $least } characters)

# $what (text): one of the above
# $most (text): how many characters
wanted-shorter = { $what } (at most { $most } characters)

# $what (text): one of the above
# $least (text): how many characters at least
# $most (text): how many characters at most
wanted-length = { $what } ({ $least } to { $most } characters)

# $what (text): one of the above
# $least (text): the smallest
wanted-from = { $what } from { $least }

# $what (text): one of the above
# $most (text): the largest
wanted-up-to = { $what } up to { $most }

# $what (text): one of the above
# $least (text): the smallest
# $most (text): the largest
wanted-within = { $what } from { $least } to { $most }

# It wants a yes and no value.
form-confirm = Send your consent?

# $values (text): what was filled in, one field a line
form-check =
    This is what it gets:
    { $values }

form-unreadable = The bridge cannot show what this server wants, so it can only be declined.

# $host (text): where the address leads
form-page = It wants you to open a page of { $host }, and to tell it when you are done there:

form-page-nowhere = It wants you to open this address, and the bridge cannot tell where that leads:

# $time (text): how long an answer is waited for
form-limit = Your answer goes to this server. Never give it a password, a key or a card number. Cancelled automatically in { $time }.

# The caption of the file.
# $server (text): the name of the server
form-file = All of what the MCP server “{ $server }” asks

# $title (text): what the field is called
# $value (text): what was filled in
form-value = { $title }: { $value }

# $server (text): the name of the MCP server
# $limit (count): how often servers may ask
form-too-many = 🧩 MCP servers have asked { $limit } times in this turn. What “{ $server }” or another one asks in it from here on is cancelled. /mcp turns a server off.

form-left-out = (left out)

form-yes = Yes

form-no = No

# The label of a button.
# $label (text): the choice
form-proposed = { $label } (proposed)

# $value (text): what the server proposes
button-default = Take: { $value }

button-leave-out = Leave out

button-decline = ✕ Decline

button-send = ✅ Send

button-start-over = ↺ Start over

button-open = 🔗 Open the page

form-sent = ✅ Sent

form-visited = ✅ Said to be done

form-declined = ✕ Declined

form-not-taken = ⚠ Not taken

form-started-over = ↺ Started over

# $time (text): how long an answer was waited for
form-expired = ⌛ Nobody answered within { $time }, so cancelled

form-withdrawn = ✕ No longer asked; nothing was sent

# The answer to a reply to what a server asked earlier.
form-over = This is no longer asked. What you wrote was not sent, and Claude did not get it.

toast-sent = ✅ Sent.

toast-declined = ✕ Declined.

## Settings of a chat

choose-model = Which model should this chat use?

choose-effort = How hard should Claude think in this chat?

choose-mode = What may Claude do here without asking?

# $name (text): the model
chosen-model = Model: { $name }, from the next message on.

# $name (text): the effort
chosen-effort = Effort: { $name }, from the next message on.

# $name (text): the mode
chosen-mode = Mode: { $name }.

mode-default = ask before anything risky

mode-accept-edits = edit files without asking

mode-plan = only plan

mode-dont-ask = never ask; deny what no rule allows

mode-auto = decide itself what is safe to run

mode-bypass = run everything without asking

# $name (text): the value that was chosen
# $why (text): what Claude said, in English
setting-refused = ⚠ Claude did not take { $name }, so it stays as it was: { $why }

# $asked (text): the model that was chosen
# $model (text): the model that works
setting-other-model = ⚠ You chose { $asked }, but Claude uses { $model }.

# $name (text): the mode that holds
setting-other-mode = ⚠ Claude took another mode: { $name }.

# $name (text): the mode that holds
mode-by-itself = Claude has changed its mode: { $name }.

# $model (text): the model that answers
# $usual (text): the model that should
model-fell-back = { $model } answers in place of { $usual }, which is not available.

# $files (text): one line for each
settings-passed-over =
    ⚠ Claude Code passes over these settings files, whole: nothing that they allow or forbid holds.
    { $files }

conversation-shorter = ⚠ This conversation is shorter than it was: Claude no longer has your last message here, and perhaps more is missing. Say again what it has to know, or start anew with /new.

# $error (text): the system's word for what is wrong
writes-lost = ⚠ Claude cannot write this conversation to disk ({ $error }). It may forget what is said from here on. Is the disk of the bridge's computer full?

# $folder (text): the folder of the chat
trusted = Trusted. From the next message on, the hooks, subagents, settings and MCP servers in { $folder } run without asking, also after every change to them. /trust off takes that back.

# $folder (text): the folder of the chat
not-trusted = Not trusted. From the next message on, nothing in { $folder } runs by itself.

trust-is-for-admins = Only an administrator can trust a folder.

choices-none = This model has nothing to choose here.

choices-unknown = I do not know the choices yet: Claude names them when it starts here. Send it a message first.

## In place of commands of Claude's terminal

# $id (text): what identifies the conversation to Claude
# $folder (text): the folder of the chat
instead-of-resume = This chat continues its conversation by itself; /sessions shows earlier ones, and /new starts another one. To continue it in a terminal, send /new here first, then run `claude --resume { $id }` in { $folder }.

instead-of-resume-without-conversation = This chat has no conversation yet. Your next message starts one, and the chat continues it by itself.

instead-of-memory = What Claude always keeps in mind stands in the file CLAUDE.md of this chat's folder. Ask Claude to show it or to change it.

instead-of-logout = /logout does not work from here. On the bridge's computer, run `claude` as the bridge's user and enter /logout there.


instead-of-exit = Nothing has to be closed here: Claude goes to sleep by itself. /stop stops what runs, /new starts a new conversation.

instead-of-plan = Here this is /mode plan. /mode default ends it.

# $name (text): the command, such as vim
instead-of-terminal = /{ $name } works only in a terminal. /help shows what you can do here.

## Background tasks

# $tasks (text): one line for each
tasks =
    Running in the background:
    { $tasks }

tasks-ended = The background work has ended.

# $tasks (text): one line for each
tasks-ended-with-claude =
    ⚠ Claude's process has ended, and this ended with it:
    { $tasks }

# Behind the line that says why Claude ended.
# $why (text): that line
# $tasks (text): one line for each
tasks-ended-beside =
    { $why }
    This ended with it:
    { $tasks }

# $timers (text): one line for each
timers =
    Claude goes on by itself:
    { $timers }

# Something that Claude does at a time.
# $what (text): what
# $rhythm (text): how often, in Claude's words
timer = ⏰ { $what } ({ $rhythm })

# $what (text): what
# $time (text): when, such as 14:05
timer-once = ⏰ { $what } ({ $time } UTC)

# $timer (text): it
# $time (text): a duration
timer-next = { $timer }, next in { $time }

# $timers (text): one line for each
timers-missed =
    ⚠ Claude could not be started for its timers, so they did not come:
    { $timers }

tasks-newer-list = See the newer list below.

tasks-none = Nothing is running in the background.

toast-task-stopping = ⏹ Stopping it.

toast-task-over = It has already ended.

button-task-output = Output

# $task (text): which, as in the next two
task-output-head = What { $task } has printed:

# $bytes (text): how much it has printed in all
# $task (text): which
task-output-cut = The end of the { $bytes } bytes that { $task } has printed:

# $what (text): what it is
task-output-of = “{ $what }”

# It has ended since.
task-output-of-ended = the task

task-output-none = It has printed nothing so far.

# Claude runs, and knows nothing of the task.
task-output-forgotten = Claude Code has no output of this task: it belongs to an earlier run of Claude, or is of a kind that prints nothing.

# Claude does not run.
task-output-gone = This task ended with the Claude that ran it, and its output is gone with it.

## Status

# $state (text): one of the states below
status-state = State: { $state }

# $count (count): how many messages wait
status-waiting = Waiting messages: { $count }

# $id (text): what identifies the conversation to Claude
status-conversation = Conversation: { $id }

status-no-conversation = Conversation: none yet. Your next message starts one.

# $folder (text): where Claude works
status-folder = Folder: { $folder }

# $folder (text): where Claude works, such as a worktree that it made
status-elsewhere = Claude works in { $folder } now.

# The level "strict" of claude.isolation
status-room-strict = 🔒 Own room (strict): Claude sees this chat's files and nothing of other people's.

# The level "landlock" of claude.isolation
status-room-landlock = 🔒 Own room (landlock): Claude cannot open other people's files.

# $used (text): a size, such as 4 GB
# $limit (text): a size, such as 5 GB
status-home = Claude's home: { $used } of { $limit }

status-room-refused = 🔒 No room: this machine cannot keep people's files apart.

# Said to administrators.
# $chat (text): the number of the chat
# $used (text): a size, such as 5 GB
# $limit (text): a size, such as 5 GB
home-full-of = ⚠ Claude's home in chat { $chat } is full: { $used } of { $limit }. Claude starts there only when its person says so. On the host, `bridge rooms list` shows what each chat has; limits.home_per_chat in bridge.toml gives more room.

# $what (text): what does not hold or is missing, and what to write, in English
rooms-told = ⚠ About the rooms of the people who use this bridge: { $what }.

# $version (text): the version of Claude Code
status-version = Claude Code: { $version }

# $version (text): the version of Claude Code
# $minimum (text): the oldest version with which all promises hold
status-version-too-old = Claude Code: { $version }, older than { $minimum }: after a crash a message may run twice or be lost, and work may go on after ⏹. Run `claude update` on the bridge's computer.

# $up (count): how many 👍 people have given the bot's messages in this chat
# $down (count): how many 👎
status-reactions = Reactions: 👍 { $up }, 👎 { $down }

# $time (text): how long the turn runs
state-working = working for { $time }

# $what (text): the command, or the tool and what it is used on
# $time (text): how long ago it was asked
state-asks-to-run = waiting for you to allow or deny: { $what } (asked { $time } ago)

# $time (text): how long ago it was asked
state-asks-about-plan = waiting for you to approve a plan (asked { $time } ago)

# $time (text): how long ago it was asked
state-asks-question = waiting for your answer to a question (asked { $time } ago)

# $server (text): the MCP server that asks
# $time (text): how long ago
state-asks-form = waiting for your answer to the MCP server “{ $server }” (asked { $time } ago)

state-background = working in the background

state-timer = waiting for a timer that Claude has set itself

state-starting = starting Claude

state-ready = ready

state-asleep = idle, no agent running

state-fetching = downloading a file from Telegram

state-transcribing = transcribing a voice message

state-waiting = waiting for a free agent

state-leaving = ending the agent

# $milliseconds (text): any number that makes no whole seconds
duration-milliseconds = { $milliseconds } ms

# $seconds (text): any number
duration-seconds = { $seconds } s

# $minutes (text): any number
duration-minutes = { $minutes } min

# $minutes (text): from 1 to 59
# $seconds (text): from 1 to 59
duration-minutes-seconds = { $minutes } min { $seconds } s

# $hours (text): from 1 on
duration-hours = { $hours } h

# $hours (text): from 1 on
# $minutes (text): from 1 to 59
duration-hours-minutes = { $hours } h { $minutes } min

## Long answers

# $length (count): how many characters it has
answer-file = The whole answer, { $length } characters.

# $length (count): how many characters it has
answer-file-and-head = The whole answer, { $length } characters. Above is its beginning.

# $length (count): how many characters Claude said on its way to the answer; their beginning follows
way-goes-on = Claude wrote { $length } characters on the way. Here is the beginning; on-the-way.md below has all of it.

# The caption of a file with what is wider than a phone, which the message shows as lines.
table-file = The table in full width.

# $length (count): how many characters it has
way-file = What Claude wrote on the way, { $length } characters.

# $text (text): the beginning of something long
# $left (count): how many characters it goes on for
text-goes-on = { $text }… ({ $left } more characters)

## Session that rests

# The bridge failed several times in a chat and leaves it alone for a while.
# $minutes (count): for how long
rest-begins = ⚠ This chat's session failed several times in a row. The bridge pauses this chat for { $minutes } min; nothing runs here until then. If something was unfinished, you decide about it below. Other chats are not affected.

# The answer to whatever comes meanwhile.
# $minutes (count): how much longer
rest-turned-away = ⚠ This chat is paused for { $minutes } min more, after several faults in a row. Nothing was done with this. Send it again after that.

# The answer to a press meanwhile.
# $minutes (count): how much longer
toast-rests = This chat is paused after several faults. Press again in { $minutes } min.

## Files that people send

# A file or an album came without words.
# $count (count): how many files
files-without-words =
    { $count ->
        [one] What should I do with this file? Write it as your next message, or send /stop to drop the file.
       *[other] What should I do with these { $count } files? Write it as your next message, or send /stop to drop them.
    }

# $limit (text): a size, such as 20 MB
file-too-large = This file is too large: I take files up to { $limit }. Your message did not run. Send a smaller file.

file-too-large-for-telegram = This file is too large: Telegram lets bots download files up to 20 MB. Your message did not run. Send a smaller file, or use a Bot API server of your own.

# $limit (text): a size, such as 1 GB
file-inbox-full = The files in this chat already take up { $limit }, so I did not download this one. Your message did not run. Clear some with /files, then try again.

# $used (text): a size, such as 4 GB
# $limit (text): a size, such as 5 GB
home-nearly-full = ⚠ Claude's home in this chat is nearly full: { $used } of { $limit }. It holds conversations, caches and what Claude installs for itself, and nothing of your project. Ask Claude to tidy it up: once it is full, Claude starts only if you say so.

# $used (text): a size, such as 5 GB
# $limit (text): a size, such as 5 GB
home-full = ⚠ Claude's home in this chat is full: { $used } of { $limit }. It holds conversations, caches and what Claude installs for itself, and nothing of your project. Before your next message runs, I ask you whether Claude is to start anyway.

# $used (text): a size, such as 5 GB
# $limit (text): a size, such as 5 GB
home-full-not-run = ⚠ Claude's home in this chat is full: { $used } of { $limit }. Your message did not run. Let Claude start anyway, and ask it to tidy up its home: caches, old conversations, what it installed. Or ask whoever runs the bridge for more room (limits.home_per_chat in bridge.toml).

file-gone = Telegram did not give me this file. Your message did not run.

file-unreachable = I could not download the file from Telegram. Your message did not run.

# $reason (text): what the system said
file-unwritten = I could not save the file: { $reason }. Your message did not run.

# The file of the message that is answered could not be had; the answer runs without it.
# $limit (text): a size, such as 20 MB
answered-file-too-large = The file you replied to is larger than { $limit }, so Claude works without it.

answered-file-too-large-for-telegram = The file you replied to is larger than 20 MB, more than Telegram lets bots download, so Claude works without it.

# $limit (text): a size, such as 1 GB
answered-file-inbox-full = The files in this chat already take up { $limit }, so Claude works without the file you replied to. Clear some with /files.

answered-file-gone = Telegram did not give me the file you replied to, so Claude works without it.

answered-file-unreachable = I could not download the file you replied to, so Claude works without it.

# $reason (text): what the system said
answered-file-unwritten = I could not save the file you replied to: { $reason }. Claude works without it.

# The answer to /files where nothing lies.
inbox-empty = There are no files in this chat. What you send me shows up here.

# Above the list of files; each stands in lines of its own below.
# $count (count): how many there are
# $taken (text): their size together, such as 412 MB
# $limit (text): how much they may take
inbox-head =
    { $count ->
        [one] 1 file in this chat: { $taken } of { $limit }. Press its number to get it again.
       *[other] { $count } files in this chat: { $taken } of { $limit }. Press a number to get that file again.
    }

# $page (text): which page this is
# $pages (text): how many there are
inbox-page = Page { $page } of { $pages }

# $number (text): its number
# $name (text): its name
# $kind (text): such as kind-picture
# $size (text): such as 2.3 MB
# $age (text): such as age-hours
inbox-file =
    { $number }. { $name }
       { $kind }, { $size }, { $age }

kind-picture = picture

kind-video = video

kind-audio = audio

kind-document = document

kind-table = table

kind-archive = archive

kind-file = file

age-now = just now

# $minutes (text): how many
age-minutes = { $minutes } min ago

# $hours (text): how many
age-hours = { $hours } h ago

# $days (text): how many
age-days = { $days } d ago

button-newer = ‹ Newer

button-older = Older ›

# It asks first.
button-ask-to-clear = Clear …

# $count (count): how many
button-clear-files =
    { $count ->
        [one] Clear 1 file
       *[other] Clear { $count } files
    }

button-keep-files = Keep them

# $count (count): how many
# $size (text): their size together
clear-question =
    { $count ->
        [one] Clear 1 file ({ $size })? Claude can no longer read it then. What stands in this chat stays.
       *[other] Clear { $count } files ({ $size })? Claude can no longer read them then. What stands in this chat stays.
    }

clear-nothing = There is nothing to clear now.

# $count (count): how many
# $size (text): their size together
inbox-needed =
    { $count ->
        [one] 1 file ({ $size }) stays: a message that runs or waits needs it.
       *[other] { $count } files ({ $size }) stay: messages that run or wait need them.
    }

# $count (count): how many
# $size (text): their size together
cleared =
    { $count ->
        [one] ✓ Cleared 1 file ({ $size }).
       *[other] ✓ Cleared { $count } files ({ $size }).
    }

# They were gone already, say because the bridge was ended while it cleared them.
cleared-before = ✓ These files are gone.

# $count (count): how many
cleared-but =
    { $count ->
        [one] 1 file stays: a message that runs or waits needs it.
       *[other] { $count } files stay: messages that run or wait need them.
    }

again-gone = This file is no longer here. /files shows what is.

again-empty = This file is empty, and Telegram takes no empty files.

again-too-big = This file is larger than 50 MB, the most that Telegram takes from a bot.

# $reason (text): what the system said
inbox-unreadable = I could not get at this chat's files: { $reason }. Try again with /files.

# $time (text): a time
inbox-slow = The disk with this chat's files gave no answer within { $time }. Try again with /files.

inbox-busy = I am still busy with this chat's files. Try again in a moment.

# A press below a list of files; what it came to follows as a message.
toast-one-moment = One moment.

toast-clear-is-for-admins = In a group only an administrator can clear files.

## Conversations on disk

# The answer to /sessions where there is none.
archive-empty = There are no conversations in this folder yet. What you write begins one.

# $words (text): what was looked for
archive-none-found = No conversation in this folder has “{ $words }” in its title. /sessions shows all.

# Above the list of conversations; each stands in lines of its own below.
# $count (count): how many there are
archive-head =
    { $count ->
        [one] 1 conversation in this folder. Press its number to open it.
       *[other] { $count } conversations in this folder. Press a number to open one.
    }

# $count (count): how many were found
# $words (text): what was looked for
archive-found =
    { $count ->
        [one] 1 conversation with “{ $words }” in its title. Press its number to open it.
       *[other] { $count } conversations with “{ $words }” in their titles. Press a number to open one.
    }

# $count (count): how many
archive-unread =
    { $count ->
        [one] 1 more is still being read. Send /sessions again in a moment.
       *[other] { $count } more are still being read. Send /sessions again in a moment.
    }

# $number (text): its number
# $title (text): its title
# $facts (text): archive-facts
archive-line =
    { $number }. { $title }
       { $facts }

# $title (text): its title
# $facts (text): archive-facts
# $folder (text): the folder that it works in
# $id (text): what identifies it to Claude
archive-one =
    { $title }
    { $facts }
    { $folder }
    { $id }

# $signs (text): archive-of-bridge or the like
# $turns (text): archive-turns
# $age (text): such as age-hours
archive-facts = { $signs } { $turns }, { $age }

# A conversation that was begun by the bridge.
archive-of-bridge = 📱

# One that was begun in a terminal.
archive-of-terminal = 💻

# The one that the chat continues.
# $signs (text): archive-of-bridge or archive-of-terminal
archive-current = ● { $signs }

# $count (count): how many prompts it has
archive-turns =
    { $count ->
        [one] 1 prompt
       *[other] { $count } prompts
    }

# Only a part of a very long one was read.
# $count (count): how many prompts it has at least
archive-more-turns =
    { $count ->
        [one] 1 prompt or more
       *[other] { $count } prompts or more
    }

# A conversation without a title and a prompt.
archive-untitled = (no title)

button-resume-conversation = ▶ Resume

button-export = Export

button-export-json = Export as JSON

# It asks first.
button-ask-to-delete = Delete …

button-delete-conversation = Delete it

button-keep-conversation = Keep it

# $title (text): its title
delete-conversation-question = Delete “{ $title }”? Claude cannot go on with it then. What stands in this chat stays.

archive-deleted = ✓ The conversation is deleted.

# $title (text): its title
conversation-resumed = ✓ This chat goes on with “{ $title }”. Your next message is said in it.

archive-missing = This conversation is not here. /sessions shows which are.

archive-no-current = This chat has no conversation yet. /sessions shows earlier ones.

archive-too-long = This conversation is too long for a file of 50 MB, the most that Telegram takes from a bot.

held-by-session = Another chat or topic has this conversation. Send /new there, then try again here.

# $terminal (text): such as /dev/pts/3
# $pid (text): the number of the process
held-by-terminal = This conversation is open in a terminal: { $terminal }, process { $pid }. End Claude there with /exit, then try again here.

# $pid (text): the number of the process
held-by-process = Another program has this conversation open: process { $pid }. End it, then try again here.

# $reason (text): what the system said
archive-unreadable = I could not get at the conversations: { $reason }. Try again with /sessions.

# $time (text): a time
archive-slow = The disk with the conversations gave no answer within { $time }. Try again with /sessions.

archive-busy = I am still busy with the conversations. Try again in a moment.

toast-is-current = This chat continues this conversation. Send /new first.

toast-delete-is-for-admins = In a group only an administrator can delete a conversation.

toast-resume-later = Not while Claude works or a message waits. Try again afterwards, or send /stop first.

# Headings of an exported conversation.
export-user = You

export-claude = Claude

# $tool (text): the name of the tool
export-tool = Tool: { $tool }

export-compacted = The conversation was summarized here.

# $id (text): what identifies the conversation to Claude
# $folder (text): the folder that it works in
export-about = Conversation { $id } in { $folder }

# Only a part of a very long conversation is in the file.
export-cut = What comes after this is not in the file: the conversation is too long.

## Voice messages

# Stands above the transcript of a voice message, which runs.
voice-heard = 🎙 I heard:

# Stands above a transcript that waits for a decision.
voice-is-this-right = 🎙 Is this what you said? To correct it, reply to this message.

# The same for the transcript of an audio file.
voice-what-to-do = 🎙 This is what I heard in the recording. Run it as your message? To say what to do with it, reply to this message.

# Stands above a transcript that a reply replaced.
voice-corrected = ✓ Your reply runs instead. I had heard:

# Stands above a transcript that runs.
voice-runs = ▶ Running what I heard:

# Stands above a transcript that does not run.
voice-discarded = ✕ Discarded. I had heard:

# Told at most once a day, to whoever configures the bridge.
voice-is-off = Claude gets this recording as a file and cannot listen to it. To have voice messages transcribed on your machine, set voice.transcribe in bridge.toml; docs/voice.md shows how.

# The same on a bridge that many people share.
voice-is-off-here = Claude gets this recording as a file and cannot listen to it. Ask an administrator of this bridge to have voice messages transcribed: voice.transcribe in bridge.toml.

# $limit (text): a duration, such as 30 min
voice-too-long = This recording is too long: I transcribe up to { $limit }. Your message did not run.

# $program (text): as it is written in the configuration
voice-not-found = The program that transcribes was not found: { $program }. Whoever runs the bridge sets it as voice.transcribe in bridge.toml. Your message did not run.

# $reason (text): what the system said
voice-not-started = I could not start the program that transcribes: { $reason }. Your message did not run.

# $code (text): its exit code
voice-failed = I could not transcribe this: the program failed with exit code { $code }. Your message did not run.

# $code (text): its exit code
# $said (text): the last line that it wrote
voice-failed-saying = I could not transcribe this: the program failed with exit code { $code } and said “{ $said }”. Your message did not run.

# $limit (text): a duration, such as 5 min
voice-timed-out = I could not transcribe this within { $limit }. Your message did not run.

voice-too-much = I could not transcribe this: the program wrote far more than anybody says. Your message did not run.

voice-no-text = I could not transcribe this: the program wrote something that is not text. Your message did not run.

voice-silence = I heard no words in this. Your message did not run.

## Sessions that failed

# The beginning of what is said of a message that was open. What may have become of it follows,
# then offer-question.
rest-was-open = ⚠ This was unfinished when the chat's session failed.

# $doing (text): the last tool that Claude used, such as "Bash: make"
rest-doing = Claude's last step, perhaps unfinished: { $doing }

rest-had-not-begun = It had not started, as far as the bridge knows.

# $count (count): how many commands and presses were open
rest-dropped =
    { $count ->
        [one] 1 command or button press was not carried out. Send it again if you still want it.
       *[other] { $count } commands or button presses were not carried out. Send them again if you still want them.
    }

## Delivery

# The bridge cannot tell whether a message reached the session of its chat.
not-known-whether-taken = ⚠ A fault inside the bridge: I do not know whether this was taken. Check /status, and send it again if it was not.

not-written-down = ⚠ Not taken: the bridge could not save this; its disk may be full. Nothing ran. Send it again later.

# Said after a restart, in the chat: whoever wrote the messages may not come in any more, or has
# another role.
# $dropped (count): how many messages were dropped
not-resumed =
    { $dropped ->
        [one] ⏹ The bridge restarted. 1 message or button press was dropped and does not run: the rights of its author have changed.
       *[other] ⏹ The bridge restarted. { $dropped } messages or button presses were dropped and do not run: the rights of their authors have changed.
    }

# Said once a minute at most.
too-many-messages = Not taken: too many messages at once. Send this one, and any after it without 👀, again in a moment.

toast-too-many-messages = Not taken: too many messages at once. Press it again in a moment.

# What is stored of a chat cannot be read.
store-failed = ⚠ The bridge cannot read its data, so nothing was done here. Its log says why.

toast-store-failed = The bridge cannot read its data, so nothing was done. Its log says why.

# ↻ is put before a message that may be there already.
post-unconfirmed = ⚠ Telegram did not confirm one of my messages. I keep trying, less and less often. If it arrives twice, the second one begins with ↻.

# $why (text): the reason, as Telegram says it
post-refused = ⚠ One of my messages could not be shown here: { $why }

# $name (text): the name of the file
# $why (text): the reason, as Telegram says it
file-refused = ⚠ The file { $name } could not be sent: { $why }

# Why a message or file was refused, where it is not Telegram that says so; all rejection-… are put
# into post-refused and file-refused.
rejection-file-too-big = the file is too big

# $why (text): the reason, as the operating system says it
rejection-no-copy = the copy of it cannot be read: { $why }

# A fault inside the bridge.
# $part (text): the number of the part, from 0
# $parts (text): how many there are
rejection-no-part = a fault inside the bridge: there is no part { $part } of { $parts }

rejection-no-character = Telegram takes not even one character of it

# A fault inside the bridge.
rejection-chat-moved-to-itself = a fault inside the bridge: the chat moved to itself

# A fault inside the bridge.
# $bytes (text): how long what the button carries is
# $most (text): how long it may be
rejection-button-data = a fault inside the bridge: a button carries { $bytes } bytes, and Telegram takes 1 to { $most }

# A fault inside the bridge.
rejection-no-label = a fault inside the bridge: a button has no label

## Welcome, help, commands

# The answer to /start; the list of commands follows.
welcome = Hi! I'm Claude Code on the bridge's computer. Write what you want done. When I need a permission, I ask here. /help has the rest.

# The answer to /start with the right code; the welcome follows.
welcome-owner = This bot is yours now. I answer to nobody else.

# The beginning of the answer to /help; the list of commands follows.
help-first = Write what you want done. When Claude needs a permission, it asks here.

# The end of the answer to /help.
help-last = Any other command with / goes to Claude.

# The list of commands: one line each, as everybody sees it.
help-commands =
    While it works
    /stop – stop it; send it again to force it
    /status – what is going on
    /tasks – what runs in the background
    /files – the files that were sent here
    /diff – what has changed in the folder
    /rewind – go back to before one of your messages
    /btw QUESTION – a quick question beside the work
    !TEXT – stop it and do this instead

    This chat
    /new – new conversation
    /sessions – earlier conversations: go on with one, send it, delete it
    /export – this conversation as a file
    /model, /effort, /mode – which model, how hard it thinks, what it may do without asking
    /context – how full the conversation is
    /usage – how much of the limits is used
    /permissions – what runs without asking
    /mcp – MCP servers and how they do
    /login – log Claude in
    /verbose – how much of the work you see
    /draft – live typing instead of a progress message
    /rich – real tables and headings in answers

    You
    /whoami – your number and role
    /delete_my_data – delete what you have here
    /help – this list

# The line above the commands of administrators.
help-for-administrators = For administrators

# One more line of the list, for the owner and administrators.
help-trust = /trust – let this folder's own hooks and MCP servers run; /trust off takes that back

# One more line of the list, for the owner and administrators.
help-lockdown = /lockdown – end every agent and accept nothing until /unlock

# More lines of the list, for administrators. NUMBER and NAME stand for what is written there.
help-admin-commands =
    /users – who uses this bridge
    /add_user NUMBER NAME – let somebody in
    /remove_user NUMBER – keep somebody out; what they left is kept or deleted
    /deactivate, /activate NUMBER – keep somebody out for now, or let them in again
    /promote, /demote NUMBER – make somebody an administrator, or a user again
    /allow_group – let me work in the group where you send it
    Instead of the number you can reply to a message, forward one, or send a contact.

# The answer to a message of a kind that cannot be worked on.
# $kind (text): what it is, one of media-…
media-unreadable = I cannot read { $kind } yet. If it matters, write it as text.

# The answer to a message whose content Telegram keeps from bots.
# $kind (text): what it is, one of media-…
media-hidden = Telegram does not show { $kind } to bots. Send me a screenshot, or write it as text.

# What a message is, put into media-unreadable and media-hidden.
media-animation = an animation

media-audio = an audio file

media-live-photo = a live photo

media-paid = paid media

media-photo = a photo

media-sticker = a sticker

media-story = a story

media-video = a video

media-video-note = a video message

media-voice = a voice message

media-document = a file

media-checklist = a checklist

media-contact = a contact

media-dice = a die

media-game = a game

media-giveaway = a giveaway

media-invoice = an invoice

media-poll = a poll

media-venue = a venue

media-location = a location

media-rich-message = a rich message

media-unknown = messages of this kind

## Who may come in

# $user (text): the number of whoever wrote
refusal-stranger = This bot is private. To get in, give the person who runs it your number: { $user }

refusal-kept-out = You cannot use this bot. If that is a mistake, ask the person who runs it.

# $user (text): the number of whoever wrote
refusal-crowded-out = Too many people are waiting to be let in, so I cannot ask for you now. Try again later, or give an administrator your number: { $user }

# $per-minute (count): how many messages a person may send in a minute
refusal-too-fast =
    { $per-minute ->
        [one] Not taken: you can send 1 message a minute. Wait a little, then send this one again.
       *[other] Not taken: you can send { $per-minute } messages a minute. Wait a little, then send this one and those after it again.
    }

# $per-minute (count): how many commands a person may send in a minute
refusal-too-many-commands =
    { $per-minute ->
        [one] Not taken: you can send 1 command a minute. Wait a little, then send it again. /stop always works.
       *[other] Not taken: you can send { $per-minute } commands a minute. Wait a little, then send it again. /stop always works.
    }

# Shown at most every other second, whatever is pressed; ⏹ and Deny always work.
toast-too-many-presses = Too many presses at once: this one did nothing. Wait a moment, then press again.

# CODE stands for what is written there.
# $user (text): the number of whoever wrote
refusal-unclaimed = Nobody has claimed this bot yet. Is it yours? Send /start and the code that the bridge showed when it started, like this: /start CODE. Your number is { $user }.

refusal-wrong-code = Wrong code. Compare it with the one that the bridge showed when it started.

refusal-locked = Too many wrong codes. Restart the bridge: it then shows a new one.

refusal-anonymous = I cannot tell who you are: you write in the name of the group. Switch off “Remain anonymous” in your administrator rights, then send it again.

refusal-store-failed = I cannot check who may use this bot right now, so I let nobody in. Try again later. The log of the bridge says what is wrong.

# The answer to /whoami of somebody who may not come in.
# $user (text): their number
your-number = Your number is { $user }. You cannot use this bot yet. To get in, give this number to the person who runs it.

# Administrators have got a message with buttons.
# $user (text): the number of whoever wants to come in
join-asked = I asked the administrators to let you in, and will tell you what they decide. Your number is { $user }.

# Told unasked, when an administrator has decided.
join-let-in = You can use this bot now. Write what you want done. /help has the rest.

# Told unasked, when an administrator has decided.
join-not-let-in = An administrator decided not to let you in.

# What an administrator is asked, above two buttons.
# $face (text): who wants to come in: name and number
join-wish =
    { $face } wants to use this bot.

    Everybody you let in can run commands on the bridge's computer. Check the number, not the name: anybody can use any name.

button-join-approve = Approve

button-join-deny = Deny

# What the question becomes.
# $face (text): who wanted to come in: name and number
# $by (text): the number of the administrator
join-approved = Administrator { $by } let in { $face }.

# What the question becomes.
# $face (text): who wanted to come in: name and number
# $by (text): the number of the administrator
join-denied = Administrator { $by } did not let in { $face }.

# What the question becomes when it was settled otherwise.
# $face (text): who wanted to come in: name and number
join-overtaken = { $face } wanted to use this bot. Nothing is left to decide here.

toast-join-approved = Let in.

toast-join-denied = Not let in.

toast-button-out-of-use = This button no longer works.

toast-admins-only = Only administrators can do this.

toast-not-stored = This could not be saved, so nothing changed.

## Managing people

manage-admins-only = Only administrators can do this.

manage-private-only = I answer this only in our private chat. Send it there.

## Deleting what a person has here

# The answer to /delete_my_data, with the buttons below.
erase-question =
    Delete what you have here?

    Goes: the files that you sent me, Claude's conversations with you and its notes in your room, the settings of this chat, how much you spent on each day (today goes when the day is over, in UTC), messages that wait here. Claude stops if it is working.

    Stays: the folder that Claude works in; conversations of a Claude without a room of its own (/status shows 🔒 if yours has one), which lie in ~/.claude on the host; that you may use this bot, with your number and name; the log of who managed the bridge; for three days backups with the settings of this chat and what you spent, without any text; what was said in groups, which is not yours alone; this chat itself, which you can delete in Telegram.

button-erase = 🗑 Delete it

button-erase-not = Keep it

# In place of the question, once it is on disk that all is to go.
erase-begun = 🗑 Deleting. It takes a moment, and goes on by itself if the bridge is restarted.

# In place of the question.
erase-kept = Kept. Nothing was deleted.

# $files (count): how many files were deleted
erase-done =
    { $files ->
        [one] 🗑 Deleted: 1 file, the conversations, the settings and what was waiting. The next message begins anew.
       *[other] 🗑 Deleted: { $files } files, the conversations, the settings and what was waiting. The next message begins anew.
    }

# To an administrator.
# $user (text): the number of whoever was removed
# $files (count): how many files were deleted
erase-done-of =
    { $files ->
        [one] 🗑 Deleted what { $user } left: 1 file, conversations, settings.
       *[other] 🗑 Deleted what { $user } left: { $files } files, conversations, settings.
    }

# After a restart: an earlier run was ended in the middle of it.
erase-done-late = 🗑 Deleted: what you had here. The bridge was restarted while it worked on that.

# To an administrator, after a restart.
# $user (text): the number of whoever was removed
erase-done-late-of = 🗑 Deleted: what { $user } left. The bridge was restarted while it worked on that.

# The disk did not let it be noted.
erase-not-begun = ⚠ Nothing was deleted: the disk does not let it. The log of the bridge says why.

# It was begun and the disk did not let it end.
erase-not-ended = ⚠ Not everything could be deleted. The log of the bridge says why; its next start tries again, and nothing runs in that chat until then.

# All that is left of it is out of sight, in the folder leaving.
erase-not-removed = ⚠ What was there is out of the way, but a part of it could not be removed from the disk. The log of the bridge says why; its next start tries again.

# To whatever comes while it is deleted.
erasing-not-taken = Not taken: what you have here is being deleted. Send it again when I say that it is done.

toast-erasing = What you have here is being deleted.

manage-single-user = This bridge serves one person. To let others in, set enabled = true below [multi_user] in bridge.toml and restart the bridge.

manage-not-stored = This could not be saved, so nothing changed. The log of the bridge says why.

# $face (text): the person: name and number
manage-added = { $face } can use this bot now.

# Below it stand the buttons that delete what they left, or keep it.
# $face (text): the person: name and number
# $user (text): their number
manage-removed = { $face } was removed and can no longer use this bot. Their conversation is forgotten; what they left in their room (files, notes of Claude) is kept in chats/{ $user } of the data folder. Delete it now? At the host, bridge rooms delete { $user } does it later.

# $face (text): the person: name and number
# $user (text): their number
manage-deactivated = { $face } cannot use this bot until an administrator sends /activate { $user }

# $face (text): the person: name and number
manage-promoted = { $face } is an administrator now.

# $face (text): the person: name and number
manage-demoted = { $face } is no longer an administrator.

# $user (text): the number that was given
manage-unknown = I do not know the number { $user }. /users shows everybody I know.

# The answer to /add_user and /activate.
# $user (text): the number that was given
manage-unknown-to-add = I do not know the number { $user }. To let them in, send /add_user { $user }

# $user (text): the number that was given
manage-active-already = { $user } can already use this bot.

# $user (text): the number that was given
manage-kept-out-already = { $user } is already kept out.

# $user (text): the number that was given
manage-admin-already = { $user } is already an administrator.

# $user (text): the number that was given
manage-no-admin = { $user } is not an administrator.

# $user (text): the number that was given
manage-last-admin = { $user } is the last administrator. Promote somebody else first.

# $user (text): the number that was given
manage-named-in-config = bridge.toml makes { $user } an administrator (multi_user.admin_users or single_user.chat_id). Change it there.

# $user (text): the number that was given
manage-denied-in-config = bridge.toml keeps { $user } out (multi_user.denied_users). Take the number out there and reload the bridge.

# $user (text): the number that was given
manage-inactive = { $user } is kept out. First send /activate { $user }

# A command about a person was sent without one.
target-missing = Who? Write the number after the command, such as 123456789; /users shows the numbers. You can also reply to a message, forward one, or send a contact.

target-name = I need the number, because somebody else can take the same name. Write the number after the command. /users shows it, and /whoami tells everybody their own.

target-group = A number with a minus is a group, not a person.

target-out-of-range = Nobody can have that number. /users shows the numbers I know.

target-no-number = That is not a number I can use. Write digits only, such as 123456789.

target-hidden = Telegram does not say who wrote that, because they hide it in forwarded messages. Ask them for their number: /whoami tells them.

target-two-people = The number you wrote is not that of the person you replied to, forwarded or sent as a contact. Use only one of the two.

# Told unasked, when an administrator has decided.
news-made-admin = You are an administrator of this bot now. /help shows what you can do.

# Follows the news of being an administrator, where somebody waits.
# $waiting (count): how many people wait to be let in
news-waiting =
    { $waiting ->
        [one] 1 person is waiting to be let in; /users shows who.
       *[other] { $waiting } people are waiting to be let in; /users shows them.
    }

# Told unasked, when an administrator has decided.
news-no-longer-admin = You are no longer an administrator of this bot.

# The first line of /users; the people follow.
# $active (count): how many may use the bot
# $waiting (count): how many wait to be let in
# $off (count): how many may not
users-census = { $active } can use this bot · { $waiting } waiting · { $off } kept out

button-page-back = ‹ Back

button-page-more = More ›

# A person without a name.
user-nameless = Somebody

# What a person is, put into user-seen or user-never-seen.
user-state-user = user

user-state-owner = owner

user-state-admin = administrator

user-state-waiting = waiting to be let in

user-state-declined = not let in

user-state-off = kept out

user-state-denied = kept out by bridge.toml

user-state-not-listed = not listed in bridge.toml

# A line below the name of a person.
# $state (text): what they are, one of user-state-…
# $ago (text): how long ago, one of ago-…
user-seen = { $state }, last seen { $ago }

# A line below the name of a person.
# $state (text): what they are, one of user-state-…
user-never-seen = { $state }, never seen

# A line below the name of a person.
# $ago (text): how long ago, one of ago-…
user-first-known = first known { $ago }

# A line below the name of a person.
# $by (text): the number of the administrator
user-let-in-by = let in by { $by }

# A line below the name of a person: by a command of the program.
user-let-in-on-host = let in on the bridge's computer

# How long ago a person was seen.
ago-just-now = less than 10 min ago

# $minutes (count): at least 10
ago-minutes = { $minutes } min ago

# $hours (count): at most 23
ago-hours =
    { $hours ->
        [one] 1 hour ago
       *[other] { $hours } hours ago
    }

# $days (count): any number
ago-days =
    { $days ->
        [one] 1 day ago
       *[other] { $days } days ago
    }

## Groups

group-allowed = I work in this group now. Mention me, reply to me or use a command. I listen only to people who may use this bot.

group-allowed-already = I already work in this group.

# /allow_group was sent in a private chat.
group-only = Send this in the group where I should work.

## Lockdown

# The answer to /lockdown.
lockdown-done = 🔒 Locked down. Every agent is being ended now. Nothing runs and nothing is accepted until /unlock. What was waiting here stays and waits.

# $by (text): the number of the administrator who did it
# $ago (text): how long ago
lockdown-already = 🔒 It was locked down already: { $ago }, by { $by }. Nothing runs and nothing is accepted until /unlock.

# The store could not write it down.
lockdown-unsaved = 🔒 Locked down: every agent is being ended now, and nothing is accepted until /unlock. ⚠ This could not be saved, so a restart of the bridge lifts it. Send /lockdown again to have it saved.

# $by (text): the number of the administrator who did it
news-locked-down = 🔒 The administrator { $by } locked this bridge down. Every agent was ended. Nothing runs and nothing is accepted until one of you sends /unlock.

# The store could not write it down.
# $by (text): the number of the administrator who did it
news-locked-down-unsaved = 🔒 The administrator { $by } locked this bridge down. Every agent was ended, and nothing is accepted until one of you sends /unlock. ⚠ This could not be saved, so a restart of the bridge lifts it. Send /lockdown again to have it saved.

# $by (text): the number of the administrator who did it
news-unlocked = 🔓 The administrator { $by } lifted the lockdown. Messages are accepted again.

# Claude worked in the background when the bridge was locked down.
lockdown-background = 🔒 The bridge was locked down, which ended Claude's background work here. Part of it may be done.

# The answer to /unlock.
unlock-done = 🔓 Unlocked. What was waiting runs now, and whoever was interrupted is asked what to do about it.

unlock-nothing = Nothing is locked down; what can run does.

# /unlock was carried out, but the store failed or the sessions did not answer.
unlock-not-resumed = ⚠ The lockdown is lifted, but what was waiting could not be started. Send /unlock to try again. The log of the bridge says what is wrong.

# Somebody sent something while the bridge is locked down.
refusal-locked-down = 🔒 An administrator has locked this bridge down. Nothing runs, and no message is kept until it is unlocked. Send yours again then.

# The same for whoever can lift it.
refusal-locked-down-by-you = 🔒 The bridge is locked down. Nothing runs, and no message is kept. Send /unlock to lift it, then send this again.

toast-locked-down = 🔒 The bridge is locked down.

# Said when the bot is added to a group that is not allowed.
group-not-allowed-yet = Hello. An administrator of this bot has to allow this group first, by sending /allow_group here. If nobody does so within an hour, I leave.

group-leaving = No administrator of this bot allowed this group, so I leave.

## Menu of commands

# What each command of Telegram's menu does; as short as it can be.
command-new = new conversation

command-stop = stop what Claude is doing

command-status = what is going on here

command-tasks = what runs in the background

command-files = the files that were sent here

command-sessions = earlier conversations

command-export = this conversation as a file

command-model = which model works here

command-effort = how hard it thinks

command-mode = what it may do without asking

command-verbose = how much of the work you see

command-draft = live typing, or a progress message

command-rich = real tables and headings in answers

command-user-info = your number and your role

command-help = what you can do here

command-delete-my-data = delete what you have here

# For administrators.
command-users = who uses this bridge

# For administrators.
command-add-user = let somebody in: number and name

# For administrators.
command-remove-user = keep somebody out, forget their conversation

# For administrators.
command-activate = let somebody in again

# For administrators.
command-deactivate = keep somebody out for now

# For administrators.
command-promote = make somebody an administrator

# For administrators.
command-demote = make an administrator a user again

# For administrators.
command-trust = let this folder's own hooks run, or not

# For administrators.
command-allow-group = let me work in this group

# For administrators.
command-lockdown = end every agent and accept nothing

# For administrators.
command-unlock = lift the lockdown

## What Claude says of itself: /context, /usage, /permissions, /diff, /mcp, /btw

enquiries-full = I am still waiting for Claude's answers to what you asked before. Try again when they are here.

enquiry-agent-gone = Claude ended before it answered this. Send the command again.

enquiry-unanswered = Claude has not answered this in time. Send the command again, or look at /status.

# $reason (text): why, in Claude's words
enquiry-refused = Claude could not do this: { $reason }

enquiry-unreadable = Claude answered in a form that I cannot read. This may be a version of Claude Code that I do not know.

# $bar (text): ten signs, more of them dark the fuller it is
# $percent (text): how full it is, in percent
# $used (text): how many tokens are taken, such as 13.6k
# $limit (text): how many there are
context-line = Context { $bar } { $percent } %: { $used } of { $limit } tokens

context-advice = It is nearly full. /compact replaces the conversation by its summary, /new starts an empty one.

# Below an answer, without having been asked.
# $percent (text): how full it is, in percent
context-nearly-full = The conversation is { $percent } % full. /compact replaces it by its summary, /new starts an empty one.

context-file = What takes up the room

# The beginning of that file: a table in Markdown, of which each line is a part.
# $used (text): how many tokens are taken
# $limit (text): how many there are
context-table =
    { $used } of { $limit } tokens

    | part | tokens | |
    | --- | ---: | --- |

# A part that takes room only once it is needed.
context-part-deferred = once needed

context-part-kept = kept free to compact the conversation in

context-part-free = free

# The beginning of a second table in that file.
context-pieces =
    | what | name | tokens |
    | --- | --- | ---: |

context-memory-file = memory file
context-tool = tool of an MCP server
context-agent = subagent

# One limit of the account: how much of it is used.
# $span (text): which limit
# $bar (text): ten signs, more of them dark the more is used
# $percent (text): how much is used, in percent
# $when (text): when it begins anew
usage-line-resets = { $span } { $bar } { $percent } %, anew at { $when }

# $span (text): which limit
# $bar (text): ten signs, more of them dark the more is used
# $percent (text): how much is used, in percent
usage-line = { $span } { $bar } { $percent } %

usage-five-hours = 5 hours
usage-week = 7 days

# $model (text): the name of a model
usage-week-of = 7 days, { $model }

usage-no-limits = Claude names no limits: an API key has none, and of a subscription it says them with the first answer.

# $dollars (text): an amount, such as 0.42
usage-cost = This conversation: ${ $dollars } at list prices

# What the person has spent, below the limits.
# $today (text): an amount, with how many turns that were
# $month (text): another
usage-yours = You today: { $today } · this month: { $month }

# $dollars (text): an amount, such as 0.42
# $turns (count): how many turns cost that
usage-amount =
    { $turns ->
        [one] ${ $dollars } in 1 turn
       *[other] ${ $dollars } in { $turns } turns
    }

# Behind an amount to which something is missing.
# $amount (text): the amount
# $count (count): how often it is not known what something cost
usage-amount-unknown =
    { $count ->
        [one] { $amount }, once at an unknown cost
       *[other] { $amount }, { $count } times at an unknown cost
    }

usage-amount-none = nothing

usage-people = Everybody, today and this month (UTC):

# $who (text): a person
# $today (text): an amount, with how many turns that were
# $month (text): another
usage-person = { $who }: { $today } · { $month }

# $count (count): how many people are not listed
usage-people-more =
    { $count ->
        [one] and one more person
       *[other] and { $count } more people
    }

# Below what somebody spent.
usage-list-prices = These are list prices of what this bot ran. A subscription does not pay them by turn.

usage-unread = What was spent cannot be read. The log of the bridge says why.

# Told once a day, at four fifths of a limit.
# $used (text): an amount, such as 4.10
# $limit (text): another
# $when (text): when the limit begins anew
budget-nearly-own = ⚠ You have used ${ $used } of ${ $limit } for today. At the limit no further turn begins until { $when }.

# $used (text): a number of turns
# $limit (text): another
# $when (text): when the limit begins anew
budget-nearly-turns = ⚠ You have used { $used } of { $limit } turns for today. At the limit no further turn begins until { $when }.

# $when (text): when the limit begins anew
budget-nearly-all = ⚠ Everybody together has used 80 % of what this bot may spend today. At the limit no further turn begins until { $when }.

# In answer to a message, with buttons below.
# $used (text): an amount, such as 5.10
# $limit (text): another
# $when (text): when the limit begins anew
budget-used-own = ⚠ Your limit for today is used up: ${ $used } of ${ $limit }, with what is set aside for turns that run. Your message did not run and is kept. The limit begins anew at { $when }: press Run then. An administrator can allow more before that.

# In answer to a message, with buttons below.
# $used (text): a number of turns
# $limit (text): another
# $when (text): when the limit begins anew
budget-used-turns = ⚠ Your turns for today are used up: { $used } of { $limit }. Your message did not run and is kept. The limit begins anew at { $when }: press Run then. An administrator can allow more before that.

# In answer to a message, with buttons below.
# $when (text): when the limit begins anew
budget-used-all = ⚠ What this bot may spend today is used up. Your message did not run and is kept. The limit begins anew at { $when }: press Run then. An administrator can allow more before that.

# In answer to a message, with buttons below.
budget-unread = ⚠ What was spent today cannot be read, so no turn begins. Your message did not run and is kept. The log of the bridge says why.

button-allow-more = Allow 5 more

toast-more-is-for-admins = Only administrators can allow more.

toast-budget-unread = What was spent today cannot be read. Nothing was changed.

# In place of what an administrator was told.
# $user (text): the id of a person
budget-allowed = ✅ { $user } may have 5 more turns today. Their message waits until they press Run.

# In place of what an administrator was told.
budget-day-over = That day is over, and so is its limit.

# To administrators, with a button below.
# $user (text): the name or id of a person
# $chat (text): the id of a chat
# $when (text): when the limit begins anew
budget-used-of = ⚠ { $user } has used up a limit of today in chat { $chat }. No further turn of theirs begins until { $when }.

rules-head = What runs without asking (✓), asks (?) or never runs (✕) here:

rules-none = No rules hold here. Claude asks before whatever its mode does not let run. See /mode.

# $count (count): how many rules there are
rules-file =
    { $count ->
        [one] The rule
       *[other] All { $count } rules
    }

rules-guard = ✕ the bridge's own files and other chats · set by the bridge

rules-of-session = allowed here
rules-of-user = settings of this account
rules-of-project = settings in the folder
rules-of-local = local settings in the folder
rules-of-bridge = set by the bridge
rules-of-managed = set by the administrator of this machine

rules-can-be-taken-back = What is marked “allowed here” was allowed for this session. Take back lets Claude start anew and ask again. The conversation stays.

button-take-back = ↩ Take back

taken-back = ↩ Taken back. Claude asks again. The conversation stays.

taken-back-after-turn = ↩ Claude starts anew when its current work is done, and asks again from then on. Until then, what was allowed still runs. /stop ends it now.

changes-none = Nothing has changed here since the last commit.

changes-no-repository = This folder is not in a Git repository, so I cannot tell what has changed.

# $count (count): how many files changed
# $added (text): how many lines were added
# $removed (text): how many lines were removed
changes-head =
    { $count ->
        [one] 1 file has changed since the last commit: +{ $added } −{ $removed } lines
       *[other] { $count } files have changed since the last commit: +{ $added } −{ $removed } lines
    }

changes-file = The lines that changed

# $count (count): how many more lines the list has
and-more =
    { $count ->
        [one] … and 1 more
       *[other] … and { $count } more
    }

servers-head = MCP servers:

# $count (count): how many servers are down
# $names (text): their names
servers-down =
    { $count ->
        [one] ⚠ Claude works without the MCP server { $names }. /mcp shows why.
       *[other] ⚠ Claude works without the MCP servers { $names }. /mcp shows why.
    }

servers-none = Claude has no MCP servers here.

# $count (count): how many tools it has
# $name (text): the name of a server
server-connected =
    { $count ->
        [0] ● { $name }: connected
        [one] ● { $name }: connected, 1 tool
       *[other] ● { $name }: connected, { $count } tools
    }

# $name (text): the name of a server
server-pending = ◌ { $name }: still connecting

# $name (text): the name of a server
server-needs-login = ⚠ { $name }: needs a login. Log in with /mcp in Claude's terminal on this machine, then press Reconnect.

# $name (text): the name of a server
server-failed = ✕ { $name }: not connected

# $name (text): the name of a server
# $reason (text): why, in Claude's words
server-failed-so = ✕ { $name }: not connected ({ $reason })

# $name (text): the name of a server
server-off = ○ { $name }: off

# $name (text): the name of a server
button-reconnect = ↻ Reconnect { $name }

# $name (text): the name of a server
button-server-on = ● Turn { $name } on

# $name (text): the name of a server
button-server-off = ○ Turn { $name } off

toast-servers-are-for-admins = In a group, only an administrator can do this.

aside-head = 💬 Aside (the conversation goes on without it)

aside-takes-no-files = /btw cannot look at files. Send it without /btw, and Claude looks at it in the conversation.

aside-usage = Write your question after the command: /btw why this file? Claude answers from what it knows, beside its work, and forgets the question.

# $count (count): how many files the turn changed
# $added (text): how many lines were added
# $removed (text): how many lines were removed
turn-changed =
    { $count ->
        [one] ✎ 1 file changed: +{ $added } −{ $removed } lines
       *[other] ✎ { $count } files changed: +{ $added } −{ $removed } lines
    }

button-changes = Changes
button-undo = ↩ Undo

# $count (count): how many files would be other ones
undo-question =
    { $count ->
        [one] Undo? 1 file becomes what it was before your message. What was changed in it later is lost too, whoever did it. What commands did stays.
       *[other] Undo? { $count } files become what they were before your message. What was changed in them later is lost too, whoever did it. What commands did stays.
    }

# The files are what they were already.
undo-question-no-files = Undo? The files are already what they were before your message. Claude can still forget your message and everything after it; that cannot be brought back.

# All of the files can be kept.
undo-can-be-put-back = For an hour the files can be put back as they are now. What Claude forgets cannot be brought back.

# A file for each line below.
# $count (count): how many files cannot be kept
undo-cannot-be-put-back =
    { $count ->
        [one] 1 file could not be put back afterwards; nor can what Claude forgets be brought back:
       *[other] { $count } files could not be put back afterwards; nor can what Claude forgets be brought back:
    }

# $path (text): a file
unspared-too-big = { $path }: larger than 10 MB
# $path (text): a file
unspared-too-much = { $path }: too much is kept here already
# $path (text): a file
unspared-elsewhere = { $path }: not in the folder of this chat
# $path (text): a file
unspared-no-plain-file = { $path }: no plain file
# $path (text): a file
# $reason (text): why, in the system's words
unspared-unreadable = { $path }: { $reason }

# Nothing was changed.
# $reason (text): why, in the system's words
spares-failed = Nothing was undone: { $reason }.

spares-slow = Nothing was undone: the disk does not answer.

# The files were changed back.
spares-not-sealed = What was undone cannot be put back: the disk did not keep it.

# $count (count): how many files an undo has changed
put-back-offer =
    { $count ->
        [one] For an hour the changes to 1 file can be put back.
       *[other] For an hour the changes to { $count } files can be put back.
    }

button-put-back = ↪ Put the changes back

# A file for each line below.
# $count (count): how many files are as they were before the undo
put-back-done =
    { $count ->
        [one] ↪ The changes are back in 1 file:
       *[other] ↪ The changes are back in { $count } files:
    }

put-back-none = Nothing was put back.

# A file for each line below.
# $count (count): how many files were left alone
put-back-changed =
    { $count ->
        [one] 1 file was changed after the undo and stays as it is:
       *[other] { $count } files were changed after the undo and stay as they are:
    }

# A line for each file, with what the system says.
put-back-failed = The disk does not let me. Press the button once more when it does:

put-back-gone = These changes are no longer kept: they were put back, or the hour is over.

put-back-slow = The disk does not answer, so nobody knows what is back. Press the button once more.

button-undo-files = ↩ Files
button-undo-conversation = ↩ Conversation
button-undo-both = ↩ Both
button-undo-keep = Keep all

undone-files = ↩ The files are as they were before your message. Claude still knows what it did.

undone-conversation = ↩ Claude has forgotten your message and everything after it. The files stay as they are.

undone-both = ↩ The files are as they were before your message, and Claude has forgotten it and everything after it.

undone-nothing = Nothing was undone.

# $reason (text): why, in Claude's words
not-undone = Not undone: { $reason }. Claude can undo only what its own tools changed in this conversation.

# $reason (text): why, in Claude's words
not-forgotten = Claude does not find your message in the conversation as it is now, so there is nothing to forget: { $reason }.

# Claude was ended in the moment in which it writes down what it has forgotten.
forget-not-kept = Claude was ended before it could write down that it is to forget your message. Press Undo once more.

# The files were restored, and then the conversation could not be changed.
# $reason (text): why, in Claude's words
undone-files-alone = ↩ The files are as they were before your message. Claude still knows what it did: { $reason }.

# The list of the last messages; a number and how it begins for each.
rewind-list = Go back to before which message? Press its number, and you see what goes.

rewind-nothing = There is no message to go back to yet.

# The message was chosen from an older list.
rewind-gone = Claude does not find this message among the last ten. Send /rewind again.

# $reason (text): why, in the system's words
rewind-unreadable = The conversation cannot be read: { $reason }.

rewind-slow = The disk does not answer. Send /rewind again later.

# A picture or a file alone.
rewind-without-words = (without words)

# $later (count): how many messages came after this one
# $text (text): how the message begins
rewind-goes =
    { $later ->
        [0] Back to before “{ $text }”.
        [one] Back to before “{ $text }”, and 1 later message.
       *[other] Back to before “{ $text }”, and { $later } later messages.
    }

# $reason (text): why, in Claude's words
rewind-question-files-unknown = The files cannot be taken back to there: { $reason }. Claude can still forget this message and everything after it; that cannot be brought back.

toast-undo-later = Claude is working. Stop it first, or wait.

toast-undo-is-for-admins = In a group, only an administrator can undo.

command-context = how full the conversation is
command-usage = how much of the limits is used
command-permissions = what runs without asking
command-diff = what has changed in the folder
command-rewind = go back to before one of your messages
command-mcp = MCP servers and how they do
command-login = log Claude in

command-btw = a quick question beside the work

## A login

# $host (text): where the page is
login-page =
    Open the page of { $host }, log in to Claude and allow it. The page then shows a code: copy it and send it here within 10 minutes.

    The code goes to Claude Code alone; I delete your message with it.

# $host (text): where the page is
# $address (text): the address of the page
login-address =
    ⚠ I do not know this page of { $host } as one of Claude's login. Open it only if whoever runs the bridge expects it: log in to Claude there and allow it. The page then shows a code: copy it and send it here within 10 minutes.

    { $address }

    The code goes to Claude Code alone; I delete your message with it.

button-log-in = 🔑 Open the login page

button-cancel = ✕ Cancel

login-code-taken = 🔑 The code was handed to Claude Code.

login-over = 🔑 This login is over. /login begins a new one.

login-cancelled = ✕ Cancelled. Claude's login is what it was.

login-timed-out = ⌛ No code came within 10 minutes. /login begins again.

login-has-code = Claude Code has the code already. What came of it is said here in a moment.

login-unknown = It is not known what came of this code: Claude may be logged in with it. Send a message: Claude's answer shows whether it is. /login begins again.

login-code-part = That looks like a part of the code. Copy all of it, with the # and what stands behind it, and send it here. Claude has not seen this.

login-none = That looks like a code for a login, and none waits for it here. Claude has not seen it. /login begins one.

logged-in = ✅ Claude is logged in. It begins anew with that login. If whoever runs the bridge has set a token or a key for Claude, that still counts instead.

# $reason (text): what Claude Code said, in English
login-failed = ✕ The login failed: { $reason }. /login begins again.

# $end (text): when it ends
login-ends-room = 🔑 Claude's login { $end }. /login begins a new one.

# $end (text): when it ends
login-ends-host = 🔑 Claude's login on the bridge's computer { $end }. Whoever owns or manages the bridge renews it with /login, in their private chat with me.

# Ends a sentence about Claude's login
# $days (count): how many days, begun ones too
login-end-days =
    { $days ->
        [one] ends within a day
       *[other] ends in { $days } days, or up to 3 days earlier
    }

# Ends a sentence about Claude's login
login-end-any-time = may end at any time now

# $end (text): when it ends
status-login = Claude's login { $end }.

login-is-private = A login is for a private chat: send /login to me there.

login-is-for-admins = Claude uses the login of the bridge's computer here, for everybody. Only an administrator can change it.
