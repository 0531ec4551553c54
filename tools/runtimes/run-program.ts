import { spawn } from 'node:child_process'

/** What a program has printed, and how it has ended. */
export interface Outcome {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end; one that cannot be started has status 127. */
export function outcomeOf(program: string, args: readonly string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const printed = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text))
    child.on('error', (error) => resolve({ ...printed, status: 127, stderr: error.message }))
    child.on('close', (status) => resolve({ ...printed, status: status ?? 1 }))
  })
}

/** What a program prints, also as the message of the error when it fails. */
export async function output(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { status, stdout, stderr } = await outcomeOf(program, args, cwd)
  if (status === 0) return stdout
  throw new Error(`${program} failed:\n${stdout}${stderr}`)
}
