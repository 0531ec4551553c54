import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../commands/steps.ts'

const bin = join(root, 'node_modules', '.bin')

/**
 * Has wrangler do all of a deployment that needs no account; returns its output. The folder has its configuration.
 *
 * @param bundle The folder for what would be deployed.
 */
export async function dryRunDeployment(folder: string, bundle = join(root, '.lexigram', 'dry-run')): Promise<string> {
  const args = ['deploy', '--dry-run', '--outdir', bundle]
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, CI: '1', WRANGLER_SEND_METRICS: 'false' }
  const { stdout } = await promisify(execFile)(join(bin, 'wrangler'), args, { cwd: folder, env })
  return stdout
}
