import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runCommand } from '../../src/cli/command.ts'
import { root } from '../../tools/commands/steps.ts'
import { serverlessOf } from '../../tools/create/src/serverless.ts'

interface Resource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
}
interface Manifest {
  readonly provider: { readonly iam?: { readonly role: { readonly statements: unknown } } }
  readonly resources?: { readonly Resources: Readonly<Record<string, Resource>> }
}

/** The tables and the statements of `serverless.yml`. */
function declared(text: string) {
  const { provider, resources } = parse(text) as Manifest
  return { tables: tablesOf(resources?.Resources ?? {}), statements: provider.iam?.role.statements }
}

/** The same of what the command prints. */
async function printed(...args: readonly string[]) {
  const lines: string[] = []
  const code = await runCommand(['dynamodb', 'tables', ...args, '--format=cloudformation'], {
    signal: new AbortController().signal,
    print: (line) => lines.push(line),
    complain: (line) => lines.push(line),
  })
  expect([code, code === 0 ? '' : lines.join('\n')]).toEqual([0, ''])
  const { Resources } = parse(lines.join('\n')) as { Resources: Readonly<Record<string, Resource>> }
  const policy = Resources['DocumentsPolicy']?.Properties['PolicyDocument'] as { readonly Statement: unknown }
  return { tables: tablesOf(Resources), statements: policy.Statement }
}

function tablesOf(resources: Readonly<Record<string, Resource>>) {
  return Object.fromEntries(Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::DynamoDB::Table'))
}

describe('the tables and statements of serverless.yml are what dynamodb tables prints', () => {
  it('serverless.yml has the tables that dynamodb tables prints for the collections of the example', async () => {
    const module = join(root, 'examples/app/collections.ts')
    const manifest = declared(readFileSync(join(root, 'serverless.yml'), 'utf8'))
    expect(Object.keys(manifest.tables)).toEqual(['CatalogueTable'])
    expect(manifest).toEqual(await printed(module, '--table=catalogue', '--stream'))
  })

  it.each([
    { data: 'documents', names: ['notes'] },
    { data: 'both', names: ['comments'] },
  ] as const)(
    'serverless.yml has the tables that dynamodb tables prints for a new project with $data',
    async ({ data, names }) => {
      const folder = mkdtempSync(join(tmpdir(), 'lexigram-declared-'))
      const entry = JSON.stringify(join(root, 'src/nosql/contract/define-collection.ts'))
      const module = join(folder, 'collections.ts')
      const exports = names.map((name) => `export const ${name} = defineCollection('${name}')`)
      writeFileSync(module, [`import { defineCollection } from ${entry}`, ...exports, ''].join('\n'))
      try {
        const manifest = declared(serverlessOf({ platform: 'lambda', data, name: 'my-notes' }))
        expect(Object.keys(manifest.tables)).toEqual(['NotesTable'])
        expect(manifest).toEqual(await printed(module, '--table=notes'))
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
  )

  it('a new project without documents has no tables', () => {
    const manifest = declared(serverlessOf({ platform: 'lambda', data: 'sql', name: 'my-notes' }))
    expect(manifest).toEqual({ tables: {}, statements: undefined })
  })
})
