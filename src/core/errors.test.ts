import { describe, expect, it } from 'vitest'
import * as errors from './errors.ts'
import { isLexigramError, NotFoundError, ValidationError } from './errors.ts'

describe('LexigramError', () => {
  it('is recognised by its brand, so a second copy of the package recognises it too', () => {
    const foreignCopy = Object.assign(new Error('x'), { [Symbol.for('lexigram-edge.error')]: true })
    expect(isLexigramError(new NotFoundError('x'))).toBe(true)
    expect(isLexigramError(foreignCopy)).toBe(true)
    for (const other of [new Error('x'), null, undefined, 'x', {}]) expect(isLexigramError(other)).toBe(false)
  })

  it('has the name of its class, its cause, hint and details', () => {
    const cause = new Error('below')
    const error = new NotFoundError('x', { cause, hint: 'do y', details: { id: 1 } })
    expect(error).toMatchObject({ name: 'NotFoundError', cause, hint: 'do y', details: { id: 1 } })
    expect(new NotFoundError('x')).not.toHaveProperty('cause')
  })

  it('prints no member that was not given', () => {
    expect(Object.keys(new NotFoundError('x'))).toEqual(['status', 'code'])
  })

  it('has its own code for every leaf', () => {
    const leaves = Object.values(errors).filter((value) => {
      return typeof value === 'function' && value.prototype instanceof Error && value !== ValidationError
    }) as unknown as (new (message: string) => { code?: string })[]
    const codes = leaves.map((Leaf) => new Leaf('x').code).filter((code) => code !== undefined)
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes.length).toBeGreaterThan(8)
    for (const code of codes) expect(code).toMatch(/^LEX_ERR_[A-Z]+_\d{3}$/)
  })
})
