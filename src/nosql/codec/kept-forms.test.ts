import { describe, expect, it } from 'vitest'
import type { Document, Value } from '../query/value.ts'
import { keptForms, type ForeignValue, type KeptForms } from './kept-forms.ts'

const at = new Date(123)
const other = new Date(456)
const foreign = (path: string, read: Value, form = path): ForeignValue<string> => ({
  path: path.split('.'),
  read,
  form,
})

/** The forms that a document keeps, by dotted paths. */
function formsIn(value: Value, forms: KeptForms<string> | undefined, path = ''): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {}
  const own = forms?.get(value)
  return Object.assign(
    {},
    ...Object.entries(value).map(([step, inner]) => {
      const form = own?.get(step)
      return form === undefined ? formsIn(inner as Value, forms, `${path}${step}.`) : { [path + step]: form }
    }),
  ) as Record<string, string>
}

function kept(values: readonly ForeignValue<string>[], before: Document, after: Document): Record<string, string> {
  return formsIn(after, keptForms(values, { before, after }))
}

describe('a value of another program keeps its form', () => {
  it.each<[string, Document, Record<string, string>]>([
    ['where it is', { a: at, x: 1 }, { a: 'a' }],
    ['under another name', { b: at }, { b: 'a' }],
    ['within an object', { b: { c: at } }, { 'b.c': 'a' }],
    ['within a list', { b: [1, at] }, { 'b.1': 'a' }],
    ['when it is copied', { a: at, b: at }, { a: 'a', b: 'a' }],
    ['not when it is replaced', { a: other }, {}],
  ])('%s', (_where, after, forms) => {
    expect(kept([foreign('a', at)], { a: at }, after)).toEqual(forms)
  })

  it('a value keeps its form in another place of its list', () => {
    const values = [foreign('l.0', at), foreign('l.2', other)]
    expect(kept(values, { l: [at, 1, other] }, { l: [2, at, other] })).toEqual({ 'l.1': 'l.0', 'l.2': 'l.2' })
    expect(kept(values, { l: [at, 1, other] }, { l: [other] })).toEqual({ 'l.0': 'l.2' })
  })

  it('beside a value that only looks the same', () => {
    expect(kept([foreign('a', 'x')], { a: 'x', b: 'x' }, { a: 'x', b: 'x' })).toEqual({ a: 'a' })
  })

  it('a value keeps its form while the same number is new elsewhere', () => {
    expect(kept([foreign('a', 0.1)], { a: 0.1 }, { a: 0.1, b: 0.1 })).toEqual({ a: 'a' })
    expect(kept([foreign('a', 0.1)], { a: 0.1 }, { b: 0.1 })).toEqual({ b: 'a' })
  })
})

describe('two values that read as the same', () => {
  const both = [foreign('a', at), foreign('b', at)]
  const before = { a: at, b: at }

  it.each<[string, Document, Record<string, string>]>([
    ['stay where they are', { a: at, b: at, c: 1 }, { a: 'a', b: 'b' }],
    ['let one of them go', { b: at }, { b: 'b' }],
    ['let one of them be moved', { a: at, c: at }, { a: 'a', c: 'b' }],
  ])('%s', (_how, after, forms) => {
    expect(kept(both, before, after)).toEqual(forms)
  })

  it.each<[string, Document]>([
    ['both are moved', { c: at, d: at }],
    ['one of them is copied', { a: at, b: at, c: at }],
  ])('are refused where %s', (_how, after) => {
    expect(() => kept(both, before, after)).toThrow(expect.objectContaining({ path: 'c' }) as Error)
  })

  it('are refused where a list loses one of them', () => {
    const values = [foreign('l.0', at), foreign('l.1', at)]
    expect(() => kept(values, { l: [at, at] }, { l: [at] })).toThrow(/two values of another program/)
    expect(kept(values, { l: [at, at] }, { l: [at, at, 1] })).toEqual({ 'l.0': 'l.0', 'l.1': 'l.1' })
  })

  it('are moved where their forms are the same', () => {
    const values = [foreign('a', at, 'same'), foreign('b', at, 'same')]
    expect(kept(values, before, { c: at, d: at })).toEqual({ c: 'same', d: 'same' })
  })
})
