import { join } from 'node:path'
import { readText } from '../project.ts'
import { isContent, listOf, partOf, readManifest, type Content } from './read-manifest.ts'
import type { Finding } from '../finding.ts'

/** A function as its manifest declares it. */
export interface DeclaredFunction {
  readonly file: string
  /** Its place in the file. */
  readonly key: string
  /** `src/index.handler`, from the project's folder. */
  readonly handler: string
  readonly handlerKey: string
  readonly runtime: unknown
  readonly environment: Content
  readonly environmentKey: string
  /** Triggers of queues and streams whose answer Lambda would ignore. */
  readonly deafTriggers: readonly string[]
}

/** The functions of `serverless.yml` and of a SAM template, and what cannot be read. */
export function readFunctions(folder: string): {
  readonly functions: readonly DeclaredFunction[]
  readonly findings: readonly Finding[]
} {
  const functions: DeclaredFunction[] = []
  const findings: Finding[] = []
  for (const file of ['serverless.yml', 'serverless.yaml', 'template.yaml', 'template.yml']) {
    const text = readText(join(folder, file))
    if (text === undefined) continue
    const read = readManifest(file, text)
    if ('finding' in read) findings.push(read.finding)
    else functions.push(...(file.startsWith('serverless') ? ofServerless : ofSam)(file, read.content))
  }
  return { functions, findings }
}

function ofServerless(file: string, content: Content): readonly DeclaredFunction[] {
  const provider = partOf(content, 'provider')
  return Object.entries(partOf(content, 'functions')).flatMap(([name, declared]) => {
    if (!isContent(declared) || typeof declared['handler'] !== 'string') return []
    const key = `functions.${name}`
    const own = partOf(declared, 'environment')
    const triggers = listOf(declared, 'events').flatMap((event, index) =>
      ['sqs', 'stream'].flatMap((kind) => {
        if (event[kind] === undefined) return []
        const answers = partOf(event, kind)['functionResponseType'] === 'ReportBatchItemFailures'
        return answers ? [] : [`${key}.events[${index}].${kind}.functionResponseType`]
      }),
    )
    return [
      {
        file,
        key,
        handler: declared['handler'],
        handlerKey: `${key}.handler`,
        runtime: declared['runtime'] ?? provider['runtime'],
        environment: { ...partOf(provider, 'environment'), ...own },
        environmentKey: Object.keys(own).length > 0 ? `${key}.environment` : 'provider.environment',
        deafTriggers: triggers,
      },
    ]
  })
}

const batches = new Set(['SQS', 'DynamoDB', 'Kinesis'])

function ofSam(file: string, content: Content): readonly DeclaredFunction[] {
  const globals = partOf(content, 'Globals', 'Function')
  return Object.entries(partOf(content, 'Resources')).flatMap(([name, resource]) => {
    if (!isContent(resource) || resource['Type'] !== 'AWS::Serverless::Function') return []
    const own = partOf(resource, 'Properties')
    const properties: Content = { ...globals, ...own }
    const { Handler: handler, CodeUri: code } = properties
    if (typeof handler !== 'string') return []
    const key = `Resources.${name}.Properties`
    const triggers = Object.entries(partOf(own, 'Events')).flatMap(([event, declared]) => {
      if (!isContent(declared) || !batches.has(String(declared['Type']))) return []
      const answers = partOf(declared, 'Properties')['FunctionResponseTypes']
      return Array.isArray(answers) && answers.includes('ReportBatchItemFailures')
        ? []
        : [`${key}.Events.${event}.Properties.FunctionResponseTypes`]
    })
    return [
      {
        file,
        key,
        // What esbuild bundles has the name of its source.
        handler: typeof code === 'string' ? join(code, handler) : handler,
        handlerKey: `${key}.Handler`,
        runtime: properties['Runtime'],
        environment: { ...partOf(globals, 'Environment', 'Variables'), ...partOf(own, 'Environment', 'Variables') },
        environmentKey: `${key}.Environment.Variables`,
        deafTriggers: triggers,
      },
    ]
  })
}
