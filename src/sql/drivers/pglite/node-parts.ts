import { builtinModule } from '../../../core/builtin-module.ts'

interface Process {
  readonly pid: number
  readonly platform: string
  kill(pid: number, signal: number): unknown
}
interface Files {
  linkSync(from: string, to: string): void
  mkdirSync(path: string, options: { readonly recursive: true }): unknown
  readFileSync(path: string, encoding: 'utf8'): string
  renameSync(from: string, to: string): void
  rmSync(path: string, options: { readonly force: true }): void
  writeFileSync(path: string, text: string): void
}
interface Paths {
  dirname(path: string): string
  resolve(path: string): string
}
interface Programs {
  execFileSync(name: string, args: readonly string[], options: { encoding: 'utf8'; timeout: number }): string
}

/** What a lock of files needs of Node. */
export interface NodeParts {
  readonly process: Process
  readonly files: Files
  readonly paths: Paths
  readonly programs: Programs
}

/** They are not imported, so that the driver still loads where a runtime lacks one. `undefined` there. */
export function nodeParts(): NodeParts | undefined {
  const process = builtinModule<Process>('node:process')
  const files = builtinModule<Files>('node:fs')
  const paths = builtinModule<Paths>('node:path')
  const programs = builtinModule<Programs>('node:child_process')
  if (process?.kill === undefined || files?.linkSync === undefined) return undefined
  // A runtime that links files and signals processes is Node, or has all of these as Node does.
  return { process, files, paths, programs } as NodeParts
}
