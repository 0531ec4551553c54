import { documentDriverOf, hasDocuments, hasSql, sqlDriverOf, type Choices } from './choices.ts'
import { versions, type Dependency } from './versions.ts'

const peers = {
  neon: ['@neondatabase/serverless'],
  postgres: ['pg'],
  dynamodb: ['aws4fetch'],
  mongodb: ['mongodb'],
} as const

/** The project's package.json. `edge` is the version, range or file of lexigram-edge. */
export function manifestOf(choices: Choices, edge: string): object {
  const { platform, data, name } = choices
  const runtime: Dependency[] = ['hono']
  // What only your machine needs: TypeScript, tests, bundlers, and what replaces databases.
  const development: Dependency[] = ['@types/node', 'typescript', 'vitest']
  if (hasSql(data)) {
    runtime.push('drizzle-orm', ...peers[sqlDriverOf(platform)])
    development.push('@electric-sql/pglite')
    if (platform === 'worker') development.push('pg', 'ws')
  }
  if (hasDocuments(data)) runtime.push(...peers[documentDriverOf(platform)])
  if (platform === 'worker') development.push('wrangler')
  if (platform === 'lambda' || platform === 'vercel') development.push('esbuild')
  return {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: scriptsOf(choices),
    dependencies: { ...pinned(runtime), 'lexigram-edge': edge },
    devDependencies: pinned(development),
    engines: { node: '>=22.18' },
    // npm runs the scripts of these only when asked to: they put a program of your platform in its place.
    ...(needsScripts(development) && { allowScripts: { esbuild: true, workerd: true, sharp: true } }),
  }
}

const needsScripts = (names: readonly Dependency[]): boolean => names.includes('esbuild') || names.includes('wrangler')

function pinned(names: readonly Dependency[]): Record<string, string> {
  return Object.fromEntries(names.toSorted().map((name) => [name, versions[name]]))
}

function scriptsOf({ platform, data }: Choices): Record<string, string> {
  const sql = hasSql(data)
  const serve = 'node --env-file=local.env src/server.ts'
  const migrateLocally =
    'lexigram-edge migrate up --module src/migrations.ts --url "pglite:./.data?role=lexigram_owner"'
  const migrate = { migrate: 'lexigram-edge migrate up --module src/migrations.ts' }
  const check = 'lexigram-edge check src/deployed.ts && lexigram-edge doctor src/deployed.ts'
  const common = {
    test: 'tsc && vitest run',
    // `serverless.yml` names the built file.
    check: platform === 'lambda' ? `npm run build && ${check}` : check,
    ...(sql && migrate),
  }
  if (platform === 'worker') {
    return { start: sql ? 'node dev.mjs' : 'wrangler dev', ...common, deploy: 'wrangler deploy' }
  }
  const start = { ...(sql && { prestart: migrateLocally }), start: serve }
  return { ...start, ...common, ...builds[platform] }
}

const builds = {
  lambda: {
    build:
      'esbuild src/index.ts --bundle --platform=node --target=node22 --format=cjs --sourcemap --outfile=dist/index.cjs',
  },
  vercel: { build: 'node build.mjs' },
  node: { 'start:deployed': 'node src/server.ts' },
} as const
