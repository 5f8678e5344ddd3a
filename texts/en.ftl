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


## Start and end of a turn

## Agent: starts, ends, failures

## Card and draft

## Offers and interruptions

## Approvals

## Questions and plans

## Settings of a chat

## Background tasks

## Status

## Long answers

## Session that rests

## Delivery

## Welcome, help, commands

## Who may come in

## Managing people

## Groups

## Menu of commands
