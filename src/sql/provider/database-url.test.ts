import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../database.ts'
import { neon } from '../drivers/neon/driver.ts'
import { postgres } from '../drivers/postgres/driver.ts'
import { readDatabaseUrl } from './database-url.ts'

describe('a database URL', () => {
  it('is read into its parts, decoded', () => {
    expect(readDatabaseUrl('postgresql://us%40er:p%2F%C3%A4%23%3F%25@[::1]:6543/ma%20in?options=-c%20a%3Db')).toEqual({
      href: 'postgresql://us%40er:p%2F%C3%A4%23%3F%25@[::1]:6543/ma%20in?options=-c%20a%3Db',
      user: 'us@er',
      password: 'p/ä#?%',
      host: '::1',
      port: 6543,
      database: 'ma in',
      parameters: [['options', '-c a=b']],
    })
  })

  it('is a header of HTTP, whatever letters it is written with', () => {
    expect(readDatabaseUrl(' postgresql://ü:s€cret\n@db.test/d').href).toBe(
      'postgresql://%C3%BC:s%E2%82%ACcret@db.test/d',
    )
  })

  const refused: readonly (readonly [string, RegExp])[] = [
    ['postgresql://u:hunter2%00@localhost/d', /cannot have the character NUL/],
    ['postgresql://u%00user%00postgres:hunter2@localhost/d', /cannot have the character NUL/],
    ['postgresql://u:hunter2@local%00host/d', /cannot have the character NUL/],
    ['postgresql://u:hunter2@localhost/d%00', /cannot have the character NUL/],
    ['postgresql://u:hunter2@localhost/d?options=%00', /cannot have the character NUL/],
    ['postgresql://u:hunter2%@localhost/d', /must be percent-encoded/],
    ['postgresql://u:hunter2@localhost/%zz', /must be percent-encoded/],
    ['postgresql://u:hunter2@localhost/d#hunter2', /cannot have a fragment: # is written as %23/],
    ['postgresql://u:hunter2@%2Fvar%2Frun%2Fpostgresql/d', /must name one host/],
    ['postgresql://u:hunter2@one,two/d', /must name one host/],
    ['postgresql://u:hunter2@localhost/d?sslmode=disable&sslmode=require', /cannot have a parameter twice/],
    ['postgresql:///d?host=/tmp&password=hunter2', /must have a user, a host and a database/],
  ]
  const cases = refused.flatMap(([url, message]) => [postgres(), neon()].map((driver) => ({ driver, url, message })))
  it.each(cases)('is refused without a part of it by $driver.name: $url', async ({ driver, url, message }) => {
    const error: unknown = await openDatabase({ drivers: [driver], url }).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'LEX_ERR_USE_001', message: expect.stringMatching(message) as string })
    expect(inspect(error, { depth: 6 })).not.toContain('hunter2')
  })

  it('shows no secret when it has letters that a header has not', async () => {
    const fetch = () => Promise.reject(new TypeError('fetch failed'))
    await using database = await openDatabase({
      drivers: [neon({ fetch })],
      url: 'postgresql://u:hunter2€\n@db.test/d',
    })
    await using session = database.session()
    const error: unknown = await session.execute('select 1').catch((reason: unknown) => reason)
    expect(inspect(error, { depth: 6 })).not.toContain('hunter2')
  })
})
