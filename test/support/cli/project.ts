import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runLine } from '../../../src/cli/command.ts'
import { entries } from '../../../tools/docs/entries.ts'

/** A user's project in a new folder, for the command line. */
export interface CliProject extends Disposable {
  readonly folder: string
  /** Writes a file, in which `lexigram-edge…` stands for the sources of this checkout; returns its path. */
  write(path: string, text: string): string
  run(...args: readonly string[]): Promise<{ code: number; said: string; json(): Record<string, unknown> }>
}

export function createCliProject(env: NodeJS.ProcessEnv = {}): CliProject {
  const folder = mkdtempSync(join(tmpdir(), 'lexigram-project-'))
  return {
    folder,
    write(path, text) {
      const file = join(folder, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
      return file
    },
    async run(...args) {
      const lines: string[] = []
      const say = (line: string) => void lines.push(line)
      const code = await runLine(args, { signal: AbortSignal.any([]), print: say, complain: say, env })
      const said = lines.join('\n')
      return { code, said, json: () => JSON.parse(said) as Record<string, unknown> }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The source of an entry of this package, to import in a module that Node itself loads. */
export function sourceOf(specifier: string): string {
  const found = entries().find((entry) => entry.specifier === specifier)
  if (found === undefined) throw new Error(`there is no entry ${specifier}`)
  return pathToFileURL(found.source).href
}
