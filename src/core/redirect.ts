/**
 * Whether an answer leads elsewhere. Requests that carry credentials are sent with `redirect: 'manual'`: what follows a
 * redirect hands them to another host, may send a write twice, and returns an answer that says nothing of the first. A
 * `fetch` of the caller's may follow one all the same; and where a runtime hides the status of a redirect, it is 0.
 */
export function isRedirect({ status, redirected }: Pick<Response, 'status' | 'redirected'>): boolean {
  return redirected || status === 0 || (status >= 300 && status < 400)
}
