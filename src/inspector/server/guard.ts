/** The parts of a request that say who has sent it. */
export interface Sender {
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly fetchSite: string | undefined
}

/**
 * Why a request is refused; undefined for one that may pass. A page of another site may make a browser send anything to
 * this port, and a name of another site may lead here (DNS rebinding): the first tells on itself by `Origin` and
 * `Sec-Fetch-Site`, the second by `Host`.
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
