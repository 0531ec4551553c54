import { describe, expect, it } from 'vitest'
import { endpointsFor } from './endpoint.ts'

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
