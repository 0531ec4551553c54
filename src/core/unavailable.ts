/** The answer of an application that has not booted. Why, is for the log. */
export function unavailable(): Response {
  const body = { type: 'about:blank', title: 'Service Unavailable', status: 503 }
  return Response.json(body, { status: 503, headers: { 'content-type': 'application/problem+json' } })
}
