import { UsageError } from '../../../../core/errors.ts'

/** Where requests go, and the region that their signature names. */
export interface Endpoint {
  readonly url: string
  /** Streams are another service of AWS's. */
  readonly streamsUrl: string
  readonly region: string
}

export interface EndpointSettings {
  readonly region?: string | undefined
  readonly endpointUrl?: string | undefined
  readonly streamsEndpointUrl?: string | undefined
}

/** Domains of the partitions whose regions begin so. @see https://docs.aws.amazon.com/general/latest/gr/ddb.html */
const domains = [
  [/^cn-/, 'amazonaws.com.cn'],
  [/^us-iso-/, 'c2s.ic.gov'],
  [/^us-isob-/, 'sc2s.sgov.gov'],
  [/^eusc-/, 'amazonaws.eu'],
] as const

/**
 * The endpoint of the region unless another is configured, whose name then says the region unless that is configured too.
 *
 * @throws UsageError when there is neither, or one is malformed
 */
export function endpointOf({ region, endpointUrl, streamsEndpointUrl }: EndpointSettings): Endpoint {
  // It becomes a part of the host name.
  if (region !== undefined && !/^[a-z0-9-]{1,64}$/.test(region)) {
    throw new UsageError('the region of dynamodb must be lower case letters, digits and "-"', {
      hint: 'Set AWS_REGION to one such as eu-central-1.',
    })
  }
  const streams = streamsEndpointUrl === undefined ? undefined : urlOf(streamsEndpointUrl).href
  if (endpointUrl !== undefined) {
    const { href: url, hostname } = urlOf(endpointUrl)
    return { url, streamsUrl: streams ?? streamsUrlOf(url), region: region ?? regionIn(hostname) ?? 'us-east-1' }
  }
  if (region === undefined)
    throw new UsageError('the region of dynamodb must be configured', { hint: 'Set AWS_REGION.' })
  const domain = domains.find(([pattern]) => pattern.test(region))?.[1] ?? 'amazonaws.com'
  const url = `https://dynamodb.${region}.${domain}/`
  return { url, streamsUrl: streams ?? streamsUrlOf(url), region }
}

/** AWS has another for streams; elsewhere one serves both. */
function streamsUrlOf(url: string): string {
  return url.replace(/\/\/(dynamodb(?:-fips)?\.[^/:]*\.(?:amazonaws|c2s|sc2s)\.)/, '//streams.$1')
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url
  throw new UsageError('the endpoint of dynamodb must be a URL', { hint: 'Such as http://127.0.0.1:8000.' })
}

/** `dynamodb.eu-central-1.amazonaws.com`, `dynamodb-fips.…`, and endpoints of a VPC. */
function regionIn(host: string): string | undefined {
  return /(?:^|\.)dynamodb(?:-fips)?\.([a-z]{2,}(?:-[a-z]+)+-\d)\./.exec(host)?.[1]
}
