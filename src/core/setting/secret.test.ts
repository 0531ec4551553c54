import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { isSecret, reveal, toSecret } from './secret.ts'

describe('a secret', () => {
  const secret = toSecret('hunter2')

  it.each([
    ['text', String(secret)],
    ['a template', `<${secret as unknown as string}>`],
    ['JSON', JSON.stringify({ secret })],
    ['an inspector', inspect({ secret }, { depth: 9, showHidden: true })],
    ['an inspector that ignores custom printing', inspect(secret, { customInspect: false, showHidden: true })],
    ['a spread', JSON.stringify({ ...secret })],
    ['its names', JSON.stringify(Object.getOwnPropertyNames(secret))],
  ])('does not show in %s', (_where, shown) => {
    expect(shown).not.toContain('hunter2')
  })

  it('prints as [secret]', () => {
    expect(String(secret)).toBe('[secret]')
    expect(JSON.stringify(secret)).toBe('"[secret]"')
    expect(inspect(secret)).toBe('[secret]')
  })

  it('cannot be cloned with its value', () => {
    expect(JSON.stringify(structuredClone(secret))).not.toContain('hunter2')
  })

  it('is revealed by name only', () => {
    expect(reveal(secret)).toBe('hunter2')
  })

  it('is hidden once however often', () => {
    expect(toSecret(secret)).toBe(secret)
    expect(isSecret(secret)).toBe(true)
    expect(isSecret('hunter2')).toBe(false)
  })

  it('refuses to reveal a value that is not a secret, without repeating it', () => {
    expect(() => Reflect.apply(reveal, undefined, ['hunter2'])).toThrow(/^the argument of reveal must be a secret$/)
  })
})
