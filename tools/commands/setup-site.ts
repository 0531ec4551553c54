// Installs what the site is built with.
import { siteTools } from '../packages/site-tools.ts'
import { setUp } from '../packages/set-up.ts'

await setUp([siteTools])
