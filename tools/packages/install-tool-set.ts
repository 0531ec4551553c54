import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from '../commands/steps.ts'
import { folderOf, installedMark, manifests, type ToolSet } from './tool-set.ts'

export interface InstallOptions {
  /** Called when something has to be installed. */
  readonly tell: (line: string) => void
  /** Breaks the installation off, its compilers included. */
  readonly signal: AbortSignal
}

export interface Installed {
  /** The end of what npm has said, if it has failed. */
  readonly failure: string | undefined
  readonly wasThere: boolean
}

/** Installs the packages of a set, once for each lock. */
export async function installToolSet(set: ToolSet, { tell, signal }: InstallOptions): Promise<Installed> {
  const folder = folderOf(set)
  if (existsSync(join(folder, installedMark))) return { failure: undefined, wasThere: true }
  tell(`installing ${set.title}${set.note === undefined ? '' : `, ${set.note}`}`)
  // Of an earlier lock, or of an installation that was broken off.
  rmSync(dirname(folder), { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of manifests) copyFileSync(join(root, set.manifests, name), join(folder, name))
  const { status, output } = await install(folder, signal)
  if (status !== 0) return { failure: output.trimEnd().split('\n').slice(-15).join('\n'), wasThere: false }
  writeFileSync(join(folder, installedMark), '')
  return { failure: undefined, wasThere: false }
}

async function install(cwd: string, signal: AbortSignal): Promise<{ status: number; output: string }> {
  signal.throwIfAborted()
  const options = ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=1', '--loglevel=error']
  const npm = process.env['npm_execpath']
  const [command, args] = npm === undefined ? ['npm', options] : [process.execPath, [npm, ...options]]
  // A separate process group, so that what npm has started can be ended with it.
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const abort = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
  }
  signal.addEventListener('abort', abort, { once: true })
  let output = ''
  const keep = (chunk: Buffer): void => void (output += chunk.toString())
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const { promise, resolve } = Promise.withResolvers<number>()
  child.on('error', (error) => {
    output += error.message
    resolve(127)
  })
  child.on('close', (code) => resolve(code ?? 1))
  const status = await promise
  signal.removeEventListener('abort', abort)
  signal.throwIfAborted()
  return { status, output }
}
