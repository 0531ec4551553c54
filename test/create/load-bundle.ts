import { join } from 'node:path'
import { output } from '../../tools/runtimes/run-program.ts'

const bundles = { lambda: 'dist/index.cjs', vercel: '.vercel/output/functions/index.func/index.mjs' } as const

/** The names that a built bundle exports, outside of the project, where it finds no packages. */
export async function loadBundle(folder: string, platform: keyof typeof bundles): Promise<unknown> {
  const program = [
    `const module = await import(${JSON.stringify(join(folder, bundles[platform]))})`,
    "const names = Object.keys(module).filter((name) => !['module.exports', 'default'].includes(name) || name === wanted)",
    'console.log(JSON.stringify(names))',
  ]
  const wanted = `const wanted = ${JSON.stringify(platform === 'vercel' ? 'default' : '')}`
  return JSON.parse(
    await output(process.execPath, ['--input-type=module', '-e', [wanted, ...program].join('\n')], folder),
  )
}
