import { UsageError } from '../../core/errors.ts'
import type { CollectionSpec } from '../../nosql/contract/define-collection.ts'
import type { CommandRun } from '../command-context.ts'
import { isCollection } from '../is-collection.ts'
import { loadModule } from '../load-module.ts'
import { toCdk } from './cdk.ts'
import { toCloudFormation, toSam } from './cloudformation.ts'
import type { FormatName } from './format-names.ts'
import { infrastructureOf, type Infrastructure, type TableOptions } from './tables.ts'
import { toTerraform } from './terraform.ts'

/** As they are written on the line. */
export interface TablesOptions extends TableOptions {
  readonly format: FormatName
}

const formats = {
  cloudformation: toCloudFormation,
  sam: toSam,
  cdk: toCdk,
  terraform: toTerraform,
} as const satisfies Readonly<Record<FormatName, (infrastructure: Infrastructure) => string>>

/**
 * `lexigram-edge dynamodb tables <modules>`: prints the infrastructure of the collections that modules export.
 *
 * @throws UsageError for a line, a module or a name that cannot be
 */
export async function runTables(
  modules: readonly string[],
  options: TablesOptions,
  { report }: CommandRun,
): Promise<number> {
  const infrastructure = infrastructureOf(await collectionsOf(modules), options)
  for (const { name } of infrastructure.tables) {
    if (!/^[\w.-]{3,255}$/.test(name)) {
      throw new UsageError(`the table name ${JSON.stringify(name)} must be 3 to 255 letters, digits, "_", "." and "-"`)
    }
  }
  const text = formats[options.format](infrastructure)
  report.set('format', options.format)
  report.set('tables', infrastructure.tables)
  report.set('text', text)
  report.line(text.trimEnd())
  return 0
}

async function collectionsOf(modules: readonly string[]): Promise<readonly CollectionSpec[]> {
  const specs = new Map<string, CollectionSpec>()
  for (const path of modules) {
    const exported = Object.values(await loadModule(path)).flat()
    for (const value of exported) if (isCollection(value)) specs.set(value.name, value)
  }
  if (specs.size > 0) return [...specs.values()]
  throw new UsageError(`${modules.join(', ')} must export a collection`, {
    hint: 'Export what defineCollection() returns.',
  })
}
