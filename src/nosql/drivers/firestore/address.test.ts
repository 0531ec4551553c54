import { describe, expect, it } from 'vitest'
import { addressOf } from './address.ts'

const names = { projectId: 'shop', databaseId: '(default)' }
const refused = expect.objectContaining({ code: 'LEX_ERR_USE_001' })

describe('where Firestore is spoken to', () => {
  it('is Google where no emulator is named', () => {
    expect(addressOf(names).baseUrl).toBe('https://firestore.googleapis.com/v1')
  })

  it.each([
    ['127.0.0.1:8080', 'http://127.0.0.1:8080/v1'],
    ['localhost:8080', 'http://localhost:8080/v1'],
    ['http://localhost:8080', 'http://localhost:8080/v1'],
    ['HTTP://localhost:8080/', 'http://localhost:8080/v1'],
    [' localhost:8080/ ', 'http://localhost:8080/v1'],
    ['[::1]:8080', 'http://[::1]:8080/v1'],
    ['firestore', 'http://firestore/v1'],
    ['https://emulator.example', 'https://emulator.example/v1'],
  ])('is the emulator, written %j', (emulatorHost, url) => {
    expect(addressOf({ ...names, emulatorHost }).baseUrl).toBe(url)
  })

  it.each([
    '',
    ' ',
    'http://',
    '::1',
    '::1:8080',
    'a b',
    'h:port',
    'h:99999',
    'u:p@h:1',
    'h:1/v1',
    'h:1?x',
    'ftp://h:1',
  ])('refuses the emulator host %j', (emulatorHost) => {
    expect(() => addressOf({ ...names, emulatorHost })).toThrowError(refused)
  })

  it.each(['shop-5512', 'example.com:shop', '123456789012'])('may be the project %s', (projectId) => {
    expect(addressOf({ ...names, projectId }).root).toBe(`projects/${projectId}/databases/(default)/documents`)
  })

  it.each(['', 'a/b', '..', 'a b', 'p?x', 'p#x', 'p%2F', 'é', 'Shop', 'a:b:c', 'shop\n'])(
    'is never the project %j',
    (projectId) => {
      expect(() => addressOf({ ...names, projectId })).toThrowError(refused)
    },
  )

  it.each(['', 'a/b', '..', 'p?x', '(other)', 'Named', 'named\n'])('is never the database %j', (databaseId) => {
    expect(() => addressOf({ ...names, databaseId })).toThrowError(refused)
  })
})
