import { configDefaults, defineConfig } from 'vitest/config'

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
    ],
  },
})
