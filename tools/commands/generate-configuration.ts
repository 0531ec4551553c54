// Writes docs/configuration.md from the schemas of the package's own sections.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { configurationPage } from '../docs/configuration-page.ts'
import { sections } from '../docs/configuration-sections.ts'
import { root } from './steps.ts'

writeFileSync(join(root, 'docs', 'configuration.md'), configurationPage(sections))
