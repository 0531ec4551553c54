import { describe, expect, it } from 'vitest'
import { clientConfig } from './client-config.ts'
import { postgres } from './driver.ts'

const url = 'postgresql://us%40er:p%2Fss@db.test:6543/main'

describe('what the client is given for a URL', () => {
  it('is what the URL says', () => {
    expect(clientConfig(`${url}?application_name=shop&options=-c%20geqo%3Doff`, {})).toMatchObject({
      user: 'us@er',
      password: 'p/ss',
      host: 'db.test',
      port: 6543,
      database: 'main',
      application_name: 'shop',
      options: '-c geqo=off',
      ssl: false,
    })
  })

  it('takes an IPv6 address out of its brackets', () => {
    expect(clientConfig('postgres://u:p@[::1]/d', {})).toMatchObject({ host: '::1', port: 5432 })
  })

  it.each([
    ['disable', false],
    ['require', true],
    ['verify-ca', true],
    ['verify-full', true],
    ['no-verify', { rejectUnauthorized: false }],
  ])('sslmode=%s', (mode, ssl) => {
    expect(clientConfig(`${url}?sslmode=${mode}`, {})).toMatchObject({ ssl })
  })

  it('prefers TLS options to those of the URL', () => {
    const tls = { ca: 'PEM' }
    expect(clientConfig(`${url}?sslmode=no-verify`, { tls })).toMatchObject({ ssl: tls })
  })

  it('leaves the options that were given as they were', () => {
    const tls = Object.freeze({ cert: 'PEM', key: 'PEM' })
    expect(clientConfig(url, { tls }).ssl).not.toBe(tls)
  })

  it.each([{ poolSize: 3 }, { idleTimeout: -1 }, { verifyAfter: '5s' }, { password: 'secret' }])(
    'refuses the options %j without a value of theirs',
    (options) => {
      expect(() => postgres(options as never)).toThrow(
        expect.objectContaining({ code: 'LEX_ERR_USE_001', message: expect.not.stringContaining('secret') }),
      )
    },
  )

  it.each(['prefer', 'allow', 'on'])('refuses sslmode=%s, which may be plain text', (mode) => {
    expect(() => clientConfig(`${url}?sslmode=${mode}`, {})).toThrow(/sslmode of the database URL must be/)
  })

  it.each(['sslrootcert=/ca.pem', 'schema=shop', 'connect_timeout=3'])(
    'refuses %s, which would have no effect',
    (text) => {
      expect(() => clientConfig(`${url}?${text}`, {})).toThrow(
        /cannot have the parameter .*: postgres does not know it/,
      )
    },
  )

  it('does not repeat a parameter that may be a part of a password', () => {
    expect(() => clientConfig(`${url}?hunter2=1`, {})).toThrow(
      'the database URL cannot have a parameter of another name: postgres does not know it',
    )
  })

  it.each(['1', ''])('refuses pgbouncer=%s', (value) => {
    expect(() => clientConfig(`${url}?pgbouncer=${value}`, {})).toThrow(/pgbouncer of the database URL must/)
  })

  it.each(['sometimes', ''])('refuses channel_binding=%s', (value) => {
    expect(() => clientConfig(`${url}?channel_binding=${value}`, {})).toThrow(
      /channel_binding of the database URL must/,
    )
  })

  it.each(['postgresql://db.test/main', 'postgresql://u:secret@db.test', 'postgresql://u:secret%zz@db.test/d'])(
    'refuses %s without repeating it',
    (text) => {
      expect(() => clientConfig(text, {})).toThrow(
        expect.objectContaining({ code: 'LEX_ERR_USE_001', message: expect.not.stringContaining('secret') }),
      )
    },
  )
})
