/**
 * Whether an answer is a redirect. Requests with credentials are sent with `redirect: 'manual'`, because following one would
 * send the credentials to another host, could send a write twice, and would return an answer about another request. A
 * `fetch` of the caller may follow one all the same. Some runtimes hide the status of a redirect, which is 0 then.
 */
export function isRedirect({ status, redirected }: Pick<Response, 'status' | 'redirected'>): boolean {
  return redirected || status === 0 || (status >= 300 && status < 400)
}
