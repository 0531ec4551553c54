/** The packages that an entry cannot be loaded without, as `docs/entry-points.md` lists them. */
export const entryPeers: Readonly<Record<string, string>> = {
  'lexigram-edge/sql': 'drizzle-orm',
  'lexigram-edge/sql/neon': '@neondatabase/serverless',
  'lexigram-edge/sql/postgres': 'pg',
  'lexigram-edge/sql/pglite': '@electric-sql/pglite',
  'lexigram-edge/nosql/mongodb': 'mongodb',
  'lexigram-edge/nosql/dynamodb': 'aws4fetch',
  'lexigram-edge/nosql/dynamodb/sdk': '@aws-sdk/client-dynamodb',
  'lexigram-edge/nosql/firestore': 'jose',
  'lexigram-edge/hono': 'hono',
  'lexigram-edge/opentelemetry': '@opentelemetry/api',
  'lexigram-edge/testing/sql': 'drizzle-orm',
}
