import { describe, expect, it } from 'vitest'
import { readDatabaseUrl } from '../../provider/database-url.ts'
import { assertEncryption, endpointsFor } from './endpoint.ts'

const at = (url: string, override?: string) => endpointsFor(new URL(url), override)

describe('where Neon is spoken', () => {
  it.each(['localhost', '127.0.0.1', '[::1]', 'db.localhost'])('is this machine, over plain HTTP, for %s', (host) => {
    expect(at(`postgresql://u:p@${host}:5555/d`)).toEqual({
      http: `http://${host}:5555/sql`,
      webSocket: `${host}:5555/v2`,
      secureWebSocket: false,
    })
  })

  it('is port 4444 of this machine when the URL names none', () => {
    expect(at('postgresql://u:p@localhost/d')?.http).toBe('http://localhost:4444/sql')
  })

  it('is left to the vendor for every other host', () => {
    expect(at('postgresql://u:p@ep-cool-1.eu-central-1.aws.neon.tech/d')).toBeUndefined()
    expect(at('postgresql://u:p@notlocalhost/d')).toBeUndefined()
  })

  it.each(['https://proxy.example', 'https://proxy.example/', 'https://proxy.example/sql'])('can be %s', (override) => {
    expect(at('postgresql://u:p@db.example/d', override)).toEqual({
      http: 'https://proxy.example/sql',
      webSocket: 'proxy.example/v2',
      secureWebSocket: true,
    })
  })
})

describe('what a URL says of encryption', () => {
  const check = (text: string, endpoint?: string) => {
    const url = readDatabaseUrl(text)
    assertEncryption(url, endpointsFor(new URL(url.href), endpoint))
  }
  const remote = 'postgresql://u:p@ep-cool-1.eu-central-1.aws.neon.tech/d'
  const local = 'postgresql://u:p@localhost:4444/d'

  it.each([
    `${remote}?sslmode=require&channel_binding=require`,
    `${remote}?sslmode=verify-full`,
    `${remote}?sslmode=prefer`,
    `${local}?sslmode=disable&channel_binding=prefer`,
    local,
  ])('is obeyed in %s', (text) => {
    expect(() => check(text)).not.toThrow()
  })

  it.each(['disable', 'allow', 'no-verify', ''])('is refused at Neon as sslmode=%s', (mode) => {
    expect(() => check(`${remote}?sslmode=${mode}`)).toThrow(
      /sslmode of the database URL must be prefer, require, verify-ca, verify-full for neon/,
    )
  })

  it.each(['sslmode=require', 'channel_binding=require'])('is refused where the endpoint is plain: %s', (text) => {
    expect(() => check(`${local}?${text}`)).toThrow(/must be disable, (allow, )?prefer for neon/)
  })

  it('depends on the endpoint that was passed', () => {
    expect(() => check(`${local}?sslmode=require`, 'https://proxy.test')).not.toThrow()
    expect(() => check(`${remote}?sslmode=require`, 'http://proxy.test')).toThrow(/for neon/)
  })

  it('is refused as a channel binding that does not exist', () => {
    expect(() => check(`${remote}?channel_binding=always`)).toThrow(/channel_binding of the database URL must/)
  })
})
