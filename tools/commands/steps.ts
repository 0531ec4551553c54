import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..')
/** Comes first on the path, so that tools started by `#!/usr/bin/env node` run on this project's Node. */
const bin = join(root, 'node_modules', '.bin')

/** One command of a run, by the name under which it is reported. */
export interface Step {
  readonly name: string
  /** A program of `node_modules/.bin`. */
  readonly command: string
  readonly args: readonly string[]
}

/**
 * Runs steps one after the other, and those of a list side by side: all of them even when some fail. Returns the names of
 * those that failed. A step's own output is printed when it has failed.
 */
export async function runSteps(steps: readonly (Step | readonly Step[])[]): Promise<string[]> {
  const failed: string[] = []
  for (const together of steps) {
    const passed = await Promise.all([together].flat().map(async (step) => ({ step, ok: await report(step) })))
    failed.push(...passed.filter(({ ok }) => !ok).map(({ step }) => step.name))
  }
  return failed
}

/** Says how a step goes, and returns whether it has passed. */
async function report(step: Step): Promise<boolean> {
  const start = performance.now()
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1)
  const progress = setInterval(() => console.log(`… ${step.name}, ${seconds()} s`), 10_000)
  const { status, output } = await runStep(step)
  clearInterval(progress)
  console.log(`${status === 0 ? '✓' : '✗'} ${step.name}, ${seconds()} s`)
  if (status !== 0 && output !== '') console.log(output.trimEnd().replaceAll(/^/gm, '  '))
  return status === 0
}

async function runStep({ command, args }: Step): Promise<{ status: number; output: string }> {
  const child = spawn(join(bin, command), args, {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: Buffer[] = []
  const keep = (chunk: Buffer) => chunks.push(chunk)
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const { promise, resolve } = Promise.withResolvers<number>()
  child.on('error', (error) => {
    chunks.push(Buffer.from(`${command}: ${error.message}`))
    resolve(127)
  })
  child.on('close', (code) => resolve(code ?? 1))
  return { status: await promise, output: Buffer.concat(chunks).toString() }
}
