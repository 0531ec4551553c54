import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { folderOf, type ToolSet } from '../packages/tool-set.ts'

/** Chromium as a package of npm, which brings its libraries along: it needs neither root nor a system's packages. */
export const chromiumTools: ToolSet = {
  title: 'Chromium',
  manifests: 'tools/chromium',
  name: 'chromium',
  script: 'setup:browser',
  note: '70 MB',
}

/** There is one for this kind of machine only. */
export const hasPackage = process.platform === 'linux' && process.arch === 'x64'

const unpacked = (): string => join(folderOf(chromiumTools), 'unpacked')

/** Where its program is; undefined where it was not set up. */
export function packagedChromium(): string | undefined {
  const path = join(unpacked(), 'chromium')
  return existsSync(path) ? path : undefined
}

/** What its environment has to have, beside that of this process. */
export function environmentOfPackaged(): Readonly<Record<string, string>> {
  return { LD_LIBRARY_PATH: join(unpacked(), 'al2023', 'lib'), FONTCONFIG_PATH: join(unpacked(), 'fonts') }
}

/** Unpacks what was installed; it takes some seconds, once. */
export async function unpackChromium(): Promise<void> {
  if (packagedChromium() !== undefined) return
  const draft = `${unpacked()}-${process.pid}`
  mkdirSync(draft)
  try {
    const program = "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())"
    // It unpacks into the folder for temporary files, and its libraries only where it takes the machine for Lambda.
    const env = { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
    await promisify(execFile)(process.execPath, ['-e', program], {
      cwd: folderOf(chromiumTools),
      env,
      timeout: 300_000,
    })
    writeFileSync(join(draft, 'fonts', 'fonts.conf'), fontsConfiguration())
    renameSync(draft, unpacked())
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** The one that comes along looks for fonts in Lambda's folders; without any font a page has no text. */
function fontsConfiguration(): string {
  const folders = [join(unpacked(), 'fonts'), '/usr/share/fonts'].map((folder) => `<dir>${folder}</dir>`)
  const cache = `<cachedir>${join(unpacked(), 'fonts-cache')}</cachedir>`
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders.join('')}${cache}</fontconfig>\n`
}
