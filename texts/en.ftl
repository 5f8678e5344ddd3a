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
        [one] Not taken: 1 message is waiting here already. Send it again when it is done, or /stop to drop it.
       *[other] Not taken: { $waiting } messages are waiting here already. Send it again when some are done, or /stop to drop them.
    }

# $ahead (count): how many messages run before this one; 0 where only the current work does
queued =
    { $ahead ->
        [0] Queued: it runs when the current work is done.
        [one] Queued: one other message runs first.
       *[other] Queued: { $ahead } other messages run first.
    }

# The line of a queued message, when its turn comes.
queued-begun = ▶ Claude has it.

queued-runs-not = ✕ It does not run.

queued-waits-no-longer = This waits no longer.

queued-removed = ✕ Removed.

queued-sent-now = ▶ Claude gets it with its next step.

queued-not-now = This cannot be taken in now; it runs when the current work is done.

button-send-now = ▶ Send now

button-remove = ✕ Remove

# A message was edited while it waited.
edit-replaced = ✎ The new text runs instead.

# A message was edited while Claude works on it.
edit-too-late = Claude works on it as you first sent it. /stop ends that; or write what is different, and send it now.

edit-of-the-past = That was worked on as you first sent it. To tell Claude the new text, send it as a new message.

# $count (count): how many waiting messages were dropped
dropped-waiting =
    { $count ->
        [one] The waiting message was dropped; it will not run.
       *[other] The { $count } waiting messages were dropped; they will not run.
    }

# $ahead (count): how many chats get an agent before this one
waits-for-slot =
    { $ahead ->
        [0] ⏳ All agents are busy. You are next.
        [one] ⏳ All agents are busy. One chat comes first.
       *[other] ⏳ All agents are busy. { $ahead } chats come first.
    }

slot-is-free = ▶ An agent is free; working on it.

# $count (count): how many messages wait for the bridge to be back
runs-when-back =
    { $count ->
        [one] ⏸ The bridge is stopping. This message has not run; it runs when the bridge is back.
       *[other] ⏸ The bridge is stopping. { $count } messages have not run; they run when the bridge is back.
    }

## Start and end of a turn

new-conversation = New conversation: your next message starts it.

new-conversation-stopped = Stopped what was running; it may have partly run. Your next message starts a new conversation.

new-conversation-background = Ended the background work. Your next message starts a new conversation.

stop-background = ⏹ Ended the background work.

stop-nothing = Nothing is running.

stop-nothing-started = ⏹ Nothing had started yet.

stopped = ⏹ Stopped. What it had started may have partly run.

# $time (text): how long there was no sign of life
stopped-silence = ⏹ Stopped: there was no sign of life for { $time }. What it had started may have partly run.

stopped-revoked = ⏹ Stopped: whoever asked for this may no longer use this bot. What it had started may have partly run.

stopped-by-claude = ⏹ Claude was interrupted. What it had started may have partly run.

stopped-by-force = ⏹ Stopped: Claude was ended with everything it ran. What it had started may have partly run. The conversation goes on with your next message.

stopped-by-force-revoked = ⏹ Stopped: Claude was ended with everything it ran. Whoever asked for this may no longer use this bot. What it had started may have partly run. The conversation goes on with your next message.

# $time (text): how long there was no sign of life
stopped-by-force-silence = ⏹ Stopped: Claude was ended with everything it ran. There had been no sign of life for { $time }. What it had started may have partly run. The conversation goes on with your next message.

stopped-unread = ⏹ Stopped; it had not begun.

# The person lost the right to use the bot.
revoked = ⏹ You may no longer use this bot.

revoked-stopped = ⏹ You may no longer use this bot, so what was running was stopped. It may have partly run.

# $count (count): how many waiting messages of somebody else were dropped
revoked-dropped =
    { $count ->
        [one] A waiting message was dropped: whoever wrote it may no longer use this bot.
       *[other] { $count } waiting messages were dropped: whoever wrote them may no longer use this bot.
    }

revoked-background = ⏹ What went on in the background was ended: whoever wanted it may no longer use this bot. It may have partly run.

