import { parseArgs, type ParseArgsConfig } from 'node:util'
import { UsageError } from '../../core/errors.ts'
import type { CollectionSpec } from '../../nosql/contract/define-collection.ts'
import type { CommandContext } from '../command-context.ts'
import { loadModule } from '../load-module.ts'
import { toCdk } from './cdk.ts'
import { toCloudFormation, toSam } from './cloudformation.ts'
import { infrastructureOf, type Infrastructure } from './tables.ts'
import { toTerraform } from './terraform.ts'

const options = {
  format: { type: 'string', default: 'cloudformation' },
  table: { type: 'string' },
  'key-prefix': { type: 'string' },
  stream: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options']

const formats: Readonly<Record<string, (infrastructure: Infrastructure) => string>> = {
  cloudformation: toCloudFormation,
  sam: toSam,
  cdk: toCdk,
  terraform: toTerraform,
}

/**
 * `lexigram-edge dynamodb tables <modules>`: prints the infrastructure of the collections that modules export.
 *
 * @throws UsageError for a line, a module or a name that cannot be
 */
export async function runDynamoDb(args: readonly string[], context: CommandContext): Promise<number> {
  const { positionals, values } = parse(args)
  const [command, ...modules] = positionals
  if (command !== 'tables') {
    throw new UsageError(`lexigram-edge dynamodb has no command ${command ?? ''}`.trim(), {
      hint: 'Say dynamodb tables.',
    })
  }
  const render = Object.hasOwn(formats, values.format) ? formats[values.format] : undefined
  if (render === undefined) {
    throw new UsageError(`--format must be one of ${Object.keys(formats).join(', ')}`)
  }
  const infrastructure = infrastructureOf(await collectionsOf(modules), {
    table: values.table,
    keyPrefix: values['key-prefix'],
    stream: values.stream,
  })
  for (const { name } of infrastructure.tables) {
    if (!/^[\w.-]{3,255}$/.test(name)) {
      throw new UsageError(`the table name ${JSON.stringify(name)} must be 3 to 255 letters, digits, "_", "." and "-"`)
    }
  }
  context.print(render(infrastructure).trimEnd())
  return 0
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (cause) {
    throw new UsageError((cause as Error).message, { hint: 'lexigram-edge help', cause })
  }
}

async function collectionsOf(modules: readonly string[]): Promise<readonly CollectionSpec[]> {
  if (modules.length === 0) {
    throw new UsageError('dynamodb tables cannot run: no module was named', {
      hint: 'lexigram-edge dynamodb tables src/collections.ts --format=sam',
    })
  }
  const specs = new Map<string, CollectionSpec>()
  for (const path of modules) {
    const exported = Object.values(await loadModule(path)).flat()
    for (const value of exported) if (isSpec(value)) specs.set(value.name, value)
  }
  if (specs.size > 0) return [...specs.values()]
  throw new UsageError(`${modules.join(', ')} must export a collection`, {
    hint: 'Export what defineCollection() returns.',
  })
}

function isSpec(value: unknown): value is CollectionSpec {
  const { name, fields, indexes, key } = Object(value) as Record<string, unknown>
  return typeof name === 'string' && typeof fields === 'object' && Array.isArray(indexes) && typeof key === 'string'
}
