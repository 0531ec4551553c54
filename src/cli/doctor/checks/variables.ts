import { readEnvTree } from '../../../config/env-tree.ts'
import { leavesOf } from '../../../config/env-value.ts'
import { loadSection } from '../../../config/load-section.ts'
import { findStrays } from '../../../config/stray-variables.ts'
import { isSchema, type SchemaInfo } from '../../../core/setting/schema-node.ts'
import type { Section } from '../../../core/setting/section.ts'
import type { Application } from '../../../runtime/application.ts'
import type { Finding } from '../finding.ts'

/** The environment that a file sets for a function. */
export interface DeclaredEnvironment {
  readonly file: string
  /** The place of a variable in the file. */
  readonly keyOf: (variable: string) => string
  /** Text, and objects of the platform. */
  readonly values: Readonly<Record<string, unknown>>
  /** Names of variables whose value is known when it is deployed only. */
  readonly opaque: ReadonlySet<string>
  /** What sets a variable that the file must not hold. */
  readonly secretBy: string
}

/** What the application's configuration says of the variables that a file sets. */
export async function checkVariables(app: Application, environment: DeclaredEnvironment): Promise<readonly Finding[]> {
  const sections = Object.values(app.options.config?.sections ?? {})
  const found: Finding[] = []
  for (const section of sections) found.push(...(await sectionFindings(section, environment)))
  const { file, keyOf, values } = environment
  for (const { variable, message } of await findStrays(sections, values)) {
    const fix = 'Correct the name, or remove the variable.'
    found.push(error('variable-unknown', `${variable} ${message}`, { file, key: keyOf(variable), fix }))
  }
  return found
}

async function sectionFindings(section: Section<unknown>, environment: DeclaredEnvironment): Promise<Finding[]> {
  const { file, keyOf, values, opaque, secretBy } = environment
  const loaded = await loadSection(section, values)
  const issues = 'issues' in loaded ? loaded.issues : []
  const set = issues.filter(({ variable }) => variable in values && !opaque.has(variable))
  const unset = issues.filter(
    ({ variable, aliases, message }) =>
      message.startsWith('is not set') &&
      ![variable, ...aliases].some((name) => name in values || isSecret(section, name)),
  )
  return [
    ...set.map(({ variable, message }) =>
      error('variable-invalid', `${variable} ${message}`, { file, key: keyOf(variable), fix: 'Correct the value.' }),
    ),
    ...unset.map(({ variable, message }) =>
      error('variable-missing', `${variable} ${message}`, { file, key: keyOf(variable), fix: `Set ${variable}.` }),
    ),
    ...secretsIn(section, environment).map((variable) => {
      const message = `${variable} is a secret, and stands in a file`
      return error('secret-in-file', message, { file, key: keyOf(variable), fix: secretBy.replace('NAME', variable) })
    }),
  ]
}

/** Names of variables that hold a secret as text. */
function secretsIn(section: Section<unknown>, { values, opaque }: DeclaredEnvironment): readonly string[] {
  const { root } = readEnvTree(values, section)
  return leavesOf(root).flatMap(({ node, path }) => {
    const isText = typeof node.value === 'string' && node.source !== undefined && !opaque.has(node.source)
    return isText && infoAt(section, path)?.secret === true ? [node.source ?? ''] : []
  })
}

function isSecret(section: Section<unknown>, variable: string): boolean {
  const { root } = readEnvTree({ [variable]: 'x' }, section)
  return leavesOf(root).some(({ path }) => infoAt(section, path)?.secret === true)
}

function infoAt({ schema }: Section<unknown>, path: readonly string[]): SchemaInfo | undefined {
  let info: SchemaInfo | undefined = isSchema(schema) ? schema : undefined
  for (const step of path) info = info?.element ?? info?.fields?.[step]
  return info
}

function error(
  code: Finding['code'],
  message: string,
  place: { readonly file: string; readonly key: string; readonly fix: string },
): Finding {
  return { code, severity: 'error', message, ...place }
}
