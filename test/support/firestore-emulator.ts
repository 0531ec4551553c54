import { afterAll, beforeAll, vi } from 'vitest'
import {
  hasFirestoreEmulator,
  startFirestoreEmulator,
  type FirestoreEmulator,
} from '../../tools/emulators/firestore-emulator.ts'
import { describeWithServer } from './needs-server.ts'

/** Tests that need Google's emulator: one for each file, or the one that `FIRESTORE_EMULATOR_HOST` names. */
export function describeWithFirestore(tests: (emulator: () => FirestoreEmulator) => void): void {
  describeWithServer('the Firestore emulator', hasFirestoreEmulator(), () => {
    // The emulator takes seconds for its first answers.
    vi.setConfig({ testTimeout: 60_000 })
    let emulator: FirestoreEmulator | undefined
    beforeAll(async () => {
      emulator = await startFirestoreEmulator()
    }, 70_000)
    afterAll(async () => emulator?.stop())
    tests(() => emulator as FirestoreEmulator)
  })
}

/**
 * Answers with the keys of every map in another order: production sorts them, the emulator keeps the order in which they
 * were written.
 */
export async function withShuffledMaps(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init)
  const text = await response.text()
  const shuffled = text === '' ? '' : JSON.stringify(shuffle(JSON.parse(text)))
  return new Response(shuffled, { status: response.status, headers: { 'content-type': 'application/json' } })
}

function shuffle(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffle)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'fields' ? reordered(inner as object) : shuffle(inner),
    ]),
  )
}

function reordered(fields: object): object {
  const entries = Object.entries(fields).map(([name, value]) => [name, shuffle(value)] as const)
  return Object.fromEntries(entries.toSorted(([a], [b]) => hash(a) - hash(b)))
}

/** The same for a name at every time, unlike the order of the names. */
function hash(name: string): number {
  return Array.from(name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7)
}
