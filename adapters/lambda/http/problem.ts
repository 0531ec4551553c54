const titles = {
  400: 'Bad Request',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
} as const

/** What the adapter itself has to answer, before or after the application had its say. */
export function problem(status: keyof typeof titles, detail?: string): Response {
  const body = { type: 'about:blank', title: titles[status], status, ...(detail === undefined ? {} : { detail }) }
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } })
}
