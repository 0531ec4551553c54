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

Everything comes from the environment that the runtime hands over: variables, secrets and bindings of a Worker, or
\`process.env\`. A setting is read from \`LEX_<SECTION>__<KEY>\`; \`__\` goes one level deeper, and numbers are places in a
list (\`LEX_NOSQL__BACKENDS__0__NAME\`).

- The setting's own variable goes before its other names. Empty text counts as not set.
- A section, or any part of it, may be given as JSON (\`LEX_DATABASE='{"url":"postgres://…"}'\`); more specific variables
  are laid over it.
- Durations are written with their units: \`500ms\`, \`30s\`, \`5m\`, \`1h30m\`, \`2d\`.
- A list of plain values may be written with commas.
- Secrets print as \`[secret]\`; \`reveal(secret)\` hands the value out.
- Whatever is wrong is reported at once, in one \`ConfigurationError\` (\`LEX_ERR_CFG_001\`) that names each variable and what
  was expected, never a value.
- A name that nothing reads is not passed over: within a section it is a problem like any other, with the name that was
  probably meant. A variable of no section that is called almost like a setting that is not set (\`LEX_DATABSE__URL\`,
  \`LEX_DATABASE_URL\`) is named beside other problems, and otherwise reported to \`onError\`, as it may be another
  application's. So is one that is called almost like the other name of a setting that is missing (\`DATABSE_URL\`).
- A variable that names a database (\`MONGODB_URI\`, \`DATABASE_URL\`, \`FIRESTORE_EMULATOR_HOST\`, \`DYNAMODB_ENDPOINT\` …)
  and is read neither by a section nor by a listed driver is reported to \`onError\` at boot, in an application that lists
  drivers. A driver that the configuration asks for by name and that is not listed is a refusal.
- The environment is never written to, and read once per environment object.

## Your own sections

A section is any Standard Schema with a name: \`setting.*\` of this package, zod, valibot, arktype. It is also the token by
which its value is injected.

Variables are text. A foreign schema sees the text first, then what it can mean: a number, a boolean, JSON, a duration, a
list. Blank text counts as not set. Text that a schema coerces must spell what it becomes: \`z.coerce.boolean()\` reads
\`'false'\`, \`'no'\` and \`'off'\` as false and refuses \`'disabled'\`. A schema that throws ends in a \`ConfigurationError\`
that names the variable; the value appears in no message, cause or stack.

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

It is read from \`LEX_MAIL__HOST\` or \`SMTP_HOST\`, \`LEX_MAIL__PASSWORD\` and \`LEX_MAIL__TIMEOUT\`. Other libraries' schemas
get text where they accept it, and otherwise the number, boolean, JSON, duration in milliseconds or list that the text
spells. A bare schema takes the key's name and is injected by \`config.sections.<key>\`. Of names such a schema does not
know, those are problems that are nearly a name that it misses; to have it refuse all others too, make it strict
(\`z.strictObject\`, \`v.strictObject\`, \`'+': 'reject'\` in arktype).
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
