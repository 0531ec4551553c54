import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** What a recorded server did with one operation. `expected` is the cursor's batch, or fields of the reply. */
export interface Assertion {
  readonly of: number
  readonly kind: 'success' | 'result' | 'failurecode' | 'noterror'
  readonly expected?: unknown
  readonly code?: number
  readonly error_code?: number | null
  readonly ignore_doc_order?: boolean
  readonly ignore_order_in?: readonly string[] | null
  readonly raw_res?: boolean
}

export type Operation =
  | { readonly op: 'insert'; readonly coll: string; readonly docs: readonly unknown[] }
  | { readonly op: 'create'; readonly coll: string; readonly opts: readonly unknown[] }
  | {
      readonly op: 'createIndex'
      readonly coll: string
      readonly keys: readonly (readonly [string, unknown])[]
      readonly opts: Readonly<Record<string, string>>
    }
  | { readonly op: 'command'; readonly cmd: Readonly<Record<string, unknown>> }

export interface OracleCase {
  readonly id: string
  readonly area: string
  readonly ops: readonly Operation[]
  readonly asserts: readonly Assertion[]
}

/** All recorded cases of a folder, still encoded, in file and line order. */
export function loadCases(folder: string): OracleCase[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl.gz'))
    .sort()
    .flatMap((name) =>
      gunzipSync(readFileSync(join(folder, name)))
        .toString('utf8')
        .split('\n'),
    )
    .filter((line) => line !== '')
    .map((line): OracleCase => JSON.parse(line))
}

/** True when the recorded server refused the operation. */
export function expectsRefusal(assertion: Assertion): boolean {
  return assertion.kind === 'failurecode' || typeof assertion.error_code === 'number'
}
