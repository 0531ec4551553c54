import type { ConfigDefinition } from '../../config/define-config.ts'
import { isSchema, type SchemaInfo } from '../../core/setting/schema-node.ts'
import { isSecret } from '../../core/setting/secret.ts'
import type { Section } from '../../core/setting/section.ts'
import type { SettingRecord } from '../wire.ts'
import { withoutCredentials } from './without-credentials.ts'

/** Values are shown where the section's own schema says that they are not secret; never those of a foreign schema. */
export function settingsOf(
  config: ConfigDefinition | undefined,
  read: (section: Section<unknown>) => unknown,
): readonly SettingRecord[] {
  return Object.values(config?.sections ?? {}).flatMap((section) => {
    const value = read(section)
    const leaves = isSchema(section.schema) ? known(value, section.schema) : unknown(value)
    return leaves.map((leaf) => ({ section: section.name, ...leaf }))
  })
}

type Leaf = Omit<SettingRecord, 'section'>

function known(value: unknown, info: SchemaInfo, path = ''): Leaf[] {
  const { fields, element, description } = info
  if (value === undefined) return [{ path, value: 'not set', description }]
  if (info.secret || isSecret(value)) return [{ path, description }]
  if (fields !== undefined && isRecord(value)) {
    return Object.entries(fields).flatMap(([key, field]) => known(value[key], field, join(path, key)))
  }
  if (element !== undefined && Array.isArray(value)) {
    return value.flatMap((entry, index) => known(entry, element, join(path, String(index))))
  }
  // What describes neither fields nor entries, a schema of a driver for example, may hold anything.
  if (typeof value === 'object') return unknown(value, path).map((leaf) => ({ ...leaf, description }))
  const unit = info.shape.startsWith('a duration') ? ' ms' : ''
  return [{ path, value: `${withoutCredentials(String(value))}${unit}`, description }]
}

function unknown(value: unknown, path = ''): Leaf[] {
  if (!isRecord(value)) return [{ path, description: '' }]
  return Object.keys(value).map((key) => ({ path: join(path, key), description: '' }))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isSecret(value)
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