revoked-another = ⏹ Claude was ended while this was running: somebody who may no longer use this bot had given it something to do next.

conversation-rebuilt = ⚠ A fault inside the bridge restarted this chat's session. The conversation goes on.

conversation-lost = Claude does not have this chat's earlier conversation any more, so this runs in a new one.

conversation-empty = Claude could not go on with this chat's earlier conversation, so this runs in a new one.

answer-empty = Done; Claude gave no answer in words.

answer-above = ↑ Answered together with the background work above.

## Agent: starts, ends, failures

# $why (text): why Claude was not started
agent-not-started = ⚠ Your message has not run: { $why }.

# $time (text): how long Claude may take to start
agent-start-timed-out = ⚠ Claude did not answer within { $time } of its start and was ended. Your message is not tried again by itself: send it again if you want.

# $how (text): how it ended, such as "exit code 1"
agent-died-at-start = ⚠ Claude could not start ({ $how }). Your message is not tried again by itself.

# $how (text): how it ended, such as "exit code 1"
agent-died-in-turn = ⚠ Claude ended in the middle of this ({ $how }).

# $how (text): how it ended, such as "exit code 1"
agent-died-in-background = ⚠ Claude ended while it worked in the background ({ $how }).

# $time (text): how long there was no sign of life
agent-silent-in-background = ⚠ Claude worked in the background and has shown no sign of life for { $time }, so it was ended. Your next message goes on with the conversation.

# $code (text): the exit code
ended-with-code = exit code { $code }

# $signal (text): the number of the signal
ended-by-signal = signal { $signal }

# $output (text): the last lines of its standard error
agent-said =
    It said:
    { $output }

# $reason (text): what the API said
# $attempt (text): the number of this attempt
# $attempts (text): how many there are at most
api-retried = Claude's API does not answer ({ $reason }); it is tried again: { $attempt } of { $attempts }.

# $error (text): what the API or Claude Code said
api-error = ⚠ { $error }

# $until (text): when the limit ends, as Claude says it
api-limit-until = Claude's usage limit is reached until { $until }. The conversation goes on: send this again then.

api-limit = Claude's API takes no more requests of this account at the moment. The conversation goes on: send this again later.

api-overloaded = Claude's API has too much to do at the moment. Nothing is wrong with your message: send it again in a few minutes.

api-not-logged-in = Claude Code's login is missing or refused. On the bridge's machine, run `claude` once as the bridge's user and log in, then send this again.

api-no-credit = The account has no credit left. When it has, send this again; the conversation goes on.

api-no-such-model = Choose a model that your account may use (claude.model in bridge.toml), then send this again.

api-other = The conversation goes on: send it again to try again.

# $why (text): what Claude said
turn-failed = ⚠ Claude stopped before it was done: { $why }

## Card and draft

# The card of a running turn begins with it.
# $time (text): how long the turn runs
# $doing (text): what Claude does now
card-doing = ⏳ { $time } · { $doing }

card-writing = Claude is writing

card-thinking = Claude is thinking

button-stop = ⏹ Stop

# $count (count): how many tools were used
card-tools =
    { $count ->
        [one] { $count } tool
       *[other] { $count } tools
    }

# $dollars (text): what the turn cost
card-cost = ${ $dollars }

# $text (text): the end of a text that was not completed
card-cut-short = Cut short: { $text }

card-interrupted = ⏹ Interrupted.

toast-stopped-waiting = ⏹ It had not begun, and does not run.

toast-stopping = ⏹ Stopping. Press again to end it by force.

# $answer (text): ● where this is chosen, else ○
# $card (text): ● where this is chosen, else ○
# $log (text): ● where this is chosen, else ○
verbose-levels =
    { $answer } /verbose 0: the answer alone
    { $card } /verbose 1: what Claude does now, and its words as they come
    { $log } /verbose 2: the same with the tools before

# $on (text): ● where this is chosen, else ○
# $off (text): ● where this is chosen, else ○
drafts =
    { $on } /draft on: Claude's words come as a draft, a message that is still being written
    { $off } /draft off: they come in a message that edits itself

    On Android nothing can be written while a draft is shown; its Stop works.

