import { CommandError } from './command-error.ts'
import { createScram, type Scram } from './scram.ts'
import type { Command, Reply } from './wire.ts'

/** Names and passwords; none means that everyone is let in. */
export type Users = Readonly<Record<string, string>>

/** What one connection has proved of its user. */
export interface Authentication {
  readonly isDone: boolean
  start(command: Command): Reply
  proceed(command: Command): Reply
}

export function createAuthentication(users: Users): Authentication {
  let scram: Scram | undefined
  let isDone = Object.keys(users).length === 0
  return {
    get isDone() {
      return isDone
    },
    start(command) {
      if (command['mechanism'] !== 'SCRAM-SHA-256') {
        throw new CommandError('AuthenticationFailed', 'only SCRAM-SHA-256 is supported')
      }
      scram = createScram(users)
      return { conversationId: 1, done: false, payload: Buffer.from(scram.first(textOf(command['payload']))), ok: 1 }
    },
    proceed(command) {
      if (scram === undefined) throw new CommandError('AuthenticationFailed', 'no conversation has been started')
      const payload = Buffer.from(scram.final(textOf(command['payload'])))
      isDone = true
      return { conversationId: 1, done: true, payload, ok: 1 }
    },
  }
}

function textOf(payload: unknown): string {
  return Buffer.from(payload as Uint8Array).toString()
}
