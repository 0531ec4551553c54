import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse as parseToml } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { root } from '../../tools/commands/steps.ts'
import { dataKinds, platforms, type Choices } from '../../tools/create/src/choices.ts'
import { textsOf } from '../../tools/create/src/texts.ts'

interface Resource {
  readonly Type: string
  readonly Properties?: Readonly<Record<string, unknown>>
}
interface Serverless {
  readonly provider: Readonly<Record<string, unknown>> & { readonly environment: Readonly<Record<string, string>> }
  readonly resources: { readonly Resources: Readonly<Record<string, Resource>> }
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const textOf = (choices: Choices, name: string): string => textsOf(choices)[name] ?? ''

/** What a new project's manifest cannot have of the example's: its names, its data and its own settings. */
const own = ['name', 'main', 'vars']

describe.each(dataKinds)('the manifests of a new project with %s', (data) => {
  it('deploy a Worker as wrangler.toml deploys the example', () => {
    const example = Object.entries(parseToml(read('wrangler.toml'))).filter(([key]) => !own.includes(key))
    const created: unknown = JSON.parse(textOf({ platform: 'worker', data, name: 'notes' }, 'wrangler.json'))
    expect(example.map(([key]) => key)).toContain('observability')
    expect(created).toMatchObject(Object.fromEntries(example))
  })

  describe('as serverless.yml deploys the example', () => {
    // Both are files of this repository.
    const example = parseYaml(read('serverless.yml')) as Serverless
    const created = parseYaml(textOf({ platform: 'lambda', data, name: 'notes' }, 'serverless.yml')) as Serverless

    it('run on the same kind of function', () => {
      const { environment: _environment, iam: _iam, ...provider } = example.provider
      expect(created.provider).toMatchObject(provider)
    })

    it('pass on the secrets in the same way', () => {
      const { CURSOR_SECRET, NODE_OPTIONS, DATABASE_URL } = example.provider.environment
      expect(created.provider.environment).toMatchObject({
        CURSOR_SECRET,
        NODE_OPTIONS,
        ...(data !== 'documents' && { DATABASE_URL }),
      })
    })

    it('raise the alarms of the function and of its API', () => {
      expect(alarmsOf(created)).toEqual(alarmsOf(example))
      expect(Object.keys(alarmsOf(created))).toEqual(['Errors', '5xx'])
      expect(created.resources.Resources['Alarms']).toEqual(example.resources.Resources['Alarms'])
    })
  })
})

describe('the name of what is deployed', () => {
  it.each([
    ['notes', 'notes'],
    ['@acme/my_notes', 'my-notes'],
    ['my.notes', 'my-notes'],
    ['2027-notes', 'notes-2027-notes'],
    ['my-odd-name-', 'my-odd-name'],
    ['n', 'notes-n'],
    ['~', 'notes'],
    [`a${'-b'.repeat(100)}`, `a${'-b'.repeat(15)}`],
  ])('is one that Workers and Lambda take: %s', (name, service) => {
    const worker = JSON.parse(textOf({ platform: 'worker', data: 'sql', name }, 'wrangler.json')) as { name: string }
    const { service: lambda } = parseYaml(textOf({ platform: 'lambda', data: 'sql', name }, 'serverless.yml')) as {
      service: string
    }
    expect([worker.name, lambda]).toEqual([service, service])
  })
})

describe.each(platforms.filter((platform) => platform !== 'node'))('a new project on %s', (platform) => {
  it.each(dataKinds)('says that page cursors need a secret: %s', (data) => {
    expect(textOf({ platform, data, name: 'notes' }, 'README.md')).toContain('`CURSOR_SECRET`')
  })
})

/** The alarms of functions and APIs by their metric, without what they are called. */
function alarmsOf({ resources }: Serverless) {
  const alarms = Object.values(resources.Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
  return Object.fromEntries(
    alarms.flatMap(({ Properties = {} }) => {
      const { AlarmDescription: _description, Dimensions, MetricName, Namespace, ...rest } = Properties
      if (Namespace === 'AWS/SQS') return []
      const names = (Dimensions as readonly { readonly Name: string }[]).map(({ Name }) => Name)
      return [[MetricName as string, { ...rest, Namespace, names }]]
    }),
  )
}
