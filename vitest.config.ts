import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'
import { peerSets } from './tools/packages/peers.ts'
import { folderOf, installedMark } from './tools/packages/tool-set.ts'

/** Drizzle 1.x; where it is not installed, test/package/peers.test.ts says so by name. */
const drizzle1 = folderOf(peerSets.next)

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    // A limit is for what hangs: on a busy machine everything else takes long, too.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{src,adapters,tools,examples}/**/*.test.ts'],
          // Tests of the projects that they become, which run them.
          exclude: [...configDefaults.exclude, 'tools/create/templates/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          // The whole program is checked by tsc; here only what the tests say about types counts.
          typecheck: {
            enabled: true,
            only: true,
            ignoreSourceErrors: true,
            include: ['{src,adapters}/**/*.test-d.ts'],
          },
        },
      },
      {
        extends: true,
        test: { name: 'whole', include: ['test/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        extends: true,
        // The same tests of what depends on Drizzle, over the candidate of its next version.
        resolve: { alias: { 'drizzle-orm': join(drizzle1, 'node_modules/drizzle-orm') } },
        test: {
          name: 'drizzle 1',
          include: existsSync(join(drizzle1, installedMark))
            ? [
                'src/sql/{drizzle,repository,specification}/*.test.ts',
                'src/sql/migration/{adoption,migrator}.test.ts',
                'src/sql/*.test.ts',
                'src/sql/session/open-session.test.ts',
                'src/sql/drivers/pglite/driver.test.ts',
                'src/cli/migrate/drizzle-folder.test.ts',
              ]
            : [],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
