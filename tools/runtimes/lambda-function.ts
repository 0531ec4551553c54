import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../commands/steps.ts'
import { pluginsFor } from './inspected-app.ts'

/** Bundles a function's module into one CommonJS file, which every packager and Lambda itself can load. */
export async function bundleFunction(entry: string, inspected = false): Promise<string> {
  const result = await build({
    entryPoints: [entry],
    tsconfig: join(root, 'tsconfig.json'),
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    plugins: pluginsFor(inspected),
    target: 'node22',
    // Optional native parts of `pg` and `ws`.
    external: ['pg-native', 'bufferutil', 'utf-8-validate'],
    logLevel: 'error',
  })
  return result.outputFiles[0]!.text
}

export interface FunctionOptions {
  /** The `node_modules` that hold Lambda's runtime client. */
  readonly tools: string
  /** Of the Runtime API. */
  readonly address: string
  readonly env?: Readonly<Record<string, string>>
  /** Called with what the function prints, as it comes. */
  readonly onOutput?: (text: string) => void
}

/** A function in Lambda's runtime client, in a separate process. */
export interface FunctionProcess extends AsyncDisposable {
  /** What it has printed. */
  readonly output: () => string
  /** Sends SIGTERM, as Lambda does before it ends an environment. */
  terminate(): void
  /** Stops the process where it is, as Lambda does between invocations; timers and sockets included. */
  freeze(): void
  thaw(): void
  /** The exit code. */
  readonly exited: Promise<number | null>
}

/** Starts the bundled function as Lambda does: its file in a task root, its handler by name. */
export function startFunction(code: string, options: FunctionOptions): FunctionProcess {
  const base = join(root, '.lexigram', 'functions')
  mkdirSync(base, { recursive: true })
  const folder = mkdtempSync(join(base, 'function-'))
  writeFileSync(join(folder, 'index.cjs'), code)
  const child = spawn(process.execPath, [join(options.tools, 'aws-lambda-ric', 'index.mjs')], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      AWS_LAMBDA_RUNTIME_API: options.address,
      AWS_LAMBDA_FUNCTION_NAME: 'local',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/local',
      AWS_LAMBDA_LOG_STREAM_NAME: 'local',
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: 'index.handler',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (chunk: Buffer): void => {
    const text = chunk.toString()
    output += text
    options.onOutput?.(text)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    output: () => output,
    exited,
    terminate: () => void child.kill('SIGTERM'),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
