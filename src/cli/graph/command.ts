import { ContainerValidationError } from '../../container/errors.ts'
import { UsageError } from '../../core/errors.ts'
import { traitsOf, type RuntimeName } from '../../testing/check-graph/check-graph.ts'
import type { Combination } from '../../testing/check-graph/combinations.ts'
import { possibleGraphs } from '../../testing/check-graph/possible-graphs.ts'
import { registerAndSeal } from '../../testing/check-graph/register-and-seal.ts'
import { loadApplication } from '../application/load-application.ts'
import type { CommandRun } from '../command-context.ts'
import { drawingOf, type Drawing } from './drawing.ts'
import { toMermaid } from './mermaid.ts'
import { toText } from './text.ts'

/** As they are written on the line. */
export interface GraphOptions {
  readonly export?: string
  readonly format: 'text' | 'mermaid' | 'svg'
  readonly runtime: RuntimeName
  readonly choice: readonly string[]
  readonly env?: boolean
}

/** `lexigram-edge graph <module>`. Nothing boots and no instance is made. @throws ContainerValidationError for a broken graph */
export async function runGraph(path: string, options: GraphOptions, { env, report }: CommandRun): Promise<number> {
  const app = await loadApplication(path, options.export)
  const sample = options.env === true ? { env } : {}
  const graphs = await possibleGraphs(app, { runtime: traitsOf(options.runtime), ...sample })
  const combination = chosenOf(graphs.combinations, options.choice)
  const { container, issues } = await registerAndSeal(graphs.providers, combination, graphs.sample)
  const all = [...graphs.order, ...issues]
  if (all.length > 0) throw new ContainerValidationError(all)
  const drawing = drawingOf(app.name, container)
  report.set('application', app.name)
  report.set('runtime', options.runtime)
  report.set('choices', Object.fromEntries([...combination].map(([provider, { name }]) => [provider.name, name])))
  report.set('nodes', drawing.nodes)
  report.set('edges', drawing.edges)
  report.line(await formats[options.format](drawing))
  return 0
}

const formats: Readonly<Record<GraphOptions['format'], (drawing: Drawing) => string | Promise<string>>> = {
  text: toText,
  mermaid: toMermaid,
  svg: async (drawing) => (await import('./svg.ts')).toSvg(drawing),
}

/** The first combination that has every choice that is asked for. */
function chosenOf(combinations: readonly Combination[], wanted: readonly string[]): Combination {
  const pairs = wanted.map((text) => text.split('=', 2))
  const [half] = pairs.find(({ length }) => length < 2) ?? []
  if (half !== undefined) throw new UsageError(`--choice must be <provider>=<driver>, not ${half}`)
  const choices = (combination: Combination) =>
    new Map([...combination].map(([provider, choice]) => [provider.name, choice.name]))
  const found = combinations.find((each) => pairs.every(([name = '', value]) => choices(each).get(name) === value))
  if (found !== undefined) return found
  const known = new Set(combinations.flatMap((each) => [...choices(each)].map((pair) => pair.join('='))))
  throw new UsageError(`--choice must name what a provider can choose`, {
    hint: known.size === 0 ? 'No provider of this application has choices.' : `There are ${[...known].join(', ')}.`,
  })
}