drafts-not-shown = This chat has /verbose 0, so neither is shown.

drafts-are-private = Telegram shows drafts in private chats only. Here the card stays.

## Offers and interruptions

interrupted-by-machine = ⚠ The machine was restarted while this was running, or just before.

interrupted-by-restart = ⚠ The bridge was restarted while Claude worked on this.

interrupted-by-fault = ⚠ A fault inside the bridge ended Claude while it worked on this.

interrupted-by-session = ⚠ This chat's session ended while Claude worked on this.

interrupted-by-shutdown = ⏹ The bridge was stopped while this was running.

interrupted-taken-before = Claude had this message before an interruption, so it was not run again.

# $times (count): how often it was begun
interrupted-too-often =
    { $times ->
        [one] ⚠ This was begun once, and the bridge or the session broke.
       *[other] ⚠ This was begun { $times } times, and each time the bridge or the session broke.
    }

# Follows one of the sentences above.
# $doing (text): the last tool that Claude used, such as "Bash: make"
offer-doing = The last thing it did, in part or in full: { $doing }

offer-partly = It may have partly run.

offer-question = It does not run again by itself. What should become of it?

button-continue = ▶ Continue

button-run-again = ↻ Run again

button-discard = ✕ Discard

# $count (count): how many messages wait
runs-again-restarted =
    { $count ->
        [one] ↻ The bridge was restarted. Your waiting message runs now.
       *[other] ↻ The bridge was restarted. Your { $count } waiting messages run now.
    }

# $count (count): how many messages wait
runs-again =
    { $count ->
        [one] ↻ What had not begun is not lost. Your waiting message runs now.
       *[other] ↻ What had not begun is not lost. Your { $count } waiting messages run now.
    }

offer-lapsed = ✕ So much was interrupted here that this can no longer be decided about. It does not run.

instruction-broken = Sorry, something inside broke on this, and it was not done. Send it again if you still want it.

toast-offer-continued = ▶ It goes on.

toast-offer-retried = ↻ It runs again.

toast-offer-discarded = ✕ Discarded.

# What the message of an offer becomes.
# $decision (text): one of the three above
# $prompt (text): how the interrupted message begins
offer-decided = { $decision } It was interrupted: { $prompt }

toast-over = This is no longer open.

toast-not-yours = Only whoever wrote the message, or an administrator, can decide this.

## Approvals

# $what (text): the tool and what it is used on
request-run = 🔐 May it run? { $what }

request-by-subagent = A subagent asks.

# $purpose (text): what Claude says it is for
request-purpose = It says: { $purpose }

# $reason (text): why a question is asked
request-reason = Asked because: { $reason }

# $rules (text): what would run unasked from then on
request-rules = “For this session” covers: { $rules }

# $words (text): words whose letters belong to more than one script
request-mixed-scripts = ⚠ Letters of more than one script in one word: { $words }

# $words (text): the first of them
# $more (count): how many there are besides
request-mixed-scripts-more = ⚠ Letters of more than one script in one word: { $words } and { $more } more

# $time (text): how long an answer is waited for
request-limit = No answer within { $time } means no; reply to say why not.

# $length (count): how many characters it has
# $digest (text): its SHA-256
request-is-long = { $length } characters, whole in the file above. With the words after “May it run?” as a line before it, its sha256 is { $digest }

# The caption of the file.
# $what (text): the tool and what it is used on
request-file = What Claude asks about: { $what }

# $left (count): how many characters are left out between the head and the tail
request-left-out = … { $left } characters are not shown here …

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
request-expired = ⌛ Not decided within { $time }, so denied

request-withdrawn = ✕ No longer asked; nothing was allowed

request-of-earlier-run = ⌛ Expired: the bridge was restarted before this was decided, and nothing was allowed. If Claude still needs it, it asks again.

toast-approved = ✅ Approved.

toast-allowed = ✅ Allowed.

toast-allowed-for-session = ✅ Allowed for this session.

