const handler = {
  fetch: (request: Request) => Response.json({ id: new URL(request.url).pathname.slice(10), name: 'lamp' }),
}

export const first = (): Promise<string> => handler.fetch(new Request('https://x.test/products/42')).text()
