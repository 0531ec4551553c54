import type { Finding } from '../finding.ts'
import type { DeclaredWorker } from '../manifest/environments.ts'
import { listOf, partOf } from '../manifest/read-manifest.ts'
import type { Project } from '../project.ts'
import { checkVariables, type DeclaredEnvironment } from './variables.ts'

/** A Hyperdrive as a Worker has it; its address is made when it is deployed. */
const hyperdrive = { connectionString: 'postgresql://role:secret@host/database' }

/** The variables and bindings of a Worker beside what its applications read. */
export async function checkWorkerEnvironment(
  { applications }: Project,
  { file, content, keyOf }: DeclaredWorker,
): Promise<readonly Finding[]> {
  const databases = listOf(content, 'hyperdrive').flatMap(({ binding }) =>
    typeof binding === 'string' ? [binding] : [],
  )
  const environment: DeclaredEnvironment = {
    file,
    keyOf: (variable) => keyOf(`vars.${variable}`),
    values: { ...partOf(content, 'vars'), ...Object.fromEntries(databases.map((name) => [name, hyperdrive])) },
    opaque: new Set(),
    secretBy: 'npx wrangler secret put NAME, and remove it from the file',
  }
  const found: Finding[] = []
  for (const app of applications) {
    const findings = await checkVariables(app, environment)
    // A dashboard may set them where the file says so.
    found.push(...findings.filter(({ code }) => code !== 'variable-missing' || content['keep_vars'] !== true))
    const read = new Set(
      Object.values(app.options.config?.sections ?? {}).flatMap(({ aliases }) => Object.values(aliases).flat()),
    )
    if (databases.some((name) => read.has(name)) || !read.has('HYPERDRIVE')) continue
    for (const name of databases) found.push(unread(name, file, keyOf('hyperdrive[].binding')))
  }
  return found
}

function unread(name: string, file: string, key: string): Finding {
  const message = `the Hyperdrive ${name} is read by no section: its URL is looked for in HYPERDRIVE`
  return { code: 'binding-unread', severity: 'error', message, file, key, fix: 'Set the binding to "HYPERDRIVE".' }
}
