import type { Step } from './steps.ts'

/** What must hold before any test is worth running, the cheapest first. */
export const staticChecks: readonly Step[] = [
  { name: 'lock is complete', command: 'node', args: ['tools/packages/check-lock.ts'] },
  { name: 'format', command: 'oxfmt', args: ['--check', '.'] },
  { name: 'types', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'types of the core, without any platform', command: 'tsc', args: ['-p', 'tsconfig.core.json'] },
  { name: 'types of the inspector’s page', command: 'tsc', args: ['-p', 'web/inspector/tsconfig.json'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '.'] },
]

/** Unit tests that start a server or a database: they take longer than a quick check may. */
export const testsWithServers = [
  'src/cli/**',
  'src/sql/{drivers,migration,repository}/**',
  'src/nosql/drivers/{mongodb,dynamodb,firestore}/**',
  'tools/mongodb-server/**',
  'adapters/node/**',
]
