import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Google's emulator, or one that is already running. */
export interface FirestoreEmulator {
  /** `127.0.0.1:8080`, as `FIRESTORE_EMULATOR_HOST` has it. */
  readonly host: string
  stop(): Promise<void>
}

const program = 'cloud_firestore_emulator'
const sdkFolders = ['/usr/lib/google-cloud-sdk', '/usr/local/google-cloud-sdk', '/opt/google-cloud-sdk']
/** In milliseconds. */
const startLimit = 60_000

/** Where the emulator's program is: in `PATH`, or in the folder of Google's SDK. Undefined where it is not installed. */
function findFirestoreEmulator(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const sdk = [env['CLOUDSDK_ROOT_DIR'], ...sdkFolders].flatMap((folder) => folder ?? [])
  const folders = [
    ...(env['PATH'] ?? '').split(delimiter),
    ...sdk.map((folder) => join(folder, 'platform', 'cloud-firestore-emulator')),
  ]
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}

/** Names an emulator to the tests alone: programs under test read `FIRESTORE_EMULATOR_HOST`. */
const sharedHost = 'LEXIGRAM_FIRESTORE_EMULATOR'

const runningHost = (env: NodeJS.ProcessEnv): string | undefined => env['FIRESTORE_EMULATOR_HOST'] ?? env[sharedHost]

/** Whether {@link startFirestoreEmulator} finds one that runs, or a program to start. */
export function hasFirestoreEmulator(env: NodeJS.ProcessEnv = process.env): boolean {
  return (runningHost(env) ?? findFirestoreEmulator(env)) !== undefined
}

/**
 * Has the processes that this one starts use one emulator, which is faster than one for each: it takes minutes to reach
 * its speed. Does nothing where there is none.
 */
export async function shareFirestoreEmulator(): Promise<AsyncDisposable> {
  const emulator = hasFirestoreEmulator() ? await startFirestoreEmulator() : undefined
  if (emulator !== undefined) process.env[sharedHost] = emulator.host
  return { [Symbol.asyncDispose]: async () => emulator?.stop() }
}

/**
 * Starts the emulator on free ports of the loopback interface, or uses the one that `FIRESTORE_EMULATOR_HOST` names.
 *
 * @throws Error when it is not ready within a minute
 */
export async function startFirestoreEmulator(env: NodeJS.ProcessEnv = process.env): Promise<FirestoreEmulator> {
  const running = runningHost(env)
  if (running !== undefined) return { host: running, stop: () => Promise.resolve() }
  const path = findFirestoreEmulator(env)
  if (path === undefined) throw new Error('Google’s Firestore emulator is not installed')
  const [port, webSocketPort] = [await freePort(), await freePort()]
  const args = ['start', '--host=127.0.0.1', `--port=${port}`, `--websocket_port=${webSocketPort}`]
  // A process group: the program is a script that starts Java.
  const child = spawn(path, args, { stdio: 'ignore', detached: true })
  const host = `127.0.0.1:${port}`
  try {
    await ready(host, child)
  } catch (error) {
    await stop(child)
    throw error
  }
  return { host, stop: () => stop(child) }
}

async function ready(host: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + startLimit
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`the Firestore emulator ended with exit code ${child.exitCode}`)
    const answered = await fetch(`http://${host}/`).then(
      (response) => response.ok,
      () => false,
    )
    if (answered) return
    await delay(100)
  }
  throw new Error('the Firestore emulator was not ready within a minute')
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
  await ended
}

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
