import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Assertion } from './case.ts'
import { sameBag, sameKeyOrder, sameValue } from './compare.ts'
import { StoredObjectId } from '../../../src/nosql/query/object-id.ts'
import { decode } from './decode.ts'
import { judgeAll } from './judge-all.ts'
import { groups, table, tally } from './report.ts'

type Script = readonly [cmd: object, assertion: Omit<Assertion, 'of'>]

async function judge(scripts: readonly Script[], area = 'query/scripted') {
  const folder = mkdtempSync(join(tmpdir(), 'oracle-'))
  const lines = scripts.map(([cmd, assertion], index) =>
    JSON.stringify({ id: `case ${index}`, area, ops: [{ op: 'command', cmd }], asserts: [{ ...assertion, of: 0 }] }),
  )
  writeFileSync(join(folder, 'cases.jsonl.gz'), gzipSync(lines.join('\n')))
  try {
    return await judgeAll(folder, { backend: 'scripted', limit: 500 })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('the runner', () => {
  it('distinguishes how a case ends, one that hangs included', async () => {
    const judged = await judge([
      [{ answer: [{ a: 1, b: 2 }] }, { kind: 'result', expected: [{ b: 2, a: 1 }] }],
      [{ answer: [{ a: 1 }] }, { kind: 'result', expected: [{ a: 2 }] }],
      [{ hang: true }, { kind: 'noterror' }],
      [{ refuse: true }, { kind: 'failurecode', code: 2 }],
      [{ refuse: true }, { kind: 'result', expected: null, error_code: 2 }],
      [{ refuse: true }, { kind: 'success', expected: [] }],
      [{ crash: true }, { kind: 'failurecode', code: 2 }],
      [{}, { kind: 'failurecode', code: 2 }],
      [{ hang: true }, { kind: 'noterror' }],
      [{}, { kind: 'noterror' }],
    ])
    expect(judged.map(({ outcome }) => outcome?.verdict)).toEqual([
      'passed',
      'wrong',
      'hung',
      'passed',
      'passed',
      'refused',
      'crashed',
      'accepted',
      'hung',
      'passed',
    ])
    expect(tally(judged)).toMatchObject({ cases: 10, excluded: 0, passed: 4, otherKeyOrder: 1, failed: { hung: 2 } })
    expect(table(judged)).toMatch(/query\/scripted +10 +4 +1 +1 +1 +1 +2 +1 +40\.00%/)
  })

  it('says what it leaves out for an exclusion', async () => {
    const judged = await judge([[{}, { kind: 'noterror' }]], 'query/geospatial')
    expect(judged.map(({ excluded, outcome }) => [excluded, outcome])).toEqual([
      ['geospatial queries are not portable', undefined],
    ])
    expect(table(judged)).toContain('1  geospatial queries are not portable')
  })

  it('puts every area into exactly one group', () => {
    for (const area of [
      'query/x',
      'update/x',
      'projection/x',
      'stages/x',
      'window/x',
      'accumulators/x',
      'expressions/x',
    ]) {
      expect(groups.filter(({ areas }) => areas.test(area))).toHaveLength(1)
    }
  })
})

describe('comparison with a recording', () => {
  it('takes numbers by value and keys in any order', () => {
    expect(sameValue({ a: 1n, b: [2] }, { b: [2n], a: 1 })).toBe(true)
    expect(sameKeyOrder({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(false)
    expect(sameValue(new Date(5), decode({ $date: 5 }))).toBe(true)
    expect(sameValue({}, new Date(5))).toBe(false)
    expect(sameValue([1, 2], [2, 1])).toBe(false)
    expect(sameValue({ a: [1, 2] }, { a: [2, 1] }, new Set(['a']))).toBe(true)
    expect(sameValue({ a: null }, {})).toBe(false)
    expect(sameValue(true, 1)).toBe(false)
  })

  it('counts repeated documents', () => {
    expect(sameBag([1, 1, 2], [2, 1, 1])).toBe(true)
    expect(sameBag([1, 1, 2], [1, 2, 2])).toBe(false)
  })

  it('decodes what JSON cannot hold', () => {
    expect(decode({ a: { $long: '9007199254740993' } })).toEqual({ a: 9007199254740993n })
    const hex = '0123456789abcdef01234567'
    expect(sameValue(decode([{ $oid: hex }]), [new StoredObjectId(hex)])).toBe(true)
    expect(decode({ $date: 'text' })).toEqual({ $date: 'text' })
  })
})
