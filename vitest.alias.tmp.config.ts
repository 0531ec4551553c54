import { defineConfig } from 'vitest/config'
const m = process.env.NEXT
export default defineConfig({ root: '/tmp/wt/drizzle', resolve: { tsconfigPaths: true, alias: { 'drizzle-orm': m + '/drizzle-orm' } }, test: { include: ['src/sql/**/*.test.ts','test/**/*.test.ts'], testTimeout: 60000, hookTimeout: 60000 } })
