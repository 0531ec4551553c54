// Installs what the tests of Lambda run on, once for each lock. Where that fails it says so, and those tests are skipped.
import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { installedMark, lambdaToolsFolder, manifestFolder, manifests } from './lambda-tools.ts'

const folder = lambdaToolsFolder()
if (existsSync(join(folder, installedMark))) {
  console.log('Lambda’s runtime client is installed')
} else {
  console.log('installing Lambda’s runtime client, whose native part takes about a minute to build')
  // Of an earlier lock, or of an installation that was broken off.
  rmSync(dirname(folder), { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of manifests) copyFileSync(join(manifestFolder, name), join(folder, name))
  const { status, output } = await install()
  if (status === 0) {
    writeFileSync(join(folder, installedMark), '')
  } else {
    console.log(output.trimEnd().split('\n').slice(-15).join('\n'))
    console.log('it could not be installed: its tests are skipped')
    process.exitCode = process.env['CI'] === 'true' ? 1 : 0
  }
}

async function install(): Promise<{ status: number; output: string }> {
  const options = ['ci', '--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=1', '--loglevel=error']
  const npm = process.env['npm_execpath']
  const [command, args] = npm === undefined ? ['npm', options] : [process.execPath, [npm, ...options]]
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
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
  return { status: await promise, output }
}
