import { variableName } from '../../src/core/setting/env-name.ts'
import { isSchema, type SchemaInfo } from '../../src/core/setting/schema-node.ts'
import type { Section } from '../../src/core/setting/section.ts'

interface Row {
  readonly path: readonly string[]
  readonly info: SchemaInfo
  /** Where the settings below this path are described already. */
  readonly as?: readonly string[]
}

const introduction = `# Configuration

<!-- Written by \`npm run docs\` from the schemas; a test compares the two. -->

Configuration comes from the environment that the runtime passes in: variables, secrets and bindings of a Worker, or
\`process.env\`. A setting is read from \`LEX_<SECTION>__<KEY>\`. Each further \`__\` goes one level deeper, and numbers are
places in a list (\`LEX_NOSQL__BACKENDS__0__NAME\`).

- A setting's \`LEX_…\` variable wins over its other names. Empty text counts as not set.
- You can set a section, or a part of it, as JSON (\`LEX_DATABASE='{"url":"postgres://…"}'\`). More specific variables
  override it.
- Write durations with units: \`500ms\`, \`30s\`, \`5m\`, \`1h30m\`, \`2d\`.
- Write a list of plain values with commas.
- Secrets print as \`[secret]\`; \`reveal(secret)\` returns the value.
- One \`ConfigurationError\` (\`LEX_ERR_CFG_001\`) reports all problems. It names each variable and what was expected, never a
  value.
- Unknown variables are reported. Inside a section they are errors, with the name that you probably meant. Elsewhere, a
  variable whose name is close to a setting that is not set (\`LEX_DATABSE__URL\`, \`LEX_DATABASE_URL\`, \`DATABSE_URL\`) is
  listed together with other problems. Without other problems, it goes to \`onError\`, because another application may
  read it.
- A variable that names a database (\`MONGODB_URI\`, \`DATABASE_URL\`, \`FIRESTORE_EMULATOR_HOST\`, \`DYNAMODB_ENDPOINT\` …)
  and is read by no section or listed driver is reported to \`onError\` at boot, if the application lists drivers. A driver
  that the configuration names and the application does not list is an error.
- The environment is read once per environment object, and never changed.

## Your own sections

A section is a Standard Schema with a name: \`setting.*\` of this package, zod, valibot or arktype. It is also the token that
injects its value.

Variables are text. A schema of another library first receives the text, then what the text can mean: a number, a boolean,
JSON, a duration, a list. Blank text counts as not set. Text that a schema coerces must spell the result: \`z.coerce.boolean()\`
reads \`'false'\`, \`'no'\` and \`'off'\` as false and refuses \`'disabled'\`. If a schema throws, you get a
\`ConfigurationError\` that names the variable; no message, cause or stack contains the value.

\`\`\`ts
import { defineConfig, reveal, section, setting, type SectionValue } from 'lexigram-edge'

export const MailConfig = section(
  'mail',
  setting.object({
    host: setting.string({ description: 'Name of the SMTP server.' }),
    password: setting.secret(setting.string()),
    timeout: setting.withDefault(setting.duration(), '10s'),
  }),
  { aliases: { host: 'SMTP_HOST' } },
)
export type MailConfig = SectionValue<typeof MailConfig>

export class Mailer {
  static readonly inject = [MailConfig] as const
  readonly #authorization: string
  constructor(config: MailConfig) {
    this.#authorization = reveal(config.password)
  }
}

export const config = defineConfig({ mail: MailConfig })
\`\`\`

It is read from \`LEX_MAIL__HOST\` or \`SMTP_HOST\`, \`LEX_MAIL__PASSWORD\` and \`LEX_MAIL__TIMEOUT\`. A schema
of another library receives text if it accepts text, and otherwise the number, boolean, JSON, duration in milliseconds or list
that the text spells. A bare schema takes the key's name, and \`config.sections.<key>\` injects it. Such a schema reports an
unknown name only if it is close to a missing one. To refuse all unknown names, make it strict (\`z.strictObject\`,
\`v.strictObject\`, \`'+': 'reject'\` in arktype).
`

/** The page about every setting of these sections, as Markdown. */
export function configurationPage(sections: readonly Section<unknown>[]): string {
  return [introduction, ...sections.map(sectionPart)].join('\n')
}

function sectionPart(section: Section<unknown>): string {
  if (!isSchema(section.schema)) throw new TypeError(`the schema of ${section.name} must describe itself`)
  const rows = rowsOf(section.schema, []).map(({ path, info, as }) => {
    if (as !== undefined) {
      const [here, there] = [path, as].map((steps) => `\`${variableName(section.name, steps)}__…\``)
      return `| ${here} | as ${there} |  |  |`
    }
    const aliases = (section.aliases[path.join('.')] ?? []).map((alias) => `<br>\`${alias}\``).join('')
    const name = variableName(section.name, path)
    const value = info.secret ? `${info.shape} (secret)` : info.shape
    return `| \`${name}\`${aliases} | ${value} | ${defaultOf(info)} | ${info.description} |`
  })
  const title = `## \`${section.name}\`\n`
  const head = '| variable | value | default | purpose |\n|---|---|---|---|'
  return [title, ...(section.description === '' ? [] : [`${section.description}\n`]), head, ...rows, ''].join('\n')
}

/** One row for each value; an entry of a list stands for all of them, and one schema is described once. */
function rowsOf(
  info: SchemaInfo,
  path: readonly string[],
  described = new Map<SchemaInfo, readonly string[]>(),
): Row[] {
  if (info.fields !== undefined) {
    const as = described.get(info)
    if (as !== undefined) return [{ path, info, as }]
    described.set(info, path)
    return Object.entries(info.fields).flatMap(([key, field]) => rowsOf(field, [...path, key], described))
  }
  if (info.element?.fields !== undefined) return rowsOf(info.element, [...path, '0'], described)
  return [{ path, info }]
}

function defaultOf(info: SchemaInfo): string {
  if (info.default !== undefined) return `\`${info.default}\``
  return info.required ? 'required' : ''
}
