import { execFile } from 'node:child_process'
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { createLocalRoles, localRoles } from '../../src/sql/provider/local-roles.ts'

const run = promisify(execFile)

/** A private PostgreSQL server, its data in a temporary folder. */
export interface PostgresCluster {
  /** Connection string of a role that row security concerns; the password is asked for with SCRAM. */
  readonly url: string
  /** That of the role that owns the schema, for migrations. */
  readonly ownerUrl: string
  /** That of the superuser `postgres`. */
  readonly superuserUrl: string
  readonly port: number
  /** Starts a hot standby, which streams what is written here and refuses writes. It stops with the cluster. */
  follow(): Promise<PostgresReplica>
  stop(): Promise<void>
}

/** A hot standby of a cluster. */
export interface PostgresReplica {
  /** As that of the cluster. */
  readonly url: string
  readonly superuserUrl: string
  readonly port: number
  stop(): Promise<void>
  /** Starts it again, on the same port. */
  start(): Promise<void>
}

/**
 * The folder with `initdb` and `postgres`, or undefined when this machine has none. Under `CI=true` their absence is
 * an error: a lane that silently does not run proves nothing.
 */
export function findPostgres(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const debian = '/usr/lib/postgresql'
  const folders = [...(env['PATH'] ?? '').split(delimiter), ...versionFolders(debian)]
  const found = folders.find((folder) => isExecutable(join(folder, 'initdb')) && isExecutable(join(folder, 'postgres')))
  if (found === undefined && env['CI'] === 'true') throw new Error('PostgreSQL is not installed: initdb was not found')
  return found
}

/** Starts a cluster on a free port of the loopback interface. `bin` comes from {@link findPostgres}. */
export async function startPostgres(bin: string): Promise<PostgresCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'lexigram-postgres-'))
  const owner = await ownerFor(folder)
  const data = join(folder, 'data')
  const port = await freePort()
  const password = 'lexigram'
  const passwordFile = join(folder, 'password')
  await as(owner, 'sh', ['-c', `umask 077 && printf %s ${password} > ${passwordFile}`])
  const init = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '-N']
  await as(owner, join(bin, 'initdb'), [...init, '--locale=C'])
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories='' -c fsync=off`
  const log = join(folder, 'log')
  await as(owner, join(bin, 'pg_ctl'), ['-D', data, '-l', log, '-w', '-o', settings, 'start'])
  const urlFor = (user: string, at = port): string => `postgresql://${user}:${password}@127.0.0.1:${at}/postgres`
  await createRoles(urlFor('postgres'), password)
  const replicas: PostgresReplica[] = []
  return {
    url: urlFor(localRoles.app),
    ownerUrl: urlFor(localRoles.owner),
    superuserUrl: urlFor('postgres'),
    port,
    async follow() {
      const copy = join(folder, `replica-${replicas.length}`)
      const own = await freePort()
      const source = new URL(urlFor('postgres'))
      // It copies the data, and writes down where to stream the rest from.
      await as(owner, join(toolsOf(bin), 'pg_basebackup'), [
        '-d',
        source.href,
        '-D',
        copy,
        '-R',
        '-X',
        'stream',
        '-c',
        'fast',
      ])
      const flags = `-c listen_addresses=127.0.0.1 -c port=${own} -c unix_socket_directories='' -c fsync=off`
      const control = (...args: string[]) => as(owner, join(bin, 'pg_ctl'), ['-D', copy, '-w', ...args])
      let isRunning = false
      const replica: PostgresReplica = {
        url: urlFor(localRoles.app, own),
        superuserUrl: urlFor('postgres', own),
        port: own,
        async start() {
          await control('-l', `${copy}.log`, '-o', flags, 'start')
          isRunning = true
        },
        async stop() {
          if (isRunning) await control('-m', 'immediate', 'stop')
          isRunning = false
        },
      }
      await replica.start()
      replicas.push(replica)
      return replica
    },
    async stop() {
      for (const replica of replicas) await replica.stop()
      await as(owner, join(bin, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop'])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function createRoles(url: string, password: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of createLocalRoles) await client.query(statement)
    for (const role of Object.values(localRoles)) await client.query(`alter role ${role} password '${password}'`)
  } finally {
    await client.end()
  }
}

/** Only some programs of a version may be linked to from a folder of `PATH`. */
function toolsOf(bin: string): string {
  return dirname(realpathSync(join(bin, 'postgres')))
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root: then its system user, or `nobody`, owns the folder and the processes. */
async function ownerFor(folder: string): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = (await idsOf('postgres')) ?? (await idsOf('nobody'))
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  return owner
}

async function idsOf(user: string): Promise<Owner | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}

async function as(owner: Owner | undefined, command: string, args: readonly string[]): Promise<void> {
  await run(command, args, { ...owner, cwd: '/', timeout: 60_000 })
}

function versionFolders(root: string): string[] {
  try {
    return readdirSync(root)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(root, version, 'bin'))
  } catch {
    return []
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
