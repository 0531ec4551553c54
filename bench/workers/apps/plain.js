export default {
  fetch: (request) => Response.json({ id: new URL(request.url).pathname.slice(10), name: 'lamp' }),
}
