import { describe, expect, it } from 'vitest'
import { assertSendable } from './statement-guard.ts'

const send = (text: string, params: string[] = []) => assertSendable({ text, params })

describe('assertSendable', () => {
  it.each([
    'commit',
    ' COMMIT ',
    ';commit',
    '-- note\ncommit',
    '-- note\rcommit',
    '/* a /* b */ */ rollback',
    'end',
    'begin isolation level serializable',
    'start transaction',
    'abort',
    'savepoint a',
    'release a',
    'rollback to savepoint a',
    'prepare transaction $1',
    'commit prepared $1',
  ])('refuses %j, which begins or ends a transaction', (text) => {
    expect(() => send(text)).toThrow(expect.objectContaining({ code: 'LEX_ERR_USE_001' }))
  })

  it.each(['copy t from stdin', 'COPY t (a)\nTO STDOUT', '/* x */ copy t from stdin with (format csv)'])(
    'refuses %j, which needs a stream',
    (text) => {
      expect(() => send(text)).toThrow(/copy/)
    },
  )

  it.each([
    'set transaction read write',
    'SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE',
    '/* x */ set local transaction_read_only = off',
    'set "transaction_read_only" to off',
    ';reset transaction_read_only',
    'set transaction read/**/write',
    'set transaction -- only\r read write',
    `set U&"transaction\\005fread_only" = off`,
  ])('refuses %j only in a transaction that is read only', (text) => {
    const statement = { text, params: [] }
    expect(() => assertSendable(statement, { readOnly: true })).toThrow(/cannot let a transaction write/)
    expect(() => assertSendable(statement, { readOnly: false })).not.toThrow()
  })

  it.each([
    'select 1',
    'commitments',
    `update t set note = 'commit'`,
    'prepare plan as select 1',
    'set transaction read only',
    `comment on table t is 'copy from stdin'`,
    'do $$ begin null; end $$',
    `copy t from '/tmp/stdin'`,
    '',
  ])('lets %j pass', (text) => {
    expect(() => send(text)).not.toThrow()
  })

  it.each(['delete from t\0 where id = 1', 'select "a\0"'])('refuses %j, which the protocol would cut', (text) => {
    expect(() => send(text)).toThrow(expect.objectContaining({ code: 'LEX_ERR_USE_001' }))
  })

  it('refuses more parameters than the protocol can count, with what to write instead', () => {
    const params = Array.from({ length: 65_536 }, () => '1')
    expect(() => send('select 1', params.slice(1))).not.toThrow()
    expect(() => send('select 1', params)).toThrow(expect.objectContaining({ hint: expect.stringContaining('= any(') }))
  })
})
