import { expect, it } from 'vitest'
import { missingPackage } from './missing-package.ts'

const notFound = (message: string): Error => Object.assign(new Error(message), { code: 'ERR_MODULE_NOT_FOUND' })

it.each([
  ["Cannot find package 'drizzle-orm' imported from /a/b.js", 'drizzle-orm'],
  ["Cannot find package '@electric-sql/pglite' imported from /a/b.js", '@electric-sql/pglite'],
])('reads the package from %s', (message, name) => {
  expect(missingPackage(notFound(message))).toBe(name)
})

it.each([
  ['of a missing file', notFound("Cannot find module '/a/b.js' imported from /a/c.js")],
  ['of another kind', new Error("Cannot find package 'x'")],
  ['that is not an error', 'Cannot find package'],
])('reads none from an error %s', (_kind, error) => {
  expect(missingPackage(error)).toBeUndefined()
})
