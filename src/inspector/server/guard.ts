/** The parts of a request that say who has sent it. */
export interface Sender {
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
}

/**
 * Why a request is refused, or undefined. A page of another site can make a browser send requests to this port: `Origin`
 * and `Sec-Fetch-Site` show it. A name of another site can resolve to this machine (DNS rebinding): `Host` shows it.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function refusalOf({ host, origin, fetchSite }: Sender, port: number): string | undefined {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (host === undefined || !own.includes(host)) return 'the inspector must be asked by its own address'
  if (origin !== undefined && origin !== `http://${host}`) return 'the inspector cannot answer pages of another origin'
  // `same-site` is another port of this machine: a page that an application serves.
  if (fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none') {
    return 'the inspector cannot answer pages of another site'
  }
  return undefined
}