toast-edits-accepted = ✅ Edits are accepted from now on.

toast-denied = ✕ Noted.

toast-asker-answers = Only whoever wrote the message, or an administrator, can answer this.

## Questions and plans

# $time (text): how long an answer is waited for
plan-asked = 📋 May Claude carry out this plan? Reply to say what to change. No answer within { $time } means no.

plan-above = The plan above

plan-approved = ✅ Approved

plan-approved-with-edits = ✅ Approved, edits accepted from now on

plan-rejected = ✎ To be planned on

button-approve = ✅ Approve

button-approve-with-edits = ✅ Approve and accept edits

button-keep-planning = ✎ Keep planning

# $question (text): the question with its choices
# $time (text): how long an answer is waited for
question-asked =
    ❓ { $question }

    Choose, or type an answer of your own. No answer within { $time } means none.

# $place (text): the number of this question
# $all (text): how many there are
# $question (text): the question with its choices
# $time (text): how long an answer is waited for
question-asked-of-several =
    ❓ ({ $place } of { $all }) { $question }

    Choose, or type an answer of your own. No answer within { $time } means none.

question-file = The whole question, with its choices by number

question-is-cut = ✂ Cut; the file above has all of it.

question-takes-several = You may choose several.

question-answered = ✓ Answered

question-not-answered = ✕ Not answered

button-do-not-answer = ✕ Do not answer

button-done = ✓ Done

## Settings of a chat

choose-model = Which model should this chat use?

choose-effort = How hard should Claude think in this chat?

choose-mode = What may Claude do here without asking?

# $name (text): the model
chosen-model = Model: { $name }, from the next turn on.

# $name (text): the effort
chosen-effort = Effort: { $name }, from the next turn on.

# $name (text): the mode
chosen-mode = Mode: { $name }.

mode-default = ask for what needs a permission

mode-accept-edits = edit files unasked

mode-plan = plan only

mode-dont-ask = deny what needs a permission

mode-bypass = everything unasked

# $folder (text): the folder of the chat
trusted = Trusted: from the next turn on, the hooks, helpers, settings and MCP servers that { $folder } brings along run as they are, now and after every change to them. /trust off takes that back.

# $folder (text): the folder of the chat
not-trusted = Not trusted: from the next turn on, nothing that { $folder } brings along runs by itself.

trust-is-for-admins = Only an administrator can say that a folder is trusted.

choices-none = The model that this chat uses has nothing to choose here.

choices-unknown = Claude lists what can be chosen once it runs in this chat: send a message first.

## Background tasks

# $tasks (text): one line for each
tasks =
    Claude does this in the background:
    { $tasks }

tasks-ended = What was done in the background has ended.

tasks-newer-list = There is a newer list below.

tasks-none = Nothing is done in the background.

toast-task-stopping = ⏹ Stopping it.

toast-task-over = It runs no more.

## Status

# $state (text): one of the states below
status-state = State: { $state }

# $count (count): how many messages wait
status-waiting = Waiting messages: { $count }

# $id (text): what identifies the conversation to Claude
status-conversation = Conversation: { $id }

status-no-conversation = Conversation: none yet; your next message starts one

# $folder (text): where Claude works
status-folder = Folder: { $folder }

# $version (text): the version of Claude Code
status-version = Claude Code: { $version }

# $time (text): how long the turn runs
state-working = working for { $time }

state-background = working in the background

state-ready = ready

state-asleep = idle; no agent is running

state-waiting = waiting for a free agent

state-leaving = ending the agent

# $seconds (text): from 0 to 59
duration-seconds = { $seconds } s

# $minutes (text): from 1 to 59
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
answer-file = The whole answer: { $length } characters.

# $length (count): how many characters it has
answer-file-and-head = The whole answer: { $length } characters. Above is how it begins.

# $text (text): the beginning of something long
# $left (count): how many characters it goes on for
text-goes-on = { $text }… ({ $left } more characters)

## Session that rests

## Delivery

## Welcome, help, commands

## Who may come in

## Managing people

## Groups

## Menu of commands
