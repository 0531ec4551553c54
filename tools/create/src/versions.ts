/** The versions that new projects get: those with which this package is tested. */
export const versions = {
  '@electric-sql/pglite': '0.5.14',
  '@neondatabase/serverless': '1.2.0',
  '@types/node': '24.19.2',
  aws4fetch: '1.0.20',
  'drizzle-orm': '0.45.4',
  esbuild: '0.28.2',
  hono: '4.13.19',
  mongodb: '7.9.0',
  pg: '8.23.1',
  typescript: '7.0.2',
  vitest: '5.1.1',
  wrangler: '4.155.0',
  ws: '8.23.0',
} as const

export type Dependency = keyof typeof versions
