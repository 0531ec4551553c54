import { resolveFrom, type Module } from './modules.ts'

/** A part of the source: which files it has, which parts it may import, and which packages. */
interface Area {
  readonly name: string
  readonly files: RegExp
  /** Names of areas; its own files are always allowed. */
  readonly uses: readonly string[]
  readonly packages?: readonly string[]
}

const data = ['core']
const wiring = ['core', 'config', 'container', 'runtime']

/** The first area whose pattern fits is a file's area, so that special files come before their folder. */
const areas: readonly Area[] = [
  { name: 'core', files: /^src\/core\//, uses: [] },
  { name: 'config', files: /^src\/config\//, uses: ['core'] },
  { name: 'container', files: /^src\/container\//, uses: ['core'] },
  { name: 'runtime', files: /^src\/runtime\//, uses: ['core', 'config', 'container'] },
  {
    name: 'sql provider',
    files: /^src\/sql\/(?:(?:provider|in-transaction)\.ts$|wiring\/)/,
    uses: [...wiring, 'sql'],
    packages: ['drizzle-orm'],
  },
  { name: 'nosql provider', files: /^src\/nosql\/provider(?:\.ts$|\/)/, uses: [...wiring, 'nosql'] },
  { name: 'sql entry', files: /^src\/sql\/index\.ts$/, uses: ['sql', 'sql provider', 'core'] },
  { name: 'nosql entry', files: /^src\/nosql\/index\.ts$/, uses: ['nosql', 'nosql provider', 'core'] },
  driver('sql', 'neon', ['@neondatabase/serverless', 'drizzle-orm']),
  driver('sql', 'pglite', ['@electric-sql/pglite', 'drizzle-orm']),
  driver('sql', 'postgres', ['pg', 'drizzle-orm']),
  driver('nosql', 'memory', []),
  driver('nosql', 'mongodb', ['mongodb']),
  {
    name: 'nosql/drivers/dynamodb/sdk',
    files: /^src\/nosql\/drivers\/dynamodb\/sdk\//,
    uses: ['nosql/drivers/dynamodb', 'nosql', 'core'],
    packages: ['@aws-sdk/client-dynamodb'],
  },
  driver('nosql', 'dynamodb', ['aws4fetch']),
  driver('nosql', 'firestore', ['jose']),
  { name: 'sql', files: /^src\/sql\/(?!drivers\/)/, uses: data, packages: ['drizzle-orm'] },
  { name: 'nosql', files: /^src\/nosql\/(?!drivers\/)/, uses: data },
  { name: 'hono', files: /^src\/hono\//, uses: wiring, packages: ['hono'] },
  {
    name: 'testing',
    files: /^src\/testing\//,
    uses: [...wiring, 'sql', 'sql provider', 'nosql', 'nosql provider', 'nosql/drivers/memory', 'tracing'],
    packages: ['drizzle-orm'],
  },
  {
    name: 'cli/bundled',
    files: /^src\/cli\/bundled\//,
    uses: [],
    packages: ['commander', '@bomb.sh/tab', '@dagrejs/dagre', 'jsonc-parser', 'semver', 'smol-toml', 'yaml'],
  },
  {
    name: 'cli',
    files: /^src\/cli\//,
    uses: [
      ...wiring,
      'cli/bundled',
      'inspector',
      'testing',
      'sql',
      'sql/drivers/neon',
      'sql/drivers/pglite',
      'sql/drivers/postgres',
      'nosql',
      'nosql/drivers/dynamodb',
      'nosql/drivers/firestore',
      'nosql/drivers/mongodb',
    ],
    packages: ['ws', 'pg', '@electric-sql/pglite', 'drizzle-orm'],
  },
  { name: 'tracing', files: /^src\/tracing\//, uses: ['core'] },
  {
    name: 'opentelemetry',
    files: /^src\/opentelemetry\//,
    uses: ['core', 'tracing'],
    packages: ['@opentelemetry/api'],
  },
  { name: 'inspector', files: /^src\/inspector\//, uses: [...wiring, 'tracing'] },
  { name: 'main entry', files: /^src\/index\.ts$/, uses: wiring },
  { name: 'adapters/workers/tracing', files: /^adapters\/workers\/tracing\//, uses: ['core', 'tracing'] },
  { name: 'adapters/lambda/metrics', files: /^adapters\/lambda\/metrics\//, uses: ['core', 'tracing'] },
  adapter('workers', []),
  adapter('lambda', ['aws-lambda']),
  adapter('vercel', ['@vercel/functions']),
  adapter('node', []),
  {
    name: 'examples',
    files: /^examples\//,
    uses: [],
    packages: ['lexigram-edge', 'drizzle-orm', 'hono', 'hono-openapi', 'valibot'],
  },
]

/** Where Node's own modules may be imported. */
const onNode = /^(?:src\/cli|src\/inspector\/server|adapters\/lambda|adapters\/node|examples\/(?:node|lambda))\//

/** Where the modules of workerd may be imported. */
const onWorkers = /^(?:adapters\/workers|examples\/worker)\//

/** What an import would have to be to be allowed, for each one that is not. */
export function violations(module: Module): string[] {
  const area = areaOf(module.path)
  if (area === undefined) return [`${module.path} is in no area of the layout`]
  return module.imports.flatMap((specifier) => {
    const problem = specifier.startsWith('.') ? ofFile(module, area, specifier) : ofPackage(module, area, specifier)
    return problem === undefined ? [] : [`${module.path} imports ${specifier}: ${problem}`]
  })
}

function ofFile(module: Module, area: Area, specifier: string): string | undefined {
  const target = resolveFrom(module.path, specifier)
  const isRuntimeFacade = area.name.startsWith('adapters/') && target === 'src/runtime/index.ts'
  if (isRuntimeFacade) return undefined
  if (target.endsWith('/index.ts') && !target.startsWith('examples/')) return 'import the file, not the index'
  const found = areaOf(target)
  if (found === undefined) return 'it is in no area of the layout'
  if (found.name === area.name || area.uses.includes(found.name)) return undefined
  return `${area.name} may not use ${found.name}`
}

function ofPackage(module: Module, area: Area, specifier: string): string | undefined {
  if (specifier.startsWith('node:')) return onNode.test(module.path) ? undefined : 'only what runs on Node may use it'
  if (specifier.startsWith('cloudflare:')) {
    return onWorkers.test(module.path) ? undefined : 'only what runs on Workers may use it'
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
  return area.packages?.includes(name) === true ? undefined : `${area.name} may not use the package ${name}`
}

function areaOf(path: string): Area | undefined {
  return areas.find((area) => area.files.test(path))
}

function driver(layer: 'sql' | 'nosql', name: string, packages: readonly string[]): Area {
  const path = `${layer}/drivers/${name}`
  return { name: path, files: new RegExp(`^src/${path}/`), uses: [layer, 'core'], packages }
}

function adapter(name: string, packages: readonly string[]): Area {
  return { name: `adapters/${name}`, files: new RegExp(`^adapters/${name}/`), uses: ['core'], packages }
}
