import { describe, expect, it } from 'vitest'
import { endpointOf } from './endpoint.ts'

describe('the endpoint', () => {
  it.each([
    [{ region: 'eu-central-1' }, 'https://dynamodb.eu-central-1.amazonaws.com/', 'eu-central-1'],
    [{ region: 'cn-north-1' }, 'https://dynamodb.cn-north-1.amazonaws.com.cn/', 'cn-north-1'],
    [{ endpointUrl: 'http://127.0.0.1:8000' }, 'http://127.0.0.1:8000/', 'us-east-1'],
    [{ endpointUrl: 'http://127.0.0.1:8000', region: 'local' }, 'http://127.0.0.1:8000/', 'local'],
    [
      { endpointUrl: 'https://dynamodb-fips.us-gov-west-1.amazonaws.com' },
      'https://dynamodb-fips.us-gov-west-1.amazonaws.com/',
      'us-gov-west-1',
    ],
    [
      { endpointUrl: 'https://vpce-1-2.dynamodb.eu-west-1.vpce.amazonaws.com' },
      'https://vpce-1-2.dynamodb.eu-west-1.vpce.amazonaws.com/',
      'eu-west-1',
    ],
  ])('the endpoint of %j is %s', (config, url, region) => {
    expect(endpointOf(config)).toMatchObject({ url, region })
  })

  it.each([{}, { region: 'evil.example/' }, { region: '' }, { endpointUrl: 'dynamodb' }, { endpointUrl: 'file:///x' }])(
    'is refused for %j',
    (config) => {
      expect(() => endpointOf(config)).toThrowError(expect.objectContaining({ code: 'LEX_ERR_USE_001' }))
    },
  )

  it.each([
    [{ region: 'eu-central-1' }, 'https://streams.dynamodb.eu-central-1.amazonaws.com/'],
    [{ region: 'cn-north-1' }, 'https://streams.dynamodb.cn-north-1.amazonaws.com.cn/'],
    [{ endpointUrl: 'https://dynamodb.us-east-2.amazonaws.com' }, 'https://streams.dynamodb.us-east-2.amazonaws.com/'],
    [{ endpointUrl: 'http://127.0.0.1:8000' }, 'http://127.0.0.1:8000/'],
    [{ endpointUrl: 'http://127.0.0.1:8000', streamsEndpointUrl: 'http://127.0.0.1:8001' }, 'http://127.0.0.1:8001/'],
    [{ region: 'eu-central-1', streamsEndpointUrl: 'https://proxy.example' }, 'https://proxy.example/'],
  ])('the endpoint of the streams of %j is %s', (config, url) => {
    expect(endpointOf(config).streamsUrl).toBe(url)
  })

  it('the endpoint of streams must be a URL', () => {
    expect(() => endpointOf({ region: 'eu-central-1', streamsEndpointUrl: 'proxy' })).toThrowError(
      expect.objectContaining({ code: 'LEX_ERR_USE_001' }),
    )
  })
})
