import { describe, expect, it } from 'vitest'
import { isCausedByAbort, isTimeout } from './abort-reason.ts'
import { DomainError, TimeoutError } from './errors.ts'

describe('isTimeout', () => {
  it('is true of the reason of AbortSignal.timeout', async () => {
    const signal = AbortSignal.timeout(0)
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    expect(isTimeout(signal.reason)).toBe(true)
  })

  it('is true of a TimeoutError', () => {
    expect(isTimeout(new TimeoutError('late'))).toBe(true)
  })

  it.each([[AbortSignal.abort().reason], [new Error('late')], ['late'], [undefined]])('is false of %o', (reason) => {
    expect(isTimeout(reason)).toBe(false)
  })
})

describe('isCausedByAbort', () => {
  const reason = new Error('the client left')
  class Wrapper extends DomainError {
    readonly code = 'WRAPPED'
  }

  it.each<[string, unknown]>([
    ['the reason itself', reason],
    ['an error with the reason as its cause', new Wrapper('x', { cause: new Error('y', { cause: reason }) })],
    ['a statement that was given up', new TimeoutError('given up', { cause: reason })],
    ['an error that fetch makes', new DOMException('This operation was aborted', 'AbortError')],
    ['a copy of an error that fetch makes', Object.assign(new Error('aborted'), { name: 'AbortError' })],
  ])('is true of %s', (_what, error) => {
    expect(isCausedByAbort(error, reason)).toBe(true)
  })

  it.each<[string, unknown]>([
    ['another error', new Error('bug')],
    ['a deadline', new DOMException('late', 'TimeoutError')],
    ['a text', 'the client left'],
    ['nothing', undefined],
  ])('is false of %s', (_what, error) => {
    expect(isCausedByAbort(error, reason)).toBe(false)
  })

  it('ends for an error that is its own cause', () => {
    const circular = new Error('again')
    circular.cause = circular
    expect(isCausedByAbort(circular, reason)).toBe(false)
  })
})
